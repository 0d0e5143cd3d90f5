/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/lung-sides.h"

#include <string.h>

enum
{
  SLICES = 6,
  ROWS = 30,
  COLUMNS = 40,
};

static const int shape[3] = { SLICES, ROWS, COLUMNS };

/* Fills a box; ends are excluded. */
static void
fill (guint8 *labels, int z0, int z1, int y0, int y1, int x0, int x1)
{
  for (int z = z0; z < z1; z++)
    for (int y = y0; y < y1; y++)
      memset (labels + ((gsize) z * ROWS + (gsize) y) * COLUMNS + x0, 1, (gsize) (x1 - x0));
}

static int
get (const PlMask *mask, int z, int y, int x)
{
  return pl_mask_slice (mask, z)[y * mask->n[2] + x];
}

/* Two lungs, the one at low columns larger. */
static guint8 *
draw_lungs (void)
{
  guint8 *labels = g_malloc0 (SLICES * ROWS * COLUMNS);

  fill (labels, 0, SLICES, 5, 25, 3, 18);
  fill (labels, 0, SLICES, 8, 25, 23, 36);
  return labels;
}

static PlMask *
part (guint8 *labels, const char *orientation)
{
  g_autoptr (PlMask) mask = pl_mask_new_take (shape, labels);

  return pl_lung_sides_new (mask, orientation);
}

static void
test_orientation (void)
{
  const struct
  {
    const char *orientation;
    int low; /* label at low columns */
  } cases[] = { { "", PL_LUNG_RIGHT }, { "SPL", PL_LUNG_RIGHT }, { "IAR", PL_LUNG_LEFT } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PlMask) sides = part (draw_lungs (), cases[i].orientation);

      g_assert_cmpint (get (sides, 2, 10, 5), ==, cases[i].low);
      g_assert_cmpint (get (sides, 2, 10, 30), ==, 3 - cases[i].low);
      g_assert_cmpint (get (sides, 2, 10, 20), ==, 0);
      g_assert_cmpint (sides->max_label, ==, 2);
    }
}

/* Left and right along rows, or along slices. */
static void
test_other_axes (void)
{
  guint8 *rows = g_malloc0 (SLICES * ROWS * COLUMNS);
  guint8 *slices = g_malloc0 (SLICES * ROWS * COLUMNS);
  g_autoptr (PlMask) by_row = NULL;
  g_autoptr (PlMask) by_slice = NULL;

  fill (rows, 0, SLICES, 2, 13, 5, 35);
  fill (rows, 0, SLICES, 17, 28, 5, 35);
  by_row = part (rows, "SRP");
  g_assert_cmpint (get (by_row, 1, 5, 20), ==, PL_LUNG_LEFT);
  g_assert_cmpint (get (by_row, 1, 20, 20), ==, PL_LUNG_RIGHT);
  fill (slices, 0, 2, 5, 25, 5, 35);
  fill (slices, 4, 6, 5, 25, 5, 35);
  by_slice = part (slices, "LPI");
  g_assert_cmpint (get (by_slice, 1, 10, 10), ==, PL_LUNG_RIGHT);
  g_assert_cmpint (get (by_slice, 4, 10, 10), ==, PL_LUNG_LEFT);
}

/* A tongue of the right lung beyond the middle is the right lung's. */
static void
test_reaches_across (void)
{
  guint8 *labels = draw_lungs ();
  g_autoptr (PlMask) sides = NULL;

  fill (labels, 0, SLICES, 5, 7, 18, 25);
  sides = part (labels, "");
  for (int x = 3; x < 25; x++)
    g_assert_cmpint (get (sides, 3, 5, x), ==, PL_LUNG_RIGHT);
  g_assert_cmpint (get (sides, 3, 10, 24), ==, PL_LUNG_LEFT);
}

/* Where lungs touch in one slice, the others are not cut. */
static void
test_touching (void)
{
  guint8 *labels = draw_lungs ();
  g_autoptr (PlMask) sides = NULL;

  fill (labels, 2, 3, 15, 16, 18, 23);
  fill (labels, 4, 5, 5, 7, 18, 24);
  sides = part (labels, "");
  g_assert_cmpint (get (sides, 2, 15, 18), ==, PL_LUNG_RIGHT);
  g_assert_cmpint (get (sides, 2, 15, 22), ==, PL_LUNG_LEFT);
  for (int x = 18; x < 24; x++)
    g_assert_cmpint (get (sides, 4, 5, x), ==, PL_LUNG_RIGHT);
  for (int z = 0; z < SLICES; z++)
    {
      g_assert_cmpint (get (sides, z, 10, 10), ==, PL_LUNG_RIGHT);
      g_assert_cmpint (get (sides, z, 10, 30), ==, PL_LUNG_LEFT);
    }
}

/* One lung is not cut in two. */
static void
test_one_lung (void)
{
  guint8 *labels = g_malloc0 (SLICES * ROWS * COLUMNS);
  g_autoptr (PlMask) sides = NULL;

  fill (labels, 0, SLICES, 5, 25, 24, 38);
  sides = part (labels, "");
  for (int x = 24; x < 38; x++)
    g_assert_cmpint (get (sides, 0, 10, x), ==, PL_LUNG_LEFT);
}

static void
test_empty (void)
{
  g_autoptr (PlMask) sides = part (g_malloc0 (SLICES * ROWS * COLUMNS), "");

  g_assert_cmpint (sides->max_label, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/lung-sides/orientation", test_orientation);
  g_test_add_func ("/image/lung-sides/other-axes", test_other_axes);
  g_test_add_func ("/image/lung-sides/reaches-across", test_reaches_across);
  g_test_add_func ("/image/lung-sides/touching", test_touching);
  g_test_add_func ("/image/lung-sides/one-lung", test_one_lung);
  g_test_add_func ("/image/lung-sides/empty", test_empty);
  return g_test_run ();
}
