/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks where an exported plot goes, and writes it in a thread. What came of it is said in the
 * nearest place for toasts above the plot.
 */
#include "app/error-text.h"
#include "app/plot-export.h"
#include "app/plot-private.h"
#include "app/toast.h"

#include <adwaita.h>
#include <glib/gi18n.h>

static void
tell (PlPlot *self, const char *text)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);

  if (overlay == NULL)
    return;
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), pl_toast_new (text));
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (pl_plot_export_write (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree char *name = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    text = g_strdup_printf (_ ("“%s” was saved"), name);
  else
    text = pl_error_dup_text (error);
  tell (PL_PLOT (source), text);
}

static void
save (PlPlot *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  PlPlotExport *job = pl_plot_export_new (&self->scene, path, &error);
  g_autoptr (GTask) task = NULL;

  if (job == NULL)
    {
      g_autofree char *text = pl_error_dup_text (error);

      tell (self, text);
      return;
    }
  task = g_task_new (self, NULL, saved_cb, g_path_get_basename (path));
  g_task_set_source_tag (task, save);
  g_task_set_task_data (task, job, (GDestroyNotify) pl_plot_export_free);
  g_task_run_in_thread (task, save_thread);
}

static void
response_cb (PlPlot *self, int response, GtkFileChooser *chooser)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (chooser);
  g_autofree char *path = file == NULL ? NULL : g_file_get_path (file);

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    save (self, path);
  g_object_unref (chooser);
}

void
pl_plot_choose_export (PlPlot *self)
{
  static const char *const endings[] = { "pdf", "svg", "png", "csv" };
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Export Plot"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
      GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_filter_set_name (filter, _ ("PDF, SVG and PNG Pictures, CSV Tables"));
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    gtk_file_filter_add_suffix (filter, endings[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), "plot.pdf");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
