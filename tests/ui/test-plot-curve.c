/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of a curve: against loops over all of them, and what they cost to look at. */
#include "app/plot-curve.h"

#include <math.h>

#define SEED 20251122

static void
append (PlCurve *curve, double step, double y)
{
  const PlCurvePoint point = { { step, step / 10, step / 5 }, y, NAN, NAN };

  pl_curve_append (curve, &point);
}

/* Some thousand points, every twentieth a gap. */
static PlCurve *
make_noise (guint n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  PlCurve *curve = pl_curve_new ();

  for (guint i = 0; i < n; i++)
    append (curve, i, g_rand_int_range (rand, 0, 20) == 0 ? NAN : g_rand_double (rand));
  return curve;
}

static void
test_points (void)
{
  PlCurve *curve = pl_curve_new ();

  for (int i = 0; i < 5000; i++)
    append (curve, 2 * i, i);
  g_assert_cmpuint (pl_curve_get_n_points (curve), ==, 5000);
  for (guint i = 0; i < 5000; i++)
    g_assert_cmpfloat (pl_curve_get_point (curve, i)->y, ==, i);
  g_assert_cmpuint (pl_curve_find (curve, PL_PLOT_BY_STEP, -1), ==, 0);
  g_assert_cmpuint (pl_curve_find (curve, PL_PLOT_BY_STEP, 10), ==, 5);
  g_assert_cmpuint (pl_curve_find (curve, PL_PLOT_BY_STEP, 10.1), ==, 6);
  g_assert_cmpuint (pl_curve_find (curve, PL_PLOT_BY_EPOCH, 1), ==, 5);
  g_assert_cmpuint (pl_curve_find (curve, PL_PLOT_BY_TIME, 1e9), ==, 5000);
  g_assert_cmpuint (pl_curve_find_nearest (curve, PL_PLOT_BY_STEP, 10.9), ==, 5);
  g_assert_cmpuint (pl_curve_find_nearest (curve, PL_PLOT_BY_STEP, 11.1), ==, 6);
  g_assert_cmpuint (pl_curve_find_nearest (curve, PL_PLOT_BY_STEP, 1e9), ==, 4999);
  pl_curve_clear (curve);
  g_assert_cmpuint (pl_curve_get_n_points (curve), ==, 0);
  append (curve, 3, 4);
  g_assert_cmpfloat (pl_curve_get_point (curve, 0)->y, ==, 4);
  pl_curve_free (curve);
}

static void
test_convert (void)
{
  PlCurve *curve = pl_curve_new ();

  g_assert_true (isnan (pl_curve_convert (curve, PL_PLOT_BY_STEP, PL_PLOT_BY_TIME, 1)));
  g_assert_cmpfloat (pl_curve_convert (curve, PL_PLOT_BY_STEP, PL_PLOT_BY_STEP, 7), ==, 7);
  append (curve, 10, 0);
  append (curve, 20, 0);
  append (curve, 40, 0);
  for (int step = 0; step <= 60; step += 5) /* beyond the ends too */
    g_assert_cmpfloat_with_epsilon (
        pl_curve_convert (curve, PL_PLOT_BY_STEP, PL_PLOT_BY_EPOCH, step), step / 10.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (pl_curve_convert (curve, PL_PLOT_BY_TIME, PL_PLOT_BY_STEP, 5), 25,
                                  1e-12);
  pl_curve_free (curve);
}

static void
check_range (PlCurve *curve, PlCurveOf of, guint from, guint to)
{
  double low = INFINITY;
  double high = -INFINITY;
  double found_low = 0;
  double found_high = 0;
  gboolean found;

  for (guint i = from; i < to; i++)
    {
      double y =
          of == PL_CURVE_RAW ? pl_curve_get_point (curve, i)->y : pl_curve_get_smoothed (curve, i);

      low = fmin (low, y);
      high = fmax (high, y);
    }
  found = pl_curve_find_range (curve, of, from, to, &found_low, &found_high);
  g_assert_cmpint (found, ==, low <= high);
  if (found)
    {
      g_assert_cmpfloat (found_low, ==, low);
      g_assert_cmpfloat (found_high, ==, high);
    }
}

static void
test_ranges (void)
{
  const guint n = 9000;
  PlCurve *curve = make_noise (n);
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 1);

  pl_curve_set_smoothing (curve, 0.7);
  for (int i = 0; i < 2000; i++)
    {
      guint a = (guint) g_rand_int_range (rand, 0, n + 1);
      guint b = (guint) g_rand_int_range (rand, 0, n + 1);

      check_range (curve, i % 2 == 0 ? PL_CURVE_RAW : PL_CURVE_SMOOTH, MIN (a, b), MAX (a, b));
    }
  check_range (curve, PL_CURVE_RAW, 0, n);
  pl_curve_free (curve);
}

static void
test_band (void)
{
  PlCurve *curve = pl_curve_new ();
  double low = 0;
  double high = 0;

  for (int i = 0; i < 100; i++)
    {
      const PlCurvePoint point = { { i, i, i }, 0.5, 0.5F - 0.001F * (float) i, 0.6F };

      pl_curve_append (curve, &point);
    }
  g_assert_true (pl_curve_find_range (curve, PL_CURVE_BAND, 10, 51, &low, &high));
  g_assert_cmpfloat_with_epsilon (low, 0.45, 1e-6);
  g_assert_cmpfloat_with_epsilon (high, 0.6, 1e-6);
  pl_curve_clear (curve);
  append (curve, 0, 1);
  g_assert_false (pl_curve_find_range (curve, PL_CURVE_BAND, 0, 1, &low, &high));
  pl_curve_free (curve);
}

/* Against the sum it stands for: each value weighs less by the amount with each step. */
static void
check_smoothed (PlCurve *curve, double amount, guint i)
{
  const PlCurvePoint *at = pl_curve_get_point (curve, i);
  double previous = NAN;
  double sum = 0;
  double weight = 0;

  for (guint j = 0; j <= i; j++)
    {
      const PlCurvePoint *p = pl_curve_get_point (curve, j);
      double steps = isnan (previous) ? 1 : p->at.step - previous;
      double share = (1 - pow (amount, steps)) * pow (amount, at->at.step - p->at.step);

      if (!isfinite (p->y))
        continue;
      sum += share * p->y;
      weight += share;
      previous = p->at.step;
    }
  g_assert_cmpfloat_with_epsilon (pl_curve_get_smoothed (curve, i), sum / weight, 1e-9);
}

static void
test_smoothing (void)
{
  PlCurve *curve = pl_curve_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 2);
  double step = 0;

  pl_curve_set_smoothing (curve, 0.8);
  for (int i = 0; i < 200; i++)
    {
      append (curve, step, i == 77 ? NAN : g_rand_double (rand));
      step += g_rand_int_range (rand, 1, 4);
    }
  g_assert_true (isnan (pl_curve_get_smoothed (curve, 77)));
  for (guint i = 0; i < 200; i += 7)
    if (i != 77)
      check_smoothed (curve, 0.8, i);
  pl_curve_set_smoothing (curve, 0.95); /* of what is there already */
  for (guint i = 1; i < 200; i += 7)
    check_smoothed (curve, 0.95, i);
  pl_curve_set_smoothing (curve, 0);
  g_assert_cmpfloat (pl_curve_get_smoothed (curve, 150), ==, pl_curve_get_point (curve, 150)->y);
  pl_curve_free (curve);
}

/* Where points are few, each is there; one outside on both sides leads out of the view. */
static void
test_few_columns (void)
{
  PlCurve *curve = make_noise (100);
  g_autoptr (GArray) columns =
      pl_curve_get_columns (curve, PL_CURVE_RAW, PL_PLOT_BY_STEP, 20.5, 40.5, 300);

  g_assert_cmpuint (columns->len, ==, 22);
  for (guint i = 0; i < columns->len; i++)
    {
      const PlCurveColumn *column = &g_array_index (columns, PlCurveColumn, i);
      double y = pl_curve_get_point (curve, 20 + i)->y;

      g_assert_cmpfloat (column->x, ==, 20 + i);
      g_assert_cmpint (column->is_gap, ==, !isfinite (y));
      if (isfinite (y))
        g_assert_true (column->first == y && column->last == y && column->low == y);
    }
  pl_curve_free (curve);
}

static void
test_many_columns (void)
{
  const int n_columns = 50;
  PlCurve *curve = make_noise (10000);
  g_autoptr (GArray) columns =
      pl_curve_get_columns (curve, PL_CURVE_RAW, PL_PLOT_BY_STEP, 2000, 7000, n_columns);

  g_assert_cmpuint (columns->len, ==, n_columns + 2);
  for (int i = 0; i < n_columns; i++)
    {
      const PlCurveColumn *column = &g_array_index (columns, PlCurveColumn, i + 1);
      double low = INFINITY;
      double high = -INFINITY;

      for (guint p = 2000 + 100 * (guint) i; p < 2100 + 100 * (guint) i; p++)
        {
          low = fmin (low, pl_curve_get_point (curve, p)->y);
          high = fmax (high, pl_curve_get_point (curve, p)->y);
        }
      g_assert_cmpfloat (column->low, ==, low);
      g_assert_cmpfloat (column->high, ==, high);
      g_assert_true (column->first >= low && column->first <= high);
    }
  pl_curve_free (curve);
}

static guint64
count_visits (guint n_points, double *n_per_append)
{
  PlCurve *curve = pl_curve_new ();
  guint64 before;
  guint64 visits;

  for (guint i = 0; i < n_points; i++)
    append (curve, i, sin (i * 0.01));
  before = pl_curve_get_n_visits (curve);
  *n_per_append = (double) before / n_points;
  g_array_unref (pl_curve_get_columns (curve, PL_CURVE_SMOOTH, PL_PLOT_BY_STEP, 0, n_points, 1000));
  visits = pl_curve_get_n_visits (curve) - before;
  pl_curve_free (curve);
  return visits;
}

/* A thousand columns of a million points look at less than a tenth of them, and a hundred times as
 * many points cost less than four times as much. */
static void
test_cost (void)
{
  double small_append;
  double large_append;
  guint64 small = count_visits (10000, &small_append);
  guint64 large = count_visits (1000000, &large_append);

  g_test_message ("%" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT " visits", small, large);
  g_assert_cmpuint (large, <, 1000 * 100);
  g_assert_cmpuint (large, <, 4 * small);
  g_assert_cmpfloat (large_append, <, 4);
  g_assert_cmpfloat_with_epsilon (large_append, small_append, 0.1);
}

static void
test_copy (void)
{
  PlCurve *curve = pl_curve_new ();
  PlCurve *copy;

  for (int i = 0; i < 1500; i++)
    append (curve, i, i);
  copy = pl_curve_copy (curve);
  for (int i = 1500; i < 4000; i++)
    append (curve, i, i);
  g_assert_cmpuint (pl_curve_get_n_points (copy), ==, 1500);
  g_assert_true (pl_curve_get_point (copy, 1499) == pl_curve_get_point (curve, 1499));
  pl_curve_clear (curve);
  for (int i = 0; i < 1500; i++)
    append (curve, i, -1);
  for (guint i = 0; i < 1500; i++)
    g_assert_cmpfloat (pl_curve_get_point (copy, i)->y, ==, i);
  pl_curve_free (curve);
  pl_curve_free (copy);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/plot-curve/points", test_points);
  g_test_add_func ("/app/plot-curve/convert", test_convert);
  g_test_add_func ("/app/plot-curve/ranges", test_ranges);
  g_test_add_func ("/app/plot-curve/band", test_band);
  g_test_add_func ("/app/plot-curve/smoothing", test_smoothing);
  g_test_add_func ("/app/plot-curve/few-columns", test_few_columns);
  g_test_add_func ("/app/plot-curve/many-columns", test_many_columns);
  g_test_add_func ("/app/plot-curve/cost", test_cost);
  g_test_add_func ("/app/plot-curve/copy", test_copy);
  return g_test_run ();
}
