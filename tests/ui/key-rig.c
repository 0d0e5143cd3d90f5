/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/key-rig.h"

#include <gdk/x11/gdkx.h>

static void
run (const char *const *arguments)
{
  g_autoptr (GSubprocess) xdotool = NULL;
  g_autoptr (GError) error = NULL;

  xdotool = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (xdotool, NULL, &error);
  g_assert_no_error (error);
}

static char *
dup_xid (GtkNative *native)
{
  return g_strdup_printf ("%lu", gdk_x11_surface_get_xid (gtk_native_get_surface (native)));
}

gboolean
key_rig_is_possible (void)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  if (xdotool != NULL && GDK_IS_X11_DISPLAY (gdk_display_get_default ()))
    return TRUE;
  g_test_skip ("needs xdotool and an X server");
  return FALSE;
}

void
key_rig_focus (gpointer window)
{
  g_autofree char *xid = NULL;

  window_rig_wait (gtk_widget_get_mapped (window), 10);
  gdk_display_sync (gtk_widget_get_display (window)); /* there, too */
  xid = dup_xid (GTK_NATIVE (window));
  key_rig_do ("windowfocus", xid);
  window_rig_wait (gtk_window_is_active (GTK_WINDOW (window)), 10);
}

void
key_rig_press (const char *key)
{
  key_rig_do ("key", key);
}

void
key_rig_type (const char *text)
{
  key_rig_do ("type", text);
}

void
key_rig_do (const char *command, const char *argument)
{
  g_test_message ("%s %s", command, argument);
  run ((const char *const[]){ "xdotool", command, argument, NULL });
}

void
key_rig_point (GtkWidget *widget, double x, double y)
{
  GtkNative *native = gtk_widget_get_native (widget);
  g_autofree char *xid = dup_xid (native);
  g_autofree char *x_text = NULL;
  g_autofree char *y_text = NULL;
  double left;
  double top;

  gtk_native_get_surface_transform (native, &left, &top);
  gtk_widget_translate_coordinates (widget, GTK_WIDGET (native), x, y, &x, &y);
  x_text = g_strdup_printf ("%d", (int) (x + left));
  y_text = g_strdup_printf ("%d", (int) (y + top));
  run ((const char *const[]){ "xdotool", "mousemove", "--window", xid, x_text, y_text, NULL });
}
