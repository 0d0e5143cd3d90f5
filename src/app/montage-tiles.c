/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever changes how tiles look gives a new serial, which the subjects concerned then need; a
 * tile in the cache with a lower one is drawn anew when it comes in sight. Requests are made once
 * before a frame, however many changes came.
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
  PlMontageContent *content;
  PlTileCache *cache;
  PlTilePainter *painter;
  PlTileLook *look;     /* (nullable): of the latest serial, once asked for */
  GHashTable *previews; /* those that were seen last */
  guint *needed;        /* for each subject the least serial that will do */

  int n; /* subjects */
  int width;
  int height;
  int first; /* place in sight */
  int end;
  int margin;
  guint serial;       /* the latest */
  guint first_serial; /* of these subjects */
  guint request_source;
};

static PlMask *
ref_mask (PlMask *mask)
{
  return mask == NULL ? NULL : pl_mask_ref (mask);
}

static void
show_slices (PlMontageTiles *tiles, PlTileLook *look)
{
  PlViewState *state = tiles->state;

  look->volume = pl_volume_ref (pl_view_state_get_volume (state));
  if (look->show_truth)
    look->truth = ref_mask (pl_view_state_get_truth (state));
  if (look->show_prediction)
    {
      look->prediction = ref_mask (pl_view_state_get_prediction (state));
      if (look->prediction_style == PL_PREDICTION_HEAT)
        look->heat = ref_mask (pl_view_state_get_heat (state));
      look->previews = g_hash_table_ref (pl_view_state_get_previews (state));
    }
}

PlTileLook *
pl_montage_tiles_make_look (PlMontageTiles *tiles)
{
  PlViewState *state = tiles->state;
  const PlMontageOptions *options = pl_montage_content_get_options (tiles->content);
  gboolean peek = pl_view_state_get_peek (state);
  PlTileLook *look;

  if (tiles->n == 0)
    return NULL;
  look = pl_tile_look_new ();
  look->show_truth = pl_view_state_get_show_truth (state) && !peek;
  look->show_prediction = pl_view_state_get_show_prediction (state) && !peek;
  look->prediction_style = options->prediction_style;
  look->cases = pl_montage_content_dup_cases (tiles->content);
  if (look->cases == NULL)
    show_slices (tiles, look);
  look->only_previews = pl_montage_content_hides_predictions (tiles->content);
  look->reslice = pl_montage_content_find_reslice (tiles->content);
  look->truth_is_filled = options->truth_is_filled;
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
  int subject;
  int place;
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
  return first->place - second->place;
}

static int
count_ready (PlMontageTiles *tiles)
{
  PlVolume *volume = pl_view_state_get_volume (tiles->state);
  int n_ready;

  if (pl_montage_content_has_cases (tiles->content))
    return tiles->n;
  if (volume == NULL)
    return 0;
  n_ready = pl_volume_ready_slices (volume);
  if (pl_montage_content_shows_planes (tiles->content))
    return n_ready == volume->n[0] ? tiles->n : 0; /* planes cross all slices */
  return MIN (tiles->n, n_ready);
}

/* Appends the subjects at places @first to @end that are ready and to be drawn. */
static void
add_wanted (PlMontageTiles *tiles, int first, int end, GArray *subjects)
{
  g_autoptr (GArray) wants = g_array_new (FALSE, FALSE, sizeof (Want));
  int n_ready = count_ready (tiles);

  end = MIN (end, pl_montage_content_get_n_tiles (tiles->content));
  for (int place = MAX (first, 0); place < end; place++)
    {
      int subject = pl_montage_content_get_subject (tiles->content, place);
      Want want = { subject, place, pl_tile_cache_touch (tiles->cache, subject) };

      if (subject < n_ready && want.serial < tiles->needed[subject])
        g_array_append_val (wants, want);
    }
  g_array_sort (wants, compare_wants);
  for (guint i = 0; i < wants->len; i++)
    g_array_append_val (subjects, g_array_index (wants, Want, i).subject);
}

static gboolean
request_cb (gpointer data)
{
  PlMontageTiles *tiles = data;
  g_autoptr (GArray) subjects = g_array_new (FALSE, FALSE, sizeof (int));

  tiles->request_source = 0;
  add_wanted (tiles, tiles->first, tiles->end, subjects);
  add_wanted (tiles, tiles->end, tiles->end + tiles->margin, subjects);
  add_wanted (tiles, tiles->first - tiles->margin, tiles->first, subjects);
  if (subjects->len > 0 && tiles->look == NULL)
    tiles->look = pl_montage_tiles_make_look (tiles);
  pl_tile_painter_request (tiles->painter, subjects->len > 0 ? tiles->look : NULL,
                           (const int *) subjects->data, subjects->len);
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
  for (int i = 0; i < tiles->n; i++)
    tiles->needed[i] = tiles->serial;
}

static void
outdate (PlMontageTiles *tiles, int subject)
{
  if (subject >= 0 && subject < tiles->n)
    tiles->needed[subject] = tiles->serial;
}

/* What the state says of the volume in view is nothing to tiles of cases. */
static void
masks_changed_cb (PlMontageTiles *tiles)
{
  if (!pl_montage_content_has_cases (tiles->content))
    outdate_all (tiles);
}

static void
subject_changed_cb (PlMontageTiles *tiles, int subject)
{
  begin_look (tiles);
  outdate (tiles, subject);
}

/* The previews of a training come often and concern a tile each. */
static void
preview_changed_cb (PlMontageTiles *tiles)
{
  g_autoptr (GHashTable) before = g_steal_pointer (&tiles->previews);
  g_autoptr (GArray) slices = NULL;

  tiles->previews = g_hash_table_ref (pl_view_state_get_previews (tiles->state));
  if (pl_montage_content_has_cases (tiles->content))
    return;
  begin_look (tiles);
  slices = pl_view_state_compare_previews (before, tiles->previews);
  for (guint i = 0; i < slices->len; i++)
    outdate (tiles, g_array_index (slices, int, i));
}

/* Nothing of the last ones is shown any more. */
static void
subjects_changed_cb (PlMontageTiles *tiles)
{
  pl_tile_cache_clear (tiles->cache);
  tiles->n = pl_montage_content_get_n_subjects (tiles->content);
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
pl_montage_tiles_new (PlViewState *state,
                      PlMontageContent *content,
                      PlMontageTilesChanged changed,
                      gpointer data)
{
  PlMontageTiles *tiles = g_new0 (PlMontageTiles, 1);

  tiles->changed = changed;
  tiles->data = data;
  tiles->state = g_object_ref (state);
  tiles->content = g_object_ref (content);
  tiles->cache = pl_tile_cache_new (CACHE_BYTES);
  tiles->painter = pl_tile_painter_new (tile_done_cb, tiles);
  tiles->width = 1;
  tiles->height = 1;
  tiles->previews = g_hash_table_ref (pl_view_state_get_previews (state));
  g_signal_connect_swapped (content, "subjects-changed", G_CALLBACK (subjects_changed_cb), tiles);
  g_signal_connect_swapped (content, "subject-changed", G_CALLBACK (subject_changed_cb), tiles);
  g_signal_connect_swapped (content, "options-changed", G_CALLBACK (outdate_all), tiles);
  watch (tiles, "notify::ready-slices", queue_request);
  watch (tiles, "notify::preview", preview_changed_cb);
  watch (tiles, "notify::truth", masks_changed_cb);
  watch (tiles, "notify::prediction", masks_changed_cb);
  watch (tiles, "notify::heat", masks_changed_cb);
  watch (tiles, "notify::show-truth", outdate_all);
  watch (tiles, "notify::show-prediction", outdate_all);
  watch (tiles, "notify::peek", outdate_all);
  watch (tiles, "notify::window", outdate_all);
  watch (tiles, "notify::colour-map", outdate_all);
  watch (tiles, "notify::opacity", outdate_all);
  watch (tiles, "notify::label-colours", outdate_all);
  subjects_changed_cb (tiles);
  return tiles;
}

void
pl_montage_tiles_free (PlMontageTiles *tiles)
{
  if (tiles == NULL)
    return;
  g_clear_handle_id (&tiles->request_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (tiles->state, tiles);
  g_signal_handlers_disconnect_by_data (tiles->content, tiles);
  pl_tile_painter_free (tiles->painter);
  pl_tile_cache_free (tiles->cache);
  g_hash_table_unref (tiles->previews);
  g_clear_pointer (&tiles->look, pl_tile_look_unref);
  g_object_unref (tiles->content);
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
pl_montage_tiles_get (PlMontageTiles *tiles, int subject)
{
  return pl_tile_cache_get (tiles->cache, subject);
}

gboolean
pl_montage_tiles_is_complete (PlMontageTiles *tiles)
{
  int end = MIN (tiles->end, pl_montage_content_get_n_tiles (tiles->content));
  int n_ready = count_ready (tiles);

  for (int place = tiles->first; place < end; place++)
    {
      int subject = pl_montage_content_get_subject (tiles->content, place);

      if (subject < n_ready && pl_tile_cache_touch (tiles->cache, subject) < tiles->needed[subject])
        return FALSE;
    }
  return TRUE;
}
