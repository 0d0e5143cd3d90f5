/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/case-score.h"

#include "train/metrics.h"

typedef struct
{
  PlMask *prediction;
  PlMask *truth; /* (nullable): to be loaded then */
  char *mask_path;
  PlImageHeader like;
} Score;

static void
score_free (gpointer data)
{
  Score *score = data;

  pl_mask_unref (score->prediction);
  g_clear_pointer (&score->truth, pl_mask_unref);
  g_free (score->mask_path);
  g_free (score);
}

static void
score_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Score *score = data;
  const PlMask *mask = score->prediction;
  double *dice;
  GError *error = NULL;

  if (score->truth == NULL)
    score->truth = pl_mask_load (score->mask_path, &score->like, cancellable, &error);
  if (score->truth == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  dice = g_new (double, 1);
  *dice = pl_metrics_dice (mask->labels, score->truth->labels,
                           (gsize) mask->n[0] * (gsize) mask->n[1] * (gsize) mask->n[2], 0);
  g_task_return_pointer (task, dice, g_free);
}

void
pl_case_score_async (const PlCase *source,
                     PlMask *prediction,
                     PlMask *truth,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer data)
{
  Score *score = g_new0 (Score, 1);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  score->prediction = pl_mask_ref (prediction);
  score->truth = truth == NULL ? NULL : pl_mask_ref (truth);
  score->mask_path = g_strdup (source->mask_path);
  score->like = source->header;
  g_task_set_source_tag (task, pl_case_score_async);
  g_task_set_task_data (task, score, score_free);
  g_task_run_in_thread (task, score_thread);
}

gboolean
pl_case_score_finish (GAsyncResult *result, double *dice, GError **error)
{
  g_autofree double *answer = g_task_propagate_pointer (G_TASK (result), error);

  if (answer == NULL)
    return FALSE;
  *dice = *answer;
  return TRUE;
}
