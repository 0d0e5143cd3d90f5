/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NIfTI files that are broken, and must be refused with a word about why. */
#include <math.h>
#include <string.h>

#include "nifti-file.h"

/* Loading @file must fail with @code and a message that has @text in it. */
static void
assert_refused (const GByteArray *file, int code, const char *text)
{
  g_autofree char *path = nifti_write_file ("refused.nii", file);
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_volume_load (path, NULL, NULL, &error));
  g_assert_error (error, PL_IMAGE_ERROR, code);
  g_assert_true (g_str_has_prefix (error->message, path));
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” is not in “%s”", text, error->message);
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
      NiftiSpec spec = nifti_spec (2, 2, 2);
      g_autoptr (GByteArray) file = NULL;

      spec.datatype = cases[i].code;
      file = nifti_build_ramp (&spec, 8);
      assert_refused (file, PL_IMAGE_ERROR_UNSUPPORTED, cases[i].name);
    }
}

static void
assert_spec_refused (const NiftiSpec *spec, int code, const char *text)
{
  g_autoptr (GByteArray) file = nifti_build_ramp (spec, 8);

  assert_refused (file, code, text);
}

static void
test_bad_fields (void)
{
  const NiftiSpec good = nifti_spec (2, 2, 2);
  const double offsets[] = { 100, -1, 351, 352.5, NAN, INFINITY };
  NiftiSpec spec = good;

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
  const NiftiSpec spec = nifti_spec (2, 2, 2);
  g_autoptr (GByteArray) file = nifti_build_ramp (&spec, 8);

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
  NiftiSpec spec = nifti_spec (30000, 30000, 30000);
  g_autoptr (GByteArray) bytes = nifti_build_ramp (&spec, 100);
  g_autoptr (GByteArray) packed = nifti_compress (bytes);

  assert_refused (bytes, PL_IMAGE_ERROR_TOO_LARGE, "30000 × 30000 × 30000");
  assert_refused (packed, PL_IMAGE_ERROR_TOO_LARGE, "30000 × 30000 × 30000");
  spec = nifti_spec (1000, 1000, 1);
  g_byte_array_unref (g_steal_pointer (&bytes));
  bytes = nifti_build_ramp (&spec, 1000);
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
      NiftiSpec spec = nifti_spec (5, 4, 3);
      g_autoptr (GByteArray) bytes = NULL;
      g_autoptr (GByteArray) packed = NULL;
      const GByteArray *file;

      spec.version = 1 + round % 2;
      spec.voxel_offset = spec.version == 1 ? 352 : 544;
      bytes = nifti_build_ramp (&spec, 60);
      packed = nifti_compress (bytes);
      file = round < 2 ? bytes : packed;
      for (guint n = 0; n < file->len; n++)
        {
          g_autofree char *path = nifti_write_bytes ("truncated.nii", file->data, n);
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
      NiftiSpec spec = nifti_spec (5, 4, 3);
      g_autoptr (GByteArray) file = NULL;
      int n_loaded = 0;
      int n_refused = 0;

      spec.version = version;
      spec.voxel_offset = version == 1 ? 352 : 544;
      spec.sform_code = 1;
      spec.srow[0] = spec.srow[5] = spec.srow[10] = 2;
      file = nifti_build_ramp (&spec, 60);
      for (int i = 0; i < 8 * (int) spec.voxel_offset; i++)
        {
          g_autofree char *path = NULL;
          g_autoptr (PlVolume) volume = NULL;
          g_autoptr (GError) error = NULL;

          file->data[i / 8] ^= (guint8) (1 << i % 8);
          path = nifti_write_file ("flipped.nii", file);
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
  const NiftiSpec spec = nifti_spec (5, 4, 3);
  g_autoptr (GByteArray) bytes = nifti_build_ramp (&spec, 60);
  g_autoptr (GByteArray) file = nifti_compress (bytes);

  file->data[file->len - 8] ^= 1;
  assert_refused (file, PL_IMAGE_ERROR_FORMAT, "compressed data");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  nifti_folder_make ();
  g_test_add_func ("/image/nifti-broken/unsupported-types", test_unsupported_types);
  g_test_add_func ("/image/nifti-broken/bad-fields", test_bad_fields);
  g_test_add_func ("/image/nifti-broken/bad-magic", test_bad_magic);
  g_test_add_func ("/image/nifti-broken/oversize", test_oversize);
  g_test_add_func ("/image/nifti-broken/every-truncation", test_every_truncation);
  g_test_add_func ("/image/nifti-broken/every-flipped-bit", test_every_flipped_bit);
  g_test_add_func ("/image/nifti-broken/damaged-checksum", test_damaged_checksum);
  status = g_test_run ();
  nifti_folder_remove ();
  return status;
}
