/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every command of the window: one table. GSimpleAction turns Activate with a parameter of the
 * state's type into a change of state when there is no activate handler, so a settable state needs
 * only a change handler; what is state only has two that refuse.
 */
#include "app/window-private.h"

#define STEP_ZOOM 1.25

/* Where there is no further case, the one in view is loaded again if that has failed. */
static void
step_case (PlAppWindow *self, int steps)
{
  PlCaseItem *item = pl_case_list_neighbour (self->case_list, self->current, steps);

  if (item == NULL)
    item = self->current;
  if (item != NULL)
    pl_app_window_show_case (self, item);
}

static void
next_case_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  step_case (data, 1);
}

static void
previous_case_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  step_case (data, -1);
}

static void
change_case_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlAppWindow *self = data;
  PlCaseItem *item = pl_app_window_find_case (self, g_variant_get_string (state, NULL));

  if (item != NULL)
    pl_app_window_show_case (self, item);
}

static void
change_view_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlAppWindow *self = data;
  const char *name = g_variant_get_string (state, NULL);

  if (adw_view_stack_get_child_by_name (self->views, name) != NULL)
    adw_view_stack_set_visible_child_name (self->views, name);
}

static void
change_slice_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_view_state_set_slice (PL_APP_WINDOW (data)->state, g_variant_get_int32 (state));
}

static void
step_slice_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  gint64 slice = (gint64) pl_view_state_get_slice (self->state) + g_variant_get_int32 (parameter);

  pl_view_state_set_slice (self->state, (int) CLAMP (slice, 0, G_MAXINT));
}

static void
change_volume_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_app_window_set_volume (data, g_variant_get_int32 (state));
}

static void
change_slice_axis_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_app_window_set_slice_axis (data, g_variant_get_string (state, NULL));
}

static void
change_preset_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  const char *preset = g_variant_get_string (state, NULL);

  if (pl_window_preset_find (preset) != NULL)
    pl_app_window_set_preset (data, preset);
}

static void
change_colour_map_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  const PlColourMap *map = pl_colour_map_find (g_variant_get_string (state, NULL));

  if (map != NULL)
    pl_view_state_set_colour_map (PL_APP_WINDOW (data)->state, map);
}

static void
change_show_truth_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_view_state_set_show_truth (PL_APP_WINDOW (data)->state, g_variant_get_boolean (state));
}

static void
change_show_prediction_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_view_state_set_show_prediction (PL_APP_WINDOW (data)->state, g_variant_get_boolean (state));
}

/* Hides both if either is shown. */
static void
toggle_masks_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlViewState *state = PL_APP_WINDOW (data)->state;
  gboolean show =
      !pl_view_state_get_show_truth (state) && !pl_view_state_get_show_prediction (state);

  pl_view_state_set_show_truth (state, show);
  pl_view_state_set_show_prediction (state, show);
}

static void
step_opacity_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlViewState *state = PL_APP_WINDOW (data)->state;

  pl_view_state_set_opacity (state,
                             pl_view_state_get_opacity (state) + g_variant_get_double (parameter));
}

static void
zoom_in_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_zoom (data, STEP_ZOOM);
}

static void
zoom_out_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_zoom (data, 1 / STEP_ZOOM);
}

static void
zoom_fit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_zoom (data, 0);
}

static void
train_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_train (data);
}

static void
change_paused_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_app_window_set_training_paused (data, g_variant_get_boolean (state));
}

/* The same without a parameter, for a toggle button. */
static void
toggle_pause_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_app_window_set_training_paused (data, g_variant_get_boolean (state));
}

static void
change_stop_after_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_app_window_set_stop_after_epoch (data, g_variant_get_boolean (state));
}

static void
stop_training_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_stop_training (data);
}

static void
predict_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_show_epoch (data, 0); /* to see it */
  pl_app_window_predict (data);
}

static void
predict_all_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_predict_all (data);
}

static gboolean
is_working (PlAppWindow *self)
{
  return self->opening.cancellable != NULL || self->loading.cancellable != NULL ||
         self->predicting.cancellable != NULL || self->exporting.cancellable != NULL ||
         self->checking.cancellable != NULL;
}

/* Leaves the nearest of what is temporary: a tool, the probe that keys have moved, the slices that
 * play, a pane that is alone, the epoch that is looked at, the full screen. FALSE when there is
 * none. */
static gboolean
leave_mode (PlAppWindow *self)
{
  if (pl_view_state_get_tool (self->state) != PL_TOOL_NONE)
    pl_view_state_set_tool (self->state, PL_TOOL_NONE);
  else if (pl_view_state_probe_is_held (self->state))
    pl_view_state_set_probe (self->state, -1, -1);
  else if (self->play_source != 0)
    pl_app_window_set_playing (self, FALSE);
  else if (pl_app_window_has_enlarged (self))
    g_action_group_activate_action (G_ACTION_GROUP (self), "toggle-enlarged", NULL);
  else if (self->epoch_shown > 0)
    pl_app_window_show_epoch (self, 0);
  else if (gtk_window_is_fullscreen (GTK_WINDOW (self)) && !is_working (self))
    gtk_window_unfullscreen (GTK_WINDOW (self));
  else
    return FALSE;
  return TRUE;
}

/* Whoever waits for an answer gets it with G_IO_ERROR_CANCELLED, and ends the work then. */
static void
cancel_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;

  if (leave_mode (self))
    return;
  g_cancellable_cancel (self->opening.cancellable);
  g_cancellable_cancel (self->loading.cancellable);
  g_cancellable_cancel (self->predicting.cancellable);
  g_cancellable_cancel (self->exporting.cancellable);
  g_cancellable_cancel (self->checking.cancellable);
}

static void
open_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_choose_files (data);
}

static void
open_folder_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_choose_folder (data);
}

static void
sample_data_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_open_sample_data (data);
}

static void
open_model_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_choose_model (data);
}

static void
open_second_model_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_choose_second_model (data);
}

static void
close_second_model_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_set_second_model (data, NULL, NULL);
}

static void
save_model_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_choose_model_to_save (data);
}

static void
export_mask_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_choose_mask_to_save (data);
}

static void
show_problems_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_show_problems (data);
}

static void
search_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;

  adw_flap_set_reveal_flap (self->cases_flap, TRUE);
  pl_case_list_focus_search (self->case_list);
}

static void
fullscreen_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = data;

  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

static void
step_pane_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_step_pane (data, g_variant_get_int32 (parameter));
}

static void
close_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_close (GTK_WINDOW (data));
}

/* Without it GSimpleAction would look at the type of a parameter that is not there. */
void
pl_app_window_refuse_activation_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_debug ("%s is state only", g_action_get_name (G_ACTION (action)));
}

void
pl_app_window_refuse_change_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  g_debug ("%s is state only", g_action_get_name (G_ACTION (action)));
}

static void
focus_view_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_focus_view (data);
}

static const GActionEntry entries[] = {
  { "case", NULL, "s", "''", change_case_cb },
  { "next-case", next_case_cb },
  { "previous-case", previous_case_cb },
  { "search", search_cb },

  { "view", NULL, "s", "'slice'", change_view_cb },
  { "slice", NULL, "i", "0", change_slice_cb },
  { "step-slice", step_slice_cb, "i" },
  { "volume", NULL, "i", "0", change_volume_cb },
  { "slice-axis", NULL, "s", "'auto'", change_slice_axis_cb },
  { "window-preset", NULL, "s", "'lung'", change_preset_cb },
  { "colour-map", NULL, "s", "'gray'", change_colour_map_cb },
  { "show-truth", NULL, "b", "true", change_show_truth_cb },
  { "show-prediction", NULL, "b", "true", change_show_prediction_cb },
  { "toggle-masks", toggle_masks_cb },
  { "step-opacity", step_opacity_cb, "d" },
  { "zoom-in", zoom_in_cb },
  { "zoom-out", zoom_out_cb },
  { "zoom-fit", zoom_fit_cb },

  { "train", train_cb },
  { "pause-training", NULL, "b", "false", change_paused_cb },
  { "toggle-pause", NULL, NULL, "false", toggle_pause_cb },
  { "stop-after-epoch", NULL, NULL, "false", change_stop_after_cb },
  { "stop-training", stop_training_cb },
  { "training-state", pl_app_window_refuse_activation_cb, NULL, "'idle'",
    pl_app_window_refuse_change_cb },
  { "training-epoch", pl_app_window_refuse_activation_cb, NULL, "0",
    pl_app_window_refuse_change_cb },
  { "loading", pl_app_window_refuse_activation_cb, NULL, "false", pl_app_window_refuse_change_cb },
  { "prediction-state", pl_app_window_refuse_activation_cb, NULL, "'idle'",
    pl_app_window_refuse_change_cb },
  { "predict", predict_cb },
  { "predict-all", predict_all_cb },
  { "cancel", cancel_cb },

  { "open", open_cb },
  { "open-folder", open_folder_cb },
  { "sample-data", sample_data_cb },
  { "open-model", open_model_cb },
  { "open-second-model", open_second_model_cb },
  { "close-second-model", close_second_model_cb },
  { "save-model", save_model_cb },
  { "export-mask", export_mask_cb },
  { "show-problems", show_problems_cb },
  { "fullscreen", fullscreen_cb },
  { "step-pane", step_pane_cb, "i" },
  { "focus-view", focus_view_cb },
  { "close", close_cb },
};

void
pl_app_window_add_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect (self, "notify::fullscreened", G_CALLBACK (pl_app_window_update_actions), NULL);
}

void
pl_app_window_set_action_state (PlAppWindow *self, const char *action, GVariant *state)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self), action);

  g_simple_action_set_state (G_SIMPLE_ACTION (found), state);
}

static void
enable (PlAppWindow *self, const char *action, gboolean enabled)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self), action);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (found), enabled);
}

void
pl_app_window_update_actions (PlAppWindow *self)
{
  guint n_cases = g_list_model_get_n_items (G_LIST_MODEL (self->cases));
  gboolean has_volume = pl_view_state_get_volume (self->state) != NULL;
  gboolean is_opening = self->opening.cancellable != NULL;
  gboolean is_loading = self->loading.cancellable != NULL;
  gboolean is_predicting = self->predicting.cancellable != NULL;
  gboolean is_training = pl_app_window_is_training (self);
  GtkWidget *view = adw_view_stack_get_visible_child (self->views);
  gboolean shows_slices = has_volume && (view == self->slice_view || view == self->compare_view);

  enable (self, "next-case", n_cases > 0);
  enable (self, "previous-case", n_cases > 0);
  enable (self, "volume", pl_app_window_has_volumes (self));
  enable (self, "slice-axis", pl_app_window_has_axes (self));
  enable (self, "train", n_cases > 0 && !is_opening && !is_training && !self->is_replaying);
  enable (self, "pause-training", is_training);
  enable (self, "toggle-pause", is_training);
  enable (self, "stop-training", is_training);
  enable (self, "stop-after-epoch", is_training && self->experiment == NULL);
  enable (self, "resume-training", !is_opening && !is_training && !self->is_replaying);
  enable (self, "predict", has_volume && !is_loading && !is_predicting);
  enable (self, "predict-all", n_cases > 0 && !is_predicting);
  enable (self, "cancel",
          is_working (self) || self->play_source != 0 || self->epoch_shown > 0 ||
              pl_view_state_get_tool (self->state) != PL_TOOL_NONE ||
              pl_view_state_probe_is_held (self->state) || pl_app_window_has_enlarged (self) ||
              gtk_window_is_fullscreen (GTK_WINDOW (self)));
  enable (self, "save-model", self->model != NULL);
  enable (self, "open-second-model", self->model != NULL || is_training);
  enable (self, "close-second-model", self->second_model != NULL);
  enable (self, "export-mask", !is_loading && pl_view_state_get_prediction (self->state) != NULL);
  enable (self, "rotate", shows_slices);
  enable (self, "flip-across", shows_slices);
  enable (self, "flip-down", shows_slices);
  enable (self, "upright", shows_slices);
  enable (self, "toggle-enlarged", view == self->compare_view || view == self->planes_view);
  enable (self, "zoom-actual", shows_slices);
  enable (self, "move-probe", shows_slices);
  enable (self, "move-image", has_volume && view != self->montage_view);
  enable (self, "copy-picture", has_volume);
  enable (self, "export-slice", has_volume && !is_loading);
  enable (self, "montage-export", pl_app_window_can_export_montage (self));
  pl_app_window_update_cases_actions (self);
  pl_app_window_update_failed (self);
  pl_app_window_update_undo_actions (self);
  pl_app_window_update_check_actions (self);
  pl_app_window_update_manifest_actions (self);
  pl_app_window_update_experiment_actions (self);
  pl_app_window_update_split_actions (self);
  pl_app_window_update_classes_actions (self);
  pl_app_window_update_bundle_actions (self);
  pl_app_window_update_epoch_actions (self);
  pl_app_window_update_setup_actions (self);
  enable (self, "show-problems", g_list_model_get_n_items (G_LIST_MODEL (self->problems)) > 0);
}
