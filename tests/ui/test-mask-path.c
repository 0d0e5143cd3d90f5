/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filled again, an outline gives the mask that it is of. */
#include "app/mask-path.h"

#define SIDE 24

/* The pixels whose middle is inside the path, as labels. */
static void
fill (const guint8 *labels, guint8 *filled)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, SIDE, SIDE);
  cairo_t *cr = cairo_create (surface);
  const guint8 *pixels;

  pl_mask_path_append (cr, labels, SIDE, SIDE, 1);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  pixels = cairo_image_surface_get_data (surface);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      filled[y * SIDE + x] = pixels[y * cairo_image_surface_get_stride (surface) + x] == 255;
  cairo_surface_destroy (surface);
}

/* Of every density: islands, holes, and pixels that touch at corners. */
static void
test_fill (void)
{
  for (int i = 0; i < 200; i++)
    {
      guint8 labels[SIDE * SIDE];
      guint8 filled[SIDE * SIDE];

      for (int k = 0; k < SIDE * SIDE; k++)
        labels[k] = g_test_rand_int_range (0, 200) < i;
      fill (labels, filled);
      g_assert_cmpmem (filled, sizeof filled, labels, sizeof labels);
    }
}

/* A rectangle is four lines. */
static void
test_straight (void)
{
  guint8 labels[SIDE * SIDE] = { 0 };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, SIDE, SIDE);
  cairo_t *cr = cairo_create (surface);
  cairo_path_t *path;
  int n_lines = 0;

  for (int y = 3; y < 20; y++)
    for (int x = 5; x < 9; x++)
      labels[y * SIDE + x] = 2;
  pl_mask_path_append (cr, labels, SIDE, SIDE, 1);
  g_assert_false (cairo_has_current_point (cr));
  pl_mask_path_append (cr, labels, SIDE, SIDE, 2);
  path = cairo_copy_path (cr);
  for (int i = 0; i < path->num_data; i += path->data[i].header.length)
    n_lines += path->data[i].header.type == CAIRO_PATH_LINE_TO;
  g_assert_cmpint (n_lines, >=, 3);
  g_assert_cmpint (n_lines, <=, 4);
  cairo_path_destroy (path);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/mask-path/fill", test_fill);
  g_test_add_func ("/app/mask-path/straight", test_straight);
  return g_test_run ();
}
