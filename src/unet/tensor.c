/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views of pixels and how work on them is split. A strip holds about 2048 pixels: at 32 channels
 * 256 KiB, which stay in the second-level cache from one kernel to the next. */
#include "unet/tensor.h"

#include <string.h>

#include "base/parallel.h"

enum
{
  STRIP_PIXELS = 2048,
};

PlTensor
pl_tensor_shape (const PlKernels *kernels, int rows, int columns, gsize channels)
{
  gsize step = pl_pad_channels (channels);

  return (PlTensor){
    .kernels = kernels,
    .rows = rows,
    .columns = columns,
    .channels = channels,
    .step = step,
    .row_stride = (gsize) (columns + 2) * step,
    .image_stride = (gsize) (rows + 2) * (gsize) (columns + 2) * step,
  };
}

gsize
pl_tensor_bytes (const PlTensor *tensor, int batch)
{
  return (gsize) batch * tensor->image_stride * tensor->kernels->element_bytes;
}

gsize
pl_tensor_lead (const PlTensor *tensor)
{
  return (tensor->row_stride + tensor->step) * tensor->kernels->element_bytes;
}

PlTensor
pl_tensor_channels (const PlTensor *tensor, gsize first, gsize count)
{
  PlTensor view = *tensor;

  view.data = pl_tensor_channel (tensor, 0, 0, 0, first);
  view.channels = count;
  return view;
}

static void
clear_pixels (const PlTensor *tensor, int image, int row, int first, int end)
{
  for (int column = first; column < end; column++)
    memset (pl_tensor_pixel (tensor, image, row, column), 0,
            tensor->channels * tensor->kernels->element_bytes);
}

void
pl_tensor_clear_edges (const PlTensor *tensor, int image, int row)
{
  clear_pixels (tensor, image, row, -1, 0);
  clear_pixels (tensor, image, row, tensor->columns, tensor->columns + 1);
  if (row == 0)
    clear_pixels (tensor, image, -1, -1, tensor->columns + 1);
  if (row == tensor->rows - 1)
    clear_pixels (tensor, image, tensor->rows, -1, tensor->columns + 1);
}

PlStrips
pl_tensor_strips (const PlTensor *tensor)
{
  int rows = MAX (STRIP_PIXELS / tensor->columns / PL_TILE * PL_TILE, PL_TILE);

  return (PlStrips){ .rows = rows, .count = (tensor->rows + rows - 1) / rows };
}

typedef struct
{
  PlStrips strips;
  int rows;
  PlStripBody body;
  void *data;
} StripJob;

static void
run_strip_cb (void *data, size_t index, int worker)
{
  const StripJob *job = data;
  int image = (int) (index / (size_t) job->strips.count);
  int first = (int) (index % (size_t) job->strips.count) * job->strips.rows;

  job->body (job->data, image, first, MIN (first + job->strips.rows, job->rows));
}

void
pl_tensor_for_strips (const PlTensor *tensor, int n, PlStripBody body, void *data)
{
  StripJob job = {
    .strips = pl_tensor_strips (tensor),
    .rows = tensor->rows,
    .body = body,
    .data = data,
  };

  pl_parallel_for ((size_t) n * (size_t) job.strips.count, run_strip_cb, &job);
}
