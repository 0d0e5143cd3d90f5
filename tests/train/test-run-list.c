/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of runs that were really trained, and of what is left of damaged ones. */
#include "train/run-list.h"

#include "rig.h"
#include "train/experiment-list.h"
#include "train/run-notes.h"
#include "train/train.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* Of two epochs, made once. */
static const char *
trained_run (void)
{
  static char *folder;

  if (folder == NULL)
    {
      g_autoptr (PlDataset) dataset = rig_open_phantom ();
      const PlTrainSettings settings = rig_settings (2);
      g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

      g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
      folder = g_strdup (rig->folder);
    }
  return folder;
}

/* The run's small files in @parent/@name. */
static char *
copy_run (const char *parent, const char *name)
{
  static const char *const files[] = { "run.json", "history.csv", "test.csv", "events.jsonl" };
  char *copy = g_build_filename (parent, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (copy, 0755), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from = g_build_filename (trained_run (), files[i], NULL);
      g_autofree char *to = g_build_filename (copy, files[i], NULL);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (from, &text, NULL, NULL));
      g_assert_true (g_file_set_contents (to, text, -1, NULL));
    }
  return copy;
}

static void
write_file (const char *run, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (run, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static GPtrArray *
list (const char *folder)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *runs = pl_run_list (folder, NULL, &error);

  g_assert_no_error (error);
  return runs;
}

static void
test_of_a_run (void)
{
  g_autoptr (GPtrArray) runs = list (trained_run ());
  const PlRunInfo *run;
  g_autofree char *name = g_path_get_basename (trained_run ());
  g_autofree char *model = NULL;
  g_autofree char *nothing = NULL;

  g_assert_cmpuint (runs->len, ==, 1);
  run = g_ptr_array_index (runs, 0);
  g_assert_null (run->problem);
  g_assert_cmpstr (run->folder, ==, trained_run ());
  g_assert_cmpstr (run->title, ==, name);
  g_assert_cmpint (run->settings.base, ==, 4);
  g_assert_nonnull (run->origin.dataset_folder);
  g_assert_cmpuint (run->history->len, ==, 2);
  g_assert_cmpint (run->best_epoch, >=, 1);
  g_assert_cmpfloat (run->best_dice, ==,
                     g_array_index (run->history, PlEpoch, (guint) run->best_epoch - 1).val_dice);
  g_assert_cmpfloat (run->best_dice, >=, g_array_index (run->history, PlEpoch, 0).val_dice);
  g_assert_cmpfloat (run->time_s, >, 0);
  g_assert_cmpint (run->steps_per_epoch, >=, 1);
  g_assert_cmpuint (run->test->len, >=, 1);
  g_assert_cmpuint (run->test_names->len, ==, run->test->len);
  g_assert_false (isnan (run->test_dice));
  g_assert_cmpint (run->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpstr (pl_run_info_outcome_name (run), ==, "completed");
  g_assert_cmpstr (run->isa, ==, pl_train_isa ());
  g_assert_cmpint (g_date_time_get_year (run->started), >=, 2025);
  g_assert_null (run->replay_of);
  model = pl_run_info_file (run, "best.safetensors");
  g_assert_nonnull (model);
  nothing = pl_run_info_file (run, "worst.safetensors");
  g_assert_null (nothing);
}

/* Figures of the test part are those that the trainer wrote, undefined ones too. */
static void
test_test_figures (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *copy = copy_run (folder, "run");
  g_autoptr (PlRunInfo) run = NULL;

  write_file (copy, "test.csv", "name,dice,hd95_mm\n\"a, b\",0.5,\nc,0.25,3.5\n");
  run = pl_run_info_read (copy);
  g_assert_null (run->problem);
  g_assert_cmpuint (run->test->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (run->test_names, 0), ==, "a, b");
  g_assert_cmpfloat (g_array_index (run->test, PlMetrics, 0).dice, ==, 0.5);
  g_assert_true (isnan (g_array_index (run->test, PlMetrics, 0).hd95_mm));
  g_assert_cmpfloat (g_array_index (run->test, PlMetrics, 1).hd95_mm, ==, 3.5);
  g_assert_true (isnan (g_array_index (run->test, PlMetrics, 1).accuracy));
  g_assert_cmpfloat (run->test_dice, ==, 0.375);
}

/* Folders of experiments are looked into, others and hidden ones are not. */
static void
test_folders (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *plain = copy_run (folder, "20250101-a");
  g_autofree char *experiment = g_build_filename (folder, "20250102-cv2", NULL);
  g_autofree char *fold = copy_run (experiment, "fold-1");
  g_autofree char *hidden = copy_run (folder, ".import");
  g_autofree char *other = g_build_filename (folder, "other", NULL);
  g_autofree char *inside = copy_run (other, "run");
  g_autofree char *missing = g_build_filename (folder, "missing", NULL);
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) folds = NULL;
  g_autoptr (GPtrArray) none = list (missing);
  g_autoptr (GError) error = NULL;

  write_file (experiment, "experiment.json", "{}");
  runs = list (folder);
  g_assert_cmpuint (runs->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const PlRunInfo *run = g_ptr_array_index (runs, i);

      g_assert_cmpstr (run->experiment, ==, g_str_equal (run->folder, plain) ? NULL : experiment);
    }
  folds = list (experiment);
  g_assert_cmpuint (folds->len, ==, 1);
  g_assert_cmpstr (((PlRunInfo *) g_ptr_array_index (folds, 0))->experiment, ==, experiment);
  g_assert_cmpstr (((PlRunInfo *) g_ptr_array_index (folds, 0))->title, ==, "20250102-cv2/fold-1");
  g_assert_cmpuint (none->len, ==, 0);

  write_file (folder, "a file", "");
  g_free (missing);
  missing = g_build_filename (folder, "a file", NULL);
  g_assert_null (pl_run_list (missing, NULL, &error));
  g_assert_nonnull (strstr (error->message, missing));
}

static PlRunInfo *
only_experiment (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = pl_experiment_list (folder, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
  return g_ptr_array_steal_index (found, 0);
}

/* Experiments as wholes: what is done of one, and one that cannot be read. */
static void
test_experiments (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *plain = copy_run (folder, "20250101-a");
  g_autofree char *experiment = g_build_filename (folder, "20250102-cv2", NULL);
  g_autofree char *fold = copy_run (experiment, "fold-1");
  PlTrainSettings settings = rig_settings (2);
  PlExperimentPlan plan;
  g_autoptr (PlExperimentRecord) record = NULL;
  g_autoptr (PlRunInfo) broken = NULL;
  g_autoptr (PlRunInfo) half = NULL;
  g_autoptr (PlRunInfo) whole = NULL;

  write_file (experiment, "experiment.json", "{}");
  broken = only_experiment (folder);
  g_assert_cmpstr (broken->folder, ==, experiment);
  g_assert_cmpstr (broken->title, ==, "20250102-cv2");
  g_assert_nonnull (broken->problem);
  g_assert_null (broken->record);

  g_assert_true (pl_experiment_plan_folds (&plan, 2, NULL));
  settings.precision = PL_TRAIN_PRECISION_F32;
  record = pl_experiment_record_new (&plan, &settings);
  record->dataset_folder = g_strdup ("/data/thorax");
  record->dataset_hash = g_strdup ("0");
  for (int i = 0; i < 2; i++)
    {
      PlExperimentRun *run = g_ptr_array_index (record->runs, i);

      run->state = PL_EXPERIMENT_RUN_DONE;
      run->validation_dice = 0.5 + 0.25 * i;
      run->time_s = 2;
      g_assert_true (pl_experiment_record_write (record, experiment, NULL));
      *(i == 0 ? &half : &whole) = only_experiment (folder);
    }
  g_assert_cmpstr (half->problem, ==, NULL);
  g_assert_cmpstr (half->title, ==, "Cross-validation, 2 folds");
  g_assert_cmpstr (half->origin.dataset_folder, ==, "/data/thorax");
  g_assert_cmpint (pl_experiment_record_count_done (half->record), ==, 1);
  g_assert_cmpint (half->outcome, ==, -1);
  g_assert_cmpfloat (half->best_dice, ==, 0.5);
  g_assert_cmpint (whole->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpfloat (whole->best_dice, ==, 0.625);
  g_assert_cmpfloat (whole->time_s, ==, 4);
  g_assert_null (whole->started); /* no split.csv */
}

static void
test_order (void)
{
  static const char *const started[] = { "2025-01-02T00:00:00Z", "2025-03-01T00:00:00Z", "?",
                                         "2025-02-01T00:00:00Z" };
  static const char *const expected[] = { "1", "3", "0", "2" };
  g_autofree char *folder = rig_make_folder ();
  g_autoptr (GPtrArray) runs = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (started); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);
      g_autofree char *copy = copy_run (folder, name);
      g_autofree char *text = g_strdup_printf ("{\"started\": \"%s\"}", started[i]);

      write_file (copy, "run.json", text);
    }
  runs = list (folder);
  for (guint i = 0; i < G_N_ELEMENTS (started); i++)
    g_assert_cmpstr (((PlRunInfo *) g_ptr_array_index (runs, i))->title, ==, expected[i]);
}

/* A damaged run is listed with what is wrong, and the others are as they were. */
static void
test_broken (void)
{
  static const struct
  {
    const char *file;
    const char *text;
    const char *about;
  } damages[] = {
    { "run.json", "{", "run.json" },
    { "run.json", "[]", "run.json" },
    { "run.json", "{\"title\": 3, \"started\": [], \"replay_identical\": {}}", "dataset" },
    { "run.json", "", "run.json" },
    { "history.csv", "no history", "history.csv" },
    { "test.csv", "name,dice\na,b\n", "test.csv" },
    { "test.csv", "name,dice\n\"a", "test.csv" },
  };
  g_autofree char *folder = rig_make_folder ();
  g_autoptr (GPtrArray) runs = NULL;
  int n_broken = 0;

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);
      g_autofree char *copy = copy_run (folder, name);
      g_autoptr (PlRunInfo) run = NULL;

      write_file (copy, damages[i].file, damages[i].text);
      run = pl_run_info_read (copy);
      g_test_message ("%s", run->problem);
      g_assert_nonnull (run->problem);
      g_assert_nonnull (strstr (run->problem, damages[i].about));
      g_assert_cmpstr (pl_run_info_outcome_name (run), ==, "broken");
    }
  g_free (copy_run (folder, "whole"));
  runs = list (folder);
  g_assert_cmpuint (runs->len, ==, G_N_ELEMENTS (damages) + 1);
  for (guint i = 0; i < runs->len; i++)
    n_broken += ((PlRunInfo *) g_ptr_array_index (runs, i))->problem != NULL;
  g_assert_cmpint (n_broken, ==, G_N_ELEMENTS (damages));
}

/* Beginnings of a run.json are read without harm. */
static void
test_truncated (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *copy = copy_run (folder, "run");
  g_autofree char *path = g_build_filename (copy, "run.json", NULL);
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_strchomp (text);
  for (gsize n = 0; n < strlen (text); n += 7)
    {
      g_autoptr (PlRunInfo) run = NULL;

      g_assert_true (g_file_set_contents (path, text, (gssize) n, NULL));
      run = pl_run_info_read (copy);
      g_assert_nonnull (run->problem);
    }
}

static void
test_outcomes (void)
{
  static const struct
  {
    const char *events;
    const char *outcome;
    int n_resumed;
  } logs[] = {
    { "", "unfinished", 0 },
    { "{\"event\":\"start\"}\n", "unfinished", 0 },
    { "{\"event\":\"start\"}\n{\"event\":\"stopped\"}\n", "stopped", 0 },
    { "{\"event\":\"start\"}\n{\"event\":\"stopped\"}\n{\"event\":\"resume\"}\n", "unfinished", 1 },
    { "{\"event\":\"start\"}\n{\"event\":\"resume\"}\n{\"event\":\"completed\"}\n", "completed",
      1 },
    { "{\"event\":\"start\"}\n{\"event\":\"notice\"}\n{\"event\":\"early-stop\"}\n{\"ev",
      "early-stop", 0 },
    { "{\"event\":\"start\"}\nrubbish\n{\"event\":3}\n{\"event\":\"failed\",\"message\":\"so\"}\n",
      "failed", 0 },
  };
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *copy = copy_run (folder, "run");

  for (guint i = 0; i < G_N_ELEMENTS (logs); i++)
    {
      g_autoptr (PlRunInfo) run = NULL;

      write_file (copy, "events.jsonl", logs[i].events);
      run = pl_run_info_read (copy);
      g_assert_cmpstr (pl_run_info_outcome_name (run), ==, logs[i].outcome);
      g_assert_cmpint (run->n_resumed, ==, logs[i].n_resumed);
      g_assert_cmpstr (run->failure, ==, run->outcome == PL_TRAIN_FAILED ? "so" : NULL);
    }
}

/* Notes stay when the trainer writes run.json anew, and what is not theirs stays too. */
static void
test_notes (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *copy = copy_run (folder, "run");
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (7);
  const PlRunOrigin origin = { 0 };
  g_autoptr (PlReplayVerdict) verdict = pl_replay_verdict_new ();
  g_autoptr (PlRunInfo) before = pl_run_info_read (copy);
  g_autoptr (PlRunInfo) named = NULL;
  g_autoptr (PlRunInfo) rewritten = NULL;
  g_autoptr (PlRunInfo) bare = NULL;
  g_autoptr (GError) error = NULL;

  settings.precision = PL_TRAIN_PRECISION_F32;
  verdict->is_identical = TRUE;
  g_assert_true (pl_run_set_title (copy, "폐 “1”", &error));
  g_assert_true (pl_run_set_replay_of (copy, "/a/run", &error));
  g_assert_true (pl_run_set_replay_verdict (copy, verdict, &error));
  named = pl_run_info_read (copy);
  g_assert_cmpstr (named->title, ==, "폐 “1”");
  g_assert_cmpstr (named->replay_of, ==, "/a/run");
  g_assert_true (named->replay_verdict->is_identical);
  g_assert_cmpint (named->settings.epochs, ==, 2);

  g_assert_true (pl_run_folder_write_settings (copy, &settings, dataset, &origin, &error));
  rewritten = pl_run_info_read (copy);
  g_assert_cmpint (rewritten->settings.epochs, ==, 7);
  g_assert_cmpstr (rewritten->title, ==, "폐 “1”");
  g_assert_cmpstr (rewritten->replay_of, ==, "/a/run");
  g_assert_null (rewritten->replay_verdict); /* its weights change from now on */
  g_assert_true (g_date_time_equal (rewritten->started, before->started));

  g_assert_true (pl_run_set_title (copy, "", &error));
  bare = pl_run_info_read (copy);
  g_assert_cmpstr (bare->title, ==, "run");

  write_file (copy, "run.json", "{");
  g_assert_false (pl_run_set_title (copy, "x", &error));
  g_assert_nonnull (strstr (error->message, copy));
}

/* That was compared when no more was noted. */
static void
test_old_verdict (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *copy = copy_run (folder, "run");
  g_autoptr (PlRunInfo) info = NULL;

  write_file (copy, "run.json", "{\"replay_of\": \"/a/run\", \"replay_identical\": true}");
  info = pl_run_info_read (copy);
  g_assert_nonnull (info->replay_verdict);
  g_assert_true (info->replay_verdict->is_identical);
  g_assert_cmpint (info->replay_verdict->n_tensors, ==, 0);
}

static void
test_cancelled (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *copy = copy_run (folder, "run");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (pl_run_list (folder, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/run-list/of-a-run", test_of_a_run);
  g_test_add_func ("/train/run-list/test-figures", test_test_figures);
  g_test_add_func ("/train/run-list/folders", test_folders);
  g_test_add_func ("/train/run-list/experiments", test_experiments);
  g_test_add_func ("/train/run-list/order", test_order);
  g_test_add_func ("/train/run-list/broken", test_broken);
  g_test_add_func ("/train/run-list/truncated", test_truncated);
  g_test_add_func ("/train/run-list/outcomes", test_outcomes);
  g_test_add_func ("/train/run-list/notes", test_notes);
  g_test_add_func ("/train/run-list/old-verdict", test_old_verdict);
  g_test_add_func ("/train/run-list/cancelled", test_cancelled);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
