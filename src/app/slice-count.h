/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/mask.h"

#include <gio/gio.h>

/* How many pixels of a slice are inside a mask, truth and prediction each, and in both; of all
 * labels together or of one. */
typedef struct
{
  int truth;
  int prediction;
  int both;
  int same; /* in both, and where both masks have several labels as the same one */
} PlSliceCount;

/* Whether a mask has several labels; @mask: (nullable) */
gboolean pl_slice_count_has_labels (const PlMask *mask);

/* How many labels are counted by themselves: 0 unless a mask has several, and PL_LABEL_COLOURS at
 * most. A mask that has one has none of them. Masks may be NULL. */
int pl_slice_count_n_labels (const PlMask *truth, const PlMask *prediction);

/* Of every slice all labels together into @counts, then those of label 1, and so on; a mask that is
 * NULL has none. Any thread; blocks (0.3 s for 465 slices of 512 × 512, 0.7 s where there are
 * several labels). FALSE when cancelled. */
gboolean pl_slice_count_masks (const PlMask *truth,
                               const PlMask *prediction,
                               PlSliceCount *counts,
                               GCancellable *cancellable);
