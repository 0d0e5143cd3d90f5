/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A training that was interrupted, because the window was closed, the session ended or the program
 * was killed: the settings remember its folder from its beginning to its end, and the next start
 * offers to go on with it. Its data set is opened first if another, or none, is.
 */
#include "app/window-private.h"

#include "app/settings.h"

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

/* Before its first checkpoint there is nothing to go on with. */
static gboolean
can_resume (const char *run_folder)
{
  g_autofree char *last = g_build_filename (run_folder, "last.safetensors", NULL);

  return g_file_test (last, G_FILE_TEST_IS_REGULAR);
}

static char *
dup_offer (const char *run_folder, const PlRunOrigin *origin)
{
  g_autofree char *data = g_filename_display_basename (origin->dataset_folder);
  g_autoptr (GArray) history = pl_run_folder_read_history (run_folder, NULL);

  if (history == NULL || history->len == 0)
    return g_strdup_printf (_ ("The training on “%s” was interrupted in its first epoch."), data);
  return g_strdup_printf (_ ("The training on “%s” was interrupted after epoch %u."), data,
                          history->len);
}

void
pl_app_window_offer_resume (PlAppWindow *self)
{
  g_autofree char *folder = g_settings_get_string (pl_settings_get (), KEY);
  g_auto (PlRunOrigin) origin = { 0 };
  g_autofree char *text = NULL;
  PlTrainSettings settings;

  if (*folder == '\0')
    return;
  if (!can_resume (folder) || !pl_run_folder_read_settings (folder, &settings, &origin, NULL))
    {
      pl_app_window_remember_run (self, NULL);
      return;
    }
  text = dup_offer (folder, &origin);
  gtk_label_set_text (self->resume_label, text);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->resume_button), "s", folder);
  gtk_revealer_set_reveal_child (self->resume_revealer, TRUE);
}

static void
report (PlAppWindow *self, const GError *error)
{
  pl_app_window_report (self, _ ("The training could not go on"), error);
}

/* With the data set that is open. */
static void
resume (PlAppWindow *self, const char *run_folder)
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

static void
resume_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  const char *run_folder = g_variant_get_string (parameter, NULL);
  g_auto (PlRunOrigin) origin = { 0 };
  g_autoptr (GError) error = NULL;
  PlTrainSettings settings;

  gtk_revealer_set_reveal_child (self->resume_revealer, FALSE);
  if (!pl_run_folder_read_settings (run_folder, &settings, &origin, &error))
    {
      report (self, error);
      return;
    }
  if (self->dataset != NULL && g_str_equal (self->dataset->folder, origin.dataset_folder))
    {
      resume (self, run_folder);
      return;
    }
  pl_app_window_open_folder (self, origin.dataset_folder);
  self->resume_folder = g_strdup (run_folder);
}

void
pl_app_window_go_on (PlAppWindow *self)
{
  g_autofree char *run_folder = g_steal_pointer (&self->resume_folder);

  if (run_folder != NULL && !pl_app_window_is_training (self))
    resume (self, run_folder);
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
