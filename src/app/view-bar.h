/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* What belongs to every view: the slice slider with its label, the pixel under the pointer, the
 * window and colour drop-downs, and the masks' toggles and opacity. */
#define PL_TYPE_VIEW_BAR (pl_view_bar_get_type ())
G_DECLARE_FINAL_TYPE (PlViewBar, pl_view_bar, PL, VIEW_BAR, GtkBox)

/* Once. */
void pl_view_bar_set_state (PlViewBar *self, PlViewState *state);

/* @preset: id of a preset, or "custom". */
void pl_view_bar_set_preset (PlViewBar *self, const char *preset);

/* @names: (nullable): class names, label 1 first. */
void pl_view_bar_set_class_names (PlViewBar *self, GStrv names);
