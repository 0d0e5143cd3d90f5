/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/loss.h"
#include "unet/packed.h"
#include "unet/pool.h"

/* What a pass keeps of one unit. */
typedef struct
{
  PlNormPass norm; /* x: the convolution's output; y: the activation; d: their gradients */
  PlWeightGradient dw;
} PlUnitPass;

struct _PlUNetWork
{
  PlUNetShape shape;
  const PlKernels *kernels;
  int batch;
  int rows;
  int columns;
  gboolean training;
  int n; /* images of the last pass */
  PlUNetTimes times;

  PlTensor image; /* each pixel with its neighbours: see pl_conv_gathered_map() */
  PlUnitPass down[PL_MOST_LEVELS][2];
  PlPool pool[PL_MOST_DEPTH];     /* from level i to i + 1 */
  PlTensor concat[PL_MOST_DEPTH]; /* of level i: what comes down, then what comes up */
  PlTensor d_concat[PL_MOST_DEPTH];
  PlTensor risen[PL_MOST_DEPTH]; /* the second part */
  PlTensor d_risen[PL_MOST_DEPTH];
  PlUnitPass up[PL_MOST_DEPTH][2];
  PlWeightGradient d_upconv[PL_MOST_DEPTH];
  double *d_upconv_bias[PL_MOST_DEPTH];
  PlHeadPass head;

  /* Scratch */
  double *sums;
  float *slope;
  float *offset;
  PlScratch scratch; /* of convolutions */

  /* Gradients, summed over passes */
  float *weight_gradients; /* in blocks, see PlWeightGradient */
  gsize n_weight_gradients;
  double *small_gradients; /* of norms, biases and the head */
  gsize n_small_gradients;
  float *gradients; /* all of them, in the order of PlUNet.weights */
  gsize n_gradients;

  /* Owned */
  PlParameter *parameters; /* where they lie */
  void *arena;
  gsize arena_bytes;
};

/* The unit whose activation the transposed convolution to @level reads. */
static inline PlUnitPass *
pl_work_below (PlUNetWork *work, int level)
{
  return level == work->shape.depth - 1 ? &work->down[level + 1][1] : &work->up[level + 1][1];
}
