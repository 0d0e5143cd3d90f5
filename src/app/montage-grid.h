/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* The scrolled part of the montage: draws the tiles in sight from a cache that workers fill, and
 * keeps the selected tile, that of the state's slice, in sight when it changes. A GtkScrollable
 * whose accessible role is an image, described by the number of the slice. It takes no input. */
#define PL_TYPE_MONTAGE_GRID (pl_montage_grid_get_type ())
G_DECLARE_FINAL_TYPE (PlMontageGrid, pl_montage_grid, PL, MONTAGE_GRID, GtkWidget)

GtkWidget *pl_montage_grid_new (void);

/* Once. */
void pl_montage_grid_set_state (PlMontageGrid *self, PlViewState *state);

/* The longer side of a tile: PL_TILE_MIN_PX to PL_TILE_MAX_PX; clamped. The tile of slice @anchor
 * stays at its height; −1 is for the selected one, or the first, in sight. */
#define PL_TILE_MIN_PX 96
#define PL_TILE_MAX_PX 384
double pl_montage_grid_get_tile_px (PlMontageGrid *self);
void pl_montage_grid_set_tile_px (PlMontageGrid *self, double tile_px, int anchor);

/* The slice at a point of the widget, or −1. */
int pl_montage_grid_slice_at (PlMontageGrid *self, double x, double y);

/* Tiles in a row, and in the rows that fit the widget. */
int pl_montage_grid_get_columns (PlMontageGrid *self);
int pl_montage_grid_get_page (PlMontageGrid *self);

/* TRUE when each tile in sight whose slice is ready shows what the state says. */
gboolean pl_montage_grid_is_complete (PlMontageGrid *self);
