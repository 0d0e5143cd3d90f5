/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window is held weakly: it must not outlive the one that it is above, nor be finalized in a
 * thread. */
#include "app/manifest-task.h"

typedef struct
{
  PlDataset *dataset; /* Owned */
  GWeakRef window;
  PlManifestWrite write;
  PlManifestWritten written;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  pl_dataset_free (job->dataset);
  g_weak_ref_clear (&job->window);
  g_free (job);
}

static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;

  if (job->write (job->dataset, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GtkWindow) window = g_weak_ref_get (&job->window);
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  g_application_release (g_application_get_default ());
  if (window != NULL)
    job->written (window, error);
}

void
pl_manifest_task_run (GtkWindow *window,
                      const PlDataset *dataset,
                      PlManifestWrite write,
                      PlManifestWritten written)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, written_cb, NULL);
  Job *job = g_new0 (Job, 1);

  job->dataset = pl_dataset_copy (dataset);
  g_weak_ref_init (&job->window, window);
  job->write = write;
  job->written = written;
  g_application_hold (g_application_get_default ());
  g_task_set_source_tag (task, pl_manifest_task_run);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, write_thread);
}
