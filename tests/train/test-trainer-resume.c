/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run that was stopped and resumed ends as one that was not: same weights, same optimizer, same
 * figures. */
#include "base/json.h"
#include "rig.h"
#include "train/run-folder.h"
#include "train/split.h"
#include "train/train.h"

#include <glib/gstdio.h>
#include <string.h>

enum
{
  EPOCHS = 3,
};

/* Everything in last.safetensors but the time. */
static void
assert_same_last (const Rig *a, const Rig *b)
{
  g_autofree char *path_a = g_build_filename (a->folder, "last.safetensors", NULL);
  g_autofree char *path_b = g_build_filename (b->folder, "last.safetensors", NULL);
  g_autoptr (PlOptimizer) state_a = NULL;
  g_autoptr (PlOptimizer) state_b = NULL;
  g_autoptr (PlModel) model_a = pl_model_read (path_a, &state_a, NULL, NULL);
  g_autoptr (PlModel) model_b = pl_model_read (path_b, &state_b, NULL, NULL);
  gsize n_bytes = model_a->net->n_weights * sizeof (float);

  g_assert_cmpmem (model_a->net->weights, n_bytes, model_b->net->weights, n_bytes);
  g_assert_cmpmem (state_a->m, n_bytes, state_b->m, n_bytes);
  g_assert_cmpmem (state_a->v, n_bytes, state_b->v, n_bytes);
  g_assert_cmpuint (state_a->step, ==, state_b->step);
}

static void
assert_same_run (const Rig *a, const Rig *b)
{
  g_autofree char *history_a = rig_read_history_without_times (a);
  g_autofree char *history_b = rig_read_history_without_times (b);

  g_assert_cmpstr (history_a, ==, history_b);
  rig_assert_same_file (a, b, "best.safetensors");
  rig_assert_same_file (a, b, "test.csv");
  assert_same_last (a, b);
}

static void
stop_after_epoch_2 (Rig *rig, const PlTrainPoint *point)
{
  if (point->is_epoch_end && point->summary.epoch == 2)
    pl_trainer_stop (rig->trainer);
}

/* Within an epoch, and more than once. */
static void
stop_at_second_point (Rig *rig, const PlTrainPoint *point)
{
  if (rig->points->len >= 2)
    pl_trainer_stop (rig->trainer);
}

/* Stops and resumes until it is done. Returns the last session. */
static Rig *
run_in_parts (PlDataset *dataset, const PlTrainSettings *settings, RigPoint stop, int *n_parts)
{
  Rig *rig = rig_new (settings, dataset, NULL, NULL);
  double time_s = 0;

  for (*n_parts = 1;; ++*n_parts)
    {
      g_autofree char *folder = g_strdup (rig->folder);
      const PlTrainResult *result;

      rig->on_point = *n_parts < 4 ? stop : NULL;
      result = rig_run (rig);
      g_assert_no_error (result->error);
      for (guint i = 0; i < rig->points->len; i++)
        {
          const PlTrainPoint *point = &g_array_index (rig->points, PlTrainPoint, i);

          g_assert_cmpfloat (point->time_s, >=, time_s);
          time_s = point->time_s;
        }
      if (result->outcome == PL_TRAIN_COMPLETED)
        return rig;
      g_assert_cmpint (result->outcome, ==, PL_TRAIN_STOPPED);
      g_assert_null (result->test);
      g_assert_nonnull (result->model);
      rig_free (rig);
      rig = rig_new (settings, dataset, folder, NULL);
    }
}

static void
assert_resumes (PlTrainSettings settings, RigPoint stop)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (Rig) whole = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) parts = NULL;
  int n_parts;

  rig_run (whole);
  parts = run_in_parts (dataset, &settings, stop, &n_parts);
  g_test_message ("%d parts", n_parts);
  g_assert_cmpint (n_parts, >, 1);
  assert_same_run (whole, parts);
}

/* Long enough for a stop to arrive before the end: a delivery takes 33 ms. */
static PlTrainSettings
slow_settings (void)
{
  PlTrainSettings settings = rig_settings (EPOCHS);

  settings.size_px = 48;
  settings.base = 8;
  settings.batch = 2;
  return settings;
}

static void
test_after_epoch (void)
{
  assert_resumes (slow_settings (), stop_after_epoch_2);
}

static void
test_within_epoch (void)
{
  assert_resumes (slow_settings (), stop_at_second_point);
}

static void
test_plateau (void)
{
  PlTrainSettings settings = slow_settings ();

  settings.schedule = 1;
  settings.batch = 3;                          /* the last batch is smaller */
  settings.precision = PL_TRAIN_PRECISION_F32; /* also of the best model, once it is read again */
  assert_resumes (settings, stop_at_second_point);
}

/* 0 epochs keeps what the run was to have; a number replaces it. */
static void
test_epochs (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (2);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) kept = NULL;
  g_autoptr (Rig) more = NULL;
  g_autoptr (GArray) history = NULL;

  rig_run (rig);
  settings.epochs = 0;
  settings.base = 32; /* the run's own counts */
  kept = rig_new (&settings, dataset, rig->folder, NULL);
  g_assert_cmpint (pl_trainer_get_settings (kept->trainer)->epochs, ==, 2);
  g_assert_cmpint (pl_trainer_get_settings (kept->trainer)->base, ==, 4);
  g_assert_cmpint (rig_run (kept)->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpuint (kept->points->len, ==, 0);

  settings.epochs = 3;
  more = rig_new (&settings, dataset, rig->folder, NULL);
  g_assert_cmpint (rig_run (more)->outcome, ==, PL_TRAIN_COMPLETED);
  history = pl_run_folder_read_history (rig->folder, NULL);
  g_assert_cmpuint (history->len, ==, 3);
}

static void
test_nothing_to_resume (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (2);
  g_autofree char *folder = rig_make_folder ();
  g_autoptr (Rig) rig = rig_new (&settings, dataset, folder, NULL);
  const PlTrainResult *result = rig_run (rig);

  g_assert_cmpint (result->outcome, ==, PL_TRAIN_FAILED);
  g_assert_nonnull (strstr (result->error->message, folder));
}

static void
test_other_dataset (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) other = NULL;
  const PlTrainResult *result;

  rig_run (rig);
  g_ptr_array_remove_index (dataset->cases, 0);
  other = rig_new (&settings, dataset, rig->folder, NULL);
  result = rig_run (other);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_FAILED);
  g_assert_error (result->error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
}

static char *
name_file (const Rig *rig, const char *name)
{
  return g_build_filename (rig->folder, name, NULL);
}

/* Without a validation part the last epoch is the best one. */
static PlDataset *
open_without_validation (void)
{
  PlDataset *dataset = rig_open_phantom ();
  const double split[3] = { 0.8, 0, 0.2 };

  g_assert_true (pl_split_assign (dataset, split, 1, NULL));
  return dataset;
}

/* Killed between last.safetensors and best.safetensors: there is the one before, or none. */
static void
test_best_not_written (void)
{
  g_autoptr (PlDataset) dataset = open_without_validation ();
  PlTrainSettings settings = rig_settings (2);

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
      g_autoptr (Rig) plain = rig_new (&settings, dataset, NULL, NULL);
      g_autoptr (Rig) resumed = NULL;
      g_autofree char *best = name_file (rig, "best.safetensors");
      g_autofree char *first = pl_run_folder_epoch_path (rig->folder, 1);

      rig_run (rig);
      rig_run (plain);
      g_assert_cmpint (i == 0 ? g_rename (first, best) : g_unlink (best), ==, 0);
      resumed = rig_new (&settings, dataset, rig->folder, NULL);
      g_assert_cmpint (rig_run (resumed)->outcome, ==, PL_TRAIN_COMPLETED);
      g_assert_cmpuint (resumed->points->len, ==, 0);
      g_assert_cmpint (pl_trainer_get_result (resumed->trainer)->best_epoch, ==, 2);
      rig_assert_same_file (resumed, plain, "best.safetensors");
      rig_assert_same_file (resumed, plain, "test.csv");
    }
}

/* An earlier epoch was the best: then its weights are nowhere else. */
static void
test_best_lost (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (2);
  g_autoptr (Rig) rig = NULL;
  g_autoptr (Rig) resumed = NULL;
  g_autofree char *best = NULL;
  const PlTrainResult *result;

  settings.rate = 1e-30; /* the first stays the best */
  rig = rig_new (&settings, dataset, NULL, NULL);
  g_assert_cmpint (rig_run (rig)->best_epoch, ==, 1);
  best = name_file (rig, "best.safetensors");
  g_assert_cmpint (g_unlink (best), ==, 0);
  resumed = rig_new (&settings, dataset, rig->folder, NULL);
  result = rig_run (resumed);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_FAILED);
  g_assert_nonnull (strstr (result->error->message, best));
}

static void
stop_while_loading (Rig *rig)
{
  pl_trainer_stop (rig->trainer);
}

static void
stop_in_first_epoch (Rig *rig, const PlTrainPoint *point)
{
  pl_trainer_stop (rig->trainer);
}

/* Stopped in its first epoch, and again before it goes on: nothing is lost. */
static void
test_stopped_while_loading (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (2);
  g_autoptr (Rig) plain = NULL;
  g_autoptr (Rig) rig = NULL;
  g_autoptr (Rig) again = NULL;
  g_autoptr (Rig) resumed = NULL;

  settings.batch = 1; /* several steps before the stop */
  settings.size_px = 128;
  plain = rig_new (&settings, dataset, NULL, NULL);
  rig = rig_new (&settings, dataset, NULL, NULL);
  rig->on_point = stop_in_first_epoch;
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
  again = rig_new (&settings, dataset, rig->folder, NULL);
  again->on_status = stop_while_loading;
  g_assert_cmpint (rig_run (again)->outcome, ==, PL_TRAIN_STOPPED);
  g_assert_cmpuint (again->points->len, ==, 0);
  resumed = rig_new (&settings, dataset, rig->folder, NULL);
  rig_run (resumed);
  rig_run (plain);
  rig_assert_same_file (resumed, plain, "best.safetensors");
}

/* Killed before there was a checkpoint: it begins again, with the model that it began with. */
static void
test_no_checkpoint (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (2);
  g_autoptr (Rig) first = rig_new (&settings, dataset, NULL, NULL);
  g_autofree char *model_path = name_file (first, "best.safetensors");
  g_autoptr (PlModel) model = NULL;

  rig_run (first);
  model = pl_model_read (model_path, NULL, NULL, NULL);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, i == 0 ? NULL : model);
      g_autoptr (Rig) plain = rig_new (&settings, dataset, NULL, i == 0 ? NULL : model);
      g_autoptr (Rig) resumed = NULL;
      g_autofree char *last = name_file (rig, "last.safetensors");
      g_autofree char *left = name_file (rig, "last.safetensors.ab12CD");
      g_autofree char *left_epoch = name_file (rig, "epochs/0001.safetensors.ab12CD");

      rig_run (rig);
      rig_run (plain);
      g_assert_cmpint (g_unlink (last), ==, 0);
      g_assert_true (g_file_set_contents (left, "cut short", -1, NULL));
      g_assert_true (g_file_set_contents (left_epoch, "cut short", -1, NULL));
      resumed = rig_new (&settings, dataset, rig->folder, NULL);
      g_assert_cmpint (rig_run (resumed)->outcome, ==, PL_TRAIN_COMPLETED);
      rig_assert_same_file (resumed, plain, "best.safetensors");
      rig_assert_same_file (resumed, plain, "test.csv");
      g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
      g_assert_false (g_file_test (left_epoch, G_FILE_TEST_EXISTS));
    }
}

/* Rewrites last.safetensors as it was before a training Dice left out images without a mask. */
static void
make_older (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "last.safetensors", NULL);
  g_autoptr (PlOptimizer) state = NULL;
  g_autoptr (GHashTable) metadata = NULL;
  g_autoptr (PlModel) model = pl_model_read (path, &state, &metadata, NULL);
  g_autoptr (GHashTable) extra = g_hash_table_new (g_str_hash, g_str_equal);
  const char *text = g_hash_table_lookup (metadata, "pleura.progress");
  g_autoptr (JsonObject) progress = pl_json_parse_object (text, strlen (text), NULL);
  g_autofree char *older = NULL;

  g_assert_true (json_object_has_member (progress, "sum_with_mask"));
  json_object_remove_member (progress, "sum_with_mask");
  older = pl_json_to_text (progress);
  g_hash_table_insert (extra, (char *) "pleura.progress", older);
  g_assert_true (pl_model_write (model, path, state, extra, NULL));
}

static void
test_older_checkpoint (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = slow_settings ();
  g_autoptr (Rig) whole = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) resumed = NULL;

  rig_run (whole);
  rig->on_point = stop_at_second_point;
  rig_run (rig);
  make_older (rig->folder);
  resumed = rig_new (&settings, dataset, rig->folder, NULL);
  g_assert_no_error (rig_run (resumed)->error);
  rig_assert_same_file (whole, resumed, "best.safetensors");
}

/* Rewrites last.safetensors with weights that make the loss infinite. */
static void
break_weights (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "last.safetensors", NULL);
  g_autoptr (PlOptimizer) state = NULL;
  g_autoptr (GHashTable) metadata = NULL;
  g_autoptr (PlModel) model = pl_model_read (path, &state, &metadata, NULL);
  g_autoptr (GHashTable) extra = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (extra, (char *) "pleura.progress",
                       g_hash_table_lookup (metadata, "pleura.progress"));
  for (gsize i = 0; i < model->net->n_weights; i++)
    model->net->weights[i] = 1e38f;
  g_assert_true (pl_model_write (model, path, state, extra, NULL));
}

static void
test_diverges_later (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) broken = NULL;
  const PlTrainResult *good = rig_run (rig);
  const PlTrainResult *result;
  gsize n_bytes = good->model->net->n_weights * sizeof (float);

  break_weights (rig->folder);
  settings.epochs = 2;
  broken = rig_new (&settings, dataset, rig->folder, NULL);
  result = rig_run (broken);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_FAILED);
  g_assert_error (result->error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DIVERGED);
  g_assert_cmpint (result->best_epoch, ==, 1);
  g_assert_cmpmem (result->model->net->weights, n_bytes, good->model->net->weights, n_bytes);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/resume/after-epoch", test_after_epoch);
  g_test_add_func ("/train/resume/within-epoch", test_within_epoch);
  g_test_add_func ("/train/resume/plateau", test_plateau);
  g_test_add_func ("/train/resume/epochs", test_epochs);
  g_test_add_func ("/train/resume/nothing-to-resume", test_nothing_to_resume);
  g_test_add_func ("/train/resume/other-dataset", test_other_dataset);
  g_test_add_func ("/train/resume/best-not-written", test_best_not_written);
  g_test_add_func ("/train/resume/best-lost", test_best_lost);
  g_test_add_func ("/train/resume/stopped-while-loading", test_stopped_while_loading);
  g_test_add_func ("/train/resume/no-checkpoint", test_no_checkpoint);
  g_test_add_func ("/train/resume/older-checkpoint", test_older_checkpoint);
  g_test_add_func ("/train/resume/diverges-later", test_diverges_later);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
