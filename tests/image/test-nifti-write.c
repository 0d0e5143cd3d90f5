/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing of NIfTI files, and the way there and back through each of the 48 orientations. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "image/nifti-write.h"
#include "image/volume-load.h"

static char *folder;

/* A header whose voxels lie in memory as in the file: x fastest, nothing flipped. */
static PlImageHeader
make_header (int x, int y, int z)
{
  return (PlImageHeader){
    .format = PL_FORMAT_NIFTI1,
    .shape = { x, y, z },
    .stored = PL_DTYPE_INT16,
    .n_samples = 1,
    .pages = 1,
    .has_spacing = TRUE,
    .spacing_mm = { 1, 1, 1 },
    .affine = { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 } },
    .slope = 1,
    .slice_axis = 2,
    .axis = { 2, 1, 0 },
  };
}

static void
write_volume (const char *path,
              const PlImageHeader *like,
              PlDType type,
              const void *voxels,
              double slope,
              double intercept)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_nifti_write (path, like, type, voxels, slope, intercept, NULL, &error));
  g_assert_no_error (error);
}

static PlVolume *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  PlVolume *volume = pl_volume_load (path, NULL, NULL, &error);

  g_assert_no_error (error);
  return volume;
}

static char *
build_path (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* World axes of @order with the signs of @flips, sides 2, 3 and 4 mm, and an origin. */
static void
set_orientation (PlImageHeader *header, const int order[3], int flips)
{
  header->has_affine = TRUE;
  memset (header->affine, 0, sizeof header->affine);
  for (int a = 0; a < 3; a++)
    {
      header->spacing_mm[a] = 2 + a;
      header->affine[order[a]][a] = (flips >> a & 1 ? -1.0 : 1.0) * (2 + a);
      header->affine[a][3] = 7 * a - 5;
    }
}

/* Each voxel of memory must be the file's voxel at the same place in the patient. */
static void
assert_same_places (const PlVolume *volume, const PlImageHeader *header, const gint16 *voxels)
{
  const int *shape = header->shape;

  for (int s = 0; s < volume->n[0]; s++)
    for (int r = 0; r < volume->n[1]; r++)
      for (int c = 0; c < volume->n[2]; c++)
        {
          int at[3];

          for (int a = 0; a < 3; a++)
            {
              /* The file's affine has one entry a column: its inverse is written down. */
              int w = header->affine[0][a] != 0 ? 0 : header->affine[1][a] != 0 ? 1 : 2;
              double mm = volume->affine[w][0] * s + volume->affine[w][1] * r +
                          volume->affine[w][2] * c + volume->affine[w][3];

              at[a] = (int) lround ((mm - header->affine[w][3]) / header->affine[w][a]);
              g_assert_true (at[a] >= 0 && at[a] < shape[a]);
            }
          g_assert_true (
              ((const gint16 *) volume->voxels)[(s * volume->n[1] + r) * volume->n[2] + c] ==
              voxels[(at[2] * shape[1] + at[1]) * shape[0] + at[0]]);
        }
}

static void
test_orientations (void)
{
  static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                    { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
  const int n_voxels = 37 * 35 * 34;
  g_autofree gint16 *voxels = g_new (gint16, n_voxels);
  g_autofree char *image_path = build_path ("image.nii");
  g_autofree char *copy_path = build_path ("copy.nii");

  for (int i = 0; i < n_voxels; i++)
    voxels[i] = (gint16) (i * 31);
  for (int i = 0; i < 48; i++)
    {
      PlImageHeader header = make_header (37, 35, 34);
      g_autoptr (PlVolume) volume = NULL;
      g_autofree char *image = NULL;
      g_autofree char *copy = NULL;
      gsize n_image;
      gsize n_copy;

      set_orientation (&header, orders[i / 8], i % 8);
      write_volume (image_path, &header, PL_DTYPE_INT16, voxels, 1, 0);
      volume = load (image_path);
      g_assert_true (volume->header.axis_by_affine);
      g_assert_true (volume->orientation[0] == 'S' || volume->orientation[0] == 'I');
      g_assert_cmpstr (volume->orientation + 1, ==, "PL");
      g_assert_cmpmem (volume->header.affine, sizeof header.affine, header.affine,
                       sizeof header.affine);
      assert_same_places (volume, &header, voxels);
      write_volume (copy_path, &volume->header, PL_DTYPE_INT16, volume->voxels, 1, 0);
      g_assert_true (g_file_get_contents (image_path, &image, &n_image, NULL));
      g_assert_true (g_file_get_contents (copy_path, &copy, &n_copy, NULL));
      g_assert_cmpmem (image + 352, n_image - 352, voxels, 2 * n_voxels);
      g_assert_cmpmem (image, n_image, copy, n_copy);
    }
}

/* The quaternion alone must say what the sform says. */
static void
assert_qform_agrees (const PlImageHeader *header)
{
  g_autofree char *path = build_path ("qform.nii");
  g_autofree char *bytes = NULL;
  g_autofree guint8 *voxels = g_new0 (guint8, 3 * 4 * 5);
  g_autoptr (PlVolume) volume = NULL;
  gsize n;

  write_volume (path, header, PL_DTYPE_UINT8, voxels, 1, 0);
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  memset (bytes + 254, 0, 2);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) n, NULL));
  volume = load (path);
  g_assert_true (volume->header.has_affine);
  for (int i = 0; i < 12; i++)
    g_assert_cmpfloat_with_epsilon (volume->header.affine[i / 4][i % 4],
                                    header->affine[i / 4][i % 4], 1e-5);
}

static void
test_qform (void)
{
  static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                    { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
  PlImageHeader header = make_header (3, 4, 5);

  for (int i = 0; i < 48; i++)
    {
      set_orientation (&header, orders[i / 8], i % 8);
      assert_qform_agrees (&header);
    }
  for (int degrees = 5; degrees < 360; degrees += 50)
    {
      double c = cos (degrees * G_PI / 180);
      double s = sin (degrees * G_PI / 180);
      const double affine[3][4] = { { 2 * c, -3 * s * c, 4 * s * s, 1 },
                                    { 2 * s, 3 * c * c, -4 * s * c, 2 },
                                    { 0, 3 * s, 4 * c, 3 } };

      memcpy (header.affine, affine, sizeof affine);
      assert_qform_agrees (&header);
    }
}

/* An affine that is sheared has no quaternion, and is kept all the same. */
static void
test_sheared (void)
{
  PlImageHeader header = make_header (3, 4, 5);
  g_autofree char *path = build_path ("sheared.nii");
  g_autofree guint8 *voxels = g_new0 (guint8, 3 * 4 * 5);
  g_autoptr (PlVolume) volume = NULL;

  header.has_affine = TRUE;
  header.affine[0][1] = 0.5;
  header.spacing_mm[1] = sqrt (1.25);
  write_volume (path, &header, PL_DTYPE_UINT8, voxels, 1, 0);
  volume = load (path);
  g_assert_cmpfloat (volume->header.affine[0][1], ==, 0.5);
}

static void
test_types_and_scaling (void)
{
  g_autofree char *path = build_path ("types.nii.gz");
  PlImageHeader header = make_header (4, 3, 2);
  guint8 voxels[24 * 8];

  for (guint i = 0; i < sizeof voxels; i++)
    voxels[i] = (guint8) (i * 7 % 60);
  for (PlDType type = PL_DTYPE_UINT8; type <= PL_DTYPE_FLOAT64; type++)
    {
      g_autoptr (PlVolume) volume = NULL;

      write_volume (path, &header, type, voxels, 0.5, -1000);
      volume = load (path);
      g_assert_cmpint (volume->type, ==, type);
      g_assert_cmpfloat (volume->slope, ==, 0.5);
      g_assert_cmpfloat (volume->intercept, ==, -1000);
      g_assert_false (volume->header.has_affine);
      g_assert_cmpmem (volume->voxels, 24 * pl_dtype_size (type), voxels,
                       24 * pl_dtype_size (type));
    }
}

/* Slices of a TIFF stack: pages, height, width become z, y, x. */
static void
test_like_tiff (void)
{
  g_autofree char *path = build_path ("stack.nii.gz");
  PlImageHeader header = make_header (5, 7, 9);
  g_autofree guint8 *voxels = g_new (guint8, 5 * 7 * 9);
  g_autoptr (PlVolume) volume = NULL;

  for (int i = 0; i < 5 * 7 * 9; i++)
    voxels[i] = (guint8) i;
  header.format = PL_FORMAT_TIFF;
  header.spacing_mm[1] = 0.5;
  header.spacing_mm[2] = 0.25;
  pl_header_choose_axes (&header, -1);
  write_volume (path, &header, PL_DTYPE_UINT8, voxels, 1, 0);
  volume = load (path);
  g_assert_cmpint (volume->header.shape[0], ==, 9);
  g_assert_cmpint (volume->header.shape[2], ==, 5);
  g_assert_cmpfloat (volume->header.spacing_mm[0], ==, 0.25);
  g_assert_cmpfloat (volume->header.spacing_mm[1], ==, 0.5);
  g_assert_cmpmem (volume->voxels, 5 * 7 * 9, voxels, 5 * 7 * 9);
}

/* Large enough for several pieces, in planes and in rows of a plane. */
static void
test_large (void)
{
  const int shapes[][3] = { { 300, 301, 20 }, { 1500, 1100, 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      PlImageHeader header = make_header (shapes[i][0], shapes[i][1], shapes[i][2]);
      gsize n = (gsize) shapes[i][0] * (gsize) shapes[i][1] * (gsize) shapes[i][2];
      g_autofree char *path = build_path ("large.nii.gz");
      g_autofree gint16 *voxels = g_new (gint16, n);
      g_autoptr (PlVolume) volume = NULL;

      for (gsize k = 0; k < n; k++)
        voxels[k] = (gint16) (k * k >> 9);
      write_volume (path, &header, PL_DTYPE_INT16, voxels, 1, 0);
      volume = load (path);
      g_assert_cmpmem (volume->voxels, 2 * n, voxels, 2 * n);
    }
}

static void
assert_refused (
    const char *name, const PlImageHeader *like, GCancellable *cancellable, GQuark domain, int code)
{
  g_autofree char *path = build_path (name);
  g_autofree guint8 *voxels = g_new0 (guint8, 40000);
  g_autoptr (GError) error = NULL;

  g_assert_false (pl_nifti_write (path, like, PL_DTYPE_UINT8, voxels, 1, 0, cancellable, &error));
  g_assert_error (error, domain, code);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_refused (void)
{
  PlImageHeader header = make_header (4, 3, 2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  assert_refused ("mask.png", &header, NULL, PL_IMAGE_ERROR, PL_IMAGE_ERROR_UNSUPPORTED);
  assert_refused ("none/mask.nii", &header, NULL, PL_WRITE_ERROR, G_FILE_ERROR_NOENT);
  g_cancellable_cancel (cancellable);
  assert_refused ("mask.nii", &header, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  header = make_header (32768, 1, 1);
  assert_refused ("long.nii.gz", &header, NULL, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE);
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = build_path (name);
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
  folder = g_dir_make_tmp ("pleura-nifti-write-XXXXXX", NULL);
  g_test_add_func ("/image/nifti-write/orientations", test_orientations);
  g_test_add_func ("/image/nifti-write/qform", test_qform);
  g_test_add_func ("/image/nifti-write/sheared", test_sheared);
  g_test_add_func ("/image/nifti-write/types-and-scaling", test_types_and_scaling);
  g_test_add_func ("/image/nifti-write/like-tiff", test_like_tiff);
  g_test_add_func ("/image/nifti-write/large", test_large);
  g_test_add_func ("/image/nifti-write/refused", test_refused);
  status = g_test_run ();
  remove_folder ();
  return status;
}
