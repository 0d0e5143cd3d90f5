/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels written once over a vector of floats and an element of pixels and weights; each file
 * that includes this is compiled with its own flags. Before that it defines the types Vec, Mask and
 * Tail, the vec_ functions, and
 *
 *   LANES               floats in a Vec
 *   ROWS                rows of sums, each VECTORS wide, that fit in the registers beside one row
 *                       of weights and a broadcast value
 *   WITH_ROWS(m, CALL)  a switch that turns the number m, 1…ROWS, into a constant in CALL(m)
 *   Element             a pixel's or weight's type
 *   element_load, element_store
 *                       LANES elements as a Vec and back
 *   CI_BLOCK            elements that are multiplied and summed in each lane at once
 *   Operand             LANES times CI_BLOCK elements, for the multiplier
 *   operand_load, operand_broadcast
 *                       different ones for each lane, or the same
 *   operand_fma         sum + a·b for two operands and a Vec */
#pragma once

#include "unet/kernels/kernels.h"
#include "unet/kernels/unroll.h"

enum
{
  VECTORS = 2,
  CO_BLOCK = VECTORS * LANES,
  CHANNEL_VECTORS = PL_CHANNEL_BLOCK / LANES,
};

#include "unet/kernels/simd-product.h"
#include "unet/kernels/simd-rows.h"
#include "unet/kernels/simd-tiles.h"

/* All but the weight product, and of the tiles' kernels those of pixels. */
static void
fill_simd (PlKernels *k)
{
  k->element_bytes = sizeof (Element);
  k->co_block = CO_BLOCK;
  k->ci_block = CI_BLOCK;
  k->product = product_simd;
  k->row_to_float = row_to_float_simd;
  k->row_from_float = row_from_float_simd;
  k->row_sums = row_sums_simd;
  k->row_norm_act = row_norm_act_simd;
  k->row_norm_act_sums = row_norm_act_sums_simd;
  k->row_norm_act_backward = row_norm_act_backward_simd;
  k->row_max_pool = row_max_pool_simd;
  k->row_max_pool_backward = row_max_pool_backward_simd;
  k->adam = adam_simd;
  k->peak = peak_simd;
  k->tiles.spread_pixels = spread_pixels_simd;
  k->tiles.spread_gradient = spread_gradient_simd;
  k->tiles.gather_pixels = gather_pixels_simd;
  k->tiles.gather_weights = gather_weights_simd;
}
