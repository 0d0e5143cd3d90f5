/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each layer forward against its double in double precision, and backward against central
 * differences of that. Sizes include one pixel rows, several strips and channels with padding. */
#include <string.h>

#include "base/aligned.h"
#include "base/parallel.h"
#include "reference.h"
#include "start.h"
#include "unet/conv.h"
#include "unet/head.h"
#include "unet/loss.h"
#include "unet/norm.h"
#include "unet/pool.h"
#include "unet/upconv.h"

/* Float against double, of sums of some hundred terms. */
#define FORWARD_TOLERANCE 1e-5
#define BACKWARD_TOLERANCE 1e-4

static const PlEpilogue nothing = { NULL, NULL };

static PlRandom random_state;

static double *
to_double (const float *values, gsize n)
{
  double *copy = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    copy[i] = values[i];
  return copy;
}

/* What @view holds is @expected. */
static void
assert_tensor_is (const PlTensor *view, const RefImage *expected)
{
  g_autoptr (RefImage) found = test_tensor_read (view, expected->n, expected->channels);

  test_assert_near (found->values, expected->values, ref_image_count (expected), FORWARD_TOLERANCE);
}

/* @view is the gradient of @function by @image. */
static void
assert_tensor_is_gradient (const PlTensor *view,
                           RefImage *image,
                           TestFunction function,
                           gpointer data)
{
  g_autoptr (RefImage) found = test_tensor_read (view, image->n, image->channels);

  test_assert_gradient (image->values, ref_image_count (image), found->values, function, data, 60,
                        BACKWARD_TOLERANCE);
}

static void
assert_floats_are_gradient (
    const float *found, double *values, gsize n, TestFunction function, gpointer data)
{
  g_autofree double *copy = to_double (found, n);

  test_assert_gradient (values, n, copy, function, data, 60, BACKWARD_TOLERANCE);
}

static float *
pack (const PlWeightMap *map, const double *w, gsize n)
{
  g_autofree float *flat = ref_to_float (w, n);
  float *packed = pl_aligned_new0 (pl_weight_map_size (map) * sizeof (float));

  pl_weight_map_pack (pl_kernels (PL_F32), map, flat, packed);
  return packed;
}

/* A gradient with memory of its own, for one layer. */
typedef struct
{
  PlWeightGradient gradient;
  PlWeightScratch scratch;
} TestGradient;

static TestGradient
test_gradient_new (const PlWeightMap *map, int side, const PlTensor *dy)
{
  TestGradient test = { .scratch = { .n_workers = pl_parallel_threads () } };
  gsize lanes;

  pl_weight_gradient_init (&test.gradient, dy->kernels, map);
  lanes = pl_weight_gradient_lane_floats (&test.gradient);
  test.scratch.worker_bytes = pl_conv_scratch (side, dy, &test.gradient);
  test.gradient.total =
      pl_aligned_new0 (pl_weight_gradient_floats (&test.gradient) * sizeof (float));
  test.scratch.lanes = pl_aligned_new0 (MAX (lanes, 1) * sizeof (float));
  test.scratch.workers =
      pl_aligned_new0 (MAX ((gsize) test.scratch.n_workers * test.scratch.worker_bytes, 1));
  return test;
}

/* Unpacked; the memory is freed. Each pass is made twice: gradients accumulate. */
static float *
test_gradient_finish (TestGradient *test, gsize n)
{
  float *flat = g_new0 (float, n);

  pl_weight_gradient_unpack (&test->gradient, flat);
  pl_aligned_free (test->gradient.total);
  pl_aligned_free (test->scratch.lanes);
  pl_aligned_free (test->scratch.workers);
  for (gsize i = 0; i < n; i++)
    flat[i] /= 2;
  return flat;
}

/* One convolution: x, w, and r, of which the loss Σ r·y is made. */
typedef struct
{
  RefImage *x;
  double *w;
  double *b;
  RefImage *r;
  int co;
} Layer;

static void
layer_clear (Layer *layer)
{
  ref_image_free (layer->x);
  ref_image_free (layer->r);
  g_free (layer->w);
  g_free (layer->b);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Layer, layer_clear)

static double
lose_conv (gpointer data)
{
  Layer *layer = data;
  g_autoptr (RefImage) y = ref_conv (layer->x, layer->w, layer->co);

  return ref_dot (y, layer->r);
}

static void
check_conv (int n, int rows, int columns, int first_part, int second_part, int co)
{
  int ci = first_part + second_part;
  gsize n_weights = (gsize) (9 * ci * co);
  g_auto (Layer) layer = {
    .x = ref_image_random (&random_state, n, ci, rows, columns),
    .w = ref_random_values (&random_state, n_weights),
    .r = ref_image_random (&random_state, n, co, rows, columns),
    .co = co,
  };
  PlChannels in = pl_channels (first_part, second_part);
  PlChannels out = pl_channels (co, 0);
  PlWeightMap map = pl_conv_map (&in, &out);
  PlWeightMap transposed = pl_conv_transposed_map (&in, &out);
  float *w = pack (&map, layer.w, n_weights);
  float *wt = pack (&transposed, layer.w, n_weights);
  PlConv conv = { .side = 3, .ci = in.padded, .co = out.padded, .w = w };
  PlConv back = { .side = 3, .ci = out.padded, .co = in.padded, .w = wt };
  g_autoptr (TestTensor) x = test_tensor_from (layer.x);
  g_autoptr (TestTensor) dy = test_tensor_from (layer.r);
  g_autoptr (TestTensor) y = test_tensor_new (n, rows, columns, out.padded);
  g_autoptr (TestTensor) dx = test_tensor_new (n, rows, columns, in.padded);
  g_autoptr (RefImage) expected = ref_conv (layer.x, layer.w, co);
  TestGradient gradient = test_gradient_new (&map, 3, &dy->view);
  g_autofree float *dw = NULL;

  g_test_message ("%d × %d × %d, %d + %d to %d", n, rows, columns, first_part, second_part, co);
  pl_conv_forward (&conv, n, &x->view, &y->view, &nothing);
  assert_tensor_is (&y->view, expected);
  pl_conv_forward (&back, n, &dy->view, &dx->view, &nothing);
  assert_tensor_is_gradient (&dx->view, layer.x, lose_conv, &layer);
  for (int i = 0; i < 2; i++)
    pl_conv_backward_weights (3, n, &x->view, &dy->view, &gradient.gradient, &gradient.scratch);
  dw = test_gradient_finish (&gradient, n_weights);
  assert_floats_are_gradient (dw, layer.w, n_weights, lose_conv, &layer);
  pl_aligned_free (w);
  pl_aligned_free (wt);
}

static void
test_conv (void)
{
  check_conv (1, 2, 2, 1, 0, 1);
  check_conv (2, 5, 7, 16, 0, 16);
  check_conv (1, 9, 70, 3, 0, 20);
  check_conv (2, 6, 6, 16, 16, 33); /* two parts without gap; more than a block of outputs */
  check_conv (1, 66, 65, 2, 0, 3);  /* several strips */
  check_conv (1, 3, 4, 80, 0, 50);
}

/* A concatenation has a gap between its parts: the same product. */
static void
test_weights_map (void)
{
  const int first_part = 3, second_part = 5, co = 18;
  PlChannels in = pl_channels (first_part, second_part);
  PlChannels out = pl_channels (co, 0);
  PlWeightMap map = pl_conv_map (&in, &out);
  gsize n = 9 * 8 * 18;
  g_autofree double *w = ref_random_values (&random_state, n);
  float *packed = pack (&map, w, n);
  gsize n_zero = 0;

  g_assert_cmpuint (in.padded, ==, 32);
  for (gsize o = 0; o < (gsize) co; o++)
    for (gsize i = 0; i < 8; i++)
      for (gsize t = 0; t < 9; t++)
        {
          gsize padded = i < 3 ? i : 16 + i - 3;
          float found = packed[pl_packed_index (pl_kernels (PL_F32), 9, 32, 32, t, padded, o)];

          g_assert_true (found == (float) w[(o * 8 + i) * 9 + t]);
        }
  for (gsize i = 0; i < pl_weight_map_size (&map); i++)
    n_zero += packed[i] == 0;
  g_assert_cmpuint (n_zero, ==, pl_weight_map_size (&map) - n);
  pl_aligned_free (packed);
}

static double
lose_upconv (gpointer data)
{
  Layer *layer = data;
  g_autoptr (RefImage) y = ref_upconv (layer->x, layer->w, layer->b, layer->co);

  return ref_dot (y, layer->r);
}

/* Four matrices, one a tap. */
static float *
pack_upconv (const PlChannels *in, const PlChannels *out, const double *w)
{
  gsize n = 4 * (gsize) in->parts[0] * (gsize) out->parts[0];
  g_autofree float *flat = ref_to_float (w, n);
  float *packed = pl_aligned_new0 (4 * in->padded * out->padded * sizeof (float));

  for (int tap = 0; tap < 4; tap++)
    {
      PlWeightMap map = pl_upconv_map (in, out, tap);

      pl_weight_map_pack (pl_kernels (PL_F32), &map, flat,
                          packed + (gsize) tap * in->padded * out->padded);
    }
  return packed;
}

static void
check_upconv (int n, int rows, int columns, int ci, int co)
{
  gsize n_weights = (gsize) (4 * ci * co);
  g_auto (Layer) layer = {
    .x = ref_image_random (&random_state, n, ci, rows, columns),
    .w = ref_random_values (&random_state, n_weights),
    .b = ref_random_values (&random_state, (gsize) co),
    .r = ref_image_random (&random_state, n, co, 2 * rows, 2 * columns),
    .co = co,
  };
  PlChannels in = pl_channels (ci, 0);
  PlChannels out = pl_channels (co, 0);
  PlWeightMap transposed = pl_upconv_transposed_map (&in, &out);
  float *w = pack_upconv (&in, &out, layer.w);
  float *wt = pack (&transposed, layer.w, n_weights);
  g_autofree float *bias = g_new0 (float, out.padded);
  PlUpconv up = { .ci = in.padded, .co = out.padded, .w = w, .wt = wt, .b = bias };
  g_autoptr (TestTensor) x = test_tensor_from (layer.x);
  g_autoptr (TestTensor) dy = test_tensor_from (layer.r);
  /* y is the second half of something wider. */
  g_autoptr (TestTensor) wide = test_tensor_new (n, 2 * rows, 2 * columns, 16 + out.padded);
  PlTensor y = pl_tensor_channels (&wide->view, 16, out.padded);
  g_autoptr (TestTensor) dx = test_tensor_new (n, rows, columns, in.padded);
  g_autoptr (RefImage) expected = ref_upconv (layer.x, layer.w, layer.b, co);
  g_autofree double *db = g_new0 (double, out.padded);
  g_autofree double *sums = g_new0 (double, pl_norm_sums (&dy->view, n));
  TestGradient gradient = test_gradient_new (&transposed, 2, &x->view);
  g_autofree float *dw = NULL;

  for (int c = 0; c < co; c++)
    bias[c] = (float) layer.b[c];
  memset (wide->memory, 0x7f, pl_tensor_bytes (&wide->view, n));
  pl_upconv_forward (&up, n, &x->view, &y);
  assert_tensor_is (&y, expected);
  test_assert_border_is_zero (&y, n);
  pl_upconv_backward_data (&up, n, &dy->view, &dx->view, &nothing);
  assert_tensor_is_gradient (&dx->view, layer.x, lose_upconv, &layer);
  for (int i = 0; i < 2; i++)
    pl_upconv_backward_weights (n, &x->view, &dy->view, &gradient.gradient, &gradient.scratch);
  dw = test_gradient_finish (&gradient, n_weights);
  assert_floats_are_gradient (dw, layer.w, n_weights, lose_upconv, &layer);
  pl_upconv_backward_bias (n, &dy->view, db, sums);
  test_assert_gradient (layer.b, (gsize) co, db, lose_upconv, &layer, 60, BACKWARD_TOLERANCE);
  pl_aligned_free (w);
  pl_aligned_free (wt);
}

static void
test_upconv (void)
{
  check_upconv (1, 1, 1, 2, 1);
  check_upconv (2, 5, 3, 32, 16);
  check_upconv (1, 40, 66, 3, 2);
  check_upconv (1, 2, 3, 70, 37);
}

static double
lose_norm (gpointer data)
{
  Layer *layer = data;
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
check_norm (int n, int rows, int columns, int channels)
{
  gsize padded = pl_pad_channels ((gsize) channels);
  g_auto (Layer) layer = {
    .x = ref_image_random (&random_state, n, channels, rows, columns),
    .w = ref_random_values (&random_state, (gsize) channels),
    .b = ref_random_values (&random_state, (gsize) channels),
    .r = ref_image_random (&random_state, n, channels, rows, columns),
  };
  g_autofree float *gamma = pad (layer.w, channels);
  g_autofree float *beta = pad (layer.b, channels);
  PlNorm norm = { .gamma = gamma, .beta = beta };
  g_autoptr (TestTensor) x = test_tensor_from (layer.x);
  g_autoptr (TestTensor) y = test_tensor_new (n, rows, columns, padded);
  g_autoptr (TestTensor) d = test_tensor_from (layer.r);
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

  memset (y->memory, 0x7f, pl_tensor_bytes (&y->view, n));
  run_rows (&forward, &x->view, n);
  pl_norm_forward (&norm, &pass, n, &nothing);
  assert_tensor_is (&y->view, expected);
  test_assert_border_is_zero (&y->view, n);
  run_rows (&backward, &d->view, n);
  pl_norm_backward (&pass, n);
  assert_tensor_is_gradient (&d->view, layer.x, lose_norm, &layer);
  test_assert_border_is_zero (&d->view, n);
  test_assert_gradient (layer.w, (gsize) channels, pass.dgamma, lose_norm, &layer, 60,
                        BACKWARD_TOLERANCE);
  test_assert_gradient (layer.b, (gsize) channels, pass.dbeta, lose_norm, &layer, 60,
                        BACKWARD_TOLERANCE);
}

static void
test_norm (void)
{
  check_norm (1, 2, 2, 1);
  check_norm (2, 5, 6, 20);
  check_norm (1, 70, 64, 3);
}

static double
lose_pool (gpointer data)
{
  Layer *layer = data;
  g_autoptr (RefImage) y = ref_pool (layer->x);

  return ref_dot (y, layer->r);
}

static void
check_pool (int n, int rows, int columns, int channels)
{
  gsize padded = pl_pad_channels ((gsize) channels);
  g_auto (Layer) layer = {
    .x = ref_image_random (&random_state, n, channels, rows, columns),
    .r = ref_image_random (&random_state, n, channels, rows / 2, columns / 2),
  };
  g_autoptr (TestTensor) x = test_tensor_from (layer.x);
  g_autoptr (TestTensor) y = test_tensor_new (n, rows / 2, columns / 2, padded);
  g_autoptr (TestTensor) dy = test_tensor_from (layer.r);
  g_autoptr (TestTensor) dx = test_tensor_new (n, rows, columns, padded);
  g_autofree guint8 *which = g_malloc0 (pl_pool_which_bytes (&y->view, n));
  PlPool pool = { .x = x->view, .y = y->view, .dx = dx->view, .dy = dy->view, .which = which };
  PlEpilogue forward = pl_pool_forward_epilogue (&pool);
  g_autoptr (RefImage) expected = ref_pool (layer.x);

  memset (y->memory, 0x7f, pl_tensor_bytes (&y->view, n));
  run_rows (&forward, &x->view, n);
  assert_tensor_is (&y->view, expected);
  test_assert_border_is_zero (&y->view, n);
  pl_pool_backward (&pool, n, &nothing);
  assert_tensor_is_gradient (&dx->view, layer.x, lose_pool, &layer);
}

static void
test_pool (void)
{
  check_pool (1, 2, 2, 1);
  check_pool (2, 6, 10, 17);
  check_pool (1, 68, 64, 2);
}

static double
lose_head (gpointer data)
{
  Layer *layer = data;
  g_autoptr (RefImage) y = ref_head (layer->x, layer->w, layer->b, layer->co);

  return ref_dot (y, layer->r);
}

/* (N,C,H,W) → (N,H,W,C) */
static float *
interleave (const RefImage *image)
{
  gsize pixels = (gsize) image->rows * (gsize) image->columns;
  gsize channels = (gsize) image->channels;
  float *values = g_new (float, ref_image_count (image));

  for (gsize n = 0; n < (gsize) image->n; n++)
    for (gsize c = 0; c < channels; c++)
      for (gsize p = 0; p < pixels; p++)
        values[(n * pixels + p) * channels + c] =
            (float) image->values[(n * channels + c) * pixels + p];
  return values;
}

static void
assert_floats_near (const float *found, const float *expected, gsize n)
{
  g_autofree double *a = to_double (found, n);
  g_autofree double *b = to_double (expected, n);

  test_assert_near (a, b, n, FORWARD_TOLERANCE);
}

static void
check_head (int n, int rows, int columns, int channels, int classes)
{
  gsize padded = pl_pad_channels ((gsize) channels);
  gsize k_count = (gsize) classes;
  g_auto (Layer) layer = {
    .x = ref_image_random (&random_state, n, channels, rows, columns),
    .w = ref_random_values (&random_state, (gsize) (classes * channels)),
    .b = ref_random_values (&random_state, k_count),
    .r = ref_image_random (&random_state, n, classes, rows, columns),
    .co = classes,
  };
  g_autofree float *w = g_new0 (float, k_count *padded);
  g_autofree float *b = ref_to_float (layer.b, k_count);
  PlHead head = { .classes = classes, .w = w, .b = b };
  g_autoptr (TestTensor) x = test_tensor_from (layer.x);
  g_autoptr (TestTensor) dx = test_tensor_new (n, rows, columns, padded);
  g_autoptr (RefImage) expected = ref_head (layer.x, layer.w, layer.b, classes);
  g_autofree float *expected_logits = interleave (expected);
  g_autofree float *logits = g_new0 (float, ref_image_count (expected));
  g_autofree float *d_logits = interleave (layer.r);
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
  assert_floats_near (logits, expected_logits, ref_image_count (expected));
  pl_head_backward (&pass, n, &nothing);
  assert_tensor_is_gradient (&dx->view, layer.x, lose_head, &layer);
  for (int k = 0; k < classes; k++)
    test_assert_gradient (layer.w + k * channels, (gsize) channels, dw + (gsize) k * padded,
                          lose_head, &layer, 60, BACKWARD_TOLERANCE);
  test_assert_gradient (layer.b, k_count, db, lose_head, &layer, 60, BACKWARD_TOLERANCE);
}

static void
test_head (void)
{
  check_head (1, 2, 2, 1, 1);
  check_head (2, 5, 6, 20, 3);
  check_head (1, 70, 64, 32, 1);
}

typedef struct
{
  RefImage *logits;
  guint8 *labels;
  PlLossKind kind;
} LossCase;

static double
lose_loss (gpointer data)
{
  LossCase *test = data;

  return ref_loss (test->logits, test->labels, test->kind);
}

/* d_logits as (N,C,H,W) */
static double *
separate (const float *values, const RefImage *like)
{
  gsize pixels = (gsize) like->rows * (gsize) like->columns;
  gsize channels = (gsize) like->channels;
  double *out = g_new (double, ref_image_count (like));

  for (gsize n = 0; n < (gsize) like->n; n++)
    for (gsize c = 0; c < channels; c++)
      for (gsize p = 0; p < pixels; p++)
        out[(n * channels + c) * pixels + p] = values[(n * pixels + p) * channels + c];
  return out;
}

static void
check_loss (int n, int rows, int columns, int classes, PlLossKind kind)
{
  gsize pixels = (gsize) (rows * columns);
  g_autoptr (RefImage) logits = ref_image_random (&random_state, n, classes, rows, columns);
  g_autofree guint8 *labels = g_new0 (guint8, (gsize) n * pixels);
  LossCase test = { .logits = logits, .labels = labels, .kind = kind };
  g_autofree float *values = interleave (logits);
  g_autofree float *d_logits = g_new0 (float, ref_image_count (logits));
  g_autofree double *sums = g_new0 (double, pl_loss_sums (classes, pixels, n));
  g_autofree double *found = NULL;
  PlLossSums out = { 0 };
  PlLoss loss = {
    .classes = classes,
    .n_pixels = pixels,
    .logits = values,
    .labels = labels,
    .kind = kind,
    .sums = sums,
  };

  /* The first of several images lacks the last class. */
  for (gsize p = 0; p < (gsize) n * pixels; p++)
    labels[p] = (guint8) pl_random_below (&random_state,
                                          (guint32) (MAX (classes, 2) - (n > 1 && p < pixels)));
  pl_loss_forward (&loss, n, &out);
  g_assert_cmpfloat_with_epsilon (out.loss, lose_loss (&test), 1e-5 * out.loss);
  g_assert_cmpint (out.n_images, ==, n);
  test.kind = PL_LOSS_CROSS_ENTROPY;
  g_assert_cmpfloat_with_epsilon (out.cross_entropy, lose_loss (&test), 1e-5 * out.cross_entropy);
  test.kind = kind;
  pl_loss_backward (&loss, n, 1, d_logits);
  found = separate (d_logits, logits);
  test_assert_gradient (logits->values, ref_image_count (logits), found, lose_loss, &test, 100,
                        BACKWARD_TOLERANCE);
}

static void
test_loss (void)
{
  for (PlLossKind kind = PL_LOSS_CROSS_ENTROPY; kind <= PL_LOSS_BOTH; kind++)
    {
      check_loss (1, 2, 2, 1, kind);
      check_loss (2, 70, 61, 1, kind); /* several chunks */
      check_loss (2, 5, 7, 4, kind);
    }
}

static PlLossSums
measure (int classes, int n, gsize pixels, const float *logits, const guint8 *labels)
{
  g_autofree double *sums = g_new0 (double, pl_loss_sums (classes, pixels, n));
  PlLossSums out = { 0 };
  PlLoss loss = {
    .classes = classes,
    .n_pixels = pixels,
    .logits = logits,
    .labels = labels,
    .kind = PL_LOSS_BOTH,
    .sums = sums,
  };

  pl_loss_forward (&loss, n, &out);
  return out;
}

static void
test_metrics (void)
{
  const float logits[] = { 1, 1, -1, -1, -5, -5, -5, -5 };
  const guint8 labels[] = { 1, 0, 0, 0, 0, 0, 0, 0 };
  const float far[] = { 200, -200, -300, 1e30f };
  const guint8 far_labels[] = { 1, 0, 1, 1 };
  const float three[] = { 1, 2, 0, 3, 0, 1, 0, 1, 5, 0, 9, 0 };
  const guint8 three_labels[] = { 1, 0, 2, 2 };
  PlLossSums out;

  /* First image: one hit, one false alarm; the second is empty, and found so. */
  out = measure (1, 2, 4, logits, labels);
  g_assert_cmpfloat_with_epsilon (out.accuracy, 0.75 + 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (out.dice, 2.0 / 3 + 1, 1e-12);
  /* Logits that no probability can tell: the loss is finite. */
  out = measure (1, 1, 4, far, far_labels);
  g_assert_cmpfloat_with_epsilon (out.cross_entropy, 300.0 / 4, 1e-3);
  /* Class 1: found twice, one right, one there: 2/3. Class 2: 1 of 2 found: 2/3. */
  out = measure (3, 1, 4, three, three_labels);
  g_assert_cmpfloat_with_epsilon (out.accuracy, 0.75, 1e-12);
  g_assert_cmpfloat_with_epsilon (out.dice, 2.0 / 3, 1e-12);
}

static void
test_probabilities (void)
{
  float one[] = { 0, 100, -100, 1 };
  float three[] = { 0, 0, 0, 1000, 0, -1000 };

  pl_unet_probabilities (1, 4, one);
  g_assert_cmpfloat (one[0], ==, 0.5);
  g_assert_cmpfloat (one[1], ==, 1);
  g_assert_cmpfloat_with_epsilon (one[2], 0, 1e-30);
  g_assert_cmpfloat_with_epsilon (one[3], 0.7310586, 1e-6);
  pl_unet_probabilities (3, 2, three);
  for (int k = 0; k < 3; k++)
    {
      g_assert_cmpfloat_with_epsilon (three[k], 1.0 / 3, 1e-6);
      g_assert_cmpfloat (three[3 + k], ==, k == 0);
    }
}

int
main (int argc, char *argv[])
{
  if (!test_start (&argc, &argv))
    return 0;
  pl_random_init (&random_state, 1, 0);
  g_test_add_func ("/unet/layers/conv", test_conv);
  g_test_add_func ("/unet/layers/weights-map", test_weights_map);
  g_test_add_func ("/unet/layers/upconv", test_upconv);
  g_test_add_func ("/unet/layers/norm", test_norm);
  g_test_add_func ("/unet/layers/pool", test_pool);
  g_test_add_func ("/unet/layers/head", test_head);
  g_test_add_func ("/unet/layers/loss", test_loss);
  g_test_add_func ("/unet/layers/metrics", test_metrics);
  g_test_add_func ("/unet/layers/probabilities", test_probabilities);
  return g_test_run ();
}
