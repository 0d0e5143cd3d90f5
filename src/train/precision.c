/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/precision.h"

#include "train/train.h"

static const char *const precision_names[] = {
  [PL_TRAIN_PRECISION_AUTO] = "auto",
  [PL_TRAIN_PRECISION_F32] = "f32",
  [PL_TRAIN_PRECISION_BF16] = "bf16",
};

gboolean
pl_train_precision_from_name (const char *name, int *precision)
{
  for (gsize i = 0; i < G_N_ELEMENTS (precision_names); i++)
    if (g_str_equal (name, precision_names[i]))
      {
        *precision = (int) i;
        return TRUE;
      }
  return FALSE;
}

const char *
pl_train_precision_name (int precision)
{
  return precision_names[precision];
}

int
pl_train_precision_resolve (int precision)
{
  if (precision != PL_TRAIN_PRECISION_AUTO)
    return precision;
  return pl_unet_best_precision () == PL_BF16 ? PL_TRAIN_PRECISION_BF16 : PL_TRAIN_PRECISION_F32;
}

PlPrecision
pl_train_core_precision (int precision)
{
  return pl_train_precision_resolve (precision) == PL_TRAIN_PRECISION_BF16 ? PL_BF16 : PL_F32;
}
