/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels in plain C, for any processor, and the truth that the others are read against.
 * Matrix products go to OpenBLAS, a tap at a time. */
#include "unet/kernels/kernels-private.h"

#include <cblas.h>
#include <math.h>

enum
{
  /* Wide enough for OpenBLAS, narrow enough that a caller can split 128 channels over threads. */
  CO_BLOCK = 64,
  MAX_RUN = 64, /* channels that are summed at once */
};

static inline size_t
min_size (size_t a, size_t b)
{
  return a < b ? a : b;
}

static void
row_product_generic (size_t n,
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
  for (size_t o = 0; o < co && n > 0; o += CO_BLOCK)
    {
      const size_t width = min_size (CO_BLOCK, co - o);

      for (int t = 0; t < n_taps; t++, w += ci * width)
        cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, n, width, ci, 1, x[t], x_step, w,
                     width, accumulate || t > 0 ? 1 : 0, y + o, y_step);
    }
}

static void
row_weight_gradient_generic (size_t n,
                             int n_taps,
                             const float *const x[],
                             size_t x_step,
                             size_t ci,
                             const float *dy,
                             size_t dy_step,
                             size_t co,
                             float *dw)
{
  for (int t = 0; t < n_taps && n > 0; t++, dw += ci * co)
    cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, ci, co, n, 1, x[t], x_step, dy, dy_step,
                 1, dw, co);
}

static void
row_sums_generic (size_t n, const float *x, size_t x_step, size_t c, double *sum, double *squares)
{
  for (size_t first = 0; first < c; first += MAX_RUN)
    {
      const size_t run = min_size (MAX_RUN, c - first);
      float s[MAX_RUN] = { 0 };
      float q[MAX_RUN] = { 0 };

      for (size_t p = 0; p < n; p++)
        for (size_t i = 0; i < run; i++)
          {
            const float v = x[p * x_step + first + i];

            s[i] += v;
            q[i] += v * v;
          }
      for (size_t i = 0; i < run; i++)
        {
          sum[first + i] += s[i];
          squares[first + i] += q[i];
        }
    }
}

static void
row_norm_act_generic (size_t n,
                      const float *x,
                      size_t x_step,
                      size_t c,
                      const float *scale,
                      const float *shift,
                      float *y,
                      size_t y_step)
{
  for (size_t p = 0; p < n; p++, x += x_step, y += y_step)
    for (size_t i = 0; i < c; i++)
      {
        const float v = scale[i] * x[i] + shift[i];

        y[i] = v > 0 ? v : PL_LEAKY_SLOPE * v;
      }
}

/* dy · leaky′ (scale·x + shift) */
static inline float
act_gradient (float x, float dy, float scale, float shift)
{
  return scale * x + shift > 0 ? dy : PL_LEAKY_SLOPE * dy;
}

static void
row_norm_act_sums_generic (size_t n,
                           const float *x,
                           size_t x_step,
                           const float *dy,
                           size_t dy_step,
                           size_t c,
                           const float *scale,
                           const float *shift,
                           double *sum_g,
                           double *sum_gx)
{
  for (size_t first = 0; first < c; first += MAX_RUN)
    {
      const size_t run = min_size (MAX_RUN, c - first);
      float s[MAX_RUN] = { 0 };
      float q[MAX_RUN] = { 0 };

      for (size_t p = 0; p < n; p++)
        for (size_t i = 0; i < run; i++)
          {
            const float v = x[p * x_step + first + i];
            const float g =
                act_gradient (v, dy[p * dy_step + first + i], scale[first + i], shift[first + i]);

            s[i] += g;
            q[i] += g * v;
          }
      for (size_t i = 0; i < run; i++)
        {
          sum_g[first + i] += s[i];
          sum_gx[first + i] += q[i];
        }
    }
}

static void
row_norm_act_backward_generic (size_t n,
                               const float *x,
                               size_t x_step,
                               const float *dy,
                               size_t dy_step,
                               size_t c,
                               const float *scale,
                               const float *shift,
                               const float *a,
                               const float *b,
                               float *dx,
                               size_t dx_step)
{
  for (size_t p = 0; p < n; p++, x += x_step, dy += dy_step, dx += dx_step)
    for (size_t i = 0; i < c; i++)
      {
        const float g = act_gradient (x[i], dy[i], scale[i], shift[i]);

        dx[i] = scale[i] * g + (a[i] * x[i] + b[i]);
      }
}

static void
row_max_pool_generic (size_t n,
                      const float *x0,
                      const float *x1,
                      size_t x_step,
                      size_t c,
                      float *y,
                      size_t y_step,
                      uint8_t *which)
{
  for (size_t p = 0; p < n; p++, y += y_step)
    {
      const float *const pixels[4] = { x0 + 2 * p * x_step, x0 + (2 * p + 1) * x_step,
                                       x1 + 2 * p * x_step, x1 + (2 * p + 1) * x_step };

      for (size_t i = 0; i < c; i++)
        {
          int first = 0;

          for (int k = 1; k < 4; k++)
            if (pixels[k][i] > pixels[first][i])
              first = k;
          y[i] = pixels[first][i];
          if (which != NULL)
            which[p * c + i] = first;
        }
    }
}

static void
row_max_pool_backward_generic (size_t n,
                               const float *dy,
                               size_t dy_step,
                               size_t c,
                               const uint8_t *which,
                               float *dx0,
                               float *dx1,
                               size_t dx_step)
{
  for (size_t p = 0; p < n; p++, dy += dy_step, which += c)
    {
      float *const pixels[4] = { dx0 + 2 * p * dx_step, dx0 + (2 * p + 1) * dx_step,
                                 dx1 + 2 * p * dx_step, dx1 + (2 * p + 1) * dx_step };

      for (size_t i = 0; i < c; i++)
        pixels[which[i]][i] += dy[i];
    }
}

static void
adam_generic (size_t n, const PlAdamStep *step, float *w, float *m, float *v, const float *g)
{
  for (size_t i = 0; i < n; i++)
    {
      m[i] = step->beta1 * m[i] + (1 - step->beta1) * g[i];
      v[i] = step->beta2 * v[i] + (1 - step->beta2) * (g[i] * g[i]);
      w[i] -= step->rate *
              (step->decay * w[i] +
               m[i] * step->m_correction / (sqrtf (v[i] * step->v_correction) + step->epsilon));
    }
}

void
pl_kernels_fill_generic (PlKernels *k)
{
  /* The threads are the caller's: OpenBLAS must not add its own to each of them. */
  openblas_set_num_threads (1);

  k->co_block = CO_BLOCK;
  k->row_product = row_product_generic;
  k->row_weight_gradient = row_weight_gradient_generic;
  k->row_sums = row_sums_generic;
  k->row_norm_act = row_norm_act_generic;
  k->row_norm_act_sums = row_norm_act_sums_generic;
  k->row_norm_act_backward = row_norm_act_backward_generic;
  k->row_max_pool = row_max_pool_generic;
  k->row_max_pool_backward = row_max_pool_backward_generic;
  k->adam = adam_generic;
}
