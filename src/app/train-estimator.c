/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A control that is turned asks many times a second: only what stays for a moment is measured. */
#include "app/train-estimator.h"

#include "base/aligned.h"
#include "train/split.h"

#include <glib/gi18n.h>
#include <math.h>

enum
{
  DELAY_MS = 300,
};

struct _PlTrainEstimator
{
  PlTrainEstimatorFunc func;
  gpointer data;

  /* Owned */
  GHashTable *times; /* of a key that says the network, PlStepTime */
  GCancellable *cancellable;
  guint timeout; /* 0: none */
  PlTrainSettings settings;
  PlDataset *dataset; /* (nullable) */
};

/* What the thread has; its own. */
typedef struct
{
  PlTrainSettings settings;
  PlDataset *dataset;
  char *key;
  gboolean has_time;
  PlStepTime time;
  PlTrainEstimate estimate;
} Job;

static void
free_job (gpointer data)
{
  Job *job = data;

  pl_dataset_free (job->dataset);
  g_free (job->key);
  g_free (job);
}

static char *
make_key (const PlTrainSettings *s)
{
  return g_strdup_printf ("%d %d %d %d %d %d", s->size_px, s->base, s->depth, s->batch,
                          s->precision, s->threads);
}

static gboolean
fits (const PlTrainEstimate *estimate)
{
  return estimate->bytes <= estimate->free_bytes;
}

/* A network that does not fit is not tried. */
static void
estimate_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  PlTrainEstimate *e = &job->estimate;

  if (!pl_split_settle (job->dataset, job->settings.split, job->settings.seed, NULL))
    e->counts = (PlImageCounts){ 0, 0 };
  else
    e->counts = pl_estimate_count (job->dataset, &job->settings);
  e->bytes = pl_estimate_bytes (&job->settings, &e->counts);
  e->free_bytes = pl_memory_available ();
  if (!job->has_time && e->counts.train > 0 && fits (e))
    job->has_time = pl_estimate_measure (&job->settings, cancellable, &job->time, NULL);
  e->seconds = job->has_time ? pl_estimate_seconds (&job->settings, &e->counts, &job->time) : NAN;
  g_task_return_boolean (task, TRUE);
}

/* @data may be gone when it was cancelled. */
static void
estimated_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = G_TASK (result);
  PlTrainEstimator *self = data;
  Job *job = g_task_get_task_data (task);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return;
  if (job->has_time)
    g_hash_table_replace (self->times, g_strdup (job->key),
                          g_memdup2 (&job->time, sizeof job->time));
  self->func (&job->estimate, self->data);
}

static gboolean
begin_cb (gpointer data)
{
  PlTrainEstimator *self = data;
  Job *job = g_new0 (Job, 1);
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, estimated_cb, self);
  const PlStepTime *known;

  self->timeout = 0;
  job->settings = self->settings;
  job->dataset = g_steal_pointer (&self->dataset);
  job->key = make_key (&self->settings);
  known = g_hash_table_lookup (self->times, job->key);
  job->has_time = known != NULL;
  if (known != NULL)
    job->time = *known;
  g_task_set_task_data (task, job, free_job);
  g_task_set_source_tag (task, begin_cb);
  g_task_run_in_thread (task, estimate_thread);
  return G_SOURCE_REMOVE;
}

PlTrainEstimator *
pl_train_estimator_new (PlTrainEstimatorFunc func, gpointer data)
{
  PlTrainEstimator *self = g_new0 (PlTrainEstimator, 1);

  self->func = func;
  self->data = data;
  self->times = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
pl_train_estimator_free (PlTrainEstimator *self)
{
  if (self == NULL)
    return;
  pl_train_estimator_cancel (self);
  g_hash_table_unref (self->times);
  g_free (self);
}

void
pl_train_estimator_ask (PlTrainEstimator *self,
                        const PlTrainSettings *settings,
                        const PlDataset *dataset)
{
  pl_train_estimator_cancel (self);
  self->settings = *settings;
  self->dataset = pl_dataset_copy (dataset);
  self->cancellable = g_cancellable_new ();
  self->timeout = g_timeout_add (DELAY_MS, begin_cb, self);
}

void
pl_train_estimator_cancel (PlTrainEstimator *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_pointer (&self->dataset, pl_dataset_free);
}

/* Nothing is said more exactly than it is known. */
static char *
format_time (double seconds)
{
  if (!isfinite (seconds))
    return NULL;
  if (seconds < 55)
    return g_strdup_printf (_ ("about %d s"), (int) ceil (seconds / 5) * 5);
  if (seconds < 90 * 60)
    return g_strdup_printf (_ ("about %d min"), MAX ((int) lround (seconds / 60), 1));
  return g_strdup_printf (_ ("about %.1f h"), seconds / 3600);
}

static char *
format_size (gsize bytes)
{
  return bytes < 100 * 1000 * 1000 ? g_strdup_printf (_ ("%.0f MB"), (double) bytes / 1e6)
                                   : g_strdup_printf (_ ("%.1f GB"), (double) bytes / 1e9);
}

char *
pl_train_estimate_text (const PlTrainEstimate *estimate)
{
  g_autofree char *time = format_time (estimate->seconds);
  g_autofree char *size = format_size (estimate->bytes);

  return time == NULL ? g_steal_pointer (&size) : g_strdup_printf ("%s · %s", time, size);
}

char *
pl_train_estimate_warning (const PlTrainEstimate *estimate)
{
  g_autofree char *available = NULL;

  if (estimate->counts.train == 0)
    return g_strdup (_ ("No image with a mask is left to train on."));
  if (fits (estimate))
    return NULL;
  available = format_size (estimate->free_bytes);
  return g_strdup_printf (_ ("Only %s of memory is free: choose a smaller image size, network "
                             "width or number of slices."),
                          available);
}
