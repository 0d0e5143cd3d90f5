/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolutions of each kind and their weights: forward against the same in double precision,
 * backward against central differences of that. Sizes include short rows, several strips and
 * channels with padding. */
#include "unet/conv.h"

#include "base/aligned.h"
#include "base/parallel.h"
#include "layer.h"
#include "start.h"
#include "unet/norm.h"
#include "unet/upconv.h"

static const PlEpilogue nothing = { NULL, NULL };

static void *
pack (TestRig *rig, const PlWeightMap *map, const double *w, gsize n)
{
  g_autofree float *flat = ref_to_float (w, n);
  void *packed = pl_aligned_new0 (pl_weight_map_size (map) * rig->kernels->element_bytes);

  pl_weight_map_pack (rig->kernels, map, flat, packed);
  return packed;
}

static PlScratch
scratch_new (PlScratchNeed need)
{
  PlScratch scratch = { .n_workers = pl_parallel_threads () };

  scratch.worker_bytes = (need.worker_bytes + 63) / 64 * 64;
  scratch.shared = pl_aligned_new0 (MAX (need.shared_floats, 1) * sizeof (float));
  scratch.workers = pl_aligned_new0 (MAX ((gsize) scratch.n_workers * scratch.worker_bytes, 1));
  return scratch;
}

static void
scratch_clear (PlScratch *scratch)
{
  pl_aligned_free (scratch->shared);
  pl_aligned_free (scratch->workers);
}

static void
convolve (const PlConv *conv, int n, const PlTensor *x, const PlTensor *y)
{
  PlScratch scratch = scratch_new (pl_conv_forward_need (conv, n, y));

  pl_conv_forward (conv, n, x, y, &nothing, &scratch);
  scratch_clear (&scratch);
}

/* A gradient with memory of its own, for one layer. */
typedef struct
{
  PlWeightGradient gradient;
  PlScratch scratch;
} TestGradient;

static TestGradient
test_gradient_new (const PlWeightMap *map, int side, const PlTensor *dy)
{
  TestGradient test;

  pl_weight_gradient_init (&test.gradient, dy->kernels, map);
  test.scratch = scratch_new (pl_conv_backward_need (side, dy, &test.gradient));
  test.gradient.total =
      pl_aligned_new0 (pl_weight_gradient_floats (&test.gradient) * sizeof (float));
  return test;
}

/* Unpacked; the memory is freed. Each pass is made twice: gradients accumulate. */
static double *
test_gradient_finish (TestGradient *test, gsize n)
{
  g_autofree float *flat = g_new0 (float, n);
  double *values = g_new (double, n);

  pl_weight_gradient_unpack (&test->gradient, flat);
  pl_aligned_free (test->gradient.total);
  scratch_clear (&test->scratch);
  for (gsize i = 0; i < n; i++)
    values[i] = flat[i] / 2;
  return values;
}

static double
lose_conv (gpointer data)
{
  TestLayer *layer = data;
  g_autoptr (RefImage) y = ref_conv (layer->x, layer->w, layer->co);

  return ref_dot (y, layer->r);
}

static TestLayer
new_layer (TestRig *rig, int n, int rows, int columns, int ci, int co)
{
  return (TestLayer){
    .x = test_rig_pixels (rig, n, ci, rows, columns),
    .w = test_rig_weights (rig, (gsize) (9 * ci * co)),
    .r = test_rig_pixels (rig, n, co, rows, columns),
    .co = co,
  };
}

static void
check_weight_gradient (
    int side, const PlWeightMap *map, TestLayer *layer, const PlTensor *x, const PlTensor *dy)
{
  gsize n_weights = (gsize) (9 * layer->x->channels * layer->co);
  TestGradient gradient = test_gradient_new (map, side, dy);
  g_autofree double *dw = NULL;

  for (int i = 0; i < 2; i++)
    pl_conv_backward_weights (side, layer->x->n, x, dy, &gradient.gradient, &gradient.scratch);
  dw = test_gradient_finish (&gradient, n_weights);
  test_assert_are_gradient (dw, layer->w, n_weights, lose_conv, layer);
}

static void
check_conv (TestRig *rig, int n, int rows, int columns, int first_part, int second_part, int co)
{
  int ci = first_part + second_part;
  gsize n_weights = (gsize) (9 * ci * co);
  g_auto (TestLayer) layer = new_layer (rig, n, rows, columns, ci, co);
  PlChannels in = pl_channels (first_part, second_part);
  PlChannels out = pl_channels (co, 0);
  PlWeightMap map = pl_conv_map (&in, &out);
  PlWeightMap transposed = pl_conv_transposed_map (&in, &out);
  void *w = pack (rig, &map, layer.w, n_weights);
  void *wt = pack (rig, &transposed, layer.w, n_weights);
  PlConv conv = { .side = 3, .ci = in.padded, .co = out.padded, .w = w };
  PlConv back = { .side = 3, .ci = out.padded, .co = in.padded, .w = wt };
  g_autoptr (TestTensor) x = test_tensor_from (rig, layer.x);
  g_autoptr (TestTensor) dy = test_tensor_from (rig, layer.r);
  g_autoptr (TestTensor) y = test_tensor_new (rig, n, rows, columns, out.padded);
  g_autoptr (TestTensor) dx = test_tensor_new (rig, n, rows, columns, in.padded);
  g_autoptr (RefImage) expected = ref_conv (layer.x, layer.w, co);

  g_test_message ("%d × %d × %d, %d + %d to %d", n, rows, columns, first_part, second_part, co);
  convolve (&conv, n, &x->view, &y->view);
  test_assert_tensor_is (&y->view, expected);
  convolve (&back, n, &dy->view, &dx->view);
  test_assert_tensor_is_gradient (&dx->view, layer.x, lose_conv, &layer);
  check_weight_gradient (3, &map, &layer, &x->view, &dy->view);
  pl_aligned_free (w);
  pl_aligned_free (wt);
}

static void
test_conv (gconstpointer precision)
{
  TestRig rig;

  if (!test_rig_init (&rig, precision))
    return;
  check_conv (&rig, 1, 2, 2, 1, 0, 1);
  check_conv (&rig, 2, 5, 7, 16, 0, 16);
  check_conv (&rig, 1, 9, 70, 3, 0, 20);
  check_conv (&rig, 2, 6, 6, 16, 16, 33); /* two parts without gap; more than a block of outputs */
  check_conv (&rig, 1, 66, 65, 2, 0, 3);  /* several strips */
  check_conv (&rig, 1, 3, 4, 80, 0, 50);
  /* In tiles */
  check_conv (&rig, 1, 4, 4, 1, 0, 1);
  check_conv (&rig, 3, 8, 12, 16, 16, 33);
  check_conv (&rig, 1, 64, 68, 2, 0, 3);   /* several strips */
  check_conv (&rig, 3, 8, 8, 120, 0, 100); /* in groups of output channels */
}

/* The first convolution: a product of pixels that hold their neighbours. */
static void
check_gathered (TestRig *rig, int n, int rows, int columns, int ci, int co)
{
  g_auto (TestLayer) layer = new_layer (rig, n, rows, columns, ci, co);
  PlChannels out = pl_channels (co, 0);
  PlWeightMap map = pl_conv_gathered_map (ci, &out);
  void *w = pack (rig, &map, layer.w, (gsize) (9 * ci * co));
  PlConv conv = { .side = 1, .ci = map.in.padded, .co = out.padded, .w = w };
  g_autoptr (RefImage) gathered = ref_gather (layer.x);
  g_autoptr (TestTensor) x = test_tensor_from (rig, gathered);
  g_autoptr (TestTensor) dy = test_tensor_from (rig, layer.r);
  g_autoptr (TestTensor) y = test_tensor_new (rig, n, rows, columns, out.padded);
  g_autoptr (RefImage) expected = ref_conv (layer.x, layer.w, co);

  g_test_message ("%d × %d × %d, %d to %d", n, rows, columns, ci, co);
  convolve (&conv, n, &x->view, &y->view);
  test_assert_tensor_is (&y->view, expected);
  check_weight_gradient (1, &map, &layer, &x->view, &dy->view);
  pl_aligned_free (w);
}

static void
test_gathered (gconstpointer precision)
{
  TestRig rig;

  if (!test_rig_init (&rig, precision))
    return;
  check_gathered (&rig, 1, 2, 2, 1, 1);
  check_gathered (&rig, 2, 5, 7, 3, 20);
  check_gathered (&rig, 1, 66, 65, 2, 33);
}

static double
read_weight (TestRig *rig, const void *packed, gsize index)
{
  return rig->kernels->precision == PL_F32 ? ((const float *) packed)[index]
                                           : pl_bf16_to_float (((const guint16 *) packed)[index]);
}

/* What packing makes of a weight that the precision may not hold. */
static double
round_weight (TestRig *rig, double w)
{
  return rig->kernels->precision == PL_F32 ? (float) w
                                           : pl_bf16_to_float (pl_bf16_from_float ((float) w));
}

/* A concatenation has a gap between its parts: the same product. */
static void
test_weights_map (gconstpointer precision)
{
  const int first_part = 3, second_part = 5, co = 18;
  PlChannels in = pl_channels (first_part, second_part);
  PlChannels out = pl_channels (co, 0);
  PlWeightMap map = pl_conv_map (&in, &out);
  gsize n = 9 * 8 * 18;
  gsize n_zero = 0;
  g_autofree double *w = NULL;
  void *packed;
  TestRig rig;

  if (!test_rig_init (&rig, precision))
    return;
  w = ref_random_values (&rig.random, n);
  packed = pack (&rig, &map, w, n);
  g_assert_cmpuint (in.padded, ==, 32);
  for (gsize o = 0; o < (gsize) co; o++)
    for (gsize i = 0; i < 8; i++)
      for (gsize t = 0; t < 9; t++)
        {
          gsize padded = i < 3 ? i : 16 + i - 3;
          gsize index = pl_packed_index (rig.kernels, 9, 32, 32, t, padded, o);

          g_assert_cmpfloat (read_weight (&rig, packed, index), ==,
                             round_weight (&rig, w[(o * 8 + i) * 9 + t]));
        }
  for (gsize i = 0; i < pl_weight_map_size (&map); i++)
    n_zero += read_weight (&rig, packed, i) == 0;
  g_assert_cmpuint (n_zero, ==, pl_weight_map_size (&map) - n);
  pl_aligned_free (packed);
}

static double
lose_upconv (gpointer data)
{
  TestLayer *layer = data;
  g_autoptr (RefImage) y = ref_upconv (layer->x, layer->w, layer->b, layer->co);

  return ref_dot (y, layer->r);
}

/* Four matrices, one a tap. */
static void *
pack_upconv (TestRig *rig, const PlChannels *in, const PlChannels *out, const double *w)
{
  gsize n = 4 * (gsize) in->parts[0] * (gsize) out->parts[0];
  gsize n_bytes = in->padded * out->padded * rig->kernels->element_bytes;
  g_autofree float *flat = ref_to_float (w, n);
  char *packed = pl_aligned_new0 (4 * n_bytes);

  for (int tap = 0; tap < 4; tap++)
    {
      PlWeightMap map = pl_upconv_map (in, out, tap);

      pl_weight_map_pack (rig->kernels, &map, flat, packed + (gsize) tap * n_bytes);
    }
  return packed;
}

static void
check_upconv_gradients (TestRig *rig, TestLayer *layer, const PlTensor *x, const PlTensor *dy)
{
  int n = layer->x->n;
  gsize n_weights = (gsize) (4 * layer->x->channels * layer->co);
  PlChannels in = pl_channels (layer->x->channels, 0);
  PlChannels out = pl_channels (layer->co, 0);
  PlWeightMap transposed = pl_upconv_transposed_map (&in, &out);
  void *wt = pack (rig, &transposed, layer->w, n_weights);
  PlUpconv up = { .ci = in.padded, .co = out.padded, .wt = wt };
  g_autoptr (TestTensor) dx = test_tensor_new (rig, n, x->rows, x->columns, in.padded);
  g_autofree double *db = g_new0 (double, out.padded);
  g_autofree double *sums = g_new0 (double, pl_norm_sums (dy, n));
  TestGradient gradient = test_gradient_new (&transposed, 2, x);
  g_autofree double *dw = NULL;

  pl_upconv_backward_data (&up, n, dy, &dx->view, &nothing);
  test_assert_tensor_is_gradient (&dx->view, layer->x, lose_upconv, layer);
  for (int i = 0; i < 2; i++)
    pl_upconv_backward_weights (n, x, dy, &gradient.gradient, &gradient.scratch);
  dw = test_gradient_finish (&gradient, n_weights);
  test_assert_are_gradient (dw, layer->w, n_weights, lose_upconv, layer);
  pl_upconv_backward_bias (n, dy, db, sums);
  test_assert_are_gradient (db, layer->b, (gsize) layer->co, lose_upconv, layer);
  pl_aligned_free (wt);
}

static void
check_upconv (TestRig *rig, int n, int rows, int columns, int ci, int co)
{
  g_auto (TestLayer) layer = {
    .x = test_rig_pixels (rig, n, ci, rows, columns),
    .w = test_rig_weights (rig, (gsize) (4 * ci * co)),
    .b = ref_random_values (&rig->random, (gsize) co),
    .r = test_rig_pixels (rig, n, co, 2 * rows, 2 * columns),
    .co = co,
  };
  PlChannels in = pl_channels (ci, 0);
  PlChannels out = pl_channels (co, 0);
  void *w = pack_upconv (rig, &in, &out, layer.w);
  g_autofree float *bias = g_new0 (float, out.padded);
  PlUpconv up = { .ci = in.padded, .co = out.padded, .w = w, .b = bias };
  g_autoptr (TestTensor) x = test_tensor_from (rig, layer.x);
  g_autoptr (TestTensor) dy = test_tensor_from (rig, layer.r);
  /* y is the second half of something wider. */
  g_autoptr (TestTensor) wide = test_tensor_new (rig, n, 2 * rows, 2 * columns, 16 + out.padded);
  PlTensor y = pl_tensor_channels (&wide->view, 16, out.padded);
  g_autoptr (RefImage) expected = ref_upconv (layer.x, layer.w, layer.b, co);

  g_test_message ("%d × %d × %d, %d to %d", n, rows, columns, ci, co);
  for (int c = 0; c < co; c++)
    bias[c] = (float) layer.b[c];
  test_tensor_spoil (wide, n);
  pl_upconv_forward (&up, n, &x->view, &y);
  test_assert_tensor_is (&y, expected);
  test_assert_border_is_zero (&y, n);
  check_upconv_gradients (rig, &layer, &x->view, &dy->view);
  pl_aligned_free (w);
}

static void
test_upconv (gconstpointer precision)
{
  TestRig rig;

  if (!test_rig_init (&rig, precision))
    return;
  check_upconv (&rig, 1, 1, 1, 2, 1);
  check_upconv (&rig, 2, 5, 3, 32, 16);
  check_upconv (&rig, 1, 40, 66, 3, 2);
  check_upconv (&rig, 1, 2, 3, 70, 37);
}

int
main (int argc, char *argv[])
{
  if (!test_start (&argc, &argv))
    return 0;
  test_add_for_each_precision ("/unet/conv/conv", test_conv);
  test_add_for_each_precision ("/unet/conv/gathered", test_gathered);
  test_add_for_each_precision ("/unet/conv/weights-map", test_weights_map);
  test_add_for_each_precision ("/unet/conv/upconv", test_upconv);
  return g_test_run ();
}
