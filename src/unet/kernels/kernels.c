/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice of a level. A table is filled from the lowest level upwards, so a level that lacks a
 * kernel has the one of the level below. */
#include "unet/kernels/kernels.h"

#include "unet/kernels/kernels-private.h"

#include <assert.h>
#include <string.h>

static const struct
{
  const char *name;
  void (*fill[PL_N_PRECISIONS]) (PlKernels *k); /* NULL: nothing of its own */
} levels[PL_N_ISAS] = {
  [PL_ISA_GENERIC] = { "generic", { [PL_F32] = pl_kernels_fill_generic } },
  [PL_ISA_AVX2] = { .name = "avx2",
#ifdef HAVE_AVX2
                    .fill[PL_F32] = pl_kernels_fill_avx2,
#endif
  },
  [PL_ISA_AVX512] = { .name = "avx512",
#ifdef HAVE_AVX512
                      .fill[PL_F32] = pl_kernels_fill_avx512,
#endif
#ifdef HAVE_AVX512_BF16
                      .fill[PL_BF16] = pl_kernels_fill_avx512_bf16,
#endif
  },
  [PL_ISA_AMX] = { .name = "amx",
#ifdef HAVE_AMX
                   .fill[PL_BF16] = pl_kernels_fill_amx,
#endif
  },
};

static PlKernels chosen[PL_N_PRECISIONS]; /* without kernels where the level lacks a precision */

const char *
pl_isa_name (PlIsa isa)
{
  assert (isa < PL_N_ISAS);
  return levels[isa].name;
}

const char *
pl_precision_name (PlPrecision precision)
{
  static const char *const names[PL_N_PRECISIONS] = { [PL_F32] = "f32", [PL_BF16] = "bf16" };

  assert (precision < PL_N_PRECISIONS);
  return names[precision];
}

bool
pl_kernels_for_isa (PlIsa isa, PlPrecision precision, PlKernels *out)
{
  PlKernels k = { .isa = isa, .precision = precision };

  assert (isa < PL_N_ISAS && precision < PL_N_PRECISIONS);
  if (!pl_cpu_has (isa, precision))
    return false;
  for (int i = PL_ISA_GENERIC; i <= (int) isa; i++)
    if (levels[i].fill[precision] != NULL)
      levels[i].fill[precision](&k);
  *out = k;
  return true;
}

static void
choose (PlIsa isa)
{
  memset (chosen, 0, sizeof chosen);
  for (int precision = 0; precision < PL_N_PRECISIONS; precision++)
    pl_kernels_for_isa (isa, precision, &chosen[precision]);
}

bool
pl_kernels_init (const char *name)
{
  const bool any = name == NULL || name[0] == '\0';

  for (int i = PL_N_ISAS - 1; i >= PL_ISA_GENERIC; i--)
    if ((any || strcmp (name, levels[i].name) == 0) && pl_cpu_has (i, PL_F32))
      {
        choose (i);
        return true;
      }
  return false;
}

const PlKernels *
pl_kernels (PlPrecision precision)
{
  assert (precision < PL_N_PRECISIONS && chosen[PL_F32].product != NULL);
  return chosen[precision].product != NULL ? &chosen[precision] : NULL;
}

bool
pl_kernels_prefer_bf16 (void)
{
  const PlKernels *k = pl_kernels (PL_BF16);

  return k != NULL && (k->isa == PL_ISA_AMX || pl_cpu_is_amd ());
}
