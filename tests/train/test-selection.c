/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/selection.h"

#include "base/random.h"

#include <math.h>
#include <stdlib.h>

static void
test_known (void)
{
  double values[] = { 4, 1, 3, 2 };

  g_assert_cmpfloat (pl_select_percentile (values, 4, 0), ==, 1);
  g_assert_cmpfloat (pl_select_percentile (values, 4, 100), ==, 4);
  g_assert_cmpfloat (pl_select_percentile (values, 4, 50), ==, 2.5);
  g_assert_cmpfloat_with_epsilon (pl_select_percentile (values, 4, 95), 3.85, 1e-12);
  g_assert_cmpfloat (pl_select_percentile (values, 1, 95), ==, values[0]);
}

static void
test_out_of_range (void)
{
  double values[] = { 5, 7 };

  g_assert_cmpfloat (pl_select_percentile (values, 2, -3), ==, 5);
  g_assert_cmpfloat (pl_select_percentile (values, 2, 300), ==, 7);
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Many sizes, with few and with many equal values, against sorting. */
static void
test_against_sorting (void)
{
  PlRandom random;

  pl_random_init (&random, 3, 0);
  for (gsize n = 1; n < 200; n++)
    {
      guint32 range = n % 3 == 0 ? 3 : 100000;
      g_autofree double *values = g_new (double, n);
      g_autofree double *sorted = g_new (double, n);
      double percent = pl_random_between (&random, 0, 100);
      double position = percent / 100 * (double) (n - 1);
      gsize rank = (gsize) position;

      for (gsize i = 0; i < n; i++)
        sorted[i] = values[i] = pl_random_below (&random, range);
      qsort (sorted, n, sizeof *sorted, compare_doubles);
      g_assert_cmpfloat_with_epsilon (
          pl_select_percentile (values, n, percent),
          sorted[rank] + (position - rank) * (sorted[MIN (rank + 1, n - 1)] - sorted[rank]), 1e-6);
      qsort (values, n, sizeof *values, compare_doubles);
      g_assert_cmpmem (values, n * sizeof *values, sorted, n * sizeof *sorted);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/selection/known", test_known);
  g_test_add_func ("/train/selection/out-of-range", test_out_of_range);
  g_test_add_func ("/train/selection/against-sorting", test_against_sorting);
  return g_test_run ();
}
