/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this build has and the processor can do. __builtin_cpu_supports also asks whether the system
 * saves the wide registers. The features are those that meson.build compiles each level with. */
#include "unet/kernels/kernels-private.h"

static bool
has_avx2 (void)
{
#ifdef HAVE_AVX2
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
#else
  return false;
#endif
}

static bool
has_avx512 (void)
{
#ifdef HAVE_AVX512
  return has_avx2 () && __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw") &&
         __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512vl");
#else
  return false;
#endif
}

static bool
has_avx512_bf16 (void)
{
#ifdef HAVE_AVX512_BF16
  return has_avx512 () && __builtin_cpu_supports ("avx512bf16");
#else
  return false;
#endif
}

static bool
has_amx (void)
{
#ifdef HAVE_AMX
  return has_avx512_bf16 () && pl_amx_allowed ();
#else
  return false;
#endif
}

bool
pl_cpu_has (PlIsa isa, PlPrecision precision)
{
  switch (isa)
    {
    case PL_ISA_GENERIC:
      return precision == PL_F32;
    case PL_ISA_AVX2:
      return precision == PL_F32 && has_avx2 ();
    case PL_ISA_AVX512:
      return precision == PL_F32 ? has_avx512 () : has_avx512_bf16 ();
    case PL_ISA_AMX:
      return has_amx ();
    default:
      return false;
    }
}

bool
pl_cpu_is_amd (void)
{
#ifdef __x86_64__
  return __builtin_cpu_is ("amd");
#else
  return false;
#endif
}
