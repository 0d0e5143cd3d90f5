/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run made once more: its data set is opened in a worker, it trains as any other run, and then
 * the weights of both are compared in a worker. */
#include "app/runs-window-private.h"

#include "app/run-facts.h"
#include "app/window-runs.h"

#include <glib/gi18n.h>

static void
set_replay_state (PlRunsWindow *self, const char *state)
{
  pl_runs_window_set_state (self, "replay-state", g_variant_new_string (state));
}

/* @state: what it ends with */
static void
end_replay (PlRunsWindow *self, const char *state)
{
  g_clear_pointer (&self->replay, pl_replay_free);
  if (self->owner != NULL)
    pl_app_window_set_replaying (self->owner, FALSE);
  set_replay_state (self, state);
  pl_runs_window_end_work (self);
}

/* The user may be elsewhere by now. */
static void
tell_outside (PlRunsWindow *self, const char *text)
{
  if (self->owner != NULL)
    pl_app_window_tell_of_runs (self->owner, text);
}

static void
fail_replay (PlRunsWindow *self, const GError *error)
{
  gboolean is_cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  end_replay (self, is_cancelled ? "idle" : "failed");
  pl_runs_window_report (self, _ ("The replay failed"), error);
  if (!is_cancelled)
    tell_outside (self, _ ("The replay failed"));
}

/* It also stands among what is known of the replay, for good. */
static void
show_verdict (PlRunsWindow *self, const char *run, const PlReplayVerdict *verdict)
{
  g_autofree char *name = g_filename_display_basename (run);
  g_autofree char *summary = g_strdup_printf (
      verdict->is_identical ? _ ("Replay of “%s”: the weights are identical, bit by bit")
                            : _ ("Replay of “%s”: the weights are not the same"),
      name);
  g_autofree char *details = pl_run_dup_verdict (verdict);

  pl_runs_window_toast_details (self, summary, details);
  tell_outside (self, summary);
}

/* Of the run and of the one that repeats it. */
typedef struct
{
  char *run;
  char *again;
} Pair;

static void
pair_free (gpointer data)
{
  Pair *pair = data;

  g_free (pair->run);
  g_free (pair->again);
  g_free (pair);
}

static void
compare_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Pair *pair = data;
  GError *error = NULL;
  PlReplayVerdict *verdict = pl_replay_compare (pair->run, pair->again, cancellable, &error);

  if (verdict != NULL)
    g_task_return_pointer (task, verdict, (GDestroyNotify) pl_replay_verdict_free);
  else
    g_task_return_error (task, error);
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlRunsWindow) self = data;
  const Pair *pair = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (PlReplayVerdict) verdict = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->working != g_task_get_cancellable (G_TASK (result)))
    return;
  pl_runs_window_load (self, pair->again);
  if (verdict == NULL)
    {
      fail_replay (self, error);
      return;
    }
  end_replay (self, verdict->is_identical ? "identical" : "different");
  show_verdict (self, pair->run, verdict);
}

static void
compare (PlRunsWindow *self, const char *again)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->working, compared_cb, g_object_ref (self));
  Pair *pair = g_new0 (Pair, 1);

  set_replay_state (self, "comparing");
  gtk_label_set_text (self->work_label, _ ("Comparing the weights…"));
  pair->run = g_strdup (self->replay->run);
  pair->again = g_strdup (again);
  g_task_set_task_data (task, pair, pair_free);
  g_task_run_in_thread (task, compare_thread);
}

static void
status_cb (PlRunsWindow *self, const PlTrainStatus *status)
{
  g_autofree char *text =
      g_strdup_printf (_ ("Replay: epoch %d of %d"), status->epoch, status->n_epochs);

  if (g_cancellable_is_cancelled (self->working))
    return;
  gtk_label_set_text (self->work_label, text);
  pl_runs_window_set_progress (self, status->fraction);
}

static void
finished_cb (PlRunsWindow *self)
{
  g_autoptr (PlTrainer) trainer = g_steal_pointer (&self->trainer);
  const PlTrainResult *result = pl_trainer_get_result (trainer);

  g_signal_handlers_disconnect_by_data (trainer, self);
  if (result->outcome == PL_TRAIN_FAILED)
    fail_replay (self, result->error);
  else if (result->outcome == PL_TRAIN_STOPPED)
    end_replay (self, "idle");
  else
    {
      compare (self, pl_trainer_get_run_folder (trainer));
      return;
    }
  pl_runs_window_load (self, NULL);
}

/* NAME-replay beside the run, or with a number. */
static char *
dup_folder (const char *run)
{
  char *folder = g_strconcat (run, "-replay", NULL);

  for (int i = 2; g_file_test (folder, G_FILE_TEST_EXISTS); i++)
    {
      g_free (folder);
      folder = g_strdup_printf ("%s-replay-%d", run, i);
    }
  return folder;
}

static void
train (PlRunsWindow *self)
{
  g_autofree char *folder = dup_folder (self->replay->run);
  g_autoptr (GError) error = NULL;

  self->trainer = pl_replay_make_trainer (self->replay, folder, &error);
  if (self->trainer == NULL)
    {
      fail_replay (self, error);
      return;
    }
  g_signal_connect_object (self->trainer, "status", G_CALLBACK (status_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->trainer, "finished", G_CALLBACK (finished_cb), self,
                           G_CONNECT_SWAPPED);
  set_replay_state (self, "running");
  pl_trainer_start (self->trainer);
}

static void
prepare_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  PlReplay *replay = pl_replay_new (data, NULL, cancellable, &error);

  if (replay != NULL)
    g_task_return_pointer (task, replay, (GDestroyNotify) pl_replay_free);
  else
    g_task_return_error (task, error);
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlRunsWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PlReplay) replay = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->working != g_task_get_cancellable (G_TASK (result)))
    return;
  self->replay = g_steal_pointer (&replay);
  if (self->replay != NULL)
    train (self);
  else
    fail_replay (self, error);
}

void
pl_runs_window_replay (PlRunsWindow *self)
{
  const PlRunInfo *run = pl_runs_window_get_run (self);
  GCancellable *cancellable;
  g_autoptr (GTask) task = NULL;

  if (run == NULL || self->working != NULL || self->owner == NULL)
    return;
  pl_app_window_set_replaying (self->owner, TRUE);
  cancellable = pl_runs_window_begin_work (self, _ ("Opening the data set…"));
  set_replay_state (self, "preparing");
  task = g_task_new (NULL, cancellable, prepared_cb, g_object_ref (self));
  g_task_set_task_data (task, g_strdup (run->folder), g_free);
  g_task_run_in_thread (task, prepare_thread);
}

/* The window goes; the trainer's thread ends by itself. */
void
pl_runs_window_stop_replay (PlRunsWindow *self)
{
  if (self->trainer != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->trainer, self);
      pl_trainer_stop (self->trainer);
    }
  g_clear_object (&self->trainer);
  g_clear_pointer (&self->replay, pl_replay_free);
  if (self->owner != NULL && self->working != NULL)
    pl_app_window_set_replaying (self->owner, FALSE);
}
