/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/kernels/kernels.h"

/* Whether this processor, and the system, can run a level. */
bool pl_cpu_has (PlIsa isa);

/* Each sets what its level does better than the level below. The last two are only in a build that
 * has HAVE_AVX2, HAVE_AVX512. */
void pl_kernels_fill_generic (PlKernels *k);
void pl_kernels_fill_avx2 (PlKernels *k);
void pl_kernels_fill_avx512 (PlKernels *k);
