/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AMX has eight tiles, registers of 16 rows of 64 bytes, and an instruction that multiplies them:
 *
 *   c (16,16) floats += a (16,32) bfloat16 · b (32,16) bfloat16
 *
 * A row of b holds two rows of its matrix, in pairs: b₀₀ b₁₀ b₀₁ b₁₁ b₀₂ b₁₂ …; so weights are
 * packed in pairs of input channels, and pixels are paired for the weight gradient. A tile is
 * loaded from rows a fixed stride apart, such as neighbouring pixels; how many rows it has and how
 * long they are is set beforehand, for each tile.
 *
 * Four tiles of sums stay through all of a product, so that each tile that is loaded is multiplied
 * twice:
 *
 *                  B0    B1         A tile of a takes 8 cycles to load from the first-level cache,
 *            A0    C00   C01        a multiplication 16: 32 cycles of loads hide behind 64. Each
 *            A1    C10   C11        sum is used every 64 cycles and is ready after 52.
 *
 * At an edge A1 or B1 are missing, with the sums that belong to them. */
#include "unet/kernels/kernels-private.h"

#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unet/kernels/bf16-operands.h"

/* The intrinsics take a tile's number as it is written. */
#define C00 0
#define C01 1
#define C10 2
#define C11 3
#define A0 4
#define A1 5
#define B0 6
#define B1 7

enum
{
  N_TILES = 8,
  TILE = 16,       /* rows, and columns of 32 bits */
  TILE_BYTES = 64, /* of a row */
  CO_BLOCK = 2 * TILE,
  /* Pixels summed at once in the weight product: those of 32 channels are 32 KiB, two thirds of the
   * first-level cache, and serve all taps and input channels. */
  K_BLOCK = 512,
};

typedef struct
{
  uint8_t palette;
  uint8_t start_row;
  uint8_t reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} TileConfig;

_Static_assert(sizeof (TileConfig) == 64, "a tile configuration has 64 bytes");

/* For sums of @rows rows, and steps of @depth numbers that are multiplied and summed. What was
 * stored before this is in memory after it: gcc 12's intrinsics do not say what they read. */
static void
configure_tiles (size_t rows, size_t depth)
{
  TileConfig config = { .palette = 1 };

  for (int tile = 0; tile < N_TILES; tile++)
    {
      const bool is_a = tile == A0 || tile == A1;
      const bool is_b = tile == B0 || tile == B1;

      config.rows[tile] = (uint8_t) (is_b ? depth / 2 : rows);
      config.row_bytes[tile] = (uint16_t) (is_a ? depth * sizeof (uint16_t) : TILE_BYTES);
    }
  __asm__ volatile("" : : "r"(&config) : "memory");
  _tile_loadconfig (&config);
}

/* One step of all sums. Strides are in bytes; the second tile of b lies to the right of the first.
 * The branches always go the same way within a call, and there are few. */
static inline void
multiply_tiles (int rows,
                int columns,
                const uint16_t *a0,
                const uint16_t *a1,
                size_t a_stride,
                const uint16_t *b,
                size_t b_stride)
{
  _tile_loadd (A0, a0, a_stride);
  _tile_loadd (B0, b, b_stride);
  _tile_dpbf16ps (C00, A0, B0);
  if (columns == 2)
    {
      _tile_loadd (B1, b + 2 * TILE, b_stride);
      _tile_dpbf16ps (C01, A0, B1);
    }
  if (rows == 2)
    {
      _tile_loadd (A1, a1, a_stride);
      _tile_dpbf16ps (C10, A1, B0);
      if (columns == 2)
        _tile_dpbf16ps (C11, A1, B1);
    }
}

/* The sums from a matrix of floats, and back; a @stride of 0 bytes starts all rows alike. */
static inline void
load_sums (int rows, int columns, const float *from, size_t stride)
{
  const float *below = from + TILE * (stride / sizeof (float));

  _tile_loadd (C00, from, stride);
  if (columns == 2)
    _tile_loadd (C01, from + TILE, stride);
  if (rows == 2)
    _tile_loadd (C10, below, stride);
  if (rows == 2 && columns == 2)
    _tile_loadd (C11, below + TILE, stride);
}

static inline void
store_sums (int rows, int columns, float *to, size_t stride)
{
  float *below = to + TILE * (stride / sizeof (float));

  _tile_stored (C00, to, stride);
  if (columns == 2)
    _tile_stored (C01, to + TILE, stride);
  if (rows == 2)
    _tile_stored (C10, below, stride);
  if (rows == 2 && columns == 2)
    _tile_stored (C11, below + TILE, stride);
}

/* How a product deals out the pixels of a strip: each row in runs of equal length, one a tile. What
 * does not divide the row is computed twice, where the last run overlaps the one before: 40 pixels
 * are 0…13, 14…27 and 26…39. So all tiles have one shape, and it is set once a call. Two runs make
 * a block, often of two rows. */
typedef struct
{
  size_t runs; /* of a row */
  size_t length;
  size_t depth; /* input channels of a step: 32, or 16 where 32 does not divide them */
} Strip;

static inline Strip
deal_pixels (const PlProduct *p)
{
  const size_t runs = (p->n + TILE - 1) / TILE;

  return (Strip){ runs, (p->n + runs - 1) / runs, p->ci % 32 == 0 ? 32 : 16 };
}

/* Where a run begins, in elements. */
static inline size_t
find_pixel (const PlProduct *p, const Strip *strip, size_t run, size_t stride, size_t step)
{
  const size_t first = run % strip->runs * strip->length;
  const size_t last = p->n - strip->length;

  return run / strip->runs * stride + (first < last ? first : last) * step;
}

static inline void
round_run (size_t length, int columns, const float *sums, uint16_t *y, size_t y_step)
{
  for (size_t i = 0; i < length; i++, sums += CO_BLOCK, y += y_step)
    {
      const __m512 left = _mm512_load_ps (sums);

      if (columns == 2)
        _mm512_storeu_si512 (y, (__m512i) _mm512_cvtne2ps_pbh (_mm512_load_ps (sums + TILE), left));
      else
        _mm256_storeu_si256 ((__m256i *) y, (__m256i) _mm512_cvtneps_pbh (left));
    }
}

/* @rows runs of pixels from @run on × @columns tiles of output channels from @o on. */
static void
compute_block (const PlProduct *p, const Strip *strip, size_t run, int rows, size_t o, int columns)
{
  static const float no_bias[CO_BLOCK];
  const size_t second = run + rows - 1;
  const size_t x0 = find_pixel (p, strip, run, p->x_stride, p->x_step);
  const size_t x1 = find_pixel (p, strip, second, p->x_stride, p->x_step);
  const size_t width = columns * TILE;
  const uint16_t *w = (const uint16_t *) p->w + o * p->n_taps * p->ci;
  uint16_t *y = (uint16_t *) p->y + o;
  float sums[2 * TILE * CO_BLOCK] __attribute__ ((aligned (64)));

  load_sums (rows, columns, p->bias != NULL ? p->bias + o : no_bias, 0);
  for (int t = 0; t < p->n_taps; t++)
    {
      const uint16_t *x = p->x[t];

      for (size_t i = 0; i < p->ci; i += strip->depth, w += strip->depth * width)
        multiply_tiles (rows, columns, x + x0 + i, x + x1 + i, p->x_step * sizeof *x, w,
                        width * 2 * sizeof *w);
    }
  store_sums (rows, columns, sums, CO_BLOCK * sizeof (float));
  for (int r = 0; r < rows; r++)
    round_run (strip->length, columns, sums + r * TILE * CO_BLOCK,
               y + find_pixel (p, strip, run + r, p->y_stride, p->y_step), p->y_step);
}

static void
product_amx (const PlProduct *p)
{
  if (p->rows == 0 || p->n == 0)
    return;

  const Strip strip = deal_pixels (p);
  const size_t n_runs = p->rows * strip.runs;

  configure_tiles (strip.length, strip.depth);
  for (size_t o = 0; o < p->co; o += CO_BLOCK)
    for (size_t run = 0; run < n_runs; run += 2)
      compute_block (p, &strip, run, n_runs - run >= 2 ? 2 : 1, o, p->co - o >= CO_BLOCK ? 2 : 1);
  _tile_release ();
}

/* dw (co,ci) += dy (co,k) · x (k,ci) for some pixels of a run: @rows × @columns tiles of dw. */
static void
add_block (const PlWeightProduct *p,
           const Operands *operands,
           size_t k,
           int rows,
           const uint16_t *dy,
           int columns,
           const uint16_t *x,
           float *dw)
{
  const size_t dy_stride = operands->layout.dy_stride;

  load_sums (rows, columns, dw, p->ci * sizeof *dw);
  for (size_t i = 0; i < k; i += K_STEP, dy += K_STEP, x += K_STEP * p->ci)
    multiply_tiles (rows, columns, dy, dy + TILE * dy_stride, dy_stride * sizeof *dy, x,
                    p->ci * 2 * sizeof *x);
  store_sums (rows, columns, dw, p->ci * sizeof *dw);
}

/* Pixels @first to @first + @k of all runs, for @rows tiles of output channels from @o on. */
static void
add_taps (
    const PlWeightProduct *p, const Operands *operands, size_t first, size_t k, size_t o, int rows)
{
  const uint16_t *dy = operands->dy + o * operands->layout.dy_stride + first;

  for (int t = 0; t < p->side * p->side; t++)
    {
      const uint16_t *x = find_run (p, operands, t) + first * p->ci;
      float *dw = p->dw + (t * p->co + o) * p->ci;

      for (size_t i = 0; i < p->ci; i += 2 * TILE)
        add_block (p, operands, k, rows, dy, p->ci - i >= 2 * TILE ? 2 : 1, x + 2 * i, dw + i);
    }
}

static void
weight_product_amx (const PlWeightProduct *p)
{
  if (p->rows == 0 || p->n == 0)
    return;

  const Operands operands = prepare_operands (p, true);
  const size_t steps = operands.layout.k / K_STEP;
  const size_t blocks = (operands.layout.k + K_BLOCK - 1) / K_BLOCK;
  const size_t k = (steps + blocks - 1) / blocks * K_STEP;

  configure_tiles (TILE, K_STEP);
  for (size_t first = 0; first < operands.layout.k; first += k)
    {
      const size_t left = operands.layout.k - first;

      for (size_t o = 0; o < p->co; o += 2 * TILE)
        add_taps (p, &operands, first, k < left ? k : left, o, p->co - o >= 2 * TILE ? 2 : 1);
    }
  _tile_release ();
}

/* Without the system's leave the first tile instruction would end the program. The leave is for the
 * process and the threads that it will start. */
bool
pl_amx_allowed (void)
{
  enum
  {
    AMX_BF16 = 1 << 22,
    AMX_TILE = 1 << 24,
    ARCH_REQ_XCOMP_PERM = 0x1023,
    XFEATURE_XTILEDATA = 18,
  };
  unsigned eax, ebx, ecx, edx;

  return __get_cpuid_count (7, 0, &eax, &ebx, &ecx, &edx) && (edx & AMX_BF16) && (edx & AMX_TILE) &&
         syscall (SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
}

static double
peak_amx (size_t rounds)
{
  configure_tiles (TILE, 2 * TILE);
  _tile_zero (A0);
  _tile_zero (A1);
  _tile_zero (B0);
  _tile_zero (B1);
  _tile_zero (C00);
  _tile_zero (C01);
  _tile_zero (C10);
  _tile_zero (C11);
  for (size_t i = 0; i < rounds; i++)
    {
      _tile_dpbf16ps (C00, A0, B0);
      _tile_dpbf16ps (C01, A0, B1);
      _tile_dpbf16ps (C10, A1, B0);
      _tile_dpbf16ps (C11, A1, B1);
    }
  _tile_release ();
  return 2.0 * rounds * 4 * TILE * TILE * 2 * TILE;
}

void
pl_kernels_fill_amx (PlKernels *k)
{
  k->co_block = CO_BLOCK;
  k->ci_block = 2;
  k->gradient_co_first = true;
  k->tiles = (PlTileKernels){ 0 };
  k->product = product_amx;
  k->weight_product = weight_product_amx;
  k->weight_product_scratch = operands_scratch;
  k->peak = peak_amx;
}
