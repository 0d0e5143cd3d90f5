/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* What hands do to images, alike in all views: a shaking hand does not drag, wheels turn in notches
 * and touchpads in pixels, a drag this far zooms 2.7 times. */
#define PL_DRAG_THRESHOLD_PX 3.0
#define PL_ZOOM_PER_NOTCH 1.2
#define PL_SCROLL_PX_PER_NOTCH 30.0
#define PL_ZOOM_DRAG_PX 150.0

/* Ruler and region: two ways to mark something on a picture instead of moving it. Points are in the
 * picture's pixels, so that zoom and turn leave them where they are; the middle of a pixel is at a
 * half. Plain values, zero at first; main thread. */

typedef struct
{
  double column0;
  double row0;
  double column1;
  double row1;
} PlToolLine;

typedef struct
{
  PlTool at_work; /* between its beginning and its end */
  PlToolLine region;

  gboolean has_line;
  PlToolLine line; /* what is, or was, measured */
  int plane;       /* the slice or plane that the tool was begun on */
} PlViewTools;

/* A line that was measured before goes when any tool begins. */
void pl_view_tools_begin (PlViewTools *self, PlTool tool, int plane, double column, double row);
void pl_view_tools_move (PlViewTools *self, double column, double row);

/* Returns which tool was at work. */
PlTool pl_view_tools_end (PlViewTools *self);

/* Another plane is in view: what is at work on the one before is given up. */
void pl_view_tools_leave (PlViewTools *self, int plane);

/* (nullable) (transfer full): the line of @plane as "12.3 mm", or in pixels where their size is not
 * known. */
char *pl_view_tools_dup_length (
    const PlViewTools *self, int plane, gboolean has_spacing, double column_mm, double row_mm);

/* The pixels that the region touches, from the first to one past the last, within a picture of
 * @rows × @columns. */
typedef struct
{
  int row0;
  int row1;
  int column0;
  int column1;
} PlToolPart;

PlToolPart pl_view_tools_find_part (const PlViewTools *self, int rows, int columns);

/* What a drag by so many pixels of the screen makes of a window: across its width, down its level.
 */
PlWindow pl_view_tools_drag_window (PlWindow window, double dx_px, double dy_px);

/* A point of the picture in the widget. */
typedef void (*PlToolMap) (
    GtkWidget *widget, double column, double row, gpointer data, double *x, double *y);

/* The line that was measured, if there is a @length (nullable) to say, and the region at work. */
void pl_view_tools_draw (const PlViewTools *self,
                         GtkWidget *widget,
                         GtkSnapshot *snapshot,
                         const char *length,
                         PlToolMap map,
                         gpointer data);

/* At the lower left, 1, 2 or 5 times a power of ten long; nothing where it would not fit. */
void pl_view_tools_draw_scale_bar (GtkWidget *widget, GtkSnapshot *snapshot, double px_per_mm);
