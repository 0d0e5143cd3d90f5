/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures are only counted while the view is on the screen, so it is in a window here. */
#include "app/compare-figures.h"
#include "app/compare-models.h"
#include "app/compare-pane.h"
#include "app/compare-view.h"
#include "app/slice-paint.h"
#include "app/slice-view.h"
#include "app/swipe-view.h"

#include "ui/view-rig.h"

#define TIMEOUT_US (60 * G_USEC_PER_SEC)

typedef struct
{
  PlVolume *volume;
  PlViewState *state;
  GtkWidget *view;
  GtkWidget *window;
  const char *table; /* whose cells are looked at */
} Rig;

static void
set_up (Rig *rig, gconstpointer data)
{
  rig->table = "figures";
  rig->volume = view_rig_volume (4, 20, 20, -600);
  rig->volume->header.has_spacing = TRUE;
  rig->state = pl_view_state_new ();
  pl_view_state_set_volume (rig->state, rig->volume);
  rig->view = g_object_ref_sink (g_object_new (PL_TYPE_COMPARE_VIEW, NULL));
  pl_compare_view_set_state (PL_COMPARE_VIEW (rig->view), rig->state);
  rig->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (rig->window), 900, 300);
  gtk_window_set_child (GTK_WINDOW (rig->window), rig->view);
  gtk_widget_show (rig->window);
  while (!gtk_widget_get_mapped (rig->view))
    g_main_context_iteration (NULL, TRUE);
}

/* The answer of a worker holds the figures, and they the state, until the main loop has delivered
 * it. */
static void
tear_down (Rig *rig, gconstpointer data)
{
  gint64 deadline_us = g_get_monotonic_time () + TIMEOUT_US;

  gtk_window_destroy (GTK_WINDOW (rig->window));
  g_assert_finalize_object (rig->view);
  while (G_OBJECT (rig->state)->ref_count > 1 && g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (rig->state);
  pl_volume_unref (rig->volume);
}

static gpointer
child (Rig *rig, const char *name)
{
  return gtk_widget_get_template_child (rig->view, PL_TYPE_COMPARE_VIEW, name);
}

enum
{
  SLICE = 1,
  CASE,
};
enum
{
  DICE = 1,
  IOU,
  HD95,
  TRUTH,
  PREDICTION,
  BOTH,
  ONLY_PREDICTED,
  ONLY_TRUE,
};

static GtkLabel *
cell (Rig *rig, int row, int column)
{
  GtkWidget *table = child (rig, rig->table);
  GObject *grid = gtk_widget_get_template_child (table, G_OBJECT_TYPE (table), "grid");

  return GTK_LABEL (gtk_grid_get_child_at (GTK_GRID (grid), column, row));
}

static const char *
figure (Rig *rig, int row, int column)
{
  return gtk_label_get_text (cell (rig, row, column));
}

static void
wait_for_figure (Rig *rig, int row, int column, const char *expected)
{
  gint64 deadline_us = g_get_monotonic_time () + TIMEOUT_US;

  while (!g_str_equal (figure (rig, row, column), expected) &&
         g_get_monotonic_time () < deadline_us)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_cmpstr (figure (rig, row, column), ==, expected);
}

static void
set_masks (Rig *rig, int truth_columns, int prediction_columns)
{
  g_autoptr (PlMask) truth = view_rig_mask (rig->volume, 0, 20, 0, truth_columns);
  g_autoptr (PlMask) prediction = view_rig_mask (rig->volume, 0, 20, 0, prediction_columns);

  pl_view_state_set_truth (rig->state, truth);
  pl_view_state_set_prediction (rig->state, prediction);
}

static void
assert_shown (Rig *rig, const char *name, gboolean shown)
{
  g_test_message ("%s", name);
  g_assert_cmpint (gtk_widget_get_visible (child (rig, name)), ==, shown);
}

/* What the pane says it lacks. */
static void
assert_missing (Rig *rig, const char *pane, gboolean missing)
{
  GObject *label =
      gtk_widget_get_template_child (child (rig, pane), PL_TYPE_COMPARE_PANE, "missing");

  g_test_message ("%s", pane);
  g_assert_cmpint (gtk_widget_get_visible (GTK_WIDGET (label)), ==, missing);
}

static void
test_missing (Rig *rig, gconstpointer data)
{
  g_autoptr (PlMask) mask = view_rig_mask (rig->volume, 5, 10, 5, 10);

  assert_missing (rig, "truth_pane", TRUE);
  assert_missing (rig, "prediction_pane", TRUE);
  assert_missing (rig, "difference_pane", TRUE);
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "—");
  pl_view_state_set_truth (rig->state, mask);
  assert_missing (rig, "truth_pane", FALSE);
  assert_missing (rig, "difference_pane", TRUE);
  pl_view_state_set_prediction (rig->state, mask);
  assert_missing (rig, "prediction_pane", FALSE);
  assert_missing (rig, "difference_pane", FALSE);
  pl_view_state_set_volume (rig->state, NULL);
  assert_missing (rig, "truth_pane", FALSE);
  assert_missing (rig, "prediction_pane", FALSE);
}

/* 10 of 20 columns against 5 of the same, 1 mm a voxel: Dice 2·5 / 15, IoU 5 / 10, and the edges 5
 * columns apart. */
static void
test_figures (Rig *rig, gconstpointer data)
{
  set_masks (rig, 10, 5);
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "0.667");
  g_assert_cmpstr (figure (rig, SLICE, IOU), ==, "0.500");
  g_assert_cmpstr (figure (rig, SLICE, HD95), ==, "—");
  g_assert_cmpstr (figure (rig, SLICE, TRUTH), ==, "2.0 cm²");
  g_assert_cmpstr (figure (rig, SLICE, PREDICTION), ==, "1.0 cm²");
  g_assert_cmpstr (figure (rig, SLICE, BOTH), ==, "100 px");
  g_assert_cmpstr (figure (rig, SLICE, ONLY_PREDICTED), ==, "0 px");
  g_assert_cmpstr (figure (rig, SLICE, ONLY_TRUE), ==, "100 px");
  g_assert_cmpstr (figure (rig, CASE, DICE), ==, "—");
  wait_for_figure (rig, SLICE, HD95, "5.0 mm");
  wait_for_figure (rig, CASE, DICE, "0.667");
  g_assert_cmpstr (figure (rig, CASE, IOU), ==, "0.500");
  g_assert_cmpstr (figure (rig, CASE, HD95), ==, "5.0 mm");
  g_assert_cmpstr (figure (rig, CASE, TRUTH), ==, "0.8 ml");
  g_assert_cmpstr (figure (rig, CASE, PREDICTION), ==, "0.4 ml");
  g_assert_cmpstr (figure (rig, CASE, ONLY_TRUE), ==, "400 px");
  set_masks (rig, 5, 10);
  g_assert_cmpstr (figure (rig, SLICE, ONLY_PREDICTED), ==, "100 px");
  pl_view_state_set_prediction (rig->state, NULL);
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "—");
  g_assert_cmpstr (figure (rig, CASE, DICE), ==, "—");
}

/* The first @columns are label 1, the last 10 of 20 label 2. */
static PlMask *
make_two_labels (Rig *rig, int columns)
{
  g_autoptr (PlMask) one = view_rig_mask (rig->volume, 0, 20, 0, columns);
  g_autoptr (PlMask) two = view_rig_mask (rig->volume, 0, 20, 10, 20);
  gsize n = (gsize) one->n[0] * (gsize) one->n[1] * (gsize) one->n[2];
  guint8 *labels = g_memdup2 (one->labels, n);

  for (gsize i = 0; i < n; i++)
    labels[i] = (guint8) (labels[i] + 2 * two->labels[i]);
  return pl_mask_new_take (one->n, labels);
}

static PlMask *
make_preview (Rig *rig, const PlMask *mask)
{
  const int n[3] = { 1, mask->n[1], mask->n[2] };
  const guint8 *labels = pl_mask_slice (mask, pl_view_state_get_slice (rig->state));

  return pl_mask_new_take (n, g_memdup2 (labels, (gsize) n[1] * (gsize) n[2]));
}

/* Told of several classes alone, by name. */
static void
test_classes (Rig *rig, gconstpointer data)
{
  char *names[] = { (char *) "<left>", (char *) "right", NULL };
  gint64 deadline_us = g_get_monotonic_time () + 2 * TIMEOUT_US;
  g_autoptr (PlMask) preview = NULL;
  g_autoptr (PlMask) truth = make_two_labels (rig, 10);
  g_autoptr (PlMask) prediction = make_two_labels (rig, 5);

  set_masks (rig, 10, 5);
  wait_for_figure (rig, CASE, DICE, "0.667");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (cell (rig, CASE + 1, 0))));
  pl_view_state_set_truth (rig->state, truth);
  pl_view_state_set_prediction (rig->state, prediction);
  wait_for_figure (rig, CASE, DICE, "0.857");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (cell (rig, CASE + 1, 0))));
  g_assert_nonnull (strstr (figure (rig, CASE + 1, 0), "1 · label 1: Dice 0.667"));
  g_assert_nonnull (strstr (figure (rig, CASE + 1, 0), "2 · label 2: Dice 1.000"));
  g_assert_true (g_str_has_prefix (figure (rig, CASE + 1, 0), "Case: "));
  pl_view_state_set_names (rig->state, names, NULL);
  g_assert_nonnull (strstr (figure (rig, CASE + 1, 0), "1 · <left>: Dice 0.667"));

  preview = make_preview (rig, prediction); /* of an epoch: the case is not known */
  pl_view_state_set_prediction (rig->state, NULL);
  pl_view_state_set_preview (rig->state, preview, pl_view_state_get_slice (rig->state));
  while (!g_str_has_prefix (figure (rig, CASE + 1, 0), "This slice: ") &&
         g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, FALSE);
  g_assert_nonnull (strstr (figure (rig, CASE + 1, 0), "2 · right: Dice 1.000"));
}

/* Without a size of the pixels nothing is said in millimetres. */
static void
test_no_spacing (Rig *rig, gconstpointer data)
{
  rig->volume->header.has_spacing = FALSE;
  rig->volume->header.has_affine = FALSE;
  set_masks (rig, 10, 5);
  g_assert_cmpstr (figure (rig, SLICE, TRUTH), ==, "200 px");
  g_assert_cmpstr (figure (rig, SLICE, BOTH), ==, "100 px");
  wait_for_figure (rig, SLICE, HD95, "5.0 px");
}

/* The preview counts for its slice, the prediction for the case. */
static void
test_preview (Rig *rig, gconstpointer data)
{
  g_autoptr (PlVolume) slice = view_rig_volume (1, 20, 20, -600);
  g_autoptr (PlMask) preview = view_rig_mask (slice, 0, 20, 10, 20);

  set_masks (rig, 10, 5);
  pl_view_state_set_preview (rig->state, preview, 2);
  wait_for_figure (rig, SLICE, DICE, "0.000");
  wait_for_figure (rig, CASE, DICE, "0.667");
  pl_view_state_set_slice (rig->state, 3);
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "0.667");
  pl_view_state_set_prediction (rig->state, NULL);
  pl_view_state_set_slice (rig->state, 2);
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "0.000");
  g_assert_cmpstr (figure (rig, CASE, DICE), ==, "—");
}

static void
test_empty (Rig *rig, gconstpointer data)
{
  set_masks (rig, 0, 0);
  wait_for_figure (rig, CASE, DICE, "1.000 (both empty)");
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "1.000 (both empty)");
  g_assert_cmpstr (figure (rig, CASE, HD95), ==, "—");
  set_masks (rig, 0, 1);
  wait_for_figure (rig, CASE, DICE, "0.000");
  g_assert_cmpstr (figure (rig, CASE, HD95), ==, "—");
}

/* A mask that is replaced, or a slice that is left, while it is measured does not answer for its
 * successor. */
static void
test_late_answer (Rig *rig, gconstpointer data)
{
  set_masks (rig, 10, 5);
  set_masks (rig, 10, 8);
  wait_for_figure (rig, SLICE, HD95, "2.0 mm");
  wait_for_figure (rig, CASE, HD95, "2.0 mm");
  for (int i = 0; i < 20; i++)
    {
      g_usleep (1000);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpstr (figure (rig, SLICE, HD95), ==, "2.0 mm");
  g_assert_cmpstr (figure (rig, CASE, HD95), ==, "2.0 mm");
}

static void
test_one_slice (Rig *rig, gconstpointer data)
{
  g_autoptr (PlVolume) slice = view_rig_volume (1, 20, 20, -600);
  g_autoptr (PlMask) mask = view_rig_mask (slice, 0, 20, 0, 10);

  slice->header.has_spacing = TRUE;
  pl_view_state_set_volume (rig->state, slice);
  pl_view_state_set_truth (rig->state, mask);
  pl_view_state_set_prediction (rig->state, mask);
  wait_for_figure (rig, SLICE, HD95, "0.0 mm");
  g_assert_cmpstr (figure (rig, SLICE, BOTH), ==, "200 px");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (cell (rig, CASE, DICE))));
}

/* Nobody looks: nothing is counted until the view comes back. */
static void
test_unseen (Rig *rig, gconstpointer data)
{
  gtk_widget_set_visible (rig->view, FALSE);
  set_masks (rig, 10, 5);
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "—");
  gtk_widget_set_visible (rig->view, TRUE);
  wait_for_figure (rig, CASE, DICE, "0.667");
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "0.667");
}

/* At least one pane stays. */
static void
test_toggles (Rig *rig, gconstpointer data)
{
  gboolean shown;

  g_object_set (rig->view, "show-image", FALSE, "show-difference", FALSE, NULL);
  assert_shown (rig, "image_pane", FALSE);
  assert_shown (rig, "truth_pane", TRUE);
  assert_shown (rig, "difference_pane", FALSE);
  g_object_set (rig->view, "show-truth", FALSE, "show-prediction", FALSE, NULL);
  assert_shown (rig, "prediction_pane", TRUE);
  g_object_get (rig->view, "show-prediction", &shown, NULL);
  g_assert_true (shown);
  g_object_set (rig->view, "show-image", TRUE, "show-prediction", FALSE, NULL);
  assert_shown (rig, "prediction_pane", FALSE);
  assert_shown (rig, "image_pane", TRUE);
}

static GtkWidget *
swipe_child (Rig *rig, const char *name)
{
  return GTK_WIDGET (
      gtk_widget_get_template_child (child (rig, "swipe_view"), PL_TYPE_SWIPE_VIEW, name));
}

static gboolean
press (GtkWidget *widget, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &handled);
    }
  return handled;
}

/* One image instead of the panes, with a divider that keys move within its limits. */
static void
test_swipe (Rig *rig, gconstpointer data)
{
  GtkWidget *view = child (rig, "swipe_view");
  double divider;

  assert_shown (rig, "swipe_view", FALSE);
  g_object_set (rig->view, "swipe", TRUE, NULL);
  assert_shown (rig, "swipe_view", TRUE);
  assert_shown (rig, "image_pane", FALSE);
  assert_shown (rig, "prediction_pane", FALSE);
  g_assert_true (press (view, GDK_KEY_Right));
  g_object_get (rig->view, "divider", &divider, NULL);
  g_assert_cmpfloat_with_epsilon (divider, 0.52, 1e-9);
  for (int i = 0; i < 60; i++)
    press (view, GDK_KEY_Left);
  g_object_get (rig->view, "divider", &divider, NULL);
  g_assert_cmpfloat (divider, ==, 0);
  g_assert_false (press (view, GDK_KEY_Up));
  g_object_set (rig->view, "swipe", FALSE, NULL);
  assert_shown (rig, "swipe_view", FALSE);
  assert_shown (rig, "image_pane", TRUE);
}

/* Left of the divider the prediction's colour, right of it the truth's. */
static void
test_swipe_sides (Rig *rig, gconstpointer data)
{
  GtkWidget *view = child (rig, "swipe_view");
  cairo_surface_t *picture;
  int x;
  int y;

  set_masks (rig, 20, 20);
  pl_view_state_set_opacity (rig->state, 1);
  g_object_set (rig->view, "swipe", TRUE, NULL);
  while (gtk_widget_get_width (view) == 0 || !gtk_widget_get_mapped (view))
    g_main_context_iteration (NULL, TRUE);
  x = gtk_widget_get_width (view) / 2;
  y = gtk_widget_get_height (view) * 3 / 4;
  picture = view_rig_draw (view);
  view_rig_assert_pixel (picture, x - 20, y, PL_PREDICTION_RGB);
  view_rig_assert_pixel (picture, x + 20, y, PL_TRUTH_RGB);
  cairo_surface_destroy (picture);

  g_object_set (rig->view, "divider", 0.0, NULL);
  picture = view_rig_draw (view);
  view_rig_assert_pixel (picture, x - 20, y, PL_TRUTH_RGB);
  cairo_surface_destroy (picture);

  g_object_set (rig->view, "outline", TRUE, NULL);
  picture = view_rig_draw (view);
  g_assert_cmphex (view_rig_pixel (picture, x - 20, y), !=, PL_TRUTH_RGB);
  cairo_surface_destroy (picture);
}

static void
wait_until_visible (GtkWidget *widget, gboolean visible)
{
  gint64 deadline_us = g_get_monotonic_time () + TIMEOUT_US;

  while (gtk_widget_get_visible (widget) != visible && g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (gtk_widget_get_visible (widget), ==, visible);
}

/* While it blinks one name is shown after the other; then the panes come back. */
static void
test_blink (Rig *rig, gconstpointer data)
{
  gboolean blinking;

  g_assert_true (press (rig->view, GDK_KEY_b));
  g_object_get (rig->view, "blink", &blinking, NULL);
  g_assert_true (blinking);
  assert_shown (rig, "image_pane", FALSE);
  for (int i = 0; i < 2; i++)
    {
      wait_until_visible (swipe_child (rig, "truth_label"), i == 0);
      g_assert_cmpint (gtk_widget_get_visible (swipe_child (rig, "prediction_label")), ==, i == 1);
    }
  g_object_set (rig->view, "blink", FALSE, NULL);
  assert_shown (rig, "swipe_view", FALSE);
  assert_shown (rig, "image_pane", TRUE);
}

/* The pixel under the pointer of one pane is marked in the others. */
static void
test_mark (void)
{
  g_autoptr (PlViewState) state = pl_view_state_new ();
  g_autoptr (PlVolume) volume = view_rig_volume (1, 20, 20, -2000);
  GtkWidget *view = g_object_ref_sink (pl_slice_view_new (state, PL_PANE_IMAGE));
  cairo_surface_t *picture;

  pl_view_state_set_volume (state, volume);
  view_rig_resize (view, 200, 200);
  pl_view_state_set_probe (state, 5, 15); /* its middle is at 155, 55 */
  picture = view_rig_draw (view);
  view_rig_assert_pixel (picture, 155 + 8, 55, 0xffff66);
  view_rig_assert_pixel (picture, 155, 55 - 8, 0xffff66);
  view_rig_assert_pixel (picture, 155, 55, 0x000000);
  cairo_surface_destroy (picture);
  pl_view_state_set_probe (state, -1, -1);
  picture = view_rig_draw (view);
  view_rig_assert_pixel (picture, 155 + 8, 55, 0x000000);
  cairo_surface_destroy (picture);
  g_assert_finalize_object (view);
}

static graphene_rect_t
bounds_of (GtkWidget *view, const char *name)
{
  GtkWidget *pane = GTK_WIDGET (gtk_widget_get_template_child (view, PL_TYPE_COMPARE_VIEW, name));
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (pane, view, &bounds));
  return bounds;
}

/* In a row when wide, two by two when narrow; the figures above, where no toast covers them. */
static void
test_arrangement (void)
{
  GtkWidget *view = g_object_ref_sink (g_object_new (PL_TYPE_COMPARE_VIEW, NULL));
  graphene_rect_t first;
  graphene_rect_t third;
  graphene_rect_t last;
  graphene_rect_t heading;

  view_rig_resize (view, 1200, 400);
  first = bounds_of (view, "image_pane");
  last = bounds_of (view, "difference_pane");
  g_assert_cmpfloat (first.origin.y, ==, last.origin.y);
  g_assert_cmpfloat (first.size.width, >, 295);
  g_assert_cmpfloat (last.origin.x + last.size.width, <=, 1200);
  heading = bounds_of (view, "heading");
  g_assert_cmpfloat (heading.origin.y, ==, 0);
  g_assert_cmpfloat (heading.size.height, >, 10);
  g_assert_cmpfloat (first.origin.y, ==, heading.size.height);

  view_rig_resize (view, 500, 600);
  first = bounds_of (view, "image_pane");
  third = bounds_of (view, "prediction_pane");
  last = bounds_of (view, "difference_pane");
  g_assert_cmpfloat (first.origin.x, ==, third.origin.x);
  g_assert_cmpfloat (third.origin.y, >=, first.origin.y + first.size.height);
  g_assert_cmpfloat (last.origin.x, >=, third.origin.x + third.size.width);
  g_assert_cmpfloat (last.origin.y, ==, third.origin.y);

  g_object_set (view, "show-image", FALSE, "show-difference", FALSE, NULL);
  view_rig_resize (view, 600, 400);
  first = bounds_of (view, "truth_pane");
  last = bounds_of (view, "prediction_pane");
  g_assert_cmpfloat (first.origin.x, ==, 0);
  g_assert_cmpfloat (last.origin.y, ==, first.origin.y);
  g_assert_cmpfloat (last.size.width, ==, 299);
  g_assert_finalize_object (view);
}

/* A zoom in one pane is a zoom in all, as they share the state. */
static void
test_panes_are_linked (Rig *rig, gconstpointer data)
{
  static const char *const names[] = { "image_pane",      "truth_pane",  "prediction_pane",
                                       "difference_pane", "second_pane", "models_pane" };
  static const PlPane panes[] = { PL_PANE_IMAGE,      PL_PANE_TRUTH,  PL_PANE_PREDICTION,
                                  PL_PANE_DIFFERENCE, PL_PANE_SECOND, PL_PANE_MODELS };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GObject *overlay =
          gtk_widget_get_template_child (child (rig, names[i]), PL_TYPE_COMPARE_PANE, "overlay");
      g_autoptr (PlViewState) state = NULL;
      PlPane pane;

      g_object_get (gtk_overlay_get_child (GTK_OVERLAY (overlay)), "state", &state, "pane", &pane,
                    NULL);
      g_assert_true (state == rig->state);
      g_assert_cmpint (pane, ==, panes[i]);
    }
}

/* Beside the first model's, as long as there is a second. */
static void
test_second_panes (Rig *rig, gconstpointer data)
{
  g_autoptr (PlMask) mask = view_rig_mask (rig->volume, 5, 10, 5, 10);
  graphene_rect_t first;
  graphene_rect_t second;

  assert_shown (rig, "second_pane", FALSE);
  assert_shown (rig, "models", FALSE);
  pl_view_state_set_model_name (rig->state, "runs/old");
  pl_view_state_set_second_name (rig->state, "runs/new");
  assert_shown (rig, "second_pane", TRUE);
  assert_shown (rig, "models_pane", TRUE);
  assert_shown (rig, "second_button", TRUE);
  assert_shown (rig, "figures", FALSE);
  assert_missing (rig, "second_pane", TRUE);
  assert_missing (rig, "models_pane", TRUE);
  pl_view_state_set_second (rig->state, mask);
  assert_missing (rig, "second_pane", FALSE);
  assert_missing (rig, "models_pane", TRUE);
  pl_view_state_set_prediction (rig->state, mask);
  assert_missing (rig, "models_pane", FALSE);
  while (gtk_widget_get_width (child (rig, "second_pane")) == 0)
    g_main_context_iteration (NULL, TRUE);
  first = bounds_of (rig->view, "prediction_pane");
  second = bounds_of (rig->view, "second_pane");
  g_assert_cmpfloat (first.origin.y, ==, second.origin.y);
  g_assert_cmpfloat (second.origin.x, ==, first.origin.x + first.size.width + 2);

  pl_view_state_set_second_name (rig->state, NULL);
  assert_shown (rig, "second_pane", FALSE);
  assert_shown (rig, "models_button", FALSE);
  assert_shown (rig, "figures", TRUE);
}

/* What was chosen alone leaves with its model, and comes again with the next. */
static void
test_second_alone (Rig *rig, gconstpointer data)
{
  pl_view_state_set_second_name (rig->state, "runs/new");
  g_object_set (rig->view, "show-image", FALSE, "show-truth", FALSE, "show-prediction", FALSE,
                "show-difference", FALSE, "show-models", FALSE, NULL);
  assert_shown (rig, "second_pane", TRUE);
  assert_shown (rig, "image_pane", FALSE);
  pl_view_state_set_second_name (rig->state, NULL);
  assert_shown (rig, "image_pane", TRUE);
  pl_view_state_set_second_name (rig->state, "runs/newer");
  assert_shown (rig, "second_pane", TRUE);
  assert_shown (rig, "image_pane", FALSE);
}

/* 10, 5 and 8 of 20 columns: truth, first and second model; 1 mm a voxel. */
static void
test_models (Rig *rig, gconstpointer data)
{
  enum
  {
    A = 1,
    B,
    BETWEEN,
    GROUND,
  };
  enum
  {
    AREA = 4,
    CASE_DICE,
    CASE_HD95 = 7,
    VOLUME,
  };
  g_autoptr (PlMask) second = view_rig_mask (rig->volume, 0, 20, 0, 8);

  pl_view_state_set_model_name (rig->state, "runs/old");
  pl_view_state_set_second_name (rig->state, "runs/new");
  set_masks (rig, 10, 5);
  pl_view_state_set_second (rig->state, second);
  while (!gtk_widget_get_mapped (child (rig, "models")))
    g_main_context_iteration (NULL, TRUE);
  rig->table = "models";
  g_assert_cmpstr (figure (rig, A, 0), ==, "■ A runs/old");
  g_assert_cmpstr (figure (rig, B, 0), ==, "■ B runs/new");
  g_assert_cmpstr (figure (rig, A, DICE), ==, "0.667");
  g_assert_cmpstr (figure (rig, B, DICE), ==, "0.889");
  g_assert_cmpstr (figure (rig, BETWEEN, DICE), ==, "0.769");
  g_assert_cmpstr (figure (rig, BETWEEN, IOU), ==, "0.625");
  g_assert_cmpstr (figure (rig, A, AREA), ==, "1.0 cm²");
  g_assert_cmpstr (figure (rig, B, AREA), ==, "1.6 cm²");
  g_assert_cmpstr (figure (rig, GROUND, AREA), ==, "2.0 cm²");
  wait_for_figure (rig, A, HD95, "5.0 mm");
  wait_for_figure (rig, B, HD95, "2.0 mm");
  wait_for_figure (rig, BETWEEN, HD95, "3.0 mm");
  wait_for_figure (rig, A, CASE_DICE, "0.667");
  wait_for_figure (rig, B, CASE_DICE, "0.889");
  wait_for_figure (rig, BETWEEN, CASE_HD95, "3.0 mm");
  g_assert_cmpstr (figure (rig, A, VOLUME), ==, "0.4 ml");
  g_assert_cmpstr (figure (rig, GROUND, VOLUME), ==, "0.8 ml");

  /* Models can be compared where nobody knows the truth. */
  pl_view_state_set_truth (rig->state, NULL);
  g_assert_cmpstr (figure (rig, A, DICE), ==, "—");
  g_assert_cmpstr (figure (rig, BETWEEN, DICE), ==, "0.769");
  g_assert_cmpstr (figure (rig, B, AREA), ==, "1.6 cm²");
  g_assert_cmpstr (figure (rig, GROUND, AREA), ==, "—");
  g_assert_cmpstr (figure (rig, GROUND, DICE), ==, "");
}

#define ADD(name, test) g_test_add ("/app/compare-view/" name, Rig, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  view_rig_init (&argc, &argv);
  ADD ("missing", test_missing);
  ADD ("figures", test_figures);
  ADD ("classes", test_classes);
  ADD ("preview", test_preview);
  ADD ("empty", test_empty);
  ADD ("late-answer", test_late_answer);
  ADD ("one-slice", test_one_slice);
  ADD ("unseen", test_unseen);
  ADD ("no-spacing", test_no_spacing);
  ADD ("panes-are-linked", test_panes_are_linked);
  ADD ("toggles", test_toggles);
  ADD ("second-panes", test_second_panes);
  ADD ("second-alone", test_second_alone);
  ADD ("models", test_models);
  ADD ("swipe", test_swipe);
  ADD ("blink", test_blink);
  ADD ("swipe-sides", test_swipe_sides);
  g_test_add_func ("/app/compare-view/mark", test_mark);
  g_test_add_func ("/app/compare-view/arrangement", test_arrangement);
  return g_test_run ();
}
