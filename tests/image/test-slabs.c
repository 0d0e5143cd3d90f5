/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slabs of a file whose voxels count up, in every slice axis, as they come to lie in memory. */
#include "image/slabs.h"

enum
{
  X = 3,
  Y = 4,
  Z = 50,
};

/* Turned around along the file's axes by @signs. */
static PlVolume *
make_volume_of (int x, int y, int z, int slice_axis, const int signs[3])
{
  PlImageHeader header = {
    .format = PL_FORMAT_NIFTI1,
    .shape = { x, y, z },
    .stored = PL_DTYPE_INT16,
    .n_samples = 1,
    .pages = 1,
    .has_spacing = TRUE,
    .spacing_mm = { 1, 1, 1 },
    .has_affine = TRUE,
    .slope = 1,
  };
  g_autoptr (GError) error = NULL;
  PlVolume *volume;

  for (int i = 0; i < 3; i++) /* the slice axis runs from the feet to the head */
    header.affine[(i + 2 - slice_axis + 3) % 3][i] = signs[i];
  pl_header_choose_axes (&header, slice_axis);
  volume = pl_volume_new (&header, PL_DTYPE_INT16, NULL, &error);
  g_assert_no_error (error);
  return volume;
}

static PlVolume *
make_volume (int slice_axis, const int signs[3])
{
  return make_volume_of (X, Y, Z, slice_axis, signs);
}

static void
place_of (PlSlabs *slabs, int plane, int z, int planes)
{
  gint16 *slab = (gint16 *) (void *) pl_slabs_next (slabs);

  for (int i = 0; i < planes * plane; i++)
    slab[i] = (gint16) (z * plane + i);
  pl_slabs_place (slabs, z, planes);
}

static void
place (PlSlabs *slabs, int z, int planes)
{
  place_of (slabs, X * Y, z, planes);
}

static gint16
get_voxel (const PlVolume *volume, const int file[3])
{
  gsize i = 0;

  for (int a = 0; a < 3; a++)
    {
      int at = file[volume->header.axis[a]];

      i = i * (gsize) volume->n[a] + (gsize) (volume->header.flip[a] ? volume->n[a] - 1 - at : at);
    }
  return ((const gint16 *) volume->voxels)[i];
}

/* What is placed last is looked at first, before a thread that is late can mend it. */
static void
assert_placed (const PlVolume *volume)
{
  const int *shape = volume->header.shape;

  for (int z = shape[2] - 1; z >= 0; z--)
    for (int x = shape[0] - 1; x >= 0; x--)
      for (int y = 0; y < shape[1]; y++)
        g_assert_cmpint (get_voxel (volume, (const int[3]){ x, y, z }), ==,
                         (gint16) ((z * shape[1] + y) * shape[0] + x));
}

static void
test_all_axes (void)
{
  for (int i = 0; i < 3 * 8; i++)
    {
      const int signs[3] = { i & 1 ? -1 : 1, i & 2 ? -1 : 1, i & 4 ? -1 : 1 };
      g_autoptr (PlVolume) volume = make_volume (i / 8, signs);
      PlSlabs *slabs = pl_slabs_new (volume, sizeof (gint16), NULL);

      g_assert_cmpint (pl_slabs_planes (slabs), ==, Z);
      for (int z = 0; z < Z; z += 10)
        place (slabs, z, 10);
      pl_slabs_free (slabs);
      assert_placed (volume);
    }
}

/* Slabs that are large enough to be placed by both threads. */
static void
test_shared (void)
{
  enum
  {
    SIDE = 256,
    PLANES = 96,
    STEP = 16,
  };
  const int signs[3] = { 1, -1, 1 };

  for (int i = 0; i < 3 * 4; i++)
    {
      g_autoptr (PlVolume) volume = make_volume_of (SIDE, SIDE, PLANES, i % 3, signs);
      PlSlabs *slabs = pl_slabs_new (volume, sizeof (gint16), NULL);

      for (int z = 0; z < PLANES; z += STEP)
        place_of (slabs, SIDE * SIDE, z, STEP);
      pl_slabs_free (slabs);
      assert_placed (volume);
    }
}

static gboolean
has_part (const PlVolume *volume, PlSlicePart wanted)
{
  PlSlicePart part;

  return pl_volume_ready_part (volume, 0, &part) && part.row0 == wanted.row0 &&
         part.row1 == wanted.row1 && part.column0 == wanted.column0 &&
         part.column1 == wanted.column1;
}

/* Where the file's planes are not slices, they are rows or columns of all slices. */
static void
test_lines_come (void)
{
  static const struct
  {
    int slice_axis;
    int sign;
    PlSlicePart part;
  } cases[] = {
    { 0, -1, { 0, 20, 0, Y } },
    { 0, 1, { Z - 20, Z, 0, Y } },
    { 1, -1, { 0, X, 0, 20 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const int signs[3] = { -1, -1, cases[i].sign };
      g_autoptr (PlVolume) volume = make_volume (cases[i].slice_axis, signs);
      PlSlabs *slabs = pl_slabs_new (volume, sizeof (gint16), NULL);
      gint64 end_us = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
      PlSlicePart part;

      g_assert_false (pl_volume_ready_part (volume, 0, &part));
      place (slabs, 0, 20);
      while (!has_part (volume, cases[i].part))
        {
          g_assert_cmpint (g_get_monotonic_time (), <, end_us);
          g_usleep (1000);
        }
      place (slabs, 20, Z - 20);
      pl_slabs_free (slabs);
      g_assert_true (has_part (volume, (PlSlicePart){ 0, volume->n[1], 0, volume->n[2] }));
      g_assert_cmpint (pl_volume_ready_slices (volume), ==, 0);
    }
}

static void
test_slices_come (void)
{
  const int signs[3] = { 1, 1, 1 };
  g_autoptr (PlVolume) volume = make_volume (2, signs);
  PlSlabs *slabs = pl_slabs_new (volume, sizeof (gint16), NULL);

  place (slabs, 0, 30);
  pl_slabs_free (slabs);
  g_assert_cmpint (pl_volume_ready_slices (volume), ==, 30);
}

static void
test_cancelled (void)
{
  const int signs[3] = { 1, 1, 1 };
  g_autoptr (PlVolume) volume = make_volume (2, signs);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PlSlabs *slabs = pl_slabs_new (volume, sizeof (gint16), cancellable);

  g_cancellable_cancel (cancellable);
  for (int z = 0; z < Z; z += 10)
    place (slabs, z, 10);
  pl_slabs_free (slabs);
  g_assert_cmpint (pl_volume_ready_slices (volume), ==, 0);
}

static guint
count_threads (void)
{
  g_autoptr (GDir) threads = g_dir_open ("/proc/self/task", 0, NULL);
  guint n = 0;

  g_assert_nonnull (threads);
  while (g_dir_read_name (threads) != NULL)
    n++;
  return n;
}

/* It is not waited for, but goes, with the memory. */
static void
test_thread_goes (void)
{
  const int signs[3] = { 1, 1, 1 };
  g_autoptr (PlVolume) volume = make_volume (0, signs);
  gint64 end_us = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  guint n_threads = count_threads ();
  PlSlabs *slabs = pl_slabs_new (volume, sizeof (gint16), NULL);

  pl_slabs_free (slabs);
  while (count_threads () > n_threads)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (1000);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/slabs/all-axes", test_all_axes);
  g_test_add_func ("/image/slabs/shared", test_shared);
  g_test_add_func ("/image/slabs/lines-come", test_lines_come);
  g_test_add_func ("/image/slabs/slices-come", test_slices_come);
  g_test_add_func ("/image/slabs/cancelled", test_cancelled);
  g_test_add_func ("/image/slabs/thread-goes", test_thread_goes);
  return g_test_run ();
}
