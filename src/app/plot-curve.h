/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The values of one curve of a plot, which only grow, and what drawing them takes. Whatever the
 * number of values, appending takes constant time, and drawing time in proportion to the pixel
 * columns. One thread at a time; a copy may be read in another. */
typedef struct _PlCurve PlCurve;

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

double pl_plot_at_get (const PlPlotAt *at, PlPlotBy by);

typedef struct
{
  PlPlotAt at; /* grows from point to point */
  double y;    /* not finite: a gap */
  float low;   /* of the band around it; NaN for none */
  float high;
} PlCurvePoint;

typedef enum
{
  PL_CURVE_RAW,
  PL_CURVE_SMOOTH, /* the exponentially smoothed values */
  PL_CURVE_BAND,
} PlCurveOf;

PlCurve *pl_curve_new (void);
void pl_curve_free (PlCurve *self);
void pl_curve_append (PlCurve *self, const PlCurvePoint *point);
void pl_curve_clear (PlCurve *self);

/* Returns: (transfer full): the points of the moment, not smoothed; takes no time to speak of, for
 *   the points themselves are shared */
PlCurve *pl_curve_copy (const PlCurve *self);

guint pl_curve_get_n_points (const PlCurve *self);
const PlCurvePoint *pl_curve_get_point (const PlCurve *self, guint i);

/* @amount: 0 for none, below 1: how much of a smoothed value is still there one step later. */
void pl_curve_set_smoothing (PlCurve *self, double amount);
double pl_curve_get_smoothed (const PlCurve *self, guint i);

/* The first point at or after @x; the number of points when there is none. */
guint pl_curve_find (PlCurve *self, PlPlotBy by, double x);

/* The point nearest to @x; there must be one. */
guint pl_curve_find_nearest (PlCurve *self, PlPlotBy by, double x);

/* The place @x of one axis on another, in a straight line between points. NaN with fewer than two.
 */
double pl_curve_convert (PlCurve *self, PlPlotBy from, PlPlotBy to, double x);

/* Returns: FALSE when none of the points @from…@to − 1 is finite; then the range is unchanged */
gboolean
pl_curve_find_range (PlCurve *self, PlCurveOf of, guint from, guint to, double *low, double *high);

/* Appends at most 1024 finite values of the points @from…@to − 1 to @values (of double). */
void pl_curve_sample (PlCurve *self, guint from, guint to, GArray *values);

/* What a column of pixels shows: a stroke from the lowest to the highest value, entered at the
 * first and left at the last. */
typedef struct
{
  double x;
  double first, low, high, last;
  gboolean is_gap; /* then only @x holds */
} PlCurveColumn;

/* Returns: (transfer full) (element-type PlCurveColumn): what to draw of @x_low…@x_high, with the
 *   points just outside; each point by itself where there are few */
GArray *pl_curve_get_columns (
    PlCurve *self, PlCurveOf of, PlPlotBy by, double x_low, double x_high, int n_columns);

/* How many points and sums of points were looked at so far: what drawing costs. */
guint64 pl_curve_get_n_visits (const PlCurve *self);
