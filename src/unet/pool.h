/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/tensor.h"

/* y (N,H/2,W/2,C) = the largest of each 2×2 pixels of x (N,H,W,C). */
typedef struct
{
  PlTensor x;
  PlTensor y;  /* gets a zero border */
  PlTensor dx; /* added to */
  PlTensor dy;
  guint8 *which; /* (N,H/2,W/2,C); NULL without a backward pass */
} PlPool;

gsize pl_pool_which_bytes (const PlTensor *y, int batch);

/* Does the forward pass as x is written, two rows at a time. */
PlEpilogue pl_pool_forward_epilogue (PlPool *pool);

/* @epilogue for each row of dx. */
void pl_pool_backward (PlPool *pool, int n, const PlEpilogue *epilogue);
