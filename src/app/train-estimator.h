/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/estimate.h"

/* Estimates a training in a thread, some time after it was asked: what is asked next makes what was
 * asked before void. Networks that were measured are not measured again. Main thread. */
typedef struct _PlTrainEstimator PlTrainEstimator;

typedef struct
{
  PlImageCounts counts;
  gsize bytes;
  gsize free_bytes; /* of memory, when it was asked */
  double seconds;   /* NaN where the network could not be measured */
} PlTrainEstimate;

typedef void (*PlTrainEstimatorFunc) (const PlTrainEstimate *estimate, gpointer data);

/* @func is not called any more after pl_train_estimator_free(). */
PlTrainEstimator *pl_train_estimator_new (PlTrainEstimatorFunc func, gpointer data);
void pl_train_estimator_free (PlTrainEstimator *self);

/* @settings pass pl_train_settings_check(); @dataset is copied, and split as a training would. */
void pl_train_estimator_ask (PlTrainEstimator *self,
                             const PlTrainSettings *settings,
                             const PlDataset *dataset);

/* Answers nothing that was asked so far. */
void pl_train_estimator_cancel (PlTrainEstimator *self);

/* "about 6 min · 0.9 GB", translated. */
char *pl_train_estimate_text (const PlTrainEstimate *estimate);

/* (nullable): a sentence where it takes more memory than is free, or has no images. */
char *pl_train_estimate_warning (const PlTrainEstimate *estimate);
