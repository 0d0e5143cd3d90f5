/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strip under the slider: what is counted, what is said and drawn of it, and where a click
 * leads. */
#include "app/slice-strip.h"

#include "image/montage.h"
#include "ui/view-rig.h"

#define N_SLICES 4

typedef struct
{
  PlVolume *volume;
  PlViewState *state;
  PlSliceStrip *strip;
} Rig;

/* Slice s has its first @inside[s] pixels inside. */
static PlMask *
make_mask (const PlVolume *volume, const int inside[N_SLICES])
{
  gsize n = (gsize) volume->n[1] * (gsize) volume->n[2];
  guint8 *labels = g_malloc0 (N_SLICES * n);

  for (int s = 0; s < N_SLICES; s++)
    for (int i = 0; i < inside[s]; i++)
      labels[(gsize) s * n + (gsize) i] = 1;
  return pl_mask_new_take (volume->n, labels);
}

static const int truth_inside[N_SLICES] = { 0, 10, 20, 40 };
static const int predicted_inside[N_SLICES] = { 0, 10, 40, 0 };

static void
set_up (Rig *rig, gconstpointer data)
{
  rig->volume = view_rig_volume (N_SLICES, 10, 10, 0);
  rig->state = pl_view_state_new ();
  pl_view_state_set_volume (rig->state, rig->volume);
  rig->strip = g_object_ref_sink (g_object_new (PL_TYPE_SLICE_STRIP, NULL));
  pl_slice_strip_set_state (rig->strip, rig->state);
}

/* A count under way holds the strip. */
static void
tear_down (Rig *rig, gconstpointer data)
{
  gint64 end_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (G_OBJECT (rig->strip)->ref_count > 1 && g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (rig->strip);
  g_assert_finalize_object (rig->state);
  pl_volume_unref (rig->volume);
}

static void
set_masks (Rig *rig)
{
  g_autoptr (PlMask) truth = make_mask (rig->volume, truth_inside);
  g_autoptr (PlMask) prediction = make_mask (rig->volume, predicted_inside);

  pl_view_state_set_truth (rig->state, truth);
  pl_view_state_set_prediction (rig->state, prediction);
  view_rig_resize (GTK_WIDGET (rig->strip), 200, 40); /* what is hidden has no size */
}

static void
wait_for_description (Rig *rig, const char *text)
{
  gint64 end_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (gtk_test_accessible_check_property (GTK_ACCESSIBLE (rig->strip),
                                             GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text) != NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
test_counts (Rig *rig, gconstpointer data)
{
  g_autoptr (PlMask) truth = make_mask (rig->volume, truth_inside);
  g_autoptr (PlMask) prediction = make_mask (rig->volume, predicted_inside);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  PlSliceCount counts[N_SLICES];

  g_assert_true (pl_slice_count_masks (truth, prediction, counts, NULL));
  for (int s = 0; s < N_SLICES; s++)
    {
      g_assert_cmpint (counts[s].truth, ==, truth_inside[s]);
      g_assert_cmpint (counts[s].prediction, ==, predicted_inside[s]);
      g_assert_cmpint (counts[s].both, ==, MIN (truth_inside[s], predicted_inside[s]));
    }
  g_assert_true (pl_slice_count_masks (NULL, prediction, counts, NULL));
  g_assert_cmpint (counts[2].truth, ==, 0);
  g_assert_cmpint (counts[2].prediction, ==, 40);
  g_cancellable_cancel (cancelled);
  g_assert_false (pl_slice_count_masks (truth, prediction, counts, cancelled));
}

static void
test_shown_with_masks (Rig *rig, gconstpointer data)
{
  GtkWidget *widget = GTK_WIDGET (rig->strip);
  g_autoptr (PlVolume) one = view_rig_volume (1, 10, 10, 0);
  g_autoptr (PlMask) mask = view_rig_mask (one, 0, 5, 0, 5);

  g_assert_false (gtk_widget_get_visible (widget));
  set_masks (rig);
  g_assert_true (gtk_widget_get_visible (widget));
  pl_view_state_set_volume (rig->state, one);
  g_assert_false (gtk_widget_get_visible (widget));
  pl_view_state_set_truth (rig->state, mask);
  g_assert_false (gtk_widget_get_visible (widget)); /* one slice */
}

static void
test_description (Rig *rig, gconstpointer data)
{
  pl_view_state_set_slice (rig->state, 2);
  set_masks (rig);
  wait_for_description (rig, "Slice 3 · truth 20 px · prediction 40 px · Dice 0.667");
  pl_view_state_set_slice (rig->state, 0);
  wait_for_description (rig, "Slice 1 · truth 0 px · prediction 0 px · Dice 1.000");
  pl_view_state_set_prediction (rig->state, NULL);
  pl_view_state_set_slice (rig->state, 1);
  wait_for_description (rig, "Slice 2 · truth 10 px");

  rig->volume->header.has_spacing = TRUE;
  rig->volume->spacing_mm[1] = 5;
  rig->volume->spacing_mm[2] = 2;
  pl_view_state_set_slice (rig->state, 3);
  wait_for_description (rig, "Slice 4 · truth 4.0 cm²");
}

/* The first half of what is inside is label 1, the rest label 2; @swap: the other way round. */
static PlMask *
make_halves (const PlVolume *volume, const int inside[N_SLICES], gboolean swap)
{
  gsize n = (gsize) volume->n[1] * (gsize) volume->n[2];
  guint8 *labels = g_malloc0 (N_SLICES * n);

  for (int s = 0; s < N_SLICES; s++)
    for (int i = 0; i < inside[s]; i++)
      labels[(gsize) s * n + (gsize) i] = (2 * i < inside[s]) != swap ? 1 : 2;
  return pl_mask_new_take (volume->n, labels);
}

/* Of each label by itself; of halves that are swapped all is in both, and nothing is the same. */
static void
test_label_counts (Rig *rig, gconstpointer data)
{
  g_autoptr (PlMask) truth = make_halves (rig->volume, truth_inside, FALSE);
  g_autoptr (PlMask) prediction = make_halves (rig->volume, truth_inside, TRUE);
  g_autoptr (PlMask) whole = make_mask (rig->volume, truth_inside);
  PlSliceCount counts[3 * N_SLICES];

  g_assert_cmpint (pl_slice_count_n_labels (whole, NULL), ==, 0);
  g_assert_cmpint (pl_slice_count_n_labels (NULL, truth), ==, 2);
  g_assert_true (pl_slice_count_masks (truth, prediction, counts, NULL));
  g_assert_cmpint (counts[3].both, ==, 40);
  g_assert_cmpint (counts[3].same, ==, 0);
  g_assert_cmpint (counts[N_SLICES + 3].truth, ==, 20);
  g_assert_cmpint (counts[2 * N_SLICES + 3].prediction, ==, 20);
  g_assert_cmpint (counts[N_SLICES + 3].both, ==, 0);
  g_assert_true (pl_slice_count_masks (whole, prediction, counts, NULL)); /* one is not parted */
  g_assert_cmpint (counts[3].same, ==, 40);
  g_assert_cmpint (counts[N_SLICES + 3].truth, ==, 0);
  g_assert_cmpint (counts[N_SLICES + 3].prediction, ==, 20);
}

static void
test_label_description (Rig *rig, gconstpointer data)
{
  g_autoptr (PlMask) truth = make_halves (rig->volume, truth_inside, FALSE);
  g_autoptr (PlMask) prediction = make_halves (rig->volume, truth_inside, TRUE);
  char *names[] = { (char *) "left", (char *) "right", NULL };

  pl_view_state_set_slice (rig->state, 2);
  pl_view_state_set_names (rig->state, names, NULL);
  pl_view_state_set_truth (rig->state, truth);
  wait_for_description (rig, "Slice 3 · truth 20 px\nleft · truth 10 px\nright · truth 10 px");
  pl_view_state_set_prediction (rig->state, prediction);
  wait_for_description (rig, "Slice 3 · truth 20 px · prediction 20 px · Dice 1.000\n"
                             "left · truth 10 px · prediction 10 px · Dice 0.000\n"
                             "right · truth 10 px · prediction 10 px · Dice 0.000");
}

/* The curve of label 2, which reaches to the top in the last slice, is in its colour. */
static void
test_label_curves (Rig *rig, gconstpointer data)
{
  static const int inside[N_SLICES] = { 2, 2, 10, 40 };
  g_autoptr (PlMask) prediction = make_halves (rig->volume, inside, FALSE);
  cairo_surface_t *picture;
  guint32 rgb = pl_label_rgb (PL_PREDICTION_RGB, 2);
  guint32 found;

  pl_view_state_set_prediction (rig->state, prediction);
  view_rig_resize (GTK_WIDGET (rig->strip), 200, 40);
  wait_for_description (rig, "Slice 3 · prediction 10 px\nlabel 1 · prediction 5 px\n"
                             "label 2 · prediction 5 px");
  picture = view_rig_draw (GTK_WIDGET (rig->strip));
  found = view_rig_pixel (picture, 180, 1) & 0xffffff;
  for (int shift = 0; shift <= 16; shift += 8)
    g_assert_cmpint (abs ((int) (found >> shift & 0xff) - (int) (rgb >> shift & 0xff)), <, 0x50);
  g_assert_cmphex (view_rig_pixel (picture, 20, 5) & 0xffffff, ==, 0x0d0d0f);
  cairo_surface_destroy (picture);
}

static gboolean
has_orange (cairo_surface_t *picture, int x, int y)
{
  guint32 rgb = view_rig_pixel (picture, x, y);

  return (rgb >> 16 & 0xff) > 0x40 && (rgb & 0xff) == 0;
}

/* The middle slices have 67 pixels, the others half: the prediction fills none, a quarter, all and
 * none of the height. */
static void
test_areas (Rig *rig, gconstpointer data)
{
  cairo_surface_t *picture;

  set_masks (rig);
  wait_for_description (rig, "Slice 3 · truth 20 px · prediction 40 px · Dice 0.667");
  picture = view_rig_draw (GTK_WIDGET (rig->strip));
  g_assert_false (has_orange (picture, 20, 28));
  g_assert_true (has_orange (picture, 60, 28));
  g_assert_false (has_orange (picture, 60, 15));
  g_assert_true (has_orange (picture, 110, 28));
  g_assert_true (has_orange (picture, 110, 6));
  g_assert_false (has_orange (picture, 170, 28));
  g_assert_cmpint (view_rig_pixel (picture, 148, 30) & 0xff, ==, 0); /* between two edges */
  cairo_surface_destroy (picture);
}

static gpointer
find_drag (Rig *rig)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (rig->strip));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_DRAG (controller))
        return controller;
    }
  g_assert_not_reached ();
}

static void
test_click (Rig *rig, gconstpointer data)
{
  static const struct
  {
    double x;
    int slice;
  } clicks[] = { { 1, 0 }, { 32, 0 }, { 35, 1 }, { 98, 1 }, { 102, 2 }, { 250, 3 }, { -5, 0 } };

  set_masks (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (clicks); i++)
    {
      g_signal_emit_by_name (find_drag (rig), "drag-begin", clicks[i].x, 10.0);
      g_assert_cmpint (pl_view_state_get_slice (rig->state), ==, clicks[i].slice);
    }
  wait_for_description (rig, "Slice 1 · truth 0 px · prediction 0 px · Dice 1.000");
}

/* An answer about masks that are gone is dropped. */
static void
test_late_answer (Rig *rig, gconstpointer data)
{
  set_masks (rig);
  pl_view_state_set_prediction (rig->state, NULL);
  pl_view_state_set_slice (rig->state, 3);
  wait_for_description (rig, "Slice 4 · truth 40 px");
}

#define ADD(name, test) g_test_add ("/app/slice-strip/" name, Rig, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  view_rig_init (&argc, &argv);
  ADD ("counts", test_counts);
  ADD ("shown-with-masks", test_shown_with_masks);
  ADD ("description", test_description);
  ADD ("label-counts", test_label_counts);
  ADD ("label-description", test_label_description);
  ADD ("label-curves", test_label_curves);
  ADD ("areas", test_areas);
  ADD ("click", test_click);
  ADD ("late-answer", test_late_answer);
  return g_test_run ();
}
