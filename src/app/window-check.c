/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check of a data set before it is trained on, and its manifest: what pleura-cli's check does,
 * with a copy of the data set in a worker. What is found stands in a window; nothing is changed.
 */
#include "app/window-private.h"

#include "app/problems-window.h"
#include "app/relay.h"

#include "train/manifest.h"

#include <glib/gi18n.h>

typedef struct
{
  /* Owned */
  PlDataset *dataset;
  PlRelay *relay;

  double first; /* of the progress, where this part of the work begins */
  double share;
  int n_listed; /* files of the manifest */
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  pl_dataset_free (check->dataset);
  pl_relay_stop (check->relay);
  pl_relay_unref (check->relay);
  g_free (check);
}

static void
report_cb (double fraction, gpointer data)
{
  const Check *check = data;

  pl_relay_report (check->relay, NULL, check->first + check->share * fraction);
}

static void
check_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Check *check = data;
  GError *error = NULL;

  check->share = 0.7;
  if (pl_dataset_check (check->dataset, report_cb, check, cancellable, &error))
    {
      check->first = check->share;
      check->share = 1 - check->first;
      pl_manifest_verify (check->dataset, &check->n_listed, report_cb, check, cancellable, &error);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* Of the whole folder, also when the window has only some of its files. */
static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Check *check = data;
  GError *error = NULL;
  g_autoptr (PlDataset) whole = pl_dataset_open (check->dataset->folder, cancellable, &error);

  check->share = 1;
  if (whole != NULL && pl_manifest_write (whole, report_cb, check, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* FALSE when the answer is late, or there is none; why is said. */
static gboolean
take_answer (PlAppWindow *self, GAsyncResult *result, const char *failure)
{
  g_autoptr (GError) error = NULL;
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);

  if (self->checking.cancellable != g_task_get_cancellable (G_TASK (result)))
    return FALSE;
  pl_app_window_end_work (self, &self->checking);
  pl_app_window_report (self, failure, error);
  return is_done;
}

static void
append_list (GtkStringList *lines, const GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (problems, i);
      g_autofree char *line = g_strdup_printf ("%s\n%s", problem->path, problem->reason);

      gtk_string_list_append (lines, line);
    }
}

static void
append_manifest (GString *text, const Check *check)
{
  g_string_append_c (text, '\n');
  if (check->n_listed == 0)
    g_string_append (text,
                     _ ("No manifest lists the files: with one, a lost or changed file is named."));
  else
    g_string_append_printf (text,
                            ngettext ("%d file was compared with the manifest.",
                                      "%d files were compared with the manifest.",
                                      (gulong) check->n_listed),
                            check->n_listed);
}

static char *
dup_summary (const Check *check)
{
  const PlDataset *dataset = check->dataset;
  PlDatasetCounts counts = pl_dataset_count (dataset);
  GString *text = g_string_new (NULL);

  if (dataset->problems->len == 0 && dataset->notices->len == 0)
    g_string_append (text, _ ("Nothing is wrong."));
  else
    g_string_append_printf (text,
                            ngettext ("%u file needs a look.", "%u files need a look.",
                                      dataset->problems->len + dataset->notices->len),
                            dataset->problems->len + dataset->notices->len);
  g_string_append_c (text, '\n');
  g_string_append_printf (text, _ ("Slices: %d, volumes: %d; with a mask: %d, without: %d."),
                          counts.slices, counts.volumes, counts.with_mask,
                          counts.slices + counts.volumes - counts.with_mask);
  append_manifest (text, check);
  return g_string_free (text, FALSE);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlAppWindow) self = data;
  const Check *check = g_task_get_task_data (G_TASK (result));
  g_autoptr (GtkStringList) lines = gtk_string_list_new (NULL);
  g_autofree char *summary = NULL;

  if (!take_answer (self, result, _ ("The data set could not be checked")))
    return;
  append_list (lines, check->dataset->problems);
  append_list (lines, check->dataset->notices);
  summary = dup_summary (check);
  gtk_window_present (pl_problems_window_new_of (GTK_WINDOW (self), G_LIST_MODEL (lines),
                                                 _ ("Data Set Check"), summary));
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlAppWindow) self = data;

  if (take_answer (self, result, _ ("The manifest could not be written")))
    pl_app_window_offer (self, _ ("The manifest was written"), _ ("_Check"), "win.check-data-set");
}

static void
progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  PlAppWindow *self = PL_APP_WINDOW (target);

  self->checking.fraction = fraction;
  pl_app_window_update_work (self);
}

static void
begin (PlAppWindow *self, const char *text, GTaskThreadFunc thread, GAsyncReadyCallback callback)
{
  GCancellable *cancellable = pl_app_window_begin_work (self, &self->checking, text);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, g_object_ref (self));
  Check *check = g_new0 (Check, 1);

  check->dataset = pl_dataset_copy (self->dataset);
  check->relay = pl_relay_new (G_OBJECT (self), cancellable, progress_cb);
  g_task_set_source_tag (task, begin);
  g_task_set_task_data (task, check, check_free);
  g_task_run_in_thread (task, thread);
}

static void
check_data_set_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  begin (data, _ ("Checking the data set…"), check_thread, checked_cb);
}

static void
write_manifest_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  begin (data, _ ("Writing the manifest…"), write_thread, written_cb);
}

static const GActionEntry entries[] = {
  { "check-data-set", check_data_set_cb },
  { "write-manifest", write_manifest_cb },
};

void
pl_app_window_add_check_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

void
pl_app_window_update_check_actions (PlAppWindow *self)
{
  gboolean can_check = self->dataset != NULL && self->opening.cancellable == NULL &&
                       self->checking.cancellable == NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    g_simple_action_set_enabled (
        G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), entries[i].name)),
        can_check);
}
