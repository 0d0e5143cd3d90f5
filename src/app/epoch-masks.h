/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

/* What the epochs that a run has kept make of single slices: predicted one after another in the
 * background, by the training's own thread while it runs, and kept within a bound, so that going
 * back to an epoch shows it at once. Main thread.
 *
 * "mask" (int slice, PlMask *, borrowed): of what is wanted; one that is kept comes at once
 *
 * "model" (): that of the wanted epoch is there
 *
 * "failed" (const GError *): an epoch that cannot be read or predicted with, once */
#define PL_TYPE_EPOCH_MASKS (pl_epoch_masks_get_type ())
G_DECLARE_FINAL_TYPE (PlEpochMasks, pl_epoch_masks, PL, EPOCH_MASKS, GObject)

PlEpochMasks *pl_epoch_masks_new (void);

/* @run_folder: (nullable): what is kept of another run is dropped. */
void pl_epoch_masks_set_run (PlEpochMasks *self, const char *run_folder);
/* @trainer: (nullable): the one that runs; referenced. */
void pl_epoch_masks_set_trainer (PlEpochMasks *self, PlTrainer *trainer);

/**
 * pl_epoch_masks_want:
 * @epoch: one that the run has kept; 0 wants nothing
 * @name: what the volume's masks are kept under
 * @volume: (nullable): nothing but the model is wanted; else referenced until something else is
 * @slices: the most wanted first; all of them ready
 */
void pl_epoch_masks_want (PlEpochMasks *self,
                          int epoch,
                          const char *name,
                          PlVolume *volume,
                          const int *slices,
                          int n_slices);

/* (nullable) (transfer none): of the wanted epoch, once it is read. */
PlModel *pl_epoch_masks_get_model (PlEpochMasks *self);
