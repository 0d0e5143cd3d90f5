/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/augment.h"
#include "train/dataset.h"
#include "train/recipe.h"

/* Training data in memory: every slice that takes part, resized to the network's input and scaled,
 * as float with its labels. A 256×256 slice takes 320 KiB. */
typedef struct _PlSamples PlSamples;

typedef struct
{
  int size_px;
  int slices_per_volume;  /* of each volume, evenly spread; 0: volumes take no part; −1: all */
  int n_classes;          /* labels above it are an error */
  gboolean choose_recipe; /* ask the images whether they are HU; else take @recipe */
  PlRecipe recipe;
} PlSamplesOptions;

/**
 * pl_samples_load:
 * @group: the part of the split to load
 * @recipe: (out): what was used; the same for a whole run
 * @progress: (nullable): from any of the threads that load, one at a time
 *
 * Reads the slices of a group, in parallel; their order is that of the cases. A case that cannot be
 * read, has no mask, or has labels above n_classes is an error that names it; so are more slices
 * than 80 % of memory can hold. A group without slices is none. Blocks.
 *
 * Returns: (transfer full): the samples, perhaps none, or NULL with @error set
 */
PlSamples *pl_samples_load (const PlDataset *dataset,
                            PlGroup group,
                            const PlSamplesOptions *options,
                            PlRecipe *recipe,
                            void (*progress) (double fraction, gpointer data),
                            gpointer data,
                            GCancellable *cancellable,
                            GError **error);
/* How many slices of a group it would read, from the headers. */
int pl_samples_count_slices (const PlDataset *dataset, PlGroup group, int slices_per_volume);

/* How images of a data set are varied: mirrored ones have no place where classes are sides. */
PlAugment pl_samples_augment (const PlDataset *dataset);

int pl_samples_count (const PlSamples *samples);
int pl_samples_size (const PlSamples *samples); /* side in pixels */
/* Which case a sample is of: 0, 1, … in the order of the samples. */
int pl_samples_case (const PlSamples *samples, int index);
int pl_samples_slice (const PlSamples *samples, int index); /* from 0, of its case */
const float *pl_samples_image (const PlSamples *samples, int index);
const guint8 *pl_samples_labels (const PlSamples *samples, int index);
void pl_samples_free (PlSamples *samples);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlSamples, pl_samples_free)

/* One batch, ready for the network. */
typedef struct
{
  int n;
  float *images;  /* (n, size, size) */
  guint8 *labels; /* (n, size, size) */
} PlBatch;

/* Batches of an endless sequence of epochs, made ahead of time in a thread of its own. Each epoch
 * goes through all samples once, shuffled; order and augmentation depend on seed, epoch and
 * position alone, so that a resumed run sees what an uninterrupted one would have seen. */
typedef struct _PlBatcher PlBatcher;

/* @samples, at least one, is borrowed; @augment is copied, NULL for none; the first batch is number
 * @first_batch (from 0) of @first_epoch. A @batch larger than the samples is all of them. */
PlBatcher *pl_batcher_new (const PlSamples *samples,
                           int batch,
                           const PlAugment *augment,
                           guint64 seed,
                           int first_epoch,
                           int first_batch);
int pl_batcher_batches_per_epoch (const PlBatcher *batcher); /* the last one may be smaller */

/* Waits for the next batch; it stays valid until the next call. NULL when cancelled. */
const PlBatch *pl_batcher_next (PlBatcher *batcher, GCancellable *cancellable);
void pl_batcher_free (PlBatcher *batcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlBatcher, pl_batcher_free)
