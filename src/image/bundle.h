/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume-load.h"

/* Slice files into one volume and back. Any thread; both block. */

/* @fraction is 0…1. */
typedef void (*PlBundleProgress) (double fraction, gpointer data);

/* A volume that was joined. What is not known is 1 mm in it. */
typedef struct
{
  int n_slices;
  double step_mm;        /* distance of slices */
  gboolean knows_step;   /* it was given, or the slices tell it */
  gboolean knows_pixels; /* the slices tell the size of their pixels */
} PlBundle;

/**
 * pl_bundle_slices:
 * @folder: its images are joined in the order of their names; all of one size and type
 * @out_path: a .nii or .nii.gz file; it has lengths but no orientation, which nobody knows
 * @step_mm: distance of slices; 0 for what the first one tells (those of pl_unbundle_volume() do)
 * @bundle: what was written; set on success
 *
 * Returns: FALSE with @error set: G_IO_ERROR_INVALID_ARGUMENT when @out_path is one of the slices
 */
gboolean pl_bundle_slices (const char *folder,
                           const char *out_path,
                           double step_mm,
                           PlBundle *bundle,
                           PlBundleProgress progress,
                           gpointer data,
                           GCancellable *cancellable,
                           GError **error);

/* What of its lengths is only assumed: a sentence; NULL where all are known. */
const char *pl_bundle_get_warning (const PlBundle *bundle);

/* Writes each slice of a volume as a TIFF file of the same type, with slope or intercept as
 * float64, and what is known of its spacing, into @folder, which is made when it is not there.
 * Returns: how many, or 0 with @error set */
int pl_unbundle_volume (const char *path,
                        const PlLoadOptions *options,
                        const char *folder,
                        PlBundleProgress progress,
                        gpointer data,
                        GCancellable *cancellable,
                        GError **error);
