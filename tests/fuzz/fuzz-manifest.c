/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A manifest beside cases of odd names: its names of classes and its split are read and, where
 * there are some, written and read again. */
#include "fuzz.h"

#include "base/file.h"
#include "train/class-names.h"
#include "train/dataset-private.h"
#include "train/saved-split.h"

static PlDataset *
make_dataset (const char *folder)
{
  static const char *const names[] = { "a", "b.tif", "c \"\xff\".tif" };
  PlDataset *dataset = pl_dataset_new_take (g_strdup (folder));

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
  static char *folder;
  g_autofree char *path = NULL;
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlDataset) again = NULL;

  if (folder == NULL)
    folder = g_dir_make_tmp ("fuzz-manifest-XXXXXX", NULL);
  path = g_build_filename (folder, "pleura-manifest.json", NULL);
  g_file_set_contents_full (path, (const char *) data, (gssize) size, G_FILE_SET_CONTENTS_NONE,
                            0600, NULL);
  dataset = make_dataset (folder);
  pl_class_names_read (dataset);
  pl_saved_split_read (dataset);
  if (dataset->given_names != NULL)
    {
      g_assert_true (pl_class_names_write (dataset, NULL));
      again = make_dataset (folder);
      pl_class_names_read (again);
      g_assert_true (g_strv_equal ((const char *const *) again->given_names,
                                   (const char *const *) dataset->given_names));
      g_clear_pointer (&again, pl_dataset_free);
    }
  if (!dataset->has_split)
    return 0;
  g_assert_true (pl_saved_split_write (dataset, NULL));
  again = make_dataset (folder);
  pl_saved_split_read (again);
  g_assert_true (again->has_split);
  return 0;
}
