/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/montage-grid.h"

#include <gtk/gtk.h>

/* All slices of the volume in view, or all cases of one slice, as a scrolling grid of tiles with
 * their overlays, under a bar with what to show and how. Tiles are drawn at their size in a worker
 * and cached. A click chooses a tile, as do arrows, Page, Home and End; Ctrl+wheel changes the size
 * of the tiles; a menu comes by the right button, or the Menu key.
 *
 * Signals: "open-tile": a double click, or Enter, on a tile, which is selected by then;
 * "case-chosen" (PlCaseItem): a tile that is a case was. */
#define PL_TYPE_MONTAGE_VIEW (pl_montage_view_get_type ())
G_DECLARE_FINAL_TYPE (PlMontageView, pl_montage_view, PL, MONTAGE_VIEW, GtkWidget)

/* Once. */
void pl_montage_view_set_state (PlMontageView *self, PlViewState *state);

/* Borrowed; the content is NULL before there is a state. */
PlMontageContent *pl_montage_view_get_content (PlMontageView *self);
PlMontageGrid *pl_montage_view_get_grid (PlMontageView *self);

/* Opens the selected tile, if there is one. */
void pl_montage_view_open (PlMontageView *self);
