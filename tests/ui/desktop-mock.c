/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of the interfaces of gnome-session and of the notification specification GTK and GLib use.
 */
#include "ui/desktop-mock.h"

#include <string.h>

#define MANAGER "/org/gnome/SessionManager"
#define CLIENT "/org/gnome/SessionManager/Client1"
#define NOTIFICATIONS "/org/freedesktop/Notifications"

static const char interfaces[] =
    "<node>"
    "<interface name='org.gnome.SessionManager'>"
    "<method name='RegisterClient'><arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='o' direction='out'/></method>"
    "<method name='UnregisterClient'><arg type='o' direction='in'/></method>"
    "<method name='Inhibit'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='u' direction='in'/>"
    "<arg type='u' direction='out'/></method>"
    "<method name='Uninhibit'><arg type='u' direction='in'/></method>"
    "</interface>"
    "<interface name='org.gnome.SessionManager.ClientPrivate'>"
    "<method name='EndSessionResponse'><arg type='b' direction='in'/>"
    "<arg type='s' direction='in'/></method>"
    "<signal name='QueryEndSession'><arg type='u'/></signal>"
    "<signal name='EndSession'><arg type='u'/></signal>"
    "<signal name='Stop'/>"
    "</interface>"
    "<interface name='org.freedesktop.Notifications'>"
    "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/>"
    "<arg type='i' direction='in'/><arg type='u' direction='out'/></method>"
    "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
    "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
    "<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
    "</interface>"
    "</node>";

typedef struct
{
  char *method;
  char *arguments;
} Call;

struct _DesktopMock
{
  char *address;
  GDBusNodeInfo *info;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GDBusConnection *connection; /* the thread's until it is ready, then of any */

  GMutex lock;
  GCond changed;
  gboolean is_ready;
  GArray *calls; /* (element-type Call) */
};

static void
clear_call (gpointer data)
{
  Call *call = data;

  g_free (call->method);
  g_free (call->arguments);
}

static GVariant *
make_answer (const char *method)
{
  static const char *const nothing[] = { NULL };

  if (g_str_equal (method, "RegisterClient"))
    return g_variant_new ("(o)", CLIENT);
  if (g_str_equal (method, "Inhibit") || g_str_equal (method, "Notify"))
    return g_variant_new ("(u)", 1);
  if (g_str_equal (method, "GetCapabilities"))
    return g_variant_new ("(^as)", nothing);
  return NULL;
}

static void
called_cb (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *method,
           GVariant *arguments,
           GDBusMethodInvocation *invocation,
           gpointer data)
{
  DesktopMock *self = data;
  Call call = { g_strdup (method), g_variant_print (arguments, FALSE) };

  g_dbus_method_invocation_return_value (invocation, make_answer (method));
  g_mutex_lock (&self->lock);
  g_array_append_val (self->calls, call);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void export(DesktopMock *self, const char *path, const char *interface)
{
  static const GDBusInterfaceVTable table = { .method_call = called_cb };
  g_autoptr (GError) error = NULL;

  g_dbus_connection_register_object (self->connection, path,
                                     g_dbus_node_info_lookup_interface (self->info, interface),
                                     &table, self, NULL, &error);
  g_assert_no_error (error);
}

static void
own (DesktopMock *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "RequestName", g_variant_new ("(su)", name, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
      &error);

  g_assert_no_error (error);
}

static gpointer
answer_thread (gpointer data)
{
  DesktopMock *self = data;
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (self->context);
  self->connection =
      g_dbus_connection_new_for_address_sync (self->address,
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  export(self, MANAGER, "org.gnome.SessionManager");
  export(self, CLIENT, "org.gnome.SessionManager.ClientPrivate");
  export(self, NOTIFICATIONS, "org.freedesktop.Notifications");
  own (self, "org.gnome.SessionManager");
  own (self, "org.freedesktop.Notifications");
  g_mutex_lock (&self->lock);
  self->is_ready = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_main_loop_run (self->loop);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

DesktopMock *
desktop_mock_new (const char *bus_address)
{
  DesktopMock *self = g_new0 (DesktopMock, 1);
  g_autoptr (GError) error = NULL;

  self->address = g_strdup (bus_address);
  self->info = g_dbus_node_info_new_for_xml (interfaces, &error);
  g_assert_no_error (error);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->calls = g_array_new (FALSE, FALSE, sizeof (Call));
  g_array_set_clear_func (self->calls, clear_call);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->thread = g_thread_new ("desktop", answer_thread, self);
  g_mutex_lock (&self->lock);
  while (!self->is_ready)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
  return self;
}

void
desktop_mock_free (DesktopMock *self)
{
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_object_unref (self->connection);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_dbus_node_info_unref (self->info);
  g_array_unref (self->calls);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->address);
  g_free (self);
}

void
desktop_mock_tell_client (DesktopMock *self, const char *signal)
{
  g_autoptr (GError) error = NULL;
  gboolean has_flags = !g_str_equal (signal, "Stop");

  g_dbus_connection_emit_signal (self->connection, NULL, CLIENT,
                                 "org.gnome.SessionManager.ClientPrivate", signal,
                                 has_flags ? g_variant_new ("(u)", 0) : NULL, &error);
  g_assert_no_error (error);
}

/* All have the same number; the program, too, knows the last one by it. */
void
desktop_mock_click (DesktopMock *self)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (self->connection, NULL, NOTIFICATIONS,
                                 "org.freedesktop.Notifications", "ActionInvoked",
                                 g_variant_new ("(us)", 1, "default"), &error);
  g_assert_no_error (error);
}

/* Under the lock. */
static int
count (DesktopMock *self, const char *method)
{
  int n = 0;

  for (guint i = 0; i < self->calls->len; i++)
    n += g_str_equal (g_array_index (self->calls, Call, i).method, method);
  return n;
}

char *
desktop_mock_dup_calls (DesktopMock *self, const char *method)
{
  GString *text = g_string_new (NULL);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->calls->len; i++)
    {
      const Call *call = &g_array_index (self->calls, Call, i);

      if (g_str_equal (call->method, method))
        g_string_append_printf (text, "%s\n", call->arguments);
    }
  g_mutex_unlock (&self->lock);
  return g_string_free (text, FALSE);
}

void
desktop_mock_wait (DesktopMock *self, const char *method, int n)
{
  gint64 end_us = g_get_monotonic_time () + 100 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&self->lock);
  while (count (self, method) < n)
    if (!g_cond_wait_until (&self->changed, &self->lock, end_us))
      g_error ("%s is not called", method);
  g_mutex_unlock (&self->lock);
}

int
desktop_mock_count (DesktopMock *self, const char *method)
{
  int n;

  g_mutex_lock (&self->lock);
  n = count (self, method);
  g_mutex_unlock (&self->lock);
  return n;
}
