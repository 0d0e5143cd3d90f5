/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/slice-frame.h"

#include <math.h>
#include <string.h>

enum
{
  ROWS = 96,
  COLUMNS = 160,
  SIZE = 64,
};

/* A body in the lower right part, from row 40 to 90 and from column 90 to 150, with a lung in it.
 */
static void
draw (float *hu, guint8 *labels)
{
  memset (labels, 0, ROWS * COLUMNS);
  for (int r = 0; r < ROWS; r++)
    for (int c = 0; c < COLUMNS; c++)
      {
        gboolean is_body = hypot ((r - 65) / 25.0, (c - 120) / 30.0) < 1;
        gboolean is_lung = hypot ((r - 65) / 12.0, (c - 112) / 10.0) < 1;

        hu[r * COLUMNS + c] = is_lung ? -850 : is_body ? 40 : -990;
        labels[r * COLUMNS + c] = is_lung;
      }
}

static void
test_body (void)
{
  const PlRecipe recipe = PL_RECIPE_HU;
  g_autofree float *hu = g_new (float, ROWS *COLUMNS);
  g_autofree guint8 *labels = g_new (guint8, ROWS * COLUMNS);
  float image[SIZE * SIZE];
  guint8 small[SIZE * SIZE];
  PlSliceFrame frame;
  int n_lung = 0, n_right = 0;

  draw (hu, labels);
  pl_slice_frame_find (&recipe, hu, ROWS, COLUMNS, &frame);
  g_assert_cmpint (frame.rows, ==, frame.columns);
  g_assert_cmpint (frame.rows, >=, 52);
  g_assert_cmpint (frame.rows, <=, 62);
  g_assert_cmpint (frame.row, <=, 43);
  g_assert_cmpint (frame.row + frame.rows, >=, 87);
  g_assert_cmpfloat (hu[0], ==, -100);
  g_assert_cmpfloat (hu[65 * COLUMNS + 112], ==, -850);

  /* Image and labels stay together. */
  pl_slice_frame_take_image (&frame, hu, ROWS, COLUMNS, image, SIZE);
  pl_slice_frame_take_labels (&frame, labels, ROWS, COLUMNS, small, SIZE);
  for (int i = 0; i < SIZE * SIZE; i++)
    {
      n_lung += small[i];
      n_right += small[i] && image[i] < -400 && image[i] > -1000;
    }
  g_assert_cmpint (n_lung, >, 300);
  g_assert_cmpint (n_right, >, n_lung * 9 / 10);

  /* What is marked in the air is no lung. */
  memset (labels, 1, ROWS * COLUMNS);
  pl_slice_frame_take_labels (&frame, labels, ROWS, COLUMNS, small, SIZE);
  g_assert_cmpint (small[0], ==, 0);
  g_assert_cmpint (small[SIZE / 2 * SIZE + SIZE / 2], ==, 1);
  pl_slice_frame_clear (&frame);
}

/* What a network says about the frame goes back to where it was seen. */
static void
test_back (void)
{
  const PlRecipe recipe = PL_RECIPE_HU;
  g_autofree float *hu = g_new (float, ROWS *COLUMNS);
  g_autofree guint8 *labels = g_new (guint8, ROWS * COLUMNS);
  g_autofree float *native = g_new (float, ROWS *COLUMNS);
  guint8 small[SIZE * SIZE];
  float probability[SIZE * SIZE];
  PlSliceFrame frame;
  int n_wrong = 0;

  draw (hu, labels);
  pl_slice_frame_find (&recipe, hu, ROWS, COLUMNS, &frame);
  pl_slice_frame_take_labels (&frame, labels, ROWS, COLUMNS, small, SIZE);
  for (int i = 0; i < SIZE * SIZE; i++)
    probability[i] = small[i];
  pl_slice_frame_put (&frame, probability, SIZE, native, ROWS, COLUMNS, 0.25f);
  for (int i = 0; i < ROWS * COLUMNS; i++)
    n_wrong += (native[i] >= 0.5f) != labels[i];
  g_assert_cmpint (n_wrong, <, 30);
  g_assert_cmpfloat (native[0], ==, 0.25);

  /* In the frame, but not in the body. */
  for (int i = 0; i < SIZE * SIZE; i++)
    probability[i] = 1;
  pl_slice_frame_put (&frame, probability, SIZE, native, ROWS, COLUMNS, 0.25f);
  g_assert_cmpfloat (native[(frame.row + 1) * COLUMNS + frame.column + 1], ==, 0.25);
  g_assert_cmpfloat (native[65 * COLUMNS + 120], ==, 1);
  pl_slice_frame_clear (&frame);
}

/* A body at the edge: its square frame reaches over it. */
static void
test_over_the_edge (void)
{
  const PlRecipe recipe = PL_RECIPE_HU;
  g_autofree float *hu = g_new (float, ROWS *COLUMNS);
  g_autofree float *native = g_new (float, ROWS *COLUMNS);
  float image[SIZE * SIZE];
  PlSliceFrame frame;

  for (int r = 0; r < ROWS; r++)
    for (int c = 0; c < COLUMNS; c++)
      hu[r * COLUMNS + c] = r < 30 ? (r > 8 && r < 20 && c > 40 && c < 90 ? -850 : 40) : -990;
  pl_slice_frame_find (&recipe, hu, ROWS, COLUMNS, &frame);
  g_assert_cmpint (frame.row, <, 0);
  pl_slice_frame_take_image (&frame, hu, ROWS, COLUMNS, image, SIZE);
  g_assert_cmpfloat (image[0], ==, -100);
  for (int i = 0; i < SIZE * SIZE; i++)
    image[i] = 1;
  pl_slice_frame_put (&frame, image, SIZE, native, ROWS, COLUMNS, 0);
  g_assert_cmpfloat (native[80], ==, 1);
  pl_slice_frame_clear (&frame);
}

static void
check_whole (const PlRecipe *recipe, float *values)
{
  PlSliceFrame frame;

  pl_slice_frame_find (recipe, values, ROWS, COLUMNS, &frame);
  g_assert_cmpint (frame.row, ==, 0);
  g_assert_cmpint (frame.column, ==, 0);
  g_assert_cmpint (frame.rows, ==, ROWS);
  g_assert_cmpint (frame.columns, ==, COLUMNS);
}

static void
test_whole (void)
{
  const PlRecipe percentiles = PL_RECIPE_PERCENTILES;
  const PlRecipe old = { .is_hu = TRUE, .low = -1024, .high = 600 };
  g_autofree float *hu = g_new (float, ROWS *COLUMNS);
  g_autofree guint8 *labels = g_new (guint8, ROWS * COLUMNS);

  draw (hu, labels);
  check_whole (&percentiles, hu);
  check_whole (&old, hu);
  g_assert_cmpfloat (hu[0], ==, -990);
  for (int i = 0; i < ROWS * COLUMNS; i++)
    hu[i] += 1024; /* not HU any more */
  check_whole (NULL, hu);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/slice-frame/body", test_body);
  g_test_add_func ("/train/slice-frame/back", test_back);
  g_test_add_func ("/train/slice-frame/over-the-edge", test_over_the_edge);
  g_test_add_func ("/train/slice-frame/whole", test_whole);
  return g_test_run ();
}
