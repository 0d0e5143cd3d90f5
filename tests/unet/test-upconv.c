/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transposed convolutions: forward against the same in double precision, backward against central
 * differences of that. */
#include "unet/upconv.h"

#include "base/aligned.h"
#include "conv-rig.h"
#include "start.h"
#include "unet/norm.h"

static const PlEpilogue nothing = { NULL, NULL };

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
  void *wt = test_pack (rig, &transposed, layer->w, n_weights);
  PlUpconv up = { .ci = in.padded, .co = out.padded, .wt = wt };
  g_autoptr (TestTensor) dx = test_tensor_new (rig, n, x->rows, x->columns, in.padded);
  g_autofree double *db = g_new0 (double, out.padded);
  g_autofree double *sums = g_new0 (double, pl_norm_sums (dy, n));
  g_auto (TestGradient) gradient = test_gradient_new (&transposed, 2, x);
  g_autofree double *dw = NULL;

  pl_upconv_backward_data (&up, n, dy, &dx->view, &nothing);
  test_assert_tensor_is_gradient (&dx->view, layer->x, lose_upconv, layer, BACKWARD_TOLERANCE);
  for (int i = 0; i < 2; i++)
    pl_upconv_backward_weights (n, x, dy, &gradient.gradient, &gradient.scratch);
  dw = test_gradient_halve (&gradient, n_weights);
  test_assert_are_gradient (dw, layer->w, n_weights, lose_upconv, layer, BACKWARD_TOLERANCE);
  pl_upconv_backward_bias (n, dy, db, sums);
  test_assert_are_gradient (db, layer->b, (gsize) layer->co, lose_upconv, layer,
                            BACKWARD_TOLERANCE);
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
  test_assert_tensor_is (&y, expected, FORWARD_TOLERANCE);
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
  test_add_for_each_precision ("/unet/upconv", test_upconv);
  return g_test_run ();
}
