/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The split editor's place in the window: what is chosen there becomes the split of the window's
 * data set, which may have lost cases, or be another one, since the editor was opened.
 */
#include "app/window-private.h"

#include "app/split-editor.h"

static GHashTable *
index_cases (const PlDataset *dataset)
{
  GHashTable *by_name = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *source = g_ptr_array_index (dataset->cases, i);

      g_hash_table_insert (by_name, source->name, source);
    }
  return by_name;
}

static void
take_case (PlCase *source, const PlCase *chosen)
{
  source->group = chosen->group;
  g_free (source->patient);
  source->patient = g_strdup (chosen->patient);
}

static void
chosen_cb (PlAppWindow *self, PlSplitEditor *editor)
{
  const PlDataset *chosen = pl_split_editor_get_dataset (editor);
  g_autoptr (GHashTable) by_name = NULL;

  if (self->dataset == NULL || !g_str_equal (self->dataset->folder, chosen->folder))
    return;
  by_name = index_cases (chosen);
  for (guint i = 0; i < self->dataset->cases->len; i++)
    {
      PlCase *source = g_ptr_array_index (self->dataset->cases, i);
      const PlCase *same = g_hash_table_lookup (by_name, source->name);

      if (same != NULL)
        take_case (source, same);
    }
  self->dataset->has_split = TRUE;
  self->dataset->cases_apart = chosen->cases_apart;
  g_clear_pointer (&self->dataset->split_problem, g_free);
  pl_app_window_show_groups (self);
  if (self->trainer == NULL)
    pl_train_panel_set_dataset (self->train_panel, self->dataset);
}

static void
split_editor_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  PlTrainSettings settings = pl_train_settings_default;
  GtkWindow *editor;

  pl_train_setup_get_settings (pl_train_panel_get_setup (self->train_panel), &settings);
  editor = pl_split_editor_new (GTK_WINDOW (self), self->dataset, settings.split, settings.seed);
  g_signal_connect_object (editor, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (editor);
}

static const GActionEntry entries[] = {
  { "split-editor", split_editor_cb },
};

void
pl_app_window_add_split_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

void
pl_app_window_update_split_actions (PlAppWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), entries[0].name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                               self->dataset != NULL && self->opening.cancellable == NULL);
}
