/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/nifti-header.h"
#include "image/volume-load.h"

/* NIfTI-1 (https://nifti.nimh.nih.gov/nifti-1) and NIfTI-2: .nii, .nii.gz, .hdr/.img pairs, either
 * byte order. The affine is sform, else qform, else the spacing. Complex, float128, bit and unknown
 * types are PL_IMAGE_ERROR_UNSUPPORTED by name; RGB24 and RGBA32 become luminance (Rec. 601). A
 * slope of 0 or that is not finite is none. Called through volume-load.h. */

/* TRUE if @bytes, the first @n of a file after decompression, begin like NIfTI. */
gboolean pl_nifti_is (const guint8 *bytes, gsize n);

gboolean pl_nifti_read_header (const char *path, PlImageHeader *header, GError **error);

/* The header as it lies in the file, and what it says. @bytes: room for PL_NIFTI_MAX_SIZE of them.
 */
gboolean
pl_nifti_read_header_bytes (const char *path, guint8 *bytes, PlNiftiHeader *header, GError **error);

PlVolume *pl_nifti_load (const char *path,
                         const PlLoadOptions *options,
                         GCancellable *cancellable,
                         GError **error);

/* The .img or .img.gz file that stands beside the .hdr file @path, or NULL. */
char *pl_nifti_dup_voxel_path (const char *path);
