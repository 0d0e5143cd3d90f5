/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learning-curve: trainings on growing shares of the training part, tested on the same cases. */
#include "cli/experiment.h"

#include <glib/gi18n.h>

static PlCliStatus
run (const char *folder, PlCliTrainOptions *options, const char *shares, const char *csv)
{
  g_autoptr (GError) error = NULL;
  PlExperimentPlan plan;

  if (!pl_cli_train_options_apply (options, "learning-curve"))
    return PL_CLI_USAGE;
  if (!pl_experiment_plan_shares (&plan, shares != NULL ? shares : "10,25,50,100", &error))
    return pl_cli_misuse ("learning-curve: %s", error->message);
  return pl_cli_experiment (folder, options, &plan, csv);
}

PlCliStatus
pl_cli_learning_curve (int argc, char **argv)
{
  g_auto (PlCliTrainOptions) options = { 0 };
  g_autofree char *shares = NULL;
  g_autofree char *csv = NULL;
  const GOptionEntry own[] = {
    { "shares", 0, 0, G_OPTION_ARG_STRING, &shares,
      N_ ("Percentages of the training patients (10,25,50,100)"), "A,B,…" },
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
      _ ("Says how many labelled slices are enough: trains on growing shares of the training "
         "patients, each for as many steps, and tests all on the same cases. The options are those "
         "of train, for each training. DIR has a run folder for each, and can be resumed."),
      entries, 1, 1);
  return run (arguments[0], &options, shares, csv);
}
