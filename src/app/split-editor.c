/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The draft is the truth; rows, numbers and buttons are brought in line with it after each step,
 * which takes some milliseconds for 5,000 cases. */
#include "app/split-editor-private.h"

#include "app/split-editor-table.h"
#include "train/split.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (PlSplitEditor, pl_split_editor, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const PlGroup counted[PL_SPLIT_N_COUNTS] = { PL_GROUP_TRAIN, PL_GROUP_VALIDATION,
                                                    PL_GROUP_TEST, PL_GROUP_IGNORE, PL_GROUP_NONE };

const PlDataset *
pl_split_editor_get_dataset (PlSplitEditor *self)
{
  g_return_val_if_fail (PL_IS_SPLIT_EDITOR (self), NULL);

  return pl_split_draft_get_dataset (self->draft);
}

void
pl_split_editor_choose (PlSplitEditor *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0);
}

void
pl_split_editor_toast (PlSplitEditor *self, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

void
pl_split_editor_complain (PlSplitEditor *self, const char *text)
{
  gtk_label_set_text (self->trouble_label, text);
  gtk_info_bar_set_revealed (self->trouble, TRUE);
}

void
pl_split_editor_enable (PlSplitEditor *self, const char *action, gboolean enabled)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self->actions), action);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (found), enabled);
}

GArray *
pl_split_editor_list_selected (PlSplitEditor *self)
{
  GArray *cases = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (self->selection);
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr (PlSplitRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
      guint index = pl_split_row_get_index (row);

      g_array_append_val (cases, index);
    }
  return cases;
}

/* "120 patients, 136 cases, 300 slices" in parts, since each has its own plural. */
static char *
dup_counts (const PlSplitCounts *counts, int all_slices)
{
  g_autofree char *patients = g_strdup_printf (
      ngettext ("%d patient", "%d patients", (gulong) counts->patients), counts->patients);
  g_autofree char *cases =
      g_strdup_printf (ngettext ("%d case", "%d cases", (gulong) counts->cases), counts->cases);
  g_autofree char *slices =
      g_strdup_printf (ngettext ("%d slice", "%d slices", (gulong) counts->slices), counts->slices);

  /* Translators: what a part has: patients, cases, slices, and its share of all slices. */
  return g_strdup_printf (_ ("%s, %s\n%s (%.1f %%)"), patients, cases, slices,
                          all_slices > 0 ? 100.0 * counts->slices / all_slices : 0.0);
}

static void
update_counts (PlSplitEditor *self)
{
  PlSplitCounts counts[PL_SPLIT_N_COUNTS];
  int all_slices = 0;

  for (int i = 0; i < PL_SPLIT_N_COUNTS; i++)
    {
      counts[i] = pl_split_draft_count (self->draft, counted[i]);
      all_slices += counts[i].slices;
    }
  for (int i = 0; i < PL_SPLIT_N_COUNTS; i++)
    {
      g_autofree char *text = dup_counts (&counts[i], all_slices);
      GtkWidget *child =
          gtk_widget_get_ancestor (GTK_WIDGET (self->counts_labels[i]), GTK_TYPE_FLOW_BOX_CHILD);

      gtk_label_set_text (self->counts_labels[i], text);
      gtk_widget_set_visible (child, counted[i] != PL_GROUP_NONE || counts[i].cases > 0);
    }
}

static void
update_rows (PlSplitEditor *self)
{
  const PlDataset *dataset = pl_split_draft_get_dataset (self->draft);
  gboolean has_new_patients = FALSE;

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      g_autoptr (PlSplitRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      has_new_patients |= pl_split_row_update (row, g_ptr_array_index (dataset->cases, i));
    }
  if (has_new_patients)
    gtk_sorter_changed (gtk_column_view_column_get_sorter (self->patients),
                        GTK_SORTER_CHANGE_DIFFERENT);
}

static void
update_apart (PlSplitEditor *self)
{
  gboolean are_apart = pl_split_draft_get_dataset (self->draft)->cases_apart;

  self->is_updating = TRUE;
  gtk_switch_set_active (self->apart_switch, are_apart);
  self->is_updating = FALSE;
  gtk_label_set_text (self->apart_label,
                      are_apart
                          ? _ ("The cases of a patient are apart: images of one patient look "
                               "alike, so a test on a patient that was trained on promises too "
                               "much.")
                          : _ ("The cases of a patient stay together; switch on to treat them "
                               "apart"));
  if (are_apart)
    gtk_widget_add_css_class (GTK_WIDGET (self->apart_label), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->apart_label), "warning");
}

static void
update_selected (PlSplitEditor *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (self->selection);
  gboolean has_selected = !gtk_bitset_is_empty (selected);

  pl_split_editor_enable (self, "move", has_selected);
  gtk_widget_set_sensitive (GTK_WIDGET (self->patient_button), has_selected);
}

void
pl_split_editor_update (PlSplitEditor *self)
{
  gboolean is_changed = pl_split_draft_is_changed (self->draft);

  update_rows (self);
  update_counts (self);
  update_apart (self);
  update_selected (self);
  pl_split_editor_update_pairs (self);
  pl_split_editor_enable (self, "undo", pl_split_draft_can_undo (self->draft));
  pl_split_editor_enable (self, "redo", pl_split_draft_can_redo (self->draft));
  pl_split_editor_enable (self, "save",
                          !self->is_saving && (is_changed || !self->is_saved) &&
                              pl_split_draft_count (self->draft, PL_GROUP_TRAIN).cases > 0);
  adw_window_title_set_subtitle (self->title, is_changed ? _ ("Not saved yet") : "");
}

static void
search_changed_cb (PlSplitEditor *self)
{
  gtk_string_filter_set_search (self->filter, gtk_editable_get_text (self->search));
}

static void
patient_activated_cb (PlSplitEditor *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->patient_entry)));

  if (name[0] == '\0')
    return;
  gtk_menu_button_popdown (self->patient_button);
  pl_split_editor_set_patient (self, name);
}

static void
n_folds_changed_cb (PlSplitEditor *self)
{
  gtk_spin_button_set_range (self->fold, 1, gtk_spin_button_get_value (self->n_folds));
}

static void
apart_changed_cb (PlSplitEditor *self)
{
  if (self->is_updating)
    return;
  pl_split_draft_set_apart (self->draft, gtk_switch_get_active (self->apart_switch));
  pl_split_editor_update (self);
}

static void
trouble_response_cb (PlSplitEditor *self)
{
  gtk_info_bar_set_revealed (self->trouble, FALSE);
}

static gboolean
close_request_cb (GtkWindow *window)
{
  PlSplitEditor *self = PL_SPLIT_EDITOR (window);

  if (!pl_split_editor_may_close (self))
    return GDK_EVENT_STOP;
  pl_split_editor_stop_finding (self);
  return GTK_WINDOW_CLASS (pl_split_editor_parent_class)->close_request (window);
}

/* The menu is for what is selected: a row that is not becomes so, alone. */
static void
open_menu (PlSplitRow *row, GtkWidget *button, gpointer data)
{
  PlSplitEditor *self = data;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  graphene_rect_t bounds;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlSplitRow) other = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (other == row && !gtk_selection_model_is_selected (self->selection, i))
        gtk_selection_model_select_item (self->selection, i, TRUE);
    }
  if (!gtk_widget_compute_bounds (button, gtk_widget_get_parent (self->menu), &bounds))
    return;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y,
                                                (int) bounds.size.width,
                                                (int) bounds.size.height });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
add_counts (PlSplitEditor *self)
{
  for (int i = 0; i < PL_SPLIT_N_COUNTS; i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      GtkWidget *heading = gtk_label_new (pl_split_group_label (counted[i]));
      GtkWidget *numbers = gtk_label_new (NULL);

      gtk_widget_add_css_class (heading, "heading");
      gtk_widget_add_css_class (numbers, "numeric");
      gtk_label_set_xalign (GTK_LABEL (heading), 0);
      gtk_label_set_xalign (GTK_LABEL (numbers), 0);
      gtk_box_append (GTK_BOX (box), heading);
      gtk_box_append (GTK_BOX (box), numbers);
      gtk_flow_box_insert (self->counts, box, -1);
      gtk_widget_set_focusable (gtk_widget_get_parent (box), FALSE);
      self->counts_labels[i] = GTK_LABEL (numbers);
    }
}

static void
add_table (PlSplitEditor *self)
{
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;

  self->patients = pl_split_table_add_columns (self->table, open_menu, self);
  self->filter =
      gtk_string_filter_new (gtk_property_expression_new (PL_TYPE_SPLIT_ROW, NULL, "key"));
  filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->rows)),
                                        GTK_FILTER (g_object_ref (self->filter)));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered),
                                    g_object_ref (gtk_column_view_get_sorter (self->table)));
  self->selection = GTK_SELECTION_MODEL (gtk_multi_selection_new (G_LIST_MODEL (sorted)));
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (update_selected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (update_selected), self,
                           G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->table, self->selection);
}

static gboolean
has_groups (const PlDataset *dataset)
{
  return pl_split_count (dataset, PL_GROUP_TRAIN) + pl_split_count (dataset, PL_GROUP_VALIDATION) +
             pl_split_count (dataset, PL_GROUP_TEST) >
         0;
}

/* Cases that were never dealt are shown as the next training would deal them. */
static void
fill (PlSplitEditor *self, const PlDataset *dataset, const double shares[3], guint64 seed)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (PlDataset) dealt = pl_dataset_copy (dataset);

  if (!has_groups (dealt))
    pl_split_assign (dealt, shares, seed, NULL);
  self->draft = pl_split_draft_new (dealt);
  self->is_saved = dataset->has_split;
  for (guint i = 0; i < dataset->cases->len; i++)
    g_ptr_array_add (rows, pl_split_row_new (g_ptr_array_index (dealt->cases, i), i));
  g_list_store_splice (self->rows, 0, 0, rows->pdata, rows->len);
}

static void
show_shares (PlSplitEditor *self, const double shares[3], guint64 seed)
{
  double sum = shares[0] + shares[1] + shares[2];

  gtk_spin_button_set_value (self->train_share, 100 * shares[0] / sum);
  gtk_spin_button_set_value (self->validation_share, 100 * shares[1] / sum);
  gtk_spin_button_set_value (self->test_share, 100 * shares[2] / sum);
  gtk_spin_button_set_value (self->seed, (double) seed);
}

GtkWindow *
pl_split_editor_new (GtkWindow *parent,
                     const PlDataset *dataset,
                     const double shares[3],
                     guint64 seed)
{
  PlSplitEditor *self = g_object_new (PL_TYPE_SPLIT_EDITOR, "transient-for", parent, NULL);

  fill (self, dataset, shares, seed);
  show_shares (self, shares, seed);
  pl_split_editor_update (self);
  if (dataset->split_problem != NULL)
    pl_split_editor_complain (self, dataset->split_problem);
  return GTK_WINDOW (self);
}

static void
pl_split_editor_dispose (GObject *object)
{
  PlSplitEditor *self = PL_SPLIT_EDITOR (object);

  pl_split_editor_stop_finding (self);
  g_clear_handle_id (&self->close_source, g_source_remove);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->rows);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (pl_split_editor_parent_class)->dispose (object);
}

static void
pl_split_editor_finalize (GObject *object)
{
  PlSplitEditor *self = PL_SPLIT_EDITOR (object);

  g_clear_pointer (&self->pairs, g_array_unref);
  pl_split_draft_free (self->draft);

  G_OBJECT_CLASS (pl_split_editor_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, toasts);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, title);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, trouble);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, counts);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, table);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, search);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, deal_button);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, patient_button);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, patient_entry);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, train_share);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, validation_share);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, test_share);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, fold_check);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, fold);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, n_folds);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, seed);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, apart_switch);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, apart_label);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, pairs_progress);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, pairs_label);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, show_pairs_button);
  gtk_widget_class_bind_template_child (widget_class, PlSplitEditor, move_menu);
}

static void
pl_split_editor_class_init (PlSplitEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pl_split_editor_dispose;
  object_class->finalize = pl_split_editor_finalize;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", PL_TYPE_SPLIT_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/split-editor.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, patient_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, n_folds_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, apart_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, trouble_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "split.undo",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "split.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "split.save",
                                       NULL);
}

static void
pl_split_editor_init (PlSplitEditor *self)
{
  self->actions = g_simple_action_group_new ();
  self->rows = g_list_store_new (PL_TYPE_SPLIT_ROW);
  pl_split_editor_add_actions (self);
  pl_split_editor_add_file_actions (self);
  pl_split_editor_add_pairs_actions (self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "split", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));

  self->menu = gtk_popover_menu_new_from_model (self->move_menu);
  /* A box places its popovers, a table does not. */
  gtk_widget_set_parent (self->menu,
                         gtk_widget_get_ancestor (GTK_WIDGET (self->table), GTK_TYPE_BOX));
  add_counts (self);
  add_table (self);
}
