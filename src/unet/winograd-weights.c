/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Winograd's weight gradient spreads x and dy, sums the products of each point over all tiles of a
 * job, and gathers once at its end. */
#include "unet/winograd.h"

#include <string.h>

#include "unet/tiles.h"

enum
{
  GRADIENT_TILES = 32, /* whose products are added at once */
};

typedef struct
{
  const PlTensor *x;
  const PlTensor *dy;
  gboolean co_first;
} GradientJob;

/* sums (36,…) += products of @n tiles of x and of dy. */
static void
add_products (const GradientJob *job,
              const PlWeightBlock *block,
              gsize n,
              const float *x,
              const float *dy,
              float *sums)
{
  gsize x_stride = pl_tiles_stride (n, block->n_in);
  gsize dy_stride = pl_tiles_stride (n, block->n_out);

  for (gsize k = 0; k < PL_TILE_POINTS; k++)
    {
      PlWeightProduct product = {
        .rows = 1,
        .n = n,
        .side = 1,
        .x = x + k * x_stride,
        .x_step = block->n_in,
        .ci = block->n_in,
        .dy = dy + k * dy_stride,
        .dy_step = block->n_out,
        .co = block->n_out,
        .dw = sums + k * block->n_in * block->n_out,
      };

      if (job->co_first)
        {
          product.x = dy + k * dy_stride;
          product.x_step = product.ci = block->n_out;
          product.dy = x + k * x_stride;
          product.dy_step = product.co = block->n_in;
        }
      job->x->kernels->tiles.weight_product (&product);
    }
}

static void
add_strips_cb (void *data,
               gsize first_strip,
               gsize end_strip,
               const PlWeightBlock *block,
               float *dw,
               void *scratch)
{
  const GradientJob *job = data;
  gsize size = block->n_in * block->n_out;
  gsize end = pl_tiles_before_strip (job->dy, end_strip);
  float *sums = scratch;
  float *x = sums + PL_TILE_POINTS * size;
  float *dy = x + pl_tiles_floats (pl_tiles_stride (GRADIENT_TILES, block->n_in));

  memset (sums, 0, PL_TILE_POINTS * size * sizeof (float));
  for (gsize tile = pl_tiles_before_strip (job->dy, first_strip), n; tile < end; tile += n)
    {
      n = MIN ((gsize) GRADIENT_TILES, end - tile);
      pl_tiles_spread_pixels (job->x, tile, n, block->first_in, block->n_in, x,
                              pl_tiles_stride (n, block->n_in));
      pl_tiles_spread_gradient (job->dy, tile, n, block->first_out, block->n_out, dy,
                                pl_tiles_stride (n, block->n_out));
      add_products (job, block, n, x, dy, sums);
    }
  job->x->kernels->tiles.gather_weights (size, sums, size, dw, size);
}

PlScratchNeed
pl_winograd_backward_need (const PlWeightGradient *dw)
{
  gsize n_floats = PL_TILE_POINTS * dw->in_block * dw->out_block +
                   pl_tiles_floats (pl_tiles_stride (GRADIENT_TILES, dw->in_block)) +
                   pl_tiles_floats (pl_tiles_stride (GRADIENT_TILES, dw->out_block));

  return (PlScratchNeed){
    .shared_floats = pl_weight_gradient_lane_floats (dw),
    .worker_bytes = n_floats * sizeof (float),
  };
}

void
pl_winograd_backward_weights (int n,
                              const PlTensor *x,
                              const PlTensor *dy,
                              const PlWeightGradient *dw,
                              const PlScratch *scratch)
{
  GradientJob job = { .x = x, .dy = dy, .co_first = dw->co_first };

  pl_weight_gradient_add (dw, n, dy, add_strips_cb, &job, scratch);
}
