/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/replay-verdict.h"
#include "train/trainer.h"

/* A run made once more, to see that its settings, its data and its seed are all that it came from:
 * then its weights come out bit by bit the same, whatever the number of threads. */

/* What a run needs to be made once more. One thread at a time. */
typedef struct
{
  char *run;          /* folder of the run that is repeated */
  PlDataset *dataset; /* split as it was */
  PlTrainSettings settings;
  PlModel *init;  /* (nullable): the model it started from */
  int last_epoch; /* after which it ended, stopped by hand or by the clock; 0: by itself */
} PlReplay;

/**
 * pl_replay_new:
 * @dataset_folder: (nullable): where the data set is now; NULL for where it was
 *
 * Opens the data set and whatever else the run was made from. Any thread; blocks.
 *
 * Returns: (transfer full): what to train with, or NULL with @error set when the run has no epoch,
 *   cannot be read, or its data set lacks a case of its split
 */
PlReplay *pl_replay_new (const char *run,
                         const char *dataset_folder,
                         GCancellable *cancellable,
                         GError **error);
void pl_replay_free (PlReplay *replay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlReplay, pl_replay_free)

/* Makes the run folder @out and a trainer for it that has not begun, and that ends where the
 * run ended. NULL with @error set when there is such a folder. Main thread. */
PlTrainer *pl_replay_make_trainer (const PlReplay *replay, const char *out, GError **error);

/**
 * pl_replay_compare:
 *
 * Compares the tensors of best.safetensors, of last.safetensors where both are of the same step,
 * and of the epochs that both have kept. Times and other texts in the files are of no account. Also
 * notes the verdict in the replay's run.json. Any thread; blocks.
 *
 * Returns: (transfer full): the verdict, or NULL with @error set when a file cannot be read
 */
PlReplayVerdict *
pl_replay_compare (const char *run, const char *replay, GCancellable *cancellable, GError **error);
