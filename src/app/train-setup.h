/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

#include <adwaita.h>

/* What a training will be like: a preset, the main settings in plain words, and all others behind
 * "Advanced"; below the preset, how long it will take. The controls keep what they say in
 * GSettings. */
#define PL_TYPE_TRAIN_SETUP (pl_train_setup_get_type ())
G_DECLARE_FINAL_TYPE (PlTrainSetup, pl_train_setup, PL, TRAIN_SETUP, GtkWidget)

/* What the controls say now; it need not pass pl_train_settings_check(). Image size, width and
 * depth are those of the model to start from, if there is one. */
void pl_train_setup_get_settings (PlTrainSetup *self, PlTrainSettings *settings);
void pl_train_setup_set_settings (PlTrainSetup *self, const PlTrainSettings *settings);

/* The property "preset": the name of the preset that the controls say, or "custom"; another name
 * sets nothing. */
const char *pl_train_setup_get_preset (PlTrainSetup *self);
void pl_train_setup_set_preset (PlTrainSetup *self, const char *name);

/* @model: (nullable): to start from instead of new weights; @name is what the user knows it by. */
void pl_train_setup_set_init (PlTrainSetup *self, PlModel *model, const char *name);
/* (nullable) (transfer none) */
PlModel *pl_train_setup_get_init (PlTrainSetup *self);

/* @dataset: (nullable): what would be trained on; copied. Call it when its cases or their groups
 * have changed. */
void pl_train_setup_set_dataset (PlTrainSetup *self, const PlDataset *dataset);

/* @names: (nullable): of the classes that the masks are known to have. */
void pl_train_setup_set_classes (PlTrainSetup *self, GStrv names);

/* What is known of the data set, in a row with a button that shows more of it: win.show-data-check;
 * while files are still read, one that stops it. @text: lines */
void pl_train_setup_set_check (PlTrainSetup *self,
                               const char *text,
                               gboolean is_warning,
                               gboolean is_reading);

/* While something trains nothing can be set, and nothing is measured. */
void pl_train_setup_set_busy (PlTrainSetup *self, gboolean is_busy);
