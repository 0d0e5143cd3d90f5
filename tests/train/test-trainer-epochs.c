/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The epochs of a run: their weights are kept, and it can be ended after one of them. */
#include "rig.h"
#include "train/run-folder.h"
#include "train/train.h"

#include <glib/gstdio.h>
#include <string.h>

/* How many of the epochs that ended are said to be kept. */
static int
count_kept (const Rig *rig)
{
  int n = 0;

  for (guint i = 0; i < rig->points->len; i++)
    {
      const PlTrainPoint *point = &g_array_index (rig->points, PlTrainPoint, i);

      g_assert_true (point->is_epoch_end || !point->is_kept);
      n += point->is_kept;
    }
  return n;
}

static void
test_kept (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (5);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  const PlTrainResult *result = rig_run (rig);
  g_autoptr (GArray) epochs = pl_run_folder_list_epochs (rig->folder);
  g_autoptr (GArray) history = pl_run_folder_read_history (rig->folder, NULL);
  const float *best = result->model->net->weights;
  gsize n_bytes = result->model->net->n_weights * sizeof (float);

  g_assert_cmpint (count_kept (rig), ==, 5);
  g_assert_cmpuint (epochs->len, ==, 5);
  for (int epoch = 1; epoch <= 5; epoch++)
    {
      g_autofree char *path = pl_run_folder_epoch_path (rig->folder, epoch);
      g_autoptr (PlModel) model = pl_model_read (path, NULL, NULL, NULL);

      g_assert_true ((memcmp (model->net->weights, best, n_bytes) == 0) ==
                     (epoch == result->best_epoch));
      g_assert_cmpint (json_object_get_int_member (model->summary, "epochs"), ==, epoch);
      g_assert_cmpfloat_with_epsilon (
          json_object_get_double_member (model->summary, "validation_dice"),
          g_array_index (history, PlEpoch, epoch - 1).val_dice, 1e-12);
    }
}

/* A file where the folder should be: said once, and the run goes on. */
static void
test_not_kept (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (3);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  g_autofree char *path = g_build_filename (rig->folder, "epochs", NULL);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpint (count_kept (rig), ==, 0);
  g_assert_cmpuint (rig->notices->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (rig->notices, 0), path));
}

static void
end_in_second (Rig *rig, const PlTrainPoint *point)
{
  if (point->is_epoch_end && point->summary.epoch == 1)
    pl_trainer_stop_after_epoch (rig->trainer, TRUE);
}

/* It ends with a whole epoch and is tested; going on makes it what it would have been. */
static void
test_end (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (25);
  g_autoptr (Rig) plain = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) ended = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) resumed = NULL;
  g_autofree char *plain_history = NULL;
  g_autofree char *resumed_history = NULL;
  const PlTrainResult *result;

  ended->on_point = end_in_second;
  result = rig_run (ended);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_ENDED);
  g_assert_no_error (result->error);
  g_assert_nonnull (result->test);
  g_assert_cmpint (ended->status.step % (ended->status.n_steps / 25), ==, 0);
  g_assert_cmpint (ended->status.step, <, ended->status.n_steps);

  resumed = rig_new (&settings, dataset, ended->folder, NULL);
  g_assert_cmpint (rig_run (resumed)->outcome, ==, PL_TRAIN_COMPLETED);
  rig_run (plain);
  plain_history = rig_read_history_without_times (plain);
  resumed_history = rig_read_history_without_times (resumed);
  g_assert_cmpstr (plain_history, ==, resumed_history);
  rig_assert_same_file (plain, resumed, "best.safetensors");
  rig_assert_same_file (plain, resumed, "epochs/0025.safetensors");
}

static void
change_mind (Rig *rig, const PlTrainPoint *point)
{
  pl_trainer_stop_after_epoch (rig->trainer, TRUE);
  pl_trainer_stop_after_epoch (rig->trainer, FALSE);
}

static void
test_end_taken_back (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (4);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  rig->on_point = change_mind;
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/epochs/kept", test_kept);
  g_test_add_func ("/train/epochs/not-kept", test_not_kept);
  g_test_add_func ("/train/epochs/end", test_end);
  g_test_add_func ("/train/epochs/end-taken-back", test_end_taken_back);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
