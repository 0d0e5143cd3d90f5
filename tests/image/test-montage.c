/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>

#include "image/montage.h"

#define BLACK_TO_WHITE ((PlWindow){ 127.5, 255.0 })

/* Every pixel of slice s has the value 10 × s + 5. */
static PlVolume *
make_volume (int slices, int rows, int columns, double row_mm, double column_mm)
{
  PlImageHeader header = { .format = PL_FORMAT_TIFF,
                           .shape = { slices, rows, columns },
                           .n_samples = 1,
                           .has_spacing = TRUE,
                           .spacing_mm = { 1.0, row_mm, column_mm },
                           .slope = 1.0 };
  gsize n = (gsize) rows * (gsize) columns;
  PlVolume *volume;

  pl_header_choose_axes (&header, -1);
  volume = pl_volume_new (&header, PL_DTYPE_UINT8, NULL, NULL);
  for (int s = 0; s < slices; s++)
    memset ((guint8 *) volume->voxels + (gsize) s * n, 10 * s + 5, n);
  pl_volume_set_ready_slices (volume, slices);
  return volume;
}

/* Label 1 in rows and columns 4 to 11 of each slice. */
static PlMask *
make_square (const PlVolume *volume)
{
  guint8 *labels = g_malloc0 ((gsize) volume->n[0] * (gsize) volume->n[1] * (gsize) volume->n[2]);

  for (int s = 0; s < volume->n[0]; s++)
    for (int r = 4; r < 12; r++)
      memset (labels + (s * volume->n[1] + r) * volume->n[2] + 4, 1, 8);
  return pl_mask_new_take (volume->n, labels);
}

static guint32
get_pixel (const PlPicture *picture, int x, int y)
{
  const guint8 *rgb = picture->rgb + 3 * (y * picture->width + x);

  return (guint32) (rgb[0] << 16 | rgb[1] << 8 | rgb[2]);
}

/* Pixels of 0.5 × 1 mm: 20 rows and 30 columns are 10 × 30 mm. */
static void
test_aspect (void)
{
  g_autoptr (PlVolume) volume = make_volume (1, 20, 30, 0.5, 1.0);
  g_autoptr (PlPicture) picture =
      pl_picture_slice (volume, 0, NULL, NULL, BLACK_TO_WHITE, pl_colour_map_find ("gray"), 60);

  g_assert_cmpint (picture->width, ==, 60);
  g_assert_cmpint (picture->height, ==, 20);
  g_assert_cmphex (get_pixel (picture, 59, 19), ==, 0x050505);
}

static void
test_thin (void)
{
  g_autoptr (PlVolume) volume = make_volume (1, 1, 1, 1e-3, 1e3);
  g_autoptr (PlPicture) picture =
      pl_picture_slice (volume, 0, NULL, NULL, BLACK_TO_WHITE, pl_colour_map_find ("gray"), 8);

  g_assert_cmpint (picture->width, ==, 8);
  g_assert_cmpint (picture->height, ==, 1);
}

/* A checkerboard of black and white shrinks to the gray between, not to one of them. */
static void
test_antialiased (void)
{
  g_autoptr (PlVolume) volume = make_volume (1, 64, 64, 1.0, 1.0);
  g_autoptr (PlPicture) picture = NULL;

  for (int i = 0; i < 64 * 64; i++)
    ((guint8 *) volume->voxels)[i] = (i + i / 64) % 2 != 0 ? 255 : 0;
  picture =
      pl_picture_slice (volume, 0, NULL, NULL, BLACK_TO_WHITE, pl_colour_map_find ("gray"), 16);
  for (int y = 0; y < 16; y++)
    for (int x = 0; x < 16; x++)
      g_assert_cmpint (ABS ((int) (get_pixel (picture, x, y) & 0xff) - 128), <=, 8);
}

static void
test_colour (void)
{
  g_autoptr (PlVolume) volume = make_volume (2, 4, 4, 1.0, 1.0);
  const PlColourMap *hot = pl_colour_map_find ("hot");
  g_autoptr (PlPicture) picture = pl_picture_slice (volume, 1, NULL, NULL, BLACK_TO_WHITE, hot, 4);

  g_assert_cmpmem (picture->rgb, 3, hot->rgb[15], 3);
}

static void
test_overlay (void)
{
  g_autoptr (PlVolume) volume = make_volume (1, 16, 16, 1.0, 1.0);
  g_autoptr (PlMask) mask = make_square (volume);
  const PlColourMap *gray = pl_colour_map_find ("gray");
  g_autoptr (PlPicture) truth = pl_picture_slice (volume, 0, mask, NULL, BLACK_TO_WHITE, gray, 16);
  g_autoptr (PlPicture) prediction =
      pl_picture_slice (volume, 0, NULL, mask, BLACK_TO_WHITE, gray, 16);
  guint32 fill = 0;

  for (int shift = 0; shift <= 16; shift += 8)
    fill |= (guint32) (5.0 + 0.35 * ((PL_PREDICTION_RGB >> shift & 0xff) - 5.0) + 0.5) << shift;
  for (int y = 0; y < 16; y++)
    for (int x = 0; x < 16; x++)
      {
        gboolean is_inside = x >= 4 && x < 12 && y >= 4 && y < 12;
        gboolean is_edge = is_inside && (x == 4 || x == 11 || y == 4 || y == 11);

        g_assert_cmphex (get_pixel (truth, x, y), ==, is_edge ? PL_TRUTH_RGB : 0x050505);
        g_assert_cmphex (get_pixel (prediction, x, y), ==, is_inside ? fill : 0x050505);
      }
}

/* Each label its colour, where they touch too. */
static void
test_labels (void)
{
  g_autoptr (PlVolume) volume = make_volume (1, 16, 16, 1.0, 1.0);
  g_autoptr (PlMask) mask = make_square (volume);
  const PlColourMap *gray = pl_colour_map_find ("gray");
  g_autoptr (PlPicture) one = NULL;
  g_autoptr (PlPicture) both = NULL;

  for (int y = 4; y < 12; y++)
    for (int x = 8; x < 12; x++)
      mask->labels[y * 16 + x] = 2;
  one = pl_picture_slice (volume, 0, mask, NULL, BLACK_TO_WHITE, gray, 16);
  both = pl_picture_slice (volume, 0, NULL, mask, BLACK_TO_WHITE, gray, 16);
  g_assert_cmphex (get_pixel (one, 4, 8), ==, PL_TRUTH_RGB);
  g_assert_cmphex (get_pixel (one, 7, 8), ==, PL_TRUTH_RGB);
  g_assert_cmphex (get_pixel (one, 8, 8), ==, pl_label_rgb (PL_TRUTH_RGB, 2));
  g_assert_cmphex (get_pixel (one, 11, 8), ==, pl_label_rgb (PL_TRUTH_RGB, 2));
  g_assert_cmphex (get_pixel (both, 7, 8), ==, get_pixel (both, 5, 5));
  g_assert_cmphex (get_pixel (both, 8, 8), ==, get_pixel (both, 11, 11));
  g_assert_cmphex (get_pixel (both, 8, 8), !=, get_pixel (both, 7, 8));
}

/* Seven slices: a square of 3 × 3, whose last two places are black. */
static void
test_grid (void)
{
  g_autoptr (PlVolume) volume = make_volume (7, 16, 16, 1.0, 1.0);
  g_autoptr (PlMask) mask = make_square (volume);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlPicture) picture = pl_montage_picture (volume, mask, 0, 16, BLACK_TO_WHITE,
                                                      pl_colour_map_find ("gray"), NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (picture->width, ==, 48);
  g_assert_cmpint (picture->height, ==, 48);
  for (int i = 0; i < 9; i++)
    {
      int level = i < 7 ? 10 * i + 5 : 0;
      int x = i % 3 * 16;
      int y = i / 3 * 16;

      g_assert_cmphex (get_pixel (picture, x, y), ==, (guint32) level * 0x010101);
      g_assert_cmphex (get_pixel (picture, x + 15, y + 15), ==, (guint32) level * 0x010101);
      g_assert_cmphex (get_pixel (picture, x + 4, y + 4), ==, i < 7 ? PL_TRUTH_RGB : 0);
    }
}

static void
test_columns (void)
{
  g_autoptr (PlVolume) volume = make_volume (5, 4, 4, 1.0, 1.0);
  const PlColourMap *gray = pl_colour_map_find ("gray");
  g_autoptr (PlPicture) two =
      pl_montage_picture (volume, NULL, 2, 4, BLACK_TO_WHITE, gray, NULL, NULL);
  g_autoptr (PlPicture) many =
      pl_montage_picture (volume, NULL, 100, 4, BLACK_TO_WHITE, gray, NULL, NULL);

  g_assert_cmpint (two->width, ==, 8);
  g_assert_cmpint (two->height, ==, 12);
  g_assert_cmpint (many->width, ==, 20);
  g_assert_cmpint (many->height, ==, 4);
}

static void
test_refused (void)
{
  g_autoptr (PlVolume) volume = make_volume (5, 4, 4, 1.0, 1.0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  const PlColourMap *gray = pl_colour_map_find ("gray");

  g_assert_null (pl_montage_picture (volume, NULL, 5, 8192, BLACK_TO_WHITE, gray, NULL, &error));
  g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (
      pl_montage_picture (volume, NULL, 5, 8, BLACK_TO_WHITE, gray, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/montage/aspect", test_aspect);
  g_test_add_func ("/image/montage/thin", test_thin);
  g_test_add_func ("/image/montage/antialiased", test_antialiased);
  g_test_add_func ("/image/montage/colour", test_colour);
  g_test_add_func ("/image/montage/overlay", test_overlay);
  g_test_add_func ("/image/montage/labels", test_labels);
  g_test_add_func ("/image/montage/grid", test_grid);
  g_test_add_func ("/image/montage/columns", test_columns);
  g_test_add_func ("/image/montage/refused", test_refused);
  return g_test_run ();
}
