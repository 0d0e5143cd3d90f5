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
  char *image_path;
  char *mask_path; /* (nullable) */
  PlVolume *volume;
  PlPackedMask *prediction;

  PlLoadOptions options;
  PlProgress progress; /* (nullable) */
  gpointer progress_data;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->image_path);
  g_free (job->mask_path);
  g_clear_pointer (&job->volume, pl_volume_unref);
  pl_packed_mask_unref (job->prediction);
  g_free (job);
}

void
pl_case_facts_free (PlCaseFacts *facts)
{
  g_free (facts->truth);
  g_free (facts->prediction);
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
  PlLoadOptions options = job->options;

  if (job->volume != NULL)
    return TRUE;
  options.progress = load_progress_cb;
  options.progress_data = job;
  job->volume = pl_volume_load (job->image_path, &options, cancellable, error);
  return job->volume != NULL;
}

static PlMaskStats *
measure (const PlVolume *volume, const PlMask *mask)
{
  PlMaskStats *stats = g_new (PlMaskStats, 1);

  pl_mask_stats (volume, mask, 0, volume->n[0], stats);
  return stats;
}

/* A mask that cannot be read is no reason to say nothing of the image. */
static void
measure_truth (const Job *job, PlCaseFacts *facts, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlMask) mask = NULL;

  if (job->mask_path == NULL)
    return;
  mask = pl_mask_load (job->mask_path, &job->volume->header, cancellable, &error);
  if (mask == NULL)
    facts->truth_problem = g_strdup (error->message);
  else
    facts->truth = measure (job->volume, mask);
}

static void
facts_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autoptr (PlCaseFacts) facts = g_new0 (PlCaseFacts, 1);
  GError *error = NULL;

  if (load_image (job, cancellable, &error))
    facts->fields = pl_image_read_fields (job->image_path, job->volume->header.format, &error);
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
  measure_truth (job, facts, cancellable);
  report (job, MEASURED);
  if (job->prediction != NULL && !g_cancellable_is_cancelled (cancellable))
    {
      g_autoptr (PlMask) mask = pl_packed_mask_unpack (job->prediction);

      facts->prediction = measure (job->volume, mask);
    }
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

  job->image_path = g_strdup (a_case->image_path);
  job->mask_path = g_strdup (a_case->mask_path);
  job->options = pl_case_load_options (a_case);
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
