/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot-draw.h"
#include "app/plot.h"

typedef enum
{
  PL_PLOT_DRAG_NONE,
  PL_PLOT_DRAG_CURSOR,
  PL_PLOT_DRAG_VIEW,
} PlPlotDrag;

struct _PlPlot
{
  GtkWidget parent;

  /* Owned */
  PlPlotScene scene;
  PlPlotFrame frame;           /* as drawn last; entries are NULL before */
  GPtrArray *linked;           /* (element-type PlPlot) (not owned), itself among them */
  GSimpleActionGroup *actions; /* "plot" */
  GtkWidget *menu_button;
  GtkWidget *menu;
  guint describe_id;

  /* A drag under way */
  PlPlotDrag drag;
  gboolean drag_is_on;
  double drag_x;   /* where it began */
  double drag_low; /* the view as it began */
  double drag_high;
  double pointer_x;
};

/* plot.c: for all that are linked */
void pl_plot_set_view (PlPlot *self, double low, double high); /* too wide or NaN: everything */
void pl_plot_set_read_x (PlPlot *self, double x);
void pl_plot_zoom (PlPlot *self, double factor, double x_px); /* @factor > 1: nearer */
void pl_plot_move_cursor (PlPlot *self, double x);            /* by the user */
void pl_plot_describe (PlPlot *self);
void pl_plot_changed (PlPlot *self); /* it alone: is drawn, and soon described, anew */

/* plot-actions.c */
void pl_plot_add_actions (PlPlot *self);
void pl_plot_update_curve_action (PlPlot *self, int curve);
GMenuModel *pl_plot_make_menu (PlPlot *self);

/* plot-input.c */
void pl_plot_add_input (PlPlot *self);

/* plot-save.c */
void pl_plot_choose_export (PlPlot *self);
