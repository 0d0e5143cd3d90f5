/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runs, replay, export-run, import-run: what was trained before. */
#include "cli/cli.h"

#include "base/json.h"
#include "train/run-archive.h"
#include "train/run-list.h"
#include "train/run-replay.h"
#include "train/train.h"

#include <glib/gi18n.h>
#include <math.h>

/* "0.9713", or as many spaces with a dash. */
static char *
dup_dice (double dice)
{
  return isnan (dice) ? g_strdup ("     -") : g_strdup_printf ("%.4f", dice);
}

static void
print_run (const PlRunInfo *run)
{
  g_autofree char *started =
      run->started != NULL ? g_date_time_format (run->started, "%Y-%m-%d %H:%M") : NULL;
  g_autofree char *best = dup_dice (run->best_dice);
  g_autofree char *test = dup_dice (run->test_dice);

  g_print ("%-16s  %6u  %s  %s  %8.1f  %-10s  %s\n", started != NULL ? started : "-",
           run->history->len, best, test, run->time_s, pl_run_info_outcome_name (run), run->title);
  if (run->problem != NULL)
    pl_cli_complain ("%s", run->problem);
}

static void
print_json (const GPtrArray *runs)
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < runs->len; i++)
    json_array_add_object_element (array, pl_run_info_to_json (g_ptr_array_index (runs, i)));
  json_object_set_array_member (object, "runs", array);
  pl_cli_print_json (object);
}

PlCliStatus
pl_cli_runs (int argc, char **argv)
{
  g_auto (GStrv) arguments = pl_cli_parse (
      argc, argv, _ ("[DIR]"),
      _ ("Lists the runs below a folder, the newest first: when each began, epochs, best "
         "validation Dice, mean test Dice, seconds, how it ended, title. Without DIR these are "
         "the runs of the window."),
      NULL, 0, 1);
  g_autofree char *own = pl_run_default_folder ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs =
      pl_run_list (arguments[0] != NULL ? arguments[0] : own, pl_cli_cancellable (), &error);
  PlCliStatus status = PL_CLI_DONE;

  if (runs == NULL)
    return pl_cli_fail (error);
  for (guint i = 0; i < runs->len; i++)
    if (((const PlRunInfo *) g_ptr_array_index (runs, i))->problem != NULL)
      status = PL_CLI_FAILED;
  if (pl_cli_wants_json ())
    {
      print_json (runs);
      return status;
    }
  /* Translators: the head of a table; keep the widths: 16, 6, 6, 6, 8, 10. */
  g_print ("%s\n", _ ("started           epochs    best    test   seconds  outcome     title"));
  for (guint i = 0; i < runs->len; i++)
    print_run (g_ptr_array_index (runs, i));
  return status;
}

static void
print_verdict (const PlReplayVerdict *verdict)
{
  if (verdict->is_identical)
    g_print (ngettext ("Identical: %d tensor, bit by bit\n",
                       "Identical: all %d tensors, bit by bit\n", (gulong) verdict->n_tensors),
             verdict->n_tensors);
  else
    g_print (_ ("Different: %d of %d tensors, by at most %.3g\n"), verdict->n_different,
             verdict->n_tensors, verdict->largest_difference);
  for (guint i = 0; i < verdict->conditions->len; i++)
    g_print ("  %s\n", (const char *) g_ptr_array_index (verdict->conditions, i));
}

static PlCliStatus
replay (const char *run, const char *dataset, const char *out, int threads)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlReplay) prepared = pl_replay_new (run, dataset, pl_cli_cancellable (), &error);
  g_autoptr (PlTrainer) trainer = NULL;
  g_autoptr (PlReplayVerdict) verdict = NULL;
  PlCliStatus status;

  if (prepared == NULL)
    return pl_cli_fail (error);
  prepared->settings.threads = threads;
  trainer = pl_replay_make_trainer (prepared, out, &error);
  if (trainer == NULL)
    {
      status = pl_cli_fail (error);
      return g_error_matches (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN) ? PL_CLI_USAGE : status;
    }
  status = pl_cli_watch_training (trainer, FALSE);
  if (status != PL_CLI_DONE)
    return status;
  verdict = pl_replay_compare (run, out, pl_cli_cancellable (), &error);
  if (verdict == NULL)
    return pl_cli_fail (error);
  if (pl_cli_wants_json ())
    pl_cli_print_json (pl_replay_verdict_to_json (verdict));
  else
    print_verdict (verdict);
  return verdict->is_identical ? PL_CLI_DONE : PL_CLI_FAILED;
}

PlCliStatus
pl_cli_replay (int argc, char **argv)
{
  char *out = NULL;
  char *dataset = NULL;
  int threads = 0;
  const GOptionEntry entries[] = {
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_ ("Folder of the new run, new or empty"),
      N_ ("DIR") },
    { "dataset", 0, 0, G_OPTION_ARG_FILENAME, &dataset,
      N_ ("Where the data set is now, if it was moved"), N_ ("DATASET") },
    { "threads", 0, 0, G_OPTION_ARG_INT, &threads, N_ ("Threads; 0: one for each processor"), "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = pl_cli_parse (
      argc, argv, _ ("RUN --out DIR"),
      _ ("Trains again as a run was trained and says whether the weights are bit by bit the same: "
         "status 0 if they are, 1 if not, with what was not as then."),
      entries, 1, 1);
  PlCliStatus status;

  if (out == NULL)
    status = pl_cli_misuse (_ ("replay: --out DIR is missing"));
  else if (threads < 0)
    status = pl_cli_misuse (_ ("replay: --threads is %d"), threads);
  else
    status = replay (arguments[0], dataset, out, threads);
  g_free (out);
  g_free (dataset);
  return status;
}

PlCliStatus
pl_cli_export_run (int argc, char **argv)
{
  g_auto (GStrv) arguments = pl_cli_parse (
      argc, argv, _ ("RUN FILE"),
      _ ("Writes a run as one file, NAME.pleura-run.tar.gz, to be kept or given away."), NULL, 2,
      2);
  g_autoptr (GError) error = NULL;
  gboolean done;

  pl_cli_progress_begin (_ ("Exporting"));
  done = pl_run_export (arguments[0], arguments[1], pl_cli_progress_cb, NULL, pl_cli_cancellable (),
                        &error);
  pl_cli_progress_end ();
  return done ? PL_CLI_DONE : pl_cli_fail (error);
}

PlCliStatus
pl_cli_import_run (int argc, char **argv)
{
  g_auto (GStrv) arguments = pl_cli_parse (
      argc, argv, _ ("FILE [DIR]"),
      _ ("Unpacks an exported run into a new folder below DIR, without it among the runs of the "
         "window, and prints that folder's name."),
      NULL, 1, 2);
  g_autofree char *own = pl_run_default_folder ();
  g_autofree char *run = NULL;
  g_autoptr (GError) error = NULL;

  pl_cli_progress_begin (_ ("Importing"));
  run = pl_run_import (arguments[0], arguments[1] != NULL ? arguments[1] : own, pl_cli_progress_cb,
                       NULL, pl_cli_cancellable (), &error);
  pl_cli_progress_end ();
  if (run == NULL)
    return pl_cli_fail (error);
  if (pl_cli_wants_json ())
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "run", run);
      pl_cli_print_json (object);
    }
  else
    g_print ("%s\n", run);
  return PL_CLI_DONE;
}
