/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading of NIfTI files that are put together here byte by byte, the broken ones too. */
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "image/nifti.h"

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
} Spec;

static const struct
{
  PlDType type;
  int code;
} types[] = {
  { PL_DTYPE_UINT8, 2 },     { PL_DTYPE_INT8, 256 },   { PL_DTYPE_UINT16, 512 },
  { PL_DTYPE_INT16, 4 },     { PL_DTYPE_UINT32, 768 }, { PL_DTYPE_INT32, 8 },
  { PL_DTYPE_UINT64, 1280 }, { PL_DTYPE_INT64, 1024 }, { PL_DTYPE_FLOAT32, 16 },
  { PL_DTYPE_FLOAT64, 64 },
};

static char *folder;

static Spec
make_spec (int x, int y, int z)
{
  return (Spec){
    .version = 1,
    .dim = { 3, x, y, z, 1, 1, 1, 1 },
    .datatype = 4,
    .bitpix = 16,
    .pixdim = { 1, 1, 1, 1, 1, 1, 1, 1 },
    .voxel_offset = 352,
    .units = 2,
  };
}

/* @size bytes of @value, in the byte order of the file. */
static void
put (guint8 *at, const void *value, gsize size, gboolean swap)
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
  put (at, bytes, size, swap != (G_BYTE_ORDER == G_BIG_ENDIAN));
}

static void
put_reals (guint8 *at, const double *values, int n, gsize size, gboolean swap)
{
  for (int i = 0; i < n; i++)
    {
      float single = (float) values[i];

      put (at + (gsize) i * size, size == 4 ? (const void *) &single : &values[i], size, swap);
    }
}

static void
put_nifti1 (const Spec *spec, guint8 *bytes)
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
put_nifti2 (const Spec *spec, guint8 *bytes)
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

/* The header and, for a single file, what lies between it and the voxels. */
static GByteArray *
build_header (const Spec *spec)
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

/* @n voxels of @size bytes each, in native byte order. */
static GByteArray *
build_file (const Spec *spec, const void *voxels, gsize n, gsize size)
{
  GByteArray *file = build_header (spec);
  guint start = file->len;

  g_byte_array_set_size (file, start + (guint) (n * size));
  for (gsize i = 0; i < n; i++)
    put (file->data + start + i * size, (const guint8 *) voxels + i * size, size, spec->is_swapped);
  return file;
}

static GByteArray *
build_ramp (const Spec *spec, gsize n)
{
  g_autofree gint16 *voxels = g_new (gint16, n);

  for (gsize i = 0; i < n; i++)
    voxels[i] = (gint16) i;
  return build_file (spec, voxels, n, 2);
}

static GByteArray *
compress_bytes (const GByteArray *bytes)
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

static char *
write_bytes (const char *name, const void *bytes, gsize n)
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

static char *
write_file (const char *name, const GByteArray *file)
{
  return write_bytes (name, file->data, file->len);
}

static PlVolume *
load (const char *path, const PlLoadOptions *options)
{
  g_autoptr (GError) error = NULL;
  PlVolume *volume = pl_volume_load (path, options, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pl_volume_ready_slices (volume), ==, volume->n[0]);
  return volume;
}

/* Loading @file must fail with @code and a message that has @text in it. */
static void
assert_refused (const GByteArray *file, int code, const char *text)
{
  g_autofree char *path = write_file ("refused.nii", file);
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_volume_load (path, NULL, NULL, &error));
  g_assert_error (error, PL_IMAGE_ERROR, code);
  g_assert_true (g_str_has_prefix (error->message, path));
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” is not in “%s”", text, error->message);
}

/* Voxel i is 3 − i, or 3 + i in unsigned types, in every type, version and byte order. */
static void
test_types (void)
{
  for (int round = 0; round < 4 * (int) G_N_ELEMENTS (types); round++)
    {
      PlDType type = types[round / 4].type;
      gsize size = pl_dtype_size (type);
      Spec spec = make_spec (4, 3, 2);
      gboolean is_unsigned = g_str_has_prefix (pl_dtype_name (type), "uint");
      guint8 voxels[24 * 8];
      g_autoptr (GByteArray) file = NULL;
      g_autofree char *path = NULL;
      g_autoptr (PlVolume) volume = NULL;

      for (int i = 0; i < 24; i++)
        {
          gint64 whole = GINT64_TO_LE (is_unsigned ? 3 + i : 3 - i);
          float single = (float) (3 - i);
          double real = 3 - i;

          put (voxels + (gsize) i * size,
               type == PL_DTYPE_FLOAT32   ? (const void *) &single
               : type == PL_DTYPE_FLOAT64 ? (const void *) &real
                                          : &whole,
               size, FALSE);
        }
      spec.version = 1 + round % 2;
      spec.is_swapped = round % 4 / 2;
      spec.datatype = types[round / 4].code;
      spec.bitpix = (int) (8 * size);
      spec.voxel_offset = spec.version == 1 ? 352 : 544;
      file = build_file (&spec, voxels, 24, size);
      path = write_file ("types.nii", file);
      volume = load (path, NULL);
      g_assert_cmpint (volume->type, ==, type);
      g_assert_cmpint (volume->header.stored, ==, type);
      g_assert_cmpint (volume->header.format, ==,
                       spec.version == 1 ? PL_FORMAT_NIFTI1 : PL_FORMAT_NIFTI2);
      for (int i = 0; i < 24; i++)
        g_assert_cmpfloat (pl_volume_value (volume, i / 12, i / 4 % 3, i % 4), ==,
                           is_unsigned ? 3 + i : 3 - i);
    }
}

static void
test_colour (void)
{
  const guint8 rgb[] = { 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 10, 20, 30 };
  const guint8 gray[] = { 0, 76, 150, 29, 255, 18 };

  for (int n_samples = 3; n_samples <= 4; n_samples++)
    {
      Spec spec = make_spec (3, 2, 1);
      g_autoptr (GByteArray) file = NULL;
      g_autofree char *path = NULL;
      g_autoptr (PlVolume) volume = NULL;

      spec.datatype = n_samples == 3 ? 128 : 2304;
      spec.bitpix = 8 * n_samples;
      spec.slope = 5; /* colour has no scaling */
      file = build_header (&spec);
      for (int i = 0; i < 6; i++)
        {
          g_byte_array_append (file, rgb + 3 * i, 3);
          g_byte_array_append (file, rgb, (guint) n_samples - 3);
        }
      path = write_file ("colour.nii", file);
      volume = load (path, NULL);
      g_assert_cmpint (volume->header.n_samples, ==, n_samples);
      g_assert_cmpint (volume->type, ==, PL_DTYPE_UINT8);
      for (int i = 0; i < 6; i++)
        g_assert_cmpfloat (pl_volume_value (volume, 0, i / 3, i % 3), ==, gray[i]);
    }
}

static void
test_unsupported_types (void)
{
  static const struct
  {
    int code;
    const char *name;
  } cases[] = {
    { 1, "binary" },        { 32, "complex64" }, { 1536, "float128" }, { 1792, "complex128" },
    { 2048, "complex256" }, { 7, "is 7" },       { 0, "is 0" },        { -4, "is -4" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Spec spec = make_spec (2, 2, 2);
      g_autoptr (GByteArray) file = NULL;

      spec.datatype = cases[i].code;
      file = build_ramp (&spec, 8);
      assert_refused (file, PL_IMAGE_ERROR_UNSUPPORTED, cases[i].name);
    }
}

static void
assert_spec_refused (const Spec *spec, int code, const char *text)
{
  g_autoptr (GByteArray) file = build_ramp (spec, 8);

  assert_refused (file, code, text);
}

static void
test_bad_fields (void)
{
  const Spec good = make_spec (2, 2, 2);
  const double offsets[] = { 100, -1, 351, 352.5, NAN, INFINITY };
  Spec spec = good;

  spec.dim[0] = 0;
  assert_spec_refused (&spec, PL_IMAGE_ERROR_FORMAT, "dim[0]");
  spec.dim[0] = 8;
  assert_spec_refused (&spec, PL_IMAGE_ERROR_FORMAT, "is 8");
  spec = good;
  spec.dim[2] = 0;
  assert_spec_refused (&spec, PL_IMAGE_ERROR_FORMAT, "dim[2] is 0");
  spec.dim[2] = -3;
  assert_spec_refused (&spec, PL_IMAGE_ERROR_FORMAT, "dim[2] is -3");
  spec = good;
  spec.bitpix = 8;
  assert_spec_refused (&spec, PL_IMAGE_ERROR_FORMAT, "bitpix is 8");
  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      spec = good;
      spec.voxel_offset = offsets[i];
      assert_spec_refused (&spec, PL_IMAGE_ERROR_FORMAT, "vox_offset");
    }
  spec = good;
  spec.voxel_offset = 5000;
  spec.is_pair = TRUE;
  assert_spec_refused (&spec, PL_IMAGE_ERROR_FORMAT, ".img");
}

static void
test_bad_magic (void)
{
  const Spec spec = make_spec (2, 2, 2);
  g_autoptr (GByteArray) file = build_ramp (&spec, 8);

  memset (file->data + 344, 0, 4); /* as in Analyze 7.5 */
  assert_refused (file, PL_IMAGE_ERROR_FORMAT, "00 00 00 00");
  memcpy (file->data + 344, "n+2", 4);
  assert_refused (file, PL_IMAGE_ERROR_FORMAT, "magic");
  file->data[0] = 0;
  assert_refused (file, PL_IMAGE_ERROR_FORMAT, "neither a NIfTI nor a TIFF");
  g_byte_array_set_size (file, 0);
  assert_refused (file, PL_IMAGE_ERROR_FORMAT, "empty");
}

/* The header alone must be enough to refuse: nothing of this size could be allocated. */
static void
test_oversize (void)
{
  Spec spec = make_spec (30000, 30000, 30000);
  g_autoptr (GByteArray) bytes = build_ramp (&spec, 100);
  g_autoptr (GByteArray) packed = compress_bytes (bytes);

  assert_refused (bytes, PL_IMAGE_ERROR_TOO_LARGE, "30000 × 30000 × 30000");
  assert_refused (packed, PL_IMAGE_ERROR_TOO_LARGE, "30000 × 30000 × 30000");
  spec = make_spec (1000, 1000, 1);
  g_byte_array_unref (g_steal_pointer (&bytes));
  bytes = build_ramp (&spec, 1000);
  assert_refused (bytes, PL_IMAGE_ERROR_TOO_LARGE, "1000 × 1000 × 1");
  spec.version = 2;
  spec.voxel_offset = 544;
  spec.dim[3] = G_MAXINT;
  assert_spec_refused (&spec, PL_IMAGE_ERROR_TOO_LARGE, "2147483647");
  spec.dim[3] = (gint64) G_MAXINT + 1;
  assert_spec_refused (&spec, PL_IMAGE_ERROR_TOO_LARGE, "dim[3] is 2147483648");
  spec.dim[3] = G_MAXINT64;
  assert_spec_refused (&spec, PL_IMAGE_ERROR_TOO_LARGE, "dim[3]");
  spec.dim[0] = 7;
  for (int i = 1; i < 8; i++)
    spec.dim[i] = 100000;
  assert_spec_refused (&spec, PL_IMAGE_ERROR_TOO_LARGE, "dim[5] is 100000");
}

static void
test_every_truncation (void)
{
  for (int round = 0; round < 4; round++)
    {
      Spec spec = make_spec (5, 4, 3);
      g_autoptr (GByteArray) bytes = NULL;
      g_autoptr (GByteArray) packed = NULL;
      const GByteArray *file;

      spec.version = 1 + round % 2;
      spec.voxel_offset = spec.version == 1 ? 352 : 544;
      bytes = build_ramp (&spec, 60);
      packed = compress_bytes (bytes);
      file = round < 2 ? bytes : packed;
      for (guint n = 0; n < file->len; n++)
        {
          g_autofree char *path = write_bytes ("truncated.nii", file->data, n);
          g_autoptr (GError) error = NULL;

          g_assert_null (pl_volume_load (path, NULL, NULL, &error));
          g_assert_true (g_error_matches (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TRUNCATED) ||
                         g_error_matches (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT) ||
                         g_error_matches (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE));
          g_assert_true (g_str_has_prefix (error->message, path));
          if (n == file->len - 1)
            g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TRUNCATED);
        }
    }
}

/* Whatever the header says, what comes out is an error or a volume that the file can hold. */
static void
test_every_flipped_bit (void)
{
  for (int version = 1; version <= 2; version++)
    {
      Spec spec = make_spec (5, 4, 3);
      g_autoptr (GByteArray) file = NULL;
      int n_loaded = 0;
      int n_refused = 0;

      spec.version = version;
      spec.voxel_offset = version == 1 ? 352 : 544;
      spec.sform_code = 1;
      spec.srow[0] = spec.srow[5] = spec.srow[10] = 2;
      file = build_ramp (&spec, 60);
      for (int i = 0; i < 8 * (int) spec.voxel_offset; i++)
        {
          g_autofree char *path = NULL;
          g_autoptr (PlVolume) volume = NULL;
          g_autoptr (GError) error = NULL;

          file->data[i / 8] ^= (guint8) (1 << i % 8);
          path = write_file ("flipped.nii", file);
          file->data[i / 8] ^= (guint8) (1 << i % 8);
          volume = pl_volume_load (path, NULL, NULL, &error);
          g_assert_true ((volume == NULL) == (error != NULL));
          if (volume != NULL)
            g_assert_cmpint (volume->n[0] * volume->n[1] * volume->n[2], <=, 120);
          *(volume != NULL ? &n_loaded : &n_refused) += 1;
        }
      g_assert_cmpint (n_loaded, >, 1000);
      g_assert_cmpint (n_refused, >, 50);
    }
}

static void
test_damaged_checksum (void)
{
  const Spec spec = make_spec (5, 4, 3);
  g_autoptr (GByteArray) bytes = build_ramp (&spec, 60);
  g_autoptr (GByteArray) file = compress_bytes (bytes);

  file->data[file->len - 8] ^= 1;
  assert_refused (file, PL_IMAGE_ERROR_FORMAT, "compressed data");
}

static void
test_scaling (void)
{
  static const struct
  {
    double slope, intercept, value_of_7;
  } cases[] = {
    { 0, 5, 7 },   { 1, 0, 7 },        { 2, -1024, -1010 }, { -0.5, 1, -2.5 },
    { NAN, 5, 7 }, { INFINITY, 5, 7 }, { 2, NAN, 14 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Spec spec = make_spec (2, 2, 2);
      g_autoptr (GByteArray) file = NULL;
      g_autofree char *path = NULL;
      g_autoptr (PlVolume) volume = NULL;

      spec.slope = cases[i].slope;
      spec.intercept = cases[i].intercept;
      file = build_ramp (&spec, 8);
      path = write_file ("scaled.nii", file);
      volume = load (path, NULL);
      g_assert_cmpint (volume->type, ==, PL_DTYPE_INT16);
      g_assert_cmpfloat (pl_volume_value (volume, 1, 1, 1), ==, cases[i].value_of_7);
    }
}

static PlImageHeader
read_header (const Spec *spec)
{
  g_autoptr (GByteArray) file = build_header (spec);
  g_autofree char *path = write_file ("header.nii", file);
  g_autoptr (GError) error = NULL;
  PlImageHeader header;

  g_assert_true (pl_image_read_header (path, -1, &header, &error));
  g_assert_no_error (error);
  return header;
}

static void
assert_affine (const PlImageHeader *header, const double expected[12])
{
  for (int i = 0; i < 12; i++)
    g_assert_cmpfloat_with_epsilon (header->affine[i / 4][i % 4], expected[i], 1e-5);
}

/* A quarter turn about z with the third axis turned round, besides an sform that says other. */
static void
test_geometry (void)
{
  const double sform[12] = { -2, 0, 0, 5, 0, 3, 0, 6, 0, 0, 4, 7 };
  const double qform[12] = { 0, -3, 0, 1, 2, 0, 0, 2, 0, 0, -4, 3 };
  const double spacing[12] = { 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0 };
  Spec spec = make_spec (6, 5, 4);

  memcpy (spec.pixdim, (double[]){ -1, 2, 3, 4 }, 4 * sizeof (double));
  memcpy (spec.quatern, (double[]){ 0, 0, sqrt (0.5) }, sizeof spec.quatern);
  memcpy (spec.qoffset, (double[]){ 1, 2, 3 }, sizeof spec.qoffset);
  memcpy (spec.srow, sform, sizeof sform);
  for (int round = 0; round < 8; round++)
    {
      PlImageHeader header;

      spec.version = 1 + round / 4;
      spec.voxel_offset = spec.version == 1 ? 352 : 544;
      spec.sform_code = round % 2;
      spec.qform_code = round / 2 % 2;
      header = read_header (&spec);
      g_assert_cmpint (header.has_affine, ==, round % 4 != 0);
      g_assert_true (header.has_spacing);
      assert_affine (&header, round % 2 ? sform : round % 4 == 2 ? qform : spacing);
      for (int a = 0; a < 3; a++)
        g_assert_cmpfloat_with_epsilon (header.spacing_mm[a], 2 + a, 1e-5);
    }
}

/* An sform that flattens space or is not finite is passed over for the qform. */
static void
test_unusable_sform (void)
{
  Spec spec = make_spec (6, 5, 4);
  PlImageHeader header;

  spec.sform_code = spec.qform_code = 1;
  header = read_header (&spec);
  g_assert_cmpfloat (header.affine[1][1], ==, 1);
  memcpy (spec.srow, (double[]){ 9, 0, 0, NAN, 0, 9, 0, 0, 0, 0, 9, 0 }, sizeof spec.srow);
  header = read_header (&spec);
  g_assert_cmpfloat (header.affine[1][1], ==, 1);
  g_assert_true (header.has_affine);
  spec.qoffset[0] = NAN;
  header = read_header (&spec);
  g_assert_false (header.has_affine);
}

static void
test_units_and_spacing (void)
{
  Spec spec = make_spec (6, 5, 4);
  PlImageHeader header;

  spec.units = 3 | 8; /* micron, second */
  spec.pixdim[1] = 700;
  spec.pixdim[2] = -500;
  header = read_header (&spec);
  g_assert_cmpfloat_with_epsilon (header.spacing_mm[0], 0.7, 1e-9);
  g_assert_cmpfloat_with_epsilon (header.spacing_mm[1], 0.5, 1e-9);
  spec.units = 1;
  spec.sform_code = 1;
  memcpy (spec.srow, (double[]){ 0.001, 0, 0, 0.25, 0, 0.001, 0, 0, 0, 0, 0.002, 0 },
          sizeof spec.srow);
  header = read_header (&spec);
  g_assert_cmpfloat_with_epsilon (header.affine[0][3], 250, 1e-4);
  g_assert_cmpfloat_with_epsilon (header.spacing_mm[2], 2, 1e-6);
  spec = make_spec (6, 5, 1);
  spec.pixdim[3] = 0;
  header = read_header (&spec);
  g_assert_true (header.has_spacing);
  g_assert_cmpfloat (header.spacing_mm[2], ==, 1);
  spec.pixdim[1] = NAN;
  header = read_header (&spec);
  g_assert_false (header.has_spacing);
  g_assert_cmpfloat (header.spacing_mm[0], ==, 1);
}

static void
test_pages (void)
{
  for (int n_dims = 4; n_dims <= 5; n_dims++)
    for (int is_packed = 0; is_packed < 2; is_packed++)
      {
        Spec spec = make_spec (3, 4, 2);
        g_autoptr (GByteArray) bytes = NULL;
        g_autoptr (GByteArray) packed = NULL;
        g_autofree char *path = NULL;
        g_autoptr (GError) error = NULL;
        PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;

        spec.dim[0] = n_dims;
        spec.dim[n_dims] = 3;
        bytes = build_ramp (&spec, 72);
        packed = compress_bytes (bytes);
        path = write_file ("pages.nii", is_packed ? packed : bytes);
        for (options.page = 0; options.page < 3; options.page++)
          {
            g_autoptr (PlVolume) volume = load (path, &options);

            g_assert_cmpint (volume->header.pages, ==, 3);
            g_assert_cmpfloat (pl_volume_value (volume, 0, 0, 0), ==, 24 * options.page);
            g_assert_cmpfloat (pl_volume_value (volume, 1, 3, 2), ==, 24 * options.page + 23);
          }
        g_assert_null (pl_volume_load (path, &options, NULL, &error));
        g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_MISMATCH);
        options.page = -1;
        g_assert_null (pl_volume_load (path, &options, NULL, NULL));
      }
}

static void
test_few_dimensions (void)
{
  Spec spec = make_spec (6, 4, 0);
  g_autoptr (GByteArray) file = NULL;
  g_autofree char *path = NULL;
  g_autoptr (PlVolume) volume = NULL;

  spec.dim[0] = 2;
  file = build_ramp (&spec, 24);
  path = write_file ("plane.nii", file);
  volume = load (path, NULL);
  g_assert_cmpint (volume->n[0], ==, 1);
  g_assert_cmpint (volume->n[1], ==, 4);
  g_assert_cmpint (volume->n[2], ==, 6);
  g_assert_cmpfloat (pl_volume_value (volume, 0, 1, 2), ==, 8);
}

/* Kaggle's shape: slice axis first, whatever the affine says. */
static void
test_slice_axis_first (void)
{
  Spec spec = make_spec (37, 70, 70);
  g_autoptr (GByteArray) file = NULL;
  g_autofree char *path = NULL;
  g_autoptr (PlVolume) volume = NULL;
  const gint16 *voxels;

  spec.sform_code = 1;
  spec.srow[0] = spec.srow[5] = spec.srow[10] = 1;
  file = build_ramp (&spec, 37 * 70 * 70);
  path = write_file ("first.nii", file);
  volume = load (path, NULL);
  g_assert_false (volume->header.axis_by_affine);
  g_assert_cmpstr (volume->orientation, ==, "");
  g_assert_cmpint (volume->n[0], ==, 37);
  voxels = volume->voxels;
  for (int s = 0; s < 37; s++)
    for (int r = 0; r < 70; r++)
      for (int c = 0; c < 70; c++)
        g_assert_cmpint (*voxels++, ==, (gint16) ((c * 70 + r) * 37 + s));
}

static void
test_pairs (void)
{
  static const struct
  {
    const char *header;
    const char *voxels;
    gboolean is_packed;
  } cases[] = {
    { "pair.hdr", "pair.img", FALSE },
    { "PAIR.HDR", "PAIR.IMG", FALSE },
    { "half.hdr", "half.img.gz", TRUE },
    { "both.hdr.gz", "both.img.gz", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Spec spec = make_spec (4, 3, 2);
      g_autoptr (GByteArray) ramp = build_ramp (&spec, 24);
      g_autoptr (GByteArray) header = NULL;
      g_autoptr (GByteArray) packed = NULL;
      g_autofree char *header_path = NULL;
      g_autofree char *voxel_path = NULL;
      g_autoptr (PlVolume) volume = NULL;
      g_autoptr (PlVolume) again = NULL;
      g_autoptr (GError) error = NULL;

      memset (ramp->data, 0, 352);
      packed = compress_bytes (ramp);
      spec.is_pair = TRUE;
      spec.version = 1 + (int) i % 2;
      header = build_header (&spec);
      header_path = write_file (cases[i].header, header);
      g_assert_false (pl_image_name_is_supported (header_path));
      g_assert_null (pl_volume_load (header_path, NULL, NULL, &error));
      g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT);
      voxel_path = write_file (cases[i].voxels, cases[i].is_packed ? packed : ramp);
      g_assert_true (pl_image_name_is_supported (header_path));
      volume = load (header_path, NULL);
      again = load (voxel_path, NULL);
      g_assert_cmpfloat (pl_volume_value (volume, 1, 2, 3), ==, 23);
      g_assert_cmpmem (volume->voxels, 48, again->voxels, 48);
      g_remove (header_path);
      g_clear_error (&error);
      g_assert_null (pl_volume_load (voxel_path, NULL, NULL, &error));
      g_assert_nonnull (error);
      g_remove (voxel_path);
    }
}

static void
test_offset (void)
{
  const double offsets[] = { 0, 352, 416, 4000 };

  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      Spec spec = make_spec (4, 3, 2);
      g_autoptr (GByteArray) file = NULL;
      g_autofree char *path = NULL;
      g_autoptr (PlVolume) volume = NULL;

      spec.voxel_offset = offsets[i];
      file = build_ramp (&spec, 24);
      path = write_file ("offset.nii", file);
      volume = load (path, NULL);
      g_assert_cmpfloat (pl_volume_value (volume, 1, 2, 3), ==, 23);
    }
}

static void
test_like (void)
{
  Spec spec = make_spec (16, 12, 8);
  g_autoptr (GByteArray) file = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  PlImageHeader like;
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlMask) mask = NULL;

  spec.sform_code = 1;
  spec.srow[2] = spec.srow[4] = spec.srow[9] = 1; /* x back–front, y feet–head, z left–right */
  like = read_header (&spec);
  g_assert_cmpint (like.slice_axis, ==, 1);
  spec.sform_code = 0;
  file = build_ramp (&spec, 16 * 12 * 8);
  for (guint i = 352; i < file->len; i += 2)
    put_int (file->data + i, i % 3 == 0, 2, FALSE);
  path = write_file ("mask.nii", file);
  options.like = &like;
  volume = load (path, &options);
  mask = pl_mask_load (path, &like, NULL, &error);
  g_assert_no_error (error);
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpint (volume->header.axis[i], ==, like.axis[i]);
      g_assert_cmpint (volume->header.flip[i], ==, like.flip[i]);
      g_assert_cmpint (mask->n[i], ==, like.shape[like.axis[i]]);
    }
  g_assert_cmpint (pl_mask_slice (mask, 3)[2], ==, (int) pl_volume_value (volume, 3, 0, 2));
  like.shape[2] = 9;
  g_assert_null (pl_mask_load (path, &like, NULL, &error));
  g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_MISMATCH);
}

/* What the progress callback saw. */
typedef struct
{
  int n_calls;
  int n_ready;
  double fraction;
  GCancellable *cancel; /* (nullable) */
} Watch;

static void
watch_cb (PlVolume *volume, double fraction, gpointer data)
{
  Watch *watch = data;
  int n_ready = pl_volume_ready_slices (volume);

  g_assert_cmpint (n_ready, >=, watch->n_ready);
  g_assert_cmpfloat (fraction, >=, watch->fraction);
  for (int s = watch->n_ready; s < n_ready; s++)
    g_assert_cmpfloat (pl_volume_value (volume, s, 1, 2), ==, (gint16) (s * 262144 + 514));
  watch->n_ready = n_ready;
  watch->fraction = fraction;
  watch->n_calls++;
  if (watch->cancel != NULL)
    g_cancellable_cancel (watch->cancel);
}

static void
test_progress_and_cancel (void)
{
  const Spec spec = make_spec (512, 512, 24);
  g_autoptr (GByteArray) bytes = build_ramp (&spec, 512 * 512 * 24);
  g_autofree char *path = write_file ("progress.nii", bytes);
  Watch watch = { .n_calls = 0 };
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  options.progress = watch_cb;
  options.progress_data = &watch;
  volume = load (path, &options);
  g_assert_cmpint (watch.n_calls, >=, 2);
  g_assert_cmpint (watch.n_ready, ==, 24);
  g_assert_cmpfloat (watch.fraction, ==, 1.0);
  watch = (Watch){ .cancel = cancellable };
  g_assert_null (pl_volume_load (path, &options, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (watch.n_calls, ==, 1);
  g_remove (path);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static PlVolume *
load_async (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pl_volume_load_async (path, NULL, cancellable, loaded_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return pl_volume_load_finish (result, error);
}

static void
test_async (void)
{
  const Spec spec = make_spec (4, 3, 2);
  g_autoptr (GByteArray) file = build_ramp (&spec, 24);
  g_autofree char *path = write_file ("async.nii", file);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PlVolume) volume = load_async (path, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (volume->path, ==, path);
  g_assert_cmpfloat (pl_volume_value (volume, 1, 2, 3), ==, 23);
  g_cancellable_cancel (cancellable);
  g_assert_null (load_async (path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_remove (path);
  g_assert_null (load_async (path, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
remove_folder (void)
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

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("pleura-nifti-XXXXXX", NULL);
  g_test_add_func ("/image/nifti/types", test_types);
  g_test_add_func ("/image/nifti/colour", test_colour);
  g_test_add_func ("/image/nifti/unsupported-types", test_unsupported_types);
  g_test_add_func ("/image/nifti/bad-fields", test_bad_fields);
  g_test_add_func ("/image/nifti/bad-magic", test_bad_magic);
  g_test_add_func ("/image/nifti/oversize", test_oversize);
  g_test_add_func ("/image/nifti/every-truncation", test_every_truncation);
  g_test_add_func ("/image/nifti/every-flipped-bit", test_every_flipped_bit);
  g_test_add_func ("/image/nifti/damaged-checksum", test_damaged_checksum);
  g_test_add_func ("/image/nifti/scaling", test_scaling);
  g_test_add_func ("/image/nifti/geometry", test_geometry);
  g_test_add_func ("/image/nifti/unusable-sform", test_unusable_sform);
  g_test_add_func ("/image/nifti/units-and-spacing", test_units_and_spacing);
  g_test_add_func ("/image/nifti/pages", test_pages);
  g_test_add_func ("/image/nifti/few-dimensions", test_few_dimensions);
  g_test_add_func ("/image/nifti/slice-axis-first", test_slice_axis_first);
  g_test_add_func ("/image/nifti/pairs", test_pairs);
  g_test_add_func ("/image/nifti/offset", test_offset);
  g_test_add_func ("/image/nifti/like", test_like);
  g_test_add_func ("/image/nifti/progress-and-cancel", test_progress_and_cancel);
  g_test_add_func ("/image/nifti/async", test_async);
  status = g_test_run ();
  remove_folder ();
  return status;
}
