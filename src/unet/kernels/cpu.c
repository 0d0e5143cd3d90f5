/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the processor can do. __builtin_cpu_supports also asks whether the system saves the wide
 * registers. The features are those that meson.build compiles each level with. */
#include "unet/kernels/kernels-private.h"

#ifdef __x86_64__
static bool
has_avx2 (void)
{
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
}

static bool
has_avx512 (void)
{
  return has_avx2 () && __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw") &&
         __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512vl");
}
#else
static bool
has_avx2 (void)
{
  return false;
}

static bool
has_avx512 (void)
{
  return false;
}
#endif

bool
pl_cpu_has (PlIsa isa)
{
  switch (isa)
    {
    case PL_ISA_GENERIC:
      return true;
    case PL_ISA_AVX2:
      return has_avx2 ();
    case PL_ISA_AVX512:
      return has_avx512 ();
    default:
      return false;
    }
}
