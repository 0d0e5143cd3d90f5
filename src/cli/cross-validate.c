/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cross-validate: a training for each fold of the patients, tested on that fold. */
#include "cli/experiment.h"

#include <glib/gi18n.h>

static PlCliStatus
run (const char *folder, PlCliTrainOptions *options, int n_folds, const char *csv)
{
  g_autoptr (GError) error = NULL;
  PlExperimentPlan plan;

  if (!pl_cli_train_options_apply (options, "cross-validate"))
    return PL_CLI_USAGE;
  if (!pl_experiment_plan_folds (&plan, n_folds, &error))
    return pl_cli_misuse ("cross-validate: %s", error->message);
  return pl_cli_experiment (folder, options, &plan, csv);
}

PlCliStatus
pl_cli_cross_validate (int argc, char **argv)
{
  g_auto (PlCliTrainOptions) options = { 0 };
  g_autofree char *csv = NULL;
  int n_folds = 5;
  const GOptionEntry own[] = {
    { "folds", 0, 0, G_OPTION_ARG_INT, &n_folds, N_ ("Parts that the patients are dealt to (5)"),
      "N" },
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &csv, N_ ("Also write the table of trainings"),
      N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = NULL;
  g_auto (GStrv) arguments = NULL;

  pl_cli_train_options_init (&options);
  entries = pl_cli_train_options_dup_entries (&options, own);
  arguments = pl_cli_parse (
      argc, argv, _ ("DATASET --out DIR"),
      _ ("Trains once for each fold and tests on it, so that every patient is tested once by a "
         "network that has not seen it; prints test Dice as mean ± SD over folds. The options are "
         "those of train, for each training. DIR has a run folder for each, and can be resumed."),
      entries, 1, 1);
  return run (arguments[0], &options, n_folds, csv);
}
