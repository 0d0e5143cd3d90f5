/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The weight product against sums in double. */
#include "unet/kernels/product-cases.h"

static gsize
find_gradient (const PlKernels *k, const Case *c, gsize t, gsize i, gsize o)
{
  return k->gradient_co_first ? (t * c->co + o) * c->ci + i : (t * c->ci + i) * c->co + o;
}

static void
sum_gradient (const PlKernels *k,
              const Case *c,
              const Pixels *x,
              const Pixels *dy,
              const float *start,
              Sums *sums)
{
  g_autofree double *d = g_new (double, c->co);

  for (gsize at = 0; at < count_taps (c) * c->ci * c->co; at++)
    sums_add (sums, at, start[at]);
  for (gsize row = 0; row < c->rows; row++)
    for (gsize p = 0; p < c->n; p++)
      {
        for (gsize o = 0; o < c->co; o++)
          d[o] = pixels_get (dy, row, p, o);
        for (gsize t = 0; t < count_taps (c); t++)
          for (gsize i = 0; i < c->ci; i++)
            {
              const double v = get_input (c, x, t, row, p, i);

              for (gsize o = 0; o < c->co; o++)
                sums_add (sums, find_gradient (k, c, t, i, o), v * d[o]);
            }
      }
}

static gboolean
gradient_matches (const PlKernels *k, const Case *c, GRand *rand)
{
  const gsize terms = c->rows * c->n;
  const gsize scratch_size = k->weight_product_scratch (c->rows, c->n, c->side, c->ci, c->co);
  g_auto (Pixels) x = { 0 }, dy = { 0 };
  g_auto (Guarded) dw = { 0 }, scratch = { 0 };
  g_auto (Sums) sums = { 0 };

  init_input (&x, k->precision, c, rand);
  init_output (&dy, k->precision, c, rand);
  guarded_init_random (&dw, rand, count_taps (c) * c->ci * c->co);
  guarded_init (&scratch, (scratch_size + 63) / 64 * 64, 1);
  memset (scratch.b, 0xff, scratch.n); /* NaN in either precision */
  sums_init (&sums, dw.n);
  sum_gradient (k, c, &x, &dy, dw.f, &sums);

  const PlWeightProduct product = {
    .rows = c->rows,
    .n = c->n,
    .side = c->side,
    .x = x.memory.b,
    .x_stride = x.stride,
    .x_step = x.step,
    .ci = c->ci,
    .dy = dy.memory.b,
    .dy_stride = dy.stride,
    .dy_step = dy.step,
    .co = c->co,
    .dw = dw.f,
    .scratch = scratch.b,
  };

  k->weight_product (&product);
  for (gsize at = 0; at < dw.n; at++)
    if (!is_near (dw.f[at], sums.want[at], rounding (terms + 1) * sums.size[at] + terms * DENORMAL))
      return FALSE;
  return TRUE;
}

static void
test_weight_product (gconstpointer table)
{
  check_cases (table, gradient_matches);
}

static PlKernels good; /* what a broken kernel is made of */

static void
gradient_without_last_pixel (const PlWeightProduct *product)
{
  PlWeightProduct other = *product;

  other.n--;
  good.weight_product (&other);
}

static void
gradient_without_last_row (const PlWeightProduct *product)
{
  PlWeightProduct other = *product;

  other.rows--;
  good.weight_product (&other);
}

static void
gradient_of_eight_taps (const PlWeightProduct *product)
{
  const gsize size = product->ci * product->co * sizeof (float);
  float *last = product->dw + 8 * product->ci * product->co;
  g_autofree float *before = g_memdup2 (last, size);

  good.weight_product (product);
  memcpy (last, before, size);
}

static void
gradient_that_sets (const PlWeightProduct *product)
{
  memset (product->dw, 0,
          product->side * product->side * product->ci * product->co * sizeof (float));
  good.weight_product (product);
}

static void
test_check_can_fail (gconstpointer table)
{
  static const PlWeightProductKernel broken[] = {
    gradient_without_last_pixel,
    gradient_without_last_row,
    gradient_of_eight_taps,
    gradient_that_sets,
  };
  const Case c = { 2, 5, 3, 16, 48, 16, 64, 16, TRUE };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  PlKernels k;

  if (!take_table (table, &good))
    return;
  k = good;
  g_assert_true (gradient_matches (&k, &c, rand));
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      k.weight_product = broken[i];
      g_assert_false (gradient_matches (&k, &c, rand));
    }
  k = good;
  k.gradient_co_first = !k.gradient_co_first;
  g_assert_false (gradient_matches (&k, &c, rand));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_for_each_table ("/kernels/weight-product/check-can-fail", test_check_can_fail);
  add_for_each_table ("/kernels/weight-product/sums", test_weight_product);
  return g_test_run ();
}
