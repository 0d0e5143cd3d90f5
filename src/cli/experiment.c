/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several trainings watched on the terminal: a line when each is done, one progress for all of
 * them, and the table that they were made for. */
#include "cli/experiment.h"

#include "base/file.h"
#include "base/json.h"
#include "train/experiment-result.h"
#include "train/experiment.h"
#include "train/train.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  PlExperiment *experiment;
  GMainLoop *loop;
  gboolean interrupted;
} Watch;

static void
run_started_cb (PlExperiment *experiment, int run, Watch *watch)
{
  g_autofree char *title =
      pl_experiment_record_dup_title (pl_experiment_get_record (experiment), run);

  pl_cli_progress_begin (title);
}

static void
status_cb (PlExperiment *experiment, const PlExperimentStatus *status, Watch *watch)
{
  pl_cli_progress_cb (status->fraction, NULL);
}

static void
notice_cb (PlExperiment *experiment, const char *message, Watch *watch)
{
  pl_cli_complain ("%s", message);
}

static void
run_finished_cb (PlExperiment *experiment, int index, Watch *watch)
{
  const PlExperimentRecord *record = pl_experiment_get_record (experiment);
  const PlExperimentRun *run = g_ptr_array_index (record->runs, (guint) index);
  g_autofree char *title = pl_experiment_record_dup_title (record, index);

  pl_cli_progress_end ();
  if (run->state == PL_EXPERIMENT_RUN_DONE && !pl_cli_is_quiet ())
    g_printerr (_ ("%s: test Dice %.4f, best epoch %d, %.1f s\n"), title,
                pl_experiment_run_dice (run).mean, run->best_epoch, run->time_s);
}

static void
finished_cb (PlExperiment *experiment, Watch *watch)
{
  g_main_loop_quit (watch->loop);
}

/* SIGINT: the training under way is saved, and what is done stays done. */
static gboolean
interrupted_cb (GCancellable *cancellable, gpointer data)
{
  Watch *watch = data;

  watch->interrupted = TRUE;
  if (!pl_cli_is_quiet ())
    {
      pl_cli_progress_end ();
      g_printerr ("%s\n", _ ("Stopping…"));
    }
  pl_experiment_stop (watch->experiment);
  return G_SOURCE_REMOVE;
}

static JsonObject *
run_to_json (const PlExperimentRun *run)
{
  JsonObject *object = json_object_new ();
  PlMeanSd dice = pl_experiment_run_dice (run);

  json_object_set_string_member (object, "run", run->name);
  json_object_set_string_member (object, "state", pl_experiment_run_state_name (run->state));
  pl_json_set_double (object, "share", run->share);
  json_object_set_int_member (object, "patients", run->n_patients);
  json_object_set_int_member (object, "cases", run->n_cases);
  json_object_set_int_member (object, "slices", run->n_slices);
  json_object_set_int_member (object, "test_cases", dice.n);
  pl_json_set_double (object, "test_dice", dice.mean);
  pl_json_set_double (object, "test_dice_sd", dice.sd);
  pl_json_set_double (object, "validation_dice", run->validation_dice);
  json_object_set_int_member (object, "best_epoch", run->best_epoch);
  pl_json_set_double (object, "time_s", run->time_s);
  return object;
}

static JsonObject *
mean_sd_to_json (PlMeanSd figures)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "n", figures.n);
  pl_json_set_double (object, "mean", figures.mean);
  pl_json_set_double (object, "sd", figures.sd);
  return object;
}

static void
print_json (PlExperiment *experiment)
{
  const PlExperimentRecord *record = pl_experiment_get_record (experiment);
  g_autofree char *advice = pl_experiment_dup_advice (record);
  JsonObject *object = json_object_new ();
  JsonArray *runs = json_array_new ();

  for (guint i = 0; i < record->runs->len; i++)
    json_array_add_object_element (runs, run_to_json (g_ptr_array_index (record->runs, i)));
  json_object_set_string_member (object, "experiment", pl_experiment_get_folder (experiment));
  json_object_set_string_member (object, "kind", pl_experiment_kind_name (record->plan.kind));
  json_object_set_array_member (object, "runs", runs);
  if (record->plan.kind == PL_EXPERIMENT_CROSS_VALIDATION)
    {
      json_object_set_object_member (object, "over_folds",
                                     mean_sd_to_json (pl_experiment_dice_over_runs (record)));
      json_object_set_object_member (object, "over_cases",
                                     mean_sd_to_json (pl_experiment_dice_over_cases (record)));
    }
  else
    json_object_set_string_member (object, "advice", advice);
  pl_cli_print_json (object);
}

/* "0.9712", or a dash for what there is none of. */
static char *
format_dice (double dice)
{
  return isnan (dice) ? g_strdup ("–") : g_strdup_printf ("%.4f", dice);
}

static void
print_number (int number, int width)
{
  g_autofree char *text = g_strdup_printf ("%d", number);

  pl_cli_print_padded (text, width);
}

static void
print_dice (double dice)
{
  g_autofree char *text = format_dice (dice);

  pl_cli_print_padded (text, 9);
}

static void
print_row (const PlExperimentRun *run)
{
  PlMeanSd dice = pl_experiment_run_dice (run);

  pl_cli_print_padded (run->name, -12);
  print_number (run->n_patients, 10);
  print_number (run->n_slices, 10);
  print_number (dice.n, 10);
  print_dice (dice.mean);
  print_dice (dice.sd);
  print_number (run->best_epoch, 12);
  g_print ("%10.1f\n", run->time_s);
}

static void
print_table (const PlExperimentRecord *record)
{
  pl_cli_print_padded (_ ("training"), -12);
  pl_cli_print_padded (_ ("patients"), 10);
  pl_cli_print_padded (_ ("slices"), 10);
  pl_cli_print_padded (_ ("tested"), 10);
  pl_cli_print_padded (_ ("Dice"), 9);
  pl_cli_print_padded (_ ("SD"), 9);
  pl_cli_print_padded (_ ("best epoch"), 12);
  pl_cli_print_padded (_ ("seconds"), 10);
  g_print ("\n");
  for (guint i = 0; i < record->runs->len; i++)
    print_row (g_ptr_array_index (record->runs, i));
}

static void
print_mean_sd (const char *over, PlMeanSd figures)
{
  g_autofree char *mean = format_dice (figures.mean);
  g_autofree char *sd = format_dice (figures.sd);

  g_print (_ ("%s: Dice %s ± %s (mean ± SD, n = %d)\n"), over, mean, sd, figures.n);
}

static void
print_result (PlExperiment *experiment)
{
  const PlExperimentRecord *record = pl_experiment_get_record (experiment);
  g_autofree char *advice = pl_experiment_dup_advice (record);

  if (pl_cli_wants_json ())
    {
      print_json (experiment);
      return;
    }
  print_table (record);
  if (record->plan.kind == PL_EXPERIMENT_CROSS_VALIDATION)
    {
      print_mean_sd (_ ("Over folds"), pl_experiment_dice_over_runs (record));
      print_mean_sd (_ ("Over all cases"), pl_experiment_dice_over_cases (record));
    }
  else if (advice != NULL)
    g_print ("%s\n", advice);
}

static gboolean
write_csv (const PlExperimentRecord *record, const char *path, GError **error)
{
  g_autofree char *text = pl_experiment_to_csv (record);

  return pl_file_replace (path, text, strlen (text), error);
}

/* Runs it to its end, in a main loop. */
static PlCliStatus
watch_experiment (PlExperiment *experiment, const char *csv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSource) source = g_cancellable_source_new (pl_cli_cancellable ());
  g_autoptr (GError) error = NULL;
  const PlExperimentRecord *record = pl_experiment_get_record (experiment);
  Watch watch = { .experiment = experiment, .loop = loop };

  g_source_set_callback (source, G_SOURCE_FUNC (interrupted_cb), &watch, NULL);
  g_source_attach (source, NULL);
  g_signal_connect (experiment, "run-started", G_CALLBACK (run_started_cb), &watch);
  g_signal_connect (experiment, "status", G_CALLBACK (status_cb), &watch);
  g_signal_connect (experiment, "notice", G_CALLBACK (notice_cb), &watch);
  g_signal_connect (experiment, "run-finished", G_CALLBACK (run_finished_cb), &watch);
  g_signal_connect (experiment, "finished", G_CALLBACK (finished_cb), &watch);
  pl_experiment_start (experiment);
  g_main_loop_run (loop);
  g_source_destroy (source);
  g_signal_handlers_disconnect_by_data (experiment, &watch);
  pl_cli_progress_end ();

  if (pl_experiment_get_error (experiment) != NULL)
    return pl_cli_fail (pl_experiment_get_error (experiment));
  if (watch.interrupted)
    return PL_CLI_INTERRUPTED;
  print_result (experiment);
  if (csv != NULL && !write_csv (record, csv, &error))
    return pl_cli_fail (error);
  return pl_experiment_record_is_complete (record) ? PL_CLI_DONE : PL_CLI_FAILED;
}

PlCliStatus
pl_cli_experiment (const char *folder,
                   const PlCliTrainOptions *options,
                   const PlExperimentPlan *plan,
                   const char *csv)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlModel) init = NULL;
  g_autoptr (PlExperiment) experiment = NULL;
  g_autoptr (GError) error = NULL;
  PlCliStatus status = pl_cli_train_options_begin (options, folder, &dataset, &init);

  if (status != PL_CLI_DONE)
    return status;
  if (plan->kind == PL_EXPERIMENT_LEARNING_CURVE)
    pl_cli_tell_of_saved_split (dataset);
  pl_train_set_threads (options->settings.threads);
  if (options->resume)
    experiment = pl_experiment_resume (dataset, options->out, &error);
  else
    experiment = pl_experiment_new (dataset, plan, &options->settings, init, options->out, &error);
  if (experiment == NULL)
    return pl_cli_fail (error);
  return watch_experiment (experiment, csv);
}
