/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slice as a picture: what its pixels are, of an image of 10 rows and 20 columns. */
#include "app/slice-picture.h"

#include "app/slice-paint.h"

#include "ui/view-rig.h"

#define BLACK 0x000000u
#define WHITE 0xffffffu
#define BLACK_HU (-1350)
#define WHITE_HU 150

typedef struct
{
  PlVolume *volume;
  PlViewState *state;
} Rig;

static void
set_up (Rig *rig, gconstpointer data)
{
  rig->volume = view_rig_volume (3, 10, 20, BLACK_HU);
  rig->state = pl_view_state_new ();
  pl_view_state_set_volume (rig->state, rig->volume);
  pl_view_state_set_slice (rig->state, 2);
}

static void
tear_down (Rig *rig, gconstpointer data)
{
  g_assert_finalize_object (rig->state);
  pl_volume_unref (rig->volume);
}

static cairo_surface_t *
paint (Rig *rig, gboolean with_masks)
{
  PlSlicePicture *picture = pl_slice_picture_new (rig->state, with_masks);
  g_autoptr (GdkTexture) texture = pl_slice_picture_paint (picture);
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_ARGB32, gdk_texture_get_width (texture), gdk_texture_get_height (texture));

  gdk_texture_download (texture, cairo_image_surface_get_data (surface),
                        (gsize) cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);
  pl_slice_picture_free (picture);
  return surface;
}

static void
assert_size (cairo_surface_t *picture, int width, int height)
{
  g_assert_cmpint (cairo_image_surface_get_width (picture), ==, width);
  g_assert_cmpint (cairo_image_surface_get_height (picture), ==, height);
}

/* A pixel is a pixel, whatever the zoom. */
static void
test_pixels (Rig *rig, gconstpointer data)
{
  cairo_surface_t *picture;

  *view_rig_voxel (rig->volume, 2, 1, 3) = WHITE_HU;
  *view_rig_voxel (rig->volume, 2, 9, 19) = -600;
  pl_view_state_set_zoom (rig->state, 3, 2, 1);
  picture = paint (rig, TRUE);
  assert_size (picture, 20, 10);
  view_rig_assert_pixel (picture, 3, 1, WHITE);
  view_rig_assert_pixel (picture, 2, 1, BLACK);
  view_rig_assert_pixel (picture, 4, 1, BLACK);
  view_rig_assert_pixel (picture, 3, 2, BLACK);
  view_rig_assert_pixel (picture, 19, 9, 0x808080);
  cairo_surface_destroy (picture);
}

static void
test_look (Rig *rig, gconstpointer data)
{
  cairo_surface_t *picture;

  pl_view_state_set_window (rig->state, (PlWindow){ BLACK_HU, 100 });
  pl_view_state_set_colour_map (rig->state, pl_colour_map_find ("hot"));
  picture = paint (rig, FALSE);
  view_rig_assert_pixel (picture, 5, 5, 0xff5700);
  cairo_surface_destroy (picture);
}

/* As on the screen: the corner of the memory goes where the view shows it. */
static void
test_turn (Rig *rig, gconstpointer data)
{
  static const struct
  {
    PlSliceTurn turn;
    int x;
    int y;
  } cases[] = {
    { { 0, FALSE }, 0, 0 },  { { 1, FALSE }, 9, 0 }, { { 2, FALSE }, 19, 9 },
    { { 3, FALSE }, 0, 19 }, { { 0, TRUE }, 19, 0 }, { { 1, TRUE }, 9, 19 },
  };

  *view_rig_voxel (rig->volume, 2, 0, 0) = WHITE_HU;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      cairo_surface_t *picture;
      gboolean lies = cases[i].turn.quarters % 2 == 1;

      pl_view_state_set_turn (rig->state, cases[i].turn);
      picture = paint (rig, FALSE);
      assert_size (picture, lies ? 10 : 20, lies ? 20 : 10);
      view_rig_assert_pixel (picture, cases[i].x, cases[i].y, WHITE);
      cairo_surface_destroy (picture);
    }
}

static void
set_masks (Rig *rig)
{
  g_autoptr (PlMask) truth = view_rig_mask (rig->volume, 2, 8, 2, 8);
  g_autoptr (PlMask) prediction = view_rig_mask (rig->volume, 2, 8, 10, 18);

  pl_view_state_set_truth (rig->state, truth);
  pl_view_state_set_prediction (rig->state, prediction);
}

/* Asked for, they are there even while the view hides them. */
static void
test_masks (Rig *rig, gconstpointer data)
{
  cairo_surface_t *with;
  cairo_surface_t *without;

  set_masks (rig);
  pl_view_state_set_show_truth (rig->state, FALSE);
  pl_view_state_set_show_prediction (rig->state, FALSE);
  with = paint (rig, TRUE);
  without = paint (rig, FALSE);
  view_rig_assert_pixel (with, 2, 5, PL_TRUTH_RGB);
  view_rig_assert_pixel (with, 5, 5, BLACK);
  view_rig_assert_pixel (with, 14, 5, view_rig_blend (BLACK, PL_PREDICTION_RGB, 0.35));
  view_rig_assert_pixel (without, 2, 5, BLACK);
  view_rig_assert_pixel (without, 14, 5, BLACK);
  cairo_surface_destroy (with);
  cairo_surface_destroy (without);
}

/* The prediction looks as it does in the view. */
static void
test_styles (Rig *rig, gconstpointer data)
{
  cairo_surface_t *picture;
  g_autoptr (PlMask) heat = view_rig_mask (rig->volume, 0, 10, 0, 20);
  const guint8 *rgb = pl_colour_map_probability ()->rgb[255];

  set_masks (rig);
  pl_view_state_set_prediction_style (rig->state, PL_PREDICTION_OUTLINE);
  picture = paint (rig, TRUE);
  view_rig_assert_pixel (picture, 10, 5, PL_PREDICTION_RGB);
  view_rig_assert_pixel (picture, 14, 5, BLACK);
  cairo_surface_destroy (picture);
  pl_view_state_set_prediction_style (rig->state, PL_PREDICTION_HEAT);
  picture = paint (rig, TRUE);
  view_rig_assert_pixel (picture, 14, 5, view_rig_blend (BLACK, PL_PREDICTION_RGB, 0.35));
  cairo_surface_destroy (picture);
  memset (heat->labels, 255, 600);
  pl_view_state_set_heat (rig->state, heat);
  picture = paint (rig, TRUE);
  view_rig_assert_pixel (
      picture, 19, 0,
      view_rig_blend (BLACK, (guint32) rgb[0] << 16 | (guint32) rgb[1] << 8 | rgb[2], 0.35));
  cairo_surface_destroy (picture);
}

/* What was asked for is painted, though another slice is in view by then. */
static void
test_copies (Rig *rig, gconstpointer data)
{
  PlSlicePicture *picture;
  g_autoptr (GdkTexture) texture = NULL;
  guint32 pixels[200];

  set_masks (rig);
  *view_rig_voxel (rig->volume, 2, 0, 0) = WHITE_HU;
  picture = pl_slice_picture_new (rig->state, TRUE);
  pl_view_state_set_volume (rig->state, NULL);
  texture = pl_slice_picture_paint (picture);
  gdk_texture_download (texture, (guchar *) pixels, 80);
  g_assert_cmphex (pixels[0], ==, 0xffffffff);
  g_assert_cmphex (pixels[5 * 20 + 2], ==, 0xff000000 | PL_TRUTH_RGB);
  pl_slice_picture_free (picture);
}

/* Pixels of 2 × 0.5 mm become squares of 0.5 mm. */
static void
test_aspect (Rig *rig, gconstpointer data)
{
  cairo_surface_t *picture;

  rig->volume->spacing_mm[1] = 2;
  rig->volume->spacing_mm[2] = 0.5;
  for (int c = 0; c < 20; c++)
    for (int r = 5; r < 10; r++)
      *view_rig_voxel (rig->volume, 2, r, c) = WHITE_HU;
  picture = paint (rig, FALSE);
  assert_size (picture, 20, 40);
  view_rig_assert_pixel (picture, 10, 16, BLACK);
  view_rig_assert_pixel (picture, 10, 24, WHITE);
  cairo_surface_destroy (picture);
  rig->volume->spacing_mm[1] = 1e6;
  picture = paint (rig, FALSE);
  assert_size (picture, 1, 16384);
  cairo_surface_destroy (picture);
}

#define ADD(name, test) g_test_add ("/app/slice-picture/" name, Rig, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  view_rig_init (&argc, &argv);
  ADD ("pixels", test_pixels);
  ADD ("look", test_look);
  ADD ("turn", test_turn);
  ADD ("masks", test_masks);
  ADD ("styles", test_styles);
  ADD ("copies", test_copies);
  ADD ("aspect", test_aspect);
  return g_test_run ();
}
