/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring: what is listed, and that it leaves no traces. How long a layer takes is for
 * `pleura-cli bench`: here the times only have to be times. */
#include "unet/measure.h"

#include <string.h>

#include "layer.h"
#include "start.h"

enum
{
  BATCH = 2,
  SIDE = 64,
  FINE = BATCH * SIDE * SIDE, /* pixels */
  COARSE = FINE / 4,
};

#define TIMES_AS_FAST 100 /* whatever else the machine does meanwhile */

static const PlUNetShape shape = { .in_channels = 1, .classes = 1, .base = 16, .depth = 1 };

static const char *const first_kernels[] = {
  "forward", "weight gradient", "normalisation", "normalisation backward", NULL,
};
static const char *const unit_kernels[] = {
  "forward", "weight gradient", "data gradient", "normalisation", "normalisation backward", NULL,
};
static const char *const pool_kernels[] = { "pooling backward", NULL };
static const char *const up_kernels[] = { "forward", "weight gradient", "data gradient", NULL };

/* The network of that shape, by hand. */
static const struct
{
  const char *name;
  const char *const *kernels;
  double multiply_adds;
} layers[] = {
  { "enc.0.conv.0", first_kernels, 9.0 * 1 * 16 * FINE },
  { "enc.0.conv.1", unit_kernels, 9.0 * 16 * 16 * FINE },
  { "pool.0", pool_kernels, 0 },
  { "enc.1.conv.0", unit_kernels, 9.0 * 16 * 32 * COARSE },
  { "enc.1.conv.1", unit_kernels, 9.0 * 32 * 32 * COARSE },
  { "up.0", up_kernels, 4.0 * 32 * 16 * COARSE },
  { "dec.0.conv.0", unit_kernels, 9.0 * (16 + 16) * 16 * FINE },
  { "dec.0.conv.1", unit_kernels, 9.0 * 16 * 16 * FINE },
};

/* A network, and the memory of its passes. */
typedef struct
{
  PlUNet *net;
  PlUNetWork *work;
} Setup;

static void
setup_clear (Setup *setup)
{
  pl_unet_free (setup->net);
  pl_unet_work_free (setup->work);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Setup, setup_clear)

static Setup
setup_new (const TestRig *rig)
{
  Setup setup = { .net = pl_unet_new (&shape, 3, NULL) };

  g_assert_true (pl_unet_set_precision (setup.net, rig->kernels->precision, NULL));
  setup.work = pl_unet_work_new (setup.net, BATCH, SIDE, SIDE, TRUE, NULL);
  return setup;
}

/* Every kernel of every layer once, and nothing else. */
static void
test_list (gconstpointer precision)
{
  g_autoptr (GArray) times = NULL;
  g_auto (Setup) setup = { 0 };
  TestRig rig;
  guint next = 0;

  if (!test_rig_init (&rig, precision))
    return;
  setup = setup_new (&rig);
  times = pl_unet_measure_layers (setup.net, setup.work, 0, NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (layers); i++)
    for (const char *const *kernel = layers[i].kernels; *kernel != NULL; kernel++)
      {
        const PlLayerTime *time = &g_array_index (times, PlLayerTime, next);
        gboolean multiplies = !g_str_has_prefix (*kernel, "normalisation");

        g_assert_cmpuint (next++, <, times->len);
        g_assert_cmpstr (time->layer, ==, layers[i].name);
        g_assert_cmpstr (time->kernel, ==, *kernel);
        g_assert_cmpfloat (time->flops, ==, multiplies ? 2 * layers[i].multiply_adds : 0);
        g_assert_cmpfloat (time->seconds, >, 0);
      }
  g_assert_cmpuint (next, ==, times->len);
}

static const PlLayerTime *
find_time (GArray *times, const char *layer, const char *kernel)
{
  for (guint i = 0; i < times->len; i++)
    {
      const PlLayerTime *time = &g_array_index (times, PlLayerTime, i);

      if (g_str_equal (time->layer, layer) && g_str_equal (time->kernel, kernel))
        return time;
    }
  g_assert_not_reached ();
}

/* Of an upper convolution of 32 channels to 16, and what follows it. */
static void
test_bytes (gconstpointer precision)
{
  g_autoptr (GArray) times = NULL;
  g_auto (Setup) setup = { 0 };
  TestRig rig;
  double pixel;

  if (!test_rig_init (&rig, precision))
    return;
  setup = setup_new (&rig);
  times = pl_unet_measure_layers (setup.net, setup.work, 0, NULL, NULL);
  pixel = rig.kernels->precision == PL_F32 ? 4 * 16 : 2 * 16;
  g_assert_cmpfloat (find_time (times, "dec.0.conv.0", "forward")->bytes, ==, 3 * pixel * FINE);
  g_assert_cmpfloat (find_time (times, "dec.0.conv.0", "data gradient")->bytes, ==,
                     3 * pixel * FINE);
  g_assert_cmpfloat (find_time (times, "dec.0.conv.0", "normalisation")->bytes, ==,
                     2 * pixel * FINE);
  g_assert_cmpfloat (find_time (times, "dec.0.conv.0", "normalisation backward")->bytes, ==,
                     3 * pixel * FINE);
  g_assert_cmpfloat (find_time (times, "pool.0", "pooling backward")->bytes, ==,
                     (2 * FINE + COARSE) * pixel);
  g_assert_cmpfloat (find_time (times, "up.0", "forward")->bytes, ==, (2 * COARSE + FINE) * pixel);
}

static gboolean
count_down_cb (gpointer data)
{
  int *left = data;

  return --*left > 0;
}

/* The last question is the one that is answered with no. */
static void
test_stop (gconstpointer precision)
{
  TestRig rig;

  if (!test_rig_init (&rig, precision))
    return;
  for (int asked = 1; asked <= 12; asked += 11)
    {
      g_auto (Setup) setup = setup_new (&rig);
      g_autoptr (GArray) times = NULL;
      int left = asked;

      times = pl_unet_measure_layers (setup.net, setup.work, 0, count_down_cb, &left);
      g_assert_cmpint (left, ==, 0);
      g_assert_cmpuint (times->len, ==, asked - 1);
    }
}

/* Logits and gradients of a pass over the same images: g_free(). */
static float *
run_pass (Setup *setup)
{
  g_autofree float *images = g_new (float, FINE);
  g_autofree guint8 *labels = g_new (guint8, FINE);
  float *found = g_new (float, FINE + setup->net->n_weights);
  PlLossSums sums = { 0 };
  PlRandom random;

  pl_random_init (&random, 5, 0);
  for (int p = 0; p < FINE; p++)
    {
      images[p] = (float) pl_random_normal (&random);
      labels[p] = (guint8) pl_random_below (&random, 2);
    }
  memcpy (found, pl_unet_forward (setup->net, setup->work, images, BATCH, NULL, NULL),
          FINE * sizeof (float));
  pl_unet_backward (setup->net, setup->work, labels, PL_LOSS_BOTH, BATCH, &sums, NULL, NULL);
  memcpy (found + FINE, pl_unet_work_gradients (setup->work),
          setup->net->n_weights * sizeof (float));
  return found;
}

/* A pass after measuring, all of it or some, is as if nothing had been. */
static void
test_trains_afterwards (gconstpointer precision)
{
  TestRig rig;

  if (!test_rig_init (&rig, precision))
    return;
  for (int asked = 9; asked <= 99; asked += 90)
    {
      g_auto (Setup) setup = setup_new (&rig);
      g_autofree float *before = run_pass (&setup);
      g_autofree float *after = NULL;
      int left = asked;

      g_array_unref (pl_unet_measure_layers (setup.net, setup.work, 0, count_down_cb, &left));
      after = run_pass (&setup);
      g_assert_cmpmem (after, (FINE + setup.net->n_weights) * sizeof (float), before,
                       (FINE + setup.net->n_weights) * sizeof (float));
    }
}

static void
test_peak (gconstpointer precision)
{
  g_autoptr (GArray) times = NULL;
  g_auto (Setup) setup = { 0 };
  TestRig rig;
  double peak;

  if (!test_rig_init (&rig, precision))
    return;
  setup = setup_new (&rig);
  times = pl_unet_measure_layers (setup.net, setup.work, 0, NULL, NULL);
  peak = pl_unet_measure_peak (rig.kernels->precision);
  g_assert_cmpfloat (peak, >, 0);
  for (guint i = 0; i < times->len; i++)
    {
      const PlLayerTime *time = &g_array_index (times, PlLayerTime, i);

      g_assert_cmpfloat (time->flops / time->seconds, <, TIMES_AS_FAST * peak);
    }
}

int
main (int argc, char *argv[])
{
  if (!test_start (&argc, &argv))
    return 0;
  test_add_for_each_precision ("/unet/measure/list", test_list);
  test_add_for_each_precision ("/unet/measure/bytes", test_bytes);
  test_add_for_each_precision ("/unet/measure/stop", test_stop);
  test_add_for_each_precision ("/unet/measure/trains-afterwards", test_trains_afterwards);
  test_add_for_each_precision ("/unet/measure/peak", test_peak);
  return g_test_run ();
}
