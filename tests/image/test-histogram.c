/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/histogram.h"

#include <math.h>

static PlVolume *
make_volume (PlDType type, int n_slices, int rows, int columns)
{
  PlImageHeader header = { .format = PL_FORMAT_TIFF,
                           .shape = { n_slices, rows, columns },
                           .stored = type,
                           .n_samples = 1,
                           .pages = n_slices,
                           .spacing_mm = { 1, 1, 1 },
                           .slope = 1 };
  PlVolume *volume;

  pl_header_choose_axes (&header, -1);
  volume = pl_volume_new (&header, type, NULL, NULL);
  pl_volume_set_ready_slices (volume, n_slices);
  return volume;
}

static guint64
sum_counts (const PlHistogram *histogram)
{
  guint64 sum = 0;

  for (int i = 0; i < PL_HISTOGRAM_BINS; i++)
    sum += histogram->counts[i];
  return sum;
}

static int
find_peak (const PlHistogram *histogram)
{
  int peak = 0;

  for (int i = 1; i < PL_HISTOGRAM_BINS; i++)
    if (histogram->counts[i] > histogram->counts[peak])
      peak = i;
  return peak;
}

/* Every value of a range once, another one more often. */
static void
test_integers (void)
{
  static const int ranges[][2] = { { -1024, 3071 }, { 0, 255 }, { 0, 256 }, { -5, 90 } };

  for (gsize r = 0; r < G_N_ELEMENTS (ranges); r++)
    {
      int low = ranges[r][0];
      int n = ranges[r][1] - low + 1;
      g_autoptr (PlVolume) volume = make_volume (PL_DTYPE_INT16, 2, 1, n);
      gint16 *voxels = volume->voxels;
      PlHistogram histogram;
      int peak;

      for (int i = 0; i < n; i++)
        {
          voxels[i] = (gint16) (low + i);
          voxels[n + i] = (gint16) (low + 7);
        }
      g_assert_true (pl_histogram_measure (volume, &histogram, NULL, NULL));
      g_assert_cmpuint (histogram.n, ==, 2 * n);
      g_assert_cmpuint (sum_counts (&histogram), ==, 2 * n);
      g_assert_cmpfloat (histogram.min, ==, ranges[r][0]);
      g_assert_cmpfloat (histogram.max, ==, ranges[r][1]);
      g_assert_cmpfloat_with_epsilon (histogram.mean, (low + (n - 1) / 2.0 + low + 7) / 2, 1e-9);
      g_assert_cmpfloat (histogram.width, ==, floor (histogram.width));
      peak = find_peak (&histogram);
      g_assert_cmpfloat (histogram.low + peak * histogram.width, <=, low + 7);
      g_assert_cmpfloat (histogram.low + (peak + 1) * histogram.width, >, low + 7);
      for (int i = 0; i < PL_HISTOGRAM_BINS; i++)
        if (i != peak) /* no comb */
          g_assert_cmpuint (histogram.counts[i], <=, (guint64) histogram.width);
    }
}

/* What is not finite is left out; a narrow range is divided. */
static void
test_floats (void)
{
  g_autoptr (PlVolume) volume = make_volume (PL_DTYPE_FLOAT32, 1, 2, 4);
  const float values[] = { 0, 0.25f, NAN, 0.25f, INFINITY, 1, -INFINITY, 0.5f };
  PlHistogram histogram;

  memcpy (volume->voxels, values, sizeof values);
  g_assert_true (pl_histogram_measure (volume, &histogram, NULL, NULL));
  g_assert_cmpuint (histogram.n, ==, 5);
  g_assert_cmpuint (sum_counts (&histogram), ==, 5);
  g_assert_cmpfloat (histogram.min, ==, 0);
  g_assert_cmpfloat (histogram.max, ==, 1);
  g_assert_cmpfloat_with_epsilon (histogram.mean, 0.4, 1e-9);
  g_assert_cmpfloat_with_epsilon (histogram.sd, sqrt ((0.16 + 2 * 0.0225 + 0.36 + 0.01) / 5), 1e-9);
  g_assert_cmpint (find_peak (&histogram), ==, 64);
}

static void
test_nothing (void)
{
  g_autoptr (PlVolume) same = make_volume (PL_DTYPE_INT16, 1, 3, 3);
  g_autoptr (PlVolume) none = make_volume (PL_DTYPE_FLOAT32, 1, 1, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  PlHistogram histogram;

  g_assert_true (pl_histogram_measure (same, &histogram, NULL, NULL));
  g_assert_cmpuint (histogram.counts[0], ==, 9);
  g_assert_cmpfloat (histogram.sd, ==, 0);
  ((float *) none->voxels)[0] = NAN;
  g_assert_true (pl_histogram_measure (none, &histogram, NULL, NULL));
  g_assert_cmpuint (histogram.n, ==, 0);
  g_assert_true (isnan (histogram.mean) && isnan (histogram.min));
  g_cancellable_cancel (cancellable);
  g_assert_false (pl_histogram_measure (same, &histogram, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/histogram/integers", test_integers);
  g_test_add_func ("/image/histogram/floats", test_floats);
  g_test_add_func ("/image/histogram/nothing", test_nothing);
  return g_test_run ();
}
