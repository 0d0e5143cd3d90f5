/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The products against sums in double. Taps lie as the layers have them: nine over rows with a
 * border, four over rows of twice the pixels, one. */
#include "unet/kernels/check.h"

typedef struct
{
  gsize rows;
  gsize n;
  int side;
  gsize ci;
  gsize co;
  gsize x_step;
  gsize y_step; /* of the output, or of its gradient */
  gsize row_gap;
  gboolean has_bias;
} Case;

/* How far apart the input pixels of neighbouring output pixels are. */
static gsize
find_spacing (const Case *c)
{
  return c->side == 2 ? 2 : 1;
}

static gsize
count_taps (const Case *c)
{
  return c->side * c->side;
}

static void
init_strip (Pixels *self,
            PlPrecision precision,
            GRand *rand,
            gsize rows,
            gsize n,
            gsize step,
            gsize channels,
            gsize row_gap)
{
  *self = (Pixels){ precision, rows, MAX (n, 1) * step + row_gap, n, step, channels, { 0 } };
  pixels_fill (self, rand);
}

static void
init_input (Pixels *self, PlPrecision precision, const Case *c, GRand *rand)
{
  const gsize border = c->side == 3 ? 2 : 0;

  init_strip (self, precision, rand, c->rows * find_spacing (c) + border,
              c->n * find_spacing (c) + border, c->x_step, c->ci, c->row_gap);
}

static void
init_output (Pixels *self, PlPrecision precision, const Case *c, GRand *rand)
{
  init_strip (self, precision, rand, c->rows, c->n, c->y_step, c->co, c->row_gap);
}

/* What tap @t of output pixel (row, p) has in channel i. */
static double
get_input (const Case *c, const Pixels *x, gsize t, gsize row, gsize p, gsize i)
{
  return pixels_get (x, row * find_spacing (c) + t / c->side, p * find_spacing (c) + t % c->side,
                     i);
}

/* Values that should come out, and the sum of what was added without signs. */
typedef struct
{
  double *want;
  double *size;
} Sums;

static void
sums_init (Sums *self, gsize n)
{
  self->want = g_new0 (double, n);
  self->size = g_new0 (double, n);
}

static void
sums_clear (Sums *self)
{
  g_free (self->want);
  g_free (self->size);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sums, sums_clear)

static void
sums_add (Sums *self, gsize at, double term)
{
  self->want[at] += term;
  self->size[at] += fabs (term);
}

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

/* Every n up to 44 with every co, all of ci, side and rows along with them, and some that are
 * large. */
static GArray *
make_cases (void)
{
  static const Case large[] = {
    { 2, 257, 3, 16, 32, 16, 32, 0, FALSE },   { 1, 131, 3, 80, 96, 80, 112, 16, TRUE },
    { 16, 16, 3, 272, 64, 272, 64, 0, FALSE }, { 3, 301, 2, 96, 80, 96, 96, 0, TRUE },
    { 1, 512, 1, 32, 48, 32, 48, 0, FALSE },   { 70, 3, 1, 1024, 32, 1024, 48, 32, TRUE },
    { 0, 5, 3, 16, 16, 16, 16, 0, FALSE },
  };
  GArray *cases = g_array_new (FALSE, FALSE, sizeof (Case));
  gsize k = 0;

  for (gsize n = 0; n <= 44; n++)
    for (gsize block = 0; block < 6; block++, k++)
      {
        const gsize ci = 16 * (1 + (n + n / 18 + block) % 6);
        const gsize co = 16 * (1 + block);
        const Case c = { 1 + (k + k / 30) % 5,
                         n,
                         1 + n / 6 % 3,
                         ci,
                         co,
                         ci + 16 * (k / 2 % 2),
                         co + 16 * (k / 3 % 3),
                         16 * (k / 5 % 2),
                         k / 7 % 2 };

        g_array_append_val (cases, c);
      }
  g_array_append_vals (cases, large, G_N_ELEMENTS (large));
  return cases;
}

typedef gboolean (*ProductCheck) (const PlKernels *k, const Case *c, GRand *rand);

static void
check_cases (gconstpointer table, ProductCheck matches)
{
  g_autoptr (GArray) cases = make_cases ();
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;

  if (!take_table (table, &k))
    return;
  for (guint i = 0; i < cases->len; i++)
    {
      const Case *c = &g_array_index (cases, Case, i);

      if (!matches (&k, c, rand))
        {
          g_test_message ("rows %zu, n %zu, side %d, ci %zu, co %zu, steps %zu and %zu, bias %d",
                          c->rows, c->n, c->side, c->ci, c->co, c->x_step, c->y_step, c->has_bias);
          g_test_fail ();
        }
    }
}

static void
test_product (gconstpointer table)
{
  check_cases (table, product_matches);
}

static void
test_weight_product (gconstpointer table)
{
  check_cases (table, gradient_matches);
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
assert_products_can_fail (const Case *c, GRand *rand)
{
  static const PlProductKernel broken[] = {
    product_without_last_pixel, product_without_last_row, product_without_bias,
    product_into_gap,           product_with_wrong_bits,
  };
  PlKernels k = good;

  g_assert_true (product_matches (&k, c, rand));
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      k.product = broken[i];
      g_assert_false (product_matches (&k, c, rand));
    }
  k = good;
  k.co_block /= 4;
  g_assert_false (product_matches (&k, c, rand));
  k = good;
  k.ci_block = 3 - k.ci_block;
  g_assert_false (product_matches (&k, c, rand));
}

static void
assert_gradients_can_fail (const Case *c, GRand *rand)
{
  static const PlWeightProductKernel broken[] = {
    gradient_without_last_pixel,
    gradient_without_last_row,
    gradient_of_eight_taps,
  };
  PlKernels k = good;

  g_assert_true (gradient_matches (&k, c, rand));
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      k.weight_product = broken[i];
      g_assert_false (gradient_matches (&k, c, rand));
    }
  k = good;
  k.gradient_co_first = !k.gradient_co_first;
  g_assert_false (gradient_matches (&k, c, rand));
}

static void
test_check_can_fail (gconstpointer table)
{
  const Case c = { 2, 5, 3, 16, 48, 16, 64, 16, TRUE };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  if (!take_table (table, &good))
    return;
  assert_products_can_fail (&c, rand);
  assert_gradients_can_fail (&c, rand);
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
  add_for_each_table ("/kernels/product/weight-gradient", test_weight_product);
  return g_test_run ();
}
