/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting is a pass over the masks: one byte a voxel each. */
#include "app/montage-facts.h"

#include "app/tile-case.h"

#include "train/metrics.h"

#include <math.h>

typedef struct
{
  PlMask *truth;
  PlMask *prediction;
  PlReslice reslice;
  double pixel_mm2;
  gboolean is_test;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_pointer (&question->truth, pl_mask_unref);
  g_clear_pointer (&question->prediction, pl_mask_unref);
  g_free (question);
}

static PlMask *
ref_mask (PlMask *mask)
{
  return mask == NULL ? NULL : pl_mask_ref (mask);
}

static gsize
count_inside (const guint8 *labels, gsize n)
{
  gsize inside = 0;

  for (gsize i = 0; i < n; i++)
    inside += labels[i] != 0;
  return inside;
}

/* @truth and @prediction: (nullable): the labels of a plane, @n of them */
static PlMontageFact
find_fact (const Question *question, const guint8 *truth, const guint8 *prediction, gsize n)
{
  gsize inside = count_inside (truth != NULL ? truth : prediction, n);
  PlMontageFact fact = {
    .dice = NAN,
    .area_mm2 = (double) inside * question->pixel_mm2,
    .has_mask = inside > 0,
    .is_test = question->is_test,
  };

  if (truth != NULL && prediction != NULL)
    fact.dice = pl_metrics_dice (prediction, truth, n, 0);
  return fact;
}

static void
facts_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Question *question = data;
  const PlMask *mask = question->truth != NULL ? question->truth : question->prediction;
  const PlReslice *reslice = &question->reslice;
  gsize n = (gsize) mask->n[reslice->down] * (gsize) mask->n[reslice->across];
  g_autofree guint8 *truth = question->truth == NULL ? NULL : g_malloc (n);
  g_autofree guint8 *prediction = question->prediction == NULL ? NULL : g_malloc (n);
  g_autoptr (GArray) facts = g_array_new (FALSE, FALSE, sizeof (PlMontageFact));

  for (int i = 0; i < mask->n[reslice->held]; i++)
    {
      PlMontageFact fact;

      if (g_task_return_error_if_cancelled (task))
        return;
      if (truth != NULL)
        pl_reslice_labels (reslice, question->truth, i, truth);
      if (prediction != NULL)
        pl_reslice_labels (reslice, question->prediction, i, prediction);
      fact = find_fact (question, truth, prediction, n);
      g_array_append_val (facts, fact);
    }
  g_task_return_pointer (task, g_steal_pointer (&facts), (GDestroyNotify) g_array_unref);
}

void
pl_montage_facts_async (PlMask *truth,
                        PlMask *prediction,
                        const PlReslice *reslice,
                        double pixel_mm2,
                        gboolean is_test,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Question *question = g_new0 (Question, 1);

  question->truth = ref_mask (truth);
  question->prediction = ref_mask (prediction);
  question->reslice = *reslice;
  question->pixel_mm2 = pixel_mm2;
  question->is_test = is_test;
  g_task_set_source_tag (task, pl_montage_facts_async);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, facts_thread);
}

GArray *
pl_montage_facts_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static double
measure_case (const PlTileCase *tile_case, GCancellable *cancellable)
{
  g_autoptr (PlMask) mask = pl_tile_case_load_truth (tile_case, cancellable, NULL);
  double area_mm2 = pl_tile_case_pixel_mm2 (tile_case);

  if (mask == NULL)
    mask = pl_tile_case_dup_prediction (tile_case);
  if (mask == NULL)
    return NAN;
  return (double) count_inside (mask->labels, (gsize) mask->n[1] * (gsize) mask->n[2]) * area_mm2;
}

static void
areas_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const GPtrArray *cases = data;
  g_autoptr (GArray) areas = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < cases->len; i++)
    {
      double area_mm2;

      if (g_task_return_error_if_cancelled (task))
        return;
      area_mm2 = measure_case (g_ptr_array_index (cases, i), cancellable);
      g_array_append_val (areas, area_mm2);
    }
  g_task_return_pointer (task, g_steal_pointer (&areas), (GDestroyNotify) g_array_unref);
}

void
pl_montage_areas_async (GPtrArray *cases,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, pl_montage_areas_async);
  g_task_set_task_data (task, g_ptr_array_ref (cases), (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, areas_thread);
}

GArray *
pl_montage_areas_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
