/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs made once more: the same weights whatever the number of threads, and what is said when they
 * are not. */
#include "train/run-replay.h"

#include "rig.h"
#include "train/run-list.h"
#include "train/train.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
train_run (int epochs, int n_threads, PlModel *init)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (epochs);
  g_autoptr (Rig) rig = NULL;

  settings.threads = n_threads;
  rig = rig_new (&settings, dataset, NULL, init);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
  return g_strdup (rig->folder);
}

static void
finished_cb (PlTrainer *trainer, GMainLoop *loop)
{
  g_main_loop_quit (loop);
}

/* Of @run, on one thread; the folder of the new run. */
static char *
replay (const char *run)
{
  g_autofree char *parent = rig_make_folder ();
  char *out = g_build_filename (parent, "replay", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlReplay) prepared = pl_replay_new (run, NULL, NULL, &error);
  g_autoptr (PlTrainer) trainer = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_assert_no_error (error);
  prepared->settings.threads = 1;
  trainer = pl_replay_make_trainer (prepared, out, &error);
  g_assert_no_error (error);
  g_signal_connect (trainer, "finished", G_CALLBACK (finished_cb), loop);
  pl_trainer_start (trainer);
  g_main_loop_run (loop);
  g_assert_no_error (pl_trainer_get_result (trainer)->error);
  return out;
}

static PlReplayVerdict *
compare (const char *run, const char *again)
{
  g_autoptr (GError) error = NULL;
  PlReplayVerdict *verdict = pl_replay_compare (run, again, NULL, &error);

  g_assert_no_error (error);
  return verdict;
}

/* The run says of itself all that was found. */
static void
assert_noted (const PlReplayVerdict *verdict, const PlRunInfo *info)
{
  const PlReplayVerdict *noted = info->replay_verdict;

  g_assert_nonnull (noted);
  g_assert_cmpint (noted->is_identical, ==, verdict->is_identical);
  g_assert_cmpint (noted->n_tensors, ==, verdict->n_tensors);
  g_assert_cmpint (noted->n_different, ==, verdict->n_different);
  g_assert_cmpfloat (noted->largest_difference, ==, verdict->largest_difference);
  g_assert_cmpuint (noted->conditions->len, ==, verdict->conditions->len);
  for (guint i = 0; i < noted->conditions->len; i++)
    g_assert_cmpstr (noted->conditions->pdata[i], ==, verdict->conditions->pdata[i]);
}

static const char *
two_epochs (void)
{
  static char *run;

  if (run == NULL)
    run = train_run (2, 2, NULL);
  return run;
}

static void
test_identical (void)
{
  g_autofree char *again = replay (two_epochs ());
  g_autoptr (PlReplayVerdict) verdict = compare (two_epochs (), again);
  g_autoptr (PlRunInfo) info = pl_run_info_read (again);

  g_assert_true (verdict->is_identical);
  g_assert_cmpint (verdict->n_tensors, >, 20);
  g_assert_cmpint (verdict->n_different, ==, 0);
  g_assert_cmpfloat (verdict->largest_difference, ==, 0);
  g_assert_cmpuint (verdict->conditions->len, ==, 0);
  assert_noted (verdict, info);
  g_assert_cmpstr (info->replay_of, ==, two_epochs ());
}

static void
copy_file (const char *from, const char *to, const char *name)
{
  g_autofree char *path_from = g_build_filename (from, name, NULL);
  g_autofree char *path_to = g_build_filename (to, name, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path_from, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (path_to, bytes, (gssize) length, NULL));
}

/* A copy with one bit of one weight turned over is not the same, and it is said what differs. */
static void
test_one_bit (void)
{
  static const char *const files[] = { "run.json", "history.csv", "events.jsonl",
                                       "best.safetensors" };
  g_autofree char *copy = rig_make_folder ();
  g_autofree char *path = g_build_filename (copy, "best.safetensors", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (PlReplayVerdict) same = NULL;
  g_autoptr (PlReplayVerdict) other = NULL;
  g_autoptr (PlRunInfo) info = NULL;
  gsize length;

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    copy_file (two_epochs (), copy, files[i]);
  same = compare (two_epochs (), copy);
  g_assert_true (same->is_identical);

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  bytes[length - 4] ^= 1;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  other = compare (two_epochs (), copy);
  g_assert_false (other->is_identical);
  g_assert_cmpint (other->n_different, ==, 1);
  g_assert_cmpfloat (other->largest_difference, >, 0);
  g_assert_cmpfloat (other->largest_difference, <, 1e-3);
  info = pl_run_info_read (copy);
  assert_noted (other, info);
}

static void
replace_in_run (const char *run, const char *from, const char *to)
{
  g_autofree char *path = g_build_filename (run, "run.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, from, to, 1), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
}

static gboolean
names (const PlReplayVerdict *verdict, const char *text)
{
  for (guint i = 0; i < verdict->conditions->len; i++)
    if (strstr (g_ptr_array_index (verdict->conditions, i), text) != NULL)
      return TRUE;
  return FALSE;
}

/* Another seed, said to be of another program, processor and data set. */
static void
test_conditions (void)
{
  g_autofree char *run = train_run (1, 0, NULL);
  g_autoptr (PlReplayVerdict) verdict = NULL;
  g_autoptr (PlRunInfo) info = NULL;
  g_autofree char *again = NULL;

  replace_in_run (run, "\"seed\" : 1", "\"seed\" : 2");
  replace_in_run (run, "pleura " PLEURA_VERSION, "pleura 0.0.1");
  replace_in_run (run, "\"isa\" : \"", "\"isa\" : \"old-");
  replace_in_run (run, "\"dataset_sha256\" : \"", "\"dataset_sha256\" : \"0");
  again = replay (run);
  verdict = compare (run, again);
  g_assert_false (verdict->is_identical);
  g_assert_true (names (verdict, "pleura 0.0.1"));
  g_assert_true (names (verdict, "old-"));
  g_assert_true (names (verdict, "data set has changed"));
  g_assert_false (names (verdict, "interrupted"));
  info = pl_run_info_read (again);
  assert_noted (verdict, info);
}

/* A run that was ended early ends there again, however short its epochs are. */
static void
test_ended_early (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  const PlTrainSettings settings = rig_settings (6);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  g_autofree char *again = NULL;
  g_autoptr (PlReplayVerdict) verdict = NULL;
  g_autoptr (PlRunInfo) info = NULL;

  pl_trainer_set_last_epoch (rig->trainer, 2);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_ENDED);
  again = replay (rig->folder);
  info = pl_run_info_read (again);
  g_assert_cmpuint (info->history->len, ==, 2);
  verdict = compare (rig->folder, again);
  g_assert_true (verdict->is_identical);
}

/* It begins with the model that the run began with. */
static void
test_from_a_model (void)
{
  g_autofree char *path = g_build_filename (two_epochs (), "best.safetensors", NULL);
  g_autoptr (PlModel) init = pl_model_read (path, NULL, NULL, NULL);
  g_autofree char *run = train_run (1, 0, init);
  g_autofree char *again = replay (run);
  g_autoptr (PlReplayVerdict) verdict = compare (run, again);

  g_assert_true (verdict->is_identical);
}

static void
test_refused (void)
{
  g_autofree char *nothing = rig_make_folder ();
  g_autofree char *run = train_run (1, 0, NULL);
  g_autofree char *history = g_build_filename (run, "history.csv", NULL);
  g_autoptr (PlReplay) prepared = NULL;
  g_autoptr (PlReplay) whole = pl_replay_new (run, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_replay_make_trainer (whole, run, &error)); /* it is there */
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
  g_clear_error (&error);
  prepared = pl_replay_new (nothing, NULL, NULL, &error); /* is no run */
  g_assert_null (prepared);
  g_assert_nonnull (error);
  g_clear_error (&error);
  prepared = pl_replay_new (run, nothing, NULL, &error); /* lacks the cases */
  g_assert_null (prepared);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpint (g_unlink (history), ==, 0);
  prepared = pl_replay_new (run, NULL, NULL, &error); /* has learned nothing */
  g_assert_null (prepared);
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/run-replay/identical", test_identical);
  g_test_add_func ("/train/run-replay/one-bit", test_one_bit);
  g_test_add_func ("/train/run-replay/conditions", test_conditions);
  g_test_add_func ("/train/run-replay/ended-early", test_ended_early);
  g_test_add_func ("/train/run-replay/from-a-model", test_from_a_model);
  g_test_add_func ("/train/run-replay/refused", test_refused);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
