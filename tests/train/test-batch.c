/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/batch.h"

#include "data-folder.h"

#include <math.h>
#include <string.h>

enum
{
  SIDE = 12,
  N_PIXELS = SIDE * SIDE,
  N_SAMPLES = 7,
};

/* Sample i has the value i / 10 in all pixels of its left half. */
typedef struct
{
  char *folder;
  PlSamples *samples;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  const PlSamplesOptions options = {
    .size_px = SIDE,
    .n_classes = 1,
    .recipe = { .is_hu = TRUE, .low = -100, .high = 100 },
  };
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;
  PlRecipe recipe;

  f->folder = data_folder_new ();
  for (int i = 0; i < N_SAMPLES; i++)
    {
      g_autofree char *image = g_strdup_printf ("images/%d.tif", i);
      g_autofree char *mask = g_strdup_printf ("masks/%d.tif", i);
      gint16 voxels[N_PIXELS];

      for (int k = 0; k < N_PIXELS; k++)
        voxels[k] = (gint16) (k % SIDE < SIDE / 2 ? i * 10 : -100);
      data_folder_add_image (f->folder, image, (int[]){ 1, SIDE, SIDE }, PL_DTYPE_INT16, voxels);
      data_folder_add_mask (f->folder, mask, (int[]){ 1, SIDE, SIDE });
    }
  dataset = pl_dataset_open (f->folder, NULL, &error);
  for (guint i = 0; i < dataset->cases->len; i++)
    ((PlCase *) g_ptr_array_index (dataset->cases, i))->group = PL_GROUP_TRAIN;
  f->samples =
      pl_samples_load (dataset, PL_GROUP_TRAIN, &options, &recipe, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pl_samples_count (f->samples), ==, N_SAMPLES);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  pl_samples_free (f->samples);
  data_folder_remove (f->folder);
}

/* Which sample is image @i of a batch that is not augmented? */
static int
identify (const PlBatch *batch, int i)
{
  const float *image = batch->images + i * N_PIXELS;
  const guint8 *labels = batch->labels + i * N_PIXELS;

  for (int k = 0; k < N_PIXELS; k++)
    {
      g_assert_cmpint (labels[k], ==, k % SIDE < SIDE / 2);
      g_assert_cmpfloat (image[k], ==, k % SIDE < SIDE / 2 ? image[0] : -1.0f);
    }
  return (int) lround (image[0] * 10);
}

/* Every sample once an epoch, in another order each time. */
static void
test_epochs (Fixture *f, gconstpointer data)
{
  g_autoptr (PlBatcher) batcher = pl_batcher_new (f->samples, 3, NULL, 5, 1, 0);
  int orders[6][N_SAMPLES];
  int n_equal = 0;

  g_assert_cmpint (pl_batcher_batches_per_epoch (batcher), ==, 3);
  for (int epoch = 0; epoch < 6; epoch++)
    {
      guint seen = 0;
      int n = 0;

      for (int b = 0; b < 3; b++)
        {
          const PlBatch *batch = pl_batcher_next (batcher, NULL);

          g_assert_cmpint (batch->n, ==, b < 2 ? 3 : 1);
          for (int i = 0; i < batch->n; i++)
            {
              orders[epoch][n] = identify (batch, i);
              seen |= 1u << orders[epoch][n++];
            }
        }
      g_assert_cmpuint (seen, ==, (1u << N_SAMPLES) - 1);
      n_equal += epoch > 0 && memcmp (orders[epoch], orders[0], sizeof orders[0]) == 0;
    }
  g_assert_cmpint (n_equal, <, 2);
}

static void
copy_batch (const PlBatch *batch, PlBatch *copy)
{
  copy->n = batch->n;
  copy->images = g_memdup2 (batch->images, (gsize) batch->n * N_PIXELS * sizeof (float));
  copy->labels = g_memdup2 (batch->labels, (gsize) batch->n * N_PIXELS);
}

static gboolean
are_equal (const PlBatch *a, const PlBatch *b)
{
  return a->n == b->n &&
         memcmp (a->images, b->images, (gsize) a->n * N_PIXELS * sizeof (float)) == 0 &&
         memcmp (a->labels, b->labels, (gsize) a->n * N_PIXELS) == 0;
}

/* Whatever was made before: a batch of an epoch is the same, augmentation included. */
static void
test_resume (Fixture *f, gconstpointer data)
{
  g_autoptr (PlBatcher) from_start = pl_batcher_new (f->samples, 2, &pl_augment_default, 5, 1, 0);
  PlBatch batches[12];

  for (int i = 0; i < 12; i++)
    copy_batch (pl_batcher_next (from_start, NULL), &batches[i]);
  for (int i = 0; i < 12; i++)
    {
      g_autoptr (PlBatcher) resumed =
          pl_batcher_new (f->samples, 2, &pl_augment_default, 5, 1 + i / 4, i % 4);

      for (int k = i; k < MIN (i + 3, 12); k++)
        g_assert_true (are_equal (pl_batcher_next (resumed, NULL), &batches[k]));
    }
  for (int i = 0; i < 12; i++)
    {
      g_free (batches[i].images);
      g_free (batches[i].labels);
    }
}

static void
test_seeds_differ (Fixture *f, gconstpointer data)
{
  g_autoptr (PlBatcher) a = pl_batcher_new (f->samples, 7, &pl_augment_default, 5, 1, 0);
  g_autoptr (PlBatcher) b = pl_batcher_new (f->samples, 7, &pl_augment_default, 6, 1, 0);

  g_assert_false (are_equal (pl_batcher_next (a, NULL), pl_batcher_next (b, NULL)));
}

static void
test_large_batch (Fixture *f, gconstpointer data)
{
  g_autoptr (PlBatcher) batcher = pl_batcher_new (f->samples, 100, NULL, 5, 1, 0);

  g_assert_cmpint (pl_batcher_batches_per_epoch (batcher), ==, 1);
  g_assert_cmpint (pl_batcher_next (batcher, NULL)->n, ==, N_SAMPLES);
  g_assert_cmpint (pl_batcher_next (batcher, NULL)->n, ==, N_SAMPLES);
}

/* A batch stays as it is until the next is asked for, though the thread goes on. */
static void
test_batch_stays (Fixture *f, gconstpointer data)
{
  g_autoptr (PlBatcher) batcher = pl_batcher_new (f->samples, 2, &pl_augment_default, 5, 1, 0);

  for (int i = 0; i < 5; i++)
    {
      const PlBatch *batch = pl_batcher_next (batcher, NULL);
      PlBatch copy;

      copy_batch (batch, &copy);
      g_usleep (2000);
      g_assert_true (are_equal (batch, &copy));
      g_free (copy.images);
      g_free (copy.labels);
    }
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (PlBatcher) batcher = pl_batcher_new (f->samples, 2, NULL, 5, 1, 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_nonnull (pl_batcher_next (batcher, cancellable));
  g_cancellable_cancel (cancellable);
  g_assert_null (pl_batcher_next (batcher, cancellable));
  g_assert_nonnull (pl_batcher_next (batcher, NULL));
}

/* While the thread fills, while it waits, and with a batch in hand. */
static void
test_free_at_once (Fixture *f, gconstpointer data)
{
  gint64 start = g_get_monotonic_time ();

  for (int i = 0; i < 40; i++)
    {
      PlBatcher *batcher = pl_batcher_new (f->samples, 7, &pl_augment_default, 5, 1, 0);

      if (i % 4 >= 2)
        pl_batcher_next (batcher, NULL);
      if (i % 2 == 1)
        g_usleep (1000);
      pl_batcher_free (batcher);
    }
  pl_batcher_free (NULL);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
}

static void
add_test (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/train/batch/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("epochs", test_epochs);
  add_test ("resume", test_resume);
  add_test ("seeds-differ", test_seeds_differ);
  add_test ("large-batch", test_large_batch);
  add_test ("batch-stays", test_batch_stays);
  add_test ("cancel", test_cancel);
  add_test ("free-at-once", test_free_at_once);
  return g_test_run ();
}
