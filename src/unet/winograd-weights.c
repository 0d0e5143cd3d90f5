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
} GradientJob;

/* Where in a job's scratch lie, in bytes: the products of a block summed so far; points of x and of
 * dy; and what the product needs. */
typedef struct
{
  gsize sums;
  gsize x;
  gsize dy;
  gsize scratch;
  gsize end;
} Layout;

static Layout
lay_out (const PlKernels *kernels, gsize ci, gsize co)
{
  Layout at = { 0 };

  at.x = PL_TILE_POINTS * ci * co * sizeof (float);
  at.dy = at.x + pl_tiles_bytes (kernels, pl_tiles_stride (GRADIENT_TILES, ci));
  at.scratch = at.dy + pl_tiles_bytes (kernels, pl_tiles_stride (GRADIENT_TILES, co));
  at.end = at.scratch + kernels->weight_product_scratch (1, GRADIENT_TILES, 1, ci, co);
  return at;
}

/* sums (36,…) += products of @n tiles of x and of dy. */
static void
add_products (
    const PlKernels *kernels, const PlWeightBlock *block, gsize n, const Layout *at, char *memory)
{
  gsize x_bytes = pl_tiles_stride (n, block->n_in) * kernels->element_bytes;
  gsize dy_bytes = pl_tiles_stride (n, block->n_out) * kernels->element_bytes;

  for (gsize k = 0; k < PL_TILE_POINTS; k++)
    {
      PlWeightProduct product = {
        .rows = 1,
        .n = n,
        .side = 1,
        .x = memory + at->x + k * x_bytes,
        .x_step = block->n_in,
        .ci = block->n_in,
        .dy = memory + at->dy + k * dy_bytes,
        .dy_step = block->n_out,
        .co = block->n_out,
        .dw = (float *) (memory + at->sums) + k * block->n_in * block->n_out,
        .scratch = memory + at->scratch,
      };

      kernels->weight_product (&product);
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
  const PlKernels *kernels = job->x->kernels;
  gsize size = block->n_in * block->n_out;
  gsize end = pl_tiles_before_strip (job->dy, end_strip);
  Layout at = lay_out (kernels, block->n_in, block->n_out);
  char *memory = scratch;

  memset (memory + at.sums, 0, PL_TILE_POINTS * size * sizeof (float));
  for (gsize tile = pl_tiles_before_strip (job->dy, first_strip), n; tile < end; tile += n)
    {
      n = MIN ((gsize) GRADIENT_TILES, end - tile);
      pl_tiles_spread_pixels (job->x, tile, n, block->first_in, block->n_in, memory + at.x,
                              pl_tiles_stride (n, block->n_in));
      pl_tiles_spread_gradient (job->dy, tile, n, block->first_out, block->n_out, memory + at.dy,
                                pl_tiles_stride (n, block->n_out));
      add_products (kernels, block, n, &at, memory);
    }
  kernels->tiles.gather_weights (size, (float *) (memory + at.sums), size, dw, size);
}

PlScratchNeed
pl_winograd_backward_need (const PlKernels *kernels, const PlWeightGradient *dw)
{
  return (PlScratchNeed){
    .shared_bytes = pl_weight_gradient_lane_bytes (dw),
    .worker_bytes = lay_out (kernels, dw->in_block, dw->out_block).end,
  };
}

void
pl_winograd_backward_weights (int n,
                              const PlTensor *x,
                              const PlTensor *dy,
                              const PlWeightGradient *dw,
                              const PlScratch *scratch)
{
  GradientJob job = { .x = x, .dy = dy };

  pl_weight_gradient_add (dw, n, dy, add_strips_cb, &job, scratch);
}
