/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Volumes, masks, the rule for the slice axis, and what names are images. */
#include <math.h>
#include <string.h>

#include "image/volume-load.h"

static PlImageHeader
make_header (int x, int y, int z)
{
  return (PlImageHeader){
    .format = PL_FORMAT_NIFTI1,
    .shape = { x, y, z },
    .stored = PL_DTYPE_INT16,
    .n_samples = 1,
    .pages = 1,
    .spacing_mm = { 1, 1, 1 },
    .affine = { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 } },
    .slope = 1,
  };
}

/* The affine sends file axis a along world axis world[a], by step[a]. */
static void
set_affine (PlImageHeader *header, const int world[3], const double step[3])
{
  header->has_affine = TRUE;
  memset (header->affine, 0, sizeof header->affine);
  for (int a = 0; a < 3; a++)
    {
      header->affine[world[a]][a] = step[a];
      header->affine[a][3] = 10.0 * (a + 1);
      header->spacing_mm[a] = fabs (step[a]);
    }
}

static PlVolume *
make_volume (const PlImageHeader *header, PlDType type)
{
  g_autoptr (GError) error = NULL;
  PlVolume *volume = pl_volume_new (header, type, "test", &error);

  g_assert_no_error (error);
  return volume;
}

static void
assert_axes (const PlImageHeader *header, int slice, int row, int column)
{
  g_assert_cmpint (header->slice_axis, ==, slice);
  g_assert_cmpint (header->axis[0], ==, slice);
  g_assert_cmpint (header->axis[1], ==, row);
  g_assert_cmpint (header->axis[2], ==, column);
  g_assert_false (header->flip[0]);
}

static void
test_axes_by_shape (void)
{
  static const struct
  {
    int shape[3];
    int axes[3];
  } cases[] = {
    { { 7, 16, 16 }, { 0, 1, 2 } },  { { 16, 7, 16 }, { 1, 2, 0 } }, { { 16, 16, 7 }, { 2, 1, 0 } },
    { { 16, 16, 16 }, { 2, 1, 0 } }, { { 16, 12, 7 }, { 2, 1, 0 } }, { { 16, 12, 1 }, { 2, 1, 0 } },
    { { 1, 16, 12 }, { 0, 1, 2 } },  { { 16, 16, 1 }, { 2, 1, 0 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PlImageHeader header = make_header (cases[i].shape[0], cases[i].shape[1], cases[i].shape[2]);

      pl_header_choose_axes (&header, -1);
      assert_axes (&header, cases[i].axes[0], cases[i].axes[1], cases[i].axes[2]);
      g_assert_false (header.axis_by_affine);
      g_assert_false (header.flip[1] || header.flip[2]);
    }
}

static void
test_axes_of_tiff (void)
{
  PlImageHeader header = make_header (12, 12, 16);

  header.format = PL_FORMAT_TIFF;
  pl_header_choose_axes (&header, -1);
  assert_axes (&header, 0, 1, 2);
}

/* Kaggle's volumes: the slice axis is the first, and the affine says it is left–right. */
static void
test_axes_with_wrong_affine (void)
{
  PlImageHeader header = make_header (7, 16, 16);

  set_affine (&header, (int[]){ 0, 1, 2 }, (double[]){ 1, 1, 1 });
  pl_header_choose_axes (&header, -1);
  assert_axes (&header, 0, 1, 2);
  g_assert_false (header.axis_by_affine);
  g_assert_false (header.flip[1] || header.flip[2]);
  pl_header_choose_axes (&header, 1); /* it does not become truer by that */
  g_assert_false (header.axis_by_affine);
}

/* A true one of such a volume: whoever chooses the axis that it calls feet–head says so. */
static void
test_axes_with_affine_believed (void)
{
  PlImageHeader header = make_header (7, 16, 16);
  g_autoptr (PlVolume) volume = NULL;

  set_affine (&header, (int[]){ 0, 2, 1 }, (double[]){ 1, 1, 1 });
  pl_header_choose_axes (&header, 2);
  g_assert_false (header.axis_by_affine);
  pl_header_choose_axes (&header, 1);
  assert_axes (&header, 1, 2, 0);
  g_assert_true (header.axis_by_affine && header.flip[1] && header.flip[2]);
  volume = make_volume (&header, PL_DTYPE_INT16);
  g_assert_cmpstr (volume->orientation, ==, "SPL");
}

/* What is loaded by rule is loaded again by its axis. */
static void
test_axes_of_rule_chosen (void)
{
  static const int worlds[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                   { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
  static const int shapes[][3] = { { 7, 16, 16 }, { 16, 7, 16 }, { 16, 16, 7 }, { 9, 8, 7 } };

  for (gsize i = 0; i < G_N_ELEMENTS (worlds) * G_N_ELEMENTS (shapes); i++)
    {
      const int *n = shapes[i / G_N_ELEMENTS (worlds)];
      PlImageHeader header = make_header (n[0], n[1], n[2]);
      PlImageHeader by_rule;

      set_affine (&header, worlds[i % G_N_ELEMENTS (worlds)], (double[]){ 1, -1, 1 });
      pl_header_choose_axes (&header, -1);
      by_rule = header;
      pl_header_choose_axes (&header, by_rule.slice_axis);
      g_assert_cmpint (header.axis_by_affine, ==, by_rule.axis_by_affine);
      g_assert_cmpmem (header.axis, sizeof header.axis, by_rule.axis, sizeof by_rule.axis);
      g_assert_cmpmem (header.flip, sizeof header.flip, by_rule.flip, sizeof by_rule.flip);
    }
}

static void
test_axes_by_affine (void)
{
  PlImageHeader header = make_header (9, 8, 7);
  g_autoptr (PlVolume) volume = NULL;

  /* x runs to the front, y to the feet, z to the right. */
  set_affine (&header, (int[]){ 1, 2, 0 }, (double[]){ 2, -3, 4 });
  pl_header_choose_axes (&header, -1);
  assert_axes (&header, 1, 0, 2);
  g_assert_true (header.axis_by_affine);
  g_assert_true (header.flip[1] && header.flip[2]);
  volume = make_volume (&header, PL_DTYPE_INT16);
  g_assert_cmpstr (volume->orientation, ==, "IPL");
  g_assert_cmpint (volume->n[0], ==, 8);
  g_assert_cmpint (volume->n[1], ==, 9);
  g_assert_cmpint (volume->n[2], ==, 7);
  g_assert_cmpfloat (volume->spacing_mm[0], ==, 3);
  g_assert_cmpfloat (volume->affine[1][1], ==, -2);
  g_assert_cmpfloat (volume->affine[1][3], ==, 20 + 2 * 8);
  g_assert_cmpfloat (volume->affine[0][2], ==, -4);
  g_assert_cmpfloat (volume->affine[0][3], ==, 10 + 4 * 6);
  g_assert_cmpfloat_with_epsilon (pl_volume_voxel_mm3 (volume), 24, 1e-12);
}

/* Coronal slices: two equal sides say which axis, the affine how they lie. */
static void
test_axes_of_coronal (void)
{
  PlImageHeader header = make_header (16, 7, 16);
  g_autoptr (PlVolume) volume = NULL;

  set_affine (&header, (int[]){ 2, 1, 0 }, (double[]){ 1, 2, -1 });
  pl_header_choose_axes (&header, -1);
  assert_axes (&header, 1, 0, 2);
  g_assert_true (header.axis_by_affine && header.flip[1] && !header.flip[2]);
  volume = make_volume (&header, PL_DTYPE_INT16);
  g_assert_cmpstr (volume->orientation, ==, "AIL");
}

static void
test_axes_of_oblique (void)
{
  PlImageHeader header = make_header (9, 8, 7);
  const double affine[3][4] = { { 0.8, -0.6, 0.1, 0 }, { 0.6, 0.8, 0.1, 0 }, { 0, -0.1, 1, 0 } };

  header.has_affine = TRUE;
  memcpy (header.affine, affine, sizeof affine);
  pl_header_choose_axes (&header, -1);
  assert_axes (&header, 2, 1, 0);
  g_assert_true (header.axis_by_affine && header.flip[1] && header.flip[2]);
}

static void
assert_edge (const PlVolume *volume, char letter, const char *expected)
{
  char name[3];

  pl_volume_name_edge (volume, letter, name);
  g_assert_cmpstr (name, ==, expected);
}

/* Columns run to the left and, a third as far, to the back; rows are at right angles to them, and
 * slices lean to the front, at first too little to be told. */
static void
test_edges (void)
{
  PlImageHeader header = make_header (16, 16, 7);
  const double affine[3][4] = { { -0.9, -0.3, 0, 0 }, { -0.3, 0.9, 0.2, 0 }, { 0, 0, 3, 0 } };
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlVolume) unknown = NULL;

  header.has_affine = TRUE;
  memcpy (header.affine, affine, sizeof affine);
  pl_header_choose_axes (&header, -1);
  volume = make_volume (&header, PL_DTYPE_INT16);
  g_assert_cmpstr (volume->orientation, ==, "SPL");
  assert_edge (volume, 'L', "LP");
  assert_edge (volume, 'R', "RA");
  assert_edge (volume, 'P', "PR");
  assert_edge (volume, 'A', "AL");
  assert_edge (volume, 'S', "S");
  volume->affine[1][0] = 0.4;
  assert_edge (volume, 'S', "SA");
  assert_edge (volume, 'I', "IP");
  assert_edge (volume, '\0', "");

  header = make_header (16, 16, 7);
  pl_header_choose_axes (&header, -1);
  unknown = make_volume (&header, PL_DTYPE_INT16);
  assert_edge (unknown, 'L', "L");
}

static void
test_axes_overridden (void)
{
  PlImageHeader header = make_header (9, 8, 7);

  set_affine (&header, (int[]){ 0, 1, 2 }, (double[]){ 1, 1, 1 });
  pl_header_choose_axes (&header, 0);
  assert_axes (&header, 0, 1, 2);
  g_assert_false (header.axis_by_affine || header.flip[1] || header.flip[2]);
  pl_header_choose_axes (&header, 2);
  g_assert_true (header.axis_by_affine && header.flip[1] && header.flip[2]);
}

static void
test_take_axes (void)
{
  PlImageHeader image = make_header (9, 8, 7);
  PlImageHeader mask = make_header (9, 8, 7);
  PlImageHeader stack = make_header (7, 8, 9);
  g_autoptr (GError) error = NULL;

  set_affine (&image, (int[]){ 0, 1, 2 }, (double[]){ 1, 1, 1 });
  pl_header_choose_axes (&image, -1);
  g_assert_true (pl_header_take_axes (&mask, &image, "mask", &error));
  assert_axes (&mask, 2, 1, 0);
  g_assert_true (mask.flip[1] && mask.flip[2]);
  stack.format = PL_FORMAT_TIFF;
  g_assert_true (pl_header_take_axes (&stack, &image, "mask", &error));
  assert_axes (&stack, 0, 1, 2);
  g_assert_true (stack.flip[1] && stack.flip[2]);
  mask.shape[1] = 5;
  g_assert_false (pl_header_take_axes (&mask, &image, "mask", &error));
  g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "9 × 5 × 7"));
}

/* Planes of each type against single values. */
static void
test_planes (void)
{
  for (PlDType type = PL_DTYPE_UINT8; type <= PL_DTYPE_FLOAT64; type++)
    {
      PlImageHeader header = make_header (5, 4, 3);
      g_autoptr (PlVolume) volume = NULL;
      float plane[20];

      header.slope = 0.5;
      header.intercept = -3;
      pl_header_choose_axes (&header, 2);
      volume = make_volume (&header, type);
      for (gsize i = 0; i < 60 * pl_dtype_size (type); i++)
        ((guint8 *) volume->voxels)[i] = (guint8) (i * 37 % 64);
      pl_volume_set_ready_slices (volume, 3);
      for (int axis = 0; axis < 3; axis++)
        for (int index = 0; index < volume->n[axis]; index++)
          {
            int n_columns = volume->n[axis == 2 ? 1 : 2];
            int n_rows = volume->n[axis == 0 ? 1 : 0];

            pl_volume_plane (volume, axis, index, plane);
            for (int i = 0; i < n_rows * n_columns; i++)
              {
                int u = i / n_columns;
                int v = i % n_columns;
                double value = axis == 0   ? pl_volume_value (volume, index, u, v)
                               : axis == 1 ? pl_volume_value (volume, u, index, v)
                                           : pl_volume_value (volume, u, v, index);

                g_assert_cmpfloat (plane[i], ==, (float) value);
              }
          }
    }
}

static void
test_values (void)
{
  PlImageHeader header = make_header (2, 2, 1);
  g_autoptr (PlVolume) volume = NULL;
  const gint16 voxels[4] = { -2000, 0, 7, 32767 };
  float slice[4];

  header.slope = 2;
  header.intercept = -1024;
  pl_header_choose_axes (&header, -1);
  volume = make_volume (&header, PL_DTYPE_INT16);
  g_assert_cmpint (pl_volume_ready_slices (volume), ==, 0);
  memcpy (volume->voxels, voxels, sizeof voxels);
  pl_volume_set_ready_slices (volume, 1);
  pl_volume_slice (volume, 0, slice);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat (slice[i], ==, 2.0f * voxels[i] - 1024.0f);
}

static void
test_too_large (void)
{
  PlImageHeader header = make_header (2000000000, 2000000000, 2000000000);
  g_autoptr (GError) error = NULL;

  pl_header_choose_axes (&header, -1);
  g_assert_null (pl_volume_new (&header, PL_DTYPE_FLOAT64, "huge.nii", &error));
  g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE);
  g_assert_true (g_str_has_prefix (error->message, "huge.nii: "));
  g_assert_nonnull (strstr (error->message, "2000000000"));
  g_clear_error (&error);
  header = make_header (100000, 100000, 1000);
  pl_header_choose_axes (&header, -1);
  g_assert_null (pl_volume_new (&header, PL_DTYPE_FLOAT64, NULL, &error));
  g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE);
}

static PlMask *
make_mask (const float values[4], GError **error)
{
  PlImageHeader header = make_header (2, 1, 2);
  g_autoptr (PlVolume) volume = NULL;

  pl_header_choose_axes (&header, 2);
  volume = make_volume (&header, PL_DTYPE_FLOAT32);
  memcpy (volume->voxels, values, 4 * sizeof *values);
  pl_volume_set_ready_slices (volume, 2);
  return pl_mask_new_from_volume (volume, error);
}

static void
test_mask_labels (void)
{
  static const struct
  {
    float values[4];
    guint8 labels[4];
  } cases[] = {
    { { 0, 0, 0, 0 }, { 0, 0, 0, 0 } },         { { 0, 1, 1, 0 }, { 0, 1, 1, 0 } },
    { { 0, 255, 0, 255 }, { 0, 1, 0, 1 } },     { { 255, 255, 255, 255 }, { 1, 1, 1, 1 } },
    { { 0, 65535, 0, 0 }, { 0, 1, 0, 0 } },     { { 0, 1, 2, 3 }, { 0, 1, 2, 3 } },
    { { 0, 1, 255, 254 }, { 0, 1, 255, 254 } }, { { 0, 2, 0, 2 }, { 0, 2, 0, 2 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PlMask) mask = make_mask (cases[i].values, &error);
      int max_label = 0;

      g_assert_no_error (error);
      g_assert_cmpmem (mask->labels, 4, cases[i].labels, 4);
      for (int k = 0; k < 4; k++)
        max_label = MAX (max_label, cases[i].labels[k]);
      g_assert_cmpint (mask->max_label, ==, max_label);
      g_assert_cmpmem (pl_mask_slice (mask, 1), 2, cases[i].labels + 2, 2);
    }
}

static void
test_mask_refused (void)
{
  static const float cases[][4] = {
    { 0, 1, 0.5f, 1 },    { 0, 256, 0, 0 }, { 0, -1, 0, 0 },       { 0, 1, 65535, 0 },
    { 0, 255, 65535, 0 }, { 0, NAN, 0, 0 }, { 0, INFINITY, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (make_mask (cases[i], &error));
      g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT);
      g_assert_true (g_str_has_prefix (error->message, "test: "));
    }
}

static void
test_references (void)
{
  PlMask *mask = pl_mask_new_take ((int[]){ 1, 1, 2 }, g_memdup2 ("\0\3", 2));

  g_assert_true (pl_mask_ref (mask) == mask);
  pl_mask_unref (mask);
  g_assert_cmpint (mask->max_label, ==, 3);
  pl_mask_unref (mask);
  pl_mask_unref (NULL);
  pl_volume_unref (NULL);
}

static void
test_names (void)
{
  static const struct
  {
    const char *path;
    gboolean is_supported;
    const char *stem;
  } cases[] = {
    { "a/IMG_1.nii.gz", TRUE, "IMG_1" }, { "IMG_1.NII", TRUE, "IMG_1" },
    { "b.c/x.y.tif", TRUE, "x.y" },      { "x.TIFF", TRUE, "x" },
    { "x.nii.bz2", FALSE, "x.nii.bz2" }, { "x.png", FALSE, "x.png" },
    { "none/x.hdr", FALSE, "x" },        { "x.img", FALSE, "x" },
    { ".nii", FALSE, ".nii" },           { "tif", FALSE, "tif" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *stem = pl_image_dup_stem (cases[i].path);

      g_assert_cmpint (pl_image_name_is_supported (cases[i].path), ==, cases[i].is_supported);
      g_assert_cmpstr (stem, ==, cases[i].stem);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/volume/axes-by-shape", test_axes_by_shape);
  g_test_add_func ("/image/volume/axes-of-tiff", test_axes_of_tiff);
  g_test_add_func ("/image/volume/axes-with-wrong-affine", test_axes_with_wrong_affine);
  g_test_add_func ("/image/volume/axes-with-affine-believed", test_axes_with_affine_believed);
  g_test_add_func ("/image/volume/axes-of-rule-chosen", test_axes_of_rule_chosen);
  g_test_add_func ("/image/volume/axes-by-affine", test_axes_by_affine);
  g_test_add_func ("/image/volume/axes-of-oblique", test_axes_of_oblique);
  g_test_add_func ("/image/volume/axes-of-coronal", test_axes_of_coronal);
  g_test_add_func ("/image/volume/edges", test_edges);
  g_test_add_func ("/image/volume/axes-overridden", test_axes_overridden);
  g_test_add_func ("/image/volume/take-axes", test_take_axes);
  g_test_add_func ("/image/volume/planes", test_planes);
  g_test_add_func ("/image/volume/values", test_values);
  g_test_add_func ("/image/volume/too-large", test_too_large);
  g_test_add_func ("/image/volume/mask-labels", test_mask_labels);
  g_test_add_func ("/image/volume/mask-refused", test_mask_refused);
  g_test_add_func ("/image/volume/references", test_references);
  g_test_add_func ("/image/volume/names", test_names);
  return g_test_run ();
}
