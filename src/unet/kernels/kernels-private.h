/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/kernels/kernels.h"

/* Whether this build has a level in a precision, and this processor and system can run it. */
bool pl_cpu_has (PlIsa isa, PlPrecision precision);

bool pl_cpu_is_amd (void);

/* Each sets what its level does better than the level below. All but the first are only in a build
 * that has HAVE_AVX2, HAVE_AVX512, HAVE_AVX512_BF16, HAVE_AMX. */
void pl_kernels_fill_generic (PlKernels *k);
void pl_kernels_fill_avx2 (PlKernels *k);
void pl_kernels_fill_avx512 (PlKernels *k);
void pl_kernels_fill_avx512_bf16 (PlKernels *k);
void pl_kernels_fill_amx (PlKernels *k);

/* Whether the processor has AMX-BF16 and the system lets this process use its registers, which it
 * asks for. Only in a build that has HAVE_AMX; needs AVX-512. */
bool pl_amx_allowed (void);
