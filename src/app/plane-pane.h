/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/planes-state.h"

#include <gtk/gtk.h>

/* One plane of the volume with its overlays and the crosshair. A click moves the crosshair, a drag
 * of its lines too; any other drag changes the window, with Shift or the middle button it pans,
 * with the right one it zooms. Wheel and Page Up/Down go through the planes, arrows move the
 * crosshair. */
#define PL_TYPE_PLANE_PANE (pl_plane_pane_get_type ())
G_DECLARE_FINAL_TYPE (PlPlanePane, pl_plane_pane, PL, PLANE_PANE, GtkWidget)

GtkWidget *pl_plane_pane_new (PlPlanesState *planes, PlPlaneKind kind);

/* Whether it says what holds of all planes: scale, convention, colours. At first the axial one. */
void pl_plane_pane_set_annotated (PlPlanePane *self, gboolean is_annotated);
