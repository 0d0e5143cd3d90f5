/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check of the data set, before it is trained on. What opening has found is known at once: it
 * is said on the page that says how to train, and case by case in a window. Reading every file
 * takes a while; it is done in the background as soon as somebody looks at either, and gives way to
 * a training, which reads them all by itself. Nothing is changed by it.
 */
#include "app/window-private.h"

#include "app/check-task.h"
#include "app/check-window.h"

#include "train/dataset-report.h"

#include <glib/gi18n.h>

struct _PlCheckState
{
  /* Owned */
  PlDataset *found; /* (nullable): the data set when its files were read, with what was found */
  char *failure;    /* (nullable): why they could not be */
  char *numbers;    /* what the data set consists of */

  GtkWindow *window; /* (nullable): held weakly */
  PlPending reading; /* in the background */
  int percent;
  int n_listed; /* files of the manifest */
  gboolean needs_look;
  gboolean is_stopped; /* somebody did not want them to be read */
};

static void
forget_found (PlCheckState *check)
{
  pl_pending_forget (&check->reading);
  g_clear_pointer (&check->found, pl_dataset_free);
  g_clear_pointer (&check->failure, g_free);
  check->is_stopped = FALSE;
}

void
pl_check_state_free (PlCheckState *check)
{
  if (check == NULL)
    return;
  forget_found (check);
  g_clear_weak_pointer (&check->window);
  g_free (check->numbers);
  g_free (check);
}

void
pl_app_window_stop_check (PlAppWindow *self)
{
  pl_pending_forget (&self->check->reading);
}

static char *
dup_manifest_text (const PlCheckState *check)
{
  if (check->n_listed == 0)
    return g_strdup (_ ("No manifest lists the files: with one, a lost or changed file is named."));
  return g_strdup_printf (ngettext ("%d file was compared with the manifest.",
                                    "%d files were compared with the manifest.",
                                    (gulong) check->n_listed),
                          check->n_listed);
}

/* (nullable): how far it is, unless it is done. */
static char *
dup_progress_text (const PlCheckState *check)
{
  if (pl_pending_is_on (&check->reading))
    return g_strdup_printf (_ ("Reading every file: %d %%"), check->percent);
  if (check->failure != NULL)
    return g_strdup (check->failure);
  return check->is_stopped ? g_strdup (_ ("The files were not read to their end.")) : NULL;
}

static void
show_window_text (PlCheckState *check)
{
  g_autofree char *progress = dup_progress_text (check);
  g_autofree char *manifest = check->found != NULL ? dup_manifest_text (check) : NULL;
  g_autofree char *text =
      g_strjoin ("\n", check->numbers, progress != NULL ? progress : manifest, NULL);

  if (check->window != NULL)
    pl_check_window_set_summary (PL_CHECK_WINDOW (check->window), text);
}

static void
show_texts (PlAppWindow *self)
{
  const PlCheckState *check = self->check;
  g_autofree char *progress = dup_progress_text (check);
  g_autofree char *text = g_strjoin ("\n", check->numbers, progress, NULL);

  pl_train_setup_set_check (pl_train_panel_get_setup (self->train_panel), text,
                            check->needs_look || check->failure != NULL,
                            pl_pending_is_on (&check->reading));
  show_window_text (self->check);
}

/* Whether all that is listed was read: a case that was put back, or has a mask now, was not. */
static gboolean
has_read_all (const PlDataset *found, const PlDataset *listed)
{
  g_autoptr (GHashTable) masks = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < found->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (found->cases, i);

      g_hash_table_insert (masks, self->name, self->mask_path);
    }
  for (guint i = 0; i < listed->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (listed->cases, i);
      gpointer mask;

      if (!g_hash_table_lookup_extended (masks, self->name, NULL, &mask) ||
          g_strcmp0 (mask, self->mask_path) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
show_report (PlAppWindow *self)
{
  PlCheckState *check = self->check;
  g_autoptr (PlReport) report =
      pl_report_new (check->found != NULL ? check->found : self->dataset, self->dataset);

  g_free (check->numbers);
  check->numbers = pl_report_dup_summary (report);
  check->needs_look = pl_report_needs_look (report);
  if (check->window != NULL)
    pl_check_window_take_report (PL_CHECK_WINDOW (check->window), g_steal_pointer (&report));
  show_texts (self);
}

void
pl_app_window_update_check (PlAppWindow *self)
{
  PlCheckState *check = self->check;

  if (check->found != NULL && !has_read_all (check->found, self->dataset))
    forget_found (check);
  show_report (self);
}

void
pl_app_window_reset_check (PlAppWindow *self)
{
  forget_found (self->check);
  show_report (self);
}

/* Takes @found, what a check has come to; of an error that matters it stays NULL. */
static void
take_found (PlAppWindow *self, PlDataset *found, const GError *error)
{
  PlCheckState *check = self->check;

  g_clear_pointer (&check->failure, g_free);
  if (found != NULL)
    {
      pl_dataset_free (check->found);
      check->found = found;
    }
  else
    check->failure =
        /* Translators: %s is why. */
        g_strdup_printf (_ ("The data set could not be checked: %s"), error->message);
  check->is_stopped = FALSE;
  pl_app_window_update_check (self);
}

static void
reading_progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  PlAppWindow *self = PL_APP_WINDOW (target);
  int percent = (int) (100 * fraction);

  if (percent == self->check->percent || !pl_pending_is_on (&self->check->reading))
    return;
  self->check->percent = percent;
  show_texts (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlAppWindow) self = data;
  g_autoptr (GError) error = NULL;
  int n_listed = 0;
  PlDataset *found = pl_check_task_finish (result, &n_listed, &error);

  if (!pl_pending_end (&self->check->reading, result))
    {
      g_clear_pointer (&found, pl_dataset_free);
      return;
    }
  self->check->n_listed = n_listed;
  take_found (self, found, error);
  pl_app_window_update_actions (self);
}

static gboolean
is_looked_at (PlAppWindow *self)
{
  return self->check->window != NULL ||
         gtk_widget_get_mapped (GTK_WIDGET (pl_train_panel_get_setup (self->train_panel)));
}

/* Without a pair there is nothing to train on. The case in view comes first. */
static gboolean
wants_reading (PlAppWindow *self)
{
  const PlCheckState *check = self->check;

  return check->found == NULL && check->failure == NULL && !check->is_stopped &&
         self->loading.cancellable == NULL && is_looked_at (self) &&
         pl_dataset_count (self->dataset).with_mask > 0;
}

/* Whether files may be read that nobody waits for. */
static gboolean
may_read (PlAppWindow *self)
{
  return self->dataset != NULL && self->opening.cancellable == NULL &&
         self->checking.cancellable == NULL && !pl_app_window_is_training (self) &&
         !self->is_replaying;
}

static void
update_reading (PlAppWindow *self)
{
  PlCheckState *check = self->check;
  gboolean is_on = pl_pending_is_on (&check->reading);

  if (is_on && !may_read (self))
    {
      pl_pending_forget (&check->reading);
      show_texts (self);
    }
  else if (!is_on && may_read (self) && wants_reading (self))
    {
      check->percent = 0;
      pl_check_task_run (self->dataset, PL_CHECK_IN_BACKGROUND, G_OBJECT (self),
                         reading_progress_cb, pl_pending_begin (&check->reading), read_cb,
                         g_object_ref (self));
      show_texts (self);
    }
}

static void
show_data_check_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  PlCheckState *check = self->check;

  if (check->window == NULL)
    {
      g_set_weak_pointer (&check->window, pl_check_window_new (GTK_WINDOW (self)));
      show_report (self);
    }
  gtk_window_present (check->window);
  pl_app_window_update_actions (self);
}

static void
stop_data_check_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;

  pl_pending_forget (&self->check->reading);
  self->check->is_stopped = TRUE;
  show_texts (self);
  pl_app_window_update_actions (self);
}

static void
checking_progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  PlAppWindow *self = PL_APP_WINDOW (target);

  self->checking.fraction = fraction;
  pl_app_window_update_work (self);
}

/* Somebody waited for it. */
static void
checked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlAppWindow) self = data;
  g_autoptr (GError) error = NULL;
  int n_listed = 0;
  PlDataset *found = pl_check_task_finish (result, &n_listed, &error);

  if (self->checking.cancellable != g_task_get_cancellable (G_TASK (result)))
    {
      g_clear_pointer (&found, pl_dataset_free);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->check->is_stopped = self->check->found == NULL;
  else
    {
      self->check->n_listed = n_listed;
      take_found (self, found, error);
    }
  pl_app_window_end_work (self, &self->checking);
  pl_app_window_report (self, _ ("The data set could not be checked"), error);
  if (error == NULL)
    g_action_group_activate_action (G_ACTION_GROUP (self), "show-data-check", NULL);
  show_texts (self);
}

static void
check_data_set_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  GCancellable *cancellable =
      pl_app_window_begin_work (self, &self->checking, _ ("Checking the data set…"));

  pl_check_task_run (self->dataset, PL_CHECK_AT_ONCE, G_OBJECT (self), checking_progress_cb,
                     cancellable, checked_cb, g_object_ref (self));
}

static const GActionEntry entries[] = {
  { "check-data-set", check_data_set_cb },
  { "show-data-check", show_data_check_cb },
  { "stop-data-check", stop_data_check_cb },
};

void
pl_app_window_add_check_actions (PlAppWindow *self)
{
  self->check = g_new0 (PlCheckState, 1);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

void
pl_app_window_bind_check (PlAppWindow *self)
{
  g_signal_connect_object (pl_train_panel_get_setup (self->train_panel), "map",
                           G_CALLBACK (pl_app_window_update_actions), self, G_CONNECT_SWAPPED);
}

static void
enable (PlAppWindow *self, const char *action, gboolean enabled)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self), action);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (found), enabled);
}

void
pl_app_window_update_check_actions (PlAppWindow *self)
{
  gboolean is_open = self->dataset != NULL && self->opening.cancellable == NULL;

  if (!self->is_closed)
    update_reading (self);
  enable (self, "check-data-set", is_open && self->checking.cancellable == NULL);
  enable (self, "show-data-check", is_open);
  enable (self, "stop-data-check", pl_pending_is_on (&self->check->reading));
}
