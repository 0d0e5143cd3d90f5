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
  void (*fill) (PlKernels *k); /* NULL: not in this build */
} levels[PL_N_ISAS] = {
  [PL_ISA_GENERIC] = { "generic", pl_kernels_fill_generic },
  [PL_ISA_AVX2] = { .name = "avx2",
#ifdef HAVE_AVX2
                    .fill = pl_kernels_fill_avx2
#endif
  },
  [PL_ISA_AVX512] = { .name = "avx512",
#ifdef HAVE_AVX512
                      .fill = pl_kernels_fill_avx512
#endif
  },
};

static PlKernels chosen;

const char *
pl_isa_name (PlIsa isa)
{
  assert (isa < PL_N_ISAS);
  return levels[isa].name;
}

bool
pl_kernels_for_isa (PlIsa isa, PlKernels *out)
{
  PlKernels k = { .isa = isa };

  assert (isa < PL_N_ISAS);
  if (levels[isa].fill == NULL || !pl_cpu_has (isa))
    return false;
  for (int i = PL_ISA_GENERIC; i <= (int) isa; i++)
    if (levels[i].fill != NULL)
      levels[i].fill (&k);
  *out = k;
  return true;
}

bool
pl_kernels_init (const char *name)
{
  const bool any = name == NULL || name[0] == '\0';

  for (int i = PL_N_ISAS - 1; i >= PL_ISA_GENERIC; i--)
    if ((any || strcmp (name, levels[i].name) == 0) && pl_kernels_for_isa (i, &chosen))
      return true;
  return false;
}

const PlKernels *
pl_kernels (void)
{
  assert (chosen.row_product != NULL);
  return &chosen;
}
