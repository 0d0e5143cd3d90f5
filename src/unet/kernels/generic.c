/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels in plain C, on floats, for any processor, and the truth that the others are read
 * against. Matrix products go to OpenBLAS, a row and tap at a time. */
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

/* Row r of a product's output: the bias, or zeros. */
static void
set_bias (const PlProduct *product, size_t row)
{
  float *y = (float *) product->y + row * product->y_stride;

  for (size_t p = 0; p < product->n; p++, y += product->y_step)
    for (size_t o = 0; o < product->co; o++)
      y[o] = product->bias != NULL ? product->bias[o] : 0;
}

static void
product_generic (const PlProduct *product)
{
  const size_t n = product->n;
  const size_t ci = product->ci;

  for (size_t row = 0; row < product->rows && n > 0; row++)
    {
      const float *w = product->w;

      set_bias (product, row);
      for (size_t o = 0; o < product->co; o += CO_BLOCK)
        {
          const size_t width = min_size (CO_BLOCK, product->co - o);
          float *y = (float *) product->y + row * product->y_stride + o;

          for (int t = 0; t < product->n_taps; t++, w += ci * width)
            cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, n, width, ci, 1,
                         (const float *) product->x[t] + row * product->x_stride, product->x_step,
                         w, width, 1, y, product->y_step);
        }
    }
}

static void
weight_product_generic (const PlWeightProduct *product)
{
  const size_t side = product->side;
  const size_t apart = side == 2 ? 2 : 1; /* input pixels of neighbouring output pixels */
  const size_t ci = product->ci;
  const size_t co = product->co;

  for (size_t row = 0; row < product->rows && product->n > 0; row++)
    {
      const float *dy = (const float *) product->dy + row * product->dy_stride;

      for (size_t t = 0; t < side * side; t++)
        {
          const float *x = (const float *) product->x +
                           (apart * row + t / side) * product->x_stride +
                           t % side * product->x_step;

          cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, ci, co, product->n, 1, x,
                       apart * product->x_step, dy, product->dy_step, 1, product->dw + t * ci * co,
                       co);
        }
    }
}

static size_t
no_scratch (size_t rows, size_t n, int side, size_t ci, size_t co)
{
  return 0;
}

static void
row_to_float_generic (size_t n, const void *x_pixels, size_t x_step, size_t c, float *out)
{
  const float *x = x_pixels;

  for (size_t p = 0; p < n; p++)
    memcpy (out + p * c, x + p * x_step, c * sizeof (float));
}

static void
row_from_float_generic (size_t n, const float *in, size_t c, void *y_pixels, size_t y_step)
{
  float *y = y_pixels;

  for (size_t p = 0; p < n; p++)
    memcpy (y + p * y_step, in + p * c, c * sizeof (float));
}

static void
row_sums_generic (
    size_t n, const void *x_pixels, size_t x_step, size_t c, double *sum, double *squares)
{
  const float *x = x_pixels;

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
                      const void *x_pixels,
                      size_t x_step,
                      size_t c,
                      const float *scale,
                      const float *shift,
                      void *y_pixels,
                      size_t y_step)
{
  const float *x = x_pixels;
  float *y = y_pixels;

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
  const float *x = x_pixels;
  const float *dy = dy_pixels;

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
  const float *x = x_pixels;
  const float *dy = dy_pixels;
  float *dx = dx_pixels;

  for (size_t p = 0; p < n; p++, x += x_step, dy += dy_step, dx += dx_step)
    for (size_t i = 0; i < c; i++)
      {
        const float g = act_gradient (x[i], dy[i], scale[i], shift[i]);

        dx[i] = scale[i] * g + (a[i] * x[i] + b[i]);
      }
}

static void
row_max_pool_generic (size_t n,
                      const void *x0_pixels,
                      const void *x1_pixels,
                      size_t x_step,
                      size_t c,
                      void *y_pixels,
                      size_t y_step,
                      uint8_t *which)
{
  const float *x0 = x0_pixels;
  const float *x1 = x1_pixels;
  float *y = y_pixels;

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
                               const void *dy_pixels,
                               size_t dy_step,
                               size_t c,
                               const uint8_t *which,
                               void *dx0_pixels,
                               void *dx1_pixels,
                               size_t dx_step)
{
  const float *dy = dy_pixels;
  float *dx0 = dx0_pixels;
  float *dx1 = dx1_pixels;

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

/* OpenBLAS on a block that stays in the first-level cache. */
static double
peak_generic (size_t rounds)
{
  static const float a[CO_BLOCK * CO_BLOCK];
  float c[CO_BLOCK * CO_BLOCK];
  const size_t n = 1 + rounds / (CO_BLOCK * CO_BLOCK);

  for (size_t i = 0; i < n; i++)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, CO_BLOCK, CO_BLOCK, CO_BLOCK, 1, a,
                 CO_BLOCK, a, CO_BLOCK, 0, c, CO_BLOCK);
  return 2.0 * n * CO_BLOCK * CO_BLOCK * CO_BLOCK;
}

void
pl_kernels_fill_generic (PlKernels *k)
{
  /* The threads are the caller's: OpenBLAS must not add its own to each of them. */
  openblas_set_num_threads (1);

  k->element_bytes = sizeof (float);
  k->co_block = CO_BLOCK;
  k->ci_block = 1;
  k->product = product_generic;
  k->weight_product = weight_product_generic;
  k->weight_product_scratch = no_scratch;
  k->row_to_float = row_to_float_generic;
  k->row_from_float = row_from_float_generic;
  k->row_sums = row_sums_generic;
  k->row_norm_act = row_norm_act_generic;
  k->row_norm_act_sums = row_norm_act_sums_generic;
  k->row_norm_act_backward = row_norm_act_backward_generic;
  k->row_max_pool = row_max_pool_generic;
  k->row_max_pool_backward = row_max_pool_backward_generic;
  k->adam = adam_generic;
  k->peak = peak_generic;
}
