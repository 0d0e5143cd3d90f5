/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* How well the prediction in view fits the truth: a table with a row for the slice and one for the
 * case, and columns for Dice, IoU, HD95, the areas (of a case volumes) and what is in both masks or
 * in one only, which is the legend of the difference too. Said as a sentence in its accessible
 * description. Counts only while it is on the screen. */
#define PL_TYPE_COMPARE_FIGURES (pl_compare_figures_get_type ())
G_DECLARE_FINAL_TYPE (PlCompareFigures, pl_compare_figures, PL, COMPARE_FIGURES, GtkBox)

/* Once. */
void pl_compare_figures_set_state (PlCompareFigures *self, PlViewState *state);
