/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "unet/kernels/kernels.h"

/* A view of pixels: (N,H,W,C) floats or bfloat16, a border of one pixel on every side included in
 * the strides. Views of some of the channels share memory with the whole, so concatenation is no
 * work. Borders are zero where a 3×3 convolution reads them: whoever writes such a row clears its
 * edges. */
typedef struct
{
  const PlKernels *kernels; /* what works on it; they say what an element is */
  char *data;               /* pixel (0, 0) of image 0 */
  int rows;
  int columns;
  gsize channels; /* of this view; padded */
  gsize step;     /* elements from pixel to pixel */
  gsize row_stride;
  gsize image_stride;
} PlTensor;

/* The next multiple of PL_CHANNEL_BLOCK. */
static inline gsize
pl_pad_channels (gsize channels)
{
  return (channels + PL_CHANNEL_BLOCK - 1) / PL_CHANNEL_BLOCK * PL_CHANNEL_BLOCK;
}

/* Row and column −1 and rows and columns are the border. */
static inline void *
pl_tensor_channel (const PlTensor *tensor, int image, int row, int column, gsize channel)
{
  gssize elements = (gssize) image * (gssize) tensor->image_stride +
                    (gssize) row * (gssize) tensor->row_stride +
                    (gssize) column * (gssize) tensor->step + (gssize) channel;

  return tensor->data + elements * (gssize) tensor->kernels->element_bytes;
}

static inline void *
pl_tensor_pixel (const PlTensor *tensor, int image, int row, int column)
{
  return pl_tensor_channel (tensor, image, row, column, 0);
}

/* A tensor without memory yet. */
PlTensor pl_tensor_shape (const PlKernels *kernels, int rows, int columns, gsize channels);

/* Bytes of @batch images, and how many of them lie before @data. */
gsize pl_tensor_bytes (const PlTensor *tensor, int batch);
gsize pl_tensor_lead (const PlTensor *tensor);

PlTensor pl_tensor_channels (const PlTensor *tensor, gsize first, gsize count);

/* Zeroes the border beside a row; above the first row and below the last the whole border row. */
void pl_tensor_clear_edges (const PlTensor *tensor, int image, int row);

/* Work on a tensor is split into strips of rows, by its size alone, so that sums over strips do not
 * depend on the number of threads. All strips but the last have a multiple of PL_TILE rows. */
typedef struct
{
  int rows; /* of a strip */
  int count;
} PlStrips;

PlStrips pl_tensor_strips (const PlTensor *tensor);

/* Called after each row (or some of its channels) that a layer has written, while it is in the
 * cache: the layer that comes next does what it can. Rows of a strip come in order. */
typedef struct
{
  void (*row) (void *data, int image, int row, gsize first_channel, gsize n_channels);
  void *data;
} PlEpilogue;

static inline void
pl_epilogue_run (const PlEpilogue *epilogue, int image, int row, gsize first, gsize count)
{
  if (epilogue->row != NULL)
    epilogue->row (epilogue->data, image, row, first, count);
}

/* Calls @strip for each strip of @n images, in parallel. */
typedef void (*PlStripBody) (void *data, int image, int first_row, int end_row);
void pl_tensor_for_strips (const PlTensor *tensor, int n, PlStripBody body, void *data);
