/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/experiment-record.h"

#include <adwaita.h>

/* Asks for the number of folds, or for the shares of a learning curve, and says how long that will
 * take. "response" with "start" when it is to be done. */
#define PL_TYPE_EXPERIMENT_DIALOG (pl_experiment_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    PlExperimentDialog, pl_experiment_dialog, PL, EXPERIMENT_DIALOG, AdwMessageDialog)

/* @dataset, @settings: of the trainings, for the estimate; copied */
GtkWindow *pl_experiment_dialog_new (GtkWindow *parent,
                                     PlExperimentKind kind,
                                     const PlDataset *dataset,
                                     const PlTrainSettings *settings);

/* The window's action that does what was asked for, and its parameter (transfer floating). */
const char *pl_experiment_dialog_get_action (PlExperimentDialog *self);
GVariant *pl_experiment_dialog_get_answer (PlExperimentDialog *self);
