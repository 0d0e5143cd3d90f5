/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of the slice are counted at once, its HD95 in a thread, one slice at a time so that a
 * slider that moves fast leaves no queue behind; those of the case in another, once for each pair
 * of masks. What is not known yet, or has no value, is a dash.
 */
#include "app/compare-figures.h"

#include "app/comparison.h"
#include "app/slice-paint.h"

#include <glib/gi18n.h>
#include <math.h>

typedef enum
{
  ROW_SLICE,
  ROW_CASE,
  N_ROWS
} Row;

typedef enum
{
  COLUMN_DICE,
  COLUMN_IOU,
  COLUMN_HD95,
  COLUMN_TRUTH,
  COLUMN_PREDICTION,
  COLUMN_BOTH,
  COLUMN_ONLY_PREDICTED,
  COLUMN_ONLY_TRUE,
  N_COLUMNS
} Column;

/* A row of the table. A pair that is measured is kept, so that the answer is of what is shown. */
typedef struct
{
  /* Owned */
  PlMask *truth; /* (nullable): nothing to compare */
  PlMask *prediction;
  GCancellable *cancellable; /* (nullable): while it is measured */

  gboolean is_known; /* all but the HD95 */
  PlComparison comparison;
} Figures;

struct _PlCompareFigures
{
  GtkBox parent_instance;

  /* Owned */
  PlViewState *state;
  Figures figures[N_ROWS];
  gboolean slice_is_old; /* another one came while it was measured */

  /* Template children */
  GtkGrid *grid;

  /* Borrowed from the grid */
  GtkLabel *names[N_ROWS];
  GtkLabel *cells[N_ROWS][N_COLUMNS];
};

G_DEFINE_FINAL_TYPE (PlCompareFigures, pl_compare_figures, GTK_TYPE_BOX)

static void update_slice (PlCompareFigures *self);

static char *
dup_unknown (void)
{
  /* Translators: a figure that is not known, or has no value. */
  return g_strdup (_ ("—"));
}

static gboolean
has_mm (PlCompareFigures *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);

  return volume->header.has_spacing || volume->header.has_affine;
}

/* As many decimals as are worth their room. */
static int
count_decimals (double value)
{
  return value < 99.95 ? 1 : 0;
}

/* A slice's as area, a case's as volume; without a pixel's size, as pixels. */
static char *
dup_size (PlCompareFigures *self, Row row, gsize n)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);

  if (!has_mm (self))
    return g_strdup_printf (_ ("%.0f px"), (double) n);
  if (row == ROW_CASE)
    {
      double ml = (double) n * pl_volume_voxel_mm3 (volume) / 1000;

      return g_strdup_printf (_ ("%.*f ml"), count_decimals (ml), ml);
    }
  return g_strdup_printf (_ ("%.1f cm²"),
                          (double) n * volume->spacing_mm[1] * volume->spacing_mm[2] / 100);
}

/* A single image has no thickness. */
static char *
dup_count (PlCompareFigures *self, gsize n)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  double ml = (double) n * pl_volume_voxel_mm3 (volume) / 1000;

  if (!has_mm (self) || volume->n[0] == 1)
    return g_strdup_printf (_ ("%.0f px"), (double) n);
  /* Translators: a number of pixels, and their volume in millilitres. */
  return g_strdup_printf (_ ("%.0f px · %.*f ml"), (double) n, count_decimals (ml), ml);
}

static char *
dup_dice (const PlComparison *c)
{
  if (c->n_both + c->n_only_predicted + c->n_only_true == 0)
    /* Translators: the Dice of two empty masks, which is 1 by definition. */
    return g_strdup_printf (_ ("%.3f (both empty)"), c->dice);
  return g_strdup_printf ("%.3f", c->dice);
}

static char *
dup_hd95 (PlCompareFigures *self, const PlComparison *c)
{
  if (isnan (c->hd95_mm))
    return dup_unknown ();
  return g_strdup_printf (has_mm (self) ? _ ("%.1f mm") : _ ("%.1f px"), c->hd95_mm);
}

static char *
dup_cell (PlCompareFigures *self, Row row, Column column)
{
  const PlComparison *c = &self->figures[row].comparison;

  if (!self->figures[row].is_known || pl_view_state_get_volume (self->state) == NULL)
    return dup_unknown ();
  switch (column)
    {
    case COLUMN_DICE:
      return dup_dice (c);
    case COLUMN_IOU:
      return g_strdup_printf ("%.3f", c->iou);
    case COLUMN_HD95:
      return dup_hd95 (self, c);
    case COLUMN_TRUTH:
      return dup_size (self, row, c->n_both + c->n_only_true);
    case COLUMN_PREDICTION:
      return dup_size (self, row, c->n_both + c->n_only_predicted);
    case COLUMN_BOTH:
      return dup_count (self, c->n_both);
    case COLUMN_ONLY_PREDICTED:
      return dup_count (self, c->n_only_predicted);
    case COLUMN_ONLY_TRUE:
      return dup_count (self, c->n_only_true);
    case N_COLUMNS:
    default:
      g_assert_not_reached ();
    }
}

static const char *
name_column (Column column)
{
  switch (column)
    {
    case COLUMN_DICE:
      return _ ("Dice");
    case COLUMN_IOU:
      return _ ("IoU");
    case COLUMN_HD95:
      return _ ("HD95");
    case COLUMN_TRUTH:
      return _ ("Ground truth");
    case COLUMN_PREDICTION:
      return _ ("Prediction");
    case COLUMN_BOTH:
      /* Translators: in the ground truth and in the prediction. */
      return _ ("In both");
    case COLUMN_ONLY_PREDICTED:
      return _ ("Only in the prediction");
    case COLUMN_ONLY_TRUE:
      return _ ("Only in the ground truth");
    case N_COLUMNS:
    default:
      g_assert_not_reached ();
    }
}

static const char *
name_row (Row row)
{
  return row == ROW_SLICE ? _ ("This slice") : _ ("Case");
}

static void
describe (PlCompareFigures *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (Row row = 0; row < N_ROWS; row++)
    if (self->figures[row].is_known)
      {
        g_string_append_printf (text, "%s%s:", text->len > 0 ? ". " : "", name_row (row));
        for (Column column = 0; column < N_COLUMNS; column++)
          g_string_append_printf (text, "%s %s %s", column > 0 ? "," : "", name_column (column),
                                  gtk_label_get_text (self->cells[row][column]));
      }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

/* A case of one slice is told by its slice. */
static gboolean
is_row_shown (PlCompareFigures *self, Row row)
{
  return row == ROW_SLICE || pl_view_state_get_n_slices (self->state) != 1;
}

static void
show_figures (PlCompareFigures *self)
{
  for (Row row = 0; row < N_ROWS; row++)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->names[row]), is_row_shown (self, row));
      for (Column column = 0; column < N_COLUMNS; column++)
        {
          g_autofree char *text = dup_cell (self, row, column);

          gtk_label_set_text (self->cells[row][column], text);
          gtk_widget_set_visible (GTK_WIDGET (self->cells[row][column]), is_row_shown (self, row));
        }
    }
  describe (self);
}

static void
forget (Figures *figures)
{
  if (figures->cancellable != NULL)
    g_cancellable_cancel (figures->cancellable);
  g_clear_object (&figures->cancellable);
  g_clear_pointer (&figures->truth, pl_mask_unref);
  g_clear_pointer (&figures->prediction, pl_mask_unref);
  figures->is_known = FALSE;
}

static void
take_answer (PlCompareFigures *self, Figures *figures, GAsyncResult *result)
{
  PlComparison comparison;

  g_clear_object (&figures->cancellable);
  if (!pl_comparison_measure_finish (result, &comparison, NULL))
    return;
  figures->comparison = comparison;
  figures->is_known = TRUE;
  show_figures (self);
}

static void
case_measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlCompareFigures) self = data;
  Figures *figures = &self->figures[ROW_CASE];

  if (g_task_get_cancellable (G_TASK (result)) == figures->cancellable)
    take_answer (self, figures, result);
}

static void
slice_measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlCompareFigures) self = data;
  Figures *figures = &self->figures[ROW_SLICE];

  if (g_task_get_cancellable (G_TASK (result)) != figures->cancellable)
    return;
  if (!self->slice_is_old)
    {
      take_answer (self, figures, result);
      return;
    }
  g_clear_object (&figures->cancellable);
  update_slice (self);
}

static void
measure (PlCompareFigures *self, Figures *figures, GAsyncReadyCallback callback)
{
  figures->cancellable = g_cancellable_new ();
  pl_comparison_measure_async (figures->prediction, figures->truth,
                               pl_view_state_get_volume (self->state)->spacing_mm,
                               figures->cancellable, callback, g_object_ref (self));
}

static PlMask *
copy_slice (const guint8 *labels, const PlMask *like)
{
  const int n[3] = { 1, like->n[1], like->n[2] };

  return pl_mask_new_take (n, g_memdup2 (labels, (gsize) n[1] * (gsize) n[2]));
}

static void
update_slice (PlCompareFigures *self)
{
  Figures *figures = &self->figures[ROW_SLICE];
  PlMask *truth = pl_view_state_get_truth (self->state);
  int slice = pl_view_state_get_slice (self->state);
  const guint8 *prediction = pl_view_state_prediction_slice (self->state, slice);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (truth == NULL || prediction == NULL)
    {
      forget (figures);
      show_figures (self);
      return;
    }
  figures->comparison = pl_comparison_count (prediction, pl_mask_slice (truth, slice),
                                             (gsize) truth->n[1] * (gsize) truth->n[2]);
  figures->is_known = TRUE;
  self->slice_is_old = figures->cancellable != NULL;
  if (!self->slice_is_old)
    {
      forget (figures);
      figures->is_known = TRUE;
      figures->truth = copy_slice (pl_mask_slice (truth, slice), truth);
      figures->prediction = copy_slice (prediction, truth);
      measure (self, figures, slice_measured_cb);
    }
  show_figures (self);
}

/* Measures the case anew if it is another pair of masks and somebody is looking. */
static void
update_case (PlCompareFigures *self)
{
  Figures *figures = &self->figures[ROW_CASE];
  PlMask *truth = pl_view_state_get_truth (self->state);
  PlMask *prediction = pl_view_state_get_prediction (self->state);

  if (truth == figures->truth && prediction == figures->prediction)
    return;
  forget (figures);
  if (truth == NULL || prediction == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      !is_row_shown (self, ROW_CASE))
    return;
  figures->truth = pl_mask_ref (truth);
  figures->prediction = pl_mask_ref (prediction);
  measure (self, figures, case_measured_cb);
}

static void
update (PlCompareFigures *self)
{
  update_case (self);
  update_slice (self);
}

/* What was measured was in millimetres of another volume. */
static void
volume_changed_cb (PlCompareFigures *self)
{
  for (Row row = 0; row < N_ROWS; row++)
    forget (&self->figures[row]);
  update (self);
}

static void
watch (PlCompareFigures *self, const char *signal, void (*handler) (PlCompareFigures *self))
{
  g_signal_connect_object (self->state, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

void
pl_compare_figures_set_state (PlCompareFigures *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_COMPARE_FIGURES (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  watch (self, "notify::volume", volume_changed_cb);
  watch (self, "notify::slice", update_slice);
  watch (self, "notify::truth", update);
  watch (self, "notify::prediction", update);
  watch (self, "notify::preview", update_slice);
  update (self);
}

static void
pl_compare_figures_map (GtkWidget *widget)
{
  PlCompareFigures *self = PL_COMPARE_FIGURES (widget);

  GTK_WIDGET_CLASS (pl_compare_figures_parent_class)->map (widget);

  if (self->state != NULL)
    update (self);
}

static GtkLabel *
add_label (PlCompareFigures *self, int row, int column, const char *markup)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_widget_add_css_class (label, "caption");
  if (row == 0)
    gtk_widget_add_css_class (label, "heading");
  else if (column > 0)
    gtk_widget_add_css_class (label, "numeric");
  else
    gtk_widget_set_halign (label, GTK_ALIGN_START);
  gtk_grid_attach (self->grid, label, column, row, 1, 1);
  return GTK_LABEL (label);
}

/* With the colour of the difference, if it has one there. */
static char *
dup_heading (Column column)
{
  static const guint32 colours[N_COLUMNS] = {
    [COLUMN_BOTH] = PL_AGREEMENT_RGB,
    [COLUMN_ONLY_PREDICTED] = PL_PREDICTION_RGB,
    [COLUMN_ONLY_TRUE] = PL_TRUTH_RGB,
  };

  if (colours[column] == 0)
    return g_markup_escape_text (name_column (column), -1);
  return g_markup_printf_escaped ("<span color='#%06x'>■</span> %s", colours[column],
                                  name_column (column));
}

static void
fill_grid (PlCompareFigures *self)
{
  for (Column column = 0; column < N_COLUMNS; column++)
    {
      g_autofree char *heading = dup_heading (column);

      add_label (self, 0, 1 + (int) column, heading);
      for (Row row = 0; row < N_ROWS; row++)
        self->cells[row][column] = add_label (self, 1 + (int) row, 1 + (int) column, "");
    }
  for (Row row = 0; row < N_ROWS; row++)
    self->names[row] = add_label (self, 1 + (int) row, 0, name_row (row));
}

static void
pl_compare_figures_dispose (GObject *object)
{
  PlCompareFigures *self = PL_COMPARE_FIGURES (object);

  for (Row row = 0; row < N_ROWS; row++)
    forget (&self->figures[row]);
  g_clear_object (&self->state);

  G_OBJECT_CLASS (pl_compare_figures_parent_class)->dispose (object);
}

static void
pl_compare_figures_class_init (PlCompareFiguresClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_compare_figures_dispose;
  widget_class->map = pl_compare_figures_map;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/compare-figures.ui");
  gtk_widget_class_bind_template_child (widget_class, PlCompareFigures, grid);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
pl_compare_figures_init (PlCompareFigures *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_grid (self);
}
