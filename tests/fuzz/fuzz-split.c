/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people write by hand: split.csv and, of the same bytes, history.csv. */
#include "fuzz.h"

#include "train/dataset-private.h"
#include "train/history.h"
#include "train/split.h"

static PlDataset *
make_dataset (void)
{
  static const char *const names[] = { "a", "b.tif", "2d_images/c \"d\".tif" };
  PlDataset *dataset = pl_dataset_new_take (g_strdup ("/"));

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      PlCase *a_case = g_new0 (PlCase, 1);

      a_case->name = g_strdup (names[i]);
      a_case->patient = g_strdup (names[i]);
      a_case->image_path = g_strconcat ("/", names[i], NULL);
      a_case->mask_path = g_strdup (a_case->image_path);
      g_ptr_array_add (dataset->cases, a_case);
    }
  return dataset;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (PlDataset) dataset = make_dataset ();
  g_autofree char *text = g_strndup ((const char *) data, size);
  GArray *history = pl_history_from_csv (text, NULL);

  g_clear_pointer (&history, g_array_unref);
  pl_split_read (dataset, fuzz_file (data, size), NULL);
  return 0;
}
