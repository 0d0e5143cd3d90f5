/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels written once over a vector type; avx2.c and avx512.c include this, each compiled with
 * its own flags. Before that they define the types Vec, Mask and Tail, the vec_ functions, and
 *
 *   LANES               floats in a Vec
 *   ROWS                rows of sums, each VECTORS wide, that fit in the registers beside one row
 *                       of weights and a broadcast value
 *   WITH_ROWS(m, CALL)  a switch that turns the number m, 1…ROWS, into a constant in CALL(m) */
#pragma once

#include "unet/kernels/kernels.h"

enum
{
  VECTORS = 2,
  CO_BLOCK = VECTORS * LANES,
  CHANNEL_VECTORS = PL_CHANNEL_BLOCK / LANES,
};

#define ALWAYS_INLINE static inline __attribute__ ((always_inline))

/* Wholly, and before the arrays of sums are given registers. */
#ifdef __clang__
#define UNROLL _Pragma ("clang loop unroll(full)")
#else
#define UNROLL _Pragma ("GCC unroll 16")
#endif

#include "unet/kernels/simd-product.h"
#include "unet/kernels/simd-rows.h"

static void
fill_simd (PlKernels *k)
{
  k->co_block = CO_BLOCK;
  k->row_product = row_product_simd;
  k->row_weight_gradient = row_weight_gradient_simd;
  k->row_sums = row_sums_simd;
  k->row_norm_act = row_norm_act_simd;
  k->row_norm_act_sums = row_norm_act_sums_simd;
  k->row_norm_act_backward = row_norm_act_backward_simd;
  k->row_max_pool = row_max_pool_simd;
  k->row_max_pool_backward = row_max_pool_backward_simd;
  k->adam = adam_simd;
}
