/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A training, or several in a row, interrupted because the window was closed, the session ended or
 * the program was killed: the settings remember the folder from the beginning to the end, and the
 * next start offers to go on with it. Its data set is opened first if another, or none, is.
 */
#include "app/window-private.h"

#include "app/settings.h"

#include "train/experiment-record.h"
#include "train/run-folder.h"
#include "train/split.h"

#include <glib/gi18n.h>

#define KEY "unfinished-run"

void
pl_app_window_remember_run (PlAppWindow *self, const char *run_folder)
{
  g_settings_set_string (pl_settings_get (), KEY, run_folder == NULL ? "" : run_folder);
  g_settings_sync (); /* it may be killed at any moment */
  gtk_revealer_set_reveal_child (self->resume_revealer, FALSE);
}

static gboolean
has_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static gboolean
is_experiment (const char *folder)
{
  return has_file (folder, "experiment.json");
}

static char *
dup_experiment_offer (const char *folder)
{
  g_autoptr (PlExperimentRecord) record = pl_experiment_record_read (folder, NULL);
  g_autofree char *data = NULL;

  if (record == NULL || pl_experiment_record_is_complete (record))
    return NULL;
  data = g_filename_display_basename (record->dataset_folder);
  return g_strdup_printf (
      record->plan.kind == PL_EXPERIMENT_CROSS_VALIDATION
          ? _ ("The cross-validation on “%s” was interrupted; %d of %d trainings are done.")
          : _ ("The learning curve on “%s” was interrupted; %d of %d trainings are done."),
      data, pl_experiment_record_count_done (record), record->plan.n_runs);
}

/* Before its first checkpoint there is nothing to go on with. */
static char *
dup_run_offer (const char *folder)
{
  g_auto (PlRunOrigin) origin = { 0 };
  g_autofree char *data = NULL;
  g_autoptr (GArray) history = NULL;
  PlTrainSettings settings;

  if (!has_file (folder, "last.safetensors") ||
      !pl_run_folder_read_settings (folder, &settings, &origin, NULL))
    return NULL;
  data = g_filename_display_basename (origin.dataset_folder);
  history = pl_run_folder_read_history (folder, NULL);
  if (history == NULL || history->len == 0)
    return g_strdup_printf (_ ("The training on “%s” was interrupted in its first epoch."), data);
  return g_strdup_printf (_ ("The training on “%s” was interrupted after epoch %u."), data,
                          history->len);
}

void
pl_app_window_offer_resume (PlAppWindow *self)
{
  g_autofree char *folder = g_settings_get_string (pl_settings_get (), KEY);
  g_autofree char *text = NULL;

  if (*folder == '\0')
    return;
  text = is_experiment (folder) ? dup_experiment_offer (folder) : dup_run_offer (folder);
  if (text == NULL)
    {
      pl_app_window_remember_run (self, NULL);
      return;
    }
  gtk_label_set_text (self->resume_label, text);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->resume_button), "s", folder);
  gtk_revealer_set_reveal_child (self->resume_revealer, TRUE);
}

static void
report (PlAppWindow *self, const GError *error)
{
  pl_app_window_report (self, _ ("The training could not go on"), error);
}

static void
resume_run (PlAppWindow *self, const char *run_folder)
{
  g_autofree char *split = g_build_filename (run_folder, "split.csv", NULL);
  g_auto (PlRunOrigin) origin = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) history = NULL;
  g_autoptr (PlTrainer) trainer = NULL;
  PlTrainSettings settings;

  if (!pl_run_folder_read_settings (run_folder, &settings, &origin, &error) ||
      !pl_split_read (self->dataset, split, &error))
    {
      report (self, error);
      return;
    }
  history = pl_run_folder_read_history (run_folder, NULL);
  trainer = pl_trainer_new (self->dataset, &settings, run_folder, NULL, TRUE);
  pl_app_window_run_training (self, trainer, history);
}

/* With the data set that is open. */
static void
resume (PlAppWindow *self, const char *folder)
{
  if (is_experiment (folder))
    pl_app_window_resume_experiment (self, folder);
  else
    resume_run (self, folder);
}

/* NULL with @error set when it cannot be told. */
static char *
dup_dataset_folder (const char *folder, GError **error)
{
  g_auto (PlRunOrigin) origin = { 0 };
  PlTrainSettings settings;

  if (is_experiment (folder))
    {
      g_autoptr (PlExperimentRecord) record = pl_experiment_record_read (folder, error);

      return record != NULL ? g_strdup (record->dataset_folder) : NULL;
    }
  return pl_run_folder_read_settings (folder, &settings, &origin, error)
             ? g_strdup (origin.dataset_folder)
             : NULL;
}

static gboolean
is_open (PlAppWindow *self, const char *dataset_folder)
{
  return self->dataset != NULL && g_str_equal (self->dataset->folder, dataset_folder);
}

static void
resume_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  const char *folder = g_variant_get_string (parameter, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *dataset_folder = dup_dataset_folder (folder, &error);

  gtk_revealer_set_reveal_child (self->resume_revealer, FALSE);
  if (dataset_folder == NULL)
    {
      report (self, error);
      return;
    }
  if (is_open (self, dataset_folder))
    {
      resume (self, folder);
      return;
    }
  pl_app_window_open_folder (self, dataset_folder);
  g_free (self->resume_folder);
  self->resume_folder = g_strdup (folder);
}

/* Something else may have been opened instead. */
void
pl_app_window_go_on (PlAppWindow *self)
{
  g_autofree char *folder = g_steal_pointer (&self->resume_folder);
  g_autofree char *dataset_folder = folder != NULL ? dup_dataset_folder (folder, NULL) : NULL;

  if (dataset_folder != NULL && is_open (self, dataset_folder) && !pl_app_window_is_training (self))
    resume (self, folder);
}

/* It is offered again at the next start. */
static void
dismiss_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_revealer_set_reveal_child (PL_APP_WINDOW (data)->resume_revealer, FALSE);
}

static const GActionEntry entries[] = {
  { "resume-training", resume_cb, "s" },
  { "dismiss-resume", dismiss_cb },
};

void
pl_app_window_add_resume_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
