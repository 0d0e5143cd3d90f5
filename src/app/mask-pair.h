/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/comparison.h"
#include "app/view-state.h"

/* Two of the masks in view, of the slice or of the whole case, and how well they fit: in the
 * comparison @first stands for the prediction and @second for the truth. It does nothing by itself,
 * since what nobody looks at need not be counted. Main thread.
 * Signal "changed": there is another comparison, or none any more. */
#define PL_TYPE_MASK_PAIR (pl_mask_pair_get_type ())
G_DECLARE_FINAL_TYPE (PlMaskPair, pl_mask_pair, PL, MASK_PAIR, GObject)

PlMaskPair *
pl_mask_pair_new (PlViewState *state, PlMaskKind first, PlMaskKind second, gboolean is_of_slice);

/* Looks at the masks that are in view now. Of a slice everything but the HD95 is known at once. */
void pl_mask_pair_update (PlMaskPair *self);

/* Drops what is known or being measured; needed when the same masks are of another volume. */
void pl_mask_pair_forget (PlMaskPair *self);

/* NULL: not known, or one of the two is not there. */
const PlComparison *pl_mask_pair_get (PlMaskPair *self);
