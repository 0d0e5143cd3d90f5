/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One task at a time: reading a model (some 10 ms for 2 million weights) or predicting one slice,
 * so that the trainer's thread, or the machine, is never far behind a cursor that is dragged. What
 * was begun for another epoch is kept all the same. A slice is handed over as a volume of its own:
 * a mask of all the volume would take as long to look through as the slice to predict.
 */
#include "app/epoch-masks.h"

#include "app/packed-mask.h"
#include "train/run-folder.h"

#include <string.h>

enum
{
  MOST_MASKS = 4096, /* packed, some 10 KiB each */
  MOST_MODELS = 4,   /* some 20 MB each at base 16 */
};

typedef struct
{
  char *key;
  PlPackedMask *mask;
} KeptMask;

typedef struct
{
  int epoch;
  PlModel *model;
} KeptModel;

struct _PlEpochMasks
{
  GObject parent_instance;

  /* Owned */
  char *run_folder;   /* (nullable) */
  PlTrainer *trainer; /* (nullable) */
  GHashTable *masks;  /* key to link of recent */
  GQueue recent;      /* (element-type KeptMask): the last used first */
  GQueue models;      /* (element-type KeptModel): likewise */
  GCancellable *cancellable;

  /* Owned: what is wanted */
  int epoch; /* 0: nothing */
  char *name;
  PlVolume *volume; /* (nullable) */
  GArray *slices;   /* (element-type int) */

  gboolean is_busy;
  int failed_epoch; /* is not tried again */
};

G_DEFINE_FINAL_TYPE (PlEpochMasks, pl_epoch_masks, G_TYPE_OBJECT)

enum
{
  MASK,
  MODEL,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void go_on (PlEpochMasks *self);

static void
kept_mask_free (gpointer data)
{
  KeptMask *kept = data;

  g_free (kept->key);
  pl_packed_mask_unref (kept->mask);
  g_free (kept);
}

static void
kept_model_free (gpointer data)
{
  KeptModel *kept = data;

  pl_model_unref (kept->model);
  g_free (kept);
}

static char *
dup_key (int epoch, const char *name, int slice)
{
  return g_strdup_printf ("%d %d %s", epoch, slice, name);
}

/* (nullable) (transfer full) */
static PlMask *
find_mask (PlEpochMasks *self, int slice)
{
  g_autofree char *key = dup_key (self->epoch, self->name, slice);
  GList *link = g_hash_table_lookup (self->masks, key);

  if (link == NULL)
    return NULL;
  g_queue_unlink (&self->recent, link);
  g_queue_push_head_link (&self->recent, link);
  return pl_packed_mask_unpack (((KeptMask *) link->data)->mask);
}

static gboolean
has_mask (PlEpochMasks *self, int slice)
{
  g_autofree char *key = dup_key (self->epoch, self->name, slice);

  return g_hash_table_contains (self->masks, key);
}

static void
keep_mask (PlEpochMasks *self, int epoch, const char *name, int slice, const PlMask *mask)
{
  KeptMask *kept = g_new (KeptMask, 1);

  kept->key = dup_key (epoch, name, slice);
  kept->mask = pl_packed_mask_new (mask);
  g_queue_push_head (&self->recent, kept);
  g_hash_table_replace (self->masks, kept->key, self->recent.head);
  if (self->recent.length > MOST_MASKS)
    {
      KeptMask *oldest = g_queue_pop_tail (&self->recent);

      g_hash_table_remove (self->masks, oldest->key);
      kept_mask_free (oldest);
    }
}

PlEpochMasks *
pl_epoch_masks_new (void)
{
  return g_object_new (PL_TYPE_EPOCH_MASKS, NULL);
}

PlModel *
pl_epoch_masks_get_model (PlEpochMasks *self)
{
  g_return_val_if_fail (PL_IS_EPOCH_MASKS (self), NULL);

  for (GList *link = self->models.head; link != NULL; link = link->next)
    {
      KeptModel *kept = link->data;

      if (kept->epoch != self->epoch)
        continue;
      g_queue_unlink (&self->models, link);
      g_queue_push_head_link (&self->models, link);
      return kept->model;
    }
  return NULL;
}

/* Takes @model. */
static void
keep_model (PlEpochMasks *self, int epoch, PlModel *model)
{
  KeptModel *kept = g_new (KeptModel, 1);

  *kept = (KeptModel){ epoch, model };
  g_queue_push_head (&self->models, kept);
  if (self->models.length > MOST_MODELS)
    kept_model_free (g_queue_pop_tail (&self->models));
}

/* What a task is of, for what is wanted may change meanwhile. */
typedef struct
{
  PlEpochMasks *self; /* Owned */
  GCancellable *cancellable;
  int epoch;
  int slice;
  char *name;
} Question;

static Question *
question_new (PlEpochMasks *self, int slice)
{
  Question *question = g_new0 (Question, 1);

  question->self = g_object_ref (self);
  question->cancellable = g_object_ref (self->cancellable);
  question->epoch = self->epoch;
  question->slice = slice;
  question->name = g_strdup (self->name);
  self->is_busy = TRUE;
  return question;
}

static void
question_free (Question *question)
{
  g_object_unref (question->self);
  g_object_unref (question->cancellable);
  g_free (question->name);
  g_free (question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* FALSE: it is of another run, and somebody else may be busy. */
static gboolean
end_task (Question *question)
{
  if (question->cancellable != question->self->cancellable)
    return FALSE;
  question->self->is_busy = FALSE;
  return TRUE;
}

/* A training that is stopped cancels what it was asked; whoever still wants it asks again. */
static void
fail (PlEpochMasks *self, int epoch, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (epoch == self->epoch)
    {
      self->failed_epoch = epoch;
      g_signal_emit (self, signals[FAILED], 0, error);
    }
  go_on (self);
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  PlModel *model = pl_model_read (data, NULL, NULL, &error);

  if (model == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, model, (GDestroyNotify) pl_model_unref);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  PlEpochMasks *self = question->self;
  g_autoptr (GError) error = NULL;
  PlModel *model = g_task_propagate_pointer (G_TASK (result), &error);

  if (!end_task (question))
    {
      pl_model_unref (model);
      return;
    }
  if (model == NULL)
    {
      fail (self, question->epoch, error);
      return;
    }
  keep_model (self, question->epoch, model);
  if (question->epoch == self->epoch)
    g_signal_emit (self, signals[MODEL], 0);
  go_on (self);
}

static void
read_model (PlEpochMasks *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, read_cb, question_new (self, 0));

  g_task_set_source_tag (task, read_model);
  g_task_set_task_data (task, pl_run_folder_epoch_path (self->run_folder, self->epoch), g_free);
  g_task_run_in_thread (task, read_thread);
}

static void
predicted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  PlEpochMasks *self = question->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (PlPrediction) prediction = pl_predict_volume_finish (result, &error);

  if (!end_task (question))
    return;
  if (prediction == NULL)
    {
      fail (self, question->epoch, error);
      return;
    }
  keep_mask (self, question->epoch, question->name, question->slice, prediction->mask);
  if (question->epoch == self->epoch && g_strcmp0 (question->name, self->name) == 0)
    g_signal_emit (self, signals[MASK], 0, question->slice, prediction->mask);
  go_on (self);
}

/* (transfer full): or NULL with @error set when there is not enough memory. */
static PlVolume *
cut_slice (const PlVolume *volume, int slice, GError **error)
{
  PlImageHeader header = volume->header;
  gsize n_bytes = (gsize) volume->n[1] * (gsize) volume->n[2] * pl_dtype_size (volume->type);
  PlVolume *cut;

  header.shape[header.axis[0]] = 1;
  cut = pl_volume_new (&header, volume->type, NULL, error);
  if (cut == NULL)
    return NULL;
  memcpy (cut->voxels, (const guint8 *) volume->voxels + (gsize) slice * n_bytes, n_bytes);
  cut->slope = volume->slope;
  cut->intercept = volume->intercept;
  pl_volume_set_ready_slices (cut, 1);
  return cut;
}

static void
predict (PlEpochMasks *self, PlModel *model, int slice)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlVolume) cut = cut_slice (self->volume, slice, &error);
  PlPredictOptions options;

  if (cut == NULL)
    {
      fail (self, self->epoch, error);
      return;
    }
  options = pl_predict_options_default (model, cut);
  if (self->trainer != NULL && pl_trainer_is_running (self->trainer))
    pl_trainer_predict_async (self->trainer, model, cut, &options, self->cancellable, predicted_cb,
                              question_new (self, slice));
  else
    pl_predict_volume_async (model, cut, &options, self->cancellable, predicted_cb,
                             question_new (self, slice));
}

/* The first slice that is wanted and not there; −1 for none. */
static int
find_next (PlEpochMasks *self)
{
  for (guint i = 0; self->volume != NULL && i < self->slices->len; i++)
    if (!has_mask (self, g_array_index (self->slices, int, i)))
      return g_array_index (self->slices, int, i);
  return -1;
}

static void
go_on (PlEpochMasks *self)
{
  PlModel *model;
  int slice;

  if (self->is_busy || self->run_folder == NULL || self->epoch == 0 ||
      self->epoch == self->failed_epoch)
    return;
  model = pl_epoch_masks_get_model (self);
  slice = find_next (self);
  if (model == NULL)
    read_model (self);
  else if (slice >= 0)
    predict (self, model, slice);
}

static void
forget_wish (PlEpochMasks *self)
{
  self->epoch = 0;
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->volume, pl_volume_unref);
  g_array_set_size (self->slices, 0);
}

void
pl_epoch_masks_want (PlEpochMasks *self,
                     int epoch,
                     const char *name,
                     PlVolume *volume,
                     const int *slices,
                     int n_slices)
{
  g_return_if_fail (PL_IS_EPOCH_MASKS (self));

  forget_wish (self);
  if (epoch != self->failed_epoch)
    self->failed_epoch = 0;
  if (epoch == 0)
    return;
  self->epoch = epoch;
  self->name = g_strdup (name);
  self->volume = volume == NULL ? NULL : pl_volume_ref (volume);
  g_array_append_vals (self->slices, slices, (guint) n_slices);
  for (int i = 0; i < n_slices; i++)
    {
      g_autoptr (PlMask) mask = find_mask (self, slices[i]);

      if (mask != NULL)
        g_signal_emit (self, signals[MASK], 0, slices[i], mask);
    }
  go_on (self);
}

static void
forget_run (PlEpochMasks *self)
{
  forget_wish (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_hash_table_remove_all (self->masks);
  g_queue_clear_full (&self->recent, kept_mask_free);
  g_queue_clear_full (&self->models, kept_model_free);
  g_clear_pointer (&self->run_folder, g_free);
  self->is_busy = FALSE;
  self->failed_epoch = 0;
}

void
pl_epoch_masks_set_run (PlEpochMasks *self, const char *run_folder)
{
  g_return_if_fail (PL_IS_EPOCH_MASKS (self));

  forget_run (self);
  self->run_folder = g_strdup (run_folder);
  self->cancellable = g_cancellable_new ();
}

void
pl_epoch_masks_set_trainer (PlEpochMasks *self, PlTrainer *trainer)
{
  g_return_if_fail (PL_IS_EPOCH_MASKS (self));

  g_set_object (&self->trainer, trainer);
}

static void
pl_epoch_masks_dispose (GObject *object)
{
  PlEpochMasks *self = PL_EPOCH_MASKS (object);

  forget_run (self);
  g_clear_object (&self->trainer);
  G_OBJECT_CLASS (pl_epoch_masks_parent_class)->dispose (object);
}

static void
pl_epoch_masks_finalize (GObject *object)
{
  PlEpochMasks *self = PL_EPOCH_MASKS (object);

  g_hash_table_unref (self->masks);
  g_array_unref (self->slices);
  G_OBJECT_CLASS (pl_epoch_masks_parent_class)->finalize (object);
}

static void
pl_epoch_masks_class_init (PlEpochMasksClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pl_epoch_masks_dispose;
  G_OBJECT_CLASS (klass)->finalize = pl_epoch_masks_finalize;
  signals[MASK] = g_signal_new ("mask", PL_TYPE_EPOCH_MASKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_POINTER);
  signals[MODEL] = g_signal_new ("model", PL_TYPE_EPOCH_MASKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", PL_TYPE_EPOCH_MASKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
pl_epoch_masks_init (PlEpochMasks *self)
{
  self->masks = g_hash_table_new (g_str_hash, g_str_equal);
  self->slices = g_array_new (FALSE, FALSE, sizeof (int));
  g_queue_init (&self->recent);
  g_queue_init (&self->models);
  self->cancellable = g_cancellable_new ();
}
