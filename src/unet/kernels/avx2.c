/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unet/kernels/kernels-private.h"

void
pl_kernels_fill_avx2 (PlKernels *k)
{
}
