/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

#include <adwaita.h>

/* What the classes of a data set are called, and their colours. A name that is entered is saved
 * with the data set at once; an empty one is the first one again. Colours go into the settings.
 *
 * Signal "named": the names of pl_classes_window_get_dataset() have changed. */
#define PL_TYPE_CLASSES_WINDOW (pl_classes_window_get_type ())
G_DECLARE_FINAL_TYPE (PlClassesWindow, pl_classes_window, PL, CLASSES_WINDOW, AdwWindow)

/* @dataset: copied. @n_labels: how many labels there are, as far as anyone knows: more than the
 * classes of a data set that has not been read whole */
GtkWindow *pl_classes_window_new (GtkWindow *parent, const PlDataset *dataset, int n_labels);

const PlDataset *pl_classes_window_get_dataset (PlClassesWindow *self);
