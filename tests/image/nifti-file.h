/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume-load.h"

/* NIfTI files put together byte by byte, for tests. Files lie in a folder of the test's own. */

/* What a header is to say. */
typedef struct
{
  int version;
  gboolean is_swapped;
  gboolean is_pair;
  gint64 dim[8];
  int datatype;
  int bitpix;
  double pixdim[8];
  double voxel_offset;
  double slope;
  double intercept;
  int units;
  int qform_code;
  int sform_code;
  double quatern[3];
  double qoffset[3];
  double srow[12];
} NiftiSpec;

/* NIfTI-1, int16, 1 mm, the voxels behind the header. */
NiftiSpec nifti_spec (int x, int y, int z);

/* @size bytes of @value, the other way round if @swap. */
void nifti_put (guint8 *at, const void *value, gsize size, gboolean swap);

/* The header and, for a single file, what lies between it and the voxels. */
GByteArray *nifti_build_header (const NiftiSpec *spec);

/* With @n voxels of @size bytes each, given in native byte order. */
GByteArray *nifti_build_file (const NiftiSpec *spec, const void *voxels, gsize n, gsize size);

/* With the int16 voxels 0, 1, 2 … */
GByteArray *nifti_build_ramp (const NiftiSpec *spec, gsize n);

/* As gzip. */
GByteArray *nifti_compress (const GByteArray *bytes);

void nifti_folder_make (void);
void nifti_folder_remove (void);

/* Writes a file into the folder. Returns: (transfer full): its path */
char *nifti_write_bytes (const char *name, const void *bytes, gsize n);
char *nifti_write_file (const char *name, const GByteArray *file);
