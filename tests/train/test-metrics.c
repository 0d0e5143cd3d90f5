/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/metrics.h"

#include <math.h>

static const double unit_mm[3] = { 1, 1, 1 };

static PlMask *
make_mask (const int n[3], gboolean (*contains) (const int at[3], gpointer data), gpointer data)
{
  guint8 *labels = g_new (guint8, n[0] * n[1] * n[2]);
  int i = 0;

  for (int s = 0; s < n[0]; s++)
    for (int r = 0; r < n[1]; r++)
      for (int c = 0; c < n[2]; c++)
        labels[i++] = (guint8) contains ((int[]){ s, r, c }, data);
  return pl_mask_new_take (n, labels);
}

static gboolean
is_in_cube (const int at[3], gpointer data)
{
  const int *cube = data; /* first slice, row, column; side */

  for (int axis = 0; axis < 3; axis++)
    if (at[axis] < cube[axis] || at[axis] >= cube[axis] + cube[3])
      return FALSE;
  return TRUE;
}

static gboolean
is_in_ball (const int at[3], gpointer data)
{
  const double *ball = data; /* centre, radius, spacing of slices */
  double ds = (at[0] - ball[0]) * ball[4];

  return hypot (hypot (ds, at[1] - ball[1]), at[2] - ball[2]) <= ball[3];
}

static gboolean
is_nowhere (const int at[3], gpointer data)
{
  return FALSE;
}

static gboolean
is_everywhere (const int at[3], gpointer data)
{
  return TRUE;
}

static void
test_equal (void)
{
  const int n[3] = { 9, 10, 11 };
  g_autoptr (PlMask) a = make_mask (n, is_in_cube, (int[]){ 2, 3, 4, 5 });
  PlMetrics m;

  pl_metrics_compute (a, a, NULL, unit_mm, 0, &m);
  g_assert_cmpfloat (m.accuracy, ==, 1);
  g_assert_cmpfloat (m.dice, ==, 1);
  g_assert_cmpfloat (m.iou, ==, 1);
  g_assert_cmpfloat (m.precision, ==, 1);
  g_assert_cmpfloat (m.recall, ==, 1);
  g_assert_cmpfloat (m.hd95_mm, ==, 0);
  g_assert_cmpfloat (m.assd_mm, ==, 0);
  g_assert_cmpfloat (m.volume_difference_ml, ==, 0);
  g_assert_true (isnan (m.bce));
  g_assert_false (m.both_empty);
}

/* A cube of side 10 moved by 2 columns, 0.5 mm each: 800 of 1000 voxels stay. */
static void
test_shifted_cube (void)
{
  const int n[3] = { 20, 20, 20 };
  const double spacing[3] = { 2, 1, 0.5 };
  g_autoptr (PlMask) truth = make_mask (n, is_in_cube, (int[]){ 5, 5, 4, 10 });
  g_autoptr (PlMask) prediction = make_mask (n, is_in_cube, (int[]){ 5, 5, 6, 10 });
  PlMetrics m;

  pl_metrics_compute (prediction, truth, NULL, spacing, 0, &m);
  g_assert_cmpfloat_with_epsilon (m.accuracy, 1 - 400.0 / 8000, 1e-12);
  g_assert_cmpfloat_with_epsilon (m.dice, 0.8, 1e-12);
  g_assert_cmpfloat_with_epsilon (m.iou, 800.0 / 1200, 1e-12);
  g_assert_cmpfloat_with_epsilon (m.precision, 0.8, 1e-12);
  g_assert_cmpfloat_with_epsilon (m.recall, 0.8, 1e-12);
  g_assert_cmpfloat_with_epsilon (m.hd95_mm, 1, 1e-6); /* the leading and the trailing face */
  g_assert_cmpfloat_with_epsilon (m.volume_difference_ml, 0, 1e-12);
}

/* Half of it found, nothing else. */
static void
test_smaller_prediction (void)
{
  const int n[3] = { 1, 10, 20 };
  g_autoptr (PlMask) truth = make_mask (n, is_in_cube, (int[]){ 0, 0, 0, 10 });
  g_autoptr (PlMask) prediction = make_mask (n, is_in_cube, (int[]){ 0, 0, 0, 5 });
  PlMetrics m;

  pl_metrics_compute (prediction, truth, NULL, (double[]){ 10, 2, 2 }, 0, &m);
  g_assert_cmpfloat (m.precision, ==, 1);
  g_assert_cmpfloat (m.recall, ==, 0.25);
  g_assert_cmpfloat_with_epsilon (m.dice, 0.4, 1e-12);
  g_assert_cmpfloat_with_epsilon (m.volume_difference_ml, -75 * 40 / 1000.0, 1e-12);
}

/* Concentric balls whose radii differ by 4 mm, slices 2 mm apart: both distances are 4 mm but for
 * the size of a voxel. */
static void
test_balls (void)
{
  const int n[3] = { 21, 41, 41 };
  g_autoptr (PlMask) large = make_mask (n, is_in_ball, (double[]){ 10, 20, 20, 16, 2 });
  g_autoptr (PlMask) small = make_mask (n, is_in_ball, (double[]){ 10, 20, 20, 12, 2 });
  PlMetrics m;

  pl_metrics_compute (large, small, NULL, (double[]){ 2, 1, 1 }, 0, &m);
  g_assert_cmpfloat_with_epsilon (m.assd_mm, 4, 0.5);
  g_assert_cmpfloat_with_epsilon (m.hd95_mm, 4, 1);
  g_assert_cmpfloat_with_epsilon (m.volume_difference_ml,
                                  4 * G_PI / 3 * (16 * 16 * 16 - 12 * 12 * 12) / 1000, 0.4);
}

static void
test_both_empty (void)
{
  const int n[3] = { 2, 3, 4 };
  g_autoptr (PlMask) a = make_mask (n, is_nowhere, NULL);
  PlMetrics m;

  pl_metrics_compute (a, a, NULL, unit_mm, 0, &m);
  g_assert_true (m.both_empty);
  g_assert_cmpfloat (m.accuracy, ==, 1);
  g_assert_cmpfloat (m.dice, ==, 1);
  g_assert_cmpfloat (m.iou, ==, 1);
  g_assert_true (isnan (m.precision) && isnan (m.recall));
  g_assert_true (isnan (m.hd95_mm) && isnan (m.assd_mm));
  g_assert_cmpfloat (m.volume_difference_ml, ==, 0);
}

static void
test_one_empty (void)
{
  const int n[3] = { 2, 3, 4 };
  g_autoptr (PlMask) none = make_mask (n, is_nowhere, NULL);
  g_autoptr (PlMask) all = make_mask (n, is_everywhere, NULL);
  PlMetrics m;

  pl_metrics_compute (none, all, NULL, unit_mm, 0, &m);
  g_assert_false (m.both_empty);
  g_assert_cmpfloat (m.dice, ==, 0);
  g_assert_cmpfloat (m.iou, ==, 0);
  g_assert_cmpfloat (m.recall, ==, 0);
  g_assert_true (isnan (m.precision) && isnan (m.hd95_mm) && isnan (m.assd_mm));
  pl_metrics_compute (all, none, NULL, unit_mm, 0, &m);
  g_assert_cmpfloat (m.precision, ==, 0);
  g_assert_true (isnan (m.recall));
  g_assert_cmpfloat_with_epsilon (m.volume_difference_ml, 0.024, 1e-12);
}

static void
test_bce (void)
{
  const int n[3] = { 1, 2, 2 };
  g_autoptr (PlMask) truth = make_mask (n, is_in_cube, (int[]){ 0, 0, 0, 1 });
  const float probability[] = { 0.5f, 0.25f, 0, 1 };
  PlMetrics m;

  pl_metrics_compute (truth, truth, probability, unit_mm, 0, &m);
  g_assert_cmpfloat_with_epsilon (
      m.bce, -(log (0.5) + log (0.75) + log (1 - 1e-7) + log (1e-7)) / 4, 1e-9);
}

static void
test_labels (void)
{
  const int n[3] = { 1, 1, 6 };
  g_autoptr (PlMask) truth = pl_mask_new_take (n, g_memdup2 ("\0\1\1\2\2\2", 6));
  g_autoptr (PlMask) prediction = pl_mask_new_take (n, g_memdup2 ("\0\1\2\2\2\2", 6));
  PlMetrics m;

  pl_metrics_compute (prediction, truth, NULL, unit_mm, 0, &m);
  g_assert_cmpfloat (m.dice, ==, 1);
  pl_metrics_compute (prediction, truth, NULL, unit_mm, 1, &m);
  g_assert_cmpfloat_with_epsilon (m.dice, 2.0 / 3, 1e-12);
  g_assert_cmpfloat (m.precision, ==, 1);
  pl_metrics_compute (prediction, truth, NULL, unit_mm, 2, &m);
  g_assert_cmpfloat (m.precision, ==, 0.75);
  g_assert_cmpfloat (m.recall, ==, 1);
  g_assert_cmpfloat_with_epsilon (pl_metrics_dice (prediction->labels, truth->labels, 6, 2),
                                  6.0 / 7, 1e-12);
  g_assert_cmpfloat (pl_metrics_dice (prediction->labels, truth->labels, 6, 3), ==, 1);
}

static void
test_fields (void)
{
  const char *const names[] = { "accuracy", "dice",    "iou",     "precision",
                                "recall",   "hd95_mm", "assd_mm", "volume_difference_ml",
                                "bce" };
  const PlMetrics m = { .accuracy = 0,
                        .dice = 1,
                        .iou = 2,
                        .precision = 3,
                        .recall = 4,
                        .hd95_mm = 5,
                        .assd_mm = 6,
                        .volume_difference_ml = 7,
                        .bce = 8 };
  gsize n;
  const PlMetricsField *fields = pl_metrics_fields (&n);

  g_assert_cmpuint (n, ==, G_N_ELEMENTS (names));
  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpstr (fields[i].name, ==, names[i]);
      g_assert_nonnull (fields[i].title);
      g_assert_cmpfloat (G_STRUCT_MEMBER (double, &m, fields[i].offset), ==, (double) i);
    }
}

static void
test_summary (void)
{
  const PlMetrics cases[4] = {
    { .dice = 0.5, .hd95_mm = 3, .bce = NAN },
    { .dice = 0.9, .hd95_mm = NAN, .bce = NAN },
    { .dice = 1.0, .hd95_mm = NAN, .bce = NAN, .both_empty = TRUE },
    { .dice = 0.8, .hd95_mm = 7, .bce = 0.25 },
  };
  PlMetricsSummary summary;

  pl_metrics_summarise (cases, 4, &summary);
  g_assert_cmpint (summary.n, ==, 4);
  g_assert_cmpint (summary.n_both_empty, ==, 1);
  g_assert_cmpfloat_with_epsilon (summary.mean.dice, 0.8, 1e-12);
  g_assert_cmpfloat_with_epsilon (summary.median.dice, 0.85, 1e-12);
  g_assert_cmpfloat_with_epsilon (summary.sd.dice, sqrt ((0.09 + 0.01 + 0.04) / 3), 1e-12);
  g_assert_cmpfloat_with_epsilon (summary.mean.hd95_mm, 5, 1e-12);
  g_assert_cmpfloat_with_epsilon (summary.sd.hd95_mm, sqrt (8), 1e-12);
  g_assert_cmpfloat (summary.mean.bce, ==, 0.25);
  g_assert_true (isnan (summary.sd.bce));
  pl_metrics_summarise (cases, 0, &summary);
  g_assert_cmpint (summary.n, ==, 0);
  g_assert_true (isnan (summary.mean.dice) && isnan (summary.sd.dice) &&
                 isnan (summary.median.dice));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/metrics/equal", test_equal);
  g_test_add_func ("/train/metrics/shifted-cube", test_shifted_cube);
  g_test_add_func ("/train/metrics/smaller-prediction", test_smaller_prediction);
  g_test_add_func ("/train/metrics/balls", test_balls);
  g_test_add_func ("/train/metrics/both-empty", test_both_empty);
  g_test_add_func ("/train/metrics/one-empty", test_one_empty);
  g_test_add_func ("/train/metrics/bce", test_bce);
  g_test_add_func ("/train/metrics/labels", test_labels);
  g_test_add_func ("/train/metrics/fields", test_fields);
  g_test_add_func ("/train/metrics/summary", test_summary);
  return g_test_run ();
}
