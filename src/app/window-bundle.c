/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slices into a volume and back, as pleura-cli's bundle and unbundle do it, in a worker. */
#include "app/window-private.h"

#include "app/relay.h"

#include "image/bundle.h"

#include <glib/gi18n.h>

typedef struct
{
  /* Owned */
  char *from; /* a folder of slices, or a volume */
  char *to;   /* the other one */
  PlRelay *relay;

  PlLoadOptions options; /* of the volume that is taken apart */
  double step_mm;        /* 0 when a volume is taken apart */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->from);
  g_free (job->to);
  pl_relay_stop (job->relay);
  pl_relay_unref (job->relay);
  g_free (job);
}

static void
bundle_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;
  int n_slices = job->step_mm > 0
                     ? pl_bundle_slices (job->from, job->to, job->step_mm, pl_relay_report_cb,
                                         job->relay, cancellable, &error)
                     : pl_unbundle_volume (job->from, &job->options, job->to, pl_relay_report_cb,
                                           job->relay, cancellable, &error);

  if (n_slices == 0)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, n_slices);
}

static void
bundled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlAppWindow) self = data;
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = g_filename_display_basename (job->to);
  g_autoptr (GError) error = NULL;
  int n_slices = (int) g_task_propagate_int (G_TASK (result), &error);
  g_autofree char *text = NULL;

  if (self->exporting.cancellable != g_task_get_cancellable (G_TASK (result)))
    return;
  pl_app_window_end_work (self, &self->exporting);
  if (error != NULL)
    {
      pl_app_window_report (self,
                            job->step_mm > 0 ? _ ("The slices could not be joined")
                                             : _ ("The volume could not be taken apart"),
                            error);
      return;
    }
  /* Translators: %s is a file or a folder. */
  text = g_strdup_printf (ngettext ("%d slice was written to “%s”",
                                    "%d slices were written to “%s”", (gulong) n_slices),
                          n_slices, name);
  pl_app_window_announce (self, text);
}

static void
progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  PlAppWindow *self = PL_APP_WINDOW (target);

  self->exporting.fraction = fraction;
  pl_app_window_update_work (self);
}

static void
begin (PlAppWindow *self, const char *text, const char *from, const char *to, double step_mm)
{
  GCancellable *cancellable = pl_app_window_begin_work (self, &self->exporting, text);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, bundled_cb, g_object_ref (self));
  Job *job = g_new0 (Job, 1);

  job->from = g_strdup (from);
  job->to = g_strdup (to);
  job->relay = pl_relay_new (G_OBJECT (self), cancellable, progress_cb);
  job->step_mm = step_mm;
  if (!(step_mm > 0))
    job->options = pl_case_load_options (pl_case_item_get_case (self->current));
  g_task_set_source_tag (task, begin);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, bundle_thread);
}

void
pl_app_window_bundle (PlAppWindow *self, const char *folder, const char *path, double step_mm)
{
  g_return_if_fail (step_mm > 0);

  if (self->exporting.cancellable == NULL)
    begin (self, _ ("Joining slices…"), folder, path, step_mm);
}

static gboolean
can_unbundle (PlAppWindow *self)
{
  return self->current != NULL && self->exporting.cancellable == NULL &&
         pl_case_is_volume (pl_case_item_get_case (self->current));
}

void
pl_app_window_unbundle (PlAppWindow *self, const char *folder)
{
  if (can_unbundle (self))
    begin (self, _ ("Writing slices…"), pl_case_item_get_case (self->current)->image_path, folder,
           0);
}

static void
bundle_slices_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_choose_slices (data);
}

static void
unbundle_volume_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_choose_slice_folder (data);
}

static const GActionEntry entries[] = {
  { "bundle-slices", bundle_slices_cb },
  { "unbundle-volume", unbundle_volume_cb },
};

void
pl_app_window_add_bundle_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

void
pl_app_window_update_bundle_actions (PlAppWindow *self)
{
  GAction *bundle = g_action_map_lookup_action (G_ACTION_MAP (self), "bundle-slices");
  GAction *unbundle = g_action_map_lookup_action (G_ACTION_MAP (self), "unbundle-volume");

  g_simple_action_set_enabled (G_SIMPLE_ACTION (bundle), self->exporting.cancellable == NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (unbundle), can_unbundle (self));
}
