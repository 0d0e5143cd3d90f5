/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/planes-state.h"

#include <gtk/gtk.h>

/* The surface of the ground truth or the prediction in three dimensions, seen from the front at
 * first. Drags and arrow keys turn it, the wheel, plus and minus zoom, a double-click and Home go
 * back. Says so in words where there is no mask, and where the display has no OpenGL.
 *
 * Signal "turned": the pose is another. */
#define PL_TYPE_SURFACE_VIEW (pl_surface_view_get_type ())
G_DECLARE_FINAL_TYPE (PlSurfaceView, pl_surface_view, PL, SURFACE_VIEW, GtkWidget)

GtkWidget *pl_surface_view_new (PlPlanesState *planes);

/* From where it is looked at. */
typedef struct
{
  double yaw_deg;   /* about the body's axis; 0 from the front */
  double pitch_deg; /* > 0: from above */
  double zoom;      /* 1: all of it is seen however it is turned */
} PlSurfacePose;

void pl_surface_view_get_pose (PlSurfaceView *self, PlSurfacePose *pose);
/* Clamped to what can be looked at. */
void pl_surface_view_set_pose (PlSurfaceView *self, const PlSurfacePose *pose);
