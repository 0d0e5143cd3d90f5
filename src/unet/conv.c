/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolutions as products of rows of pixels with the matrices of their taps. The weights of a deep
 * layer (up to 19 MB) would be read again for each row, so jobs share out output channels as well
 * as strips of rows. */
#include "unet/conv.h"

#include "base/parallel.h"

enum
{
  GROUP_BYTES = 384 << 10, /* weights that a job goes through, to stay in the second-level cache */
  GROUP_CHANNELS = 32,
};

PlWeightMap
pl_conv_map (const PlChannels *in, const PlChannels *out)
{
  return (PlWeightMap){
    .n_taps = 9,
    .in = *in,
    .out = *out,
    .tap_stride = 1,
    .in_stride = 9,
    .out_stride = 9 * (gssize) (in->parts[0] + in->parts[1]),
  };
}

PlWeightMap
pl_conv_transposed_map (const PlChannels *in, const PlChannels *out)
{
  PlWeightMap forward = pl_conv_map (in, out);

  return (PlWeightMap){
    .n_taps = 9,
    .in = *out,
    .out = *in,
    .first = 8,
    .tap_stride = -1,
    .in_stride = forward.out_stride,
    .out_stride = forward.in_stride,
  };
}

/* Where the taps of output pixel (row, 0) begin. */
static void
find_taps (int side, const PlTensor *x, int image, int row, gsize first, const float *taps[])
{
  int stride = side == 2 ? 2 : 1;
  int border = side == 2 ? 0 : 1;

  for (int t = 0; t < side * side; t++)
    taps[t] =
        pl_tensor_pixel (x, image, row * stride + t / side - border, t % side - border) + first;
}

static gsize
find_x_step (int side, const PlTensor *x)
{
  return side == 2 ? 2 * x->step : x->step;
}

typedef struct
{
  const PlConv *conv;
  const PlTensor *x;
  const PlTensor *y;
  const PlEpilogue *epilogue;
  PlStrips strips;
  gsize n_strips; /* of all images */
  gsize group;    /* output channels of a job */
} ConvJob;

gsize
pl_conv_group (gsize weights_per_output, gsize co)
{
  gsize unit = MAX ((gsize) GROUP_CHANNELS, pl_kernels ()->co_block);
  gsize bytes = weights_per_output * co * sizeof (float);
  gsize n_groups = (bytes + GROUP_BYTES - 1) / GROUP_BYTES;

  return unit >= co ? co : (MAX (co / n_groups, 1) + unit - 1) / unit * unit;
}

static void
compute_strip (const ConvJob *job, int image, int first_row, int end_row, gsize first, gsize count)
{
  const PlConv *conv = job->conv;
  int n_taps = conv->side * conv->side;
  const float *w = conv->w + (gsize) n_taps * conv->ci * first;
  const float *taps[PL_MAX_TAPS];

  for (int row = first_row; row < end_row; row++)
    {
      find_taps (conv->side, job->x, image, row, 0, taps);
      pl_kernels ()->row_product (
          (gsize) job->y->columns, n_taps, taps, find_x_step (conv->side, job->x), conv->ci, w,
          count, pl_tensor_pixel (job->y, image, row, 0) + first, job->y->step, false);
      pl_epilogue_run (job->epilogue, image, row, first, count);
    }
}

static void
compute_strip_cb (void *data, size_t index, int worker)
{
  const ConvJob *job = data;
  gsize first = index / job->n_strips * job->group;
  gsize strip = index % job->n_strips;
  int image = (int) (strip / (gsize) job->strips.count);
  int row = (int) (strip % (gsize) job->strips.count) * job->strips.rows;

  compute_strip (job, image, row, MIN (row + job->strips.rows, job->y->rows), first,
                 MIN (job->group, job->conv->co - first));
}

void
pl_conv_forward (
    const PlConv *conv, int n, const PlTensor *x, const PlTensor *y, const PlEpilogue *epilogue)
{
  PlStrips strips = pl_tensor_strips (y);
  ConvJob job = {
    .conv = conv,
    .x = x,
    .y = y,
    .epilogue = epilogue,
    .strips = strips,
    .n_strips = (gsize) n * (gsize) strips.count,
    .group = pl_conv_group ((gsize) (conv->side * conv->side) * conv->ci, conv->co),
  };

  pl_parallel_for ((conv->co + job.group - 1) / job.group * job.n_strips, compute_strip_cb, &job);
}

typedef struct
{
  int side;
  const PlTensor *x;
  const PlTensor *dy;
} WeightJob;

static void
add_strip_cb (void *data,
              int image,
              int first_row,
              int end_row,
              gsize first_in,
              gsize n_in,
              gsize first_out,
              gsize n_out,
              float *dw)
{
  const WeightJob *job = data;
  const float *taps[PL_MAX_TAPS];

  for (int row = first_row; row < end_row; row++)
    {
      find_taps (job->side, job->x, image, row, first_in, taps);
      pl_kernels ()->row_weight_gradient (
          (gsize) job->dy->columns, job->side * job->side, taps, find_x_step (job->side, job->x),
          n_in, pl_tensor_pixel (job->dy, image, row, 0) + first_out, job->dy->step, n_out, dw);
    }
}

void
pl_conv_backward_weights (int side,
                          int n,
                          const PlTensor *x,
                          const PlTensor *dy,
                          const PlWeightGradient *dw,
                          float *lanes)
{
  WeightJob job = { .side = side, .x = x, .dy = dy };

  pl_weight_gradient_add (dw, n, dy, add_strip_cb, &job, lanes);
}
