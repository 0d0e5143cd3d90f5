/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading of NIfTI files in all their kinds. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "nifti-file.h"

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

static PlVolume *
load (const char *path, const PlLoadOptions *options)
{
  g_autoptr (GError) error = NULL;
  PlVolume *volume = pl_volume_load (path, options, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pl_volume_ready_slices (volume), ==, volume->n[0]);
  return volume;
}

/* Voxel i is 3 − i, or 3 + i in unsigned types, in every type, version and byte order. */
static void
test_types (void)
{
  for (int round = 0; round < 4 * (int) G_N_ELEMENTS (types); round++)
    {
      PlDType type = types[round / 4].type;
      gsize size = pl_dtype_size (type);
      NiftiSpec spec = nifti_spec (4, 3, 2);
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

          nifti_put (voxels + (gsize) i * size,
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
      file = nifti_build_file (&spec, voxels, 24, size);
      path = nifti_write_file ("types.nii", file);
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
      NiftiSpec spec = nifti_spec (3, 2, 1);
      g_autoptr (GByteArray) file = NULL;
      g_autofree char *path = NULL;
      g_autoptr (PlVolume) volume = NULL;

      spec.datatype = n_samples == 3 ? 128 : 2304;
      spec.bitpix = 8 * n_samples;
      spec.slope = 5; /* colour has no scaling */
      file = nifti_build_header (&spec);
      for (int i = 0; i < 6; i++)
        {
          g_byte_array_append (file, rgb + 3 * i, 3);
          g_byte_array_append (file, rgb, (guint) n_samples - 3);
        }
      path = nifti_write_file ("colour.nii", file);
      volume = load (path, NULL);
      g_assert_cmpint (volume->header.n_samples, ==, n_samples);
      g_assert_cmpint (volume->type, ==, PL_DTYPE_UINT8);
      for (int i = 0; i < 6; i++)
        g_assert_cmpfloat (pl_volume_value (volume, 0, i / 3, i % 3), ==, gray[i]);
    }
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
      NiftiSpec spec = nifti_spec (2, 2, 2);
      g_autoptr (GByteArray) file = NULL;
      g_autofree char *path = NULL;
      g_autoptr (PlVolume) volume = NULL;

      spec.slope = cases[i].slope;
      spec.intercept = cases[i].intercept;
      file = nifti_build_ramp (&spec, 8);
      path = nifti_write_file ("scaled.nii", file);
      volume = load (path, NULL);
      g_assert_cmpint (volume->type, ==, PL_DTYPE_INT16);
      g_assert_cmpfloat (pl_volume_value (volume, 1, 1, 1), ==, cases[i].value_of_7);
    }
}

static PlImageHeader
read_header (const NiftiSpec *spec)
{
  g_autoptr (GByteArray) file = nifti_build_header (spec);
  g_autofree char *path = nifti_write_file ("header.nii", file);
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
  NiftiSpec spec = nifti_spec (6, 5, 4);

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
  NiftiSpec spec = nifti_spec (6, 5, 4);
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
  NiftiSpec spec = nifti_spec (6, 5, 4);
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
  spec = nifti_spec (6, 5, 1);
  spec.pixdim[3] = 0;
  header = read_header (&spec);
  g_assert_true (header.has_spacing);
  g_assert_cmpfloat (header.spacing_mm[2], ==, 1);
  spec.pixdim[1] = NAN;
  header = read_header (&spec);
  g_assert_false (header.has_spacing);
  g_assert_cmpfloat (header.spacing_mm[0], ==, 1);
  spec = nifti_spec (6, 5, 4); /* 1 mm, and 1 of nothing */
  g_assert_true (read_header (&spec).has_spacing);
  spec.units = 0;
  g_assert_false (read_header (&spec).has_spacing);
  spec.pixdim[3] = 2;
  g_assert_true (read_header (&spec).has_spacing);
}

static void
test_pages (void)
{
  for (int n_dims = 4; n_dims <= 5; n_dims++)
    for (int is_packed = 0; is_packed < 2; is_packed++)
      {
        NiftiSpec spec = nifti_spec (3, 4, 2);
        g_autoptr (GByteArray) bytes = NULL;
        g_autoptr (GByteArray) packed = NULL;
        g_autofree char *path = NULL;
        g_autoptr (GError) error = NULL;
        PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;

        spec.dim[0] = n_dims;
        spec.dim[n_dims] = 3;
        bytes = nifti_build_ramp (&spec, 72);
        packed = nifti_compress (bytes);
        path = nifti_write_file ("pages.nii", is_packed ? packed : bytes);
        for (options.page = 0; options.page < 3; options.page++)
          {
            g_autoptr (PlVolume) volume = load (path, &options);

            g_assert_cmpint (volume->header.pages, ==, 3);
            g_assert_cmpint (volume->header.page, ==, options.page);
            g_assert_cmpfloat (pl_volume_value (volume, 0, 0, 0), ==, 24 * options.page);
            g_assert_cmpfloat (pl_volume_value (volume, 1, 3, 2), ==, 24 * options.page + 23);
          }
        g_assert_null (pl_volume_load (path, &options, NULL, &error));
        g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_MISMATCH);
        options.page = -1;
        g_assert_null (pl_volume_load (path, &options, NULL, NULL));
      }
}

/* A 4D mask is read where its image is; a 3D one serves each of its volumes. */
static void
test_page_of_mask (void)
{
  NiftiSpec spec = nifti_spec (2, 3, 4);
  guint8 labels[72] = { 0 };
  PlImageHeader like = { .format = PL_FORMAT_NIFTI1, .shape = { 2, 3, 4 }, .pages = 4 };

  spec.datatype = 2;
  spec.bitpix = 8;
  spec.dim[0] = 4;
  labels[48] = 1; /* the first voxel of volume 2 */
  for (spec.dim[4] = 1; spec.dim[4] <= 3; spec.dim[4] += 2)
    {
      int pages = (int) spec.dim[4];
      const guint8 *voxels = pages == 1 ? labels + 48 : labels;
      g_autoptr (GByteArray) file = nifti_build_file (&spec, voxels, 24 * (gsize) pages, 1);
      g_autofree char *path = nifti_write_file ("mask.nii", file);

      pl_header_choose_axes (&like, 2);
      for (like.page = 0; like.page < 4; like.page++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (PlMask) mask = pl_mask_load (path, &like, NULL, &error);

          if (like.page == 3 && pages == 3)
            {
              g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_MISMATCH);
              g_assert_nonnull (strstr (error->message, "mask.nii: volume 3"));
              continue;
            }
          g_assert_no_error (error);
          g_assert_cmpint (mask->max_label, ==, pages == 1 || like.page == 2);
        }
    }
}

static void
test_few_dimensions (void)
{
  NiftiSpec spec = nifti_spec (6, 4, 0);
  g_autoptr (GByteArray) file = NULL;
  g_autofree char *path = NULL;
  g_autoptr (PlVolume) volume = NULL;

  spec.dim[0] = 2;
  file = nifti_build_ramp (&spec, 24);
  path = nifti_write_file ("plane.nii", file);
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
  NiftiSpec spec = nifti_spec (37, 70, 70);
  g_autoptr (GByteArray) file = NULL;
  g_autofree char *path = NULL;
  g_autoptr (PlVolume) volume = NULL;
  const gint16 *voxels;

  spec.sform_code = 1;
  spec.srow[0] = spec.srow[5] = spec.srow[10] = 1;
  file = nifti_build_ramp (&spec, 37 * 70 * 70);
  path = nifti_write_file ("first.nii", file);
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
      NiftiSpec spec = nifti_spec (4, 3, 2);
      g_autoptr (GByteArray) ramp = nifti_build_ramp (&spec, 24);
      g_autoptr (GByteArray) header = NULL;
      g_autoptr (GByteArray) packed = NULL;
      g_autofree char *header_path = NULL;
      g_autofree char *voxel_path = NULL;
      g_autoptr (PlVolume) volume = NULL;
      g_autoptr (PlVolume) again = NULL;
      g_autoptr (GError) error = NULL;

      memset (ramp->data, 0, 352);
      packed = nifti_compress (ramp);
      spec.is_pair = TRUE;
      spec.version = 1 + (int) i % 2;
      header = nifti_build_header (&spec);
      header_path = nifti_write_file (cases[i].header, header);
      g_assert_false (pl_image_name_is_supported (header_path));
      g_assert_null (pl_volume_load (header_path, NULL, NULL, &error));
      g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT);
      voxel_path = nifti_write_file (cases[i].voxels, cases[i].is_packed ? packed : ramp);
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
      NiftiSpec spec = nifti_spec (4, 3, 2);
      g_autoptr (GByteArray) file = NULL;
      g_autofree char *path = NULL;
      g_autoptr (PlVolume) volume = NULL;

      spec.voxel_offset = offsets[i];
      file = nifti_build_ramp (&spec, 24);
      path = nifti_write_file ("offset.nii", file);
      volume = load (path, NULL);
      g_assert_cmpfloat (pl_volume_value (volume, 1, 2, 3), ==, 23);
    }
}

static void
test_like (void)
{
  NiftiSpec spec = nifti_spec (16, 12, 8);
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
  file = nifti_build_ramp (&spec, 16 * 12 * 8);
  for (guint i = 352; i < file->len; i += 2)
    memcpy (file->data + i, &(gint16){ i % 3 == 0 }, 2);
  path = nifti_write_file ("mask.nii", file);
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
  const NiftiSpec spec = nifti_spec (512, 512, 24);
  g_autoptr (GByteArray) bytes = nifti_build_ramp (&spec, 512 * 512 * 24);
  g_autofree char *path = nifti_write_file ("progress.nii", bytes);
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
  const NiftiSpec spec = nifti_spec (4, 3, 2);
  g_autoptr (GByteArray) file = nifti_build_ramp (&spec, 24);
  g_autofree char *path = nifti_write_file ("async.nii", file);
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

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  nifti_folder_make ();
  g_test_add_func ("/image/nifti/types", test_types);
  g_test_add_func ("/image/nifti/colour", test_colour);
  g_test_add_func ("/image/nifti/scaling", test_scaling);
  g_test_add_func ("/image/nifti/geometry", test_geometry);
  g_test_add_func ("/image/nifti/unusable-sform", test_unusable_sform);
  g_test_add_func ("/image/nifti/units-and-spacing", test_units_and_spacing);
  g_test_add_func ("/image/nifti/pages", test_pages);
  g_test_add_func ("/image/nifti/page-of-mask", test_page_of_mask);
  g_test_add_func ("/image/nifti/few-dimensions", test_few_dimensions);
  g_test_add_func ("/image/nifti/slice-axis-first", test_slice_axis_first);
  g_test_add_func ("/image/nifti/pairs", test_pairs);
  g_test_add_func ("/image/nifti/offset", test_offset);
  g_test_add_func ("/image/nifti/like", test_like);
  g_test_add_func ("/image/nifti/progress-and-cancel", test_progress_and_cancel);
  g_test_add_func ("/image/nifti/async", test_async);
  status = g_test_run ();
  nifti_folder_remove ();
  return status;
}
