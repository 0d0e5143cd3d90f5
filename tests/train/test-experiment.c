/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/experiment.h"

#include "rig.h"
#include "train/run-folder.h"
#include "train/split.h"
#include "train/train.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <utime.h>

enum
{
  BEGINNING = 1000000000, /* a time in 2001 */
};

/* An experiment being watched. */
typedef struct
{
  PlExperiment *experiment;
  GMainLoop *loop;
  GArray *started;    /* (element-type int): runs */
  GArray *finished;   /* likewise */
  GPtrArray *notices; /* (element-type utf8) */
  int run;            /* under way; −1: none */
  double fraction;
  int stop_in_run;  /* −1: never */
  const char *lose; /* (nullable): a file of it that gives way to a folder in its first run */
} Watch;

/* What it is when an experiment began, as the list of runs has it. */
static void
age_split (PlExperiment *experiment)
{
  g_autofree char *path =
      g_build_filename (pl_experiment_get_folder (experiment), "split.csv", NULL);
  struct utimbuf times = { BEGINNING, BEGINNING };

  g_assert_cmpint (g_utime (path, &times), ==, 0);
}

static void
run_started_cb (PlExperiment *experiment, int run, Watch *watch)
{
  PlTrainer *trainer = pl_experiment_get_trainer (experiment);

  g_assert_cmpint (watch->run, ==, -1); /* one at a time */
  g_assert_nonnull (trainer);
  g_assert_false (pl_trainer_is_running (trainer));
  watch->run = run;
  if (watch->started->len == 0)
    age_split (experiment);
  g_array_append_val (watch->started, run);
  if (watch->lose != NULL)
    {
      g_autofree char *path =
          g_build_filename (pl_experiment_get_folder (experiment), watch->lose, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
      g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
    }
}

static void
points_cb (PlExperiment *experiment, int run, GArray *points, Watch *watch)
{
  g_assert_cmpint (run, ==, watch->run);
  g_assert_cmpuint (points->len, >, 0);
  if (run == watch->stop_in_run)
    pl_experiment_stop (experiment);
}

static void
status_cb (PlExperiment *experiment, const PlExperimentStatus *status, Watch *watch)
{
  g_assert_cmpint (status->run, ==, watch->run);
  g_assert_cmpfloat (status->fraction, >=, watch->fraction);
  g_assert_cmpfloat (status->fraction, <=, 1);
  watch->fraction = status->fraction;
}

static void
notice_cb (PlExperiment *experiment, const char *notice, Watch *watch)
{
  g_ptr_array_add (watch->notices, g_strdup (notice));
}

static void
run_finished_cb (PlExperiment *experiment, int run, Watch *watch)
{
  g_assert_cmpint (run, ==, watch->run);
  g_assert_null (pl_experiment_get_trainer (experiment));
  watch->run = -1;
  g_array_append_val (watch->finished, run);
}

static void
finished_cb (PlExperiment *experiment, Watch *watch)
{
  g_assert_false (pl_experiment_is_running (experiment));
  g_assert_cmpint (watch->run, ==, -1);
  g_main_loop_quit (watch->loop);
}

/* Runs it to its end. */
static Watch *
watch_new_losing (PlExperiment *experiment, int stop_in_run, const char *lose)
{
  Watch *watch = g_new0 (Watch, 1);

  watch->experiment = experiment;
  watch->loop = g_main_loop_new (NULL, FALSE);
  watch->started = g_array_new (FALSE, FALSE, sizeof (int));
  watch->finished = g_array_new (FALSE, FALSE, sizeof (int));
  watch->notices = g_ptr_array_new_with_free_func (g_free);
  watch->run = -1;
  watch->stop_in_run = stop_in_run;
  watch->lose = lose;
  g_signal_connect (experiment, "run-started", G_CALLBACK (run_started_cb), watch);
  g_signal_connect (experiment, "points", G_CALLBACK (points_cb), watch);
  g_signal_connect (experiment, "status", G_CALLBACK (status_cb), watch);
  g_signal_connect (experiment, "notice", G_CALLBACK (notice_cb), watch);
  g_signal_connect (experiment, "run-finished", G_CALLBACK (run_finished_cb), watch);
  g_signal_connect (experiment, "finished", G_CALLBACK (finished_cb), watch);
  pl_experiment_start (experiment);
  g_assert_true (pl_experiment_is_running (experiment));
  g_main_loop_run (watch->loop);
  return watch;
}

static Watch *
watch_new_take (PlExperiment *experiment, int stop_in_run)
{
  return watch_new_losing (experiment, stop_in_run, NULL);
}

static void
watch_free (Watch *watch)
{
  gint64 end_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  GObject *held;
  GWeakRef ref;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_weak_ref_init (&ref, watch->experiment);
  g_object_unref (watch->experiment);
  while ((held = g_weak_ref_get (&ref)) != NULL && g_get_monotonic_time () < end_us)
    {
      g_object_unref (held);
      g_usleep (1000); /* the worker that wrote last lets go of it a little later */
    }
  g_assert_null (held);
  g_weak_ref_clear (&ref);
  g_main_loop_unref (watch->loop);
  g_array_unref (watch->started);
  g_array_unref (watch->finished);
  g_ptr_array_unref (watch->notices);
  g_free (watch);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Watch, watch_free)

static PlExperimentPlan
plan_folds (int n)
{
  PlExperimentPlan plan;

  g_assert_true (pl_experiment_plan_folds (&plan, n, NULL));
  return plan;
}

static PlExperimentPlan
plan_shares (const char *percent)
{
  PlExperimentPlan plan;

  g_assert_true (pl_experiment_plan_shares (&plan, percent, NULL));
  return plan;
}

static PlExperiment *
make_experiment (const PlDataset *dataset,
                 const PlExperimentPlan *plan,
                 const PlTrainSettings *settings,
                 PlModel *init)
{
  g_autofree char *folder = rig_make_folder ();
  g_autoptr (GError) error = NULL;
  PlExperiment *experiment = pl_experiment_new (dataset, plan, settings, init, folder, &error);

  g_assert_no_error (error);
  return experiment;
}

static const PlExperimentRun *
get_run (const Watch *watch, int index)
{
  return g_ptr_array_index (pl_experiment_get_record (watch->experiment)->runs, (guint) index);
}

static char *
build_path (const Watch *watch, const char *run, const char *file)
{
  return g_build_filename (pl_experiment_get_folder (watch->experiment), run, file, NULL);
}

/* The data set as a run has split it. */
static PlDataset *
open_split (const Watch *watch, const char *run)
{
  g_autofree char *path = build_path (watch, run, "split.csv");
  g_autoptr (GError) error = NULL;
  PlDataset *dataset = rig_open_phantom ();

  g_assert_true (pl_split_read (dataset, path, &error));
  g_assert_no_error (error);
  return dataset;
}

/* Every case is tested once, by the fold that has it in its test part. */
static void
test_cross_validation (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  PlExperimentPlan plan = plan_folds (3);
  g_autoptr (Watch) watch = watch_new_take (make_experiment (dataset, &plan, &settings, NULL), -1);
  g_autoptr (GHashTable) tested = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *whole_split = build_path (watch, ".", "split.csv");
  GStatBuf status;

  g_assert_null (pl_experiment_get_error (watch->experiment));
  g_assert_cmpint (g_stat (whole_split, &status), ==, 0);
  g_assert_cmpint (status.st_mtime, ==, BEGINNING);
  g_assert_cmpmem (watch->started->data, watch->started->len * sizeof (int), ((int[]){ 0, 1, 2 }),
                   3 * sizeof (int));
  g_assert_cmpuint (watch->finished->len, ==, 3);
  g_assert_true (pl_experiment_record_is_complete (pl_experiment_get_record (watch->experiment)));
  for (int i = 0; i < 3; i++)
    {
      const PlExperimentRun *run = get_run (watch, i);
      g_autoptr (PlDataset) split = open_split (watch, run->name);

      g_assert_cmpint (run->state, ==, PL_EXPERIMENT_RUN_DONE);
      g_assert_cmpint (run->n_cases, ==, pl_split_count (split, PL_GROUP_TRAIN));
      g_assert_cmpint (run->n_slices, >, run->n_patients);
      g_assert_cmpint (run->best_epoch, ==, 1);
      g_assert_true (isfinite (run->validation_dice));
      g_assert_true (run->time_s > 0);
      g_assert_cmpuint (run->test_dice->len, ==, run->test_names->len);
      for (guint k = 0; k < run->test_names->len; k++)
        {
          char *name = g_ptr_array_index (run->test_names, k);

          g_assert_cmpint (pl_dataset_find (split, name)->group, ==, PL_GROUP_TEST);
          g_assert_true (g_hash_table_add (tested, name));
        }
    }
  g_assert_cmpuint (g_hash_table_size (tested), ==, dataset->cases->len);
}

static int
read_epochs (const Watch *watch, const char *run)
{
  g_autofree char *path = build_path (watch, run, "");
  g_autoptr (GArray) history = pl_run_folder_read_history (path, NULL);

  return (int) history->len;
}

/* One test part for all; each share is trained for as many steps, so a small one for more epochs.
 */
static void
test_learning_curve (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (2);
  PlExperimentPlan plan = plan_shares ("1,2,50,100");
  g_autoptr (Watch) watch = watch_new_take (make_experiment (dataset, &plan, &settings, NULL), -1);
  g_autoptr (PlDataset) half = open_split (watch, "share-50");
  g_autoptr (PlDataset) whole = open_split (watch, "share-100");

  g_assert_null (pl_experiment_get_error (watch->experiment));
  g_assert_cmpmem (watch->started->data, watch->started->len * sizeof (int), ((int[]){ 0, 2, 3 }),
                   3 * sizeof (int));
  g_assert_cmpint (get_run (watch, 1)->state, ==, PL_EXPERIMENT_RUN_LEFT_OUT);
  g_assert_cmpuint (watch->notices->len, ==, 1);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (watch->notices, 0), "2 % of the patients: "));
  g_assert_true (pl_experiment_record_is_complete (pl_experiment_get_record (watch->experiment)));

  g_assert_cmpint (get_run (watch, 0)->n_patients, ==, 1);
  g_assert_cmpint (get_run (watch, 2)->n_patients, <, get_run (watch, 3)->n_patients);
  g_assert_cmpint (get_run (watch, 3)->n_cases, ==, pl_split_count (dataset, PL_GROUP_TRAIN));
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *in_half = g_ptr_array_index (half->cases, i);
      const PlCase *in_whole = g_ptr_array_index (whole->cases, i);

      g_assert_true (in_half->group == in_whole->group ||
                     (in_half->group == PL_GROUP_IGNORE && in_whole->group == PL_GROUP_TRAIN));
    }
  for (guint i = 0; i < get_run (watch, 3)->test_names->len; i++)
    g_assert_cmpstr (g_ptr_array_index (get_run (watch, 3)->test_names, i), ==,
                     g_ptr_array_index (get_run (watch, 0)->test_names, i));
  g_assert_cmpint (read_epochs (watch, "share-100"), ==, 2);
  g_assert_cmpint (read_epochs (watch, "share-50"), >, 2);
  g_assert_cmpint (read_epochs (watch, "share-1"), >, read_epochs (watch, "share-50"));
}

static char *
read_file (const char *folder, const char *run, const char *name)
{
  g_autofree char *path = g_build_filename (folder, run, name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* Stopped in its second fold and resumed, it ends as one that was not; the first is not run again.
 */
static void
test_resume (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (2);
  PlExperimentPlan plan = plan_folds (2);
  g_autoptr (Watch) whole = watch_new_take (make_experiment (dataset, &plan, &settings, NULL), -1);
  g_autoptr (Watch) first = watch_new_take (make_experiment (dataset, &plan, &settings, NULL), 1);
  const char *folder = pl_experiment_get_folder (first->experiment);
  g_autoptr (GError) error = NULL;
  g_autoptr (Watch) second = NULL;
  g_autofree char *events = NULL;

  g_assert_cmpint (get_run (first, 0)->state, ==, PL_EXPERIMENT_RUN_DONE);
  g_assert_cmpint (get_run (first, 1)->state, ==, PL_EXPERIMENT_RUN_WAITING);
  second = watch_new_take (pl_experiment_resume (dataset, folder, &error), -1);
  g_assert_no_error (error);
  g_assert_cmpuint (second->started->len, ==, 1);
  g_assert_cmpint (g_array_index (second->started, int, 0), ==, 1);
  events = read_file (folder, "fold-2", "events.jsonl");
  g_assert_nonnull (strstr (events, "\"resume\""));
  for (int i = 0; i < 2; i++)
    {
      const PlExperimentRun *a = get_run (whole, i);
      const PlExperimentRun *b = get_run (second, i);
      g_autofree char *test_a =
          read_file (pl_experiment_get_folder (whole->experiment), a->name, "test.csv");
      g_autofree char *test_b = read_file (folder, b->name, "test.csv");

      g_assert_cmpint (b->state, ==, PL_EXPERIMENT_RUN_DONE);
      g_assert_cmpmem (a->test_dice->data, a->test_dice->len * sizeof (double), b->test_dice->data,
                       b->test_dice->len * sizeof (double));
      g_assert_cmpstr (test_a, ==, test_b);
    }
}

/* Nothing is left to do: it ends, and says so later, not from within the call. */
static void
test_resume_complete (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  PlExperimentPlan plan = plan_shares ("100");
  g_autoptr (Watch) first = watch_new_take (make_experiment (dataset, &plan, &settings, NULL), -1);
  const char *folder = pl_experiment_get_folder (first->experiment);
  g_autoptr (Watch) second = watch_new_take (pl_experiment_resume (dataset, folder, NULL), -1);
  g_autoptr (PlDataset) other = rig_open_phantom ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (second->started->len, ==, 0);
  pl_case_free (pl_dataset_take_case (other, 0));
  g_assert_null (pl_experiment_resume (other, folder, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
}

/* A training that fails is named; the others are run all the same, and it is tried again later. */
static void
test_failed_run (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  PlExperimentPlan plan = plan_folds (2);
  PlExperiment *experiment = make_experiment (dataset, &plan, &settings, NULL);
  const char *folder = pl_experiment_get_folder (experiment);
  g_autofree char *blocked = g_build_filename (folder, "fold-1", "run.json", NULL);
  g_autoptr (Watch) first = NULL;
  g_autoptr (Watch) second = NULL;

  g_assert_cmpint (g_mkdir_with_parents (blocked, 0755), ==, 0); /* where a file is to be */
  first = watch_new_take (experiment, -1);
  g_assert_cmpint (get_run (first, 0)->state, ==, PL_EXPERIMENT_RUN_FAILED);
  g_assert_nonnull (strstr (get_run (first, 0)->problem, "run.json"));
  g_assert_cmpint (get_run (first, 1)->state, ==, PL_EXPERIMENT_RUN_DONE);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (first->notices, 0), "Fold 1 of 2: "));
  g_assert_cmpint (g_rmdir (blocked), ==, 0);
  second = watch_new_take (pl_experiment_resume (dataset, folder, NULL), -1);
  g_assert_cmpuint (second->started->len, ==, 1);
  g_assert_cmpint (get_run (second, 0)->state, ==, PL_EXPERIMENT_RUN_DONE);
  g_assert_null (get_run (second, 0)->problem);
}

static void
test_folder_lost (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  PlExperimentPlan plan = plan_folds (3);
  g_autoptr (Watch) watch =
      watch_new_losing (make_experiment (dataset, &plan, &settings, NULL), -1, "experiment.json");

  g_assert_nonnull (pl_experiment_get_error (watch->experiment));
  g_assert_cmpuint (watch->started->len, ==, 1);
}

/* Ended after an epoch, the whole ends, and that training is not taken for a result. */
static void
end_after_epoch_cb (PlExperiment *experiment, int run)
{
  pl_trainer_stop_after_epoch (pl_experiment_get_trainer (experiment), TRUE);
}

static void
test_end_after_epoch (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (2);
  PlExperimentPlan plan = plan_folds (2);
  PlExperiment *experiment = make_experiment (dataset, &plan, &settings, NULL);
  g_autoptr (Watch) watch = NULL;

  g_signal_connect (experiment, "run-started", G_CALLBACK (end_after_epoch_cb), NULL);
  watch = watch_new_take (experiment, -1);
  g_assert_cmpuint (watch->started->len, ==, 1);
  g_assert_cmpint (get_run (watch, 0)->state, ==, PL_EXPERIMENT_RUN_WAITING);
  g_assert_cmpint (read_epochs (watch, "fold-1"), ==, 1);
}

static void
test_refused (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  PlExperimentPlan folds = plan_folds (32);
  PlExperimentPlan shares = plan_shares ("100");
  g_autofree char *folder = rig_make_folder ();
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_experiment_new (dataset, &folds, &settings, NULL, folder, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_clear_error (&error);
  g_assert_true (pl_split_assign (dataset, (double[]){ 1, 1, 0 }, 1, NULL));
  g_assert_null (pl_experiment_new (dataset, &shares, &settings, NULL, folder, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_assert_nonnull (strstr (error->message, "test part"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/experiment/cross-validation", test_cross_validation);
  g_test_add_func ("/train/experiment/learning-curve", test_learning_curve);
  g_test_add_func ("/train/experiment/resume", test_resume);
  g_test_add_func ("/train/experiment/resume-complete", test_resume_complete);
  g_test_add_func ("/train/experiment/failed-run", test_failed_run);
  g_test_add_func ("/train/experiment/folder-lost", test_folder_lost);
  g_test_add_func ("/train/experiment/end-after-epoch", test_end_after_epoch);
  g_test_add_func ("/train/experiment/refused", test_refused);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
