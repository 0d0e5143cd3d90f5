/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/slice-paint.h"
#include "app/slice-view.h"

/* The slice view's struct, for its files: slice-view.c (what it is and how it is drawn) and
 * slice-view-input.c (pointer and touch). Main thread. */

typedef enum
{
  DRAG_WINDOW,
  DRAG_PAN,
  DRAG_ZOOM,
} PlSliceDrag;

struct _PlSliceView
{
  GtkWidget parent_instance;

  /* Owned */
  PlViewState *state;

  PlPane pane;

  /* Owned: what was painted last, until what it shows changes */
  GdkTexture *fill;
  GdkTexture *outline;
  PlSlicePlace outline_place; /* in device pixels */
  cairo_rectangle_int_t outline_area;

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
};

/* Of the image as a texture, which belongs to the state: all views of it draw the same. */
GQuark pl_slice_view_image_quark (void);

/* Where the image lies in the widget. FALSE when there is nothing to show. */
gboolean pl_slice_view_find_place (PlSliceView *self, PlSlicePlace *place);

/* slice-view-input.c */
void pl_slice_view_add_controllers (PlSliceView *self);
/* The pixel under the pointer may be another one now. */
void pl_slice_view_update_probe (PlSliceView *self);
