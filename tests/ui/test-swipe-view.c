/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose masks lie left and right of the divider, and what is said of them. All masks cover the
 * whole image, opaque, so that each side is of one colour. What has parts is only drawn in a
 * window. */
#include "app/slice-paint.h"
#include "app/slice-view-private.h"
#include "app/swipe-view.h"

#include "ui/view-rig.h"

typedef struct
{
  PlVolume *volume;
  PlViewState *state;
  GtkWidget *view;
  GtkWidget *window;
} Rig;

static void
set_up (Rig *rig, gconstpointer data)
{
  g_autoptr (PlMask) mask = NULL;

  rig->volume = view_rig_volume (1, 20, 20, -600);
  mask = view_rig_mask (rig->volume, 0, 20, 0, 20);
  rig->state = pl_view_state_new ();
  pl_view_state_set_volume (rig->state, rig->volume);
  pl_view_state_set_truth (rig->state, mask);
  pl_view_state_set_prediction (rig->state, mask);
  pl_view_state_set_second (rig->state, mask);
  pl_view_state_set_opacity (rig->state, 1);
  rig->view = g_object_ref_sink (g_object_new (PL_TYPE_SWIPE_VIEW, NULL));
  pl_swipe_view_set_state (PL_SWIPE_VIEW (rig->view), rig->state);
  rig->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (rig->window), 400, 400);
  gtk_window_set_child (GTK_WINDOW (rig->window), rig->view);
  gtk_widget_show (rig->window);
  while (!gtk_widget_get_mapped (rig->view) || gtk_widget_get_width (rig->view) == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Rig *rig, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (rig->window));
  g_assert_finalize_object (rig->view);
  g_assert_finalize_object (rig->state);
  pl_volume_unref (rig->volume);
}

static gpointer
child (Rig *rig, const char *name)
{
  return gtk_widget_get_template_child (rig->view, PL_TYPE_SWIPE_VIEW, name);
}

static void
open_second_model (Rig *rig)
{
  pl_view_state_set_model_name (rig->state, "runs/old");
  pl_view_state_set_second_name (rig->state, "runs/new");
}

/* After a text has changed. */
static void
lay_out (Rig *rig)
{
  view_rig_resize (rig->view, gtk_widget_get_width (rig->view), gtk_widget_get_height (rig->view));
}

static void
assert_colours (Rig *rig, guint32 left, guint32 right)
{
  int middle = gtk_widget_get_width (rig->view) / 2;
  int y = gtk_widget_get_height (rig->view) * 3 / 4;
  cairo_surface_t *picture;

  lay_out (rig);
  picture = view_rig_draw (rig->view);
  view_rig_assert_pixel (picture, middle - 50, y, left);
  view_rig_assert_pixel (picture, middle + 50, y, right);
  cairo_surface_destroy (picture);
}

/* The name after a square in the colour of the mask. */
static void
assert_label (Rig *rig, const char *id, const char *text, guint32 rgb)
{
  GtkLabel *label = child (rig, id);
  g_autofree char *colour = g_strdup_printf ("#%06x", rgb);

  g_assert_cmpstr (gtk_label_get_text (label), ==, text);
  g_assert_nonnull (strstr (gtk_label_get_label (label), colour));
}

static void
test_sides (Rig *rig, gconstpointer data)
{
  open_second_model (rig);
  assert_colours (rig, PL_PREDICTION_RGB, PL_TRUTH_RGB);
  assert_label (rig, "left_label", "■ Prediction A – runs/old", PL_PREDICTION_RGB);
  assert_label (rig, "right_label", "■ Ground truth", PL_TRUTH_RGB);
  g_object_set (rig->view, "sides", PL_SWIPE_SECOND_TRUTH, NULL);
  assert_colours (rig, PL_SECOND_RGB, PL_TRUTH_RGB);
  assert_label (rig, "left_label", "■ Prediction B – runs/new", PL_SECOND_RGB);
  assert_label (rig, "right_label", "■ Ground truth", PL_TRUTH_RGB);
  g_object_set (rig->view, "sides", PL_SWIPE_PREDICTION_SECOND, NULL);
  assert_colours (rig, PL_PREDICTION_RGB, PL_SECOND_RGB);
  assert_label (rig, "left_label", "■ Prediction A – runs/old", PL_PREDICTION_RGB);
  assert_label (rig, "right_label", "■ Prediction B – runs/new", PL_SECOND_RGB);
}

/* What is chosen waits for a second model, and comes back with the next. */
static void
test_one_model (Rig *rig, gconstpointer data)
{
  PlSwipeSides sides;

  g_object_set (rig->view, "sides", PL_SWIPE_PREDICTION_SECOND, NULL);
  assert_colours (rig, PL_PREDICTION_RGB, PL_TRUTH_RGB);
  assert_label (rig, "left_label", "■ Prediction", PL_PREDICTION_RGB);
  open_second_model (rig);
  assert_colours (rig, PL_PREDICTION_RGB, PL_SECOND_RGB);
  pl_view_state_set_second_name (rig->state, NULL);
  assert_colours (rig, PL_PREDICTION_RGB, PL_TRUTH_RGB);
  g_object_get (rig->view, "sides", &sides, NULL);
  g_assert_cmpint (sides, ==, PL_SWIPE_PREDICTION_SECOND);
}

/* The right side first. */
static void
test_blink (Rig *rig, gconstpointer data)
{
  open_second_model (rig);
  g_object_set (rig->view, "sides", PL_SWIPE_PREDICTION_SECOND, "blinking", TRUE, NULL);
  assert_colours (rig, PL_SECOND_RGB, PL_SECOND_RGB);
  g_assert_false (gtk_widget_get_visible (child (rig, "left_label")));
  while (!gtk_widget_get_visible (child (rig, "left_label")))
    g_main_context_iteration (NULL, TRUE);
  assert_colours (rig, PL_PREDICTION_RGB, PL_PREDICTION_RGB);
  g_assert_false (gtk_widget_get_visible (child (rig, "right_label")));
  g_object_set (rig->view, "blinking", FALSE, NULL);
}

static void
test_missing (Rig *rig, gconstpointer data)
{
  open_second_model (rig);
  g_object_set (rig->view, "sides", PL_SWIPE_SECOND_TRUTH, NULL);
  pl_view_state_set_second (rig->state, NULL);
  g_assert_cmpstr (gtk_label_get_text (child (rig, "left_label")), ==, "No prediction yet");
  pl_view_state_set_truth (rig->state, NULL);
  g_assert_cmpstr (gtk_label_get_text (child (rig, "right_label")), ==, "No ground truth");
}

static void
assert_said (Rig *rig, const char *value, const char *tooltip)
{
  GtkWidget *handle = child (rig, "handle");
  g_autofree char *found = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (handle), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, value);

  g_assert_cmpstr (found, ==, NULL);
  g_assert_true (g_str_has_prefix (gtk_widget_get_tooltip_text (handle), tooltip));
}

/* Whoever does not see the divider hears how much is whose. */
static void
test_divider (Rig *rig, gconstpointer data)
{
  assert_said (rig, "Prediction: 50 %", "Prediction on the left, Ground truth on the right");
  g_object_set (rig->view, "divider", 0.25, NULL);
  assert_said (rig, "Prediction: 25 %", "Prediction on the left");
  open_second_model (rig);
  g_object_set (rig->view, "sides", PL_SWIPE_SECOND_TRUTH, NULL);
  assert_said (rig, "Prediction B – runs/new: 25 %",
               "Prediction B – runs/new on the left, Ground truth on the right");
}

static graphene_rect_t
bounds_of (Rig *rig, const char *name)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (child (rig, name), rig->view, &bounds));
  return bounds;
}

/* Names may be long; each keeps to its half. */
static void
test_long_names (Rig *rig, gconstpointer data)
{
  g_autofree char *name = g_strnfill (200, 'x');
  int width = gtk_widget_get_width (rig->view);
  graphene_rect_t left;
  graphene_rect_t right;

  pl_view_state_set_model_name (rig->state, name);
  pl_view_state_set_second_name (rig->state, name);
  g_object_set (rig->view, "sides", PL_SWIPE_PREDICTION_SECOND, NULL);
  lay_out (rig);
  left = bounds_of (rig, "left_label");
  right = bounds_of (rig, "right_label");
  g_assert_cmpfloat (left.size.width, >, 100);
  g_assert_cmpfloat (left.origin.x + left.size.width, <=, width / 2);
  g_assert_cmpfloat (right.origin.x, >=, width / 2);
}

/* A line that crosses the divider, and the pixel at its end, are seen on both sides. */
static void
test_tools (Rig *rig, gconstpointer data)
{
  PlSliceView *left = child (rig, "left_view");
  cairo_surface_t *picture;
  PlSlicePlace place;
  int y;

  lay_out (rig);
  pl_view_state_set_tool (rig->state, PL_TOOL_RULER);
  pl_view_state_move_probe (rig->state, -6, 0);
  g_assert_true (pl_slice_view_mark (left));
  pl_view_state_move_probe (rig->state, 12, 0);
  g_assert_true (pl_slice_view_find_place (left, &place));
  y = (int) (place.y_px + 10.5 * place.row_px);
  picture = view_rig_draw (rig->view);
  view_rig_assert_pixel (picture, (int) (place.x_px + 7 * place.column_px), y, 0xffe659);
  view_rig_assert_pixel (picture, (int) (place.x_px + 13 * place.column_px), y, 0xffe659);
  view_rig_assert_pixel (picture, (int) (place.x_px + 16.5 * place.column_px), y - 8, 0xffff66);
  cairo_surface_destroy (picture);
}

#define ADD(name, test) g_test_add ("/app/swipe-view/" name, Rig, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  view_rig_init (&argc, &argv);
  ADD ("sides", test_sides);
  ADD ("one-model", test_one_model);
  ADD ("blink", test_blink);
  ADD ("missing", test_missing);
  ADD ("divider", test_divider);
  ADD ("tools", test_tools);
  ADD ("long-names", test_long_names);
  return g_test_run ();
}
