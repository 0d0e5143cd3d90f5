/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole network: against its double in double precision, its gradients against central
 * differences, and what must not change a bit of it. */
#include <locale.h>
#include <malloc.h>

#include "base/parallel.h"
#include "reference.h"
#include "start.h"
#include "unet/kernels/kernels.h"

/* A network, images, labels and a pass. */
typedef struct
{
  PlUNet *net;
  PlUNetWork *work;
  RefImage *image;
  float *pixels; /* (N,H,W,C) */
  guint8 *labels;
  PlLossKind kind;
  double *weights;
} Setup;

static void
setup_clear (Setup *setup)
{
  pl_unet_free (setup->net);
  pl_unet_work_free (setup->work);
  ref_image_free (setup->image);
  g_free (setup->pixels);
  g_free (setup->labels);
  g_free (setup->weights);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Setup, setup_clear)

/* Random norms and biases too, so that no gradient is zero for symmetry. */
static void
shake_weights (PlUNet *net, PlRandom *random)
{
  for (gsize i = 0; i < net->n_weights; i++)
    net->weights[i] += (float) (0.1 * pl_random_normal (random));
  pl_unet_weights_changed (net);
}

static Setup
setup_new (const PlUNetShape *shape, int n, int batch, int rows, int columns, gboolean training)
{
  Setup setup = { .kind = PL_LOSS_BOTH };
  PlRandom random;

  pl_random_init (&random, 7, 0);
  setup.net = pl_unet_new (shape, 1, NULL);
  shake_weights (setup.net, &random);
  setup.work = pl_unet_work_new (setup.net, batch, rows, columns, training, NULL);
  setup.image = ref_image_random (&random, n, shape->in_channels, rows, columns);
  setup.pixels = ref_image_interleave (setup.image);
  setup.labels = g_new (guint8, n * rows * columns);
  for (int p = 0; p < n * rows * columns; p++)
    setup.labels[p] = (guint8) pl_random_below (&random, (guint32) MAX (shape->classes, 2));
  setup.weights = g_new (double, setup.net->n_weights);
  for (gsize i = 0; i < setup.net->n_weights; i++)
    setup.weights[i] = setup.net->weights[i];
  return setup;
}

static void
assert_forward_matches (const PlUNetShape *shape, int n, int batch, int rows, int columns)
{
  g_auto (Setup) setup = setup_new (shape, n, batch, rows, columns, FALSE);
  const float *logits = pl_unet_forward (setup.net, setup.work, setup.pixels, n, NULL, NULL);
  g_autoptr (RefImage) expected = ref_unet (setup.net, setup.weights, setup.image);
  g_autofree float *interleaved = ref_image_interleave (expected);
  gsize count = ref_image_count (expected);
  double largest = 0;

  for (gsize i = 0; i < count; i++)
    largest = MAX (largest, ABS ((double) interleaved[i]));
  /* About twenty layers, each of which renormalises: 2⁻²⁴ · √n · layers, with room. */
  for (gsize i = 0; i < count; i++)
    g_assert_cmpfloat_with_epsilon (logits[i], interleaved[i], 1e-4 * largest);
}

static void
test_forward (void)
{
  assert_forward_matches (&(PlUNetShape){ 1, 1, 4, 2 }, 2, 3, 16, 24);
  assert_forward_matches (&(PlUNetShape){ 3, 2, 5, 1 }, 1, 1, 4, 6);
  assert_forward_matches (&(PlUNetShape){ 2, 3, 16, 3 }, 1, 2, 48, 16);
  assert_forward_matches (&(PlUNetShape){ 1, 1, 1, 2 }, 3, 3, 8, 8);
  assert_forward_matches (&(PlUNetShape){ 1, 1, 20, 1 }, 1, 1, 70, 130);
}

static double
compute_loss (gpointer data)
{
  Setup *setup = data;
  g_autoptr (RefImage) logits = ref_unet (setup->net, setup->weights, setup->image);

  return ref_loss (logits, setup->labels, setup->kind) / 4;
}

static void
assert_gradients_match (const PlUNetShape *shape, PlLossKind kind, int rows, int columns)
{
  g_auto (Setup) setup = setup_new (shape, 2, 2, rows, columns, TRUE);
  PlLossSums sums = { 0 };
  const float *gradients;

  setup.kind = kind;
  pl_unet_forward (setup.net, setup.work, setup.pixels, 2, NULL, NULL);
  g_assert_true (
      pl_unet_backward (setup.net, setup.work, setup.labels, kind, 4, &sums, NULL, NULL));
  g_assert_cmpint (sums.n_images, ==, 2);
  g_assert_cmpfloat_with_epsilon (sums.loss / 4, compute_loss (&setup), 1e-4);
  gradients = pl_unet_work_gradients (setup.work);
  for (int i = 0; i < setup.net->n_parameters; i++)
    {
      const PlParameter *p = &setup.net->parameters[i];
      g_autofree double *found = g_new (double, p->count);

      for (gsize k = 0; k < p->count; k++)
        found[k] = gradients[p->offset + k];
      g_test_message ("%s", p->name);
      test_assert_gradient (setup.weights + p->offset, p->count, found, compute_loss, &setup, 5,
                            (TestTolerance){ .of_largest = 1e-3 });
    }
}

static void
test_gradients (void)
{
  assert_gradients_match (&(PlUNetShape){ 1, 1, 4, 2 }, PL_LOSS_BOTH, 16, 16);
  assert_gradients_match (&(PlUNetShape){ 2, 3, 4, 2 }, PL_LOSS_BOTH, 8, 16);
  assert_gradients_match (&(PlUNetShape){ 1, 1, 4, 1 }, PL_LOSS_DICE, 8, 8);
  assert_gradients_match (&(PlUNetShape){ 1, 2, 17, 1 }, PL_LOSS_CROSS_ENTROPY, 4, 8);
}

int
main (int argc, char *argv[])
{
  if (!test_start (&argc, &argv))
    return 0;
  g_test_add_func ("/unet/unet/forward", test_forward);
  g_test_add_func ("/unet/unet/gradients", test_gradients);
  return g_test_run ();
}
