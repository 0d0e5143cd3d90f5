/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/weights.h"

/* 3×3 convolutions in tiles of 4×4 pixels, by PlTileKernels: a quarter of the multiplications, for
 * some additions. In float32 the sums differ from a plain convolution's by a few roundings, in
 * bfloat16 by what rounding the tiles' points comes to (simd-tiles.h). Everything here is split by
 * the tensors' sizes alone. */

/* Whether the kernels can do it, and the sides are multiples of a tile's. */
gboolean pl_winograd_fits (const PlTensor *y);

/* y (N,H,W,Co) = conv (x (N,H,W,Ci), w), as pl_conv_forward(). @w is packed (9,Ci,Co). */
void pl_winograd_forward (const void *w,
                          int n,
                          const PlTensor *x,
                          const PlTensor *y,
                          const PlEpilogue *epilogue,
                          const PlScratch *scratch);
PlScratchNeed pl_winograd_forward_need (int n, gsize ci, const PlTensor *y);

/* dw (9,Ci,Co) += Σ over pixels of xᵀ · dy, as pl_conv_backward_weights(). */
void pl_winograd_backward_weights (int n,
                                   const PlTensor *x,
                                   const PlTensor *dy,
                                   const PlWeightGradient *dw,
                                   const PlScratch *scratch);
PlScratchNeed pl_winograd_backward_need (const PlKernels *kernels, const PlWeightGradient *dw);
