/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

/* What an epoch of a run makes of all of a volume, predicted in the background as a model's
 * prediction is; by the training's own thread while it runs. The last ones are kept within a bound,
 * so that going back to one shows it at once. Main thread.
 *
 * "changed" (): more of it is predicted, or all
 *
 * "failed" (const GError *): once of what is wanted */
#define PL_TYPE_EPOCH_VOLUME (pl_epoch_volume_get_type ())
G_DECLARE_FINAL_TYPE (PlEpochVolume, pl_epoch_volume, PL, EPOCH_VOLUME, GObject)

PlEpochVolume *pl_epoch_volume_new (void);

/* @trainer: (nullable): the one that runs; referenced. */
void pl_epoch_volume_set_trainer (PlEpochVolume *self, PlTrainer *trainer);

/**
 * pl_epoch_volume_want:
 * @epoch: 1 or more
 * @model: (nullable): of that epoch; without it nothing is predicted yet
 * @name: of what is in the volume: kept masks are told apart by it
 *
 * What was wanted before is given up. To want the same again goes on with it.
 */
void pl_epoch_volume_want (
    PlEpochVolume *self, int epoch, PlModel *model, const char *name, PlVolume *volume);
void pl_epoch_volume_want_none (PlEpochVolume *self);

/* Nothing is wanted, and nothing kept. */
void pl_epoch_volume_forget (PlEpochVolume *self);

/* (nullable) (transfer none): if that is wanted, and there. */
PlMask *pl_epoch_volume_get_mask (PlEpochVolume *self, int epoch, const PlVolume *volume);

/* How much of it is predicted, 0…1; negative when that is not wanted, or is there. */
double pl_epoch_volume_get_fraction (PlEpochVolume *self, int epoch, const PlVolume *volume);
