/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "reference.h"
#include "unet/tensor.h"

/* What the tests of layers share. Each runs in both precisions. Pixels, and weights that are
 * multiplied with them, are numbers that the precision holds exactly: only what a layer writes is
 * rounded. */

/* Float against double, of sums of some hundred terms. */
#define FORWARD_TOLERANCE 1e-5
#define BACKWARD_TOLERANCE 1e-4

enum
{
  N_SAMPLES = 40, /* of a gradient */
};

/* What a test draws from, the same for each. */
typedef struct
{
  const PlKernels *kernels;
  PlRandom random;
} TestRig;

/* Adds PATH/f32 and PATH/bf16, and what their data is for: FALSE, with the test marked as skipped,
 * where the instruction set lacks the precision. */
void test_add_for_each_precision (const char *path, GTestDataFunc test);
gboolean test_rig_init (TestRig *rig, gconstpointer precision);

/* (transfer full): pixels, and as many weights, that are exact. */
RefImage *test_rig_pixels (TestRig *rig, int n, int channels, int rows, int columns);
double *test_rig_weights (TestRig *rig, gsize n);

/* One layer: x, w, b, and r, of which the loss Σ r·y is made. */
typedef struct
{
  RefImage *x;
  double *w;
  double *b;
  RefImage *r;
  int co;
} TestLayer;

void test_layer_clear (TestLayer *layer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestLayer, test_layer_clear)

/* A tensor with its memory. Padding after channels is zero, the border too. */
typedef struct
{
  PlTensor view;
  char *memory;
} TestTensor;

TestTensor *test_tensor_new (TestRig *rig, int n, int rows, int columns, gsize channels);
TestTensor *test_tensor_from (TestRig *rig, const RefImage *image); /* exact pixels */
void test_tensor_free (TestTensor *tensor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestTensor, test_tensor_free)

/* Fills it, or its border, with a large number, so that what is not written is seen. */
void test_tensor_spoil (TestTensor *tensor, int n);
void test_tensor_spoil_border (TestTensor *tensor, int n);

/* @view holds @expected, or the gradient of @function by @image, rounded once to its precision;
 * its further channels are zero. */
void test_assert_tensor_is (const PlTensor *view, const RefImage *expected, double of_largest);
void test_assert_tensor_is_gradient (
    const PlTensor *view, RefImage *image, TestFunction function, gpointer data, double of_largest);
void test_assert_border_is_zero (const PlTensor *view, int n);
void test_assert_border_is_spoiled (const PlTensor *view, int n);

/* The same of floats, which are not rounded to the precision. */
void test_assert_floats_are (const float *found, const float *expected, gsize n);
void test_assert_are_gradient (const double *found,
                               double *values,
                               gsize n,
                               TestFunction function,
                               gpointer data,
                               double of_largest);
