/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window is up when half of the screen's middle row has changed. */
#include "bench/start.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <gio/gio.h>
#include <signal.h>

#define PATIENCE_US (20 * G_TIME_SPAN_SECOND)

static XImage *
read_row (Display *display)
{
  int screen = DefaultScreen (display);
  XImage *row =
      XGetImage (display, DefaultRootWindow (display), 0, DisplayHeight (display, screen) / 2,
                 (unsigned) DisplayWidth (display, screen), 1, AllPlanes, ZPixmap);

  g_assert_nonnull (row);
  return row;
}

static gboolean
has_changed (Display *display, XImage *before)
{
  XImage *now = read_row (display);
  int n = 0;

  for (int x = 0; x < now->width; x++)
    n += XGetPixel (now, x, 0) != XGetPixel (before, x, 0);
  XDestroyImage (now);
  return n > before->width / 2;
}

double
start_measure (const char *program)
{
  Display *display = XOpenDisplay (NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  XImage *before;
  gint64 start_us;
  double s;

  g_assert_nonnull (display);
  before = read_row (display);
  start_us = g_get_monotonic_time ();
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, NULL);
  g_assert_no_error (error);
  while (!has_changed (display, before))
    {
      if (g_get_monotonic_time () - start_us > PATIENCE_US)
        g_error ("%s shows no window", program);
      g_usleep (1000);
    }
  s = (double) (g_get_monotonic_time () - start_us) / G_TIME_SPAN_SECOND;
  g_subprocess_send_signal (process, SIGTERM);
  g_subprocess_wait (process, NULL, NULL);
  XDestroyImage (before);
  XCloseDisplay (display);
  return s;
}
