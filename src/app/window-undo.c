/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo of what changes the view, the second model, and what is taken from the list. A step of the
 * view has the part of the look that it changed (window-look.c says what is part of it), as it was
 * before; what a hand does in one go (a drag, a key held, the wheel) is one step. A step that
 * belongs to a case is passed over while another one is in view, and so is one that would change
 * nothing. What changes with a case as it loads, nobody asked for.
 */
#include "app/window-private.h"

#include "app/window-look.h"

#define MAX_STEPS 100
#define ONE_GESTURE_US (800 * G_TIME_SPAN_MILLISECOND)

typedef enum
{
  STEP_LOOK,
  STEP_REMOVAL,
  STEP_SECOND_MODEL,
} StepKind;

/* What it goes back to. */
typedef struct
{
  StepKind kind;

  /* Owned, nullable */
  PlCaseItem *item; /* that a look belongs to, or that was removed */
  PlLook *look;
  PlModel *model; /* NULL: no second one */
  char *model_name;

  int part; /* of the look: which was changed */
} Step;

struct _PlUndo
{
  /* Owned */
  GQueue done;             /* of Step, the last one first */
  GQueue undone;           /* likewise */
  PlLook *look;            /* as it is now */
  const PlCaseItem *shown; /* (nullable): the case in view, to be compared only */
  PlLook *coming;          /* (nullable): to be restored */
  PlCaseItem *coming_item; /* (nullable): as soon as it is loaded */

  gint64 last_us;
  int last_part; /* −1: the last step was none of the look, or was undone */
  gboolean is_restoring;
};

static void
step_free (gpointer data)
{
  Step *step = data;

  g_clear_object (&step->item);
  g_clear_pointer (&step->look, pl_look_free);
  g_clear_pointer (&step->model, pl_model_unref);
  g_free (step->model_name);
  g_free (step);
}

/* @item: (nullable). */
static Step *
step_new (StepKind kind, PlCaseItem *item)
{
  Step *step = g_new0 (Step, 1);

  step->kind = kind;
  g_set_object (&step->item, item);
  return step;
}

/* Takes @look. */
static Step *
step_new_look (PlCaseItem *item, PlLook *look, int part)
{
  Step *step = step_new (STEP_LOOK, item);

  step->look = look;
  step->part = part;
  return step;
}

/* As it is now. */
static Step *
step_new_second_model (PlAppWindow *self)
{
  Step *step = step_new (STEP_SECOND_MODEL, NULL);

  step->model = self->second_model == NULL ? NULL : pl_model_ref (self->second_model);
  step->model_name = g_strdup (pl_view_state_get_second_name (self->state));
  return step;
}

static gboolean
is_ready (PlAppWindow *self)
{
  return self->volume_is_current && self->n_loads == 0;
}

static gboolean
can_take (PlAppWindow *self, const Step *step)
{
  if (step->kind != STEP_LOOK)
    return TRUE;
  return (step->item == NULL || (is_ready (self) && step->item == self->current)) &&
         !pl_look_is_in (step->look, self->undo->look);
}

/* (nullable): the first one that can be taken back now. */
static GList *
find_step (PlAppWindow *self, GQueue *steps)
{
  for (GList *l = steps->head; l != NULL; l = l->next)
    if (can_take (self, l->data))
      return l;
  return NULL;
}

/* Takes @step. */
static void
push (GQueue *steps, Step *step)
{
  g_queue_push_head (steps, step);
  if (steps->length > MAX_STEPS)
    step_free (g_queue_pop_tail (steps));
}

/* What was undone cannot be done again any more. Takes @step. */
static void
record (PlUndo *undo, Step *step)
{
  g_queue_clear_full (&undo->undone, step_free);
  push (&undo->done, step);
  undo->last_part = -1;
}

/* Of the window's steps: those of a case wait for it with theirs. */
static void
forget_ranges (GQueue *steps)
{
  for (GList *l = steps->head; l != NULL; l = l->next)
    {
      const Step *step = l->data;

      if (step->kind == STEP_LOOK && step->item == NULL)
        pl_look_forget_range (step->look);
    }
}

static void
notice_case (PlAppWindow *self)
{
  PlUndo *undo = self->undo;

  if (undo->shown == self->current)
    return;
  undo->shown = self->current;
  forget_ranges (&undo->done);
  forget_ranges (&undo->undone);
}

void
pl_app_window_update_undo_actions (PlAppWindow *self)
{
  gboolean is_opening = self->opening.cancellable != NULL;
  GAction *undo = g_action_map_lookup_action (G_ACTION_MAP (self), "undo");
  GAction *redo = g_action_map_lookup_action (G_ACTION_MAP (self), "redo");

  notice_case (self);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (undo),
                               !is_opening && find_step (self, &self->undo->done) != NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (redo),
                               !is_opening && find_step (self, &self->undo->undone) != NULL);
}

/* Whether the last step says already how it was before. */
static gboolean
goes_on (PlUndo *undo, int part, const PlCaseItem *item)
{
  const Step *last = g_queue_peek_head (&undo->done);

  return undo->last_part >= 0 && last->item == item && pl_look_are_one (undo->last_part, part) &&
         g_get_monotonic_time () - undo->last_us < ONE_GESTURE_US;
}

/* Takes @before. */
static void
record_look (PlAppWindow *self, int part, PlLook *before)
{
  PlUndo *undo = self->undo;
  PlCaseItem *item = pl_look_is_of_case (part) ? self->current : NULL;
  g_autoptr (PlLook) look = before;

  if (goes_on (undo, part, item))
    g_queue_clear_full (&undo->undone, step_free);
  else
    record (undo, step_new_look (item, g_steal_pointer (&look), part));
  undo->last_part = part;
  undo->last_us = g_get_monotonic_time ();
}

static void
state_changed_cb (PlAppWindow *self, const char *action)
{
  PlUndo *undo = self->undo;
  int part = pl_look_find_part (action);
  g_autoptr (PlLook) before = NULL;

  if (part < 0 || self->is_closed)
    return;
  before = pl_look_pick (undo->look, part);
  if (!pl_look_update (undo->look, G_ACTION_GROUP (self), part))
    return;
  if (!undo->is_restoring && (is_ready (self) || !pl_look_is_reset_by_case (part)))
    record_look (self, part, g_steal_pointer (&before));
  pl_app_window_update_undo_actions (self);
}

void
pl_app_window_note_removal (PlAppWindow *self, PlCaseItem *item)
{
  if (!self->undo->is_restoring)
    record (self->undo, step_new (STEP_REMOVAL, item));
  pl_app_window_update_undo_actions (self);
}

void
pl_app_window_note_return (PlAppWindow *self, PlCaseItem *item)
{
  for (GList *l = self->undo->done.head; l != NULL; l = l->next)
    if (((Step *) l->data)->kind == STEP_REMOVAL && ((Step *) l->data)->item == item)
      {
        step_free (l->data);
        g_queue_delete_link (&self->undo->done, l);
        break;
      }
  pl_app_window_update_undo_actions (self);
}

void
pl_app_window_note_second_model (PlAppWindow *self)
{
  if (!self->undo->is_restoring)
    record (self->undo, step_new_second_model (self));
}

/* A case that has to be read again is waited for. */
static void
restore_look (PlAppWindow *self, const Step *step)
{
  PlUndo *undo = self->undo;

  pl_look_restore_reading (step->look, G_ACTION_GROUP (self));
  if (step->item == NULL || is_ready (self))
    {
      pl_look_restore (step->look, G_ACTION_GROUP (self));
      return;
    }
  g_clear_pointer (&undo->coming, pl_look_free);
  undo->coming = pl_look_pick (step->look, step->part);
  g_set_object (&undo->coming_item, step->item);
}

static void
loading_changed_cb (PlAppWindow *self, const char *action, GVariant *is_loading)
{
  PlUndo *undo = self->undo;
  g_autoptr (PlLook) look = NULL;
  g_autoptr (PlCaseItem) item = NULL;

  if (undo->coming == NULL || g_variant_get_boolean (is_loading))
    return;
  look = g_steal_pointer (&undo->coming);
  item = g_steal_pointer (&undo->coming_item);
  if (self->is_closed || item != self->current || !is_ready (self))
    return;
  undo->is_restoring = TRUE;
  pl_look_restore (look, G_ACTION_GROUP (self));
  undo->is_restoring = FALSE;
}

static Step *
step_new_opposite (PlAppWindow *self, const Step *step)
{
  switch (step->kind)
    {
    case STEP_LOOK:
      return step_new_look (step->item, pl_look_pick (self->undo->look, step->part), step->part);
    case STEP_SECOND_MODEL:
      return step_new_second_model (self);
    case STEP_REMOVAL:
    default:
      return step_new (STEP_REMOVAL, step->item);
    }
}

static void
take (PlAppWindow *self, const Step *step, gboolean is_undone)
{
  switch (step->kind)
    {
    case STEP_LOOK:
      restore_look (self, step);
      break;
    case STEP_SECOND_MODEL:
      pl_app_window_set_second_model (self, step->model, step->model_name);
      break;
    case STEP_REMOVAL:
    default:
      if (is_undone)
        pl_app_window_restore_case (self);
      else
        pl_app_window_remove_case (self, step->item);
    }
}

/* Takes a step from @from, does what it says, and leaves its opposite in @to. */
static void
go (PlAppWindow *self, GQueue *from, GQueue *to)
{
  PlUndo *undo = self->undo;
  GList *link = find_step (self, from);
  Step *step;

  if (link == NULL)
    return;
  step = link->data;
  g_queue_delete_link (from, link);
  push (to, step_new_opposite (self, step));
  undo->is_restoring = TRUE;
  take (self, step, from == &undo->done);
  undo->is_restoring = FALSE;
  undo->last_part = -1;
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
  self->undo->last_part = -1;
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

void
pl_app_window_watch_view (PlAppWindow *self)
{
  g_signal_connect (self, "action-state-changed", G_CALLBACK (state_changed_cb), NULL);
  g_signal_connect (self, "action-state-changed::loading", G_CALLBACK (loading_changed_cb), NULL);
  self->undo->look = pl_look_read (G_ACTION_GROUP (self));
}

static void
forget (PlUndo *undo)
{
  g_queue_clear_full (&undo->done, step_free);
  g_queue_clear_full (&undo->undone, step_free);
  g_clear_pointer (&undo->coming, pl_look_free);
  g_clear_object (&undo->coming_item);
  undo->last_part = -1;
}

void
pl_app_window_clear_undo (PlAppWindow *self)
{
  forget (self->undo);
  pl_app_window_update_undo_actions (self);
}

void
pl_undo_free (PlUndo *undo)
{
  forget (undo);
  g_clear_pointer (&undo->look, pl_look_free);
  g_free (undo);
}
