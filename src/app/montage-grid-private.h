/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/montage-grid.h"
#include "app/montage-layout.h"
#include "app/montage-tiles.h"

/* The grid's struct, for its files: montage-grid.c (which tiles are in sight, and where) and
 * montage-grid-scroll.c (what GtkScrollable asks for). Main thread. */

#define PL_TILE_DEFAULT_PX 192

struct _PlMontageGrid
{
  GtkWidget parent_instance;

  /* Owned */
  PlViewState *state;
  PlMontageContent *content;
  PlMontageTiles *tiles;
  GtkAdjustment *adjustments[2]; /* by GtkOrientation */

  PlMontageLayout layout;
  GtkScrollablePolicy policies[2];
  double tile_px;
  int selected; /* the subject that was last brought in sight */
};

/* montage-grid.c */
/* The top of what is in sight. */
double pl_montage_grid_get_top (PlMontageGrid *self);
/* After whatever may have changed what is in sight. */
void pl_montage_grid_show_visible (PlMontageGrid *self);

/* montage-grid-scroll.c */
void pl_montage_grid_install_properties (GObjectClass *object_class);
void pl_montage_grid_clear_adjustment (PlMontageGrid *self, GtkOrientation orientation);
/* @adjustment: (nullable): a new one. */
void pl_montage_grid_set_adjustment (PlMontageGrid *self,
                                     GtkOrientation orientation,
                                     GtkAdjustment *adjustment);
/* Scrolls to @value of a length of @upper. */
void pl_montage_grid_configure (PlMontageGrid *self,
                                GtkOrientation orientation,
                                double value,
                                double upper);
