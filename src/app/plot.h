/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* A plot of a few curves over epochs, drawn with cairo. Curves are appended to and never resampled;
 * drawing takes one min/max pair a pixel column. Its accessible role is an image, named by the
 * title, with the latest values in the description. */
#define PL_TYPE_PLOT (pl_plot_get_type ())
G_DECLARE_FINAL_TYPE (PlPlot, pl_plot, PL, PLOT, GtkWidget)

/* @title: shown, and the accessible name. */
void pl_plot_set_title (PlPlot *self, const char *title);

/* The y axis shows at least @low…@high; it grows with the data. */
void pl_plot_set_range (PlPlot *self, double low, double high);

/* Returns: the curve's index. @rgb is 0xrrggbb; @points draws a dot at each value (for epochs). */
int pl_plot_add_curve (PlPlot *self, const char *name, guint32 rgb, gboolean points);

/* x grows. Not-finite y is a gap. */
void pl_plot_append (PlPlot *self, int curve, double x, double y);
guint pl_plot_n_points (PlPlot *self, int curve);

/* Removes the points of every curve. */
void pl_plot_clear (PlPlot *self);

/* A vertical mark, for the best epoch; NaN for none. */
void pl_plot_set_mark (PlPlot *self, double x);

/* Small text in the colour of @cr, for plots of other kinds too. @align: 0 puts it right of @x, 1
 * left of it, 0.5 around it; @y is its middle. Returns: its width */
double pl_plot_draw_text (
    GtkWidget *widget, cairo_t *cr, const char *text, double x, double y, double align);
