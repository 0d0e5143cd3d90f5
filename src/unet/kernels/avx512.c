/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AVX-512 on floats. */
#include "unet/kernels/kernels-private.h"

#include "unet/kernels/simd-avx512.h"
#include "unet/kernels/simd-float.h"

void
pl_kernels_fill_avx512 (PlKernels *k)
{
  fill_simd_float (k);
}
