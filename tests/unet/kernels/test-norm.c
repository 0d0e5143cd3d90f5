/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Normalisation and activation against their formulas in double. */
#include "unet/kernels/check.h"

/* A row of x, one of dy, and what a normalisation knows about each channel. */
typedef struct
{
  Pixels x, dy;
  Guarded scale, shift, a, b;
} Input;

static void
input_init (Input *self, PlPrecision precision, const RowCase *c, GRand *rand)
{
  pixels_init_row (&self->x, precision, rand, c->n, c->x_step, c->c);
  pixels_init_row (&self->dy, precision, rand, c->n, c->y_step, c->c);
  guarded_init_random (&self->scale, rand, c->c);
  guarded_init_random (&self->shift, rand, c->c);
  guarded_init_random (&self->a, rand, c->c);
  guarded_init_random (&self->b, rand, c->c);
}

static void
input_clear (Input *self)
{
  pixels_clear (&self->x);
  pixels_clear (&self->dy);
  guarded_clear (&self->scale);
  guarded_clear (&self->shift);
  guarded_clear (&self->a);
  guarded_clear (&self->b);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Input, input_clear)

/* dy · leaky′ (scale·x + shift), and how far rounding may take it: on either side of zero the slope
 * is another. */
static double
act_gradient (const Input *in, gsize p, gsize i, double *bound)
{
  const double product = (double) in->scale.f[i] * pixels_get (&in->x, 0, p, i);
  const double v = product + in->shift.f[i];
  const double dy = pixels_get (&in->dy, 0, p, i);
  const double g = v > 0 ? dy : PL_LEAKY_SLOPE * dy;

  *bound = rounding (1) * fabs (g);
  if (fabs (v) < rounding (2) * (fabs (product) + fabs (in->shift.f[i])))
    *bound += (1 - PL_LEAKY_SLOPE) * fabs (dy);
  return g;
}

static gboolean
sums_match (const PlKernels *k, const RowCase *c, GRand *rand)
{
  const double start = 1e3;
  g_auto (Input) in = { 0 };
  g_auto (Guarded) sum = { 0 }, squares = { 0 };

  input_init (&in, k->precision, c, rand);
  guarded_init (&sum, c->c, sizeof (double));
  guarded_init (&squares, c->c, sizeof (double));

  double *got_sum = (double *) sum.b, *got_squares = (double *) squares.b;

  for (gsize i = 0; i < c->c; i++)
    got_sum[i] = got_squares[i] = start;
  k->row_sums (c->n, in.x.memory.b, c->x_step, c->c, got_sum, got_squares);
  for (gsize i = 0; i < c->c; i++)
    {
      double want = start, size = 0, squared = 0;

      for (gsize p = 0; p < c->n; p++)
        {
          const double x = pixels_get (&in.x, 0, p, i);

          want += x;
          size += fabs (x);
          squared += x * x;
        }
      if (!is_near (got_sum[i], want, rounding (c->n) * size + 1e-12 * start) ||
          !is_near (got_squares[i], start + squared,
                    rounding (c->n + 1) * squared + 1e-12 * (start + squared)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
norm_act_sums_match (const PlKernels *k, const RowCase *c, GRand *rand)
{
  const double start = 1e3;
  g_auto (Input) in = { 0 };
  g_auto (Guarded) sum_g = { 0 }, sum_gx = { 0 };

  input_init (&in, k->precision, c, rand);
  guarded_init (&sum_g, c->c, sizeof (double));
  guarded_init (&sum_gx, c->c, sizeof (double));

  double *got_g = (double *) sum_g.b, *got_gx = (double *) sum_gx.b;

  for (gsize i = 0; i < c->c; i++)
    got_g[i] = got_gx[i] = start;
  k->row_norm_act_sums (c->n, in.x.memory.b, c->x_step, in.dy.memory.b, c->y_step, c->c, in.scale.f,
                        in.shift.f, got_g, got_gx);
  for (gsize i = 0; i < c->c; i++)
    {
      double want_g = start, want_gx = start;
      double bound_g = 1e-12 * start, bound_gx = 1e-12 * start;

      for (gsize p = 0; p < c->n; p++)
        {
          const double x = pixels_get (&in.x, 0, p, i);
          double bound;
          const double g = act_gradient (&in, p, i, &bound);

          want_g += g;
          want_gx += g * x;
          bound_g += bound + rounding (c->n + 1) * (fabs (g) + bound);
          bound_gx += (bound + rounding (c->n + 2) * (fabs (g) + bound)) * fabs (x);
        }
      if (!is_near (got_g[i], want_g, bound_g) || !is_near (got_gx[i], want_gx, bound_gx))
        return FALSE;
    }
  return TRUE;
}

static gboolean
norm_act_matches_at (const PlKernels *k, const RowCase *c, gboolean in_place, GRand *rand)
{
  const gsize y_step = in_place ? c->x_step : c->y_step;
  g_auto (Input) in = { 0 };
  g_auto (Pixels) other = { 0 };

  input_init (&in, k->precision, c, rand);
  pixels_init_row (&other, k->precision, rand, c->n, y_step, c->c);
  if (in_place)
    pixels_copy (&other, &in.x);
  k->row_norm_act (c->n, in_place ? other.memory.b : in.x.memory.b, c->x_step, c->c, in.scale.f,
                   in.shift.f, other.memory.b, y_step);
  for (gsize p = 0; p < c->n; p++)
    for (gsize i = 0; i < c->c; i++)
      {
        const double product = (double) in.scale.f[i] * pixels_get (&in.x, 0, p, i);
        const double v = product + in.shift.f[i];
        const double want = v > 0 ? v : PL_LEAKY_SLOPE * v;
        const double bound = rounding (3) * (fabs (product) + fabs (in.shift.f[i]));

        if (!is_near (pixels_get (&other, 0, p, i), want, stored (k->precision, want, bound)))
          return FALSE;
      }
  return gaps_are_whole (&other);
}

typedef enum
{
  INTO_OTHER,
  INTO_X,
  INTO_DY,
} Place;

static gboolean
backward_matches_at (const PlKernels *k, const RowCase *c, Place place, GRand *rand)
{
  const gsize dx_step = place == INTO_X ? c->x_step : c->y_step;
  g_auto (Input) in = { 0 };
  g_auto (Pixels) dx = { 0 };

  input_init (&in, k->precision, c, rand);
  pixels_init_row (&dx, k->precision, rand, c->n, dx_step, c->c);
  if (place != INTO_OTHER)
    pixels_copy (&dx, place == INTO_X ? &in.x : &in.dy);
  k->row_norm_act_backward (c->n, (place == INTO_X ? &dx : &in.x)->memory.b, c->x_step,
                            (place == INTO_DY ? &dx : &in.dy)->memory.b, c->y_step, c->c,
                            in.scale.f, in.shift.f, in.a.f, in.b.f, dx.memory.b, dx_step);
  for (gsize p = 0; p < c->n; p++)
    for (gsize i = 0; i < c->c; i++)
      {
        double bound;
        const double g = act_gradient (&in, p, i, &bound);
        const double sg = in.scale.f[i] * g;
        const double ax = (double) in.a.f[i] * pixels_get (&in.x, 0, p, i);
        const double size = fabs (sg) + fabs (ax) + fabs (in.b.f[i]) + bound;
        const double want = sg + ax + in.b.f[i];

        bound = fabs (in.scale.f[i]) * bound + rounding (4) * size;
        if (!is_near (pixels_get (&dx, 0, p, i), want, stored (k->precision, want, bound)))
          return FALSE;
      }
  return gaps_are_whole (&dx);
}

static gboolean
norm_act_matches (const PlKernels *k, const RowCase *c, GRand *rand)
{
  return norm_act_matches_at (k, c, FALSE, rand) && norm_act_matches_at (k, c, TRUE, rand);
}

static gboolean
norm_act_backward_matches (const PlKernels *k, const RowCase *c, GRand *rand)
{
  return backward_matches_at (k, c, INTO_OTHER, rand) && backward_matches_at (k, c, INTO_X, rand) &&
         backward_matches_at (k, c, INTO_DY, rand);
}

static void
test_sums (gconstpointer table)
{
  sweep (table, sums_match);
}

static void
test_norm_act_sums (gconstpointer table)
{
  sweep (table, norm_act_sums_match);
}

static void
test_norm_act (gconstpointer table)
{
  sweep (table, norm_act_matches);
}

static void
test_norm_act_backward (gconstpointer table)
{
  sweep (table, norm_act_backward_matches);
}

/* The longest rows that the contract allows. */
static void
test_long_rows (gconstpointer table)
{
  const RowCase c = { 65536, 16, 16, 16 };
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;

  if (!take_table (table, &k))
    return;
  g_assert_true (sums_match (&k, &c, rand));
  g_assert_true (norm_act_sums_match (&k, &c, rand));
}

static PlKernels generic;

static void
sums_without_first_pixel (
    size_t n, const void *x, size_t x_step, size_t c, double *sum, double *squares)
{
  generic.row_sums (n - 1, (const float *) x + x_step, x_step, c, sum, squares);
}

static void
norm_act_sums_without_slope (size_t n,
                             const void *x,
                             size_t x_step,
                             const void *dy,
                             size_t dy_step,
                             size_t c,
                             const float *scale,
                             const float *shift,
                             double *sum_g,
                             double *sum_gx)
{
  const float *xs = x;
  const float *dys = dy;

  for (size_t p = 0; p < n; p++, xs += x_step, dys += dy_step)
    for (size_t i = 0; i < c; i++)
      if (scale[i] * xs[i] + shift[i] > 0)
        {
          sum_g[i] += dys[i];
          sum_gx[i] += dys[i] * xs[i];
        }
}

static void
norm_act_into_gap (size_t n,
                   const void *x,
                   size_t x_step,
                   size_t c,
                   const float *scale,
                   const float *shift,
                   void *y,
                   size_t y_step)
{
  generic.row_norm_act (n, x, x_step, c, scale, shift, y, y_step);
  ((float *) y)[c] = 0;
}

static void
backward_without_last_channel (size_t n,
                               const void *x,
                               size_t x_step,
                               const void *dy,
                               size_t dy_step,
                               size_t c,
                               const float *scale,
                               const float *shift,
                               const float *a,
                               const float *b,
                               void *dx,
                               size_t dx_step)
{
  generic.row_norm_act_backward (n, x, x_step, dy, dy_step, c - 1, scale, shift, a, b, dx, dx_step);
}

static void
test_check_can_fail (void)
{
  static const RowCheck checks[] = {
    sums_match,
    norm_act_sums_match,
    norm_act_matches,
    norm_act_backward_matches,
  };
  const RowCase c = { 5, 32, 48, 48 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  g_assert_true (pl_kernels_for_isa (PL_ISA_GENERIC, PL_F32, &generic));

  const PlKernels broken = { .row_sums = sums_without_first_pixel,
                             .row_norm_act_sums = norm_act_sums_without_slope,
                             .row_norm_act = norm_act_into_gap,
                             .row_norm_act_backward = backward_without_last_channel };

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_assert_true (checks[i](&generic, &c, rand));
      g_assert_false (checks[i](&broken, &c, rand));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/norm/check-can-fail", test_check_can_fail);
  add_for_each_table ("/kernels/norm/sums", test_sums);
  add_for_each_table ("/kernels/norm/norm-act", test_norm_act);
  add_for_each_table ("/kernels/norm/norm-act-sums", test_norm_act_sums);
  add_for_each_table ("/kernels/norm/norm-act-backward", test_norm_act_backward);
  add_for_each_table ("/kernels/norm/long", test_long_rows);
  return g_test_run ();
}
