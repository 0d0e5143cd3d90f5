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
draw (PlSamplePreview *preview, int epoch)
{
  g_autoptr (GError) error = NULL;
  PlPicture *picture = pl_sample_preview_draw (preview, epoch, TILE, NULL, &error);

  g_assert_no_error (error);
  return picture;
}

static gboolean
is_same (const PlPicture *a, const PlPicture *b)
{
  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  return memcmp (a->rgb, b->rgb, 3 * (gsize) a->width * (gsize) a->height) == 0;
}

/* Twelve of the phantom's slices in rows of four; an epoch is always the same, the next another. */
static void
test_epochs (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlSamplePreview) preview = pl_sample_preview_load (dataset, &settings, NULL, &error);
  g_autoptr (PlPicture) first = NULL;
  g_autoptr (PlPicture) again = NULL;
  g_autoptr (PlPicture) second = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (pl_sample_preview_count (preview), >, 8);
  g_assert_cmpint (pl_sample_preview_count (preview), <=, 12);
  first = draw (preview, 1);
  again = draw (preview, 1);
  second = draw (preview, 2);
  g_assert_cmpint (first->width, ==, 4 * TILE);
  g_assert_cmpint (first->height, ==, 3 * TILE);
  g_assert_true (is_same (first, again));
  g_assert_false (is_same (first, second));
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

/* One image is the same in each epoch if it is not varied. */
static void
test_as_they_are (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  gboolean has_one = FALSE;

  keep_volumes (dataset);
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *one = g_ptr_array_index (dataset->cases, i);

      if (one->group == PL_GROUP_TRAIN && has_one)
        one->group = PL_GROUP_IGNORE;
      has_one = has_one || one->group == PL_GROUP_TRAIN;
    }
  settings.slices_per_volume = 1;
  for (int augment = 0; augment < 2; augment++)
    {
      g_autoptr (PlSamplePreview) preview = NULL;
      g_autoptr (PlPicture) first = NULL;
      g_autoptr (PlPicture) second = NULL;

      settings.augment = augment;
      preview = pl_sample_preview_load (dataset, &settings, NULL, NULL);
      g_assert_nonnull (preview);
      g_assert_cmpint (pl_sample_preview_count (preview), ==, 1);
      first = draw (preview, 1);
      second = draw (preview, 2);
      g_assert_true (is_same (first, second) == !augment);
    }
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
  g_test_add_func ("/train/sample-preview/epochs", test_epochs);
  g_test_add_func ("/train/sample-preview/as-they-are", test_as_they_are);
  g_test_add_func ("/train/sample-preview/volumes", test_volumes);
  g_test_add_func ("/train/sample-preview/cancel", test_cancel);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
