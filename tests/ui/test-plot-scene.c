/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plot shows: ranges, places, and what is read where. */
#include "app/plot-scene.h"
#include "app/plot-table.h"

#include <math.h>

/* Ten steps an epoch, a second each. */
static PlPlotAt
at_step (double step)
{
  return (PlPlotAt){ step, step / 10, step };
}

static void
append (PlPlotScene *scene, int curve, double step, double y)
{
  const PlCurvePoint point = { at_step (step), y, NAN, NAN };

  pl_curve_append (pl_plot_scene_get_curve (scene, curve)->data, &point);
}

/* Steps from 2 down to 0.1 with one spike, and two epochs. */
static void
set_up (PlPlotScene *scene, gconstpointer data)
{
  pl_plot_scene_init (scene);
  pl_plot_scene_add_curve (scene, "step", 0xff, PL_CURVE_LINE);
  pl_plot_scene_add_curve (scene, "training", 0xff, PL_CURVE_DOTS);
  for (int i = 1; i <= 20; i++)
    append (scene, 0, i, i == 5 ? 50 : 2.1 - 0.1 * i);
  append (scene, 1, 10, 1.5);
  append (scene, 1, 20, 0.5);
}

static void
tear_down (PlPlotScene *scene, gconstpointer data)
{
  pl_plot_scene_clear (scene);
}

static void
assert_y (const PlPlotScene *scene, double low, double high, double epsilon)
{
  double found_low;
  double found_high;

  pl_plot_scene_find_y (scene, &found_low, &found_high);
  g_assert_cmpfloat_with_epsilon (found_low, low, epsilon);
  g_assert_cmpfloat_with_epsilon (found_high, high, epsilon);
}

static void
test_ranges (PlPlotScene *scene, gconstpointer data)
{
  double low;
  double high;

  pl_plot_scene_get_view (scene, &low, &high);
  g_assert_cmpfloat (low, ==, 0);
  g_assert_cmpfloat (high, ==, 2);
  assert_y (scene, 0, 50, 1e-9);

  scene->view_low = 1.05; /* the second epoch */
  scene->view_high = 2;
  assert_y (scene, 0.1 - 0.036, 1 + 0.036, 1e-9);
  scene->view_low = scene->view_high = NAN;

  pl_plot_scene_get_curve (scene, 0)->is_hidden = TRUE;
  assert_y (scene, 0, 1.5, 1e-9);
}

static void
test_outliers (PlPlotScene *scene, gconstpointer data)
{
  double low;
  double high;

  scene->ignores_outliers = TRUE;
  pl_plot_scene_find_y (scene, &low, &high);
  g_assert_cmpfloat (high, >, 2);
  g_assert_cmpfloat (high, <, 4);
  g_assert_cmpfloat (low, <, 0.1); /* the good end of a loss is no outlier */
}

static void
test_logarithm (PlPlotScene *scene, gconstpointer data)
{
  double low;
  double high;

  scene->is_log = TRUE;
  assert_y (scene, 0.1 / 1.1, 55, 1e-9);
  append (scene, 0, 21, -1); /* what has no logarithm does not count */
  pl_plot_scene_find_y (scene, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, 0.1 / 1.1, 1e-9);
  for (int i = 0; i < 2; i++)
    pl_curve_clear (pl_plot_scene_get_curve (scene, i)->data);
  pl_plot_scene_find_y (scene, &low, &high);
  g_assert_cmpfloat (low, >, 0);
  g_assert_cmpfloat (high, >, low);
}

static void
test_places (PlPlotScene *scene, gconstpointer data)
{
  g_autofree char *place = pl_plot_scene_dup_place (scene, 1.02);
  g_autofree char *values = pl_plot_scene_dup_values (scene, 1.02);

  g_assert_cmpstr (place, ==, "epoch 1 · step 10 · 0:10");
  g_assert_cmpstr (values, ==, "step 1.1000, training 1.5000");
  scene->by = PL_PLOT_BY_STEP;
  g_assert_cmpfloat_with_epsilon (pl_plot_scene_epoch_to_x (scene, 1.5), 15, 1e-9);
  g_assert_cmpfloat_with_epsilon (pl_plot_scene_x_to_epoch (scene, 12), 1.2, 1e-9);
  g_assert_true (isnan (pl_plot_scene_epoch_to_x (scene, NAN)));
}

/* Nothing is read far from a curve's ends, gaps are passed over. */
static void
test_reading (PlPlotScene *scene, gconstpointer data)
{
  const PlPlotCurve *training = pl_plot_scene_get_curve (scene, 1);
  int longer = pl_plot_scene_add_curve (scene, "earlier", 0xff, PL_CURVE_EARLIER);
  g_autofree char *values = NULL;
  guint point;

  append (scene, longer, 100, 0.25);
  append (scene, longer, 101, NAN);
  g_assert_false (pl_plot_scene_read (scene, training, 10, &point));
  g_assert_true (pl_plot_scene_read (scene, training, 2.4, &point));
  g_assert_cmpuint (point, ==, 1);
  values = pl_plot_scene_dup_values (scene, 10);
  g_assert_cmpstr (values, ==, "earlier 0.2500");
  g_assert_true (pl_plot_scene_get_main (scene) == training);
}

/* An axis of another kind, and a mean with its band. */
static void
test_other_axis (PlPlotScene *scene, gconstpointer data)
{
  int mean = pl_plot_scene_add_curve (scene, "mean", 0xff, PL_CURVE_DOTS);
  const PlCurvePoint point = { { 48, 48, 7 }, 0.5, 0.25F, 0.75F };
  g_autofree char *place = NULL;
  g_autofree char *values = NULL;
  g_auto (GStrv) rows = NULL;

  pl_plot_scene_remove_curve (scene, 0);
  pl_plot_scene_remove_curve (scene, 1);
  pl_curve_append (pl_plot_scene_get_curve (scene, mean)->data, &point);
  scene->by = PL_PLOT_BY_STEP;
  scene->x_name = g_strdup ("slices");
  place = pl_plot_scene_dup_place (scene, 48);
  values = pl_plot_scene_dup_values (scene, 48);
  rows = pl_plot_table_dup_rows (scene);
  g_assert_cmpstr (place, ==, "slices 48");
  g_assert_cmpstr (values, ==, "mean 0.5000 (0.2500–0.7500)");
  g_assert_cmpstr (rows[0], ==, "slices\tmean");
  g_assert_cmpstr (rows[1], ==, "48\t0.5000");
}

static void
test_small_numbers (PlPlotScene *scene, gconstpointer data)
{
  static const struct
  {
    double y;
    const char *text;
  } numbers[] = { { 0, "0.0000" },      { 0.98765, "0.9877" }, { -12, "-12.0000" },
                  { 0.0083, "0.0083" }, { 3e-5, "3e-05" },     { 0.0012346, "0.00123" } };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = pl_plot_dup_number (numbers[i].y);

      g_assert_cmpstr (text, ==, numbers[i].text);
    }
}

static void
test_numbers (PlPlotScene *scene, gconstpointer data)
{
  pl_plot_scene_remove_curve (scene, 0);
  g_assert_null (pl_plot_scene_get_curve (scene, 0));
  g_assert_cmpstr (pl_plot_scene_get_curve (scene, 1)->name, ==, "training");
  g_assert_cmpint (pl_plot_scene_add_curve (scene, "new", 0xff, PL_CURVE_LINE), ==, 0);
  g_assert_cmpint (pl_plot_scene_add_curve (scene, "newer", 0xff, PL_CURVE_LINE), ==, 2);
  g_assert_null (pl_plot_scene_get_curve (scene, 3));
  g_assert_null (pl_plot_scene_get_curve (scene, -1));
}

static void
test_table (PlPlotScene *scene, gconstpointer data)
{
  g_auto (GStrv) rows = pl_plot_table_dup_rows (scene);
  g_auto (GStrv) many = NULL;

  g_assert_cmpuint (g_strv_length (rows), ==, 3);
  g_assert_cmpstr (rows[0], ==, "epoch\tstep\ttime\tstep\ttraining");
  g_assert_cmpstr (rows[1], ==, "1\t10\t0:10\t1.1000\t1.5000");
  g_assert_cmpstr (rows[2], ==, "2\t20\t0:20\t0.1000\t0.5000");

  pl_plot_scene_remove_curve (scene, 1);
  for (int i = 21; i <= 5000; i++)
    append (scene, 0, i, 0.1);
  many = pl_plot_table_dup_rows (scene);
  g_assert_cmpuint (g_strv_length (many), <=, 2001);
  g_assert_cmpstr (many[g_strv_length (many) - 1], ==, "500\t5000\t1:23:20\t0.1000");
}

#define ADD(name, test)                                                                            \
  g_test_add ("/app/plot-scene/" name, PlPlotScene, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("ranges", test_ranges);
  ADD ("outliers", test_outliers);
  ADD ("logarithm", test_logarithm);
  ADD ("places", test_places);
  ADD ("reading", test_reading);
  ADD ("other-axis", test_other_axis);
  ADD ("small-numbers", test_small_numbers);
  ADD ("numbers", test_numbers);
  ADD ("table", test_table);
  return g_test_run ();
}
