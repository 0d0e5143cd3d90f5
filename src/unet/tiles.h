/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/tensor.h"

/* A batch as tiles of 4×4 pixels, and as the points of PlTileKernels. Tiles are counted through the
 * batch, row by row, so those of a strip of rows (PlStrips) follow each other. Sides are multiples
 * of a tile's. Points are (36,n,c) elements and their products (36,n,c) floats, the stride from one
 * point to the next being pl_tiles_stride() of all the tiles that lie together. */

/* Also of a block of spread weights, @n input and @c output channels. */
gsize pl_tiles_stride (gsize n, gsize c);

/* Of 36 points, and of their products. */
gsize pl_tiles_bytes (const PlKernels *kernels, gsize stride);
gsize pl_tiles_product_bytes (gsize stride);

/* How many tiles lie before a strip of the batch. */
gsize pl_tiles_before_strip (const PlTensor *tensor, gsize strip);

/* Points of @count tiles from @first on, of channels @channel to @channel + @c: of the pixels and
 * their neighbours, or of the pixels as a gradient. */
void pl_tiles_spread_pixels (const PlTensor *x,
                             gsize first,
                             gsize count,
                             gsize channel,
                             gsize c,
                             void *points,
                             gsize stride);
void pl_tiles_spread_gradient (const PlTensor *dy,
                               gsize first,
                               gsize count,
                               gsize channel,
                               gsize c,
                               void *points,
                               gsize stride);

/* Pixels of tiles from products, and @epilogue for each row of them that is complete. */
void pl_tiles_gather (const PlTensor *y,
                      gsize first,
                      gsize count,
                      gsize channel,
                      gsize c,
                      const float *products,
                      gsize stride,
                      const PlEpilogue *epilogue);
