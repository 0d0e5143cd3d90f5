/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches ahead of time. Two slots: the trainer has one while the thread fills the other; a step
 * takes a hundred times as long as making its batch, so more would only take memory. */
#include "train/batch.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/parallel.h"
#include "base/random.h"

enum
{
  N_SLOTS = 2,
  CANCEL_INTERVAL_MS = 20,
};

/* Which batch is meant. */
typedef struct
{
  int epoch;
  int batch;
} Place;

struct _PlBatcher
{
  /* Constant */
  const PlSamples *samples; /* borrowed */
  int batch;
  int size_px;
  gboolean augments;
  PlAugment augment;
  guint64 seed;

  /* Owned by the thread */
  guint32 *order; /* of the samples, in order_epoch */
  int order_epoch;
  Place place; /* of the batch to be filled next */
  float *scratch_image;
  guint8 *scratch_labels;

  /* Shared: n_filled slots from next_read on are the reader’s, the others the thread’s */
  pthread_mutex_t lock;
  pthread_cond_t changed;
  PlBatch slots[N_SLOTS];
  int next_read;
  int n_filled; /* the one that the reader has is counted */
  gboolean has_one;
  gboolean quits;

  pthread_t thread;
};

static gsize
count_pixels (const PlBatcher *self)
{
  return (gsize) self->size_px * (gsize) self->size_px;
}

/* Order and augmentation have generators of their own for each epoch and position, so that any
 * batch can be made without those before it. */
static void
start_random (const PlBatcher *self, int epoch, gsize position_from_1, PlRandom *random)
{
  pl_random_init (random, self->seed, ((guint64) epoch << 32) + position_from_1);
}

static void
shuffle_epoch (PlBatcher *self, int epoch)
{
  int n = pl_samples_count (self->samples);
  PlRandom random;

  for (int i = 0; i < n; i++)
    self->order[i] = (guint32) i;
  start_random (self, epoch, 0, &random);
  pl_random_shuffle (&random, self->order, (size_t) n);
  self->order_epoch = epoch;
}

static void
fill_sample (PlBatcher *self, int position, float *image, guint8 *labels)
{
  int index = (int) self->order[position];
  gsize n_pixels = count_pixels (self);
  PlRandom random;

  memcpy (image, pl_samples_image (self->samples, index), n_pixels * sizeof *image);
  memcpy (labels, pl_samples_labels (self->samples, index), n_pixels);
  if (!self->augments)
    return;
  start_random (self, self->place.epoch, (gsize) position + 1, &random);
  pl_augment_apply (&self->augment, &random, image, labels, self->size_px, self->size_px,
                    self->scratch_image, self->scratch_labels);
}

static gboolean
is_quitting (PlBatcher *self)
{
  gboolean quits;

  pthread_mutex_lock (&self->lock);
  quits = self->quits;
  pthread_mutex_unlock (&self->lock);
  return quits;
}

/* FALSE when it was told to quit. */
static gboolean
fill_batch (PlBatcher *self, PlBatch *batch)
{
  int first = self->place.batch * self->batch;
  gsize n_pixels = count_pixels (self);

  if (self->order_epoch != self->place.epoch)
    shuffle_epoch (self, self->place.epoch);
  batch->n = MIN (self->batch, pl_samples_count (self->samples) - first);
  for (int i = 0; i < batch->n; i++)
    {
      if (is_quitting (self))
        return FALSE;
      fill_sample (self, first + i, batch->images + (gsize) i * n_pixels,
                   batch->labels + (gsize) i * n_pixels);
    }
  if (++self->place.batch == pl_batcher_batches_per_epoch (self))
    self->place = (Place){ .epoch = self->place.epoch + 1 };
  return TRUE;
}

/* (nullable): the slot to be filled next, once there is one; NULL to quit. */
static PlBatch *
wait_for_free_slot (PlBatcher *self)
{
  PlBatch *slot = NULL;

  pthread_mutex_lock (&self->lock);
  while (self->n_filled == N_SLOTS && !self->quits)
    pthread_cond_wait (&self->changed, &self->lock);
  if (!self->quits)
    slot = &self->slots[(self->next_read + self->n_filled) % N_SLOTS];
  pthread_mutex_unlock (&self->lock);
  return slot;
}

static void *
fill_thread (void *data)
{
  PlBatcher *self = data;
  PlBatch *slot;

  pl_parallel_nice_self ();
  while ((slot = wait_for_free_slot (self)) != NULL && fill_batch (self, slot))
    {
      pthread_mutex_lock (&self->lock);
      self->n_filled++;
      pthread_cond_broadcast (&self->changed);
      pthread_mutex_unlock (&self->lock);
    }
  return NULL;
}

static void
init_shared (PlBatcher *self)
{
  pthread_condattr_t attributes;

  pthread_mutex_init (&self->lock, NULL);
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&self->changed, &attributes);
  pthread_condattr_destroy (&attributes);
  for (int i = 0; i < N_SLOTS; i++)
    {
      self->slots[i].images = g_new (float, (gsize) self->batch *count_pixels (self));
      self->slots[i].labels = g_new (guint8, (gsize) self->batch * count_pixels (self));
    }
}

PlBatcher *
pl_batcher_new (const PlSamples *samples,
                int batch,
                const PlAugment *augment,
                guint64 seed,
                int first_epoch,
                int first_batch)
{
  PlBatcher *self = g_new0 (PlBatcher, 1);
  int code;

  g_assert (batch >= 1 && pl_samples_count (samples) >= 1);
  self->samples = samples;
  self->batch = MIN (batch, pl_samples_count (samples));
  self->size_px = pl_samples_size (samples);
  self->augments = augment != NULL;
  if (augment != NULL)
    self->augment = *augment;
  self->seed = seed;
  self->order = g_new (guint32, pl_samples_count (samples));
  self->order_epoch = -1;
  self->place = (Place){ first_epoch, first_batch };
  self->scratch_image = g_new (float, count_pixels (self));
  self->scratch_labels = g_new (guint8, count_pixels (self));
  g_assert (first_epoch >= 0 && first_batch >= 0 &&
            first_batch < pl_batcher_batches_per_epoch (self));
  init_shared (self);
  code = pthread_create (&self->thread, NULL, fill_thread, self);
  if (code != 0) /* as g_thread_new() */
    g_error ("no thread for batches: %s", g_strerror (code));
  pthread_setname_np (self->thread, "pleura-batches");
  return self;
}

int
pl_batcher_batches_per_epoch (const PlBatcher *self)
{
  return (pl_samples_count (self->samples) - 1) / self->batch + 1;
}

/* Under the lock; wakes up in time to look at a cancellable. */
static void
wait_a_little (PlBatcher *self)
{
  struct timespec until;

  clock_gettime (CLOCK_MONOTONIC, &until);
  until.tv_nsec += CANCEL_INTERVAL_MS * 1000000L;
  until.tv_sec += until.tv_nsec / 1000000000L;
  until.tv_nsec %= 1000000000L;
  pthread_cond_timedwait (&self->changed, &self->lock, &until);
}

const PlBatch *
pl_batcher_next (PlBatcher *self, GCancellable *cancellable)
{
  const PlBatch *batch = NULL;

  pthread_mutex_lock (&self->lock);
  if (self->has_one)
    {
      self->next_read = (self->next_read + 1) % N_SLOTS;
      self->n_filled--;
      self->has_one = FALSE;
      pthread_cond_broadcast (&self->changed);
    }
  while (self->n_filled == 0 && !g_cancellable_is_cancelled (cancellable))
    wait_a_little (self);
  if (!g_cancellable_is_cancelled (cancellable))
    {
      batch = &self->slots[self->next_read];
      self->has_one = TRUE;
    }
  pthread_mutex_unlock (&self->lock);
  return batch;
}

void
pl_batcher_free (PlBatcher *self)
{
  if (self == NULL)
    return;
  pthread_mutex_lock (&self->lock);
  self->quits = TRUE;
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->lock);
  pthread_join (self->thread, NULL);
  pthread_cond_destroy (&self->changed);
  pthread_mutex_destroy (&self->lock);
  for (int i = 0; i < N_SLOTS; i++)
    {
      g_free (self->slots[i].images);
      g_free (self->slots[i].labels);
    }
  g_free (self->order);
  g_free (self->scratch_image);
  g_free (self->scratch_labels);
  g_free (self);
}
