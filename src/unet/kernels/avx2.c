/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AVX2 with FMA on floats: 16 registers of 8. */
#include "unet/kernels/kernels-private.h"

#include <immintrin.h>

enum
{
  LANES = 8,
  ROWS = 6,
};

typedef __m256 Vec;
typedef __m256 Mask;
typedef __m256i Tail;

#define vec_load _mm256_loadu_ps
#define vec_store _mm256_storeu_ps
#define vec_set1 _mm256_set1_ps
#define vec_add _mm256_add_ps
#define vec_sub _mm256_sub_ps
#define vec_mul _mm256_mul_ps
#define vec_div _mm256_div_ps
#define vec_max _mm256_max_ps
#define vec_sqrt _mm256_sqrt_ps
#define vec_fma _mm256_fmadd_ps
#define vec_greater(a, b) _mm256_cmp_ps (a, b, _CMP_GT_OQ)
#define vec_equal(a, b) _mm256_cmp_ps (a, b, _CMP_EQ_OQ)
#define vec_select(mask, yes, no) _mm256_blendv_ps (no, yes, mask)
#define vec_load_tail _mm256_maskload_ps
#define vec_store_tail _mm256_maskstore_ps

static inline Tail
tail_of (size_t n)
{
  return _mm256_cmpgt_epi32 (_mm256_set1_epi32 (n), _mm256_setr_epi32 (0, 1, 2, 3, 4, 5, 6, 7));
}

/* Whole numbers 0…255 as bytes. */
static inline void
vec_store_bytes (uint8_t *at, Vec v)
{
  const __m256i wide = _mm256_cvtps_epi32 (v);
  const __m128i words =
      _mm_packs_epi32 (_mm256_castsi256_si128 (wide), _mm256_extracti128_si256 (wide, 1));

  _mm_storel_epi64 ((__m128i *) at, _mm_packus_epi16 (words, words));
}

static inline Vec
vec_load_bytes (const uint8_t *at)
{
  return _mm256_cvtepi32_ps (_mm256_cvtepu8_epi32 (_mm_loadl_epi64 ((const __m128i *) at)));
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
    }

#include "unet/kernels/simd-float.h"

void
pl_kernels_fill_avx2 (PlKernels *k)
{
  fill_simd_float (k);
}
