/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/kernels/check.h"

/* What the checks of the product and of the weight product share: shapes, their pixels, and sums in
 * double. Taps lie as the layers have them: nine over rows with a border, four over rows of twice
 * the pixels, one. */

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
static inline gsize
find_spacing (const Case *c)
{
  return c->side == 2 ? 2 : 1;
}

static inline gsize
count_taps (const Case *c)
{
  return c->side * c->side;
}

static inline void
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

static inline void
init_input (Pixels *self, PlPrecision precision, const Case *c, GRand *rand)
{
  const gsize border = c->side == 3 ? 2 : 0;

  init_strip (self, precision, rand, c->rows * find_spacing (c) + border,
              c->n * find_spacing (c) + border, c->x_step, c->ci, c->row_gap);
}

static inline void
init_output (Pixels *self, PlPrecision precision, const Case *c, GRand *rand)
{
  init_strip (self, precision, rand, c->rows, c->n, c->y_step, c->co, c->row_gap);
}

/* What tap @t of output pixel (row, p) has in channel i. */
static inline double
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

static inline void
sums_init (Sums *self, gsize n)
{
  self->want = g_new0 (double, n);
  self->size = g_new0 (double, n);
}

static inline void
sums_clear (Sums *self)
{
  g_free (self->want);
  g_free (self->size);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sums, sums_clear)

static inline void
sums_add (Sums *self, gsize at, double term)
{
  self->want[at] += term;
  self->size[at] += fabs (term);
}

/* Every n up to 44 with every co, all of ci, side and rows along with them, and some that are
 * large. */
static inline GArray *
make_cases (void)
{
  static const Case large[] = {
    { 2, 257, 3, 16, 32, 16, 32, 0, FALSE },   { 1, 131, 3, 80, 96, 80, 112, 16, TRUE },
    { 16, 16, 3, 272, 64, 272, 64, 0, FALSE }, { 3, 301, 2, 96, 80, 96, 96, 0, TRUE },
    { 1, 512, 1, 32, 48, 32, 48, 0, FALSE },   { 70, 3, 1, 1024, 32, 1024, 48, 32, TRUE },
    { 0, 5, 3, 16, 16, 16, 16, 0, FALSE },     { 1, 1041, 1, 48, 32, 48, 32, 0, TRUE },
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

static inline void
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
