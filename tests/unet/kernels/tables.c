/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unet/kernels/check.h"

void
add_for_each_table (const char *path, GTestDataFunc test)
{
  for (int isa = 0; isa < PL_N_ISAS; isa++)
    for (int precision = 0; precision < PL_N_PRECISIONS; precision++)
      {
        g_autofree char *full =
            g_strdup_printf ("%s/%s/%s", path, pl_isa_name (isa), pl_precision_name (precision));

        if (precision == PL_F32 || isa >= PL_ISA_AVX512)
          g_test_add_data_func (full, GINT_TO_POINTER (isa * PL_N_PRECISIONS + precision), test);
      }
}

gboolean
take_table (gconstpointer data, PlKernels *k)
{
  const int table = GPOINTER_TO_INT (data);

  if (pl_kernels_for_isa (table / PL_N_PRECISIONS, table % PL_N_PRECISIONS, k))
    {
      g_assert_cmpint (k->isa, ==, table / PL_N_PRECISIONS);
      g_assert_cmpint (k->precision, ==, table % PL_N_PRECISIONS);
      return TRUE;
    }
  g_test_skip ("this processor or this build does not have it");
  return FALSE;
}
