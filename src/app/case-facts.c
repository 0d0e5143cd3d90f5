/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading is most of the work of a case that is not in view, so it has most of the progress. */
#include "app/case-facts.h"

#include "image/header-fields.h"
#include "train/recipe.h"

/* How far it is when the image is there, when its values are counted, when one mask is measured. */
#define LOADED 0.6
#define COUNTED 0.75
#define MEASURED 0.9

typedef struct
{
  /* Owned */
  PlCase *source;
  PlVolume *volume;
  PlPackedMask *prediction;

  PlProgress progress; /* (nullable) */
  gpointer progress_data;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  pl_case_free (job->source);
  g_clear_pointer (&job->volume, pl_volume_unref);
  pl_packed_mask_unref (job->prediction);
  g_free (job);
}

void
pl_case_facts_free (PlCaseFacts *facts)
{
  g_free (facts->truth);
  g_free (facts->prediction);
  g_clear_pointer (&facts->classes, g_array_unref);
  g_free (facts->truth_problem);
  g_clear_pointer (&facts->fields, g_ptr_array_unref);
  g_free (facts);
}

static void
report (const Job *job, double fraction)
{
  if (job->progress != NULL)
    job->progress (fraction, job->progress_data);
}

static void
load_progress_cb (PlVolume *volume, double fraction, gpointer data)
{
  report (data, LOADED * fraction);
}

static gboolean
load_image (Job *job, GCancellable *cancellable, GError **error)
{
  PlLoadOptions options = pl_case_load_options (job->source);

  if (job->volume != NULL)
    return TRUE;
  options.progress = load_progress_cb;
  options.progress_data = job;
  job->volume = pl_volume_load (job->source->image_path, &options, cancellable, error);
  return job->volume != NULL;
}

static PlMaskStats *
measure (const PlVolume *volume, const PlMask *mask)
{
  PlMaskStats *stats = g_new (PlMaskStats, 1);

  pl_mask_stats (volume, mask, 0, 0, volume->n[0], stats);
  return stats;
}

/* A mask of one class among several is that class. */
static void
measure_classes (const PlVolume *volume,
                 const PlMask *truth,      /* (nullable) */
                 const PlMask *prediction, /* (nullable) */
                 GArray *classes,
                 GCancellable *cancellable)
{
  int n_true = truth != NULL ? truth->max_label : 0;
  int n_predicted = prediction != NULL ? prediction->max_label : 0;
  int n = MIN (MAX (n_true, n_predicted), PL_CASE_FACTS_CLASSES);

  for (int label = 1; n > 1 && label <= n && !g_cancellable_is_cancelled (cancellable); label++)
    {
      PlClassFacts facts = { label, n_true > 1, n_predicted > 1, { 0 }, { 0 } };

      if (facts.is_true)
        pl_mask_stats (volume, truth, label, 0, volume->n[0], &facts.truth);
      if (facts.is_predicted)
        pl_mask_stats (volume, prediction, label, 0, volume->n[0], &facts.prediction);
      g_array_append_val (classes, facts);
    }
}

/* A mask that cannot be read is no reason to say nothing of the image. */
static PlMask *
load_truth (const Job *job, PlCaseFacts *facts, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  PlMask *mask;

  if (job->source->mask_path == NULL)
    return NULL;
  job->source->header = job->volume->header;
  mask = pl_case_load_mask (job->source, cancellable, &error);
  if (mask == NULL)
    facts->truth_problem = g_strdup (error->message);
  return mask;
}

static void
measure_masks (const Job *job, PlCaseFacts *facts, GCancellable *cancellable)
{
  g_autoptr (PlMask) truth = load_truth (job, facts, cancellable);
  g_autoptr (PlMask) prediction = NULL;

  if (truth != NULL)
    facts->truth = measure (job->volume, truth);
  report (job, MEASURED);
  if (g_cancellable_is_cancelled (cancellable))
    return;
  if (job->prediction != NULL)
    {
      prediction = pl_packed_mask_unpack (job->prediction);
      facts->prediction = measure (job->volume, prediction);
    }
  measure_classes (job->volume, truth, prediction, facts->classes, cancellable);
}

static void
facts_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autoptr (PlCaseFacts) facts = g_new0 (PlCaseFacts, 1);
  GError *error = NULL;

  facts->classes = g_array_new (FALSE, FALSE, sizeof (PlClassFacts));
  if (load_image (job, cancellable, &error))
    facts->fields =
        pl_image_read_fields (job->source->image_path, job->volume->header.format, &error);
  if (facts->fields == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  report (job, LOADED);
  memcpy (facts->orientation, job->volume->orientation, sizeof facts->orientation);
  memcpy (facts->n, job->volume->n, sizeof facts->n);
  facts->is_hu = pl_recipe_volume_looks_like_hu (job->volume);
  if (!pl_histogram_measure (job->volume, &facts->histogram, cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  report (job, COUNTED);
  measure_masks (job, facts, cancellable);
  g_task_return_pointer (task, g_steal_pointer (&facts), (GDestroyNotify) pl_case_facts_free);
}

void
pl_case_facts_async (const PlCase *a_case,
                     PlVolume *volume,
                     PlPackedMask *prediction,
                     PlProgress progress,
                     gpointer progress_data,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Job *job = g_new0 (Job, 1);

  job->source = pl_case_copy (a_case);
  job->volume = volume == NULL ? NULL : pl_volume_ref (volume);
  job->prediction = prediction == NULL ? NULL : pl_packed_mask_ref (prediction);
  job->progress = progress;
  job->progress_data = progress_data;
  g_task_set_source_tag (task, pl_case_facts_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, facts_thread);
}

PlCaseFacts *
pl_case_facts_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
