/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot-curve.h"

/* What a plot shows, apart from any widget: the screen, exported pictures and tables are all made
 * from it. */

typedef enum
{
  PL_CURVE_LINE,    /* a value each step: pale, with the smoothed one before it */
  PL_CURVE_DOTS,    /* a value each epoch: a line with a dot at each value */
  PL_CURVE_EARLIER, /* of another run: dashed and paler; pl_plot_clear() leaves it */
} PlCurveKind;

typedef struct
{
  char *name;
  guint32 rgb;
  PlCurveKind kind;
  gboolean is_hidden;
  PlCurve *data;
} PlPlotCurve;

typedef struct
{
  char *name;
  double y;
} PlPlotLevel;

typedef struct
{
  /* Owned */
  char *title;
  char *x_name;      /* (nullable): of an axis that is none of the three */
  GPtrArray *curves; /* (element-type PlPlotCurve): NULL where one was removed */
  GArray *levels;    /* (element-type PlPlotLevel) */

  PlPlotBy by;
  double view_low; /* of the x axis; NaN for all there is, and both at once */
  double view_high;
  gboolean follows; /* the view stays at the end as that grows */
  double low;       /* y shows at least this, unless zoomed or without outliers */
  double high;
  gboolean is_log;
  gboolean ignores_outliers;
  gboolean shows_levels;
  double smoothing;
  double mark; /* epochs; NaN for none */
  double cursor;
  double read_x;        /* on the x axis, where values are read; NaN for nowhere */
  gboolean names_place; /* that reading says where that is */
} PlPlotScene;

void pl_plot_scene_init (PlPlotScene *self);
void pl_plot_scene_clear (PlPlotScene *self);

/* (nullable): NULL for a number that is none, or no more. */
PlPlotCurve *pl_plot_scene_get_curve (const PlPlotScene *self, int curve);
int pl_plot_scene_add_curve (PlPlotScene *self, const char *name, guint32 rgb, PlCurveKind kind);
void pl_plot_scene_remove_curve (PlPlotScene *self, int curve);
void pl_plot_scene_set_smoothing (PlPlotScene *self, double amount);

/* All of x, from 0; then what is shown of it. */
double pl_plot_scene_find_end (const PlPlotScene *self);
void pl_plot_scene_get_view (const PlPlotScene *self, double *low, double *high);

/* What y shows; above 0 where logarithmic. */
void pl_plot_scene_find_y (const PlPlotScene *self, double *low, double *high);

/* NaN where that is not known. */
double pl_plot_scene_epoch_to_x (const PlPlotScene *self, double epoch);
double pl_plot_scene_x_to_epoch (const PlPlotScene *self, double x);

/* The point of a curve that is read at @x: FALSE when it has none there. */
gboolean
pl_plot_scene_read (const PlPlotScene *self, const PlPlotCurve *curve, double x, guint *point);

/* (nullable): the curve whose points are gone through: the epochs, else the steps. */
const PlPlotCurve *pl_plot_scene_get_main (const PlPlotScene *self);

/* What the x axis is called. */
const char *pl_plot_scene_get_x_name (const PlPlotScene *self);

/* "epoch 3.25 · step 120 · 0:42" of the points that are read at @x, and what they are: "training
 * 0.9812, validation 0.9702"; with a band "mean 0.9812 (0.9756–0.9868)". Small
 * numbers, as learning rates are, have digits that count. */
char *pl_plot_scene_dup_place (const PlPlotScene *self, double x);
char *pl_plot_dup_number (double y);
char *pl_plot_scene_dup_value (const PlPlotCurve *curve, guint point);
char *pl_plot_scene_dup_values (const PlPlotScene *self, double x);
