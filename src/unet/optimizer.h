/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/unet.h"

/* Adam with decoupled weight decay (https://arxiv.org/abs/1711.05101). Convolution weights decay;
 * norms and biases do not. */
typedef struct
{
  gsize n;
  float *m; /* n floats */
  float *v;
  guint64 step;  /* steps taken */
  float beta1;   /* 0.9 */
  float beta2;   /* 0.999 */
  float epsilon; /* 1e-8 */
  float decay;
} PlOptimizer;

PlOptimizer *pl_optimizer_new (const PlUNet *net, double decay, GError **error);
void pl_optimizer_free (PlOptimizer *optimizer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlOptimizer, pl_optimizer_free)

/* One step at learning rate @rate; the weights are packed anew. The norm of @gradients is first
 * clipped to @clip_norm (0: not). */
void pl_optimizer_step (
    PlOptimizer *optimizer, PlUNet *net, const float *gradients, double rate, double clip_norm);
