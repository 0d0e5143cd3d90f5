/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The products against sums in double. Taps lie as the layers have them: nine in three padded rows,
 * four in two rows of twice the pixels, one in a row. */
#include "unet/kernels/check.h"

#include <string.h>

typedef struct
{
  gsize n;
  int taps;
  gsize ci;
  gsize co;
  gsize pixel_step; /* of the input; less than PL_CHANNEL_BLOCK: an image's, not padded */
  gsize y_step;     /* of the output, or of its gradient */
  gboolean accumulate;
} Case;

typedef struct
{
  Guarded rows[3];
  const float *x[PL_MAX_TAPS];
  gsize x_step;
} Input;

static void
input_init (Input *self, const Case *c, GRand *rand)
{
  const int side = c->taps == 9 ? 3 : c->taps == 4 ? 2 : 1;
  const gsize stride = c->taps == 4 ? 2 : 1;
  const gsize pixels = c->taps == 9 ? c->n + 2 : c->n * stride;
  const gsize width = c->pixel_step < PL_CHANNEL_BLOCK ? c->ci : pad_channels (c->ci);

  memset (self, 0, sizeof *self);
  self->x_step = stride * c->pixel_step;
  for (int r = 0; r < side; r++)
    {
      guarded_init_row (&self->rows[r], rand, pixels, c->pixel_step, width);
      for (gsize p = 0; p < pixels; p++)
        for (gsize i = c->ci; i < width; i++)
          self->rows[r].f[p * c->pixel_step + i] = 0;
    }
  for (int t = 0; t < c->taps; t++)
    self->x[t] = self->rows[t / side].f + (t % side) * c->pixel_step;
}

static void
input_clear (Input *self)
{
  for (int r = 0; r < 3; r++)
    guarded_clear (&self->rows[r]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Input, input_clear)

/* want (n,co) and size (n,co), the sum of what is added without signs; w is [t][i][o]. */
static void
sum_product (const Case *c, const Input *in, const float *w, double *want, double *size)
{
  for (int t = 0; t < c->taps; t++)
    for (gsize p = 0; p < c->n; p++)
      for (gsize i = 0; i < c->ci; i++)
        for (gsize o = 0; o < c->co; o++)
          {
            const double term =
                (double) in->x[t][p * in->x_step + i] * w[(t * c->ci + i) * c->co + o];

            want[p * c->co + o] += term;
            size[p * c->co + o] += fabs (term);
          }
}

static void
pack (const Case *c, gsize co_block, const float *w, float *packed)
{
  for (int t = 0; t < c->taps; t++)
    for (gsize i = 0; i < c->ci; i++)
      for (gsize o = 0; o < c->co; o++)
        packed[pl_packed_index (co_block, c->taps, c->ci, c->co, t, i, o)] =
            w[(t * c->ci + i) * c->co + o];
}

static gboolean
product_matches (PlRowProduct product, gsize co_block, const Case *c, GRand *rand)
{
  const double relative = rounding (c->taps * c->ci + 1);
  g_auto (Input) in = { 0 };
  g_auto (Guarded) w = { 0 }, packed = { 0 }, y = { 0 };
  g_autofree double *want = g_new0 (double, c->n * c->co);
  g_autofree double *size = g_new0 (double, c->n * c->co);

  input_init (&in, c, rand);
  guarded_init_random (&w, rand, c->taps * c->ci * c->co);
  guarded_init_floats (&packed, w.n);
  pack (c, co_block, w.f, packed.f);
  guarded_init_row (&y, rand, c->n, c->y_step, c->co);
  for (gsize p = 0; p < c->n; p++)
    for (gsize o = 0; o < c->co; o++)
      {
        float *start = &y.f[p * c->y_step + o];

        if (c->accumulate)
          size[p * c->co + o] = fabs (want[p * c->co + o] = *start);
        else
          *start = NAN;
      }
  sum_product (c, &in, w.f, want, size);
  product (c->n, c->taps, in.x, in.x_step, c->ci, packed.f, c->co, y.f, c->y_step, c->accumulate);

  for (gsize p = 0; p < c->n; p++)
    for (gsize o = 0; o < c->co; o++)
      if (!is_near (y.f[p * c->y_step + o], want[p * c->co + o], relative * size[p * c->co + o]))
        return FALSE;
  return gaps_are_whole (&y, c->y_step, c->co);
}

static gboolean
gradient_matches (PlRowWeightGradient gradient, const Case *c, GRand *rand)
{
  const double relative = rounding (c->n + 1);
  g_auto (Input) in = { 0 };
  g_auto (Guarded) dy = { 0 }, dw = { 0 };

  input_init (&in, c, rand);
  guarded_init_row (&dy, rand, c->n, c->y_step, c->co);
  guarded_init_random (&dw, rand, c->taps * c->ci * c->co);

  g_autofree double *want = g_new (double, dw.n);
  g_autofree double *size = g_new (double, dw.n);

  for (gsize k = 0; k < dw.n; k++)
    size[k] = fabs (want[k] = dw.f[k]);
  for (gsize p = 0; p < c->n; p++)
    for (gsize row = 0; row < c->taps * c->ci; row++)
      for (gsize o = 0; o < c->co; o++)
        {
          const double term =
              (double) in.x[row / c->ci][p * in.x_step + row % c->ci] * dy.f[p * c->y_step + o];

          want[row * c->co + o] += term;
          size[row * c->co + o] += fabs (term);
        }
  gradient (c->n, c->taps, in.x, in.x_step, c->ci, dy.f, c->y_step, c->co, dw.f);

  for (gsize k = 0; k < dw.n; k++)
    if (!is_near (dw.f[k], want[k], relative * size[k]))
      return FALSE;
  return TRUE;
}

/* Every n up to 44 with every co, every ci up to 40 with every number of taps, and some that are
 * large; what is left varies along. */
static GArray *
make_cases (void)
{
  static const int taps[3] = { 1, 4, 9 };
  static const Case large[] = {
    { 257, 9, 1, 32, 1, 32, FALSE },      { 131, 9, 67, 96, 80, 112, FALSE },
    { 16, 9, 259, 64, 272, 64, TRUE },    { 61, 4, 96, 80, 96, 96, FALSE },
    { 512, 1, 32, 48, 32, 48, FALSE },    { 33, 9, 3, 32, 3, 32, FALSE },
    { 8, 1, 1024, 512, 1024, 528, TRUE },
  };
  GArray *cases = g_array_new (FALSE, FALSE, sizeof (Case));
  gsize k = 0;

  for (gsize n = 0; n <= 44; n++)
    for (gsize co = 16; co <= 96; co += 16, k++)
      {
        const gsize ci = 1 + (k * 7) % 40;
        const Case c = { n,
                         taps[k % 3],
                         ci,
                         co,
                         pad_channels (ci) + 16 * (k / 2 % 2),
                         co + 16 * (k / 3 % 3),
                         k / 5 % 2 };

        g_array_append_val (cases, c);
      }
  for (gsize ci = 1; ci <= 40; ci++)
    for (int t = 0; t < 3; t++, k++)
      {
        const gsize n = 1 + (k * 5) % 17;
        const gsize step = ci <= 4 && k % 2 ? ci : pad_channels (ci);
        const Case c = { n, taps[t], ci, 48, step, 48 + 16 * (k % 2), k / 2 % 2 };

        g_array_append_val (cases, c);
      }
  g_array_append_vals (cases, large, G_N_ELEMENTS (large));
  return cases;
}

static void
describe (const Case *c)
{
  g_test_message ("n %zu, taps %d, ci %zu, co %zu, steps %zu and %zu, accumulate %d", c->n, c->taps,
                  c->ci, c->co, c->pixel_step, c->y_step, c->accumulate);
}

static void
test_product (gconstpointer data)
{
  g_autoptr (GArray) cases = make_cases ();
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;

  if (!take_level (data, &k))
    return;
  for (guint i = 0; i < cases->len; i++)
    {
      const Case *c = &g_array_index (cases, Case, i);

      if (!product_matches (k.row_product, k.co_block, c, rand))
        {
          describe (c);
          g_test_fail ();
        }
    }
}

static void
test_weight_gradient (gconstpointer data)
{
  g_autoptr (GArray) cases = make_cases ();
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;

  if (!take_level (data, &k))
    return;
  for (guint i = 0; i < cases->len; i++)
    {
      const Case *c = &g_array_index (cases, Case, i);

      if (!gradient_matches (k.row_weight_gradient, c, rand))
        {
          describe (c);
          g_test_fail ();
        }
    }
}

/* Threads share a convolution by blocks of output channels: that must not change a bit. */
static void
test_product_by_blocks (gconstpointer data)
{
  const Case c = { 37, 9, 24, 176, 32, 176, FALSE };
  g_autoptr (GRand) rand = new_rand ();
  g_auto (Input) in = { 0 };
  g_auto (Guarded) w = { 0 }, whole = { 0 }, blocks = { 0 };
  PlKernels k;

  if (!take_level (data, &k))
    return;
  input_init (&in, &c, rand);
  guarded_init_random (&w, rand, c.taps * c.ci * c.co);
  guarded_init_floats (&whole, c.n * c.co);
  guarded_init_floats (&blocks, c.n * c.co);
  k.row_product (c.n, c.taps, in.x, in.x_step, c.ci, w.f, c.co, whole.f, c.co, false);
  for (gsize o = 0; o < c.co; o += k.co_block)
    k.row_product (c.n, c.taps, in.x, in.x_step, c.ci, w.f + o * c.taps * c.ci,
                   MIN (k.co_block, c.co - o), blocks.f + o, c.co, false);
  g_assert_cmpmem (whole.f, whole.n * sizeof (float), blocks.f, blocks.n * sizeof (float));
}

static PlKernels generic;

static void
product_without_last_pixel (size_t n,
                            int n_taps,
                            const float *const x[],
                            size_t x_step,
                            size_t ci,
                            const float *w,
                            size_t co,
                            float *y,
                            size_t y_step,
                            bool accumulate)
{
  generic.row_product (n - 1, n_taps, x, x_step, ci, w, co, y, y_step, accumulate);
}

static void
product_that_always_sets (size_t n,
                          int n_taps,
                          const float *const x[],
                          size_t x_step,
                          size_t ci,
                          const float *w,
                          size_t co,
                          float *y,
                          size_t y_step,
                          bool accumulate)
{
  generic.row_product (n, n_taps, x, x_step, ci, w, co, y, y_step, false);
}

static void
product_into_gap (size_t n,
                  int n_taps,
                  const float *const x[],
                  size_t x_step,
                  size_t ci,
                  const float *w,
                  size_t co,
                  float *y,
                  size_t y_step,
                  bool accumulate)
{
  generic.row_product (n, n_taps, x, x_step, ci, w, co, y, y_step, accumulate);
  y[co] = 0;
}

static void
product_in_16_bits (size_t n,
                    int n_taps,
                    const float *const x[],
                    size_t x_step,
                    size_t ci,
                    const float *w,
                    size_t co,
                    float *y,
                    size_t y_step,
                    bool accumulate)
{
  generic.row_product (n, n_taps, x, x_step, ci, w, co, y, y_step, accumulate);
  y[0] *= 1 + 0x1p-11f;
}

static void
gradient_without_last_pixel (size_t n,
                             int n_taps,
                             const float *const x[],
                             size_t x_step,
                             size_t ci,
                             const float *dy,
                             size_t dy_step,
                             size_t co,
                             float *dw)
{
  generic.row_weight_gradient (n - 1, n_taps, x, x_step, ci, dy, dy_step, co, dw);
}

static void
gradient_of_eight_taps (size_t n,
                        int n_taps,
                        const float *const x[],
                        size_t x_step,
                        size_t ci,
                        const float *dy,
                        size_t dy_step,
                        size_t co,
                        float *dw)
{
  generic.row_weight_gradient (n, MIN (n_taps, 8), x, x_step, ci, dy, dy_step, co, dw);
}

static void
test_check_can_fail (void)
{
  const Case c = { 5, 9, 3, 32, 16, 48, TRUE };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  g_assert_true (pl_kernels_for_isa (PL_ISA_GENERIC, &generic));
  g_assert_true (product_matches (generic.row_product, generic.co_block, &c, rand));
  g_assert_false (product_matches (product_without_last_pixel, generic.co_block, &c, rand));
  g_assert_false (product_matches (product_that_always_sets, generic.co_block, &c, rand));
  g_assert_false (product_matches (product_into_gap, generic.co_block, &c, rand));
  g_assert_false (product_matches (product_in_16_bits, generic.co_block, &c, rand));
  g_assert_false (product_matches (generic.row_product, generic.co_block / 4, &c, rand));
  g_assert_true (gradient_matches (generic.row_weight_gradient, &c, rand));
  g_assert_false (gradient_matches (gradient_without_last_pixel, &c, rand));
  g_assert_false (gradient_matches (gradient_of_eight_taps, &c, rand));
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
  g_test_add_func ("/kernels/product/check-can-fail", test_check_can_fail);
  g_test_add_func ("/kernels/product/guard-page", test_guard_page);
  add_for_each_level ("/kernels/product/forward", test_product);
  add_for_each_level ("/kernels/product/by-blocks", test_product_by_blocks);
  add_for_each_level ("/kernels/product/weight-gradient", test_weight_gradient);
  return g_test_run ();
}
