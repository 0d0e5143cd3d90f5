/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transforms of Winograd's F(4×4, 3×3), see PlTileKernels.
 *
 * Along one side, three weights and a tile's four gradients make its six gradients of pixels as two
 * polynomials make their product: G w and A dy are the values of the two at six points, B (G w · A
 * dy) is the product that has the six values, and 6 multiplications have done the work of 12. Its
 * sum with pixels x has w, dy and x in it alike, so the same matrices give
 *
 *   y = Aᵀ (G w · Bᵀ x)    dw = Gᵀ (A dy · Bᵀ x)
 *
 * and, applied from both sides, the same of squares: 36 instead of 144.
 *
 * The points are 0, √½, −√½, √2, −√2 and ∞. With exact numbers any six would do. But what is
 * rounded away of a value is multiplied with powers of its point in Aᵀ, which lie between 1 and 8
 * at the usual 0, 1, −1, 2, −2 and ∞, and between ½ and 2 here, where rows are scaled so. Rounding
 * to bfloat16 changes sums over 64 channels behind an activation by 0.9 %, not 2.2 % (root mean
 * square; of normal numbers by 1.2 and 2.4 %; rounding the sums themselves is 0.17 %).
 *
 * The rows of a number and of its negative differ only in the sign of what is odd, which is
 * therefore added up once for both. */
#pragma once

#include "unet/kernels/kernels.h"

enum
{
  SIDE = PL_TILE + 2, /* of the input of a tile, and of its points */
};

#define ROOT_2 1.4142135623730951
#define ROOT_HALF 0.7071067811865476

/* The rows of a number and of its negative. */
ALWAYS_INLINE void
combine (Vec even, Vec odd, Vec out[2])
{
  out[0] = vec_add (even, odd);
  out[1] = vec_sub (even, odd);
}

/*      ⎡ 1   0  −5/2  0   1  0 ⎤
 *      ⎢ 0 −√2  −2    √½  1  0 ⎥
 * Bᵀ = ⎢ 0  √2  −2   −√½  1  0 ⎥
 *      ⎢ 0 −√½  −1/2  √2  1  0 ⎥
 *      ⎢ 0  √½  −1/2 −√2  1  0 ⎥
 *      ⎣ 0  1    0  −5/2  0  1 ⎦ */
ALWAYS_INLINE void
spread_input (const Vec x[SIDE], Vec out[SIDE])
{
  const Vec two = vec_set1 (-2), half = vec_set1 (-0.5f), both = vec_set1 (-2.5f);
  const Vec odd1 = vec_fma (two, x[1], x[3]);
  const Vec odd2 = vec_fma (half, x[1], x[3]);

  out[0] = vec_fma (both, x[2], vec_add (x[0], x[4]));
  combine (vec_fma (two, x[2], x[4]), vec_mul (vec_set1 (ROOT_HALF), odd1), out + 1);
  combine (vec_fma (half, x[2], x[4]), vec_mul (vec_set1 (ROOT_2), odd2), out + 3);
  out[5] = vec_fma (both, x[3], vec_add (x[1], x[5]));
}

/*      ⎡ 1  √2   √2   √½  √½  0 ⎤
 * Aᵀ = ⎢ 0  1   −1    1  −1   0 ⎥
 *      ⎢ 0  √½   √½   √2  √2  0 ⎥
 *      ⎣ 0  1/2 −1/2  2  −2   1 ⎦ */
ALWAYS_INLINE void
gather_output (const Vec m[SIDE], Vec out[PL_TILE])
{
  const Vec root_2 = vec_set1 (ROOT_2), root_half = vec_set1 (ROOT_HALF);
  const Vec even1 = vec_add (m[1], m[2]);
  const Vec odd1 = vec_sub (m[1], m[2]);
  const Vec even2 = vec_add (m[3], m[4]);
  const Vec odd2 = vec_sub (m[3], m[4]);

  out[0] = vec_fma (root_2, even1, vec_fma (root_half, even2, m[0]));
  out[1] = vec_add (odd1, odd2);
  out[2] = vec_fma (root_2, even2, vec_mul (root_half, even1));
  out[3] = vec_fma (vec_set1 (0.5f), odd1, vec_fma (vec_set1 (2), odd2, m[5]));
}

/* A */
ALWAYS_INLINE void
spread_output (const Vec d[PL_TILE], Vec out[SIDE])
{
  const Vec root_2 = vec_set1 (ROOT_2), root_half = vec_set1 (ROOT_HALF);

  out[0] = d[0];
  combine (vec_fma (root_2, d[0], vec_mul (root_half, d[2])), vec_fma (vec_set1 (0.5f), d[3], d[1]),
           out + 1);
  combine (vec_fma (root_half, d[0], vec_mul (root_2, d[2])), vec_fma (vec_set1 (2), d[3], d[1]),
           out + 3);
  out[5] = d[3];
}

/*         ⎡  3   0   0  ⎤
 *         ⎢ −√2 −1  −√½ ⎥
 * G = 1/3 ⎢ −√2  1  −√½ ⎥
 *         ⎢  √½  1   √2 ⎥
 *         ⎢  √½ −1   √2 ⎥
 *         ⎣  0   0   3  ⎦ */
ALWAYS_INLINE void
spread_weight (const Vec w[3], Vec out[SIDE])
{
  const Vec root_2 = vec_set1 (ROOT_2 / 3), root_half = vec_set1 (ROOT_HALF / 3);
  const Vec odd = vec_mul (vec_set1 (1.0f / 3), w[1]);
  const Vec even1 = vec_fma (root_2, w[0], vec_mul (root_half, w[2]));

  out[0] = w[0];
  combine (vec_sub (vec_set1 (0), even1), vec_sub (vec_set1 (0), odd), out + 1);
  combine (vec_fma (root_half, w[0], vec_mul (root_2, w[2])), odd, out + 3);
  out[5] = w[2];
}

/* Gᵀ */
ALWAYS_INLINE void
gather_weight (const Vec u[SIDE], Vec out[3])
{
  const Vec root_2 = vec_set1 (ROOT_2 / 3), root_half = vec_set1 (ROOT_HALF / 3);
  const Vec even1 = vec_add (u[1], u[2]);
  const Vec odd1 = vec_sub (u[2], u[1]);
  const Vec even2 = vec_add (u[3], u[4]);
  const Vec odd2 = vec_sub (u[3], u[4]);

  out[0] = vec_sub (vec_fma (root_half, even2, u[0]), vec_mul (root_2, even1));
  out[1] = vec_mul (vec_set1 (1.0f / 3), vec_add (odd1, odd2));
  out[2] = vec_sub (vec_fma (root_2, even2, u[5]), vec_mul (root_half, even1));
}

/* Bᵀ x B for LANES channels of a tile. */
ALWAYS_INLINE void
spread_pixels_block (
    const Element *x, size_t x_stride, size_t x_step, Element *points, size_t point_stride)
{
  Vec half[SIDE][SIDE]; /* of the columns, first */

  for (int row = 0; row < SIDE; row++, x += x_stride)
    {
      Vec pixels[SIDE], spread[SIDE];

      UNROLL
      for (int k = 0; k < SIDE; k++)
        pixels[k] = element_load (x + k * x_step);
      spread_input (pixels, spread);
      UNROLL
      for (int k = 0; k < SIDE; k++)
        half[k][row] = spread[k];
    }
  for (int column = 0; column < SIDE; column++, points += point_stride)
    {
      Vec spread[SIDE];

      spread_input (half[column], spread);
      UNROLL
      for (int k = 0; k < SIDE; k++)
        element_store (points + k * SIDE * point_stride, spread[k]);
    }
}

/* A dy Aᵀ */
ALWAYS_INLINE void
spread_gradient_block (
    const Element *dy, size_t dy_stride, size_t dy_step, Element *points, size_t point_stride)
{
  Vec half[SIDE][PL_TILE];

  for (int row = 0; row < PL_TILE; row++, dy += dy_stride)
    {
      Vec pixels[PL_TILE], spread[SIDE];

      UNROLL
      for (int k = 0; k < PL_TILE; k++)
        pixels[k] = element_load (dy + k * dy_step);
      spread_output (pixels, spread);
      UNROLL
      for (int k = 0; k < SIDE; k++)
        half[k][row] = spread[k];
    }
  for (int column = 0; column < SIDE; column++, points += point_stride)
    {
      Vec spread[SIDE];

      spread_output (half[column], spread);
      UNROLL
      for (int k = 0; k < SIDE; k++)
        element_store (points + k * SIDE * point_stride, spread[k]);
    }
}

/* Aᵀ m A */
ALWAYS_INLINE void
gather_pixels_block (
    const float *products, size_t point_stride, Element *y, size_t y_stride, size_t y_step)
{
  Vec half[PL_TILE][SIDE];

  for (int row = 0; row < SIDE; row++)
    {
      Vec m[SIDE], gathered[PL_TILE];

      UNROLL
      for (int k = 0; k < SIDE; k++)
        m[k] = vec_load (products + (row * SIDE + k) * point_stride);
      gather_output (m, gathered);
      UNROLL
      for (int k = 0; k < PL_TILE; k++)
        half[k][row] = gathered[k];
    }
  for (int column = 0; column < PL_TILE; column++, y += y_step)
    {
      Vec gathered[PL_TILE];

      gather_output (half[column], gathered);
      UNROLL
      for (int k = 0; k < PL_TILE; k++)
        element_store (y + k * y_stride, gathered[k]);
    }
}

/* G w Gᵀ for LANES weights. */
ALWAYS_INLINE void
spread_weights_block (const Vec w[9], Vec points[SIDE][SIDE])
{
  Vec half[3][SIDE];

  UNROLL
  for (int column = 0; column < 3; column++)
    {
      const Vec taps[3] = { w[column], w[3 + column], w[6 + column] };

      spread_weight (taps, half[column]);
    }
  UNROLL
  for (int row = 0; row < SIDE; row++)
    {
      const Vec taps[3] = { half[0][row], half[1][row], half[2][row] };

      spread_weight (taps, points[row]);
    }
}

/* Gᵀ u G, added. */
ALWAYS_INLINE void
gather_weights_block (const float *products, size_t point_stride, float *w, size_t tap_stride)
{
  Vec half[3][SIDE];

  for (int column = 0; column < SIDE; column++)
    {
      Vec u[SIDE], gathered[3];

      UNROLL
      for (int k = 0; k < SIDE; k++)
        u[k] = vec_load (products + (k * SIDE + column) * point_stride);
      gather_weight (u, gathered);
      UNROLL
      for (int k = 0; k < 3; k++)
        half[k][column] = gathered[k];
    }
  UNROLL
  for (int row = 0; row < 3; row++)
    {
      Vec gathered[3];

      gather_weight (half[row], gathered);
      UNROLL
      for (int k = 0; k < 3; k++)
        {
          float *tap = w + (row * 3 + k) * tap_stride;

          vec_store (tap, vec_add (vec_load (tap), gathered[k]));
        }
    }
}

/* Asks for what a patch has of the tile after the next: the processor does not guess it in time.
 * Into the second-level cache, since points fill the first. */
ALWAYS_INLINE void
prefetch_tile (const int rows, const Element *x, size_t stride, size_t step, size_t c)
{
  x += 2 * PL_TILE * step;
  for (int row = 0; row < rows; row++, x += stride)
    for (size_t pixel = 0; pixel < PL_TILE; pixel++)
      for (size_t i = 0; i < c; i += 64 / sizeof *x)
        __builtin_prefetch (x + pixel * step + i, 0, 2);
}

static void
spread_pixels_simd (size_t n,
                    const void *x_pixels,
                    size_t x_stride,
                    size_t x_step,
                    size_t c,
                    void *x_points,
                    size_t point_stride)
{
  const Element *x = x_pixels;
  Element *points = x_points;

  for (size_t tile = 0; tile < n; tile++, x += PL_TILE * x_step, points += c)
    {
      prefetch_tile (SIDE, x, x_stride, x_step, c);
      for (size_t i = 0; i < c; i += LANES)
        spread_pixels_block (x + i, x_stride, x_step, points + i, point_stride);
    }
}

static void
spread_gradient_simd (size_t n,
                      const void *dy_pixels,
                      size_t dy_stride,
                      size_t dy_step,
                      size_t c,
                      void *dy_points,
                      size_t point_stride)
{
  const Element *dy = dy_pixels;
  Element *points = dy_points;

  for (size_t tile = 0; tile < n; tile++, dy += PL_TILE * dy_step, points += c)
    {
      prefetch_tile (PL_TILE, dy, dy_stride, dy_step, c);
      for (size_t i = 0; i < c; i += LANES)
        spread_gradient_block (dy + i, dy_stride, dy_step, points + i, point_stride);
    }
}

static void
gather_pixels_simd (size_t n,
                    const float *products,
                    size_t point_stride,
                    size_t c,
                    void *y_pixels,
                    size_t y_stride,
                    size_t y_step)
{
  Element *y = y_pixels;

  for (size_t tile = 0; tile < n; tile++, y += PL_TILE * y_step, products += c)
    for (size_t i = 0; i < c; i += LANES)
      gather_pixels_block (products + i, point_stride, y + i, y_stride, y_step);
}

static void
gather_weights_simd (
    size_t n, const float *products, size_t point_stride, float *w, size_t tap_stride)
{
  for (size_t i = 0; i < n; i += LANES)
    gather_weights_block (products + i, point_stride, w + i, tap_stride);
}
