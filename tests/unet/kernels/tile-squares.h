/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/kernels/check.h"

/* What the checks of Winograd's kernels share: the matrices of Toom and Cook's multiplication of
 * polynomials at 0, √½, −√½, √2, −√2 and ∞, and squares of pixels, points or taps that go through
 * them in double. */

enum
{
  POINTS_SIDE = PL_TILE + 2,
  /* In a sum of the matrices' rows a term is rounded four times at most: with its neighbour of the
   * opposite number, with a constant, which is rounded itself, and twice with others. A transform
   * is two such sums. */
  TRANSFORM_ROUNDINGS = 2 * 4,
};

#define BF16_UNIT 0x1p-8 /* largest relative error of one rounding to bfloat16 */

typedef struct
{
  gsize rows;
  gsize columns;
  double at[POINTS_SIDE][POINTS_SIDE];
} Matrix;

/* Bᵀ, G and Aᵀ. Gradients go through the transposed ones, A and Gᵀ. */
static const Matrix spread_input = {
  6,
  6,
  { { 1, 0, -5.0 / 2, 0, 1, 0 },
    { 0, -G_SQRT2, -2, G_SQRT2 / 2, 1, 0 },
    { 0, G_SQRT2, -2, -G_SQRT2 / 2, 1, 0 },
    { 0, -G_SQRT2 / 2, -1.0 / 2, G_SQRT2, 1, 0 },
    { 0, G_SQRT2 / 2, -1.0 / 2, -G_SQRT2, 1, 0 },
    { 0, 1, 0, -5.0 / 2, 0, 1 } },
};
static const Matrix spread_weight = {
  6,
  3,
  { { 1, 0, 0 },
    { -G_SQRT2 / 3, -1.0 / 3, -G_SQRT2 / 6 },
    { -G_SQRT2 / 3, 1.0 / 3, -G_SQRT2 / 6 },
    { G_SQRT2 / 6, 1.0 / 3, G_SQRT2 / 3 },
    { G_SQRT2 / 6, -1.0 / 3, G_SQRT2 / 3 },
    { 0, 0, 1 } },
};
static const Matrix gather_output = {
  4,
  6,
  { { 1, G_SQRT2, G_SQRT2, G_SQRT2 / 2, G_SQRT2 / 2, 0 },
    { 0, 1, -1, 1, -1, 0 },
    { 0, G_SQRT2 / 2, G_SQRT2 / 2, G_SQRT2, G_SQRT2, 0 },
    { 0, 1.0 / 2, -1.0 / 2, 2, -2, 1 } },
};

static inline Matrix
transpose (const Matrix *m)
{
  Matrix t = { m->columns, m->rows, { { 0 } } };

  for (gsize r = 0; r < m->rows; r++)
    for (gsize c = 0; c < m->columns; c++)
      t.at[c][r] = m->at[r][c];
  return t;
}

/* A square of pixels, points or taps of one channel: values; the sum of what was added to each of
 * them without signs, which float's roundings are part of; and what bfloat16's may have changed. */
typedef struct
{
  double value[PL_TILE_POINTS];
  double size[PL_TILE_POINTS];
  double error[PL_TILE_POINTS];
} Square;

/* m · x · mᵀ */
static inline Square
transform (const Matrix *m, const Square *x)
{
  Square out = { { 0 }, { 0 }, { 0 } };

  for (gsize at = 0; at < m->rows * m->rows; at++)
    for (gsize k = 0; k < m->columns * m->columns; k++)
      {
        const double factor =
            m->at[at / m->rows][k / m->columns] * m->at[at % m->rows][k % m->columns];

        out.value[at] += factor * x->value[k];
        out.size[at] += fabs (factor) * x->size[k];
        out.error[at] += fabs (factor) * x->error[k];
      }
  return out;
}

static inline void
square_set (Square *self, gsize at, double value)
{
  self->value[at] = value;
  self->size[at] = fabs (value);
  self->error[at] = 0;
}

/* Points are elements. */
static inline void
square_round (Square *self, PlPrecision precision)
{
  for (gsize k = 0; k < PL_TILE_POINTS && precision == PL_BF16; k++)
    self->error[k] +=
        BF16_UNIT * (fabs (self->value[k]) + UNIT * TRANSFORM_ROUNDINGS * self->size[k]);
}

static inline void
square_add_products (Square *self, const Square *a, const Square *b)
{
  for (gsize k = 0; k < PL_TILE_POINTS; k++)
    {
      self->value[k] += a->value[k] * b->value[k];
      self->size[k] += (a->size[k] + a->error[k]) * (b->size[k] + b->error[k]);
      self->error[k] += a->error[k] * fabs (b->value[k]) + fabs (a->value[k]) * b->error[k] +
                        a->error[k] * b->error[k];
    }
}

/* @n tiles, or input channels of weights, with @c channels; gaps between pixels, between rows of
 * pixels or taps, and between points. */
typedef struct
{
  gsize n;
  gsize c;
  gsize gap;
  gsize row_gap;
  gsize point_gap;
} Case;

/* Patches of @side × @side pixels, of which each begins PL_TILE behind the last. */
static inline void
init_patches (Pixels *self, PlPrecision precision, const Case *c, gsize side, GRand *rand)
{
  const gsize n = PL_TILE * (c->n - 1) + side;
  const gsize step = c->c + c->gap;

  *self = (Pixels){ precision, side, n * step + c->row_gap, n, step, c->c, { 0 } };
  pixels_fill (self, rand);
}

static inline Square
get_patch (const Pixels *x, gsize tile, gsize i)
{
  const gsize side = x->rows;
  Square patch = { { 0 }, { 0 }, { 0 } };

  for (gsize at = 0; at < side * side; at++)
    square_set (&patch, at, pixels_get (x, at / side, PL_TILE * tile + at % side, i));
  return patch;
}

/* Points and taps: a row for each, without gaps but behind it. */
static inline void
init_rows (
    Pixels *self, PlPrecision precision, gsize rows, gsize n, gsize c, gsize gap, GRand *rand)
{
  *self = (Pixels){ precision, rows, n * c + gap, n, c, c, { 0 } };
  pixels_fill (self, rand);
}

static inline Square
get_rows (const Pixels *points, gsize j, gsize i)
{
  Square square = { { 0 }, { 0 }, { 0 } };

  for (gsize at = 0; at < points->rows; at++)
    square_set (&square, at, pixels_get (points, at, j, i));
  return square;
}

static inline Square
get_weight (const PlKernels *k, const Pixels *packed, const Case *c, gsize i, gsize o)
{
  Square taps = { { 0 }, { 0 }, { 0 } };

  for (gsize t = 0; t < 9; t++)
    square_set (&taps, t, pixels_get_value (packed, pl_packed_index (k, 9, c->n, c->c, t, i, o)));
  return taps;
}

static inline double
find_bound (const Square *want, gsize at, double n_roundings)
{
  return rounding (n_roundings) * want->size[at] + want->error[at];
}

/* What was stored in a precision. */
static inline gboolean
squares_match (
    const Square *got, const Square *want, PlPrecision precision, gsize n, double n_roundings)
{
  for (gsize at = 0; at < n; at++)
    if (!is_near (got->value[at], want->value[at],
                  stored (precision, want->value[at], find_bound (want, at, n_roundings))))
      return FALSE;
  return TRUE;
}

static inline gboolean
patch_matches (const Pixels *y, gsize tile, gsize i, const Square *want, double n_roundings)
{
  const Square got = get_patch (y, tile, i);

  return squares_match (&got, want, y->precision, y->rows * y->rows, n_roundings);
}

/* Points of a weight, which are packed as weights are. */
static inline Square
get_weight_points (const PlKernels *k, const Pixels *points, const Case *c, gsize i, gsize o)
{
  const gsize first = pl_packed_index (k, 1, c->n, c->c, 0, i, o);
  Square square = { { 0 }, { 0 }, { 0 } };

  for (gsize at = 0; at < PL_TILE_POINTS; at++)
    square_set (&square, at, pixels_get_value (points, at * points->stride + first));
  return square;
}

/* FALSE, with the test skipped, where there is no table or it has no tiles; test_presence() knows
 * which. */
static inline gboolean
take_tiles (gconstpointer table, PlKernels *k)
{
  if (!take_table (table, k))
    return FALSE;
  if (k->tiles.product != NULL)
    return TRUE;
  g_test_skip ("it has no tiles");
  return FALSE;
}
