/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Predicting: the case in view and all of them, with a model, with the weights of a training's
 * moment, and as a live preview of it.
 */
#include "ui/window-rig.h"

#include "image/tiff-write.h"

#include <math.h>

static gboolean
has_label (const PlMask *mask)
{
  gsize n = (gsize) mask->n[0] * (gsize) mask->n[1] * (gsize) mask->n[2];

  return memchr (mask->labels, 1, n) != NULL;
}

/* After a training the case in view is predicted at once, and the overlay shows it. */
static void
test_overlay (WindowRig *rig, gconstpointer data)
{
  guint shown;
  PlMask *prediction;

  window_rig_train (rig, 30);
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 20);
  prediction = pl_view_state_get_prediction (rig->window->state);
  g_assert_nonnull (prediction);
  g_assert_true (has_label (prediction));
  window_rig_settle (rig);
  shown = window_rig_picture (rig->window->slice_view);
  window_rig_activate (rig, "show-prediction(false)");
  window_rig_wait (window_rig_picture (rig->window->slice_view) != shown, 10);

  g_assert_true (pl_case_item_has_prediction (rig->window->current));
  g_assert_false (isnan (pl_case_item_get_dice (rig->window->current)));
  g_assert_cmpfloat (pl_case_item_get_dice (rig->window->current), >, 0.5);
  window_rig_wait (window_rig_shows (rig->window->case_list, "Predicted"), 10);
  window_rig_wait (window_rig_shows (rig->window->case_list, "0."), 10);
}

/* The probability comes with the prediction, is kept with the case, and is read by the pointer. */
static void
test_probability (WindowRig *rig, gconstpointer data)
{
  PlViewState *state = rig->window->state;
  PlMask *heat;
  guint fill;
  int n_agree = 0;

  window_rig_train (rig, 30);
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 20);
  heat = pl_view_state_get_heat (state);
  g_assert_nonnull (heat);
  for (int i = 0; i < 64 * 64; i++)
    n_agree += (heat->labels[i] >= 128) == (pl_view_state_get_prediction (state)->labels[i] != 0);
  g_assert_cmpint (n_agree, >, 64 * 64 * 9 / 10); /* holes were filled after */
  pl_view_state_set_probe (state, 30, 20);
  g_assert_nonnull (strstr (window_rig_label (rig->window->view_bar, "probe_label"), "p = "));
  window_rig_settle (rig);
  fill = window_rig_picture (rig->window->slice_view);
  window_rig_assert_is (rig, "prediction-style", "'fill'");
  window_rig_activate (rig, "prediction-style::heat");
  window_rig_assert_is (rig, "prediction-style", "'heat'");
  window_rig_wait (window_rig_picture (rig->window->slice_view) != fill, 10);

  window_rig_show_case (rig, 1);
  g_assert_null (pl_view_state_get_heat (state));
  pl_view_state_set_probe (state, 30, 20);
  g_assert_null (strstr (window_rig_label (rig->window->view_bar, "probe_label"), "p = "));
  window_rig_show_case (rig, 0);
  g_assert_true (pl_view_state_get_heat (state) == heat);
}

/* Half a gigabyte of them stays: those not seen for longest go, but not the case in view. */
static void
test_room_for_probabilities (WindowRig *rig, gconstpointer data)
{
  PlMask masks[4] = {
    { .n = { 100, 1024, 1024 }, .ref_count = 1 },
    { .n = { 200, 1024, 1024 }, .ref_count = 1 },
    { .n = { 200, 1024, 1024 }, .ref_count = 1 },
    { .n = { 20, 1024, 1024 }, .ref_count = 1 },
  };
  g_autoptr (PlMask) small = NULL;
  PlCaseItem *items[4];

  window_rig_open_data (rig);
  small = pl_mask_new_take ((int[]){ 1, 1, 1 }, g_malloc0 (1));
  window_rig_show_case (rig, 1);
  window_rig_show_case (rig, 2);
  window_rig_show_case (rig, 1);
  window_rig_show_case (rig, 0);
  for (guint i = 0; i < 4; i++)
    {
      items[i] = g_list_model_get_item (G_LIST_MODEL (rig->window->cases), i);
      pl_case_item_set_prediction (items[i], small);
    }
  g_assert_true (items[0] == rig->window->current);
  for (guint i = 0; i < 3; i++)
    pl_app_window_keep_heat (rig->window, items[i], &masks[i]);
  g_assert_true (pl_case_item_get_heat (items[2]) == &masks[2]);
  pl_app_window_keep_heat (rig->window, items[3], &masks[3]);
  g_assert_true (pl_case_item_get_heat (items[0]) == &masks[0]);
  g_assert_true (pl_case_item_get_heat (items[1]) == &masks[1]);
  g_assert_null (pl_case_item_get_heat (items[2]));
  g_assert_true (pl_case_item_get_heat (items[3]) == &masks[3]);
  for (guint i = 0; i < 4; i++)
    {
      pl_case_item_set_prediction (items[i], NULL);
      g_assert_null (pl_case_item_get_heat (items[i]));
      g_assert_cmpint (masks[i].ref_count, ==, 1);
      g_object_unref (items[i]);
    }
}

static void
test_predict_all (WindowRig *rig, gconstpointer data)
{
  window_rig_train (rig, 2);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  window_rig_activate (rig, "predict-all");
  window_rig_assert_is (rig, "prediction-state", "'running'");
  g_assert_false (window_rig_is_enabled (rig, "predict"));
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 60);
  for (guint i = 0; i < WINDOW_RIG_CASES; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (rig->window->cases), i);

      g_assert_true (pl_case_item_has_prediction (item));
      g_assert_false (isnan (pl_case_item_get_dice (item)));
    }
  window_rig_show_volume (rig);
  g_assert_nonnull (pl_view_state_get_prediction (rig->window->state));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rig->window->problems)), ==, 0);
}

static guint
count_predicted (WindowRig *rig)
{
  guint n = 0;

  for (guint i = 0; i < WINDOW_RIG_CASES; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (rig->window->cases), i);

      n += pl_case_item_has_prediction (item);
      g_assert_true (pl_case_item_has_prediction (item) || isnan (pl_case_item_get_dice (item)));
    }
  return n;
}

/* The model of the newest run, as if it had been opened. */
static void
set_model_again (WindowRig *rig)
{
  g_autofree char *run = window_rig_find_run ();
  g_autofree char *path = g_build_filename (run, "best.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlModel) model = pl_model_read (path, NULL, NULL, &error);

  g_assert_no_error (error);
  pl_app_window_set_model (rig->window, model, "again");
}

/* With another model nothing stays of the one before, whether it is done or under way. */
static void
test_other_model (WindowRig *rig, gconstpointer data)
{
  window_rig_train (rig, 2);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  window_rig_activate (rig, "predict-all");
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 60);
  g_assert_cmpuint (count_predicted (rig), ==, WINDOW_RIG_CASES);
  set_model_again (rig);
  g_assert_cmpuint (count_predicted (rig), ==, 0);
  g_assert_null (pl_view_state_get_prediction (rig->window->state));

  window_rig_activate (rig, "predict-all");
  window_rig_wait (count_predicted (rig) > 0, 20);
  window_rig_assert_is (rig, "prediction-state", "'running'");
  set_model_again (rig);
  g_assert_cmpuint (count_predicted (rig), ==, 0);
  window_rig_assert_is (rig, "prediction-state", "'running'");
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 60);
  g_assert_cmpuint (count_predicted (rig), ==, WINDOW_RIG_CASES);
}

static guint
count_second (WindowRig *rig)
{
  guint n = 0;

  for (guint i = 0; i < WINDOW_RIG_CASES; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (rig->window->cases), i);

      n += pl_case_item_has_second (item);
    }
  return n;
}

/* What is in view is predicted with the second model as soon as that is open; all the rest when it
 * is asked for, without what the first has done already. */
static void
test_second_model (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (PlMask) first = NULL;

  g_assert_false (window_rig_is_enabled (rig, "open-second-model"));
  window_rig_train (rig, 2);
  window_rig_wait (pl_view_state_get_prediction (rig->window->state) != NULL, 20);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  first = pl_mask_ref (pl_view_state_get_prediction (rig->window->state));
  run = window_rig_find_run ();
  folder = g_path_get_basename (run);
  g_assert_cmpstr (pl_view_state_get_model_name (rig->window->state), ==, folder);
  g_assert_true (window_rig_is_enabled (rig, "open-second-model"));
  g_assert_false (window_rig_is_enabled (rig, "close-second-model"));

  file = g_file_new_build_filename (run, "last.safetensors", NULL);
  pl_app_window_open_second_model (rig->window, file);
  window_rig_wait (pl_view_state_get_second (rig->window->state) != NULL, 20);
  name = g_strdup_printf ("%s/last", folder);
  g_assert_cmpstr (pl_view_state_get_second_name (rig->window->state), ==, name);
  g_assert_true (pl_view_state_get_prediction (rig->window->state) == first);
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 20);
  window_rig_activate (rig, "compare-sides::prediction-second");
  window_rig_assert_is (rig, "compare-sides", "'prediction-second'");
  window_rig_activate (rig, "compare-enlarged::models");
  window_rig_assert_is (rig, "compare-enlarged", "'models'");

  window_rig_activate (rig, "predict-all");
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 60);
  g_assert_cmpuint (count_predicted (rig), ==, WINDOW_RIG_CASES);
  g_assert_cmpuint (count_second (rig), ==, WINDOW_RIG_CASES);

  window_rig_activate (rig, "close-second-model");
  g_assert_cmpuint (count_second (rig), ==, 0);
  g_assert_cmpuint (count_predicted (rig), ==, WINDOW_RIG_CASES);
  g_assert_null (pl_view_state_get_second (rig->window->state));
  g_assert_null (pl_view_state_get_second_name (rig->window->state));
  window_rig_assert_is (rig, "compare-enlarged", "'all'");
  g_assert_false (window_rig_is_enabled (rig, "close-second-model"));
}

/* Opening and closing it is undone, and what is in view is predicted with it again. */
static void
test_second_model_undone (WindowRig *rig, gconstpointer data)
{
  PlViewState *state = rig->window->state;
  g_autofree char *run = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GFile) file = NULL;

  window_rig_train (rig, 2);
  window_rig_wait (pl_view_state_get_prediction (state) != NULL, 20);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  run = window_rig_find_run ();
  file = g_file_new_build_filename (run, "last.safetensors", NULL);
  pl_app_window_open_second_model (rig->window, file);
  window_rig_wait (pl_view_state_get_second (state) != NULL, 20);
  name = g_strdup (pl_view_state_get_second_name (state));
  window_rig_activate (rig, "close-second-model");
  window_rig_activate (rig, "undo");
  g_assert_cmpstr (pl_view_state_get_second_name (state), ==, name);
  window_rig_wait (pl_view_state_get_second (state) != NULL, 20);
  window_rig_activate (rig, "undo");
  g_assert_null (pl_view_state_get_second_name (state));
  g_assert_false (window_rig_is_enabled (rig, "close-second-model"));
  window_rig_activate (rig, "redo");
  g_assert_cmpstr (pl_view_state_get_second_name (state), ==, name);
  window_rig_activate (rig, "redo");
  g_assert_null (pl_view_state_get_second_name (state));
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
}

/* A second model that goes while it predicts leaves nothing, and the first goes on. */
static void
test_second_model_closed (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = NULL;
  g_autoptr (GFile) file = NULL;

  window_rig_train (rig, 2);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  run = window_rig_find_run ();
  file = g_file_new_build_filename (run, "last.safetensors", NULL);
  pl_app_window_open_second_model (rig->window, file);
  window_rig_wait (pl_view_state_get_second (rig->window->state) != NULL, 20);
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 20);
  window_rig_activate (rig, "predict-all");
  window_rig_wait (count_second (rig) > 2, 20);
  window_rig_assert_is (rig, "prediction-state", "'running'");
  window_rig_activate (rig, "close-second-model");
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 60);
  g_assert_cmpuint (count_second (rig), ==, 0);
  g_assert_cmpuint (count_predicted (rig), ==, WINDOW_RIG_CASES);
}

/* What is no model is said to be none, and the one that is open stays. */
static void
test_second_model_unreadable (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = g_build_filename (window_rig_scratch (), "none.safetensors", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_true (g_file_set_contents (path, "none", -1, NULL));
  window_rig_train (rig, 1);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  pl_app_window_open_second_model (rig->window, file);
  window_rig_wait (window_rig_has_problem (rig, "none.safetensors", "could not be opened"), 10);
  g_assert_false (window_rig_is_enabled (rig, "close-second-model"));
}

static void
test_cancel_predicting (WindowRig *rig, gconstpointer data)
{
  window_rig_train (rig, 1);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  window_rig_activate (rig, "predict-all");
  window_rig_assert_is (rig, "prediction-state", "'running'");
  g_assert_true (window_rig_is_enabled (rig, "cancel"));
  window_rig_activate (rig, "cancel");
  window_rig_wait (window_rig_is (rig, "prediction-state", "'idle'"), 10);
  g_assert_true (window_rig_is_enabled (rig, "predict-all"));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rig->window->problems)), ==, 0);
}

/* A folder of one image whose values are not HU. */
static char *
write_counts (void)
{
  static const int n[] = { 1, 64, 64 };
  char *folder = g_build_filename (window_rig_scratch (), "counts", NULL);
  g_autofree char *path = g_build_filename (folder, "counts.tif", NULL);
  g_autofree guint16 *values = g_new (guint16, 64 * 64);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 64 * 64; i++)
    values[i] = (guint16) (20000 + i);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  pl_tiff_write (path, n, PL_DTYPE_UINT16, values, NULL, NULL, &error);
  g_assert_no_error (error);
  return folder;
}

/* It is predicted all the same, and said. */
static void
test_not_hu (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = write_counts ();

  window_rig_train (rig, 1);
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 20);
  g_assert_false (window_rig_has_problem (rig, "Hounsfield", ""));
  window_rig_open (rig, folder);
  window_rig_wait (g_list_model_get_n_items (G_LIST_MODEL (rig->window->cases)) == 1, 20);
  window_rig_wait (rig->window->volume_is_current, 20);
  window_rig_wait (window_rig_is_enabled (rig, "predict"), 20);
  window_rig_activate (rig, "predict");
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 20);
  g_assert_nonnull (pl_view_state_get_prediction (rig->window->state));
  g_assert_true (window_rig_has_problem (rig, "counts.tif", "trained on Hounsfield units"));
  window_rig_wait (window_rig_shows (rig->window, "counts.tif” is not in Hounsfield units"), 10);
}

/* There is nothing to predict with. */
static void
test_predict_without_model (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "predict");
  window_rig_wait (window_rig_shows (rig->window, "Train a model or open one first"), 10);
  window_rig_assert_is (rig, "prediction-state", "'idle'");
}

/* While a training runs, its thread predicts between two steps. */
static void
test_predict_while_training (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_STEP) > 0, 30);
  window_rig_activate (rig, "predict");
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 20);
  window_rig_assert_is (rig, "training-state", "'running'");
  g_assert_nonnull (pl_view_state_get_prediction (rig->window->state));
}

/* The slice in view is predicted as the training goes on, and so is the next one. */
static void
test_preview (WindowRig *rig, gconstpointer data)
{
  PlViewState *state = rig->window->state;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "train");
  window_rig_wait (pl_view_state_get_preview (state, pl_view_state_get_slice (state)) != NULL, 30);
  window_rig_activate (rig, "slice(11)");
  window_rig_wait (pl_view_state_get_preview (state, 11) != NULL, 20);
  g_assert_cmpuint (g_hash_table_size (pl_view_state_get_previews (state)), ==, 1);
  g_assert_nonnull (pl_view_state_prediction_slice (rig->window->state, 11));
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
  g_assert_cmpuint (g_hash_table_size (pl_view_state_get_previews (state)), ==, 0);
}

static void
test_close_while_predicting (WindowRig *rig, gconstpointer data)
{
  window_rig_train (rig, 1);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  window_rig_activate (rig, "predict-all");
  window_rig_activate (rig, "close");
  window_rig_wait (rig->window == NULL, 20);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-predict/overlay", test_overlay);
  WINDOW_RIG_ADD ("/app/window-predict/probability", test_probability);
  WINDOW_RIG_ADD ("/app/window-predict/room-for-probabilities", test_room_for_probabilities);
  WINDOW_RIG_ADD ("/app/window-predict/predict-all", test_predict_all);
  WINDOW_RIG_ADD ("/app/window-predict/other-model", test_other_model);
  WINDOW_RIG_ADD ("/app/window-predict/second-model", test_second_model);
  WINDOW_RIG_ADD ("/app/window-predict/second-model-undone", test_second_model_undone);
  WINDOW_RIG_ADD ("/app/window-predict/second-model-closed", test_second_model_closed);
  WINDOW_RIG_ADD ("/app/window-predict/second-model-unreadable", test_second_model_unreadable);
  WINDOW_RIG_ADD ("/app/window-predict/cancel-predicting", test_cancel_predicting);
  WINDOW_RIG_ADD ("/app/window-predict/predict-without-model", test_predict_without_model);
  WINDOW_RIG_ADD ("/app/window-predict/not-hu", test_not_hu);
  WINDOW_RIG_ADD ("/app/window-predict/predict-while-training", test_predict_while_training);
  WINDOW_RIG_ADD ("/app/window-predict/preview", test_preview);
  WINDOW_RIG_ADD ("/app/window-predict/close-while-predicting", test_close_while_predicting);
  return window_rig_run ();
}
