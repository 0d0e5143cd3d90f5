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
 * a job spreads the weights of a group of output channels and does the rest for these.
 *
 * The weight gradient spreads x and dy, sums the products of each point over all tiles, and gathers
 * once at the end.
 *
 * Tiles are counted through the batch, row by row. Those of a strip of rows (PlStrips) follow each
 * other. */
#include "unet/winograd.h"

#include <string.h>

#include "base/parallel.h"

enum
{
  PAD = PL_CHANNEL_BLOCK,      /* floats between points: a power of two apart they would share a few
                                  sets of the first-level cache */
  CACHED_WEIGHTS = 1536 << 10, /* bytes of spread weights that every job may go through */
  CACHED_TILES = 384 << 10,    /* bytes of spread tiles and products that a job works on */
  LEAST_TILES = 16,            /* of a product; fewer would spend their time loading weights */
  MOST_TILES = 128,
  SHARED_TILES = 16 << 20, /* bytes of spread tiles in the shared memory */
  GROUP = 32,              /* output channels of a job of deep layers */
  SPREAD_TILES = 16,       /* tiles of a job that only spreads */
  GRADIENT_TILES = 32,     /* whose products are added to a weight gradient at once */
};

gboolean
pl_winograd_fits (const PlTensor *y)
{
  return y->kernels->tiles.product != NULL && y->rows % PL_TILE == 0 && y->columns % PL_TILE == 0;
}

static gsize
count_floats (gsize point_stride)
{
  return PL_TILE_POINTS * point_stride;
}

/* Of @n tiles or input channels with @c channels. */
static gsize
find_point_stride (gsize n, gsize c)
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

/* The first tile of strip @strip of the batch. */
static gsize
find_strip (const PlTensor *tensor, gsize strip)
{
  PlStrips strips = pl_tensor_strips (tensor);
  gsize image = strip / (gsize) strips.count;
  gsize in_image = strip % (gsize) strips.count;

  return image * count_tiles (tensor, tensor->rows) + in_image * count_tiles (tensor, strips.rows);
}

/* Points of @count tiles of @x from @first on, of channels @channel to @channel + @c; patches reach
 * @border pixels beyond a tile. */
static void
spread (const PlTensor *x,
        PlSpreadPixels spread_row,
        int border,
        gsize first,
        gsize count,
        gsize channel,
        gsize c,
        float *points,
        gsize stride)
{
  for (gsize done = 0, n; done < count; done += n)
    {
      Place at = find_tile (x, first + done);

      n = MIN (count - done, at.left);
      spread_row (n, pl_tensor_channel (x, at.image, at.row - border, at.column - border, channel),
                  x->row_stride, x->step, c, points + done * c, stride);
    }
}

static void
spread_pixels (const PlTensor *x,
               gsize first,
               gsize count,
               gsize channel,
               gsize c,
               float *points,
               gsize stride)
{
  spread (x, x->kernels->tiles.spread_pixels, 1, first, count, channel, c, points, stride);
}

/* Runs @epilogue for each row of tiles that is complete. */
static void
gather_pixels (const PlTensor *y,
               gsize first,
               gsize count,
               gsize channel,
               gsize c,
               const float *points,
               gsize stride,
               const PlEpilogue *epilogue)
{
  for (gsize done = 0, n; done < count; done += n)
    {
      Place at = find_tile (y, first + done);

      n = MIN (count - done, at.left);
      y->kernels->tiles.gather_pixels (n, points + done * c, stride, c,
                                       pl_tensor_channel (y, at.image, at.row, at.column, channel),
                                       y->row_stride, y->step);
      for (int row = at.row; n == at.left && row < at.row + PL_TILE; row++)
        pl_epilogue_run (epilogue, at.image, row, channel, c);
    }
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

/* Floats of the spread weights of output channels. */
static gsize
count_weights (const Job *job, gsize first, gsize end)
{
  gsize n = 0;

  for (gsize o = first; o < end; o += find_width (job, o))
    n += count_floats (find_point_stride (job->ci, find_width (job, o)));
  return n;
}

static void
spread_weights (const Job *job, gsize first, gsize end, float *points)
{
  const PlKernels *kernels = job->y->kernels;

  for (gsize o = first; o < end; o += find_width (job, o))
    {
      gsize width = find_width (job, o);
      gsize stride = find_point_stride (job->ci, width);

      kernels->tiles.spread_weights (
          job->ci, width, job->w + 9 * o * job->ci * kernels->element_bytes, points, stride);
      points += count_floats (stride);
    }
}

/* The products of @n tiles with the weights of output channels. */
static void
multiply (const Job *job,
          gsize n,
          const float *tiles,
          gsize tile_stride,
          gsize first,
          gsize end,
          const float *weights,
          float *products)
{
  gsize stride = find_point_stride (n, end - first);

  for (gsize o = first; o < end; o += find_width (job, o))
    {
      gsize width = find_width (job, o);
      gsize weight_stride = find_point_stride (job->ci, width);

      for (gsize k = 0; k < PL_TILE_POINTS; k++)
        {
          PlProduct product = {
            .rows = 1,
            .n = n,
            .n_taps = 1,
            .x = { tiles + k * tile_stride },
            .x_step = job->ci,
            .ci = job->ci,
            .w = weights + k * weight_stride,
            .co = width,
            .y = products + k * stride + o - first,
            .y_step = end - first,
          };

          job->y->kernels->tiles.product (&product);
        }
      weights += count_floats (weight_stride);
    }
}

static gboolean
are_weights_cached (const Job *job)
{
  return count_weights (job, 0, job->co) * sizeof (float) <= CACHED_WEIGHTS;
}

/* How the work is split. */
static Job
plan (gsize ci, int n, const PlTensor *y)
{
  PlStrips strips = pl_tensor_strips (y);
  gsize tiles_of_strip = count_tiles (y, MIN (strips.rows, y->rows));
  Job job = {
    .y = y,
    .ci = ci,
    .co = y->channels,
    .n_strips = (gsize) n * (gsize) strips.count,
  };

  job.n_tiles = CLAMP (CACHED_TILES / (PL_TILE_POINTS * sizeof (float) * (ci + job.co)),
                       LEAST_TILES, MOST_TILES);
  job.n_tiles = MIN (job.n_tiles, tiles_of_strip);
  job.strips_at_once = CLAMP (
      SHARED_TILES / (PL_TILE_POINTS * sizeof (float) * ci * tiles_of_strip), 1, job.n_strips);
  job.strips_of_job = MIN (MAX (MOST_TILES / tiles_of_strip, 1), job.strips_at_once);
  return job;
}

PlScratchNeed
pl_winograd_forward_need (int n, gsize ci, const PlTensor *y)
{
  Job job = plan (ci, n, y);
  gsize tiles_of_strip = find_strip (y, 1);
  gsize group = MIN ((gsize) GROUP, job.co);
  gsize n_products = count_floats (find_point_stride (job.strips_of_job * tiles_of_strip, group));

  if (are_weights_cached (&job))
    return (PlScratchNeed){
      .shared_floats = count_weights (&job, 0, job.co),
      .worker_bytes = (count_floats (find_point_stride (job.n_tiles, ci)) +
                       count_floats (find_point_stride (job.n_tiles, job.co))) *
                      sizeof (float),
    };
  return (PlScratchNeed){
    .shared_floats = count_floats (find_point_stride (job.strips_at_once * tiles_of_strip, ci)),
    .worker_bytes = (count_weights (&job, 0, group) + n_products) * sizeof (float),
  };
}

static void
spread_group_cb (void *data, size_t index, int worker)
{
  const Job *job = data;
  gsize first = index * job->y->kernels->co_block;

  spread_weights (job, first, first + find_width (job, first),
                  job->scratch->shared + count_weights (job, 0, first));
}

static void
convolve_strip_cb (void *data, size_t index, int worker)
{
  const Job *job = data;
  gsize end = find_strip (job->y, index + 1);
  float *tiles = pl_scratch_of (job->scratch, worker);
  float *products = tiles + count_floats (find_point_stride (job->n_tiles, job->ci));

  for (gsize tile = find_strip (job->y, index), n; tile < end; tile += n)
    {
      gsize stride;

      n = MIN (job->n_tiles, end - tile);
      stride = find_point_stride (n, job->ci);
      spread_pixels (job->x, tile, n, 0, job->ci, tiles, stride);
      multiply (job, n, tiles, stride, 0, job->co, job->scratch->shared, products);
      gather_pixels (job->y, tile, n, 0, job->co, products, find_point_stride (n, job->co),
                     job->epilogue);
    }
}

/* Of the tiles in shared memory. */
static gsize
find_shared_stride (const Job *job)
{
  return find_point_stride (
      find_strip (job->y, job->end_strip) - find_strip (job->y, job->first_strip), job->ci);
}

static void
spread_tiles_cb (void *data, size_t index, int worker)
{
  const Job *job = data;
  gsize from = find_strip (job->y, job->first_strip);
  gsize first = from + index * SPREAD_TILES;
  gsize end = MIN (first + SPREAD_TILES, find_strip (job->y, job->end_strip));

  spread_pixels (job->x, first, end - first, 0, job->ci,
                 job->scratch->shared + (first - from) * job->ci, find_shared_stride (job));
}

static void
convolve_group_cb (void *data, size_t index, int worker)
{
  const Job *job = data;
  gsize n_groups = (job->co + GROUP - 1) / GROUP;
  gsize first = index % n_groups * GROUP;
  gsize end = MIN (first + GROUP, job->co);
  gsize strip = job->first_strip + index / n_groups * job->strips_of_job;
  gsize tile = find_strip (job->y, strip);
  gsize n = find_strip (job->y, MIN (strip + job->strips_of_job, job->end_strip)) - tile;
  const float *tiles =
      job->scratch->shared + (tile - find_strip (job->y, job->first_strip)) * job->ci;
  float *weights = pl_scratch_of (job->scratch, worker);
  float *products = weights + count_weights (job, first, end);

  spread_weights (job, first, end, weights);
  multiply (job, n, tiles, find_shared_stride (job), first, end, weights, products);
  gather_pixels (job->y, tile, n, first, end - first, products, find_point_stride (n, end - first),
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
      n_tiles = find_strip (job->y, job->end_strip) - find_strip (job->y, strip);
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
  gsize x_stride = find_point_stride (n, block->n_in);
  gsize dy_stride = find_point_stride (n, block->n_out);

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
  gsize end = find_strip (job->dy, end_strip);
  float *sums = scratch;
  float *x = sums + PL_TILE_POINTS * size;
  float *dy = x + count_floats (find_point_stride (GRADIENT_TILES, block->n_in));

  memset (sums, 0, PL_TILE_POINTS * size * sizeof (float));
  for (gsize tile = find_strip (job->dy, first_strip), n; tile < end; tile += n)
    {
      n = MIN ((gsize) GRADIENT_TILES, end - tile);
      spread_pixels (job->x, tile, n, block->first_in, block->n_in, x,
                     find_point_stride (n, block->n_in));
      spread (job->dy, job->dy->kernels->tiles.spread_gradient, 0, tile, n, block->first_out,
              block->n_out, dy, find_point_stride (n, block->n_out));
      add_products (job, block, n, x, dy, sums);
    }
  job->x->kernels->tiles.gather_weights (size, sums, size, dw, size);
}

PlScratchNeed
pl_winograd_backward_need (const PlWeightGradient *dw)
{
  gsize n_floats = PL_TILE_POINTS * dw->in_block * dw->out_block +
                   count_floats (find_point_stride (GRADIENT_TILES, dw->in_block)) +
                   count_floats (find_point_stride (GRADIENT_TILES, dw->out_block));

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
