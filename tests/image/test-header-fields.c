/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/header-fields.h"

#include "image/nifti-file.h"
#include "image/tiff-write.h"

#include <tiffio.h>

static const char *
find (const GPtrArray *fields, const char *name)
{
  for (guint i = 0; i < fields->len; i++)
    {
      const PlHeaderField *field = g_ptr_array_index (fields, i);

      if (g_str_equal (field->name, name))
        return field->value;
    }
  return NULL;
}

/* Both versions, both byte orders, alone and compressed: the same text. */
static void
test_nifti (void)
{
  for (int i = 0; i < 8; i++)
    {
      NiftiSpec spec = nifti_spec (5, 4, 3);
      g_autoptr (GByteArray) bytes = NULL;
      g_autoptr (GByteArray) compressed = NULL;
      g_autofree char *path = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) fields = NULL;

      spec.version = i & 1 ? 2 : 1;
      spec.voxel_offset = spec.version == 1 ? 352 : 544;
      spec.is_swapped = (i & 2) != 0;
      spec.pixdim[1] = 0.75;
      spec.slope = 2.5;
      spec.intercept = -1024;
      spec.sform_code = 1;
      for (int d = 0; d < 3; d++)
        spec.srow[5 * d] = 0.5 + d;
      bytes = nifti_build_ramp (&spec, 60);
      memcpy (bytes->data + (spec.version == 1 ? 148 : 240), "chest \xff phantom", 15);
      compressed = nifti_compress (bytes);
      path = nifti_write_file ("image.nii", i & 4 ? compressed : bytes);
      fields = pl_image_read_fields (path, spec.version == 1 ? PL_FORMAT_NIFTI1 : PL_FORMAT_NIFTI2,
                                     &error);
      g_assert_no_error (error);
      g_assert_cmpstr (find (fields, "dim"), ==, "3 5 4 3 1 1 1 1");
      g_assert_cmpstr (find (fields, "datatype"), ==, "4");
      g_assert_cmpstr (find (fields, "scl_slope"), ==, "2.5");
      g_assert_cmpstr (find (fields, "scl_inter"), ==, "-1024");
      g_assert_true (g_str_has_prefix (find (fields, "pixdim"), "1 0.75 1 1"));
      g_assert_cmpstr (find (fields, "srow_z"), ==, "0 0 2.5 0");
      g_assert_cmpstr (find (fields, "magic"), ==, spec.version == 1 ? "n+1" : "n+2");
      g_assert_cmpstr (find (fields, "descrip"), ==, "chest \xef\xbf\xbd phantom");
      g_assert_null (find (fields, "aux_file")); /* it is empty */
    }
}

static void
test_tiff (void)
{
  const int n[3] = { 1, 4, 6 };
  const double spacing_mm[3] = { 1, 0.5, 0.5 };
  gint16 voxels[24] = { 0 };
  g_autofree char *path = nifti_write_bytes ("image.tif", "", 0);
  g_autofree char *text = g_strnfill (3000, 'x');
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fields = NULL;
  TIFF *tif;

  g_assert_true (pl_tiff_write (path, n, PL_DTYPE_INT16, voxels, spacing_mm, NULL, NULL));
  tif = TIFFOpen (path, "r+");
  g_assert_nonnull (tif);
  TIFFSetField (tif, TIFFTAG_IMAGEDESCRIPTION, text);
  TIFFSetField (tif, TIFFTAG_MAKE, "A scanner");
  TIFFRewriteDirectory (tif);
  TIFFClose (tif);
  fields = pl_image_read_fields (path, PL_FORMAT_TIFF, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (find (fields, "ImageWidth"), ==, "6");
  g_assert_cmpstr (find (fields, "ImageLength"), ==, "4");
  g_assert_cmpstr (find (fields, "BitsPerSample"), ==, "16");
  g_assert_cmpstr (find (fields, "SampleFormat"), ==, "2");
  g_assert_cmpstr (find (fields, "XResolution"), ==, "20");
  g_assert_cmpstr (find (fields, "Make"), ==, "A scanner");
  g_assert_null (find (fields, "TileWidth"));
  g_assert_cmpint (g_utf8_strlen (find (fields, "ImageDescription"), -1), ==, 401);
}

static void
test_broken (void)
{
  g_autofree char *path = nifti_write_bytes ("broken", "\x5c\x01\0\0 and no more", 17);
  g_autoptr (GError) nifti_error = NULL;
  g_autoptr (GError) tiff_error = NULL;

  g_assert_null (pl_image_read_fields (path, PL_FORMAT_NIFTI1, &nifti_error));
  g_assert_error (nifti_error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TRUNCATED);
  g_assert_null (pl_image_read_fields (path, PL_FORMAT_TIFF, &tiff_error));
  g_assert_error (tiff_error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  nifti_folder_make ();
  g_test_add_func ("/image/header-fields/nifti", test_nifti);
  g_test_add_func ("/image/header-fields/tiff", test_tiff);
  g_test_add_func ("/image/header-fields/broken", test_broken);
  status = g_test_run ();
  nifti_folder_remove ();
  return status;
}
