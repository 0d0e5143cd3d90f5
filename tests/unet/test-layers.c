/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each layer that is no convolution: forward against its double in double precision, and backward
 * against central differences of that, except for pooling, whose gradient is known. Sizes include
 * short rows, several strips and channels with padding. */
#include "layer.h"
#include "start.h"
#include "unet/head.h"
#include "unet/norm.h"
#include "unet/pool.h"

static const PlEpilogue nothing = { NULL, NULL };

static double
lose_norm (gpointer data)
{
  TestLayer *layer = data;
  g_autoptr (RefImage) y = ref_norm_act (layer->x, layer->w, layer->b);

  return ref_dot (y, layer->r);
}

/* Padded γ or β. */
static float *
pad (const double *values, int channels)
{
  float *padded = g_new0 (float, pl_pad_channels ((gsize) channels));

  for (int c = 0; c < channels; c++)
    padded[c] = (float) values[c];
  return padded;
}

static void
run_rows (const PlEpilogue *epilogue, const PlTensor *tensor, int n)
{
  for (int image = 0; image < n; image++)
    for (int row = 0; row < tensor->rows; row++)
      pl_epilogue_run (epilogue, image, row, 0, tensor->channels);
}

static void
check_norm (TestRig *rig, int n, int rows, int columns, int channels)
{
  gsize padded = pl_pad_channels ((gsize) channels);
  g_auto (TestLayer) layer = {
    .x = test_rig_pixels (rig, n, channels, rows, columns),
    .w = ref_random_values (&rig->random, (gsize) channels),
    .b = ref_random_values (&rig->random, (gsize) channels),
    .r = test_rig_pixels (rig, n, channels, rows, columns),
  };
  g_autofree float *gamma = pad (layer.w, channels);
  g_autofree float *beta = pad (layer.b, channels);
  PlNorm norm = { .gamma = gamma, .beta = beta };
  g_autoptr (TestTensor) x = test_tensor_from (rig, layer.x);
  g_autoptr (TestTensor) y = test_tensor_new (rig, n, rows, columns, padded);
  g_autoptr (TestTensor) d = test_tensor_from (rig, layer.r);
  g_autofree float *floats = g_new0 (float, 4 * (gsize) n * padded);
  g_autofree double *doubles = g_new0 (double, 2 * ((gsize) n + 1) * padded);
  g_autofree double *sums = g_new0 (double, pl_norm_sums (&x->view, n));
  gsize step = (gsize) n * padded;
  PlNormPass pass = {
    .x = x->view,
    .y = y->view,
    .d = d->view,
    .scale = floats,
    .shift = floats + step,
    .slope = floats + 2 * step,
    .offset = floats + 3 * step,
    .mean = doubles,
    .inverse_deviation = doubles + step,
    .dgamma = doubles + 2 * step,
    .dbeta = doubles + 2 * step + padded,
    .sums = sums,
  };
  g_autoptr (RefImage) expected = ref_norm_act (layer.x, layer.w, layer.b);
  PlEpilogue forward = pl_norm_forward_epilogue (&pass);
  PlEpilogue backward = pl_norm_backward_epilogue (&pass);

  test_tensor_spoil (y, n);
  run_rows (&forward, &x->view, n);
  pl_norm_forward (&norm, &pass, n, &nothing);
  test_assert_tensor_is (&y->view, expected, FORWARD_TOLERANCE);
  test_assert_border_is_zero (&y->view, n);
  test_tensor_spoil_border (d, n);
  run_rows (&backward, &d->view, n);
  pl_norm_backward (&pass, n);
  test_assert_tensor_is_gradient (&d->view, layer.x, lose_norm, &layer, BACKWARD_TOLERANCE);
  test_assert_border_is_zero (&d->view, n);
  test_assert_are_gradient (pass.dgamma, layer.w, (gsize) channels, lose_norm, &layer,
                            BACKWARD_TOLERANCE);
  test_assert_are_gradient (pass.dbeta, layer.b, (gsize) channels, lose_norm, &layer,
                            BACKWARD_TOLERANCE);
}

static void
test_norm (gconstpointer precision)
{
  TestRig rig;

  if (!test_rig_init (&rig, precision))
    return;
  check_norm (&rig, 1, 2, 2, 1);
  check_norm (&rig, 2, 5, 6, 20);
  check_norm (&rig, 1, 70, 64, 3);
}

/* Pixels of which no four that meet are equal. */
static RefImage *
make_distinct_pixels (TestRig *rig, int n, int channels, int rows, int columns)
{
  RefImage *image = ref_image_new (n, channels, rows, columns);

  for (int i = 0; i < n * channels; i++)
    for (int row = 0; row < rows; row++)
      for (int column = 0; column < columns; column++)
        *ref_image_at (image, i / channels, i % channels, row, column) =
            (int) pl_random_below (&rig->random, 48) * 4 - 96 + row % 2 * 2 + column % 2;
  return image;
}

/* The gradient of y goes to the largest of the four, and is added to what is there. */
static void
add_to_largest (RefImage *dx, const RefImage *x, const RefImage *y, const RefImage *dy)
{
  for (int i = 0; i < x->n * x->channels; i++)
    for (int row = 0; row < x->rows; row++)
      for (int column = 0; column < x->columns; column++)
        {
          int n = i / x->channels, c = i % x->channels;

          if (*ref_image_at (x, n, c, row, column) == *ref_image_at (y, n, c, row / 2, column / 2))
            *ref_image_at (dx, n, c, row, column) += *ref_image_at (dy, n, c, row / 2, column / 2);
        }
}

static void
check_pool (TestRig *rig, int n, int rows, int columns, int channels)
{
  gsize padded = pl_pad_channels ((gsize) channels);
  g_autoptr (RefImage) image = make_distinct_pixels (rig, n, channels, rows, columns);
  g_autoptr (RefImage) gradient = test_rig_pixels (rig, n, channels, rows / 2, columns / 2);
  g_autoptr (RefImage) expected_dx = test_rig_pixels (rig, n, channels, rows, columns);
  g_autoptr (RefImage) expected = ref_pool (image);
  g_autoptr (TestTensor) x = test_tensor_from (rig, image);
  g_autoptr (TestTensor) y = test_tensor_new (rig, n, rows / 2, columns / 2, padded);
  g_autoptr (TestTensor) dy = test_tensor_from (rig, gradient);
  g_autoptr (TestTensor) dx = test_tensor_from (rig, expected_dx);
  g_autofree guint8 *which = g_malloc0 (pl_pool_which_bytes (&y->view, n));
  PlPool pool = { .x = x->view, .y = y->view, .dx = dx->view, .dy = dy->view, .which = which };
  PlEpilogue forward = pl_pool_forward_epilogue (&pool);

  test_tensor_spoil (y, n);
  run_rows (&forward, &x->view, n);
  test_assert_tensor_is (&y->view, expected, FORWARD_TOLERANCE);
  test_assert_border_is_zero (&y->view, n);
  pl_pool_backward (&pool, n, &nothing);
  add_to_largest (expected_dx, image, expected, gradient);
  test_assert_tensor_is (&dx->view, expected_dx, FORWARD_TOLERANCE);
}

static void
test_pool (gconstpointer precision)
{
  TestRig rig;

  if (!test_rig_init (&rig, precision))
    return;
  check_pool (&rig, 1, 2, 2, 1);
  check_pool (&rig, 2, 6, 10, 17);
  check_pool (&rig, 1, 68, 64, 2);
}

static double
lose_head (gpointer data)
{
  TestLayer *layer = data;
  g_autoptr (RefImage) y = ref_head (layer->x, layer->w, layer->b, layer->co);

  return ref_dot (y, layer->r);
}

static void
check_head (TestRig *rig, int n, int rows, int columns, int channels, int classes)
{
  gsize padded = pl_pad_channels ((gsize) channels);
  gsize k_count = (gsize) classes;
  g_auto (TestLayer) layer = {
    .x = test_rig_pixels (rig, n, channels, rows, columns),
    .w = ref_random_values (&rig->random, (gsize) (classes * channels)),
    .b = ref_random_values (&rig->random, k_count),
    .r = ref_image_random (&rig->random, n, classes, rows, columns),
    .co = classes,
  };
  g_autofree float *w = g_new0 (float, k_count *padded);
  g_autofree float *b = ref_to_float (layer.b, k_count);
  PlHead head = { .classes = classes, .w = w, .b = b };
  g_autoptr (TestTensor) x = test_tensor_from (rig, layer.x);
  g_autoptr (TestTensor) dx = test_tensor_new (rig, n, rows, columns, padded);
  g_autoptr (RefImage) expected = ref_head (layer.x, layer.w, layer.b, classes);
  g_autofree float *expected_logits = ref_image_interleave (expected);
  g_autofree float *logits = g_new0 (float, ref_image_count (expected));
  g_autofree float *d_logits = ref_image_interleave (layer.r);
  g_autofree double *dw = g_new0 (double, k_count *padded);
  g_autofree double *db = g_new0 (double, k_count);
  g_autofree double *sums = g_new0 (double, pl_head_sums (&x->view, classes, n));
  PlHeadPass pass = {
    .head = &head,
    .x = x->view,
    .dx = dx->view,
    .logits = logits,
    .d_logits = d_logits,
    .dw = dw,
    .db = db,
    .sums = sums,
  };
  PlEpilogue forward = pl_head_forward_epilogue (&pass);

  for (int k = 0; k < classes; k++)
    for (int c = 0; c < channels; c++)
      w[(gsize) k * padded + (gsize) c] = (float) layer.w[k * channels + c];
  run_rows (&forward, &x->view, n);
  test_assert_floats_are (logits, expected_logits, ref_image_count (expected));
  pl_head_backward (&pass, n, &nothing);
  test_assert_tensor_is_gradient (&dx->view, layer.x, lose_head, &layer, BACKWARD_TOLERANCE);
  for (int k = 0; k < classes; k++)
    test_assert_are_gradient (dw + (gsize) k * padded, layer.w + k * channels, (gsize) channels,
                              lose_head, &layer, BACKWARD_TOLERANCE);
  test_assert_are_gradient (db, layer.b, k_count, lose_head, &layer, BACKWARD_TOLERANCE);
}

static void
test_head (gconstpointer precision)
{
  TestRig rig;

  if (!test_rig_init (&rig, precision))
    return;
  check_head (&rig, 1, 2, 2, 1, 1);
  check_head (&rig, 2, 5, 6, 20, 3);
  check_head (&rig, 1, 70, 64, 32, 1);
}

int
main (int argc, char *argv[])
{
  if (!test_start (&argc, &argv))
    return 0;
  test_add_for_each_precision ("/unet/layers/norm", test_norm);
  test_add_for_each_precision ("/unet/layers/pool", test_pool);
  test_add_for_each_precision ("/unet/layers/head", test_head);
  return g_test_run ();
}
