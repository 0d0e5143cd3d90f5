/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What breaks around a training: the run folder cannot be written any more, files of the data set
 * change. It says what is wrong, and what was learned is not lost. */
#include "data-folder.h"
#include "rig.h"
#include "base/file.h"
#include "train/batch.h"
#include "train/run-folder.h"
#include "train/split.h"
#include "train/train.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* (nullable): the notice with these words. */
static const char *
find_notice (const Rig *rig, const char *words)
{
  for (guint i = 0; i < rig->notices->len; i++)
    if (strstr (g_ptr_array_index (rig->notices, i), words) != NULL)
      return g_ptr_array_index (rig->notices, i);
  return NULL;
}

/* The notice says where they are. */
static void
assert_written_elsewhere (const Rig *rig, const PlTrainResult *result)
{
  const char *notice = find_notice (rig, "written to ");
  g_autofree char *path = NULL;
  g_autoptr (PlModel) model = NULL;

  g_assert_nonnull (notice);
  path = g_strdup (strstr (notice, "written to ") + strlen ("written to "));
  *strstr (path, " instead") = '\0';
  model = pl_model_read (path, NULL, NULL, NULL);
  g_assert_nonnull (model);
  g_assert_cmpmem (model->net->weights, model->net->n_weights * sizeof (float),
                   result->model->net->weights, result->model->net->n_weights * sizeof (float));
  g_unlink (path);
}

static void
assert_failed (const PlTrainResult *result, const char *named)
{
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_FAILED);
  g_test_message ("%s", result->error->message);
  g_assert_true (g_str_has_prefix (result->error->message, "The run folder cannot be written"));
  g_assert_nonnull (strstr (result->error->message, named));
  g_assert_nonnull (result->model);
}

/* At once: a folder that is emptied first gets a new file from the trainer, and stays. */
static void
lose_folder (Rig *rig, const PlTrainPoint *point)
{
  g_autofree char *away = g_strconcat (rig->folder, "-away", NULL);

  if (!point->is_epoch_end || point->summary.epoch != 1)
    return;
  g_assert_cmpint (g_rename (rig->folder, away), ==, 0);
  rig_remove_tree (away);
}

static void
test_folder_lost (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  const PlTrainResult *result;

  rig->on_point = lose_folder;
  result = rig_run (rig);
  assert_failed (result, rig->folder);
  assert_written_elsewhere (rig, result);
}

/* Files larger than this cannot be written; 0 for no limit. */
static void
limit_files (rlim_t n_bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = n_bytes > 0 ? n_bytes : limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
limit_after_first (Rig *rig, const PlTrainPoint *point)
{
  if (point->is_epoch_end && point->summary.epoch == 1)
    limit_files (20000);
}

static int
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* As when a quota is reached: no model can be written. With room again the run goes on, and ends as
 * it would have. */
static void
test_no_room (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (25);
  g_autoptr (Rig) plain = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) resumed = NULL;
  const PlTrainResult *result;

  signal (SIGXFSZ, SIG_IGN);
  rig->on_point = limit_after_first;
  result = rig_run (rig);
  limit_files (0);
  assert_failed (result, ".safetensors"); /* the one or the other, by where the limit fell */
  rig_run (plain);
  resumed = rig_new (&settings, dataset, rig->folder, NULL);
  g_assert_cmpint (rig_run (resumed)->outcome, ==, PL_TRAIN_COMPLETED);
  rig_assert_same_file (resumed, plain, "best.safetensors");
  g_assert_cmpint (count_files (resumed->folder), ==, count_files (plain->folder));
}

static void
make_read_only (Rig *rig, const PlTrainPoint *point)
{
  if (point->is_epoch_end && point->summary.epoch == 1)
    g_assert_cmpint (g_chmod (rig->folder, 0555), ==, 0);
}

/* From the beginning, and after the first epoch. */
static void
test_read_only_folder (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) before = NULL;
  g_autoptr (Rig) during = NULL;
  const PlTrainResult *result;

  if (geteuid () == 0)
    {
      g_test_skip ("nothing is read-only for root");
      return;
    }
  before = rig_new (&settings, dataset, NULL, NULL);
  g_assert_cmpint (g_chmod (before->folder, 0555), ==, 0);
  result = rig_run (before);
  g_chmod (before->folder, 0755);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_FAILED);
  g_assert_error (result->error, PL_WRITE_ERROR, G_FILE_ERROR_ACCES);

  during = rig_new (&settings, dataset, NULL, NULL);
  during->on_point = make_read_only;
  result = rig_run (during);
  g_chmod (during->folder, 0755);
  assert_failed (result, during->folder);
  assert_written_elsewhere (during, result);
}

/* Eight images of 32² with masks in @folder: p0 to p3 train, p4 and p5 validate, p6 and p7 test. */
static PlDataset *
make_data (const char *folder)
{
  const int n[3] = { 1, 32, 32 };
  PlDataset *dataset;

  for (int i = 0; i < 8; i++)
    {
      g_autofree char *image = g_strdup_printf ("images/p%d.tif", i);
      g_autofree char *mask = g_strdup_printf ("masks/p%d.tif", i);

      data_folder_add_image (folder, image, n, PL_DTYPE_INT16, NULL);
      data_folder_add_mask (folder, mask, n);
    }
  dataset = pl_dataset_open (folder, NULL, NULL);
  for (guint i = 0; i < dataset->cases->len; i++)
    ((PlCase *) g_ptr_array_index (dataset->cases, i))->group = i < 4   ? PL_GROUP_TRAIN
                                                                : i < 6 ? PL_GROUP_VALIDATION
                                                                        : PL_GROUP_TEST;
  return dataset;
}

/* Replaces an image by one of another size, and removes another. */
static void
change_files (const char *folder, const char *grown, const char *lost)
{
  const int n[3] = { 1, 48, 40 };
  g_autofree char *path = g_build_filename (folder, lost, NULL);

  data_folder_add_image (folder, grown, n, PL_DTYPE_INT16, NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* Both are named and left out; the rest trains. */
static void
test_files_changed_before (void)
{
  char *folder = data_folder_new ();
  g_autoptr (PlDataset) dataset = make_data (folder);
  PlTrainSettings settings = rig_settings (2);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  change_files (folder, "images/p1.tif", "images/p2.tif");
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_nonnull (find_notice (rig, "p1.tif: left out"));
  g_assert_nonnull (find_notice (rig, "p2.tif: left out"));
  data_folder_remove (folder);
}

/* Between the check and the loading of the samples. */
static void
test_files_changed_while_loading (void)
{
  char *folder = data_folder_new ();
  g_autoptr (PlDataset) dataset = make_data (folder);
  const PlSamplesOptions options = {
    .size_px = 32, .slices_per_volume = -1, .n_classes = 1, .choose_recipe = TRUE
  };
  g_autoptr (GError) error = NULL;
  PlRecipe recipe;

  change_files (folder, "images/p1.tif", "images/p4.tif");
  g_assert_null (
      pl_samples_load (dataset, PL_GROUP_TRAIN, &options, &recipe, NULL, NULL, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_assert_nonnull (strstr (error->message, "p1.tif: it has changed"));
  g_assert_nonnull (strstr (error->message, "48"));
  g_clear_error (&error);
  g_assert_null (
      pl_samples_load (dataset, PL_GROUP_VALIDATION, &options, &recipe, NULL, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "p4.tif: No such file"));
  data_folder_remove (folder);
}

static char *data_folder;

static void
change_test_files (Rig *rig, const PlTrainPoint *point)
{
  if (point->is_epoch_end && point->summary.epoch == 1)
    change_files (data_folder, "images/p6.tif", "images/p7.tif");
}

/* What it learns from is in memory; what it should test is named. */
static void
test_files_changed_during (void)
{
  g_autoptr (PlDataset) dataset = NULL;
  PlTrainSettings settings = rig_settings (20);
  g_autoptr (Rig) rig = NULL;
  const PlTrainResult *result;

  data_folder = data_folder_new ();
  dataset = make_data (data_folder);
  rig = rig_new (&settings, dataset, NULL, NULL);
  rig->on_point = change_test_files;
  result = rig_run (rig);
  g_assert_no_error (result->error);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpuint (result->test->len, ==, 0);
  g_assert_nonnull (find_notice (rig, "p6.tif was left out of the test"));
  g_assert_nonnull (find_notice (rig, "p7.tif was left out of the test"));
  data_folder_remove (data_folder);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/broken/folder-lost", test_folder_lost);
  g_test_add_func ("/train/broken/no-room", test_no_room);
  g_test_add_func ("/train/broken/read-only-folder", test_read_only_folder);
  g_test_add_func ("/train/broken/files-changed-before", test_files_changed_before);
  g_test_add_func ("/train/broken/files-changed-while-loading", test_files_changed_while_loading);
  g_test_add_func ("/train/broken/files-changed-during", test_files_changed_during);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
