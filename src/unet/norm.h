/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/tensor.h"

/* Instance normalisation and leaky ReLU in one:
 * y (N,H,W,C) = leaky (γ (C) · (x − mean (N,C)) / √(variance (N,C) + 1e-5) + β (C)).
 * Padded channels have γ = β = 0, and stay zero. */
typedef struct
{
  const float *gamma; /* (C) */
  const float *beta;
} PlNorm;

/* What a pass knows about one normalisation. */
typedef struct
{
  PlTensor x; /* (N,H,W,C) */
  PlTensor y; /* may be x */
  PlTensor d; /* dy, then, in place, dx with a zero border */

  float *scale; /* (N,C): y = leaky (scale · x + shift) */
  float *shift;
  double *mean; /* (N,C) */
  double *inverse_deviation;

  double *dgamma; /* (C): accumulate */
  double *dbeta;

  /* Borrowed; scratch that all normalisations of a pass share */
  double *sums; /* pl_norm_sums() doubles */
  float *slope; /* (N,C): dx = scale · g + slope · x + offset */
  float *offset;
} PlNormPass;

/* Doubles of scratch for @batch images. */
gsize pl_norm_sums (const PlTensor *x, int batch);

/* Sums x, to be run for each row after x is written. */
PlEpilogue pl_norm_forward_epilogue (PlNormPass *pass);

/* After all rows: the statistics, then y with a zero border; @epilogue for each row of y. */
void pl_norm_forward (const PlNorm *norm, PlNormPass *pass, int n, const PlEpilogue *epilogue);

/* Sums what the backward pass needs of x and dy, for each row after dy is written. */
PlEpilogue pl_norm_backward_epilogue (PlNormPass *pass);

/* After all rows: dγ, dβ, and dx in the place of dy. */
void pl_norm_backward (PlNormPass *pass, int n);
