/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said before a training against what it then took. */
#include "train/estimate.h"

#include "base/aligned.h"
#include "rig.h"
#include "train/train.h"

#include <math.h>

/* Large enough for a step of some 10 ms, and for memory that stands out: some 60 MB. */
static PlTrainSettings
estimate_settings (void)
{
  PlTrainSettings settings = rig_settings (5);

  settings.size_px = 64;
  settings.base = 16;
  settings.depth = 3;
  settings.batch = 8;
  settings.slices_per_volume = -1;
  return settings;
}

static void
test_count (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = estimate_settings ();
  PlImageCounts all, slices;
  int n = 0;

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *one = g_ptr_array_index (dataset->cases, i);

      if (one->group == PL_GROUP_TRAIN)
        n += one->header.shape[one->header.slice_axis];
    }
  all = pl_estimate_count (dataset, &settings);
  g_assert_cmpint (all.train, ==, n);
  settings.slices_per_volume = 0;
  slices = pl_estimate_count (dataset, &settings);
  g_assert_cmpint (slices.train + slices.validation, <, all.train + all.validation);
  g_assert_cmpint (slices.train, >, 0);
  g_assert_cmpint (slices.validation, >, 0);
}

/* More of everything takes more; a time limit is one. */
static void
test_sums (void)
{
  PlTrainSettings settings = estimate_settings ();
  PlImageCounts counts = { 16, 4 };
  PlImageCounts more = { 32, 4 };
  PlStepTime time = { .train_s = 0.1, .update_s = 0.02, .validate_s = 0.03 };

  settings.batch = 8;
  settings.epochs = 10;
  g_assert_cmpfloat_with_epsilon (pl_estimate_seconds (&settings, &counts, &time),
                                  10 * (16 * 0.1 + 2 * 0.02 + 4 * 0.03), 1e-9);
  settings.time_limit_s = 5;
  g_assert_cmpfloat (pl_estimate_seconds (&settings, &counts, &time), ==, 5);
  g_assert_cmpuint (pl_estimate_bytes (&settings, &more) - pl_estimate_bytes (&settings, &counts),
                    ==, 16 * 64 * 64 * 5);
  g_assert_cmpuint (pl_estimate_bytes (&settings, &counts), >, pl_train_settings_bytes (&settings));
}

/* The sanitizer keeps what was freed, and notes beside each byte. */
#ifdef __SANITIZE_ADDRESS__
#define MEMORY_FACTOR 4
#else
#define MEMORY_FACTOR 1.5
#endif

static double most_resident;

static void
note_memory_cb (Rig *rig)
{
  most_resident = MAX (most_resident, (double) pl_memory_resident ());
}

/* Returns: seconds of the epochs after the first, which begins with loading. */
static double
train (PlDataset *dataset, const PlTrainSettings *settings)
{
  g_autoptr (Rig) rig = rig_new (settings, dataset, NULL, NULL);
  double first_s = NAN, last_s = NAN;

  rig->on_status = note_memory_cb;
  g_assert_no_error (rig_run (rig)->error);
  for (guint i = 0; i < rig->points->len; i++)
    {
      const PlTrainPoint *point = &g_array_index (rig->points, PlTrainPoint, i);

      if (point->is_epoch_end && point->summary.epoch == 1)
        first_s = point->summary.time_s;
      if (point->is_epoch_end)
        last_s = point->summary.time_s;
    }
  return last_s - first_s;
}

/* It depends on nothing but the allocator and what a program touches once: pages that the plan has
 * and no pass writes, threads, decoders. */
static void
test_memory (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = estimate_settings ();
  PlImageCounts counts = pl_estimate_count (dataset, &settings);
  double bytes = (double) pl_estimate_bytes (&settings, &counts);
  double before = (double) pl_memory_resident ();
  double grown;

  train (dataset, &settings);
  grown = most_resident - before;
  g_test_message ("said %.1f MB, grown by %.1f MB", bytes / 1e6, grown / 1e6);
  g_assert_cmpfloat (bytes, >, grown / MEMORY_FACTOR);
  g_assert_cmpfloat (bytes, <, grown * MEMORY_FACTOR);
}

/* A wrong formula (a step for an image, no backward pass) is off by more than the factor. So is
 * another program that takes the processors during the one and not the other: then it is tried
 * again. */
static void
test_time (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = estimate_settings ();
  PlTrainSettings after_first = settings;
  PlImageCounts counts = pl_estimate_count (dataset, &settings);
  gboolean is_near = FALSE;

  after_first.epochs -= 1;
  for (int i = 0; i < 8 && !is_near; i++)
    {
      double took_s = train (dataset, &settings);
      g_autoptr (GError) error = NULL;
      PlStepTime time;
      double said_s;

      g_assert_true (pl_estimate_measure (&settings, NULL, &time, &error));
      g_assert_no_error (error);
      said_s = pl_estimate_seconds (&after_first, &counts, &time);
      g_test_message ("%d images: said %.2f s, took %.2f s", counts.train, said_s, took_s);
      is_near = said_s > took_s / 2.5 && said_s < took_s * 2.5;
    }
  g_assert_true (is_near);
}

static void
test_cancel (void)
{
  PlTrainSettings settings = estimate_settings ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  PlStepTime time;

  g_cancellable_cancel (cancellable);
  g_assert_false (pl_estimate_measure (&settings, cancellable, &time, &error));
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
  g_test_add_func ("/train/estimate/memory", test_memory); /* in memory that is not used yet */
  g_test_add_func ("/train/estimate/time", test_time);
  g_test_add_func ("/train/estimate/count", test_count);
  g_test_add_func ("/train/estimate/sums", test_sums);
  g_test_add_func ("/train/estimate/cancel", test_cancel);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
