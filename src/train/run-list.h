/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/experiment-record.h"
#include "train/replay-verdict.h"
#include "train/run-folder.h"

#include <json-glib/json-glib.h>

/* Runs that are kept: what each was set to and what came of it. */

/* A run folder as it was when it was read. Plain data, never changed once made. */
typedef struct
{
  char *folder;     /* absolute */
  char *experiment; /* (nullable): folder of the experiment that it is part of */
  char *title;      /* its own, else the name of its folder, that of its experiment before it */

  /* (nullable): this is an experiment, as of pl_experiment_list(): its runs are in its folder, and
   * it has no history, test and models of its own. */
  PlExperimentRecord *record;

  /* (nullable): why the run cannot be read. What follows is what could be found out all the same:
   * empty, 0, NaN or NULL where nothing could. */
  char *problem;

  GDateTime *started; /* (nullable) */
  char *program;      /* (nullable): "pleura 0.1.0" */
  char *processor;    /* (nullable) */
  char *isa;          /* (nullable) */
  PlTrainSettings settings;
  PlRunOrigin origin;

  GArray *history;  /* (element-type PlEpoch): one each epoch that is done */
  int best_epoch;   /* by validation Dice, the last one without a validation part; 0: none */
  double best_dice; /* of the validation part */
  double time_s;
  int steps_per_epoch;   /* 0: not known */
  GPtrArray *test_names; /* (element-type utf8), with @test as long */
  GArray *test;          /* (element-type PlMetrics) */
  double test_dice;      /* the mean over them */

  int outcome;     /* PlTrainOutcome; −1: unfinished, because it runs or was killed */
  char *failure;   /* (nullable): why it failed */
  int n_resumed;   /* how often it went on after an interruption */
  char *replay_of; /* (nullable): folder of the run that it repeats */
  PlReplayVerdict *replay_verdict; /* (nullable): NULL when it has not been compared with that */
} PlRunInfo;

/* Of a folder of which nothing has been found out yet. */
PlRunInfo *pl_run_info_new (const char *folder);
void pl_run_info_free (PlRunInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlRunInfo, pl_run_info_free)

/* TRUE when a run's files are in @folder, or some of them. */
gboolean pl_run_is_folder (const char *folder);

/* Never fails: what is wrong is told in the answer's problem. Any thread; blocks. */
PlRunInfo *pl_run_info_read (const char *folder);

/**
 * pl_run_list:
 * @folder: holds run folders and folders of experiments, or is one of them itself
 * @cancellable: (nullable): looked at between runs
 *
 * Any thread; blocks.
 *
 * Returns: (transfer full) (element-type PlRunInfo): the runs, the newest first; none when there is
 *   no such folder; NULL with @error set when it cannot be read
 */
GPtrArray *pl_run_list (const char *folder, GCancellable *cancellable, GError **error);

/* "completed", "stopped" …, as in events.jsonl, and "unfinished"; "broken" for a run with a
 * problem. */
const char *pl_run_info_outcome_name (const PlRunInfo *info);

/* The run but for its history: keys as in run.json, and what came of it. (transfer full) */
JsonObject *pl_run_info_to_json (const PlRunInfo *info);

/* Where the window keeps its runs: $XDG_DATA_HOME/pleura/runs. */
char *pl_run_default_folder (void);

/* Where a file of the run is; (nullable): NULL when there is none. */
char *pl_run_info_file (const PlRunInfo *info, const char *name);
