/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

/* What a training will take, said before it starts. */

/* How fast this machine is with one network, which is what pl_estimate_measure() finds. */
typedef struct
{
  double train_s;    /* of an image: forward and backward */
  double update_s;   /* of a step: the optimizer */
  double validate_s; /* of an image: forward */
} PlStepTime;

/* Images that a data set's parts have. */
typedef struct
{
  int train;
  int validation;
} PlImageCounts;

/* Of the groups that the cases are in; volumes give as many slices as the settings say. */
PlImageCounts pl_estimate_count (const PlDataset *dataset, const PlTrainSettings *settings);

/* Memory that a training takes at its most beyond what the program has: the network
 * (pl_train_settings_bytes), its images, the batches made ahead and the preview's network. */
gsize pl_estimate_bytes (const PlTrainSettings *settings, const PlImageCounts *counts);

/* All epochs with their validation, without loading and testing; patience may end it sooner. No
 * more than the time limit. */
double pl_estimate_seconds (const PlTrainSettings *settings,
                            const PlImageCounts *counts,
                            const PlStepTime *time);

/**
 * pl_estimate_measure:
 * @settings: they pass pl_train_settings_check(); size, base, depth, batch and precision count, and
 *   threads where they are not those of the pool
 * @time: (out)
 *
 * Trains a network of that shape on noise for half a second, or for one pass where that takes
 * longer. Blocks; wrong while something else computes. FALSE with @error set when cancelled, or
 * where there is no memory.
 */
gboolean pl_estimate_measure (const PlTrainSettings *settings,
                              GCancellable *cancellable,
                              PlStepTime *time,
                              GError **error);
