/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo of what changes the view, and of what is taken from the list. A step knows what the view was
 * before it and which parts of that it changed; what a hand does in one go (a drag, a key held, the
 * wheel) is one step. A step of the view belongs to its case, and is passed over while another case
 * is in view. Changes while a case loads are the program's.
 */
#include "app/window-private.h"

#include "app/planes-view.h"

#define MAX_STEPS 100
#define ONE_GESTURE_US (800 * G_TIME_SPAN_MILLISECOND)

/* Parts of the view; a removal from the list is none. */
typedef enum
{
  PART_PLACE = 1 << 0, /* the slice and the rest of the crosshair */
  PART_ZOOM = 1 << 1,
  PART_WINDOW = 1 << 2,
  PART_TURN = 1 << 3,
  PART_VIEW = 1 << 4,
  PART_MASKS = 1 << 5, /* which are shown, and how densely */
  PART_STYLE = 1 << 6, /* colours, and how image and planes are drawn */
} Part;

/* Each of these is a change by itself, however soon after another. */
#define ONE_BY_ONE (PART_TURN | PART_VIEW | PART_STYLE)

typedef struct
{
  int voxel[3];
  double zoom;
  double pan[3];
  PlWindow window;
  const char *preset; /* interned */
  PlSliceTurn turn;
  const char *view; /* interned */
  gboolean show_truth;
  gboolean show_prediction;
  double opacity;
  const PlColourMap *map;
  PlPredictionStyle prediction_style;
  gboolean is_neurological;
  gboolean is_smooth;
  PlProjection projection;
  gboolean surface_is_prediction;
} Look;

typedef struct
{
  guint parts;      /* 0: a removal */
  PlCaseItem *item; /* Owned: in view, or removed */
  Look look;        /* what it goes back to */
} Step;

struct _PlUndo
{
  GQueue done;   /* of Step, owned, the last one first */
  GQueue undone; /* likewise */
  Look look;     /* as it is now */
  gint64 last_us;
  guint last_parts;
  gboolean is_restoring;
};

static void
step_free (gpointer data)
{
  Step *step = data;

  g_object_unref (step->item);
  g_free (step);
}

static PlPlanesState *
get_planes (PlAppWindow *self)
{
  return pl_planes_view_get_planes (PL_PLANES_VIEW (self->planes_view));
}

static Look
capture (PlAppWindow *self)
{
  Look look = { .zoom = pl_view_state_get_zoom (self->state),
                .window = pl_view_state_get_window (self->state),
                .preset = g_intern_string (self->preset),
                .turn = pl_view_state_get_turn (self->state),
                .show_truth = pl_view_state_get_show_truth (self->state),
                .show_prediction = pl_view_state_get_show_prediction (self->state),
                .opacity = pl_view_state_get_opacity (self->state),
                .map = pl_view_state_get_colour_map (self->state),
                .prediction_style = pl_view_state_get_prediction_style (self->state),
                .is_neurological = pl_view_state_get_neurological (self->state),
                .is_smooth = pl_view_state_get_smooth (self->state),
                .projection = pl_planes_state_get_projection (get_planes (self)),
                .surface_is_prediction =
                    pl_planes_state_get_surface_is_prediction (get_planes (self)) };

  look.view = g_intern_string (adw_view_stack_get_visible_child_name (self->views));
  pl_planes_state_get_voxel (get_planes (self), look.voxel);
  pl_planes_state_get_pan (get_planes (self), look.pan);
  return look;
}

static gboolean
is_same_style (const Look *a, const Look *b)
{
  return a->map == b->map && a->prediction_style == b->prediction_style &&
         a->is_neurological == b->is_neurological && a->is_smooth == b->is_smooth &&
         a->projection == b->projection && a->surface_is_prediction == b->surface_is_prediction;
}

static guint
find_changes (const Look *a, const Look *b)
{
  guint parts = 0;

  if (memcmp (a->voxel, b->voxel, sizeof a->voxel) != 0)
    parts |= PART_PLACE;
  if (a->zoom != b->zoom || a->pan[0] != b->pan[0] || a->pan[1] != b->pan[1] ||
      a->pan[2] != b->pan[2])
    parts |= PART_ZOOM;
  if (a->window.centre_hu != b->window.centre_hu || a->window.width_hu != b->window.width_hu)
    parts |= PART_WINDOW;
  if (a->turn.quarters != b->turn.quarters || a->turn.is_mirrored != b->turn.is_mirrored)
    parts |= PART_TURN;
  if (a->view != b->view)
    parts |= PART_VIEW;
  if (a->show_truth != b->show_truth || a->show_prediction != b->show_prediction ||
      a->opacity != b->opacity)
    parts |= PART_MASKS;
  if (!is_same_style (a, b))
    parts |= PART_STYLE;
  return parts;
}

static void
restore_masks (PlViewState *state, const Look *look)
{
  pl_view_state_set_show_truth (state, look->show_truth);
  pl_view_state_set_show_prediction (state, look->show_prediction);
  pl_view_state_set_opacity (state, look->opacity);
}

static void
restore_style (PlAppWindow *self, const Look *look)
{
  pl_view_state_set_colour_map (self->state, look->map);
  pl_view_state_set_prediction_style (self->state, look->prediction_style);
  pl_view_state_set_neurological (self->state, look->is_neurological);
  pl_view_state_set_smooth (self->state, look->is_smooth);
  pl_planes_state_set_projection (get_planes (self), look->projection);
  pl_planes_state_set_surface_is_prediction (get_planes (self), look->surface_is_prediction);
}

static void
restore (PlAppWindow *self, const Look *look, guint parts)
{
  if (parts & PART_STYLE)
    restore_style (self, look);
  if (parts & PART_MASKS)
    restore_masks (self->state, look);
  if (parts & PART_VIEW)
    adw_view_stack_set_visible_child_name (self->views, look->view);
  if (parts & PART_TURN)
    pl_view_state_set_turn (self->state, look->turn);
  if (parts & PART_PLACE)
    pl_planes_state_set_voxel (get_planes (self), look->voxel);
  if (parts & PART_ZOOM)
    pl_planes_state_set_zoom (get_planes (self), look->zoom, look->pan);
  if ((parts & PART_WINDOW) && pl_window_preset_find (look->preset) != NULL)
    pl_app_window_set_preset (self, look->preset);
  else if (parts & PART_WINDOW)
    pl_view_state_set_window (self->state, look->window);
}

/* (nullable): the first one that can be taken back now. */
static GList *
find_step (PlAppWindow *self, GQueue *steps)
{
  gboolean is_ready = self->volume_is_current && self->n_loads == 0;

  for (GList *l = steps->head; l != NULL; l = l->next)
    {
      const Step *step = l->data;

      if (step->parts == 0 || (is_ready && step->item == self->current))
        return l;
    }
  return NULL;
}

static void
push (GQueue *steps, guint parts, PlCaseItem *item, const Look *look)
{
  Step *step = g_new0 (Step, 1);

  step->parts = parts;
  step->item = g_object_ref (item);
  step->look = *look;
  g_queue_push_head (steps, step);
  if (steps->length > MAX_STEPS)
    step_free (g_queue_pop_tail (steps));
}

void
pl_app_window_update_undo_actions (PlAppWindow *self)
{
  gboolean is_opening = self->opening.cancellable != NULL;
  GAction *undo = g_action_map_lookup_action (G_ACTION_MAP (self), "undo");
  GAction *redo = g_action_map_lookup_action (G_ACTION_MAP (self), "redo");

  g_simple_action_set_enabled (G_SIMPLE_ACTION (undo),
                               !is_opening && find_step (self, &self->undo->done) != NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (redo),
                               !is_opening && find_step (self, &self->undo->undone) != NULL);
}

static void
record (PlUndo *undo, guint parts, PlCaseItem *item)
{
  gint64 now_us = g_get_monotonic_time ();
  Step *last = g_queue_peek_head (&undo->done);

  g_queue_clear_full (&undo->undone, step_free);
  if (last != NULL && last->item == item && (parts & undo->last_parts) != 0 &&
      ((parts | undo->last_parts) & ONE_BY_ONE) == 0 && now_us - undo->last_us < ONE_GESTURE_US)
    last->parts |= parts;
  else
    push (&undo->done, parts, item, &undo->look);
  undo->last_parts = parts;
  undo->last_us = now_us;
}

static void
changed_cb (PlAppWindow *self)
{
  PlUndo *undo = self->undo;
  Look look;
  guint parts;

  if (self->is_closed || undo->is_restoring)
    return;
  look = capture (self);
  parts = find_changes (&undo->look, &look);
  if (parts != 0 && self->volume_is_current && self->n_loads == 0)
    {
      record (undo, parts, self->current);
      pl_app_window_update_undo_actions (self);
    }
  undo->look = look;
}

void
pl_app_window_note_removal (PlAppWindow *self, PlCaseItem *item)
{
  if (!self->undo->is_restoring)
    {
      g_queue_clear_full (&self->undo->undone, step_free);
      push (&self->undo->done, 0, item, &self->undo->look);
      self->undo->last_parts = 0;
    }
  pl_app_window_update_undo_actions (self);
}

void
pl_app_window_note_return (PlAppWindow *self, PlCaseItem *item)
{
  for (GList *l = self->undo->done.head; l != NULL; l = l->next)
    if (((Step *) l->data)->parts == 0 && ((Step *) l->data)->item == item)
      {
        step_free (l->data);
        g_queue_delete_link (&self->undo->done, l);
        break;
      }
  pl_app_window_update_undo_actions (self);
}

/* Takes a step from @from, does what it says, and leaves its opposite in @to. */
static void
go (PlAppWindow *self, GQueue *from, GQueue *to)
{
  GList *link = find_step (self, from);
  Step *step;

  if (link == NULL)
    return;
  step = link->data;
  g_queue_delete_link (from, link);
  push (to, step->parts, step->item, &self->undo->look);
  self->undo->is_restoring = TRUE;
  if (step->parts != 0)
    restore (self, &step->look, step->parts);
  else if (from == &self->undo->done)
    pl_app_window_restore_case (self);
  else
    pl_app_window_remove_case (self, step->item);
  self->undo->is_restoring = FALSE;
  self->undo->look = capture (self);
  self->undo->last_parts = 0;
  step_free (step);
  pl_app_window_update_undo_actions (self);
}

static void
undo_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlUndo *undo = PL_APP_WINDOW (data)->undo;

  go (data, &undo->done, &undo->undone);
}

static void
redo_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlUndo *undo = PL_APP_WINDOW (data)->undo;

  go (data, &undo->undone, &undo->done);
}

static const GActionEntry entries[] = {
  { "undo", undo_cb },
  { "redo", redo_cb },
};

void
pl_app_window_add_undo_actions (PlAppWindow *self)
{
  self->undo = g_new0 (PlUndo, 1);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

static void
watch (PlAppWindow *self, gpointer object, const char *signal)
{
  g_signal_connect_object (object, signal, G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

void
pl_app_window_watch_view (PlAppWindow *self)
{
  static const char *const parts[] = { "notify::slice",        "notify::zoom",
                                       "notify::window",       "notify::turn",
                                       "notify::volume",       "notify::show-truth",
                                       "notify::opacity",      "notify::show-prediction",
                                       "notify::colour-map",   "notify::prediction-style",
                                       "notify::neurological", "notify::smooth" };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    watch (self, self->state, parts[i]);
  watch (self, get_planes (self), "moved");
  watch (self, get_planes (self), "changed");
  watch (self, self->views, "notify::visible-child");
  self->undo->look = capture (self);
}

void
pl_app_window_clear_undo (PlAppWindow *self)
{
  g_queue_clear_full (&self->undo->done, step_free);
  g_queue_clear_full (&self->undo->undone, step_free);
  pl_app_window_update_undo_actions (self);
}

void
pl_undo_free (PlUndo *undo)
{
  g_queue_clear_full (&undo->done, step_free);
  g_queue_clear_full (&undo->undone, step_free);
  g_free (undo);
}
