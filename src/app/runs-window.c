/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list is read in a worker, whole: sorting and searching need all of it. */
#include "app/runs-window-private.h"

#include "app/run-facts.h"
#include "app/run-table.h"

#include "train/experiment-list.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (PlRunsWindow, pl_runs_window, ADW_TYPE_APPLICATION_WINDOW)

/* By title, data set and how it ended. */
static gboolean
matches_cb (gpointer item, gpointer data)
{
  PlRunsWindow *self = data;
  const PlRunInfo *info = pl_run_item_get_info (item);
  g_autofree char *dataset = pl_run_dup_dataset (info);
  g_autofree char *outcome = pl_run_dup_outcome (info);
  g_autofree char *text = g_strjoin (" ", info->title, dataset, outcome, NULL);
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *wanted =
      g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), -1);

  return strstr (folded, wanted) != NULL;
}

static void
search_changed_cb (PlRunsWindow *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
selection_changed_cb (PlRunsWindow *self)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  guint n = g_list_model_get_n_items (model);

  g_ptr_array_set_size (self->selected, 0);
  for (guint i = 0; i < n; i++)
    if (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), i))
      g_ptr_array_add (self->selected, g_list_model_get_item (model, i));
  pl_runs_window_show_details (self);
  pl_runs_window_update_actions (self);
}

static void
make_list (PlRunsWindow *self)
{
  GtkFilterListModel *searched;
  GtkSortListModel *sorted;
  GtkColumnViewColumn *date = pl_run_table_add_columns (self->list);

  self->filter = GTK_FILTER (gtk_custom_filter_new (matches_cb, self, NULL));
  searched = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->runs)),
                                        g_object_ref (self->filter));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (searched),
                                    g_object_ref (gtk_column_view_get_sorter (self->list)));
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (sorted));
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (selection_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (selection_changed_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  gtk_column_view_sort_by_column (self->list, date, GTK_SORT_DESCENDING);
}

static gboolean
is_deleted (PlRunsWindow *self, const PlRunInfo *info)
{
  for (guint i = 0; i < self->deleted->len; i++)
    if (g_str_equal (pl_run_item_get_info (self->deleted->pdata[i])->folder, info->folder))
      return TRUE;
  return FALSE;
}

static void
select_first (PlRunsWindow *self)
{
  if (self->selected->len == 0)
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), 0, TRUE);
}

static void
select_wanted (PlRunsWindow *self)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (self->selection);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (selection));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlRunItem) item = g_list_model_get_item (G_LIST_MODEL (selection), i);
      const char *folder = pl_run_item_get_info (item)->folder;

      if (g_ptr_array_find_with_equal_func (self->wanted, folder, g_str_equal, NULL))
        gtk_selection_model_select_item (selection, i, FALSE);
    }
  select_first (self);
}

/* What is found is chosen by the keys that come next. */
static void
search_done_cb (PlRunsWindow *self)
{
  select_first (self);
  pl_runs_window_focus_list (self);
}

static void
search_stopped_cb (PlRunsWindow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  search_done_cb (self);
}

/* What a run has to show: the results of an experiment, else the masks of its epochs. */
static void
activated_cb (PlRunsWindow *self)
{
  const char *action = pl_runs_window_get_experiment (self) != NULL ? "show-results" : "look-back";

  if (g_action_group_get_action_enabled (G_ACTION_GROUP (self), action))
    g_action_group_activate_action (G_ACTION_GROUP (self), action, NULL);
  else
    gtk_widget_error_bell (GTK_WIDGET (self));
}

/* Takes what the worker has read. */
static void
show_runs (PlRunsWindow *self, GPtrArray *infos)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean is_first = g_str_equal (gtk_stack_get_visible_child_name (self->pages), "reading");
  gboolean has_focus = is_first || pl_runs_window_list_has_focus (self);

  for (guint i = 0; i < infos->len; i++)
    {
      g_autoptr (PlRunItem) item = pl_run_item_new_take (infos->pdata[i]);

      if (!is_deleted (self, pl_run_item_get_info (item)))
        g_ptr_array_add (items, g_steal_pointer (&item));
    }
  g_ptr_array_set_free_func (infos, NULL);
  g_list_store_splice (self->runs, 0, g_list_model_get_n_items (G_LIST_MODEL (self->runs)),
                       items->pdata, items->len);
  gtk_stack_set_visible_child_name (self->pages, items->len > 0 ? "list" : "empty");
  select_wanted (self);
  if (has_focus)
    pl_runs_window_focus_list (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlRunsWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->loading != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->loading);
  pl_runs_window_set_state (self, "loading", g_variant_new_boolean (FALSE));
  if (infos != NULL)
    show_runs (self, infos);
  pl_runs_window_report (self, _ ("The runs cannot be listed"), error);
}

/* Runs, and experiments as what their runs belong to. */
static GPtrArray *
list_all (const char *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) experiments = pl_experiment_list (folder, cancellable, error);
  GPtrArray *runs = experiments != NULL ? pl_run_list (folder, cancellable, error) : NULL;

  if (runs == NULL)
    return NULL;
  g_ptr_array_set_free_func (experiments, NULL);
  g_ptr_array_extend (runs, experiments, NULL, NULL);
  return runs;
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *infos = list_all (data, cancellable, &error);

  if (infos != NULL)
    g_task_return_pointer (task, infos, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
pl_runs_window_load (PlRunsWindow *self, const char *select)
{
  g_autoptr (GTask) task = NULL;

  g_clear_pointer (&self->wanted, g_ptr_array_unref);
  self->wanted = g_ptr_array_new_with_free_func (g_free);
  if (select != NULL)
    g_ptr_array_add (self->wanted, g_strdup (select));
  for (guint i = 0; i < self->selected->len && select == NULL; i++)
    g_ptr_array_add (self->wanted,
                     g_strdup (pl_run_item_get_info (self->selected->pdata[i])->folder));
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  pl_runs_window_set_state (self, "loading", g_variant_new_boolean (TRUE));
  task = g_task_new (NULL, self->loading, loaded_cb, g_object_ref (self));
  g_task_set_task_data (task, g_strdup (self->folder), g_free);
  g_task_run_in_thread (task, load_thread);
}

void
pl_runs_window_set_state (PlRunsWindow *self, const char *action, GVariant *state)
{
  g_simple_action_set_state (
      G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), action)), state);
}

const PlRunInfo *
pl_runs_window_get_run (PlRunsWindow *self)
{
  return self->selected->len == 1 ? pl_run_item_get_info (self->selected->pdata[0]) : NULL;
}

/* A training of the main window that ends or begins changes the list. */
static void
training_changed_cb (PlRunsWindow *self)
{
  pl_runs_window_load (self, NULL);
  pl_runs_window_update_actions (self);
}

static void
owner_gone_cb (gpointer data, GObject *owner)
{
  PL_RUNS_WINDOW (data)->owner = NULL;
}

PlRunsWindow *
pl_runs_window_new (PlAppWindow *owner)
{
  PlRunsWindow *self = g_object_new (PL_TYPE_RUNS_WINDOW, "application",
                                     gtk_window_get_application (GTK_WINDOW (owner)), NULL);

  self->owner = owner;
  g_object_weak_ref (G_OBJECT (owner), owner_gone_cb, self);
  g_signal_connect_object (owner, "action-state-changed::training-state",
                           G_CALLBACK (training_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (owner, "destroy", G_CALLBACK (gtk_window_destroy), self,
                           G_CONNECT_SWAPPED);
  pl_runs_window_load (self, NULL);
  return self;
}

static void
pl_runs_window_dispose (GObject *object)
{
  PlRunsWindow *self = PL_RUNS_WINDOW (object);

  pl_runs_window_stop_replay (self);
  if (self->owner != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->owner, self); /* a worker may still hold this */
      g_object_weak_unref (G_OBJECT (self->owner), owner_gone_cb, self);
    }
  self->owner = NULL;
  pl_runs_window_empty_deleted (self);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
  if (self->menu != NULL) /* it would give the list the focus once more */
    g_signal_handlers_disconnect_by_data (self->menu, self);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  if (self->selection != NULL) /* the list sorts once more as it loses its columns */
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->runs);

  G_OBJECT_CLASS (pl_runs_window_parent_class)->dispose (object);
}

static void
pl_runs_window_finalize (GObject *object)
{
  PlRunsWindow *self = PL_RUNS_WINDOW (object);

  g_free (self->folder);
  g_ptr_array_unref (self->selected);
  g_ptr_array_unref (self->deleted);
  g_clear_pointer (&self->wanted, g_ptr_array_unref);
  g_array_unref (self->dice_curves);
  g_array_unref (self->loss_curves);

  G_OBJECT_CLASS (pl_runs_window_parent_class)->finalize (object);
}

static void
pl_runs_window_class_init (PlRunsWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pl_runs_window_dispose;
  object_class->finalize = pl_runs_window_finalize;

  g_type_ensure (PL_TYPE_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/runs-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, run_menu);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, list);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, title_label);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, dice_plot);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, loss_plot);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, results_button);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, facts_grid);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, work_revealer);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, work_label);
  gtk_widget_class_bind_template_child (widget_class, PlRunsWindow, work_progress);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_done_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  pl_runs_window_bind_keys (widget_class);
}

static void
pl_runs_window_init (PlRunsWindow *self)
{
  self->folder = pl_run_default_folder ();
  self->runs = g_list_store_new (PL_TYPE_RUN_ITEM);
  self->selected = g_ptr_array_new_with_free_func (g_object_unref);
  self->deleted = g_ptr_array_new_with_free_func (g_object_unref);
  self->dice_curves = g_array_new (FALSE, FALSE, sizeof (int));
  self->loss_curves = g_array_new (FALSE, FALSE, sizeof (int));
  gtk_widget_init_template (GTK_WIDGET (self));
  pl_plot_set_title (self->dice_plot, _ ("Dice"));
  pl_plot_set_range (self->dice_plot, 0, 1);
  pl_plot_set_title (self->loss_plot, _ ("Loss"));
  pl_plot_link (self->dice_plot, self->loss_plot);
  pl_runs_window_add_actions (self);
  make_list (self);
  pl_runs_window_add_menu (self);
  selection_changed_cb (self);
}
