/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points lie in chunks that never move, so that a copy can share them with the curve that goes on
 * growing. Above them is a pyramid: the range of each 16 points, of each 16 of those, and so on, of
 * complete groups only. A range of any length is found from at most 30 entries of each level.
 */
#include "app/plot-curve.h"

#include <math.h>

#define CHUNK 1024
#define FAN 16
#define N_LEVELS 7 /* 16^8 points */
#define MAX_SAMPLES 1024

typedef struct
{
  PlCurvePoint points[CHUNK];
} Chunk;

typedef struct
{
  double low; /* above high when nothing is finite */
  double high;
} Range;

typedef struct
{
  GArray *levels[N_LEVELS]; /* (element-type Range), NULL until needed */
} Pyramid;

struct _PlCurve
{
  GPtrArray *chunks; /* (element-type Chunk): each counts its owners */
  guint n;
  Pyramid pyramids[PL_CURVE_BAND + 1];

  double smoothing;
  GArray *smoothed; /* (element-type double) */
  double sum;       /* of the smoothed values before, and of their weights */
  double weight;
  double step; /* of the last of them */

  guint64 n_visits;
};

double
pl_plot_at_get (const PlPlotAt *at, PlPlotBy by)
{
  return by == PL_PLOT_BY_STEP ? at->step : by == PL_PLOT_BY_EPOCH ? at->epoch : at->time_s;
}

static void
clear_pyramid (Pyramid *pyramid)
{
  for (int i = 0; i < N_LEVELS; i++)
    g_clear_pointer (&pyramid->levels[i], g_array_unref);
}

static void
begin_smoothing (PlCurve *self)
{
  clear_pyramid (&self->pyramids[PL_CURVE_SMOOTH]);
  g_array_set_size (self->smoothed, 0);
  self->sum = 0;
  self->weight = 0;
  self->step = NAN;
}

PlCurve *
pl_curve_new (void)
{
  PlCurve *self = g_new0 (PlCurve, 1);

  self->chunks = g_ptr_array_new_with_free_func (g_atomic_rc_box_release);
  self->smoothed = g_array_new (FALSE, FALSE, sizeof (double));
  begin_smoothing (self);
  return self;
}

void
pl_curve_free (PlCurve *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i <= PL_CURVE_BAND; i++)
    clear_pyramid (&self->pyramids[i]);
  g_ptr_array_unref (self->chunks);
  g_array_unref (self->smoothed);
  g_free (self);
}

void
pl_curve_clear (PlCurve *self)
{
  for (int i = 0; i <= PL_CURVE_BAND; i++)
    clear_pyramid (&self->pyramids[i]);
  g_ptr_array_set_size (self->chunks, 0);
  self->n = 0;
  begin_smoothing (self);
}

PlCurve *
pl_curve_copy (const PlCurve *self)
{
  PlCurve *copy = pl_curve_new ();

  for (guint i = 0; i < self->chunks->len; i++)
    g_ptr_array_add (copy->chunks, g_atomic_rc_box_acquire (self->chunks->pdata[i]));
  copy->n = self->n;
  return copy;
}

guint
pl_curve_get_n_points (const PlCurve *self)
{
  return self->n;
}

const PlCurvePoint *
pl_curve_get_point (const PlCurve *self, guint i)
{
  g_assert (i < self->n);
  return &((const Chunk *) self->chunks->pdata[i / CHUNK])->points[i % CHUNK];
}

double
pl_curve_get_smoothed (const PlCurve *self, guint i)
{
  return g_array_index (self->smoothed, double, i);
}

static double
get_x (PlCurve *self, PlPlotBy by, guint i)
{
  self->n_visits++;
  return pl_plot_at_get (&pl_curve_get_point (self, i)->at, by);
}

static Range
widen (Range a, Range b)
{
  return (Range){ fmin (a.low, b.low), fmax (a.high, b.high) };
}

static Range
range_of_point (PlCurve *self, PlCurveOf of, guint i)
{
  const PlCurvePoint *point = pl_curve_get_point (self, i);
  Range range = { point->y, point->y };

  self->n_visits++;
  if (of == PL_CURVE_SMOOTH)
    range.low = range.high = pl_curve_get_smoothed (self, i);
  else if (of == PL_CURVE_BAND)
    range = (Range){ point->low, point->high };
  return isfinite (range.low) && isfinite (range.high) ? range : (Range){ INFINITY, -INFINITY };
}

/* After point @n − 1 came: what it completes. */
static void
grow_pyramid (PlCurve *self, PlCurveOf of, guint n)
{
  Pyramid *pyramid = &self->pyramids[of];
  guint group = n;

  for (int level = 0; level < N_LEVELS && group % FAN == 0; level++)
    {
      Range range = { INFINITY, -INFINITY };

      for (guint i = group - FAN; i < group; i++)
        range = widen (range, level == 0 ? range_of_point (self, of, i)
                                         : g_array_index (pyramid->levels[level - 1], Range, i));
      if (pyramid->levels[level] == NULL)
        pyramid->levels[level] = g_array_new (FALSE, FALSE, sizeof (Range));
      g_array_append_val (pyramid->levels[level], range);
      group /= FAN;
    }
}

/* What is left of older values falls by the amount with each step between points, so that curves
 * with unlike many values a step look alike; the division makes up for there being none before the
 * first. */
static void
smooth_point (PlCurve *self, guint i)
{
  const PlCurvePoint *point = pl_curve_get_point (self, i);
  double steps = point->at.step - self->step;
  double kept = pow (self->smoothing, steps > 0 ? steps : 1);
  double value = NAN;

  if (isfinite (point->y))
    {
      self->sum = kept * self->sum + (1 - kept) * point->y;
      self->weight = kept * self->weight + (1 - kept);
      self->step = point->at.step;
      value = self->sum / self->weight;
    }
  g_array_append_val (self->smoothed, value);
  grow_pyramid (self, PL_CURVE_SMOOTH, i + 1);
}

void
pl_curve_append (PlCurve *self, const PlCurvePoint *point)
{
  Chunk *chunk;

  if (self->n % CHUNK == 0)
    g_ptr_array_add (self->chunks, g_atomic_rc_box_new (Chunk));
  chunk = self->chunks->pdata[self->n / CHUNK];
  chunk->points[self->n % CHUNK] = *point;
  self->n++;
  grow_pyramid (self, PL_CURVE_RAW, self->n);
  grow_pyramid (self, PL_CURVE_BAND, self->n);
  smooth_point (self, self->n - 1);
}

void
pl_curve_set_smoothing (PlCurve *self, double amount)
{
  g_assert (amount >= 0 && amount < 1);
  if (amount == self->smoothing)
    return;
  self->smoothing = amount;
  begin_smoothing (self);
  for (guint i = 0; i < self->n; i++)
    smooth_point (self, i);
}

/* Of the points from @from. */
static guint
find_from (PlCurve *self, PlPlotBy by, double x, guint from)
{
  guint to = self->n;

  while (from < to)
    {
      guint middle = from + (to - from) / 2;

      if (get_x (self, by, middle) < x)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

guint
pl_curve_find (PlCurve *self, PlPlotBy by, double x)
{
  return find_from (self, by, x, 0);
}

guint
pl_curve_find_nearest (PlCurve *self, PlPlotBy by, double x)
{
  guint i = pl_curve_find (self, by, x);

  g_assert (self->n > 0);
  if (i == self->n)
    return i - 1;
  return i > 0 && x - get_x (self, by, i - 1) < get_x (self, by, i) - x ? i - 1 : i;
}

double
pl_curve_convert (PlCurve *self, PlPlotBy from, PlPlotBy to, double x)
{
  guint i;
  double low;
  double share;

  if (from == to)
    return x;
  if (self->n < 2 || !isfinite (x))
    return NAN;
  i = CLAMP (pl_curve_find (self, from, x), 1, self->n - 1);
  low = get_x (self, from, i - 1);
  share = get_x (self, from, i) > low ? (x - low) / (get_x (self, from, i) - low) : 0;
  return (1 - share) * get_x (self, to, i - 1) + share * get_x (self, to, i);
}

/* The largest complete groups that fit, one after the other. */
static Range
range_of_points (PlCurve *self, PlCurveOf of, guint from, guint to)
{
  const Pyramid *pyramid = &self->pyramids[of];
  Range range = { INFINITY, -INFINITY };

  while (from < to)
    {
      guint size = 1;
      int level = -1;

      while (level + 1 < N_LEVELS && from % (size * FAN) == 0 && to - from >= size * FAN)
        {
          size *= FAN;
          level++;
        }
      if (level < 0)
        range = widen (range, range_of_point (self, of, from));
      else
        range = widen (range, g_array_index (pyramid->levels[level], Range, from / size));
      self->n_visits++;
      from += size;
    }
  return range;
}

gboolean
pl_curve_find_range (PlCurve *self, PlCurveOf of, guint from, guint to, double *low, double *high)
{
  Range range = range_of_points (self, of, from, to);

  if (!(range.low <= range.high))
    return FALSE;
  *low = range.low;
  *high = range.high;
  return TRUE;
}

void
pl_curve_sample (PlCurve *self, guint from, guint to, GArray *values)
{
  guint n = to > from ? MIN (to - from, MAX_SAMPLES) : 0;

  for (guint i = 0; i < n; i++)
    {
      guint at = from + (guint) ((guint64) i * (to - from) / n);
      double y = pl_curve_get_point (self, at)->y;

      self->n_visits++;
      if (isfinite (y))
        g_array_append_val (values, y);
    }
}

static void
append_column (GArray *columns, PlCurve *self, PlCurveOf of, double x, guint from, guint to)
{
  Range range = range_of_points (self, of, from, to);
  Range first = range_of_point (self, of, from);
  Range last = range_of_point (self, of, to - 1);
  PlCurveColumn column = { .x = x, .is_gap = !(range.low <= range.high) };

  column.low = range.low;
  column.high = range.high;
  column.first = isfinite (first.low) ? first.low : range.low;
  column.last = isfinite (last.low) ? last.low : range.low;
  g_array_append_val (columns, column);
}

static void
append_points (GArray *columns, PlCurve *self, PlCurveOf of, PlPlotBy by, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    append_column (columns, self, of, get_x (self, by, i), i, i + 1);
}

GArray *
pl_curve_get_columns (
    PlCurve *self, PlCurveOf of, PlPlotBy by, double x_low, double x_high, int n_columns)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (PlCurveColumn));
  guint from = pl_curve_find (self, by, x_low);
  guint end = pl_curve_find (self, by, x_high);
  guint before = from > 0 ? from - 1 : 0;
  guint after = MIN (end + 1, self->n);
  double width = (x_high - x_low) / n_columns;

  if (after - before <= 2 * (guint) n_columns)
    {
      append_points (columns, self, of, by, before, after);
      return columns;
    }
  append_points (columns, self, of, by, before, from);
  for (int i = 0; i < n_columns && from < end; i++)
    {
      guint to = i == n_columns - 1 ? end : find_from (self, by, x_low + (i + 1) * width, from);

      to = MIN (to, end);
      if (to > from)
        append_column (columns, self, of, x_low + (i + 0.5) * width, from, to);
      from = to;
    }
  append_points (columns, self, of, by, end, after);
  return columns;
}

guint64
pl_curve_get_n_visits (const PlCurve *self)
{
  return self->n_visits;
}
