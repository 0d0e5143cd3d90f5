/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking back in training time, while it trains and after it, and taking an earlier epoch for the
 * model; and every slice in sight of the montage as it is learned.
 */
#include "ui/window-rig.h"

#include "app/montage-view.h"
#include "image/phantom.h"
#include "train/run-folder.h"

#include <glib/gstdio.h>
#include <math.h>

static PlViewState *
get_state (WindowRig *rig)
{
  return rig->window->state;
}

static gboolean
is_previewed (WindowRig *rig)
{
  return pl_view_state_get_preview (get_state (rig), pl_view_state_get_slice (get_state (rig))) !=
         NULL;
}

static const char *
bar_text (WindowRig *rig)
{
  return window_rig_label (rig->window->epoch_bar, "label");
}

static guint
n_previews (WindowRig *rig)
{
  return g_hash_table_size (pl_view_state_get_previews (get_state (rig)));
}

static void
train_for_ever (WindowRig *rig, guint n_epochs)
{
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "train");
  window_rig_wait (rig->window->kept_epochs->len >= n_epochs, 30);
}

/* The views show the epoch, its figures are said, and Escape goes back. */
static void
test_while_training (WindowRig *rig, gconstpointer data)
{
  train_for_ever (rig, 3);
  window_rig_wait (is_previewed (rig), 20);
  g_assert_nonnull (strstr (bar_text (rig), "As it learns"));

  window_rig_activate (rig, "epoch-shown(2)");
  window_rig_assert_is (rig, "epoch-shown", "2");
  g_assert_true (g_str_has_prefix (bar_text (rig), "Epoch 2 · validation Dice 0."));
  window_rig_wait (window_rig_is_enabled (rig, "use-epoch"), 20);
  window_rig_wait (is_previewed (rig), 20);
  window_rig_wait (window_rig_shows (rig->window->epoch_bar, "Use This Epoch"), 20);

  window_rig_activate (rig, "cancel");
  window_rig_assert_is (rig, "epoch-shown", "0");
  window_rig_wait (is_previewed (rig), 20);
  g_assert_nonnull (strstr (bar_text (rig), "As it learns"));
}

/* The same mask comes back at once; the newest is the model's prediction. */
static void
test_after_training (WindowRig *rig, gconstpointer data)
{
  g_autoptr (PlMask) kept = NULL;
  int slice;

  window_rig_train (rig, 4);
  window_rig_show_volume (rig);
  slice = pl_view_state_get_slice (get_state (rig));
  window_rig_wait (window_rig_is_enabled (rig, "predict"),
                   20); /* after the case that was in view */
  window_rig_activate (rig, "predict");
  window_rig_wait (pl_view_state_get_prediction (get_state (rig)) != NULL, 20);

  window_rig_activate (rig, "epoch-shown(1)");
  g_assert_null (pl_view_state_get_prediction (get_state (rig)));
  window_rig_wait (is_previewed (rig), 20);
  window_rig_wait (pl_view_state_get_prediction (get_state (rig)) != NULL, 60); /* of all */
  kept = pl_mask_ref (pl_view_state_get_preview (get_state (rig), slice));
  window_rig_activate (rig, "epoch-shown(3)");
  window_rig_wait (is_previewed (rig) && pl_view_state_get_preview (get_state (rig), slice) != kept,
                   20);
  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (rig->window->live_source == 0, 5); /* at once, without predicting */
  g_assert_cmpmem (pl_view_state_get_preview (get_state (rig), slice)->labels,
                   (gsize) (kept->n[1] * kept->n[2]), kept->labels,
                   (gsize) (kept->n[1] * kept->n[2]));

  window_rig_activate (rig, "epoch-shown(0)");
  window_rig_wait (n_previews (rig) == 0, 5);
  g_assert_nonnull (pl_view_state_get_prediction (get_state (rig)));
}

/* What was not kept is not shown: the nearest is. */
static void
test_nearest (WindowRig *rig, gconstpointer data)
{
  window_rig_activate (rig, "epoch-shown(5)");
  window_rig_assert_is (rig, "epoch-shown", "0");
  window_rig_train (rig, 2);
  window_rig_activate (rig, "epoch-shown(99)");
  window_rig_assert_is (rig, "epoch-shown", "2");
}

/* The epoch becomes the model, and the one before comes back. */
static void
test_use (WindowRig *rig, gconstpointer data)
{
  PlModel *best;
  PlModel *chosen;

  window_rig_train (rig, 3);
  best = rig->window->model;
  g_assert_false (window_rig_is_enabled (rig, "use-epoch"));
  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (window_rig_is_enabled (rig, "use-epoch"), 20);
  window_rig_activate (rig, "use-epoch");
  chosen = rig->window->model;
  g_assert_true (chosen != best);
  g_assert_nonnull (strstr (pl_view_state_get_model_name (get_state (rig)), "epoch 1"));
  window_rig_assert_is (rig, "epoch-shown", "0");
  window_rig_wait (window_rig_shows (rig->window, "Predictions are made with epoch 1 now"), 5);

  window_rig_activate (rig, "restore-model");
  g_assert_true (rig->window->model == best);
  g_assert_true (window_rig_is_enabled (rig, "restore-model"));
}

/* Who has chosen an epoch while it trains keeps it at the end. */
static void
test_use_while_training (WindowRig *rig, gconstpointer data)
{
  PlModel *chosen;

  train_for_ever (rig, 2);
  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (window_rig_is_enabled (rig, "use-epoch"), 20);
  window_rig_activate (rig, "use-epoch");
  chosen = rig->window->model;
  g_assert_nonnull (chosen);
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
  g_assert_true (rig->window->model == chosen);
}

/* A file that is gone is told of, and the newest is shown again. */
static void
test_lost_epoch (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = NULL;
  g_autofree char *path = NULL;

  window_rig_train (rig, 2);
  run = window_rig_find_run ();
  path = pl_run_folder_epoch_path (run, 1);
  g_assert_cmpint (g_unlink (path), ==, 0);
  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (window_rig_is (rig, "epoch-shown", "0"), 20);
  g_assert_true (window_rig_has_problem (rig, "Epoch 1 could not be shown", ""));
}

/* Images of another data set, though they are called the same, get masks of their own. */
static void
test_other_data (WindowRig *rig, gconstpointer data)
{
  const PlPhantomOptions options = {
    .n_slices = WINDOW_RIG_SLICES, .n_volumes = 1, .size_px = 96, .seed = 1
  };
  g_autofree char *other = g_build_filename (window_rig_scratch (), "other", NULL);
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;

  pl_phantom_write (other, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  window_rig_train (rig, 1);
  window_rig_show_case (rig, 0);
  name = g_strdup (pl_case_item_get_name (rig->window->current));
  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (is_previewed (rig), 20);
  window_rig_open (rig, other);
  window_rig_wait (pl_view_state_get_volume (get_state (rig)) != NULL &&
                       pl_view_state_get_volume (get_state (rig))->n[1] == 96,
                   20);
  window_rig_show_case (rig, 0);
  g_assert_cmpstr (pl_case_item_get_name (rig->window->current), ==, name);
  window_rig_assert_is (rig, "epoch-shown", "1");
  window_rig_wait (is_previewed (rig), 20);
  g_assert_cmpint (pl_view_state_get_preview (get_state (rig), 0)->n[1], ==, 96);
}

/* All tiles in sight, with their Dice, and none that are not. */
static void
test_montage (WindowRig *rig, gconstpointer data)
{
  PlMontageView *view = PL_MONTAGE_VIEW (rig->window->montage_view);
  g_autoptr (GArray) tiles = NULL;

  train_for_ever (rig, 1);
  window_rig_activate (rig, "pause-training(true)"); /* then all are brought up to date */
  window_rig_activate (rig, "view::montage");
  window_rig_settle (rig); /* then the tiles have their places */
  tiles = pl_montage_grid_list_visible (pl_montage_view_get_grid (view));
  g_assert_cmpuint (tiles->len, >, 3);
  window_rig_wait (n_previews (rig) >= tiles->len, 30);
  for (guint i = 0; i < tiles->len; i++)
    g_assert_false (isnan (pl_montage_content_get_fact (pl_montage_view_get_content (view),
                                                        g_array_index (tiles, int, i))
                               .dice));
  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (window_rig_is_enabled (rig, "use-epoch"), 20);
  window_rig_activate (rig, "view::slice");
  window_rig_wait (n_previews (rig) == 1, 20);
}

static PlMask *
get_prediction (WindowRig *rig)
{
  return pl_view_state_get_prediction (get_state (rig));
}

/* What is shown of @slice is of the mask of all. */
static void
assert_is_of_epoch (WindowRig *rig, int slice)
{
  PlMask *whole = get_prediction (rig);
  gsize n = (gsize) (whole->n[1] * whole->n[2]);

  pl_view_state_set_slice (get_state (rig), slice);
  window_rig_wait (rig->window->live_source == 0, 20);
  window_rig_settle (rig);
  g_assert_true (get_prediction (rig) == whole);
  g_assert_cmpmem (pl_view_state_prediction_slice (get_state (rig), slice), n,
                   pl_mask_slice (whole, slice), n);
}

/* As *Predict* with the epoch's model would have it. */
static PlMask *
predict_with_epoch (WindowRig *rig, int epoch)
{
  g_autofree char *path = pl_run_folder_epoch_path (rig->window->run_folder, epoch);
  g_autoptr (PlModel) model = pl_model_read (path, NULL, NULL, NULL);
  PlVolume *volume = pl_view_state_get_volume (get_state (rig));
  PlPredictOptions options = pl_predict_options_default (model, volume);
  g_autoptr (PlPrediction) prediction = pl_predict_volume (model, volume, &options, NULL, NULL);

  return g_steal_pointer (&prediction->mask);
}

static void
assert_same_labels (const PlMask *a, const PlMask *b)
{
  gsize n = (gsize) (a->n[0] * a->n[1] * a->n[2]);

  g_assert_cmpmem (a->labels, n, b->labels, n);
}

/* An epoch's mask of all slices takes the place of the prediction, and goes with the epoch. */
static void
test_planes (WindowRig *rig, gconstpointer data)
{
  g_autoptr (PlMask) first = NULL;
  g_autoptr (PlMask) expected = NULL;
  int n;

  window_rig_train (rig, 2);
  window_rig_show_volume (rig);
  n = pl_view_state_get_n_slices (get_state (rig));
  window_rig_activate (rig, "view::planes");
  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (strstr (bar_text (rig), "all slices: ") != NULL, 20);
  g_assert_null (get_prediction (rig));
  window_rig_wait (get_prediction (rig) != NULL, 60);
  g_assert_null (strstr (bar_text (rig), "all slices: "));
  g_assert_nonnull (strstr (pl_view_state_get_model_name (get_state (rig)), "epoch 1"));
  first = pl_mask_ref (get_prediction (rig));
  expected = predict_with_epoch (rig, 1);
  assert_same_labels (first, expected);
  assert_is_of_epoch (rig, 0);
  assert_is_of_epoch (rig, n / 2);
  assert_is_of_epoch (rig, n - 1);

  window_rig_activate (rig, "epoch-shown(2)");
  g_assert_null (get_prediction (rig));
  window_rig_wait (get_prediction (rig) != NULL, 60);
  g_assert_true (memcmp (get_prediction (rig)->labels, first->labels,
                         (gsize) n * (gsize) (first->n[1] * first->n[2])) != 0);
  window_rig_activate (rig, "epoch-shown(1)"); /* is kept */
  window_rig_wait (get_prediction (rig) != NULL, 20);
  g_assert_true (get_prediction (rig) == first);

  window_rig_activate (rig, "epoch-shown(0)");
  g_assert_null (get_prediction (rig));
  g_assert_null (strstr (pl_view_state_get_model_name (get_state (rig)), "epoch"));
}

/* It has the Dice of all tiles, along with their own. */
static void
test_planes_in_montage (WindowRig *rig, gconstpointer data)
{
  PlMontageContent *content =
      pl_montage_view_get_content (PL_MONTAGE_VIEW (rig->window->montage_view));

  train_for_ever (rig, 1);
  window_rig_activate (rig, "pause-training(true)");
  window_rig_activate (rig, "view::planes");
  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (strstr (bar_text (rig), "all slices: ") != NULL, 20);
  window_rig_activate (rig, "view::slice"); /* it is given up */
  window_rig_activate (rig, "epoch-shown(0)");
  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (is_previewed (rig), 20);
  window_rig_settle (rig);
  g_assert_null (strstr (bar_text (rig), "all slices: "));
  g_assert_null (get_prediction (rig)); /* the training has better to do */
  window_rig_activate (rig, "view::montage");
  window_rig_activate (rig, "montage-axis::coronal");
  window_rig_wait (get_prediction (rig) != NULL, 60);
  window_rig_wait (pl_montage_content_knows_dice (content), 20);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-epochs/while-training", test_while_training);
  WINDOW_RIG_ADD ("/app/window-epochs/after-training", test_after_training);
  WINDOW_RIG_ADD ("/app/window-epochs/nearest", test_nearest);
  WINDOW_RIG_ADD ("/app/window-epochs/use", test_use);
  WINDOW_RIG_ADD ("/app/window-epochs/use-while-training", test_use_while_training);
  WINDOW_RIG_ADD ("/app/window-epochs/lost-epoch", test_lost_epoch);
  WINDOW_RIG_ADD ("/app/window-epochs/other-data", test_other_data);
  WINDOW_RIG_ADD ("/app/window-epochs/montage", test_montage);
  WINDOW_RIG_ADD ("/app/window-epochs/planes", test_planes);
  WINDOW_RIG_ADD ("/app/window-epochs/planes-in-montage", test_planes_in_montage);
  return window_rig_run ();
}
