/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pixels from floats and back: exact, but for the rounding to nearest, ties to even. */
#include "unet/kernels/check.h"

static gboolean
to_float_matches (const PlKernels *k, const RowCase *c, GRand *rand)
{
  g_auto (Pixels) x = { 0 };
  g_auto (Guarded) out = { 0 };

  pixels_init_row (&x, k->precision, rand, c->n, c->x_step, c->c);
  guarded_init_floats (&out, c->n * c->c);
  k->row_to_float (c->n, x.memory.b, c->x_step, c->c, out.f);
  for (gsize p = 0; p < c->n; p++)
    for (gsize i = 0; i < c->c; i++)
      if (out.f[p * c->c + i] != pixels_get (&x, 0, p, i))
        return FALSE;
  return TRUE;
}

static gboolean
from_float_matches (const PlKernels *k, const RowCase *c, GRand *rand)
{
  static const float special[] = { 0,          -0.0f,      1 + 0x1p-8f, 1 + 3 * 0x1p-8f,
                                   3.4e38f,    -3.4e38f,   INFINITY,    -INFINITY,
                                   0x1.ffp-2f, 0x1.fep-2f, 0x1p-126f };
  g_auto (Pixels) y = { 0 }, want = { 0 };
  g_auto (Guarded) in = { 0 };

  guarded_init_random (&in, rand, c->n * c->c);
  for (gsize i = 0; i < in.n; i += 3)
    in.f[i] = special[i / 3 % G_N_ELEMENTS (special)];
  pixels_init_row (&y, k->precision, rand, c->n, c->y_step, c->c);
  pixels_init_row (&want, k->precision, rand, c->n, c->y_step, c->c);
  for (gsize p = 0; p < c->n; p++)
    for (gsize i = 0; i < c->c; i++)
      pixels_set_value (&want, pixels_index (&want, 0, p, i), in.f[p * c->c + i]);
  k->row_from_float (c->n, in.f, c->c, y.memory.b, c->y_step);
  for (gsize i = 0; i < y.memory.n; i++)
    if (pixels_get_value (&y, i) != pixels_get_value (&want, i))
      return FALSE;
  return TRUE;
}

static void
test_to_float (gconstpointer table)
{
  sweep (table, to_float_matches);
}

static void
test_from_float (gconstpointer table)
{
  sweep (table, from_float_matches);
}

/* What no row above has: a NaN stays one, however small its payload. */
static void
test_nan (gconstpointer table)
{
  const guint32 bits = 0x7f800001;
  float in[PL_CHANNEL_BLOCK], out[PL_CHANNEL_BLOCK] = { 0 };
  PlKernels k;

  if (!take_table (table, &k))
    return;

  g_auto (Pixels) y = { 0 };
  g_autoptr (GRand) rand = new_rand ();

  pixels_init_values (&y, k.precision, rand, PL_CHANNEL_BLOCK);
  for (int i = 0; i < PL_CHANNEL_BLOCK; i++)
    memcpy (&in[i], &bits, sizeof bits);
  k.row_from_float (1, in, PL_CHANNEL_BLOCK, y.memory.b, PL_CHANNEL_BLOCK);
  k.row_to_float (1, y.memory.b, PL_CHANNEL_BLOCK, PL_CHANNEL_BLOCK, out);
  for (int i = 0; i < PL_CHANNEL_BLOCK; i++)
    g_assert_true (isnan (out[i]));
}

static void
test_rounding (void)
{
  static const struct
  {
    float value;
    guint16 want;
  } cases[] = {
    { 1, 0x3f80 },
    { -1, 0xbf80 },
    { 1 + 0x1p-8f, 0x3f80 },                /* a tie, down to even */
    { 1 + 3 * 0x1p-8f, 0x3f82 },            /* a tie, up to even */
    { 1 + 0x1p-8f + 0x1p-23f, 0x3f81 },     /* just above a tie */
    { 1 + 3 * 0x1p-8f - 0x1p-23f, 0x3f81 }, /* just below one */
    { 0x1.ffp0f, 0x4000 },                  /* into the next power of two */
    { 3.4e38f, 0x7f80 },
    { -INFINITY, 0xff80 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmphex (pl_bf16_from_float (cases[i].value), ==, cases[i].want);
  for (guint bits = 0; bits <= 0xffff; bits++)
    if (!isnan (pl_bf16_to_float (bits)))
      g_assert_cmphex (pl_bf16_from_float (pl_bf16_to_float (bits)), ==, bits);
}

static PlKernels generic;

static void
to_float_without_gaps (size_t n, const void *x, size_t x_step, size_t c, float *out)
{
  generic.row_to_float (n, x, c, c, out);
}

static void
from_float_into_gap (size_t n, const float *in, size_t c, void *y, size_t y_step)
{
  generic.row_from_float (n, in, c, y, y_step);
  ((float *) y)[c] = 0;
}

static void
test_check_can_fail (void)
{
  const RowCase c = { 5, 32, 48, 48 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  g_assert_true (pl_kernels_for_isa (PL_ISA_GENERIC, PL_F32, &generic));

  const PlKernels broken = { .row_to_float = to_float_without_gaps,
                             .row_from_float = from_float_into_gap };

  g_assert_true (to_float_matches (&generic, &c, rand));
  g_assert_false (to_float_matches (&broken, &c, rand));
  g_assert_true (from_float_matches (&generic, &c, rand));
  g_assert_false (from_float_matches (&broken, &c, rand));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/convert/check-can-fail", test_check_can_fail);
  g_test_add_func ("/kernels/convert/rounding", test_rounding);
  add_for_each_table ("/kernels/convert/to-float", test_to_float);
  add_for_each_table ("/kernels/convert/from-float", test_from_float);
  add_for_each_table ("/kernels/convert/nan", test_nan);
  return g_test_run ();
}
