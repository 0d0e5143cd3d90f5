/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window says about work: progress with a way to cancel it, toasts, and the list of
 * problems, in which every message stays readable after its toast has gone.
 */
#include "app/window-private.h"

#include "app/error-text.h"
#include "app/problems-window.h"
#include "app/toast.h"

#include <glib/gi18n.h>

gboolean
pl_work_is_current (const PlWork *work, GCancellable *cancellable)
{
  return work->cancellable == cancellable && !g_cancellable_is_cancelled (cancellable);
}

GCancellable *
pl_app_window_begin_work (PlAppWindow *self, PlWork *work, const char *text)
{
  g_cancellable_cancel (work->cancellable);
  g_clear_object (&work->cancellable);
  work->cancellable = g_cancellable_new ();
  g_free (work->text);
  work->text = g_strdup (text);
  work->fraction = 0;
  pl_app_window_update_work (self);
  pl_app_window_update_actions (self);
  return work->cancellable;
}

void
pl_app_window_end_work (PlAppWindow *self, PlWork *work)
{
  g_clear_object (&work->cancellable);
  g_clear_pointer (&work->text, g_free);
  pl_app_window_update_work (self);
  pl_app_window_update_actions (self);
}

static void
show_progress (GtkProgressBar *bar, double fraction)
{
  gtk_progress_bar_set_fraction (bar, CLAMP (fraction, 0, 1));
}

/* Loading comes first: it is shorter, and what the user waits for; a slice is there before its
 * first report, and then no bar flashes up. */
void
pl_app_window_update_work (PlAppWindow *self)
{
  const PlWork *work = self->loading.cancellable != NULL      ? &self->loading
                       : self->predicting.cancellable != NULL ? &self->predicting
                       : self->checking.cancellable != NULL   ? &self->checking
                                                              : &self->exporting;

  if (self->opening.cancellable != NULL)
    {
      gtk_label_set_text (self->opening_label, self->opening.text);
      show_progress (self->opening_progress, self->opening.fraction);
    }
  gtk_revealer_set_reveal_child (self->work_revealer,
                                 work->cancellable != NULL &&
                                     (work != &self->loading || work->fraction > 0));
  if (work->cancellable != NULL)
    {
      gtk_label_set_text (self->work_label, work->text);
      show_progress (self->work_progress, work->fraction);
    }
}

static void
add_toast (PlAppWindow *self, AdwToast *toast)
{
  const char *page = gtk_stack_get_visible_child_name (self->pages);

  adw_toast_overlay_add_toast (g_str_equal (page, "content") ? self->view_toasts : self->toasts,
                               toast);
}

void
pl_app_window_toast (PlAppWindow *self, const char *text)
{
  add_toast (self, pl_toast_new (text));
}

void
pl_app_window_offer (PlAppWindow *self, const char *text, const char *label, const char *action)
{
  add_toast (self, pl_toast_new_offer (text, label, action));
}

static void
notifier_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GNotification) notification = data;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  GApplication *application = g_application_get_default ();

  if (answer != NULL && application != NULL)
    g_application_send_notification (application, "finished", notification);
}

/* Takes @notification. GApplication would warn on a desktop that shows none. One that does may be
 * running without a file that says how to start it, or may have to be started: so it is asked
 * something. */
static void
notify_outside (GNotification *notification)
{
  GDBusConnection *bus = g_application_get_dbus_connection (g_application_get_default ());

  if (bus != NULL)
    g_dbus_connection_call (bus, "org.freedesktop.Notifications", "/org/freedesktop/Notifications",
                            "org.freedesktop.Notifications", "GetCapabilities", NULL, NULL,
                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, notifier_found_cb, notification);
  else
    g_object_unref (notification);
}

static GNotification *
make_notification (const char *text, const char *action)
{
  GNotification *notification = g_notification_new (_ ("Pleura"));

  g_notification_set_body (notification, text);
  if (action != NULL)
    g_notification_set_default_action (notification, action);
  return notification;
}

/* In whichever window of the program. */
static gboolean
is_user_here (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  guint n = g_list_model_get_n_items (toplevels);
  gboolean is_here = FALSE;

  for (guint i = 0; i < n && !is_here; i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      is_here = gtk_window_is_active (window);
    }
  return is_here;
}

void
pl_app_window_notify (PlAppWindow *self, const char *text, const char *action)
{
  if (!self->closing && !is_user_here ())
    notify_outside (make_notification (text, action));
}

void
pl_app_window_announce (PlAppWindow *self, const char *text)
{
  pl_app_window_toast (self, text);
  pl_app_window_notify (self, text, NULL);
}

void
pl_app_window_note (PlAppWindow *self, const char *summary, const char *message)
{
  g_autofree char *line = g_strdup_printf ("%s\n%s", summary, message);

  gtk_string_list_append (self->problems, line);
  pl_app_window_update_problems (self);
}

void
pl_app_window_point_to_problems (PlAppWindow *self, const char *summary)
{
  pl_app_window_offer (self, summary, _ ("_Details"), "win.show-problems");
}

void
pl_app_window_note_error (PlAppWindow *self, const char *summary, const GError *error)
{
  g_autofree char *text = pl_error_dup_text (error);

  pl_app_window_note (self, summary, text);
}

void
pl_app_window_report (PlAppWindow *self, const char *summary, const GError *error)
{
  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  pl_app_window_note_error (self, summary, error);
  pl_app_window_point_to_problems (self, summary);
}

void
pl_app_window_update_problems (PlAppWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->problems));
  guint n_messages = n - self->n_left_out;
  g_autofree char *left_out = NULL;
  g_autofree char *messages = NULL;
  g_autofree char *both = NULL;

  left_out = g_strdup_printf (ngettext ("%u file left out", "%u files left out", self->n_left_out),
                              self->n_left_out);
  messages = g_strdup_printf (ngettext ("%u message", "%u messages", n_messages), n_messages);
  /* Translators: "3 files left out, 1 message". */
  both = g_strdup_printf (C_ ("list", "%s, %s"), left_out, messages);
  pl_case_list_set_problems (self->case_list, n == 0                  ? NULL
                                              : n_messages == 0       ? left_out
                                              : self->n_left_out == 0 ? messages
                                                                      : both);
  pl_app_window_update_actions (self);
}

void
pl_app_window_show_problems (PlAppWindow *self)
{
  if (self->problems_window == NULL)
    g_set_weak_pointer (&self->problems_window,
                        pl_problems_window_new (GTK_WINDOW (self), G_LIST_MODEL (self->problems)));
  gtk_window_present (self->problems_window);
}
