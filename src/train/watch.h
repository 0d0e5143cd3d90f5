/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"
#include "train/history.h"

/* What somebody who looks over a run's shoulder would say: each function returns a sentence for the
 * user (transfer full), or NULL when there is nothing to say. Any thread. */

/* Of rows of a history: the validation loss rises while the training loss falls. A rise within the
 * noise of the epochs, or one that the training loss shares, is none. */
char *pl_watch_overfitting (const GArray *history);

/* Likewise: after some epochs the loss is what it was in the first, and the masks do not fit. */
char *pl_watch_learning (const GArray *history);

/* Foreground of the validation part at the end of an epoch. */
typedef struct
{
  gint64 found; /* pixels that the network marks, right or wrong */
  gint64 there; /* pixels that are marked in the true masks */
} PlWatchPixels;

/* @pixels: (element-type PlWatchPixels): epoch by epoch. The last ones are all empty. */
char *pl_watch_predictions (const GArray *pixels);

/* @is_there: for each class whether a training mask has it, @n_classes of them as of @names. */
char *pl_watch_classes (const gboolean *is_there, const char *const *names, int n_classes);

/* Patients of the train part that are in another part, too. */
char *pl_watch_patients (const PlDataset *dataset);
