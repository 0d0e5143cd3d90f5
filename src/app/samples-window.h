/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

#include <adwaita.h>

/* Training images as the network will see them, each time varied anew. */
#define PL_TYPE_SAMPLES_WINDOW (pl_samples_window_get_type ())
G_DECLARE_FINAL_TYPE (PlSamplesWindow, pl_samples_window, PL, SAMPLES_WINDOW, AdwWindow)

/* @dataset and @settings, which pass pl_train_settings_check(), are copied. */
GtkWindow *pl_samples_window_new (GtkWindow *parent,
                                  const PlDataset *dataset,
                                  const PlTrainSettings *settings);
