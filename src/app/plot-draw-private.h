/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot-draw.h"

/* For plot-draw.c (axes, legend, curves) and plot-draw-marks.c (what lies over the curves). */

#define PL_PLOT_DOT_PX 3.0

typedef struct
{
  const PlPlotScene *scene;
  const PlPlotFrame *frame;
  const PlPlotLook *look;
  cairo_t *cr;
} PlPlotDrawing;

void pl_plot_set_rgb (cairo_t *cr, guint32 rgb, double opacity);
void pl_plot_set_text_colour (const PlPlotDrawing *d, double opacity);
double pl_plot_map_x (const PlPlotDrawing *d, double x);
double pl_plot_map_y (const PlPlotDrawing *d, double y);

/* plot-draw-marks.c: goals, the best epoch, the epoch that is looked at, and what is read. */
void pl_plot_draw_levels (const PlPlotDrawing *d);
void pl_plot_draw_mark (const PlPlotDrawing *d);
void pl_plot_draw_cursor (const PlPlotDrawing *d);
void pl_plot_draw_reading (const PlPlotDrawing *d);
