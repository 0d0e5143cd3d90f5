/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the page that says how to train: its preset, what a training starts from, and the
 * images as the network will see them. */
#include "app/window-private.h"

#include "app/samples-window.h"

#include <glib/gi18n.h>

static PlTrainSetup *
get_setup (PlAppWindow *self)
{
  return pl_train_panel_get_setup (self->train_panel);
}

static void
start_from (PlAppWindow *self, PlModel *model, const char *name, const char *start)
{
  pl_train_setup_set_init (get_setup (self), model, name);
  pl_app_window_set_action_state (self, "training-start", g_variant_new_string (start));
}

/* Of several that were asked for the last one counts. */
static void
start_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PlAppWindow *self = PL_APP_WINDOW (source);
  const char *path = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = g_filename_display_basename (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlModel) model = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *text = NULL;

  if (self->is_closed || g_strcmp0 (path, self->start_path) != 0)
    return;
  if (model != NULL)
    {
      start_from (self, model, name, path);
      return;
    }
  text = g_strdup_printf (_ ("“%s” could not be opened"), name);
  pl_app_window_report (self, text, error);
}

void
pl_app_window_start_training_from (PlAppWindow *self, const char *start)
{
  g_free (self->start_path);
  self->start_path = g_strdup (start);
  if (g_str_equal (start, ""))
    start_from (self, NULL, NULL, start);
  else if (!g_str_equal (start, "model"))
    pl_app_window_read_model (self, start, start_read_cb);
  else if (self->model != NULL)
    start_from (self, self->model, self->model_name, start);
  else
    pl_app_window_toast (self, _ ("There is no model yet: open one, or train"));
}

static void
change_start_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_app_window_start_training_from (data, g_variant_get_string (state, NULL));
}

static void
choose_start_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_choose_training_start (data);
}

static void
show_samples_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  g_autoptr (GError) error = NULL;
  PlTrainSettings settings;

  pl_train_setup_get_settings (get_setup (self), &settings);
  if (!pl_train_settings_check (&settings, &error))
    pl_app_window_report (self, _ ("The images could not be shown"), error);
  else
    gtk_window_present (pl_samples_window_new (GTK_WINDOW (self), self->dataset, &settings));
}

static const GActionEntry entries[] = {
  { "training-start", NULL, "s", "''", change_start_cb },
  { "choose-training-start", choose_start_cb },
  { "show-samples", show_samples_cb },
};

void
pl_app_window_add_setup_actions (PlAppWindow *self)
{
  g_autoptr (GPropertyAction) preset =
      g_property_action_new ("training-preset", get_setup (self), "preset");

  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (preset));
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

static void
enable (PlAppWindow *self, const char *action, gboolean enabled)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self), action);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (found), enabled);
}

void
pl_app_window_update_setup_actions (PlAppWindow *self)
{
  gboolean is_training = pl_app_window_is_training (self);

  enable (self, "training-start", !is_training);
  enable (self, "choose-training-start", !is_training);
  enable (self, "show-samples",
          self->dataset != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->cases)) > 0);
}
