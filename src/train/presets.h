/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

/* Sets of training settings by name. A preset decides how the network learns; the seed, the slices
 * taken of a volume, the time limit, threads and precision stay as they are. */
typedef enum
{
  PL_PRESET_QUICK,
  PL_PRESET_STANDARD, /* pl_train_settings_default */
  PL_PRESET_THOROUGH,
  PL_PRESET_TUTORIAL, /* as in the Keras tutorial that the program grew out of */
  PL_N_PRESETS,
} PlPreset;

/* "quick", "standard", "thorough", "tutorial"; FALSE for another name. */
const char *pl_preset_name (PlPreset preset);
gboolean pl_preset_from_name (const char *name, PlPreset *preset);

/* Translated: a word, and a sentence that says what it is for. */
const char *pl_preset_title (PlPreset preset);
const char *pl_preset_summary (PlPreset preset);

void pl_preset_apply (PlPreset preset, PlTrainSettings *settings);

/* Which preset @settings are; FALSE when they are none. */
gboolean pl_preset_find (const PlTrainSettings *settings, PlPreset *preset);
