/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept comes back; what is broken, too large or in the way is as if it were not there. */
#include "app/thumbnail-cache.h"

#include "support/scratch.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <utime.h>

static GdkTexture *
make_picture (int side_px)
{
  gsize n_bytes = (gsize) side_px * (gsize) side_px * 3;
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  guint8 *rgb = g_malloc (n_bytes);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize i = 0; i < n_bytes; i++)
    rgb[i] = (guint8) g_rand_int_range (rand, 0, 256);
  bytes = g_bytes_new_take (rgb, n_bytes);
  return gdk_memory_texture_new (side_px, side_px, GDK_MEMORY_R8G8B8, bytes, (gsize) side_px * 3);
}

static guint8 *
dup_pixels (GdkTexture *picture)
{
  gsize stride = (gsize) gdk_texture_get_width (picture) * 4;
  guint8 *pixels = g_malloc0 (stride * (gsize) gdk_texture_get_height (picture));

  gdk_texture_download (picture, pixels, stride);
  return pixels;
}

static void
test_keep (void)
{
  g_autofree char *scratch = pl_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "deep", "thumbnails", NULL);
  g_autoptr (GdkTexture) picture = make_picture (24);
  g_autoptr (GdkTexture) found = NULL;
  g_autofree guint8 *before = dup_pixels (picture);
  g_autofree guint8 *after = NULL;
  struct stat info;

  g_assert_null (pl_thumbnail_cache_find (folder, "a.png"));
  pl_thumbnail_cache_keep (folder, "a.png", picture);
  found = pl_thumbnail_cache_find (folder, "a.png");
  g_assert_nonnull (found);
  after = dup_pixels (found);
  g_assert_cmpmem (after, 24 * 24 * 4, before, 24 * 24 * 4);
  g_assert_cmpint (stat (folder, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0077, ==, 0); /* scans are nobody else's */
  pl_scratch_remove (scratch);
}

/* Of another file, and of the same one when it is written anew. */
static void
test_name (void)
{
  g_autofree char *scratch = pl_scratch_new ();
  g_autofree char *path = g_build_filename (scratch, "image.tif", NULL);
  g_autofree char *other_path = g_build_filename (scratch, "other.tif", NULL);
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *other = NULL;
  g_autofree char *longer = NULL;
  g_autofree char *later = NULL;

  g_assert_null (pl_thumbnail_cache_dup_name (path));
  g_assert_true (g_file_set_contents (path, "one", 3, NULL));
  g_assert_true (g_file_set_contents (other_path, "one", 3, NULL));
  g_assert_cmpint (utime (path, &(struct utimbuf){ 1000, 1000 }), ==, 0);
  g_assert_cmpint (utime (other_path, &(struct utimbuf){ 1000, 1000 }), ==, 0);
  first = pl_thumbnail_cache_dup_name (path);
  again = pl_thumbnail_cache_dup_name (path);
  other = pl_thumbnail_cache_dup_name (other_path);
  g_assert_cmpstr (again, ==, first);
  g_assert_cmpstr (other, !=, first);
  g_assert_cmpint (utime (path, &(struct utimbuf){ 2000, 2000 }), ==, 0);
  later = pl_thumbnail_cache_dup_name (path);
  g_assert_cmpstr (later, !=, first);
  g_assert_true (g_file_set_contents (path, "more", 4, NULL));
  g_assert_cmpint (utime (path, &(struct utimbuf){ 1000, 1000 }), ==, 0);
  longer = pl_thumbnail_cache_dup_name (path);
  g_assert_cmpstr (longer, !=, first);
  pl_scratch_remove (scratch);
}

static void
test_broken (void)
{
  g_autofree char *scratch = pl_scratch_new ();
  g_autofree char *broken = g_build_filename (scratch, "broken.png", NULL);
  g_autofree char *cut = g_build_filename (scratch, "cut.png", NULL);
  g_autofree char *inside = g_build_filename (broken, "thumbnails", NULL);
  g_autoptr (GdkTexture) picture = make_picture (24);
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (picture);
  g_autoptr (GdkTexture) large = make_picture (400);

  g_assert_true (g_file_set_contents (broken, "no picture", -1, NULL));
  g_assert_true (g_file_set_contents (cut, g_bytes_get_data (png, NULL), 60, NULL));
  g_assert_null (pl_thumbnail_cache_find (scratch, "broken.png"));
  g_assert_null (pl_thumbnail_cache_find (scratch, "cut.png"));
  g_assert_null (pl_thumbnail_cache_find (scratch, "."));

  pl_thumbnail_cache_keep (inside, "a.png", picture); /* the folder is a file */
  g_assert_null (pl_thumbnail_cache_find (inside, "a.png"));
  pl_thumbnail_cache_keep (scratch, "large.png", large);
  g_assert_null (pl_thumbnail_cache_find (scratch, "large.png"));
  pl_thumbnail_cache_trim (inside, 0);

  pl_thumbnail_cache_keep (scratch, "broken.png", picture); /* it is made again */
  g_clear_object (&large);
  large = pl_thumbnail_cache_find (scratch, "broken.png");
  g_assert_nonnull (large);
  pl_scratch_remove (scratch);
}

static gboolean
is_there (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* The oldest go, but not one that was used since; other files stay. */
static void
test_trim (void)
{
  static const char *const names[] = { "a.png", "b.png", "c.png", "d.png", "notes.txt" };
  g_autofree char *scratch = pl_scratch_new ();
  g_autoptr (GdkTexture) picture = make_picture (24);
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (picture);
  g_autoptr (GdkTexture) used = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (scratch, names[i], NULL);
      struct utimbuf time = { 1000 + (time_t) i, 1000 + (time_t) i };

      pl_thumbnail_cache_keep (scratch, names[i], picture);
      g_assert_cmpint (utime (path, &time), ==, 0);
    }
  used = pl_thumbnail_cache_find (scratch, "a.png");
  g_assert_nonnull (used);
  pl_thumbnail_cache_trim (scratch, 2 * g_bytes_get_size (png));
  g_assert_true (is_there (scratch, "a.png"));
  g_assert_false (is_there (scratch, "b.png"));
  g_assert_false (is_there (scratch, "c.png"));
  g_assert_true (is_there (scratch, "d.png"));
  g_assert_true (is_there (scratch, "notes.txt"));
  pl_scratch_remove (scratch);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/thumbnail-cache/keep", test_keep);
  g_test_add_func ("/app/thumbnail-cache/name", test_name);
  g_test_add_func ("/app/thumbnail-cache/broken", test_broken);
  g_test_add_func ("/app/thumbnail-cache/trim", test_trim);
  return g_test_run ();
}
