/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/conv.h"

/* The transposed convolution 2×2, stride 2:
 * y (N,2H,2W,Co) = up (x (N,H,W,Ci), w (2,2,Ci,Co)) + b (Co); dw and db accumulate. */
typedef struct
{
  gsize ci;
  gsize co;
  const void *w;  /* four packed matrices (1,Ci,Co) */
  const void *wt; /* packed (4,Co,Ci) for the data gradient */
  const float *b; /* (Co) */
} PlUpconv;

/* Weights (Ci,Co,2,2): one tap of the forward matrices; the backward one, whose layout the weight
 * gradient has too. */
PlWeightMap pl_upconv_map (const PlChannels *in, const PlChannels *out, int tap);
PlWeightMap pl_upconv_transposed_map (const PlChannels *in, const PlChannels *out);

/* y gets a zero border. */
void pl_upconv_forward (const PlUpconv *up, int n, const PlTensor *x, const PlTensor *y);

/* @epilogue for each row of dx. */
void pl_upconv_backward_data (
    const PlUpconv *up, int n, const PlTensor *dy, const PlTensor *dx, const PlEpilogue *epilogue);

void pl_upconv_backward_weights (int n,
                                 const PlTensor *x,
                                 const PlTensor *dy,
                                 const PlWeightGradient *dw,
                                 const PlScratch *scratch);

/* @sums: scratch as pl_norm_sums (dy, n) says */
void pl_upconv_backward_bias (int n, const PlTensor *dy, double *db, double *sums);
