/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cross-validation and learning curve: the panel and the views follow the training under way as
 * they follow one alone, and what has been found so far is in a window of its own. */
#include "app/window-private.h"

#include "app/experiment-dialog.h"
#include "app/experiment-window.h"
#include "train/experiment-result.h"
#include "train/run-folder.h"
#include "train/split.h"

#include <glib/gi18n.h>

/* What there is to show: read in a worker. */
typedef struct
{
  char *folder;      /* "": the newest there is */
  gboolean is_asked; /* by the user: else a window that is open is brought up to date */
  PlExperimentRecord *record;
  GArray *epochs;
} Findings;

static void
findings_free (gpointer data)
{
  Findings *findings = data;

  g_free (findings->folder);
  pl_experiment_record_free (findings->record);
  g_clear_pointer (&findings->epochs, g_array_unref);
  g_free (findings);
}

/* Their names begin with the time. */
static char *
find_newest (GError **error)
{
  g_autofree char *runs = g_build_filename (g_get_user_data_dir (), "pleura", "runs", NULL);
  g_autoptr (GDir) dir = g_dir_open (runs, 0, NULL);
  g_autofree char *newest = NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (runs, name, "experiment.json", NULL);

      if (g_strcmp0 (name, newest) <= 0 || !g_file_test (file, G_FILE_TEST_EXISTS))
        continue;
      g_free (newest);
      newest = g_strdup (name);
    }
  if (newest != NULL)
    return g_build_filename (runs, newest, NULL);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       _ ("There is none yet: the menu beside Train has them."));
  return NULL;
}

static gboolean
read_findings (Findings *findings, GError **error)
{
  if (*findings->folder == '\0')
    {
      g_free (findings->folder);
      findings->folder = find_newest (error);
    }
  if (findings->folder == NULL)
    return FALSE;
  findings->record = pl_experiment_record_read (findings->folder, error);
  if (findings->record == NULL)
    return FALSE;
  findings->epochs = pl_experiment_read_epochs (findings->record, findings->folder);
  return TRUE;
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (read_findings (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* While something trains nothing can go on. */
static gboolean
can_resume (PlAppWindow *self, const Findings *findings)
{
  return !pl_experiment_record_is_complete (findings->record) &&
         !pl_app_window_is_training (self) && !self->is_replaying;
}

static gboolean
is_open (PlAppWindow *self, const char *folder)
{
  return self->findings != NULL &&
         g_str_equal (pl_experiment_window_get_folder (PL_EXPERIMENT_WINDOW (self->findings)),
                      folder);
}

static void
present (PlAppWindow *self, const Findings *findings)
{
  if (!is_open (self, findings->folder))
    {
      if (!findings->is_asked)
        return;
      if (self->findings != NULL)
        gtk_window_destroy (self->findings);
      g_set_weak_pointer (&self->findings,
                          pl_experiment_window_new (GTK_WINDOW (self), findings->folder));
    }
  pl_experiment_window_show (PL_EXPERIMENT_WINDOW (self->findings), findings->record,
                             findings->epochs, can_resume (self, findings));
  if (findings->is_asked)
    gtk_window_present (self->findings);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlAppWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (self->is_closed)
    return;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    present (self, g_task_get_task_data (G_TASK (result)));
  else
    pl_app_window_report (self, _ ("The experiment could not be read"), error);
}

static void
show_findings (PlAppWindow *self, const char *folder, gboolean is_asked)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, read_cb, g_object_ref (self));
  Findings *findings = g_new0 (Findings, 1);

  findings->folder = g_strdup (folder);
  findings->is_asked = is_asked;
  g_task_set_source_tag (task, show_findings);
  g_task_set_task_data (task, findings, findings_free);
  g_task_run_in_thread (task, read_thread);
}

/* Findings that are on the screen stay up to date. */
static void
update_findings (PlAppWindow *self, const char *folder)
{
  if (is_open (self, folder))
    show_findings (self, folder, FALSE);
}

static void
run_started_cb (PlAppWindow *self, int run)
{
  const PlExperimentRecord *record = pl_experiment_get_record (self->experiment);
  g_autofree char *title = pl_experiment_record_dup_title (record, run);

  pl_app_window_follow_training (self, pl_experiment_get_trainer (self->experiment),
                                 record->dataset_folder, NULL);
  pl_train_panel_set_run (self->train_panel, title);
}

/* As of one training, but with the progress of all. */
static void
status_cb (PlAppWindow *self, const PlExperimentStatus *status)
{
  PlTrainStatus shown = *status->training;

  shown.fraction = status->fraction;
  shown.eta_s = status->eta_s;
  pl_train_panel_set_status (self->train_panel, &shown);
}

static void
notice_cb (PlAppWindow *self, const char *text)
{
  pl_train_panel_add_notice (self->train_panel, text);
  pl_app_window_toast (self, text);
  pl_app_window_note (self, _ ("Training"), text);
}

static void
run_finished_cb (PlAppWindow *self, int run)
{
  if (self->trainer != NULL)
    pl_app_window_leave_training (self);
  update_findings (self, pl_experiment_get_folder (self->experiment));
}

/* What has been found waits behind a button: the user may be in the midst of something else. */
static void
announce (PlAppWindow *self, PlExperiment *experiment)
{
  const char *folder = pl_experiment_get_folder (experiment);
  const PlExperimentRecord *record = pl_experiment_get_record (experiment);
  const GError *error = pl_experiment_get_error (experiment);
  const char *verdict = pl_experiment_record_is_complete (record)
                            ? _ ("All trainings are done")
                            : _ ("Not all trainings are done; what is done is saved");
  g_autofree char *toast_action = g_strdup_printf ("win.show-experiment::%s", folder);
  g_autofree char *action = g_strdup_printf ("app.show-experiment::%s", folder);

  pl_train_panel_finish_all (self->train_panel, error != NULL ? error->message : verdict);
  if (error != NULL)
    pl_app_window_report (self, _ ("The training failed"), error);
  else
    pl_app_window_offer (self, verdict, _ ("_Results"), toast_action);
  pl_app_window_notify (self, error != NULL ? _ ("The training failed") : verdict, action);
}

static void
finished_cb (PlAppWindow *self)
{
  g_autoptr (PlExperiment) experiment = g_steal_pointer (&self->experiment);

  g_signal_handlers_disconnect_by_data (experiment, self);
  if (!self->closing)
    pl_app_window_remember_run (self, NULL);
  pl_app_window_end_training (self,
                              pl_experiment_get_error (experiment) != NULL ? "failed" : "done");
  announce (self, experiment);
  if (self->closing)
    gtk_window_destroy (GTK_WINDOW (self));
  else
    update_findings (self, pl_experiment_get_folder (experiment));
  g_application_release (g_application_get_default ());
}

static void
watch (PlAppWindow *self, const char *signal, GCallback handler)
{
  g_signal_connect_object (self->experiment, signal, handler, self, G_CONNECT_SWAPPED);
}

/* "-cv5", "-curve" */
static char *
dup_suffix (const PlExperimentPlan *plan)
{
  return plan->kind == PL_EXPERIMENT_CROSS_VALIDATION ? g_strdup_printf ("-cv%d", plan->n_runs)
                                                      : g_strdup ("-curve");
}

/* A learning curve has the split of a training alone; folds need none. */
static PlExperiment *
make_experiment (PlAppWindow *self, const PlExperimentPlan *plan, GError **error)
{
  g_autofree char *suffix = dup_suffix (plan);
  g_autofree char *folder = pl_app_window_dup_run_folder (self, suffix);
  PlTrainSetup *setup = pl_train_panel_get_setup (self->train_panel);
  PlTrainSettings settings;

  pl_train_setup_get_settings (setup, &settings);
  if (!pl_train_settings_check (&settings, error))
    return NULL;
  if (plan->kind == PL_EXPERIMENT_LEARNING_CURVE)
    {
      if (!pl_split_settle (self->dataset, settings.split, settings.seed, error))
        return NULL;
      pl_app_window_show_groups (self);
    }
  if (!pl_run_folder_create (folder, error))
    return NULL;
  return pl_experiment_new (self->dataset, plan, &settings, pl_train_setup_get_init (setup), folder,
                            error);
}

/* @experiment: (nullable): taken; NULL with @error set */
static void
start (PlAppWindow *self, PlExperiment *experiment, const GError *error)
{
  self->experiment = experiment;
  if (experiment == NULL)
    {
      pl_app_window_refuse_training (self, error);
      return;
    }
  watch (self, "run-started", G_CALLBACK (run_started_cb));
  watch (self, "status", G_CALLBACK (status_cb));
  watch (self, "notice", G_CALLBACK (notice_cb));
  watch (self, "run-finished", G_CALLBACK (run_finished_cb));
  watch (self, "finished", G_CALLBACK (finished_cb));
  pl_app_window_begin_training (self);
  pl_app_window_remember_run (self, pl_experiment_get_folder (experiment));
  pl_experiment_start (self->experiment);
}

static gboolean
can_start (PlAppWindow *self)
{
  return self->dataset != NULL && self->dataset->cases->len > 0 &&
         self->opening.cancellable == NULL && !pl_app_window_is_training (self) &&
         !self->is_replaying;
}

static void
cross_validate_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  PlExperimentPlan plan;
  PlExperiment *experiment = NULL;
  g_autoptr (GError) error = NULL;

  if (pl_experiment_plan_folds (&plan, g_variant_get_int32 (parameter), &error))
    experiment = make_experiment (self, &plan, &error);
  start (self, experiment, error);
}

static void
learning_curve_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  PlExperimentPlan plan;
  PlExperiment *experiment = NULL;
  g_autoptr (GError) error = NULL;

  if (pl_experiment_plan_shares (&plan, g_variant_get_string (parameter, NULL), &error))
    experiment = make_experiment (self, &plan, &error);
  start (self, experiment, error);
}

void
pl_app_window_resume_experiment (PlAppWindow *self, const char *folder)
{
  g_autoptr (GError) error = NULL;
  PlExperiment *experiment = pl_experiment_resume (self->dataset, folder, &error);

  start (self, experiment, error);
  if (experiment != NULL)
    update_findings (self, folder);
}

/* Something else may have begun meanwhile; the action knows. */
static void
response_cb (PlAppWindow *self, const char *response, PlExperimentDialog *dialog)
{
  if (g_str_equal (response, "start"))
    g_action_group_activate_action (G_ACTION_GROUP (self), pl_experiment_dialog_get_action (dialog),
                                    pl_experiment_dialog_get_answer (dialog));
}

static void
ask (PlAppWindow *self, PlExperimentKind kind)
{
  PlTrainSettings settings;
  GtkWindow *dialog;

  pl_train_setup_get_settings (pl_train_panel_get_setup (self->train_panel), &settings);
  dialog = pl_experiment_dialog_new (GTK_WINDOW (self), kind, self->dataset, &settings);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
plan_cross_validation_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ask (data, PL_EXPERIMENT_CROSS_VALIDATION);
}

static void
plan_learning_curve_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ask (data, PL_EXPERIMENT_LEARNING_CURVE);
}

static void
show_experiment_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  show_findings (data, g_variant_get_string (parameter, NULL), TRUE);
}

static const GActionEntry entries[] = {
  { "cross-validate", cross_validate_cb, "i" },
  { "learning-curve", learning_curve_cb, "s" },
  { "plan-cross-validation", plan_cross_validation_cb },
  { "plan-learning-curve", plan_learning_curve_cb },
};

static const GActionEntry always_entries[] = {
  { "show-experiment", show_experiment_cb, "s" },
};

void
pl_app_window_add_experiment_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_action_map_add_action_entries (G_ACTION_MAP (self), always_entries,
                                   G_N_ELEMENTS (always_entries), self);
}

void
pl_app_window_update_experiment_actions (PlAppWindow *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    g_simple_action_set_enabled (
        G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), entries[i].name)),
        can_start (self));
}
