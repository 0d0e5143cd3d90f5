/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AVX-512 on bfloat16, with the dot product of AVX512_BF16: a lane adds the products of two pairs,
 * two steps of a sum, at once. */
#include "unet/kernels/kernels-private.h"

#include "unet/kernels/bf16-operands.h"
#include "unet/kernels/simd-avx512.h"

enum
{
  CI_BLOCK = 2,
};

typedef uint16_t Element;
typedef __m512bh Operand;

static inline Vec
element_load (const uint16_t *at)
{
  const __m256i v = _mm256_loadu_si256 ((const __m256i *) at);

  return _mm512_castsi512_ps (_mm512_slli_epi32 (_mm512_cvtepu16_epi32 (v), 16));
}

static inline void
element_store (uint16_t *at, Vec v)
{
  _mm256_storeu_si256 ((__m256i *) at, (__m256i) _mm512_cvtneps_pbh (v));
}

static inline Operand
operand_load (const uint16_t *at)
{
  return (Operand) _mm512_loadu_si512 (at);
}

static inline Operand
operand_broadcast (const uint16_t *at)
{
  int pair;

  memcpy (&pair, at, sizeof pair);
  return (Operand) _mm512_set1_epi32 (pair);
}

#define operand_fma(a, b, sum) _mm512_dpbf16_ps (sum, a, b)

#include "unet/kernels/simd.h"

/* @rows output channels × @vectors of input channels of one tap, over all pairs of pixels. */
ALWAYS_INLINE void
weight_block (const int rows,
              const int vectors,
              const PlWeightProduct *product,
              const OperandLayout *layout,
              const uint16_t *dy,
              const uint16_t *x,
              float *dw)
{
  Vec sum[ROWS][VECTORS];

  clear_sums (rows, vectors, sum);
  add_products (rows, vectors, sum, layout->k / 2, dy, 2, 2 * product->co, x, 2 * product->ci);
  add_block (rows, vectors, sum, dw, product->ci);
}

/* One tap, all output channels, the @vectors of input channels from @i. */
ALWAYS_INLINE void
weight_channels (
    const int vectors, const PlWeightProduct *product, const Operands *operands, int t, size_t i)
{
  const uint16_t *x = find_run (product, operands, t) + 2 * i;

  for (size_t o = 0, rows; o < product->co; o += rows)
    {
      const uint16_t *dy = operands->dy + 2 * o;
      float *dw = product->dw + (t * product->co + o) * product->ci + i;

      rows = deal_rows (product->co - o);
#define CALL(M) weight_block (M, vectors, product, &operands->layout, dy, x, dw)
      WITH_ROWS (rows, CALL);
#undef CALL
    }
}

static void
weight_product_bf16 (const PlWeightProduct *product)
{
  const Operands operands = prepare_operands (product, false);

  for (int t = 0; t < product->side * product->side; t++)
    for (size_t i = 0; i < product->ci; i += CO_BLOCK)
      if (product->ci - i >= CO_BLOCK)
        weight_channels (VECTORS, product, &operands, t, i);
      else
        weight_channels (1, product, &operands, t, i);
}

/* Of a pair the first is the lower half. */
static inline __m512i
pair_vectors (Vec first, Vec second)
{
  return _mm512_permutexvar_epi16 (alternate (), (__m512i) _mm512_cvtne2ps_pbh (second, first));
}

static void
spread_weights_bf16 (
    size_t ci, size_t width, const void *weights, void *points, size_t point_stride)
{
  const __m512i upper = _mm512_set1_epi32 ((int) 0xffff0000);
  const uint16_t *w = weights;
  uint16_t *to = points;

  for (size_t i = 0; i < ci * width; i += 2 * LANES)
    {
      Vec first[9], second[9];
      Vec spread_first[SIDE][SIDE], spread_second[SIDE][SIDE];

      UNROLL
      for (int t = 0; t < 9; t++)
        {
          const __m512i pairs = _mm512_loadu_si512 (w + t * ci * width + i);

          first[t] = _mm512_castsi512_ps (_mm512_slli_epi32 (pairs, 16));
          second[t] = _mm512_castsi512_ps (_mm512_and_si512 (pairs, upper));
        }
      spread_weights_block (first, spread_first);
      spread_weights_block (second, spread_second);
      UNROLL
      for (int row = 0; row < SIDE; row++)
        {
          UNROLL
          for (int k = 0; k < SIDE; k++)
            _mm512_storeu_si512 (to + (row * SIDE + k) * point_stride + i,
                                 pair_vectors (spread_first[row][k], spread_second[row][k]));
        }
    }
}

static void
product_to_floats (const PlProduct *product)
{
  product_all (true, product);
}

void
pl_kernels_fill_avx512_bf16 (PlKernels *k)
{
  fill_simd (k);
  k->tiles.spread_weights = spread_weights_bf16;
  k->tiles.product = product_to_floats;
  k->gradient_co_first = true;
  k->weight_product = weight_product_bf16;
  k->weight_product_scratch = operands_scratch;
}
