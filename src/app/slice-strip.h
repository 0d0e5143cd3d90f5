/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* How many pixels of a slice are inside a mask, truth and prediction each, and in both; of all
 * labels together or of one. */
typedef struct
{
  int truth;
  int prediction;
  int both;
  int same; /* in both, and where both masks have several labels as the same one */
} PlSliceCount;

/* How many labels are counted by themselves: 0 unless a mask has several, and PL_LABEL_COLOURS at
 * most. A mask that has one has none of them. Masks may be NULL. */
int pl_slice_strip_count_labels (const PlMask *truth, const PlMask *prediction);

/* Of every slice all labels together into @counts, then those of label 1, and so on; a mask that is
 * NULL has none. Any thread; blocks (0.2 s for 465 slices of 512 × 512). FALSE when cancelled. */
gboolean pl_slice_strip_count (const PlMask *truth,
                               const PlMask *prediction,
                               PlSliceCount *counts,
                               GCancellable *cancellable);

/* A curve of the area of truth and prediction over the slices, of each class where there are
 * several, to lie under the slice slider: a click or drag goes to that slice. Where both masks are
 * there, a band below says how well they agree. Hidden while there is no mask, or but one slice. */
#define PL_TYPE_SLICE_STRIP (pl_slice_strip_get_type ())
G_DECLARE_FINAL_TYPE (PlSliceStrip, pl_slice_strip, PL, SLICE_STRIP, GtkWidget)

/* Once. */
void pl_slice_strip_set_state (PlSliceStrip *self, PlViewState *state);
