/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/planes-state.h"
#include "app/surface-view.h"

#include <gtk/gtk.h>

/* In the order of their places; PL_PLANES_ALL is none of them. */
typedef enum
{
  PL_PLANES_ALL,
  PL_PLANES_AXIAL,
  PL_PLANES_CORONAL,
  PL_PLANES_SAGITTAL,
  PL_PLANES_SURFACE,
} PlPlanesPane;

#define PL_TYPE_PLANES_PANE (pl_planes_pane_get_type ())
GType pl_planes_pane_get_type (void);

/* Axial, coronal and sagittal planes of the volume, linked by a crosshair, and the surface of a
 * mask in three dimensions, two by two. Property "enlarged" (PlPlanesPane): the one that is shown
 * alone. */
#define PL_TYPE_PLANES_VIEW (pl_planes_view_get_type ())
G_DECLARE_FINAL_TYPE (PlPlanesView, pl_planes_view, PL, PLANES_VIEW, GtkWidget)

/* Once. The planes' state is made for it. */
void pl_planes_view_set_state (PlPlanesView *self, PlViewState *state);
PlPlanesState *pl_planes_view_get_planes (PlPlanesView *self);  /* (transfer none) */
PlSurfaceView *pl_planes_view_get_surface (PlPlanesView *self); /* (transfer none) */

/* Shows the pane with the focus alone, or else the first; or all again. */
void pl_planes_view_toggle_enlarged (PlPlanesView *self);
