/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/tensor.h"

/* The 1×1 head: logits (N,H,W,K) = x (N,H,W,C) · w (C,K) + b (K); dw, db accumulate. */
typedef struct
{
  int classes;
  const float *w; /* (K,C), C padded */
  const float *b; /* (K) */
} PlHead;

typedef struct
{
  const PlHead *head;
  PlTensor x;
  PlTensor dx;
  float *logits;   /* (N,H,W,K), no padding */
  float *d_logits; /* likewise */
  double *dw;      /* (K,C) */
  double *db;      /* (K) */
  double *sums;    /* scratch: pl_head_sums() */
} PlHeadPass;

/* Doubles of scratch for @batch images. */
gsize pl_head_sums (const PlTensor *x, int classes, int batch);

/* Does the forward pass as the rows of x are written. */
PlEpilogue pl_head_forward_epilogue (PlHeadPass *pass);

/* @epilogue for each row of dx. */
void pl_head_backward (PlHeadPass *pass, int n, const PlEpilogue *epilogue);
