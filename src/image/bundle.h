/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume-load.h"

/* Slice files into one volume and back. Any thread; both block. */

/* @fraction is 0…1. */
typedef void (*PlBundleProgress) (double fraction, gpointer data);

/**
 * pl_bundle_slices:
 * @folder: its images are joined in the order of their names; all of one size and type
 * @out_path: a .nii or .nii.gz file
 * @step_mm: distance of slices
 *
 * Returns: how many slices there are, or 0 with @error set: G_IO_ERROR_INVALID_ARGUMENT when
 *   @out_path is one of them
 */
int pl_bundle_slices (const char *folder,
                      const char *out_path,
                      double step_mm,
                      PlBundleProgress progress,
                      gpointer data,
                      GCancellable *cancellable,
                      GError **error);

/* Writes each slice of a volume as a TIFF file of the same type, with slope or intercept as
 * float64, into @folder, which is made when it is not there. Returns: how many, or 0 with @error
 * set */
int pl_unbundle_volume (const char *path,
                        const PlLoadOptions *options,
                        const char *folder,
                        PlBundleProgress progress,
                        gpointer data,
                        GCancellable *cancellable,
                        GError **error);
