/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

#include <gtk/gtk.h>

/* Writes a part of a data set's manifest, as pl_saved_split_write() does; any thread. */
typedef gboolean (*PlManifestWrite) (const PlDataset *dataset, GError **error);

/* @error: (nullable): why it could not be written. Main thread. */
typedef void (*PlManifestWritten) (GtkWindow *window, const GError *error);

/**
 * pl_manifest_task_run:
 * @window: is not kept by this; when it is gone by then, nobody is told
 * @dataset: copied
 *
 * Runs @write in a thread. The application stays until the file is whole. Main thread.
 */
void pl_manifest_task_run (GtkWindow *window,
                           const PlDataset *dataset,
                           PlManifestWrite write,
                           PlManifestWritten written);
