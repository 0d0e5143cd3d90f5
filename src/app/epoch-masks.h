/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

/* What the epochs that a run has kept make of single slices: predicted one after another in the
 * background, by the training's own thread while it runs, and kept within a bound, so that going
 * back to an epoch shows it soon. Main thread.
 *
 * "mask" (const PlPreviewWish *, PlMask *, both borrowed): of what is wanted; those that are kept
 * come at once, or a few at a time when they are many
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

/* @epoch: one that the run has kept; 0 wants nothing. @wishes: (element-type PlPreviewWish):
 * shared; all of them ready. With none, the model alone is wanted. */
void pl_epoch_masks_want (PlEpochMasks *self, int epoch, GArray *wishes);

int pl_epoch_masks_get_epoch (PlEpochMasks *self); /* that is wanted */
/* Whether what it makes of a slice has come. */
gboolean pl_epoch_masks_has (PlEpochMasks *self, const char *case_name, int slice);
/* (nullable) (transfer none): of it, once it is read. */
PlModel *pl_epoch_masks_get_model (PlEpochMasks *self);
