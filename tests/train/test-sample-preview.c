/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few training images that are shown before a training. */
#include "train/sample-preview.h"

#include "rig.h"
#include "train/split.h"
#include "train/train.h"

enum
{
  TILE = 32,
};

static PlPicture *
draw (PlSamplePreview *preview, int index, int variation)
{
  g_autoptr (GError) error = NULL;
  PlPicture *picture = pl_sample_preview_draw (preview, index, variation, TILE, &error);

  g_assert_no_error (error);
  g_assert_cmpint (picture->width, ==, TILE);
  g_assert_cmpint (picture->height, ==, TILE);
  return picture;
}

static gboolean
is_same (PlSamplePreview *preview, int index, int variation, int other)
{
  g_autoptr (PlPicture) a = draw (preview, index, variation);
  g_autoptr (PlPicture) b = draw (preview, index, other);

  return memcmp (a->rgb, b->rgb, 3 * TILE * TILE) == 0;
}

/* Of the phantom's slices up to twelve; a variation is always the same, the next another. */
static void
test_variations (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlSamplePreview) preview = pl_sample_preview_load (dataset, &settings, NULL, &error);
  int n;

  g_assert_no_error (error);
  n = pl_sample_preview_count (preview);
  g_assert_cmpint (n, >, 8);
  g_assert_cmpint (n, <=, 12);
  g_assert_true (pl_sample_preview_is_varied (preview));
  for (int i = 0; i < n; i++)
    {
      g_assert_true (is_same (preview, i, 0, 0));
      g_assert_false (is_same (preview, i, 0, 1));
      g_assert_true (is_same (preview, i, 1, 1));
      g_assert_false (is_same (preview, i, 1, 2));
      g_assert_nonnull (pl_dataset_find (dataset, pl_sample_preview_case (preview, i)));
    }
}

static void
keep_volumes (PlDataset *dataset)
{
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *one = g_ptr_array_index (dataset->cases, i);

      one->group = pl_case_is_volume (one) ? PL_GROUP_TRAIN : PL_GROUP_IGNORE;
    }
  dataset->has_split = TRUE;
}

static void
test_as_they_are (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (PlSamplePreview) preview = NULL;

  settings.augment = FALSE;
  preview = pl_sample_preview_load (dataset, &settings, NULL, NULL);
  g_assert_nonnull (preview);
  g_assert_false (pl_sample_preview_is_varied (preview));
}

static void
test_volumes (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (PlSamplePreview) preview = NULL;
  g_autoptr (GError) error = NULL;

  keep_volumes (dataset);
  settings.slices_per_volume = -1;
  preview = pl_sample_preview_load (dataset, &settings, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pl_sample_preview_count (preview), ==, 6);
  for (int i = 0; i < 6; i++)
    {
      const PlCase *one = pl_dataset_find (dataset, pl_sample_preview_case (preview, i));
      int slice = pl_sample_preview_slice (preview, i);

      g_assert_true (pl_case_is_volume (one));
      g_assert_cmpint (slice, ==,
                       (2 * (i % 3) + 1) * one->header.shape[one->header.slice_axis] / 6);
    }

  settings.slices_per_volume = 0;
  g_assert_null (pl_sample_preview_load (dataset, &settings, NULL, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
}

static void
test_cancel (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (pl_sample_preview_load (dataset, &settings, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!pl_train_init (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/train/sample-preview/variations", test_variations);
  g_test_add_func ("/train/sample-preview/as-they-are", test_as_they_are);
  g_test_add_func ("/train/sample-preview/volumes", test_volumes);
  g_test_add_func ("/train/sample-preview/cancel", test_cancel);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
