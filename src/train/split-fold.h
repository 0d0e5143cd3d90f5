/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/**
 * pl_split_assign_fold:
 * @n_folds: 2 or more, and no more than there are patients
 * @fold: from 0
 * @validation: share of what is not tested, 0 or more and less than 1
 * @seed: same seed, cases and @n_folds: same folds
 *
 * Deals the patients with masks to @n_folds folds of nearly equal size in cases. Fold @fold becomes
 * the test part, so over all folds each patient is tested exactly once; of the others @validation
 * becomes the validation part and the rest the training part. Cases that are PL_GROUP_IGNORE stay
 * so, cases without a mask get PL_GROUP_NONE; what else the groups were does not matter.
 *
 * Returns: FALSE with @error set to PL_TRAIN_ERROR_DATASET, the groups as they were
 */
gboolean pl_split_assign_fold (
    PlDataset *dataset, int n_folds, int fold, double validation, guint64 seed, GError **error);

/**
 * pl_split_keep_share:
 * @share: above 0, at most 1
 * @seed: same seed: what a smaller share keeps is part of what a larger one keeps
 *
 * Keeps that share of the training part's patients, at least one; the others become
 * PL_GROUP_IGNORE. The other parts stay. Call it on the whole training part, not on a share of it.
 */
gboolean pl_split_keep_share (PlDataset *dataset, double share, guint64 seed, GError **error);
