/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train: a run from beginning to end, watched on the terminal through the same signals as in the
 * window. */
#include "cli/cli.h"

#include "base/json.h"
#include "train/presets.h"
#include "train/run-folder.h"
#include "train/split.h"
#include "train/train.h"
#include "train/trainer.h"

#include <glib/gi18n.h>
#include <math.h>

/* Settings that no option names. */
#define NOT_GIVEN G_MININT

/* What the options say, as text where it has to be looked at. What is given replaces what the
 * preset says, wherever on the command line they stand. */
typedef struct
{
  char *out;
  char *preset;
  char *loss;
  char *schedule;
  char *split;
  char *split_file;
  char *precision;
  char *augment;
  char *init;
  gint64 seed;
  gboolean resume;
  int epochs;
  int batch;
  int size_px;
  int base;
  int depth;
  int patience;
  double rate;
} Options;

/* A run being watched. */
typedef struct
{
  PlTrainer *trainer;
  GMainLoop *loop;
  gboolean interrupted;
  double images_per_s; /* the last one known */
  int epochs_done;
  char *label; /* of the progress line */
} Watch;

static void
points_cb (PlTrainer *trainer, GArray *points, Watch *watch)
{
  for (guint i = 0; i < points->len; i++)
    {
      const PlTrainPoint *point = &g_array_index (points, PlTrainPoint, i);
      const PlEpoch *epoch = &point->summary;

      if (!point->is_epoch_end)
        continue;
      watch->epochs_done = epoch->epoch;
      if (pl_cli_is_quiet ())
        continue;
      pl_cli_progress_end ();
      g_clear_pointer (&watch->label, g_free);
      g_printerr (_ ("epoch %3d  %6.1f s  train loss %.4f accuracy %.4f Dice %.4f  validation loss "
                     "%.4f accuracy %.4f Dice %.4f%s\n"),
                  epoch->epoch, epoch->time_s, epoch->train_loss, epoch->train_accuracy,
                  epoch->train_dice, epoch->val_loss, epoch->val_accuracy, epoch->val_dice,
                  point->is_best ? " *" : "");
    }
}

static const char *
phase_label (PlPhase phase)
{
  switch (phase)
    {
    case PL_PHASE_LOADING:
      return _ ("Loading");
    case PL_PHASE_TESTING:
      return _ ("Testing");
    case PL_PHASE_PAUSED:
      return _ ("Paused");
    case PL_PHASE_TRAINING:
    case PL_PHASE_VALIDATING:
    default:
      return _ ("Training");
    }
}

static void
status_cb (PlTrainer *trainer, const PlTrainStatus *status, Watch *watch)
{
  const char *label = phase_label (status->phase);

  if (status->images_per_s > 0)
    watch->images_per_s = status->images_per_s;
  if (g_strcmp0 (label, watch->label) != 0)
    {
      g_free (watch->label);
      watch->label = g_strdup (label);
      pl_cli_progress_begin (label);
    }
  pl_cli_progress_cb (status->fraction, NULL);
}

static void
notice_cb (PlTrainer *trainer, const char *message, Watch *watch)
{
  pl_cli_complain ("%s", message);
}

static void
finished_cb (PlTrainer *trainer, Watch *watch)
{
  g_main_loop_quit (watch->loop);
}

/* SIGINT: what was learned is saved. */
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
  pl_trainer_stop (watch->trainer);
  return G_SOURCE_REMOVE;
}

static void
print_result (const Watch *watch, const PlTrainResult *result)
{
  PlMetricsSummary summary = { 0 };
  gboolean tested = result->test != NULL && result->test->len > 0;

  if (tested)
    pl_metrics_summarise ((const PlMetrics *) result->test->data, (int) result->test->len,
                          &summary);
  if (pl_cli_wants_json ())
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "run", pl_trainer_get_run_folder (watch->trainer));
      json_object_set_string_member (object, "outcome", pl_train_outcome_name (result->outcome));
      json_object_set_int_member (object, "epochs", watch->epochs_done);
      json_object_set_int_member (object, "best_epoch", result->best_epoch);
      pl_json_set_double (object, "best_dice", result->best_dice);
      pl_json_set_double (object, "images_per_s", watch->images_per_s);
      json_object_set_string_member (object, "isa", pl_train_isa ());
      if (tested)
        {
          JsonObject *mean = pl_cli_metrics_to_json (&summary.mean);

          pl_json_set_double (mean, "bce", summary.mean.bce);
          json_object_set_int_member (mean, "n", summary.n);
          json_object_set_object_member (object, "test", mean);
        }
      pl_cli_print_json (object);
      return;
    }
  if (isnan (result->best_dice))
    g_print (_ ("Epoch %d, without a validation part\n"), result->best_epoch);
  else
    g_print (_ ("Best epoch %d, validation Dice %.4f (at network size)\n"), result->best_epoch,
             result->best_dice);
  if (tested)
    g_print (
        ngettext ("Test part, %d case at native size: Dice %.4f, accuracy %.4f, BCE %.4f\n",
                  "Test part, %d cases at native size: mean Dice %.4f, accuracy %.4f, BCE %.4f\n",
                  (gulong) summary.n),
        summary.n, summary.mean.dice, summary.mean.accuracy, summary.mean.bce);
}

/* Runs the trainer to its end, in a main loop. */
static PlCliStatus
watch_training (PlTrainer *trainer)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSource) source = g_cancellable_source_new (pl_cli_cancellable ());
  Watch watch = { .trainer = trainer, .loop = loop };
  const PlTrainResult *result;

  g_source_set_callback (source, G_SOURCE_FUNC (interrupted_cb), &watch, NULL);
  g_source_attach (source, NULL);
  g_signal_connect (trainer, "points", G_CALLBACK (points_cb), &watch);
  g_signal_connect (trainer, "status", G_CALLBACK (status_cb), &watch);
  g_signal_connect (trainer, "notice", G_CALLBACK (notice_cb), &watch);
  g_signal_connect (trainer, "finished", G_CALLBACK (finished_cb), &watch);
  pl_trainer_start (trainer);
  g_main_loop_run (loop);
  g_source_destroy (source);
  g_signal_handlers_disconnect_by_data (trainer, &watch);
  pl_cli_progress_end ();
  g_free (watch.label);

  result = pl_trainer_get_result (trainer);
  if (result->outcome == PL_TRAIN_FAILED)
    return pl_cli_fail (result->error);
  if (watch.interrupted)
    return PL_CLI_INTERRUPTED;
  print_result (&watch, result);
  return PL_CLI_DONE;
}

static void
take_number (int *setting, int given)
{
  if (given != NOT_GIVEN)
    *setting = given;
}

static void
take_numbers (const Options *options, PlTrainSettings *settings)
{
  take_number (&settings->epochs, options->epochs);
  take_number (&settings->batch, options->batch);
  take_number (&settings->size_px, options->size_px);
  take_number (&settings->base, options->base);
  take_number (&settings->depth, options->depth);
  take_number (&settings->patience, options->patience);
  if (!isnan (options->rate))
    settings->rate = options->rate;
  settings->seed = (guint64) options->seed;
}

/* FALSE after a complaint. */
static gboolean
apply_preset (const Options *options, PlTrainSettings *settings)
{
  PlPreset preset;

  if (options->preset == NULL)
    return TRUE;
  if (!pl_preset_from_name (options->preset, &preset))
    {
      pl_cli_misuse (_ ("train: --preset is “%s”, not quick, standard, thorough or tutorial"),
                     options->preset);
      return FALSE;
    }
  pl_preset_apply (preset, settings);
  return TRUE;
}

/* The preset, what replaces it, and a look at the options that are text; FALSE after a complaint.
 */
static gboolean
apply_options (const Options *options, PlTrainSettings *settings)
{
  g_autoptr (GError) error = NULL;

  if (!apply_preset (options, settings))
    return FALSE;
  take_numbers (options, settings);
  if (options->loss != NULL && !pl_train_loss_from_name (options->loss, &settings->loss))
    pl_cli_misuse (_ ("train: --loss is “%s”, not cross-entropy, dice or both"), options->loss);
  else if (options->schedule != NULL &&
           !pl_train_schedule_from_name (options->schedule, &settings->schedule))
    pl_cli_misuse (_ ("train: --schedule is “%s”, not cosine, plateau or constant"),
                   options->schedule);
  else if (options->split != NULL && !pl_cli_parse_numbers (options->split, 3, settings->split))
    pl_cli_misuse (_ ("train: --split is “%s”, not three numbers as in 0.8,0.1,0.1"),
                   options->split);
  else if (options->precision != NULL &&
           !pl_train_precision_from_name (options->precision, &settings->precision))
    pl_cli_misuse (_ ("train: --precision is “%s”, not auto, f32 or bf16"), options->precision);
  else if (options->augment != NULL && !g_str_equal (options->augment, "yes") &&
           !g_str_equal (options->augment, "no"))
    pl_cli_misuse (_ ("train: --augment is “%s”, not yes or no"), options->augment);
  else if (options->out == NULL)
    pl_cli_misuse (_ ("train: --out RUN is missing"));
  else if (!pl_train_settings_check (settings, &error))
    pl_cli_misuse ("train: %s", error->message);
  else
    {
      if (options->augment != NULL)
        settings->augment = g_str_equal (options->augment, "yes");
      return TRUE;
    }
  return FALSE;
}

/* A resumed run keeps the split it began with. */
static gboolean
split_dataset (PlDataset *dataset,
               const Options *options,
               const PlTrainSettings *settings,
               GError **error)
{
  g_autofree char *kept = g_build_filename (options->out, "split.csv", NULL);

  if (options->resume)
    return pl_split_read (dataset, kept, error);
  if (options->split_file != NULL)
    return pl_split_read (dataset, options->split_file, error);
  if (options->split != NULL)
    return pl_split_assign (dataset, settings->split, settings->seed, error);
  return pl_split_settle (dataset, settings->split, settings->seed, error);
}

static void
tell_of_saved_split (const PlDataset *dataset)
{
  if (dataset->has_split && !pl_cli_is_quiet ())
    g_printerr (_ ("the split is the one saved with the data set: %d cases for training, %d for "
                   "validation, %d for testing; --split deals another\n"),
                pl_split_count (dataset, PL_GROUP_TRAIN),
                pl_split_count (dataset, PL_GROUP_VALIDATION),
                pl_split_count (dataset, PL_GROUP_TEST));
}

static PlCliStatus
train (const char *folder, const Options *options, const PlTrainSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlDataset) dataset = pl_dataset_open (folder, pl_cli_cancellable (), &error);
  g_autoptr (PlModel) init = NULL;
  g_autoptr (PlTrainer) trainer = NULL;

  if (dataset == NULL)
    return pl_cli_fail (error);
  for (guint i = 0; i < dataset->problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (dataset->problems, i);

      pl_cli_complain (_ ("%s: left out: %s"), problem->path, problem->reason);
    }
  if (!split_dataset (dataset, options, settings, &error))
    return pl_cli_fail (error);
  tell_of_saved_split (dataset);
  if (options->init != NULL && (init = pl_model_read (options->init, NULL, NULL, &error)) == NULL)
    return pl_cli_fail (error);
  if (!options->resume && !pl_run_folder_create (options->out, &error))
    {
      PlCliStatus status = pl_cli_fail (error);

      return g_error_matches (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN) ? PL_CLI_USAGE : status;
    }
  trainer = pl_trainer_new (dataset, settings, options->out, init, options->resume);
  return watch_training (trainer);
}

PlCliStatus
pl_cli_train (int argc, char **argv)
{
  PlTrainSettings s = pl_train_settings_default;
  Options o = {
    .seed = (gint64) s.seed,
    .epochs = NOT_GIVEN,
    .batch = NOT_GIVEN,
    .size_px = NOT_GIVEN,
    .base = NOT_GIVEN,
    .depth = NOT_GIVEN,
    .patience = NOT_GIVEN,
    .rate = NAN,
  };
  const GOptionEntry entries[] = {
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, N_ ("Folder of the run, new or empty"),
      N_ ("RUN") },
    { "preset", 0, 0, G_OPTION_ARG_STRING, &o.preset,
      N_ ("Settings to start from: quick, standard, thorough or tutorial"), N_ ("NAME") },
    { "epochs", 0, 0, G_OPTION_ARG_INT, &o.epochs, N_ ("Rounds through the training part"), "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &o.batch, N_ ("Slices in a step"), "N" },
    { "size", 0, 0, G_OPTION_ARG_INT, &o.size_px, N_ ("Side that slices are resized to, in pixels"),
      "PX" },
    { "base", 0, 0, G_OPTION_ARG_INT, &o.base, N_ ("Channels of the finest level"), "N" },
    { "depth", 0, 0, G_OPTION_ARG_INT, &o.depth, N_ ("Times the network halves its input"), "N" },
    { "lr", 0, 0, G_OPTION_ARG_DOUBLE, &o.rate, N_ ("Highest learning rate"), N_ ("RATE") },
    { "loss", 0, 0, G_OPTION_ARG_STRING, &o.loss, N_ ("Loss: cross-entropy, dice or both"),
      N_ ("NAME") },
    { "schedule", 0, 0, G_OPTION_ARG_STRING, &o.schedule,
      N_ ("Learning rate over the run: cosine, plateau or constant"), N_ ("NAME") },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o.seed,
      N_ ("Seed of the split, the weights and the augmentation"), "S" },
    { "split", 0, 0, G_OPTION_ARG_STRING, &o.split,
      N_ ("Deal training, validation and test by these shares (0.8,0.1,0.1)"), "A,B,C" },
    { "split-file", 0, 0, G_OPTION_ARG_FILENAME, &o.split_file,
      N_ ("CSV with path,patient,group instead of dealing"), N_ ("FILE") },
    { "precision", 0, 0, G_OPTION_ARG_STRING, &o.precision, N_ ("Precision: auto, f32 or bf16"),
      N_ ("NAME") },
    { "threads", 0, 0, G_OPTION_ARG_INT, &s.threads, N_ ("Threads; 0: one for each processor"),
      "N" },
    { "augment", 0, 0, G_OPTION_ARG_STRING, &o.augment, N_ ("Vary the slices: yes or no"),
      "yes|no" },
    { "patience", 0, 0, G_OPTION_ARG_INT, &o.patience,
      N_ ("Stop after N epochs without a better validation Dice; 0: never"), "N" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &o.resume, N_ ("Go on with the interrupted run in --out"),
      NULL },
    { "time-limit", 0, 0, G_OPTION_ARG_DOUBLE, &s.time_limit_s,
      N_ ("Stop after S seconds; 0: never"), "S" },
    { "slices-per-volume", 0, 0, G_OPTION_ARG_INT, &s.slices_per_volume,
      N_ ("Slices taken of each volume, evenly spread; 0: none, -1: all"), "N" },
    { "init", 0, 0, G_OPTION_ARG_FILENAME, &o.init, N_ ("A model to start from"), N_ ("MODEL") },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = pl_cli_parse (
      argc, argv, _ ("DATASET --out RUN"),
      _ ("Trains a U-Net on the masks of a data set. The best model by validation Dice "
         "is RUN/best.safetensors; an interrupted run saves and can be resumed."),
      entries, 1, 1);
  PlCliStatus status = PL_CLI_USAGE;

  if (apply_options (&o, &s))
    {
      if (o.resume && o.epochs == NOT_GIVEN)
        s.epochs = 0; /* it keeps its own */
      pl_train_set_threads (s.threads);
      status = train (arguments[0], &o, &s);
    }
  g_free (o.out);
  g_free (o.preset);
  g_free (o.loss);
  g_free (o.schedule);
  g_free (o.split);
  g_free (o.split_file);
  g_free (o.precision);
  g_free (o.augment);
  g_free (o.init);
  return status;
}
