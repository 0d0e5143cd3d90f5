/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/dataset.h"

#include "data-folder.h"
#include "train/dataset-private.h"
#include "train/train.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const int slice[3] = { 1, 6, 5 };
static const int volume[3] = { 3, 6, 6 };

static void
add_image (DataFolder *f, const char *name, const int n[3])
{
  data_folder_add_image (f->folder, name, n, PL_DTYPE_INT16, NULL);
}

static PlDataset *
open_folder (DataFolder *f)
{
  g_autoptr (GError) error = NULL;
  PlDataset *dataset = pl_dataset_open (f->folder, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (dataset);
  return dataset;
}

static PlCase *
get_case (const PlDataset *dataset, guint i)
{
  g_assert_cmpuint (i, <, dataset->cases->len);
  return g_ptr_array_index (dataset->cases, i);
}

/* @mask: (nullable): relative to the data set's folder */
static void
assert_case (const PlDataset *dataset, guint i, const char *name, const char *mask)
{
  const PlCase *self = get_case (dataset, i);
  g_autofree char *image_path = g_build_filename (dataset->folder, name, NULL);
  g_autofree char *mask_path = mask != NULL ? g_build_filename (dataset->folder, mask, NULL) : NULL;

  g_assert_cmpstr (self->name, ==, name);
  g_assert_cmpstr (self->image_path, ==, image_path);
  g_assert_cmpstr (self->mask_path, ==, mask_path);
}

/* @reason: part of it */
static void
assert_problem (const PlDataset *dataset, guint i, const char *name, const char *reason)
{
  g_autofree char *path = g_build_filename (dataset->folder, name, NULL);
  const PlProblem *problem;

  g_assert_cmpuint (i, <, dataset->problems->len);
  problem = g_ptr_array_index (dataset->problems, i);
  g_assert_cmpstr (problem->path, ==, path);
  g_assert_nonnull (strstr (problem->reason, reason));
  g_assert_false (g_str_has_prefix (problem->reason, path));
}

static void
test_kaggle (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;

  add_image (f, "2d_images/ID_0010_Z_0142.tif", slice);
  add_image (f, "2d_images/ID_0002_Z_0007.tif", slice);
  data_folder_add_mask (f->folder, "2d_masks/ID_0002_Z_0007.tif", slice);
  add_image (f, "3d_images/IMG_0002.nii.gz", volume);
  data_folder_add_mask (f->folder, "3d_images/MASK_0002.nii.gz", volume);
  add_image (f, "3d_images/IMG_0031.nii.gz", volume);
  add_image (f, "elsewhere/other.nii.gz", volume);
  data_folder_add_text (f->folder, "lung_stats.csv", "img_id\n");
  data_folder_add_text (f->folder, "2d_images/.hidden.tif", "not an image");
  dataset = open_folder (f);
  g_assert_cmpstr (dataset->folder, ==, f->folder);
  g_assert_cmpint (dataset->layout, ==, PL_LAYOUT_KAGGLE);
  g_assert_cmpuint (dataset->cases->len, ==, 4);
  assert_case (dataset, 0, "2d_images/ID_0002_Z_0007.tif", "2d_masks/ID_0002_Z_0007.tif");
  assert_case (dataset, 1, "2d_images/ID_0010_Z_0142.tif", NULL);
  assert_case (dataset, 2, "3d_images/IMG_0002.nii.gz", "3d_images/MASK_0002.nii.gz");
  assert_case (dataset, 3, "3d_images/IMG_0031.nii.gz", NULL);
  g_assert_cmpstr (get_case (dataset, 0)->patient, ==, get_case (dataset, 2)->patient);
  g_assert_false (pl_case_is_volume (get_case (dataset, 0)));
  g_assert_true (pl_case_is_volume (get_case (dataset, 2)));
  g_assert_cmpint (get_case (dataset, 0)->group, ==, PL_GROUP_NONE);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  g_assert_cmpint (dataset->n_classes, ==, 1);
  g_assert_cmpstr (dataset->class_names[0], ==, "lung");
}

static void
test_train_subfolder (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autofree char *train = g_build_filename (f->folder, "train", NULL);

  add_image (f, "train/images/a.tif", slice);
  data_folder_add_mask (f->folder, "train/labels/a.tif", slice);
  dataset = open_folder (f);
  g_assert_cmpstr (dataset->folder, ==, train);
  g_assert_cmpint (dataset->layout, ==, PL_LAYOUT_PAIRS);
  assert_case (dataset, 0, "images/a.tif", "labels/a.tif");
}

static void
test_nnunet (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;

  add_image (f, "imagesTr/case_1_0000.nii.gz", volume);
  add_image (f, "imagesTr/case_1_0001.nii.gz", volume);
  add_image (f, "imagesTr/case_2_0000.nii.gz", volume);
  add_image (f, "imagesTs/case_3_0000.nii.gz", volume);
  data_folder_add_mask (f->folder, "labelsTr/case_1.nii.gz", volume);
  data_folder_add_mask (f->folder, "labelsTr/case_2.nii.gz", volume);
  data_folder_add_text (f->folder, "dataset.json",
                        "{\"channel_names\": {\"0\": \"CT\"}, \"file_ending\": \".nii.gz\","
                        " \"labels\": {\"background\": 0, \"right lung\": 2, \"left lung\": 1,"
                        " \"lungs\": [1, 2]}, \"numTraining\": 2}");
  dataset = open_folder (f);
  g_assert_cmpint (dataset->layout, ==, PL_LAYOUT_NNUNET);
  g_assert_cmpuint (dataset->cases->len, ==, 3);
  assert_case (dataset, 0, "imagesTr/case_1_0000.nii.gz", "labelsTr/case_1.nii.gz");
  assert_case (dataset, 1, "imagesTr/case_2_0000.nii.gz", "labelsTr/case_2.nii.gz");
  assert_case (dataset, 2, "imagesTs/case_3_0000.nii.gz", NULL);
  g_assert_cmpstr (get_case (dataset, 1)->patient, ==, "2");
  g_assert_cmpuint (dataset->problems->len, ==, 1);
  assert_problem (dataset, 0, "imagesTr/case_1_0001.nii.gz", "case_1_0000");
  g_assert_true (dataset->has_classes);
  g_assert_cmpint (dataset->n_classes, ==, 2);
  g_assert_cmpstr (dataset->class_names[0], ==, "left lung");
  g_assert_cmpstr (dataset->class_names[1], ==, "right lung");
  g_assert_null (dataset->class_names[2]);
}

static void
test_decathlon (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;

  add_image (f, "imagesTr/lung_0001.nii.gz", volume);
  add_image (f, "imagesTr/lung_0000.nii.gz", volume);
  data_folder_add_mask (f->folder, "labelsTr/lung_0001.nii.gz", volume);
  data_folder_add_mask (f->folder, "labelsTr/lung_0000.nii.gz", volume);
  data_folder_add_text (
      f->folder, "dataset.json",
      "{\"modality\": {\"0\": \"CT\"}, \"labels\": {\"0\": \"background\", \"3\": \"cancer\"},"
      " \"training\": [{\"image\": \"./imagesTr/lung_0001.nii.gz\","
      " \"label\": \"./labelsTr/lung_0001.nii.gz\"},"
      " {\"image\": \"./imagesTr/lung_9.nii.gz\", \"label\": \"./labelsTr/lung_9.nii.gz\"}, 7]}");
  dataset = open_folder (f);
  g_assert_cmpuint (dataset->cases->len, ==, 2);
  assert_case (dataset, 0, "imagesTr/lung_0000.nii.gz", "labelsTr/lung_0000.nii.gz");
  assert_case (dataset, 1, "imagesTr/lung_0001.nii.gz", "labelsTr/lung_0001.nii.gz");
  g_assert_cmpint (dataset->n_classes, ==, 3);
  g_assert_cmpstr (dataset->class_names[0], ==, "class 1");
  g_assert_cmpstr (dataset->class_names[2], ==, "cancer");
  g_assert_cmpuint (dataset->problems->len, ==, 2);
  assert_problem (dataset, 0, "imagesTr/lung_9.nii.gz", "listed");
  assert_problem (dataset, 1, "labelsTr/lung_9.nii.gz", "listed");
}

static void
test_bad_json (DataFolder *f, gconstpointer data)
{
  const char *const texts[][2] = {
    { "{\"labels\": ", "" },
    { "[]", "not an object" },
    { "{}", "labels" },
    { "{\"labels\": 3}", "labels" },
    { "{\"labels\": {\"lung\": -1}}", "lung" },
    { "{\"labels\": {\"lung\": 256}}", "lung" },
    { "{\"labels\": {\"lung\": 1.5}}", "lung" },
    { "{\"labels\": {\"lung\": \"one\"}}", "lung" },
    { "{\"labels\": {\"lung\": [1, \"x\"]}}", "lung" },
    { "{\"labels\": {\"lung\": {}}}", "lung" },
    { "{\"labels\": {\"background\": 0}}", "no label" },
  };

  add_image (f, "imagesTr/x.nii", volume);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PlDataset) dataset = NULL;

      data_folder_add_text (f->folder, "dataset.json", texts[i][0]);
      dataset = open_folder (f);
      g_assert_cmpuint (dataset->cases->len, ==, 1);
      g_assert_cmpint (dataset->n_classes, ==, 1);
      g_assert_false (dataset->has_classes);
      g_assert_cmpuint (dataset->problems->len, ==, 1);
      assert_problem (dataset, 0, "dataset.json", texts[i][1]);
    }
}

static void
test_pairs (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;

  add_image (f, "images/x10.tif", slice);
  add_image (f, "images/x2.tif", slice);
  add_image (f, "images/x2.nii.gz", (int[]){ 5, 6, 1 });
  add_image (f, "images/IMG_x10.tif", slice);
  data_folder_add_mask (f->folder, "masks/x10.tif", slice);
  data_folder_add_mask (f->folder, "masks/x2_mask.tif", slice);
  data_folder_add_mask (f->folder, "masks/stray.tif", slice);
  dataset = open_folder (f);
  g_assert_cmpint (dataset->layout, ==, PL_LAYOUT_PAIRS);
  g_assert_cmpuint (dataset->cases->len, ==, 4);
  assert_case (dataset, 0, "images/IMG_x10.tif", NULL); /* the mask is x10.tif's, more closely */
  assert_case (dataset, 1, "images/x2.nii.gz", "masks/x2_mask.tif");
  assert_case (dataset, 2, "images/x2.tif", NULL);
  assert_case (dataset, 3, "images/x10.tif", "masks/x10.tif");
  g_assert_cmpuint (dataset->problems->len, ==, 1);
  assert_problem (dataset, 0, "masks/stray.tif", "give it the name of its image");
}

static void
test_masks_folder_alone (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;

  add_image (f, "x.tif", slice);
  data_folder_add_mask (f->folder, "masks/x.tif", slice);
  dataset = open_folder (f);
  g_assert_cmpuint (dataset->cases->len, ==, 1);
  assert_case (dataset, 0, "x.tif", "masks/x.tif");
}

static void
test_plain (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;

  add_image (f, "a.tif", slice);
  add_image (f, "b.tif", slice);
  data_folder_add_mask (f->folder, "b_masks.tif", slice);
  data_folder_add_mask (f->folder, "c_mask.tif", slice);
  add_image (f, "sub/IMG_7.nii", volume);
  data_folder_add_mask (f->folder, "sub/MASK_7.nii.gz", volume);
  add_image (f, "sub/deeper/d.tif", slice);
  data_folder_add_text (f->folder, "scan.nrrd", "NRRD0004");
  data_folder_add_text (f->folder, "README.txt", "no image");
  dataset = open_folder (f);
  g_assert_cmpint (dataset->layout, ==, PL_LAYOUT_PLAIN);
  g_assert_cmpuint (dataset->cases->len, ==, 3);
  assert_case (dataset, 0, "a.tif", NULL);
  assert_case (dataset, 1, "b.tif", "b_masks.tif");
  assert_case (dataset, 2, "sub/IMG_7.nii", "sub/MASK_7.nii.gz");
  g_assert_cmpuint (dataset->problems->len, ==, 2);
  assert_problem (dataset, 0, "c_mask.tif", "no image");
  assert_problem (dataset, 1, "scan.nrrd", "format");
}

static void
test_empty (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);

  g_assert_cmpuint (dataset->cases->len, ==, 0);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
}

static void
test_unusable_files (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autofree char *link = g_build_filename (f->folder, "images", "gone.tif", NULL);
  g_autofree char *pipe = g_build_filename (f->folder, "images", "pipe.tif", NULL);

  add_image (f, "images/a.tif", slice);
  add_image (f, "images/b.tif", slice);
  data_folder_add_text (f->folder, "images/c.tif", "not a TIFF");
  data_folder_add_mask (f->folder, "masks/a.tif", (int[]){ 1, 5, 6 });
  data_folder_add_text (f->folder, "masks/b.tif", "");
  data_folder_add_mask (f->folder, "masks/c.tif", slice);
  g_assert_cmpint (symlink ("nowhere", link), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  dataset = open_folder (f);
  g_assert_cmpuint (dataset->cases->len, ==, 2);
  assert_case (dataset, 0, "images/a.tif", NULL);
  assert_case (dataset, 1, "images/b.tif", NULL);
  g_assert_cmpuint (dataset->problems->len, ==, 5);
  assert_problem (dataset, 0, "images/c.tif", "Save it again as NIfTI or TIFF");
  assert_problem (dataset, 1, "images/gone.tif", "");
  assert_problem (dataset, 2, "images/pipe.tif", "ordinary");
  assert_problem (dataset, 3, "masks/a.tif", "Use the mask that was made for this image");
  assert_problem (dataset, 4, "masks/b.tif", "empty");
}

/* A mask in the other format has its axes the other way round. */
static void
test_mask_of_other_format (DataFolder *f, gconstpointer data)
{
  const int n[3] = { 3, 4, 5 };
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlVolume) image = NULL;
  g_autoptr (PlMask) mask = NULL;

  add_image (f, "images/v.nii.gz", n);
  data_folder_add_mask (f->folder, "masks/v.tif", (int[]){ 5, 4, 3 });
  dataset = open_folder (f);
  assert_case (dataset, 0, "images/v.nii.gz", "masks/v.tif");
  image = pl_case_load_image (get_case (dataset, 0), NULL, NULL);
  mask = pl_case_load_mask (get_case (dataset, 0), NULL, NULL);
  g_assert_nonnull (image);
  g_assert_nonnull (mask);
  g_assert_cmpmem (image->n, sizeof image->n, mask->n, sizeof mask->n);
}

static void
test_symbolic_links (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autofree char *images = g_build_filename (f->folder, "images", NULL);

  add_image (f, "store/a.tif", slice);
  data_folder_add_mask (f->folder, "masks/a.tif", slice);
  g_assert_cmpint (symlink ("store", images), ==, 0);
  dataset = open_folder (f);
  assert_case (dataset, 0, "images/a.tif", "masks/a.tif");
}

static void
test_no_folder (DataFolder *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "none", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_dataset_open (path, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  data_folder_add_text (f->folder, "file", "");
  g_free (path);
  path = g_build_filename (f->folder, "file", NULL);
  g_assert_null (pl_dataset_open (path, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
}

static void
test_cancel (DataFolder *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  add_image (f, "a.tif", slice);
  g_cancellable_cancel (cancellable);
  g_assert_null (pl_dataset_open (f->folder, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static PlDataset *
open_files (DataFolder *f, const char *const *names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;
  g_autoptr (GError) error = NULL;
  PlDataset *dataset;

  for (; *names != NULL; names++)
    {
      g_autofree char *path = g_build_filename (f->folder, *names, NULL);

      g_strv_builder_add (builder, path);
    }
  paths = g_strv_builder_end (builder);
  dataset = pl_dataset_open_files (paths, NULL, &error);
  g_assert_no_error (error);
  return dataset;
}

static void
test_files (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;

  add_image (f, "2d_images/ID_1.tif", slice);
  add_image (f, "2d_images/ID_2.tif", slice);
  data_folder_add_mask (f->folder, "2d_masks/ID_1.tif", slice);
  data_folder_add_mask (f->folder, "2d_masks/ID_2.tif", slice);
  add_image (f, "3d_images/IMG_5.nii", volume);
  data_folder_add_mask (f->folder, "3d_images/MASK_5.nii", volume);
  dataset = open_files (f, (const char *[]){ "3d_images/IMG_5.nii", "2d_images/ID_1.tif",
                                             "2d_masks/ID_1.tif", "3d_images/MASK_5.nii",
                                             "3d_images/IMG_5.nii", "none.tif", NULL });
  g_assert_cmpstr (dataset->folder, ==, f->folder);
  g_assert_cmpuint (dataset->cases->len, ==, 2);
  assert_case (dataset, 0, "2d_images/ID_1.tif", "2d_masks/ID_1.tif");
  assert_case (dataset, 1, "3d_images/IMG_5.nii", "3d_images/MASK_5.nii");
  g_assert_cmpuint (dataset->problems->len, ==, 1);
  assert_problem (dataset, 0, "none.tif", "");
}

/* A mask that is asked for alone is looked at as an image. */
static void
test_file_that_is_a_mask (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;

  add_image (f, "IMG_5.nii", volume);
  data_folder_add_mask (f->folder, "MASK_5.nii", volume);
  dataset = open_files (f, (const char *[]){ "MASK_5.nii", NULL });
  g_assert_cmpuint (dataset->cases->len, ==, 1);
  assert_case (dataset, 0, "MASK_5.nii", NULL);
}

static void
test_no_files (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_files (f, (const char *[]){ NULL });
  g_autoptr (PlDataset) missing = open_files (f, (const char *[]){ "no/such/folder.tif", NULL });

  g_assert_cmpuint (dataset->cases->len, ==, 0);
  g_assert_cmpuint (missing->cases->len, ==, 0);
  g_assert_cmpuint (missing->problems->len, ==, 1);
}

static void
test_copy_and_find (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) copy = NULL;
  PlDataset *dataset;

  add_image (f, "images/a.tif", slice);
  add_image (f, "images/b.tif", slice);
  data_folder_add_mask (f->folder, "masks/b.tif", slice);
  data_folder_add_mask (f->folder, "masks/c.tif", slice);
  dataset = open_folder (f);
  get_case (dataset, 1)->group = PL_GROUP_TEST;
  copy = pl_dataset_copy (dataset);
  pl_dataset_free (dataset);
  assert_case (copy, 1, "images/b.tif", "masks/b.tif");
  assert_problem (copy, 0, "masks/c.tif", "no image");
  g_assert_cmpint (get_case (copy, 1)->group, ==, PL_GROUP_TEST);
  g_assert_true (pl_dataset_find (copy, "images/b.tif") == get_case (copy, 1));
  g_assert_null (pl_dataset_find (copy, "b.tif"));
}

static void
test_load (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlVolume) image = NULL;
  g_autoptr (PlMask) mask = NULL;
  g_autoptr (GError) error = NULL;

  add_image (f, "images/a.tif", slice);
  add_image (f, "images/b.nii", volume);
  data_folder_add_mask (f->folder, "masks/b.nii", volume);
  dataset = open_folder (f);
  g_assert_null (pl_case_load_mask (get_case (dataset, 0), NULL, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_clear_error (&error);
  pl_case_read_as (get_case (dataset, 1), 0, 1); /* as the user may choose */
  image = pl_case_load_image (get_case (dataset, 1), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (image->n[0], ==, 6);
  mask = pl_case_load_mask (get_case (dataset, 1), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (image->n, sizeof image->n, mask->n, sizeof mask->n);
  g_assert_cmpint (mask->max_label, ==, 1);
}

static void
test_read_as (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;

  add_image (f, "images/a.tif", slice);
  add_image (f, "images/b.nii", volume);
  dataset = open_folder (f);
  g_assert_false (pl_case_has_axes (get_case (dataset, 0)));
  g_assert_true (pl_case_has_axes (get_case (dataset, 1)));
  pl_case_read_as (get_case (dataset, 0), 0, 2);
  g_assert_false (pl_case_is_volume (get_case (dataset, 0)));
  pl_case_read_as (get_case (dataset, 1), 0, 2);
  g_assert_cmpint (get_case (dataset, 1)->header.slice_axis, ==, 2);
  pl_case_read_as (get_case (dataset, 1), 1, -1);
  g_assert_cmpint (get_case (dataset, 1)->header.slice_axis, ==, 0);
  g_assert_null (pl_case_load_image (get_case (dataset, 1), NULL, &error));
  g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "b.nii: volume 1"));
}

static void
test_many (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autofree char *first = g_build_filename (f->folder, "images", "s_0.tif", NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  add_image (f, "images/s_0.tif", slice);
  data_folder_add_mask (f->folder, "masks/s_0.tif", slice);
  g_assert_true (g_file_get_contents (first, &bytes, &n, NULL));
  for (int i = 1; i < 1000; i++)
    {
      g_autofree char *image = g_strdup_printf ("%s/images/s_%d.tif", f->folder, i);
      g_autofree char *mask = g_strdup_printf ("%s/masks/s_%d.tif", f->folder, i);

      g_assert_cmpint (symlink ("s_0.tif", image), ==, 0);
      g_assert_cmpint (symlink ("s_0.tif", mask), ==, 0);
    }
  dataset = open_folder (f);
  g_assert_cmpuint (dataset->cases->len, ==, 1000);
  assert_case (dataset, 999, "images/s_999.tif", "masks/s_999.tif");
  g_assert_cmpuint (dataset->problems->len, ==, 0);
}

static void
test_groups (void)
{
  PlGroup group = PL_GROUP_IGNORE;

  for (int i = PL_GROUP_NONE; i <= PL_GROUP_IGNORE; i++)
    {
      g_assert_true (pl_group_from_name (pl_group_name ((PlGroup) i), &group));
      g_assert_cmpint (group, ==, i);
    }
  g_assert_cmpstr (pl_group_name (PL_GROUP_VALIDATION), ==, "validation");
  g_assert_false (pl_group_from_name ("Train", &group));
  g_assert_cmpint (group, ==, PL_GROUP_IGNORE);
}

static void
test_names (void)
{
  const char *const patients[][2] = {
    { "ID_0002_Z_0162", "2" },
    { "IMG_0002", "2" },
    { "ID_0000_Z_0142", "0" },
    { "lung_001", "1" },
    { "thorax", "thorax" },
    { "12", "12" },
    { "", "" },
    { "x99999999999999999999y1", "99999999999999999999" },
  };
  const char *const keys[][2] = {
    { "/d/IMG_0002.nii.gz", "0002" },
    { "MASK_0002.nii", "0002" },
    { "x_0000.nii.gz", "x" },
    { "x_masks.tif", "x" },
    { "x_mask.tif", "x" },
    { "MASK_x_probability.tif", "x" },
    { "IMG_.tif", "IMG_" },
    { "_0000.tif", "_0000" },
    { "x_0001.tif", "x_0001" },
  };
  /* Neither image nor truth has the name, and no reader of the folder takes it for either. */
  const char *const saved[][2] = {
    { "/d/IMG_0002.nii.gz", "IMG_0002-prediction_mask.nii.gz" },
    { "/d/ID_1_Z_2.tif", "ID_1_Z_2-prediction_mask.tif" },
    { "a.hdr", "a-prediction_mask.nii.gz" },
  };
  const char *const predictions[][2] = {
    { "/d/IMG_0002.nii.gz", "MASK_0002.nii.gz" },
    { "x_0000.nii.gz", "x.nii.gz" },
    { "ID_0002.tif", "ID_0002.tif" },
    { "a.hdr", "a.nii.gz" },
    { "a.img.gz", "a.nii.gz" },
    { "a.NII", "a.NII" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (patients); i++)
    {
      g_autofree char *patient = pl_patient_from_stem (patients[i][0]);

      g_assert_cmpstr (patient, ==, patients[i][1]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *key = pl_case_key (keys[i][0]);

      g_assert_cmpstr (key, ==, keys[i][1]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (predictions); i++)
    {
      g_autofree char *name = pl_prediction_name (predictions[i][0]);

      g_assert_cmpstr (name, ==, predictions[i][1]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (saved); i++)
    {
      g_autofree char *name = pl_prediction_save_name (saved[i][0]);
      g_autofree char *key = pl_case_key (name);
      g_autofree char *image_key = pl_case_key (saved[i][0]);

      g_assert_cmpstr (name, ==, saved[i][1]);
      g_assert_true (pl_name_is_mask (name));
      g_assert_cmpstr (key, !=, image_key);
    }
}

static void
add_test (const char *name, void (*test) (DataFolder *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/train/dataset/", name, NULL);

  g_test_add (path, DataFolder, NULL, data_folder_set_up, test, data_folder_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("kaggle", test_kaggle);
  add_test ("train-subfolder", test_train_subfolder);
  add_test ("nnunet", test_nnunet);
  add_test ("decathlon", test_decathlon);
  add_test ("bad-json", test_bad_json);
  add_test ("pairs", test_pairs);
  add_test ("masks-folder-alone", test_masks_folder_alone);
  add_test ("plain", test_plain);
  add_test ("empty", test_empty);
  add_test ("unusable-files", test_unusable_files);
  add_test ("mask-of-other-format", test_mask_of_other_format);
  add_test ("symbolic-links", test_symbolic_links);
  add_test ("no-folder", test_no_folder);
  add_test ("cancel", test_cancel);
  add_test ("files", test_files);
  add_test ("file-that-is-a-mask", test_file_that_is_a_mask);
  add_test ("no-files", test_no_files);
  add_test ("copy-and-find", test_copy_and_find);
  add_test ("load", test_load);
  add_test ("read-as", test_read_as);
  add_test ("many", test_many);
  g_test_add_func ("/train/dataset/groups", test_groups);
  g_test_add_func ("/train/dataset/names", test_names);
  return g_test_run ();
}
