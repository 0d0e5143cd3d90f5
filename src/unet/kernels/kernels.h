/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unet/kernels/precision.h"

/* The contracts of the kernels, and the tables through which the layers call them: one table an
 * instruction set and precision.
 *
 * Pixels are floats, or bfloat16 (the upper half of a float, rounded to nearest even). A pixel is a
 * run of channels, padded with zeros to a multiple of PL_CHANNEL_BLOCK; a "step" is the distance,
 * in elements, from one pixel to the next and a "stride" that from one row to the next, both
 * multiples of PL_CHANNEL_BLOCK. Every pixel starts at a multiple of PL_CHANNEL_BLOCK elements from
 * a 64-byte boundary. Sums, scales and everything that is not a pixel or a weight for the
 * multiplier are floats in both precisions. Unless said, inputs and outputs do not overlap. Nothing
 * is written but the outputs' channels: what lies between them (step − channels) stays as it was.
 * No kernel allocates, starts threads or keeps state. */

enum
{
  PL_CHANNEL_BLOCK = 16,
  PL_MAX_TAPS = 9,
  PL_TILE = 4,
  PL_TILE_POINTS = 36,
};

#define PL_LEAKY_SLOPE 0.01f

typedef enum
{
  PL_ISA_GENERIC,
  PL_ISA_AVX2,
  PL_ISA_AVX512,
  PL_ISA_AMX,
  PL_N_ISAS,
} PlIsa;

/* The forward pass and the data gradient of every convolution:
 * y (rows,n,co) = bias (co) + Σ_t x_t (rows,n,ci) · w_t (ci,co).
 * A 3×3 convolution has nine taps into padded rows; a 1×1 has one; a transposed 2×2 writes each of
 * its four taps with a doubled y_step and y_stride; its data gradient has four taps with a doubled
 * x_step and x_stride. */
typedef struct
{
  size_t rows;
  size_t n; /* pixels of a row */
  int n_taps;
  const void *x[PL_MAX_TAPS]; /* pixel p of row r for tap t is at x[t] + r·x_stride + p·x_step */
  size_t x_stride;
  size_t x_step;
  size_t ci;         /* a multiple of PL_CHANNEL_BLOCK, as co is */
  const void *w;     /* packed: pl_packed_index() */
  const float *bias; /* (co), or NULL for none */
  size_t co;
  void *y;
  size_t y_stride;
  size_t y_step;
} PlProduct;

/* A caller may ask for a run of whole blocks of a wider convolution: @w at its first block, @co its
 * width, @y and @bias at its first channel. Which rows and blocks are asked for at once does not
 * change a bit of the result. */
typedef void (*PlProductKernel) (const PlProduct *product);

/* The weight gradient of such a convolution, without bias, over some rows:
 * dw_t (ci,co) += Σ over rows and pixels of x_tᵀ (ci) · dy (co). */
typedef struct
{
  size_t rows;
  size_t n;
  int side; /* 1, 2 or 3: side × side taps; at side 2 the input has twice the rows and pixels */
  const void *x; /* what the first tap has at row 0, pixel 0: at side 3 a pixel of the border */
  size_t x_stride;
  size_t x_step; /* of the input's own pixels */
  size_t ci;
  const void *dy;
  size_t dy_stride;
  size_t dy_step;
  size_t co;
  float *dw;     /* [taps][ci][co], or where the table says so [taps][co][ci] */
  void *scratch; /* 64-byte aligned, PlKernels.weight_product_scratch() bytes */
} PlWeightProduct;

typedef void (*PlWeightProductKernel) (const PlWeightProduct *product);

/* Dense rows of floats, (n,c), from pixels and back. */
typedef void (*PlRowToFloat) (size_t n, const void *x, size_t x_step, size_t c, float *out);
typedef void (*PlRowFromFloat) (size_t n, const float *in, size_t c, void *y, size_t y_step);

/* sum[c] += Σ_p x (p,c); squares[c] += Σ_p x (p,c)²; c a multiple of PL_CHANNEL_BLOCK. The row is
 * summed in float, then added in double. n ≤ 65,536. */
typedef void (*PlRowSums) (
    size_t n, const void *x, size_t x_step, size_t c, double *sum, double *squares);

/* y = leaky (scale[c] · x + shift[c]): normalisation and activation. y may be x (equal steps). */
typedef void (*PlRowNormAct) (size_t n,
                              const void *x,
                              size_t x_step,
                              size_t c,
                              const float *scale,
                              const float *shift,
                              void *y,
                              size_t y_step);

/* With g = dy · leaky′ (scale·x + shift): sum_g[c] += Σ g; sum_gx[c] += Σ g·x. As PlRowSums. */
typedef void (*PlRowNormActSums) (size_t n,
                                  const void *x,
                                  size_t x_step,
                                  const void *dy,
                                  size_t dy_step,
                                  size_t c,
                                  const float *scale,
                                  const float *shift,
                                  double *sum_g,
                                  double *sum_gx);

/* dx = scale[c]·g + a[c]·x + b[c], g as above: what instance normalisation's backward comes to once
 * the sums are known. dx may be x or dy (equal steps). */
typedef void (*PlRowNormActBackward) (size_t n,
                                      const void *x,
                                      size_t x_step,
                                      const void *dy,
                                      size_t dy_step,
                                      size_t c,
                                      const float *scale,
                                      const float *shift,
                                      const float *a,
                                      const float *b,
                                      void *dx,
                                      size_t dx_step);

/* 2×2 maximum, stride 2: @n output pixels; @x0 and @x1 are two input rows of 2n pixels. @which is
 * n × c bytes, 0…3 = 2·row + column of the first largest; NULL when not wanted. */
typedef void (*PlRowMaxPool) (size_t n,
                              const void *x0,
                              const void *x1,
                              size_t x_step,
                              size_t c,
                              void *y,
                              size_t y_step,
                              uint8_t *which);

/* Adds dy to the one of the four input pixels that @which names. */
typedef void (*PlRowMaxPoolBackward) (size_t n,
                                      const void *dy,
                                      size_t dy_step,
                                      size_t c,
                                      const uint8_t *which,
                                      void *dx0,
                                      void *dx1,
                                      size_t dx_step);

/* One step of Adam with decoupled weight decay (Loshchilov and Hutter 2019), in place:
 * m ← β1·m + (1−β1)·g; v ← β2·v + (1−β2)·g²;
 * w ← w − rate·decay·w − rate·(m·m_correction) / (√(v·v_correction) + epsilon). Any n and
 * alignment. */
typedef struct
{
  float rate;
  float decay;
  float beta1;
  float beta2;
  float m_correction; /* 1 / (1 − β1^t) */
  float v_correction; /* 1 / (1 − β2^t) */
  float epsilon;
} PlAdamStep;

typedef void (*PlAdam) (
    size_t n, const PlAdamStep *step, float *w, float *m, float *v, const float *g);

/* Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray 2016, https://arxiv.org/abs/1509.09308):
 * the 6×6 input pixels of a tile of 4×4 output pixels are spread into 36 points, as are the 9 taps
 * of a weight; point by point their products, 36 instead of 144, are summed over input channels;
 * and the 36 sums are gathered into 16 pixels. The weight gradient is the same with the roles
 * changed: 36 products of spread input and spread gradient are gathered into 9 taps.
 *
 * Points are what the multiplier takes, elements of the table's precision; their products are
 * floats. Point k of what is counted by j and has @c channels is at [k·point_stride + j·c]. Tiles
 * lie beside each other, tile j's pixels from 4·j on. */

/* @x is the first pixel of the first tile's patch: of its 6×6 input pixels, which begin one above
 * and left of its output, or of its 4×4 gradients. */
typedef void (*PlSpreadPixels) (size_t n,
                                const void *x,
                                size_t x_stride,
                                size_t x_step,
                                size_t c,
                                void *points,
                                size_t point_stride);

typedef void (*PlGatherPixels) (size_t n,
                                const float *products,
                                size_t point_stride,
                                size_t c,
                                void *y,
                                size_t y_stride,
                                size_t y_step);

/* One block of packed weights (9,ci,width); each point becomes one of (1,ci,width). */
typedef void (*PlSpreadWeights) (
    size_t ci, size_t width, const void *w, void *points, size_t point_stride);

/* Tap t of weight j, w[t·tap_stride + j], is added to. @n is a multiple of PL_CHANNEL_BLOCK. */
typedef void (*PlGatherWeights) (
    size_t n, const float *products, size_t point_stride, float *w, size_t tap_stride);

/* All NULL where plain convolutions are as fast (AMX) or plainness matters (generic). */
typedef struct
{
  PlSpreadPixels spread_pixels;
  PlSpreadPixels spread_gradient;
  PlGatherPixels gather_pixels;
  PlSpreadWeights spread_weights;
  PlGatherWeights gather_weights;
  PlProductKernel product; /* the table's own, but that y is floats */
} PlTileKernels;

typedef struct
{
  PlIsa isa;
  PlPrecision precision;
  size_t element_bytes; /* of pixels and packed weights: 4 or 2 */
  size_t co_block;      /* output channels that lie together in packed weights: it divides
                           PL_CHANNEL_BLOCK or is a multiple of it; the last block of a @co that it
                           does not divide is as wide as what is left */
  size_t ci_block;      /* input channels that lie together for each output channel: 1, or 2 where
                           the multiplier takes pairs */
  bool gradient_co_first;
  PlProductKernel product;
  PlWeightProductKernel weight_product;
  /* Bytes of scratch for so many rows at most; 0 if none is needed. */
  size_t (*weight_product_scratch) (size_t rows, size_t n, int side, size_t ci, size_t co);
  PlRowToFloat row_to_float;
  PlRowFromFloat row_from_float;
  PlRowSums row_sums;
  PlRowNormAct row_norm_act;
  PlRowNormActSums row_norm_act_sums;
  PlRowNormActBackward row_norm_act_backward;
  PlRowMaxPool row_max_pool;
  PlRowMaxPoolBackward row_max_pool_backward;
  PlAdam adam;
  PlTileKernels tiles;
  /* Does nothing but multiply and add, on registers, to measure what no kernel can exceed. Returns
   * the operations done, a multiply-add being two. */
  double (*peak) (size_t rounds);
} PlKernels;

/* Where w (t, i, o) lies in packed weights:
 * [o / co_block][t][i / ci_block][width of that block][ci_block]. */
static inline size_t
pl_packed_index (
    const PlKernels *k, size_t n_taps, size_t ci, size_t co, size_t t, size_t i, size_t o)
{
  size_t first = o / k->co_block * k->co_block;
  size_t width = co - first < k->co_block ? co - first : k->co_block;
  size_t pair = i / k->ci_block;

  return first * n_taps * ci + (t * (ci / k->ci_block) + pair) * width * k->ci_block +
         (o - first) * k->ci_block + i % k->ci_block;
}

/* Bfloat16: to nearest, ties to even; numbers below the least normal become zero on the way into
 * the multipliers, so no kernel relies on them. */
static inline uint16_t
pl_bf16_from_float (float value)
{
  uint32_t bits;

  memcpy (&bits, &value, sizeof bits);
  if ((bits & 0x7fffffff) > 0x7f800000) /* not a number */
    return (uint16_t) (bits >> 16 | 0x40);
  return (uint16_t) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static inline float
pl_bf16_to_float (uint16_t value)
{
  uint32_t bits = (uint32_t) value << 16;
  float out;

  memcpy (&out, &bits, sizeof out);
  return out;
}

/* The name that PLEURA_ISA takes: "generic", "avx2", "avx512", "amx". */
const char *pl_isa_name (PlIsa isa);

/* "f32", "bf16" */
const char *pl_precision_name (PlPrecision precision);

/* Fills @out for @isa; false if this build or this processor does not have it: bf16 is there with
 * AVX512_BF16 and AMX-BF16. No global state: tests call it for every level. */
bool pl_kernels_for_isa (PlIsa isa, PlPrecision precision, PlKernels *out);

/**
 * pl_kernels_init:
 * @name: (nullable): a level by name, or NULL or "" for the best one
 *
 * Chooses the process's tables, before any thread starts. False, with nothing changed, when the
 * name is unknown or the level is not available here.
 */
bool pl_kernels_init (const char *name);

/* The process's table, constant after pl_kernels_init(); NULL for bf16 where the level lacks it. */
const PlKernels *pl_kernels (PlPrecision precision);

/* Whether bf16 is the faster one here: with AMX; and with AVX512_BF16 on AMD, whose dot product has
 * twice the rate of float32's multiply-add (measured on Zen 4); elsewhere it has half of it. */
bool pl_kernels_prefer_bf16 (void);
