/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/mask-match.h"

#include <string.h>

#include "data-folder.h"
#include "image/image-error.h"
#include "train/train.h"

static const int slice[3] = { 1, 7, 5 };

static void
add_image (DataFolder *f, const char *name)
{
  data_folder_add_image (f->folder, name, slice, PL_DTYPE_INT16, NULL);
}

static char *
path_of (DataFolder *f, const char *name)
{
  return g_build_filename (f->folder, name, NULL);
}

/* @names: NULL-terminated */
static PlDataset *
open_files (DataFolder *f, const char *const *names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;
  g_autoptr (GError) error = NULL;
  PlDataset *dataset;

  for (; *names != NULL; names++)
    {
      g_autofree char *path = path_of (f, *names);

      g_strv_builder_add (builder, path);
    }
  paths = g_strv_builder_end (builder);
  dataset = pl_dataset_open_files (paths, NULL, &error);
  g_assert_no_error (error);
  return dataset;
}

/* @mask: (nullable) */
static void
assert_mask (DataFolder *f, const PlDataset *dataset, const char *name, const char *mask)
{
  g_autofree char *path = mask != NULL ? path_of (f, mask) : NULL;
  const PlCase *self = pl_dataset_find (dataset, name);

  g_assert_nonnull (self);
  g_assert_cmpstr (self->mask_path, ==, path);
}

/* What comes for one mask. @name: (nullable): of its case; @reason: part of why there is none */
static void
assert_match (
    DataFolder *f, const PlDataset *dataset, const char *mask, const char *name, const char *reason)
{
  g_autofree char *path = path_of (f, mask);
  char *paths[] = { path, NULL };
  g_autoptr (GPtrArray) list = pl_mask_match_list (dataset, paths);
  const PlMaskMatch *match;

  g_assert_cmpuint (list->len, ==, 1);
  match = g_ptr_array_index (list, 0);
  g_assert_cmpstr (match->path, ==, path);
  if (name != NULL)
    {
      g_assert_no_error (match->error);
      g_assert_cmpstr (((PlCase *) dataset->cases->pdata[match->index])->name, ==, name);
      return;
    }
  g_assert_nonnull (match->error);
  g_assert_true (g_str_has_prefix (match->error->message, path));
  g_assert_nonnull (strstr (match->error->message, reason));
}

static void
test_is_mask (void)
{
  g_assert_true (pl_path_is_mask ("/a/MASK_1.nii.gz"));
  g_assert_true (pl_path_is_mask ("/a/x_mask.tif"));
  g_assert_true (pl_path_is_mask ("/a/x_masks.tif"));
  g_assert_true (pl_path_is_mask ("/a/2d_masks/x.tif"));
  g_assert_true (pl_path_is_mask ("/a/labelsTr/x.nii.gz"));
  g_assert_true (pl_path_is_mask ("labels/x.nii.gz"));
  g_assert_false (pl_path_is_mask ("/masks/a/x.tif"));
  g_assert_false (pl_path_is_mask ("/a/images/mask.tif"));
  g_assert_false (pl_path_is_mask ("/a/MASK_.tif"));
}

/* Of files that are named together, wherever they are. */
static void
test_together (DataFolder *f, gconstpointer data)
{
  const char *const names[] = { "here/IMG_1.nii.gz", "there/MASK_1.nii.gz", "there/y_mask.tif",
                                "here/x.tif",        "masks/x.tif",         NULL };
  g_autoptr (PlDataset) dataset = NULL;

  add_image (f, "here/IMG_1.nii.gz");
  data_folder_add_mask (f->folder, "there/MASK_1.nii.gz", slice);
  add_image (f, "here/x.tif");
  data_folder_add_mask (f->folder, "masks/x.tif", slice);
  data_folder_add_mask (f->folder, "there/y_mask.tif", slice);
  dataset = open_files (f, names);
  g_assert_cmpuint (dataset->cases->len, ==, 3);
  assert_mask (f, dataset, "here/IMG_1.nii.gz", "there/MASK_1.nii.gz");
  assert_mask (f, dataset, "here/x.tif", "masks/x.tif");
  assert_mask (f, dataset, "there/y_mask.tif", NULL);
}

/* One that does not fit is said to; its image stays. */
static void
test_together_of_other_size (DataFolder *f, gconstpointer data)
{
  const char *const names[] = { "here/x.tif", "there/x_mask.tif", NULL };
  const int other[3] = { 1, 9, 5 };
  g_autoptr (PlDataset) dataset = NULL;

  add_image (f, "here/x.tif");
  data_folder_add_mask (f->folder, "there/x_mask.tif", other);
  dataset = open_files (f, names);
  g_assert_cmpuint (dataset->cases->len, ==, 1);
  assert_mask (f, dataset, "here/x.tif", NULL);
  g_assert_cmpuint (dataset->problems->len, ==, 1);
  g_assert_cmpint (((PlProblem *) dataset->problems->pdata[0])->kind, ==, PL_PROBLEM_MISMATCH);
}

static void
test_later (DataFolder *f, gconstpointer data)
{
  const char *const names[] = { "a/x.tif", "a/ct_0000.nii.gz", "a/IMG_2.nii.gz", NULL };
  const int other[3] = { 1, 9, 5 };
  g_autoptr (PlDataset) dataset = NULL;

  for (int i = 0; names[i] != NULL; i++)
    add_image (f, names[i]);
  data_folder_add_mask (f->folder, "b/x_mask.tif", slice);
  data_folder_add_mask (f->folder, "labelsTr/ct.nii.gz", slice);
  data_folder_add_mask (f->folder, "MASK_2.nii.gz", other);
  data_folder_add_mask (f->folder, "z_mask.tif", slice);
  data_folder_add_text (f->folder, "c/x_mask.tif", "no picture");
  dataset = open_files (f, names);
  assert_match (f, dataset, "b/x_mask.tif", "x.tif", NULL);
  assert_match (f, dataset, "labelsTr/ct.nii.gz", "ct_0000.nii.gz", NULL);
  assert_match (f, dataset, "MASK_2.nii.gz", NULL, "its shape is");
  assert_match (f, dataset, "z_mask.tif", NULL, "no image has its name");
  assert_match (f, dataset, "c/x_mask.tif", NULL, "TIFF");
}

/* No second mask, and none that could be of several images, unless one is beside it. */
static void
test_refused (DataFolder *f, gconstpointer data)
{
  const char *const names[] = { "a/x.tif", "b/x.tif", "c/y.tif", "c/y_mask.tif", NULL };
  g_autoptr (PlDataset) dataset = NULL;

  add_image (f, "a/x.tif");
  add_image (f, "b/x.tif");
  add_image (f, "c/y.tif");
  data_folder_add_mask (f->folder, "c/y_mask.tif", slice);
  dataset = open_files (f, names);
  g_assert_cmpuint (dataset->cases->len, ==, 3);
  data_folder_add_mask (f->folder, "d/x_mask.tif", slice);
  data_folder_add_mask (f->folder, "b/x_mask.tif", slice);
  data_folder_add_mask (f->folder, "d/y_mask.tif", slice);
  assert_match (f, dataset, "d/x_mask.tif", NULL, "several images");
  assert_match (f, dataset, "b/x_mask.tif", "b/x.tif", NULL);
  assert_match (f, dataset, "d/y_mask.tif", NULL, "has a mask already");
  assert_match (f, dataset, "c/y_mask.tif", NULL, "it is the mask of c/y.tif already");
}

/* The one that is closer gets the image, in whatever order they come. */
static void
test_two_of_one (DataFolder *f, gconstpointer data)
{
  const char *const names[] = { "a/x.tif", NULL };
  g_autofree char *loose = path_of (f, "b/x_mask.tif");
  g_autofree char *close = path_of (f, "masks/x.tif");
  char *paths[] = { loose, close, NULL };
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GPtrArray) list = NULL;

  add_image (f, "a/x.tif");
  data_folder_add_mask (f->folder, "b/x_mask.tif", slice);
  data_folder_add_mask (f->folder, "masks/x.tif", slice);
  dataset = open_files (f, names);
  list = pl_mask_match_list (dataset, paths);
  g_assert_error (((PlMaskMatch *) list->pdata[0])->error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_assert_no_error (((PlMaskMatch *) list->pdata[1])->error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/mask-match/is-mask", test_is_mask);
  g_test_add ("/train/mask-match/together", DataFolder, NULL, data_folder_set_up, test_together,
              data_folder_tear_down);
  g_test_add ("/train/mask-match/together-of-other-size", DataFolder, NULL, data_folder_set_up,
              test_together_of_other_size, data_folder_tear_down);
  g_test_add ("/train/mask-match/later", DataFolder, NULL, data_folder_set_up, test_later,
              data_folder_tear_down);
  g_test_add ("/train/mask-match/refused", DataFolder, NULL, data_folder_set_up, test_refused,
              data_folder_tear_down);
  g_test_add ("/train/mask-match/two-of-one", DataFolder, NULL, data_folder_set_up, test_two_of_one,
              data_folder_tear_down);
  return g_test_run ();
}
