/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/**
 * pl_nifti_write:
 * @path: ends in .nii or .nii.gz
 * @like: whose geometry, in the file's own order, the new file takes (shape, affine, spacing)
 * @type: type of @voxels
 * @voxels: in memory order of @like (slice, row, column)
 * @slope: stored as scl_slope; 1 for masks
 * @intercept: stored as scl_inter; 0 for masks
 *
 * Writes a NIfTI-1 file, whole or not at all: axes and flips of @like are undone, so that the
 * voxels lie as in the image's own file. Any thread; blocks.
 */
gboolean pl_nifti_write (const char *path,
                         const PlImageHeader *like,
                         PlDType type,
                         const void *voxels,
                         double slope,
                         double intercept,
                         GCancellable *cancellable,
                         GError **error);
