/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever changes how tiles look gives a new serial, which the slices concerned then need; a tile
 * in the cache with a lower one is drawn anew when it comes in sight. Requests are made once before
 * a frame, however many changes came.
 */
#include "app/montage-tiles.h"

#include "app/tile-cache.h"
#include "app/tile-painter.h"

#include <gtk/gtk.h>

#define CACHE_BYTES (96u << 20) /* a 4K screen full of tiles is 33 MB */
#define PRIORITY (GTK_PRIORITY_RESIZE - 1)

struct _PlMontageTiles
{
  PlMontageTilesChanged changed;
  gpointer data;

  /* Owned */
  PlViewState *state;
  PlTileCache *cache;
  PlTilePainter *painter;
  PlTileLook *look; /* (nullable): of the latest serial, once asked for */
  guint *needed;    /* for each slice the least serial that will do */

  int n; /* slices */
  int width;
  int height;
  int first; /* in sight */
  int end;
  int margin;
  guint serial;       /* the latest */
  guint first_serial; /* of the volume in view */
  int preview_slice;  /* the one that has a preview; −1 for none */
  guint request_source;
};

static PlMask *
ref_mask (PlMask *mask)
{
  return mask == NULL ? NULL : pl_mask_ref (mask);
}

static PlTileLook *
make_look (PlMontageTiles *tiles)
{
  PlTileLook *look = pl_tile_look_new ();
  PlViewState *state = tiles->state;
  gboolean peek = pl_view_state_get_peek (state);

  look->volume = pl_volume_ref (pl_view_state_get_volume (state));
  if (pl_view_state_get_show_truth (state) && !peek)
    look->truth = ref_mask (pl_view_state_get_truth (state));
  if (pl_view_state_get_show_prediction (state) && !peek)
    {
      look->prediction = ref_mask (pl_view_state_get_prediction (state));
      look->preview = ref_mask (pl_view_state_get_preview (state, &look->preview_slice));
    }
  look->window = pl_view_state_get_window (state);
  look->map = pl_view_state_get_colour_map (state);
  look->opacity = pl_view_state_get_opacity (state);
  look->width = tiles->width;
  look->height = tiles->height;
  look->serial = tiles->serial;
  return look;
}

typedef struct
{
  int slice;
  guint serial; /* of the tile there is; 0 for none */
} Want;

/* What shows the oldest first, so that during a drag every tile has its turn. */
static int
compare_wants (gconstpointer a, gconstpointer b)
{
  const Want *first = a;
  const Want *second = b;

  if (first->serial != second->serial)
    return first->serial < second->serial ? -1 : 1;
  return first->slice - second->slice;
}

static int
count_ready (PlMontageTiles *tiles)
{
  PlVolume *volume = pl_view_state_get_volume (tiles->state);

  return volume == NULL ? 0 : MIN (tiles->n, pl_volume_ready_slices (volume));
}

/* Appends those of slices @first to @end that are ready and to be drawn. */
static void
add_wanted (PlMontageTiles *tiles, int first, int end, GArray *slices)
{
  g_autoptr (GArray) wants = g_array_new (FALSE, FALSE, sizeof (Want));

  end = MIN (end, count_ready (tiles));
  for (int slice = MAX (first, 0); slice < end; slice++)
    {
      Want want = { slice, pl_tile_cache_touch (tiles->cache, slice) };

      if (want.serial < tiles->needed[slice])
        g_array_append_val (wants, want);
    }
  g_array_sort (wants, compare_wants);
  for (guint i = 0; i < wants->len; i++)
    g_array_append_val (slices, g_array_index (wants, Want, i).slice);
}

static gboolean
request_cb (gpointer data)
{
  PlMontageTiles *tiles = data;
  g_autoptr (GArray) slices = g_array_new (FALSE, FALSE, sizeof (int));

  tiles->request_source = 0;
  add_wanted (tiles, tiles->first, tiles->end, slices);
  add_wanted (tiles, tiles->end, tiles->end + tiles->margin, slices);
  add_wanted (tiles, tiles->first - tiles->margin, tiles->first, slices);
  if (slices->len > 0 && tiles->look == NULL)
    tiles->look = make_look (tiles);
  pl_tile_painter_request (tiles->painter, slices->len > 0 ? tiles->look : NULL,
                           (const int *) slices->data, slices->len);
  return G_SOURCE_REMOVE;
}

static void
queue_request (PlMontageTiles *tiles)
{
  if (tiles->request_source == 0)
    tiles->request_source = g_idle_add_full (PRIORITY, request_cb, tiles, NULL);
}

static void
tile_done_cb (gpointer data, int slice, guint serial, GdkTexture *texture)
{
  PlMontageTiles *tiles = data;

  if (serial < tiles->first_serial)
    return;
  pl_tile_cache_put (tiles->cache, slice, serial, texture);
  tiles->changed (tiles->data);
}

static void
begin_look (PlMontageTiles *tiles)
{
  tiles->serial++;
  g_clear_pointer (&tiles->look, pl_tile_look_unref);
  queue_request (tiles);
}

static void
outdate_all (PlMontageTiles *tiles)
{
  begin_look (tiles);
  for (int slice = 0; slice < tiles->n; slice++)
    tiles->needed[slice] = tiles->serial;
}

static void
outdate (PlMontageTiles *tiles, int slice)
{
  if (slice >= 0 && slice < tiles->n)
    tiles->needed[slice] = tiles->serial;
}

/* The preview of a training comes often and concerns one tile, or two when it moves on. */
static void
preview_changed_cb (PlMontageTiles *tiles)
{
  int slice;
  PlMask *preview = pl_view_state_get_preview (tiles->state, &slice);

  begin_look (tiles);
  outdate (tiles, tiles->preview_slice);
  tiles->preview_slice = preview == NULL ? -1 : slice;
  outdate (tiles, tiles->preview_slice);
}

/* Nothing of the last volume is shown any more. */
static void
volume_changed_cb (PlMontageTiles *tiles)
{
  pl_tile_cache_clear (tiles->cache);
  tiles->n = pl_view_state_get_n_slices (tiles->state);
  tiles->needed = g_renew (guint, tiles->needed, tiles->n);
  outdate_all (tiles);
  tiles->first_serial = tiles->serial;
}

static void
watch (PlMontageTiles *tiles, const char *signal, void (*handler) (PlMontageTiles *tiles))
{
  g_signal_connect_swapped (tiles->state, signal, G_CALLBACK (handler), tiles);
}

PlMontageTiles *
pl_montage_tiles_new (PlViewState *state, PlMontageTilesChanged changed, gpointer data)
{
  PlMontageTiles *tiles = g_new0 (PlMontageTiles, 1);

  tiles->changed = changed;
  tiles->data = data;
  tiles->state = g_object_ref (state);
  tiles->cache = pl_tile_cache_new (CACHE_BYTES);
  tiles->painter = pl_tile_painter_new (tile_done_cb, tiles);
  tiles->width = 1;
  tiles->height = 1;
  tiles->preview_slice = -1;
  watch (tiles, "notify::volume", volume_changed_cb);
  watch (tiles, "notify::ready-slices", queue_request);
  watch (tiles, "notify::preview", preview_changed_cb);
  watch (tiles, "notify::truth", outdate_all);
  watch (tiles, "notify::prediction", outdate_all);
  watch (tiles, "notify::show-truth", outdate_all);
  watch (tiles, "notify::show-prediction", outdate_all);
  watch (tiles, "notify::peek", outdate_all);
  watch (tiles, "notify::window", outdate_all);
  watch (tiles, "notify::colour-map", outdate_all);
  watch (tiles, "notify::opacity", outdate_all);
  volume_changed_cb (tiles);
  preview_changed_cb (tiles);
  return tiles;
}

void
pl_montage_tiles_free (PlMontageTiles *tiles)
{
  if (tiles == NULL)
    return;
  g_clear_handle_id (&tiles->request_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (tiles->state, tiles);
  pl_tile_painter_free (tiles->painter);
  pl_tile_cache_free (tiles->cache);
  g_clear_pointer (&tiles->look, pl_tile_look_unref);
  g_object_unref (tiles->state);
  g_free (tiles->needed);
  g_free (tiles);
}

void
pl_montage_tiles_set_size (PlMontageTiles *tiles, int width, int height)
{
  if (width == tiles->width && height == tiles->height)
    return;
  tiles->width = width;
  tiles->height = height;
  outdate_all (tiles);
}

void
pl_montage_tiles_set_visible (PlMontageTiles *tiles, int first, int end, int margin)
{
  tiles->first = first;
  tiles->end = end;
  tiles->margin = margin;
  queue_request (tiles);
}

GdkTexture *
pl_montage_tiles_get (PlMontageTiles *tiles, int slice)
{
  return pl_tile_cache_get (tiles->cache, slice);
}

gboolean
pl_montage_tiles_is_complete (PlMontageTiles *tiles)
{
  int end = MIN (tiles->end, count_ready (tiles));

  for (int slice = tiles->first; slice < end; slice++)
    if (pl_tile_cache_touch (tiles->cache, slice) < tiles->needed[slice])
      return FALSE;
  return TRUE;
}
