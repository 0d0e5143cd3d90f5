/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* What the tests of the views share: small volumes, and widgets drawn without a window. */

/* gtk_init_check(), with accessibility that tests can read. Exits with 77 when there is no
 * display. */
void view_rig_init (int *argc, char ***argv);

/* Of @hu everywhere, all slices ready, 1 mm a voxel; its int16 voxels may be changed. */
PlVolume *view_rig_volume (int slices, int rows, int columns, gint16 hu);
gint16 *view_rig_voxel (PlVolume *volume, int slice, int row, int column);

/* 1 in a box of rows and columns (ends excluded) of every slice, else 0. */
PlMask *view_rig_mask (const PlVolume *volume, int row0, int row1, int column0, int column1);

/* Sets a widget that has no parent to this size. */
void view_rig_resize (GtkWidget *widget, int width, int height);

/* What the widget's snapshot draws. */
cairo_surface_t *view_rig_draw (GtkWidget *widget);

/* A pixel as 0xrrggbb. */
guint32 view_rig_pixel (cairo_surface_t *picture, int x, int y);

/* The three channels differ by at most 2, as blending rounds. */
#define view_rig_assert_pixel(picture, x, y, rgb)                                                  \
  view_rig_check_pixel (G_STRLOC, picture, x, y, rgb)
void view_rig_check_pixel (const char *where, cairo_surface_t *picture, int x, int y, guint32 rgb);

/* @over on @under. */
guint32 view_rig_blend (guint32 under, guint32 over, double opacity);
