/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window of runs, one for a main window. */
#include "app/window-runs.h"

#include "app/runs-window.h"
#include "app/window-private.h"

#include <glib/gi18n.h>

static void
runs_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  GtkWindow *window = NULL;

  for (GList *link = gtk_application_get_windows (application); link != NULL; link = link->next)
    if (PL_IS_RUNS_WINDOW (link->data))
      window = link->data;
  if (window == NULL)
    window = GTK_WINDOW (pl_runs_window_new (self));
  gtk_window_present (window);
}

static const GActionEntry entries[] = {
  { "runs", runs_cb },
};

void
pl_app_window_add_runs_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

void
pl_app_window_set_replaying (PlAppWindow *self, gboolean is_replaying)
{
  self->is_replaying = is_replaying;
  if (!self->is_closed)
    pl_app_window_update_actions (self);
}

void
pl_app_window_note_of_runs (PlAppWindow *self, const char *summary, const char *message)
{
  if (!self->is_closed)
    pl_app_window_note (self, summary, message);
}

void
pl_app_window_tell_of_runs (PlAppWindow *self, const char *text)
{
  if (gtk_window_is_active (GTK_WINDOW (self)))
    pl_app_window_offer (self, text, _ ("_Runs"), "win.runs");
  pl_app_window_notify (self, text, "app.runs");
}
