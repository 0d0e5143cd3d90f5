/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slices through a network. Beside the network itself the time goes into resampling: 512² to 256²
 * and back takes some milliseconds a slice, so slices are shared out over the threads. */
#include "train/slice-predictor.h"

#include "base/aligned.h"
#include "base/parallel.h"
#include "train/slice-frame.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum
{
  MOST_IMAGES = 8,
  USUAL_IMAGES = 4, /* at 256² and 16 channels */
};

/* A layer of that many takes some 0.1 s at most on two AVX-512 cores that are shared; more images a
 * pass were not faster. */
#define MOST_WORK ((gint64) USUAL_IMAGES * 256 * 256 * 16)

/* Probability of foreground outside of the body: next to nothing, but bodies can be found wrongly,
 * and of 170 published masks three mark air beside the body. */
#define OUTSIDE 0.001f

int
pl_images_per_pass (const PlUNetShape *shape, PlPrecision precision, int size_px)
{
  gint64 n = MOST_WORK / ((gint64) size_px * size_px * shape->base);
  int images = (int) CLAMP (n, 1, MOST_IMAGES);

  while (images > 1 && pl_unet_work_bytes (shape, precision, images, size_px, size_px, TRUE) >
                           pl_memory_total () / 2)
    images /= 2;
  return images;
}

struct _PlSlicePredictor
{
  /* Borrowed */
  const PlModel *model;

  /* Owned */
  PlUNetWork *work;
  float *images;        /* (batch, size, size) */
  float *probabilities; /* (batch, size, size, outputs) */
  PlSliceFrame *frames; /* of the last run */
  PlRecipe recipe;
  int batch;
};

PlSlicePredictor *
pl_slice_predictor_new (const PlModel *model, const PlRecipe *recipe, int batch, GError **error)
{
  g_autoptr (PlSlicePredictor) self = g_new0 (PlSlicePredictor, 1);
  int side = model->size_px;
  gsize n = (gsize) batch * (gsize) side * (gsize) side * sizeof (float);

  self->model = model;
  self->recipe = *recipe;
  self->work = pl_unet_work_new (model->net, batch, side, side, FALSE, error);
  if (self->work == NULL)
    return NULL;
  self->images = pl_aligned_new0 (n);
  self->probabilities = pl_aligned_new0 (n * (gsize) model->net->shape.classes);
  self->frames = g_new0 (PlSliceFrame, batch);
  self->batch = batch;
  if (self->images == NULL || self->probabilities == NULL)
    {
      g_set_error (
          error, PL_UNET_ERROR, PL_UNET_ERROR_MEMORY,
          ngettext ("There is not enough memory to predict %d slice of %d × %d pixels.",
                    "There is not enough memory to predict %d slices of %d × %d pixels at once.",
                    (gulong) batch),
          batch, side, side);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
pl_slice_predictor_free (PlSlicePredictor *self)
{
  if (self == NULL)
    return;
  pl_unet_work_free (self->work);
  pl_aligned_free (self->images);
  pl_aligned_free (self->probabilities);
  for (int i = 0; self->frames != NULL && i < self->batch; i++)
    pl_slice_frame_clear (&self->frames[i]);
  g_free (self->frames);
  g_free (self);
}

/* A run under way; items are slices. */
typedef struct
{
  const PlSlicePredictor *self;
  const PlVolume *volume;
  int first;
  guint8 *labels;
  float *probability;
} Run;

static void
prepare_slice (void *data, size_t index, int worker)
{
  const Run *run = data;
  const PlVolume *volume = run->volume;
  int side = run->self->model->size_px;
  gsize n_input = (gsize) side * (gsize) side;
  float *input = run->self->images + index * n_input;
  const PlRecipe *recipe = &run->self->recipe;
  PlSliceFrame *frame = &run->self->frames[index];
  g_autofree float *hu = g_new (float, (gsize) volume->n[1] * (gsize) volume->n[2]);

  pl_volume_slice (volume, run->first + (int) index, hu);
  pl_slice_frame_clear (frame);
  pl_slice_frame_find (recipe, hu, volume->n[1], volume->n[2], frame);
  pl_slice_frame_take_image (frame, hu, volume->n[1], volume->n[2], input, side);
  pl_recipe_apply (recipe, input, n_input);
}

/* Foreground where its probability at native size is at least a half. */
static void
label_slice (const Run *run, size_t index, gsize n_native, float *native)
{
  const PlVolume *volume = run->volume;
  int side = run->self->model->size_px;
  const float *in = run->self->probabilities + index * (gsize) side * (gsize) side;
  guint8 *labels = run->labels + index * n_native;

  pl_slice_frame_put (&run->self->frames[index], in, side, native, volume->n[1], volume->n[2],
                      OUTSIDE);
  for (gsize i = 0; i < n_native; i++)
    labels[i] = native[i] >= 0.5f;
  if (run->probability != NULL)
    memcpy (run->probability + index * n_native, native, n_native * sizeof (float));
}

static void
take_output (const Run *run, size_t index, int output, float *plane)
{
  int side = run->self->model->size_px;
  int outputs = run->self->model->net->shape.classes;
  gsize n = (gsize) side * (gsize) side;
  const float *in = run->self->probabilities + index * n * (gsize) outputs + output;

  for (gsize i = 0; i < n; i++)
    plane[i] = in[i * (gsize) outputs];
}

/* The most probable output at native size; of equals, the lower. */
static void
label_slice_of_classes (const Run *run, size_t index, gsize n_native, float *native)
{
  const PlVolume *volume = run->volume;
  int side = run->self->model->size_px;
  g_autofree float *plane = g_new (float, (gsize) side *(gsize) side);
  g_autofree float *highest = g_new (float, n_native);
  guint8 *labels = run->labels + index * n_native;

  for (int output = 0; output < run->self->model->net->shape.classes; output++)
    {
      take_output (run, index, output, plane);
      pl_slice_frame_put (&run->self->frames[index], plane, side, native, volume->n[1],
                          volume->n[2], output == 0 ? 1 - OUTSIDE : OUTSIDE);
      for (gsize i = 0; i < n_native; i++)
        if (output == 0 || native[i] > highest[i])
          {
            highest[i] = native[i];
            labels[i] = (guint8) output;
          }
      if (output == 0 && run->probability != NULL)
        for (gsize i = 0; i < n_native; i++)
          run->probability[index * n_native + i] = 1 - native[i];
    }
}

static void
finish_slice (void *data, size_t index, int worker)
{
  const Run *run = data;
  gsize n_native = (gsize) run->volume->n[1] * (gsize) run->volume->n[2];
  g_autofree float *native = g_new (float, n_native);

  if (run->self->model->n_classes == 1)
    label_slice (run, index, n_native, native);
  else
    label_slice_of_classes (run, index, n_native, native);
}

gboolean
pl_slice_predictor_run (PlSlicePredictor *self,
                        const PlVolume *volume,
                        int first,
                        int n,
                        guint8 *labels,
                        float *probability,
                        PlUNetContinue go_on,
                        gpointer data)
{
  Run run = { self, volume, first, labels, probability };
  gsize n_pixels = (gsize) n * (gsize) self->model->size_px * (gsize) self->model->size_px;
  int outputs = self->model->net->shape.classes;
  const float *logits;

  pl_parallel_for ((size_t) n, prepare_slice, &run);
  logits = pl_unet_forward (self->model->net, self->work, self->images, n, go_on, data);
  if (logits == NULL)
    return FALSE;
  memcpy (self->probabilities, logits, n_pixels * (gsize) outputs * sizeof (float));
  pl_unet_probabilities (outputs, n_pixels, self->probabilities);
  pl_parallel_for ((size_t) n, finish_slice, &run);
  return TRUE;
}
