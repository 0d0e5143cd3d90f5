/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/body.h"

#include <math.h>

enum
{
  AIR = -1000,
  PADDING = -2000,
  LUNG = -850,
  TISSUE = 40,
};

/* A slice being drawn. */
typedef struct
{
  int rows;
  int columns;
  float *hu;
  guint8 *inside;
  PlBodyBox box;
} Slice;

static Slice
make_slice (int rows, int columns)
{
  gsize n = (gsize) rows * (gsize) columns;
  Slice slice = { .rows = rows, .columns = columns, .hu = g_new (float, n) };

  slice.inside = g_new0 (guint8, n);
  for (gsize i = 0; i < n; i++)
    slice.hu[i] = AIR;
  return slice;
}

static void
clear_slice (Slice *slice)
{
  g_free (slice->hu);
  g_free (slice->inside);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Slice, clear_slice)

/* Middle and half axes as shares of the slice. */
static void
draw_ellipse (Slice *slice, double row, double column, double height, double width, float hu)
{
  for (int r = 0; r < slice->rows; r++)
    for (int c = 0; c < slice->columns; c++)
      if (hypot (((r + 0.5) / slice->rows - row) / height,
                 ((c + 0.5) / slice->columns - column) / width) < 1)
        slice->hu[r * slice->columns + c] = hu;
}

static void
draw_rows (Slice *slice, int first, int end, float hu)
{
  for (int i = first * slice->columns; i < end * slice->columns; i++)
    slice->hu[i] = hu;
}

static gboolean
find (Slice *slice)
{
  return pl_body_find (slice->hu, slice->rows, slice->columns, slice->inside, &slice->box);
}

static gboolean
is_inside (const Slice *slice, double row, double column)
{
  return slice
      ->inside[(int) (row * slice->rows) * slice->columns + (int) (column * slice->columns)];
}

static void
draw_thorax (Slice *slice)
{
  draw_ellipse (slice, 0.4, 0.5, 0.2, 0.3, TISSUE);
  draw_ellipse (slice, 0.4, 0.38, 0.12, 0.1, LUNG);
  draw_ellipse (slice, 0.4, 0.62, 0.12, 0.1, LUNG);
}

static void
check_thorax (int rows, int columns)
{
  g_auto (Slice) slice = make_slice (rows, columns);

  draw_thorax (&slice);
  /* The surface of a table right under the body, and an arm apart from it. */
  draw_rows (&slice, (int) (0.6 * rows), (int) (0.6 * rows) + 2, TISSUE);
  draw_ellipse (&slice, 0.4, 0.9, 0.07, 0.05, TISSUE);
  g_assert_true (find (&slice));
  g_assert_true (is_inside (&slice, 0.4, 0.5));
  g_assert_true (is_inside (&slice, 0.4, 0.38));
  g_assert_true (is_inside (&slice, 0.4, 0.62));
  g_assert_false (is_inside (&slice, 0.1, 0.5));
  g_assert_false (is_inside (&slice, 0.9, 0.5));
  g_assert_false (is_inside (&slice, 0.6, 0.05));
  g_assert_false (is_inside (&slice, 0.4, 0.9));
  g_assert_cmpfloat_with_epsilon ((double) slice.box.row / rows, 0.2, 0.03);
  g_assert_cmpfloat_with_epsilon ((double) slice.box.rows / rows, 0.4, 0.05);
  g_assert_cmpfloat_with_epsilon ((double) slice.box.column / columns, 0.2, 0.03);
  g_assert_cmpfloat_with_epsilon ((double) slice.box.columns / columns, 0.6, 0.05);
}

static void
test_thorax (void)
{
  check_thorax (512, 512);
  check_thorax (256, 512);
  check_thorax (331, 301);
}

/* Without walls beside them the lungs lie open, at the slice's edge or at a circle's. */
static void
test_cut (void)
{
  g_auto (Slice) edge = make_slice (256, 256);
  g_auto (Slice) circle = make_slice (256, 256);

  draw_ellipse (&edge, 0.5, 0.5, 0.4, 0.7, TISSUE);
  draw_ellipse (&edge, 0.5, 0, 0.2, 0.3, LUNG);
  g_assert_true (find (&edge));
  g_assert_true (is_inside (&edge, 0.5, 0.01));
  g_assert_false (is_inside (&edge, 0.02, 0.5));

  draw_ellipse (&circle, 0.5, 0.5, 0.3, 0.55, TISSUE);
  draw_ellipse (&circle, 0.5, 0.15, 0.15, 0.3, LUNG);
  for (int r = 0; r < 256; r++)
    for (int c = 0; c < 256; c++)
      if (hypot (r - 127.5, c - 127.5) > 100)
        circle.hu[r * 256 + c] = PADDING;
  g_assert_true (find (&circle));
  g_assert_true (is_inside (&circle, 0.5, 0.2));
  g_assert_false (is_inside (&circle, 0.15, 0.5));
}

/* Air between two folds that reach out of the slice is not lung. */
static void
test_fold (void)
{
  g_auto (Slice) slice = make_slice (256, 256);

  draw_ellipse (&slice, 0.6, 0.5, 0.5, 0.7, TISSUE);
  draw_ellipse (&slice, 0.2, 0.1, 0.4, 0.3, TISSUE);
  draw_ellipse (&slice, 0.2, 0.9, 0.4, 0.3, TISSUE);
  draw_ellipse (&slice, 0, 0.5, 0.2, 0.1, AIR);
  draw_ellipse (&slice, 0.6, 0.6, 0.2, 0.15, LUNG);
  draw_ellipse (&slice, 0.6, 0, 0.2, 0.3, LUNG);
  g_assert_true (find (&slice));
  g_assert_false (is_inside (&slice, 0.05, 0.5));
  g_assert_true (is_inside (&slice, 0.05, 0.1));
  g_assert_true (is_inside (&slice, 0.6, 0.01));
}

static void
test_no_body (void)
{
  g_auto (Slice) air = make_slice (64, 64);
  g_auto (Slice) dot = make_slice (1, 1);
  g_auto (Slice) nan = make_slice (20, 30);

  g_assert_false (find (&air));
  draw_ellipse (&air, 0.5, 0.5, 0.05, 0.05, TISSUE);
  g_assert_false (find (&air));
  g_assert_false (find (&dot));
  for (int i = 0; i < 600; i++)
    nan.hu[i] = NAN;
  g_assert_false (find (&nan));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/body/thorax", test_thorax);
  g_test_add_func ("/image/body/cut", test_cut);
  g_test_add_func ("/image/body/fold", test_fold);
  g_test_add_func ("/image/body/no-body", test_no_body);
  return g_test_run ();
}
