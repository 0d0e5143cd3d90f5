/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole trainings of a tiny network on a phantom: how they go and how they end. */
#include "train/trainer.h"

#include "base/parallel.h"
#include "data-folder.h"
#include "rig.h"
#include "train/manifest.h"
#include "train/run-folder.h"
#include "train/split.h"
#include "train/train.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static void
assert_has_file (const Rig *rig, const char *name, gboolean has)
{
  g_autofree char *path = g_build_filename (rig->folder, name, NULL);

  g_test_message ("%s", path);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR) == has);
}

static void
count_points (const Rig *rig, int *n_steps, int *n_epochs)
{
  *n_steps = *n_epochs = 0;
  for (guint i = 0; i < rig->points->len; i++)
    {
      const PlTrainPoint *point = &g_array_index (rig->points, PlTrainPoint, i);

      if (point->is_epoch_end)
        g_assert_cmpint (point->summary.epoch, ==, ++*n_epochs);
      else
        g_assert_cmpint (point->step, ==, ++*n_steps);
    }
}

static void
test_learns (void)
{
  static const char *const files[] = { "run.json",    "history.csv",      "split.csv",
                                       "test.csv",    "best.safetensors", "last.safetensors",
                                       "events.jsonl" };
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (25);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  const PlTrainResult *result = rig_run (rig);
  g_autoptr (GArray) history = pl_run_folder_read_history (rig->folder, NULL);
  g_autofree char *best_path = g_build_filename (rig->folder, "best.safetensors", NULL);
  g_autoptr (PlModel) best = pl_model_read (best_path, NULL, NULL, NULL);
  const PlEpoch *first = &g_array_index (history, PlEpoch, 0);
  int n_steps, n_epochs;

  g_assert_no_error (result->error);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_COMPLETED);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    assert_has_file (rig, files[i], TRUE);
  count_points (rig, &n_steps, &n_epochs);
  g_assert_cmpint (n_epochs, ==, 25);
  g_assert_cmpint (n_steps % 25, ==, 0);
  g_assert_cmpuint (history->len, ==, 25);

  g_test_message ("validation Dice from %g to %g at epoch %d", first->val_dice, result->best_dice,
                  result->best_epoch);
  g_assert_cmpfloat (result->best_dice, >, first->val_dice + 0.1);
  g_assert_cmpfloat (result->best_dice, >, 0.7);
  g_assert_cmpfloat (g_array_index (history, PlEpoch, result->best_epoch - 1).val_dice, ==,
                     result->best_dice);
  g_assert_cmpmem (best->net->weights, best->net->n_weights * sizeof (float),
                   result->model->net->weights, result->model->net->n_weights * sizeof (float));
  g_assert_cmpint (json_object_get_int_member (best->summary, "best_epoch"), ==,
                   result->best_epoch);

  g_assert_cmpint ((int) result->test->len, ==, pl_split_count (dataset, PL_GROUP_TEST));
  g_assert_cmpuint (result->test_names->len, ==, result->test->len);
  for (guint i = 0; i < result->test->len; i++)
    g_assert_true (isfinite (g_array_index (result->test, PlMetrics, i).bce));
  g_assert_true (rig->phases & 1u << PL_PHASE_TRAINING);
  g_assert_cmpint (rig->status.phase, ==, PL_PHASE_TESTING);
  g_assert_cmpint (rig->status.step, ==, n_steps);
  g_assert_cmpint (rig->status.n_steps, ==, n_steps);
}

static void
assert_same_run (const Rig *a, const Rig *b)
{
  g_autofree char *history_a = rig_read_history_without_times (a);
  g_autofree char *history_b = rig_read_history_without_times (b);

  g_assert_cmpstr (history_a, ==, history_b);
  rig_assert_same_file (a, b, "best.safetensors");
  rig_assert_same_file (a, b, "test.csv");
  rig_assert_same_file (a, b, "split.csv");
}

static void
test_same_seed (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (3);
  g_autoptr (Rig) a = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) b = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) c = NULL;
  g_autofree char *history_a = NULL;
  g_autofree char *history_c = NULL;

  rig_run (a);
  rig_run (b);
  assert_same_run (a, b);

  settings.seed = 2;
  c = rig_new (&settings, dataset, NULL, NULL);
  rig_run (c);
  history_a = rig_read_history_without_times (a);
  history_c = rig_read_history_without_times (c);
  g_assert_cmpstr (history_a, !=, history_c);
}

/* Wide enough that work is split in every way. */
static void
assert_same_for_threads (int precision)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (2);
  g_autoptr (Rig) one = NULL;

  settings.precision = precision;
  settings.size_px = 64;
  settings.base = 16;
  settings.depth = 3;
  settings.batch = 4;
  settings.threads = 1;
  one = rig_new (&settings, dataset, NULL, NULL);
  g_assert_no_error (rig_run (one)->error);
  for (int threads = 2; threads <= 3; threads++)
    {
      g_autoptr (Rig) more = NULL;

      settings.threads = threads;
      more = rig_new (&settings, dataset, NULL, NULL);
      rig_run (more);
      g_assert_cmpint (pl_parallel_threads (), ==, threads);
      assert_same_run (one, more);
    }
  pl_train_set_threads (0);
}

static void
test_any_threads (void)
{
  assert_same_for_threads (PL_TRAIN_PRECISION_F32);
}

static void
test_any_threads_bf16 (void)
{
  if (pl_train_precision_resolve (PL_TRAIN_PRECISION_AUTO) == PL_TRAIN_PRECISION_BF16)
    assert_same_for_threads (PL_TRAIN_PRECISION_BF16);
  else
    g_test_skip ("this processor does not compute in bf16");
}

static void
test_time_limit (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = NULL;
  const PlTrainResult *result;

  settings.time_limit_s = 0.001; /* over before the samples are loaded */
  rig = rig_new (&settings, dataset, NULL, NULL);
  result = rig_run (rig);
  g_assert_no_error (result->error);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_TIME_LIMIT);
  g_assert_nonnull (result->model);
  g_assert_nonnull (result->test);
  assert_has_file (rig, "best.safetensors", TRUE);
  assert_has_file (rig, "last.safetensors", TRUE);
}

static void
test_early_stop (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (100);
  g_autoptr (Rig) rig = NULL;
  const PlTrainResult *result;
  g_autoptr (GArray) history = NULL;

  settings.rate = 1e-30; /* nothing is learned */
  settings.patience = 2;
  rig = rig_new (&settings, dataset, NULL, NULL);
  result = rig_run (rig);
  history = pl_run_folder_read_history (rig->folder, NULL);
  g_assert_no_error (result->error);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_EARLY_STOP);
  g_assert_cmpint (result->best_epoch, ==, 1);
  g_assert_cmpuint (history->len, ==, 3);
}

static void
test_without_validation (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (3);
  const double split[3] = { 1, 0, 0 };
  g_autoptr (Rig) rig = NULL;
  const PlTrainResult *result;

  g_assert_true (pl_split_assign (dataset, split, 1, NULL));
  settings.patience = 1;
  rig = rig_new (&settings, dataset, NULL, NULL);
  result = rig_run (rig);
  g_assert_no_error (result->error);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpint (result->best_epoch, ==, 3);
  g_assert_true (isnan (result->best_dice));
  g_assert_cmpuint (result->test->len, ==, 0);
  g_assert_cmpuint (rig->notices->len, ==, 1);
}

static void
test_nothing_to_train_on (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (3);
  g_autoptr (Rig) rig = NULL;
  const PlTrainResult *result;

  for (guint i = 0; i < dataset->cases->len; i++)
    ((PlCase *) g_ptr_array_index (dataset->cases, i))->group = PL_GROUP_TEST;
  rig = rig_new (&settings, dataset, NULL, NULL);
  result = rig_run (rig);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_FAILED);
  g_assert_error (result->error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_assert_null (result->model);
}

static void
test_start_from_model (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (12);
  g_autoptr (Rig) first = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) second = NULL;
  const PlTrainResult *result = rig_run (first);
  g_autoptr (GArray) history = NULL;

  settings = rig_settings (1);
  settings.base = 8; /* gives way to the model's */
  settings.rate = 1e-30;
  second = rig_new (&settings, dataset, NULL, result->model);
  g_assert_cmpint (pl_trainer_get_settings (second->trainer)->base, ==, 4);
  g_assert_cmpstr (pl_trainer_get_run_folder (second->trainer), ==, second->folder);
  rig_run (second);
  history = pl_run_folder_read_history (second->folder, NULL);
  g_assert_cmpfloat_with_epsilon (g_array_index (history, PlEpoch, 0).val_dice, result->best_dice,
                                  1e-3);
}

/* Validation loss after a few epochs of cross-entropy alone, at the tutorial's rate. */
static double
measure_cross_entropy (PlDataset *dataset, PlModel *init)
{
  PlTrainSettings settings = rig_settings (10);
  g_autoptr (GArray) history = NULL;
  g_autoptr (Rig) rig = NULL;

  settings.loss = PL_LOSS_CROSS_ENTROPY;
  settings.rate = 1e-3;
  settings.base = 8;
  rig = rig_new (&settings, dataset, NULL, init);
  rig_run (rig);
  history = pl_run_folder_read_history (rig->folder, NULL);
  return g_array_index (history, PlEpoch, history->len - 1).val_loss;
}

/* The same network as He would have it learns from there as from any model. */
static void
test_soon_confident (void)
{
  const PlUNetShape shape = { .in_channels = 1, .classes = 1, .base = 8, .depth = 2 };
  static const char *const names[] = { "lung", NULL };
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (PlModel) he =
      pl_model_new_take (pl_unet_new (&shape, pl_train_settings_default.seed, NULL), &PL_RECIPE_HU,
                         32, 1, names, NULL);
  double fresh = measure_cross_entropy (dataset, NULL);
  double from_he = measure_cross_entropy (dataset, he);

  g_test_message ("cross-entropy %g, from He's deviation %g", fresh, from_he);
  g_assert_cmpfloat (fresh, <, 0.8 * from_he);
}

/* Weights of 1e38 make the first loss infinite. */
static void
test_diverges (void)
{
  const PlUNetShape shape = { .in_channels = 1, .classes = 1, .base = 4, .depth = 2 };
  static const char *const names[] = { "lung", NULL };
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlUNet *net = pl_unet_new (&shape, 1, NULL);
  PlTrainSettings settings = rig_settings (3);
  g_autoptr (PlModel) model = NULL;
  g_autoptr (Rig) rig = NULL;
  const PlTrainResult *result;

  for (gsize i = 0; i < net->n_weights; i++)
    net->weights[i] = 1e38f;
  pl_unet_weights_changed (net);
  model = pl_model_new_take (net, &PL_RECIPE_HU, 32, 1, names, NULL);
  rig = rig_new (&settings, dataset, NULL, model);
  result = rig_run (rig);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_FAILED);
  g_assert_error (result->error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DIVERGED);
  g_assert_nonnull (strstr (result->error->message, "learning rate"));
  g_assert_null (result->model);
  assert_has_file (rig, "best.safetensors", FALSE);
  assert_has_file (rig, "last.safetensors", FALSE);
}

/* A setting out of bounds is named. */
static void
assert_refused (const PlTrainSettings *settings, const char *name)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (pl_train_settings_check (settings, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, name));
}

#define ASSERT_REFUSED(name, field, value)                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    PlTrainSettings bad = pl_train_settings_default;                                               \
    bad.field = value;                                                                             \
    assert_refused (&bad, name);                                                                   \
  }                                                                                                \
  G_STMT_END

static void
test_settings (void)
{
  PlTrainSettings large = pl_train_settings_default;
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_train_settings_check (&pl_train_settings_default, &error));
  ASSERT_REFUSED ("epochs", epochs, 0);
  ASSERT_REFUSED ("batch", batch, 0);
  ASSERT_REFUSED ("size", size_px, 250);
  ASSERT_REFUSED ("256", size_px, 250); /* says what would do */
  ASSERT_REFUSED ("base", base, -1);
  ASSERT_REFUSED ("depth", depth, 7);
  ASSERT_REFUSED ("lr", rate, 0);
  ASSERT_REFUSED ("lr", rate, NAN);
  ASSERT_REFUSED ("decay", decay, -1);
  ASSERT_REFUSED ("loss", loss, 0);
  ASSERT_REFUSED ("schedule", schedule, 3);
  ASSERT_REFUSED ("seed", seed, G_MAXUINT64);
  ASSERT_REFUSED ("split", split[0], 0);
  ASSERT_REFUSED ("split", split[1], -0.1);
  ASSERT_REFUSED ("split", split[2], INFINITY);
  ASSERT_REFUSED ("patience", patience, -1);
  ASSERT_REFUSED ("time-limit", time_limit_s, -1);
  ASSERT_REFUSED ("slices-per-volume", slices_per_volume, -2);
  ASSERT_REFUSED ("threads", threads, -1);

  large.base = 64;
  g_assert_cmpuint (pl_train_settings_bytes (&large), >,
                    pl_train_settings_bytes (&pl_train_settings_default));
}

/* Two classes that only the masks tell of, and a file that is cut short. */
static void
test_reads_files_first (void)
{
  const int n[3] = { 1, 32, 32 };
  const double split[3] = { 0.6, 0.2, 0.2 };
  char *folder = data_folder_new ();
  g_autofree char *broken = g_build_filename (folder, "images", "p3.tif", NULL);
  g_autofree char *contents = NULL;
  g_autofree guint8 *labels = g_new0 (guint8, 32 * 32);
  g_autoptr (PlDataset) dataset = NULL;
  PlTrainSettings settings = rig_settings (2);
  g_autoptr (Rig) rig = NULL;
  const PlTrainResult *result;
  gsize length;

  for (int i = 0; i < 32 * 32; i++)
    labels[i] = (guint8) (i / 32 / 11);
  for (int i = 0; i < 6; i++)
    {
      g_autofree char *image = g_strdup_printf ("images/p%d.tif", i);
      g_autofree char *mask = g_strdup_printf ("masks/p%d.tif", i);

      data_folder_add_image (folder, image, n, PL_DTYPE_INT16, NULL);
      data_folder_add_image (folder, mask, n, PL_DTYPE_UINT8, labels);
    }
  g_assert_true (g_file_get_contents (broken, &contents, &length, NULL));
  memset (contents + 8, 0xff, 64); /* the strip; the directory is behind it */
  g_assert_true (g_file_set_contents (broken, contents, (gssize) length, NULL));
  dataset = pl_dataset_open (folder, NULL, NULL);
  g_assert_cmpuint (dataset->cases->len, ==, 6);
  g_assert_true (pl_split_assign (dataset, split, 1, NULL));
  rig = rig_new (&settings, dataset, NULL, NULL);
  result = rig_run (rig);
  g_assert_no_error (result->error);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpint (result->model->n_classes, ==, 2);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (rig->notices, 0), broken));
  data_folder_remove (folder);
}

static char *
name_pair (const char *folder, const char *part, int index)
{
  g_autofree char *name = g_strdup_printf ("p%d.tif", index);

  return g_build_filename (folder, part, name, NULL);
}

/* What the manifest lists and is not there is named, up to ten files; the training goes on. */
static void
test_manifest (void)
{
  const int n[3] = { 1, 32, 32 };
  const double split[3] = { 0.6, 0.2, 0.2 };
  char *folder = data_folder_new ();
  g_autoptr (PlDataset) whole = NULL;
  g_autoptr (PlDataset) dataset = NULL;
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (Rig) rig = NULL;
  const PlTrainResult *result;

  for (int i = 0; i < 12; i++)
    {
      g_autofree char *image = name_pair ("", "images", i);
      g_autofree char *mask = name_pair ("", "masks", i);

      data_folder_add_image (folder, image, n, PL_DTYPE_INT16, NULL);
      data_folder_add_mask (folder, mask, n);
    }
  whole = pl_dataset_open (folder, NULL, NULL);
  g_assert_true (pl_manifest_write (whole, NULL, NULL, NULL, NULL));
  for (int i = 6; i < 12; i++)
    {
      g_autofree char *image = name_pair (folder, "images", i);
      g_autofree char *mask = name_pair (folder, "masks", i);

      g_assert_cmpint (g_unlink (image), ==, 0);
      g_assert_cmpint (g_unlink (mask), ==, 0);
    }
  dataset = pl_dataset_open (folder, NULL, NULL);
  g_assert_true (pl_split_assign (dataset, split, 1, NULL));
  rig = rig_new (&settings, dataset, NULL, NULL);
  result = rig_run (rig);
  g_assert_no_error (result->error);
  g_assert_cmpuint (rig->notices->len, >=, 11);
  for (guint i = 0; i < 10; i++)
    {
      const char *notice = g_ptr_array_index (rig->notices, i);

      g_assert_true (g_str_has_prefix (notice, folder));
      g_assert_nonnull (strstr (notice, "not there"));
    }
  g_assert_true (g_str_has_prefix (g_ptr_array_index (rig->notices, 10), "2 more files"));
  data_folder_remove (folder);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/trainer/settings", test_settings);
  g_test_add_func ("/train/trainer/learns", test_learns);
  g_test_add_func ("/train/trainer/same-seed", test_same_seed);
  g_test_add_func ("/train/trainer/any-threads", test_any_threads);
  g_test_add_func ("/train/trainer/any-threads-bf16", test_any_threads_bf16);
  g_test_add_func ("/train/trainer/time-limit", test_time_limit);
  g_test_add_func ("/train/trainer/early-stop", test_early_stop);
  g_test_add_func ("/train/trainer/without-validation", test_without_validation);
  g_test_add_func ("/train/trainer/nothing-to-train-on", test_nothing_to_train_on);
  g_test_add_func ("/train/trainer/reads-files-first", test_reads_files_first);
  g_test_add_func ("/train/trainer/manifest", test_manifest);
  g_test_add_func ("/train/trainer/start-from-model", test_start_from_model);
  g_test_add_func ("/train/trainer/soon-confident", test_soon_confident);
  g_test_add_func ("/train/trainer/diverges", test_diverges);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
