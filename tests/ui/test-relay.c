/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/relay.h"

static int n_delivered;
static double last_fraction;

static void
deliver_cb (GObject *target, PlVolume *volume, double fraction)
{
  n_delivered++;
  last_fraction = fraction;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
run_loop (guint ms)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_timeout_add (ms, quit_cb, loop);
  g_main_loop_run (loop);
}

static gpointer
report_often (gpointer data)
{
  for (int i = 1; i <= 10000; i++)
    pl_relay_report (data, NULL, i / 10000.0);
  pl_relay_unref (data);
  return NULL;
}

/* The newest stays, however many came. */
static void
test_newest (void)
{
  g_autoptr (GObject) target = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PlRelay *relay = pl_relay_new (target, cancellable, deliver_cb);
  GThread *thread;

  n_delivered = 0;
  thread = g_thread_new ("worker", report_often, pl_relay_ref (relay));
  g_thread_join (thread);
  run_loop (100);
  g_assert_cmpint (n_delivered, ==, 1);
  g_assert_cmpfloat (last_fraction, ==, 1);
  pl_relay_unref (relay);
}

/* Nothing comes once it was cancelled, stopped, or the target has gone. */
static void
test_silence (void)
{
  g_autoptr (GObject) target = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GObject) stays = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GCancellable) open = g_cancellable_new ();
  PlRelay *relays[] = {
    pl_relay_new (stays, cancelled, deliver_cb),
    pl_relay_new (target, open, deliver_cb),
    pl_relay_new (stays, open, deliver_cb),
    pl_relay_new (stays, open, deliver_cb),
  };

  n_delivered = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (relays); i++)
    pl_relay_report_cb (0.25 * (double) i, relays[i]);
  g_cancellable_cancel (cancelled);
  g_clear_object (&target);
  pl_relay_stop (relays[2]);
  run_loop (100);
  g_assert_cmpint (n_delivered, ==, 1);
  g_assert_cmpfloat (last_fraction, ==, 0.75);
  for (gsize i = 0; i < G_N_ELEMENTS (relays); i++)
    pl_relay_unref (relays[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/relay/newest", test_newest);
  g_test_add_func ("/app/relay/silence", test_silence);
  return g_test_run ();
}
