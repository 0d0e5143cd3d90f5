/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All by the training's own samples and augmentation, so that what is shown is what is trained on.
 */
#include "train/sample-preview.h"

#include "base/random.h"
#include "train/batch.h"
#include "train/split.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum
{
  MOST_IMAGES = 12,
  SLICES_OF_VOLUME = 3,
};

struct _PlSamplePreview
{
  /* Owned */
  PlDataset *dataset; /* whose training part is what is shown */
  GPtrArray *cases;   /* (element-type PlCase): of it, as pl_samples_case() counts them */
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
  PlDataset *chosen = pl_dataset_copy (dataset);
  int n_slices = settings->slices_per_volume;
  PlSamplesOptions options = {
    .size_px = settings->size_px,
    .slices_per_volume = n_slices < 0 ? SLICES_OF_VOLUME : MIN (n_slices, SLICES_OF_VOLUME),
    .n_classes = G_MAXUINT8,
    .choose_recipe = TRUE,
  };
  PlRecipe recipe;

  self->dataset = chosen;
  if (!pl_split_settle (chosen, settings->split, settings->seed, error) ||
      (settings->sides && !pl_dataset_part_lungs (chosen, error)))
    return NULL;
  choose_cases (chosen, &options);
  self->cases = list_cases (chosen, &options);
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
  g_clear_pointer (&self->cases, g_ptr_array_unref);
  pl_dataset_free (self->dataset);
  g_free (self);
}

int
pl_sample_preview_count (const PlSamplePreview *self)
{
  return pl_samples_count (self->samples);
}

gboolean
pl_sample_preview_is_varied (const PlSamplePreview *self)
{
  return self->augments;
}

static const PlCase *
get_case (const PlSamplePreview *self, int index)
{
  return g_ptr_array_index (self->cases, (guint) pl_samples_case (self->samples, index));
}

const char *
pl_sample_preview_case (const PlSamplePreview *self, int index)
{
  return get_case (self, index)->name;
}

int
pl_sample_preview_slice (const PlSamplePreview *self, int index)
{
  return pl_case_is_volume (get_case (self, index)) ? pl_samples_slice (self->samples, index) : -1;
}

/* Of one slice, with the values that the network gets. */
static PlVolume *
make_volume (const float *image, int side, GError **error)
{
  PlImageHeader header = {
    .format = PL_FORMAT_TIFF,
    .shape = { 1, side, side },
    .stored = PL_DTYPE_FLOAT32,
    .n_samples = 1,
    .pages = 1,
    .spacing_mm = { 1, 1, 1 },
    .slope = 1,
  };
  PlVolume *volume;

  pl_header_choose_axes (&header, -1);
  volume = pl_volume_new (&header, PL_DTYPE_FLOAT32, NULL, error);
  if (volume == NULL)
    return NULL;
  memcpy (volume->voxels, image, (gsize) side * (gsize) side * sizeof *image);
  pl_volume_set_ready_slices (volume, 1);
  return volume;
}

static void
vary (
    const PlSamplePreview *self, int index, int variation, float *image, guint8 *labels, gsize side)
{
  g_autofree float *scratch_image = g_new (float, side *side);
  g_autofree guint8 *scratch_labels = g_new (guint8, side * side);
  PlRandom random;

  pl_random_init (&random, self->seed, ((guint64) variation << 32) + (guint64) index);
  pl_augment_apply (&self->augment, &random, image, labels, (int) side, (int) side, scratch_image,
                    scratch_labels);
}

PlPicture *
pl_sample_preview_draw (
    const PlSamplePreview *self, int index, int variation, int tile_px, GError **error)
{
  int side = pl_samples_size (self->samples);
  gsize n = (gsize) side * (gsize) side;
  g_autofree float *image = g_memdup2 (pl_samples_image (self->samples, index), n * sizeof (float));
  guint8 *labels = g_memdup2 (pl_samples_labels (self->samples, index), n);
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlMask) mask = NULL;

  if (variation > 0)
    vary (self, index, variation, image, labels, (gsize) side);
  mask = pl_mask_new_take ((const int[3]){ 1, side, side }, labels);
  volume = make_volume (image, side, error);
  if (volume == NULL)
    return NULL;
  return pl_picture_slice (volume, 0, mask, NULL, (PlWindow){ .centre_hu = 0, .width_hu = 2 },
                           pl_colour_map_find ("gray"), tile_px);
}
