/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The montage as a file: what is to be drawn is handed over whole to a thread. */
#include "app/window-private.h"

#include "app/montage-export.h"
#include "app/montage-view.h"
#include "app/relay.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  PlMontageExport *montage; /* Owned */
  char *path;               /* Owned */
  PlRelay *relay;           /* Owned */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  pl_montage_export_free (job->montage);
  g_free (job->path);
  pl_relay_unref (job->relay);
  g_free (job);
}

static void
export_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;

  if (pl_montage_export_write (job->montage, job->path, pl_relay_report_cb, job->relay, cancellable,
                               &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PlAppWindow *self = PL_APP_WINDOW (source);
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = g_path_get_basename (job->path);
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);
  g_autofree char *text = NULL;

  pl_relay_stop (job->relay);
  if (self->is_closed)
    return;
  if (self->exporting.cancellable == g_task_get_cancellable (G_TASK (result)))
    pl_app_window_end_work (self, &self->exporting);
  if (done)
    {
      text = g_strdup_printf (_ ("“%s” was saved"), name);
      pl_app_window_toast (self, text);
      return;
    }
  text = g_strdup_printf (_ ("“%s” could not be saved"), name);
  pl_app_window_report (self, text, error);
}

static void
progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  PlAppWindow *self = PL_APP_WINDOW (target);

  self->exporting.fraction = fraction;
  pl_app_window_update_work (self);
}

/* As on the screen; before the montage was ever there, a square. */
static int
count_columns (PlMontageGrid *grid, int n_tiles)
{
  if (gtk_widget_get_width (GTK_WIDGET (grid)) > 0)
    return pl_montage_grid_get_columns (grid);
  return (int) ceil (sqrt (n_tiles));
}

/* A page is looked at from nearer than a screen: twice the pixels. */
static PlMontageExport *
collect (PlAppWindow *self, gboolean is_pdf)
{
  PlMontageView *view = PL_MONTAGE_VIEW (self->montage_view);
  PlMontageContent *content = pl_montage_view_get_content (view);
  PlMontageGrid *grid = pl_montage_view_get_grid (view);
  g_autoptr (PlTileLook) look = pl_montage_grid_make_look (grid);
  g_autofree char *title = NULL;
  PlMontageExport *montage;

  g_object_get (self->current, "title", &title, NULL);
  if (is_pdf)
    {
      look->width *= 2;
      look->height *= 2;
    }
  montage = pl_montage_export_new (look,
                                   pl_montage_content_has_cases (content)
                                       ? adw_view_switcher_title_get_title (self->title)
                                       : title,
                                   count_columns (grid, pl_montage_content_get_n_tiles (content)));
  for (int i = 0; i < pl_montage_content_get_n_tiles (content); i++)
    {
      int subject = pl_montage_content_get_subject (content, i);
      g_autofree char *label = pl_montage_content_dup_label (content, subject);

      pl_montage_export_add (montage, subject, label,
                             pl_montage_content_get_fact (content, subject).dice);
    }
  return montage;
}

gboolean
pl_app_window_can_export_montage (PlAppWindow *self)
{
  PlMontageContent *content = pl_montage_view_get_content (PL_MONTAGE_VIEW (self->montage_view));

  return self->current != NULL && self->volume_is_current && self->loading.cancellable == NULL &&
         self->exporting.cancellable == NULL && pl_montage_content_get_n_tiles (content) > 0;
}

void
pl_app_window_export_montage (PlAppWindow *self, const char *path)
{
  Job *job;
  GCancellable *cancellable;
  g_autoptr (GTask) task = NULL;

  if (!pl_app_window_can_export_montage (self))
    return;
  cancellable = pl_app_window_begin_work (self, &self->exporting, _ ("Saving the montage…"));
  job = g_new0 (Job, 1);
  job->path = g_strdup (path);
  job->montage = collect (self, g_str_has_suffix (path, ".pdf"));
  job->relay = pl_relay_new (G_OBJECT (self), cancellable, progress_cb);
  task = g_task_new (self, cancellable, exported_cb, NULL);
  g_task_set_source_tag (task, pl_app_window_export_montage);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, export_thread);
}
