/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/weights.h"

/* A convolution without bias. Side 3 has stride 1 and reads the zero border of its input; side 2
 * has stride 2 and reads no border: it is the data gradient of the transposed convolution; side 1
 * is a product of pixels. Borders are not written. */
typedef struct
{
  int side;
  gsize ci;
  gsize co;
  const void *w; /* packed (side·side, ci, co) */
} PlConv;

/* Weights (Co,Ci,3,3): as they are; as those of a product with pixels that hold all nine taps of
 * each channel, one channel after the other, which is how the image comes in; and flipped and
 * transposed, for the data gradient. */
PlWeightMap pl_conv_map (const PlChannels *in, const PlChannels *out);
PlWeightMap pl_conv_gathered_map (int in_channels, const PlChannels *out);
PlWeightMap pl_conv_transposed_map (const PlChannels *in, const PlChannels *out);

/* y (N,H,W,Co) = conv (x (N,H,W,Ci) or (N,2H,2W,Ci), w (side,side,Ci,Co)). The data gradient of a
 * 3×3 convolution is the same with x = dy, whose border is zero, and the transposed weights.
 * @scratch: of a 3×3 convolution, what pl_conv_forward_need() says; else NULL will do. */
void pl_conv_forward (const PlConv *conv,
                      int n,
                      const PlTensor *x,
                      const PlTensor *y,
                      const PlEpilogue *epilogue,
                      const PlScratch *scratch);
PlScratchNeed pl_conv_forward_need (const PlConv *conv, int n, const PlTensor *y);

/* Output channels that a job computes, so that its weights stay in the second-level cache; a
 * multiple of the kernels' co_block. */
gsize pl_conv_group (const PlKernels *kernels, gsize weights_per_output, gsize co);

/* dw (side·side,Ci,Co) += Σ over pixels of xᵀ · dy. */
void pl_conv_backward_weights (int side,
                               int n,
                               const PlTensor *x,
                               const PlTensor *dy,
                               const PlWeightGradient *dw,
                               const PlScratch *scratch);

PlScratchNeed pl_conv_backward_need (int side, const PlTensor *dy, const PlWeightGradient *dw);
