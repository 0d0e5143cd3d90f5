/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes before the first step: where the run starts from, its files, its samples in memory,
 * and everything that a step needs, allocated once. */
#include "train/trainer-private.h"

#include "base/aligned.h"
#include "base/parallel.h"
#include "train/manifest.h"
#include "train/precision.h"
#include "train/run-folder.h"
#include "train/split.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum
{
  WARMUP_SHARE = 20, /* one step in this many */
  MOST_NAMED = 10,   /* files that have changed; of more, the number */
  CONFIDENCE = 6,    /* of the head's weights over He's, for cross-entropy */
};

/* Of the time before the first step: reading the files once to see that they are whole. */
#define CHECK_SHARE 0.5

static gboolean
write_start (PlTrainRun *run, GError **error)
{
  PlTrainer *trainer = run->trainer;
  g_autofree char *split = g_build_filename (trainer->run_folder, "split.csv", NULL);

  return pl_split_write (trainer->dataset, split, error) &&
         pl_run_folder_write_settings (trainer->run_folder, run->settings, trainer->dataset,
                                       &trainer->origin, error);
}

static gboolean
check_memory (const PlTrainSettings *settings, GError **error)
{
  gsize n_bytes = pl_train_settings_bytes (settings);
  g_autofree char *size = NULL;

  if (n_bytes <= pl_memory_total () / 5 * 4)
    return TRUE;
  size = g_format_size (n_bytes);
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_MODEL,
               _ ("Training with these settings takes %s of memory, more than there is. Choose a "
                  "smaller size or fewer channels."),
               size);
  return FALSE;
}

/* Where the loading of a group lies between 0 and 1. */
typedef struct
{
  PlTrainRun *run;
  double from;
  double share;
} LoadProgress;

/* From any thread that loads, one at a time; here, too, a pause is kept. */
static void
load_progress_cb (double fraction, gpointer data)
{
  const LoadProgress *progress = data;

  pl_train_run_set_phase (progress->run, PL_PHASE_LOADING,
                          progress->from + fraction * progress->share);
  pl_train_run_go_on (progress->run);
}

static PlSamples *
load_group (
    PlTrainRun *run, PlGroup group, gboolean choose_recipe, double from, double to, GError **error)
{
  PlTrainer *trainer = run->trainer;
  LoadProgress progress = { run, from, to - from };
  PlSamplesOptions options = {
    .size_px = run->settings->size_px,
    .slices_per_volume = run->settings->slices_per_volume,
    .n_classes = trainer->dataset->n_classes,
    .choose_recipe = choose_recipe,
    .recipe = run->recipe,
  };

  pl_train_run_serve (run);
  if (!pl_train_run_go_on (run))
    {
      g_cancellable_set_error_if_cancelled (trainer->cancellable, error);
      return NULL;
    }
  return pl_samples_load (trainer->dataset, group, &options, &run->recipe, load_progress_cb,
                          &progress, trainer->cancellable, error);
}

static gboolean
load_samples (PlTrainRun *run, GError **error)
{
  const PlDataset *dataset = run->trainer->dataset;
  gboolean has_recipe = run->live != NULL; /* of the model that it starts from */
  int n_train = pl_split_count (dataset, PL_GROUP_TRAIN);
  int n_validation = pl_split_count (dataset, PL_GROUP_VALIDATION);
  double share = n_train > 0 ? (double) n_train / (n_train + n_validation) : 0;
  double middle = CHECK_SHARE + (1 - CHECK_SHARE) * share;

  if (n_train > 0)
    {
      run->train = load_group (run, PL_GROUP_TRAIN, !has_recipe, CHECK_SHARE, middle, error);
      if (run->train == NULL)
        return FALSE;
    }
  if (run->train == NULL || pl_samples_count (run->train) == 0)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("%s: there is nothing to train on: the train part has no image with a mask."),
                   dataset->folder != NULL ? dataset->folder : "");
      return FALSE;
    }
  if (n_validation > 0)
    {
      run->validation = load_group (run, PL_GROUP_VALIDATION, FALSE, middle, 1, error);
      if (run->validation == NULL)
        return FALSE;
      if (pl_samples_count (run->validation) == 0)
        g_clear_pointer (&run->validation, pl_samples_free);
    }
  return TRUE;
}

static gboolean
has_class (const PlSamples *samples, int label)
{
  gsize n_pixels = (gsize) pl_samples_size (samples) * (gsize) pl_samples_size (samples);

  for (int i = 0; i < pl_samples_count (samples); i++)
    if (memchr (pl_samples_labels (samples, i), label, n_pixels) != NULL)
      return TRUE;
  return FALSE;
}

/* (nullable) (transfer full) */
static char *
look_for_classes (const PlTrainRun *run)
{
  const PlDataset *dataset = run->trainer->dataset;
  g_autofree gboolean *is_there = g_new (gboolean, dataset->n_classes);

  for (int i = 0; i < dataset->n_classes; i++)
    is_there[i] = has_class (run->train, i + 1);
  return pl_watch_classes (is_there, (const char *const *) dataset->class_names,
                           dataset->n_classes);
}

static void
tell_of_samples (PlTrainRun *run)
{
  g_autofree char *patients = pl_watch_patients (run->trainer->dataset);
  g_autofree char *classes = look_for_classes (run);

  if (patients != NULL)
    pl_train_run_notify (run, patients);
  if (classes != NULL)
    pl_train_run_notify (run, classes);
  if (!run->recipe.is_hu)
    pl_train_run_notify (
        run, _ ("The images do not look like Hounsfield units, so each one is scaled between "
                "its own percentiles."));
  if (run->validation == NULL)
    pl_train_run_notify (
        run, _ ("There is no validation part, so the last weights are kept, not the best."));
}

/* Adam moves a weight by no more than the rate in a step, and what the head sees is normalised, so
 * that from He's deviation logits take a thousand steps at 1e-3 to become as large as confidence
 * needs. Cross-entropy measures that for as long: masks are at Dice 0.98 when it still is 0.12. A
 * part of Dice in the loss does not wait for it, and does better from He's. */
static PlUNet *
make_fresh_net (const PlUNetShape *shape, const PlTrainSettings *settings, GError **error)
{
  PlUNet *net = pl_unet_new (shape, settings->seed, error);

  if (net != NULL && settings->loss == PL_LOSS_CROSS_ENTROPY)
    pl_unet_scale_head (net, CONFIDENCE);
  return net;
}

/* A network to start from, fresh or of another model. */
static gboolean
make_live_model (PlTrainRun *run, GError **error)
{
  const PlDataset *dataset = run->trainer->dataset;
  const PlModel *init = run->trainer->init;
  PlUNetShape shape = {
    .in_channels = 1,
    .classes = pl_model_outputs (dataset->n_classes),
    .base = run->settings->base,
    .depth = run->settings->depth,
  };
  PlUNet *net;

  if (init != NULL && init->n_classes != dataset->n_classes)
    {
      g_set_error (
          error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_MODEL,
          _ ("The number of classes is %d in the model to start from, but %d in the data set."),
          init->n_classes, dataset->n_classes);
      return FALSE;
    }
  if (init != NULL)
    net = pl_unet_copy (init->net, error);
  else
    net = make_fresh_net (&shape, run->settings, error);
  if (net == NULL)
    return FALSE;
  run->live = pl_model_new_take (net, &run->recipe, run->settings->size_px, dataset->n_classes,
                                 (const char *const *) dataset->class_names, NULL);
  run->live->has_sides |= dataset->parts_lungs;
  return TRUE;
}

static gboolean
make_schedule (PlTrainRun *run, GError **error)
{
  const PlTrainSettings *settings = run->settings;
  int n = pl_samples_count (run->train);
  int n_batches = (n + settings->batch - 1) / settings->batch;
  guint64 steps = (guint64) settings->epochs * (guint64) n_batches;
  PlSchedule old = run->schedule;

  if (run->n_batches > 0 && run->n_batches != n_batches)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                   _ ("%s: the run cannot be resumed, because the number of batches in an epoch is "
                      "%d now, but was %d when it began."),
                   run->trainer->run_folder, n_batches, run->n_batches);
      return FALSE;
    }
  pl_schedule_init (&run->schedule, (PlScheduleKind) settings->schedule, settings->rate,
                    steps / WARMUP_SHARE, steps);
  if (run->n_batches > 0)
    {
      run->schedule.best_loss = old.best_loss;
      run->schedule.bad_epochs = old.bad_epochs;
      run->schedule.current_rate = old.current_rate;
    }
  run->n_batches = n_batches;
  return TRUE;
}

static gboolean
build (PlTrainRun *run, GError **error)
{
  const PlTrainSettings *settings = run->settings;
  PlAugment augment = pl_samples_augment (run->trainer->dataset);
  gboolean ends_epoch;

  if (run->live == NULL && !make_live_model (run, error))
    return FALSE;
  if (!pl_unet_set_precision (run->live->net, pl_train_core_precision (settings->precision), error))
    return FALSE;
  if (run->optimizer == NULL)
    run->optimizer = pl_optimizer_new (run->live->net, settings->decay, error);
  if (run->optimizer == NULL || !make_schedule (run, error))
    return FALSE;
  run->optimizer->decay = (float) settings->decay;
  run->n_pass =
      MIN (settings->batch, pl_images_per_pass (&run->live->net->shape, run->live->net->precision,
                                                settings->size_px));
  run->work = pl_unet_work_new (run->live->net, run->n_pass, settings->size_px, settings->size_px,
                                TRUE, error);
  run->previewer =
      run->work != NULL ? pl_slice_predictor_new (run->live, &run->live->recipe, 1, error) : NULL;
  if (run->previewer == NULL)
    return FALSE;
  ends_epoch = run->batch == run->n_batches;
  run->batcher = pl_batcher_new (run->train, settings->batch, settings->augment ? &augment : NULL,
                                 settings->seed, run->epoch + (ends_epoch ? 1 : 0),
                                 ends_epoch ? 0 : run->batch);
  return TRUE;
}

/* The pool is not resized without need: others may be using it. */
static void
set_threads (int wanted)
{
  int n = wanted > 0 ? wanted : (int) g_get_num_processors ();

  if (n != pl_parallel_threads ())
    pl_train_set_threads (n);
}

static void
check_progress_cb (double fraction, gpointer data)
{
  const LoadProgress progress = { data, 0, CHECK_SHARE };

  load_progress_cb (fraction, (gpointer) &progress);
}

/* By the manifest, if there is one. They are named and no more than that: the run's own check says
 * what cannot be read, and a new file may be as good as the old one. */
static void
tell_of_changes (PlTrainRun *run)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = pl_manifest_list_changes (run->trainer->dataset, &error);
  g_autofree char *more = NULL;

  if (changes == NULL)
    {
      pl_train_run_notify (run, error->message);
      return;
    }
  for (guint i = 0; i < MIN (changes->len, MOST_NAMED); i++)
    pl_train_run_notify (run, g_ptr_array_index (changes, i));
  if (changes->len <= MOST_NAMED)
    return;
  more =
      g_strdup_printf (ngettext ("%u more file is lost or changed; pleura-cli check names all.",
                                 "%u more files are lost or changed; pleura-cli check names all.",
                                 changes->len - MOST_NAMED),
                       changes->len - MOST_NAMED);
  pl_train_run_notify (run, more);
}

/* What was found of look-alikes since there were @n_known notices: figures of the parts would be
 * too good. */
static void
tell_of_leaks (PlTrainRun *run, guint n_known)
{
  const GPtrArray *notices = run->trainer->dataset->notices;
  guint n_leaks = 0;
  g_autofree char *more = NULL;

  for (guint i = n_known; i < notices->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (notices, i);
      g_autofree char *notice = NULL;

      if (problem->kind != PL_PROBLEM_LEAK || ++n_leaks > MOST_NAMED)
        continue;
      notice = g_strdup_printf ("%s: %s", problem->path, problem->reason);
      pl_train_run_notify (run, notice);
    }
  if (n_leaks <= MOST_NAMED)
    return;
  more = g_strdup_printf (
      ngettext ("%u more image looks like one of another part; pleura-cli check names all.",
                "%u more images look like one of another part; pleura-cli check names all.",
                n_leaks - MOST_NAMED),
      n_leaks - MOST_NAMED);
  pl_train_run_notify (run, more);
}

/* What cannot be read is named and left out; the masks say how many classes there are. */
static gboolean
check_data (PlTrainRun *run, GError **error)
{
  PlDataset *dataset = run->trainer->dataset;
  guint n_known = dataset->problems->len;
  guint n_noticed = dataset->notices->len;

  if (!pl_dataset_check (dataset, check_progress_cb, run, run->trainer->cancellable, error))
    return FALSE;
  for (guint i = n_known; i < dataset->problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (dataset->problems, i);
      g_autofree char *notice =
          g_strdup_printf (_ ("%s: left out: %s"), problem->path, problem->reason);

      pl_train_run_notify (run, notice);
    }
  tell_of_leaks (run, n_noticed);
  return TRUE;
}

static gboolean
check_settings (PlTrainRun *run, GError **error)
{
  return pl_train_settings_check (run->settings, error) &&
         pl_unet_check_precision (pl_train_core_precision (run->settings->precision), error) &&
         check_memory (run->settings, error);
}

/* All that can be wrong with a run is found before the samples are loaded. */
static gboolean
begin (PlTrainRun *run, GError **error)
{
  PlTrainer *trainer = run->trainer;

  if (!check_settings (run, error))
    return FALSE;
  tell_of_changes (run);
  if (!check_data (run, error) ||
      (run->settings->sides && !pl_dataset_part_lungs (trainer->dataset, error)) ||
      (trainer->is_resuming && !pl_train_run_resume (run, error)))
    return FALSE;
  if (run->live == NULL && trainer->init != NULL)
    {
      run->recipe = trainer->init->recipe;
      if (!make_live_model (run, error))
        return FALSE;
    }
  set_threads (run->settings->threads);
  return write_start (run, error);
}

gboolean
pl_train_run_prepare (PlTrainRun *run, GError **error)
{
  pl_train_run_set_phase (run, PL_PHASE_LOADING, 0);
  if (!begin (run, error) || !load_samples (run, error) || !build (run, error) ||
      !pl_train_run_complete_best (run, error))
    return FALSE;
  tell_of_samples (run);
  run->share_before = pl_train_run_share (run);
  run->trained_from_s = pl_train_run_time_s (run);
  run->saved_us = g_get_monotonic_time ();
  return TRUE;
}
