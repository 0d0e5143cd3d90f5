/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of AMX on a processor that may not have it: amx.c compiled against amx-emulation.h. It
 * still needs AVX512_BF16. */
#include "unet/kernels/check.h"

/* pl_kernels_fill_amx() under another name */
void pl_kernels_fill_emulated_amx (PlKernels *k);

void
add_for_each_table (const char *path, GTestDataFunc test)
{
  g_autofree char *full = g_strconcat (path, "/emulated-amx/bf16", NULL);

  g_test_add_data_func (full, NULL, test);
}

gboolean
take_table (gconstpointer data, PlKernels *k)
{
  if (!pl_kernels_for_isa (PL_ISA_AVX512, PL_BF16, k))
    {
      g_test_skip ("this processor or this build does not have AVX512_BF16");
      return FALSE;
    }
  pl_kernels_fill_emulated_amx (k);
  k->isa = PL_ISA_AMX;
  return TRUE;
}
