/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* Image, ground truth, prediction and difference of a slice beside each other, linked in slice,
 * zoom and pan, with the slice's and the case's Dice below. */
#define PL_TYPE_COMPARE_VIEW (pl_compare_view_get_type ())
G_DECLARE_FINAL_TYPE (PlCompareView, pl_compare_view, PL, COMPARE_VIEW, GtkWidget)

void pl_compare_view_set_state (PlCompareView *self, PlViewState *state);
