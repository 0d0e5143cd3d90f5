/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "layer.h"
#include "unet/conv.h"

/* What the tests of convolutions of each kind share. */

/* @n weights in PyTorch's order, packed; for pl_aligned_free(). */
void *test_pack (TestRig *rig, const PlWeightMap *map, const double *w, gsize n);

/* pl_conv_forward() with scratch of its own */
void test_convolve (
    const PlConv *conv, int n, const PlTensor *x, const PlTensor *y, const PlEpilogue *epilogue);

/* A gradient with memory of its own, for one layer. */
typedef struct
{
  PlWeightGradient gradient;
  PlScratch scratch;
} TestGradient;

TestGradient test_gradient_new (const PlWeightMap *map, int side, const PlTensor *dy);
void test_gradient_clear (TestGradient *test);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestGradient, test_gradient_clear)

/* (transfer full): @n in PyTorch's order, halved: each pass is made twice, for gradients
 * accumulate. */
double *test_gradient_halve (const TestGradient *test, gsize n);
