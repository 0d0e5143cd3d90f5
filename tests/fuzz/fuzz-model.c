/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Model files, with what a checkpoint adds. */
#include "fuzz.h"

#include "train/model.h"
#include "train/train.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static gsize once;
  PlOptimizer *optimizer = NULL;
  GHashTable *metadata = NULL;
  g_autoptr (PlModel) model = NULL;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, pl_train_init (NULL) ? 1 : 2);
  model = pl_model_read (fuzz_file (data, size), &optimizer, &metadata, NULL);
  if (model == NULL)
    return 0;
  pl_optimizer_free (optimizer);
  g_clear_pointer (&metadata, g_hash_table_unref);
  return 0;
}
