/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All slices of a volume in one picture, drawn on all processors: each tile is written to a place
 * of its own. */
#include "image/montage.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/aligned.h"
#include "base/parallel.h"

#define MAX_SIDE_PX 32767

typedef struct
{
  /* Borrowed */
  const PlVolume *volume;
  const PlMask *mask;
  const PlColourMap *map;
  GCancellable *cancellable;
  PlPicture *picture;

  PlWindow window;
  int columns;
  int tile_px;
  int tile_width;
  int tile_height;
} Montage;

static void
draw_tile (void *data, gsize index, int worker)
{
  const Montage *montage = data;
  g_autoptr (PlPicture) tile = NULL;
  gsize x = index % (gsize) montage->columns * (gsize) montage->tile_width;
  gsize y = index / (gsize) montage->columns * (gsize) montage->tile_height;

  if (g_cancellable_is_cancelled (montage->cancellable))
    return;
  tile = pl_picture_slice (montage->volume, (int) index, montage->mask, NULL, montage->window,
                           montage->map, montage->tile_px);
  for (gsize row = 0; row < (gsize) tile->height; row++)
    memcpy (montage->picture->rgb + 3 * ((y + row) * (gsize) montage->picture->width + x),
            tile->rgb + 3 * row * (gsize) tile->width, 3 * (gsize) tile->width);
}

static int
choose_columns (int columns, int n_slices)
{
  if (columns <= 0)
    for (columns = 1; (gint64) columns * columns < n_slices;)
      columns++;
  return MIN (columns, n_slices);
}

/* (nullable): a black picture. */
static PlPicture *
make_picture (gint64 width, gint64 height, GError **error)
{
  g_autoptr (PlPicture) picture = NULL;
  gsize n_bytes = 3 * (gsize) width * (gsize) height;

  if (width > MAX_SIDE_PX || height > MAX_SIDE_PX)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE,
                   _ ("The montage would have %lld × %lld pixels; the most is %d a side"),
                   (long long) width, (long long) height, MAX_SIDE_PX);
      return NULL;
    }
  picture = g_new0 (PlPicture, 1);
  picture->width = (int) width;
  picture->height = (int) height;
  if (n_bytes <= pl_memory_total () / 5 * 4)
    picture->rgb = g_try_malloc0 (n_bytes);
  if (picture->rgb == NULL)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE,
                   _ ("There is no memory for a montage of %d × %d pixels"), picture->width,
                   picture->height);
      return NULL;
    }
  return g_steal_pointer (&picture);
}

PlPicture *
pl_montage_picture (const PlVolume *volume,
                    const PlMask *mask,
                    int columns,
                    int tile_px,
                    PlWindow window,
                    const PlColourMap *map,
                    GCancellable *cancellable,
                    GError **error)
{
  int n_slices = volume->n[0];
  g_autoptr (PlPicture) picture = NULL;
  Montage montage = {
    .volume = volume,
    .mask = mask,
    .map = map,
    .cancellable = cancellable,
    .window = window,
    .columns = choose_columns (columns, n_slices),
    .tile_px = tile_px,
  };
  int rows = (n_slices - 1) / montage.columns + 1;

  pl_picture_size (volume, tile_px, &montage.tile_width, &montage.tile_height);
  picture = make_picture ((gint64) montage.columns * montage.tile_width,
                          (gint64) rows * montage.tile_height, error);
  if (picture == NULL)
    return NULL;
  montage.picture = picture;
  pl_parallel_for ((gsize) n_slices, draw_tile, &montage);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&picture);
}
