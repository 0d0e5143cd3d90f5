/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simd.h asks for, in AVX-512: 32 registers of 16 floats. */
#pragma once

#include <immintrin.h>
#include <stdint.h>

enum
{
  LANES = 16,
  ROWS = 14,
};

typedef __m512 Vec;
typedef __mmask16 Mask;
typedef __mmask16 Tail;

#define vec_load _mm512_loadu_ps
#define vec_store _mm512_storeu_ps
#define vec_set1 _mm512_set1_ps
#define vec_add _mm512_add_ps
#define vec_sub _mm512_sub_ps
#define vec_mul _mm512_mul_ps
#define vec_div _mm512_div_ps
#define vec_max _mm512_max_ps
#define vec_sqrt _mm512_sqrt_ps
#define vec_fma _mm512_fmadd_ps
#define vec_greater(a, b) _mm512_cmp_ps_mask (a, b, _CMP_GT_OQ)
#define vec_equal(a, b) _mm512_cmp_ps_mask (a, b, _CMP_EQ_OQ)
#define vec_select(mask, yes, no) _mm512_mask_blend_ps (mask, no, yes)
#define vec_load_tail(at, tail) _mm512_maskz_loadu_ps (tail, at)
#define vec_store_tail _mm512_mask_storeu_ps

static inline Tail
tail_of (size_t n)
{
  return (1u << n) - 1;
}

/* Whole numbers 0…255 as bytes. */
static inline void
vec_store_bytes (uint8_t *at, Vec v)
{
  _mm_storeu_si128 ((__m128i *) at, _mm512_cvtepi32_epi8 (_mm512_cvtps_epi32 (v)));
}

static inline Vec
vec_load_bytes (const uint8_t *at)
{
  return _mm512_cvtepi32_ps (_mm512_cvtepu8_epi32 (_mm_loadu_si128 ((const __m128i *) at)));
}

#define CASE(M, CALL)                                                                              \
  case M:                                                                                          \
    CALL (M);                                                                                      \
    break
#define WITH_ROWS(m, CALL)                                                                         \
  switch (m)                                                                                       \
    {                                                                                              \
      CASE (1, CALL);                                                                              \
      CASE (2, CALL);                                                                              \
      CASE (3, CALL);                                                                              \
      CASE (4, CALL);                                                                              \
      CASE (5, CALL);                                                                              \
      CASE (6, CALL);                                                                              \
      CASE (7, CALL);                                                                              \
      CASE (8, CALL);                                                                              \
      CASE (9, CALL);                                                                              \
      CASE (10, CALL);                                                                             \
      CASE (11, CALL);                                                                             \
      CASE (12, CALL);                                                                             \
      CASE (13, CALL);                                                                             \
      CASE (14, CALL);                                                                             \
    }
