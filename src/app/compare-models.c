/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three pairs of masks, each of the slice and of the case; what one pair knows of a mask's size
 * need not be counted again.
 */
#include "app/compare-models.h"

#include "app/figure-text.h"
#include "app/mask-pair.h"
#include "app/slice-paint.h"

#include <glib/gi18n.h>

/* Rows that have figures are those of the pairs, in their order. */
typedef enum
{
  ROW_FIRST,
  ROW_SECOND,
  ROW_BETWEEN,
  ROW_TRUTH,
  N_ROWS
} Row;

#define N_PAIRS ROW_TRUTH

typedef enum
{
  SCOPE_SLICE,
  SCOPE_CASE,
  N_SCOPES
} Scope;

typedef enum
{
  FIGURE_DICE,
  FIGURE_IOU,
  FIGURE_HD95,
  FIGURE_SIZE,
  N_FIGURES
} Figure;

struct _PlCompareModels
{
  GtkBox parent_instance;

  /* Owned */
  PlViewState *state;
  PlMaskPair *pairs[N_SCOPES][N_PAIRS];

  /* Template children */
  GtkGrid *grid;

  /* Borrowed from the grid */
  GtkLabel *names[N_ROWS];
  GtkLabel *headings[N_SCOPES][N_FIGURES];
  GtkLabel *cells[N_SCOPES][N_ROWS][N_FIGURES];
};

G_DEFINE_FINAL_TYPE (PlCompareModels, pl_compare_models, GTK_TYPE_BOX)

static const PlComparison *
get_comparison (PlCompareModels *self, Scope scope, Row row)
{
  return pl_mask_pair_get (self->pairs[scope][row]);
}

/* How many voxels a row's mask has. FALSE when that is not known. */
static gboolean
find_size (PlCompareModels *self, Scope scope, Row row, gsize *n)
{
  static const struct
  {
    Row pair;
    gboolean is_second;
  } sources[N_ROWS][2] = {
    [ROW_FIRST] = { { ROW_FIRST, FALSE }, { ROW_BETWEEN, FALSE } },
    [ROW_SECOND] = { { ROW_SECOND, FALSE }, { ROW_BETWEEN, TRUE } },
    [ROW_TRUTH] = { { ROW_FIRST, TRUE }, { ROW_SECOND, TRUE } },
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
dup_size (PlCompareModels *self, Scope scope, Row row, const PlVolume *volume)
{
  gsize n;

  if (row == ROW_BETWEEN)
    return g_strdup ("");
  if (!find_size (self, scope, row, &n))
    return pl_figure_dup_unknown ();
  return pl_figure_dup_size (n, volume, scope == SCOPE_SLICE);
}

static char *
dup_cell (PlCompareModels *self, Scope scope, Row row, Figure figure)
{
  const PlVolume *volume = pl_view_state_get_volume (self->state);
  const PlComparison *c = row == ROW_TRUTH ? NULL : get_comparison (self, scope, row);

  if (row == ROW_TRUTH && figure != FIGURE_SIZE)
    return g_strdup ("");
  if (volume == NULL)
    return pl_figure_dup_unknown ();
  switch (figure)
    {
    case FIGURE_DICE:
      return pl_figure_dup_dice (c);
    case FIGURE_IOU:
      return pl_figure_dup_iou (c);
    case FIGURE_HD95:
      return pl_figure_dup_hd95 (c, volume);
    case FIGURE_SIZE:
      return dup_size (self, scope, row, volume);
    case N_FIGURES:
    default:
      g_assert_not_reached ();
    }
}

static const char *
name_figure (Scope scope, Figure figure)
{
  switch (figure)
    {
    case FIGURE_DICE:
      return _ ("Dice");
    case FIGURE_IOU:
      return _ ("IoU");
    case FIGURE_HD95:
      return _ ("HD95");
    case FIGURE_SIZE:
      return scope == SCOPE_SLICE ? C_ ("size of a mask", "Area") : C_ ("size of a mask", "Volume");
    case N_FIGURES:
    default:
      g_assert_not_reached ();
    }
}

static char *
dup_heading (Scope scope, Figure figure)
{
  if (figure != FIGURE_DICE)
    return g_strdup (name_figure (scope, figure));
  return scope == SCOPE_SLICE ? g_strdup (_ ("This slice: Dice")) : g_strdup (_ ("Case: Dice"));
}

/* With the colour that the prediction has in the panes. */
static char *
dup_name (PlCompareModels *self, Row row)
{
  const char *first = pl_view_state_get_model_name (self->state);
  const char *second = pl_view_state_get_second_name (self->state);

  switch (row)
    {
    case ROW_TRUTH:
      return g_markup_escape_text (_ ("Ground truth"), -1);
    case ROW_FIRST:
      return g_markup_printf_escaped ("<span color='#%06x'>■</span> A %s",
                                      pl_label_rgb (PL_PREDICTION_RGB, 1),
                                      first == NULL ? "" : first);
    case ROW_SECOND:
      return g_markup_printf_escaped ("<span color='#%06x'>■</span> B %s", PL_SECOND_RGB,
                                      second == NULL ? "" : second);
    case ROW_BETWEEN:
      return g_markup_printf_escaped ("<span color='#%06x'>■</span> %s", PL_AGREEMENT_RGB,
                                      _ ("A against B"));
    case N_ROWS:
    default:
      g_assert_not_reached ();
    }
}

static void
describe (PlCompareModels *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (Row row = 0; row < N_PAIRS; row++)
    for (Scope scope = 0; scope < N_SCOPES; scope++)
      if (get_comparison (self, scope, row) != NULL)
        {
          g_string_append_printf (text, "%s%s:", text->len > 0 ? ". " : "",
                                  gtk_label_get_text (self->names[row]));
          for (Figure figure = 0; figure < N_FIGURES; figure++)
            g_string_append_printf (text, "%s %s %s", figure > 0 ? "," : "",
                                    gtk_label_get_text (self->headings[scope][figure]),
                                    gtk_label_get_text (self->cells[scope][row][figure]));
        }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

/* A case of one slice is told by its slice. */
static gboolean
is_scope_shown (PlCompareModels *self, Scope scope)
{
  return scope == SCOPE_SLICE || pl_view_state_get_n_slices (self->state) != 1;
}

static void
show_scope (PlCompareModels *self, Scope scope)
{
  gboolean is_shown = is_scope_shown (self, scope);

  for (Figure figure = 0; figure < N_FIGURES; figure++)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->headings[scope][figure]), is_shown);
      for (Row row = 0; row < N_ROWS; row++)
        {
          g_autofree char *text = dup_cell (self, scope, row, figure);

          gtk_label_set_text (self->cells[scope][row][figure], text);
          gtk_widget_set_visible (GTK_WIDGET (self->cells[scope][row][figure]), is_shown);
        }
    }
}

static void
show_figures (PlCompareModels *self)
{
  for (Row row = 0; row < N_ROWS; row++)
    {
      g_autofree char *name = dup_name (self, row);

      gtk_label_set_markup (self->names[row], name);
    }
  for (Scope scope = 0; scope < N_SCOPES; scope++)
    show_scope (self, scope);
  describe (self);
}

static void
update_scope (PlCompareModels *self, Scope scope)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && is_scope_shown (self, scope))
    for (Row row = 0; row < N_PAIRS; row++)
      pl_mask_pair_update (self->pairs[scope][row]);
}

static void
update_slice (PlCompareModels *self)
{
  update_scope (self, SCOPE_SLICE);
}

static void
forget (PlCompareModels *self)
{
  for (Scope scope = 0; scope < N_SCOPES; scope++)
    for (Row row = 0; row < N_PAIRS; row++)
      pl_mask_pair_forget (self->pairs[scope][row]);
}

/* Masks that nobody looks at are not kept. */
static void
update (PlCompareModels *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    forget (self);
  for (Scope scope = 0; scope < N_SCOPES; scope++)
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
  static const PlMaskKind kinds[N_PAIRS][2] = {
    [ROW_FIRST] = { PL_MASK_PREDICTION, PL_MASK_TRUTH },
    [ROW_SECOND] = { PL_MASK_SECOND, PL_MASK_TRUTH },
    [ROW_BETWEEN] = { PL_MASK_PREDICTION, PL_MASK_SECOND },
  };

  g_return_if_fail (PL_IS_COMPARE_MODELS (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  for (Scope scope = 0; scope < N_SCOPES; scope++)
    for (Row row = 0; row < N_PAIRS; row++)
      {
        PlMaskPair *pair =
            pl_mask_pair_new (state, kinds[row][0], kinds[row][1], scope == SCOPE_SLICE);

        self->pairs[scope][row] = pair;
        g_signal_connect_object (pair, "changed", G_CALLBACK (show_figures), self,
                                 G_CONNECT_SWAPPED);
      }
  watch (self, "notify::volume", volume_changed_cb);
  watch (self, "notify::slice", update_slice);
  watch (self, "notify::truth", update);
  watch (self, "notify::prediction", update);
  watch (self, "notify::second", update);
  watch (self, "notify::preview", update_slice);
  watch (self, "notify::label-colours", show_figures);
  watch (self, "notify::model-name", show_figures);
  watch (self, "notify::second-name", show_figures);
  show_figures (self);
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

static void
fill_scope (PlCompareModels *self, Scope scope)
{
  for (Figure figure = 0; figure < N_FIGURES; figure++)
    {
      g_autofree char *heading = dup_heading (scope, figure);
      int column = 1 + (int) scope * N_FIGURES + (int) figure;

      self->headings[scope][figure] = pl_figure_add_label (self->grid, 0, column, heading);
      for (Row row = 0; row < N_ROWS; row++)
        self->cells[scope][row][figure] =
            pl_figure_add_label (self->grid, 1 + (int) row, column, "");
    }
}

static void
pl_compare_models_dispose (GObject *object)
{
  PlCompareModels *self = PL_COMPARE_MODELS (object);

  for (Scope scope = 0; scope < N_SCOPES; scope++)
    for (Row row = 0; row < N_PAIRS; row++)
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
  for (Row row = 0; row < N_ROWS; row++)
    {
      self->names[row] = pl_figure_add_label (self->grid, 1 + (int) row, 0, "");
      gtk_label_set_ellipsize (self->names[row], PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_max_width_chars (self->names[row], 24);
    }
  for (Scope scope = 0; scope < N_SCOPES; scope++)
    fill_scope (self, scope);
}
