/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/* pleura-manifest.json in a data set: each file's size and SHA-256, so that a lost or changed file
 * is named before training. */

typedef void (*PlProgress) (double fraction, gpointer data);

/* Hashes every image and mask and writes the manifest into the data set's folder. What else a
 * manifest there has stays; one that cannot be read is not replaced. */
gboolean pl_manifest_write (const PlDataset *dataset,
                            PlProgress progress,
                            gpointer data,
                            GCancellable *cancellable,
                            GError **error);

/**
 * pl_manifest_verify:
 * @n_files: (out): how many the manifest lists; 0 when there is no manifest, or one without files
 *
 * Compares the files with the manifest; each that is missing, changed, or not listed is added to
 * dataset->problems.
 */
gboolean pl_manifest_verify (PlDataset *dataset,
                             int *n_files,
                             PlProgress progress,
                             gpointer data,
                             GCancellable *cancellable,
                             GError **error);

/**
 * pl_manifest_list_changes:
 *
 * What names and sizes alone tell, without reading the files: those that the manifest lists, but
 * that are lost or of another size.
 *
 * Returns: (transfer full) (element-type utf8): "PATH: what is wrong" for each, none when there is
 *   no manifest; NULL with @error set when it cannot be read
 */
GPtrArray *pl_manifest_list_changes (const PlDataset *dataset, GError **error);

/* SHA-256 over names and sizes of all cases: what a run remembers of its data. */
char *pl_dataset_hash (const PlDataset *dataset);

/* Reads every image and mask whole and adds what is wrong with it to dataset->problems (unreadable
 * voxels, labels that are none); the case stays out of training (PL_GROUP_IGNORE). Images whose
 * values do not look like HU, and those of different patients that look alike, are added to
 * dataset->notices. */
gboolean pl_dataset_check (PlDataset *dataset,
                           PlProgress progress,
                           gpointer data,
                           GCancellable *cancellable,
                           GError **error);
