/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "image/nifti-file.h"
#include "image/reslice.h"

#define MOST 9

/* The patient's voxels from left to right, from back to front, from feet to head. Each voxel says
 * where in the patient it is. */
typedef struct
{
  int n[3];
} Extent;

static const Extent usual = { { 9, 8, 7 } };

#define VOXEL(right, front, head) (100 * (right) + 10 * (front) + (head))

/* The same patient in a file whose axis a runs along patient axis world[a], backwards if the bit of
 * @backwards is set. */
static PlVolume *
load_patient (const Extent *extent, const int world[3], int backwards)
{
  const int n[3] = { extent->n[world[0]], extent->n[world[1]], extent->n[world[2]] };
  int n_voxels = n[0] * n[1] * n[2];
  NiftiSpec spec = nifti_spec (n[0], n[1], n[2]);
  gint16 voxels[MOST * MOST * MOST];
  g_autoptr (GByteArray) file = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  PlVolume *volume;

  spec.sform_code = 1;
  memset (spec.srow, 0, sizeof spec.srow);
  for (int a = 0; a < 3; a++)
    spec.srow[4 * world[a] + a] = backwards >> a & 1 ? -1 : 1;
  for (int i = 0; i < n_voxels; i++)
    {
      const int at[3] = { i % n[0], i / n[0] % n[1], i / n[0] / n[1] };
      int place[3];

      for (int a = 0; a < 3; a++)
        place[world[a]] = backwards >> a & 1 ? n[a] - 1 - at[a] : at[a];
      voxels[i] = (gint16) VOXEL (place[0], place[1], place[2]);
    }
  file = nifti_build_file (&spec, voxels, (gsize) n_voxels, 2);
  path = nifti_write_file ("patient.nii", file);
  volume = pl_volume_load (path, NULL, NULL, &error);
  g_assert_no_error (error);
  return volume;
}

/* What is on the picture at @row, @column of the plane through @held of the patient's axis. */
static int
expect (const Extent *extent, PlPlaneKind kind, int held, int row, int column)
{
  const int last[3] = { extent->n[0] - 1, extent->n[1] - 1, extent->n[2] - 1 };

  if (kind == PL_PLANE_AXIAL)
    return VOXEL (last[0] - column, last[1] - row, held);
  if (kind == PL_PLANE_CORONAL)
    return VOXEL (last[0] - column, held, last[2] - row);
  return VOXEL (held, last[1] - column, last[2] - row);
}

static void
check_plane (const Extent *extent, const PlVolume *volume, PlPlaneKind kind)
{
  static const int across[3] = { 2, 1, 0 }; /* the patient's axis that a plane holds */
  static const char letters[3][5] = { "RLAP", "RLSI", "APSI" };
  PlReslice reslice = pl_reslice_find (volume, kind);
  int rows = volume->n[reslice.down];
  int columns = volume->n[reslice.across];
  gboolean seen[MOST] = { FALSE };
  float hu[MOST * MOST];

  g_assert_cmpint (reslice.left, ==, letters[kind][0]);
  g_assert_cmpint (reslice.right, ==, letters[kind][1]);
  g_assert_cmpint (reslice.top, ==, letters[kind][2]);
  g_assert_cmpint (reslice.bottom, ==, letters[kind][3]);
  g_assert_cmpint (volume->n[reslice.held], ==, extent->n[across[kind]]);
  for (int i = 0; i < volume->n[reslice.held]; i++)
    {
      const int unit[3] = { 1, 10, 100 };
      int held;

      g_assert_true (pl_reslice_hu (&reslice, volume, i, PL_PROJECTION_NONE, 0, NULL, hu));
      held = (int) hu[0] / unit[kind] % 10;
      seen[held] = TRUE;
      for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++)
          {
            int voxel[3] = { i, i, i };
            int row;
            int column;

            g_assert_cmpfloat (hu[r * columns + c], ==, expect (extent, kind, held, r, c));
            pl_reslice_voxel (&reslice, volume->n, r, c, voxel);
            g_assert_cmpfloat (pl_volume_value (volume, voxel[0], voxel[1], voxel[2]), ==,
                               hu[r * columns + c]);
            pl_reslice_pixel (&reslice, volume->n, voxel, &row, &column);
            g_assert_cmpint (row, ==, r);
            g_assert_cmpint (column, ==, c);
          }
    }
  for (int i = 0; i < volume->n[reslice.held]; i++)
    g_assert_true (seen[i]);
}

/* What is left on the screen is the patient's right, however the file lies; axial and coronal
 * slices may be square, and are known by that. */
static void
test_orientations (void)
{
  static const Extent extents[] = { { { 9, 8, 7 } }, { { 9, 9, 7 } }, { { 9, 7, 9 } } };
  static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                    { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

  for (int i = 0; i < 6 * 8 * (int) G_N_ELEMENTS (extents); i++)
    {
      const Extent *extent = &extents[i / (6 * 8)];
      g_autoptr (PlVolume) volume = load_patient (extent, orders[i / 8 % 6], i % 8);

      for (int kind = 0; kind < PL_N_PLANES; kind++)
        check_plane (extent, volume, (PlPlaneKind) kind);
    }
}

static PlVolume *
make_volume (int slices, int rows, int columns)
{
  PlImageHeader header = {
    .shape = { slices, rows, columns },
    .stored = PL_DTYPE_INT16,
    .spacing_mm = { 2, 1, 0.5 },
    .slope = 1,
    .axis = { 0, 1, 2 },
  };
  PlVolume *volume = pl_volume_new (&header, PL_DTYPE_INT16, NULL, NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (int i = 0; i < slices * rows * columns; i++)
    ((gint16 *) volume->voxels)[i] = (gint16) g_rand_int_range (rand, -1000, 1000);
  pl_volume_set_ready_slices (volume, slices);
  return volume;
}

/* Nothing is known: slices as they are, and slices run upwards. */
static void
test_not_oriented (void)
{
  g_autoptr (PlVolume) volume = make_volume (5, 6, 7);
  PlReslice rows = pl_reslice_find (volume, PL_PLANE_CORONAL);
  PlReslice columns = pl_reslice_find (volume, PL_PLANE_SAGITTAL);
  float hu[5 * 7];

  g_assert_cmpint (rows.left, ==, 0);
  g_assert_true (pl_reslice_hu (&rows, volume, 4, PL_PROJECTION_NONE, 0, NULL, hu));
  g_assert_cmpfloat (hu[1 * 7 + 2], ==, pl_volume_value (volume, 3, 4, 2));
  g_assert_true (pl_reslice_hu (&columns, volume, 4, PL_PROJECTION_NONE, 0, NULL, hu));
  g_assert_cmpfloat (hu[1 * 6 + 2], ==, pl_volume_value (volume, 3, 2, 4));
}

static void
test_mirror (void)
{
  g_autoptr (PlVolume) volume = load_patient (&usual, (const int[]){ 0, 1, 2 }, 0);
  PlReslice reslice = pl_reslice_find (volume, PL_PLANE_AXIAL);
  float hu[9 * 8];

  pl_reslice_mirror (&reslice);
  g_assert_cmpint (reslice.left, ==, 'L');
  g_assert_cmpint (reslice.right, ==, 'R');
  g_assert_true (pl_reslice_hu (&reslice, volume, 3, PL_PROJECTION_NONE, 0, NULL, hu));
  g_assert_cmpfloat (hu[0], ==, VOXEL (0, 7, 3));
  g_assert_cmpfloat (hu[8], ==, VOXEL (8, 7, 3));
}

/* One pixel, voxel by voxel. */
static double
project (const PlVolume *volume, const int first[3], int axis, int n, PlProjection projection)
{
  double sum = 0;
  double low = INFINITY;
  double high = -INFINITY;

  for (int i = 0; i < n; i++)
    {
      int at[3] = { first[0], first[1], first[2] };
      double value;

      at[axis] += i;
      value = pl_volume_value (volume, at[0], at[1], at[2]);
      sum += value;
      low = MIN (low, value);
      high = MAX (high, value);
    }
  if (projection == PL_PROJECTION_MEAN)
    return sum / n;
  return projection == PL_PROJECTION_MINIMUM ? low : high;
}

static void
test_projections (void)
{
  static const PlProjection projections[] = { PL_PROJECTION_MAXIMUM, PL_PROJECTION_MINIMUM,
                                              PL_PROJECTION_MEAN };
  g_autoptr (PlVolume) volume = make_volume (8, 9, 10);
  float hu[9 * 10];

  for (int kind = 0; kind < PL_N_PLANES; kind++)
    for (gsize p = 0; p < G_N_ELEMENTS (projections); p++)
      for (int index = 0; index < volume->n[kind]; index++)
        {
          PlReslice reslice = pl_reslice_find (volume, (PlPlaneKind) kind);
          int columns = volume->n[reslice.across];
          int first;
          int n = pl_reslice_slab (&reslice, volume, index, 5, &first);

          g_assert_true (pl_reslice_hu (&reslice, volume, index, projections[p], 5, NULL, hu));
          for (int i = 0; i < volume->n[reslice.down] * columns; i++)
            {
              int at[3] = { first, first, first };

              pl_reslice_voxel (&reslice, volume->n, i / columns, i % columns, at);
              g_assert_cmpfloat_with_epsilon (
                  hu[i], project (volume, at, reslice.held, n, projections[p]), 1e-3);
            }
        }
}

static void
check_slab (PlPlaneKind kind, int index, double thickness_mm, int first, int n)
{
  g_autoptr (PlVolume) volume = make_volume (8, 9, 10);
  PlReslice reslice = pl_reslice_find (volume, kind);
  int found;

  g_assert_cmpint (pl_reslice_slab (&reslice, volume, index, thickness_mm, &found), ==, n);
  g_assert_cmpint (found, ==, first);
}

/* Slices are 2 mm apart, rows 1, columns 0.5. */
static void
test_slab (void)
{
  check_slab (PL_PLANE_AXIAL, 4, 0, 4, 1);
  check_slab (PL_PLANE_AXIAL, 4, 2, 4, 1);
  check_slab (PL_PLANE_AXIAL, 4, 6, 3, 3);
  check_slab (PL_PLANE_AXIAL, 0, 6, 0, 2);
  check_slab (PL_PLANE_AXIAL, 7, 6, 6, 2);
  check_slab (PL_PLANE_CORONAL, 4, 5, 2, 5);
  check_slab (PL_PLANE_SAGITTAL, 5, 1.5, 4, 3);
  check_slab (PL_PLANE_SAGITTAL, 5, 1e9, 0, 10);
}

static void
test_labels (void)
{
  static const int orders[3] = { 1, 2, 0 };
  g_autoptr (PlVolume) volume = load_patient (&usual, orders, 5);
  gsize n = 9 * 8 * 7;
  guint8 *labels = g_malloc (n);
  g_autoptr (PlMask) mask = NULL;
  guint8 plane[9 * 8];
  float hu[9 * 8];

  for (gsize i = 0; i < n; i++)
    labels[i] = (guint8) (((gint16 *) volume->voxels)[i] % 251);
  mask = pl_mask_new_take (volume->n, labels);
  for (int kind = 0; kind < PL_N_PLANES; kind++)
    {
      PlReslice reslice = pl_reslice_find (volume, (PlPlaneKind) kind);
      int n_pixels = volume->n[reslice.down] * volume->n[reslice.across];

      pl_reslice_labels (&reslice, mask, 3, plane);
      g_assert_true (pl_reslice_hu (&reslice, volume, 3, PL_PROJECTION_NONE, 0, NULL, hu));
      for (int i = 0; i < n_pixels; i++)
        g_assert_cmpint (plane[i], ==, (int) hu[i] % 251);
    }
}

/* While the volume loads, what is not there yet is not a number. */
static void
test_loading (void)
{
  g_autoptr (PlVolume) volume = make_volume (8, 9, 10);
  PlReslice reslice = pl_reslice_find (volume, PL_PLANE_CORONAL);
  float hu[8 * 10];

  pl_volume_set_ready_slices (volume, 3);
  for (int p = PL_PROJECTION_NONE; p <= PL_PROJECTION_MEAN; p++)
    {
      g_assert_true (pl_reslice_hu (&reslice, volume, 4, (PlProjection) p, 3, NULL, hu));
      for (int i = 0; i < 8 * 10; i++)
        g_assert_true (isnan (hu[i]) == (i < 5 * 10));
    }
}

static void
test_cancelled (void)
{
  g_autoptr (PlVolume) volume = make_volume (8, 9, 10);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PlReslice reslice = pl_reslice_find (volume, PL_PLANE_AXIAL);
  float hu[9 * 10];

  g_cancellable_cancel (cancellable);
  g_assert_false (pl_reslice_hu (&reslice, volume, 4, PL_PROJECTION_NONE, 0, cancellable, hu));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  nifti_folder_make ();
  g_test_add_func ("/image/reslice/orientations", test_orientations);
  g_test_add_func ("/image/reslice/mirror", test_mirror);
  g_test_add_func ("/image/reslice/not-oriented", test_not_oriented);
  g_test_add_func ("/image/reslice/projections", test_projections);
  g_test_add_func ("/image/reslice/slab", test_slab);
  g_test_add_func ("/image/reslice/labels", test_labels);
  g_test_add_func ("/image/reslice/loading", test_loading);
  g_test_add_func ("/image/reslice/cancelled", test_cancelled);
  status = g_test_run ();
  nifti_folder_remove ();
  return status;
}
