/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot-scene.h"

#include <gtk/gtk.h>

/* A plot of curves over steps, epochs or time that grow while they are looked at, drawn with cairo
 * (see PlCurve). The user zooms and pans x, reads values at the pointer, switches curves on and
 * off, and exports them, all through actions of the group "plot", a menu and keys. Its accessible
 * role is an image, named by the title, with the latest and the best values in the description; the
 * menu shows all of them as a table.
 *
 * "cursor-moved" (double): the user drags the cursor to this epoch
 * "cursor-dropped": and lets it go */
#define PL_TYPE_PLOT (pl_plot_get_type ())
G_DECLARE_FINAL_TYPE (PlPlot, pl_plot, PL, PLOT, GtkWidget)

/* @title: shown, and the accessible name. */
void pl_plot_set_title (PlPlot *self, const char *title);

/* The y axis shows at least @low…@high while all is in view; it grows with the data. */
void pl_plot_set_range (PlPlot *self, double low, double high);

/* The two, and those that they are linked with already, have the x axis, what is shown of it, the
 * cursor and the place where values are read in common. */
void pl_plot_link (PlPlot *self, PlPlot *other);

/* What the x axis is; epochs at first. */
void pl_plot_set_by (PlPlot *self, PlPlotBy by);

/* @name: (nullable): what the members "step" are where they are no steps, and the x axis then; NULL
 * for the three as they are called. */
void pl_plot_set_x_name (PlPlot *self, const char *name);

/* @rgb: 0xrrggbb
 * Returns: the curve's number, its own until it is removed */
int pl_plot_add_curve (PlPlot *self, const char *name, guint32 rgb, PlCurveKind kind);
void pl_plot_remove_curve (PlPlot *self, int curve);
void pl_plot_show_curve (PlPlot *self, int curve, gboolean shown);

/* @at grows in all its members. Not-finite y is a gap. */
void pl_plot_append (PlPlot *self, int curve, PlPlotAt at, double y);

/* The same with a shaded band around the curve, such as a mean with its deviation. */
void pl_plot_append_band (PlPlot *self, int curve, PlPlotAt at, double low, double y, double high);
guint pl_plot_n_points (PlPlot *self, int curve);

/* Removes the points of every curve but those of earlier runs. */
void pl_plot_clear (PlPlot *self);

/* A vertical mark, for the best epoch; NaN for none. */
void pl_plot_set_mark (PlPlot *self, double epoch);

/* A vertical line that the user can drag; NaN for none. Where "cursor-moved" is listened to,
 * dragging along the plot begins one. */
void pl_plot_set_cursor (PlPlot *self, double epoch);

/* A named horizontal line to compare with; the user can switch them off. */
void pl_plot_add_level (PlPlot *self, const char *name, double y);
