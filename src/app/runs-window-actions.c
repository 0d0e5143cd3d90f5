/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done with the selected runs. Actions with a parameter do what the dialogs ask for. */
#include "app/runs-window-private.h"

#include "train/run-folder.h"
#include "train/run-notes.h"

#include <glib/gi18n.h>

/* Renaming */

static void
set_title_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlRunsWindow *self = data;
  const PlRunInfo *run = pl_runs_window_get_run (self);
  g_autofree char *title = g_strstrip (g_variant_dup_string (parameter, NULL));
  g_autoptr (GError) error = NULL;

  if (run == NULL)
    return;
  if (!pl_run_set_title (run->folder, title, &error))
    pl_runs_window_report (self, _ ("The run cannot be renamed"), error);
  pl_runs_window_load (self, NULL);
}

static void
renamed_cb (AdwMessageDialog *dialog, const char *response, GtkEditable *entry)
{
  GtkWindow *self = gtk_window_get_transient_for (GTK_WINDOW (dialog));

  if (g_str_equal (response, "rename") && self != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (self), "set-run-title",
                                    g_variant_new_string (gtk_editable_get_text (entry)));
}

static void
rename_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlRunsWindow *self = data;
  const PlRunInfo *run = pl_runs_window_get_run (self);
  GtkWidget *dialog;
  GtkWidget *entry;

  if (run == NULL)
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Rename the Run"),
                                   _ ("Without a name it is called as its folder is."));
  entry = g_object_new (GTK_TYPE_ENTRY, "text", run->title, "activates-default", TRUE, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Name of the run"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "rename",
                                    _ ("_Rename"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "rename",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  g_signal_connect_object (dialog, "response", G_CALLBACK (renamed_cb), entry, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

/* Deleting */

static void
delete_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_runs_window_delete (data);
}

static void
undo_delete_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_runs_window_undo_delete (data);
}

/* In the main window */

static void
use_model_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlRunsWindow *self = data;
  const PlRunInfo *run = pl_runs_window_get_run (self);
  g_autofree char *path = run != NULL ? pl_run_info_file (run, "best.safetensors") : NULL;
  g_autoptr (GFile) file = path != NULL ? g_file_new_for_path (path) : NULL;

  if (file == NULL || self->owner == NULL)
    return;
  pl_app_window_open_model (self->owner, file);
  pl_runs_window_toast (self, _ ("Predictions are made with this model now"));
}

/* What its epochs make of the images in the main window. */
static void
look_back_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlRunsWindow *self = data;
  const PlRunInfo *run = pl_runs_window_get_run (self);

  if (run == NULL || self->owner == NULL)
    return;
  if (pl_app_window_look_back (self->owner, run))
    gtk_window_present (GTK_WINDOW (self->owner));
  else
    pl_runs_window_toast (self, _ ("Open the images first that its masks are to be shown on"));
}

/* In place of those that were shown before. */
static void
overlay_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlRunsWindow *self = data;
  g_autoptr (GPtrArray) runs = pl_runs_window_list_curves (self);

  if (self->owner == NULL)
    return;
  pl_app_window_clear_runs (self->owner);
  for (guint i = 0; i < runs->len; i++)
    {
      const PlRunInfo *run = g_ptr_array_index (runs, i);

      if (run->history->len > 0)
        pl_app_window_show_run (self->owner, run->title, run->history);
    }
  g_action_group_change_action_state (G_ACTION_GROUP (self->owner), "show-training",
                                      g_variant_new_boolean (TRUE));
}

static void
clear_overlay_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlRunsWindow *self = data;

  if (self->owner != NULL)
    pl_app_window_clear_runs (self->owner);
}

/* A part of an experiment goes on as what it is. */
static void
resume_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlRunsWindow *self = data;
  const PlRunInfo *run = pl_runs_window_get_run (self);

  if (run == NULL || self->owner == NULL)
    return;
  g_action_group_activate_action (
      G_ACTION_GROUP (self->owner), "resume-training",
      g_variant_new_string (run->experiment != NULL ? run->experiment : run->folder));
  gtk_window_present (GTK_WINDOW (self->owner));
}

static void
show_results_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlRunsWindow *self = data;
  const char *experiment = pl_runs_window_get_experiment (self);

  if (experiment != NULL && self->owner != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (self->owner), "show-experiment",
                                    g_variant_new_string (experiment));
}

static void
show_folder_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlRunsWindow *self = data;
  const PlRunInfo *run = pl_runs_window_get_run (self);
  g_autofree char *uri = run != NULL ? g_filename_to_uri (run->folder, NULL, NULL) : NULL;

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

/* The list */

static void
refresh_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_runs_window_load (data, NULL);
}

static void
search_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlRunsWindow *self = data;

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
select_runs_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlRunsWindow *self = data;
  g_autofree const char **wanted = g_variant_get_strv (parameter, NULL);
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (self->selection);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (selection));
  gboolean has_focus = pl_runs_window_list_has_focus (self);

  gtk_selection_model_unselect_all (selection);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlRunItem) item = g_list_model_get_item (G_LIST_MODEL (selection), i);

      if (g_strv_contains (wanted, pl_run_item_get_info (item)->folder))
        gtk_selection_model_select_item (selection, i, FALSE);
    }
  if (has_focus)
    pl_runs_window_focus_list (self);
}

static void
change_by_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  static const char *const names[] = {
    [PL_PLOT_BY_STEP] = "step", [PL_PLOT_BY_EPOCH] = "epoch", [PL_PLOT_BY_TIME] = "time"
  };
  PlRunsWindow *self = data;

  for (int i = 0; i < (int) G_N_ELEMENTS (names); i++)
    if (g_str_equal (g_variant_get_string (state, NULL), names[i]))
      {
        pl_plot_set_by (self->dice_plot, (PlPlotBy) i);
        pl_plot_set_by (self->loss_plot, (PlPlotBy) i);
        g_simple_action_set_state (action, state);
      }
}

static void
export_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_runs_window_choose_export (data);
}

static void
export_to_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_runs_window_export (data, g_variant_get_string (parameter, NULL));
}

static void
import_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_runs_window_choose_import (data);
}

static void
import_from_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_runs_window_import (data, g_variant_get_string (parameter, NULL));
}

static void
replay_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_runs_window_replay (data);
}

static void
show_message_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_runs_window_show_message (data, g_variant_get_string (parameter, NULL));
}

static void
stop_work_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_runs_window_stop_work (data);
}

static void
close_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_close (data);
}

/* Without these GSimpleAction would take what it is given as the state. */
static void
refuse_activation_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
}

static void
refuse_change_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
}

static const GActionEntry entries[] = {
  { "rename-run", rename_cb },
  { "set-run-title", set_title_cb, "s" },
  { "delete-runs", delete_cb },
  { "undo-delete", undo_delete_cb },
  { "use-best-model", use_model_cb },
  { "look-back", look_back_cb },
  { "resume-run", resume_cb },
  { "show-results", show_results_cb },
  { "overlay-runs", overlay_cb },
  { "clear-overlay", clear_overlay_cb },
  { "show-folder", show_folder_cb },
  { "export-run", export_cb },
  { "export-run-to", export_to_cb, "s" },
  { "import-run", import_cb },
  { "import-run-from", import_from_cb, "s" },
  { "replay-run", replay_cb },
  { "stop-work", stop_work_cb },
  { "show-message", show_message_cb, "s" },
  { "refresh", refresh_cb },
  { "search", search_cb },
  { "select-runs", select_runs_cb, "as" },
  { "plot-by", NULL, "s", "'epoch'", change_by_cb },
  { "loading", refuse_activation_cb, NULL, "false", refuse_change_cb },
  { "replay-state", refuse_activation_cb, NULL, "'idle'", refuse_change_cb },
  { "close", close_cb },
};

void
pl_runs_window_add_actions (PlRunsWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

static void
enable (PlRunsWindow *self, const char *action, gboolean enabled)
{
  g_simple_action_set_enabled (
      G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), action)), enabled);
}

static gboolean
has_file (const PlRunInfo *run, const char *name)
{
  g_autofree char *path = run != NULL ? pl_run_info_file (run, name) : NULL;

  return path != NULL;
}

/* The main window's own training must end before another one begins. */
static gboolean
owner_trains (PlRunsWindow *self)
{
  static const char *const states[] = { "running", "paused", "stopping", NULL };
  g_autoptr (GVariant) state =
      self->owner != NULL
          ? g_action_group_get_action_state (G_ACTION_GROUP (self->owner), "training-state")
          : NULL;

  return state == NULL || g_strv_contains (states, g_variant_get_string (state, NULL));
}

/* A training that goes on writes into its folder. */
static gboolean
can_delete (PlRunsWindow *self)
{
  for (guint i = 0; i < self->selected->len; i++)
    if (pl_run_item_get_info (self->selected->pdata[i])->outcome < 0 && owner_trains (self))
      return FALSE;
  return self->selected->len > 0;
}

static gboolean
has_epochs (const PlRunInfo *run)
{
  g_autoptr (GArray) epochs = run != NULL ? pl_run_folder_list_epochs (run->folder) : NULL;

  return epochs != NULL && epochs->len > 0;
}

/* Whether a training is left to be done. */
static gboolean
is_unfinished (PlRunsWindow *self, const PlRunInfo *run)
{
  const PlRunInfo *whole =
      run->experiment != NULL ? pl_runs_window_find (self, run->experiment) : run;

  if (whole != NULL && whole->record != NULL)
    return !pl_experiment_record_is_complete (whole->record);
  return has_file (run, "last.safetensors") && run->history->len < (guint) run->settings.epochs;
}

void
pl_runs_window_update_actions (PlRunsWindow *self)
{
  const PlRunInfo *run = pl_runs_window_get_run (self);
  gboolean is_working = self->working != NULL;
  gboolean is_whole = run != NULL && run->problem == NULL;
  gboolean is_run = is_whole && run->record == NULL;
  gboolean can_train = is_whole && !is_working && !owner_trains (self);

  enable (self, "rename-run", is_run);
  enable (self, "set-run-title", is_run);
  enable (self, "delete-runs", can_delete (self) && !is_working);
  enable (self, "undo-delete", self->deleted->len > 0);
  enable (self, "use-best-model", has_file (run, "best.safetensors"));
  enable (self, "look-back", is_run && has_epochs (run) && !owner_trains (self));
  enable (self, "resume-run", can_train && is_unfinished (self, run));
  enable (self, "show-results", pl_runs_window_get_experiment (self) != NULL);
  enable (self, "overlay-runs", self->selected->len > 0);
  enable (self, "show-folder", run != NULL);
  enable (self, "export-run", is_run && !is_working);
  enable (self, "export-run-to", is_run && !is_working);
  enable (self, "import-run", !is_working);
  enable (self, "import-run-from", !is_working);
  enable (self, "replay-run", can_train && run->history->len > 0);
  enable (self, "stop-work", is_working && !g_cancellable_is_cancelled (self->working));
  gtk_widget_set_visible (self->results_button, pl_runs_window_get_experiment (self) != NULL);
}
