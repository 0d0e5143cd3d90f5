/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A training as the window sees it: it starts one from the panel's settings, hands what comes from
 * it to the panel and the views, and takes the best model at the end. Runs are kept in the user's
 * data folder, one for each training.
 */
#include "app/window-private.h"

#include "train/run-folder.h"
#include "train/split.h"

#include <glib/gi18n.h>

gboolean
pl_app_window_is_training (PlAppWindow *self)
{
  return self->trainer != NULL || self->experiment != NULL;
}

static void
set_training_state (PlAppWindow *self, const char *state)
{
  pl_app_window_set_action_state (self, "training-state", g_variant_new_string (state));
  pl_train_panel_set_state (self->train_panel, state);
}

static void
show_paused (PlAppWindow *self, gboolean paused)
{
  pl_app_window_set_action_state (self, "pause-training", g_variant_new_boolean (paused));
  pl_app_window_set_action_state (self, "toggle-pause", g_variant_new_boolean (paused));
}

static void
show_stop_after (PlAppWindow *self, gboolean stop)
{
  pl_app_window_set_action_state (self, "stop-after-epoch", g_variant_new_boolean (stop));
}

static void
set_epoch (PlAppWindow *self, int epoch)
{
  pl_app_window_set_action_state (self, "training-epoch", g_variant_new_int32 (epoch));
}

void
pl_app_window_show_groups (PlAppWindow *self)
{
  for (guint i = 0; i < self->dataset->cases->len; i++)
    {
      const PlCase *source = g_ptr_array_index (self->dataset->cases, i);
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (self->cases), i);

      pl_case_item_set_group (item, source->group);
      pl_case_item_set_patient (item, source->patient);
    }
  pl_case_list_update (self->case_list);
}

char *
pl_app_window_dup_run_folder (PlAppWindow *self, const char *suffix)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *data = g_path_get_basename (self->dataset->folder);
  g_autofree char *name = g_strdup_printf ("%s-%s%s", time, data, suffix);
  g_autofree char *first = g_build_filename (g_get_user_data_dir (), "pleura", "runs", name, NULL);
  char *folder = g_strdup (first);

  for (int i = 2; g_file_test (folder, G_FILE_TEST_EXISTS); i++)
    {
      g_free (folder);
      folder = g_strdup_printf ("%s-%d", first, i);
    }
  return folder;
}

static void
points_cb (PlAppWindow *self, const GArray *points)
{
  pl_train_panel_add_points (self->train_panel, points);
  for (guint i = 0; i < points->len; i++)
    {
      const PlTrainPoint *point = &g_array_index (points, PlTrainPoint, i);

      if (!point->is_epoch_end)
        continue;
      set_epoch (self, point->summary.epoch);
      pl_app_window_add_epoch (self, point);
    }
}

static void
status_cb (PlAppWindow *self, const PlTrainStatus *status)
{
  pl_train_panel_set_status (self->train_panel, status);
}

static void
notice_cb (PlAppWindow *self, const char *text)
{
  pl_train_panel_add_notice (self->train_panel, text);
  pl_app_window_toast (self, text);
  pl_app_window_note (self, _ ("Training"), text);
}

/* Of test case @i. */
static PlCaseScore
find_score (const PlTrainResult *result, guint i)
{
  PlCaseScore score = { .dice = g_array_index (result->test, PlMetrics, i).dice };
  guint n = result->test_classes->len / result->test->len;

  score.n_labels = (int) MIN (n, PL_COMPARISON_LABELS);
  for (guint k = 0; k < (guint) score.n_labels; k++)
    score.label_dice[k] = g_array_index (result->test_classes, PlMetrics, i * n + k).dice;
  return score;
}

static void
show_test (PlAppWindow *self, const PlTrainResult *result)
{
  if (result->test_names == NULL || result->test == NULL)
    return;
  for (guint i = 0; i < result->test_names->len; i++)
    {
      const char *name = g_ptr_array_index (result->test_names, i);
      PlCaseItem *item = pl_app_window_find_case (self, name);
      const PlCase *tested = pl_dataset_find (self->dataset, name);

      if (item != NULL && tested != NULL && pl_case_item_is_read_as (item, &tested->header))
        {
          const PlCaseScore score = find_score (result, i);

          pl_app_window_take_score (self, item, &score);
        }
    }
  pl_case_list_update (self->case_list);
}

static char *
dup_verdict (const PlTrainResult *result)
{
  if (result->best_epoch > 0 && result->outcome == PL_TRAIN_STOPPED)
    return g_strdup_printf (_ ("The training was stopped; the best model is of epoch %d"),
                            result->best_epoch);
  if (result->best_epoch > 0)
    return g_strdup_printf (_ ("The training is finished; the best model is of epoch %d"),
                            result->best_epoch);
  return g_strdup (_ ("The training ended before its first epoch"));
}

static void
announce_result (PlAppWindow *self, const PlTrainResult *result)
{
  g_autofree char *verdict = NULL;

  if (result->outcome == PL_TRAIN_FAILED)
    {
      pl_app_window_report (self, _ ("The training failed"), result->error);
      pl_app_window_notify (self, _ ("The training failed"), NULL);
      return;
    }
  verdict = dup_verdict (result);
  pl_app_window_announce (self, verdict);
}

static void
use_result (PlAppWindow *self, const PlTrainResult *result, gboolean same_data)
{
  g_autofree char *name = NULL;

  if (result->model == NULL)
    {
      if (self->model == NULL)
        pl_app_window_forget_predictions (self); /* of weights that are gone */
      return;
    }
  if (self->has_chosen_epoch)
    return;
  name = g_path_get_basename (self->run_folder);
  pl_app_window_set_model (self, result->model, name);
  if (same_data)
    show_test (self, result);
  pl_app_window_predict (self);
}

static void
watch (PlAppWindow *self, const char *signal, GCallback handler)
{
  g_signal_connect_object (self->trainer, signal, handler, self, G_CONNECT_SWAPPED);
}

void
pl_app_window_begin_training (PlAppWindow *self)
{
  adw_flap_set_reveal_flap (self->train_flap, TRUE);
  g_application_hold (g_application_get_default ());
  set_training_state (self, "running");
  pl_app_window_update_actions (self);
}

void
pl_app_window_end_training (PlAppWindow *self, const char *state)
{
  show_paused (self, FALSE);
  show_stop_after (self, FALSE);
  set_training_state (self, state);
  pl_app_window_update_actions (self);
}

void
pl_app_window_follow_training (PlAppWindow *self,
                               PlTrainer *trainer,
                               const char *data_folder,
                               GArray *history)
{
  g_free (self->trained_folder);
  self->trained_folder = g_strdup (data_folder);
  g_free (self->run_folder);
  self->run_folder = g_strdup (pl_trainer_get_run_folder (trainer));
  self->trainer = g_object_ref (trainer);
  pl_app_window_update_classes (self);
  watch (self, "points", G_CALLBACK (points_cb));
  watch (self, "preview", G_CALLBACK (pl_app_window_take_preview));
  pl_train_panel_begin (self->train_panel, pl_trainer_get_settings (trainer), history);
  self->has_chosen_epoch = FALSE;
  pl_app_window_begin_epochs (self, history);
  set_epoch (self, history == NULL ? 0 : (int) history->len);
  pl_app_window_update_live (self);
}

void
pl_app_window_leave_training (PlAppWindow *self)
{
  g_signal_handlers_disconnect_by_data (self->trainer, self);
  g_clear_object (&self->trainer);
  pl_app_window_end_epochs (self);
  pl_app_window_update_classes (self);
}

static void
finished_cb (PlAppWindow *self)
{
  g_autoptr (PlTrainer) trainer = g_object_ref (self->trainer);
  const PlTrainResult *result = pl_trainer_get_result (trainer);
  gboolean same_data = g_str_equal (self->trained_folder, self->dataset->folder);

  pl_app_window_leave_training (self);
  if (!self->closing)
    pl_app_window_remember_run (self, NULL);
  pl_train_panel_finish (self->train_panel, result);
  pl_app_window_end_training (self, result->outcome == PL_TRAIN_FAILED ? "failed" : "done");
  announce_result (self, result);
  if (self->closing)
    gtk_window_destroy (GTK_WINDOW (self));
  else
    use_result (self, result, same_data);
  g_application_release (g_application_get_default ());
}

static gboolean
prepare (PlAppWindow *self, const PlTrainSettings *settings, const char *folder, GError **error)
{
  if (!pl_train_settings_check (settings, error) ||
      !pl_split_settle (self->dataset, settings->split, settings->seed, error))
    return FALSE;
  return pl_run_folder_create (folder, error);
}

void
pl_app_window_run_training (PlAppWindow *self, PlTrainer *trainer, GArray *history)
{
  pl_app_window_show_groups (self);
  pl_app_window_follow_training (self, trainer, self->dataset->folder, history);
  watch (self, "status", G_CALLBACK (status_cb));
  watch (self, "notice", G_CALLBACK (notice_cb));
  watch (self, "finished", G_CALLBACK (finished_cb));
  pl_app_window_begin_training (self);
  pl_app_window_remember_run (self, self->run_folder);
  pl_trainer_start (trainer);
}

void
pl_app_window_train (PlAppWindow *self)
{
  PlTrainSetup *setup = pl_train_panel_get_setup (self->train_panel);
  PlTrainSettings settings;
  g_autofree char *folder = NULL;
  g_autoptr (PlTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;

  if (self->dataset == NULL || pl_app_window_is_training (self))
    return;
  pl_train_setup_get_settings (setup, &settings);
  folder = pl_app_window_dup_run_folder (self, "");
  if (!prepare (self, &settings, folder, &error))
    {
      pl_app_window_refuse_training (self, error);
      return;
    }
  trainer =
      pl_trainer_new (self->dataset, &settings, folder, pl_train_setup_get_init (setup), FALSE);
  pl_app_window_run_training (self, trainer, NULL);
}

void
pl_app_window_refuse_training (PlAppWindow *self, const GError *error)
{
  adw_flap_set_reveal_flap (self->train_flap, TRUE);
  set_training_state (self, "failed");
  pl_app_window_report (self, _ ("The training could not begin"), error);
}

/* Until it has saved. */
static gboolean
is_stopping (PlAppWindow *self)
{
  g_autoptr (GVariant) state =
      g_action_group_get_action_state (G_ACTION_GROUP (self), "training-state");

  return self->closing || g_str_equal (g_variant_get_string (state, NULL), "stopping");
}

void
pl_app_window_set_training_paused (PlAppWindow *self, gboolean paused)
{
  if (!pl_app_window_is_training (self) || is_stopping (self))
    return;
  if (self->experiment != NULL)
    pl_experiment_set_paused (self->experiment, paused);
  else
    pl_trainer_set_paused (self->trainer, paused);
  show_paused (self, paused);
  set_training_state (self, paused ? "paused" : "running");
}

/* An experiment has no use for trainings of unlike lengths. */
void
pl_app_window_set_stop_after_epoch (PlAppWindow *self, gboolean stop)
{
  if (self->trainer == NULL || self->experiment != NULL || is_stopping (self))
    return;
  pl_trainer_stop_after_epoch (self->trainer, stop);
  show_stop_after (self, stop);
}

/* Said at once; the training's end says the rest. */
void
pl_app_window_stop_training (PlAppWindow *self)
{
  if (!pl_app_window_is_training (self))
    return;
  if (self->experiment != NULL)
    pl_experiment_stop (self->experiment);
  else
    pl_trainer_stop (self->trainer);
  set_training_state (self, "stopping");
}

void
pl_app_window_show_run (PlAppWindow *self, const char *title, const GArray *history)
{
  g_return_if_fail (PL_IS_APP_WINDOW (self));

  pl_train_panel_show_run (self->train_panel, title, history);
}

void
pl_app_window_clear_runs (PlAppWindow *self)
{
  g_return_if_fail (PL_IS_APP_WINDOW (self));

  pl_train_panel_clear_runs (self->train_panel);
}
