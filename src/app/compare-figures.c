/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/compare-figures.h"

#include "app/figure-text.h"
#include "app/legend-text.h"
#include "app/mask-pair.h"
#include "app/slice-paint.h"

#include <glib/gi18n.h>

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

struct _PlCompareFigures
{
  GtkBox parent_instance;

  /* Owned */
  PlViewState *state;
  PlMaskPair *pairs[N_ROWS];

  /* Template children */
  GtkGrid *grid;

  /* Borrowed from the grid */
  GtkLabel *headings[N_COLUMNS];
  GtkLabel *names[N_ROWS];
  GtkLabel *cells[N_ROWS][N_COLUMNS];
  GtkLabel *classes;
};

G_DEFINE_FINAL_TYPE (PlCompareFigures, pl_compare_figures, GTK_TYPE_BOX)

static char *
dup_cell (PlCompareFigures *self, Row row, Column column)
{
  const PlVolume *volume = pl_view_state_get_volume (self->state);
  const PlComparison *c = pl_mask_pair_get (self->pairs[row]);
  gboolean is_of_slice = row == ROW_SLICE;

  if (c == NULL || volume == NULL)
    return pl_figure_dup_unknown ();
  switch (column)
    {
    case COLUMN_DICE:
      return pl_figure_dup_dice (c);
    case COLUMN_IOU:
      return pl_figure_dup_iou (c);
    case COLUMN_HD95:
      return pl_figure_dup_hd95 (c, volume);
    case COLUMN_TRUTH:
      return pl_figure_dup_size (c->n_both + c->n_only_true, volume, is_of_slice);
    case COLUMN_PREDICTION:
      return pl_figure_dup_size (c->n_both + c->n_only_predicted, volume, is_of_slice);
    case COLUMN_BOTH:
      return pl_figure_dup_count (c->n_both, volume, is_of_slice);
    case COLUMN_ONLY_PREDICTED:
      return pl_figure_dup_count (c->n_only_predicted, volume, is_of_slice);
    case COLUMN_ONLY_TRUE:
      return pl_figure_dup_count (c->n_only_true, volume, is_of_slice);
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
      /* Translators: in the prediction and not in the ground truth. */
      return _ ("Only predicted");
    case COLUMN_ONLY_TRUE:
      /* Translators: in the ground truth and not in the prediction. */
      return _ ("Only true");
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

/* A case of one slice is told by its slice. */
static gboolean
is_row_shown (PlCompareFigures *self, Row row)
{
  return row == ROW_SLICE || pl_view_state_get_n_slices (self->state) != 1;
}

/* (nullable): of the case, or of the slice where the case is not known, as of an epoch that is
 * looked at; NULL too where there is but one class. */
static const PlComparison *
find_of_classes (PlCompareFigures *self, Row *row)
{
  const PlComparison *found = NULL;

  for (int i = N_ROWS - 1; i >= 0 && found == NULL; i--)
    if (is_row_shown (self, (Row) i))
      {
        *row = (Row) i;
        found = pl_mask_pair_get (self->pairs[i]);
      }
  return found != NULL && found->n_labels > 0 ? found : NULL;
}

static void
describe (PlCompareFigures *self)
{
  Row row_of_classes = ROW_SLICE;
  const PlComparison *of_classes = find_of_classes (self, &row_of_classes);
  g_autoptr (GString) text = g_string_new (NULL);

  for (Row row = 0; row < N_ROWS; row++)
    if (pl_mask_pair_get (self->pairs[row]) != NULL)
      {
        g_string_append_printf (text, "%s%s:", text->len > 0 ? ". " : "", name_row (row));
        for (Column column = 0; column < N_COLUMNS; column++)
          g_string_append_printf (text, "%s %s %s", column > 0 ? "," : "", name_column (column),
                                  gtk_label_get_text (self->cells[row][column]));
      }
  if (of_classes != NULL)
    g_string_append_printf (text, ". %s:", name_row (row_of_classes));
  for (int i = 0; of_classes != NULL && i < of_classes->n_labels; i++)
    {
      g_autofree char *name = pl_view_state_dup_label_name (self->state, PL_MASK_TRUTH, i + 1);

      g_string_append (text, i > 0 ? ", " : " ");
      g_string_append_printf (text, _ ("%s: Dice %.3f"), name, of_classes->label_dice[i]);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

/* In a line of their own. */
static void
show_classes (PlCompareFigures *self)
{
  Row row;
  const PlComparison *c = find_of_classes (self, &row);
  int n = c == NULL ? 0 : c->n_labels;
  g_autoptr (GString) text = g_string_new (NULL);

  if (n > 0)
    g_string_append_printf (text, "%s: ", name_row (row));

  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = pl_view_state_dup_label_name (self->state, PL_MASK_TRUTH, i + 1);
      g_autofree char *escaped = g_markup_escape_text (name, -1);

      g_string_append (text, i > 0 ? "   " : "");
      pl_legend_append_swatches (text, i + 1, TRUE, TRUE);
      g_string_append_c (text, ' ');
      /* Translators: a class by its number and name, and its Dice. */
      g_string_append_printf (text, _ ("%d · %s: Dice %.3f"), i + 1, escaped, c->label_dice[i]);
    }
  gtk_label_set_markup (self->classes, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->classes), n > 0);
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
  show_classes (self);
  describe (self);
}

static void
update_slice (PlCompareFigures *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    pl_mask_pair_update (self->pairs[ROW_SLICE]);
}

static void
forget (PlCompareFigures *self)
{
  for (Row row = 0; row < N_ROWS; row++)
    pl_mask_pair_forget (self->pairs[row]);
}

/* Masks that nobody looks at are not kept. */
static void
update (PlCompareFigures *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      forget (self);
      return;
    }
  if (is_row_shown (self, ROW_CASE))
    pl_mask_pair_update (self->pairs[ROW_CASE]);
  update_slice (self);
}

/* What was measured was in millimetres of another volume. */
static void
volume_changed_cb (PlCompareFigures *self)
{
  forget (self);
  update (self);
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

  guint32 rgb = colours[column];

  if (rgb == 0)
    return g_markup_escape_text (name_column (column), -1);
  if (column != COLUMN_BOTH)
    rgb = pl_label_rgb (rgb, 1);
  return g_markup_printf_escaped ("<span color='#%06x'>■</span> %s", rgb, name_column (column));
}

/* The user has chosen others. */
static void
colours_changed_cb (PlCompareFigures *self)
{
  for (Column column = 0; column < N_COLUMNS; column++)
    {
      g_autofree char *heading = dup_heading (column);

      gtk_label_set_markup (self->headings[column], heading);
    }
  show_classes (self);
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
  for (Row row = 0; row < N_ROWS; row++)
    {
      self->pairs[row] =
          pl_mask_pair_new (state, PL_MASK_PREDICTION, PL_MASK_TRUTH, row == ROW_SLICE);
      g_signal_connect_object (self->pairs[row], "changed", G_CALLBACK (show_figures), self,
                               G_CONNECT_SWAPPED);
    }
  watch (self, "notify::volume", volume_changed_cb);
  watch (self, "notify::names", show_figures);
  watch (self, "notify::label-colours", colours_changed_cb);
  watch (self, "notify::slice", update_slice);
  watch (self, "notify::truth", update);
  watch (self, "notify::prediction", update);
  watch (self, "notify::preview", update_slice);
  show_figures (self);
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

static void
fill_grid (PlCompareFigures *self)
{
  for (Column column = 0; column < N_COLUMNS; column++)
    {
      g_autofree char *heading = dup_heading (column);

      self->headings[column] = pl_figure_add_label (self->grid, 0, 1 + (int) column, heading);
      for (Row row = 0; row < N_ROWS; row++)
        self->cells[row][column] =
            pl_figure_add_label (self->grid, 1 + (int) row, 1 + (int) column, "");
    }
  for (Row row = 0; row < N_ROWS; row++)
    self->names[row] = pl_figure_add_label (self->grid, 1 + (int) row, 0, name_row (row));
  self->classes = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->classes), "caption");
  gtk_label_set_wrap (self->classes, TRUE);
  gtk_label_set_xalign (self->classes, 0);
  gtk_grid_attach (self->grid, GTK_WIDGET (self->classes), 0, 1 + N_ROWS, 1 + N_COLUMNS, 1);
}

static void
pl_compare_figures_dispose (GObject *object)
{
  PlCompareFigures *self = PL_COMPARE_FIGURES (object);

  for (Row row = 0; row < N_ROWS; row++)
    g_clear_object (&self->pairs[row]);
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
