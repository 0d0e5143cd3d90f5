/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-view FOLDER PROGRAM: how the viewer keeps its promises on a volume of 465 × 512 × 512, in a
 * window of 1400 × 900. FOLDER is made if need be and kept; PROGRAM is `pleura`. Run by `./dev
 * bench --view`; status 1 when a bound is missed.
 */
#include "bench/ct-files.h"
#include "bench/frames.h"
#include "bench/reference.h"
#include "bench/start.h"
#include "ui/window-rig.h"

#include "app/montage-view.h"

#include <stdio.h>

enum
{
  WIDTH = 1400,
  HEIGHT = 900,
  REPEATS = 5,
  MONTAGE_STEPS = 200,
};

static gboolean all_are_met = TRUE;

static void
print_row (const char *what, double figure, double bound, const char *unit)
{
  gboolean is_met = figure <= bound;

  all_are_met = all_are_met && is_met;
  g_print ("%-58s %8.2f %8.2f %-14s %s\n", what, figure, bound, unit, is_met ? "met" : "MISSED");
}

static double
find_median (double *values, int n)
{
  for (int i = 1; i < n; i++)
    for (int j = i; j > 0 && values[j] < values[j - 1]; j--)
      {
        double swap = values[j];

        values[j] = values[j - 1];
        values[j - 1] = swap;
      }
  return values[n / 2];
}

static void
measure_start (const char *program)
{
  double s[REPEATS];

  start_measure (program); /* what it reads is in memory then */
  for (int i = 0; i < REPEATS; i++)
    s[i] = start_measure (program);
  print_row ("Window up after the start", find_median (s, REPEATS), 0.5, "s");
}

/* A line of /proc/self/status, in bytes. */
static double
read_memory (const char *name)
{
  g_autofree char *status = NULL;
  const char *line;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  line = status == NULL ? NULL : strstr (status, name);
  return line == NULL ? 0 : g_ascii_strtod (line + strlen (name), NULL) * 1024;
}

static void
forget_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file != NULL)
    {
      fputs ("5", file);
      fclose (file);
    }
}

static void
set_up (WindowRig *rig)
{
  window_rig_set_up (rig, NULL);
  gtk_window_set_default_size (GTK_WINDOW (rig->window), WIDTH, HEIGHT);
  window_rig_pause (1);
}

/* What opening a file takes. */
typedef struct
{
  double inflating_s; /* the fastest library, just before */
  double first_s;     /* until something of it is on the screen */
  double whole_s;
  double peak; /* of memory, more than before */
} Opening;

/* Set when the view has been told of something to draw. */
static void
arrived_cb (PlViewState *state, GParamSpec *pspec, gboolean *has_arrived)
{
  PlVolume *volume = pl_view_state_get_volume (state);
  PlSlicePart part;

  *has_arrived =
      *has_arrived ||
      (volume != NULL && pl_volume_ready_part (volume, pl_view_state_get_slice (state), &part));
}

static gboolean
is_whole (WindowRig *rig)
{
  PlVolume *volume = pl_view_state_get_volume (rig->window->state);

  return volume != NULL && pl_volume_ready_slices (volume) == volume->n[0] &&
         window_rig_is (rig, "loading", "false");
}

/* The library inflates with the window up, so that both get memory that has just been used: where a
 * virtual machine's host takes free memory back, touching what has lain for seconds costs a
 * multiple, and would be counted on one side alone. */
static Opening
open_once (const char *path)
{
  WindowRig rig = { NULL };
  Opening opening;
  Frames *frames;
  gboolean has_arrived = FALSE;
  gint64 start_us;
  double before;
  guint n;

  set_up (&rig);
  frames = frames_new (GTK_WIDGET (rig.window));
  g_signal_connect (rig.window->state, "notify::ready-slices", G_CALLBACK (arrived_cb),
                    &has_arrived);
  opening.inflating_s = reference_inflate (path, CT_BYTES);
  forget_peak ();
  before = read_memory ("VmRSS:");
  start_us = g_get_monotonic_time ();
  window_rig_open (&rig, path);
  window_rig_wait (has_arrived, 60);
  n = frames_count (frames);
  window_rig_wait (frames_count (frames) > n, 20);
  opening.first_s = (double) (frames_last_us (frames) - start_us) / G_TIME_SPAN_SECOND;
  window_rig_wait (is_whole (&rig), 60);
  opening.whole_s = (double) (g_get_monotonic_time () - start_us) / G_TIME_SPAN_SECOND;
  window_rig_pause (1);
  opening.peak = read_memory ("VmHWM:") - before;
  frames_free (frames);
  window_rig_tear_down (&rig, NULL);
  return opening;
}

static void
measure_opening (const char *path, const char *axis, const char *first)
{
  double first_s[REPEATS];
  double inflating_s[REPEATS];
  double whole[REPEATS]; /* of inflating */
  double peak = 0;
  g_autofree char *what = NULL;

  for (int i = 0; i < REPEATS; i++)
    {
      Opening opening = open_once (path);

      inflating_s[i] = opening.inflating_s;
      first_s[i] = opening.first_s;
      whole[i] = opening.whole_s / opening.inflating_s;
      peak = MAX (peak, opening.peak);
    }
  g_print ("Slice axis %s; the fastest library inflates the file in %.2f s\n", axis,
           find_median (inflating_s, REPEATS));
  what = g_strdup_printf ("  %s on the screen", first);
  print_row (what, find_median (first_s, REPEATS), 0.25, "s");
  print_row ("  The whole", find_median (whole, REPEATS), 1.1, "× inflating");
  print_row ("  Most memory", peak / CT_BYTES, 1.25, "× its voxels");
}

/* Both masks are shown: the truth also stands for a prediction. */
static void
open_masked (WindowRig *rig, const char *folder)
{
  set_up (rig);
  window_rig_open (rig, folder);
  window_rig_wait (is_whole (rig), 60);
  pl_view_state_set_prediction (rig->window->state, pl_view_state_get_truth (rig->window->state));
  window_rig_pause (2);
}

static void
print_frames (const char *what, Frames *frames, double median_ms, double most_ms)
{
  g_autofree char *median = g_strdup_printf ("%s: median frame", what);
  g_autofree char *most = g_strdup_printf ("%s: 95th percentile", what);

  if (median_ms > 0)
    print_row (median, frames_percentile (frames, 0.5), median_ms, "ms");
  print_row (most, frames_percentile (frames, 0.95), most_ms, "ms");
}

typedef struct
{
  GtkAdjustment *adjustment;
  double value;
} Move;

static void
move_cb (gpointer data)
{
  Move *move = data;

  gtk_adjustment_set_value (move->adjustment, move->value);
}

static void
measure_slider (WindowRig *rig, const char *what, double median_ms, double most_ms)
{
  Frames *frames = frames_new (GTK_WIDGET (rig->window));
  Move move = { window_rig_child (rig->window->view_bar, "adjustment"), 0 };

  move_cb (&move);
  window_rig_pause (1);
  for (int i = 1; i < CT_SLICES; i++)
    {
      move.value = i;
      frames_step (frames, move_cb, &move);
    }
  print_frames (what, frames, median_ms, most_ms);
  frames_free (frames);
}

/* From the first row to the last, with all tiles to be painted on the way. */
static void
measure_montage (WindowRig *rig)
{
  PlMontageView *view = PL_MONTAGE_VIEW (rig->window->montage_view);
  Frames *frames = frames_new (GTK_WIDGET (rig->window));
  Move move = { NULL, 0 };
  double most;

  window_rig_activate (rig, "view::montage");
  window_rig_pause (2);
  g_object_get (pl_montage_view_get_grid (view), "vadjustment", &move.adjustment, NULL);
  most =
      gtk_adjustment_get_upper (move.adjustment) - gtk_adjustment_get_page_size (move.adjustment);
  for (int i = 1; i <= MONTAGE_STEPS; i++)
    {
      move.value = most * i / MONTAGE_STEPS;
      frames_step (frames, move_cb, &move);
    }
  print_frames ("Montage, scrolled over 465 slices", frames, 8, 16);
  g_object_unref (move.adjustment);
  frames_free (frames);
}

static void
measure_training (WindowRig *rig)
{
  window_rig_activate (rig, "view::slice");
  window_rig_activate (rig, "show-training");
  window_rig_set_spin (rig, "epochs_spin", WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_STEP) > 0, 120);
  measure_slider (rig, "Slider while training", 0, 33);
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
}

int
main (int argc, char **argv)
{
  WindowRig rig = { NULL };
  CtFiles files;

  window_rig_init (&argc, &argv);
  if (argc != 3)
    {
      g_printerr ("Usage: bench-view FOLDER PROGRAM\n");
      return 2;
    }
  ct_files_make (&files, argv[1]);
  g_print ("%-58s %8s %8s\n", "", "measured", "bound");
  measure_start (argv[2]);
  measure_opening (files.last, "last", "The first slice");
  measure_opening (files.first, "first", "The first lines");
  open_masked (&rig, files.masked);
  measure_slider (&rig, "Slider over all slices", 8, 16);
  measure_montage (&rig);
  measure_training (&rig);
  window_rig_tear_down (&rig, NULL);
  ct_files_clear (&files);
  return all_are_met ? 0 : 1;
}
