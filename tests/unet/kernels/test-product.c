/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The product against sums in double. */
#include "unet/kernels/product-cases.h"

/* Random weights that the precision has exactly. */
static void
init_weights (Guarded *self, PlPrecision precision, gsize n, GRand *rand)
{
  guarded_init_random (self, rand, n);
  for (gsize i = 0; i < n && precision == PL_BF16; i++)
    self->f[i] = pl_bf16_to_float (pl_bf16_from_float (self->f[i]));
}

/* sums (co) of one output pixel; w is [t][i][o]. */
static void
sum_product (const Case *c,
             const Pixels *x,
             const float *w,
             const float *bias,
             gsize row,
             gsize p,
             Sums *sums)
{
  for (gsize o = 0; o < c->co; o++)
    sums->want[o] = sums->size[o] = 0;
  for (gsize o = 0; o < c->co && c->has_bias; o++)
    sums_add (sums, o, bias[o]);
  for (gsize t = 0; t < count_taps (c); t++)
    for (gsize i = 0; i < c->ci; i++)
      {
        const double v = get_input (c, x, t, row, p, i);

        for (gsize o = 0; o < c->co; o++)
          sums_add (sums, o, v * w[(t * c->ci + i) * c->co + o]);
      }
}

static void
pack (const PlKernels *k, const Case *c, const float *w, Pixels *packed)
{
  const gsize taps = count_taps (c);

  for (gsize t = 0; t < taps; t++)
    for (gsize i = 0; i < c->ci; i++)
      for (gsize o = 0; o < c->co; o++)
        pixels_set_value (packed, pl_packed_index (k, taps, c->ci, c->co, t, i, o),
                          w[(t * c->ci + i) * c->co + o]);
}

static PlProduct
make_product (const Case *c, const Pixels *x, const Pixels *packed, const float *bias, Pixels *y)
{
  PlProduct product = {
    .rows = c->rows,
    .n = c->n,
    .n_taps = c->side * c->side,
    .x_stride = find_spacing (c) * x->stride,
    .x_step = find_spacing (c) * x->step,
    .ci = c->ci,
    .w = packed->memory.b,
    .bias = c->has_bias ? bias : NULL,
    .co = c->co,
    .y = y->memory.b,
    .y_stride = y->stride,
    .y_step = y->step,
  };

  for (int t = 0; t < product.n_taps; t++)
    product.x[t] = pixels_at (x, t / c->side, t % c->side);
  return product;
}

static gboolean
product_matches (const PlKernels *k, const Case *c, GRand *rand)
{
  const gsize terms = count_taps (c) * c->ci;
  g_auto (Pixels) x = { 0 }, packed = { 0 }, y = { 0 };
  g_auto (Guarded) w = { 0 }, bias = { 0 };
  g_auto (Sums) sums = { 0 };

  init_input (&x, k->precision, c, rand);
  init_output (&y, k->precision, c, rand);
  init_weights (&w, k->precision, terms * c->co, rand);
  pixels_init_values (&packed, k->precision, rand, terms * c->co);
  pack (k, c, w.f, &packed);
  guarded_init_random (&bias, rand, c->co);
  sums_init (&sums, c->co);

  const PlProduct product = make_product (c, &x, &packed, bias.f, &y);

  k->product (&product);
  for (gsize row = 0; row < c->rows; row++)
    for (gsize p = 0; p < c->n; p++)
      {
        sum_product (c, &x, w.f, bias.f, row, p, &sums);
        for (gsize o = 0; o < c->co; o++)
          {
            const double want = sums.want[o];
            const double bound = rounding (terms + 1) * sums.size[o] + terms * DENORMAL;

            if (!is_near (pixels_get (&y, row, p, o), want, stored (k->precision, want, bound)))
              return FALSE;
          }
      }
  return gaps_are_whole (&y);
}

static void
test_product (gconstpointer table)
{
  check_cases (table, product_matches);
}

/* Threads share a convolution by rows and blocks of output channels: that must not change a bit. */
static void
test_product_in_parts (gconstpointer table)
{
  const Case c = { 5, 37, 3, 32, 176, 32, 176, 0, TRUE };
  g_autoptr (GRand) rand = new_rand ();
  g_auto (Pixels) x = { 0 }, packed = { 0 }, whole = { 0 }, parts = { 0 };
  g_auto (Guarded) bias = { 0 };
  PlKernels k;

  if (!take_table (table, &k))
    return;
  init_input (&x, k.precision, &c, rand);
  pixels_init_values (&packed, k.precision, rand, count_taps (&c) * c.ci * c.co);
  guarded_init_random (&bias, rand, c.co);
  init_output (&whole, k.precision, &c, rand);
  init_output (&parts, k.precision, &c, rand);

  PlProduct product = make_product (&c, &x, &packed, bias.f, &whole);

  k.product (&product);
  for (gsize row = 0, rows; row < c.rows; row += rows)
    for (gsize o = 0; o < c.co; o += k.co_block)
      {
        rows = MIN (1 + row, c.rows - row); /* 1, 2, 2 */
        product = make_product (&c, &x, &packed, bias.f + o, &parts);
        product.rows = rows;
        for (int t = 0; t < product.n_taps; t++)
          product.x[t] = pixels_at (&x, row + t / 3, t % 3);
        product.w = packed.memory.b + o * count_taps (&c) * c.ci * k.element_bytes;
        product.co = MIN (k.co_block, c.co - o);
        product.y = (guint8 *) pixels_at (&parts, row, 0) + o * k.element_bytes;
        k.product (&product);
      }
  g_assert_cmpmem (whole.memory.b, whole.memory.n * k.element_bytes, parts.memory.b,
                   parts.memory.n * k.element_bytes);
}

static PlKernels good; /* what a broken kernel is made of */

static void
product_without_last_pixel (const PlProduct *product)
{
  PlProduct other = *product;

  other.n--;
  good.product (&other);
}

static void
product_without_last_row (const PlProduct *product)
{
  PlProduct other = *product;

  other.rows--;
  good.product (&other);
}

static void
product_without_bias (const PlProduct *product)
{
  PlProduct other = *product;

  other.bias = NULL;
  good.product (&other);
}

static void
product_into_gap (const PlProduct *product)
{
  good.product (product);
  memset ((guint8 *) product->y + product->co * good.element_bytes, 0, good.element_bytes);
}

/* What bfloat16 would make of a float, and one bit more of a bfloat16. */
static void
product_with_wrong_bits (const PlProduct *product)
{
  good.product (product);
  if (good.precision == PL_F32)
    *(float *) product->y *= 1 + 0x1p-8f;
  else
    *(guint16 *) product->y += 2;
}

static void
test_check_can_fail (gconstpointer table)
{
  static const PlProductKernel broken[] = {
    product_without_last_pixel, product_without_last_row, product_without_bias,
    product_into_gap,           product_with_wrong_bits,
  };
  const Case c = { 2, 5, 3, 16, 48, 16, 64, 16, TRUE };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  PlKernels k;

  if (!take_table (table, &good))
    return;
  k = good;
  g_assert_true (product_matches (&k, &c, rand));
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      k.product = broken[i];
      g_assert_false (product_matches (&k, &c, rand));
    }
  k = good;
  k.co_block /= 4;
  g_assert_false (product_matches (&k, &c, rand));
  k = good;
  k.ci_block = 3 - k.ci_block;
  g_assert_false (product_matches (&k, &c, rand));
}

static void
test_guard_page (void)
{
  g_auto (Guarded) row = { 0 };

  guarded_init_floats (&row, 48);
  if (g_test_subprocess ())
    {
      *(volatile float *) &row.f[47] = 0;
      *(volatile float *) &row.f[48] = 0;
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/product/guard-page", test_guard_page);
  add_for_each_table ("/kernels/product/check-can-fail", test_check_can_fail);
  add_for_each_table ("/kernels/product/forward", test_product);
  add_for_each_table ("/kernels/product/in-parts", test_product_in_parts);
  return g_test_run ();
}
