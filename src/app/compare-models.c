/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three pairs of masks, each of the slice and of the case, in rows of their own: side by side they
 * would be wider than a small window.
 */
#include "app/compare-models-private.h"

#include "app/figure-text.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (PlCompareModels, pl_compare_models, GTK_TYPE_BOX)

static void
update_scope (PlCompareModels *self, PlModelsScope scope)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && pl_compare_models_shows_scope (self, scope))
    for (PlModelsRow row = 0; row < PL_MODELS_N_PAIRS; row++)
      pl_mask_pair_update (self->pairs[scope][row]);
}

static void
update_slice (PlCompareModels *self)
{
  update_scope (self, PL_MODELS_SCOPE_SLICE);
}

static void
forget (PlCompareModels *self)
{
  for (PlModelsScope scope = 0; scope < PL_MODELS_N_SCOPES; scope++)
    for (PlModelsRow row = 0; row < PL_MODELS_N_PAIRS; row++)
      pl_mask_pair_forget (self->pairs[scope][row]);
}

/* Masks that nobody looks at are not kept. */
static void
update (PlCompareModels *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    forget (self);
  for (PlModelsScope scope = 0; scope < PL_MODELS_N_SCOPES; scope++)
    update_scope (self, scope);
}

/* What was measured was in millimetres of another volume. */
static void
volume_changed_cb (PlCompareModels *self)
{
  forget (self);
  update (self);
}

static void
watch (PlCompareModels *self, const char *signal, void (*handler) (PlCompareModels *self))
{
  g_signal_connect_object (self->state, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

void
pl_compare_models_set_state (PlCompareModels *self, PlViewState *state)
{
  static const PlMaskKind kinds[PL_MODELS_N_PAIRS][2] = {
    [PL_MODELS_ROW_FIRST] = { PL_MASK_PREDICTION, PL_MASK_TRUTH },
    [PL_MODELS_ROW_SECOND] = { PL_MASK_SECOND, PL_MASK_TRUTH },
    [PL_MODELS_ROW_BETWEEN] = { PL_MASK_PREDICTION, PL_MASK_SECOND },
  };

  g_return_if_fail (PL_IS_COMPARE_MODELS (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  for (PlModelsScope scope = 0; scope < PL_MODELS_N_SCOPES; scope++)
    for (PlModelsRow row = 0; row < PL_MODELS_N_PAIRS; row++)
      {
        PlMaskPair *pair =
            pl_mask_pair_new (state, kinds[row][0], kinds[row][1], scope == PL_MODELS_SCOPE_SLICE);

        self->pairs[scope][row] = pair;
        g_signal_connect_object (pair, "changed", G_CALLBACK (pl_compare_models_write), self,
                                 G_CONNECT_SWAPPED);
      }
  watch (self, "notify::volume", volume_changed_cb);
  watch (self, "notify::slice", update_slice);
  watch (self, "notify::truth", update);
  watch (self, "notify::prediction", update);
  watch (self, "notify::second", update);
  watch (self, "notify::preview", update_slice);
  watch (self, "notify::names", pl_compare_models_write);
  watch (self, "notify::label-colours", pl_compare_models_write);
  watch (self, "notify::model-name", pl_compare_models_write);
  watch (self, "notify::second-name", pl_compare_models_write);
  pl_compare_models_write (self);
  update (self);
}

static void
pl_compare_models_map (GtkWidget *widget)
{
  PlCompareModels *self = PL_COMPARE_MODELS (widget);

  GTK_WIDGET_CLASS (pl_compare_models_parent_class)->map (widget);

  if (self->state != NULL)
    update (self);
}

static int
find_line (PlModelsRow row, PlModelsScope scope)
{
  return 1 + (int) row * PL_MODELS_N_SCOPES + (int) scope;
}

static void
fill_row (PlCompareModels *self, PlModelsRow row)
{
  self->names[row] =
      pl_figure_add_label (self->grid, find_line (row, PL_MODELS_SCOPE_SLICE), 0, "");
  gtk_label_set_ellipsize (self->names[row], PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (self->names[row], 24);
  for (PlModelsScope scope = 0; scope < PL_MODELS_N_SCOPES; scope++)
    {
      int line = find_line (row, scope);

      self->scopes[scope][row] =
          pl_figure_add_label (self->grid, line, 1, pl_compare_models_name_scope (scope));
      gtk_widget_set_halign (GTK_WIDGET (self->scopes[scope][row]), GTK_ALIGN_START);
      for (PlModelsFigure figure = 0; figure < PL_MODELS_N_FIGURES; figure++)
        self->cells[scope][row][figure] =
            pl_figure_add_label (self->grid, line, 2 + (int) figure, "");
    }
}

/* Below the figures, in all their columns. */
static void
fill_rest (PlCompareModels *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self->grid));
  int line = find_line (PL_MODELS_ROW_TRUTH, PL_MODELS_SCOPE_SLICE);
  GtkLayoutChild *place;

  pl_figure_add_label (self->grid, line, 0, _ ("Ground truth"));
  self->truth = pl_figure_add_label (self->grid, line, 1, "");
  gtk_widget_set_halign (GTK_WIDGET (self->truth), GTK_ALIGN_START);
  place = gtk_layout_manager_get_layout_child (layout, GTK_WIDGET (self->truth));
  gtk_grid_layout_child_set_column_span (GTK_GRID_LAYOUT_CHILD (place), 1 + PL_MODELS_N_FIGURES);

  self->classes = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->classes), "caption");
  gtk_label_set_wrap (self->classes, TRUE);
  gtk_label_set_xalign (self->classes, 0);
  gtk_grid_attach (self->grid, GTK_WIDGET (self->classes), 0, line + 1, 2 + PL_MODELS_N_FIGURES, 1);
}

static void
pl_compare_models_dispose (GObject *object)
{
  PlCompareModels *self = PL_COMPARE_MODELS (object);

  for (PlModelsScope scope = 0; scope < PL_MODELS_N_SCOPES; scope++)
    for (PlModelsRow row = 0; row < PL_MODELS_N_PAIRS; row++)
      g_clear_object (&self->pairs[scope][row]);
  g_clear_object (&self->state);

  G_OBJECT_CLASS (pl_compare_models_parent_class)->dispose (object);
}

static void
pl_compare_models_class_init (PlCompareModelsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_compare_models_dispose;
  widget_class->map = pl_compare_models_map;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/compare-models.ui");
  gtk_widget_class_bind_template_child (widget_class, PlCompareModels, grid);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
pl_compare_models_init (PlCompareModels *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (PlModelsFigure figure = 0; figure < PL_MODELS_N_FIGURES; figure++)
    self->headings[figure] = pl_figure_add_label (self->grid, 0, 2 + (int) figure, "");
  for (PlModelsRow row = 0; row < PL_MODELS_N_PAIRS; row++)
    fill_row (self, row);
  fill_rest (self);
}
