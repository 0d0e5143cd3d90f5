/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/montage-content.h"
#include "app/tile-paint.h"

#include <gtk/gtk.h>

/* The scrolled part of the montage: draws the tiles in sight from a cache that workers fill, and
 * keeps the selected tile in sight when another is selected. A GtkScrollable whose accessible role
 * is an image, described by the selected slice or case. It takes no input.
 *
 * Property "tile-px" (int): as below. Signal "sight-changed": other tiles are in sight. */
#define PL_TYPE_MONTAGE_GRID (pl_montage_grid_get_type ())
G_DECLARE_FINAL_TYPE (PlMontageGrid, pl_montage_grid, PL, MONTAGE_GRID, GtkWidget)

GtkWidget *pl_montage_grid_new (void);

/* Once. */
void pl_montage_grid_set_state (PlMontageGrid *self, PlViewState *state, PlMontageContent *content);

/* The longer side of a tile: PL_TILE_MIN_PX to PL_TILE_MAX_PX; clamped. The tile of subject @anchor
 * stays at its height; −1 is for the selected one, or the first, in sight. */
#define PL_TILE_MIN_PX 96
#define PL_TILE_MAX_PX 384
double pl_montage_grid_get_tile_px (PlMontageGrid *self);
void pl_montage_grid_set_tile_px (PlMontageGrid *self, double tile_px, int anchor);

/* The subject whose tile is at a point of the widget, or −1. */
int pl_montage_grid_subject_at (PlMontageGrid *self, double x, double y);

/* Tiles in a row, and in the rows that fit the widget. */
int pl_montage_grid_get_columns (PlMontageGrid *self);
int pl_montage_grid_get_page (PlMontageGrid *self);

/* (transfer full) (nullable): how tiles look now, for a worker. */
PlTileLook *pl_montage_grid_make_look (PlMontageGrid *self);

/* The middle of the selected tile; FALSE when it is not in sight. */
gboolean pl_montage_grid_find_selected (PlMontageGrid *self, double *x, double *y);

/* (transfer full) (element-type int): subjects whose tiles are in sight, in their order; none while
 * the grid is not shown. */
GArray *pl_montage_grid_list_visible (PlMontageGrid *self);

/* TRUE when each tile in sight whose subject is ready shows what the state says. */
gboolean pl_montage_grid_is_complete (PlMontageGrid *self);
