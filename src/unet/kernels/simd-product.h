/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The products of simd.h: nearly all of the arithmetic of a network.
 *
 * A multiply-add starts once or twice a cycle and takes four: a block of ROWS × VECTORS sums stays
 * in registers through all taps and channels (or all pixels), so that each loaded value is used
 * VECTORS or ROWS times. Rows are dealt out evenly (16 as 8 + 8, not 14 + 2), since short blocks
 * wait for loads. Weights are read in order, so those that the first-level cache cannot hold arrive
 * in time from the second. Measured on one core of a 3.6 GHz Zen 4, whose multipliers can do 115
 * GFLOP/s at either width: products 103–115 (AVX-512), 86–108 (AVX2); weight gradients 95–115 and
 * 80–108, with the 16-pixel rows of 512 channels 80 and 65. */
#pragma once

#include "unet/kernels/kernels.h"

/* How many of @left rows the next block takes. */
static inline size_t
deal_rows (size_t left)
{
  const size_t blocks = (left + ROWS - 1) / ROWS;

  return (left + blocks - 1) / blocks;
}

/* sum (rows,vectors) += x (rows) · w (vectors), one input channel. Loops over vectors take VECTORS
 * turns here and below, since clang 14 leaves the sums of a loop of one turn in memory. */
ALWAYS_INLINE void
multiply_add (const int rows,
              const int vectors,
              Vec sum[ROWS][VECTORS],
              const float *x,
              size_t x_step,
              const float *w)
{
  Vec row[VECTORS];

  UNROLL
  for (int j = 0; j < VECTORS; j++)
    if (j < vectors)
      row[j] = vec_load (w + j * LANES);
  UNROLL
  for (int r = 0; r < rows; r++)
    {
      const Vec value = vec_set1 (x[r * x_step]);

      UNROLL
      for (int j = 0; j < VECTORS; j++)
        if (j < vectors)
          sum[r][j] = vec_fma (value, row[j], sum[r][j]);
    }
}

/* @rows pixels × @vectors of output channels. */
ALWAYS_INLINE void
product_block (const int rows,
               const int vectors,
               int n_taps,
               const float *const x[],
               size_t x_offset,
               size_t x_step,
               size_t ci,
               const float *w,
               float *y,
               size_t y_step,
               bool accumulate)
{
  Vec sum[ROWS][VECTORS];

  UNROLL
  for (int r = 0; r < rows; r++)
    {
      UNROLL
      for (int j = 0; j < VECTORS; j++)
        if (j < vectors)
          sum[r][j] = accumulate ? vec_load (y + r * y_step + j * LANES) : vec_set1 (0);
    }
  for (int t = 0; t < n_taps; t++)
    {
      const float *xt = x[t] + x_offset;
      size_t i = 0;

      for (; i + 4 <= ci; i += 4, xt += 4, w += 4 * vectors * LANES)
        {
          UNROLL
          for (int k = 0; k < 4; k++)
            multiply_add (rows, vectors, sum, xt + k, x_step, w + k * vectors * LANES);
        }
      for (; i < ci; i++, xt++, w += vectors * LANES)
        multiply_add (rows, vectors, sum, xt, x_step, w);
    }
  UNROLL
  for (int r = 0; r < rows; r++)
    {
      UNROLL
      for (int j = 0; j < VECTORS; j++)
        if (j < vectors)
          vec_store (y + r * y_step + j * LANES, sum[r][j]);
    }
}

ALWAYS_INLINE void
product_pixels (const int vectors,
                size_t n,
                int n_taps,
                const float *const x[],
                size_t x_step,
                size_t ci,
                const float *w,
                float *y,
                size_t y_step,
                bool accumulate)
{
  for (size_t p = 0, rows; p < n; p += rows)
    {
      const size_t offset = p * x_step;

      rows = deal_rows (n - p);
#define CALL(M)                                                                                    \
  product_block (M, vectors, n_taps, x, offset, x_step, ci, w, y + p * y_step, y_step, accumulate)
      WITH_ROWS (rows, CALL);
#undef CALL
    }
}

/* What is left of @co is one vector: it is a multiple of PL_CHANNEL_BLOCK. */
static void
row_product_simd (size_t n,
                  int n_taps,
                  const float *const x[],
                  size_t x_step,
                  size_t ci,
                  const float *w,
                  size_t co,
                  float *y,
                  size_t y_step,
                  bool accumulate)
{
  for (size_t o = 0; o < co; o += CO_BLOCK)
    {
      const float *block = w + o * n_taps * ci;

      if (co - o >= CO_BLOCK)
        product_pixels (VECTORS, n, n_taps, x, x_step, ci, block, y + o, y_step, accumulate);
      else
        product_pixels (1, n, n_taps, x, x_step, ci, block, y + o, y_step, accumulate);
    }
}

/* @rows input channels × @vectors of output channels, summed over pixels. */
ALWAYS_INLINE void
gradient_block (const int rows,
                const int vectors,
                size_t n,
                const float *x,
                size_t x_step,
                const float *dy,
                size_t dy_step,
                float *dw,
                size_t dw_step)
{
  Vec sum[ROWS][VECTORS];

  UNROLL
  for (int r = 0; r < rows; r++)
    {
      UNROLL
      for (int j = 0; j < VECTORS; j++)
        if (j < vectors)
          sum[r][j] = vec_set1 (0);
    }
  for (size_t p = 0; p < n; p++, x += x_step, dy += dy_step)
    multiply_add (rows, vectors, sum, x, 1, dy);
  UNROLL
  for (int r = 0; r < rows; r++)
    {
      UNROLL
      for (int j = 0; j < VECTORS; j++)
        if (j < vectors)
          {
            float *at = dw + r * dw_step + j * LANES;

            vec_store (at, vec_add (vec_load (at), sum[r][j]));
          }
    }
}

ALWAYS_INLINE void
gradient_taps (const int vectors,
               size_t n,
               int n_taps,
               const float *const x[],
               size_t x_step,
               size_t ci,
               const float *dy,
               size_t dy_step,
               float *dw,
               size_t dw_step)
{
  for (size_t i = 0, rows; i < ci; i += rows)
    {
      rows = deal_rows (ci - i);
      for (int t = 0; t < n_taps; t++)
        {
#define CALL(M)                                                                                    \
  gradient_block (M, vectors, n, x[t] + i, x_step, dy, dy_step, dw + (t * ci + i) * dw_step,       \
                  dw_step)
          WITH_ROWS (rows, CALL);
#undef CALL
        }
    }
}

static void
row_weight_gradient_simd (size_t n,
                          int n_taps,
                          const float *const x[],
                          size_t x_step,
                          size_t ci,
                          const float *dy,
                          size_t dy_step,
                          size_t co,
                          float *dw)
{
  for (size_t o = 0; o < co; o += CO_BLOCK)
    if (co - o >= CO_BLOCK)
      gradient_taps (VECTORS, n, n_taps, x, x_step, ci, dy + o, dy_step, dw + o, co);
    else
      gradient_taps (1, n, n_taps, x, x_step, ci, dy + o, dy_step, dw + o, co);
}
