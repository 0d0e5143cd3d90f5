/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* Image, ground truth, prediction and difference of a slice beside each other, or two masks on one
 * image, linked in slice, zoom, pan and the pixel under the pointer, with the figures of the slice
 * and the case above.
 *
 * With a second model its prediction and the difference of the two are shown too.
 *
 * Properties, all boolean: "show-image", "show-truth", "show-prediction", "show-difference",
 * "show-second" and "show-models", of which the last that is TRUE stays so; "outline" (masks as
 * edges instead of fills); "swipe" (one image with a divider); "blink" (one image, two masks in
 * turn). And "divider", the divider's place from 0 to 1; "sides" (PlSwipeSides), whose masks swipe
 * and blink show; "enlarged" (PlPane), the pane that is shown alone, or PL_PANE_ALL. */
#define PL_TYPE_COMPARE_VIEW (pl_compare_view_get_type ())
G_DECLARE_FINAL_TYPE (PlCompareView, pl_compare_view, PL, COMPARE_VIEW, GtkWidget)

void pl_compare_view_set_state (PlCompareView *self, PlViewState *state);

/* Shows the pane with the focus alone, or else the first; or all again. FALSE when there is nothing
 * to choose from. */
gboolean pl_compare_view_toggle_enlarged (PlCompareView *self);
