/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the case list: order, filter, and what is taken from it. A case that is removed
 * leaves the data set of the window, so it is neither trained on nor predicted; its files stay as
 * they are. Removals are undone last first, so that positions fit.
 */
#include "app/window-private.h"

#include "app/properties-window.h"

#include <glib/gi18n.h>

static void
removed_free (gpointer data)
{
  PlRemovedCase *removed = data;

  g_object_unref (removed->item);
  g_clear_pointer (&removed->source, pl_case_free);
  g_free (removed);
}

static void
change_sort_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlCaseSort sort;

  if (!pl_case_sort_from_name (g_variant_get_string (state, NULL), &sort))
    return;
  g_simple_action_set_state (action, state);
  pl_case_list_set_sort (PL_APP_WINDOW (data)->case_list, sort);
  pl_app_window_measure_cases (data);
}

static void
change_filter_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlCaseFilter filter;

  if (!pl_case_filter_from_name (g_variant_get_string (state, NULL), &filter))
    return;
  g_simple_action_set_state (action, state);
  pl_case_list_set_filter (PL_APP_WINDOW (data)->case_list, filter);
}

/* A training has a copy. */
void
pl_app_window_tell_of_cases (PlAppWindow *self)
{
  if (self->trainer == NULL)
    pl_train_panel_set_dataset (self->train_panel, self->dataset);
  else
    pl_train_setup_set_dataset (pl_train_panel_get_setup (self->train_panel), self->dataset);
  pl_app_window_update_check (self);
  pl_app_window_update_title (self);
  pl_app_window_update_actions (self);
}

/* (nullable) (transfer none): what is shown when @item goes. */
static PlCaseItem *
find_successor (PlAppWindow *self, PlCaseItem *item)
{
  PlCaseItem *next = pl_case_list_neighbour (self->case_list, item, 1);

  if (next == NULL)
    next = pl_case_list_neighbour (self->case_list, item, -1);
  return next == item ? NULL : next;
}

/* The next case comes into view if it was in view itself. */
void
pl_app_window_remove_case (PlAppWindow *self, PlCaseItem *item)
{
  PlRemovedCase *removed;
  guint position;
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;

  if (!g_list_store_find (self->cases, item, &position))
    return;
  removed = g_new0 (PlRemovedCase, 1);
  removed->item = g_object_ref (item);
  removed->position = position;
  if (item == self->current)
    pl_app_window_show_case (self, find_successor (self, item));
  removed->source = pl_dataset_take_case (self->dataset, position);
  g_list_store_remove (self->cases, position);
  g_ptr_array_add (self->removed, removed);
  pl_app_window_note_removal (self, item);
  pl_app_window_tell_of_cases (self);

  g_object_get (item, "title", &title, NULL);
  /* Translators: %s is a case. */
  text = g_strdup_printf (_ ("“%s” was removed from the list"), title);
  pl_app_window_offer (self, text, _ ("_Undo"), "win.restore-case");
}

static void
remove_case_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  g_autoptr (PlCaseItem) item = g_object_ref (self->current);

  pl_app_window_remove_case (self, item);
}

void
pl_app_window_restore_case (PlAppWindow *self)
{
  PlRemovedCase *removed;

  if (self->removed->len == 0)
    return;
  removed = g_ptr_array_steal_index (self->removed, self->removed->len - 1);
  pl_dataset_put_case (self->dataset, removed->position, g_steal_pointer (&removed->source));
  g_list_store_insert (self->cases, removed->position, removed->item);
  pl_app_window_note_return (self, removed->item);
  pl_app_window_tell_of_cases (self);
  pl_app_window_show_case (self, removed->item);
  removed_free (removed);
}

static void
restore_case_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_restore_case (data);
}

/* What is in view need not be read again. */
static void
case_properties_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  gboolean is_loaded = self->volume_is_current && self->n_loads == 0;
  PlVolume *volume = is_loaded ? pl_view_state_get_volume (self->state) : NULL;

  gtk_window_present (
      pl_properties_window_new (GTK_WINDOW (self), self->current, volume, self->state));
}

static const GActionEntry entries[] = {
  { "case-sort", NULL, "s", "'name'", change_sort_cb },
  { "case-filter", NULL, "s", "'all'", change_filter_cb },
  { "case-properties", case_properties_cb },
  { "remove-case", remove_case_cb },
  { "restore-case", restore_case_cb },
};

void
pl_app_window_add_cases_actions (PlAppWindow *self)
{
  self->removed = g_ptr_array_new_with_free_func (removed_free);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

static void
enable (PlAppWindow *self, const char *action, gboolean enabled)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self), action);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (found), enabled);
}

void
pl_app_window_update_cases_actions (PlAppWindow *self)
{
  gboolean is_opening = self->opening.cancellable != NULL;

  enable (self, "case-properties", self->current != NULL && !is_opening);
  enable (self, "remove-case", self->current != NULL && !is_opening);
  enable (self, "restore-case", self->removed->len > 0 && !is_opening);
}

void
pl_app_window_reset_cases (PlAppWindow *self)
{
  g_ptr_array_set_size (self->removed, 0);
  pl_volume_cache_clear (self->volumes);
  pl_app_window_stop_measuring (self);
  g_action_group_change_action_state (G_ACTION_GROUP (self), "case-filter",
                                      g_variant_new_string ("all"));
  pl_app_window_clear_undo (self);
}
