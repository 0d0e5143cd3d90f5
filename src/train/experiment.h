/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/experiment-record.h"

/* Several trainings one after another, never two at once, that together answer a question. Its
 * folder holds experiment.json, split.csv (what the parts are made from) and a run folder for each
 * training; experiment.json is written after each. A training that is ended after an epoch ends
 * the experiment too; it can be resumed. Main thread:
 *
 * "run-started" (int run): pl_experiment_get_trainer() is new; it has not begun yet, so that one
 *   may connect to its signals, as for previews
 *
 * "points" (int run, GArray of PlTrainPoint, borrowed)
 *
 * "status" (const PlExperimentStatus *)
 *
 * "notice" (const char *): a sentence, with the run's title before it
 *
 * "run-finished" (int run): its PlExperimentRun is filled in
 *
 * "finished" (): once, last */
#define PL_TYPE_EXPERIMENT (pl_experiment_get_type ())
G_DECLARE_FINAL_TYPE (PlExperiment, pl_experiment, PL, EXPERIMENT, GObject)

typedef struct
{
  int run; /* from 0 */
  int n_runs;
  const PlTrainStatus *training; /* of this run */
  double fraction;               /* of the whole experiment */
  double eta_s;                  /* of the whole experiment; −1 until known */
} PlExperimentStatus;

/**
 * pl_experiment_new:
 * @dataset: split already for a learning curve, whose validation and test parts all shares have in
 *   common; a cross-validation takes its patients and what is PL_GROUP_IGNORE. Copied
 * @settings: of each training. A share is trained for as many steps as the whole training part, so
 *   it gets more epochs and more patience: the curve is to show the data, not the time
 * @init: (nullable): a model to start each training from
 * @folder: made by pl_run_folder_create()
 *
 * Deals the parts of all runs. A share that is no more patients than the one before it is left out.
 *
 * Returns: (transfer full): the experiment, or NULL with @error set
 */
PlExperiment *pl_experiment_new (const PlDataset *dataset,
                                 const PlExperimentPlan *plan,
                                 const PlTrainSettings *settings,
                                 PlModel *init,
                                 const char *folder,
                                 GError **error);

/* Goes on with the one in @folder: what is done is not done again, a training that was interrupted
 * resumes, one that failed is tried again. @dataset has to be the one it began with; its split is
 * taken from the folder. */
PlExperiment *pl_experiment_resume (const PlDataset *dataset, const char *folder, GError **error);

/* Once; returns at once. */
void pl_experiment_start (PlExperiment *self);
void pl_experiment_set_paused (PlExperiment *self, gboolean paused);
/* The training under way is saved, and "finished" follows. */
void pl_experiment_stop (PlExperiment *self);

gboolean pl_experiment_is_running (PlExperiment *self);

/* (nullable) (transfer none): the training under way. */
PlTrainer *pl_experiment_get_trainer (PlExperiment *self);

const char *pl_experiment_get_folder (PlExperiment *self);
const PlExperimentRecord *pl_experiment_get_record (PlExperiment *self);

/* (nullable): why it ended early: its folder cannot be written. */
const GError *pl_experiment_get_error (PlExperiment *self);
