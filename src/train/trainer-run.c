/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The training thread: goes through the epochs and concludes. A batch goes through
 * the network in passes of a fixed number of images whose gradients add up; between two layers the
 * thread looks whether it shall stop or pause, between two passes it serves others. Stopping in the
 * middle of a step drops that step, so that what is saved is whole. */
#include "train/trainer-private.h"

#include "base/aligned.h"
#include "base/parallel.h"
#include "train/run-folder.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum
{
  SAVE_US = 60 * G_USEC_PER_SEC, /* between checkpoints within an epoch, at least */
  MEMORY_US = G_USEC_PER_SEC,    /* between two looks at what is used */
};

/* Gradients of norm 5 come from rare batches alone. */
#define CLIP_NORM 5.0

gboolean
pl_train_run_end (PlTrainRun *run, PlTrainOutcome outcome)
{
  run->outcome = outcome;
  return FALSE;
}

gboolean
pl_train_run_fail (PlTrainRun *run, GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      pl_trainer_is_stopped (run->trainer))
    {
      g_error_free (error);
      return pl_train_run_end (run, PL_TRAIN_STOPPED);
    }
  run->error = error;
  return pl_train_run_end (run, PL_TRAIN_FAILED);
}

gboolean
pl_train_run_fail_diverged (PlTrainRun *run)
{
  return pl_train_run_fail (
      run,
      g_error_new (PL_TRAIN_ERROR, PL_TRAIN_ERROR_DIVERGED,
                   _ ("The loss is not a number any more (epoch %d, step %llu): the "
                      "training has diverged. Try a lower learning rate than %g, or "
                      "look for images with extreme values."),
                   run->epoch, (unsigned long long) run->optimizer->step + 1, run->settings->rate));
}

double
pl_train_run_time_s (const PlTrainRun *run)
{
  gint64 us = g_get_monotonic_time () - run->started_us - run->paused_us;

  return run->time_before_s + (double) us / G_USEC_PER_SEC;
}

double
pl_train_run_share (const PlTrainRun *run)
{
  double epochs = run->epoch - 1;

  if (run->n_batches > 0)
    epochs += (double) run->batch / run->n_batches;
  return CLAMP (epochs / run->settings->epochs, 0, 1);
}

static double
estimate_eta_s (const PlTrainRun *run, PlPhase phase)
{
  double share = pl_train_run_share (run);
  double done = share - run->share_before;

  if (done <= 0 || phase == PL_PHASE_LOADING || phase == PL_PHASE_TESTING)
    return -1;
  return (1 - share) / done * (pl_train_run_time_s (run) - run->trained_from_s);
}

void
pl_train_run_set_phase (PlTrainRun *run, PlPhase phase, double fraction)
{
  gint64 now_us = g_get_monotonic_time ();
  gboolean looks_at_memory = run->memory_us == 0 || now_us - run->memory_us >= MEMORY_US;

  if (looks_at_memory)
    run->memory_us = now_us;
  run->status = (PlTrainStatus){
    .phase = phase,
    .fraction = fraction,
    .epoch = MIN (run->epoch, run->settings->epochs),
    .n_epochs = run->settings->epochs,
    .step = run->optimizer != NULL ? (gint64) run->optimizer->step : 0,
    .n_steps = (gint64) run->n_batches * run->settings->epochs,
    .images_per_s = run->images_per_s,
    .eta_s = estimate_eta_s (run, phase),
    .memory_bytes = looks_at_memory ? pl_memory_resident () : run->status.memory_bytes,
  };
  pl_trainer_report_status (run->trainer, &run->status);
}

void
pl_train_run_notify (PlTrainRun *run, const char *notice)
{
  pl_trainer_report_notice (run->trainer, notice);
  pl_run_folder_log (run->trainer->run_folder, "notice", notice);
}

/* Not before the first step, however long the files took: a run ends with a model. */
static gboolean
is_time_up (const PlTrainRun *run)
{
  double limit_s = run->settings->time_limit_s;

  return limit_s > 0 && pl_train_run_share (run) > run->share_before &&
         pl_train_run_time_s (run) - run->time_before_s >= limit_s;
}

static void
report_step (PlTrainRun *run, const PlLossSums *sums, double time_s)
{
  PlTrainPoint point = {
    .step = (gint64) run->optimizer->step,
    .epoch = run->epoch - 1 + (double) run->batch / run->n_batches,
    .time_s = pl_train_run_time_s (run),
    .loss = sums->loss / sums->n_images,
    .accuracy = sums->accuracy / sums->n_images,
    .dice = sums->dice / sums->n_with_mask, /* NaN without any */
  };
  double speed = sums->n_images / MAX (time_s, 1e-6);

  run->images_per_s = run->images_per_s > 0 ? 0.9 * run->images_per_s + 0.1 * speed : speed;
  pl_trainer_report_point (run->trainer, &point);
  pl_train_run_set_phase (run, PL_PHASE_TRAINING, pl_train_run_share (run));
}

/* Gradients of a batch into the work. FALSE if stopped. */
static gboolean
differentiate (PlTrainRun *run, const PlBatch *batch, PlLossSums *sums)
{
  gsize n_pixels = (gsize) run->settings->size_px * (gsize) run->settings->size_px;
  const PlUNet *net = run->live->net;

  pl_unet_work_clear_gradients (run->work);
  for (int i = 0; i < batch->n; i += run->n_pass)
    {
      int n = MIN (run->n_pass, batch->n - i);
      gsize offset = (gsize) i * n_pixels;

      if (pl_unet_forward (net, run->work, batch->images + offset, n, pl_train_run_go_on, run) ==
          NULL)
        return FALSE;
      if (!pl_unet_backward (net, run->work, batch->labels + offset,
                             (PlLossKind) run->settings->loss, batch->n, sums, pl_train_run_go_on,
                             run))
        return FALSE;
      pl_train_run_serve (run);
    }
  return TRUE;
}

static void
add_sums (PlLossSums *to, const PlLossSums *from)
{
  to->loss += from->loss;
  to->cross_entropy += from->cross_entropy;
  to->accuracy += from->accuracy;
  to->dice += from->dice;
  to->n_with_mask += from->n_with_mask;
  to->n_images += from->n_images;
}

static gboolean
take_step (PlTrainRun *run, const PlBatch *batch)
{
  double rate = pl_schedule_rate (&run->schedule, run->optimizer->step);
  double start_s = pl_train_run_time_s (run);
  PlLossSums sums = { .n_images = 0 };

  if (!differentiate (run, batch, &sums))
    return pl_train_run_end (run, PL_TRAIN_STOPPED);
  if (!isfinite (sums.loss))
    return pl_train_run_fail_diverged (run);
  pl_optimizer_step (run->optimizer, run->live->net, pl_unet_work_gradients (run->work), rate,
                     CLIP_NORM);
  add_sums (&run->sums, &sums);
  run->batch++;
  report_step (run, &sums, pl_train_run_time_s (run) - start_s);
  return TRUE;
}

static gboolean
save_if_due (PlTrainRun *run)
{
  GError *error = NULL;

  if (run->batch == run->n_batches || g_get_monotonic_time () - run->saved_us < SAVE_US ||
      pl_train_run_save_last (run, &error))
    return TRUE;
  return pl_train_run_fail (run, error);
}

static gboolean
train_epoch (PlTrainRun *run)
{
  while (run->batch < run->n_batches)
    {
      const PlBatch *batch = pl_batcher_next (run->batcher, run->trainer->cancellable);

      if (batch == NULL)
        return pl_train_run_end (run, PL_TRAIN_STOPPED);
      if (!take_step (run, batch) || !save_if_due (run))
        return FALSE;
      if (run->batch < run->n_batches && is_time_up (run))
        return pl_train_run_end (run, PL_TRAIN_TIME_LIMIT);
    }
  return pl_train_run_finish_epoch (run);
}

static gboolean
is_patience_out (const PlTrainRun *run)
{
  int patience = run->settings->patience;

  return patience > 0 && run->validation != NULL && run->best_epoch > 0 &&
         run->epoch - 1 - run->best_epoch >= patience;
}

static gboolean
shall_end (const PlTrainRun *run)
{
  PlTrainer *trainer = run->trainer;

  pthread_mutex_lock (&trainer->lock);
  gboolean ends =
      trainer->ends_after_epoch || (trainer->last_epoch > 0 && run->epoch > trainer->last_epoch);
  pthread_mutex_unlock (&trainer->lock);
  return ends;
}

static void
train (PlTrainRun *run)
{
  gboolean has_done_one = FALSE;

  pl_train_run_set_phase (run, PL_PHASE_TRAINING, pl_train_run_share (run));
  while (run->epoch <= run->settings->epochs)
    {
      if (is_patience_out (run))
        run->outcome = PL_TRAIN_EARLY_STOP;
      else if (is_time_up (run))
        run->outcome = PL_TRAIN_TIME_LIMIT;
      else if (has_done_one && shall_end (run))
        run->outcome = PL_TRAIN_ENDED;
      else if (train_epoch (run))
        {
          has_done_one = TRUE;
          continue;
        }
      return;
    }
  run->outcome = PL_TRAIN_COMPLETED;
}

gboolean
pl_train_run_has_learned (const PlTrainRun *run)
{
  return run->train != NULL && run->optimizer != NULL && run->optimizer->step > 0;
}

/* Ended within an epoch: the whole steps of it are kept, and if there is no epoch to choose from,
 * the weights of the moment are what was learned. */
static gboolean
save_remainder (PlTrainRun *run, GError **error)
{
  if (!pl_train_run_has_learned (run))
    return TRUE;
  if (run->batch > 0 && !pl_train_run_save_last (run, error))
    return FALSE;
  if (run->best != NULL)
    return TRUE;
  run->best = pl_train_run_snapshot (run, run->best_epoch, run->best_dice, error);
  return run->best != NULL && pl_train_run_save_best (run, error);
}

static gboolean
finish_run (PlTrainRun *run)
{
  GError *error = NULL;

  if (!save_remainder (run, &error))
    return pl_train_run_fail (run, error);
  if (run->outcome == PL_TRAIN_STOPPED || run->best == NULL)
    return TRUE;
  if (pl_train_run_test (run, &error))
    return TRUE;
  return error != NULL ? pl_train_run_fail (run, error) : pl_train_run_end (run, PL_TRAIN_STOPPED);
}

/* From here on the weights of the moment are the best ones. */
static void
publish_result (PlTrainRun *run)
{
  PlTrainResult *result = &run->trainer->result;

  g_clear_pointer (&run->previewer, pl_slice_predictor_free);
  g_clear_pointer (&run->live, pl_model_unref);
  pl_run_folder_log (run->trainer->run_folder, pl_train_outcome_name (run->outcome),
                     run->error != NULL ? run->error->message : "");
  pthread_mutex_lock (&run->trainer->lock);
  result->outcome = run->outcome;
  result->error = g_steal_pointer (&run->error);
  result->best_epoch = run->best_epoch;
  result->best_dice = run->best_dice;
  if (run->best != NULL)
    {
      run->live = pl_model_ref (run->best);
      result->model = g_steal_pointer (&run->best);
    }
  pthread_mutex_unlock (&run->trainer->lock);
}

static void
clear_run (PlTrainRun *run)
{
  pl_slice_predictor_free (run->previewer);
  pl_preview_state_clear (&run->previews);
  pl_batcher_free (run->batcher);
  pl_samples_free (run->train);
  pl_samples_free (run->validation);
  pl_model_unref (run->live);
  pl_model_unref (run->best);
  pl_unet_work_free (run->work);
  pl_optimizer_free (run->optimizer);
  g_array_unref (run->history);
  g_array_unref (run->pixels);
  g_clear_error (&run->error);
}

gpointer
pl_train_run_thread (gpointer data)
{
  PlTrainer *trainer = data;
  PlTrainRun run = {
    .trainer = trainer,
    .settings = &trainer->settings,
    .history = pl_history_new (),
    .pixels = g_array_new (FALSE, FALSE, sizeof (PlWatchPixels)),
    .best_dice = NAN,
    .epoch = 1,
    .started_us = g_get_monotonic_time (),
  };
  GError *error = NULL;

  pl_parallel_nice_self ();
  pl_run_folder_clean (trainer->run_folder);
  pl_run_folder_log (trainer->run_folder, trainer->is_resuming ? "resume" : "start", "");
  if (!pl_train_run_prepare (&run, &error))
    pl_train_run_fail (&run, error);
  else
    train (&run);
  if (run.outcome != PL_TRAIN_FAILED)
    finish_run (&run);
  if (run.outcome == PL_TRAIN_FAILED)
    pl_train_run_rescue (&run);
  publish_result (&run);
  pl_train_run_close_requests (&run);
  clear_run (&run);
  pl_trainer_finish_take (trainer);
  return NULL;
}
