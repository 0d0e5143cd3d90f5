/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* Centre and width of the window in Hounsfield units, to be typed: Enter gives them to
 * "win.window-level" and closes the popover that it is in. Shows those of the moment when it
 * appears. */
#define PL_TYPE_LEVEL_ENTRY (pl_level_entry_get_type ())
G_DECLARE_FINAL_TYPE (PlLevelEntry, pl_level_entry, PL, LEVEL_ENTRY, GtkGrid)

GtkWidget *pl_level_entry_new (void);

/* Once. */
void pl_level_entry_set_state (PlLevelEntry *self, PlViewState *state);
