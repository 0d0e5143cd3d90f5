/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/relay.h"
#include "train/manifest.h"

/* Reads every file of a data set to find what is wrong with it. Main thread. */

typedef enum
{
  PL_CHECK_AT_ONCE,      /* somebody waits: with all threads */
  PL_CHECK_IN_BACKGROUND /* with one of its own, after whatever else there is to do */
} PlCheckHaste;

/**
 * pl_check_task_run:
 * @dataset: copied
 * @target: told of the progress by @deliver, while it lives
 *
 * pl_dataset_check() and then pl_manifest_verify(). Of 5,000 slices of 512 × 512, half a minute of
 * one processor.
 */
void pl_check_task_run (const PlDataset *dataset,
                        PlCheckHaste haste,
                        GObject *target,
                        PlRelayDeliver deliver,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data);

/* @n_listed: (out): files that the manifest lists
 * Returns: (transfer full): the data set with what was found in it, or NULL with @error set */
PlDataset *pl_check_task_finish (GAsyncResult *result, int *n_listed, GError **error);
