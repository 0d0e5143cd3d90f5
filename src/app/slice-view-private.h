/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/overlay-draw.h"
#include "app/slice-paint.h"
#include "app/slice-view.h"
#include "app/view-tools.h"

/* The slice view's struct, for its files: slice-view.c (what it is), slice-view-draw.c (image
 * and masks), slice-view-input.c (pointer and touch), slice-view-tools.c (ruler and region) and
 * slice-view-marks.c (what is written over the image). Main thread.
 *
 * Places are in the frame of the image as it lies in memory, which is the widget's own unless the
 * image is turned: then the frame is turned with it, around the widget's middle. */

typedef enum
{
  DRAG_WINDOW,
  DRAG_PAN,
  DRAG_ZOOM,
  DRAG_TOOL,
} PlSliceDrag;

struct _PlSliceView
{
  GtkWidget parent_instance;

  /* Owned */
  PlViewState *state;

  PlPane pane;
  gboolean is_outlined;
  gboolean marks_are_apart;
  gboolean is_annotated;

  /* Owned: what was painted last, until what it shows changes */
  GdkTexture *tinted; /* the image with what is filled */
  GdkTexture *heat;
  PlOverlayOutline outlines[2]; /* the pane's own, and of the prediction in the pane of all */

  /* Input: the pointer, and where the drag or pinch began */
  gboolean pointer_is_inside;
  double pointer_x;
  double pointer_y;
  double scrolled; /* part of a notch */
  PlSliceDrag drag;
  gboolean drag_is_on; /* it moved far enough to be no click */
  PlWindow drag_window;
  double drag_zoom;
  double drag_pan_x;
  double drag_pan_y;

  /* Tools */
  PlTool drag_tool;
  PlViewTools tools;
};

/* Of the image as a texture, which belongs to the state: all views of it draw the same. */
GQuark pl_slice_view_image_quark (void);

/* Where the image lies in the widget. FALSE when there is nothing to show. */
gboolean pl_slice_view_find_place (PlSliceView *self, PlSlicePlace *place);
void pl_slice_view_get_frame (PlSliceView *self, double *width, double *height);

/* A point of the widget in the frame, and back. */
void pl_slice_view_to_frame (PlSliceView *self, double *x, double *y);
void pl_slice_view_from_frame (PlSliceView *self, double *x, double *y);

/* What screen readers say of it: the slice, and what was measured. */
void pl_slice_view_describe (PlSliceView *self);

/* slice-view-draw.c */
void pl_slice_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);

/* (nullable): the probabilities of the slice in view, if they are what is shown of it. */
const guint8 *pl_slice_view_find_heat (PlSliceView *self);

/* slice-view-input.c */
void pl_slice_view_add_controllers (PlSliceView *self);
/* The pixel under the pointer may be another one now. */
void pl_slice_view_update_probe (PlSliceView *self);

/* slice-view-tools.c */
void pl_slice_view_begin_tool (PlSliceView *self, PlTool tool, double x, double y);
void pl_slice_view_drag_tool (PlSliceView *self, double x, double y);
void pl_slice_view_end_tool (PlSliceView *self);
void pl_slice_view_forget_tools (PlSliceView *self);
/* (nullable) (transfer full): what was measured. */
char *pl_slice_view_dup_length (PlSliceView *self);
/* A key: begins or ends at the probe what the state's tool does. FALSE without a tool. */
gboolean pl_slice_view_mark (PlSliceView *self);
/* The probe has been moved by keys. */
void pl_slice_view_follow_probe (PlSliceView *self);

/* slice-view-marks.c */
void pl_slice_view_draw_words (PlSliceView *self, GtkSnapshot *snapshot, const PlSlicePlace *place);
void pl_slice_view_draw_tools (PlSliceView *self, GtkSnapshot *snapshot, const PlSlicePlace *place);
/* Text on a dark box, its middle at @x, @y. */
void pl_slice_view_draw_text (
    PlSliceView *self, GtkSnapshot *snapshot, const char *text, double x, double y);
