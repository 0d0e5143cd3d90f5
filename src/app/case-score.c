/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/case-score.h"

#include "train/metrics.h"

typedef struct
{
  PlCase *source;
  PlMask *prediction;
  PlMask *truth; /* (nullable): to be loaded then */
} Job;

static void
free_job (gpointer data)
{
  Job *job = data;

  pl_case_free (job->source);
  pl_mask_unref (job->prediction);
  g_clear_pointer (&job->truth, pl_mask_unref);
  g_free (job);
}

static void
score_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  const PlMask *mask = job->prediction;
  PlCaseScore *score;
  GError *error = NULL;

  if (job->truth == NULL)
    job->truth = pl_case_load_mask (job->source, cancellable, &error);
  if (job->truth == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  score = g_new0 (PlCaseScore, 1);
  score->dice = pl_metrics_dice (mask->labels, job->truth->labels,
                                 (gsize) mask->n[0] * (gsize) mask->n[1] * (gsize) mask->n[2], 0);
  score->n_labels = pl_comparison_measure_labels (mask, job->truth, score->label_dice);
  g_task_return_pointer (task, score, g_free);
}

void
pl_case_score_async (const PlCase *source,
                     PlMask *prediction,
                     PlMask *truth,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer data)
{
  Job *job = g_new0 (Job, 1);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  job->source = pl_case_copy (source);
  job->prediction = pl_mask_ref (prediction);
  job->truth = truth == NULL ? NULL : pl_mask_ref (truth);
  g_task_set_source_tag (task, pl_case_score_async);
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, score_thread);
}

gboolean
pl_case_score_finish (GAsyncResult *result, PlCaseScore *score, GError **error)
{
  g_autofree PlCaseScore *answer = g_task_propagate_pointer (G_TASK (result), error);

  if (answer == NULL)
    return FALSE;
  *score = *answer;
  return TRUE;
}
