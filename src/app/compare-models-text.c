/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one pair knows of a mask's size need not be counted again. */
#include "app/compare-models-private.h"

#include "app/figure-text.h"
#include "app/legend-text.h"
#include "app/slice-paint.h"

#include <glib/gi18n.h>

static const PlComparison *
get_comparison (PlCompareModels *self, PlModelsScope scope, PlModelsRow row)
{
  return pl_mask_pair_get (self->pairs[scope][row]);
}

/* How many voxels a row's mask has. FALSE when that is not known. */
static gboolean
find_size (PlCompareModels *self, PlModelsScope scope, PlModelsRow row, gsize *n)
{
  static const struct
  {
    PlModelsRow pair;
    gboolean is_second;
  } sources[PL_MODELS_N_ROWS][2] = {
    [PL_MODELS_ROW_FIRST] = { { PL_MODELS_ROW_FIRST, FALSE }, { PL_MODELS_ROW_BETWEEN, FALSE } },
    [PL_MODELS_ROW_SECOND] = { { PL_MODELS_ROW_SECOND, FALSE }, { PL_MODELS_ROW_BETWEEN, TRUE } },
    [PL_MODELS_ROW_TRUTH] = { { PL_MODELS_ROW_FIRST, TRUE }, { PL_MODELS_ROW_SECOND, TRUE } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sources[row]); i++)
    {
      const PlComparison *c = get_comparison (self, scope, sources[row][i].pair);

      if (c != NULL)
        {
          *n = c->n_both + (sources[row][i].is_second ? c->n_only_true : c->n_only_predicted);
          return TRUE;
        }
    }
  return FALSE;
}

static char *
dup_size (PlCompareModels *self, PlModelsScope scope, PlModelsRow row, const PlVolume *volume)
{
  gsize n;

  if (row == PL_MODELS_ROW_BETWEEN)
    return g_strdup ("");
  if (!find_size (self, scope, row, &n))
    return pl_figure_dup_unknown ();
  return pl_figure_dup_size (n, volume, scope == PL_MODELS_SCOPE_SLICE);
}

/* Between the models what is in one of them alone is told by its letter: there is no truth. */
static char *
dup_count (const PlComparison *c,
           const PlVolume *volume,
           PlModelsScope scope,
           PlModelsRow row,
           PlModelsFigure figure)
{
  gsize n;
  g_autofree char *count = NULL;

  if (c == NULL)
    return pl_figure_dup_unknown ();
  n = figure == PL_MODELS_FIGURE_BOTH         ? c->n_both
      : figure == PL_MODELS_FIGURE_ONLY_FIRST ? c->n_only_predicted
                                              : c->n_only_true;
  count = pl_figure_dup_count (n, volume, scope == PL_MODELS_SCOPE_SLICE);
  if (figure == PL_MODELS_FIGURE_BOTH || row != PL_MODELS_ROW_BETWEEN)
    return g_steal_pointer (&count);
  return g_strdup_printf (figure == PL_MODELS_FIGURE_ONLY_FIRST
                              /* Translators: how much is in the prediction of the model A and not
                               * in that of B. */
                              ? _ ("Only A: %s")
                              : _ ("Only B: %s"),
                          count);
}

static char *
dup_cell (PlCompareModels *self, PlModelsScope scope, PlModelsRow row, PlModelsFigure figure)
{
  const PlVolume *volume = pl_view_state_get_volume (self->state);
  const PlComparison *c = get_comparison (self, scope, row);

  if (volume == NULL)
    return pl_figure_dup_unknown ();
  switch (figure)
    {
    case PL_MODELS_FIGURE_DICE:
      return pl_figure_dup_dice (c);
    case PL_MODELS_FIGURE_IOU:
      return pl_figure_dup_iou (c);
    case PL_MODELS_FIGURE_HD95:
      return pl_figure_dup_hd95 (c, volume);
    case PL_MODELS_FIGURE_SIZE:
      return dup_size (self, scope, row, volume);
    case PL_MODELS_FIGURE_BOTH:
    case PL_MODELS_FIGURE_ONLY_FIRST:
    case PL_MODELS_FIGURE_ONLY_SECOND:
      return dup_count (c, volume, scope, row, figure);
    case PL_MODELS_N_FIGURES:
    default:
      g_assert_not_reached ();
    }
}

const char *
pl_compare_models_name_scope (PlModelsScope scope)
{
  return scope == PL_MODELS_SCOPE_SLICE ? _ ("Slice") : _ ("Case");
}

static const char *
name_figure (PlModelsFigure figure)
{
  switch (figure)
    {
    case PL_MODELS_FIGURE_DICE:
      return _ ("Dice");
    case PL_MODELS_FIGURE_IOU:
      return _ ("IoU");
    case PL_MODELS_FIGURE_HD95:
      return _ ("HD95");
    case PL_MODELS_FIGURE_SIZE:
      return C_ ("size of a mask", "Size");
    case PL_MODELS_FIGURE_BOTH:
      return _ ("In both");
    case PL_MODELS_FIGURE_ONLY_FIRST:
      return _ ("Only predicted");
    case PL_MODELS_FIGURE_ONLY_SECOND:
      return _ ("Only true");
    case PL_MODELS_N_FIGURES:
    default:
      g_assert_not_reached ();
    }
}

/* With the colour that it has in the panes, whatever the row. */
static char *
dup_heading (PlModelsFigure figure)
{
  guint32 rgb = figure == PL_MODELS_FIGURE_BOTH ? PL_AGREEMENT_RGB : pl_label_rgb (PL_TRUTH_RGB, 1);

  if (figure != PL_MODELS_FIGURE_BOTH && figure != PL_MODELS_FIGURE_ONLY_SECOND)
    return g_markup_escape_text (name_figure (figure), -1);
  return g_markup_printf_escaped ("<span color='#%06x'>■</span> %s", rgb, name_figure (figure));
}

/* With the colour that the prediction has in the panes. */
static char *
dup_name (PlCompareModels *self, PlModelsRow row)
{
  const char *first = pl_view_state_get_model_name (self->state);
  const char *second = pl_view_state_get_second_name (self->state);

  switch (row)
    {
    case PL_MODELS_ROW_FIRST:
      return g_markup_printf_escaped ("<span color='#%06x'>■</span> A %s",
                                      pl_label_rgb (PL_PREDICTION_RGB, 1),
                                      first == NULL ? "" : first);
    case PL_MODELS_ROW_SECOND:
      return g_markup_printf_escaped ("<span color='#%06x'>■</span> B %s",
                                      pl_label_rgb (PL_SECOND_RGB, 1),
                                      second == NULL ? "" : second);
    case PL_MODELS_ROW_BETWEEN:
      return g_markup_escape_text (_ ("A against B"), -1);
    case PL_MODELS_ROW_TRUTH:
    case PL_MODELS_N_ROWS:
    default:
      g_assert_not_reached ();
    }
}

gboolean
pl_compare_models_shows_scope (PlCompareModels *self, PlModelsScope scope)
{
  return scope == PL_MODELS_SCOPE_SLICE || pl_view_state_get_n_slices (self->state) != 1;
}

static void
describe_row (PlCompareModels *self, PlModelsScope scope, PlModelsRow row, GString *text)
{
  g_string_append_printf (text, "%s%s, %s:", text->len > 0 ? ". " : "",
                          gtk_label_get_text (self->names[row]),
                          pl_compare_models_name_scope (scope));
  for (PlModelsFigure figure = 0; figure < PL_MODELS_N_FIGURES; figure++)
    {
      const char *cell = gtk_label_get_text (self->cells[scope][row][figure]);
      gboolean names_itself = row == PL_MODELS_ROW_BETWEEN && figure > PL_MODELS_FIGURE_BOTH;

      if (*cell != '\0')
        g_string_append_printf (text, "%s %s%s%s", figure > 0 ? "," : "",
                                names_itself ? "" : name_figure (figure), names_itself ? "" : " ",
                                cell);
    }
}

static int
count_classes (PlCompareModels *self, PlModelsScope scope, PlModelsRow row)
{
  const PlComparison *c = get_comparison (self, scope, row);

  return c == NULL || !pl_compare_models_shows_scope (self, scope) ? 0 : c->n_labels;
}

static char *
dup_label_dice (PlCompareModels *self, PlModelsScope scope, PlModelsRow row, int label)
{
  if (label > count_classes (self, scope, row))
    return pl_figure_dup_unknown ();
  return g_strdup_printf ("%.3f", get_comparison (self, scope, row)->label_dice[label - 1]);
}

/* The Dice of each class by both models, where there are several: of the case, or of the slice
 * where the case is not known. As markup with the colours of the classes, or to be said. */
static void
append_classes (PlCompareModels *self, GString *text, gboolean is_markup)
{
  PlModelsScope scope = PL_MODELS_N_SCOPES;
  int n = 0;

  while (n == 0 && scope-- > 0)
    n = MAX (count_classes (self, scope, PL_MODELS_ROW_FIRST),
             count_classes (self, scope, PL_MODELS_ROW_SECOND));
  for (int label = 1; label <= n; label++)
    {
      g_autofree char *name = pl_view_state_dup_label_name (self->state, PL_MASK_TRUTH, label);
      g_autofree char *escaped = g_markup_escape_text (name, -1);
      g_autofree char *first = dup_label_dice (self, scope, PL_MODELS_ROW_FIRST, label);
      g_autofree char *second = dup_label_dice (self, scope, PL_MODELS_ROW_SECOND, label);

      if (label == 1)
        g_string_append_printf (text, "%s%s: ", text->len > 0 ? ". " : "",
                                pl_compare_models_name_scope (scope));
      else
        g_string_append (text, is_markup ? "   " : ", ");
      if (is_markup)
        pl_legend_append_swatches (text, label, TRUE, FALSE);
      /* Translators: a class by its number and name, and its Dice by the models A and B. */
      g_string_append_printf (text, _ ("%d · %s: Dice A %s, B %s"), label,
                              is_markup ? escaped : name, first, second);
    }
}

static void
describe (PlCompareModels *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (PlModelsRow row = 0; row < PL_MODELS_N_PAIRS; row++)
    for (PlModelsScope scope = 0; scope < PL_MODELS_N_SCOPES; scope++)
      if (get_comparison (self, scope, row) != NULL)
        describe_row (self, scope, row, text);
  if (text->len > 0)
    g_string_append_printf (text, ". %s: %s", _ ("Ground truth"), gtk_label_get_text (self->truth));
  append_classes (self, text, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

static void
write_row (PlCompareModels *self, PlModelsScope scope, PlModelsRow row)
{
  gboolean is_shown = pl_compare_models_shows_scope (self, scope);

  gtk_widget_set_visible (GTK_WIDGET (self->scopes[scope][row]), is_shown);
  for (PlModelsFigure figure = 0; figure < PL_MODELS_N_FIGURES; figure++)
    {
      g_autofree char *text = dup_cell (self, scope, row, figure);

      gtk_label_set_text (self->cells[scope][row][figure], text);
      gtk_widget_set_visible (GTK_WIDGET (self->cells[scope][row][figure]), is_shown);
    }
}

/* One line for the slice and the case. */
static void
write_truth (PlCompareModels *self)
{
  const PlVolume *volume = pl_view_state_get_volume (self->state);
  g_autoptr (GString) text = g_string_new (NULL);

  for (PlModelsScope scope = 0; scope < PL_MODELS_N_SCOPES; scope++)
    if (pl_compare_models_shows_scope (self, scope))
      {
        g_autofree char *size = volume == NULL
                                    ? pl_figure_dup_unknown ()
                                    : dup_size (self, scope, PL_MODELS_ROW_TRUTH, volume);

        g_string_append_printf (text, "%s%s %s", text->len > 0 ? "   " : "",
                                pl_compare_models_name_scope (scope), size);
      }
  gtk_label_set_text (self->truth, text->str);
}

static void
write_classes (PlCompareModels *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_classes (self, text, TRUE);
  gtk_label_set_markup (self->classes, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->classes), text->len > 0);
}

void
pl_compare_models_write (PlCompareModels *self)
{
  for (PlModelsFigure figure = 0; figure < PL_MODELS_N_FIGURES; figure++)
    {
      g_autofree char *heading = dup_heading (figure);

      gtk_label_set_markup (self->headings[figure], heading);
    }
  for (PlModelsRow row = 0; row < PL_MODELS_N_PAIRS; row++)
    {
      g_autofree char *name = dup_name (self, row);

      gtk_label_set_markup (self->names[row], name);
      for (PlModelsScope scope = 0; scope < PL_MODELS_N_SCOPES; scope++)
        write_row (self, scope, row);
    }
  write_truth (self);
  write_classes (self);
  describe (self);
}
