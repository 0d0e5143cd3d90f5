/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* A plot of a few curves over steps, epochs or time, drawn with cairo. Curves are appended to and
 * never resampled; drawing takes one min/max pair a pixel column. Its accessible role is an image,
 * named by the title, with the latest values in the description.
 *
 * "cursor-moved" (double): the user drags the cursor to this epoch
 * "cursor-dropped": and lets it go */
#define PL_TYPE_PLOT (pl_plot_get_type ())
G_DECLARE_FINAL_TYPE (PlPlot, pl_plot, PL, PLOT, GtkWidget)

/* Where a value lies: each has all three, so that any of them can be the x axis. */
typedef struct
{
  double step;
  double epoch; /* with its fraction */
  double time_s;
} PlPlotAt;

typedef enum
{
  PL_PLOT_BY_STEP,
  PL_PLOT_BY_EPOCH,
  PL_PLOT_BY_TIME,
} PlPlotBy;

typedef enum
{
  PL_CURVE_LINE, /* a value each step: a thin line */
  PL_CURVE_DOTS, /* a value each epoch: a line with a dot at each value */
} PlCurveKind;

/* @title: shown, and the accessible name. */
void pl_plot_set_title (PlPlot *self, const char *title);

/* The y axis shows at least @low…@high; it grows with the data. */
void pl_plot_set_range (PlPlot *self, double low, double high);

/* What the x axis is; epochs at first. */
void pl_plot_set_by (PlPlot *self, PlPlotBy by);

/* @rgb: 0xrrggbb
 * Returns: the curve's number, its own until it is removed */
int pl_plot_add_curve (PlPlot *self, const char *name, guint32 rgb, PlCurveKind kind);
void pl_plot_remove_curve (PlPlot *self, int curve);

/* @at grows in all its members. Not-finite y is a gap. */
void pl_plot_append (PlPlot *self, int curve, PlPlotAt at, double y);

/* The same with a shaded band around the curve, such as a mean with its deviation. */
void pl_plot_append_band (PlPlot *self, int curve, PlPlotAt at, double low, double y, double high);
guint pl_plot_n_points (PlPlot *self, int curve);

/* Removes the points of every curve. */
void pl_plot_clear (PlPlot *self);

/* A vertical mark, for the best epoch; NaN for none. */
void pl_plot_set_mark (PlPlot *self, double epoch);

/* A vertical line that the user can drag; NaN for none. Dragging along the plot begins one. */
void pl_plot_set_cursor (PlPlot *self, double epoch);

/* A named horizontal line to compare with. */
void pl_plot_add_level (PlPlot *self, const char *name, double y);

/* Small text in the colour of @cr, for plots of other kinds too. @align: 0 puts it right of @x, 1
 * left of it, 0.5 around it; @y is its middle. Returns: its width */
double pl_plot_draw_text (
    GtkWidget *widget, cairo_t *cr, const char *text, double x, double y, double align);
