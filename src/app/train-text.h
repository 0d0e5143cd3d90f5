/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

/* A training in words, (transfer full) each. Main thread. */

/* "Training · epoch 3 of 30 · 2:05 left" */
char *pl_train_text_status (const PlTrainStatus *status);

/* "Step 120 of 1,200 · 14.0 images/s", and below it the memory, the precision (a PlTrainPrecision)
 * and the instruction set in use. */
char *pl_train_text_details (const PlTrainStatus *status, int precision);

/* How it ended, its best epoch and its test. */
char *pl_train_text_result (const PlTrainResult *result);
