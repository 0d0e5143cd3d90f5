/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window stays responsive while it works: a source that asks for the main loop every 10 ms gets
 * it. What other programs take of the processors is not counted; as the X server may lack one, too,
 * it is tried again. The bound is generous; the figures are printed. Run alone.
 */
#include "ui/window-rig.h"

#include "app/settings.h"
#include "image/phantom.h"

#include <stdio.h>
#include <stdlib.h>

/* The sanitizers take their time. */
#ifdef __SANITIZE_ADDRESS__
#define MAX_GAP_MS 1000
#else
#define MAX_GAP_MS 250
#endif

enum
{
  N_TRIES = 5,
};

typedef struct
{
  GArray *gaps_ms; /* of double */
  gint64 last_us;
  guint64 last_delay_ns;
  guint source;
} Pulse;

/* How long this thread has wanted to run while others did; 0 if this kernel does not count it. */
static guint64
read_delay_ns (void)
{
  g_autofree char *text = NULL;
  guint64 delay_ns = 0;

  if (g_file_get_contents ("/proc/thread-self/schedstat", &text, NULL, NULL))
    sscanf (text, "%*u %" G_GUINT64_FORMAT, &delay_ns);
  return delay_ns;
}

static gboolean
beat_cb (gpointer data)
{
  Pulse *pulse = data;
  gint64 now_us = g_get_monotonic_time ();
  guint64 delay_ns = read_delay_ns ();
  double gap_ms =
      (double) (now_us - pulse->last_us) / 1000 - (double) (delay_ns - pulse->last_delay_ns) / 1e6;

  g_array_append_val (pulse->gaps_ms, gap_ms);
  pulse->last_us = now_us;
  pulse->last_delay_ns = delay_ns;
  return G_SOURCE_CONTINUE;
}

static void
begin (Pulse *pulse)
{
  pulse->gaps_ms = g_array_new (FALSE, FALSE, sizeof (double));
  pulse->last_us = g_get_monotonic_time ();
  pulse->last_delay_ns = read_delay_ns ();
  pulse->source = g_timeout_add_full (G_PRIORITY_HIGH, 10, beat_cb, pulse, NULL);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a;
  const double *y = b;

  return (*x > *y) - (*x < *y);
}

/* Returns: the longest gap in ms. */
static double
end (Pulse *pulse, const char *what)
{
  guint n = pulse->gaps_ms->len;
  double max_ms;

  g_source_remove (pulse->source);
  g_assert_cmpuint (n, >, 10);
  g_array_sort (pulse->gaps_ms, compare_doubles);
  max_ms = g_array_index (pulse->gaps_ms, double, n - 1);
  g_test_message ("%s: %u gaps, median %.1f ms, 95th percentile %.1f ms, longest %.1f ms", what, n,
                  g_array_index (pulse->gaps_ms, double, n / 2),
                  g_array_index (pulse->gaps_ms, double, n * 95 / 100), max_ms);
  g_array_unref (pulse->gaps_ms);
  return max_ms;
}

/* Drawing the window for the first time is not what is measured. */
static void
check (WindowRig *rig, const char *what, void (*work) (WindowRig *rig))
{
  double longest_ms = G_MAXDOUBLE;

  for (int i = 0; i < N_TRIES && longest_ms >= MAX_GAP_MS; i++)
    {
      Pulse pulse;

      window_rig_settle (rig);
      begin (&pulse);
      work (rig);
      longest_ms = end (&pulse, what);
    }
  g_assert_cmpfloat (longest_ms, <, MAX_GAP_MS);
}

/* Volumes of 192 × 192, some 50 slices each: 4 MB. */
static const char *
large_data (void)
{
  static char *folder;
  PlPhantomOptions options = { .n_slices = 0, .n_volumes = 2, .size_px = 192, .seed = 1 };
  g_autoptr (GError) error = NULL;

  if (folder == NULL)
    {
      folder = g_build_filename (window_rig_scratch (), "large", NULL);
      pl_phantom_write (folder, &options, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  return folder;
}

static void
open_large (WindowRig *rig)
{
  window_rig_open (rig, large_data ());
  window_rig_wait (rig->window->opening.cancellable == NULL, 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
}

static void
look_at_each (WindowRig *rig)
{
  open_large (rig);
  for (int i = 0; i < 16; i++)
    {
      window_rig_activate (rig, i % 2 == 0 ? "next-case" : "previous-case");
      window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
    }
}

/* None is kept in memory, so that each is read. */
static void
test_loading (WindowRig *rig, gconstpointer data)
{
  large_data ();
  g_settings_set_double (pl_settings_get (), "volume-memory", 0);
  window_rig_open_data (rig);
  check (rig, "loading", look_at_each);
  g_settings_reset (pl_settings_get (), "volume-memory");
}

/* The slider is dragged through a volume. */
static void
drag (WindowRig *rig)
{
  for (int i = 0; i < 40; i++)
    {
      pl_view_state_set_slice (rig->window->state, i);
      window_rig_pause (0.016);
    }
}

static void
test_scrolling (WindowRig *rig, gconstpointer data)
{
  open_large (rig);
  check (rig, "scrolling", drag);
}

/* With all that moves while it runs: curves, status, preview. */
static void
train (WindowRig *rig)
{
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_STEP) > 0, 60);
  window_rig_pause (3);
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
}

static void
test_training (WindowRig *rig, gconstpointer data)
{
  open_large (rig);
  window_rig_activate (rig, "show-training");
  window_rig_set_spin (rig, "epochs_spin", WINDOW_RIG_FOR_EVER);
  window_rig_set_spin (rig, "size_spin", 128);
  window_rig_set_spin (rig, "base_spin", 8);
  window_rig_set_spin (rig, "slices_spin", 16);
  check (rig, "training", train);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-smooth/loading", test_loading);
  WINDOW_RIG_ADD ("/app/window-smooth/scrolling", test_scrolling);
  WINDOW_RIG_ADD ("/app/window-smooth/training", test_training);
  return window_rig_run ();
}
