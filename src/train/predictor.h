/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"
#include "train/model.h"

typedef struct
{
  int keep_largest; /* components in 3D; 0 keeps all */
  gboolean fill_holes;
  gboolean want_probability; /* keep the probabilities at native size */
  gboolean want_heat;        /* keep them in a byte each, to be looked at */
  int first_slice;           /* predict only slices first…end−1; the rest stays background */
  int end_slice;             /* 0: to the last */
  void (*progress) (double fraction, gpointer data); /* (nullable): in the predicting thread */
  gpointer progress_data;
} PlPredictOptions;

/* Two largest components and filled holes for volumes; single slices keep every component, since
 * one plane cuts a lung into more than two, and get their holes filled. */
PlPredictOptions pl_predict_options_default (const PlModel *model, const PlVolume *volume);

typedef struct
{
  PlMask *mask;       /* native size, in the volume's memory order */
  float *probability; /* (nullable): of foreground (1 − background for more classes), as the mask;
                         before clean-up; NULL unless wanted; pl_aligned_free() */
  PlMask *heat;       /* (nullable): the same as 0…255, in place of labels */
  char *notice;       /* (nullable): what its user should know (a sentence) */
} PlPrediction;

void pl_prediction_free (PlPrediction *prediction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlPrediction, pl_prediction_free)

/**
 * pl_predict_volume:
 *
 * Slices are resized to the model's input and scaled, predicted in batches, their probabilities
 * resampled to native size, thresholded at 0.5 (or the most probable class), and cleaned up. Values
 * that do not look like HU, of a model that was trained on HU, are scaled between percentiles of
 * the volume instead, which the prediction's notice says. Any thread; blocks; cancelled within 0.25
 * s. While a trainer runs, ask the trainer instead.
 *
 * Returns: (transfer full): or NULL with @error set
 */
PlPrediction *pl_predict_volume (const PlModel *model,
                                 const PlVolume *volume,
                                 const PlPredictOptions *options,
                                 GCancellable *cancellable,
                                 GError **error);

/* In a GTask thread; options are copied; progress comes in that thread. */
void pl_predict_volume_async (PlModel *model,
                              PlVolume *volume,
                              const PlPredictOptions *options,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data);
PlPrediction *pl_predict_volume_finish (GAsyncResult *result, GError **error);

/**
 * pl_prediction_write:
 *
 * Writes the mask into @folder under pl_prediction_name(), in the image's format and geometry (TIFF
 * for TIFF, else .nii.gz or .nii as the image), 0/255 for one class, labels otherwise; and, when
 * there are probabilities, STEM_probability beside it as float32.
 *
 * @written: (out) (optional) (transfer full): path of the mask
 */
gboolean pl_prediction_write (const PlPrediction *prediction,
                              const PlVolume *volume,
                              int n_classes,
                              const char *folder,
                              char **written,
                              GCancellable *cancellable,
                              GError **error);
