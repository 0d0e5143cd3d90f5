/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

/* What an experiment is to find out, and what it has found: experiment.json. Plain data; one thread
 * at a time. */

typedef enum
{
  PL_EXPERIMENT_CROSS_VALIDATION, /* each patient tested once, by a network that has not seen it */
  PL_EXPERIMENT_LEARNING_CURVE,   /* one test part, growing shares of the training part */
} PlExperimentKind;

/* "cross-validation" and "learning-curve": as in experiment.json. */
const char *pl_experiment_kind_name (PlExperimentKind kind);

enum
{
  PL_EXPERIMENT_MOST_RUNS = 32,
};

typedef struct
{
  PlExperimentKind kind;
  int n_runs;                             /* folds or shares */
  double shares[PL_EXPERIMENT_MOST_RUNS]; /* of the training part's patients, rising, at most 1 */
} PlExperimentPlan;

/* Both FALSE with PL_TRAIN_ERROR_RUN when it cannot be: 2 to 32 folds; 1 to 32 shares above 0 and
 * at most 100 percent, as in "10,25,50,100", in any order. */
gboolean pl_experiment_plan_folds (PlExperimentPlan *plan, int n_folds, GError **error);
gboolean pl_experiment_plan_shares (PlExperimentPlan *plan, const char *percent, GError **error);

typedef enum
{
  PL_EXPERIMENT_RUN_WAITING, /* perhaps begun */
  PL_EXPERIMENT_RUN_DONE,
  PL_EXPERIMENT_RUN_FAILED,   /* see @problem; tried again when the experiment is resumed */
  PL_EXPERIMENT_RUN_LEFT_OUT, /* see @problem */
} PlExperimentRunState;

/* "waiting", "done", "failed", "left-out". */
const char *pl_experiment_run_state_name (PlExperimentRunState state);

/* One training of it. */
typedef struct
{
  char *name;     /* of its run folder, inside the experiment's: "fold-1", "share-25" */
  double share;   /* 1 in a cross-validation */
  int n_patients; /* of its training part, likewise: */
  int n_cases;
  int n_slices; /* that it learns from */
  PlExperimentRunState state;
  char *problem; /* (nullable): a sentence */

  /* Of one that is done */
  int best_epoch;
  double validation_dice;
  double time_s;
  GPtrArray *test_names; /* (element-type utf8): cases of its test part */
  GArray *test_dice;     /* (element-type double): as long; at native size */
} PlExperimentRun;

typedef struct
{
  PlExperimentPlan plan;
  PlTrainSettings settings;
  char *dataset_folder;
  char *dataset_hash;
  char *init;      /* (nullable): file of the model that each training starts from */
  GPtrArray *runs; /* (element-type PlExperimentRun): plan.n_runs of them */
} PlExperimentRecord;

/* With runs that wait. */
PlExperimentRecord *pl_experiment_record_new (const PlExperimentPlan *plan,
                                              const PlTrainSettings *settings);
void pl_experiment_record_free (PlExperimentRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlExperimentRecord, pl_experiment_record_free)

/* experiment.json in @folder, replaced whole. */
gboolean
pl_experiment_record_write (const PlExperimentRecord *record, const char *folder, GError **error);
PlExperimentRecord *pl_experiment_record_read (const char *folder, GError **error);

/* "Fold 2 of 5", "25 % of the patients". */
char *pl_experiment_record_dup_title (const PlExperimentRecord *record, int index);

/* Trainings that need not be done any more: those left out, too. */
int pl_experiment_record_count_done (const PlExperimentRecord *record);
gboolean pl_experiment_record_is_complete (const PlExperimentRecord *record);
