/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One task at a time: reading a model (some 10 ms for 2 million weights) or predicting one slice,
 * so that the trainer's thread, or the machine, is never far behind a cursor that is dragged. What
 * was begun for another epoch is kept all the same. A slice is handed over as a volume of its own:
 * a mask of all the volume would take as long to look through as the slice to predict. Who shows a
 * mask takes up to a millisecond to compare it with the truth, so that a montage of those that are
 * kept is handed over in parts.
 */
#include "app/epoch-masks.h"

#include "app/kept-masks.h"
#include "train/run-folder.h"

#include <string.h>

enum
{
  MOST_MASKS = 4096, /* packed, some 10 KiB each */
  MOST_MODELS = 4,   /* some 20 MB each at base 16 */
  MOST_US = 4000,    /* handing over, in one go */
};

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
  PlKeptMasks *masks; /* of any epoch */
  GQueue models;      /* (element-type KeptModel): the last used first */
  GCancellable *cancellable;

  /* Owned: what is wanted */
  int epoch;      /* 0: nothing */
  GArray *wishes; /* (element-type PlPreviewWish) */

  guint kept_source; /* 0: what is kept has been handed over */
  guint n_looked_at; /* wishes, for what is kept of them */

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
kept_model_free (gpointer data)
{
  KeptModel *kept = data;

  pl_model_unref (kept->model);
  g_free (kept);
}

static const PlPreviewWish *
get_wish (PlEpochMasks *self, guint place)
{
  return &g_array_index (self->wishes, PlPreviewWish, place);
}

static char *
dup_key (int epoch, const char *name, int slice)
{
  return g_strdup_printf ("%d %d %s", epoch, slice, name);
}

/* Of the wanted epoch. */
static char *
dup_wish_key (PlEpochMasks *self, const PlPreviewWish *wish)
{
  return dup_key (self->epoch, wish->case_name, wish->slice);
}

PlEpochMasks *
pl_epoch_masks_new (void)
{
  return g_object_new (PL_TYPE_EPOCH_MASKS, NULL);
}

int
pl_epoch_masks_get_epoch (PlEpochMasks *self)
{
  g_return_val_if_fail (PL_IS_EPOCH_MASKS (self), 0);

  return self->epoch;
}

gboolean
pl_epoch_masks_has (PlEpochMasks *self, const char *case_name, int slice)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (PL_IS_EPOCH_MASKS (self), FALSE);

  key = dup_key (self->epoch, case_name, slice);
  return pl_kept_masks_has (self->masks, key);
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

/* @wish: (nullable): of the model alone */
static Question *
question_new (PlEpochMasks *self, const PlPreviewWish *wish)
{
  Question *question = g_new0 (Question, 1);

  question->self = g_object_ref (self);
  question->cancellable = g_object_ref (self->cancellable);
  question->epoch = self->epoch;
  if (wish != NULL)
    {
      question->slice = wish->slice;
      question->name = g_strdup (wish->case_name);
    }
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
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, read_cb, question_new (self, NULL));

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
  g_autofree char *key = NULL;
  int place;

  if (!end_task (question))
    return;
  if (prediction == NULL)
    {
      fail (self, question->epoch, error);
      return;
    }
  key = dup_key (question->epoch, question->name, question->slice);
  pl_kept_masks_put (self->masks, key, prediction->mask);
  place = pl_preview_wishes_find (self->wishes, question->name, question->slice);
  if (question->epoch == self->epoch && place >= 0)
    g_signal_emit (self, signals[MASK], 0, get_wish (self, (guint) place), prediction->mask);
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
predict (PlEpochMasks *self, PlModel *model, const PlPreviewWish *wish)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlVolume) cut = cut_slice (wish->volume, wish->slice, &error);
  PlPredictOptions options;

  if (cut == NULL)
    {
      fail (self, self->epoch, error);
      return;
    }
  options = pl_predict_options_default (model, cut);
  if (self->trainer != NULL && pl_trainer_is_running (self->trainer))
    pl_trainer_predict_async (self->trainer, model, cut, &options, self->cancellable, predicted_cb,
                              question_new (self, wish));
  else
    pl_predict_volume_async (model, cut, &options, self->cancellable, predicted_cb,
                             question_new (self, wish));
}

/* (nullable): the first that is wanted and not there. */
static const PlPreviewWish *
find_next (PlEpochMasks *self)
{
  for (guint i = 0; i < self->wishes->len; i++)
    {
      g_autofree char *key = dup_wish_key (self, get_wish (self, i));

      if (!pl_kept_masks_has (self->masks, key))
        return get_wish (self, i);
    }
  return NULL;
}

static void
go_on (PlEpochMasks *self)
{
  PlModel *model;
  const PlPreviewWish *wish;

  if (self->is_busy || self->run_folder == NULL || self->epoch == 0 ||
      self->epoch == self->failed_epoch)
    return;
  model = pl_epoch_masks_get_model (self);
  wish = find_next (self);
  if (model == NULL)
    read_model (self);
  else if (wish != NULL)
    predict (self, model, wish);
}

/* TRUE: there is more. */
static gboolean
hand_over (PlEpochMasks *self)
{
  gint64 end_us = g_get_monotonic_time () + MOST_US;

  while (self->n_looked_at < self->wishes->len)
    {
      const PlPreviewWish *wish = get_wish (self, self->n_looked_at++);
      g_autofree char *key = dup_wish_key (self, wish);
      g_autoptr (PlMask) mask = pl_kept_masks_find (self->masks, key);

      if (mask == NULL)
        continue;
      g_signal_emit (self, signals[MASK], 0, wish, mask);
      if (g_get_monotonic_time () > end_us)
        return TRUE;
    }
  return FALSE;
}

static gboolean
hand_over_cb (gpointer data)
{
  PlEpochMasks *self = data;

  if (hand_over (self))
    return G_SOURCE_CONTINUE;
  self->kept_source = 0;
  return G_SOURCE_REMOVE;
}

/* Takes @wishes. */
static void
take_wishes (PlEpochMasks *self, int epoch, GArray *wishes)
{
  self->epoch = epoch;
  g_array_unref (self->wishes);
  self->wishes = wishes;
  self->n_looked_at = 0;
  g_clear_handle_id (&self->kept_source, g_source_remove);
}

void
pl_epoch_masks_want (PlEpochMasks *self, int epoch, GArray *wishes)
{
  g_return_if_fail (PL_IS_EPOCH_MASKS (self));

  take_wishes (self, epoch, epoch == 0 ? pl_preview_wishes_new () : g_array_ref (wishes));
  if (epoch != self->failed_epoch)
    self->failed_epoch = 0;
  if (epoch == 0)
    return;
  if (hand_over (self))
    self->kept_source = g_idle_add (hand_over_cb, self);
  go_on (self);
}

static void
forget_run (PlEpochMasks *self)
{
  take_wishes (self, 0, pl_preview_wishes_new ());
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  pl_kept_masks_clear (self->masks);
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

  pl_kept_masks_free (self->masks);
  g_array_unref (self->wishes);
  G_OBJECT_CLASS (pl_epoch_masks_parent_class)->finalize (object);
}

static void
pl_epoch_masks_class_init (PlEpochMasksClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pl_epoch_masks_dispose;
  G_OBJECT_CLASS (klass)->finalize = pl_epoch_masks_finalize;
  signals[MASK] = g_signal_new ("mask", PL_TYPE_EPOCH_MASKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
  signals[MODEL] = g_signal_new ("model", PL_TYPE_EPOCH_MASKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", PL_TYPE_EPOCH_MASKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
pl_epoch_masks_init (PlEpochMasks *self)
{
  self->masks = pl_kept_masks_new (MOST_MASKS);
  self->wishes = pl_preview_wishes_new ();
  g_queue_init (&self->models);
  self->cancellable = g_cancellable_new ();
}
