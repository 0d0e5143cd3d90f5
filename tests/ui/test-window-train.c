/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training as a person does it: settings in the panel, Train, curves, and the run's folder;
 * pausing, stopping and closing at any time.
 */
#include "ui/window-rig.h"

#include "train/train.h"

#include <math.h>

static const char *
status_text (WindowRig *rig)
{
  return window_rig_label (rig->window->train_panel, "status_label");
}

static void
assert_run_has (const char *run, const char *name)
{
  g_autofree char *path = g_build_filename (run, name, NULL);

  g_test_message ("%s", path);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
}

/* The whole chain: idle, running, done; curves; the mask of the case in view; Dice in the list. */
static void
test_to_the_end (WindowRig *rig, gconstpointer data)
{
  static const char *const plots[] = { "loss_plot", "dice_plot", "accuracy_plot" };
  static const char *const files[] = { "run.json",        "history.csv",  "split.csv",
                                       "test.csv",        "events.jsonl", "best.safetensors",
                                       "last.safetensors" };
  g_autofree char *run = NULL;
  const int epochs = 4;

  window_rig_prepare (rig, epochs);
  window_rig_assert_is (rig, "training-state", "'idle'");
  window_rig_activate (rig, "train");
  window_rig_assert_is (rig, "training-state", "'running'");
  window_rig_assert_is (rig, "training-epoch", "0");
  g_assert_false (window_rig_is_enabled (rig, "train"));
  g_assert_true (window_rig_is_enabled (rig, "stop-training"));
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_STEP) > 0, 30);
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);

  window_rig_assert_is (rig, "training-epoch", "4");
  for (gsize i = 0; i < G_N_ELEMENTS (plots); i++)
    {
      g_assert_cmpuint (window_rig_n_points (rig, plots[i], WINDOW_RIG_STEP), >=, epochs);
      g_assert_cmpuint (window_rig_n_points (rig, plots[i], WINDOW_RIG_TRAIN), ==, epochs);
      g_assert_cmpuint (window_rig_n_points (rig, plots[i], WINDOW_RIG_VALIDATION), ==, epochs);
    }
  g_assert_cmpuint (window_rig_n_points (rig, "rate_plot", 0), ==, epochs);
  g_assert_nonnull (strstr (status_text (rig), "Done."));
  g_assert_nonnull (strstr (status_text (rig), "validation Dice 0."));
  g_assert_nonnull (strstr (status_text (rig), "Test, "));
  window_rig_wait (window_rig_shows (rig->window, "The training is finished"), 10);
  g_assert_true (window_rig_is_enabled (rig, "train"));
  g_assert_true (window_rig_is_enabled (rig, "save-model"));

  run = window_rig_find_run ();
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    assert_run_has (run, files[i]);
}

/* Of the cases that were kept aside, the list shows what the model makes of them. */
static void
test_groups_and_test_dice (WindowRig *rig, gconstpointer data)
{
  int n_test = 0;
  int n_validation = 0;

  window_rig_train (rig, 2);
  for (guint i = 0; i < WINDOW_RIG_CASES; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (rig->window->cases), i);
      PlGroup group = pl_case_item_get_case (item)->group;

      n_test += group == PL_GROUP_TEST;
      n_validation += group == PL_GROUP_VALIDATION;
      if (group == PL_GROUP_TEST)
        g_assert_false (isnan (pl_case_item_get_dice (item)));
    }
  g_assert_cmpint (n_test, >=, 1);
  g_assert_cmpint (n_validation, >=, 1);
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 20);
}

/* After another training a row has no Dice of the new model beside a mask of the old one. */
static void
test_test_dice_without_old_masks (WindowRig *rig, gconstpointer data)
{
  window_rig_train (rig, 1);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  window_rig_activate (rig, "predict-all");
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 60);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 20);
  for (guint i = 0; i < WINDOW_RIG_CASES; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (rig->window->cases), i);
      gboolean is_current = item == rig->window->current;
      gboolean is_test = pl_case_item_get_case (item)->group == PL_GROUP_TEST;

      g_assert_true (pl_case_item_has_prediction (item) == is_current);
      g_assert_true (isnan (pl_case_item_get_dice (item)) == (!is_current && !is_test));
    }
}

static void
test_pause (WindowRig *rig, gconstpointer data)
{
  guint n_points;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_STEP) > 0, 30);
  window_rig_activate (rig, "pause-training(true)");
  window_rig_assert_is (rig, "training-state", "'paused'");
  window_rig_wait (g_str_has_prefix (status_text (rig), "Paused"), 20); /* after what came before */
  n_points = window_rig_n_points (rig, "loss_plot", WINDOW_RIG_STEP);
  window_rig_pause (0.6);
  g_assert_cmpuint (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_STEP), ==, n_points);

  window_rig_activate (rig, "pause-training(false)");
  window_rig_assert_is (rig, "training-state", "'running'");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_STEP) > n_points, 20);
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
}

/* Ends with the epoch under way, and is tested. */
static void
test_stop_after_epoch (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = NULL;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  g_assert_false (window_rig_is_enabled (rig, "stop-after-epoch"));
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_TRAIN) > 0, 30);
  window_rig_activate (rig, "stop-after-epoch");
  window_rig_assert_is (rig, "stop-after-epoch", "true");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
  g_assert_nonnull (strstr (status_text (rig), "ended after this epoch"));
  g_assert_nonnull (strstr (status_text (rig), "Test, "));
  window_rig_assert_is (rig, "stop-after-epoch", "false");
  run = window_rig_find_run ();
  assert_run_has (run, "test.csv");
}

/* Where it is, how fast, and what it uses. */
static void
test_details (WindowRig *rig, gconstpointer data)
{
  const char *details;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_TRAIN) > 0, 30);
  window_rig_wait (window_rig_shows (rig->window->train_panel, "images/s"), 10);
  details = window_rig_label (rig->window->train_panel, "details_label");
  g_assert_true (g_str_has_prefix (details, "Step "));
  g_assert_nonnull (strstr (details, "MB"));
  g_assert_nonnull (strstr (details, pl_train_isa ()));
  window_rig_activate (rig, "pause-training(true)");
  window_rig_wait (g_str_has_prefix (status_text (rig), "Paused"), 10);
}

static gboolean
is_dismissal (GtkWidget *widget, gpointer data)
{
  return GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_widget_get_tooltip_text (widget), "Dismiss") == 0;
}

/* They stay until they are dismissed or another run begins. */
static void
test_notices (WindowRig *rig, gconstpointer data)
{
  PlTrainPanel *panel = rig->window->train_panel;
  GtkWidget *button;

  window_rig_prepare (rig, 1);
  pl_train_panel_add_notice (panel, "Look <here>");
  pl_train_panel_add_notice (panel, "And there");
  window_rig_wait (window_rig_shows (panel, "Look <here>"), 20);
  button = window_rig_find (GTK_WIDGET (panel), is_dismissal, NULL);
  g_signal_emit_by_name (button, "clicked");
  g_assert_false (window_rig_shows (panel, "Look <here>"));
  window_rig_wait (window_rig_shows (panel, "And there"), 20);
  window_rig_activate (rig, "train");
  g_assert_false (window_rig_shows (panel, "And there"));
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
}

/* Earlier runs lie over the curves, also of the next training, until they are taken away. */
static void
test_other_runs (WindowRig *rig, gconstpointer data)
{
  const PlEpoch epochs[] = { { .epoch = 1, .val_dice = 0.5 }, { .epoch = 2, .val_dice = 0.7 } };
  PlTrainPanel *panel = rig->window->train_panel;
  g_autoptr (GArray) history = pl_history_new ();
  const int other = WINDOW_RIG_VALIDATION + 1;

  g_array_append_vals (history, epochs, G_N_ELEMENTS (epochs));
  window_rig_train (rig, 1);
  pl_train_panel_show_run (panel, "yesterday", history);
  g_assert_cmpuint (window_rig_n_points (rig, "dice_plot", other), ==, 2);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  g_assert_cmpuint (window_rig_n_points (rig, "dice_plot", other), ==, 2);
  pl_train_panel_clear_runs (panel);
  g_assert_cmpuint (window_rig_n_points (rig, "dice_plot", WINDOW_RIG_VALIDATION), ==, 1);
}

/* A drag along a curve shows that epoch, in all plots. */
static void
test_cursor (WindowRig *rig, gconstpointer data)
{
  window_rig_train (rig, 3);
  g_signal_emit_by_name (window_rig_child (rig->window->train_panel, "dice_plot"), "cursor-moved",
                         1.8);
  window_rig_assert_is (rig, "epoch-shown", "2");
}

/* Stopping is said at once, and ends soon; what was learned is there. */
static void
test_stop (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = NULL;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_TRAIN) > 0, 30);
  window_rig_activate (rig, "stop-training");
  window_rig_assert_is (rig, "training-state", "'stopping'");
  g_assert_cmpstr (status_text (rig), ==, "Stopping…");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 10);
  g_assert_nonnull (strstr (status_text (rig), "Stopped"));
  run = window_rig_find_run ();
  assert_run_has (run, "last.safetensors");
  assert_run_has (run, "best.safetensors");
  g_assert_nonnull (rig->window->model);
}

/* In the moment it has begun. */
static void
test_stop_at_once (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
  g_assert_true (window_rig_is_enabled (rig, "train"));
  window_rig_assert_is (rig, "pause-training", "false");
}

static void
test_stop_while_paused (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_STEP) > 0, 30);
  window_rig_activate (rig, "pause-training(true)");
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 10);
  window_rig_assert_is (rig, "pause-training", "false");
}

/* A second training starts with empty curves. */
static void
test_again (WindowRig *rig, gconstpointer data)
{
  window_rig_train (rig, 2);
  window_rig_set_spin (rig, "epochs_spin", 1);
  window_rig_activate (rig, "train");
  g_assert_cmpuint (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_TRAIN), ==, 0);
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  g_assert_cmpuint (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_TRAIN), ==, 1);
}

/* A folder of images alone has nothing to learn from, which is said. */
static void
test_without_masks (WindowRig *rig, gconstpointer data)
{
  g_autofree char *images = g_build_filename (window_rig_data (), "3d_images", NULL);
  g_autofree char *folder = g_build_filename (window_rig_scratch (), "alone", NULL);
  g_autoptr (GDir) dir = g_dir_open (images, 0, NULL);
  const char *name;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "IMG_"))
      {
        g_autofree char *from = g_build_filename (images, name, NULL);
        g_autofree char *to = g_build_filename (folder, name + strlen ("IMG_"), NULL);

        g_assert_cmpint (symlink (from, to), ==, 0);
      }
  window_rig_open (rig, folder);
  window_rig_wait (pl_view_state_get_volume (rig->window->state) != NULL, 20);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_is (rig, "training-state", "'failed'"), 20);
  g_assert_true (window_rig_has_problem (rig, "training", ""));
}

/* A size that the network does not take is refused with its name, and can be put right. */
static void
test_bad_setting (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, 1);
  window_rig_set_spin (rig, "size_spin", 17);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_is (rig, "training-state", "'failed'"), 20);
  g_assert_true (window_rig_has_problem (rig, "The training could not begin", "17"));
  window_rig_set_spin (rig, "size_spin", 32);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
}

/* The window asks its training to save itself, and goes when it has. */
static void
test_close (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = NULL;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_TRAIN) > 0, 30);
  window_rig_activate (rig, "close");
  g_assert_nonnull (rig->window);
  window_rig_assert_is (rig, "training-state", "'stopping'");
  window_rig_wait (rig->window == NULL, 10);
  run = window_rig_find_run ();
  assert_run_has (run, "last.safetensors");
}

static void
test_close_twice (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_activate (rig, "close");
  window_rig_activate (rig, "close");
  window_rig_wait (rig->window == NULL, 20);
}

/* A data set may be changed while the training of another goes on. */
static void
test_other_data_while_training (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (window_rig_data (), "3d_images", NULL);

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_STEP) > 0, 30);
  window_rig_open (rig, folder);
  window_rig_wait (g_list_model_get_n_items (G_LIST_MODEL (rig->window->cases)) < WINDOW_RIG_CASES,
                   20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  window_rig_assert_is (rig, "training-state", "'running'");
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-train/to-the-end", test_to_the_end);
  WINDOW_RIG_ADD ("/app/window-train/groups-and-test-dice", test_groups_and_test_dice);
  WINDOW_RIG_ADD ("/app/window-train/test-dice-without-old-masks",
                  test_test_dice_without_old_masks);
  WINDOW_RIG_ADD ("/app/window-train/pause", test_pause);
  WINDOW_RIG_ADD ("/app/window-train/stop-after-epoch", test_stop_after_epoch);
  WINDOW_RIG_ADD ("/app/window-train/details", test_details);
  WINDOW_RIG_ADD ("/app/window-train/notices", test_notices);
  WINDOW_RIG_ADD ("/app/window-train/other-runs", test_other_runs);
  WINDOW_RIG_ADD ("/app/window-train/cursor", test_cursor);
  WINDOW_RIG_ADD ("/app/window-train/stop", test_stop);
  WINDOW_RIG_ADD ("/app/window-train/stop-at-once", test_stop_at_once);
  WINDOW_RIG_ADD ("/app/window-train/stop-while-paused", test_stop_while_paused);
  WINDOW_RIG_ADD ("/app/window-train/again", test_again);
  WINDOW_RIG_ADD ("/app/window-train/without-masks", test_without_masks);
  WINDOW_RIG_ADD ("/app/window-train/bad-setting", test_bad_setting);
  WINDOW_RIG_ADD ("/app/window-train/close", test_close);
  WINDOW_RIG_ADD ("/app/window-train/close-twice", test_close_twice);
  WINDOW_RIG_ADD ("/app/window-train/other-data-while-training", test_other_data_while_training);
  return window_rig_run ();
}
