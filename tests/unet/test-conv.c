/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 3×3 convolutions and their weights: forward against the same in double precision, backward
 * against central differences of that. Sizes include short rows, several strips and channels with
 * padding. */
#include "unet/conv.h"

#include "base/aligned.h"
#include "base/parallel.h"
#include "conv-rig.h"
#include "start.h"
#include "unet/winograd.h"

/* Rounding points of tiles changes sums of these normal numbers by 1.2 % of their root mean square
 * (simd-tiles.h). The errors are nearly normal, the largest of some thousand being five to six
 * times that, while the largest sum is three to four times the root mean square: up to 2.4 % of it
 * is seen. The usual points would be off by 5 to 9 %. What rounding may do to each value is bounded
 * in kernels/test-tiled-conv.c. */
#define POINTS_TOLERANCE 0.03

static const PlEpilogue nothing = { NULL, NULL };

/* Of the largest value that a convolution with that output, or its gradient, has. */
static double
find_tolerance (int side, const PlTensor *y, double usual)
{
  return side == 3 && y->kernels->precision == PL_BF16 && pl_winograd_fits (y) ? POINTS_TOLERANCE
                                                                               : usual;
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
  g_auto (TestGradient) gradient = test_gradient_new (map, side, dy);
  g_autofree double *dw = NULL;

  for (int i = 0; i < 2; i++)
    pl_conv_backward_weights (side, layer->x->n, x, dy, &gradient.gradient, &gradient.scratch);
  dw = test_gradient_halve (&gradient, n_weights);
  test_assert_are_gradient (dw, layer->w, n_weights, lose_conv, layer,
                            find_tolerance (side, dy, BACKWARD_TOLERANCE));
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
  void *w = test_pack (rig, &map, layer.w, n_weights);
  void *wt = test_pack (rig, &transposed, layer.w, n_weights);
  PlConv conv = { .side = 3, .ci = in.padded, .co = out.padded, .w = w };
  PlConv back = { .side = 3, .ci = out.padded, .co = in.padded, .w = wt };
  g_autoptr (TestTensor) x = test_tensor_from (rig, layer.x);
  g_autoptr (TestTensor) dy = test_tensor_from (rig, layer.r);
  g_autoptr (TestTensor) y = test_tensor_new (rig, n, rows, columns, out.padded);
  g_autoptr (TestTensor) dx = test_tensor_new (rig, n, rows, columns, in.padded);
  g_autoptr (RefImage) expected = ref_conv (layer.x, layer.w, co);

  g_test_message ("%d × %d × %d, %d + %d to %d", n, rows, columns, first_part, second_part, co);
  test_tensor_spoil (y, n);
  test_convolve (&conv, n, &x->view, &y->view, &nothing);
  test_assert_tensor_is (&y->view, expected, find_tolerance (3, &y->view, FORWARD_TOLERANCE));
  test_assert_border_is_spoiled (&y->view, n);
  test_tensor_spoil (dx, n);
  test_convolve (&back, n, &dy->view, &dx->view, &nothing);
  test_assert_tensor_is_gradient (&dx->view, layer.x, lose_conv, &layer,
                                  find_tolerance (3, &dx->view, BACKWARD_TOLERANCE));
  test_assert_border_is_spoiled (&dx->view, n);
  test_tensor_spoil_border (dy, n);
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
  check_conv (&rig, 3, 8, 8, 160, 0, 150); /* in groups of output channels */
}

typedef enum
{
  PLAIN,
  CACHED_WEIGHTS,
  DEEP,
  DEEP_IN_PARTS, /* not all images fit in the shared memory */
} Way;

typedef struct
{
  Way way; /* where the kernels have tiles */
  int n;
  int rows;
  int columns;
  int ci;
  int co;
} Shape;

/* Told by the memory that it asks for: a deep layer's grows with the batch. */
static Way
find_way (const PlConv *conv, int n, const PlTensor *y)
{
  gsize one = pl_conv_forward_need (conv, 1, y).shared_bytes;
  gsize all = pl_conv_forward_need (conv, n, y).shared_bytes;
  gsize twice = pl_conv_forward_need (conv, 2 * n, y).shared_bytes;

  if (one == 0)
    return PLAIN;
  if (one == all)
    return CACHED_WEIGHTS;
  return all < twice ? DEEP : DEEP_IN_PARTS;
}

/* What the epilogue is shown. */
typedef struct
{
  const PlTensor *y;
  TestTensor *seen;
  guint8 *n_calls; /* [image][row][channel] */
} Watch;

static void
watch_row_cb (void *data, int image, int row, gsize first, gsize count)
{
  Watch *watch = data;
  const PlTensor *y = watch->y;
  guint8 *n_calls = watch->n_calls + (gsize) (image * y->rows + row) * y->channels;

  for (int column = 0; column < y->columns; column++)
    memcpy (pl_tensor_channel (&watch->seen->view, image, row, column, first),
            pl_tensor_channel (y, image, row, column, first), count * y->kernels->element_bytes);
  for (gsize c = first; c < first + count; c++)
    n_calls[c]++;
}

/* (transfer full): the convolution, whose epilogue is shown each row once, as it is in the end. */
static TestTensor *
convolve_watched (TestRig *rig, const PlConv *conv, int n, const PlTensor *x)
{
  TestTensor *y = test_tensor_new (rig, n, x->rows, x->columns, conv->co);
  g_autoptr (TestTensor) seen = test_tensor_new (rig, n, x->rows, x->columns, conv->co);
  gsize n_bytes = pl_tensor_bytes (&y->view, n);
  gsize n_calls = (gsize) (n * x->rows) * conv->co;
  Watch watch = { .y = &y->view, .seen = seen };
  PlEpilogue epilogue = { watch_row_cb, &watch };

  watch.n_calls = g_new0 (guint8, n_calls);
  test_tensor_spoil (y, n);
  test_tensor_spoil (seen, n);
  test_convolve (conv, n, x, &y->view, &epilogue);
  g_assert_cmpmem (seen->memory, n_bytes, y->memory, n_bytes);
  for (gsize i = 0; i < n_calls; i++)
    g_assert_cmpuint (watch.n_calls[i], ==, 1);
  g_free (watch.n_calls);
  return y;
}

/* An image alone, as it was in the batch of @all. */
static void
check_image (
    TestRig *rig, const PlConv *conv, int image, const TestTensor *x, const TestTensor *all)
{
  gsize n_bytes = pl_tensor_bytes (&all->view, 1);
  g_autoptr (TestTensor) y = NULL;
  PlTensor alone = x->view;

  alone.data = pl_tensor_pixel (&x->view, image, 0, 0);
  y = convolve_watched (rig, conv, 1, &alone);
  g_assert_cmpmem (y->memory, n_bytes, all->memory + (gsize) image * n_bytes, n_bytes);
}

/* Neither the number of threads nor the other images of a batch change a bit. */
static void
check_repeats (TestRig *rig, const Shape *shape)
{
  static const int threads[] = { 2, 3, 5 };
  int n = shape->n;
  g_auto (TestLayer) layer = new_layer (rig, n, shape->rows, shape->columns, shape->ci, shape->co);
  PlChannels in = pl_channels (shape->ci, 0);
  PlChannels out = pl_channels (shape->co, 0);
  PlWeightMap map = pl_conv_map (&in, &out);
  void *w = test_pack (rig, &map, layer.w, (gsize) (9 * shape->ci * shape->co));
  PlConv conv = { .side = 3, .ci = in.padded, .co = out.padded, .w = w };
  g_autoptr (TestTensor) x = test_tensor_from (rig, layer.x);
  g_autoptr (TestTensor) dy = test_tensor_from (rig, layer.r);
  g_auto (TestGradient) dw = { 0 };
  g_autoptr (TestTensor) y = NULL;

  g_test_message ("%d × %d × %d, %d to %d", n, shape->rows, shape->columns, shape->ci, shape->co);
  g_assert_cmpint (find_way (&conv, n, &dy->view), ==,
                   pl_winograd_fits (&dy->view) ? shape->way : PLAIN);
  pl_parallel_init (1);
  y = convolve_watched (rig, &conv, n, &x->view);
  dw = test_gradient_new (&map, 3, &dy->view);
  pl_conv_backward_weights (3, n, &x->view, &dy->view, &dw.gradient, &dw.scratch);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      gsize y_bytes = pl_tensor_bytes (&y->view, n);
      gsize dw_bytes = pl_weight_gradient_floats (&dw.gradient) * sizeof (float);
      g_autoptr (TestTensor) again = NULL;
      g_auto (TestGradient) dw_again = { 0 };

      pl_parallel_init (threads[i]);
      again = convolve_watched (rig, &conv, n, &x->view);
      g_assert_cmpmem (again->memory, y_bytes, y->memory, y_bytes);
      dw_again = test_gradient_new (&map, 3, &dy->view);
      pl_conv_backward_weights (3, n, &x->view, &dy->view, &dw_again.gradient, &dw_again.scratch);
      g_assert_cmpmem (dw_again.gradient.total, dw_bytes, dw.gradient.total, dw_bytes);
    }
  for (int image = 0; image < n; image++)
    check_image (rig, &conv, image, x, y);
  pl_parallel_init (0);
  pl_aligned_free (w);
}

static void
test_repeats (gconstpointer precision)
{
  static const Shape shapes[] = {
    { PLAIN, 2, 5, 7, 32, 33 },
    { CACHED_WEIGHTS, 3, 8, 12, 16, 33 },
    { CACHED_WEIGHTS, 2, 64, 68, 16, 33 }, /* several strips, cut amid rows */
    { DEEP, 9, 16, 16, 160, 150 },         /* eight images in a job, and one */
    { DEEP, 2, 64, 36, 160, 150 },         /* several strips */
    { DEEP_IN_PARTS, 8, 16, 16, 2048, 16 },
  };
  TestRig rig;

  if (!test_rig_init (&rig, precision))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    check_repeats (&rig, &shapes[i]);
}

/* The first convolution: a product of pixels that hold their neighbours. */
static void
check_gathered (TestRig *rig, int n, int rows, int columns, int ci, int co)
{
  g_auto (TestLayer) layer = new_layer (rig, n, rows, columns, ci, co);
  PlChannels out = pl_channels (co, 0);
  PlWeightMap map = pl_conv_gathered_map (ci, &out);
  void *w = test_pack (rig, &map, layer.w, (gsize) (9 * ci * co));
  PlConv conv = { .side = 1, .ci = map.in.padded, .co = out.padded, .w = w };
  g_autoptr (RefImage) gathered = ref_gather (layer.x);
  g_autoptr (TestTensor) x = test_tensor_from (rig, gathered);
  g_autoptr (TestTensor) dy = test_tensor_from (rig, layer.r);
  g_autoptr (TestTensor) y = test_tensor_new (rig, n, rows, columns, out.padded);
  g_autoptr (RefImage) expected = ref_conv (layer.x, layer.w, co);

  g_test_message ("%d × %d × %d, %d to %d", n, rows, columns, ci, co);
  test_convolve (&conv, n, &x->view, &y->view, &nothing);
  test_assert_tensor_is (&y->view, expected, FORWARD_TOLERANCE);
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
  packed = test_pack (&rig, &map, w, n);
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

int
main (int argc, char *argv[])
{
  if (!test_start (&argc, &argv))
    return 0;
  test_add_for_each_precision ("/unet/conv/conv", test_conv);
  test_add_for_each_precision ("/unet/conv/gathered", test_gathered);
  test_add_for_each_precision ("/unet/conv/weights-map", test_weights_map);
  test_add_for_each_precision ("/unet/conv/repeats", test_repeats);
  return g_test_run ();
}
