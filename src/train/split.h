/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/**
 * pl_split_assign:
 * @fractions: train, validation and test; each ≥ 0, they are scaled to a sum of 1
 * @seed: same seed and same cases, same split
 *
 * Deals the cases that have masks to the three parts, patient by patient (no patient is in two).
 * The sizes are nearest to the fractions in cases; a part whose fraction is above 0 gets at least
 * one patient where there are enough. Cases without a mask get PL_GROUP_NONE; those that are
 * PL_GROUP_IGNORE stay so. The data set is then of no saved split.
 */
gboolean
pl_split_assign (PlDataset *dataset, const double fractions[3], guint64 seed, GError **error);

/**
 * pl_split_settle:
 *
 * What a training does that was told of no split: one that was saved with the data set
 * (dataset->has_split) is kept as it is, else the cases are dealt as by pl_split_assign().
 *
 * Returns: FALSE with @error set when they cannot be dealt, or a split is saved but of no use: the
 *   cases that somebody kept for the test must not come into the training unasked
 */
gboolean
pl_split_settle (PlDataset *dataset, const double fractions[3], guint64 seed, GError **error);

/* Reads `path,patient,group` (as a run's split.csv; the columns may be in any order, patient may be
 * absent) and sets the groups and, where given, the patients. Cases that it does not name are
 * PL_GROUP_IGNORE. A name that the data set lacks, an unknown group, or a patient in two parts
 * (unless a column `apart` says “yes”) is an error. */
gboolean pl_split_read (PlDataset *dataset, const char *path, GError **error);

/* split.csv. */
gboolean pl_split_write (const PlDataset *dataset, const char *path, GError **error);

/* How many cases are in @group. */
int pl_split_count (const PlDataset *dataset, PlGroup group);
