/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a joined volume claims of its geometry: lengths that are known, and no orientation. */
#include "image/bundle.h"
#include "image/nifti-write.h"
#include "image/tiff-write.h"
#include "support/scratch.h"

#include <string.h>

typedef struct
{
  char *folder; /* for slices */
  char *path;   /* of the joined volume */
} Rig;

static void
set_up (Rig *rig, gconstpointer data)
{
  rig->folder = pl_scratch_new ();
  rig->path = g_strconcat (rig->folder, ".nii", NULL);
}

static void
tear_down (Rig *rig, gconstpointer data)
{
  g_unlink (rig->path);
  pl_scratch_remove (rig->folder);
  g_free (rig->path);
  g_free (rig->folder);
}

static void
write_slices (const Rig *rig, const double spacing_mm[3])
{
  const int n[3] = { 1, 4, 6 };

  for (int s = 0; s < 3; s++)
    {
      g_autofree char *name = g_strdup_printf ("slice-%d.tif", s);
      g_autofree char *path = g_build_filename (rig->folder, name, NULL);
      gint16 voxels[24];

      for (int i = 0; i < 24; i++)
        voxels[i] = (gint16) (100 * s + i);
      g_assert_true (pl_tiff_write (path, n, PL_DTYPE_INT16, voxels, spacing_mm, NULL, NULL));
    }
}

static PlVolume *
join (const Rig *rig, double step_mm, PlBundle *bundle)
{
  g_autoptr (GError) error = NULL;
  PlVolume *volume;

  pl_bundle_slices (rig->folder, rig->path, step_mm, bundle, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  volume = pl_volume_load (rig->path, NULL, NULL, &error);
  g_assert_no_error (error);
  return volume;
}

static void
assert_spacing (const PlVolume *volume, double slices, double rows, double columns)
{
  g_assert_true (volume->header.has_spacing);
  g_assert_cmpfloat_with_epsilon (volume->spacing_mm[0], slices, 1e-6);
  g_assert_cmpfloat_with_epsilon (volume->spacing_mm[1], rows, 1e-6);
  g_assert_cmpfloat_with_epsilon (volume->spacing_mm[2], columns, 1e-6);
}

/* Nobody knows which side of a TIFF slice is left: none is named, though lengths are. */
static void
test_no_orientation (Rig *rig, gconstpointer data)
{
  const double spacing_mm[3] = { 0, 0.7, 0.8 };
  g_autoptr (PlVolume) volume = NULL;
  PlBundle bundle;

  write_slices (rig, spacing_mm);
  volume = join (rig, 2.5, &bundle);
  g_assert_false (volume->header.has_affine);
  g_assert_cmpstr (volume->orientation, ==, "");
  assert_spacing (volume, 2.5, 0.7, 0.8);
  g_assert_cmpfloat_with_epsilon (pl_volume_voxel_mm3 (volume), 2.5 * 0.7 * 0.8, 1e-6);
  g_assert_cmpfloat (pl_volume_value (volume, 2, 1, 5), ==, 211);
  g_assert_cmpint (bundle.n_slices, ==, 3);
  g_assert_null (pl_bundle_get_warning (&bundle));
}

static void
test_told_step (Rig *rig, gconstpointer data)
{
  const double spacing_mm[3] = { 1.25, 0.7, 0.8 };
  g_autoptr (PlVolume) volume = NULL;
  PlBundle bundle;

  write_slices (rig, spacing_mm);
  volume = join (rig, 0, &bundle);
  assert_spacing (volume, 1.25, 0.7, 0.8);
  g_assert_null (pl_bundle_get_warning (&bundle));
}

static void
test_assumed (Rig *rig, gconstpointer data)
{
  const double pixels_mm[3] = { 0, 0.7, 0.8 };
  g_autoptr (PlVolume) volume = NULL;
  PlBundle bundle;

  write_slices (rig, pixels_mm);
  volume = join (rig, 0, &bundle);
  assert_spacing (volume, 1, 0.7, 0.8);
  g_assert_nonnull (strstr (pl_bundle_get_warning (&bundle), "distance of slices"));
  g_clear_pointer (&volume, pl_volume_unref);

  write_slices (rig, NULL);
  volume = join (rig, 2, &bundle);
  g_assert_nonnull (strstr (pl_bundle_get_warning (&bundle), "size of pixels is"));
  g_clear_pointer (&volume, pl_volume_unref);
  volume = join (rig, 0, &bundle);
  g_assert_nonnull (strstr (pl_bundle_get_warning (&bundle), "are not known"));
  g_assert_false (volume->header.has_spacing);
}

/* Apart and joined again: the same voxels and lengths, and apart once more the same files. */
static void
test_round_trip (Rig *rig, gconstpointer data)
{
  const double spacing_mm[3] = { 0, 0.7, 0.8 };
  g_autofree char *apart = pl_scratch_new ();
  g_autofree char *again = g_build_filename (apart, "again.nii.gz", NULL);
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlVolume) second = NULL;
  PlBundle bundle;

  write_slices (rig, spacing_mm);
  volume = join (rig, 0.625, &bundle);
  g_assert_cmpint (pl_unbundle_volume (rig->path, NULL, apart, NULL, NULL, NULL, NULL), ==, 3);
  g_assert_true (pl_bundle_slices (apart, again, 0, &bundle, NULL, NULL, NULL, NULL));
  g_assert_null (pl_bundle_get_warning (&bundle));
  second = pl_volume_load (again, NULL, NULL, NULL);
  g_assert_nonnull (second);
  assert_spacing (second, 0.625, 0.7, 0.8);
  g_assert_cmpmem (second->voxels, 3 * 24 * 2, volume->voxels, 3 * 24 * 2);
  pl_scratch_remove (apart);
}

/* The mask of a joined volume claims no more than its image. */
static void
test_mask (Rig *rig, gconstpointer data)
{
  const double spacing_mm[3] = { 2, 0.7, 0.8 };
  const guint8 labels[3 * 24] = { [30] = 1 };
  g_autofree char *mask_path = g_build_filename (rig->folder, "mask.nii", NULL);
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlVolume) written = NULL;
  g_autoptr (PlMask) mask = NULL;
  PlBundle bundle;

  write_slices (rig, spacing_mm);
  volume = join (rig, 0, &bundle);
  g_assert_true (
      pl_nifti_write (mask_path, &volume->header, PL_DTYPE_UINT8, labels, 1, 0, NULL, NULL));
  written = pl_volume_load (mask_path, NULL, NULL, NULL);
  g_assert_nonnull (written);
  g_assert_false (written->header.has_affine);
  assert_spacing (written, 2, 0.7, 0.8);
  mask = pl_mask_load (mask_path, &volume->header, NULL, NULL);
  g_assert_nonnull (mask);
  g_assert_cmpmem (pl_mask_slice (mask, 1), 24, labels + 24, 24);
}

static void
add_test (const char *path, void (*test) (Rig *, gconstpointer))
{
  g_test_add (path, Rig, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/image/bundle/no-orientation", test_no_orientation);
  add_test ("/image/bundle/told-step", test_told_step);
  add_test ("/image/bundle/assumed", test_assumed);
  add_test ("/image/bundle/round-trip", test_round_trip);
  add_test ("/image/bundle/mask", test_mask);
  return g_test_run ();
}
