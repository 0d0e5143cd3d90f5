/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* Prediction and ground truth on one image: the prediction left of a divider, the truth right of
 * it; the divider is dragged, or moved by Left and Right. Or the two in turn, 0.4 s each.
 *
 * Properties "divider" (0 … 1, 0.5), "blinking" and "outline" (masks as edges). */
#define PL_TYPE_SWIPE_VIEW (pl_swipe_view_get_type ())
G_DECLARE_FINAL_TYPE (PlSwipeView, pl_swipe_view, PL, SWIPE_VIEW, GtkWidget)

/* Once. */
void pl_swipe_view_set_state (PlSwipeView *self, PlViewState *state);
