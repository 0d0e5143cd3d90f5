/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"
#include "train/model.h"

/* Images of @size_px² that go through a network in one pass: eight at most, fewer where a layer
 * would take so long that stopping between layers is felt, or memory would not do. The number
 * depends on the network, its precision and the machine's memory alone, since sums over passes are
 * rounded in their order. */
int pl_images_per_pass (const PlUNetShape *shape, PlPrecision precision, int size_px);

/* Takes slices through a network: framed (slice-frame.h), resized to its input and scaled,
 * probabilities put back at native size, thresholded at 0.5 (or the most probable class). The
 * network's memory is planned once. One thread at a time. */
typedef struct _PlSlicePredictor PlSlicePredictor;

/**
 * pl_slice_predictor_new:
 * @model: borrowed; its weights may change between runs
 * @recipe: what slices are scaled by: the model's own, or one for values that are not those that
 *   it was trained on; copied
 * @batch: slices a run, at most
 */
PlSlicePredictor *
pl_slice_predictor_new (const PlModel *model, const PlRecipe *recipe, int batch, GError **error);
void pl_slice_predictor_free (PlSlicePredictor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlSlicePredictor, pl_slice_predictor_free)

/**
 * pl_slice_predictor_run:
 * @first: the first slice; @n of them, which must be ready
 * @labels: n × rows × columns
 * @probability: (nullable): likewise, of foreground
 * @go_on: (nullable): asked between layers
 *
 * Returns: FALSE if @go_on said stop
 */
gboolean pl_slice_predictor_run (PlSlicePredictor *self,
                                 const PlVolume *volume,
                                 int first,
                                 int n,
                                 guint8 *labels,
                                 float *probability,
                                 PlUNetContinue go_on,
                                 gpointer data);
