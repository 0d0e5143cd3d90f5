/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

#include <adwaita.h>

/* What a training will be like: a preset, the main settings in plain words, and all others behind
 * "Advanced". The controls keep what they say in GSettings.
 *
 * "changed" (): what they say is another; emitted once for a whole preset */
#define PL_TYPE_TRAIN_SETUP (pl_train_setup_get_type ())
G_DECLARE_FINAL_TYPE (PlTrainSetup, pl_train_setup, PL, TRAIN_SETUP, GtkWidget)

/* What the controls say now; it need not pass pl_train_settings_check(). */
void pl_train_setup_get_settings (PlTrainSetup *self, PlTrainSettings *settings);
void pl_train_setup_set_settings (PlTrainSetup *self, const PlTrainSettings *settings);

/* The property "preset": the name of the preset that the controls say, or "custom"; another name
 * sets nothing. */
const char *pl_train_setup_get_preset (PlTrainSetup *self);
void pl_train_setup_set_preset (PlTrainSetup *self, const char *name);
