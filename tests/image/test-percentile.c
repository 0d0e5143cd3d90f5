/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against sorting: random values of several kinds, with ties, both signs and hidden infinities. */
#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "image/percentile.h"

static const double percents[4] = { 0.0, 5.0, 50.0, 99.5 };

static int
compare_cb (const void *a, const void *b)
{
  float x = *(const float *) a;
  float y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Linear between ranks; @values are sorted. */
static double
interpolate (const float *values, gsize n, double percent)
{
  double position = percent / 100.0 * (double) (n - 1);
  gsize rank = (gsize) position;
  double low = (double) values[rank];
  double high = (double) values[MIN (rank + 1, n - 1)];

  return low + (position - (double) rank) * (high - low);
}

static PlPercentiles *
take (const float *values, gsize n, float lowest)
{
  PlPercentiles *percentiles = pl_percentiles_new (percents, 4, lowest);

  pl_percentiles_add (percentiles, values, n / 2);
  pl_percentiles_add (percentiles, values + n / 2, n - n / 2);
  pl_percentiles_turn (percentiles);
  pl_percentiles_add (percentiles, values, n);
  return percentiles;
}

static float
draw_value (GRand *rand, int kind)
{
  switch (kind)
    {
    case 0:
      return (float) g_rand_int_range (rand, -1024, 3000);
    case 1:
      return (float) g_rand_double_range (rand, -1.0, 1.0);
    case 2:
      return (float) g_rand_int_range (rand, 0, 2);
    default:
      return (float) pow (10.0, g_rand_double_range (rand, -30.0, 30.0));
    }
}

static void
test_sorting (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (int kind = 0; kind < 4; kind++)
    for (gsize n = 1; n < 3000; n = n * 3 / 2 + 1)
      {
        g_autofree float *values = g_new (float, n + 3);
        g_autoptr (PlPercentiles) percentiles = NULL;

        for (gsize i = 0; i < n; i++)
          values[i] = draw_value (rand, kind);
        values[n] = NAN;
        values[n + 1] = INFINITY;
        values[n + 2] = -INFINITY;
        percentiles = take (values, n + 3, -INFINITY);
        qsort (values, n, sizeof *values, compare_cb);
        for (int i = 0; i < 4; i++)
          g_assert_cmpfloat (pl_percentiles_get (percentiles, i), ==,
                             interpolate (values, n, percents[i]));
      }
}

static void
test_lowest (void)
{
  const float values[] = { -3000.0f, 4.0f, -1025.0f, 2.0f, -1024.0f };
  g_autoptr (PlPercentiles) percentiles = take (values, G_N_ELEMENTS (values), -1024.0f);

  g_assert_cmpfloat (pl_percentiles_get (percentiles, 0), ==, -1024.0);
  g_assert_cmpfloat (pl_percentiles_get (percentiles, 2), ==, 2.0);
}

static void
test_nothing (void)
{
  const float values[] = { NAN, -5.0f };
  g_autoptr (PlPercentiles) percentiles = take (values, G_N_ELEMENTS (values), 0.0f);

  g_assert_true (isnan (pl_percentiles_get (percentiles, 1)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/percentile/sorting", test_sorting);
  g_test_add_func ("/image/percentile/lowest", test_lowest);
  g_test_add_func ("/image/percentile/nothing", test_nothing);
  return g_test_run ();
}
