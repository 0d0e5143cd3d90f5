/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 2×2 maximum: exact, the first of equal ones. Back, a sum is rounded once to the precision. */
#include "unet/kernels/check.h"

/* Few different values, so that many are equal and the first must be taken. */
static void
make_ties (Pixels *row)
{
  for (gsize k = 0; k < row->memory.n; k++)
    if (pixels_are_channel (row, k))
      pixels_set_value (row, k, roundf (2 * pixels_get_value (row, k)));
}

static gboolean
max_pool_matches_with (const PlKernels *k, const RowCase *c, gboolean with_which, GRand *rand)
{
  g_auto (Pixels) x0 = { 0 }, x1 = { 0 }, y = { 0 };
  g_auto (Guarded) which = { 0 };

  pixels_init_row (&x0, k->precision, rand, 2 * c->n, c->x_step, c->c);
  pixels_init_row (&x1, k->precision, rand, 2 * c->n, c->x_step, c->c);
  make_ties (&x0);
  make_ties (&x1);
  pixels_init_row (&y, k->precision, rand, c->n, c->y_step, c->c);
  guarded_init (&which, c->n * c->c, 1);
  k->row_max_pool (c->n, x0.memory.b, x1.memory.b, c->x_step, c->c, y.memory.b, c->y_step,
                   with_which ? which.b : NULL);
  for (gsize p = 0; p < c->n; p++)
    for (gsize i = 0; i < c->c; i++)
      {
        float want = -INFINITY;
        int first = 0;

        for (int q = 0; q < 4; q++)
          {
            const float x = pixels_get (q < 2 ? &x0 : &x1, 0, 2 * p + q % 2, i);

            if (x > want)
              {
                want = x;
                first = q;
              }
          }
        if (pixels_get (&y, 0, p, i) != want || (with_which && which.b[p * c->c + i] != first))
          return FALSE;
      }
  return gaps_are_whole (&y);
}

static gboolean
max_pool_matches (const PlKernels *k, const RowCase *c, GRand *rand)
{
  return max_pool_matches_with (k, c, FALSE, rand) && max_pool_matches_with (k, c, TRUE, rand);
}

static gboolean
max_pool_backward_matches (const PlKernels *k, const RowCase *c, GRand *rand)
{
  g_auto (Pixels) dy = { 0 }, dx0 = { 0 }, dx1 = { 0 }, want0 = { 0 }, want1 = { 0 };
  g_auto (Guarded) which = { 0 };
  Pixels *const dx[2] = { &dx0, &dx1 };
  Pixels *const want[2] = { &want0, &want1 };

  pixels_init_row (&dy, k->precision, rand, c->n, c->y_step, c->c);
  for (int row = 0; row < 2; row++)
    {
      pixels_init_row (dx[row], k->precision, rand, 2 * c->n, c->x_step, c->c);
      pixels_init_row (want[row], k->precision, rand, 2 * c->n, c->x_step, c->c);
      pixels_copy (want[row], dx[row]);
    }
  guarded_init (&which, c->n * c->c, 1);
  for (gsize i = 0; i < which.n; i++)
    which.b[i] = g_rand_int_range (rand, 0, 4);
  for (gsize p = 0; p < c->n; p++)
    for (gsize i = 0; i < c->c; i++)
      {
        const int first = which.b[p * c->c + i];
        Pixels *row = want[first / 2];
        const gsize at = pixels_index (row, 0, 2 * p + first % 2, i);

        pixels_set_value (row, at, pixels_get_value (row, at) + pixels_get (&dy, 0, p, i));
      }
  k->row_max_pool_backward (c->n, dy.memory.b, c->y_step, c->c, which.b, dx0.memory.b, dx1.memory.b,
                            c->x_step);
  for (int row = 0; row < 2; row++)
    for (gsize i = 0; i < want[row]->memory.n; i++)
      if (pixels_get_value (dx[row], i) != pixels_get_value (want[row], i))
        return FALSE;
  return TRUE;
}

static void
test_max_pool (gconstpointer table)
{
  sweep (table, max_pool_matches);
}

static void
test_max_pool_backward (gconstpointer table)
{
  sweep (table, max_pool_backward_matches);
}

static PlKernels generic;

/* Of equal ones it takes the last row's. */
static void
max_pool_upside_down (size_t n,
                      const void *x0,
                      const void *x1,
                      size_t x_step,
                      size_t c,
                      void *y,
                      size_t y_step,
                      uint8_t *which)
{
  generic.row_max_pool (n, x1, x0, x_step, c, y, y_step, which);
  for (size_t i = 0; which != NULL && i < n * c; i++)
    which[i] ^= 2;
}

static void
max_pool_backward_that_sets (size_t n,
                             const void *dy,
                             size_t dy_step,
                             size_t c,
                             const uint8_t *which,
                             void *dx0,
                             void *dx1,
                             size_t dx_step)
{
  for (size_t p = 0; p < n; p++)
    for (size_t i = 0; i < c; i++)
      {
        const int first = which[p * c + i];

        ((float *) (first < 2 ? dx0 : dx1))[(2 * p + first % 2) * dx_step + i] =
            ((const float *) dy)[p * dy_step + i];
      }
}

static void
test_check_can_fail (void)
{
  const RowCase c = { 5, 32, 48, 48 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  g_assert_true (pl_kernels_for_isa (PL_ISA_GENERIC, PL_F32, &generic));

  const PlKernels broken = { .row_max_pool = max_pool_upside_down,
                             .row_max_pool_backward = max_pool_backward_that_sets };

  g_assert_true (max_pool_matches (&generic, &c, rand));
  g_assert_false (max_pool_matches (&broken, &c, rand));
  g_assert_true (max_pool_backward_matches (&generic, &c, rand));
  g_assert_false (max_pool_backward_matches (&broken, &c, rand));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/pool/check-can-fail", test_check_can_fail);
  add_for_each_table ("/kernels/pool/forward", test_max_pool);
  add_for_each_table ("/kernels/pool/backward", test_max_pool_backward);
  return g_test_run ();
}
