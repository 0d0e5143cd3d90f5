/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts NIfTI files together from the tables of nifti1.h and nifti2.h, apart from our own writer, so
 * that a mistake in both would not hide itself. */
#include "nifti-file.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

static char *folder;

void
nifti_folder_make (void)
{
  folder = g_dir_make_tmp ("pleura-nifti-XXXXXX", NULL);
  g_assert_nonnull (folder);
}

void
nifti_folder_remove (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_remove (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

NiftiSpec
nifti_spec (int x, int y, int z)
{
  return (NiftiSpec){
    .version = 1,
    .dim = { 3, x, y, z, 1, 1, 1, 1 },
    .datatype = 4,
    .bitpix = 16,
    .pixdim = { 1, 1, 1, 1, 1, 1, 1, 1 },
    .voxel_offset = 352,
    .units = 2,
  };
}

void
nifti_put (guint8 *at, const void *value, gsize size, gboolean swap)
{
  for (gsize i = 0; i < size; i++)
    at[i] = ((const guint8 *) value)[swap ? size - 1 - i : i];
}

static void
put_int (guint8 *at, gint64 value, gsize size, gboolean swap)
{
  guint8 bytes[8];
  gint64 little = GINT64_TO_LE (value);

  memcpy (bytes, &little, 8);
  nifti_put (at, bytes, size, swap != (G_BYTE_ORDER == G_BIG_ENDIAN));
}

static void
put_reals (guint8 *at, const double *values, int n, gsize size, gboolean swap)
{
  for (int i = 0; i < n; i++)
    {
      float single = (float) values[i];

      nifti_put (at + (gsize) i * size, size == 4 ? (const void *) &single : &values[i], size,
                 swap);
    }
}

static void
put_nifti1 (const NiftiSpec *spec, guint8 *bytes)
{
  gboolean swap = spec->is_swapped;

  put_int (bytes, 348, 4, swap);
  for (int i = 0; i < 8; i++)
    put_int (bytes + 40 + 2 * i, spec->dim[i], 2, swap);
  put_int (bytes + 70, spec->datatype, 2, swap);
  put_int (bytes + 72, spec->bitpix, 2, swap);
  put_reals (bytes + 76, spec->pixdim, 8, 4, swap);
  put_reals (bytes + 108, &spec->voxel_offset, 1, 4, swap);
  put_reals (bytes + 112, &spec->slope, 1, 4, swap);
  put_reals (bytes + 116, &spec->intercept, 1, 4, swap);
  bytes[123] = (guint8) spec->units;
  put_int (bytes + 252, spec->qform_code, 2, swap);
  put_int (bytes + 254, spec->sform_code, 2, swap);
  put_reals (bytes + 256, spec->quatern, 3, 4, swap);
  put_reals (bytes + 268, spec->qoffset, 3, 4, swap);
  put_reals (bytes + 280, spec->srow, 12, 4, swap);
  memcpy (bytes + 344, spec->is_pair ? "ni1" : "n+1", 4);
}

static void
put_nifti2 (const NiftiSpec *spec, guint8 *bytes)
{
  gboolean swap = spec->is_swapped;

  put_int (bytes, 540, 4, swap);
  memcpy (bytes + 4, spec->is_pair ? "ni2\0\r\n\032\n" : "n+2\0\r\n\032\n", 8);
  put_int (bytes + 12, spec->datatype, 2, swap);
  put_int (bytes + 14, spec->bitpix, 2, swap);
  for (int i = 0; i < 8; i++)
    put_int (bytes + 16 + 8 * i, spec->dim[i], 8, swap);
  put_reals (bytes + 104, spec->pixdim, 8, 8, swap);
  put_int (bytes + 168, (gint64) spec->voxel_offset, 8, swap);
  put_reals (bytes + 176, &spec->slope, 1, 8, swap);
  put_reals (bytes + 184, &spec->intercept, 1, 8, swap);
  put_int (bytes + 344, spec->qform_code, 4, swap);
  put_int (bytes + 348, spec->sform_code, 4, swap);
  put_reals (bytes + 352, spec->quatern, 3, 8, swap);
  put_reals (bytes + 376, spec->qoffset, 3, 8, swap);
  put_reals (bytes + 400, spec->srow, 12, 8, swap);
  put_int (bytes + 500, spec->units, 4, swap);
}

GByteArray *
nifti_build_header (const NiftiSpec *spec)
{
  guint size = spec->version == 1 ? 348 : 540;
  guint total = spec->is_pair ? size : (guint) fmin (fmax (spec->voxel_offset, size + 4), 10000);
  GByteArray *file = g_byte_array_new ();

  g_byte_array_set_size (file, total);
  memset (file->data, 0, total);
  if (spec->version == 1)
    put_nifti1 (spec, file->data);
  else
    put_nifti2 (spec, file->data);
  return file;
}

GByteArray *
nifti_build_file (const NiftiSpec *spec, const void *voxels, gsize n, gsize size)
{
  GByteArray *file = nifti_build_header (spec);
  guint start = file->len;

  g_byte_array_set_size (file, start + (guint) (n * size));
  for (gsize i = 0; i < n; i++)
    nifti_put (file->data + start + i * size, (const guint8 *) voxels + i * size, size,
               spec->is_swapped);
  return file;
}

GByteArray *
nifti_build_ramp (const NiftiSpec *spec, gsize n)
{
  g_autofree gint16 *voxels = g_new (gint16, n);

  for (gsize i = 0; i < n; i++)
    voxels[i] = (gint16) i;
  return nifti_build_file (spec, voxels, n, 2);
}

GByteArray *
nifti_compress (const GByteArray *bytes)
{
  GByteArray *file = g_byte_array_new ();
  z_stream stream = { 0 };

  g_byte_array_set_size (file, bytes->len + bytes->len / 100 + 1000);
  g_assert_cmpint (deflateInit2 (&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  stream.next_in = bytes->data;
  stream.avail_in = bytes->len;
  stream.next_out = file->data;
  stream.avail_out = file->len;
  g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
  g_byte_array_set_size (file, (guint) stream.total_out);
  deflateEnd (&stream);
  return file;
}

char *
nifti_write_bytes (const char *name, const void *bytes, gsize n)
{
  char *path = g_build_filename (folder, name, NULL);
  FILE *file;

  /* g_file_set_contents() syncs, and some file systems do when they truncate. */
  g_remove (path);
  file = g_fopen (path, "wb");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes, 1, n, file), ==, n);
  g_assert_cmpint (fclose (file), ==, 0);
  return path;
}

char *
nifti_write_file (const char *name, const GByteArray *file)
{
  return nifti_write_bytes (name, file->data, file->len);
}
