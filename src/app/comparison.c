/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures are those of train/metrics.h, so that the window and `evaluate` agree. */
#include "app/comparison.h"

#include "train/metrics.h"

#include <math.h>

PlComparison
pl_comparison_count (const guint8 *prediction, const guint8 *truth, gsize n)
{
  PlComparison comparison = { .hd95_mm = NAN };

  for (gsize i = 0; i < n; i++)
    {
      comparison.n_both += prediction[i] != 0 && truth[i] != 0;
      comparison.n_only_predicted += prediction[i] != 0 && truth[i] == 0;
      comparison.n_only_true += prediction[i] == 0 && truth[i] != 0;
    }
  comparison.dice = pl_metrics_dice (prediction, truth, n, 0);
  comparison.iou = comparison.dice / (2 - comparison.dice);
  return comparison;
}

int
pl_comparison_measure_labels (const PlMask *prediction,
                              const PlMask *truth,
                              double dice[PL_COMPARISON_LABELS])
{
  gsize n = (gsize) truth->n[0] * (gsize) truth->n[1] * (gsize) truth->n[2];
  int n_labels = MIN (MAX (prediction->max_label, truth->max_label), PL_COMPARISON_LABELS);

  if (prediction->max_label < 2 || truth->max_label < 2)
    return 0;
  for (int i = 0; i < n_labels; i++)
    dice[i] = pl_metrics_dice (prediction->labels, truth->labels, n, i + 1);
  return n_labels;
}

typedef struct
{
  PlMask *prediction;
  PlMask *truth;
  double spacing_mm[3];
} Pair;

static void
free_pair (gpointer data)
{
  Pair *pair = data;

  pl_mask_unref (pair->prediction);
  pl_mask_unref (pair->truth);
  g_free (pair);
}

static void
measure_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Pair *pair = data;
  const int *n = pair->truth->n;
  PlComparison *comparison = g_new (PlComparison, 1);
  PlMetrics metrics;

  *comparison = pl_comparison_count (pair->prediction->labels, pair->truth->labels,
                                     (gsize) n[0] * (gsize) n[1] * (gsize) n[2]);
  pl_metrics_compute (pair->prediction, pair->truth, NULL, pair->spacing_mm, 0, &metrics);
  comparison->hd95_mm = metrics.hd95_mm;
  comparison->n_labels =
      pl_comparison_measure_labels (pair->prediction, pair->truth, comparison->label_dice);
  g_task_return_pointer (task, comparison, g_free);
}

void
pl_comparison_measure_async (PlMask *prediction,
                             PlMask *truth,
                             const double spacing_mm[3],
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Pair *pair = g_new (Pair, 1);

  pair->prediction = pl_mask_ref (prediction);
  pair->truth = pl_mask_ref (truth);
  for (int i = 0; i < 3; i++)
    pair->spacing_mm[i] = spacing_mm[i];
  g_task_set_source_tag (task, pl_comparison_measure_async);
  g_task_set_task_data (task, pair, free_pair);
  g_task_run_in_thread (task, measure_thread);
}

gboolean
pl_comparison_measure_finish (GAsyncResult *result, PlComparison *comparison, GError **error)
{
  g_autofree PlComparison *answer = g_task_propagate_pointer (G_TASK (result), error);

  if (answer == NULL)
    return FALSE;
  *comparison = *answer;
  return TRUE;
}
