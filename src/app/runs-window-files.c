/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs as one file, out of the list and into it. One thing is under way at a time. */
#include "app/runs-window-private.h"

#include "app/relay.h"

#include "train/run-archive.h"

#include <glib/gi18n.h>

GCancellable *
pl_runs_window_begin_work (PlRunsWindow *self, const char *text)
{
  self->working = g_cancellable_new ();
  gtk_label_set_text (self->work_label, text);
  gtk_progress_bar_set_fraction (self->work_progress, 0);
  gtk_revealer_set_reveal_child (self->work_revealer, TRUE);
  pl_runs_window_update_actions (self);
  return self->working;
}

void
pl_runs_window_set_progress (PlRunsWindow *self, double fraction)
{
  gtk_progress_bar_set_fraction (self->work_progress, CLAMP (fraction, 0, 1));
}

void
pl_runs_window_stop_work (PlRunsWindow *self)
{
  g_cancellable_cancel (self->working);
  if (self->trainer != NULL)
    pl_trainer_stop (self->trainer);
  gtk_label_set_text (self->work_label, _ ("Stopping…"));
  pl_runs_window_update_actions (self);
}

void
pl_runs_window_end_work (PlRunsWindow *self)
{
  g_clear_object (&self->working);
  gtk_revealer_set_reveal_child (self->work_revealer, FALSE);
  pl_runs_window_update_actions (self);
}

typedef struct
{
  char *run; /* (nullable): folder of the run to export */
  char *path;
  char *folder; /* to import into */
  PlRelay *relay;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->run);
  g_free (job->path);
  g_free (job->folder);
  pl_relay_unref (job->relay);
  g_free (job);
}

static void
progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  pl_runs_window_set_progress (PL_RUNS_WINDOW (target), fraction);
}

static void
job_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  char *run = NULL;

  if (job->run != NULL)
    pl_run_export (job->run, job->path, pl_relay_report_cb, job->relay, cancellable, &error);
  else
    run =
        pl_run_import (job->path, job->folder, pl_relay_report_cb, job->relay, cancellable, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, run, g_free);
}

/* The window may be gone by now: it has no work then. */
static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlRunsWindow) self = data;
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *run = g_task_propagate_pointer (G_TASK (result), &error);

  pl_relay_stop (job->relay);
  if (self->working != g_task_get_cancellable (G_TASK (result)))
    return;
  pl_runs_window_end_work (self);
  if (error != NULL)
    pl_runs_window_report (self,
                           job->run != NULL ? _ ("The run cannot be exported")
                                            : _ ("The run cannot be imported"),
                           error);
  else if (job->run != NULL)
    pl_runs_window_toast (self, _ ("The run is exported"));
  else
    pl_runs_window_load (self, run);
}

/* Takes @run. */
static void
begin_job (PlRunsWindow *self, char *run, const char *path, const char *text)
{
  GCancellable *cancellable = pl_runs_window_begin_work (self, text);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, done_cb, g_object_ref (self));
  Job *job = g_new0 (Job, 1);

  job->run = run;
  job->path = g_strdup (path);
  job->folder = g_strdup (self->folder);
  job->relay = pl_relay_new (G_OBJECT (self), cancellable, progress_cb);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, job_thread);
}

void
pl_runs_window_export (PlRunsWindow *self, const char *path)
{
  const PlRunInfo *run = pl_runs_window_get_run (self);

  if (run != NULL && self->working == NULL)
    begin_job (self, g_strdup (run->folder), path, _ ("Exporting the run…"));
}

void
pl_runs_window_import (PlRunsWindow *self, const char *path)
{
  if (self->working == NULL)
    begin_job (self, NULL, path, _ ("Importing a run…"));
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, PlRunsWindow *self)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  g_autoptr (GFile) file = gtk_file_chooser_get_file (chooser);
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    {
      if (gtk_file_chooser_get_action (chooser) == GTK_FILE_CHOOSER_ACTION_SAVE)
        pl_runs_window_export (self, path);
      else
        pl_runs_window_import (self, path);
    }
  g_object_unref (dialog);
}

static void
choose (PlRunsWindow *self, const char *title, GtkFileChooserAction action, const char *name)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, NULL, NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Runs"));
  gtk_file_filter_add_pattern (filter, "*" PL_RUN_ARCHIVE_SUFFIX);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
pl_runs_window_choose_export (PlRunsWindow *self)
{
  const PlRunInfo *run = pl_runs_window_get_run (self);
  g_autofree char *name = run != NULL ? pl_run_archive_name (run->folder) : NULL;

  if (run != NULL)
    choose (self, _ ("Export the Run"), GTK_FILE_CHOOSER_ACTION_SAVE, name);
}

void
pl_runs_window_choose_import (PlRunsWindow *self)
{
  choose (self, _ ("Import a Run"), GTK_FILE_CHOOSER_ACTION_OPEN, NULL);
}
