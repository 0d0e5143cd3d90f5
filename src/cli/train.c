/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train: a run from beginning to end, watched on the terminal through the same signals as in the
 * window. */
#include "cli/train-options.h"

#include "base/json.h"
#include "train/run-folder.h"
#include "train/train.h"
#include "train/trainer.h"

#include <glib/gi18n.h>
#include <math.h>

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

/* Mean over the cases of the test part. */
static double
find_class_dice (const PlTrainResult *result, int class)
{
  int n_classes = result->model->n_classes;
  double sum = 0;

  for (guint i = (guint) class; i < result->test_classes->len; i += (guint) n_classes)
    sum += g_array_index (result->test_classes, PlMetrics, i).dice;
  return sum / result->test->len;
}

/* Of several classes, by name. */
static void
add_classes (JsonObject *object, const PlTrainResult *result)
{
  JsonObject *classes;

  if (result->test_classes->len == 0)
    return;
  classes = json_object_new ();
  for (int i = 0; i < result->model->n_classes; i++)
    pl_json_set_double (classes, result->model->class_names[i], find_class_dice (result, i));
  json_object_set_object_member (object, "class_dice", classes);
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
          add_classes (object, result);
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
  for (int i = 0; tested && result->test_classes->len > 0 && i < result->model->n_classes; i++)
    g_print ("  %s: Dice %.4f\n", result->model->class_names[i], find_class_dice (result, i));
}

PlCliStatus
pl_cli_watch_training (PlTrainer *trainer, gboolean prints_result)
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
  if (prints_result)
    print_result (&watch, result);
  return PL_CLI_DONE;
}

static PlCliStatus
train (const char *folder, const PlCliTrainOptions *options)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlModel) init = NULL;
  g_autoptr (PlTrainer) trainer = NULL;
  PlCliStatus status = pl_cli_train_options_begin (options, folder, &dataset, &init);

  if (status != PL_CLI_DONE)
    return status;
  pl_cli_tell_of_saved_split (dataset);
  pl_train_set_threads (options->settings.threads);
  trainer = pl_trainer_new (dataset, &options->settings, options->out, init, options->resume);
  return pl_cli_watch_training (trainer, TRUE);
}

/* A program that was killed may have left nothing to go on with. */
static void
begin_if_new (PlCliTrainOptions *options)
{
  if (!options->resume || options->out == NULL || pl_run_folder_has_begun (options->out))
    return;
  pl_cli_complain (_ ("%s: there is no run to go on with; it begins"), options->out);
  options->resume = FALSE;
}

PlCliStatus
pl_cli_train (int argc, char **argv)
{
  g_auto (PlCliTrainOptions) options = { 0 };
  g_autofree GOptionEntry *entries = NULL;
  g_auto (GStrv) arguments = NULL;

  pl_cli_train_options_init (&options);
  entries = pl_cli_train_options_dup_entries (&options, NULL);
  arguments = pl_cli_parse (
      argc, argv, _ ("DATASET --out RUN"),
      _ ("Trains a U-Net on the masks of a data set. The best model by validation Dice "
         "is RUN/best.safetensors; an interrupted run saves and can be resumed."),
      entries, 1, 1);
  begin_if_new (&options);
  if (!pl_cli_train_options_apply (&options, "train"))
    return PL_CLI_USAGE;
  return train (arguments[0], &options);
}
