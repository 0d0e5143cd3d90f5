/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table by slice, whose entries are also links of a queue from the most to the least recently
 * used.
 */
#include "app/tile-cache.h"

typedef struct
{
  GList link; /* data is the entry */
  int slice;
  guint serial;
  gsize n_bytes;

  /* Owned */
  GdkTexture *texture;
} Entry;

struct _PlTileCache
{
  gsize limit_bytes;
  gsize n_bytes;
  GQueue used; /* of Entry, the latest first */

  /* Owned */
  GHashTable *entries; /* slice to Entry */
};

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_object_unref (entry->texture);
  g_free (entry);
}

PlTileCache *
pl_tile_cache_new (gsize limit_bytes)
{
  PlTileCache *cache = g_new0 (PlTileCache, 1);

  cache->limit_bytes = limit_bytes;
  cache->entries = g_hash_table_new_full (NULL, NULL, NULL, free_entry);
  return cache;
}

void
pl_tile_cache_free (PlTileCache *cache)
{
  if (cache == NULL)
    return;
  g_hash_table_unref (cache->entries);
  g_free (cache);
}

void
pl_tile_cache_clear (PlTileCache *cache)
{
  g_hash_table_remove_all (cache->entries);
  g_queue_init (&cache->used);
  cache->n_bytes = 0;
}

static void
remove_entry (PlTileCache *cache, Entry *entry)
{
  g_queue_unlink (&cache->used, &entry->link);
  cache->n_bytes -= entry->n_bytes;
  g_hash_table_remove (cache->entries, GINT_TO_POINTER (entry->slice));
}

void
pl_tile_cache_put (PlTileCache *cache, int slice, guint serial, GdkTexture *texture)
{
  Entry *entry = g_hash_table_lookup (cache->entries, GINT_TO_POINTER (slice));

  if (entry != NULL && entry->serial > serial)
    return;
  if (entry != NULL)
    remove_entry (cache, entry);
  entry = g_new0 (Entry, 1);
  entry->link.data = entry;
  entry->slice = slice;
  entry->serial = serial;
  entry->texture = g_object_ref (texture);
  entry->n_bytes =
      4 * (gsize) gdk_texture_get_width (texture) * (gsize) gdk_texture_get_height (texture);
  g_hash_table_insert (cache->entries, GINT_TO_POINTER (slice), entry);
  g_queue_push_head_link (&cache->used, &entry->link);
  cache->n_bytes += entry->n_bytes;
  while (cache->n_bytes > cache->limit_bytes && cache->used.length > 1)
    remove_entry (cache, g_queue_peek_tail (&cache->used));
}

GdkTexture *
pl_tile_cache_get (const PlTileCache *cache, int slice)
{
  const Entry *entry = g_hash_table_lookup (cache->entries, GINT_TO_POINTER (slice));

  return entry == NULL ? NULL : entry->texture;
}

guint
pl_tile_cache_touch (PlTileCache *cache, int slice)
{
  Entry *entry = g_hash_table_lookup (cache->entries, GINT_TO_POINTER (slice));

  if (entry == NULL)
    return 0;
  g_queue_unlink (&cache->used, &entry->link);
  g_queue_push_head_link (&cache->used, &entry->link);
  return entry->serial;
}

gsize
pl_tile_cache_get_bytes (const PlTileCache *cache)
{
  return cache->n_bytes;
}
