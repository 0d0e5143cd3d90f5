/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"
#include "train/history.h"
#include "train/metrics.h"
#include "train/model.h"
#include "train/trainer.h"

/* A run's folder: run.json, history.csv, split.csv, test.csv, best.safetensors, last.safetensors,
 * events.jsonl. Each file is replaced whole. */

/* FALSE with PL_TRAIN_ERROR_RUN when @path exists and is not an empty folder; else it is made. */
gboolean pl_run_folder_create (const char *path, GError **error);

/* run.json. */
gboolean pl_run_folder_write_settings (const char *path,
                                       const PlTrainSettings *settings,
                                       const PlDataset *dataset,
                                       GError **error);
gboolean pl_run_folder_read_settings (const char *path,
                                      PlTrainSettings *settings, /* (out caller-allocates) */
                                      char **dataset_folder,
                                      char **dataset_hash,
                                      GError **error);

gboolean pl_run_folder_write_history (const char *path, const GArray *history, GError **error);
GArray *pl_run_folder_read_history (const char *path, GError **error);

/* test.csv: a row a case, then nothing else. @metrics is (element-type PlMetrics), @names as long.
 */
gboolean pl_run_folder_write_test (const char *path,
                                   GPtrArray *names,
                                   const GArray *metrics,
                                   GError **error);

/* One line of events.jsonl, appended: the time, @event, and @message. Best effort. */
void pl_run_folder_log (const char *path, const char *event, const char *message);
