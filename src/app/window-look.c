/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of what a user would call the view, or the order of the list. Left out are
 * - the case in view, to which steps belong and the list leads back, and the text searched for,
 * - what is there until it is let go or Escape leaves it: tools and what they mark, playing,
 *   blinking, masks that are hidden while a key is held, a pane that is enlarged, an epoch that is
 *   looked back at, the full screen,
 * - panels beside the view, and what trains or predicts: settings, models and what is under way,
 * - states that nobody sets: they tell how something goes.
 * The slice is in the crosshair. The second model is no state: see window-undo.c.
 */
#include "app/window-look.h"

typedef enum
{
  /* Of the case */
  GROUP_READING,
  GROUP_PLACE,
  GROUP_ZOOM,
  GROUP_TURN,
  /* Of the window; a range of tiles goes with the volume that it was chosen for */
  GROUP_TILES,
  GROUP_TILE_SIZE,
  GROUP_LEVELS,
  GROUP_MASKS,
  GROUP_SLAB,
  GROUP_POSE,
  GROUP_DIVIDER,
  GROUP_OTHER, /* each a group of its own */
} Group;

/* In the order in which they are restored: another axis has another number of tiles, and a preset
 * its own level. */
static const struct
{
  const char *action;
  Group group;
} parts[] = {
  { "volume", GROUP_READING },
  { "slice-axis", GROUP_READING },
  { "crosshair", GROUP_PLACE },
  { "zoom", GROUP_ZOOM },
  { "turn", GROUP_TURN },

  { "montage-axis", GROUP_TILES },
  { "montage-sort", GROUP_TILES },
  { "montage-filter", GROUP_TILES },
  { "montage-dice-below", GROUP_TILES },
  { "montage-first", GROUP_TILES },
  { "montage-last", GROUP_TILES },
  { "montage-step", GROUP_TILES },
  { "montage-tile-size", GROUP_TILE_SIZE },
  { "montage-truth", GROUP_OTHER },
  { "montage-prediction", GROUP_OTHER },

  { "window-preset", GROUP_LEVELS },
  { "window-level", GROUP_LEVELS },
  { "show-truth", GROUP_MASKS },
  { "show-prediction", GROUP_MASKS },
  { "opacity", GROUP_MASKS },

  { "view", GROUP_OTHER },
  { "colour-map", GROUP_OTHER },
  { "prediction-style", GROUP_OTHER },
  { "neurological", GROUP_OTHER },
  { "smooth", GROUP_OTHER },
  { "projection", GROUP_OTHER },
  { "slab-thickness", GROUP_SLAB },
  { "surface", GROUP_OTHER },
  { "surface-pose", GROUP_POSE },

  { "compare-image", GROUP_OTHER },
  { "compare-truth", GROUP_OTHER },
  { "compare-prediction", GROUP_OTHER },
  { "compare-difference", GROUP_OTHER },
  { "compare-second", GROUP_OTHER },
  { "compare-models", GROUP_OTHER },
  { "compare-outline", GROUP_OTHER },
  { "compare-swipe", GROUP_OTHER },
  { "compare-sides", GROUP_OTHER },
  { "compare-divider", GROUP_DIVIDER },

  { "case-sort", GROUP_OTHER },
  { "case-filter", GROUP_OTHER },
};

#define N_PARTS ((int) G_N_ELEMENTS (parts))

struct _PlLook
{
  GVariant *states[G_N_ELEMENTS (parts)]; /* Owned, nullable */
};

int
pl_look_find_part (const char *action)
{
  for (int i = 0; i < N_PARTS; i++)
    if (g_str_equal (parts[i].action, action))
      return i;
  return -1;
}

gboolean
pl_look_is_of_case (int part)
{
  return parts[part].group <= GROUP_TURN;
}

gboolean
pl_look_is_reset_by_case (int part)
{
  return parts[part].group <= GROUP_TILES;
}

static gboolean
is_chosen_with (int part, int other)
{
  return part == other ||
         (parts[part].group == parts[other].group && parts[part].group != GROUP_OTHER);
}

/* A key that turns is meant each time, and a volume is stepped through without the axis. */
gboolean
pl_look_are_one (int part, int other)
{
  switch (parts[part].group)
    {
    case GROUP_TURN:
    case GROUP_OTHER:
      return FALSE;
    case GROUP_READING:
      return part == other;
    default:
      return is_chosen_with (part, other);
    }
}

/* (nullable) (transfer full): a level is none but the preset's, which may be another for each
 * slice, unless it was chosen itself. */
static GVariant *
read_state (GActionGroup *actions, int part)
{
  g_autoptr (GVariant) preset = NULL;

  if (g_str_equal (parts[part].action, "window-level"))
    {
      preset = g_action_group_get_action_state (actions, "window-preset");
      if (!g_str_equal (g_variant_get_string (preset, NULL), "custom"))
        return NULL;
    }
  return g_action_group_get_action_state (actions, parts[part].action);
}

PlLook *
pl_look_read (GActionGroup *actions)
{
  PlLook *self = g_new0 (PlLook, 1);

  for (int i = 0; i < N_PARTS; i++)
    self->states[i] = read_state (actions, i);
  return self;
}

void
pl_look_free (PlLook *self)
{
  for (int i = 0; self != NULL && i < N_PARTS; i++)
    g_clear_pointer (&self->states[i], g_variant_unref);
  g_free (self);
}

static gboolean
are_equal (GVariant *a, GVariant *b)
{
  return a == NULL || b == NULL ? a == b : g_variant_equal (a, b);
}

gboolean
pl_look_update (PlLook *self, GActionGroup *actions, int part)
{
  gboolean is_other = FALSE;

  for (int i = 0; i < N_PARTS; i++)
    if (is_chosen_with (part, i))
      {
        g_autoptr (GVariant) old = g_steal_pointer (&self->states[i]);

        self->states[i] = read_state (actions, i);
        is_other = is_other || !are_equal (old, self->states[i]);
      }
  return is_other;
}

/* A case that is read another way loses its place. */
PlLook *
pl_look_pick (const PlLook *self, int part)
{
  PlLook *picked = g_new0 (PlLook, 1);
  gboolean is_reading = parts[part].group == GROUP_READING;

  for (int i = 0; i < N_PARTS; i++)
    if (self->states[i] != NULL &&
        (is_chosen_with (part, i) || (is_reading && pl_look_is_reset_by_case (i))))
      picked->states[i] = g_variant_ref (self->states[i]);
  return picked;
}

void
pl_look_forget_range (PlLook *self)
{
  static const char *const actions[] = { "montage-first", "montage-last" };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    g_clear_pointer (&self->states[pl_look_find_part (actions[i])], g_variant_unref);
}

gboolean
pl_look_is_in (const PlLook *self, const PlLook *other)
{
  for (int i = 0; i < N_PARTS; i++)
    if (self->states[i] != NULL && !are_equal (self->states[i], other->states[i]))
      return FALSE;
  return TRUE;
}

void
pl_look_restore_reading (const PlLook *self, GActionGroup *actions)
{
  for (int i = 0; i < N_PARTS; i++)
    if (self->states[i] != NULL && parts[i].group == GROUP_READING)
      g_action_group_change_action_state (actions, parts[i].action, self->states[i]);
}

void
pl_look_restore (const PlLook *self, GActionGroup *actions)
{
  for (int i = 0; i < N_PARTS; i++)
    if (self->states[i] != NULL && parts[i].group != GROUP_READING)
      g_action_group_change_action_state (actions, parts[i].action, self->states[i]);
}
