/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* How many pixels of a slice are inside a mask, truth and prediction each, and in both. */
typedef struct
{
  int truth;
  int prediction;
  int both;
} PlSliceCount;

/* Of every slice, into @counts; a mask that is NULL has none. Any thread; blocks (0.1 s for 465
 * slices of 512 × 512). FALSE when cancelled. */
gboolean pl_slice_strip_count (const PlMask *truth,
                               const PlMask *prediction,
                               PlSliceCount *counts,
                               GCancellable *cancellable);

/* A curve of the area of truth and prediction over the slices, to lie under the slice slider: a
 * click or drag goes to that slice. Where both masks are there, a band below says how well they
 * agree. Hidden while there is no mask, or but one slice. */
#define PL_TYPE_SLICE_STRIP (pl_slice_strip_get_type ())
G_DECLARE_FINAL_TYPE (PlSliceStrip, pl_slice_strip, PL, SLICE_STRIP, GtkWidget)

/* Once. */
void pl_slice_strip_set_state (PlSliceStrip *self, PlViewState *state);
