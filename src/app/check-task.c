/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GTask's threads are used again by others, so that one that is to stay out of the way is made for
 * it.
 */
#include "app/check-task.h"

#include "base/parallel.h"

/* Of the progress: reading the files. */
#define READING_SHARE 0.7

typedef struct
{
  /* Owned */
  PlDataset *dataset;
  PlRelay *relay;

  double first; /* of the progress, where this part of the work begins */
  double share;
  int n_listed;
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  pl_dataset_free (check->dataset);
  pl_relay_unref (check->relay);
  g_free (check);
}

static void
report_cb (double fraction, gpointer data)
{
  const Check *check = data;

  pl_relay_report (check->relay, NULL, check->first + check->share * fraction);
}

static void
check_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Check *check = data;
  GError *error = NULL;

  check->share = READING_SHARE;
  if (pl_dataset_check (check->dataset, report_cb, check, cancellable, &error))
    {
      check->first = check->share;
      check->share = 1 - check->first;
      pl_manifest_verify (check->dataset, &check->n_listed, report_cb, check, cancellable, &error);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static gpointer
background_thread (gpointer data)
{
  g_autoptr (GTask) task = data;

  pl_parallel_stand_aside ();
  check_thread (task, NULL, g_task_get_task_data (task), g_task_get_cancellable (task));
  return NULL;
}

void
pl_check_task_run (const PlDataset *dataset,
                   PlCheckHaste haste,
                   GObject *target,
                   PlRelayDeliver deliver,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Check *check = g_new0 (Check, 1);

  check->dataset = pl_dataset_copy (dataset);
  check->relay = pl_relay_new (target, cancellable, deliver);
  g_task_set_source_tag (task, pl_check_task_run);
  g_task_set_task_data (task, check, check_free);
  if (haste == PL_CHECK_AT_ONCE)
    g_task_run_in_thread (task, check_thread);
  else
    g_thread_unref (g_thread_new ("check", background_thread, g_object_ref (task)));
}

PlDataset *
pl_check_task_finish (GAsyncResult *result, int *n_listed, GError **error)
{
  Check *check = g_task_get_task_data (G_TASK (result));

  pl_relay_stop (check->relay);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  *n_listed = check->n_listed;
  return g_steal_pointer (&check->dataset);
}
