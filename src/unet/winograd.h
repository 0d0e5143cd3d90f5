/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/weights.h"

/* 3×3 convolutions in tiles of 4×4 pixels, by PlTileKernels: a quarter of the multiplications, for
 * some additions. The sums are in another order than a plain convolution's, and so differ by a few
 * roundings of a float. Everything here is split by the tensors' sizes alone. */

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
PlScratchNeed pl_winograd_backward_need (const PlWeightGradient *dw);
