/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unet/tiles.h"

enum
{
  PAD = 2 * PL_CHANNEL_BLOCK, /* between points, a cache line or two: a power of two apart they
                                 would share a few sets of the first-level cache */
};

gsize
pl_tiles_bytes (const PlKernels *kernels, gsize stride)
{
  return PL_TILE_POINTS * stride * kernels->element_bytes;
}

gsize
pl_tiles_product_bytes (gsize stride)
{
  return PL_TILE_POINTS * stride * sizeof (float);
}

gsize
pl_tiles_stride (gsize n, gsize c)
{
  return n * c + PAD;
}

/* Where a tile lies. */
typedef struct
{
  int image;
  int row; /* of its first pixel */
  int column;
  gsize left; /* tiles from it to the end of the row */
} Place;

static Place
find_tile (const PlTensor *tensor, gsize tile)
{
  gsize across = (gsize) tensor->columns / PL_TILE;
  gsize down = (gsize) tensor->rows / PL_TILE;

  return (Place){
    .image = (int) (tile / across / down),
    .row = (int) (tile / across % down) * PL_TILE,
    .column = (int) (tile % across) * PL_TILE,
    .left = across - tile % across,
  };
}

static gsize
count_tiles (const PlTensor *tensor, int rows)
{
  return (gsize) tensor->columns / PL_TILE * ((gsize) rows / PL_TILE);
}

gsize
pl_tiles_before_strip (const PlTensor *tensor, gsize strip)
{
  PlStrips strips = pl_tensor_strips (tensor);
  gsize image = strip / (gsize) strips.count;
  gsize in_image = strip % (gsize) strips.count;

  return image * count_tiles (tensor, tensor->rows) + in_image * count_tiles (tensor, strips.rows);
}

/* Patches reach @border pixels beyond a tile. */
static void
spread (const PlTensor *x,
        PlSpreadPixels spread_row,
        int border,
        gsize first,
        gsize count,
        gsize channel,
        gsize c,
        char *points,
        gsize stride)
{
  for (gsize done = 0, n; done < count; done += n)
    {
      Place at = find_tile (x, first + done);

      n = MIN (count - done, at.left);
      spread_row (n, pl_tensor_channel (x, at.image, at.row - border, at.column - border, channel),
                  x->row_stride, x->step, c, points + done * c * x->kernels->element_bytes, stride);
    }
}

void
pl_tiles_spread_pixels (
    const PlTensor *x, gsize first, gsize count, gsize channel, gsize c, void *points, gsize stride)
{
  spread (x, x->kernels->tiles.spread_pixels, 1, first, count, channel, c, points, stride);
}

void
pl_tiles_spread_gradient (const PlTensor *dy,
                          gsize first,
                          gsize count,
                          gsize channel,
                          gsize c,
                          void *points,
                          gsize stride)
{
  spread (dy, dy->kernels->tiles.spread_gradient, 0, first, count, channel, c, points, stride);
}

void
pl_tiles_gather (const PlTensor *y,
                 gsize first,
                 gsize count,
                 gsize channel,
                 gsize c,
                 const float *products,
                 gsize stride,
                 const PlEpilogue *epilogue)
{
  for (gsize done = 0, n; done < count; done += n)
    {
      Place at = find_tile (y, first + done);

      n = MIN (count - done, at.left);
      y->kernels->tiles.gather_pixels (n, products + done * c, stride, c,
                                       pl_tensor_channel (y, at.image, at.row, at.column, channel),
                                       y->row_stride, y->step);
      for (int row = at.row; n == at.left && row < at.row + PL_TILE; row++)
        pl_epilogue_run (epilogue, at.image, row, channel, c);
    }
}
