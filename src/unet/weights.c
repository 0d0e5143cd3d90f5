/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weights between the flat block (PyTorch's order) and the kernels' order, and their gradients.
 * A deep layer's gradient has up to 9·1024·512 floats (19 MB): it is split by channels, so that a
 * block of it (64 × 64 channels, 144 KiB) stays in the second-level cache while all pixels pass. A
 * shallow layer's has few blocks but many pixels: it is split by strips as well, into lanes. */
#include "unet/weights.h"

#include <string.h>

#include "base/parallel.h"

enum
{
  BLOCK = 64,
  F32_OUT_BLOCK = 32, /* float32 prepares nothing for a block, and so needs no large ones */
  JOBS_WANTED = 64,
  MOST_LANES = 16,
};

PlChannels
pl_channels (int first_part, int second_part)
{
  return (PlChannels){
    .parts = { first_part, second_part },
    .padded = pl_pad_channels ((gsize) first_part) + pl_pad_channels ((gsize) second_part),
  };
}

gsize
pl_weight_map_size (const PlWeightMap *map)
{
  return (gsize) map->n_taps * map->in.padded * map->out.padded;
}

/* A run of real channels: @count from padded channel @padded and flat channel @flat on. */
typedef struct
{
  gsize padded;
  gssize flat;
  gsize count;
} Run;

/* The real channels among the padded [first, end), which lie in one part: parts start at multiples
 * of PL_CHANNEL_BLOCK, and so do the blocks asked for, or they span whole parts. */
static int
find_runs (const PlChannels *channels, gsize first, gsize end, Run runs[2])
{
  gsize part_start = 0;
  gssize flat_start = 0;
  int n = 0;

  for (int part = 0; part < 2; part++)
    {
      gsize real = (gsize) channels->parts[part];
      gsize from = MAX (first, part_start);
      gsize to = MIN (end, part_start + real);

      if (from < to)
        runs[n++] = (Run){
          .padded = from,
          .flat = flat_start + (gssize) (from - part_start),
          .count = to - from,
        };
      part_start += pl_pad_channels (real);
      flat_start += (gssize) real;
    }
  return n;
}

typedef struct
{
  const PlWeightMap *map;
  const float *flat;
  void *packed;
  const PlKernels *kernels;
} PackJob;

static void
copy_floats (const float *from, gssize stride, float *to, gsize count)
{
  for (gsize o = 0; o < count; o++)
    to[o] = from[(gssize) o * stride];
}

static void
copy_bf16 (const float *from, gssize stride, guint16 *to, gsize to_stride, gsize count)
{
  for (gsize o = 0; o < count; o++)
    to[o * to_stride] = pl_bf16_from_float (from[(gssize) o * stride]);
}

static void
pack_run (const PackJob *job, const Run *in, const Run *out)
{
  const PlWeightMap *map = job->map;

  for (gsize i = 0; i < in->count; i++)
    for (int t = 0; t < map->n_taps; t++)
      {
        const float *from = job->flat + map->first + t * map->tap_stride +
                            (in->flat + (gssize) i) * map->in_stride + out->flat * map->out_stride;
        gsize to = pl_packed_index (job->kernels, (gsize) map->n_taps, map->in.padded,
                                    map->out.padded, (gsize) t, in->padded + i, out->padded);

        if (job->kernels->precision == PL_BF16)
          copy_bf16 (from, map->out_stride, (guint16 *) job->packed + to, job->kernels->ci_block,
                     out->count);
        else
          copy_floats (from, map->out_stride, (float *) job->packed + to, out->count);
      }
}

/* One block of output channels, no wider than what lies together. */
static void
pack_block_cb (void *data, size_t index, int worker)
{
  const PackJob *job = data;
  gsize width = MIN (job->kernels->co_block, (gsize) PL_CHANNEL_BLOCK);
  Run in[2], out[2];
  int n_in = find_runs (&job->map->in, 0, job->map->in.padded, in);
  int n_out = find_runs (&job->map->out, index * width, (index + 1) * width, out);

  for (int o = 0; o < n_out; o++)
    for (int i = 0; i < n_in; i++)
      pack_run (job, &in[i], &out[o]);
}

void
pl_weight_map_pack (const PlKernels *kernels,
                    const PlWeightMap *map,
                    const float *flat,
                    void *packed)
{
  PackJob job = { .map = map, .flat = flat, .packed = packed, .kernels = kernels };

  pl_parallel_for (map->out.padded / MIN (kernels->co_block, (gsize) PL_CHANNEL_BLOCK),
                   pack_block_cb, &job);
}

void
pl_weight_gradient_init (PlWeightGradient *gradient,
                         const PlKernels *kernels,
                         const PlWeightMap *map)
{
  gboolean co_first = kernels->gradient_co_first;
  gsize in_block = MIN ((gsize) BLOCK, map->in.padded);
  gsize out_block = MIN ((gsize) (co_first ? BLOCK : F32_OUT_BLOCK), map->out.padded);
  int n_in = (int) ((map->in.padded + in_block - 1) / in_block);
  int n_out = (int) ((map->out.padded + out_block - 1) / out_block);

  *gradient = (PlWeightGradient){
    .map = *map,
    .co_first = co_first,
    .in_block = in_block,
    .out_block = out_block,
    .n_in_blocks = n_in,
    .n_out_blocks = n_out,
    .n_lanes = CLAMP (JOBS_WANTED / (n_in * n_out), 1, MOST_LANES),
  };
}

gsize
pl_weight_gradient_floats (const PlWeightGradient *gradient)
{
  return pl_weight_map_size (&gradient->map);
}

gsize
pl_weight_gradient_lane_bytes (const PlWeightGradient *gradient)
{
  return gradient->n_lanes > 1
             ? (gsize) gradient->n_lanes * pl_weight_gradient_floats (gradient) * sizeof (float)
             : 0;
}

static PlWeightBlock
find_block (const PlWeightGradient *gradient, gsize index)
{
  gsize n_taps = (gsize) gradient->map.n_taps;
  gsize ci = gradient->map.in.padded;
  gsize co = gradient->map.out.padded;
  PlWeightBlock block;

  block.first_in = index % (gsize) gradient->n_in_blocks * gradient->in_block;
  block.first_out = index / (gsize) gradient->n_in_blocks * gradient->out_block;
  block.n_in = MIN (gradient->in_block, ci - block.first_in);
  block.n_out = MIN (gradient->out_block, co - block.first_out);
  block.offset = n_taps * (block.first_out * ci + block.first_in * block.n_out);
  block.count = n_taps * block.n_in * block.n_out;
  return block;
}

typedef struct
{
  const PlWeightGradient *gradient;
  gsize n_strips; /* of all images */
  gsize n_lanes;
  PlWeightGradientBody body;
  void *data;
  const PlScratch *scratch;
} GradientJob;

static gsize
count_blocks (const PlWeightGradient *gradient)
{
  return (gsize) gradient->n_in_blocks * (gsize) gradient->n_out_blocks;
}

static float *
find_lane (const GradientJob *job, gsize lane)
{
  return (float *) job->scratch->shared + lane * pl_weight_gradient_floats (job->gradient);
}

/* One block in one lane. */
static void
add_block_cb (void *data, size_t index, int worker)
{
  const GradientJob *job = data;
  gsize lane = index % job->n_lanes;
  PlWeightBlock block = find_block (job->gradient, index / job->n_lanes);
  float *dw = job->gradient->total + block.offset;

  if (job->n_lanes > 1)
    {
      dw = find_lane (job, lane) + block.offset;
      memset (dw, 0, block.count * sizeof (float));
    }
  job->body (job->data, lane * job->n_strips / job->n_lanes,
             (lane + 1) * job->n_strips / job->n_lanes, &block, dw,
             pl_scratch_of (job->scratch, worker));
}

static void
sum_lanes_cb (void *data, size_t index, int worker)
{
  const GradientJob *job = data;
  PlWeightBlock block = find_block (job->gradient, index);
  float *total = job->gradient->total + block.offset;

  for (gsize lane = 0; lane < job->n_lanes; lane++)
    {
      const float *from = find_lane (job, lane) + block.offset;

      for (gsize k = 0; k < block.count; k++)
        total[k] += from[k];
    }
}

void
pl_weight_gradient_add (const PlWeightGradient *gradient,
                        int n,
                        const PlTensor *rows,
                        PlWeightGradientBody body,
                        void *data,
                        const PlScratch *scratch)
{
  GradientJob job = {
    .gradient = gradient,
    .n_strips = (gsize) n * (gsize) pl_tensor_strips (rows).count,
    .body = body,
    .data = data,
    .scratch = scratch,
  };

  job.n_lanes = MIN ((gsize) gradient->n_lanes, job.n_strips);
  pl_parallel_for (count_blocks (gradient) * job.n_lanes, add_block_cb, &job);
  if (job.n_lanes > 1)
    pl_parallel_for (count_blocks (gradient), sum_lanes_cb, &job);
}

typedef struct
{
  const PlWeightGradient *gradient;
  float *flat;
} UnpackJob;

static void
unpack_run (const UnpackJob *job, const PlWeightBlock *block, const Run *in, const Run *out)
{
  const PlWeightMap *map = &job->gradient->map;
  const float *total = job->gradient->total + block->offset;
  gsize in_stride = job->gradient->co_first ? 1 : block->n_out;
  gsize out_stride = job->gradient->co_first ? block->n_in : 1;

  for (gsize i = 0; i < in->count; i++)
    for (int t = 0; t < map->n_taps; t++)
      {
        const float *from = total + (gsize) t * block->n_in * block->n_out +
                            (in->padded + i - block->first_in) * in_stride +
                            (out->padded - block->first_out) * out_stride;
        float *to = job->flat + map->first + t * map->tap_stride +
                    (in->flat + (gssize) i) * map->in_stride + out->flat * map->out_stride;

        for (gsize o = 0; o < out->count; o++)
          to[(gssize) o * map->out_stride] = from[o * out_stride];
      }
}

static void
unpack_block_cb (void *data, size_t index, int worker)
{
  const UnpackJob *job = data;
  const PlWeightMap *map = &job->gradient->map;
  PlWeightBlock block = find_block (job->gradient, index);
  Run in[2], out[2];
  int n_in = find_runs (&map->in, block.first_in, block.first_in + block.n_in, in);
  int n_out = find_runs (&map->out, block.first_out, block.first_out + block.n_out, out);

  for (int o = 0; o < n_out; o++)
    for (int i = 0; i < n_in; i++)
      unpack_run (job, &block, &in[i], &out[o]);
}

void
pl_weight_gradient_unpack (const PlWeightGradient *gradient, float *flat)
{
  UnpackJob job = { .gradient = gradient, .flat = flat };

  pl_parallel_for (count_blocks (gradient), unpack_block_cb, &job);
}
