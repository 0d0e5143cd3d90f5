/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels of AMX on a processor that may not have it: amx.c compiled against amx-emulation.h,
 * compared with sums in double. It still needs AVX512_BF16. */
#include "unet/kernels/check.h"

/* pl_kernels_fill_amx() under another name */
void pl_kernels_fill_emulated_amx (PlKernels *k);

typedef struct
{
  gsize rows;
  gsize n;
  int side;
  gsize ci;
  gsize co;
  gsize gap; /* between pixels of both, and behind their rows */
  gboolean bias;
} Case;

/* What a tap's pixel @p of row @r is at side 2 is twice as far. */
static gsize
spread (const Case *c)
{
  return c->side == 2 ? 2 : 1;
}

static void
pixels_init (Pixels *self, const Case *c, gsize rows, gsize n, gsize channels, GRand *rand)
{
  const gsize step = channels + c->gap;

  *self = (Pixels){ PL_BF16, rows, MAX (n, 1) * step + c->gap, n, step, channels, { 0 } };
  pixels_fill (self, rand);
}

static void
input_init (Pixels *x, const Case *c, GRand *rand)
{
  const gsize border = c->side == 3 ? 2 : 0;

  pixels_init (x, c, c->rows * spread (c) + border, c->n * spread (c) + border, c->ci, rand);
}

static double
tap_value (const Case *c, const Pixels *x, int t, gsize r, gsize p, gsize i)
{
  return pixels_get (x, r * spread (c) + t / c->side, p * spread (c) + t % c->side, i);
}

typedef struct
{
  double value;
  double size; /* the sum of what is added, without signs */
} Sum;

static void
add_term (Sum *sum, double term)
{
  sum->value += term;
  sum->size += fabs (term);
}

/* y[o], of one pixel; w is [t][i][o]. */
static void
sum_pixel (const Case *c, const Pixels *x, const Pixels *w, gsize r, gsize p, Sum *sums)
{
  gsize weight = 0;

  for (int t = 0; t < c->side * c->side; t++)
    for (gsize i = 0; i < c->ci; i++)
      {
        const double value = tap_value (c, x, t, r, p, i);

        for (gsize o = 0; o < c->co; o++)
          add_term (&sums[o], value * pixels_get_value (w, weight++));
      }
}

static void
pack (const PlKernels *k, const Case *c, const Pixels *w, Pixels *packed)
{
  const gsize taps = c->side * c->side;
  gsize weight = 0;

  for (gsize t = 0; t < taps; t++)
    for (gsize i = 0; i < c->ci; i++)
      for (gsize o = 0; o < c->co; o++)
        pixels_set_value (packed, pl_packed_index (k, taps, c->ci, c->co, t, i, o),
                          pixels_get_value (w, weight++));
}

static PlProduct
make_product (const Case *c, const Pixels *x, const Pixels *w, const Guarded *bias, const Pixels *y)
{
  PlProduct product = {
    .rows = c->rows,
    .n = c->n,
    .n_taps = c->side * c->side,
    .x_stride = x->stride * spread (c),
    .x_step = x->step * spread (c),
    .ci = c->ci,
    .w = w->memory.b,
    .bias = c->bias ? bias->f : NULL,
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
  const gsize terms = c->side * c->side * c->ci;
  const double relative = rounding (terms + 2);
  g_auto (Pixels) x = { 0 }, w = { 0 }, packed = { 0 }, y = { 0 };
  g_auto (Guarded) bias = { 0 };
  g_autofree Sum *sums = g_new (Sum, c->co);

  input_init (&x, c, rand);
  pixels_init (&y, c, c->rows, c->n, c->co, rand);
  pixels_init_values (&w, PL_BF16, rand, terms * c->co);
  pixels_init_values (&packed, PL_BF16, rand, terms * c->co);
  pack (k, c, &w, &packed);
  guarded_init_random (&bias, rand, c->co);

  const PlProduct product = make_product (c, &x, &packed, &bias, &y);

  k->product (&product);
  for (gsize r = 0; r < c->rows; r++)
    for (gsize p = 0; p < c->n; p++)
      {
        for (gsize o = 0; o < c->co; o++)
          sums[o] = c->bias ? (Sum){ bias.f[o], fabsf (bias.f[o]) } : (Sum){ 0 };
        sum_pixel (c, &x, &w, r, p, sums);
        for (gsize o = 0; o < c->co; o++)
          if (!is_near (pixels_get (&y, r, p, o), sums[o].value,
                        stored (PL_BF16, sums[o].value, relative * sums[o].size)))
            return FALSE;
      }
  return gaps_are_whole (&y);
}

/* Adds to @sums what one pixel of tap @t does; they are [co][ci]. */
static void
sum_weights (const Case *c, const Pixels *x, const Pixels *dy, int t, gsize r, gsize p, Sum *sums)
{
  for (gsize o = 0; o < c->co; o++)
    for (gsize i = 0; i < c->ci; i++)
      add_term (sums++, tap_value (c, x, t, r, p, i) * pixels_get (dy, r, p, o));
}

static gboolean
weight_product_matches (const PlKernels *k, const Case *c, GRand *rand)
{
  const gsize taps = c->side * c->side;
  const double relative = rounding (c->rows * (c->n + 1) + 33); /* with what is padding */
  g_auto (Pixels) x = { 0 }, dy = { 0 };
  g_auto (Guarded) dw = { 0 }, scratch = { 0 };
  g_autofree Sum *sums = g_new (Sum, taps * c->co * c->ci);

  input_init (&x, c, rand);
  pixels_init (&dy, c, c->rows, c->n, c->co, rand);
  guarded_init_random (&dw, rand, taps * c->co * c->ci);
  guarded_init_floats (&scratch, k->weight_product_scratch (c->rows, c->n, c->side, c->ci, c->co) /
                                     sizeof (float));
  for (gsize j = 0; j < dw.n; j++)
    sums[j] = (Sum){ dw.f[j], fabsf (dw.f[j]) };

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
  for (gsize t = 0; t < taps; t++)
    for (gsize r = 0; r < c->rows; r++)
      for (gsize p = 0; p < c->n; p++)
        sum_weights (c, &x, &dy, t, r, p, sums + t * c->co * c->ci);
  for (gsize j = 0; j < dw.n; j++)
    if (!is_near (dw.f[j], sums[j].value, relative * sums[j].size))
      return FALSE;
  return TRUE;
}

typedef gboolean (*Check) (const PlKernels *k, const Case *c, GRand *rand);

/* FALSE, with the test skipped, without AVX512_BF16. */
static gboolean
take_emulated (PlKernels *k)
{
  if (!pl_kernels_for_isa (PL_ISA_AVX512, PL_BF16, k))
    {
      g_test_skip ("this processor or this build does not have AVX512_BF16");
      return FALSE;
    }
  pl_kernels_fill_emulated_amx (k);
  return TRUE;
}

static void
check_case (Check matches, const PlKernels *k, const Case *c, GRand *rand)
{
  if (matches (k, c, rand))
    return;
  g_test_message ("rows %zu, n %zu, side %d, ci %zu, co %zu, gap %zu, bias %d", c->rows, c->n,
                  c->side, c->ci, c->co, c->gap, c->bias);
  g_test_fail ();
}

/* Every n up to 44 with every co up to 80; what is left varies along. The large ones have rows of
 * many tiles, or more pixels than the weight product sums at once. */
static void
check_cases (Check matches)
{
  static const Case large[] = {
    { 2, 257, 3, 16, 32, 0, TRUE },  { 9, 64, 3, 32, 48, 16, FALSE },
    { 1, 1041, 1, 48, 32, 0, TRUE }, { 16, 16, 2, 32, 64, 32, TRUE },
    { 4, 8, 3, 160, 96, 0, FALSE },
  };
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;
  gsize variant = 0;

  if (!take_emulated (&k))
    return;
  for (gsize n = 0; n <= 44; n++)
    for (gsize co = 16; co <= 80; co += 16, variant++)
      {
        const Case c = { variant % 5,
                         n,
                         1 + (int) (variant % 3),
                         16 + 16 * (variant / 3 % 4),
                         co,
                         16 * (variant / 2 % 3),
                         variant % 2 };

        check_case (matches, &k, &c, rand);
      }
  for (gsize i = 0; i < G_N_ELEMENTS (large); i++)
    check_case (matches, &k, &large[i], rand);
}

static void
test_product (void)
{
  check_cases (product_matches);
}

static void
test_weight_product (void)
{
  check_cases (weight_product_matches);
}

/* Which rows and which blocks of output channels a thread computes must not change a bit. */
static void
test_product_in_parts (void)
{
  const Case c = { 5, 23, 3, 48, 80, 16, TRUE };
  const gsize terms = 9 * c.ci;
  g_autoptr (GRand) rand = new_rand ();
  g_auto (Pixels) x = { 0 }, w = { 0 }, whole = { 0 }, parts = { 0 };
  g_auto (Guarded) bias = { 0 };
  PlKernels k;

  if (!take_emulated (&k))
    return;
  input_init (&x, &c, rand);
  pixels_init_values (&w, PL_BF16, rand, terms * c.co);
  pixels_init (&whole, &c, c.rows, c.n, c.co, rand);
  pixels_init (&parts, &c, c.rows, c.n, c.co, rand);
  guarded_init_random (&bias, rand, c.co);

  PlProduct product = make_product (&c, &x, &w, &bias, &whole);

  k.product (&product);
  product.rows = 1;
  for (gsize r = 0; r < c.rows; r++)
    for (gsize o = 0; o < c.co; o += k.co_block)
      {
        for (int t = 0; t < product.n_taps; t++)
          product.x[t] = pixels_at (&x, r + t / c.side, t % c.side);
        product.w = (guint16 *) w.memory.b + o * terms;
        product.bias = bias.f + o;
        product.co = MIN (k.co_block, c.co - o);
        product.y = (guint16 *) pixels_at (&parts, r, 0) + o;
        k.product (&product);
      }
  g_assert_cmpmem (whole.memory.b, whole.memory.n * sizeof (guint16), parts.memory.b,
                   parts.memory.n * sizeof (guint16));
}

static PlKernels sound;

static void
product_without_last_row (const PlProduct *p)
{
  PlProduct broken = *p;

  broken.rows--;
  sound.product (&broken);
}

static void
product_without_bias (const PlProduct *p)
{
  PlProduct broken = *p;

  broken.bias = NULL;
  sound.product (&broken);
}

static void
product_into_gap (const PlProduct *p)
{
  sound.product (p);
  ((guint16 *) p->y)[p->co] = 0;
}

static void
product_two_units_off (const PlProduct *p)
{
  sound.product (p);
  *(guint16 *) p->y += 2;
}

static void
weight_product_without_last_pixel (const PlWeightProduct *p)
{
  PlWeightProduct broken = *p;

  broken.n--;
  sound.weight_product (&broken);
}

static void
weight_product_that_sets (const PlWeightProduct *p)
{
  memset (p->dw, 0, p->side * p->side * p->co * p->ci * sizeof *p->dw);
  sound.weight_product (p);
}

static void
test_check_can_fail (void)
{
  static const PlProductKernel products[] = { product_without_last_row, product_without_bias,
                                              product_into_gap, product_two_units_off };
  static const PlWeightProductKernel weight_products[] = { weight_product_without_last_pixel,
                                                           weight_product_that_sets };
  const Case c = { 2, 5, 3, 16, 48, 16, TRUE };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  if (!take_emulated (&sound))
    return;
  g_assert_true (product_matches (&sound, &c, rand));
  g_assert_true (weight_product_matches (&sound, &c, rand));
  for (gsize i = 0; i < G_N_ELEMENTS (products); i++)
    {
      PlKernels broken = sound;

      broken.product = products[i];
      g_assert_false (product_matches (&broken, &c, rand));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (weight_products); i++)
    {
      PlKernels broken = sound;

      broken.weight_product = weight_products[i];
      g_assert_false (weight_product_matches (&broken, &c, rand));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/amx/check-can-fail", test_check_can_fail);
  g_test_add_func ("/kernels/amx/product", test_product);
  g_test_add_func ("/kernels/amx/product-in-parts", test_product_in_parts);
  g_test_add_func ("/kernels/amx/weight-product", test_weight_product);
  return g_test_run ();
}
