/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolutions as products of strips of pixels with the matrices of their taps. The weights of a
 * deep layer (up to 19 MB) would be read again for each strip, so jobs share out output channels as
 * well as strips. */
#include "unet/conv.h"

#include "base/parallel.h"
#include "unet/winograd.h"

enum
{
  GROUP_BYTES = 384 << 10, /* weights that a job goes through, to stay in the second-level cache */
  GROUP_CHANNELS = 32,
  CALL_PIXELS = 512,         /* of a product, so that the epilogues find them in the cache */
  WEIGHT_CALL_PIXELS = 1024, /* of a weight product, whose operands then fit in that cache */
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
pl_conv_gathered_map (int in_channels, const PlChannels *out)
{
  return (PlWeightMap){
    .n_taps = 1,
    .in = pl_channels (9 * in_channels, 0),
    .out = *out,
    .in_stride = 1,
    .out_stride = 9 * (gssize) in_channels,
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

/* Input pixels from one output pixel to the next, and of the border that is read. */
static int
find_stride (int side)
{
  return side == 2 ? 2 : 1;
}

static int
find_border (int side)
{
  return side == 3 ? 1 : 0;
}

/* How many rows of a strip are asked for at once. */
static int
count_rows (const PlTensor *y, int n_pixels)
{
  return MAX (n_pixels / y->columns, 1);
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
pl_conv_group (const PlKernels *kernels, gsize weights_per_output, gsize co)
{
  gsize unit = MAX ((gsize) GROUP_CHANNELS, kernels->co_block);
  gsize bytes = weights_per_output * co * kernels->element_bytes;
  gsize n_groups = (bytes + GROUP_BYTES - 1) / GROUP_BYTES;

  return unit >= co ? co : (MAX (co / n_groups, 1) + unit - 1) / unit * unit;
}

/* Everything but where the rows begin. */
static PlProduct
describe_product (const ConvJob *job, gsize first, gsize count)
{
  const PlConv *conv = job->conv;
  gsize stride = (gsize) find_stride (conv->side);
  int n_taps = conv->side * conv->side;

  return (PlProduct){
    .n = (gsize) job->y->columns,
    .n_taps = n_taps,
    .x_stride = stride * job->x->row_stride,
    .x_step = stride * job->x->step,
    .ci = conv->ci,
    .w =
        (const char *) conv->w + (gsize) n_taps * conv->ci * first * job->y->kernels->element_bytes,
    .co = count,
    .y_stride = job->y->row_stride,
    .y_step = job->y->step,
  };
}

static void
compute_strip (const ConvJob *job, int image, int first_row, int end_row, gsize first, gsize count)
{
  int side = job->conv->side;
  int at_once = count_rows (job->y, CALL_PIXELS);
  PlProduct product = describe_product (job, first, count);

  for (int row = first_row; row < end_row; row += at_once)
    {
      int end = MIN (row + at_once, end_row);

      product.rows = (gsize) (end - row);
      for (int t = 0; t < product.n_taps; t++)
        product.x[t] = pl_tensor_pixel (job->x, image,
                                        row * find_stride (side) + t / side - find_border (side),
                                        t % side - find_border (side));
      product.y = pl_tensor_channel (job->y, image, row, 0, first);
      job->y->kernels->product (&product);
      for (int r = row; r < end; r++)
        pl_epilogue_run (job->epilogue, image, r, first, count);
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

static gboolean
uses_tiles (int side, const PlTensor *y)
{
  return side == 3 && pl_winograd_fits (y);
}

PlScratchNeed
pl_conv_forward_need (const PlConv *conv, int n, const PlTensor *y)
{
  return uses_tiles (conv->side, y) ? pl_winograd_forward_need (n, conv->ci, y)
                                    : (PlScratchNeed){ 0 };
}

void
pl_conv_forward (const PlConv *conv,
                 int n,
                 const PlTensor *x,
                 const PlTensor *y,
                 const PlEpilogue *epilogue,
                 const PlScratch *scratch)
{
  PlStrips strips = pl_tensor_strips (y);
  ConvJob job = {
    .conv = conv,
    .x = x,
    .y = y,
    .epilogue = epilogue,
    .strips = strips,
    .n_strips = (gsize) n * (gsize) strips.count,
    .group = pl_conv_group (y->kernels, (gsize) (conv->side * conv->side) * conv->ci, conv->co),
  };

  if (uses_tiles (conv->side, y))
    {
      pl_winograd_forward (conv->w, n, x, y, epilogue, scratch);
      return;
    }
  pl_parallel_for ((conv->co + job.group - 1) / job.group * job.n_strips, compute_strip_cb, &job);
}

typedef struct
{
  int side;
  const PlTensor *x;
  const PlTensor *dy;
} WeightJob;

static void
add_strips_cb (void *data,
               gsize first_strip,
               gsize end_strip,
               const PlWeightBlock *block,
               float *dw,
               void *scratch)
{
  const WeightJob *job = data;
  PlStrips strips = pl_tensor_strips (job->dy);
  int at_once = count_rows (job->dy, WEIGHT_CALL_PIXELS);
  int border = find_border (job->side);
  PlWeightProduct product = {
    .n = (gsize) job->dy->columns,
    .side = job->side,
    .x_stride = job->x->row_stride,
    .x_step = job->x->step,
    .ci = block->n_in,
    .dy_stride = job->dy->row_stride,
    .dy_step = job->dy->step,
    .co = block->n_out,
    .dw = dw,
    .scratch = scratch,
  };

  for (gsize strip = first_strip; strip < end_strip; strip++)
    {
      int image = (int) (strip / (gsize) strips.count);
      int first_row = (int) (strip % (gsize) strips.count) * strips.rows;
      int end_row = MIN (first_row + strips.rows, job->dy->rows);

      for (int row = first_row; row < end_row; row += at_once)
        {
          product.rows = (gsize) (MIN (row + at_once, end_row) - row);
          product.x = pl_tensor_channel (job->x, image, row * find_stride (job->side) - border,
                                         -border, block->first_in);
          product.dy = pl_tensor_channel (job->dy, image, row, 0, block->first_out);
          job->dy->kernels->weight_product (&product);
        }
    }
}

PlScratchNeed
pl_conv_backward_need (int side, const PlTensor *dy, const PlWeightGradient *dw)
{
  gsize rows = (gsize) MIN (count_rows (dy, WEIGHT_CALL_PIXELS), dy->rows);

  if (uses_tiles (side, dy))
    return pl_winograd_backward_need (dy->kernels, dw);
  return (PlScratchNeed){
    .shared_bytes = pl_weight_gradient_lane_bytes (dw),
    .worker_bytes = dy->kernels->weight_product_scratch (rows, (gsize) dy->columns, side,
                                                         dw->in_block, dw->out_block),
  };
}

void
pl_conv_backward_weights (int side,
                          int n,
                          const PlTensor *x,
                          const PlTensor *dy,
                          const PlWeightGradient *dw,
                          const PlScratch *scratch)
{
  WeightJob job = { .side = side, .x = x, .dy = dy };

  if (uses_tiles (side, dy))
    {
      pl_winograd_backward_weights (n, x, dy, dw, scratch);
      return;
    }
  pl_weight_gradient_add (dw, n, dy, add_strips_cb, &job, scratch);
}
