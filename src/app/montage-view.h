/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* All slices of the volume in view as a scrolling grid of tiles with their overlays. Tiles are
 * drawn at their size in a worker and cached. A click chooses a slice, as do arrows, Page, Home and
 * End; Ctrl+wheel changes the size of the tiles.
 *
 * Signal "open-slice" (int): a double click, or Enter, on a slice. */
#define PL_TYPE_MONTAGE_VIEW (pl_montage_view_get_type ())
G_DECLARE_FINAL_TYPE (PlMontageView, pl_montage_view, PL, MONTAGE_VIEW, GtkWidget)

/* Once. */
void pl_montage_view_set_state (PlMontageView *self, PlViewState *state);
