/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/random.h"
#include "unet/unet.h"

/* The network once more, in double and as plain as can be: (N,C,H,W), no padding, no blocks. Loss
 * of it by central differences is what the gradients are compared with. */
typedef struct
{
  int n;
  int channels;
  int rows;
  int columns;
  double *values; /* (N,C,H,W) */
} RefImage;

RefImage *ref_image_new (int n, int channels, int rows, int columns);
void ref_image_free (RefImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RefImage, ref_image_free)
gsize ref_image_count (const RefImage *image);
double *ref_image_at (const RefImage *image, int n, int channel, int row, int column);

/* All of these: (transfer full). */
RefImage *ref_image_random (PlRandom *random, int n, int channels, int rows, int columns);
RefImage *ref_conv (const RefImage *x, const double *w, int co);
RefImage *ref_gather (const RefImage *x); /* channel 9·c + t: channel c as tap t sees it */
RefImage *ref_norm_act (const RefImage *x, const double *gamma, const double *beta);
RefImage *ref_pool (const RefImage *x);
RefImage *ref_upconv (const RefImage *x, const double *w, const double *b, int co);
RefImage *ref_concat (const RefImage *a, const RefImage *b);
RefImage *ref_head (const RefImage *x, const double *w, const double *b, int classes);
RefImage *ref_unet (const PlUNet *net, const double *weights, const RefImage *x);

/* Σ a·b */
double ref_dot (const RefImage *a, const RefImage *b);
double ref_loss (const RefImage *logits, const guint8 *labels, PlLossKind kind);

double *ref_random_values (PlRandom *random, gsize n);
float *ref_to_float (const double *values, gsize n);
float *ref_image_interleave (const RefImage *image); /* (N,H,W,C) */

/* How far a value may be from what it should be: so much of the largest, and of the value. */
typedef struct
{
  double of_largest;
  double of_value;
} TestTolerance;

/* What @found claims for values[i] agrees with central differences of @function, within @tolerance;
 * @n_samples of the @n are looked at, the first and the last among them. */
typedef double (*TestFunction) (gpointer data);
void test_assert_gradient (double *values,
                           gsize n,
                           const double *found,
                           TestFunction function,
                           gpointer data,
                           gsize n_samples,
                           TestTolerance tolerance);

void
test_assert_near (const double *found, const double *expected, gsize n, TestTolerance tolerance);
