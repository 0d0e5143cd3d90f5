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

  gboolean is_joining;   /* else a volume is taken apart */
  double step_mm;        /* for joining; 0: as the slices tell */
  PlLoadOptions options; /* of the volume that is taken apart */
} Job;

/* What a worker hands over. */
typedef struct
{
  int n_slices;
  const char *warning; /* (nullable) */
} Outcome;

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

static gboolean
join (const Job *job, Outcome *outcome, GCancellable *cancellable, GError **error)
{
  PlBundle bundle;

  if (!pl_bundle_slices (job->from, job->to, job->step_mm, &bundle, pl_relay_report_cb, job->relay,
                         cancellable, error))
    return FALSE;
  *outcome = (Outcome){ bundle.n_slices, pl_bundle_get_warning (&bundle) };
  return TRUE;
}

static gboolean
take_apart (const Job *job, Outcome *outcome, GCancellable *cancellable, GError **error)
{
  outcome->n_slices = pl_unbundle_volume (job->from, &job->options, job->to, pl_relay_report_cb,
                                          job->relay, cancellable, error);
  return outcome->n_slices > 0;
}

static void
bundle_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  g_autofree Outcome *outcome = g_new0 (Outcome, 1);
  GError *error = NULL;

  if (job->is_joining ? join (job, outcome, cancellable, &error)
                      : take_apart (job, outcome, cancellable, &error))
    g_task_return_pointer (task, g_steal_pointer (&outcome), g_free);
  else
    g_task_return_error (task, error);
}

/* Lengths that are only assumed are said at once: later nobody can tell them from others. */
static void
announce (PlAppWindow *self, const char *name, const Outcome *outcome)
{
  /* Translators: %s is a file or a folder. */
  g_autofree char *text =
      g_strdup_printf (ngettext ("%d slice was written to “%s”", "%d slices were written to “%s”",
                                 (gulong) outcome->n_slices),
                       outcome->n_slices, name);
  g_autofree char *whole =
      g_strconcat (text, outcome->warning == NULL ? NULL : ". ", outcome->warning, NULL);

  pl_app_window_announce (self, whole);
}

static void
bundled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlAppWindow) self = data;
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = g_filename_display_basename (job->to);
  g_autoptr (GError) error = NULL;
  g_autofree Outcome *outcome = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->exporting.cancellable != g_task_get_cancellable (G_TASK (result)))
    return;
  pl_app_window_end_work (self, &self->exporting);
  if (error != NULL)
    pl_app_window_report (self,
                          job->is_joining ? _ ("The slices could not be joined")
                                          : _ ("The volume could not be taken apart"),
                          error);
  else
    announce (self, name, outcome);
}

static void
progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  PlAppWindow *self = PL_APP_WINDOW (target);

  self->exporting.fraction = fraction;
  pl_app_window_update_work (self);
}

static Job *
make_job (const char *from, const char *to)
{
  Job *job = g_new0 (Job, 1);

  job->from = g_strdup (from);
  job->to = g_strdup (to);
  return job;
}

/* Takes @job. */
static void
begin (PlAppWindow *self, const char *text, Job *job)
{
  GCancellable *cancellable = pl_app_window_begin_work (self, &self->exporting, text);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, bundled_cb, g_object_ref (self));

  job->relay = pl_relay_new (G_OBJECT (self), cancellable, progress_cb);
  g_task_set_source_tag (task, begin);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, bundle_thread);
}

void
pl_app_window_bundle (PlAppWindow *self, const char *folder, const char *path, double step_mm)
{
  Job *job;

  if (self->exporting.cancellable != NULL)
    return;
  job = make_job (folder, path);
  job->is_joining = TRUE;
  job->step_mm = step_mm;
  begin (self, _ ("Joining slices…"), job);
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
  const PlCase *of;
  Job *job;

  if (!can_unbundle (self))
    return;
  of = pl_case_item_get_case (self->current);
  job = make_job (of->image_path, folder);
  job->options = pl_case_load_options (of);
  begin (self, _ ("Writing slices…"), job);
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
