/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"
#include "train/history.h"
#include "train/metrics.h"
#include "train/model.h"
#include "train/trainer.h"

/* A run's folder: run.json, history.csv, split.csv, test.csv, best.safetensors, last.safetensors,
 * events.jsonl and epochs/. Each file is replaced whole. */

/* FALSE with PL_TRAIN_ERROR_RUN when @path exists and is not an empty folder; else it is made. What
 * is left of a run that has not begun counts as empty. */
gboolean pl_run_folder_create (const char *path, GError **error);

/* Whether there is a run to go on with: it is from the time on that its data has been checked. */
gboolean pl_run_folder_has_begun (const char *path);

/* Removes what was being written when the program was killed. */
void pl_run_folder_clean (const char *path);

/* Where a run comes from. */
typedef struct
{
  char *dataset_folder;
  char *dataset_hash;
  char *init;       /* (nullable): file of the model that it started from */
  char *split_file; /* (nullable): that its split was read from */
} PlRunOrigin;

void pl_run_origin_clear (PlRunOrigin *origin);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlRunOrigin, pl_run_origin_clear)

/* run.json, as of a run that begins or goes on: when it began and members that are others' (a
 * title) stay. Folder and hash are those of @dataset, whatever @origin has; both files are written
 * as absolute paths. What run-notes.h keeps in a run.json that is there stays. What earlier
 * versions wrote is read: numbers for names, and neither of the two. */
gboolean pl_run_folder_write_settings (const char *path,
                                       const PlTrainSettings *settings,
                                       const PlDataset *dataset,
                                       const PlRunOrigin *origin,
                                       GError **error);
gboolean pl_run_folder_read_settings (const char *path,
                                      PlTrainSettings *settings, /* (out caller-allocates) */
                                      PlRunOrigin *origin,       /* likewise */
                                      GError **error);

gboolean pl_run_folder_write_history (const char *path, const GArray *history, GError **error);
GArray *pl_run_folder_read_history (const char *path, GError **error);

/* test.csv: a row a case, then nothing else. @metrics is (element-type PlMetrics), @names as long.
 */
gboolean pl_run_folder_write_test (const char *path,
                                   GPtrArray *names,
                                   const GArray *metrics,
                                   GError **error);

/* test-classes.csv: a row a case and class. @metrics is (element-type PlMetrics), those of a case
 * in the order of @class_names. */
gboolean pl_run_folder_write_classes (
    const char *path, GPtrArray *names, GStrv class_names, const GArray *metrics, GError **error);

/**
 * pl_run_folder_keep_epoch:
 * @model: the weights as they were when @epoch ended
 * @best: the best epoch so far
 *
 * Writes epochs/0007.safetensors, and drops what is too much: at most 64 files and 256 MiB stay,
 * the best, the last, and of the others as many as fit, evenly spread (1, 3, 5, …). Of networks of
 * which not even four would fit none is kept.
 *
 * Returns: TRUE if it is kept; FALSE without an error if it is too large
 */
gboolean pl_run_folder_keep_epoch (
    const char *path, const PlModel *model, int epoch, int best, GError **error);

/* Removes them all; how many there were. */
int pl_run_folder_drop_epochs (const char *path);

/* (element-type int): the epochs that are kept, ascending. */
GArray *pl_run_folder_list_epochs (const char *path);

/* The model file of one, whether it is there or not. */
char *pl_run_folder_epoch_path (const char *path, int epoch);

/* One line of events.jsonl, appended: the time, @event, and @message. Best effort. */
void pl_run_folder_log (const char *path, const char *event, const char *message);
