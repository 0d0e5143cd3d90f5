/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame ends when the display server has answered: drawing is asked for, not done, by the
 * program itself. */
#include "bench/frames.h"

#include "ui/window-rig.h"

struct _Frames
{
  GdkDisplay *display;
  GdkFrameClock *clock;
  gulong handlers[2];
  GArray *steps_ms; /* of double */
  gint64 begin_us;
  gint64 last_us;
  gint64 frame_us; /* of the last frame alone */
  guint n;
};

static void
before_paint_cb (GdkFrameClock *clock, Frames *frames)
{
  frames->begin_us = g_get_monotonic_time ();
}

static void
after_paint_cb (GdkFrameClock *clock, Frames *frames)
{
  gdk_display_sync (frames->display);
  frames->last_us = g_get_monotonic_time ();
  frames->frame_us = frames->last_us - frames->begin_us;
  frames->n++;
}

Frames *
frames_new (GtkWidget *widget)
{
  Frames *frames = g_new0 (Frames, 1);

  frames->display = gtk_widget_get_display (widget);
  frames->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  frames->steps_ms = g_array_new (FALSE, FALSE, sizeof (double));
  frames->handlers[0] =
      g_signal_connect (frames->clock, "before-paint", G_CALLBACK (before_paint_cb), frames);
  frames->handlers[1] =
      g_signal_connect (frames->clock, "after-paint", G_CALLBACK (after_paint_cb), frames);
  return frames;
}

void
frames_free (Frames *frames)
{
  for (gsize i = 0; i < G_N_ELEMENTS (frames->handlers); i++)
    g_signal_handler_disconnect (frames->clock, frames->handlers[i]);
  g_object_unref (frames->clock);
  g_array_unref (frames->steps_ms);
  g_free (frames);
}

void
frames_step (Frames *frames, void (*change) (gpointer data), gpointer data)
{
  gint64 start_us = g_get_monotonic_time ();
  gint64 change_us;
  guint n = frames->n;
  double ms;

  change (data);
  change_us = g_get_monotonic_time () - start_us;
  window_rig_wait (frames->n > n, 10);
  ms = (double) (change_us + frames->frame_us) / 1000;
  g_array_append_val (frames->steps_ms, ms);
}

guint
frames_count (const Frames *frames)
{
  return frames->n;
}

gint64
frames_last_us (const Frames *frames)
{
  return frames->last_us;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a;
  const double *y = b;

  return (*x > *y) - (*x < *y);
}

double
frames_percentile (const Frames *frames, double share)
{
  guint n = frames->steps_ms->len;

  g_assert (n > 0);
  g_array_sort (frames->steps_ms, compare_doubles);
  return g_array_index (frames->steps_ms, double, MIN ((guint) (share * n), n - 1));
}
