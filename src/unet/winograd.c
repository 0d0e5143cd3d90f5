/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Winograd's convolutions. Every 6×6 patch of the input is spread into 36 points, each point of all
 * tiles is multiplied with that point of all weights, and the 36 products of a tile are gathered
 * into its 4×4 output pixels:
 *
 *   tiles of x ── spread ──► (36,T,Ci) ─┐
 *                                       ├─ 36 products ──► (36,T,Co) ── gather ──► tiles of y
 *   w ─────────── spread ──► (36,Ci,Co) ┘
 *
 * Spread weights are four times as large as weights. Where all of them fit in the second-level
 * cache, a job does everything for some tiles. In deep layers they do not, but there a spread input
 * pixel is used for many output channels: then first all tiles are spread, into shared memory, and
 * a job spreads the weights of a group of output channels and does the rest for these. */
#include "unet/winograd.h"

#include "base/parallel.h"
#include "unet/tiles.h"

enum
{
  CACHED_WEIGHTS = 1536 << 10, /* bytes of spread weights that every job may go through */
  CACHED_TILES = 384 << 10,    /* bytes of spread tiles and products that a job works on */
  LEAST_TILES = 16,            /* of a product; fewer would spend their time loading weights */
  MOST_TILES = 128,
  SHARED_TILES = 16 << 20, /* bytes of spread tiles in the shared memory */
  GROUP = 32,              /* output channels of a job of deep layers */
  SPREAD_TILES = 16,       /* tiles of a job that only spreads */
};

gboolean
pl_winograd_fits (const PlTensor *y)
{
  return y->kernels->tiles.product != NULL && y->rows % PL_TILE == 0 && y->columns % PL_TILE == 0;
}

typedef struct
{
  const char *w;
  const PlTensor *x;
  const PlTensor *y;
  const PlEpilogue *epilogue;
  const PlScratch *scratch;
  gsize ci;
  gsize co;
  gsize n_strips; /* of the batch */

  /* Cached weights */
  gsize n_tiles; /* that a job works on at once */

  /* Deep layers */
  gsize strips_at_once; /* in shared memory */
  gsize strips_of_job;
  gsize first_strip; /* of those in shared memory */
  gsize end_strip;
} Job;

static gsize
find_width (const Job *job, gsize channel)
{
  return MIN (job->y->kernels->co_block, job->co - channel);
}

/* Bytes of the spread weights of output channels. */
static gsize
count_weights (const Job *job, gsize first, gsize end)
{
  gsize n = 0;

  for (gsize o = first; o < end; o += find_width (job, o))
    n += pl_tiles_bytes (job->y->kernels, pl_tiles_stride (job->ci, find_width (job, o)));
  return n;
}

static void
spread_weights (const Job *job, gsize first, gsize end, char *points)
{
  const PlKernels *kernels = job->y->kernels;

  for (gsize o = first; o < end; o += find_width (job, o))
    {
      gsize width = find_width (job, o);
      gsize stride = pl_tiles_stride (job->ci, width);

      kernels->tiles.spread_weights (
          job->ci, width, job->w + 9 * o * job->ci * kernels->element_bytes, points, stride);
      points += pl_tiles_bytes (kernels, stride);
    }
}

/* The products of @n tiles with the weights of output channels. */
static void
multiply (const Job *job,
          gsize n,
          const char *tiles,
          gsize tile_stride,
          gsize first,
          gsize end,
          const char *weights,
          float *products)
{
  const PlKernels *kernels = job->y->kernels;
  gsize tile_bytes = tile_stride * kernels->element_bytes;
  gsize stride = pl_tiles_stride (n, end - first);

  for (gsize o = first; o < end; o += find_width (job, o))
    {
      gsize width = find_width (job, o);
      gsize weight_stride = pl_tiles_stride (job->ci, width);
      gsize weight_bytes = weight_stride * kernels->element_bytes;

      for (gsize k = 0; k < PL_TILE_POINTS; k++)
        {
          PlProduct product = {
            .rows = 1,
            .n = n,
            .n_taps = 1,
            .x = { tiles + k * tile_bytes },
            .x_step = job->ci,
            .ci = job->ci,
            .w = weights + k * weight_bytes,
            .co = width,
            .y = products + k * stride + o - first,
            .y_step = end - first,
          };

          kernels->tiles.product (&product);
        }
      weights += pl_tiles_bytes (kernels, weight_stride);
    }
}

static gboolean
are_weights_cached (const Job *job)
{
  return count_weights (job, 0, job->co) <= CACHED_WEIGHTS;
}

/* How the work is split. */
static Job
plan (gsize ci, int n, const PlTensor *y)
{
  gsize tiles_of_strip = pl_tiles_before_strip (y, 1);
  gsize channel_bytes = PL_TILE_POINTS * y->kernels->element_bytes; /* of a tile */
  gsize product_bytes = PL_TILE_POINTS * sizeof (float);
  Job job = {
    .y = y,
    .ci = ci,
    .co = y->channels,
    .n_strips = (gsize) n * (gsize) pl_tensor_strips (y).count,
  };

  job.n_tiles =
      CLAMP (CACHED_TILES / (channel_bytes * ci + product_bytes * job.co), LEAST_TILES, MOST_TILES);
  job.n_tiles = MIN (job.n_tiles, tiles_of_strip);
  job.strips_at_once =
      CLAMP (SHARED_TILES / (channel_bytes * ci * tiles_of_strip), 1, job.n_strips);
  job.strips_of_job = MIN (MAX (MOST_TILES / tiles_of_strip, 1), job.strips_at_once);
  return job;
}

PlScratchNeed
pl_winograd_forward_need (int n, gsize ci, const PlTensor *y)
{
  Job job = plan (ci, n, y);
  gsize tiles_of_strip = pl_tiles_before_strip (y, 1);
  gsize group = MIN ((gsize) GROUP, job.co);
  gsize of_group = pl_tiles_stride (job.strips_of_job * tiles_of_strip, group);

  if (are_weights_cached (&job))
    return (PlScratchNeed){
      .shared_bytes = count_weights (&job, 0, job.co),
      .worker_bytes = pl_tiles_bytes (y->kernels, pl_tiles_stride (job.n_tiles, ci)) +
                      pl_tiles_product_bytes (pl_tiles_stride (job.n_tiles, job.co)),
    };
  return (PlScratchNeed){
    .shared_bytes =
        pl_tiles_bytes (y->kernels, pl_tiles_stride (job.strips_at_once * tiles_of_strip, ci)),
    .worker_bytes = count_weights (&job, 0, group) + pl_tiles_product_bytes (of_group),
  };
}

static void
spread_group_cb (void *data, size_t index, int worker)
{
  const Job *job = data;
  gsize first = index * job->y->kernels->co_block;

  spread_weights (job, first, first + find_width (job, first),
                  (char *) job->scratch->shared + count_weights (job, 0, first));
}

static void
convolve_strip_cb (void *data, size_t index, int worker)
{
  const Job *job = data;
  gsize end = pl_tiles_before_strip (job->y, index + 1);
  char *tiles = pl_scratch_of (job->scratch, worker);
  float *products =
      (float *) (tiles + pl_tiles_bytes (job->y->kernels, pl_tiles_stride (job->n_tiles, job->ci)));

  for (gsize tile = pl_tiles_before_strip (job->y, index), n; tile < end; tile += n)
    {
      gsize stride;

      n = MIN (job->n_tiles, end - tile);
      stride = pl_tiles_stride (n, job->ci);
      pl_tiles_spread_pixels (job->x, tile, n, 0, job->ci, tiles, stride);
      multiply (job, n, tiles, stride, 0, job->co, job->scratch->shared, products);
      pl_tiles_gather (job->y, tile, n, 0, job->co, products, pl_tiles_stride (n, job->co),
                       job->epilogue);
    }
}

/* Of the tiles in shared memory. */
static gsize
find_shared_stride (const Job *job)
{
  return pl_tiles_stride (pl_tiles_before_strip (job->y, job->end_strip) -
                              pl_tiles_before_strip (job->y, job->first_strip),
                          job->ci);
}

static char *
find_shared_tile (const Job *job, gsize tile)
{
  gsize index = tile - pl_tiles_before_strip (job->y, job->first_strip);

  return (char *) job->scratch->shared + index * job->ci * job->y->kernels->element_bytes;
}

static void
spread_tiles_cb (void *data, size_t index, int worker)
{
  const Job *job = data;
  gsize first = pl_tiles_before_strip (job->y, job->first_strip) + index * SPREAD_TILES;
  gsize end = MIN (first + SPREAD_TILES, pl_tiles_before_strip (job->y, job->end_strip));

  pl_tiles_spread_pixels (job->x, first, end - first, 0, job->ci, find_shared_tile (job, first),
                          find_shared_stride (job));
}

static void
convolve_group_cb (void *data, size_t index, int worker)
{
  const Job *job = data;
  gsize n_groups = (job->co + GROUP - 1) / GROUP;
  gsize first = index % n_groups * GROUP;
  gsize end = MIN (first + GROUP, job->co);
  gsize strip = job->first_strip + index / n_groups * job->strips_of_job;
  gsize tile = pl_tiles_before_strip (job->y, strip);
  gsize n = pl_tiles_before_strip (job->y, MIN (strip + job->strips_of_job, job->end_strip)) - tile;
  char *weights = pl_scratch_of (job->scratch, worker);
  float *products = (float *) (weights + count_weights (job, first, end));

  spread_weights (job, first, end, weights);
  multiply (job, n, find_shared_tile (job, tile), find_shared_stride (job), first, end, weights,
            products);
  pl_tiles_gather (job->y, tile, n, first, end - first, products, pl_tiles_stride (n, end - first),
                   job->epilogue);
}

static void
convolve_deep (Job *job)
{
  gsize n_groups = (job->co + GROUP - 1) / GROUP;

  for (gsize strip = 0; strip < job->n_strips; strip = job->end_strip)
    {
      gsize n_tiles, n_jobs;

      job->first_strip = strip;
      job->end_strip = MIN (strip + job->strips_at_once, job->n_strips);
      n_tiles =
          pl_tiles_before_strip (job->y, job->end_strip) - pl_tiles_before_strip (job->y, strip);
      n_jobs = (job->end_strip - strip + job->strips_of_job - 1) / job->strips_of_job;
      pl_parallel_for ((n_tiles + SPREAD_TILES - 1) / SPREAD_TILES, spread_tiles_cb, job);
      pl_parallel_for (n_groups * n_jobs, convolve_group_cb, job);
    }
}

void
pl_winograd_forward (const void *w,
                     int n,
                     const PlTensor *x,
                     const PlTensor *y,
                     const PlEpilogue *epilogue,
                     const PlScratch *scratch)
{
  Job job = plan (x->channels, n, y);

  job.w = w;
  job.x = x;
  job.epilogue = epilogue;
  job.scratch = scratch;
  if (!are_weights_cached (&job))
    {
      convolve_deep (&job);
      return;
    }
  pl_parallel_for ((job.co + y->kernels->co_block - 1) / y->kernels->co_block, spread_group_cb,
                   &job);
  pl_parallel_for (job.n_strips, convolve_strip_cb, &job);
}
