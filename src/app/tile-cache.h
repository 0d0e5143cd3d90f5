/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

/* The tiles that were drawn, one a slice, up to a number of bytes; the least recently used go
 * first. A tile's serial says how new what it shows is. Main thread. */
typedef struct _PlTileCache PlTileCache;

PlTileCache *pl_tile_cache_new (gsize limit_bytes);

/* Takes NULL. */
void pl_tile_cache_free (PlTileCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlTileCache, pl_tile_cache_free)

void pl_tile_cache_clear (PlTileCache *cache);

/* Replaces the slice's tile, unless that is newer. @texture is referenced. */
void pl_tile_cache_put (PlTileCache *cache, int slice, guint serial, GdkTexture *texture);

/* (nullable) (transfer none): changes nothing, so that it can be used while drawing. */
GdkTexture *pl_tile_cache_get (const PlTileCache *cache, int slice);

/* Counts as a use. Returns: the tile's serial; 0 when there is none. */
guint pl_tile_cache_touch (PlTileCache *cache, int slice);

/* At most the limit, but for a single tile that is larger. */
gsize pl_tile_cache_get_bytes (const PlTileCache *cache);
