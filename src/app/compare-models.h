/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* How well the predictions of two models fit: a table with two rows, of the slice and of the case,
 * for each model against the ground truth (with the model's name) and for the first against the
 * second, and columns for Dice, IoU, HD95, size and what is in both masks or in one only; the
 * size of the truth; and where there are several classes the Dice of each by both models. Said as
 * sentences in its accessible description. Counts only while it is on the screen. */
#define PL_TYPE_COMPARE_MODELS (pl_compare_models_get_type ())
G_DECLARE_FINAL_TYPE (PlCompareModels, pl_compare_models, PL, COMPARE_MODELS, GtkBox)

/* Once. */
void pl_compare_models_set_state (PlCompareModels *self, PlViewState *state);
