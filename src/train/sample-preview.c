/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All by the training's own samples and batches, so that what is shown is what is trained on. */
#include "train/sample-preview.h"

#include "train/batch.h"
#include "train/split.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum
{
  MOST_IMAGES = 12,
  SLICES_OF_VOLUME = 3,
  COLUMNS = 4,
};

struct _PlSamplePreview
{
  PlSamples *samples;
  gboolean augments;
  PlAugment augment;
  guint64 seed;
};

static int
count_images (const PlCase *one, const PlSamplesOptions *options)
{
  return pl_case_is_volume (one) ? options->slices_per_volume : 1;
}

/* (element-type PlCase): of the training part, borrowed. */
static GPtrArray *
list_cases (const PlDataset *dataset, const PlSamplesOptions *options)
{
  GPtrArray *cases = g_ptr_array_new ();

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *one = g_ptr_array_index (dataset->cases, i);

      if (one->group == PL_GROUP_TRAIN && count_images (one, options) > 0)
        g_ptr_array_add (cases, one);
    }
  return cases;
}

/* Leaves only as many cases in the training part as are shown. */
static void
choose_cases (PlDataset *dataset, const PlSamplesOptions *options)
{
  g_autoptr (GPtrArray) cases = list_cases (dataset, options);
  guint n_tries = MIN (cases->len, MOST_IMAGES);
  int n_images = 0;

  for (guint i = 0; i < cases->len; i++)
    ((PlCase *) g_ptr_array_index (cases, i))->group = PL_GROUP_IGNORE;
  for (guint i = 0; i < n_tries; i++)
    {
      PlCase *one = g_ptr_array_index (cases, i * cases->len / n_tries);
      int n = count_images (one, options);

      if (n_images + n > MOST_IMAGES)
        continue;
      one->group = PL_GROUP_TRAIN;
      n_images += n;
    }
}

PlSamplePreview *
pl_sample_preview_load (const PlDataset *dataset,
                        const PlTrainSettings *settings,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (PlSamplePreview) self = g_new0 (PlSamplePreview, 1);
  g_autoptr (PlDataset) chosen = pl_dataset_copy (dataset);
  int n_slices = settings->slices_per_volume;
  PlSamplesOptions options = {
    .size_px = settings->size_px,
    .slices_per_volume = n_slices < 0 ? SLICES_OF_VOLUME : MIN (n_slices, SLICES_OF_VOLUME),
    .n_classes = G_MAXUINT8,
    .choose_recipe = TRUE,
  };
  PlRecipe recipe;

  if (!pl_split_settle (chosen, settings->split, settings->seed, error) ||
      (settings->sides && !pl_dataset_part_lungs (chosen, error)))
    return NULL;
  choose_cases (chosen, &options);
  self->augments = settings->augment;
  self->augment = pl_samples_augment (chosen);
  self->seed = settings->seed;
  self->samples =
      pl_samples_load (chosen, PL_GROUP_TRAIN, &options, &recipe, NULL, NULL, cancellable, error);
  if (self->samples == NULL)
    return NULL;
  if (pl_samples_count (self->samples) > 0)
    return g_steal_pointer (&self);
  g_set_error_literal (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                       _ ("The training part has no image with a mask."));
  return NULL;
}

void
pl_sample_preview_free (PlSamplePreview *self)
{
  if (self == NULL)
    return;
  pl_samples_free (self->samples);
  g_free (self);
}

int
pl_sample_preview_count (const PlSamplePreview *self)
{
  return pl_samples_count (self->samples);
}

/* The images of a batch one behind the other. */
static PlVolume *
make_volume (const PlBatch *batch, int side, GError **error)
{
  PlImageHeader header = {
    .format = PL_FORMAT_TIFF,
    .shape = { batch->n, side, side },
    .stored = PL_DTYPE_FLOAT32,
    .n_samples = 1,
    .pages = batch->n,
    .spacing_mm = { 1, 1, 1 },
    .slope = 1,
  };
  PlVolume *volume;

  pl_header_choose_axes (&header, -1);
  volume = pl_volume_new (&header, PL_DTYPE_FLOAT32, NULL, error);
  if (volume == NULL)
    return NULL;
  memcpy (volume->voxels, batch->images,
          (gsize) batch->n * (gsize) side * (gsize) side * sizeof (float));
  pl_volume_set_ready_slices (volume, batch->n);
  return volume;
}

static PlMask *
make_mask (const PlBatch *batch, int side)
{
  const int n[3] = { batch->n, side, side };

  return pl_mask_new_take (
      n, g_memdup2 (batch->labels, (gsize) batch->n * (gsize) side * (gsize) side));
}

PlPicture *
pl_sample_preview_draw (
    PlSamplePreview *self, int epoch, int tile_px, GCancellable *cancellable, GError **error)
{
  int n = pl_samples_count (self->samples);
  int side = pl_samples_size (self->samples);
  g_autoptr (PlBatcher) batcher = pl_batcher_new (
      self->samples, n, self->augments ? &self->augment : NULL, self->seed, epoch, 0);
  const PlBatch *batch = pl_batcher_next (batcher, cancellable);
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlMask) mask = NULL;

  if (batch == NULL)
    {
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return NULL;
    }
  volume = make_volume (batch, side, error);
  if (volume == NULL)
    return NULL;
  mask = make_mask (batch, side);
  return pl_montage_picture (volume, mask, MIN (COLUMNS, n), tile_px,
                             (PlWindow){ .centre_hu = 0, .width_hu = 2 },
                             pl_colour_map_find ("gray"), cancellable, error);
}
