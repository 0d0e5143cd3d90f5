/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures are only counted while the view is on the screen, so it is in a window here. */
#include "app/compare-view.h"
#include "app/slice-view.h"

#include "ui/view-rig.h"

#define TIMEOUT_US (10 * G_USEC_PER_SEC)

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
  rig->volume = view_rig_volume (4, 20, 20, -600);
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

/* The answer of a worker holds the view until the main loop has delivered it. */
static void
tear_down (Rig *rig, gconstpointer data)
{
  gint64 deadline_us = g_get_monotonic_time () + TIMEOUT_US;

  gtk_window_destroy (GTK_WINDOW (rig->window));
  while (G_OBJECT (rig->view)->ref_count > 1 && g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (rig->view);
  g_assert_finalize_object (rig->state);
  pl_volume_unref (rig->volume);
}

static gpointer
child (Rig *rig, const char *name)
{
  return gtk_widget_get_template_child (rig->view, PL_TYPE_COMPARE_VIEW, name);
}

static const char *
figures (Rig *rig)
{
  return gtk_label_get_text (child (rig, "figures"));
}

static void
wait_for_figures (Rig *rig, const char *expected)
{
  gint64 deadline_us = g_get_monotonic_time () + TIMEOUT_US;

  while (!g_str_equal (figures (rig), expected) && g_get_monotonic_time () < deadline_us)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_cmpstr (figures (rig), ==, expected);
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

static void
test_missing (Rig *rig, gconstpointer data)
{
  g_autoptr (PlMask) mask = view_rig_mask (rig->volume, 5, 10, 5, 10);

  assert_shown (rig, "truth_missing", TRUE);
  assert_shown (rig, "prediction_missing", TRUE);
  assert_shown (rig, "difference_missing", TRUE);
  g_assert_cmpstr (figures (rig), ==, "");
  pl_view_state_set_truth (rig->state, mask);
  assert_shown (rig, "truth_missing", FALSE);
  assert_shown (rig, "difference_missing", TRUE);
  pl_view_state_set_prediction (rig->state, mask);
  assert_shown (rig, "prediction_missing", FALSE);
  assert_shown (rig, "difference_missing", FALSE);
  pl_view_state_set_volume (rig->state, NULL);
  assert_shown (rig, "truth_missing", FALSE);
  assert_shown (rig, "prediction_missing", FALSE);
}

/* 10 of 20 columns against 5 of the same: Dice 2·5 / 15, IoU 5 / 10. */
static void
test_figures (Rig *rig, gconstpointer data)
{
  set_masks (rig, 10, 5);
  g_assert_cmpstr (figures (rig), ==, "This slice: Dice 0.667 · IoU 0.500 · Case: measuring…");
  wait_for_figures (rig, "This slice: Dice 0.667 · IoU 0.500 · Case: Dice 0.667");
  set_masks (rig, 10, 10);
  wait_for_figures (rig, "This slice: Dice 1.000 · IoU 1.000 · Case: Dice 1.000");
  pl_view_state_set_prediction (rig->state, NULL);
  g_assert_cmpstr (figures (rig), ==, "");
}

/* The preview counts for its slice, the prediction for the case. */
static void
test_preview (Rig *rig, gconstpointer data)
{
  g_autoptr (PlVolume) slice = view_rig_volume (1, 20, 20, -600);
  g_autoptr (PlMask) preview = view_rig_mask (slice, 0, 20, 10, 20);

  set_masks (rig, 10, 5);
  pl_view_state_set_preview (rig->state, preview, 2);
  wait_for_figures (rig, "This slice: Dice 0.000 · IoU 0.000 · Case: Dice 0.667");
  pl_view_state_set_slice (rig->state, 3);
  g_assert_cmpstr (figures (rig), ==, "This slice: Dice 0.667 · IoU 0.500 · Case: Dice 0.667");
  pl_view_state_set_prediction (rig->state, NULL);
  pl_view_state_set_slice (rig->state, 2);
  g_assert_cmpstr (figures (rig), ==, "This slice: Dice 0.000 · IoU 0.000");
}

static void
test_empty (Rig *rig, gconstpointer data)
{
  set_masks (rig, 0, 0);
  wait_for_figures (rig, "This slice: both empty (Dice 1) · Case: both empty (Dice 1)");
  set_masks (rig, 0, 1);
  wait_for_figures (rig, "This slice: Dice 0.000 · IoU 0.000 · Case: Dice 0.000");
}

/* A mask that is replaced while it is measured does not answer for its successor. */
static void
test_late_answer (Rig *rig, gconstpointer data)
{
  set_masks (rig, 10, 5);
  set_masks (rig, 10, 0);
  wait_for_figures (rig, "This slice: Dice 0.000 · IoU 0.000 · Case: Dice 0.000");
  for (int i = 0; i < 20; i++)
    {
      g_usleep (1000);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpstr (figures (rig), ==, "This slice: Dice 0.000 · IoU 0.000 · Case: Dice 0.000");
}

static void
test_one_slice (Rig *rig, gconstpointer data)
{
  g_autoptr (PlVolume) slice = view_rig_volume (1, 20, 20, -600);
  g_autoptr (PlMask) mask = view_rig_mask (slice, 0, 20, 0, 10);

  pl_view_state_set_volume (rig->state, slice);
  pl_view_state_set_truth (rig->state, mask);
  pl_view_state_set_prediction (rig->state, mask);
  wait_for_figures (rig, "This slice: Dice 1.000 · IoU 1.000");
}

/* Nobody looks: nothing is counted until the view comes back. */
static void
test_unseen (Rig *rig, gconstpointer data)
{
  gtk_widget_set_visible (rig->view, FALSE);
  set_masks (rig, 10, 5);
  g_assert_cmpstr (figures (rig), ==, "");
  gtk_widget_set_visible (rig->view, TRUE);
  wait_for_figures (rig, "This slice: Dice 0.667 · IoU 0.500 · Case: Dice 0.667");
}

static graphene_rect_t
bounds_of (GtkWidget *view, const char *name)
{
  GtkWidget *pane = GTK_WIDGET (gtk_widget_get_template_child (view, PL_TYPE_COMPARE_VIEW, name));
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (pane, view, &bounds));
  return bounds;
}

/* In a row when wide, two by two when narrow; the figures below. */
static void
test_arrangement (void)
{
  GtkWidget *view = g_object_ref_sink (g_object_new (PL_TYPE_COMPARE_VIEW, NULL));
  graphene_rect_t first;
  graphene_rect_t third;
  graphene_rect_t last;

  view_rig_resize (view, 1200, 400);
  first = bounds_of (view, "image_pane");
  last = bounds_of (view, "difference_pane");
  g_assert_cmpfloat (first.origin.y, ==, last.origin.y);
  g_assert_cmpfloat (first.size.width, >, 295);
  g_assert_cmpfloat (last.origin.x + last.size.width, <=, 1200);
  g_assert_cmpfloat (bounds_of (view, "footer").origin.y, >=, last.origin.y + last.size.height);

  view_rig_resize (view, 500, 600);
  first = bounds_of (view, "image_pane");
  third = bounds_of (view, "prediction_pane");
  last = bounds_of (view, "difference_pane");
  g_assert_cmpfloat (first.origin.x, ==, third.origin.x);
  g_assert_cmpfloat (third.origin.y, >=, first.origin.y + first.size.height);
  g_assert_cmpfloat (last.origin.x, >=, third.origin.x + third.size.width);
  g_assert_cmpfloat (last.origin.y, ==, third.origin.y);
  g_assert_finalize_object (view);
}

/* A zoom in one pane is a zoom in all, as they share the state. */
static void
test_panes_are_linked (Rig *rig, gconstpointer data)
{
  static const char *const names[] = { "image_view", "truth_view", "prediction_view",
                                       "difference_view" };
  static const PlPane panes[] = { PL_PANE_IMAGE, PL_PANE_TRUTH, PL_PANE_PREDICTION,
                                  PL_PANE_DIFFERENCE };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (PlViewState) state = NULL;
      PlPane pane;

      g_object_get (child (rig, names[i]), "state", &state, "pane", &pane, NULL);
      g_assert_true (state == rig->state);
      g_assert_cmpint (pane, ==, panes[i]);
    }
}

#define ADD(name, test) g_test_add ("/app/compare-view/" name, Rig, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  view_rig_init (&argc, &argv);
  ADD ("missing", test_missing);
  ADD ("figures", test_figures);
  ADD ("preview", test_preview);
  ADD ("empty", test_empty);
  ADD ("late-answer", test_late_answer);
  ADD ("one-slice", test_one_slice);
  ADD ("unseen", test_unseen);
  ADD ("panes-are-linked", test_panes_are_linked);
  g_test_add_func ("/app/compare-view/arrangement", test_arrangement);
  return g_test_run ();
}
