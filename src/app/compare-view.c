/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panes stand in a row or two by two, whichever shows the image larger. The figures of the
 * slice are counted at once (0.2 ms at 512 × 512), those of the case in a thread (0.1 s for a large
 * volume), once for each pair of masks.
 */
#include "app/compare-view.h"

#include "app/slice-paint.h"
#include "app/slice-view.h"
#include "train/metrics.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_PANES 4
#define GAP_PX 2

struct _PlCompareView
{
  GtkWidget parent_instance;

  /* Owned */
  PlViewState *state;
  PlMask *case_truth; /* (nullable): the pair that case_dice is of, or will be */
  PlMask *case_prediction;
  GCancellable *case_cancellable; /* (nullable): while it is measured */
  double case_dice;               /* NaN until then */

  /* Template children */
  GtkWidget *image_pane;
  GtkWidget *truth_pane;
  GtkWidget *prediction_pane;
  GtkWidget *difference_pane;
  PlSliceView *image_view;
  PlSliceView *truth_view;
  PlSliceView *prediction_view;
  PlSliceView *difference_view;
  GtkWidget *truth_missing;
  GtkWidget *prediction_missing;
  GtkWidget *difference_missing;
  GtkWidget *footer;
  GtkLabel *figures;
  GtkLabel *legend;
};

G_DEFINE_FINAL_TYPE (PlCompareView, pl_compare_view, GTK_TYPE_WIDGET)

static gboolean
is_empty (const guint8 *labels, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (labels[i] != 0)
      return FALSE;
  return TRUE;
}

static char *
dup_slice_figures (const guint8 *prediction, const guint8 *truth, gsize n)
{
  double dice;

  if (is_empty (prediction, n) && is_empty (truth, n))
    return g_strdup (_ ("This slice: both empty (Dice 1)"));
  dice = pl_metrics_dice (prediction, truth, n, 0);
  /* Translators: how well the prediction fits the ground truth, two numbers from 0 to 1. */
  return g_strdup_printf (_ ("This slice: Dice %.3f · IoU %.3f"), dice, dice / (2 - dice));
}

static char *
dup_case_figures (PlCompareView *self)
{
  if (isnan (self->case_dice))
    return g_strdup (_ ("Case: measuring…"));
  if (self->case_truth->max_label == 0 && self->case_prediction->max_label == 0)
    return g_strdup (_ ("Case: both empty (Dice 1)"));
  return g_strdup_printf (_ ("Case: Dice %.3f"), self->case_dice);
}

/* A case of one slice is told by its slice. */
static void
update_figures (PlCompareView *self)
{
  PlMask *truth = pl_view_state_get_truth (self->state);
  int slice = pl_view_state_get_slice (self->state);
  const guint8 *prediction = pl_view_state_prediction_slice (self->state, slice);
  g_autofree char *of_slice = NULL;
  g_autofree char *of_case = NULL;
  g_autofree char *text = NULL;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (truth != NULL && prediction != NULL)
    of_slice = dup_slice_figures (prediction, pl_mask_slice (truth, slice),
                                  (gsize) truth->n[1] * (gsize) truth->n[2]);
  if (self->case_truth != NULL && pl_view_state_get_n_slices (self->state) > 1)
    of_case = dup_case_figures (self);
  text = g_strjoin (of_slice != NULL && of_case != NULL ? " · " : "",
                    of_slice == NULL ? "" : of_slice, of_case == NULL ? "" : of_case, NULL);
  gtk_label_set_text (self->figures, text);
}

typedef struct
{
  PlMask *truth;
  PlMask *prediction;
  double dice;
} Pair;

static void
free_pair (gpointer data)
{
  Pair *pair = data;

  pl_mask_unref (pair->truth);
  pl_mask_unref (pair->prediction);
  g_free (pair);
}

static void
measure_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Pair *pair = data;
  const int *n = pair->truth->n;

  pair->dice = pl_metrics_dice (pair->prediction->labels, pair->truth->labels,
                                (gsize) n[0] * (gsize) n[1] * (gsize) n[2], 0);
  g_task_return_boolean (task, TRUE);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlCompareView) self = data;
  GTask *task = G_TASK (result);
  Pair *pair = g_task_get_task_data (task);

  if (g_task_get_cancellable (task) != self->case_cancellable)
    return;
  g_clear_object (&self->case_cancellable);
  self->case_dice = pair->dice;
  update_figures (self);
}

static void
forget_case (PlCompareView *self)
{
  if (self->case_cancellable != NULL)
    g_cancellable_cancel (self->case_cancellable);
  g_clear_object (&self->case_cancellable);
  g_clear_pointer (&self->case_truth, pl_mask_unref);
  g_clear_pointer (&self->case_prediction, pl_mask_unref);
  self->case_dice = NAN;
}

/* Measures the case anew if it is another pair of masks and somebody is looking. */
static void
update_case (PlCompareView *self)
{
  PlMask *truth = pl_view_state_get_truth (self->state);
  PlMask *prediction = pl_view_state_get_prediction (self->state);
  g_autoptr (GTask) task = NULL;
  Pair *pair;

  if (truth == self->case_truth && prediction == self->case_prediction)
    return;
  forget_case (self);
  if (truth == NULL || prediction == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->case_truth = pl_mask_ref (truth);
  self->case_prediction = pl_mask_ref (prediction);
  self->case_cancellable = g_cancellable_new ();
  pair = g_new0 (Pair, 1);
  pair->truth = pl_mask_ref (truth);
  pair->prediction = pl_mask_ref (prediction);
  task = g_task_new (NULL, self->case_cancellable, measured_cb, g_object_ref (self));
  g_task_set_source_tag (task, update_case);
  g_task_set_task_data (task, pair, free_pair);
  g_task_run_in_thread (task, measure_thread);
}

static void
update (PlCompareView *self)
{
  gboolean has_volume = pl_view_state_get_volume (self->state) != NULL;
  gboolean has_truth = pl_view_state_get_truth (self->state) != NULL;
  int slice = pl_view_state_get_slice (self->state);
  gboolean has_prediction = pl_view_state_prediction_slice (self->state, slice) != NULL;

  gtk_widget_set_visible (self->truth_missing, has_volume && !has_truth);
  gtk_widget_set_visible (self->prediction_missing, has_volume && !has_prediction);
  gtk_widget_set_visible (self->difference_missing, has_volume && !(has_truth && has_prediction));
  update_case (self);
  update_figures (self);
}

static void
volume_changed_cb (PlCompareView *self)
{
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  update (self);
}

static void
watch (PlCompareView *self, const char *signal, void (*handler) (PlCompareView *self))
{
  g_signal_connect_object (self->state, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

void
pl_compare_view_set_state (PlCompareView *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_COMPARE_VIEW (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  pl_slice_view_set_state (self->image_view, state);
  pl_slice_view_set_state (self->truth_view, state);
  pl_slice_view_set_state (self->prediction_view, state);
  pl_slice_view_set_state (self->difference_view, state);
  watch (self, "notify::volume", volume_changed_cb);
  watch (self, "notify::slice", update);
  watch (self, "notify::truth", update);
  watch (self, "notify::prediction", update);
  watch (self, "notify::preview", update);
  update (self);
}

static void
list_panes (PlCompareView *self, GtkWidget *panes[N_PANES])
{
  panes[0] = self->image_pane;
  panes[1] = self->truth_pane;
  panes[2] = self->prediction_pane;
  panes[3] = self->difference_pane;
}

/* The largest of what the panes ask for. */
static void
measure_panes (PlCompareView *self, GtkOrientation orientation, int *minimum, int *natural)
{
  GtkWidget *panes[N_PANES];

  list_panes (self, panes);
  *minimum = 0;
  *natural = 0;
  for (int i = 0; i < N_PANES; i++)
    {
      int pane_minimum;
      int pane_natural;

      gtk_widget_measure (panes[i], orientation, -1, &pane_minimum, &pane_natural, NULL, NULL);
      *minimum = MAX (*minimum, pane_minimum);
      *natural = MAX (*natural, pane_natural);
    }
}

/* At least two by two; best all in a row. */
static void
pl_compare_view_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  PlCompareView *self = PL_COMPARE_VIEW (widget);
  int footer_minimum;
  int footer_natural;

  measure_panes (self, orientation, minimum, natural);
  gtk_widget_measure (self->footer, orientation, for_size, &footer_minimum, &footer_natural, NULL,
                      NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (2 * *minimum + GAP_PX, footer_minimum);
      *natural = MAX (N_PANES * *natural + (N_PANES - 1) * GAP_PX, *minimum);
    }
  else
    {
      *minimum = 2 * *minimum + GAP_PX + footer_minimum;
      *natural = MAX (*natural + footer_natural, *minimum);
    }
}

static GtkSizeRequestMode
pl_compare_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int
divide (int length, int n)
{
  return (length - (n - 1) * GAP_PX) / n;
}

/* How large a pixel would be with so many columns of panes; 0 if the panes do not fit. */
static double
find_scale (PlCompareView *self, int columns, int width, int height)
{
  PlVolume *volume = self->state == NULL ? NULL : pl_view_state_get_volume (self->state);
  double width_mm = volume == NULL ? 1 : volume->n[2] * volume->spacing_mm[2];
  double height_mm = volume == NULL ? 1 : volume->n[1] * volume->spacing_mm[1];
  int pane_width = divide (width, columns);
  int pane_height = divide (height, N_PANES / columns);
  int minimum;
  int natural;

  measure_panes (self, GTK_ORIENTATION_HORIZONTAL, &minimum, &natural);
  return pane_width < minimum ? 0 : MIN (pane_width / width_mm, pane_height / height_mm);
}

static void
pl_compare_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PlCompareView *self = PL_COMPARE_VIEW (widget);
  GtkWidget *panes[N_PANES];
  int footer_height;
  int columns;
  GtkAllocation place;

  gtk_widget_measure (self->footer, GTK_ORIENTATION_VERTICAL, width, &footer_height, NULL, NULL,
                      NULL);
  height -= footer_height;
  columns = find_scale (self, 4, width, height) >= find_scale (self, 2, width, height) ? 4 : 2;
  place.width = divide (width, columns);
  place.height = divide (height, N_PANES / columns);

  list_panes (self, panes);
  for (int i = 0; i < N_PANES; i++)
    {
      place.x = i % columns * (place.width + GAP_PX);
      place.y = i / columns * (place.height + GAP_PX);
      gtk_widget_size_allocate (panes[i], &place, -1);
    }
  gtk_widget_size_allocate (self->footer, &(GtkAllocation){ 0, height, width, footer_height }, -1);
}

static void
pl_compare_view_map (GtkWidget *widget)
{
  PlCompareView *self = PL_COMPARE_VIEW (widget);

  GTK_WIDGET_CLASS (pl_compare_view_parent_class)->map (widget);

  if (self->state != NULL)
    update (self);
}

static void
show_legend (PlCompareView *self)
{
  g_autofree char *markup =
      g_markup_printf_escaped ("<span color='#%06x'>■</span> %s   "
                               "<span color='#%06x'>■</span> %s   "
                               "<span color='#%06x'>■</span> %s",
                               PL_AGREEMENT_RGB,
                               /* Translators: in the ground truth and in the prediction. */
                               _ ("In both"), PL_PREDICTION_RGB, _ ("Only in the prediction"),
                               PL_TRUTH_RGB, _ ("Only in the ground truth"));

  gtk_label_set_markup (self->legend, markup);
}

static void
pl_compare_view_dispose (GObject *object)
{
  PlCompareView *self = PL_COMPARE_VIEW (object);

  forget_case (self);
  g_clear_object (&self->state);
  gtk_widget_dispose_template (GTK_WIDGET (self), PL_TYPE_COMPARE_VIEW);

  G_OBJECT_CLASS (pl_compare_view_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, image_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, truth_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, prediction_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, difference_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, image_view);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, truth_view);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, prediction_view);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, difference_view);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, truth_missing);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, prediction_missing);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, difference_missing);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, footer);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, figures);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, legend);
}

static void
pl_compare_view_class_init (PlCompareViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pl_compare_view_dispose;
  widget_class->measure = pl_compare_view_measure;
  widget_class->get_request_mode = pl_compare_view_get_request_mode;
  widget_class->size_allocate = pl_compare_view_size_allocate;
  widget_class->map = pl_compare_view_map;

  g_type_ensure (PL_TYPE_SLICE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/compare-view.ui");
  gtk_widget_class_set_css_name (widget_class, "compare");
  bind_children (widget_class);
}

static void
pl_compare_view_init (PlCompareView *self)
{
  self->case_dice = NAN;
  gtk_widget_init_template (GTK_WIDGET (self));
  show_legend (self);
}
