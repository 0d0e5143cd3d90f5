/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/manifest.h"

/* A run as one file, to be kept or given away: a compressed tar archive of its folder. Errors are
 * PL_TRAIN_ERROR_RUN, G_FILE_ERROR or G_IO_ERROR and name the file. Any thread; they block. */

#define PL_RUN_ARCHIVE_SUFFIX ".pleura-run.tar.gz"

/* What the archive of a run folder is called: "20250131-142501-thorax.pleura-run.tar.gz". */
char *pl_run_archive_name (const char *run);

/* Writes @path whole or not at all; a file that is there is replaced. @progress: (nullable) */
gboolean pl_run_export (const char *run,
                        const char *path,
                        PlProgress progress,
                        gpointer data,
                        GCancellable *cancellable,
                        GError **error);

/**
 * pl_run_import:
 * @path: an archive; it is not trusted: only the regular files that a run has are taken from it, of
 *   limited size, and anything else in it is an error
 * @folder: where runs are kept; it is made if need be
 *
 * Unpacks a run into a new folder below @folder, named as in the archive, with a number behind it
 * if that is taken. Nothing stays when it fails.
 *
 * Returns: (transfer full): the run's folder, or NULL with @error set
 */
char *pl_run_import (const char *path,
                     const char *folder,
                     PlProgress progress,
                     gpointer data,
                     GCancellable *cancellable,
                     GError **error);
