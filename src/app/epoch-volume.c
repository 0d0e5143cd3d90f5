/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One prediction at a time, of what is wanted now; it is cancelled when something else is. Masks
 * are kept unpacked, so that one of them can be shown at once.
 */
#include "app/epoch-volume.h"

#include "app/pending.h"
#include "app/relay.h"

#include <string.h>

/* Of masks that are kept, but for the last, of any size: eight of 117 slices of 512 × 512. */
#define MOST_BYTES ((gsize) 256 << 20)

typedef struct
{
  int epoch;
  char *name;
  PlMask *mask;
} Kept;

struct _PlEpochVolume
{
  GObject parent_instance;

  /* Owned */
  PlTrainer *trainer; /* (nullable) */
  GQueue kept;        /* (element-type Kept): the last used first */

  /* Owned: what is wanted; NULL when nothing is */
  char *name;
  PlVolume *volume;
  PlMask *mask; /* (nullable): when it is there */
  int epoch;

  PlPending answer;
  double fraction; /* of it, that is predicted */
  gboolean has_failed;
};

G_DEFINE_FINAL_TYPE (PlEpochVolume, pl_epoch_volume, G_TYPE_OBJECT)

enum
{
  CHANGED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

PlEpochVolume *
pl_epoch_volume_new (void)
{
  return g_object_new (PL_TYPE_EPOCH_VOLUME, NULL);
}

void
pl_epoch_volume_set_trainer (PlEpochVolume *self, PlTrainer *trainer)
{
  g_return_if_fail (PL_IS_EPOCH_VOLUME (self));

  g_set_object (&self->trainer, trainer);
}

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_free (kept->name);
  pl_mask_unref (kept->mask);
  g_free (kept);
}

static gsize
count_bytes (const PlMask *mask)
{
  return (gsize) mask->n[0] * (gsize) mask->n[1] * (gsize) mask->n[2];
}

static void
keep (PlEpochVolume *self)
{
  Kept *kept = g_new (Kept, 1);
  gsize n_bytes = 0;

  *kept = (Kept){ self->epoch, g_strdup (self->name), pl_mask_ref (self->mask) };
  g_queue_push_head (&self->kept, kept);
  for (GList *link = self->kept.head; link != NULL; link = link->next)
    n_bytes += count_bytes (((Kept *) link->data)->mask);
  while (n_bytes > MOST_BYTES && self->kept.length > 1)
    {
      Kept *oldest = g_queue_pop_tail (&self->kept);

      n_bytes -= count_bytes (oldest->mask);
      kept_free (oldest);
    }
}

/* (nullable) (transfer none): of what is wanted. */
static PlMask *
find_kept (PlEpochVolume *self)
{
  for (GList *link = self->kept.head; link != NULL; link = link->next)
    {
      Kept *kept = link->data;

      if (kept->epoch != self->epoch || !g_str_equal (kept->name, self->name) ||
          memcmp (kept->mask->n, self->volume->n, sizeof kept->mask->n) != 0)
        continue;
      g_queue_unlink (&self->kept, link);
      g_queue_push_head_link (&self->kept, link);
      return kept->mask;
    }
  return NULL;
}

/* A training that is stopped cancels what it was asked; whoever still wants it asks again. */
static void
fail (PlEpochVolume *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->has_failed = TRUE;
  g_signal_emit (self, signals[FAILED], 0, error);
}

/* What the predicting thread needs until it has ended, wanted or not. */
typedef struct
{
  PlEpochVolume *self; /* Owned */
  PlRelay *relay;      /* Owned */
} Question;

static void
question_free (Question *question)
{
  pl_relay_stop (question->relay);
  pl_relay_unref (question->relay);
  g_object_unref (question->self);
  g_free (question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
predicted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  PlEpochVolume *self = question->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (PlPrediction) prediction = pl_predict_volume_finish (result, &error);

  if (!pl_pending_end (&self->answer, result))
    return;
  if (prediction == NULL)
    {
      fail (self, error);
      return;
    }
  self->mask = pl_mask_ref (prediction->mask);
  keep (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  PlEpochVolume *self = PL_EPOCH_VOLUME (target);

  self->fraction = fraction;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
predict (PlEpochVolume *self, PlModel *model)
{
  PlPredictOptions options = pl_predict_options_default (model, self->volume);
  GCancellable *cancellable = pl_pending_begin (&self->answer);
  Question *question = g_new (Question, 1);

  self->fraction = 0;
  question->self = g_object_ref (self);
  question->relay = pl_relay_new (G_OBJECT (self), cancellable, progress_cb);
  options.progress = pl_relay_report_cb;
  options.progress_data = question->relay;
  if (self->trainer != NULL && pl_trainer_is_running (self->trainer))
    pl_trainer_predict_async (self->trainer, model, self->volume, &options, cancellable,
                              predicted_cb, question);
  else
    pl_predict_volume_async (model, self->volume, &options, cancellable, predicted_cb, question);
}

static gboolean
is_wanted (PlEpochVolume *self, int epoch, const PlVolume *volume)
{
  return self->volume != NULL && self->volume == volume && self->epoch == epoch;
}

void
pl_epoch_volume_want (
    PlEpochVolume *self, int epoch, PlModel *model, const char *name, PlVolume *volume)
{
  g_return_if_fail (PL_IS_EPOCH_VOLUME (self));
  g_return_if_fail (epoch > 0);

  if (!is_wanted (self, epoch, volume) || !g_str_equal (self->name, name))
    {
      pl_epoch_volume_want_none (self);
      self->epoch = epoch;
      self->name = g_strdup (name);
      self->volume = pl_volume_ref (volume);
    }
  if (self->mask != NULL || self->has_failed || pl_pending_is_on (&self->answer))
    return;
  self->mask = find_kept (self);
  if (self->mask != NULL)
    {
      pl_mask_ref (self->mask);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  else if (model != NULL)
    predict (self, model);
}

void
pl_epoch_volume_want_none (PlEpochVolume *self)
{
  g_return_if_fail (PL_IS_EPOCH_VOLUME (self));

  pl_pending_forget (&self->answer);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->volume, pl_volume_unref);
  g_clear_pointer (&self->mask, pl_mask_unref);
  self->has_failed = FALSE;
  self->fraction = 0;
}

void
pl_epoch_volume_forget (PlEpochVolume *self)
{
  pl_epoch_volume_want_none (self);
  g_queue_clear_full (&self->kept, kept_free);
}

PlMask *
pl_epoch_volume_get_mask (PlEpochVolume *self, int epoch, const PlVolume *volume)
{
  g_return_val_if_fail (PL_IS_EPOCH_VOLUME (self), NULL);

  return is_wanted (self, epoch, volume) ? self->mask : NULL;
}

double
pl_epoch_volume_get_fraction (PlEpochVolume *self, int epoch, const PlVolume *volume)
{
  g_return_val_if_fail (PL_IS_EPOCH_VOLUME (self), -1);

  return is_wanted (self, epoch, volume) && self->mask == NULL && !self->has_failed ? self->fraction
                                                                                    : -1;
}

static void
pl_epoch_volume_dispose (GObject *object)
{
  PlEpochVolume *self = PL_EPOCH_VOLUME (object);

  pl_epoch_volume_forget (self);
  g_clear_object (&self->trainer);
  G_OBJECT_CLASS (pl_epoch_volume_parent_class)->dispose (object);
}

static void
pl_epoch_volume_class_init (PlEpochVolumeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pl_epoch_volume_dispose;
  signals[CHANGED] = g_signal_new ("changed", PL_TYPE_EPOCH_VOLUME, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", PL_TYPE_EPOCH_VOLUME, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
pl_epoch_volume_init (PlEpochVolume *self)
{
  g_queue_init (&self->kept);
}
