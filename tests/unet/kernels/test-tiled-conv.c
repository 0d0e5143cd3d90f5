/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Winograd's kernels and products together, against the convolution that they are meant to be. */
#include "unet/kernels/tile-squares.h"

/* Points of all tiles and channels: [tile][channel]. */
static Square *
spread_patches (const Matrix *m, const Pixels *x, gsize n)
{
  Square *squares = g_new (Square, n * x->c);

  for (gsize k = 0; k < n * x->c; k++)
    {
      const Square patch = get_patch (x, k / x->c, k % x->c);

      squares[k] = transform (m, &patch);
      square_round (&squares[k], x->precision);
    }
  return squares;
}

/* What a convolution of tiles goes through; @c's channels are the output's. */
typedef struct
{
  gsize ci;
  Case c;
  Pixels x;        /* 6 × 6 a tile */
  Pixels y;        /* 4 × 4 a tile; for the weight gradient dy */
  Pixels x_points; /* [tile][ci] */
} Tiles;

static void
tiles_init (Tiles *self, const PlKernels *k, const Case *c, gsize ci, GRand *rand)
{
  const Case in = { c->n, ci, c->gap, c->row_gap, c->point_gap };

  *self = (Tiles){ .ci = ci, .c = *c };
  init_patches (&self->x, k->precision, &in, POINTS_SIDE, rand);
  init_patches (&self->y, k->precision, c, PL_TILE, rand);
  init_rows (&self->x_points, k->precision, PL_TILE_POINTS, c->n, ci, c->point_gap, rand);
  k->tiles.spread_pixels (c->n, self->x.memory.b, self->x.stride, self->x.step, ci,
                          self->x_points.memory.b, self->x_points.stride);
}

static void
tiles_clear (Tiles *self)
{
  pixels_clear (&self->x);
  pixels_clear (&self->y);
  pixels_clear (&self->x_points);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tiles, tiles_clear)

static void
convolve (const PlKernels *k, Tiles *tiles, const Pixels *packed, GRand *rand)
{
  const Case *c = &tiles->c;
  g_auto (Pixels) weights = { 0 }, products = { 0 };

  init_rows (&weights, k->precision, PL_TILE_POINTS, tiles->ci, c->c, c->point_gap, rand);
  init_rows (&products, PL_F32, PL_TILE_POINTS, c->n, c->c, c->point_gap, rand);
  k->tiles.spread_weights (tiles->ci, c->c, packed->memory.b, weights.memory.b, weights.stride);
  for (gsize at = 0; at < PL_TILE_POINTS; at++)
    {
      const PlProduct product = {
        .rows = 1,
        .n = c->n,
        .n_taps = 1,
        .x = { pixels_at (&tiles->x_points, at, 0) },
        .x_step = tiles->ci,
        .ci = tiles->ci,
        .w = pixels_at (&weights, at, 0),
        .co = c->c,
        .y = pixels_at (&products, at, 0),
        .y_step = c->c,
      };

      k->tiles.product (&product);
    }
  k->tiles.gather_pixels (c->n, products.memory.f, products.stride, c->c, tiles->y.memory.b,
                          tiles->y.stride, tiles->y.step);
}

/* Adds to want's values what input channel @i of a tile does by the nine taps. */
static void
add_convolution (const Square *pixels, const Square *taps, Square *want)
{
  for (gsize at = 0; at < PL_TILE * PL_TILE; at++)
    for (gsize t = 0; t < 9; t++)
      want->value[at] += taps->value[t] *
                         pixels->value[(at / PL_TILE + t / 3) * POINTS_SIDE + at % PL_TILE + t % 3];
}

/* The convolution itself; the sizes are those of what the tiles add. */
static gboolean
convolution_matches (const PlKernels *k, const Case *c, gsize ci, GRand *rand)
{
  const Case of_weights = { ci, c->c, 0, 0, 0 };
  g_auto (Tiles) tiles = { 0 };
  g_auto (Pixels) packed = { 0 };
  g_autofree Square *x = NULL;

  tiles_init (&tiles, k, c, ci, rand);
  pixels_init_values (&packed, k->precision, rand, 9 * ci * c->c);
  convolve (k, &tiles, &packed, rand);
  x = spread_patches (&spread_input, &tiles.x, c->n);
  for (gsize tile = 0; tile < c->n; tile++)
    for (gsize o = 0; o < c->c; o++)
      {
        Square sums = { { 0 }, { 0 }, { 0 } };
        Square want;

        for (gsize i = 0; i < ci; i++)
          {
            const Square taps = get_weight (k, &packed, &of_weights, i, o);
            Square w = transform (&spread_weight, &taps);

            square_round (&w, k->precision);
            square_add_products (&sums, &x[tile * ci + i], &w);
          }
        want = transform (&gather_output, &sums);
        memset (want.value, 0, sizeof want.value);
        for (gsize i = 0; i < ci; i++)
          {
            const Square pixels = get_patch (&tiles.x, tile, i);
            const Square taps = get_weight (k, &packed, &of_weights, i, o);

            add_convolution (&pixels, &taps, &want);
          }
        if (!patch_matches (&tiles.y, tile, o, &want, 3 * TRANSFORM_ROUNDINGS + ci + 1))
          return FALSE;
      }
  return TRUE;
}

/* The gradient's two sides, as the table has them. */
static gsize
find_weight (const PlKernels *k, const Tiles *tiles, gsize i, gsize o)
{
  return k->gradient_co_first ? o * tiles->ci + i : i * tiles->c.c + o;
}

static void
add_weight_gradient (const PlKernels *k, Tiles *tiles, Pixels *dw, GRand *rand)
{
  const Case *c = &tiles->c;
  const gsize size = tiles->ci * c->c;
  const gsize scratch_bytes = k->weight_product_scratch (1, c->n, 1, tiles->ci, c->c);
  g_auto (Pixels) points = { 0 }, sums = { 0 };
  g_auto (Guarded) scratch = { 0 };

  init_rows (&points, k->precision, PL_TILE_POINTS, c->n, c->c, c->point_gap, rand);
  init_rows (&sums, PL_F32, PL_TILE_POINTS, 1, size, c->point_gap, rand);
  guarded_init (&scratch, (scratch_bytes + 63) / 64, 64);
  k->tiles.spread_gradient (c->n, tiles->y.memory.b, tiles->y.stride, tiles->y.step, c->c,
                            points.memory.b, points.stride);
  for (gsize at = 0; at < PL_TILE_POINTS; at++)
    {
      const PlWeightProduct product = {
        .rows = 1,
        .n = c->n,
        .side = 1,
        .x = pixels_at (&tiles->x_points, at, 0),
        .x_step = tiles->ci,
        .ci = tiles->ci,
        .dy = pixels_at (&points, at, 0),
        .dy_step = c->c,
        .co = c->c,
        .dw = pixels_at (&sums, at, 0),
        .scratch = scratch.b,
      };

      memset (product.dw, 0, size * sizeof (float));
      k->weight_product (&product);
    }
  k->tiles.gather_weights (size, sums.memory.f, sums.stride, dw->memory.f, dw->stride);
}

/* Adds to want's values what a tile does to the nine taps. */
static void
add_gradient (const Square *pixels, const Square *dy, Square *want)
{
  for (gsize at = 0; at < PL_TILE * PL_TILE; at++)
    for (gsize t = 0; t < 9; t++)
      want->value[t] += dy->value[at] *
                        pixels->value[(at / PL_TILE + t / 3) * POINTS_SIDE + at % PL_TILE + t % 3];
}

static gboolean
weight_gradient_matches (const PlKernels *k, const Case *c, gsize ci, GRand *rand)
{
  const Matrix spread_output = transpose (&gather_output);
  const Matrix gather_weight = transpose (&spread_weight);
  g_auto (Tiles) tiles = { 0 };
  g_auto (Pixels) start = { 0 }, dw = { 0 };
  g_autofree Square *x = NULL;
  g_autofree Square *dy = NULL;

  tiles_init (&tiles, k, c, ci, rand);
  init_rows (&start, PL_F32, 9, 1, ci * c->c, c->row_gap, rand);
  init_rows (&dw, PL_F32, 9, 1, ci * c->c, c->row_gap, rand);
  pixels_copy (&dw, &start);
  add_weight_gradient (k, &tiles, &dw, rand);
  x = spread_patches (&spread_input, &tiles.x, c->n);
  dy = spread_patches (&spread_output, &tiles.y, c->n);
  for (gsize i = 0; i < ci; i++)
    for (gsize o = 0; o < c->c; o++)
      {
        const gsize at = find_weight (k, &tiles, i, o);
        const Square got = get_rows (&dw, 0, at);
        const Square before = get_rows (&start, 0, at);
        Square sums = { { 0 }, { 0 }, { 0 } };
        Square want;

        for (gsize tile = 0; tile < c->n; tile++)
          square_add_products (&sums, &x[tile * ci + i], &dy[tile * c->c + o]);
        want = transform (&gather_weight, &sums);
        for (gsize t = 0; t < 9; t++)
          {
            want.value[t] = before.value[t];
            want.size[t] += before.size[t];
          }
        for (gsize tile = 0; tile < c->n; tile++)
          {
            const Square pixels = get_patch (&tiles.x, tile, i);
            const Square gradient = get_patch (&tiles.y, tile, o);

            add_gradient (&pixels, &gradient, &want);
          }
        if (!squares_match (&got, &want, PL_F32, 9, 3 * TRANSFORM_ROUNDINGS + c->n + 2))
          return FALSE;
      }
  return TRUE;
}

typedef gboolean (*Check) (const PlKernels *k, const Case *c, gsize ci, GRand *rand);

static void
check_all (gconstpointer table, Check matches)
{
  static const gsize tiles[] = { 1, 2, 7 };
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;

  if (!take_tiles (table, &k))
    return;
  for (gsize n = 0; n < G_N_ELEMENTS (tiles); n++)
    for (gsize ci = 16; ci <= 48; ci += 16)
      for (gsize co = 16; co <= k.co_block; co += 16)
        {
          const Case c = { tiles[n], co, 16 * (n % 2), 16 * (n / 2), 16 };

          if (!matches (&k, &c, ci, rand))
            {
              g_test_message ("%zu tiles, %zu to %zu channels", c.n, ci, co);
              g_test_fail ();
            }
        }
}

static void
test_convolution (gconstpointer table)
{
  check_all (table, convolution_matches);
}

static void
test_weight_gradient (gconstpointer table)
{
  check_all (table, weight_gradient_matches);
}

static PlKernels good; /* what a broken kernel is made of */

static void
product_without_last_channels (const PlProduct *product)
{
  PlProduct other = *product;

  other.ci -= PL_CHANNEL_BLOCK;
  good.tiles.product (&other);
}

static void
weight_product_without_last_tile (const PlWeightProduct *product)
{
  PlWeightProduct other = *product;

  other.n--;
  good.weight_product (&other);
}

static void
test_check_can_fail (gconstpointer table)
{
  const Case c = { 2, 16, 0, 0, 16 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  PlKernels broken;

  if (!take_tiles (table, &good))
    return;
  broken = good;
  broken.tiles.product = product_without_last_channels;
  broken.weight_product = weight_product_without_last_tile;
  g_assert_true (convolution_matches (&good, &c, 32, rand));
  g_assert_false (convolution_matches (&broken, &c, 32, rand));
  g_assert_true (weight_gradient_matches (&good, &c, 32, rand));
  g_assert_false (weight_gradient_matches (&broken, &c, 32, rand));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_for_each_table ("/kernels/tiled-conv/check-can-fail", test_check_can_fail);
  add_for_each_table ("/kernels/tiled-conv/forward", test_convolution);
  add_for_each_table ("/kernels/tiled-conv/weight-gradient", test_weight_gradient);
  return g_test_run ();
}
