/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the manifest of the data set: of the whole folder, also when the window has only some of
 * its files. The check compares files with it.
 */
#include "app/window-private.h"

#include "app/relay.h"

#include "train/manifest.h"

#include <glib/gi18n.h>

typedef struct
{
  /* Owned */
  char *folder;
  PlRelay *relay;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->folder);
  pl_relay_stop (job->relay);
  pl_relay_unref (job->relay);
  g_free (job);
}

static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;
  g_autoptr (PlDataset) whole = pl_dataset_open (job->folder, cancellable, &error);

  if (whole != NULL &&
      pl_manifest_write (whole, pl_relay_report_cb, job->relay, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlAppWindow) self = data;
  g_autoptr (GError) error = NULL;
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);

  if (self->checking.cancellable != g_task_get_cancellable (G_TASK (result)))
    return;
  if (is_done)
    pl_app_window_reset_check (self);
  pl_app_window_end_work (self, &self->checking);
  pl_app_window_report (self, _ ("The manifest could not be written"), error);
  if (is_done)
    pl_app_window_offer (self, _ ("The manifest was written"), _ ("_Check"), "win.check-data-set");
}

static void
progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  PlAppWindow *self = PL_APP_WINDOW (target);

  self->checking.fraction = fraction;
  pl_app_window_update_work (self);
}

static void
write_manifest_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  GCancellable *cancellable =
      pl_app_window_begin_work (self, &self->checking, _ ("Writing the manifest…"));
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, written_cb, g_object_ref (self));
  Job *job = g_new0 (Job, 1);

  job->folder = g_strdup (self->dataset->folder);
  job->relay = pl_relay_new (G_OBJECT (self), cancellable, progress_cb);
  g_task_set_source_tag (task, write_manifest_cb);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, write_thread);
}

static const GActionEntry entries[] = {
  { "write-manifest", write_manifest_cb },
};

void
pl_app_window_add_manifest_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

void
pl_app_window_update_manifest_actions (PlAppWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "write-manifest");

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), self->dataset != NULL &&
                                                             self->opening.cancellable == NULL &&
                                                             self->checking.cancellable == NULL);
}
