/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/train-options.h"
#include "train/experiment-record.h"

/* What cross-validate and learning-curve share. */

/**
 * pl_cli_experiment:
 * @folder: the data set
 * @plan: of a new one; one that is resumed keeps its own
 * @csv: (nullable): file for the table
 *
 * Runs an experiment to its end, or goes on with one, in a main loop; prints its table.
 * PL_CLI_FAILED when a training of it has failed.
 */
PlCliStatus pl_cli_experiment (const char *folder,
                               const PlCliTrainOptions *options,
                               const PlExperimentPlan *plan,
                               const char *csv);
