/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* The 348 bytes of a NIfTI-1 header, or the 540 of NIfTI-2, and what they say. */

enum
{
  PL_NIFTI1_SIZE = 348,
  PL_NIFTI2_SIZE = 540,
  PL_NIFTI_MAX_SIZE = PL_NIFTI2_SIZE,
};

/* Where the fields of a NIfTI-1 header begin (nifti1.h of https://nifti.nimh.nih.gov/nifti-1). */
enum
{
  PL_NIFTI1_DIM = 40,        /* int16[8] */
  PL_NIFTI1_DATATYPE = 70,   /* int16 */
  PL_NIFTI1_BITPIX = 72,     /* int16 */
  PL_NIFTI1_PIXDIM = 76,     /* float[8] */
  PL_NIFTI1_OFFSET = 108,    /* float */
  PL_NIFTI1_SLOPE = 112,     /* float */
  PL_NIFTI1_INTERCEPT = 116, /* float */
  PL_NIFTI1_UNITS = 123,     /* char */
  PL_NIFTI1_QFORM = 252,     /* int16 */
  PL_NIFTI1_SFORM = 254,     /* int16 */
  PL_NIFTI1_QUATERN = 256,   /* float[3] */
  PL_NIFTI1_QOFFSET = 268,   /* float[3] */
  PL_NIFTI1_SROW = 280,      /* float[3][4] */
  PL_NIFTI1_MAGIC = 344,     /* char[4] */
};

typedef struct
{
  PlImageHeader image;  /* no axes chosen yet */
  PlDType type;         /* in memory: colour becomes luminance */
  gsize voxel_bytes;    /* in the file */
  gboolean is_swapped;  /* the other byte order */
  gboolean is_pair;     /* voxels are in a file of their own */
  guint64 voxel_offset; /* in the file that has them */
} PlNiftiHeader;

/* How many bytes the header has, from its first four (sizeof_hdr, either byte order): 348, 540 or,
 * for anything else, 0. */
gsize pl_nifti_header_size (const guint8 *bytes);

/**
 * pl_nifti_header_parse:
 * @bytes: as many as pl_nifti_header_size() says
 * @path: for messages
 *
 * Returns: FALSE with @error set to PL_IMAGE_ERROR_FORMAT, _UNSUPPORTED or _TOO_LARGE
 */
gboolean pl_nifti_header_parse (const guint8 *bytes,
                                const char *path,
                                PlNiftiHeader *header,
                                GError **error);

/* The datatype code of @type. */
int pl_nifti_datatype (PlDType type);
