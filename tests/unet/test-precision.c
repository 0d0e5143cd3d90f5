/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole network in bfloat16 against the same in float32. How far rounding carries depends on the
 * network: each activation that changes its sign changes a gradient a hundredfold. So the yardstick
 * is what rounding does to float32: of the weights alone, once. A pass in bfloat16 rounds those and
 * three more things a layer (the convolution's sums, the activation, and their gradients), each
 * independently: twice as far, in the root mean square. Where it convolves in tiles it also rounds
 * their points, which changes sums five times as much (simd-tiles.h): √(4 + 5²) = 5.4 times as far,
 * which is what the logits show. The bounds are half as much again. */
#include <math.h>

#include "base/random.h"
#include "start.h"
#include "unet/kernels/kernels.h"
#include "unet/unet.h"

enum
{
  BATCH = 2,
  SIDE = 64,
  PIXELS = SIDE * SIDE,
};

#define MOST_TIMES_AS_FAR (1.5 * 2)
#define MOST_TIMES_IN_TILES (1.5 * 5.4)
#define NEAR 0.01 /* of the norm: for tensors that rounded weights hardly change */

static const PlUNetShape shape = { .in_channels = 2, .classes = 1, .base = 24, .depth = 3 };

static float images[BATCH * PIXELS * 2];
static guint8 labels[BATCH * PIXELS];

static void
make_batch (void)
{
  PlRandom random;

  pl_random_init (&random, 5, 0);
  for (int p = 0; p < BATCH * PIXELS; p++)
    {
      int row = p % PIXELS / SIDE, column = p % SIDE;

      labels[p] = hypot (row - 30, column - 25 - 10 * (p / PIXELS)) < 17;
      images[2 * p] = (float) (0.5 * labels[p] + 0.3 * pl_random_normal (&random));
      images[2 * p + 1] = (float) pl_random_normal (&random);
    }
}

/* |a − b| / |b| */
static double
find_distance (const float *a, const float *b, gsize n)
{
  double difference = 0, size = 0;

  for (gsize i = 0; i < n; i++)
    {
      difference += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
      size += (double) b[i] * b[i];
    }
  return sqrt (difference / size);
}

/* One pass: what it gives. */
typedef struct
{
  PlUNet *net;
  PlUNetWork *work;
  const float *logits;
  const float *gradients;
} Pass;

static void
pass_clear (Pass *pass)
{
  pl_unet_free (pass->net);
  pl_unet_work_free (pass->work);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pass, pass_clear)

static void
round_weights (PlUNet *net)
{
  for (gsize i = 0; i < net->n_weights; i++)
    net->weights[i] = pl_bf16_to_float (pl_bf16_from_float (net->weights[i]));
  pl_unet_weights_changed (net);
}

static Pass
run_pass (PlPrecision precision, gboolean rounds_weights)
{
  Pass pass = { .net = pl_unet_new (&shape, 3, NULL) };
  PlLossSums sums = { 0 };

  if (rounds_weights)
    round_weights (pass.net);
  g_assert_true (pl_unet_set_precision (pass.net, precision, NULL));
  pass.work = pl_unet_work_new (pass.net, BATCH, SIDE, SIDE, TRUE, NULL);
  pass.logits = pl_unet_forward (pass.net, pass.work, images, BATCH, NULL, NULL);
  pl_unet_backward (pass.net, pass.work, labels, PL_LOSS_BOTH, BATCH, &sums, NULL, NULL);
  pass.gradients = pl_unet_work_gradients (pass.work);
  return pass;
}

static gboolean
has_bf16 (void)
{
  if (pl_unet_check_precision (PL_BF16, NULL))
    return TRUE;
  g_test_skip ("this instruction set does not have it");
  return FALSE;
}

/* @found is about as far from @exact as @nudged is, and not the same. */
static void
assert_near (const char *name, const float *found, const float *nudged, const float *exact, gsize n)
{
  double distance = find_distance (found, exact, n);
  double usual = find_distance (nudged, exact, n);
  double most =
      pl_kernels (PL_BF16)->tiles.product == NULL ? MOST_TIMES_AS_FAR : MOST_TIMES_IN_TILES;

  g_test_message ("%s: %.4f, of rounded weights %.4f", name, distance, usual);
  g_assert_cmpfloat (distance, >, 0);
  g_assert_cmpfloat (distance, <, MAX (most * usual, NEAR));
}

static void
test_pass (void)
{
  g_auto (Pass) exact = { 0 };
  g_auto (Pass) nudged = { 0 };
  g_auto (Pass) found = { 0 };

  if (!has_bf16 ())
    return;
  exact = run_pass (PL_F32, FALSE);
  nudged = run_pass (PL_F32, TRUE);
  found = run_pass (PL_BF16, FALSE);
  assert_near ("logits", found.logits, nudged.logits, exact.logits, BATCH * PIXELS);
  for (int i = 0; i < exact.net->n_parameters; i++)
    {
      const PlParameter *p = &exact.net->parameters[i];

      assert_near (p->name, found.gradients + p->offset, nudged.gradients + p->offset,
                   exact.gradients + p->offset, p->count);
    }
}

/* Half the memory, but for what is float32 in both. */
static void
test_memory (void)
{
  gsize exact, rounded;

  if (!has_bf16 ())
    return;
  exact = pl_unet_work_bytes (&shape, PL_F32, BATCH, 4 * SIDE, 4 * SIDE, FALSE);
  rounded = pl_unet_work_bytes (&shape, PL_BF16, BATCH, 4 * SIDE, 4 * SIDE, FALSE);
  g_assert_cmpuint (rounded, <, exact * 6 / 10);
}

static void
test_generic_has_none (void)
{
  g_autoptr (PlUNet) net = pl_unet_new (&shape, 3, NULL);
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (pl_unet_isa (), "generic"))
    {
      g_test_skip ("another instruction set is in use");
      return;
    }
  g_assert_false (pl_unet_set_precision (net, PL_BF16, &error));
  g_assert_error (error, PL_UNET_ERROR, PL_UNET_ERROR_ISA);
  g_assert_cmpint (net->precision, ==, PL_F32);
}

int
main (int argc, char *argv[])
{
  if (!test_start (&argc, &argv))
    return 0;
  make_batch ();
  g_test_add_func ("/unet/precision/pass", test_pass);
  g_test_add_func ("/unet/precision/memory", test_memory);
  g_test_add_func ("/unet/precision/generic-has-none", test_generic_has_none);
  return g_test_run ();
}
