/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/slice-paint.h"

#include <gtk/gtk.h>

/* What views of an image draw over it. Main thread. */

#define PL_OVERLAY_TEXT ((GdkRGBA){ 0.85f, 0.85f, 0.85f, 1 })
#define PL_OVERLAY_BACK ((GdkRGBA){ 0, 0, 0, 0.55f })

/* Less wide than this there is no room for scale bar, letter and convention in a row. */
#define PL_OVERLAY_NARROW_PX 220

/* Text on a dark box. The point @x, @y is at @align of its width (0 the left end, 1 the right) and
 * @align_y of its height. */
void pl_overlay_draw_text (GtkWidget *widget,
                           GtkSnapshot *snapshot,
                           const char *text,
                           double x,
                           double y,
                           double align,
                           double align_y,
                           const GdkRGBA *colour);

/* At the lower right: on which side the patient's left is. */
void
pl_overlay_draw_convention (GtkWidget *widget, GtkSnapshot *snapshot, gboolean is_neurological);

/* What the colours of probabilities mean, with its upper left corner at @x, @y; nothing in a widget
 * that is too low for it. */
void pl_overlay_draw_heat_bar (GtkWidget *widget, GtkSnapshot *snapshot, float x, float y);

/* The outline of a mask at the size of the screen, kept until it lies elsewhere. Zero: none. */
typedef struct
{
  GdkTexture *texture; /* Owned */
  PlSlicePlace place;  /* in device pixels */
  cairo_rectangle_int_t area;
} PlOverlayOutline;

/* Draws the outline of @labels (nullable; rows × columns), which lie at @place in a view of @width
 * × @height, in the colours of pl_label_rgb (@of, …); of other labels only after
 * pl_overlay_outline_clear(). */
void pl_overlay_outline_draw (PlOverlayOutline *outline,
                              GtkWidget *widget,
                              GtkSnapshot *snapshot,
                              const guint8 *labels,
                              int rows,
                              int columns,
                              guint32 of,
                              const PlSlicePlace *place,
                              int width,
                              int height);
void pl_overlay_outline_clear (PlOverlayOutline *outline);
