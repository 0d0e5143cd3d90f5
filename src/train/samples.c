/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training slices in memory. Headers say how many there will be, so all memory is asked for once,
 * before the first voxel is read; each case then fills its own part. Values stay as they are until
 * all are there: then they are HU if most slices looked so before they were framed. */
#include "train/batch.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>

#include "base/aligned.h"
#include "base/parallel.h"
#include "train/slice-frame.h"
#include "train/train.h"

struct _PlSamples
{
  int size_px;
  int n;

  /* Owned */
  float *images;
  guint8 *labels;
  int *cases;  /* which case each is of */
  int *slices; /* which slice of it */
};

/* The slices of one case: samples first…first + n − 1. */
typedef struct
{
  const PlCase *a_case;
  int first;
  int n;
} Part;

typedef struct
{
  PlSamples *samples;
  const PlSamplesOptions *options;
  GArray *parts; /* (element-type Part) */
  int n_hu;      /* slices that look like HU; added to by any thread */
  void (*progress) (double fraction, gpointer data);
  gpointer data;
  GCancellable *cancellable;

  /* Shared by the threads that load */
  pthread_mutex_t lock;
  GError *error; /* the first one */
  int n_done;    /* samples */
} Loading;

static int
count_slices (const PlCase *self, int slices_per_volume)
{
  int n = self->header.shape[self->header.slice_axis];

  return n == 1 || slices_per_volume < 0 ? n : MIN (n, slices_per_volume);
}

int
pl_samples_count_slices (const PlDataset *dataset, PlGroup group, int slices_per_volume)
{
  gint64 n = 0;

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);

      if (self->group == group)
        n += count_slices (self, slices_per_volume);
    }
  return (int) MIN (n, G_MAXINT);
}

static gboolean
list_parts (const PlDataset *dataset,
            PlGroup group,
            const PlSamplesOptions *options,
            GArray *parts,
            gint64 *n,
            GError **error)
{
  *n = 0;
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);
      Part part = { self, (int) *n, count_slices (self, options->slices_per_volume) };

      if (self->group != group || part.n == 0)
        continue;
      if (self->mask_path == NULL)
        {
          g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                       _ ("%s: it has no mask to learn from"), self->image_path);
          return FALSE;
        }
      *n += part.n;
      g_array_append_val (parts, part);
    }
  return TRUE;
}

static PlSamples *
make_samples (gint64 n, int size_px, GError **error)
{
  PlSamples *samples = g_new0 (PlSamples, 1);
  gsize n_pixels = (gsize) n * (gsize) size_px * (gsize) size_px;
  double n_bytes = (double) n * size_px * size_px * (sizeof (float) + 1);

  samples->size_px = size_px;
  samples->n = (int) n;
  if (n <= G_MAXINT && n_bytes <= 0.8 * (double) pl_memory_total ())
    {
      samples->images = pl_aligned_new0 (MAX (n_pixels, 1) * sizeof (float));
      samples->labels = pl_aligned_new0 (MAX (n_pixels, 1));
      samples->cases = g_new0 (int, MAX (n, 1));
      samples->slices = g_new0 (int, MAX (n, 1));
    }
  if (samples->images != NULL && samples->labels != NULL)
    return samples;
  g_set_error (
      error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
      _ ("%lld slices of %d × %d pixels take %.1f GB, more than this machine’s memory allows: "
         "take fewer slices of each volume, or a smaller size"),
      (long long) n, size_px, size_px, n_bytes / 1e9);
  pl_samples_free (samples);
  return NULL;
}

static gboolean
load_part (Loading *loading, const Part *part, GError **error)
{
  PlSamples *samples = loading->samples;
  gsize n_pixels = (gsize) samples->size_px * (gsize) samples->size_px;
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlMask) mask = NULL;
  g_autofree float *hu = NULL;
  const PlRecipe *recipe = loading->options->choose_recipe ? NULL : &loading->options->recipe;
  PlSliceFrame frame;
  int n_hu = 0;

  if (!pl_case_load_pair (part->a_case, loading->cancellable, &volume, &mask, error))
    return FALSE;
  if (mask->max_label > loading->options->n_classes)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   ngettext ("%s: it has the label %d, but the data set has only %d class",
                             "%s: it has the label %d, but the data set has only %d classes",
                             (gulong) loading->options->n_classes),
                   part->a_case->mask_path, mask->max_label, loading->options->n_classes);
      return FALSE;
    }
  hu = g_new (float, (gsize) volume->n[1] * (gsize) volume->n[2]);
  for (int i = 0; i < part->n; i++)
    {
      int slice = (int) ((i + 0.5) * volume->n[0] / part->n);
      gsize first = (gsize) (part->first + i) * n_pixels;

      if (g_cancellable_set_error_if_cancelled (loading->cancellable, error))
        return FALSE;
      samples->slices[part->first + i] = slice;
      pl_volume_slice (volume, slice, hu);
      n_hu += pl_recipe_looks_like_hu (hu, (gsize) volume->n[1] * (gsize) volume->n[2]);
      pl_slice_frame_find (recipe, hu, volume->n[1], volume->n[2], &frame);
      pl_slice_frame_take_image (&frame, hu, volume->n[1], volume->n[2], samples->images + first,
                                 samples->size_px);
      pl_slice_frame_take_labels (&frame, pl_mask_slice (mask, slice), mask->n[1], mask->n[2],
                                  samples->labels + first, samples->size_px);
      pl_slice_frame_clear (&frame);
    }
  g_atomic_int_add (&loading->n_hu, n_hu);
  return TRUE;
}

/* Keeps the first error; tells how far it is, one thread at a time. */
static void
finish_part (Loading *loading, const Part *part, GError *error)
{
  pthread_mutex_lock (&loading->lock);
  loading->n_done += part->n;
  if (error != NULL && loading->error == NULL)
    loading->error = g_steal_pointer (&error);
  if (loading->error == NULL && loading->progress != NULL)
    loading->progress ((double) loading->n_done / loading->samples->n, loading->data);
  pthread_mutex_unlock (&loading->lock);
  g_clear_error (&error);
}

static gboolean
has_failed (Loading *loading)
{
  gboolean failed;

  pthread_mutex_lock (&loading->lock);
  failed = loading->error != NULL;
  pthread_mutex_unlock (&loading->lock);
  return failed;
}

static void
load_part_cb (void *data, size_t index, int worker)
{
  Loading *loading = data;
  const Part *part = &g_array_index (loading->parts, Part, index);
  GError *error = NULL;

  if (has_failed (loading))
    return;
  load_part (loading, part, &error);
  finish_part (loading, part, error);
}

/* What all samples are scaled by. */
typedef struct
{
  PlSamples *samples;
  PlRecipe recipe;
} Scaling;

static void
scale_sample_cb (void *data, size_t index, int worker)
{
  const Scaling *scaling = data;
  gsize n_pixels = (gsize) scaling->samples->size_px * (gsize) scaling->samples->size_px;

  pl_recipe_apply (&scaling->recipe, scaling->samples->images + index * n_pixels, n_pixels);
}

static void
number_cases (PlSamples *samples, const GArray *parts)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);

      for (int k = 0; k < part->n; k++)
        samples->cases[part->first + k] = (int) i;
    }
}

PlSamples *
pl_samples_load (const PlDataset *dataset,
                 PlGroup group,
                 const PlSamplesOptions *options,
                 PlRecipe *recipe,
                 void (*progress) (double fraction, gpointer data),
                 gpointer data,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));
  Loading loading = {
    .options = options,
    .parts = parts,
    .progress = progress,
    .data = data,
    .cancellable = cancellable,
    .lock = PTHREAD_MUTEX_INITIALIZER,
  };
  Scaling scaling;
  gboolean is_hu;
  gint64 n;

  g_assert (options->size_px > 0);
  if (!list_parts (dataset, group, options, parts, &n, error))
    return NULL;
  loading.samples = make_samples (n, options->size_px, error);
  if (loading.samples == NULL)
    return NULL;
  number_cases (loading.samples, parts);
  pl_parallel_for (parts->len, load_part_cb, &loading);
  pthread_mutex_destroy (&loading.lock);
  if (loading.error != NULL)
    {
      g_propagate_error (error, loading.error);
      pl_samples_free (loading.samples);
      return NULL;
    }
  is_hu = n == 0 || loading.n_hu * 2 > n;
  if (options->choose_recipe && !is_hu)
    {
      /* Those few that look like HU have been taken as such: once more, all alike. */
      PlSamplesOptions known = *options;

      pl_samples_free (loading.samples);
      known.choose_recipe = FALSE;
      known.recipe = PL_RECIPE_PERCENTILES;
      return pl_samples_load (dataset, group, &known, recipe, progress, data, cancellable, error);
    }
  scaling.samples = loading.samples;
  scaling.recipe = options->choose_recipe ? PL_RECIPE_HU : options->recipe;
  pl_parallel_for ((size_t) n, scale_sample_cb, &scaling);
  *recipe = scaling.recipe;
  return loading.samples;
}

PlAugment
pl_samples_augment (const PlDataset *dataset)
{
  PlAugment augment = pl_augment_default;

  if (pl_dataset_has_sides (dataset))
    augment.p_flip = 0;
  return augment;
}

int
pl_samples_count (const PlSamples *samples)
{
  return samples->n;
}

int
pl_samples_size (const PlSamples *samples)
{
  return samples->size_px;
}

int
pl_samples_case (const PlSamples *samples, int index)
{
  g_assert (index >= 0 && index < samples->n);
  return samples->cases[index];
}

int
pl_samples_slice (const PlSamples *samples, int index)
{
  g_assert (index >= 0 && index < samples->n);
  return samples->slices[index];
}

const float *
pl_samples_image (const PlSamples *samples, int index)
{
  g_assert (index >= 0 && index < samples->n);
  return samples->images + (gsize) index * (gsize) samples->size_px * (gsize) samples->size_px;
}

const guint8 *
pl_samples_labels (const PlSamples *samples, int index)
{
  g_assert (index >= 0 && index < samples->n);
  return samples->labels + (gsize) index * (gsize) samples->size_px * (gsize) samples->size_px;
}

void
pl_samples_free (PlSamples *samples)
{
  if (samples == NULL)
    return;
  pl_aligned_free (samples->images);
  pl_aligned_free (samples->labels);
  g_free (samples->cases);
  g_free (samples->slices);
  g_free (samples);
}
