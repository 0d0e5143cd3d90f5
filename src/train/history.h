/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A row an epoch of a run: history.csv. */
typedef struct
{
  int epoch;     /* from 1 */
  double time_s; /* since the start, pauses left out */
  double rate;
  double train_loss;
  double train_accuracy;
  double train_dice; /* of images with a mask, varied as they were trained on; NaN without any */
  double val_loss;   /* NaN without a validation part, likewise below */
  double val_accuracy;
  double val_dice; /* mean over cases, a volume's slices together; at the network's size */
} PlEpoch;

/* (element-type PlEpoch): a new array, empty. */
GArray *pl_history_new (void);

/* The whole table as CSV, numbers with a point whatever the locale. */
char *pl_history_to_csv (const GArray *history);
GArray *pl_history_from_csv (const char *text, GError **error);
