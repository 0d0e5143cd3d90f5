/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot-axis.h"
#include "app/plot-scene.h"

#include <pango/pangocairo.h>

/* Draws a plot with cairo, for the screen and for files alike. */

typedef struct
{
  PangoContext *context; /* Borrowed */
  double text[3];        /* colours */
  double background[3];
  double grid; /* opacities of what is not to stand out */
  double pale;
} PlPlotLook;

/* An entry of the legend, of one line's height. */
typedef struct
{
  int curve;
  double x, y, width;
} PlPlotEntry;

/* Where things are: the rectangle of the curves inside the labels, its axes, and the legend. */
typedef struct
{
  double left, top, width, height;
  double line; /* height of a line of text */
  PlPlotAxis x;
  PlPlotAxis y;
  GArray *entries; /* Owned (element-type PlPlotEntry) */
} PlPlotFrame;

/* FALSE when there is no room; then nothing is to be cleared. */
gboolean pl_plot_frame_init (PlPlotFrame *frame,
                             const PlPlotScene *scene,
                             const PlPlotLook *look,
                             double width,
                             double height);
void pl_plot_frame_clear (PlPlotFrame *frame);

/* The curve whose entry is at a place, or −1. */
int pl_plot_frame_find_entry (const PlPlotFrame *frame, double x, double y);
double pl_plot_frame_to_x (const PlPlotFrame *frame, double x_px);
double pl_plot_frame_from_x (const PlPlotFrame *frame, double x);

void pl_plot_draw (const PlPlotScene *scene,
                   const PlPlotFrame *frame,
                   const PlPlotLook *look,
                   cairo_t *cr);

/* Small text in the colour of @cr, for plots of other kinds too. @align: 0 puts it right of @x, 1
 * left of it, 0.5 around it; @y is its middle. Nothing is drawn when @cr is NULL. Returns: its
 * width */
double pl_plot_draw_text (
    PangoContext *context, cairo_t *cr, const char *text, double x, double y, double align);
