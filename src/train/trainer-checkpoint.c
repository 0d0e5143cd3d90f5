/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checkpoints. last.safetensors holds the weights, the optimizer and, as metadata, the place in the
 * run: epoch, batches of it that are done with the sums over them, schedule and best so far. Order
 * and augmentation of the samples depend on seed, epoch and position alone, so that is all it
 * takes to go on bit by bit. Doubles are written with 17 digits, which read back exactly.
 *
 * At an epoch's end history.csv is written first, then the checkpoint, then best.safetensors. If
 * the power goes before the checkpoint, the row that is ahead of it is made again; if it goes
 * behind it, the checkpoint's own weights are the best ones. A run without a checkpoint begins
 * again. */
#include "train/trainer-private.h"

#include "base/json.h"
#include "train/manifest.h"
#include "train/precision.h"
#include "train/run-folder.h"
#include "train/split.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define PROGRESS_KEY "pleura.progress"

/* As text, since JSON knows neither infinity nor what is not a number. */
static void
set_exact (JsonObject *object, const char *name, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  json_object_set_string_member (object, name, g_ascii_dtostr (buffer, sizeof buffer, value));
}

static gboolean
get_exact (JsonObject *object, const char *name, double *value, GError **error)
{
  const char *text = pl_json_get_string (object, name, error);
  char *end;

  if (text == NULL)
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0')
    return TRUE;
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN, _ ("“%s” is “%s”, which is not a number"),
               name, text);
  return FALSE;
}

static gboolean
get_int (JsonObject *object, const char *name, int low, int high, int *value, GError **error)
{
  gint64 whole;

  if (!pl_json_get_int (object, name, low, high, &whole, error))
    return FALSE;
  *value = (int) whole;
  return TRUE;
}

/* The parts of PlSchedule and PlLossSums that are doubles. */
typedef struct
{
  const char *name;
  gsize offset; /* in PlTrainRun */
} ExactField;

static const ExactField exact_fields[] = {
  { "time_s", G_STRUCT_OFFSET (PlTrainRun, time_before_s) },
  { "best_dice", G_STRUCT_OFFSET (PlTrainRun, best_dice) },
  { "sum_loss", G_STRUCT_OFFSET (PlTrainRun, sums.loss) },
  { "sum_cross_entropy", G_STRUCT_OFFSET (PlTrainRun, sums.cross_entropy) },
  { "sum_accuracy", G_STRUCT_OFFSET (PlTrainRun, sums.accuracy) },
  { "sum_dice", G_STRUCT_OFFSET (PlTrainRun, sums.dice) },
  { "schedule_best_loss", G_STRUCT_OFFSET (PlTrainRun, schedule.best_loss) },
  { "schedule_current_rate", G_STRUCT_OFFSET (PlTrainRun, schedule.current_rate) },
};

static char *
progress_to_text (const PlTrainRun *run)
{
  g_autoptr (JsonObject) object = json_object_new ();
  PlTrainRun now = *run;

  now.time_before_s = pl_train_run_time_s (run);
  json_object_set_int_member (object, "epoch", run->epoch);
  json_object_set_int_member (object, "batch", run->batch);
  json_object_set_int_member (object, "n_batches", run->n_batches);
  json_object_set_int_member (object, "best_epoch", run->best_epoch);
  json_object_set_int_member (object, "sum_images", run->sums.n_images);
  json_object_set_int_member (object, "sum_with_mask", run->sums.n_with_mask);
  json_object_set_int_member (object, "schedule_bad_epochs", run->schedule.bad_epochs);
  for (gsize i = 0; i < G_N_ELEMENTS (exact_fields); i++)
    set_exact (object, exact_fields[i].name,
               G_STRUCT_MEMBER (double, &now, exact_fields[i].offset));
  return pl_json_to_text (object);
}

/* Older checkpoints lack it: their sum of Dice is over all images. */
static gboolean
read_with_mask (PlTrainRun *run, JsonObject *object, GError **error)
{
  run->sums.n_with_mask = run->sums.n_images;
  return !json_object_has_member (object, "sum_with_mask") ||
         get_int (object, "sum_with_mask", 0, run->sums.n_images, &run->sums.n_with_mask, error);
}

static gboolean
read_progress (PlTrainRun *run, JsonObject *object, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (exact_fields); i++)
    if (!get_exact (object, exact_fields[i].name,
                    &G_STRUCT_MEMBER (double, run, exact_fields[i].offset), error))
      return FALSE;
  return get_int (object, "epoch", 1, G_MAXINT, &run->epoch, error) &&
         get_int (object, "n_batches", 1, G_MAXINT, &run->n_batches, error) &&
         get_int (object, "batch", 0, run->n_batches, &run->batch, error) &&
         get_int (object, "best_epoch", 0, run->epoch, &run->best_epoch, error) &&
         get_int (object, "sum_images", 0, G_MAXINT, &run->sums.n_images, error) &&
         read_with_mask (run, object, error) &&
         get_int (object, "schedule_bad_epochs", 0, G_MAXINT, &run->schedule.bad_epochs, error);
}

/* Tries once more if there is room then. */
static gboolean
write_model (PlTrainRun *run,
             const PlModel *model,
             const char *name,
             PlOptimizer *optimizer,
             GHashTable *extra,
             GError **error)
{
  g_autofree char *path = g_build_filename (run->trainer->run_folder, name, NULL);
  g_autoptr (GError) problem = NULL;

  if (pl_model_write (model, path, optimizer, extra, &problem))
    return TRUE;
  if (pl_train_run_make_room (run, problem))
    return pl_model_write (model, path, optimizer, extra, error);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

gboolean
pl_train_run_save_last (PlTrainRun *run, GError **error)
{
  g_autoptr (GHashTable) extra = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (extra, g_strdup (PROGRESS_KEY), progress_to_text (run));
  if (!write_model (run, run->live, "last.safetensors", run->optimizer, extra, error))
    return FALSE;
  run->saved_us = g_get_monotonic_time ();
  return TRUE;
}

gboolean
pl_train_run_save_best (PlTrainRun *run, GError **error)
{
  if (!write_model (run, run->best, "best.safetensors", NULL, NULL, error))
    return FALSE;
  run->written_best = run->best;
  return TRUE;
}

static gboolean
check_dataset (PlTrainer *trainer, GError **error)
{
  g_autofree char *split = g_build_filename (trainer->run_folder, "split.csv", NULL);
  g_autofree char *hash = pl_dataset_hash (trainer->dataset);

  if (strcmp (hash, trainer->origin.dataset_hash) != 0)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                   _ ("%s: the run cannot be resumed, because the data set has changed since it "
                      "began: other files or other sizes."),
                   trainer->run_folder);
      return FALSE;
    }
  return pl_split_read (trainer->dataset, split, error);
}

static gboolean
check_model (const PlTrainRun *run, const PlModel *model, const char *path, GError **error)
{
  const PlTrainSettings *settings = run->settings;

  if (model->size_px == settings->size_px && model->net->shape.base == settings->base &&
      model->net->shape.depth == settings->depth &&
      model->n_classes == run->trainer->dataset->n_classes)
    return TRUE;
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
               _ ("%s: the network is not the one that run.json describes."), path);
  return FALSE;
}

/* The rows of what the checkpoint has seen. */
static gboolean
read_history (PlTrainRun *run, GError **error)
{
  GArray *history;

  if (run->epoch == 1)
    return TRUE;
  history = pl_run_folder_read_history (run->trainer->run_folder, error);
  if (history == NULL)
    return FALSE;
  g_array_unref (run->history);
  run->history = history;
  if ((int) history->len < run->epoch - 1)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                   _ ("%s: the number of epochs in history.csv is %u, but the checkpoint comes "
                      "after epoch %d."),
                   run->trainer->run_folder, history->len, run->epoch - 1);
      return FALSE;
    }
  g_array_set_size (history, (guint) run->epoch - 1);
  return TRUE;
}

static gboolean
is_of_epoch (const PlModel *model, int epoch)
{
  gint64 best;

  return model->summary != NULL &&
         pl_json_get_int (model->summary, "best_epoch", epoch, epoch, &best, NULL);
}

/* When the checkpoint's own weights are the best ones, best.safetensors may be of an earlier epoch,
 * or not there yet: then there is none until pl_train_run_complete_best(). */
static gboolean
read_best (PlTrainRun *run, GError **error)
{
  g_autofree char *path = g_build_filename (run->trainer->run_folder, "best.safetensors", NULL);
  gboolean is_last = run->batch == 0 && run->best_epoch == run->epoch - 1;

  if (run->best_epoch == 0)
    return TRUE;
  run->best = pl_model_read (path, NULL, NULL, is_last ? NULL : error);
  if (is_last && (run->best == NULL || !is_of_epoch (run->best, run->best_epoch)))
    {
      g_clear_pointer (&run->best, pl_model_unref);
      return TRUE;
    }
  run->written_best = run->best;
  return run->best != NULL &&
         pl_unet_set_precision (run->best->net, pl_train_core_precision (run->settings->precision),
                                error);
}

gboolean
pl_train_run_complete_best (PlTrainRun *run, GError **error)
{
  if (run->best_epoch == 0 || run->best != NULL)
    return TRUE;
  run->best = pl_train_run_snapshot (run, run->best_epoch, run->best_dice, error);
  return run->best != NULL && pl_train_run_save_best (run, error);
}

static gboolean
take_checkpoint (PlTrainRun *run, const char *path, GHashTable *metadata, GError **error)
{
  const char *text = g_hash_table_lookup (metadata, PROGRESS_KEY);
  g_autoptr (JsonObject) progress = NULL;

  if (text == NULL || run->optimizer == NULL)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                   _ ("%s: this is a model, but not a checkpoint that training can go on from."),
                   path);
      return FALSE;
    }
  progress = pl_json_parse_object (text, strlen (text), error);
  if (progress == NULL || !read_progress (run, progress, error))
    {
      g_prefix_error (error, "%s: %s: ", path, PROGRESS_KEY);
      return FALSE;
    }
  run->recipe = run->live->recipe;
  return check_model (run, run->live, path, error) && read_history (run, error) &&
         read_best (run, error);
}

/* There is no checkpoint yet. What it began with is of its own choice. */
static gboolean
begin_again (PlTrainRun *run, GError **error)
{
  PlTrainer *trainer = run->trainer;

  if (trainer->origin.init == NULL)
    return TRUE;
  trainer->init = pl_model_read (trainer->origin.init, NULL, NULL, error);
  return trainer->init != NULL && check_model (run, trainer->init, trainer->origin.init, error);
}

gboolean
pl_train_run_resume (PlTrainRun *run, GError **error)
{
  PlTrainer *trainer = run->trainer;
  g_autofree char *path = g_build_filename (trainer->run_folder, "last.safetensors", NULL);
  g_autoptr (GHashTable) metadata = NULL;

  if (trainer->resume_error != NULL)
    {
      g_propagate_error (error, g_error_copy (trainer->resume_error));
      return FALSE;
    }
  if (!check_dataset (trainer, error))
    return FALSE;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return begin_again (run, error);
  run->live = pl_model_read (path, &run->optimizer, &metadata, error);
  return run->live != NULL && take_checkpoint (run, path, metadata, error);
}
