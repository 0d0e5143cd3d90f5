/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tile-cache.h"

/* 4 × 4 pixels: 64 bytes. */
static GdkTexture *
make_texture (int width)
{
  gsize n = 4 * (gsize) width * 4;
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (n), n);

  return gdk_memory_texture_new (width, 4, GDK_MEMORY_DEFAULT, bytes, 4 * (gsize) width);
}

static void
put (PlTileCache *cache, int slice, guint serial)
{
  g_autoptr (GdkTexture) texture = make_texture (4);

  pl_tile_cache_put (cache, slice, serial, texture);
}

static void
test_get (void)
{
  g_autoptr (PlTileCache) cache = pl_tile_cache_new (1000);
  g_autoptr (GdkTexture) texture = make_texture (4);

  g_assert_null (pl_tile_cache_get (cache, 0));
  g_assert_cmpuint (pl_tile_cache_touch (cache, 0), ==, 0);
  pl_tile_cache_put (cache, 0, 7, texture);
  g_assert_true (pl_tile_cache_get (cache, 0) == texture);
  g_assert_cmpuint (pl_tile_cache_touch (cache, 0), ==, 7);
  g_assert_null (pl_tile_cache_get (cache, 1));
}

/* The limit holds; what was used last stays. */
static void
test_bound (void)
{
  g_autoptr (PlTileCache) cache = pl_tile_cache_new (10 * 64 + 63);

  for (int slice = 0; slice < 2000; slice++)
    {
      put (cache, slice, 1);
      g_assert_cmpuint (pl_tile_cache_touch (cache, 0), ==, 1);
      g_assert_cmpuint (pl_tile_cache_get_bytes (cache), ==, 64 * MIN (slice + 1, 10));
    }
  for (int slice = 1; slice <= 1990; slice++)
    g_assert_null (pl_tile_cache_get (cache, slice));
  for (int slice = 1991; slice < 2000; slice++)
    g_assert_nonnull (pl_tile_cache_get (cache, slice));
}

/* A tile larger than the limit is alone in the cache, but there. */
static void
test_too_large (void)
{
  g_autoptr (PlTileCache) cache = pl_tile_cache_new (100);
  g_autoptr (GdkTexture) large = make_texture (16);

  put (cache, 0, 1);
  pl_tile_cache_put (cache, 1, 1, large);
  g_assert_null (pl_tile_cache_get (cache, 0));
  g_assert_nonnull (pl_tile_cache_get (cache, 1));
}

/* Workers may finish in another order than they began. */
static void
test_newer_stays (void)
{
  g_autoptr (PlTileCache) cache = pl_tile_cache_new (1000);

  put (cache, 0, 2);
  put (cache, 0, 1);
  g_assert_cmpuint (pl_tile_cache_touch (cache, 0), ==, 2);
  put (cache, 0, 3);
  g_assert_cmpuint (pl_tile_cache_touch (cache, 0), ==, 3);
  g_assert_cmpuint (pl_tile_cache_get_bytes (cache), ==, 64);
}

static void
test_clear (void)
{
  g_autoptr (PlTileCache) cache = pl_tile_cache_new (1000);
  GdkTexture *texture = make_texture (4);

  pl_tile_cache_put (cache, 0, 2, texture);
  pl_tile_cache_clear (cache);
  g_assert_finalize_object (texture);
  g_assert_null (pl_tile_cache_get (cache, 0));
  g_assert_cmpuint (pl_tile_cache_get_bytes (cache), ==, 0);
  put (cache, 0, 1);
  g_assert_cmpuint (pl_tile_cache_touch (cache, 0), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/tile-cache/get", test_get);
  g_test_add_func ("/app/tile-cache/bound", test_bound);
  g_test_add_func ("/app/tile-cache/too-large", test_too_large);
  g_test_add_func ("/app/tile-cache/newer-stays", test_newer_stays);
  g_test_add_func ("/app/tile-cache/clear", test_clear);
  return g_test_run ();
}
