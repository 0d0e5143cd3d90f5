/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An epoch's end: it is validated, its weights are kept and perhaps the best so far, and all is
 * written into the run folder. Then the history is looked over for what its user should be warned
 * of. */
#include "train/trainer-private.h"

#include "base/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* @best_epoch and @dice: of the weights */
static JsonObject *
summarise (const PlTrainRun *run, int best_epoch, double dice)
{
  JsonObject *summary = json_object_new ();

  json_object_set_string_member (summary, "program", "pleura " PLEURA_VERSION);
  json_object_set_int_member (summary, "epochs", run->epoch - 1);
  json_object_set_int_member (summary, "steps", (gint64) run->optimizer->step);
  json_object_set_int_member (summary, "best_epoch", best_epoch);
  pl_json_set_double (summary, "validation_dice", dice);
  json_object_set_int_member (summary, "training_images", pl_samples_count (run->train));
  json_object_set_int_member (summary, "seed", (gint64) run->settings->seed);
  return summary;
}

PlModel *
pl_train_run_snapshot (const PlTrainRun *run, int best_epoch, double dice, GError **error)
{
  PlUNet *net = pl_unet_copy (run->live->net, error);
  PlModel *model;

  if (net == NULL)
    return NULL;
  model = pl_model_new_take (net, &run->recipe, run->settings->size_px, run->live->n_classes,
                             (const char *const *) run->live->class_names,
                             summarise (run, best_epoch, dice));
  model->has_sides = run->live->has_sides;
  return model;
}

static PlEpoch
summarise_epoch (const PlTrainRun *run, const PlLossSums *val, double val_dice)
{
  const PlLossSums *sums = &run->sums;
  gboolean has_val = run->validation != NULL;

  return (PlEpoch){
    .epoch = run->epoch,
    .time_s = pl_train_run_time_s (run),
    .rate = pl_schedule_rate (&run->schedule, run->optimizer->step - 1),
    .train_loss = sums->loss / sums->n_images,
    .train_accuracy = sums->accuracy / sums->n_images,
    .train_dice = sums->dice / sums->n_with_mask,
    .val_loss = has_val ? val->loss / val->n_images : NAN,
    .val_accuracy = has_val ? val->accuracy / val->n_images : NAN,
    .val_dice = val_dice,
  };
}

/* Into the run folder: see trainer-checkpoint.c for the order. */
static gboolean
save_epoch (PlTrainRun *run, gboolean is_best)
{
  GError *error = NULL;

  if (!pl_run_folder_write_history (run->trainer->run_folder, run->history, &error) ||
      !pl_train_run_save_last (run, &error) || (is_best && !pl_train_run_save_best (run, &error)))
    return pl_train_run_fail (run, error);
  return TRUE;
}

static void
report_epoch (PlTrainRun *run, const PlEpoch *epoch, gboolean is_best, gboolean is_kept)
{
  PlTrainPoint point = {
    .step = (gint64) run->optimizer->step,
    .epoch = epoch->epoch,
    .time_s = epoch->time_s,
    .loss = epoch->train_loss,
    .accuracy = epoch->train_accuracy,
    .dice = epoch->train_dice,
    .is_epoch_end = TRUE,
    .summary = *epoch,
    .is_best = is_best,
    .is_kept = is_kept,
  };

  pl_trainer_report_point (run->trainer, &point);
}

void
pl_train_run_warn_once (PlTrainRun *run, PlWarning kind, char *notice)
{
  g_autofree char *text = notice;

  if (text == NULL || run->warnings & kind)
    return;
  run->warnings |= kind;
  pl_train_run_notify (run, text);
}

/* The run goes on without. */
static gboolean
keep_epoch (PlTrainRun *run, const PlModel *weights, int epoch)
{
  g_autoptr (GError) error = NULL;

  if (run->keeps_no_epochs)
    return FALSE;
  if (pl_run_folder_keep_epoch (run->trainer->run_folder, weights, epoch, run->best_epoch, &error))
    return TRUE;
  if (error != NULL)
    pl_train_run_warn_once (
        run, PL_WARNING_LOST_EPOCH,
        g_strdup_printf (_ ("The weights of epoch %d could not be kept to look back at: %s. The "
                            "training goes on."),
                         epoch, error->message));
  return FALSE;
}

/* The weights of the epoch that has just ended: into the run folder, and the best ones into
 * memory. */
static gboolean
take_weights (PlTrainRun *run, const PlEpoch *epoch, gboolean is_best, gboolean *is_kept)
{
  GError *error = NULL;
  g_autoptr (PlModel) weights = pl_train_run_snapshot (run, epoch->epoch, epoch->val_dice, &error);

  if (weights == NULL)
    return pl_train_run_fail (run, error);
  if (is_best)
    {
      run->best_epoch = epoch->epoch;
      run->best_dice = epoch->val_dice;
      pl_model_unref (run->best);
      run->best = pl_model_ref (weights);
      run->written_best = NULL;
    }
  *is_kept = keep_epoch (run, weights, epoch->epoch);
  return TRUE;
}

static void
look_over (PlTrainRun *run)
{
  pl_train_run_warn_once (run, PL_WARNING_OVERFITTING, pl_watch_overfitting (run->history));
  pl_train_run_warn_once (run, PL_WARNING_LEARNING, pl_watch_learning (run->history));
  pl_train_run_warn_once (run, PL_WARNING_PREDICTIONS, pl_watch_predictions (run->pixels));
}

gboolean
pl_train_run_finish_epoch (PlTrainRun *run)
{
  PlLossSums val = { .n_images = 0 };
  double val_dice = NAN;
  PlWatchPixels pixels;
  gboolean is_best;
  gboolean is_kept = FALSE;
  PlEpoch epoch;

  if (run->validation != NULL)
    {
      pl_train_run_set_phase (run, PL_PHASE_VALIDATING, pl_train_run_share (run));
      if (!pl_train_run_validate (run, &val, &val_dice, &pixels))
        return pl_train_run_end (run, PL_TRAIN_STOPPED);
      if (!isfinite (val.loss))
        return pl_train_run_fail_diverged (run);
      g_array_append_val (run->pixels, pixels);
    }
  epoch = summarise_epoch (run, &val, val_dice);
  pl_schedule_epoch_done (&run->schedule,
                          run->validation != NULL ? epoch.val_loss : epoch.train_loss);
  is_best = run->best_epoch == 0 || run->validation == NULL || epoch.val_dice > run->best_dice;
  g_array_append_val (run->history, epoch);
  run->epoch++;
  run->batch = 0;
  run->sums = (PlLossSums){ .n_images = 0 };
  if (!take_weights (run, &epoch, is_best, &is_kept))
    return FALSE;
  report_epoch (run, &epoch, is_best, is_kept);
  look_over (run);
  return save_epoch (run, is_best);
}
