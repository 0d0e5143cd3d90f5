/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* Two masks on one image: the one left of a divider, the other right of it; the divider is dragged,
 * or moved by Left and Right. Or the two in turn, 0.4 s each.
 *
 * Properties "sides" (PlSwipeSides), which two; "divider" (0 … 1, 0.5), "blinking" and "outline"
 * (masks as edges). */
#define PL_TYPE_SWIPE_VIEW (pl_swipe_view_get_type ())
G_DECLARE_FINAL_TYPE (PlSwipeView, pl_swipe_view, PL, SWIPE_VIEW, GtkWidget)

/* The left and the right one. Without a second model it is always the prediction and the truth. */
typedef enum
{
  PL_SWIPE_PREDICTION_TRUTH,
  PL_SWIPE_SECOND_TRUTH,
  PL_SWIPE_PREDICTION_SECOND,
} PlSwipeSides;

#define PL_TYPE_SWIPE_SIDES (pl_swipe_sides_get_type ())
GType pl_swipe_sides_get_type (void);

/* Once. */
void pl_swipe_view_set_state (PlSwipeView *self, PlViewState *state);
