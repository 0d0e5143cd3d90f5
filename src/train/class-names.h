/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/* What somebody has called the classes of a data set: the member "classes" of its
 * pleura-manifest.json, {"names": ["lung"], "sides": ["left lung", "right lung"]}: of label 1
 * first, and of the lungs when a mask of both is taken apart. They go before dataset.json's. */

/* In characters. */
#define PL_CLASS_NAME_LONGEST 64

/* What labels are when nobody has named them: "class 2". */
char *pl_class_name_dup_default (int label);

/* Whether a name, English or Korean, says that it is of lungs, or of one side of the body. */
gboolean pl_class_name_is_lung (const char *name);
gboolean pl_class_name_is_side (const char *name);

/**
 * pl_class_names_check:
 * @names: of label 1 first
 *
 * Returns: FALSE with PL_TRAIN_ERROR_DATASET when one is empty, longer than PL_CLASS_NAME_LONGEST,
 *   has control characters, or is there twice, or when there are more names than labels
 */
gboolean pl_class_names_check (GStrv names, GError **error);

/* For pl_dataset_open(). Names that are of no use become a problem. */
void pl_class_names_read (PlDataset *dataset);

/* Names the classes from now on; both are good, or NULL for none. */
void pl_class_names_use (PlDataset *dataset, GStrv names, GStrv sides);

/**
 * pl_class_names_write:
 *
 * Saves the names that were given with the data set, or that none were. What else the manifest has
 * stays. A data set of single files has no place for them.
 */
gboolean pl_class_names_write (const PlDataset *dataset, GError **error);
