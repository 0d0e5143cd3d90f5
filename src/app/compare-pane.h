/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/slice-view.h"

/* A pane of the Compare view: a slice view, what it shows above it, and in its middle what it
 * lacks. Properties "pane" (PlPane), when made; "outline" and "annotated", as of the slice view;
 * and "enlarged", which is but what the button beside the caption says: the view shows the pane
 * alone. The button is there if "can-enlarge". */
#define PL_TYPE_COMPARE_PANE (pl_compare_pane_get_type ())
G_DECLARE_FINAL_TYPE (PlComparePane, pl_compare_pane, PL, COMPARE_PANE, GtkBox)

/* Once. */
void pl_compare_pane_set_state (PlComparePane *self, PlViewState *state);
