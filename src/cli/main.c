/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pleura-cli: the work of the window without a window. The first argument chooses the command; each
 * command is one file. */
#include "cli/cli.h"

#include "base/language.h"
#include "train/train.h"

#include <glib/gi18n.h>
#include <stdio.h>

typedef struct
{
  const char *name;
  PlCliRun run;
  const char *summary;
} Command;

static const Command commands[] = {
  { "info", pl_cli_info, N_ ("what image files hold") },
  { "phantom", pl_cli_phantom, N_ ("write a synthetic thorax data set") },
  { "check", pl_cli_check, N_ ("check a data set and its manifest") },
  { "bundle", pl_cli_bundle, N_ ("join slices into a volume") },
  { "unbundle", pl_cli_unbundle, N_ ("take a volume apart into slices") },
  { "train", pl_cli_train, N_ ("train a network on a data set") },
  { "cross-validate", pl_cli_cross_validate, N_ ("train and test on each part of a data set") },
  { "learning-curve", pl_cli_learning_curve, N_ ("train on growing shares of a data set") },
  { "predict", pl_cli_predict, N_ ("find the lungs in images") },
  { "evaluate", pl_cli_evaluate, N_ ("compare predictions with ground truth") },
  { "stats", pl_cli_stats, N_ ("measure the lungs inside masks") },
  { "montage", pl_cli_montage, N_ ("all slices of a volume as one picture") },
  { "runs", pl_cli_runs, N_ ("list what was trained before") },
  { "replay", pl_cli_replay, N_ ("train again as a run was trained, and compare") },
  { "export-run", pl_cli_export_run, N_ ("write a run as one file") },
  { "import-run", pl_cli_import_run, N_ ("unpack an exported run") },
  { "model", pl_cli_model, N_ ("what a model is") },
  { "bench", pl_cli_bench, N_ ("how fast this machine trains and predicts") },
  { "demo", pl_cli_demo, N_ ("the main job with nothing at hand") },
};

static void
print_help (void)
{
  g_print (_ ("Usage: pleura-cli COMMAND [OPTION…] [ARGUMENT…]\n\n"));
  g_print (_ ("Looks at chest CT and trains a network that finds the lungs in it.\n\nCommands:\n"));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-14s %s\n", commands[i].name, _ (commands[i].summary));
  g_print (_ ("\n“pleura-cli COMMAND --help” tells more. Not for clinical use.\n"));
}

/* What was printed must have arrived: a full disk is a failure too. */
static PlCliStatus
close_output (PlCliStatus status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  pl_cli_complain (_ ("standard output: it cannot be written"));
  return pl_cli_worse (status, PL_CLI_FAILED);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  pl_language_init ();
  g_set_prgname ("pleura-cli");
  pl_cli_cancellable (); /* from now on a signal cancels */

  if (argc < 2)
    return pl_cli_misuse (_ ("A command is missing; “pleura-cli --help” lists them."));
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"))
    {
      print_help ();
      return PL_CLI_DONE;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      g_print ("pleura-cli %s\n", PLEURA_VERSION);
      return PL_CLI_DONE;
    }
  if (!pl_train_init (&error))
    return pl_cli_misuse ("%s", error->message);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (argv[1], commands[i].name))
      return close_output (commands[i].run (argc - 1, argv + 1));
  return pl_cli_misuse (_ ("There is no command “%s”; “pleura-cli --help” lists them."), argv[1]);
}
