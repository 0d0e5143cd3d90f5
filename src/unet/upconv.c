/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transposed convolution: each tap is a product that writes every second pixel of every second
 * row. Its data gradient is a 2×2 convolution with stride 2 of dy, and its weight gradient is that
 * convolution's, with x and dy exchanged. */
#include "unet/upconv.h"

#include <string.h>

#include "base/parallel.h"

PlWeightMap
pl_upconv_map (const PlChannels *in, const PlChannels *out, int tap)
{
  return (PlWeightMap){
    .n_taps = 1,
    .in = *in,
    .out = *out,
    .first = tap,
    .in_stride = 4 * (gssize) out->parts[0],
    .out_stride = 4,
  };
}

PlWeightMap
pl_upconv_transposed_map (const PlChannels *in, const PlChannels *out)
{
  return (PlWeightMap){
    .n_taps = 4,
    .in = *out,
    .out = *in,
    .tap_stride = 1,
    .in_stride = 4,
    .out_stride = 4 * (gssize) out->parts[0],
  };
}

typedef struct
{
  const PlUpconv *up;
  const PlTensor *x;
  const PlTensor *y;
  PlStrips strips; /* of x */
  gsize n_strips;
  gsize group; /* output channels of a job */
} UpJob;

/* Row r of x gives rows 2·r and 2·r + 1 of y. */
static void
compute_rows (const UpJob *job, int image, int first_row, int end_row, gsize first, gsize count)
{
  const PlUpconv *up = job->up;
  const PlTensor *x = job->x;
  const PlTensor *y = job->y;

  for (int tap = 0; tap < 4; tap++)
    {
      gsize before = (gsize) tap * up->ci * up->co + first * up->ci;
      PlProduct product = {
        .rows = (gsize) (end_row - first_row),
        .n = (gsize) x->columns,
        .n_taps = 1,
        .x = { pl_tensor_pixel (x, image, first_row, 0) },
        .x_stride = x->row_stride,
        .x_step = x->step,
        .ci = up->ci,
        .w = (const char *) up->w + before * y->kernels->element_bytes,
        .bias = up->b + first,
        .co = count,
        .y = pl_tensor_channel (y, image, 2 * first_row + tap / 2, tap % 2, first),
        .y_stride = 2 * y->row_stride,
        .y_step = 2 * y->step,
      };

      y->kernels->product (&product);
    }
}

static void
compute_strip_cb (void *data, size_t index, int worker)
{
  const UpJob *job = data;
  gsize first = index / job->n_strips * job->group;
  gsize count = MIN (job->group, job->up->co - first);
  gsize strip = index % job->n_strips;
  int image = (int) (strip / (gsize) job->strips.count);
  int first_row = (int) (strip % (gsize) job->strips.count) * job->strips.rows;
  int end_row = MIN (first_row + job->strips.rows, job->x->rows);
  PlTensor written = pl_tensor_channels (job->y, first, count);

  compute_rows (job, image, first_row, end_row, first, count);
  for (int row = 2 * first_row; row < 2 * end_row; row++)
    pl_tensor_clear_edges (&written, image, row);
}

void
pl_upconv_forward (const PlUpconv *up, int n, const PlTensor *x, const PlTensor *y)
{
  PlStrips strips = pl_tensor_strips (x);
  UpJob job = {
    .up = up,
    .x = x,
    .y = y,
    .strips = strips,
    .n_strips = (gsize) n * (gsize) strips.count,
    .group = pl_conv_group (y->kernels, 4 * up->ci, up->co),
  };

  pl_parallel_for ((up->co + job.group - 1) / job.group * job.n_strips, compute_strip_cb, &job);
}

void
pl_upconv_backward_data (
    const PlUpconv *up, int n, const PlTensor *dy, const PlTensor *dx, const PlEpilogue *epilogue)
{
  PlConv conv = { .side = 2, .ci = up->co, .co = up->ci, .w = up->wt };

  pl_conv_forward (&conv, n, dy, dx, epilogue, NULL);
}

void
pl_upconv_backward_weights (int n,
                            const PlTensor *x,
                            const PlTensor *dy,
                            const PlWeightGradient *dw,
                            const PlScratch *scratch)
{
  pl_conv_backward_weights (2, n, dy, x, dw, scratch);
}

typedef struct
{
  const PlTensor *dy;
  double *sums; /* (N, strips, 2, C); the second half is not used */
} BiasJob;

static double *
find_sums (const BiasJob *job, int image, int strip)
{
  gsize strips = (gsize) pl_tensor_strips (job->dy).count;

  return job->sums + ((gsize) image * strips + (gsize) strip) * 2 * job->dy->channels;
}

static void
sum_strip_cb (void *data, int image, int first_row, int end_row)
{
  const BiasJob *job = data;
  const PlTensor *dy = job->dy;
  double *sums = find_sums (job, image, first_row / pl_tensor_strips (dy).rows);

  memset (sums, 0, 2 * dy->channels * sizeof (double));
  for (int row = first_row; row < end_row; row++)
    dy->kernels->row_sums ((gsize) dy->columns, pl_tensor_pixel (dy, image, row, 0), dy->step,
                           dy->channels, sums, sums + dy->channels);
}

void
pl_upconv_backward_bias (int n, const PlTensor *dy, double *db, double *sums)
{
  BiasJob job = { .dy = dy, .sums = sums };

  pl_tensor_for_strips (dy, n, sum_strip_cb, &job);
  for (int image = 0; image < n; image++)
    for (int strip = 0; strip < pl_tensor_strips (dy).count; strip++)
      for (gsize c = 0; c < dy->channels; c++)
        db[c] += find_sums (&job, image, strip)[c];
}
