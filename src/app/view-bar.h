/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* What belongs to every view: the slice slider with its label, the case's name, the pixel under the
 * pointer, the window and colour drop-downs, and the masks' toggles and opacity. */
#define PL_TYPE_VIEW_BAR (pl_view_bar_get_type ())
G_DECLARE_FINAL_TYPE (PlViewBar, pl_view_bar, PL, VIEW_BAR, GtkBox)

/* Once. */
void pl_view_bar_set_state (PlViewBar *self, PlViewState *state);

/* @preset: id of a preset, or "custom". */
void pl_view_bar_set_preset (PlViewBar *self, const char *preset);

/* The case in view, (nullable): @title is what the list calls it, @name the whole name. */
void pl_view_bar_set_case (PlViewBar *self, const char *title, const char *name);

/* @volume of @n in the file, from 0; chosen with "win.volume". Hidden where there is but one. */
void pl_view_bar_set_volume (PlViewBar *self, int volume, int n);

/* Opens the entry for the number of a slice. */
void pl_view_bar_ask_slice (PlViewBar *self);

/* Takes @source, which drags what the button for copying copies. Once. */
void pl_view_bar_add_picture_drag (PlViewBar *self, GtkDragSource *source);

/* Opens the window presets with the focus in the entry for centre and width. */
void pl_view_bar_ask_level (PlViewBar *self);
