/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/experiment-result.h"

#include "rig.h"
#include "train/run-folder.h"
#include "train/train.h"

#include <math.h>
#include <string.h>

static void
test_plan_folds (void)
{
  PlExperimentPlan plan;
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_experiment_plan_folds (&plan, 5, &error));
  g_assert_no_error (error);
  g_assert_cmpint (plan.kind, ==, PL_EXPERIMENT_CROSS_VALIDATION);
  g_assert_cmpint (plan.n_runs, ==, 5);
  g_assert_false (pl_experiment_plan_folds (&plan, 1, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
  g_clear_error (&error);
  g_assert_false (pl_experiment_plan_folds (&plan, 33, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
}

static void
test_plan_shares (void)
{
  static const char *const bad[] = {
    "", "0", "-5", "101", "10,", "10,ten", "10,10", "nan", "1e999"
  };
  PlExperimentPlan plan;
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_experiment_plan_shares (&plan, "100, 12.5,50", &error));
  g_assert_no_error (error);
  g_assert_cmpint (plan.kind, ==, PL_EXPERIMENT_LEARNING_CURVE);
  g_assert_cmpint (plan.n_runs, ==, 3);
  g_assert_cmpfloat (plan.shares[0], ==, 0.125);
  g_assert_cmpfloat (plan.shares[1], ==, 0.5);
  g_assert_cmpfloat (plan.shares[2], ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (pl_experiment_plan_shares (&plan, bad[i], &error));
      g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
      g_clear_error (&error);
    }
  g_assert_cmpint (plan.n_runs, ==, 3);
}

static PlExperimentRecord *
make_record (PlExperimentKind kind, int n_runs)
{
  PlExperimentPlan plan = { .kind = kind, .n_runs = n_runs };
  PlExperimentRecord *record;

  for (int i = 0; i < n_runs; i++)
    plan.shares[i] = kind == PL_EXPERIMENT_LEARNING_CURVE ? (i + 1.0) / n_runs : 1;
  record = pl_experiment_record_new (&plan, &pl_train_settings_default);
  record->settings.precision = PL_TRAIN_PRECISION_F32;
  record->dataset_folder = g_strdup ("/data");
  record->dataset_hash = g_strdup ("abc");
  return record;
}

static PlExperimentRun *
get_run (const PlExperimentRecord *record, int index)
{
  return g_ptr_array_index (record->runs, (guint) index);
}

/* Cases named "0", "1", … */
static void
set_done (PlExperimentRecord *record, int index, int n, const double *dice)
{
  PlExperimentRun *run = get_run (record, index);

  run->state = PL_EXPERIMENT_RUN_DONE;
  run->n_slices = 10 * (index + 1);
  for (int i = 0; i < n; i++)
    g_ptr_array_add (run->test_names, g_strdup_printf ("%d", i));
  g_array_append_vals (run->test_dice, dice, (guint) n);
}

static void
test_mean_sd (void)
{
  g_autoptr (PlExperimentRecord) record = make_record (PL_EXPERIMENT_CROSS_VALIDATION, 4);
  PlMeanSd over;

  g_assert_cmpint (pl_experiment_dice_over_runs (record).n, ==, 0);
  g_assert_true (isnan (pl_experiment_dice_over_runs (record).mean));
  set_done (record, 0, 3, (double[]){ 0.8, 0.9, 1.0 });
  over = pl_experiment_dice_over_runs (record);
  g_assert_cmpint (over.n, ==, 1);
  g_assert_true (isnan (over.sd));
  set_done (record, 1, 1, (double[]){ 0.7 });
  get_run (record, 2)->state = PL_EXPERIMENT_RUN_FAILED;

  over = pl_experiment_run_dice (get_run (record, 0));
  g_assert_cmpfloat_with_epsilon (over.mean, 0.9, 1e-12);
  g_assert_cmpfloat_with_epsilon (over.sd, 0.1, 1e-12);
  over = pl_experiment_dice_over_runs (record);
  g_assert_cmpint (over.n, ==, 2);
  g_assert_cmpfloat_with_epsilon (over.mean, 0.8, 1e-12);
  g_assert_cmpfloat_with_epsilon (over.sd, sqrt (0.02), 1e-12);
  over = pl_experiment_dice_over_cases (record);
  g_assert_cmpint (over.n, ==, 4);
  g_assert_cmpfloat_with_epsilon (over.mean, 0.85, 1e-12);
  g_assert_cmpfloat_with_epsilon (over.sd, sqrt (0.05 / 3), 1e-12);
}

/* Differences 0.01, 0.02, 0.03: mean 0.02, t(2) = 4.303, standard error 0.01/√3. */
static void
test_gain (void)
{
  g_autoptr (PlExperimentRecord) record = make_record (PL_EXPERIMENT_LEARNING_CURVE, 2);
  PlDiceGain gain;

  set_done (record, 0, 4, (double[]){ 0.90, 0.80, 0.70, 0.10 });
  set_done (record, 1, 3, (double[]){ 0.91, 0.82, 0.73 });
  gain = pl_experiment_gain (get_run (record, 0), get_run (record, 1));
  g_assert_cmpint (gain.n_cases, ==, 3);
  g_assert_cmpfloat_with_epsilon (gain.mean, 0.02, 1e-12);
  g_assert_cmpfloat_with_epsilon (gain.low, 0.02 - 4.303 * 0.01 / sqrt (3), 1e-9);
  g_assert_cmpfloat_with_epsilon (gain.high, 0.02 + 4.303 * 0.01 / sqrt (3), 1e-9);
}

static void
assert_advice (int n, const double *less, const double *more, const char *expected)
{
  g_autoptr (PlExperimentRecord) record = make_record (PL_EXPERIMENT_LEARNING_CURVE, 3);
  g_autofree char *advice = NULL;

  set_done (record, 0, n, less);
  get_run (record, 1)->state = PL_EXPERIMENT_RUN_LEFT_OUT;
  set_done (record, 2, n, more);
  advice = pl_experiment_dup_advice (record);
  g_assert_true (g_str_has_prefix (advice, "From 10 to 30 training slices"));
  if (strstr (advice, expected) == NULL)
    g_error ("“%s” does not say “%s”", advice, expected);
}

static void
test_advice (void)
{
  g_autoptr (PlExperimentRecord) record = make_record (PL_EXPERIMENT_LEARNING_CURVE, 2);
  g_autoptr (PlExperimentRecord) folds = make_record (PL_EXPERIMENT_CROSS_VALIDATION, 2);

  assert_advice (3, (double[]){ 0.970, 0.980, 0.975 }, (double[]){ 0.972, 0.981, 0.977 },
                 "will bring little");
  assert_advice (3, (double[]){ 0.5, 0.6, 0.7 }, (double[]){ 0.6, 0.71, 0.79 }, "likely to help");
  assert_advice (3, (double[]){ 0.5, 0.6, 0.7 }, (double[]){ 0.9, 0.5, 0.8 }, "cannot tell");
  assert_advice (1, (double[]){ 0.5 }, (double[]){ 0.9 }, "single test case");
  g_assert_null (pl_experiment_dup_advice (record));
  set_done (record, 0, 1, (double[]){ 0.5 });
  g_assert_null (pl_experiment_dup_advice (record));
  set_done (folds, 0, 1, (double[]){ 0.5 });
  set_done (folds, 1, 1, (double[]){ 0.5 });
  g_assert_null (pl_experiment_dup_advice (folds));
}

static void
write_history (const char *folder, const char *name, int n_epochs, double dice)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GArray) history = pl_history_new ();

  for (int i = 1; i <= n_epochs; i++)
    {
      PlEpoch epoch = { .epoch = i, .time_s = 10 * dice * i, .val_dice = dice * i };

      g_array_append_val (history, epoch);
    }
  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
  g_assert_true (pl_run_folder_write_history (path, history, NULL));
}

/* As far as the shortest of those that are done. */
static void
test_epochs (void)
{
  g_autoptr (PlExperimentRecord) record = make_record (PL_EXPERIMENT_CROSS_VALIDATION, 3);
  g_autofree char *folder = rig_make_folder ();
  g_autoptr (GArray) epochs = NULL;
  const PlExperimentEpoch *second;

  write_history (folder, "fold-1", 3, 0.1);
  write_history (folder, "fold-2", 2, 0.2);
  write_history (folder, "fold-3", 1, 0.5);
  set_done (record, 0, 1, (double[]){ 1 });
  epochs = pl_experiment_read_epochs (record, folder);
  g_assert_cmpuint (epochs->len, ==, 0);
  g_array_unref (epochs);
  set_done (record, 1, 1, (double[]){ 1 });
  epochs = pl_experiment_read_epochs (record, folder);
  g_assert_cmpuint (epochs->len, ==, 2);
  second = &g_array_index (epochs, PlExperimentEpoch, 1);
  g_assert_cmpint (second->epoch, ==, 2);
  g_assert_cmpint (second->dice.n, ==, 2);
  g_assert_cmpfloat_with_epsilon (second->time_s, 3, 1e-12);
  g_assert_cmpfloat_with_epsilon (second->dice.mean, 0.3, 1e-12);
  g_assert_cmpfloat_with_epsilon (second->dice.sd, 0.1 * sqrt (2), 1e-12);
  g_array_unref (epochs);
  set_done (record, 2, 1, (double[]){ 1 });
  epochs = pl_experiment_read_epochs (record, folder);
  g_assert_cmpuint (epochs->len, ==, 1);
}

static void
test_csv (void)
{
  g_autoptr (PlExperimentRecord) record = make_record (PL_EXPERIMENT_LEARNING_CURVE, 2);
  g_autofree char *text = NULL;

  set_done (record, 1, 2, (double[]){ 0.5, 0.75 });
  get_run (record, 1)->validation_dice = 0.5;
  get_run (record, 1)->best_epoch = 3;
  text = pl_experiment_to_csv (record);
  g_assert_cmpstr (text, ==,
                   "run,state,share,patients,cases,slices,test_cases,test_dice,test_dice_sd,"
                   "validation_dice,best_epoch,time_s\n"
                   "share-50,waiting,0.500000,0,0,0,0,,,,0,0.000000\n"
                   "share-100,done,1.000000,0,0,20,2,0.625000,0.176777,0.500000,3,0.000000\n");
}

static void
test_round_trip (void)
{
  g_autoptr (PlExperimentRecord) record = make_record (PL_EXPERIMENT_LEARNING_CURVE, 3);
  g_autoptr (PlExperimentRecord) read = NULL;
  g_autofree char *folder = rig_make_folder ();
  g_autoptr (GError) error = NULL;

  record->settings.epochs = 7;
  record->init = g_strdup ("/model.safetensors");
  set_done (record, 0, 2, (double[]){ 0.1, 1 });
  get_run (record, 1)->state = PL_EXPERIMENT_RUN_FAILED;
  get_run (record, 1)->problem = g_strdup ("it broke");
  g_assert_true (pl_experiment_record_write (record, folder, &error));
  g_assert_no_error (error);
  read = pl_experiment_record_read (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read->plan.kind, ==, PL_EXPERIMENT_LEARNING_CURVE);
  g_assert_cmpint (read->settings.epochs, ==, 7);
  g_assert_cmpstr (read->dataset_folder, ==, "/data");
  g_assert_cmpstr (read->dataset_hash, ==, "abc");
  g_assert_cmpstr (read->init, ==, "/model.safetensors");
  g_assert_cmpuint (read->runs->len, ==, 3);
  for (int i = 0; i < 3; i++)
    {
      const PlExperimentRun *a = get_run (record, i);
      const PlExperimentRun *b = get_run (read, i);

      g_assert_cmpstr (a->name, ==, b->name);
      g_assert_cmpstr (a->problem, ==, b->problem);
      g_assert_cmpint (a->state, ==, b->state);
      g_assert_cmpfloat (a->share, ==, b->share);
      g_assert_cmpint (a->n_slices, ==, b->n_slices);
      g_assert_true (isnan (b->validation_dice));
      g_assert_cmpmem (a->test_dice->data, a->test_dice->len * sizeof (double), b->test_dice->data,
                       b->test_dice->len * sizeof (double));
    }
  g_assert_cmpstr (g_ptr_array_index (get_run (read, 0)->test_names, 1), ==, "1");
  g_assert_false (pl_experiment_record_is_complete (read));
}

/* Each as it was, with one thing put in the place of another. */
static void
test_bad_files (void)
{
  static const char *const bad[][3] = {
    { "cross-validation", "crossing", "kind" },    { "\"runs\"", "\"ran\"", "runs" },
    { "\"share\" : 1", "\"share\" : 7", "share" }, { "waiting", "sleeping", "state" },
    { "\"dice\" : 0.25", "\"dice\" : 2", "test" }, { "\"settings\"", "\"sets\"", "settings" },
    { "\"epochs\"", "\"eras\"", "epochs" },        { "{", "[", "experiment.json" },
  };
  g_autoptr (PlExperimentRecord) record = make_record (PL_EXPERIMENT_CROSS_VALIDATION, 2);
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *path = g_build_filename (folder, "experiment.json", NULL);
  g_autofree char *good = NULL;

  set_done (record, 0, 1, (double[]){ 0.25 });
  g_assert_true (pl_experiment_record_write (record, folder, NULL));
  g_assert_true (g_file_get_contents (path, &good, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GString) text = g_string_new (good);
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (g_string_replace (text, bad[i][0], bad[i][1], 1), ==, 1);
      g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
      g_assert_null (pl_experiment_record_read (folder, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, bad[i][2]));
    }
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/experiment-result/plan-folds", test_plan_folds);
  g_test_add_func ("/train/experiment-result/plan-shares", test_plan_shares);
  g_test_add_func ("/train/experiment-result/mean-sd", test_mean_sd);
  g_test_add_func ("/train/experiment-result/gain", test_gain);
  g_test_add_func ("/train/experiment-result/advice", test_advice);
  g_test_add_func ("/train/experiment-result/epochs", test_epochs);
  g_test_add_func ("/train/experiment-result/csv", test_csv);
  g_test_add_func ("/train/experiment-result/round-trip", test_round_trip);
  g_test_add_func ("/train/experiment-result/bad-files", test_bad_files);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
