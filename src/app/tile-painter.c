/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workers take slices from the end of one list, which each request replaces as a whole. Finished
 * tiles are collected, and the main loop is told once until it has taken them.
 */
#include "app/tile-painter.h"

#include <pthread.h>

#define MAX_WORKERS 4

typedef struct
{
  int slice;
  guint serial;

  /* Owned */
  GdkTexture *texture;
} Tile;

struct _PlTilePainter
{
  /* Main thread; done is NULL once freed */
  PlTileDone done;
  gpointer data;

  /* Owned */
  GMainContext *context;

  /* Shared with the workers, under the lock */
  pthread_mutex_t lock;
  PlTileLook *look;
  GArray *waiting;       /* of int; the next is the last */
  GArray *finished;      /* of Tile */
  GHashTable *under_way; /* slice to the serial it is drawn with, until delivered */
  int n_workers;
  gboolean announced; /* the main loop will take what is finished */
};

static void
clear_tile (gpointer data)
{
  Tile *tile = data;

  g_object_unref (tile->texture);
}

static GArray *
new_tiles (void)
{
  GArray *tiles = g_array_new (FALSE, FALSE, sizeof (Tile));

  g_array_set_clear_func (tiles, clear_tile);
  return tiles;
}

PlTilePainter *
pl_tile_painter_new (PlTileDone done, gpointer data)
{
  PlTilePainter *painter = g_atomic_rc_box_new0 (PlTilePainter);

  painter->done = done;
  painter->data = data;
  painter->context = g_main_context_ref_thread_default ();
  pthread_mutex_init (&painter->lock, NULL);
  painter->waiting = g_array_new (FALSE, FALSE, sizeof (int));
  painter->finished = new_tiles ();
  painter->under_way = g_hash_table_new (NULL, NULL);
  return painter;
}

static void
clear_painter (gpointer data)
{
  PlTilePainter *painter = data;

  g_main_context_unref (painter->context);
  pthread_mutex_destroy (&painter->lock);
  g_clear_pointer (&painter->look, pl_tile_look_unref);
  g_array_unref (painter->waiting);
  g_array_unref (painter->finished);
  g_hash_table_unref (painter->under_way);
}

static void
unref_painter (gpointer painter)
{
  g_atomic_rc_box_release_full (painter, clear_painter);
}

void
pl_tile_painter_free (PlTilePainter *painter)
{
  if (painter == NULL)
    return;
  painter->done = NULL;
  pl_tile_painter_request (painter, NULL, NULL, 0);
  unref_painter (painter);
}

/* Under the lock. A slice may be under way again, with a newer look. */
static void
forget_under_way (PlTilePainter *painter, const GArray *tiles)
{
  for (guint i = 0; i < tiles->len; i++)
    {
      const Tile *tile = &g_array_index (tiles, Tile, i);
      gpointer key = GINT_TO_POINTER (tile->slice);

      if (GPOINTER_TO_UINT (g_hash_table_lookup (painter->under_way, key)) == tile->serial)
        g_hash_table_remove (painter->under_way, key);
    }
}

/* Main thread. */
static gboolean
deliver_cb (gpointer data)
{
  PlTilePainter *painter = data;
  GArray *empty = new_tiles ();
  g_autoptr (GArray) tiles = NULL;

  pthread_mutex_lock (&painter->lock);
  tiles = painter->finished;
  painter->finished = empty;
  painter->announced = FALSE;
  forget_under_way (painter, tiles);
  pthread_mutex_unlock (&painter->lock);
  for (guint i = 0; i < tiles->len && painter->done != NULL; i++)
    {
      const Tile *tile = &g_array_index (tiles, Tile, i);

      painter->done (painter->data, tile->slice, tile->serial, tile->texture);
    }
  return G_SOURCE_REMOVE;
}

/* Worker thread, under the lock. */
static void
announce (PlTilePainter *painter)
{
  g_autoptr (GSource) source = NULL;

  if (painter->announced)
    return;
  painter->announced = TRUE;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver_cb, g_atomic_rc_box_acquire (painter), unref_painter);
  g_source_attach (source, painter->context);
}

/* Worker thread, under the lock, which it leaves while it draws. */
static void
paint_next (PlTilePainter *painter)
{
  guint last = painter->waiting->len - 1;
  Tile tile = { .slice = g_array_index (painter->waiting, int, last) };
  PlTileLook *look = pl_tile_look_ref (painter->look);

  g_array_set_size (painter->waiting, last);
  tile.serial = look->serial;
  g_hash_table_insert (painter->under_way, GINT_TO_POINTER (tile.slice),
                       GUINT_TO_POINTER (tile.serial));
  pthread_mutex_unlock (&painter->lock);

  tile.texture = pl_tile_paint (look, tile.slice);
  pl_tile_look_unref (look);

  pthread_mutex_lock (&painter->lock);
  g_array_append_val (painter->finished, tile);
  announce (painter);
}

/* Worker thread: until nothing waits. */
static void
work_cb (gpointer data, gpointer unused)
{
  PlTilePainter *painter = data;

  pthread_mutex_lock (&painter->lock);
  while (painter->waiting->len > 0)
    paint_next (painter);
  painter->n_workers--;
  pthread_mutex_unlock (&painter->lock);
  unref_painter (painter);
}

/* One processor is left to the window. */
static int
max_workers (void)
{
  return CLAMP ((int) g_get_num_processors () - 1, 1, MAX_WORKERS);
}

static GThreadPool *
get_threads (void)
{
  static GThreadPool *threads;

  if (threads == NULL)
    threads = g_thread_pool_new (work_cb, NULL, max_workers (), FALSE, NULL);
  return threads;
}

void
pl_tile_painter_request (PlTilePainter *painter,
                         PlTileLook *look,
                         const int *slices,
                         gsize n_slices)
{
  g_autoptr (PlTileLook) old = NULL;
  int n_new;

  pthread_mutex_lock (&painter->lock);
  old = painter->look;
  painter->look = look == NULL ? NULL : pl_tile_look_ref (look);
  g_array_set_size (painter->waiting, 0);
  for (gsize i = n_slices; i-- > 0;)
    {
      gpointer serial = g_hash_table_lookup (painter->under_way, GINT_TO_POINTER (slices[i]));

      if (GPOINTER_TO_UINT (serial) != look->serial)
        g_array_append_val (painter->waiting, slices[i]);
    }
  n_new = MIN ((int) painter->waiting->len, max_workers ()) - painter->n_workers;
  n_new = MAX (n_new, 0);
  painter->n_workers += n_new;
  pthread_mutex_unlock (&painter->lock);
  for (int i = 0; i < n_new; i++)
    g_thread_pool_push (get_threads (), g_atomic_rc_box_acquire (painter), NULL);
}
