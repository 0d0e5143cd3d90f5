/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#define ALWAYS_INLINE static inline __attribute__ ((always_inline))

/* Wholly, and before arrays of vectors are given registers. */
#ifdef __clang__
#define UNROLL _Pragma ("clang loop unroll(full)")
#else
#define UNROLL _Pragma ("GCC unroll 16")
#endif
