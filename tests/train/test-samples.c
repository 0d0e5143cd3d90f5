/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/batch.h"

#include "data-folder.h"
#include "train/train.h"

#include <string.h>

enum
{
  SIDE = 16,
};

/* Slice s has the value @first + s everywhere; its mask is the left half. */
static void
add_case (DataFolder *f, const char *name, const int n[3], int first)
{
  gsize n_slice = (gsize) n[1] * n[2];
  g_autofree gint16 *voxels = g_new (gint16, n[0] * n_slice);
  g_autofree char *image = g_strconcat ("images/", name, NULL);
  g_autofree char *mask = g_strconcat ("masks/", name, NULL);

  for (gsize i = 0; i < n[0] * n_slice; i++)
    voxels[i] = (gint16) (first + (int) (i / n_slice));
  data_folder_add_image (f->folder, image, n, PL_DTYPE_INT16, voxels);
  data_folder_add_mask (f->folder, mask, n);
}

static PlDataset *
open_training (DataFolder *f)
{
  g_autoptr (GError) error = NULL;
  PlDataset *dataset = pl_dataset_open (f->folder, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  for (guint i = 0; i < dataset->cases->len; i++)
    ((PlCase *) g_ptr_array_index (dataset->cases, i))->group = PL_GROUP_TRAIN;
  return dataset;
}

static PlSamplesOptions
make_options (int slices_per_volume)
{
  return (PlSamplesOptions){
    .size_px = SIDE,
    .slices_per_volume = slices_per_volume,
    .n_classes = 1,
    .recipe = { .is_hu = TRUE, .low = -1000, .high = 1000 },
  };
}

static PlSamples *
load (DataFolder *f, const PlSamplesOptions *options)
{
  g_autoptr (PlDataset) dataset = open_training (f);
  g_autoptr (GError) error = NULL;
  PlRecipe recipe;
  PlSamples *samples =
      pl_samples_load (dataset, PL_GROUP_TRAIN, options, &recipe, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pl_samples_size (samples), ==, SIDE);
  return samples;
}

/* Sample @i shows a slice of @value, with its mask. */
static void
assert_sample (const PlSamples *samples, int i, int value)
{
  const float *image = pl_samples_image (samples, i);
  const guint8 *labels = pl_samples_labels (samples, i);

  for (int k = 0; k < SIDE * SIDE; k++)
    {
      g_assert_cmpfloat_with_epsilon (image[k], value / 1000.0, 1e-5);
      g_assert_cmpint (labels[k], ==, k % SIDE < SIDE / 2);
    }
}

static void
test_slices (DataFolder *f, gconstpointer data)
{
  const PlSamplesOptions options = make_options (0);
  g_autoptr (PlSamples) samples = NULL;

  add_case (f, "a.tif", (int[]){ 1, 16, 16 }, -500);
  add_case (f, "b.tif", (int[]){ 1, 32, 64 }, 100); /* shrunk */
  add_case (f, "c.tif", (int[]){ 1, 8, 4 }, 700);   /* enlarged */
  add_case (f, "v.nii.gz", (int[]){ 5, 8, 8 }, 0);  /* takes no part */
  samples = load (f, &options);
  g_assert_cmpint (pl_samples_count (samples), ==, 3);
  assert_sample (samples, 0, -500);
  assert_sample (samples, 1, 100);
  assert_sample (samples, 2, 700);
}

static void
test_volumes (DataFolder *f, gconstpointer data)
{
  const PlSamplesOptions some = make_options (3);
  const PlSamplesOptions many = make_options (100);
  const PlSamplesOptions all = make_options (-1);
  g_autoptr (PlSamples) samples = NULL;

  add_case (f, "a.tif", (int[]){ 1, 16, 16 }, 900);
  add_case (f, "v.nii.gz", (int[]){ 12, 8, 8 }, 0);
  add_case (f, "w.nii.gz", (int[]){ 2, 8, 8 }, 500);
  samples = load (f, &some);
  g_assert_cmpint (pl_samples_count (samples), ==, 1 + 3 + 2);
  assert_sample (samples, 0, 900);
  assert_sample (samples, 1, 2);
  assert_sample (samples, 2, 6);
  assert_sample (samples, 3, 10);
  assert_sample (samples, 5, 501);
  pl_samples_free (samples);
  samples = load (f, &many);
  g_assert_cmpint (pl_samples_count (samples), ==, 1 + 12 + 2);
  pl_samples_free (samples);
  samples = load (f, &all);
  g_assert_cmpint (pl_samples_count (samples), ==, 1 + 12 + 2);
  for (int s = 0; s < 12; s++)
    assert_sample (samples, 1 + s, s);
}

static void
test_groups (DataFolder *f, gconstpointer data)
{
  const PlSamplesOptions options = make_options (0);
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlSamples) test = NULL;
  g_autoptr (PlSamples) validation = NULL;
  g_autoptr (GError) error = NULL;
  PlRecipe recipe;

  add_case (f, "a.tif", (int[]){ 1, 16, 16 }, 1);
  add_case (f, "b.tif", (int[]){ 1, 16, 16 }, 2);
  dataset = open_training (f);
  ((PlCase *) g_ptr_array_index (dataset->cases, 1))->group = PL_GROUP_TEST;
  test = pl_samples_load (dataset, PL_GROUP_TEST, &options, &recipe, NULL, NULL, NULL, &error);
  g_assert_cmpint (pl_samples_count (test), ==, 1);
  assert_sample (test, 0, 2);
  validation =
      pl_samples_load (dataset, PL_GROUP_VALIDATION, &options, &recipe, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pl_samples_count (validation), ==, 0);
}

/* @values: rows × columns of slice; a gradient so that percentiles have a range. */
static void
add_gradient (DataFolder *f, const char *name, int low, int high)
{
  gint16 voxels[SIDE * SIDE];
  g_autofree char *image = g_strconcat ("images/", name, NULL);
  g_autofree char *mask = g_strconcat ("masks/", name, NULL);

  for (int i = 0; i < SIDE * SIDE; i++)
    voxels[i] = (gint16) (low + (high - low) * i / (SIDE * SIDE - 1));
  data_folder_add_image (f->folder, image, (int[]){ 1, SIDE, SIDE }, PL_DTYPE_INT16, voxels);
  data_folder_add_mask (f->folder, mask, (int[]){ 1, SIDE, SIDE });
}

/* The largest value, or with @sign −1 the smallest. */
static float
find_extreme (const PlSamples *samples, int index, int sign)
{
  const float *image = pl_samples_image (samples, index);
  float extreme = image[0];

  for (int i = 1; i < SIDE * SIDE; i++)
    if ((float) sign * image[i] > (float) sign * extreme)
      extreme = image[i];
  return extreme;
}

static void
test_choosing_the_recipe (DataFolder *f, gconstpointer data)
{
  PlSamplesOptions options = make_options (0);
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlSamples) samples = NULL;
  g_autoptr (GError) error = NULL;
  PlRecipe recipe;

  options.choose_recipe = TRUE;
  add_gradient (f, "a.tif", -1000, 1000);
  add_gradient (f, "b.tif", -900, 500);
  add_gradient (f, "c.tif", 0, 200); /* one odd image decides nothing */
  dataset = open_training (f);
  samples = pl_samples_load (dataset, PL_GROUP_TRAIN, &options, &recipe, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (recipe.is_hu);
  g_assert_cmpfloat (recipe.low, ==, -1024);
  /* The air is blanked with fat and the body scaled: its edge, beside the air, is at some
     −500 HU. */
  g_assert_cmpfloat_with_epsilon (find_extreme (samples, 1, -1), 2 * 524 / 1624.0 - 1, 0.05);
  g_assert_cmpfloat_with_epsilon (find_extreme (samples, 1, 1), 2 * 1524 / 1624.0 - 1, 0.02);

  pl_samples_free (samples);
  pl_dataset_free (dataset);
  add_gradient (f, "b.tif", 0, 255);
  dataset = open_training (f);
  samples = pl_samples_load (dataset, PL_GROUP_TRAIN, &options, &recipe, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (recipe.is_hu);
  for (int i = 0; i < 3; i++) /* each by its own percentiles */
    {
      const float *image = pl_samples_image (samples, i);

      g_assert_cmpfloat_with_epsilon (image[0], -1, 1e-6);
      g_assert_cmpfloat_with_epsilon (image[SIDE * SIDE - 1], 1, 1e-6);
      g_assert_cmpfloat_with_epsilon (image[SIDE * SIDE / 2], 0, 0.02);
    }
}

/* Loading must fail with PL_TRAIN_ERROR or PL_IMAGE_ERROR; the message has @part in it. */
static void
assert_refused (PlDataset *dataset, const PlSamplesOptions *options, const char *part)
{
  g_autoptr (GError) error = NULL;
  PlRecipe recipe = { .low = 42 };

  g_assert_null (
      pl_samples_load (dataset, PL_GROUP_TRAIN, options, &recipe, NULL, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_cmpfloat (recipe.low, ==, 42);
}

static void
test_bad_cases (DataFolder *f, gconstpointer data)
{
  PlSamplesOptions options = make_options (0);
  g_autoptr (PlDataset) dataset = NULL;
  const guint8 labels[4] = { 0, 1, 2, 2 };

  add_case (f, "a.tif", (int[]){ 1, 16, 16 }, 1);
  data_folder_add_image (f->folder, "images/b.tif", (int[]){ 1, 2, 2 }, PL_DTYPE_INT16, NULL);
  data_folder_add_image (f->folder, "masks/b.tif", (int[]){ 1, 2, 2 }, PL_DTYPE_UINT8, labels);
  dataset = open_training (f);
  assert_refused (dataset, &options, "masks/b.tif");
  options.n_classes = 2;
  data_folder_add_mask (f->folder, "masks/b.tif", (int[]){ 1, 3, 2 }); /* changed meanwhile */
  assert_refused (dataset, &options, "masks/b.tif");
  data_folder_add_text (f->folder, "masks/b.tif", "II");
  assert_refused (dataset, &options, "masks/b.tif");
  data_folder_add_text (f->folder, "images/b.tif", "II");
  assert_refused (dataset, &options, "images/b.tif");
  g_clear_pointer (&((PlCase *) g_ptr_array_index (dataset->cases, 1))->mask_path, g_free);
  assert_refused (dataset, &options, "images/b.tif");
}

/* The header says how many there will be, and that is too many. */
static void
test_too_many (DataFolder *f, gconstpointer data)
{
  PlSamplesOptions options = make_options (-1);
  g_autoptr (PlDataset) dataset = NULL;

  add_case (f, "v.nii.gz", (int[]){ 12, 8, 8 }, 0);
  dataset = open_training (f);
  ((PlCase *) g_ptr_array_index (dataset->cases, 0))->header.shape[0] = G_MAXINT;
  assert_refused (dataset, &options, "memory");
}

/* What progress calls have said. */
typedef struct
{
  double last;
  int n;
  GCancellable *cancellable; /* (nullable): to be cancelled at the first call */
} Progress;

static void
progress_cb (double fraction, gpointer data)
{
  Progress *progress = data;

  g_assert_cmpfloat (fraction, >, progress->last);
  progress->last = fraction;
  progress->n++;
  if (progress->cancellable != NULL)
    g_cancellable_cancel (progress->cancellable);
}

static void
test_progress_and_cancel (DataFolder *f, gconstpointer data)
{
  const PlSamplesOptions options = make_options (0);
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlSamples) samples = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };
  PlRecipe recipe;

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d.tif", i);

      add_case (f, name, (int[]){ 1, 16, 16 }, i);
    }
  dataset = open_training (f);
  samples = pl_samples_load (dataset, PL_GROUP_TRAIN, &options, &recipe, progress_cb, &progress,
                             NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (progress.n, ==, 20);
  g_assert_cmpfloat (progress.last, ==, 1);
  for (int i = 0; i < 20; i++)
    assert_sample (samples, i, i);
  progress = (Progress){ .cancellable = cancellable };
  g_assert_null (pl_samples_load (dataset, PL_GROUP_TRAIN, &options, &recipe, progress_cb,
                                  &progress, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
add_test (const char *name, void (*test) (DataFolder *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/train/samples/", name, NULL);

  g_test_add (path, DataFolder, NULL, data_folder_set_up, test, data_folder_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("slices", test_slices);
  add_test ("volumes", test_volumes);
  add_test ("groups", test_groups);
  add_test ("choosing-the-recipe", test_choosing_the_recipe);
  add_test ("bad-cases", test_bad_cases);
  add_test ("too-many", test_too_many);
  add_test ("progress-and-cancel", test_progress_and_cancel);
  return g_test_run ();
}
