/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run that is deleted leaves the list at once, and its folder goes to the trash later, when the
 * toast with Undo is gone. An experiment takes its trainings along. */
#include "app/runs-window-private.h"

#include "app/toast.h"

#include <glib/gi18n.h>

static void
trash_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GFile) folder = g_file_new_for_path (data);
  GError *error = NULL;

  if (g_file_trash (folder, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* What cannot go to the trash comes back. */
static void
trashed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlRunsWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error) || self->owner == NULL)
    return;
  pl_runs_window_report (self, _ ("The run cannot be moved to the trash"), error);
  pl_runs_window_load (self, NULL);
}

static void
trash (PlRunsWindow *self, PlRunItem *item)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, trashed_cb, g_object_ref (self));

  g_task_set_task_data (task, g_strdup (pl_run_item_get_info (item)->folder), g_free);
  g_task_run_in_thread (task, trash_thread);
}

/* Its experiment goes, and takes it along. */
static gboolean
goes_with_another (GPtrArray *deleted, const PlRunInfo *run)
{
  for (guint i = 0; i < deleted->len; i++)
    if (pl_run_is_part_of (run, pl_run_item_get_info (deleted->pdata[i])))
      return TRUE;
  return FALSE;
}

/* The toast is gone, and with it the way back. */
static void
dismissed_cb (PlRunsWindow *self, AdwToast *toast)
{
  g_autoptr (GPtrArray) deleted = NULL;

  if (toast != self->delete_toast)
    return;
  g_clear_object (&self->delete_toast);
  deleted = g_steal_pointer (&self->deleted);
  self->deleted = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < deleted->len; i++)
    if (!goes_with_another (deleted, pl_run_item_get_info (deleted->pdata[i])))
      trash (self, deleted->pdata[i]);
  pl_runs_window_update_actions (self);
}

/* The window goes, and nobody would hear of a failure: the folder then stays, and is listed again.
 */
void
pl_runs_window_empty_deleted (PlRunsWindow *self)
{
  g_clear_object (&self->delete_toast);
  for (guint i = 0; i < self->deleted->len; i++)
    {
      const PlRunInfo *run = pl_run_item_get_info (self->deleted->pdata[i]);
      g_autoptr (GFile) folder = g_file_new_for_path (run->folder);

      if (!goes_with_another (self->deleted, run) && !g_file_trash (folder, NULL, NULL))
        g_debug ("%s: not moved to the trash", run->folder);
    }
  g_ptr_array_set_size (self->deleted, 0);
}

static void
remove_item (PlRunsWindow *self, PlRunItem *item)
{
  guint position;

  if (g_list_store_find (self->runs, item, &position))
    g_list_store_remove (self->runs, position);
  g_ptr_array_add (self->deleted, g_object_ref (item));
}

/* (transfer full) (element-type PlRunItem): the selected ones, and the trainings of experiments. */
static GPtrArray *
list_to_delete (PlRunsWindow *self)
{
  GPtrArray *gone = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->runs));

  for (guint i = 0; i < self->selected->len; i++)
    g_ptr_array_add (gone, g_object_ref (self->selected->pdata[i]));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlRunItem) item = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (goes_with_another (self->selected, pl_run_item_get_info (item)) &&
          !g_ptr_array_find (gone, item, NULL))
        g_ptr_array_add (gone, g_steal_pointer (&item));
    }
  return gone;
}

/* What stands where the first one stood. */
static void
select_next (PlRunsWindow *self, guint position)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  if (n > 0)
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), MIN (position, n - 1),
                                     TRUE);
}

static guint
find_first_selected (PlRunsWindow *self)
{
  g_autoptr (GtkBitset) selected =
      gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  return gtk_bitset_get_minimum (selected);
}

void
pl_runs_window_delete (PlRunsWindow *self)
{
  g_autoptr (GPtrArray) gone = list_to_delete (self);
  guint n_selected = self->selected->len;
  guint position = find_first_selected (self);
  gboolean has_focus = pl_runs_window_list_has_focus (self);
  g_autofree char *text = NULL;
  AdwToast *toast;

  if (n_selected == 0)
    return;
  text = n_selected == 1
             ? g_strdup_printf (_ ("“%s” deleted"), pl_run_item_get_info (gone->pdata[0])->title)
             : g_strdup_printf (ngettext ("%u run deleted", "%u runs deleted", n_selected),
                                n_selected);
  if (self->delete_toast != NULL)
    adw_toast_dismiss (self->delete_toast);
  for (guint i = 0; i < gone->len; i++)
    remove_item (self, gone->pdata[i]);
  toast = pl_toast_new (text);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, "win.undo-delete");
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (dismissed_cb), self, G_CONNECT_SWAPPED);
  self->delete_toast = g_object_ref (toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->runs)) == 0)
    gtk_stack_set_visible_child_name (self->pages, "empty");
  select_next (self, position);
  if (has_focus)
    pl_runs_window_focus_list (self);
  pl_runs_window_update_actions (self);
}

/* They are selected again, but for the trainings that an experiment had taken along. */
void
pl_runs_window_undo_delete (PlRunsWindow *self)
{
  g_autoptr (GPtrArray) back = g_steal_pointer (&self->deleted);
  g_autoptr (AdwToast) toast = g_steal_pointer (&self->delete_toast);
  g_autoptr (GPtrArray) folders = g_ptr_array_new ();

  self->deleted = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < back->len; i++)
    {
      const PlRunInfo *run = pl_run_item_get_info (back->pdata[i]);

      g_list_store_append (self->runs, back->pdata[i]);
      if (!goes_with_another (back, run))
        g_ptr_array_add (folders, run->folder);
    }
  gtk_stack_set_visible_child_name (self->pages, "list");
  g_action_group_activate_action (
      G_ACTION_GROUP (self), "select-runs",
      g_variant_new_strv ((const char *const *) folders->pdata, folders->len));
  if (toast != NULL)
    adw_toast_dismiss (toast);
  pl_runs_window_update_actions (self);
}
