/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 2×2 maximum: exact, the first of equal ones. */
#include "unet/kernels/check.h"

/* Few different values, so that many are equal and the first must be taken. */
static void
make_ties (Guarded *row, gsize step, gsize c)
{
  for (gsize i = 0; i < row->n; i++)
    if (i % step < c)
      row->f[i] = roundf (2 * row->f[i]);
}

static gboolean
max_pool_matches_with (const PlKernels *k, const RowCase *c, gboolean with_which, GRand *rand)
{
  g_auto (Guarded) x0 = { 0 }, x1 = { 0 }, y = { 0 }, which = { 0 };

  guarded_init_row (&x0, rand, 2 * c->n, c->x_step, c->c);
  guarded_init_row (&x1, rand, 2 * c->n, c->x_step, c->c);
  make_ties (&x0, c->x_step, c->c);
  make_ties (&x1, c->x_step, c->c);
  guarded_init_row (&y, rand, c->n, c->y_step, c->c);
  guarded_init (&which, c->n * c->c, 1);
  k->row_max_pool (c->n, x0.f, x1.f, c->x_step, c->c, y.f, c->y_step, with_which ? which.b : NULL);
  for (gsize p = 0; p < c->n; p++)
    for (gsize i = 0; i < c->c; i++)
      {
        float want = -INFINITY;
        int first = 0;

        for (int q = 0; q < 4; q++)
          {
            const float x = (q < 2 ? x0.f : x1.f)[(2 * p + q % 2) * c->x_step + i];

            if (x > want)
              {
                want = x;
                first = q;
              }
          }
        if (y.f[p * c->y_step + i] != want || (with_which && which.b[p * c->c + i] != first))
          return FALSE;
      }
  return gaps_are_whole (&y, c->y_step, c->c);
}

static gboolean
max_pool_matches (const PlKernels *k, const RowCase *c, GRand *rand)
{
  return max_pool_matches_with (k, c, FALSE, rand) && max_pool_matches_with (k, c, TRUE, rand);
}

static gboolean
max_pool_backward_matches (const PlKernels *k, const RowCase *c, GRand *rand)
{
  g_auto (Guarded) dy = { 0 }, which = { 0 }, dx0 = { 0 }, dx1 = { 0 };

  guarded_init_row (&dy, rand, c->n, c->y_step, c->c);
  guarded_init_row (&dx0, rand, 2 * c->n, c->x_step, c->c);
  guarded_init_row (&dx1, rand, 2 * c->n, c->x_step, c->c);
  guarded_init (&which, c->n * c->c, 1);
  for (gsize i = 0; i < which.n; i++)
    which.b[i] = g_rand_int_range (rand, 0, 4);

  g_autofree float *want0 = g_memdup2 (dx0.f, dx0.n * sizeof (float));
  g_autofree float *want1 = g_memdup2 (dx1.f, dx1.n * sizeof (float));

  for (gsize p = 0; p < c->n; p++)
    for (gsize i = 0; i < c->c; i++)
      {
        const int first = which.b[p * c->c + i];

        (first < 2 ? want0 : want1)[(2 * p + first % 2) * c->x_step + i] += dy.f[p * c->y_step + i];
      }
  k->row_max_pool_backward (c->n, dy.f, c->y_step, c->c, which.b, dx0.f, dx1.f, c->x_step);
  for (gsize i = 0; i < dx0.n; i++)
    if (dx0.f[i] != want0[i] || dx1.f[i] != want1[i])
      return FALSE;
  return TRUE;
}

static void
test_max_pool (gconstpointer level)
{
  sweep (level, max_pool_matches);
}

static void
test_max_pool_backward (gconstpointer level)
{
  sweep (level, max_pool_backward_matches);
}

static PlKernels generic;

/* Of equal ones it takes the last row's. */
static void
max_pool_upside_down (size_t n,
                      const float *x0,
                      const float *x1,
                      size_t x_step,
                      size_t c,
                      float *y,
                      size_t y_step,
                      uint8_t *which)
{
  generic.row_max_pool (n, x1, x0, x_step, c, y, y_step, which);
  for (size_t i = 0; which != NULL && i < n * c; i++)
    which[i] ^= 2;
}

static void
max_pool_backward_that_sets (size_t n,
                             const float *dy,
                             size_t dy_step,
                             size_t c,
                             const uint8_t *which,
                             float *dx0,
                             float *dx1,
                             size_t dx_step)
{
  for (size_t p = 0; p < n; p++)
    for (size_t i = 0; i < c; i++)
      {
        const int first = which[p * c + i];

        (first < 2 ? dx0 : dx1)[(2 * p + first % 2) * dx_step + i] = dy[p * dy_step + i];
      }
}

static void
test_check_can_fail (void)
{
  const RowCase c = { 5, 32, 48, 48 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  g_assert_true (pl_kernels_for_isa (PL_ISA_GENERIC, &generic));

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
  add_for_each_level ("/kernels/pool/forward", test_max_pool);
  add_for_each_level ("/kernels/pool/backward", test_max_pool_backward);
  return g_test_run ();
}
