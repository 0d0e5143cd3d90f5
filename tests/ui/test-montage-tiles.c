/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/montage-tiles.h"

#include "app/slice-paint.h"

#include "image/montage.h"
#include "montage-rig.h"

#define SIDE 64

typedef struct
{
  PlVolume *volume;
  PlViewState *state;
  PlMontageContent *content;
  PlMontageTiles *tiles;
  int n_changes;
} Rig;

static void
changed_cb (gpointer data)
{
  ((Rig *) data)->n_changes++;
}

static void
rig_init (Rig *rig, int slices, int side)
{
  rig->n_changes = 0;
  rig->volume = pl_rig_volume (slices, side);
  rig->state = pl_rig_state (rig->volume);
  rig->content = pl_montage_content_new (rig->state);
  rig->tiles = pl_montage_tiles_new (rig->state, rig->content, changed_cb, rig);
  pl_montage_tiles_set_size (rig->tiles, SIDE, SIDE);
}

/* What counts the masks holds it until it has the answer. */
static gboolean
is_ours_alone (gpointer object)
{
  return g_atomic_int_get (&G_OBJECT (object)->ref_count) == 1;
}

/* Nothing that was drawn or is being drawn keeps the volume. */
static void
rig_clear (Rig *rig)
{
  pl_montage_tiles_free (rig->tiles);
  pl_rig_wait (is_ours_alone, rig->content);
  g_assert_finalize_object (rig->content);
  g_assert_finalize_object (rig->state);
  pl_rig_wait (pl_rig_volume_is_ours_alone, rig->volume);
  pl_volume_unref (rig->volume);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rig, rig_clear)

static gboolean
is_complete (gpointer tiles)
{
  return pl_montage_tiles_is_complete (tiles);
}

static gboolean
is_idle (gpointer data)
{
  return !g_main_context_pending (NULL);
}

static void
complete (Rig *rig)
{
  pl_rig_wait (is_complete, rig->tiles);
}

static guint32
get_pixel (Rig *rig, int slice, int x, int y)
{
  GdkTexture *texture = pl_montage_tiles_get (rig->tiles, slice);
  guint32 pixels[SIDE * SIDE];

  g_assert_nonnull (texture);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, SIDE);
  gdk_texture_download (texture, (guchar *) pixels, 4 * SIDE);
  return pixels[y * SIDE + x] & 0xffffff;
}

static guint32
gray (int level)
{
  return (guint32) (level << 16 | level << 8 | level);
}

/* Each channel of the middle pixel within one level. */
static void
assert_middle_blends (Rig *rig, int slice, int level, double opacity)
{
  guint32 pixel = get_pixel (rig, slice, SIDE / 2, SIDE / 2);

  for (int shift = 0; shift <= 16; shift += 8)
    {
      int over = PL_PREDICTION_RGB >> shift & 0xff;

      g_assert_cmpfloat_with_epsilon ((int) (pixel >> shift & 0xff),
                                      level + opacity * (over - level), 1.01);
    }
}

static gboolean
knows_facts (gpointer content)
{
  return pl_montage_content_get_fact (content, 16).has_mask;
}

static void
test_arrive (void)
{
  g_auto (Rig) rig = {};

  rig_init (&rig, 30, 32);
  g_assert_null (pl_montage_tiles_get (rig.tiles, 3));
  pl_montage_tiles_set_visible (rig.tiles, 2, 8, 0);
  g_assert_false (pl_montage_tiles_is_complete (rig.tiles));
  complete (&rig);
  g_assert_cmpint (rig.n_changes, ==, 6);
  for (int slice = 0; slice < 30; slice++)
    if (slice >= 2 && slice < 8)
      g_assert_cmphex (get_pixel (&rig, slice, 5, 5), ==, gray (40 + slice));
    else
      g_assert_null (pl_montage_tiles_get (rig.tiles, slice));
}

static void
test_margin (void)
{
  g_auto (Rig) rig = {};

  rig_init (&rig, 30, 32);
  pl_montage_tiles_set_visible (rig.tiles, 2, 8, 3);
  while (rig.n_changes < 6 + 2 + 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (pl_montage_tiles_get (rig.tiles, 0));
  g_assert_nonnull (pl_montage_tiles_get (rig.tiles, 10));
  g_assert_null (pl_montage_tiles_get (rig.tiles, 11));
}

/* A coronal plane of 16 slices has a row of each, the last at the top as the body stands, all with
 * their own gray; it is half as high as wide with voxels of 2 × 1 mm, and its mask lies in the
 * middle. */
static void
test_planes (void)
{
  g_auto (Rig) rig = {};
  g_autoptr (PlPlanesState) planes = NULL;
  g_autoptr (PlMask) mask = NULL;
  PlMontageOptions options;
  const int voxel[3] = { 0, 5, 7 };
  int moved[3];
  int width;
  int height;
  PlReslice reslice;

  rig_init (&rig, 16, 64);
  rig.volume->spacing_mm[0] = 2;
  planes = pl_planes_state_new (rig.state);
  pl_montage_content_set_planes (rig.content, planes);
  options = *pl_montage_content_get_options (rig.content);
  options.axis = PL_MONTAGE_AXIS_CORONAL;
  pl_montage_content_set_options (rig.content, &options);
  g_assert_cmpint (pl_montage_content_get_n_tiles (rig.content), ==, 64);
  reslice = pl_montage_content_find_reslice (rig.content);
  pl_reslice_picture_size (&reslice, rig.volume, SIDE, &width, &height);
  g_assert_cmpint (width, ==, SIDE);
  g_assert_cmpint (height, ==, SIDE / 2);
  pl_montage_tiles_set_size (rig.tiles, width, height);
  pl_montage_tiles_set_visible (rig.tiles, 0, 64, 0);
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 40, 5, 0), ==, gray (40 + 15));
  g_assert_cmphex (get_pixel (&rig, 40, 5, height - 1), ==, gray (40));

  mask = pl_rig_mask (rig.volume, 16);
  pl_view_state_set_truth (rig.state, mask);
  pl_rig_wait (knows_facts, rig.content);
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 40, SIDE / 4, height / 2), ==, PL_TRUTH_RGB);
  pl_label_set_rgb (PL_TRUTH_RGB, 1, 0x00ff00);
  pl_view_state_colours_changed (rig.state);
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 40, SIDE / 4, height / 2), ==, 0x00ff00);
  pl_label_set_rgb (PL_TRUTH_RGB, 1, PL_TRUTH_RGB);
  pl_view_state_colours_changed (rig.state);
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 5, SIDE / 4, height / 2), !=, PL_TRUTH_RGB);
  g_assert_false (pl_montage_content_get_fact (rig.content, 15).has_mask);
  g_assert_true (pl_montage_content_get_fact (rig.content, 16).has_mask);
  g_assert_cmpfloat (pl_montage_content_get_fact (rig.content, 16).area_mm2, ==, 16 * 32 * 2);

  pl_planes_state_set_voxel (planes, voxel);
  g_assert_cmpint (pl_montage_content_get_selected (rig.content), ==, 5);
  pl_montage_content_select (rig.content, 30);
  pl_planes_state_get_voxel (planes, moved);
  g_assert_cmpint (moved[1], ==, 30);
  g_assert_cmpint (moved[2], ==, 7);
}

/* Slices are drawn when they have been read. */
static void
test_loading (void)
{
  g_auto (Rig) rig = {};

  rig_init (&rig, 10, 32);
  pl_volume_set_ready_slices (rig.volume, 4);
  pl_montage_tiles_set_visible (rig.tiles, 0, 10, 0);
  complete (&rig);
  pl_rig_wait (is_idle, NULL);
  g_assert_nonnull (pl_montage_tiles_get (rig.tiles, 3));
  g_assert_null (pl_montage_tiles_get (rig.tiles, 4));

  pl_volume_set_ready_slices (rig.volume, 10);
  pl_view_state_slices_arrived (rig.state);
  complete (&rig);
  g_assert_cmpint (rig.n_changes, ==, 10);
  g_assert_cmphex (get_pixel (&rig, 9, 5, 5), ==, gray (49));
}

/* While a window is dragged, the last tile stays. */
static void
test_old_stays (void)
{
  g_auto (Rig) rig = {};

  rig_init (&rig, 4, 32);
  pl_montage_tiles_set_visible (rig.tiles, 0, 4, 0);
  complete (&rig);
  pl_view_state_set_window (rig.state, (PlWindow){ 0, 1 });
  g_assert_false (pl_montage_tiles_is_complete (rig.tiles));
  g_assert_cmphex (get_pixel (&rig, 0, 5, 5), ==, gray (40));
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 0, 5, 5), ==, gray (255));
  pl_view_state_set_colour_map (rig.state, pl_colour_map_find ("hot"));
  pl_view_state_set_window (rig.state, BLACK_TO_WHITE);
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 0, 5, 5), !=, gray (40));
}

static void
test_masks (void)
{
  g_auto (Rig) rig = {};
  g_autoptr (PlMask) mask = NULL;

  rig_init (&rig, 4, SIDE);
  mask = pl_rig_mask (rig.volume, 4);
  pl_view_state_set_truth (rig.state, mask);
  pl_view_state_set_prediction (rig.state, mask);
  pl_montage_tiles_set_visible (rig.tiles, 0, 4, 0);
  complete (&rig);
  assert_middle_blends (&rig, 1, 41, 0.35);
  g_assert_cmphex (get_pixel (&rig, 1, SIDE / 4, SIDE / 2), ==, PL_TRUTH_RGB);
  g_assert_cmphex (get_pixel (&rig, 1, SIDE / 4 - 2, SIDE / 2), ==, gray (41));

  pl_view_state_set_opacity (rig.state, 1);
  pl_view_state_set_show_truth (rig.state, FALSE);
  complete (&rig);
  assert_middle_blends (&rig, 1, 41, 1);
  g_assert_cmphex (get_pixel (&rig, 1, SIDE / 4 + 1, SIDE / 2), ==, PL_PREDICTION_RGB);

  pl_view_state_set_show_truth (rig.state, TRUE);
  pl_view_state_set_show_prediction (rig.state, FALSE);
  complete (&rig);
  assert_middle_blends (&rig, 1, 41, 0);
  g_assert_cmphex (get_pixel (&rig, 1, SIDE / 4, SIDE / 2), ==, PL_TRUTH_RGB);

  pl_view_state_set_show_prediction (rig.state, TRUE);
  pl_view_state_set_peek (rig.state, TRUE);
  complete (&rig);
  for (int x = 0; x < SIDE; x++)
    g_assert_cmphex (get_pixel (&rig, 1, x, SIDE / 2), ==, gray (41));
}

static void
set_prediction_style (Rig *rig, PlPredictionStyle style)
{
  PlMontageOptions options = *pl_montage_content_get_options (rig->content);

  options.prediction_style = style;
  pl_montage_content_set_options (rig->content, &options);
}

/* Of 0.8 everywhere but in the first slice, where it is 0; a preview is shown as it is. */
static void
test_probability (void)
{
  g_auto (Rig) rig = {};
  g_autoptr (PlMask) mask = NULL;
  g_autoptr (PlMask) preview = NULL;
  g_autoptr (PlMask) heat = NULL;
  const int n[3] = { 4, SIDE, SIDE };
  guint8 *probabilities = g_malloc0 (4 * SIDE * SIDE);
  guint32 words[256];

  rig_init (&rig, 4, SIDE);
  mask = pl_rig_mask (rig.volume, 4);
  preview = pl_rig_mask (rig.volume, 1);
  memset (probabilities + SIDE * SIDE, 204, 3 * SIDE * SIDE);
  heat = pl_mask_new_take (n, probabilities);
  pl_slice_paint_heat_words (1, words);
  pl_view_state_set_opacity (rig.state, 1);
  pl_view_state_set_prediction (rig.state, mask);
  set_prediction_style (&rig, PL_PREDICTION_HEAT);
  pl_montage_tiles_set_visible (rig.tiles, 0, 4, 0);
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 1, SIDE / 2, SIDE / 2), ==, PL_PREDICTION_RGB);

  pl_view_state_set_heat (rig.state, heat);
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 1, 2, 2), ==, words[204] & 0xffffff);
  g_assert_cmphex (get_pixel (&rig, 1, SIDE / 2, SIDE / 2), ==, words[204] & 0xffffff);
  g_assert_cmphex (get_pixel (&rig, 0, SIDE / 2, SIDE / 2), ==, gray (40));

  pl_view_state_set_preview (rig.state, preview, 1);
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 1, SIDE / 2, SIDE / 2), ==, PL_PREDICTION_RGB);
  g_assert_cmphex (get_pixel (&rig, 2, SIDE / 2, SIDE / 2), ==, words[204] & 0xffffff);
}

/* Slices of a volume that knows its sides change them. */
static void
test_neurological (void)
{
  g_auto (Rig) rig = {};
  g_autoptr (PlMask) mask = NULL;
  const int n[3] = { 4, SIDE, SIDE };
  guint8 *labels = g_malloc0 (4 * SIDE * SIDE);

  rig_init (&rig, 4, SIDE);
  for (int i = 0; i < 4 * SIDE * SIDE; i++)
    labels[i] = i % SIDE < SIDE / 2;
  mask = pl_mask_new_take (n, labels);
  pl_view_state_set_opacity (rig.state, 1);
  pl_view_state_set_prediction (rig.state, mask);
  set_prediction_style (&rig, PL_PREDICTION_FILL);
  pl_montage_tiles_set_visible (rig.tiles, 0, 4, 0);
  pl_view_state_set_neurological (rig.state, TRUE);
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 1, 2, SIDE / 2), ==, PL_PREDICTION_RGB);
  g_assert_cmphex (get_pixel (&rig, 1, SIDE - 3, SIDE / 2), !=, PL_PREDICTION_RGB);

  pl_view_state_set_neurological (rig.state, FALSE);
  strcpy (rig.volume->orientation, "SPL");
  pl_view_state_set_neurological (rig.state, TRUE);
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 1, 2, SIDE / 2), !=, PL_PREDICTION_RGB);
  g_assert_cmphex (get_pixel (&rig, 1, SIDE - 3, SIDE / 2), ==, PL_PREDICTION_RGB);
}

/* The previews of a training are drawn on their own slices, and only those are drawn anew. */
static void
test_preview (void)
{
  g_auto (Rig) rig = {};
  g_autoptr (PlMask) preview = NULL;

  rig_init (&rig, 8, SIDE);
  preview = pl_rig_mask (rig.volume, 1);
  pl_montage_tiles_set_visible (rig.tiles, 0, 8, 0);
  complete (&rig);
  rig.n_changes = 0;

  pl_view_state_set_preview (rig.state, preview, 3);
  complete (&rig);
  g_assert_cmpint (rig.n_changes, ==, 1);
  assert_middle_blends (&rig, 3, 43, 0.35);

  pl_mask_unref (preview);
  preview = pl_rig_mask (rig.volume, 1);
  pl_view_state_set_preview (rig.state, preview, 5);
  complete (&rig);
  g_assert_cmpint (rig.n_changes, ==, 2);
  assert_middle_blends (&rig, 3, 43, 0.35);
  assert_middle_blends (&rig, 5, 45, 0.35);

  pl_view_state_keep_previews (rig.state, (int[]){ 5, 6 }, 2);
  complete (&rig);
  g_assert_cmpint (rig.n_changes, ==, 3);
  assert_middle_blends (&rig, 3, 43, 0);
  assert_middle_blends (&rig, 5, 45, 0.35);

  pl_view_state_keep_previews (rig.state, NULL, 0);
  complete (&rig);
  g_assert_cmpint (rig.n_changes, ==, 4);
  assert_middle_blends (&rig, 5, 45, 0);
}

/* What was in sight for less than a moment is not drawn. */
static void
test_dropped (void)
{
  g_auto (Rig) rig = {};

  rig_init (&rig, 2000, 128);
  for (int first = 0; first < 1960; first += 40)
    {
      pl_montage_tiles_set_visible (rig.tiles, first, first + 40, 0);
      for (int turn = 0; turn < 3; turn++)
        g_main_context_iteration (NULL, FALSE);
    }
  pl_montage_tiles_set_visible (rig.tiles, 1960, 2000, 0);
  complete (&rig);
  g_assert_cmphex (get_pixel (&rig, 1999, 5, 5), ==, gray (40 + 1999 % 200));
  g_assert_cmpint (rig.n_changes, <, 1000);
}

/* Tiles of the last volume that come late are not shown as the new one's. */
static void
test_other_volume (void)
{
  g_auto (Rig) rig = {};
  g_autoptr (PlVolume) other = pl_rig_volume (3, 32);

  rig_init (&rig, 40, 512);
  pl_montage_tiles_set_visible (rig.tiles, 0, 40, 0);
  while (rig.n_changes == 0)
    g_main_context_iteration (NULL, TRUE);
  memset (other->voxels, 9, 3 * 32 * 32);
  pl_view_state_set_volume (rig.state, other);
  g_assert_null (pl_montage_tiles_get (rig.tiles, 0));
  pl_montage_tiles_set_visible (rig.tiles, 0, 3, 0);
  pl_rig_wait (pl_rig_volume_is_ours_alone, rig.volume);
  complete (&rig);
  for (int slice = 0; slice < 3; slice++)
    g_assert_cmphex (get_pixel (&rig, slice, 5, 5), ==, gray (9));
  g_assert_null (pl_montage_tiles_get (rig.tiles, 20));

  pl_view_state_set_volume (rig.state, NULL);
  complete (&rig);
  g_assert_null (pl_montage_tiles_get (rig.tiles, 0));
}

static void
test_free_while_drawing (void)
{
  for (int i = 0; i < 20; i++)
    {
      g_auto (Rig) rig = {};

      rig_init (&rig, 40, 256);
      pl_montage_tiles_set_visible (rig.tiles, 0, 40, 0);
      while (rig.n_changes < i % 3)
        g_main_context_iteration (NULL, TRUE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/montage-tiles/arrive", test_arrive);
  g_test_add_func ("/app/montage-tiles/margin", test_margin);
  g_test_add_func ("/app/montage-tiles/planes", test_planes);
  g_test_add_func ("/app/montage-tiles/loading", test_loading);
  g_test_add_func ("/app/montage-tiles/old-stays", test_old_stays);
  g_test_add_func ("/app/montage-tiles/masks", test_masks);
  g_test_add_func ("/app/montage-tiles/probability", test_probability);
  g_test_add_func ("/app/montage-tiles/neurological", test_neurological);
  g_test_add_func ("/app/montage-tiles/preview", test_preview);
  g_test_add_func ("/app/montage-tiles/dropped", test_dropped);
  g_test_add_func ("/app/montage-tiles/other-volume", test_other_volume);
  g_test_add_func ("/app/montage-tiles/free-while-drawing", test_free_while_drawing);
  return g_test_run ();
}
