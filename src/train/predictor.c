/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks for whole volumes. Probabilities at native size would take four bytes a voxel (1.2 GB for a
 * volume of 512×512×1200), so each batch is thresholded at once and they are kept only if wanted;
 * in a byte they take as much as the mask.
 */
#include "train/predictor-private.h"

#include "base/aligned.h"
#include "image/components.h"
#include "image/percentile.h"
#include "train/class-names.h"
#include "train/slice-predictor.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum
{
  MOST_SAMPLES = 32, /* slices that say what a volume's values are: some 0.1 s at 512 × 512 */
};

static gboolean
is_of_lungs (const PlModel *model)
{
  for (int i = 0; i < model->n_classes; i++)
    if (pl_class_name_is_lung (model->class_names[i]))
      return TRUE;
  return model->has_sides;
}

PlPredictOptions
pl_predict_options_default (const PlModel *model, const PlVolume *volume)
{
  gboolean is_lungs = is_of_lungs (model);

  return (PlPredictOptions){
    .keep_largest = is_lungs && volume->n[0] > 1 ? 2 : 0,
    .fill_holes = is_lungs,
  };
}

void
pl_prediction_free (PlPrediction *prediction)
{
  if (prediction == NULL)
    return;
  pl_mask_unref (prediction->mask);
  pl_aligned_free (prediction->probability);
  g_clear_pointer (&prediction->heat, pl_mask_unref);
  g_free (prediction->notice);
  g_free (prediction);
}

/* What is filled, a value a voxel. */
typedef struct
{
  guint8 *labels;
  float *probability; /* (nullable) */
  guint8 *heat;       /* (nullable) */
} Output;

static void
output_clear (Output *output)
{
  g_clear_pointer (&output->labels, g_free);
  g_clear_pointer (&output->probability, pl_aligned_free);
  g_clear_pointer (&output->heat, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Output, output_clear)

static gboolean
set_memory_error (gsize n_bytes, GError **error)
{
  g_autofree char *size = g_format_size (n_bytes);

  g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_MEMORY,
               _ ("There is not enough memory for a prediction of %s."), size);
  return FALSE;
}

static gboolean
allocate (const PlVolume *volume, const PlPredictOptions *options, Output *output, GError **error)
{
  gsize n = (gsize) volume->n[0] * (gsize) volume->n[1] * (gsize) volume->n[2];
  gsize n_bytes =
      n * (1 + (options->want_probability ? sizeof (float) : 0) + (options->want_heat ? 1 : 0));

  if (n_bytes > pl_memory_total () / 5 * 4)
    return set_memory_error (n_bytes, error);
  output->labels = g_try_malloc0 (n);
  if (options->want_probability)
    output->probability = pl_aligned_new0 (n * sizeof (float));
  if (options->want_heat)
    output->heat = g_try_malloc0 (n);
  if (output->labels == NULL || (options->want_probability && output->probability == NULL) ||
      (options->want_heat && output->heat == NULL))
    return set_memory_error (n_bytes, error);
  return TRUE;
}

/* Slices @first…@end − 1, or some of them, evenly spread. */
typedef struct
{
  const PlVolume *volume;
  int first;
  int end;
  int n;

  /* Owned */
  float *values; /* of one slice */
} Sampler;

static Sampler
make_sampler (const PlVolume *volume, int first, int end)
{
  return (Sampler){
    .volume = volume,
    .first = first,
    .end = end,
    .n = MIN (end - first, MOST_SAMPLES),
    .values = g_new (float, (gsize) volume->n[1] * (gsize) volume->n[2]),
  };
}

static void
sampler_clear (Sampler *self)
{
  g_clear_pointer (&self->values, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sampler, sampler_clear)

/* Into self->values; returns how many. */
static gsize
take_sample (Sampler *self, int index)
{
  int slice = self->first + (int) ((index + 0.5) * (self->end - self->first) / self->n);

  pl_volume_slice (self->volume, slice, self->values);
  return (gsize) self->volume->n[1] * (gsize) self->volume->n[2];
}

/* As for a data set: when most slices do. */
static gboolean
looks_like_hu (Sampler *sampler)
{
  int n_hu = 0;

  for (int i = 0; i < sampler->n; i++)
    {
      gsize n = take_sample (sampler, i);

      n_hu += pl_recipe_looks_like_hu (sampler->values, n);
    }
  return n_hu * 2 > sampler->n;
}

/* From low to high percentile, the same for all slices. */
static PlRecipe
scale_by_volume (Sampler *sampler)
{
  const double percents[] = { PL_RECIPE_PERCENTILES.low, PL_RECIPE_PERCENTILES.high };
  g_autoptr (PlPercentiles) percentiles = pl_percentiles_new (percents, 2, -INFINITY);
  PlRecipe recipe = { .is_hu = TRUE };

  for (int i = 0; i < sampler->n; i++)
    {
      gsize n = take_sample (sampler, i);

      pl_percentiles_add (percentiles, sampler->values, n);
    }
  if (pl_percentiles_turn (percentiles) == 0)
    return recipe;
  for (int i = 0; i < sampler->n; i++)
    {
      gsize n = take_sample (sampler, i);

      pl_percentiles_add (percentiles, sampler->values, n);
    }
  recipe.low = pl_percentiles_get (percentiles, 0);
  recipe.high = pl_percentiles_get (percentiles, 1);
  return recipe;
}

/* The model's own, but for values that it does not fit. */
static PlRecipe
choose_recipe (const PlModel *model, const PlVolume *volume, int first, int end, char **notice)
{
  g_auto (Sampler) sampler = make_sampler (volume, first, end);

  if (!model->recipe.is_hu || looks_like_hu (&sampler))
    return model->recipe;
  *notice = g_strdup (_ ("The model was trained on Hounsfield units, but these values do not look "
                         "like them: they were scaled between percentiles of their own, so look at "
                         "the mask with care."));
  return scale_by_volume (&sampler);
}

static gboolean
is_going_on (gpointer cancellable)
{
  return !g_cancellable_is_cancelled (cancellable);
}

static void
fill_heat (const float *probability, gsize n, guint8 *heat)
{
  for (gsize i = 0; i < n; i++)
    heat[i] = (guint8) (probability[i] * 255 + 0.5f);
}

/* Slices @s…@s + @n − 1. @probability: (nullable): room for them. FALSE when it was cancelled. */
static gboolean
predict_batch (PlSlicePredictor *predictor,
               const PlVolume *volume,
               int s,
               int n,
               float *probability,
               const Output *output,
               GCancellable *cancellable)
{
  gsize n_slice = (gsize) volume->n[1] * (gsize) volume->n[2];
  gsize offset = (gsize) s * n_slice;

  if (output->probability != NULL)
    probability = output->probability + offset;
  if (!pl_slice_predictor_run (predictor, volume, s, n, output->labels + offset, probability,
                               is_going_on, cancellable))
    return FALSE;
  if (output->heat != NULL)
    fill_heat (probability, (gsize) n * n_slice, output->heat + offset);
  return TRUE;
}

/* Fills slices @first…@end − 1 of @output. */
static gboolean
predict_slices (const PlModel *model,
                const PlRecipe *recipe,
                const PlVolume *volume,
                const PlPredictOptions *options,
                int first,
                int end,
                const Output *output,
                GCancellable *cancellable,
                GError **error)
{
  int batch = MIN (pl_images_per_pass (&model->net->shape, model->net->precision, model->size_px),
                   end - first);
  g_autoptr (PlSlicePredictor) predictor = pl_slice_predictor_new (model, recipe, batch, error);
  gsize n_slice = (gsize) volume->n[1] * (gsize) volume->n[2];
  g_autofree float *probability = NULL;

  if (predictor == NULL)
    return FALSE;
  if (output->heat != NULL && output->probability == NULL)
    probability = g_new (float, (gsize) batch *n_slice);
  for (int s = first; s < end; s += batch)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!predict_batch (predictor, volume, s, MIN (batch, end - s), probability, output,
                          cancellable))
        return !g_cancellable_set_error_if_cancelled (cancellable, error);
      if (options->progress != NULL)
        options->progress ((double) (MIN (s + batch, end) - first) / (end - first),
                           options->progress_data);
    }
  return TRUE;
}

static gboolean
clean_up (const PlVolume *volume,
          const PlPredictOptions *options,
          guint8 *labels,
          GCancellable *cancellable,
          GError **error)
{
  if (options->keep_largest > 0)
    pl_components_keep_largest (labels, volume->n, options->keep_largest);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (options->fill_holes)
    pl_components_fill_holes (labels, volume->n);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
find_range (
    const PlVolume *volume, const PlPredictOptions *options, int *first, int *end, GError **error)
{
  *end = options->end_slice > 0 ? MIN (options->end_slice, volume->n[0]) : volume->n[0];
  *first = MAX (options->first_slice, 0);
  if (*first >= *end)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("There are no slices from %d to %d in a volume of %d."),
                   options->first_slice + 1, options->end_slice, volume->n[0]);
      return FALSE;
    }
  if (*end > pl_volume_ready_slices (volume))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           _ ("The volume is still being loaded."));
      return FALSE;
    }
  return TRUE;
}

PlPrediction *
pl_predict_volume (const PlModel *model,
                   const PlVolume *volume,
                   const PlPredictOptions *options,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (PlPrediction) prediction = g_new0 (PlPrediction, 1);
  g_auto (Output) output = { 0 };
  PlRecipe recipe;
  int first, end;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !find_range (volume, options, &first, &end, error) ||
      !allocate (volume, options, &output, error))
    return NULL;
  recipe = choose_recipe (model, volume, first, end, &prediction->notice);
  if (!predict_slices (model, &recipe, volume, options, first, end, &output, cancellable, error) ||
      !clean_up (volume, options, output.labels, cancellable, error))
    return NULL;
  prediction->mask = pl_mask_new_take (volume->n, g_steal_pointer (&output.labels));
  prediction->probability = g_steal_pointer (&output.probability);
  if (output.heat != NULL)
    prediction->heat = pl_mask_new_take (volume->n, g_steal_pointer (&output.heat));
  return g_steal_pointer (&prediction);
}

static void
free_request (gpointer data)
{
  PlPredictRequest *request = data;

  pl_model_unref (request->model);
  pl_volume_unref (request->volume);
  g_free (request);
}

PlPredictRequest *
pl_predict_request_attach (GTask *task,
                           PlModel *model,
                           PlVolume *volume,
                           const PlPredictOptions *options)
{
  PlPredictRequest *request = g_new0 (PlPredictRequest, 1);

  request->model = model != NULL ? pl_model_ref (model) : NULL;
  request->volume = pl_volume_ref (volume);
  request->options = *options;
  g_task_set_task_data (task, request, free_request);
  return request;
}

void
pl_predict_request_answer (GTask *task, const PlModel *model, GCancellable *cancellable)
{
  const PlPredictRequest *request = g_task_get_task_data (task);
  GError *error = NULL;
  PlPrediction *prediction =
      pl_predict_volume (model, request->volume, &request->options, cancellable, &error);

  if (prediction != NULL)
    g_task_return_pointer (task, prediction, (GDestroyNotify) pl_prediction_free);
  else
    g_task_return_error (task, error);
}

static void
answer_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const PlPredictRequest *request = data;

  pl_predict_request_answer (task, request->model, cancellable);
}

void
pl_predict_request_answer_in_thread (GTask *task)
{
  g_task_run_in_thread (task, answer_in_thread);
}

void
pl_predict_volume_async (PlModel *model,
                         PlVolume *volume,
                         const PlPredictOptions *options,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, pl_predict_volume_async);
  pl_predict_request_attach (task, model, volume, options);
  pl_predict_request_answer_in_thread (task);
}

PlPrediction *
pl_predict_volume_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
