/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the weight product of bfloat16 multiplies. Both multipliers, AVX512_BF16's and AMX's, sum
 * over pairs that are neighbours in memory. A weight gradient sums over pixels, which are not, so
 * each call first copies both of its operands into scratch:
 *
 *   x in pairs     [side][slot][k/2][ci][2]    a plane for each tap column
 *   dy in pairs    [k/2][co][2]                for AVX512_BF16, which repeats one pair in all lanes
 *   or transposed  [co][k]                     for AMX
 *
 * k counts the pixels of all rows, one row behind the other, however short they are: each row is
 * padded to an even number and the whole to a multiple of K_STEP, with zeros. In the plane of tap
 * column 1, a row of 5 pixels of a 3×3 convolution lies as
 *
 *   pixel, from the border's:   (1 2) (3 4) (5 ·)
 *
 * A slot is an input row. They are in such an order that what a tap row sees of all rows lies
 * together, so that every tap is a plain product of matrices, dw (co,ci) += dyᵀ (co,k) · x (k,ci):
 *
 *   side 3   slots 0 1 2 … rows + 1: tap row 0 begins at slot 0, 1 at 1, 2 at 2
 *   side 2   rows 0 2 4 … for tap row 0, then rows 1 3 5 … for tap row 1 */
#pragma once

#include "unet/kernels/kernels.h"
#include "unet/kernels/unroll.h"

#include <immintrin.h>

enum
{
  K_STEP = 32,
};

typedef struct
{
  size_t k;         /* pixels of a run: a multiple of K_STEP */
  size_t row_pairs; /* pairs of pixels in a row */
  size_t dy_stride; /* elements from a channel of dy to the next */
  size_t slots;     /* rows of a plane of x */
  size_t plane;     /* elements of one */
} OperandLayout;

typedef struct
{
  OperandLayout layout;
  uint16_t *dy; /* (k/2,co,2); or (co,k), dy_stride apart: 64-byte aligned, as is every 32nd pixel
                   in it */
  uint16_t *x;  /* the first plane */
} Operands;

/* The stride is an odd multiple of 64 bytes: rows that are a power of two apart would share a few
 * sets of the first-level cache. */
static inline OperandLayout
lay_out_operands (size_t rows, size_t n, int side, size_t ci)
{
  OperandLayout layout = { .row_pairs = (n + 1) / 2 };
  const size_t pixels = rows * 2 * layout.row_pairs;

  layout.k = (pixels + K_STEP - 1) / K_STEP * K_STEP;
  layout.dy_stride = layout.k | K_STEP;
  layout.slots = side == 3 && rows > 0 ? rows + 2 : rows * side;
  layout.plane = (2 * layout.slots * layout.row_pairs + layout.k - pixels) * ci;
  return layout;
}

/* PlKernels.weight_product_scratch */
static size_t
operands_scratch (size_t rows, size_t n, int side, size_t ci, size_t co)
{
  const OperandLayout layout = lay_out_operands (rows, n, side, ci);

  return (co * layout.dy_stride + side * layout.plane) * sizeof (uint16_t);
}

/* Two pixels. One that would lie beyond the end of its row is not read but taken as zero: @present
 * has a bit for each element of the pairs, and the pointer is another pixel's. */
typedef struct
{
  const uint16_t *first;
  const uint16_t *second;
  __mmask32 present;
} Pair;

/* Pixels p and p + 1 of a row of n; p < n. */
static inline Pair
find_pair (const uint16_t *row, size_t step, size_t p, size_t n)
{
  const uint16_t *first = row + p * step;

  return p + 1 < n ? (Pair){ first, first + step, 0xffffffff } : (Pair){ first, first, 0x55555555 };
}

/* Where f₀ … f₁₅ s₀ … s₁₅ have what goes to f₀ s₀ f₁ s₁ … f₁₅ s₁₅. */
static inline __m512i
alternate (void)
{
  return _mm512_set_epi16 (31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22,
                           6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
}

/* 16 channels: f₀ s₀ f₁ s₁ … f₁₅ s₁₅ */
static inline __m512i
load_pair (const Pair *pair, size_t channel)
{
  const __m256i first = _mm256_loadu_si256 ((const __m256i *) (pair->first + channel));
  const __m256i second = _mm256_loadu_si256 ((const __m256i *) (pair->second + channel));

  return _mm512_maskz_permutexvar_epi16 (
      pair->present, alternate (), _mm512_inserti64x4 (_mm512_castsi256_si512 (first), second, 1));
}

/* 16 × 16 of 32 bits, in quarters a…d of a register: first within quarters,
 *
 *   a₀ a₁ a₂ a₃  b₀ …        a₀ a₀ a₀ a₀  b₀ …         (four rows' a₀)
 *   a₀ a₁ a₂ a₃  b₀ …   →    a₁ a₁ a₁ a₁  b₁ …
 *
 * then the quarters among the registers of four rows each. */
ALWAYS_INLINE void
transpose (__m512i r[16])
{
  __m512i t[16];

  UNROLL
  for (int i = 0; i < 16; i += 2)
    {
      t[i] = _mm512_unpacklo_epi32 (r[i], r[i + 1]);
      t[i + 1] = _mm512_unpackhi_epi32 (r[i], r[i + 1]);
    }
  UNROLL
  for (int i = 0; i < 16; i += 4)
    {
      r[i] = _mm512_unpacklo_epi64 (t[i], t[i + 2]);
      r[i + 1] = _mm512_unpackhi_epi64 (t[i], t[i + 2]);
      r[i + 2] = _mm512_unpacklo_epi64 (t[i + 1], t[i + 3]);
      r[i + 3] = _mm512_unpackhi_epi64 (t[i + 1], t[i + 3]);
    }
  UNROLL
  for (int i = 0; i < 4; i++)
    {
      const __m512i even_low = _mm512_shuffle_i32x4 (r[i], r[i + 4], 0x88);
      const __m512i odd_low = _mm512_shuffle_i32x4 (r[i], r[i + 4], 0xdd);
      const __m512i even_high = _mm512_shuffle_i32x4 (r[i + 8], r[i + 12], 0x88);
      const __m512i odd_high = _mm512_shuffle_i32x4 (r[i + 8], r[i + 12], 0xdd);

      r[i] = _mm512_shuffle_i32x4 (even_low, even_high, 0x88);
      r[i + 4] = _mm512_shuffle_i32x4 (odd_low, odd_high, 0x88);
      r[i + 8] = _mm512_shuffle_i32x4 (even_low, even_high, 0xdd);
      r[i + 12] = _mm512_shuffle_i32x4 (odd_low, odd_high, 0xdd);
    }
}

/* K_STEP pixels of every channel. */
static inline void
transpose_pairs (const Pair pairs[16], size_t co, size_t dy_stride, uint16_t *out)
{
  for (size_t c = 0; c < co; c += 16, out += 16 * dy_stride)
    {
      __m512i r[16];

      UNROLL
      for (int i = 0; i < 16; i++)
        r[i] = load_pair (&pairs[i], c);
      transpose (r);
      UNROLL
      for (int i = 0; i < 16; i++)
        _mm512_store_si512 (out + i * dy_stride, r[i]);
    }
}

static inline void
transpose_dy (const PlWeightProduct *p, const Operands *operands)
{
  const OperandLayout *layout = &operands->layout;
  const uint16_t *dy = p->dy;
  size_t row = 0;
  size_t column = 0;

  for (size_t k = 0; k < layout->k; k += K_STEP)
    {
      Pair pairs[16];

      for (int i = 0; i < 16; i++)
        {
          pairs[i] = row < p->rows ? find_pair (dy + row * p->dy_stride, p->dy_step, column, p->n)
                                   : (Pair){ dy, dy, 0 };
          column += 2;
          if (column >= p->n)
            {
              column = 0;
              row++;
            }
        }
      transpose_pairs (pairs, p->co, layout->dy_stride, operands->dy + k);
    }
}

static inline void
pair_row (size_t n, const uint16_t *x, size_t x_step, size_t ci, uint16_t *out)
{
  for (size_t p = 0; p < n; p += 2)
    {
      const Pair pair = find_pair (x, x_step, p, n);

      for (size_t c = 0; c < ci; c += 16, out += 32)
        _mm512_store_si512 (out, load_pair (&pair, c));
    }
}

static inline void
pair_dy (const PlWeightProduct *p, const Operands *operands)
{
  const OperandLayout *layout = &operands->layout;
  const size_t row_size = 2 * layout->row_pairs * p->co;

  for (size_t row = 0; row < p->rows; row++)
    pair_row (p->n, (const uint16_t *) p->dy + row * p->dy_stride, p->dy_step, p->co,
              operands->dy + row * row_size);
  memset (operands->dy + p->rows * row_size, 0,
          (layout->k * p->co - p->rows * row_size) * sizeof *operands->dy);
}

static inline void
pair_x (const PlWeightProduct *p, const Operands *operands)
{
  const OperandLayout *layout = &operands->layout;
  const size_t apart = p->side == 2 ? 2 : 1; /* input pixels of neighbouring output pixels */
  const size_t slot_size = 2 * layout->row_pairs * p->ci;

  for (size_t row = 0; row < layout->slots; row++)
    {
      const uint16_t *x = (const uint16_t *) p->x + row * p->x_stride;
      const size_t slot = row % apart * p->rows + row / apart;

      for (int column = 0; column < p->side; column++)
        pair_row (p->n, x + column * p->x_step, apart * p->x_step, p->ci,
                  operands->x + column * layout->plane + slot * slot_size);
    }
  for (int column = 0; column < p->side; column++)
    {
      uint16_t *plane = operands->x + column * layout->plane;
      const size_t used = layout->slots * slot_size;

      memset (plane + used, 0, (layout->plane - used) * sizeof *plane);
    }
}

/* Fills the scratch, with dy in pairs or transposed. */
static inline Operands
prepare_operands (const PlWeightProduct *p, bool transposed)
{
  Operands operands = { .layout = lay_out_operands (p->rows, p->n, p->side, p->ci),
                        .dy = p->scratch };

  operands.x = operands.dy + p->co * operands.layout.dy_stride;
  if (transposed)
    transpose_dy (p, &operands);
  else
    pair_dy (p, &operands);
  pair_x (p, &operands);
  return operands;
}

/* Where the pairs (k/2,ci,2) of tap @t begin. */
static inline const uint16_t *
find_run (const PlWeightProduct *p, const Operands *operands, int t)
{
  const OperandLayout *layout = &operands->layout;
  const size_t slot = t / p->side * (p->side == 2 ? p->rows : 1);

  return operands->x + t % p->side * layout->plane + slot * 2 * layout->row_pairs * p->ci;
}
