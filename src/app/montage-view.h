/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* All slices of the volume in view as a scrolling grid of tiles with their overlays; a click
 * chooses a slice, a double click emits "open-slice". Tiles are drawn at their size in a worker and
 * cached. */
#define PL_TYPE_MONTAGE_VIEW (pl_montage_view_get_type ())
G_DECLARE_FINAL_TYPE (PlMontageView, pl_montage_view, PL, MONTAGE_VIEW, GtkWidget)

void pl_montage_view_set_state (PlMontageView *self, PlViewState *state);
