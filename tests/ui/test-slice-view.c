/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a slice view draws. */
#include "ui/slice-rig.h"

#include "support/processor.h"

#define BACKGROUND 0x0d0d0fu

static void
set_truth (SliceRig *rig, int row0, int row1, int column0, int column1)
{
  g_autoptr (PlMask) mask = view_rig_mask (rig->volume, row0, row1, column0, column1);

  pl_view_state_set_truth (rig->state, mask);
}

static void
set_prediction (SliceRig *rig, int row0, int row1, int column0, int column1)
{
  g_autoptr (PlMask) mask = view_rig_mask (rig->volume, row0, row1, column0, column1);

  pl_view_state_set_prediction (rig->state, mask);
}

static void
test_window (SliceRig *rig, gconstpointer data)
{
  slice_rig_set_patch (rig, 1, 8, WHITE_HU);
  slice_rig_set_patch (rig, 4, 4, -600);
  slice_rig_set_patch (rig, 8, 8, 3000);

  slice_rig_assert_pixel (rig, 10, 10, BLACK);
  slice_rig_assert_pixel (rig, 170, 30, WHITE);
  slice_rig_assert_pixel (rig, 90, 90, 0x808080);
  slice_rig_assert_pixel (rig, 170, 170, WHITE);
  pl_view_state_set_window (rig->state, (PlWindow){ 2000, 2000 });
  slice_rig_assert_pixel (rig, 170, 30, BLACK);
  slice_rig_assert_pixel (rig, 170, 170, WHITE);
  pl_view_state_set_slice (rig->state, 2);
  slice_rig_assert_pixel (rig, 170, 170, BLACK);
}

static void
test_colour_map (SliceRig *rig, gconstpointer data)
{
  const PlColourMap *map = pl_colour_map_find ("hot");
  const guint8 *rgb = map->rgb[128];

  slice_rig_set_patch (rig, 4, 4, -600);
  slice_rig_assert_pixel (rig, 90, 90, 0x808080);
  pl_view_state_set_colour_map (rig->state, map);
  slice_rig_assert_pixel (rig, 90, 90, (guint32) rgb[0] << 16 | (guint32) rgb[1] << 8 | rgb[2]);
}

/* Rows of 2 mm: the image is twice as high as wide, in the middle. */
static void
test_aspect (SliceRig *rig, gconstpointer data)
{
  rig->volume->spacing_mm[1] = 2;
  slice_rig_set_patch (rig, 9, 0, WHITE_HU);

  slice_rig_assert_pixel (rig, 45, 100, BACKGROUND);
  slice_rig_assert_pixel (rig, 155, 100, BACKGROUND);
  slice_rig_assert_pixel (rig, 100, 5, BLACK);
  slice_rig_assert_pixel (rig, 55, 190, WHITE);
}

static void
test_no_volume (SliceRig *rig, gconstpointer data)
{
  pl_view_state_set_volume (rig->state, NULL);
  slice_rig_assert_pixel (rig, 100, 100, BACKGROUND);
  slice_rig_move_pointer (rig, 100, 100);
  slice_rig_drag (rig, 50, 50);
  slice_rig_pinch (rig, 2);
  g_assert_cmpfloat (pl_view_state_get_zoom (rig->state), ==, 1);
  g_assert_cmpfloat (pl_view_state_get_window (rig->state).width_hu, ==, 1500);
}

/* Two pixels wide at any zoom, on the edges of the mask, and nowhere else. */
static void
test_truth_outline (SliceRig *rig, gconstpointer data)
{
  set_truth (rig, 5, 6, 5, 6);
  slice_rig_assert_pixel (rig, 99, 110, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 100, 110, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 98, 110, BLACK);
  slice_rig_assert_pixel (rig, 101, 110, BLACK);
  slice_rig_assert_pixel (rig, 119, 110, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 110, 100, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 110, 120, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 110, 110, BLACK);
  slice_rig_assert_pixel (rig, 120, 120, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 110, 130, BLACK);

  pl_view_state_set_zoom (rig->state, 4, 0, 0);
  slice_rig_assert_pixel (rig, 100, 150, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 101, 150, BLACK);
  slice_rig_assert_pixel (rig, 179, 150, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 181, 150, BLACK);
}

static void
test_outline_at_border (SliceRig *rig, gconstpointer data)
{
  set_truth (rig, 0, 10, 0, 10);
  slice_rig_assert_pixel (rig, 0, 100, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 199, 100, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 100, 0, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 100, 199, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 100, 100, BLACK);
}

static void
test_prediction (SliceRig *rig, gconstpointer data)
{
  set_prediction (rig, 2, 5, 2, 5);
  slice_rig_assert_pixel (rig, 70, 70, view_rig_blend (BLACK, PL_PREDICTION_RGB, 0.35));
  slice_rig_assert_pixel (rig, 150, 150, BLACK);
  pl_view_state_set_opacity (rig->state, 0.8);
  slice_rig_assert_pixel (rig, 70, 70, view_rig_blend (BLACK, PL_PREDICTION_RGB, 0.8));
}

static void
test_hiding (SliceRig *rig, gconstpointer data)
{
  guint32 fill = view_rig_blend (BLACK, PL_PREDICTION_RGB, 0.35);

  set_truth (rig, 5, 6, 5, 6);
  set_prediction (rig, 2, 5, 2, 5);
  pl_view_state_set_show_truth (rig->state, FALSE);
  slice_rig_assert_pixel (rig, 100, 110, BLACK);
  slice_rig_assert_pixel (rig, 70, 70, fill);
  pl_view_state_set_show_truth (rig->state, TRUE);
  pl_view_state_set_show_prediction (rig->state, FALSE);
  slice_rig_assert_pixel (rig, 100, 110, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 70, 70, BLACK);
  pl_view_state_set_show_prediction (rig->state, TRUE);
  pl_view_state_set_peek (rig->state, TRUE);
  slice_rig_assert_pixel (rig, 100, 110, BLACK);
  slice_rig_assert_pixel (rig, 70, 70, BLACK);
  pl_view_state_set_peek (rig->state, FALSE);
  slice_rig_assert_pixel (rig, 100, 110, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 70, 70, fill);
}

/* The preview is of one slice; on the others the prediction stays. */
static void
test_preview (SliceRig *rig, gconstpointer data)
{
  g_autoptr (PlVolume) slice = view_rig_volume (1, 10, 10, BLACK_HU);
  g_autoptr (PlMask) preview = view_rig_mask (slice, 7, 9, 7, 9);
  guint32 fill = view_rig_blend (BLACK, PL_PREDICTION_RGB, 0.35);

  set_prediction (rig, 2, 4, 2, 4);
  slice_rig_assert_pixel (rig, 60, 60, fill);
  pl_view_state_set_preview (rig->state, preview, 1);
  slice_rig_assert_pixel (rig, 60, 60, BLACK);
  slice_rig_assert_pixel (rig, 160, 160, fill);
  pl_view_state_set_slice (rig->state, 2);
  slice_rig_assert_pixel (rig, 60, 60, fill);
  slice_rig_assert_pixel (rig, 160, 160, BLACK);
}

/* Of rows 2 to 7: label 1 in columns @left to 4, label 2 in columns 5 to @right. */
static PlMask *
make_two_labels (SliceRig *rig, int left, int right)
{
  g_autoptr (PlMask) one = view_rig_mask (rig->volume, 2, 8, left, 5);
  g_autoptr (PlMask) two = view_rig_mask (rig->volume, 2, 8, 5, right + 1);
  gsize n = (gsize) one->n[0] * (gsize) one->n[1] * (gsize) one->n[2];
  guint8 *labels = g_memdup2 (one->labels, n);

  for (gsize i = 0; i < n; i++)
    labels[i] = (guint8) (labels[i] + 2 * two->labels[i]);
  return pl_mask_new_take (one->n, labels);
}

/* Each label has its colour, as fill and as outline; between two it is that of the right one. */
static void
test_labels (SliceRig *rig, gconstpointer data)
{
  g_autoptr (PlMask) mask = make_two_labels (rig, 2, 7);

  pl_view_state_set_prediction (rig->state, mask);
  slice_rig_assert_pixel (rig, 70, 70, view_rig_blend (BLACK, PL_PREDICTION_RGB, 0.35));
  slice_rig_assert_pixel (rig, 130, 70,
                          view_rig_blend (BLACK, pl_label_rgb (PL_PREDICTION_RGB, 2), 0.35));
  pl_view_state_set_prediction (rig->state, NULL);
  pl_view_state_set_truth (rig->state, mask);
  slice_rig_assert_pixel (rig, 40, 100, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 100, 100, pl_label_rgb (PL_TRUTH_RGB, 2));
  slice_rig_assert_pixel (rig, 159, 100, pl_label_rgb (PL_TRUTH_RGB, 2));
  slice_rig_assert_pixel (rig, 130, 100, BLACK);
}

/* Other colours are drawn once the views hear of them, and another difference. */
static void
test_label_colours (SliceRig *rig, gconstpointer data)
{
  g_autoptr (PlMask) mask = make_two_labels (rig, 2, 7);

  pl_view_state_set_prediction (rig->state, mask);
  slice_rig_assert_pixel (rig, 70, 70, view_rig_blend (BLACK, PL_PREDICTION_RGB, 0.35));
  pl_label_set_rgb (PL_PREDICTION_RGB, 1, 0x00ff00);
  pl_view_state_colours_changed (rig->state);
  slice_rig_assert_pixel (rig, 70, 70, view_rig_blend (BLACK, 0x00ff00, 0.35));
  pl_view_state_set_prediction (rig->state, NULL);
  pl_view_state_set_truth (rig->state, mask);
  slice_rig_assert_pixel (rig, 159, 100, pl_label_rgb (PL_TRUTH_RGB, 2));
  pl_label_set_rgb (PL_TRUTH_RGB, 2, 0xff00ff);
  pl_view_state_colours_changed (rig->state);
  slice_rig_assert_pixel (rig, 159, 100, 0xff00ff);
  pl_label_set_rgb (PL_PREDICTION_RGB, 1, PL_PREDICTION_RGB);
  pl_label_set_rgb (PL_TRUTH_RGB, 2, pl_label_default_rgb (PL_TRUTH_RGB, 2));
}

/* What is in both masks as another label is no agreement, but against a mask of one class it is. */
static void
test_other_label (void)
{
  SliceRig rig;
  g_autoptr (PlMask) truth = NULL;
  g_autoptr (PlMask) prediction = NULL;

  slice_rig_set_up_pane (&rig, PL_PANE_DIFFERENCE);
  truth = make_two_labels (&rig, 0, 9);
  prediction = make_two_labels (&rig, 0, 9);
  for (int row = 2; row < 8; row++)
    memset (prediction->labels + 100 + 10 * row + 7, 1, 3);
  pl_view_state_set_truth (rig.state, truth);
  pl_view_state_set_prediction (rig.state, prediction);
  slice_rig_assert_pixel (&rig, 70, 70, view_rig_blend (BLACK, PL_AGREEMENT_RGB, 0.35));
  slice_rig_assert_pixel (&rig, 130, 70, view_rig_blend (BLACK, PL_AGREEMENT_RGB, 0.35));
  slice_rig_assert_pixel (&rig, 170, 70, view_rig_blend (BLACK, PL_OTHER_LABEL_RGB, 0.675));
  set_truth (&rig, 0, 10, 0, 10);
  slice_rig_assert_pixel (&rig, 130, 70, view_rig_blend (BLACK, PL_AGREEMENT_RGB, 0.35));
  slice_rig_assert_pixel (&rig, 170, 70, view_rig_blend (BLACK, PL_AGREEMENT_RGB, 0.35));
  slice_rig_tear_down (&rig, NULL);
}

static void
test_panes (void)
{
  static const struct
  {
    PlPane pane;
    double only_truth; /* opacities */
    double both;
    double only_prediction;
    guint32 both_rgb;
    const char *name;
  } cases[] = {
    { PL_PANE_IMAGE, 0, 0, 0, 0, "Image" },
    { PL_PANE_TRUTH, 0.35, 0.35, 0, PL_TRUTH_RGB, "Ground truth" },
    { PL_PANE_PREDICTION, 0, 0.35, 0.35, PL_PREDICTION_RGB, "Prediction" },
    { PL_PANE_DIFFERENCE, 0.675, 0.35, 0.675, PL_AGREEMENT_RGB, "Difference" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SliceRig rig;

      slice_rig_set_up_pane (&rig, cases[i].pane);
      set_truth (&rig, 1, 9, 0, 6);
      set_prediction (&rig, 1, 9, 4, 10);
      slice_rig_assert_pixel (&rig, 50, 50,
                              view_rig_blend (BLACK, PL_TRUTH_RGB, cases[i].only_truth));
      slice_rig_assert_pixel (&rig, 100, 50,
                              view_rig_blend (BLACK, cases[i].both_rgb, cases[i].both));
      slice_rig_assert_pixel (&rig, 150, 50,
                              view_rig_blend (BLACK, PL_PREDICTION_RGB, cases[i].only_prediction));
      slice_rig_assert_pixel (&rig, 100, 10, BLACK);
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (rig.view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                           cases[i].name);
      slice_rig_tear_down (&rig, NULL);
    }
}

/* Both models agree, or each alone in its own colour, whether anybody knows the truth or not. */
static void
test_models (void)
{
  SliceRig rig;
  g_autoptr (PlMask) second = NULL;

  slice_rig_set_up_pane (&rig, PL_PANE_MODELS);
  second = view_rig_mask (rig.volume, 1, 9, 4, 10);
  set_prediction (&rig, 1, 9, 0, 6);
  slice_rig_assert_pixel (&rig, 50, 50, BLACK);
  pl_view_state_set_second (rig.state, second);
  slice_rig_assert_pixel (&rig, 50, 50, view_rig_blend (BLACK, PL_PREDICTION_RGB, 0.675));
  slice_rig_assert_pixel (&rig, 100, 50, view_rig_blend (BLACK, PL_AGREEMENT_RGB, 0.35));
  slice_rig_assert_pixel (&rig, 150, 50, view_rig_blend (BLACK, PL_SECOND_RGB, 0.675));
  slice_rig_assert_pixel (&rig, 100, 10, BLACK);
  slice_rig_tear_down (&rig, NULL);
}

/* The difference needs both. */
static void
test_difference_without_truth (void)
{
  SliceRig rig;

  slice_rig_set_up_pane (&rig, PL_PANE_DIFFERENCE);
  set_prediction (&rig, 1, 9, 4, 10);
  slice_rig_assert_pixel (&rig, 150, 50, BLACK);
  slice_rig_tear_down (&rig, NULL);
}

static int
count_brighter_than (cairo_surface_t *picture, guint32 gray)
{
  int n = 0;

  for (int y = 0; y < cairo_image_surface_get_height (picture); y++)
    for (int x = 0; x < cairo_image_surface_get_width (picture); x++)
      n += (view_rig_pixel (picture, x, y) & 0xff) > gray;
  return n;
}

static int
count_text_pixels (SliceRig *rig)
{
  cairo_surface_t *picture = view_rig_draw (rig->view);
  int n = count_brighter_than (picture, 0x60);

  cairo_surface_destroy (picture);
  return n;
}

/* Slices that are not there yet are told in words; they appear when told that they came. */
static void
test_loading (SliceRig *rig, gconstpointer data)
{
  pl_volume_set_ready_slices (rig->volume, 1);
  pl_view_state_slices_arrived (rig->state);
  slice_rig_assert_pixel (rig, 10, 10, BACKGROUND);
  g_assert_cmpint (count_text_pixels (rig), >, 20);

  pl_volume_set_ready_slices (rig->volume, 2);
  pl_view_state_slices_arrived (rig->state);
  slice_rig_assert_pixel (rig, 10, 10, BLACK);
  g_assert_cmpint (count_text_pixels (rig), ==, 0);
}

/* Of a file that gives no slice whole, the lines that came are shown: here columns, from the right.
 * They are painted anew as more come. */
static void
test_loading_lines (SliceRig *rig, gconstpointer data)
{
  for (int r = 0; r < 10; r++)
    for (int c = 0; c < 10; c++)
      *view_rig_voxel (rig->volume, 1, r, c) = WHITE_HU;
  rig->volume->header.flip[2] = TRUE;
  pl_volume_set_ready_slices (rig->volume, 0);
  pl_view_state_slices_arrived (rig->state);
  g_assert_cmpint (count_text_pixels (rig), >, 20);

  pl_volume_set_ready_lines (rig->volume, 4);
  pl_view_state_slices_arrived (rig->state);
  slice_rig_assert_pixel (rig, 90, 50, BLACK);
  slice_rig_assert_pixel (rig, 150, 50, WHITE);
  pl_volume_set_ready_lines (rig->volume, 7);
  pl_view_state_slices_arrived (rig->state);
  slice_rig_assert_pixel (rig, 30, 50, BLACK);
  slice_rig_assert_pixel (rig, 90, 50, WHITE);
  pl_volume_set_ready_slices (rig->volume, 3);
  pl_view_state_slices_arrived (rig->state);
  slice_rig_assert_pixel (rig, 30, 50, WHITE);
}

static void
test_orientation_letters (SliceRig *rig, gconstpointer data)
{
  int n;

  g_assert_cmpint (count_text_pixels (rig), ==, 0);
  g_strlcpy (rig->volume->orientation, "SPL", 4);
  n = count_text_pixels (rig);
  g_assert_cmpint (n, >, 20);
  rig->volume->affine[0][2] = -0.9; /* columns run to the left and the back */
  rig->volume->affine[1][2] = -0.4;
  g_assert_cmpint (count_text_pixels (rig), >, n + 20);
}

/* 0 in the left half of the image, @heat in the right half, of every slice. */
static void
set_heat (SliceRig *rig, guint8 heat)
{
  guint8 *values = g_malloc0 (300);
  g_autoptr (PlMask) mask = NULL;

  for (int i = 0; i < 300; i++)
    values[i] = i % 10 < 5 ? 0 : heat;
  mask = pl_mask_new_take (rig->volume->n, values);
  pl_view_state_set_heat (rig->state, mask);
}

static guint32
heat_colour (guint8 heat)
{
  const guint8 *rgb = pl_colour_map_probability ()->rgb[heat];

  return (guint32) rgb[0] << 16 | (guint32) rgb[1] << 8 | rgb[2];
}

/* Where there is next to none the image is seen; a bar says what the colours mean. */
static void
test_heat (SliceRig *rig, gconstpointer data)
{
  view_rig_resize (rig->view, 400, 400);
  set_prediction (rig, 2, 5, 2, 5);
  pl_view_state_set_prediction_style (rig->state, PL_PREDICTION_HEAT);
  slice_rig_assert_pixel (rig, 140, 140,
                          view_rig_blend (BLACK, PL_PREDICTION_RGB, 0.35)); /* not known */
  slice_rig_assert_pixel (rig, 30, 130, BLACK);
  set_heat (rig, 200);
  slice_rig_assert_pixel (rig, 140, 140, BLACK);
  slice_rig_assert_pixel (rig, 300, 300, view_rig_blend (BLACK, heat_colour (200), 0.35));
  slice_rig_assert_pixel (rig, 30, 25, heat_colour (254));
  slice_rig_assert_pixel (rig, 30, 143, heat_colour (1));
  slice_rig_assert_pixel (rig, 30, 84, heat_colour (127));
  pl_view_state_set_peek (rig->state, TRUE);
  slice_rig_assert_pixel (rig, 300, 300, BLACK);
  slice_rig_assert_pixel (rig, 30, 130, BLACK);
  pl_view_state_set_peek (rig->state, FALSE);
  pl_view_state_set_show_prediction (rig->state, FALSE);
  slice_rig_assert_pixel (rig, 300, 300, BLACK);
  pl_view_state_set_show_prediction (rig->state, TRUE);
  set_heat (rig, 13); /* half of what is drawn in full from 26 on, a tenth of 255 */
  slice_rig_assert_pixel (rig, 300, 300, view_rig_blend (BLACK, heat_colour (13), 0.35 / 2));
  set_heat (rig, 26);
  slice_rig_assert_pixel (rig, 300, 300, view_rig_blend (BLACK, heat_colour (26), 0.35));
}

/* Beside the truth's own. */
static void
test_prediction_outline (SliceRig *rig, gconstpointer data)
{
  set_truth (rig, 6, 9, 6, 9);
  set_prediction (rig, 1, 5, 1, 5);
  pl_view_state_set_prediction_style (rig->state, PL_PREDICTION_OUTLINE);
  slice_rig_assert_pixel (rig, 60, 60, BLACK);
  slice_rig_assert_pixel (rig, 20, 60, PL_PREDICTION_RGB);
  slice_rig_assert_pixel (rig, 120, 150, PL_TRUTH_RGB);
  pl_view_state_set_show_prediction (rig->state, FALSE);
  slice_rig_assert_pixel (rig, 20, 60, BLACK);
}

/* A white corner at the top left of the memory, through all the ways that an image can lie. */
static void
test_turn (SliceRig *rig, gconstpointer data)
{
  static const struct
  {
    PlSliceTurn turn;
    int x;
    int y;
  } cases[] = {
    { { 0, FALSE }, 10, 10 },  { { 1, FALSE }, 190, 10 }, { { 2, FALSE }, 190, 190 },
    { { 3, FALSE }, 10, 190 }, { { 0, TRUE }, 190, 10 },  { { 1, TRUE }, 190, 190 },
  };

  slice_rig_set_patch (rig, 0, 0, WHITE_HU);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      pl_view_state_set_turn (rig->state, cases[i].turn);
      slice_rig_assert_pixel (rig, cases[i].x, cases[i].y, WHITE);
      slice_rig_assert_pixel (rig, 200 - cases[i].x, 200 - cases[i].y, BLACK);
      slice_rig_move_pointer (rig, cases[i].x, cases[i].y);
      slice_rig_assert_probe (rig, 0, 0);
    }
}

/* The outline and the fill lie on the image however it is turned, in a view that is not square. */
static void
test_turned_overlays (SliceRig *rig, gconstpointer data)
{
  view_rig_resize (rig->view, 300, 200);
  set_truth (rig, 0, 3, 0, 3);
  set_prediction (rig, 0, 3, 0, 3);
  pl_view_state_set_turn (rig->state, (PlSliceTurn){ 1, FALSE });
  slice_rig_assert_pixel (rig, 220, 30, view_rig_blend (BLACK, PL_PREDICTION_RGB, 0.35));
  slice_rig_assert_pixel (rig, 190, 30, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 220, 60, PL_TRUTH_RGB);
  slice_rig_assert_pixel (rig, 80, 30, BLACK);
}

/* The patient's right, of columns that grow to the left, is on the left unless asked otherwise. */
static void
test_convention (SliceRig *rig, gconstpointer data)
{
  slice_rig_set_patch (rig, 1, 1, WHITE_HU);
  pl_view_state_set_neurological (rig->state, TRUE);
  slice_rig_assert_pixel (rig, 30, 30, WHITE); /* nobody knows */
  g_strlcpy (rig->volume->orientation, "SPL", 4);
  slice_rig_assert_pixel (rig, 170, 30, WHITE);
  pl_view_state_set_neurological (rig->state, FALSE);
  slice_rig_assert_pixel (rig, 30, 30, WHITE);
}

/* Light pixels at the lower right. */
static int
count_corner (SliceRig *rig)
{
  cairo_surface_t *picture = view_rig_draw (rig->view);
  int n = 0;

  for (int y = 380; y < 396; y++)
    for (int x = 360; x < 388; x++)
      n += view_rig_pixel (picture, x, y) == 0xd9d9d9;
  cairo_surface_destroy (picture);
  return n;
}

/* It is said, unless a slice is turned or lies along the patient. */
static void
test_convention_name (SliceRig *rig, gconstpointer data)
{
  view_rig_resize (rig->view, 400, 400);
  g_assert_cmpint (count_corner (rig), ==, 0);
  g_strlcpy (rig->volume->orientation, "SPL", 4);
  g_assert_cmpint (count_corner (rig), >, 5);
  pl_view_state_set_turn (rig->state, (PlSliceTurn){ 2, FALSE });
  g_assert_cmpint (count_corner (rig), ==, 0);
  pl_view_state_set_turn (rig->state, (PlSliceTurn){ 0, FALSE });
  g_strlcpy (rig->volume->orientation, "LIP", 4);
  g_assert_cmpint (count_corner (rig), ==, 0);
}

/* Squares have edges; what blends has none. */
static void
test_smooth (SliceRig *rig, gconstpointer data)
{
  cairo_surface_t *picture;

  slice_rig_set_patch (rig, 4, 4, WHITE_HU);
  picture = view_rig_draw (rig->view);
  g_assert_cmphex (view_rig_pixel (picture, 58, 90), !=, BLACK);
  cairo_surface_destroy (picture);
  pl_view_state_set_smooth (rig->state, FALSE);
  slice_rig_assert_pixel (rig, 58, 90, BLACK);
  slice_rig_assert_pixel (rig, 61, 90, WHITE);
  slice_rig_assert_pixel (rig, 118, 90, WHITE);
  slice_rig_assert_pixel (rig, 121, 90, BLACK);
}

/* The scale bar needs a scale. */
static void
test_scale_bar (SliceRig *rig, gconstpointer data)
{
  view_rig_resize (rig->view, 400, 400);
  g_assert_cmpint (count_text_pixels (rig), ==, 0);
  rig->volume->header.has_spacing = TRUE;
  g_assert_cmpint (count_text_pixels (rig), >, 100);
  slice_rig_assert_pixel (rig, 30, 388, 0xd9d9d9); /* 2 mm are 80 pixels, from 12 on */
  slice_rig_assert_pixel (rig, 95, 380, BLACK);
}

/* As in the first of several panes; one too narrow for it all has no bar. */
static void
test_annotated (void)
{
  SliceRig rig;
  gboolean annotated;

  slice_rig_set_up_pane (&rig, PL_PANE_IMAGE);
  view_rig_resize (rig.view, 400, 400);
  rig.volume->header.has_spacing = TRUE;
  g_assert_cmpint (count_text_pixels (&rig), ==, 0);
  g_object_set (rig.view, "annotated", TRUE, NULL);
  g_object_get (rig.view, "annotated", &annotated, NULL);
  g_assert_true (annotated);
  slice_rig_assert_pixel (&rig, 30, 388, 0xd9d9d9);
  view_rig_resize (rig.view, 210, 210);
  g_assert_cmpint (count_text_pixels (&rig), ==, 0);
  slice_rig_tear_down (&rig, NULL);
}

/* A view may show another mask later. */
static void
test_other_pane (SliceRig *rig, gconstpointer data)
{
  pl_view_state_set_opacity (rig->state, 1);
  set_prediction (rig, 0, 10, 0, 10);
  set_truth (rig, 0, 10, 0, 10);
  g_object_set (rig->view, "pane", PL_PANE_PREDICTION, NULL);
  slice_rig_assert_pixel (rig, 100, 100, PL_PREDICTION_RGB);
  g_object_set (rig->view, "pane", PL_PANE_TRUTH, NULL);
  slice_rig_assert_pixel (rig, 100, 100, PL_TRUTH_RGB);
}

static void
draw (SliceRig *rig)
{
  cairo_surface_destroy (view_rig_draw (rig->view));
}

static GdkTexture *
get_image (SliceRig *rig)
{
  return g_object_get_qdata (G_OBJECT (rig->state), pl_slice_view_image_quark ());
}

/* What did not change is not painted again, nor is the bare image for a second view. */
static void
test_textures_are_kept (SliceRig *rig, gconstpointer data)
{
  PlSliceView *view = PL_SLICE_VIEW (rig->view);
  GtkWidget *other = g_object_ref_sink (pl_slice_view_new (rig->state, PL_PANE_IMAGE));
  g_autoptr (GdkTexture) image = NULL;
  g_autoptr (GdkTexture) tinted = NULL;

  draw (rig);
  image = g_object_ref (get_image (rig));
  view_rig_resize (other, 100, 100);
  cairo_surface_destroy (view_rig_draw (other));
  g_assert_true (get_image (rig) == image);
  g_assert_finalize_object (other);

  set_prediction (rig, 2, 5, 2, 5);
  draw (rig);
  tinted = g_object_ref (view->tinted);
  pl_view_state_set_zoom (rig->state, 2, 0, 0);
  pl_view_state_set_probe (rig->state, 3, 3);
  draw (rig);
  g_assert_true (get_image (rig) == image);
  g_assert_true (view->tinted == tinted);
  pl_view_state_set_opacity (rig->state, 0.5);
  draw (rig);
  g_assert_true (get_image (rig) == image);
  g_assert_true (view->tinted != tinted);
  pl_view_state_set_show_prediction (rig->state, FALSE);
  pl_view_state_set_slice (rig->state, 0);
  draw (rig);
  g_assert_true (get_image (rig) != image);
}

/* One texel a pixel of the screen, only where there are edges. */
static void
test_outline_area (void)
{
  g_autoptr (PlVolume) volume = view_rig_volume (1, 10, 10, BLACK_HU);
  g_autoptr (PlMask) mask = view_rig_mask (volume, 2, 4, 3, 8);
  const guint8 *labels = pl_mask_slice (mask, 0);
  PlSlicePlace place = { 0, 0, 20, 30 };
  cairo_rectangle_int_t area;
  g_autoptr (GdkTexture) whole =
      pl_slice_paint_outline (labels, 10, 10, PL_TRUTH_RGB, place, 200, 300, &area);
  g_autoptr (GdkTexture) part = NULL;

  g_assert_cmpint (area.x, ==, 59);
  g_assert_cmpint (area.y, ==, 59);
  g_assert_cmpint (area.width, ==, 102);
  g_assert_cmpint (area.height, ==, 62);
  g_assert_cmpint (gdk_texture_get_width (whole), ==, area.width);
  g_assert_cmpint (gdk_texture_get_height (whole), ==, area.height);

  place.x_px = -100;
  part = pl_slice_paint_outline (labels, 10, 10, PL_TRUTH_RGB, place, 200, 300, &area);
  g_assert_cmpint (area.x, ==, 0);
  g_assert_cmpint (area.width, ==, 61);
  place.x_px = -1e9;
  g_assert_null (pl_slice_paint_outline (labels, 10, 10, PL_TRUTH_RGB, place, 200, 300, &area));
}

#ifdef __SANITIZE_ADDRESS__
#define MOST_MS 40
#else
#define MOST_MS 8
#endif

/* A drag of the window at 512 × 512 leaves most of a frame (16 ms) to others; it takes 1 ms without
 * sanitizers. */
static void
test_speed (void)
{
  g_autoptr (PlVolume) volume = view_rig_volume (1, 512, 512, -600);
  const PlSlicePart part = { 0, 512, 0, 512 };
  PlWindow window = { -600, 1500 };
  double best_ms = G_MAXDOUBLE;

  for (int i = 0; i < 10; i++)
    {
      double start_ms = pl_processor_ms ();
      g_autoptr (GdkTexture) texture =
          pl_slice_paint_image (volume, 0, &part, window, pl_colour_map_find ("gray"), NULL);

      best_ms = MIN (best_ms, pl_processor_ms () - start_ms);
    }
  g_test_minimized_result (best_ms, "a slice through window and colour map: %.2f ms", best_ms);
  g_assert_cmpfloat (best_ms, <, MOST_MS);
}

#define ADD(name, test)                                                                            \
  g_test_add ("/app/slice-view/" name, SliceRig, NULL, slice_rig_set_up, test, slice_rig_tear_down)

int
main (int argc, char **argv)
{
  view_rig_init (&argc, &argv);
  ADD ("window", test_window);
  ADD ("colour-map", test_colour_map);
  ADD ("aspect", test_aspect);
  ADD ("no-volume", test_no_volume);
  ADD ("truth-outline", test_truth_outline);
  ADD ("outline-at-border", test_outline_at_border);
  ADD ("prediction", test_prediction);
  ADD ("heat", test_heat);
  ADD ("prediction-outline", test_prediction_outline);
  ADD ("hiding", test_hiding);
  ADD ("preview", test_preview);
  ADD ("labels", test_labels);
  ADD ("label-colours", test_label_colours);
  g_test_add_func ("/app/slice-view/other-label", test_other_label);
  g_test_add_func ("/app/slice-view/panes", test_panes);
  g_test_add_func ("/app/slice-view/models", test_models);
  g_test_add_func ("/app/slice-view/difference-without-truth", test_difference_without_truth);
  ADD ("loading", test_loading);
  ADD ("loading-lines", test_loading_lines);
  ADD ("orientation-letters", test_orientation_letters);
  ADD ("turn", test_turn);
  ADD ("turned-overlays", test_turned_overlays);
  ADD ("convention", test_convention);
  ADD ("convention-name", test_convention_name);
  ADD ("smooth", test_smooth);
  ADD ("scale-bar", test_scale_bar);
  ADD ("other-pane", test_other_pane);
  g_test_add_func ("/app/slice-view/annotated", test_annotated);
  ADD ("textures-are-kept", test_textures_are_kept);
  g_test_add_func ("/app/slice-view/outline-area", test_outline_area);
  g_test_add_func ("/app/slice-view/speed", test_speed);
  return g_test_run ();
}
