/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window says by itself: a toast, with a button for what does not fit in one. What went
 * wrong also stays in the main window's list of problems. */
#include "app/runs-window-private.h"

#include "app/error-text.h"
#include "app/problems-window.h"
#include "app/toast.h"
#include "app/window-runs.h"

#include <glib/gi18n.h>

void
pl_runs_window_toast (PlRunsWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, pl_toast_new (text));
}

/* The message is in the action, so that each toast leads to its own. */
void
pl_runs_window_toast_details (PlRunsWindow *self, const char *summary, const char *details)
{
  g_autofree char *action = g_strdup_printf ("win.show-message::%s\n%s", summary, details);

  adw_toast_overlay_add_toast (self->toasts, pl_toast_new_offer (summary, _ ("_Details"), action));
}

void
pl_runs_window_show_message (PlRunsWindow *self, const char *message)
{
  g_autoptr (GtkStringList) messages = gtk_string_list_new ((const char *const[]){ message, NULL });
  GtkWindow *window = pl_problems_window_new (GTK_WINDOW (self), G_LIST_MODEL (messages));

  gtk_window_set_title (window, _ ("Details"));
  gtk_window_set_default_size (window, 560, 240);
  gtk_window_present (window);
}

void
pl_runs_window_report (PlRunsWindow *self, const char *summary, const GError *error)
{
  g_autofree char *details = NULL;

  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  details = pl_error_dup_text (error);
  if (self->owner != NULL)
    pl_app_window_note_of_runs (self->owner, summary, details);
  pl_runs_window_toast_details (self, summary, details);
}
