/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/classes-history.h"

#include "app/label-palette.h"

/* Names that were given, those of the sides, and colours. */
#define STATE_TYPE "(m^asm^as@aas)"

struct _PlClassesHistory
{
  GPtrArray *states; /* Owned; of GVariant, the first one first */
  guint now;         /* which of them */
};

static GVariant *
take_state (const PlDataset *dataset)
{
  return g_variant_ref_sink (g_variant_new (STATE_TYPE, dataset->given_names, dataset->given_sides,
                                            pl_label_palette_save ()));
}

static void
add (PlClassesHistory *self, GVariant *state)
{
  g_ptr_array_add (self->states, state);
  self->now = self->states->len - 1;
}

PlClassesHistory *
pl_classes_history_new (const PlDataset *dataset)
{
  PlClassesHistory *self = g_new0 (PlClassesHistory, 1);

  self->states = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  add (self, take_state (dataset));
  return self;
}

void
pl_classes_history_free (PlClassesHistory *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->states);
  g_free (self);
}

gboolean
pl_classes_history_record (PlClassesHistory *self, const PlDataset *dataset)
{
  g_autoptr (GVariant) state = take_state (dataset);

  if (g_variant_equal (state, g_ptr_array_index (self->states, self->now)))
    return FALSE;
  g_ptr_array_set_size (self->states, (int) self->now + 1);
  add (self, g_steal_pointer (&state));
  return TRUE;
}

gboolean
pl_classes_history_can_go (const PlClassesHistory *self, int step)
{
  return step < 0 ? self->now > 0 : self->now + 1 < self->states->len;
}

static gboolean
have_same_names (GVariant *a, GVariant *b)
{
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (GVariant) of_a = g_variant_get_child_value (a, i);
      g_autoptr (GVariant) of_b = g_variant_get_child_value (b, i);

      if (!g_variant_equal (of_a, of_b))
        return FALSE;
    }
  return TRUE;
}

gboolean
pl_classes_history_go (PlClassesHistory *self, int step, GStrv *names, GStrv *sides)
{
  GVariant *before = g_ptr_array_index (self->states, self->now);
  GVariant *after;
  g_autoptr (GVariant) colours = NULL;

  g_return_val_if_fail (pl_classes_history_can_go (self, step), FALSE);

  self->now += step;
  after = g_ptr_array_index (self->states, self->now);
  g_variant_get (after, STATE_TYPE, names, sides, &colours);
  pl_label_palette_restore (colours);
  return !have_same_names (before, after);
}
