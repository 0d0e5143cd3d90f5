/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The masks are counted in a thread, once for each pair of them; until then the strip is empty, and
 * keeps its place so that nothing jumps. Areas share one scale, so that one sees where truth and
 * prediction part. Curves of classes stand on the black of the views, as the legend does: some of
 * their colours are too light for a light window.
 */
#include "app/slice-strip.h"

#include "app/pending.h"
#include "image/montage.h"

#include <glib/gi18n.h>
#include <math.h>

#define HEIGHT_PX 40
#define BAND_PX 5.0
#define GAP_PX 2.0
#define LINE_PX 1.5
#define BACK_RGB 0x0d0d0f
#define WORST_DICE 0.5 /* what is not better is drawn as strongly */

struct _PlSliceStrip
{
  GtkWidget parent_instance;

  /* Owned */
  PlViewState *state;
  PlMask *truth; /* (nullable): the pair that counts are of, or will be */
  PlMask *prediction;
  PlPending counting;
  PlSliceCount *counts; /* (nullable): n for all labels together, and n for each of n_labels */
  int n;
  int n_labels;
};

G_DEFINE_FINAL_TYPE (PlSliceStrip, pl_slice_strip, GTK_TYPE_WIDGET)

/* Nothing against nothing is 1. */
static double
find_dice (const PlSliceCount *count, int in_both)
{
  int sum = count->truth + count->prediction;

  return sum == 0 ? 1 : 2.0 * in_both / sum;
}

static char *
dup_area (PlSliceStrip *self, int pixels)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);

  if (volume->header.has_spacing)
    /* Translators: the area of a mask in a slice. */
    return g_strdup_printf (_ ("%.1f cm²"),
                            pixels * volume->spacing_mm[1] * volume->spacing_mm[2] / 100);
  /* Translators: the same in pixels, where their size is not known. */
  return g_strdup_printf (_ ("%d px"), pixels);
}

/* " · truth 80.1 cm² · prediction 79.2 cm² · Dice 0.981", or what is known of it. */
static void
append_count (PlSliceStrip *self,
              GString *text,
              const PlSliceCount *count,
              gboolean is_true,
              gboolean is_predicted)
{
  g_autofree char *truth = dup_area (self, count->truth);
  g_autofree char *prediction = dup_area (self, count->prediction);

  if (is_true)
    /* Translators: the area of the ground truth in a slice. */
    g_string_append_printf (text, _ (" · truth %s"), truth);
  if (is_predicted)
    /* Translators: the area of the prediction in a slice. */
    g_string_append_printf (text, _ (" · prediction %s"), prediction);
  if (is_true && is_predicted)
    g_string_append_printf (text, _ (" · Dice %.3f"), find_dice (count, count->both));
}

/* "Slice 3", with its figures, and a line for each class. */
static char *
dup_slice_text (PlSliceStrip *self, int slice)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _ ("Slice %d"), slice + 1);
  if (self->counts == NULL || slice >= self->n || pl_view_state_get_volume (self->state) == NULL)
    return g_string_free (text, FALSE); /* the volume goes before its counts */
  append_count (self, text, &self->counts[slice], self->truth != NULL, self->prediction != NULL);
  for (int label = 1; label <= self->n_labels; label++)
    {
      gboolean is_true = pl_slice_count_has_labels (self->truth);
      g_autofree char *name = pl_view_state_dup_label_name (
          self->state, is_true ? PL_MASK_TRUTH : PL_MASK_PREDICTION, label);

      g_string_append_printf (text, "\n%s", name);
      append_count (self, text, &self->counts[label * self->n + slice], is_true,
                    pl_slice_count_has_labels (self->prediction));
    }
  return g_string_free (text, FALSE);
}

static void
describe (PlSliceStrip *self)
{
  g_autofree char *text = dup_slice_text (self, pl_view_state_get_slice (self->state));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

typedef struct
{
  PlMask *truth;
  PlMask *prediction;
  PlSliceCount *counts;
} Job;

static void
free_job (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->truth, pl_mask_unref);
  g_clear_pointer (&job->prediction, pl_mask_unref);
  g_free (job->counts);
  g_free (job);
}

static void
count_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;

  g_task_return_boolean (
      task, pl_slice_count_masks (job->truth, job->prediction, job->counts, cancellable));
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlSliceStrip) self = data;
  Job *job = g_task_get_task_data (G_TASK (result));

  if (!pl_pending_end (&self->counting, result))
    return;
  self->counts = g_steal_pointer (&job->counts);
  describe (self);
}

static void
forget (PlSliceStrip *self)
{
  pl_pending_forget (&self->counting);
  g_clear_pointer (&self->truth, pl_mask_unref);
  g_clear_pointer (&self->prediction, pl_mask_unref);
  g_clear_pointer (&self->counts, g_free);
  self->n = 0;
  self->n_labels = 0;
}

static void
count (PlSliceStrip *self)
{
  Job *job = g_new0 (Job, 1);
  g_autoptr (GTask) task = NULL;

  job->truth = self->truth == NULL ? NULL : pl_mask_ref (self->truth);
  job->prediction = self->prediction == NULL ? NULL : pl_mask_ref (self->prediction);
  job->counts = g_new (PlSliceCount, (1 + self->n_labels) * self->n);
  task = g_task_new (NULL, pl_pending_begin (&self->counting), counted_cb, g_object_ref (self));
  g_task_set_source_tag (task, count);
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, count_thread);
}

static void
masks_changed_cb (PlSliceStrip *self)
{
  PlMask *truth = pl_view_state_get_truth (self->state);
  PlMask *prediction = pl_view_state_get_prediction (self->state);
  int n = pl_view_state_get_n_slices (self->state);

  gtk_widget_set_visible (GTK_WIDGET (self), n > 1 && (truth != NULL || prediction != NULL));
  if (truth == self->truth && prediction == self->prediction)
    return;
  forget (self);
  if (n > 1 && (truth != NULL || prediction != NULL))
    {
      self->truth = truth == NULL ? NULL : pl_mask_ref (truth);
      self->prediction = prediction == NULL ? NULL : pl_mask_ref (prediction);
      self->n = n;
      self->n_labels = pl_slice_count_n_labels (truth, prediction);
      count (self);
    }
  describe (self);
}

void
pl_slice_strip_set_state (PlSliceStrip *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_SLICE_STRIP (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  g_signal_connect_object (state, "notify::n-slices", G_CALLBACK (masks_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::truth", G_CALLBACK (masks_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::prediction", G_CALLBACK (masks_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::slice", G_CALLBACK (describe), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::names", G_CALLBACK (describe), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::label-colours", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  masks_changed_cb (self);
}

/* The slice at @x, which may be beyond the strip. */
static int
find_slice (PlSliceStrip *self, double x)
{
  int n = pl_view_state_get_n_slices (self->state);

  return CLAMP ((int) lround (x * (n - 1) / gtk_widget_get_width (GTK_WIDGET (self))), 0, n - 1);
}

static void
drag_begin_cb (PlSliceStrip *self, double x)
{
  pl_view_state_set_slice (self->state, find_slice (self, x));
}

static void
drag_update_cb (PlSliceStrip *self, double dx, double dy, GtkGestureDrag *drag)
{
  double x;
  double y;

  if (gtk_gesture_drag_get_start_point (drag, &x, &y))
    pl_view_state_set_slice (self->state, find_slice (self, x + dx));
}

static gboolean
pl_slice_strip_query_tooltip (
    GtkWidget *widget, int x, int y, gboolean by_keyboard, GtkTooltip *tooltip)
{
  PlSliceStrip *self = PL_SLICE_STRIP (widget);
  g_autofree char *text = NULL;

  if (self->counts == NULL)
    return FALSE;
  text = dup_slice_text (self, find_slice (self, x));
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
set_colour (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, (rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0,
                         (rgb & 0xff) / 255.0, alpha);
}

/* Where curves lie. */
typedef struct
{
  double step_px; /* from slice to slice */
  double bottom;
  double px_each; /* of a pixel of the mask */
} Frame;

/* As on the slider the first slice is at the left end and the last at the right: half of their
 * steps is beyond. */
static double
find_edge (PlSliceStrip *self, int slice, double step_px)
{
  return CLAMP ((slice - 0.5) * step_px, 0, (self->n - 1) * step_px);
}

/* Steps, a slice each, from the bottom left to the bottom right. */
static void
trace (PlSliceStrip *self, cairo_t *cr, int label, gsize offset, const Frame *frame)
{
  const PlSliceCount *counts = self->counts + (gsize) label * (gsize) self->n;

  cairo_move_to (cr, 0, frame->bottom);
  for (int s = 0; s < self->n; s++)
    {
      double y = frame->bottom - frame->px_each * G_STRUCT_MEMBER (int, &counts[s], offset);

      cairo_line_to (cr, find_edge (self, s, frame->step_px), y);
      cairo_line_to (cr, find_edge (self, s + 1, frame->step_px), y);
    }
  cairo_line_to (cr, (self->n - 1) * frame->step_px, frame->bottom);
}

/* A mask in one colour is that of label 0. Areas of classes lie over each other, so that they have
 * edges. */
static void
draw_prediction (PlSliceStrip *self, cairo_t *cr, int label, const Frame *frame)
{
  guint32 rgb = pl_label_rgb (PL_PREDICTION_RGB, MAX (label, 1));

  trace (self, cr, label, G_STRUCT_OFFSET (PlSliceCount, prediction), frame);
  set_colour (cr, rgb, label == 0 ? 0.5 : 0.25);
  cairo_fill_preserve (cr);
  if (label > 0)
    {
      set_colour (cr, rgb, 1);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
    }
  cairo_new_path (cr);
}

static void
draw_truth (PlSliceStrip *self, cairo_t *cr, int label, const Frame *frame)
{
  trace (self, cr, label, G_STRUCT_OFFSET (PlSliceCount, truth), frame);
  set_colour (cr, pl_label_rgb (PL_TRUTH_RGB, MAX (label, 1)), 1);
  cairo_set_line_width (cr, LINE_PX);
  cairo_stroke (cr);
}

/* Of what is drawn, for the scale. */
static int
find_most (PlSliceStrip *self, int first_true, int end_true, int first_predicted, int end_predicted)
{
  int most = 1;

  for (int i = first_true * self->n; i < end_true * self->n; i++)
    most = MAX (most, self->counts[i].truth);
  for (int i = first_predicted * self->n; i < end_predicted * self->n; i++)
    most = MAX (most, self->counts[i].prediction);
  return most;
}

/* The first label that is drawn, and after the last; label 0 is all of them. */
static void
find_range (PlSliceStrip *self, const PlMask *mask, int *first, int *end)
{
  *first = pl_slice_count_has_labels (mask) ? 1 : 0;
  *end = mask == NULL ? 0 : pl_slice_count_has_labels (mask) ? self->n_labels + 1 : 1;
}

static void
draw_areas (PlSliceStrip *self, cairo_t *cr, double step_px, double bottom)
{
  Frame frame = { step_px, bottom, 0 };
  int true_range[2];
  int predicted_range[2];

  find_range (self, self->truth, &true_range[0], &true_range[1]);
  find_range (self, self->prediction, &predicted_range[0], &predicted_range[1]);
  frame.px_each = (bottom - LINE_PX) / find_most (self, true_range[0], true_range[1],
                                                  predicted_range[0], predicted_range[1]);
  for (int label = predicted_range[0]; label < predicted_range[1]; label++)
    draw_prediction (self, cr, label, &frame);
  for (int label = true_range[0]; label < true_range[1]; label++)
    draw_truth (self, cr, label, &frame);
}

/* The less they agree, the darker against the background. */
static void
draw_band (PlSliceStrip *self, cairo_t *cr, const GdkRGBA *colour, double step_px, double height)
{
  for (int s = 0; s < self->n; s++)
    {
      double x = find_edge (self, s, step_px);
      double error =
          MIN ((1 - find_dice (&self->counts[s], self->counts[s].same)) / (1 - WORST_DICE), 1);

      cairo_set_source_rgba (cr, colour->red, colour->green, colour->blue, 0.1 + 0.9 * error);
      cairo_rectangle (cr, x, height - BAND_PX, find_edge (self, s + 1, step_px) - x, BAND_PX);
      cairo_fill (cr);
    }
}

static void
pl_slice_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PlSliceStrip *self = PL_SLICE_STRIP (widget);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);
  gboolean has_both = self->truth != NULL && self->prediction != NULL;
  double bottom = height - (has_both ? BAND_PX + GAP_PX : 0);
  int slice;
  double step_px;
  GdkRGBA colour;
  cairo_t *cr;

  if (self->counts == NULL || width < 1)
    return;
  slice = pl_view_state_get_slice (self->state);
  step_px = width / (self->n - 1);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  if (self->n_labels > 0)
    {
      set_colour (cr, BACK_RGB, 1);
      cairo_paint (cr);
      colour = (GdkRGBA){ 1, 1, 1, 1 };
    }
  draw_areas (self, cr, step_px, bottom);
  if (has_both)
    draw_band (self, cr, &colour, step_px, height);
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_rectangle (cr, MIN (floor (slice * step_px), width - 1), 0, 1, height);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
pl_slice_strip_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT_PX : 1;
  *natural = *minimum;
}

static void
pl_slice_strip_dispose (GObject *object)
{
  PlSliceStrip *self = PL_SLICE_STRIP (object);

  forget (self);
  g_clear_object (&self->state);

  G_OBJECT_CLASS (pl_slice_strip_parent_class)->dispose (object);
}

static void
pl_slice_strip_class_init (PlSliceStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_slice_strip_dispose;
  widget_class->measure = pl_slice_strip_measure;
  widget_class->snapshot = pl_slice_strip_snapshot;
  widget_class->query_tooltip = pl_slice_strip_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "strip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pl_slice_strip_init (PlSliceStrip *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
}
