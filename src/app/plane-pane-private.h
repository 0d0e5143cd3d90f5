/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/overlay-draw.h"
#include "app/pending.h"
#include "app/plane-job.h"
#include "app/plane-pane.h"
#include "app/slice-paint.h"
#include "app/view-tools.h"

/* The pane's struct, for its files: plane-pane.c (what it is), plane-pane-draw.c,
 * plane-pane-input.c and plane-pane-tools.c. Main thread. */

typedef enum
{
  PL_PLANE_DRAG_WINDOW,
  PL_PLANE_DRAG_CROSSHAIR,
  PL_PLANE_DRAG_PAN,
  PL_PLANE_DRAG_ZOOM,
  PL_PLANE_DRAG_TOOL,
} PlPlaneDrag;

struct _PlPlanePane
{
  GtkWidget parent_instance;

  PlPlaneKind kind;
  gboolean is_annotated;

  /* Owned */
  PlPlanesState *planes;
  PlPlaneJob *shown;  /* (nullable): painted last */
  PlPending painting; /* the next */
  gboolean is_old;    /* what is being painted is no longer what is wanted */

  PlOverlayOutline outlines[2]; /* Owned: of truth and prediction in @shown */

  /* Input: the pointer, and what there was when the drag began */
  double pointer_x;
  double pointer_y;
  double scrolled; /* part of a notch */
  PlPlaneDrag drag;
  gboolean drag_is_on;
  PlWindow drag_window;
  double drag_zoom;
  double drag_pan[3];
  PlTool drag_tool;
  PlViewTools tools;
  gboolean hand_marks; /* what is at work: else keys do, and it follows the crosshair */
};

/* plane-pane.c */
/* Where the plane's picture lies in the widget. FALSE when there is nothing to show. */
gboolean pl_plane_pane_find_place (PlPlanePane *self, PlReslice *reslice, PlSlicePlace *place);
const char *pl_plane_pane_name (PlPlanePane *self);
/* (nullable) (transfer full): what is projected. */
char *pl_plane_pane_dup_slab (PlPlanePane *self);
/* What screen readers say of it: the plane, the crosshair, and what was measured. */
void pl_plane_pane_describe (PlPlanePane *self);

/* plane-pane-draw.c */
void pl_plane_pane_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);

/* plane-pane-input.c */
void pl_plane_pane_add_controllers (PlPlanePane *self);
/* Where the crosshair is in the widget. */
void pl_plane_pane_find_crosshair (
    PlPlanePane *self, const PlReslice *reslice, const PlSlicePlace *place, double *x, double *y);

/* plane-pane-tools.c */
void pl_plane_pane_begin_tool (PlPlanePane *self, double x, double y);
void pl_plane_pane_drag_tool (PlPlanePane *self, double x, double y);
void pl_plane_pane_end_tool (PlPlanePane *self);
void pl_plane_pane_forget_tools (PlPlanePane *self);
/* (nullable) (transfer full): what was measured on the plane in view. */
char *pl_plane_pane_dup_length (PlPlanePane *self);
/* A key: begins or ends at the crosshair what the view's tool does. FALSE without a tool. */
gboolean pl_plane_pane_mark (PlPlanePane *self);
/* The crosshair has moved. */
void pl_plane_pane_follow_crosshair (PlPlanePane *self);
void pl_plane_pane_draw_tools (PlPlanePane *self, GtkSnapshot *snapshot, const PlSlicePlace *place);
