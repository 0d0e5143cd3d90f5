/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept comes back, within the bound, unless its files have changed. */
#include "app/volume-cache.h"

#include "support/scratch.h"

#include <utime.h>

#define N_VOXELS (2 * 4 * 5)
#define N_BYTES (N_VOXELS * 2)

static PlVolume *
make_volume (const char *path)
{
  PlImageHeader header = {
    .shape = { 2, 4, 5 },
    .stored = PL_DTYPE_INT16,
    .n_samples = 1,
    .pages = 1,
    .spacing_mm = { 1, 1, 1 },
    .slope = 1,
    .axis = { 0, 1, 2 },
  };
  g_autoptr (GError) error = NULL;
  PlVolume *volume = pl_volume_new (&header, PL_DTYPE_INT16, path, &error);

  g_assert_no_error (error);
  return volume;
}

static PlMask *
make_mask (void)
{
  return pl_mask_new_take ((const int[3]){ 2, 4, 5 }, g_malloc0 (N_VOXELS));
}

/* With a mask. */
static void
keep (PlVolumeCache *cache, const char *name)
{
  g_autoptr (PlVolume) volume = make_volume (name);
  g_autoptr (PlMask) mask = make_mask ();

  pl_volume_cache_keep (cache, name, volume, mask);
}

static gboolean
has (PlVolumeCache *cache, const char *name)
{
  g_autoptr (PlMask) mask = NULL;
  g_autoptr (PlVolume) volume = pl_volume_cache_find (cache, name, &mask);

  return volume != NULL && mask != NULL;
}

static void
test_bytes (void)
{
  PlVolumeCache *cache = pl_volume_cache_new ();
  g_autoptr (PlVolume) volume = make_volume ("plain");

  pl_volume_cache_set_max_bytes (cache, 1000);
  keep (cache, "a");
  g_assert_cmpuint (pl_volume_cache_get_bytes (cache), ==, N_BYTES + N_VOXELS);
  pl_volume_cache_keep (cache, "plain", volume, NULL);
  g_assert_cmpuint (pl_volume_cache_get_bytes (cache), ==, 2 * N_BYTES + N_VOXELS);
  pl_volume_cache_clear (cache);
  g_assert_cmpuint (pl_volume_cache_get_bytes (cache), ==, 0);
  g_assert_cmpint (volume->ref_count, ==, 1);
  pl_volume_cache_free (cache);
}

/* What was not looked at for the longest time goes; what is in view stays. */
static void
test_bound (void)
{
  PlVolumeCache *cache = pl_volume_cache_new ();

  pl_volume_cache_set_max_bytes (cache, 2 * (N_BYTES + N_VOXELS));
  keep (cache, "a");
  keep (cache, "b");
  g_assert_true (has (cache, "a"));
  keep (cache, "c");
  g_assert_false (has (cache, "b"));
  g_assert_true (has (cache, "c"));
  g_assert_true (has (cache, "a"));
  pl_volume_cache_set_max_bytes (cache, 0);
  g_assert_true (has (cache, "a"));
  g_assert_false (has (cache, "c"));
  keep (cache, "d");
  g_assert_false (has (cache, "a"));
  g_assert_true (has (cache, "d"));
  pl_volume_cache_free (cache);
}

/* Before another is read, not after. */
static void
test_make_room (void)
{
  PlVolumeCache *cache = pl_volume_cache_new ();
  PlCase next = { .mask_path = (char *) "mask" };
  g_autoptr (PlVolume) like = make_volume (NULL);

  next.header = like->header;
  pl_volume_cache_set_max_bytes (cache, 3 * (N_BYTES + N_VOXELS));
  keep (cache, "a");
  keep (cache, "b");
  pl_volume_cache_make_room (cache, &next);
  g_assert_cmpuint (pl_volume_cache_get_bytes (cache), ==, 2 * (N_BYTES + N_VOXELS));
  keep (cache, "c");
  pl_volume_cache_make_room (cache, &next);
  g_assert_false (has (cache, "a"));
  pl_volume_cache_set_max_bytes (cache, 0);
  pl_volume_cache_make_room (cache, &next);
  g_assert_cmpuint (pl_volume_cache_get_bytes (cache), ==, 0);
  pl_volume_cache_free (cache);
}

/* The same file, read anew, is not kept twice. */
static void
test_replace (void)
{
  PlVolumeCache *cache = pl_volume_cache_new ();
  g_autoptr (PlVolume) before = make_volume ("image");
  g_autoptr (PlVolume) after = make_volume ("image");

  pl_volume_cache_set_max_bytes (cache, 1000);
  pl_volume_cache_keep (cache, "image, first", before, NULL);
  pl_volume_cache_keep (cache, "image, second", after, NULL);
  g_assert_cmpuint (pl_volume_cache_get_bytes (cache), ==, N_BYTES);
  g_assert_cmpint (before->ref_count, ==, 1);
  g_assert_cmpint (after->ref_count, ==, 2);
  pl_volume_cache_free (cache);
}

static void
test_key (void)
{
  g_autofree char *scratch = pl_scratch_new ();
  g_autofree char *image = g_build_filename (scratch, "image.nii", NULL);
  g_autofree char *mask = g_build_filename (scratch, "mask.nii", NULL);
  g_autofree char *pair = g_build_filename (scratch, "pair.HDR", NULL);
  PlCase source = { .image_path = image, .mask_path = mask };
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *other_axis = NULL;
  g_autofree char *other_mask = NULL;
  g_autofree char *longer = NULL;

  g_assert_true (g_file_set_contents (image, "one", 3, NULL));
  g_assert_null (pl_volume_cache_dup_key (&source));
  g_assert_true (g_file_set_contents (mask, "one", 3, NULL));
  first = pl_volume_cache_dup_key (&source);
  again = pl_volume_cache_dup_key (&source);
  g_assert_cmpstr (again, ==, first);
  source.header.slice_axis = 2;
  other_axis = pl_volume_cache_dup_key (&source);
  source.header.slice_axis = 0;
  g_assert_cmpstr (other_axis, !=, first);
  g_assert_cmpint (utime (mask, &(struct utimbuf){ 1000, 1000 }), ==, 0);
  other_mask = pl_volume_cache_dup_key (&source);
  g_assert_cmpstr (other_mask, !=, first);
  g_assert_true (g_file_set_contents (image, "more", 4, NULL));
  longer = pl_volume_cache_dup_key (&source);
  g_assert_cmpstr (longer, !=, other_mask);
  source.image_path = pair;
  g_assert_true (g_file_set_contents (pair, "one", 3, NULL));
  g_assert_null (pl_volume_cache_dup_key (&source));
  pl_scratch_remove (scratch);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/volume-cache/bytes", test_bytes);
  g_test_add_func ("/app/volume-cache/bound", test_bound);
  g_test_add_func ("/app/volume-cache/make-room", test_make_room);
  g_test_add_func ("/app/volume-cache/replace", test_replace);
  g_test_add_func ("/app/volume-cache/key", test_key);
  return g_test_run ();
}
