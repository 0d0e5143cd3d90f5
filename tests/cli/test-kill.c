/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A training that is killed (SIGKILL) again and again, at random times: each time its folder can be
 * read, it goes on from its last checkpoint, and in the end it is what it would have been. A few
 * kills as a rule; 50 with -m slow. */
#include "rig.h"
#include "train/run-folder.h"
#include "train/train.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* That a program lives; it needs a fourth of that to begin. */
static int longest_us = 400 * 1000;

/* Where a run is by its checkpoint. */
typedef struct
{
  int epochs;
  gint64 steps;
} Place;

/* Begins or goes on with the run in @out, and writes what it says to @log. */
static GPid
start (const char *out, const char *log, int n_epochs)
{
  g_autofree char *epochs = g_strdup_printf ("%d", n_epochs);
  const char *argv[] = { rig_cli (), "train", rig_data (), "--resume", "--out",     out,
                         "--epochs", epochs,  "--size",    "32",       "--base",    "4",
                         "--depth",  "2",     "--batch",   "2",        "--threads", "1",
                         "--split",  "6,2,2", NULL };
  g_autoptr (GError) error = NULL;
  int fd = g_open (log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  GPid pid;

  g_spawn_async_with_fds (NULL, (char **) argv, NULL,
                          G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, &pid,
                          -1, -1, fd, &error);
  g_assert_no_error (error);
  close (fd);
  return pid;
}

/* To its end. */
static void
finish (const char *out, const char *log, int n_epochs)
{
  GPid pid = start (out, log, n_epochs);
  int wait_status;

  g_assert_cmpint (waitpid (pid, &wait_status, 0), ==, pid);
  g_assert_true (WIFEXITED (wait_status));
  g_assert_cmpint (WEXITSTATUS (wait_status), ==, 0);
}

/* The first and the last epoch that a program has told of; 0 for none. */
static void
read_epochs (const char *log, int *first, int *last)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  *first = *last = 0;
  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (int i = 0; lines[i] != NULL; i++)
    {
      int epoch;

      if (sscanf (lines[i], "epoch %d", &epoch) != 1)
        continue;
      *last = epoch;
      if (*first == 0)
        *first = epoch;
    }
}

static PlModel *
read_model (const char *out, const char *name, PlOptimizer **optimizer)
{
  g_autofree char *path = g_build_filename (out, name, NULL);
  g_autoptr (GError) error = NULL;
  PlModel *model = pl_model_read (path, optimizer, NULL, &error);

  g_assert_no_error (error);
  return model;
}

/* As the window and pleura-cli would; nothing may be broken. */
static Place
open_run (const char *out, int n_batches)
{
  g_autoptr (PlModel) last = NULL;
  g_autoptr (PlModel) best = NULL;
  g_autoptr (PlOptimizer) state = NULL;
  g_autoptr (GArray) history = NULL;
  g_autoptr (GArray) epochs = pl_run_folder_list_epochs (out);
  g_auto (PlRunOrigin) origin = { 0 };
  g_autoptr (GError) error = NULL;
  PlTrainSettings settings;
  Place place = { 0 };

  if (pl_run_folder_has_begun (out))
    pl_run_folder_read_settings (out, &settings, &origin, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < epochs->len; i++)
    {
      g_autofree char *path = pl_run_folder_epoch_path (out, g_array_index (epochs, int, i));
      g_autoptr (PlModel) model = pl_model_read (path, NULL, NULL, &error);

      g_assert_no_error (error);
    }
  if (rig_exists (out, "best.safetensors"))
    best = read_model (out, "best.safetensors", NULL);
  if (!rig_exists (out, "last.safetensors"))
    return place;
  last = read_model (out, "last.safetensors", &state);
  place.steps = (gint64) state->step;
  place.epochs = (int) place.steps / n_batches;
  g_assert_cmpint (place.steps % n_batches, ==, 0); /* checkpoints are at epochs' ends here */
  history = pl_run_folder_read_history (out, &error);
  g_assert_no_error (error);
  g_assert_cmpint ((int) history->len, >=, place.epochs);
  g_assert_cmpint ((int) history->len, <=, place.epochs + 1);
  return place;
}

/* Lets it live for a while. It must not go back behind @before, nor lose an epoch that it told of
 * but the one that was being written. */
static Place
live_and_die (const char *out, const char *log, int n_epochs, int n_batches, Place before)
{
  GPid pid = start (out, log, n_epochs);
  int first, last, wait_status;
  Place after;

  g_usleep ((gulong) g_test_rand_int_range (0, longest_us));
  kill (pid, SIGKILL);
  g_assert_cmpint (waitpid (pid, &wait_status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (wait_status) || WEXITSTATUS (wait_status) == 0);
  after = open_run (out, n_batches);
  read_epochs (log, &first, &last);
  g_test_message ("epochs %d to %d, checkpoint at %d", first, last, after.epochs);
  g_assert_true (first == 0 || first == before.epochs + 1);
  g_assert_cmpint (after.epochs, >=, MAX (before.epochs, last - 1));
  g_assert_cmpint (after.steps, >=, before.steps);
  return after;
}

/* @skip_header: a checkpoint's header has the time in it. */
static void
assert_same_file (const char *a, const char *b, const char *name, gboolean skip_header)
{
  const char *const folders[] = { a, b };
  char *contents[2];
  gsize n[2], start[2] = { 0, 0 };

  for (int i = 0; i < 2; i++)
    {
      g_autofree char *path = g_build_filename (folders[i], name, NULL);
      guint64 header;

      g_assert_true (g_file_get_contents (path, &contents[i], &n[i], NULL));
      memcpy (&header, contents[i], sizeof header);
      if (skip_header)
        start[i] = sizeof header + GUINT64_FROM_LE (header);
    }
  g_assert_cmpmem (contents[0] + start[0], n[0] - start[0], contents[1] + start[1],
                   n[1] - start[1]);
  g_free (contents[0]);
  g_free (contents[1]);
}

static char *
read_history (const char *out)
{
  g_autoptr (GArray) history = pl_run_folder_read_history (out, NULL);

  for (guint i = 0; i < history->len; i++)
    g_array_index (history, PlEpoch, i).time_s = 0;
  return pl_history_to_csv (history);
}

static int
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_kill (void)
{
  int n_kills = g_test_slow () ? 50 : 6;
  int n_epochs = g_test_slow () ? 200 : 60;
  g_autofree char *out = rig_path ("killed");
  g_autofree char *plain = rig_path ("plain");
  g_autofree char *log = rig_path ("log");
  g_autofree char *plain_history = NULL;
  g_autofree char *history = NULL;
  g_autoptr (PlModel) model = NULL;
  g_autoptr (PlOptimizer) state = NULL;
  Place place = { 0 };
  gint64 start_us = g_get_monotonic_time ();
  int n_batches;

  finish (plain, log, n_epochs);
  longest_us = MAX (longest_us, (int) (g_get_monotonic_time () - start_us) / 8);
  model = read_model (plain, "last.safetensors", &state);
  n_batches = (int) state->step / n_epochs;
  for (int i = 0; i < n_kills; i++)
    place = live_and_die (out, log, n_epochs, n_batches, place);
  finish (out, log, n_epochs);

  plain_history = read_history (plain);
  history = read_history (out);
  g_assert_cmpstr (history, ==, plain_history);
  assert_same_file (plain, out, "best.safetensors", FALSE);
  assert_same_file (plain, out, "last.safetensors", TRUE);
  assert_same_file (plain, out, "test.csv", FALSE);
  assert_same_file (plain, out, "split.csv", FALSE);
  g_assert_cmpint (count_files (out), ==, count_files (plain));
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/cli/kill", test_kill);
  return rig_run_tests ();
}
