/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which panes the comparison shows, and where; and what takes their place. */
#include "app/compare-pane.h"
#include "app/compare-view-private.h"
#include "app/slice-paint.h"
#include "app/slice-view.h"
#include "app/swipe-view.h"

#include "ui/compare-rig.h"
#include "ui/view-rig.h"

static void
assert_shown (CompareRig *rig, const char *name, gboolean shown)
{
  g_test_message ("%s", name);
  g_assert_cmpint (gtk_widget_get_visible (compare_rig_child (rig, name)), ==, shown);
}

/* What the pane says it lacks. */
static void
assert_missing (CompareRig *rig, const char *pane, gboolean missing)
{
  GObject *label = gtk_widget_get_template_child (compare_rig_child (rig, pane),
                                                  PL_TYPE_COMPARE_PANE, "missing");

  g_test_message ("%s", pane);
  g_assert_cmpint (gtk_widget_get_visible (GTK_WIDGET (label)), ==, missing);
}

static void
test_missing (CompareRig *rig, gconstpointer data)
{
  g_autoptr (PlMask) mask = view_rig_mask (rig->volume, 5, 10, 5, 10);

  assert_missing (rig, "truth_pane", TRUE);
  assert_missing (rig, "prediction_pane", TRUE);
  assert_missing (rig, "difference_pane", TRUE);
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

/* At least one pane stays. */
static void
test_toggles (CompareRig *rig, gconstpointer data)
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
swipe_child (CompareRig *rig, const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (compare_rig_child (rig, "swipe_view"),
                                                    PL_TYPE_SWIPE_VIEW, name));
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
test_swipe (CompareRig *rig, gconstpointer data)
{
  GtkWidget *view = compare_rig_child (rig, "swipe_view");
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
test_swipe_sides (CompareRig *rig, gconstpointer data)
{
  GtkWidget *view = compare_rig_child (rig, "swipe_view");
  cairo_surface_t *picture;
  int x;
  int y;

  compare_rig_set_masks (rig, 20, 20);
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
  gint64 deadline_us = g_get_monotonic_time () + COMPARE_RIG_TIMEOUT_US;

  while (gtk_widget_get_visible (widget) != visible && g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (gtk_widget_get_visible (widget), ==, visible);
}

/* While it blinks one name is shown after the other; then the panes come back. */
static void
test_blink (CompareRig *rig, gconstpointer data)
{
  gboolean blinking;

  g_object_set (rig->view, "blink", TRUE, NULL);
  g_object_get (rig->view, "blink", &blinking, NULL);
  g_assert_true (blinking);
  assert_shown (rig, "image_pane", FALSE);
  for (int i = 0; i < 2; i++)
    {
      wait_until_visible (swipe_child (rig, "right_label"), i == 0);
      g_assert_cmpint (gtk_widget_get_visible (swipe_child (rig, "left_label")), ==, i == 1);
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

/* The controls are in one line where there is room, and in two before any of them is out of sight.
 */
static void
test_controls_wrap (void)
{
  g_autoptr (PlViewState) state = pl_view_state_new ();
  GtkWidget *view = g_object_ref_sink (g_object_new (PL_TYPE_COMPARE_VIEW, NULL));
  graphene_rect_t panes;
  graphene_rect_t sides;

  pl_compare_view_set_state (PL_COMPARE_VIEW (view), state);
  pl_view_state_set_second_name (state, "runs/new");
  view_rig_resize (view, 1300, 600);
  panes = bounds_of (view, "models_button");
  sides = bounds_of (view, "sides_button");
  g_assert_cmpfloat_with_epsilon (panes.origin.y, sides.origin.y, 1);
  g_assert_cmpfloat (sides.origin.x, >, panes.origin.x);
  view_rig_resize (view, 720, 500);
  panes = bounds_of (view, "models_button");
  sides = bounds_of (view, "sides_button");
  g_assert_cmpfloat (sides.origin.y, >, panes.origin.y);
  g_assert_cmpfloat (panes.origin.x + panes.size.width, <=, 720);
  g_assert_cmpfloat (sides.origin.x + sides.size.width, <=, 720);
  g_assert_finalize_object (view);
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
test_panes_are_linked (CompareRig *rig, gconstpointer data)
{
  static const char *const names[] = { "image_pane",      "truth_pane",  "prediction_pane",
                                       "difference_pane", "second_pane", "models_pane" };
  static const PlPane panes[] = { PL_PANE_IMAGE,      PL_PANE_TRUTH,  PL_PANE_PREDICTION,
                                  PL_PANE_DIFFERENCE, PL_PANE_SECOND, PL_PANE_MODELS };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GObject *overlay = gtk_widget_get_template_child (compare_rig_child (rig, names[i]),
                                                        PL_TYPE_COMPARE_PANE, "overlay");
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
test_second_panes (CompareRig *rig, gconstpointer data)
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
  assert_shown (rig, "sides_button", TRUE);
  assert_shown (rig, "figures", FALSE);
  assert_missing (rig, "second_pane", TRUE);
  assert_missing (rig, "models_pane", TRUE);
  pl_view_state_set_second (rig->state, mask);
  assert_missing (rig, "second_pane", FALSE);
  assert_missing (rig, "models_pane", TRUE);
  pl_view_state_set_prediction (rig->state, mask);
  assert_missing (rig, "models_pane", FALSE);
  while (gtk_widget_get_width (compare_rig_child (rig, "second_pane")) == 0)
    g_main_context_iteration (NULL, TRUE);
  first = bounds_of (rig->view, "prediction_pane");
  second = bounds_of (rig->view, "second_pane");
  g_assert_cmpfloat (first.origin.y, ==, second.origin.y);
  g_assert_cmpfloat (second.origin.x, ==, first.origin.x + first.size.width + 2);

  pl_view_state_set_second_name (rig->state, NULL);
  assert_shown (rig, "second_pane", FALSE);
  assert_shown (rig, "models_button", FALSE);
  assert_shown (rig, "sides_button", FALSE);
  assert_shown (rig, "figures", TRUE);
}

/* What was chosen alone leaves with its model, and comes again with the next. */
static void
test_second_alone (CompareRig *rig, gconstpointer data)
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

static gboolean
is_annotated (CompareRig *rig, const char *pane)
{
  gboolean annotated;

  g_object_get (compare_rig_child (rig, pane), "annotated", &annotated, NULL);
  return annotated;
}

/* The convention and the scale are written once: in the first pane that is seen. */
static void
test_annotated (CompareRig *rig, gconstpointer data)
{
  g_assert_true (is_annotated (rig, "image_pane"));
  g_assert_false (is_annotated (rig, "truth_pane"));
  g_object_set (rig->view, "show-image", FALSE, NULL);
  g_assert_false (is_annotated (rig, "image_pane"));
  g_assert_true (is_annotated (rig, "truth_pane"));
  g_object_set (rig->view, "enlarged", PL_PANE_DIFFERENCE, NULL);
  g_assert_false (is_annotated (rig, "truth_pane"));
  g_assert_true (is_annotated (rig, "difference_pane"));
}

static void
assert_enlarged (CompareRig *rig, PlPane expected)
{
  static const char *const names[] = { "image_pane", "truth_pane", "prediction_pane",
                                       "difference_pane" };
  PlPane enlarged;

  g_object_get (rig->view, "enlarged", &enlarged, NULL);
  g_assert_cmpint (enlarged, ==, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gboolean is_pressed;

      g_object_get (compare_rig_child (rig, names[i]), "enlarged", &is_pressed, NULL);
      g_assert_cmpint (is_pressed, ==, expected == PL_PANE_IMAGE + i);
      assert_shown (rig, names[i], expected == PL_PANE_ALL || is_pressed);
    }
}

/* One pane alone, by its button, where the focus is and by the property, and back. */
static void
test_enlarge (CompareRig *rig, gconstpointer data)
{
  gboolean can;

  assert_enlarged (rig, PL_PANE_ALL);
  g_object_set (compare_rig_child (rig, "truth_pane"), "enlarged", TRUE, NULL);
  assert_enlarged (rig, PL_PANE_TRUTH);
  g_object_set (compare_rig_child (rig, "truth_pane"), "enlarged", FALSE, NULL);
  assert_enlarged (rig, PL_PANE_ALL);

  gtk_widget_child_focus (compare_rig_child (rig, "prediction_pane"), GTK_DIR_TAB_FORWARD);
  g_assert_true (pl_compare_view_toggle_enlarged (PL_COMPARE_VIEW (rig->view)));
  assert_enlarged (rig, PL_PANE_PREDICTION);
  g_assert_true (pl_compare_view_toggle_enlarged (PL_COMPARE_VIEW (rig->view)));
  assert_enlarged (rig, PL_PANE_ALL);
  gtk_window_set_focus (GTK_WINDOW (rig->window), NULL); /* it would outlive the view */
  g_object_set (rig->view, "enlarged", PL_PANE_DIFFERENCE, NULL);
  g_object_set (rig->view, "enlarged", PL_PANE_IMAGE, NULL);
  assert_enlarged (rig, PL_PANE_IMAGE);
  g_object_set (rig->view, "enlarged", PL_PANE_ALL, NULL);
  assert_enlarged (rig, PL_PANE_ALL);

  g_object_get (compare_rig_child (rig, "image_pane"), "can-enlarge", &can, NULL);
  g_assert_true (can);
  g_object_set (rig->view, "show-truth", FALSE, "show-prediction", FALSE, "show-difference", FALSE,
                NULL);
  g_object_get (compare_rig_child (rig, "image_pane"), "can-enlarge", &can, NULL);
  g_assert_false (can); /* it is alone */
  g_assert_false (pl_compare_view_toggle_enlarged (PL_COMPARE_VIEW (rig->view)));
}

/* A pane that goes does not stay enlarged, and swipe has no panes. */
static void
test_enlarged_leaves (CompareRig *rig, gconstpointer data)
{
  g_object_set (rig->view, "enlarged", PL_PANE_MODELS, NULL);
  assert_enlarged (rig, PL_PANE_ALL); /* it is not there */
  pl_view_state_set_second_name (rig->state, "runs/new");
  g_object_set (rig->view, "enlarged", PL_PANE_MODELS, NULL);
  assert_shown (rig, "models_pane", TRUE);
  assert_shown (rig, "image_pane", FALSE);
  pl_view_state_set_second_name (rig->state, NULL);
  assert_enlarged (rig, PL_PANE_ALL);

  g_object_set (rig->view, "enlarged", PL_PANE_TRUTH, NULL);
  g_object_set (rig->view, "show-truth", FALSE, NULL);
  assert_shown (rig, "truth_pane", FALSE);
  assert_shown (rig, "image_pane", TRUE);
  g_object_set (rig->view, "swipe", TRUE, NULL);
  g_assert_false (pl_compare_view_toggle_enlarged (PL_COMPARE_VIEW (rig->view)));
}

#define ADD(name, test) COMPARE_RIG_ADD ("/app/compare-view/" name, test)

int
main (int argc, char **argv)
{
  view_rig_init (&argc, &argv);
  ADD ("missing", test_missing);
  ADD ("panes-are-linked", test_panes_are_linked);
  ADD ("toggles", test_toggles);
  ADD ("second-panes", test_second_panes);
  ADD ("second-alone", test_second_alone);
  ADD ("annotated", test_annotated);
  ADD ("enlarge", test_enlarge);
  ADD ("enlarged-leaves", test_enlarged_leaves);
  ADD ("swipe", test_swipe);
  ADD ("blink", test_blink);
  ADD ("swipe-sides", test_swipe_sides);
  g_test_add_func ("/app/compare-view/mark", test_mark);
  g_test_add_func ("/app/compare-view/arrangement", test_arrangement);
  g_test_add_func ("/app/compare-view/controls-wrap", test_controls_wrap);
  return g_test_run ();
}
