/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/slice-count.h"
#include "app/view-state.h"

#include <gtk/gtk.h>

/* A curve of the area of truth and prediction over the slices, of each class where there are
 * several, to lie under the slice slider: a click or drag goes to that slice. Where both masks are
 * there, a band below says how well they agree. Hidden while there is no mask, or but one slice. */
#define PL_TYPE_SLICE_STRIP (pl_slice_strip_get_type ())
G_DECLARE_FINAL_TYPE (PlSliceStrip, pl_slice_strip, PL, SLICE_STRIP, GtkWidget)

/* Once. */
void pl_slice_strip_set_state (PlSliceStrip *self, PlViewState *state);
