/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"
#include "image/reslice.h"

/* What the panes of the Planes view share beyond the view state: the crosshair, whose slice is the
 * view state's, and the slab. Main thread.
 * Signals: "moved" when the crosshair has, "changed" when anything else here has. */
#define PL_TYPE_PLANES_STATE (pl_planes_state_get_type ())
G_DECLARE_FINAL_TYPE (PlPlanesState, pl_planes_state, PL, PLANES_STATE, GObject)

PlPlanesState *pl_planes_state_new (PlViewState *view);
PlViewState *pl_planes_state_get_view (PlPlanesState *self); /* (transfer none) */

/* The crosshair: slice, row and column, each clamped to the volume; the middle of a new one. */
void pl_planes_state_get_voxel (PlPlanesState *self, int voxel[3]);
void pl_planes_state_set_voxel (PlPlanesState *self, const int voxel[3]);

/* Property "thickness-mm": of the slab, 1…500 (20). */
double pl_planes_state_get_thickness_mm (PlPlanesState *self);
void pl_planes_state_set_thickness_mm (PlPlanesState *self, double thickness_mm);

PlProjection pl_planes_state_get_projection (PlPlanesState *self);
void pl_planes_state_set_projection (PlPlanesState *self, PlProjection projection);

const char *pl_projection_name (PlProjection projection); /* translated */

/* Whose surface is shown: the prediction's (FALSE: the truth's). */
gboolean pl_planes_state_get_surface_is_prediction (PlPlanesState *self);
void pl_planes_state_set_surface_is_prediction (PlPlanesState *self, gboolean is_prediction);

/* How the volume is moved in the panes, in voxels along slices, rows and columns; the latter two
 * are the view state's pan. */
void pl_planes_state_get_pan (PlPlanesState *self, double pan[3]);
void pl_planes_state_set_zoom (PlPlanesState *self, double zoom, const double pan[3]);

/* How the plane lies, hung as the view state says. Needs a volume. */
PlReslice pl_planes_state_find_reslice (PlPlanesState *self, PlPlaneKind kind);
