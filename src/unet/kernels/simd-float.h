/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels of simd.h on floats, and their weight product. */
#pragma once

#include "unet/kernels/kernels.h"

enum
{
  CI_BLOCK = 1,
  CHUNK_PIXELS = 256,
};

typedef float Element;
typedef Vec Operand;

#define element_load vec_load
#define element_store vec_store
#define operand_load vec_load
#define operand_broadcast(at) vec_set1 (*(at))
#define operand_fma(a, b, sum) vec_fma (a, b, sum)

#include "unet/kernels/simd.h"

static inline size_t
min_size (size_t a, size_t b)
{
  return a < b ? a : b;
}

/* One tap: x (pixels, @rows channels)ᵀ · dy (pixels, @vectors of channels), over all rows of
 * pixels. */
ALWAYS_INLINE void
weight_block (const int rows,
              const int vectors,
              const PlWeightProduct *product,
              size_t x_step,
              size_t x_stride,
              const float *x,
              const float *dy,
              float *dw)
{
  Vec sum[ROWS][VECTORS];

  clear_sums (rows, vectors, sum);
  for (size_t r = 0; r < product->rows; r++, x += x_stride, dy += product->dy_stride)
    add_products (rows, vectors, sum, product->n, x, 1, x_step, dy, product->dy_step);
  add_block (rows, vectors, sum, dw, product->co);
}

/* All taps for the @vectors of output channels from @o. */
ALWAYS_INLINE void
weight_channels (const int vectors, const PlWeightProduct *product, size_t o)
{
  const size_t side = product->side;
  const size_t apart = side == 2 ? 2 : 1;
  const size_t x_step = apart * product->x_step;
  const size_t x_stride = apart * product->x_stride;
  const float *dy = (const float *) product->dy + o;

  for (size_t i = 0, rows; i < product->ci; i += rows)
    {
      rows = deal_rows (product->ci - i);
      for (size_t t = 0; t < side * side; t++)
        {
          const float *x = (const float *) product->x + t / side * product->x_stride +
                           t % side * product->x_step + i;
          float *dw = product->dw + (t * product->ci + i) * product->co + o;

#define CALL(M) weight_block (M, vectors, product, x_step, x_stride, x, dy, dw)
          WITH_ROWS (rows, CALL);
#undef CALL
        }
    }
}

static void
weight_chunk (const PlWeightProduct *product)
{
  for (size_t o = 0; o < product->co; o += CO_BLOCK)
    if (product->co - o >= CO_BLOCK)
      weight_channels (VECTORS, product, o);
    else
      weight_channels (1, product, o);
}

/* So few pixels at a time, of several rows if they are short, that what each block of sums reads of
 * them again stays in the first-level cache. */
static void
weight_product_float (const PlWeightProduct *product)
{
  const size_t rows = 1 + CHUNK_PIXELS / (product->n + 1);
  const size_t apart = product->side == 2 ? 2 : 1; /* input pixels of neighbouring output pixels */
  PlWeightProduct chunk = *product;

  for (size_t row = 0; row < product->rows; row += rows)
    for (size_t p = 0; p < product->n; p += CHUNK_PIXELS)
      {
        chunk.rows = min_size (rows, product->rows - row);
        chunk.n = min_size (CHUNK_PIXELS, product->n - p);
        chunk.x =
            (const float *) product->x + apart * (row * product->x_stride + p * product->x_step);
        chunk.dy = (const float *) product->dy + row * product->dy_stride + p * product->dy_step;
        weight_chunk (&chunk);
      }
}

static void
spread_weights_float (
    size_t ci, size_t width, const void *weights, void *points, size_t point_stride)
{
  const float *w = weights;
  float *to = points;
  const size_t n = ci * width;

  for (size_t i = 0; i < n; i += LANES)
    {
      Vec taps[9], spread[SIDE][SIDE];

      UNROLL
      for (int t = 0; t < 9; t++)
        taps[t] = vec_load (w + t * n + i);
      spread_weights_block (taps, spread);
      UNROLL
      for (int row = 0; row < SIDE; row++)
        {
          UNROLL
          for (int k = 0; k < SIDE; k++)
            vec_store (to + (row * SIDE + k) * point_stride + i, spread[row][k]);
        }
    }
}

static void
fill_simd_float (PlKernels *k)
{
  fill_simd (k);
  k->weight_product = weight_product_float;
  k->tiles.spread_weights = spread_weights_float;
  k->tiles.product = product_simd;
}
