/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Winograd's kernels, each against the matrix that it stands for. */
#include "unet/kernels/tile-squares.h"

/* Of pixels or of a gradient. */
static gboolean
spread_matches (
    PlSpreadPixels spread, PlPrecision precision, const Matrix *m, const Case *c, GRand *rand)
{
  g_auto (Pixels) x = { 0 }, points = { 0 };

  init_patches (&x, precision, c, m->columns, rand);
  init_rows (&points, precision, PL_TILE_POINTS, c->n, c->c, c->point_gap, rand);
  spread (c->n, x.memory.b, x.stride, x.step, c->c, points.memory.b, points.stride);
  for (gsize tile = 0; tile < c->n; tile++)
    for (gsize i = 0; i < c->c; i++)
      {
        const Square patch = get_patch (&x, tile, i);
        const Square want = transform (m, &patch);
        const Square got = get_rows (&points, tile, i);

        if (!squares_match (&got, &want, precision, PL_TILE_POINTS, TRANSFORM_ROUNDINGS))
          return FALSE;
      }
  return gaps_are_whole (&points);
}

static gboolean
spread_pixels_matches (const PlKernels *k, const Case *c, GRand *rand)
{
  return spread_matches (k->tiles.spread_pixels, k->precision, &spread_input, c, rand);
}

static gboolean
spread_gradient_matches (const PlKernels *k, const Case *c, GRand *rand)
{
  const Matrix spread_output = transpose (&gather_output);

  return spread_matches (k->tiles.spread_gradient, k->precision, &spread_output, c, rand);
}

static gboolean
gather_pixels_matches (const PlKernels *k, const Case *c, GRand *rand)
{
  g_auto (Pixels) products = { 0 }, y = { 0 };

  init_rows (&products, PL_F32, PL_TILE_POINTS, c->n, c->c, c->point_gap, rand);
  init_patches (&y, k->precision, c, PL_TILE, rand);
  k->tiles.gather_pixels (c->n, products.memory.f, products.stride, c->c, y.memory.b, y.stride,
                          y.step);
  for (gsize tile = 0; tile < c->n; tile++)
    for (gsize i = 0; i < c->c; i++)
      {
        const Square from = get_rows (&products, tile, i);
        const Square want = transform (&gather_output, &from);

        if (!patch_matches (&y, tile, i, &want, TRANSFORM_ROUNDINGS))
          return FALSE;
      }
  return gaps_are_whole (&y);
}

/* The weights of a block, which is no wider than the table's. */
static gboolean
spread_weights_matches (const PlKernels *k, const Case *c, GRand *rand)
{
  g_auto (Pixels) w = { 0 }, points = { 0 };

  pixels_init_values (&w, k->precision, rand, 9 * c->n * c->c);
  init_rows (&points, k->precision, PL_TILE_POINTS, c->n, c->c, c->point_gap, rand);
  k->tiles.spread_weights (c->n, c->c, w.memory.b, points.memory.b, points.stride);
  for (gsize i = 0; i < c->n; i++)
    for (gsize o = 0; o < c->c; o++)
      {
        const Square taps = get_weight (k, &w, c, i, o);
        const Square want = transform (&spread_weight, &taps);
        const Square got = get_weight_points (k, &points, c, i, o);

        if (!squares_match (&got, &want, k->precision, PL_TILE_POINTS, TRANSFORM_ROUNDINGS))
          return FALSE;
      }
  return gaps_are_whole (&points);
}

static gboolean
gather_weights_matches (const PlKernels *k, const Case *c, GRand *rand)
{
  const Matrix gather_weight = transpose (&spread_weight);
  const gsize n = c->n * c->c;
  g_auto (Pixels) products = { 0 }, start = { 0 }, w = { 0 };

  init_rows (&products, PL_F32, PL_TILE_POINTS, 1, n, c->point_gap, rand);
  init_rows (&start, PL_F32, 9, 1, n, c->row_gap, rand);
  init_rows (&w, PL_F32, 9, 1, n, c->row_gap, rand);
  pixels_copy (&w, &start);
  k->tiles.gather_weights (n, products.memory.f, products.stride, w.memory.f, w.stride);
  for (gsize i = 0; i < n; i++)
    {
      const Square from = get_rows (&products, 0, i);
      const Square before = get_rows (&start, 0, i);
      const Square got = get_rows (&w, 0, i);
      Square want = transform (&gather_weight, &from);

      for (gsize t = 0; t < 9; t++)
        {
          want.value[t] += before.value[t];
          want.size[t] += before.size[t];
        }
      if (!squares_match (&got, &want, PL_F32, 9, TRANSFORM_ROUNDINGS + 1))
        return FALSE;
    }
  return gaps_are_whole (&w);
}

typedef gboolean (*Check) (const PlKernels *k, const Case *c, GRand *rand);

static void
check_case (Check matches, const PlKernels *k, const Case *c, GRand *rand)
{
  if (matches (k, c, rand))
    return;
  g_test_message ("n %zu, c %zu, gaps %zu, %zu and %zu", c->n, c->c, c->gap, c->row_gap,
                  c->point_gap);
  g_test_fail ();
}

/* Each number of tiles with each of channels; the gaps vary along, so that each meets each. */
static void
check_tiles (gconstpointer table, Check matches)
{
  static const gsize tiles[] = { 1, 2, 3, 7, 16 };
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;

  if (!take_tiles (table, &k))
    return;
  for (gsize n = 0; n < G_N_ELEMENTS (tiles); n++)
    for (gsize channels = 16; channels <= 48; channels += 16)
      for (gsize gaps = 0; gaps < 8; gaps++)
        {
          const Case c = { tiles[n], channels, 16 * (gaps & 1) * (1 + n % 2), 8 * (gaps & 2),
                           4 * (gaps & 4) * (1 + n % 3) };

          check_case (matches, &k, &c, rand);
        }
}

/* Blocks of the table's width and narrower ones. */
static void
check_weights (gconstpointer table, Check matches)
{
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;

  if (!take_tiles (table, &k))
    return;
  for (gsize ci = 16; ci <= 48; ci += 16)
    for (gsize co = 16; co <= k.co_block; co += 16)
      for (gsize gaps = 0; gaps < 4; gaps++)
        {
          const Case c = { ci, co, 0, 16 * (gaps & 1), 16 * (gaps & 2) };

          check_case (matches, &k, &c, rand);
        }
}

static void
test_spread_pixels (gconstpointer table)
{
  check_tiles (table, spread_pixels_matches);
}

static void
test_spread_gradient (gconstpointer table)
{
  check_tiles (table, spread_gradient_matches);
}

static void
test_gather_pixels (gconstpointer table)
{
  check_tiles (table, gather_pixels_matches);
}

static void
test_spread_weights (gconstpointer table)
{
  check_weights (table, spread_weights_matches);
}

static void
test_gather_weights (gconstpointer table)
{
  check_weights (table, gather_weights_matches);
}

/* All or none. */
static void
test_presence (gconstpointer table)
{
  const PlTileKernels none = { 0 };
  PlKernels k;

  if (!take_table (table, &k))
    return;
  if (k.isa == PL_ISA_GENERIC || (k.isa == PL_ISA_AMX && k.precision == PL_BF16))
    {
      g_assert_cmpmem (&k.tiles, sizeof k.tiles, &none, sizeof none);
      return;
    }
  g_assert_true (k.tiles.spread_pixels && k.tiles.spread_gradient && k.tiles.gather_pixels &&
                 k.tiles.spread_weights && k.tiles.gather_weights && k.tiles.product);
  g_assert_true ((k.tiles.product == k.product) == (k.precision == PL_F32));
}

static PlKernels good; /* what a broken kernel is made of */

static void
spread_without_last_tile (size_t n,
                          const void *x,
                          size_t x_stride,
                          size_t x_step,
                          size_t c,
                          void *points,
                          size_t point_stride)
{
  good.tiles.spread_pixels (n - 1, x, x_stride, x_step, c, points, point_stride);
}

static void
spread_of_next_row (size_t n,
                    const void *dy,
                    size_t dy_stride,
                    size_t dy_step,
                    size_t c,
                    void *points,
                    size_t point_stride)
{
  good.tiles.spread_gradient (n, dy, dy_stride - dy_step, dy_step, c, points, point_stride);
}

static void
gather_into_gap (size_t n,
                 const float *products,
                 size_t point_stride,
                 size_t c,
                 void *y,
                 size_t y_stride,
                 size_t y_step)
{
  good.tiles.gather_pixels (n, products, point_stride, c, y, y_stride, y_step);
  memset ((guint8 *) y + c * good.element_bytes, 0, good.element_bytes);
}

static void
spread_weights_with_wrong_bits (
    size_t ci, size_t width, const void *w, void *points, size_t point_stride)
{
  good.tiles.spread_weights (ci, width, w, points, point_stride);
  if (good.precision == PL_F32)
    *(float *) points *= 1 + 0x1p-16f;
  else
    *(guint16 *) points ^= 2;
}

static void
gather_weights_that_sets (
    size_t n, const float *products, size_t point_stride, float *w, size_t tap_stride)
{
  for (int t = 0; t < 9; t++)
    memset (w + t * tap_stride, 0, n * sizeof *w);
  good.tiles.gather_weights (n, products, point_stride, w, tap_stride);
}

static void
test_check_can_fail (gconstpointer table)
{
  static const Check checks[] = {
    spread_pixels_matches,  spread_gradient_matches, gather_pixels_matches,
    spread_weights_matches, gather_weights_matches,
  };
  const Case c = { 2, 16, 16, 16, 16 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  PlKernels broken;

  if (!take_tiles (table, &good))
    return;
  broken = good;
  broken.tiles = (PlTileKernels){
    .spread_pixels = spread_without_last_tile,
    .spread_gradient = spread_of_next_row,
    .gather_pixels = gather_into_gap,
    .spread_weights = spread_weights_with_wrong_bits,
    .gather_weights = gather_weights_that_sets,
  };
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_assert_true (checks[i](&good, &c, rand));
      g_assert_false (checks[i](&broken, &c, rand));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_for_each_table ("/kernels/tiles/presence", test_presence);
  add_for_each_table ("/kernels/tiles/check-can-fail", test_check_can_fail);
  add_for_each_table ("/kernels/tiles/spread-pixels", test_spread_pixels);
  add_for_each_table ("/kernels/tiles/spread-gradient", test_spread_gradient);
  add_for_each_table ("/kernels/tiles/gather-pixels", test_gather_pixels);
  add_for_each_table ("/kernels/tiles/spread-weights", test_spread_weights);
  add_for_each_table ("/kernels/tiles/gather-weights", test_gather_weights);
  return g_test_run ();
}
