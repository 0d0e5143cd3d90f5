/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ticks at round numbers, and what they say. */
#include "app/plot-axis.h"

#include <math.h>

static char *
join_labels (PlPlotScale scale, double low, double high, int most_ticks)
{
  PlPlotAxis axis;
  g_autoptr (GArray) ticks = NULL;
  GString *text = g_string_new (NULL);

  pl_plot_axis_init_scale (&axis, scale, low, high, most_ticks);
  ticks = pl_plot_axis_get_ticks (&axis);
  for (guint i = 0; i < ticks->len; i++)
    {
      g_autofree char *label = pl_plot_axis_dup_label (&axis, g_array_index (ticks, double, i));

      g_string_append_printf (text, i == 0 ? "%s" : " %s", label);
    }
  return g_string_free (text, FALSE);
}

static void
test_labels (void)
{
  static const struct
  {
    PlPlotScale scale;
    double low;
    double high;
    int most_ticks;
    const char *labels;
  } axes[] = {
    { PL_PLOT_LINEAR, 0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0" },
    { PL_PLOT_LINEAR, 0.93, 1, 4, "0.94 0.96 0.98 1.00" },
    { PL_PLOT_LINEAR, -1, 1, 2, "-1 0 1" },
    { PL_PLOT_LINEAR, 0, 40000, 4, "0 10000 20000 30000 40000" },
    { PL_PLOT_LINEAR, 0, 2e-8, 2, "0 1e-08 2e-08" },
    { PL_PLOT_LOG, 0.01, 1, 4, "0.01 0.1 1" },
    { PL_PLOT_LOG, 0.01, 1, 6, "0.01 0.03 0.1 0.3 1" },
    { PL_PLOT_LOG, 0.01, 1, 9, "0.01 0.02 0.05 0.1 0.2 0.5 1" },
    { PL_PLOT_LOG, 1e-8, 1, 4, "1e-06 0.001 1" },
    { PL_PLOT_LOG, 0.51, 0.59, 4, "0.52 0.54 0.56 0.58" },
    { PL_PLOT_TIME, 0, 60, 4, "0:00 0:15 0:30 0:45 1:00" },
    { PL_PLOT_TIME, 0, 1000, 4, "0:00 5:00 10:00 15:00" },
    { PL_PLOT_TIME, 0, 9000, 5, "0:00 0:30 1:00 1:30 2:00 2:30" },
    { PL_PLOT_TIME, 3600, 3660, 3, "1:00:00 1:00:30 1:01:00" },
    { PL_PLOT_TIME, 0, 1, 2, "0.0 0.5 1.0" },
    { PL_PLOT_TIME, 0, 300000, 3, "0:00 48:00" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (axes); i++)
    {
      g_autofree char *labels =
          join_labels (axes[i].scale, axes[i].low, axes[i].high, axes[i].most_ticks);

      g_assert_cmpstr (labels, ==, axes[i].labels);
    }
}

/* There is a bound for the ticks, and they lie inside. */
static void
test_bounds (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (int i = 0; i < 3000; i++)
    {
      PlPlotScale scale = (PlPlotScale) (i % 3);
      double low = pow (10, g_rand_double_range (rand, -6, 4));
      double high = low + pow (10, g_rand_double_range (rand, -6, 6));
      int most = g_rand_int_range (rand, 2, 12);
      PlPlotAxis axis;
      g_autoptr (GArray) ticks = NULL;

      pl_plot_axis_init_scale (&axis, scale, low, high, most);
      ticks = pl_plot_axis_get_ticks (&axis);
      g_assert_cmpuint (ticks->len, <=, (guint) most + 1);
      for (guint t = 0; t < ticks->len; t++)
        {
          double position = pl_plot_axis_position (&axis, g_array_index (ticks, double, t));

          g_assert_cmpfloat (position, >=, -1e-5);
          g_assert_cmpfloat (position, <=, 1 + 1e-5);
        }
    }
}

static void
test_positions (void)
{
  PlPlotAxis axis;

  pl_plot_axis_init_scale (&axis, PL_PLOT_LOG, 0.01, 1, 4);
  g_assert_cmpfloat_with_epsilon (pl_plot_axis_position (&axis, 0.1), 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (pl_plot_axis_value (&axis, 0.5), 0.1, 1e-12);
  g_assert_cmpfloat (pl_plot_axis_position (&axis, 0), <, 0);
  g_assert_true (isfinite (pl_plot_axis_position (&axis, -3)));
  pl_plot_axis_init (&axis, 2, 2, 4);
  g_assert_cmpfloat (axis.high, >, axis.low);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/plot-axis/labels", test_labels);
  g_test_add_func ("/app/plot-axis/bounds", test_bounds);
  g_test_add_func ("/app/plot-axis/positions", test_positions);
  return g_test_run ();
}
