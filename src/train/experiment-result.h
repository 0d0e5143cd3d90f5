/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/experiment-record.h"

/* What the figures of an experiment say. Standard deviations are those of a sample (n − 1), NaN
 * when there are fewer than two figures. */

typedef struct
{
  int n;
  double mean; /* NaN without figures */
  double sd;
} PlMeanSd;

/* "0.9713 ± 0.0102", with dashes for what is not known. */
char *pl_mean_sd_dup_text (PlMeanSd figures);

/* Test Dice of one run, over its cases. */
PlMeanSd pl_experiment_run_dice (const PlExperimentRun *run);

/* Over the runs that are done: of their means, and of all their cases together. */
PlMeanSd pl_experiment_dice_over_runs (const PlExperimentRecord *record);
PlMeanSd pl_experiment_dice_over_cases (const PlExperimentRecord *record);

/* What a difference of two runs on the same test cases is worth. */
typedef struct
{
  int n_cases;
  double mean; /* of the differences case by case */
  double low;  /* 95 % interval of the mean, by Student's t; NaN for fewer than two cases */
  double high;
} PlDiceGain;

PlDiceGain pl_experiment_gain (const PlExperimentRun *from, const PlExperimentRun *to);

/* (nullable): a sentence or two on whether more labelled slices would help, from the two largest
 * shares that are done. It claims no more than the interval of their difference allows. */
char *pl_experiment_dup_advice (const PlExperimentRecord *record);

/* What it has found so far, in a sentence or two: that advice, or the figures. */
char *pl_experiment_dup_summary (const PlExperimentRecord *record);

/* Validation Dice of an epoch over runs. */
typedef struct
{
  int epoch;
  double time_s; /* mean */
  PlMeanSd dice;
} PlExperimentEpoch;

/* (element-type PlExperimentEpoch): from history.csv of the runs of @folder that are done, two or
 * more, as far as all of them go. Reads files. */
GArray *pl_experiment_read_epochs (const PlExperimentRecord *record, const char *folder);

/* A row a run, then nothing else. */
char *pl_experiment_to_csv (const PlExperimentRecord *record);
