/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The products of simd.h: nearly all of the arithmetic of a network.
 *
 *                      VECTORS × LANES output channels
 *            w, step k ┌──────────────┬──────────────┐
 *                      └──────────────┴──────────────┘
 *   x, step k   ┌─┐    ┌──────────────┬──────────────┐
 *   ROWS pixels │ │    │ sums         │              │  y
 *               └─┘    └──────────────┴──────────────┘
 *
 * A multiply-add starts once or twice a cycle and takes four: a block of ROWS × VECTORS sums stays
 * in registers through all taps and channels (or all pixels), so that each loaded value is used
 * VECTORS or ROWS times. Rows are dealt out evenly (16 as 8 + 8, not 14 + 2), since short blocks
 * wait for loads. Weights are read in order, so those that the first-level cache cannot hold arrive
 * in time from the second. Measured on one core of a 3.7 GHz Zen 4, whose multipliers can do 118
 * GFLOP/s in float and twice that in bfloat16: products 106–115 (AVX-512), 104–114 (AVX2), 220–230
 * (bfloat16); weight gradients 110–115, 98–110, 206–218. */
#pragma once

#include "unet/kernels/kernels.h"

/* How many of @left rows the next block takes. */
static inline size_t
deal_rows (size_t left)
{
  const size_t blocks = (left + ROWS - 1) / ROWS;

  return (left + blocks - 1) / blocks;
}

/* Loops over vectors take VECTORS turns here and below, since clang 14 leaves the sums of a loop of
 * one turn in memory. */
ALWAYS_INLINE void
clear_sums (const int rows, const int vectors, Vec sum[ROWS][VECTORS])
{
  UNROLL
  for (int r = 0; r < rows; r++)
    {
      UNROLL
      for (int j = 0; j < VECTORS; j++)
        if (j < vectors)
          sum[r][j] = vec_set1 (0);
    }
}

/* Adds the sums to @at, whose rows are @step apart. */
ALWAYS_INLINE void
add_block (const int rows, const int vectors, Vec sum[ROWS][VECTORS], float *at, size_t step)
{
  UNROLL
  for (int r = 0; r < rows; r++)
    {
      UNROLL
      for (int j = 0; j < VECTORS; j++)
        if (j < vectors)
          {
            float *to = at + r * step + j * LANES;

            vec_store (to, vec_add (vec_load (to), sum[r][j]));
          }
    }
}

/* sum (rows,vectors) += a (rows) · b (vectors), one step. */
ALWAYS_INLINE void
multiply_add (const int rows,
              const int vectors,
              Vec sum[ROWS][VECTORS],
              const Element *a,
              size_t a_row,
              const Element *b)
{
  Operand row[VECTORS];

  UNROLL
  for (int j = 0; j < VECTORS; j++)
    if (j < vectors)
      row[j] = operand_load (b + j * LANES * CI_BLOCK);
  UNROLL
  for (int r = 0; r < rows; r++)
    {
      const Operand value = operand_broadcast (a + r * a_row);

      UNROLL
      for (int j = 0; j < VECTORS; j++)
        if (j < vectors)
          sum[r][j] = operand_fma (value, row[j], sum[r][j]);
    }
}

/* The same for @n steps: a's rows lie @a_row apart and its steps @a_step. */
ALWAYS_INLINE void
add_products (const int rows,
              const int vectors,
              Vec sum[ROWS][VECTORS],
              size_t n,
              const Element *a,
              size_t a_row,
              size_t a_step,
              const Element *b,
              size_t b_step)
{
  for (size_t k = 0; k < n; k++, a += a_step, b += b_step)
    multiply_add (rows, vectors, sum, a, a_row, b);
}

/* Into element @at of y, or float @at. */
ALWAYS_INLINE void
store_sum (const bool floats, void *y, size_t at, Vec sum)
{
  if (floats)
    vec_store ((float *) y + at, sum);
  else
    element_store ((Element *) y + at, sum);
}

/* @rows pixels × @vectors of output channels; x_offset is the first pixel's in its tap, y_offset
 * where it goes to in y, which is of @floats or of elements. */
ALWAYS_INLINE void
product_block (const int rows,
               const int vectors,
               const bool floats,
               const PlProduct *product,
               size_t x_offset,
               const Element *w,
               const float *bias,
               size_t y_offset)
{
  const size_t w_step = vectors * LANES * CI_BLOCK;
  Vec sum[ROWS][VECTORS];

  clear_sums (rows, vectors, sum);
  for (int t = 0; t < product->n_taps; t++, w += product->ci * vectors * LANES)
    add_products (rows, vectors, sum, product->ci / CI_BLOCK,
                  (const Element *) product->x[t] + x_offset, product->x_step, CI_BLOCK, w, w_step);
  UNROLL
  for (int j = 0; j < VECTORS; j++)
    if (j < vectors)
      {
        const Vec b = bias == NULL ? vec_set1 (0) : vec_load (bias + j * LANES);

        UNROLL
        for (int r = 0; r < rows; r++)
          store_sum (floats, product->y, y_offset + r * product->y_step + j * LANES,
                     vec_add (sum[r][j], b));
      }
}

/* All pixels for the @vectors of output channels from @o. */
ALWAYS_INLINE void
product_channels (const int vectors, const bool floats, const PlProduct *product, size_t o)
{
  const Element *w = (const Element *) product->w + o * product->n_taps * product->ci;
  const float *bias = product->bias == NULL ? NULL : product->bias + o;

  for (size_t r = 0; r < product->rows; r++)
    for (size_t p = 0, rows; p < product->n; p += rows)
      {
        const size_t x_offset = r * product->x_stride + p * product->x_step;
        const size_t y_offset = r * product->y_stride + p * product->y_step + o;

        rows = deal_rows (product->n - p);
#define CALL(M) product_block (M, vectors, floats, product, x_offset, w, bias, y_offset)
        WITH_ROWS (rows, CALL);
#undef CALL
      }
}

/* What is left of co is one vector: it is a multiple of PL_CHANNEL_BLOCK. */
ALWAYS_INLINE void
product_all (const bool floats, const PlProduct *product)
{
  for (size_t o = 0; o < product->co; o += CO_BLOCK)
    if (product->co - o >= CO_BLOCK)
      product_channels (VECTORS, floats, product, o);
    else
      product_channels (1, floats, product, o);
}

static void
product_simd (const PlProduct *product)
{
  product_all (false, product);
}

static double
peak_simd (size_t rounds)
{
  Element a[ROWS * CI_BLOCK] = { 0 };
  Element b[VECTORS * LANES * CI_BLOCK] = { 0 };
  float out[VECTORS * LANES] = { 0 };
  Vec sum[ROWS][VECTORS];

  /* Hides from the compiler that all of them are zero. */
  __asm__ volatile("" : : "r"(a), "r"(b) : "memory");
  clear_sums (ROWS, VECTORS, sum);
  add_products (ROWS, VECTORS, sum, rounds, a, CI_BLOCK, 0, b, 0);
  add_block (ROWS, VECTORS, sum, out, 0);
  __asm__ volatile("" : : "r"(out) : "memory");
  return 2.0 * rounds * ROWS * VECTORS * LANES * CI_BLOCK;
}
