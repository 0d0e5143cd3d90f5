/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The contracts of the kernels, and the table through which the layers call them.
 *
 * A kernel works on one row of pixels. A pixel is a run of channels, padded with zeros to a
 * multiple of PL_CHANNEL_BLOCK; a "step" is the distance, in floats, from one pixel to the next, at
 * least the channels, a multiple of PL_CHANNEL_BLOCK where there is more than one channel. Rows of
 * more than one channel start at a multiple of 64 bytes; only the input image (one or few channels,
 * not padded) may lie anywhere. Unless said, inputs and outputs do not overlap. Nothing is written
 * but the outputs' channels: what lies between them (step − channels) stays as it was. No kernel
 * allocates, starts threads or keeps state. */

enum
{
  PL_CHANNEL_BLOCK = 16,
  PL_MAX_TAPS = 9,
};

#define PL_LEAKY_SLOPE 0.01f

typedef enum
{
  PL_ISA_GENERIC,
  PL_ISA_AVX2,
  PL_ISA_AVX512,
  PL_N_ISAS,
} PlIsa;

/**
 * PlRowProduct: the forward pass and the data gradient of every convolution
 * @n: pixels
 * @n_taps: 1…PL_MAX_TAPS
 * @x: a row a tap; pixel p of tap t is at x[t] + p·x_step, @ci channels (any number ≥ 1)
 * @w: packed, see PlKernels.co_block: [co / co_block][n_taps][ci][co_block]
 * @co: a multiple of PL_CHANNEL_BLOCK
 * @y: pixel p at y + p·y_step
 * @accumulate: add to @y instead of setting it
 *
 * A caller may pass a run of whole blocks of a wider convolution: @w at its first block, @co its
 * width, @y at its first channel. Where all weights exceed the second-level cache (co · ci above
 * some 100·100 at nine taps), go through the rows once a block, not through the blocks once a row.
 *
 * y (n,co) = Σ_t x_t (n,ci) · w_t (ci,co). A 3×3 convolution has nine taps into three padded rows;
 * a 1×1 has one; a transposed 2×2 writes each of its four taps with a doubled y_step; its data
 * gradient has four taps with a doubled x_step.
 */
typedef void (*PlRowProduct) (size_t n,
                              int n_taps,
                              const float *const x[],
                              size_t x_step,
                              size_t ci,
                              const float *w,
                              size_t co,
                              float *y,
                              size_t y_step,
                              bool accumulate);

/**
 * PlRowWeightGradient:
 * @dw: [n_taps][ci][co], not packed; added to
 * @co: a multiple of PL_CHANNEL_BLOCK
 *
 * All of @dw is read and written once a call: for wide convolutions take a run of output channels
 * (best PlKernels.co_block: @dy at its first channel, @dw a block of its own) through all rows
 * before the next, so that the run's @dw stays in the second-level cache.
 *
 * dw_t (ci,co) += Σ_p x_t (p,ci)ᵀ · dy (p,co).
 */
typedef void (*PlRowWeightGradient) (size_t n,
                                     int n_taps,
                                     const float *const x[],
                                     size_t x_step,
                                     size_t ci,
                                     const float *dy,
                                     size_t dy_step,
                                     size_t co,
                                     float *dw);

/* sum[c] += Σ_p x (p,c); squares[c] += Σ_p x (p,c)²; c a multiple of PL_CHANNEL_BLOCK. The row is
 * summed in float, then added in double. n ≤ 65,536. */
typedef void (*PlRowSums) (
    size_t n, const float *x, size_t x_step, size_t c, double *sum, double *squares);

/* y = leaky (scale[c] · x + shift[c]): normalisation and activation. y may be x (equal steps). */
typedef void (*PlRowNormAct) (size_t n,
                              const float *x,
                              size_t x_step,
                              size_t c,
                              const float *scale,
                              const float *shift,
                              float *y,
                              size_t y_step);

/* With g = dy · leaky′ (scale·x + shift): sum_g[c] += Σ g; sum_gx[c] += Σ g·x. As PlRowSums. */
typedef void (*PlRowNormActSums) (size_t n,
                                  const float *x,
                                  size_t x_step,
                                  const float *dy,
                                  size_t dy_step,
                                  size_t c,
                                  const float *scale,
                                  const float *shift,
                                  double *sum_g,
                                  double *sum_gx);

/* dx = scale[c]·g + a[c]·x + b[c], g as above: what instance normalisation's backward comes to once
 * the sums are known. dx may be x or dy (equal steps). */
typedef void (*PlRowNormActBackward) (size_t n,
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
                                      size_t dx_step);

/* 2×2 maximum, stride 2: @n output pixels; @x0 and @x1 are two input rows of 2n pixels. @which is
 * n × c bytes, 0…3 = 2·row + column of the first largest; NULL when not wanted. */
typedef void (*PlRowMaxPool) (size_t n,
                              const float *x0,
                              const float *x1,
                              size_t x_step,
                              size_t c,
                              float *y,
                              size_t y_step,
                              uint8_t *which);

/* Adds dy to the one of the four input pixels that @which names. */
typedef void (*PlRowMaxPoolBackward) (size_t n,
                                      const float *dy,
                                      size_t dy_step,
                                      size_t c,
                                      const uint8_t *which,
                                      float *dx0,
                                      float *dx1,
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

typedef struct
{
  PlIsa isa;
  size_t co_block; /* output channels that lie together in packed weights: a multiple of
                      PL_CHANNEL_BLOCK is not required, but it divides PL_CHANNEL_BLOCK or is a
                      multiple of it; the last block of a @co that it does not divide is as wide as
                      what is left */
  PlRowProduct row_product;
  PlRowWeightGradient row_weight_gradient;
  PlRowSums row_sums;
  PlRowNormAct row_norm_act;
  PlRowNormActSums row_norm_act_sums;
  PlRowNormActBackward row_norm_act_backward;
  PlRowMaxPool row_max_pool;
  PlRowMaxPoolBackward row_max_pool_backward;
  PlAdam adam;
} PlKernels;

/* Where w (t, i, o) lies in packed weights: [o / co_block][t][i][width of that block]. */
static inline size_t
pl_packed_index (size_t co_block, size_t n_taps, size_t ci, size_t co, size_t t, size_t i, size_t o)
{
  size_t first = o / co_block * co_block;
  size_t width = co - first < co_block ? co - first : co_block;

  return first * n_taps * ci + (t * ci + i) * width + (o - first);
}

/* The name that PLEURA_ISA takes: "generic", "avx2", "avx512". */
const char *pl_isa_name (PlIsa isa);

/* Fills @out for @isa; false if this build or this processor does not have it. No global state:
 * tests call it for every level. */
bool pl_kernels_for_isa (PlIsa isa, PlKernels *out);

/**
 * pl_kernels_init:
 * @name: (nullable): a level by name, or NULL or "" for the best one
 *
 * Chooses the process's table, before any thread starts. False, with nothing changed, when the name
 * is unknown or the level is not available here.
 */
bool pl_kernels_init (const char *name);

/* The process's table, constant after pl_kernels_init(). */
const PlKernels *pl_kernels (void);
