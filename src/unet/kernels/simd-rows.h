/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simd.h does once a value: limited by memory, so each reads and writes its row once. In
 * between all is float, so that a pixel is rounded once, when it is stored. */
#pragma once

#include "unet/kernels/kernels.h"

enum
{
  SUM_PIXELS = 4 / CHANNEL_VECTORS, /* four chains of additions hide most of their latency */
};

static void
row_to_float_simd (size_t n, const void *x_pixels, size_t x_step, size_t c, float *out)
{
  const Element *x = x_pixels;

  for (size_t p = 0; p < n; p++, x += x_step, out += c)
    for (size_t i = 0; i < c; i += LANES)
      vec_store (out + i, element_load (x + i));
}

static void
row_from_float_simd (size_t n, const float *in, size_t c, void *y_pixels, size_t y_step)
{
  Element *y = y_pixels;

  for (size_t p = 0; p < n; p++, in += c, y += y_step)
    for (size_t i = 0; i < c; i += LANES)
      element_store (y + i, vec_load (in + i));
}

/* dy · leaky′ (scale·x + shift) */
ALWAYS_INLINE Vec
act_gradient (Vec x, Vec dy, Vec scale, Vec shift)
{
  const Vec leaked = vec_mul (vec_set1 (PL_LEAKY_SLOPE), dy);

  return vec_select (vec_greater (vec_fma (scale, x, shift), vec_set1 (0)), dy, leaked);
}

/* Adds the @sums of PL_CHANNEL_BLOCK channels to @total. */
ALWAYS_INLINE void
add_sums (Vec sums[SUM_PIXELS][CHANNEL_VECTORS], double *total)
{
  float row[PL_CHANNEL_BLOCK];

  UNROLL
  for (int j = 0; j < CHANNEL_VECTORS; j++)
    {
      UNROLL
      for (int k = 1; k < SUM_PIXELS; k++)
        sums[0][j] = vec_add (sums[0][j], sums[k][j]);
      vec_store (row + j * LANES, sums[0][j]);
    }
  for (int i = 0; i < PL_CHANNEL_BLOCK; i++)
    total[i] += row[i];
}

/* One pixel of sum_channels(). */
ALWAYS_INLINE void
sum_pixel (const Element *x,
           const Element *dy,
           const float *scale,
           const float *shift,
           Vec g_sums[CHANNEL_VECTORS],
           Vec gx_sums[CHANNEL_VECTORS])
{
  UNROLL
  for (int j = 0; j < CHANNEL_VECTORS; j++)
    {
      const size_t i = j * LANES;
      const Vec v = element_load (x + i);
      Vec g = v;

      if (scale != NULL)
        g = act_gradient (v, element_load (dy + i), vec_load (scale + i), vec_load (shift + i));
      g_sums[j] = vec_add (g_sums[j], g);
      gx_sums[j] = vec_fma (g, v, gx_sums[j]);
    }
}

/* sum_g += Σ g, sum_gx += Σ g·x over PL_CHANNEL_BLOCK channels; g is x itself where @scale is NULL.
 */
ALWAYS_INLINE void
sum_channels (size_t n,
              const Element *x,
              size_t x_step,
              const Element *dy,
              size_t dy_step,
              const float *scale,
              const float *shift,
              double *sum_g,
              double *sum_gx)
{
  Vec g_sums[SUM_PIXELS][CHANNEL_VECTORS];
  Vec gx_sums[SUM_PIXELS][CHANNEL_VECTORS];
  size_t p = 0;

  UNROLL
  for (int k = 0; k < SUM_PIXELS; k++)
    {
      UNROLL
      for (int j = 0; j < CHANNEL_VECTORS; j++)
        g_sums[k][j] = gx_sums[k][j] = vec_set1 (0);
    }
  for (; p + SUM_PIXELS <= n; p += SUM_PIXELS)
    {
      UNROLL
      for (int k = 0; k < SUM_PIXELS; k++, x += x_step, dy += dy_step)
        sum_pixel (x, dy, scale, shift, g_sums[k], gx_sums[k]);
    }
  for (; p < n; p++, x += x_step, dy += dy_step)
    sum_pixel (x, dy, scale, shift, g_sums[0], gx_sums[0]);
  add_sums (g_sums, sum_g);
  add_sums (gx_sums, sum_gx);
}

static void
row_sums_simd (
    size_t n, const void *x_pixels, size_t x_step, size_t c, double *sum, double *squares)
{
  const Element *x = x_pixels;

  for (size_t i = 0; i < c; i += PL_CHANNEL_BLOCK)
    sum_channels (n, x + i, x_step, x + i, x_step, NULL, NULL, sum + i, squares + i);
}

static void
row_norm_act_sums_simd (size_t n,
                        const void *x_pixels,
                        size_t x_step,
                        const void *dy_pixels,
                        size_t dy_step,
                        size_t c,
                        const float *scale,
                        const float *shift,
                        double *sum_g,
                        double *sum_gx)
{
  const Element *x = x_pixels;
  const Element *dy = dy_pixels;

  for (size_t i = 0; i < c; i += PL_CHANNEL_BLOCK)
    sum_channels (n, x + i, x_step, dy + i, dy_step, scale + i, shift + i, sum_g + i, sum_gx + i);
}

static void
row_norm_act_simd (size_t n,
                   const void *x_pixels,
                   size_t x_step,
                   size_t c,
                   const float *scale,
                   const float *shift,
                   void *y_pixels,
                   size_t y_step)
{
  const Element *x = x_pixels;
  Element *y = y_pixels;
  const Vec slope = vec_set1 (PL_LEAKY_SLOPE);

  for (size_t p = 0; p < n; p++, x += x_step, y += y_step)
    for (size_t i = 0; i < c; i += LANES)
      {
        const Vec v = vec_fma (vec_load (scale + i), element_load (x + i), vec_load (shift + i));

        element_store (y + i, vec_max (v, vec_mul (slope, v)));
      }
}

static void
row_norm_act_backward_simd (size_t n,
                            const void *x_pixels,
                            size_t x_step,
                            const void *dy_pixels,
                            size_t dy_step,
                            size_t c,
                            const float *scale,
                            const float *shift,
                            const float *a,
                            const float *b,
                            void *dx_pixels,
                            size_t dx_step)
{
  const Element *x = x_pixels;
  const Element *dy = dy_pixels;
  Element *dx = dx_pixels;

  for (size_t p = 0; p < n; p++, x += x_step, dy += dy_step, dx += dx_step)
    for (size_t i = 0; i < c; i += LANES)
      {
        const Vec v = element_load (x + i);
        const Vec s = vec_load (scale + i);
        const Vec g = act_gradient (v, element_load (dy + i), s, vec_load (shift + i));

        element_store (dx + i, vec_fma (s, g, vec_fma (vec_load (a + i), v, vec_load (b + i))));
      }
}

static void
row_max_pool_simd (size_t n,
                   const void *x0_pixels,
                   const void *x1_pixels,
                   size_t x_step,
                   size_t c,
                   void *y_pixels,
                   size_t y_step,
                   uint8_t *which)
{
  const Element *x0 = x0_pixels;
  const Element *x1 = x1_pixels;
  Element *y = y_pixels;

  for (size_t p = 0; p < n; p++, x0 += 2 * x_step, x1 += 2 * x_step, y += y_step)
    for (size_t i = 0; i < c; i += LANES)
      {
        const Element *const others[3] = { x0 + x_step, x1, x1 + x_step };
        Vec largest = element_load (x0 + i);
        Vec first = vec_set1 (0);

        UNROLL
        for (int k = 0; k < 3; k++)
          {
            const Vec v = element_load (others[k] + i);
            const Mask larger = vec_greater (v, largest);

            largest = vec_select (larger, v, largest);
            first = vec_select (larger, vec_set1 (k + 1), first);
          }
        element_store (y + i, largest);
        if (which != NULL)
          vec_store_bytes (which + p * c + i, first);
      }
}

static void
row_max_pool_backward_simd (size_t n,
                            const void *dy_pixels,
                            size_t dy_step,
                            size_t c,
                            const uint8_t *which,
                            void *dx0_pixels,
                            void *dx1_pixels,
                            size_t dx_step)
{
  const Element *dy = dy_pixels;
  Element *dx0 = dx0_pixels;
  Element *dx1 = dx1_pixels;

  for (size_t p = 0; p < n; p++, dy += dy_step, dx0 += 2 * dx_step, dx1 += 2 * dx_step, which += c)
    for (size_t i = 0; i < c; i += LANES)
      {
        Element *const pixels[4] = { dx0, dx0 + dx_step, dx1, dx1 + dx_step };
        const Vec v = element_load (dy + i);
        const Vec first = vec_load_bytes (which + i);

        UNROLL
        for (int k = 0; k < 4; k++)
          {
            const Mask here = vec_equal (first, vec_set1 (k));

            element_store (pixels[k] + i, vec_add (element_load (pixels[k] + i),
                                                   vec_select (here, v, vec_set1 (0))));
          }
      }
}

ALWAYS_INLINE void
adam_vector (const PlAdamStep *step, Vec *w, Vec *m, Vec *v, Vec g)
{
  *m = vec_fma (vec_set1 (step->beta1), *m, vec_mul (vec_set1 (1 - step->beta1), g));
  *v = vec_fma (vec_set1 (step->beta2), *v, vec_mul (vec_set1 (1 - step->beta2), vec_mul (g, g)));

  const Vec root = vec_sqrt (vec_mul (*v, vec_set1 (step->v_correction)));
  const Vec change = vec_div (vec_mul (*m, vec_set1 (step->m_correction)),
                              vec_add (root, vec_set1 (step->epsilon)));

  *w = vec_sub (*w, vec_mul (vec_set1 (step->rate), vec_fma (vec_set1 (step->decay), *w, change)));
}

static void
adam_simd (size_t n, const PlAdamStep *step, float *w, float *m, float *v, const float *g)
{
  size_t i = 0;

  for (; i + LANES <= n; i += LANES)
    {
      Vec wi = vec_load (w + i), mi = vec_load (m + i), vi = vec_load (v + i);

      adam_vector (step, &wi, &mi, &vi, vec_load (g + i));
      vec_store (w + i, wi);
      vec_store (m + i, mi);
      vec_store (v + i, vi);
    }
  if (i < n)
    {
      const Tail tail = tail_of (n - i);
      Vec wi = vec_load_tail (w + i, tail);
      Vec mi = vec_load_tail (m + i, tail);
      Vec vi = vec_load_tail (v + i, tail);

      adam_vector (step, &wi, &mi, &vi, vec_load_tail (g + i, tail));
      vec_store_tail (w + i, tail, wi);
      vec_store_tail (m + i, tail, mi);
      vec_store_tail (v + i, tail, vi);
    }
}
