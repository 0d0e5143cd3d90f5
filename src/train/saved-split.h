/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/* The split that lies with a data set: the member "split" of its pleura-manifest.json,
 * {"cases_apart": false, "cases": {"2d_images/a.tif": {"group": "train", "patient": "2"}}}. */

/**
 * pl_saved_split_read:
 *
 * For pl_dataset_open(). Sets groups, patients, has_split and split_file when a split is saved. One
 * that is of no use becomes split_problem and a problem; cases that it does not name are
 * PL_GROUP_NONE, and they and the names that the data set lacks become a notice.
 */
void pl_saved_split_read (PlDataset *dataset);

/**
 * pl_saved_split_write:
 *
 * Saves groups and patients of all cases. What else the manifest has stays, and so does what a
 * split in it says of cases that are not there. A data set of single files has no place for one.
 */
gboolean pl_saved_split_write (const PlDataset *dataset, GError **error);
