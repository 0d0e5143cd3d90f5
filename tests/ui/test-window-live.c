/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases in sight of the montage as they are learned, and as an earlier epoch saw them: what
 * their tiles show, for how long, and that none of it moves them.
 */
#include "ui/window-rig.h"

#include "app/montage-view.h"
#include "train/run-folder.h"

#include <math.h>

static PlMontageView *
get_view (WindowRig *rig)
{
  return PL_MONTAGE_VIEW (rig->window->montage_view);
}

static PlMontageContent *
get_content (WindowRig *rig)
{
  return pl_montage_view_get_content (get_view (rig));
}

static GArray *
list_visible (WindowRig *rig)
{
  return pl_montage_grid_list_visible (pl_montage_view_get_grid (get_view (rig)));
}

/* (nullable) */
static PlMask *
get_preview (WindowRig *rig, int subject)
{
  PlLiveCase *live =
      pl_case_item_get_live (pl_montage_content_get_case (get_content (rig), subject));

  return live == NULL ? NULL : live->preview;
}

/* Of all cases. */
static int
count_live (WindowRig *rig)
{
  int n = 0;

  for (int i = 0; i < WINDOW_RIG_SLICES; i++)
    n += pl_case_item_get_live (pl_montage_content_get_case (get_content (rig), i)) != NULL;
  return n;
}

/* The tiles in sight, and no others. */
static gboolean
are_previewed (WindowRig *rig)
{
  g_autoptr (GArray) tiles = list_visible (rig);

  if (tiles->len == 0 || count_live (rig) != (int) tiles->len)
    return FALSE;
  for (guint i = 0; i < tiles->len; i++)
    if (get_preview (rig, g_array_index (tiles, int, i)) == NULL)
      return FALSE;
  return TRUE;
}

/* Cases are in view, and previews stand still because the training does. */
static void
pause_with_cases (WindowRig *rig, guint n_epochs)
{
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "view::montage");
  window_rig_activate (rig, "train");
  window_rig_wait (rig->window->kept_epochs->len >= n_epochs, 30);
  window_rig_activate (rig, "pause-training(true)");
  window_rig_wait (
      g_str_has_prefix (window_rig_label (rig->window->train_panel, "status_label"), "Paused"), 20);
  window_rig_wait (are_previewed (rig), 30);
}

static void
stop (WindowRig *rig)
{
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
}

static double
dice_of (WindowRig *rig, int subject)
{
  return pl_montage_content_get_fact (get_content (rig), subject).dice;
}

/* The tile of each case in sight has its mask and Dice; the list has not. */
static void
test_while_training (WindowRig *rig, gconstpointer data)
{
  g_autoptr (GArray) tiles = NULL;
  g_autoptr (PlMask) first = NULL;
  guint before;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "view::montage");
  window_rig_assert_is (rig, "montage-source", "'cases'");
  g_assert_cmpint (count_live (rig), ==, 0);
  window_rig_wait (pl_montage_grid_is_complete (pl_montage_view_get_grid (get_view (rig))), 20);
  window_rig_settle (rig);
  before = window_rig_picture (pl_montage_view_get_grid (get_view (rig)));
  window_rig_activate (rig, "train");
  window_rig_wait (are_previewed (rig), 30);
  window_rig_wait (window_rig_picture (pl_montage_view_get_grid (get_view (rig))) != before, 20);
  first = pl_mask_ref (get_preview (rig, 0));
  window_rig_wait (get_preview (rig, 0) != first, 20); /* with other weights */

  window_rig_activate (rig, "pause-training(true)");
  tiles = list_visible (rig);
  for (guint i = 0; i < tiles->len; i++)
    {
      int subject = g_array_index (tiles, int, i);
      PlCaseItem *item = pl_montage_content_get_case (get_content (rig), subject);

      g_assert_cmpfloat (dice_of (rig, subject), ==, pl_case_item_get_live (item)->dice);
      g_assert_false (isnan (dice_of (rig, subject)));
      g_assert_true (isnan (pl_case_item_get_dice (item)));
    }
  stop (rig);
  window_rig_wait (count_live (rig) == 0, 20);
}

static gboolean
same_labels (const PlMask *a, const PlMask *b)
{
  return memcmp (a->labels, b->labels, (gsize) (a->n[1] * a->n[2])) == 0;
}

/* The case in view is this one, and its tile shows the same of it. */
static gboolean
agree (WindowRig *rig, int subject)
{
  PlMask *in_view = pl_view_state_get_preview (rig->window->state, 0);
  PlMask *in_tile = get_preview (rig, subject);

  return in_view != NULL && in_tile != NULL && same_labels (in_view, in_tile);
}

/* The case in view is one of them, and the other views show the same of it. */
static void
test_current_case (WindowRig *rig, gconstpointer data)
{
  pause_with_cases (rig, 1);
  window_rig_wait (agree (rig, 0), 20);
  window_rig_show_case (rig, 2);
  window_rig_wait (agree (rig, 2), 20);
  window_rig_wait (are_previewed (rig), 20);
}

/* What goes out of sight is dropped, and what comes is previewed. */
static void
test_sight (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "montage-tile-size(384)");
  window_rig_activate (rig, "view::montage");
  window_rig_activate (rig, "train");
  window_rig_wait (are_previewed (rig), 30);
  g_assert_cmpint (count_live (rig), <, WINDOW_RIG_SLICES);
  g_assert_nonnull (get_preview (rig, 0));
  window_rig_show_case (rig, WINDOW_RIG_SLICES - 1);
  window_rig_wait (get_preview (rig, WINDOW_RIG_SLICES - 1) != NULL, 20);
  window_rig_wait (get_preview (rig, 0) == NULL && are_previewed (rig), 20);
  window_rig_activate (rig, "view::slice");
  window_rig_wait (count_live (rig) == 0, 20);
  window_rig_activate (rig, "view::montage");
  window_rig_wait (are_previewed (rig), 20);
  window_rig_show_volume (rig);
  window_rig_wait (g_hash_table_size (pl_view_state_get_previews (rig->window->state)) > 1, 20);
}

/* Masks of all cases in sight; NULL for others. */
static GPtrArray *
new_masks (void)
{
  GPtrArray *masks = g_ptr_array_new_with_free_func ((GDestroyNotify) pl_mask_unref);

  g_ptr_array_set_size (masks, WINDOW_RIG_SLICES);
  return masks;
}

static void
predicted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlPrediction) prediction = pl_predict_volume_finish (result, &error);
  gpointer *slot = data;

  g_assert_no_error (error);
  *slot = pl_mask_ref (prediction->mask);
}

/* @model: (nullable): the weights of the moment */
static GPtrArray *
predict_live (WindowRig *rig, PlModel *model)
{
  const PlPredictOptions options = { .fill_holes = TRUE };
  GPtrArray *masks = new_masks ();

  for (guint i = 0; i < masks->len; i++)
    {
      PlLiveCase *live =
          pl_case_item_get_live (pl_montage_content_get_case (get_content (rig), (int) i));

      if (live == NULL)
        continue;
      pl_trainer_predict_async (rig->window->trainer, model, live->volume, &options, NULL,
                                predicted_cb, &g_ptr_array_index (masks, i));
      window_rig_wait (g_ptr_array_index (masks, i) != NULL, 20);
    }
  return masks;
}

static GPtrArray *
predict_epoch (WindowRig *rig, int epoch)
{
  g_autofree char *path = pl_run_folder_epoch_path (rig->window->run_folder, epoch);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlModel) model = pl_model_read (path, NULL, NULL, &error);

  g_assert_no_error (error);
  return predict_live (rig, model);
}

static gboolean
show_the_same (WindowRig *rig, const GPtrArray *masks)
{
  if (!are_previewed (rig))
    return FALSE;
  for (int i = 0; i < WINDOW_RIG_SLICES; i++)
    if (get_preview (rig, i) != NULL &&
        !same_labels (get_preview (rig, i), g_ptr_array_index (masks, i)))
      return FALSE;
  return TRUE;
}

/* An epoch's masks come instead, also a second time; Escape brings the newest back. */
static void
test_epochs (WindowRig *rig, gconstpointer data)
{
  g_autoptr (GPtrArray) newest = NULL;
  g_autoptr (GPtrArray) of_first = NULL;
  g_autoptr (GPtrArray) of_third = NULL;

  pause_with_cases (rig, 3);
  newest = predict_live (rig, NULL);
  of_first = predict_epoch (rig, 1);
  of_third = predict_epoch (rig, 3);
  window_rig_wait (show_the_same (rig, newest), 30);
  for (int i = 0; i < 2; i++)
    {
      window_rig_activate (rig, "epoch-shown(1)");
      window_rig_wait (show_the_same (rig, of_first), 30);
      window_rig_activate (rig, "epoch-shown(3)");
      window_rig_wait (show_the_same (rig, of_third), 30);
    }
  for (int i = 0; i < WINDOW_RIG_SLICES; i++)
    g_assert_true (isnan (dice_of (rig, i)) == (get_preview (rig, i) == NULL));

  window_rig_activate (rig, "cancel");
  window_rig_assert_is (rig, "epoch-shown", "0");
  window_rig_wait (show_the_same (rig, newest), 30);
}

/* An epoch's masks come back to the case in view, which was away for no longer than a moment. */
static void
test_back_and_forth (WindowRig *rig, gconstpointer data)
{
  PlViewState *state = rig->window->state;

  pause_with_cases (rig, 1);
  window_rig_show_case (rig, 1);
  window_rig_show_case (rig, 0);
  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (pl_view_state_get_preview (state, 0) != NULL, 20);
  window_rig_activate (rig, "next-case"); /* both are kept: they come at once */
  window_rig_activate (rig, "previous-case");
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  window_rig_wait (pl_view_state_get_preview (state, 0) != NULL, 20);
}

/* Gives every case a prediction, of which Dice is known: the later, the worse. */
static void
predict_all (WindowRig *rig)
{
  g_autoptr (PlMask) mask = NULL;
  const int n[3] = { 1, 64, 64 };

  mask = pl_mask_new_take (n, g_malloc0 (64 * 64));
  for (int i = 0; i < WINDOW_RIG_SLICES; i++)
    {
      PlCaseItem *item = pl_montage_content_get_case (get_content (rig), i);

      pl_case_item_set_prediction (item, mask);
      pl_case_item_set_dice (item, 0.5 - 0.01 * i);
    }
}

static void
assert_worst_first (WindowRig *rig)
{
  g_assert_cmpint (pl_montage_content_get_n_tiles (get_content (rig)), ==, WINDOW_RIG_SLICES);
  for (int i = 0; i < WINDOW_RIG_SLICES; i++)
    g_assert_cmpint (pl_montage_content_get_subject (get_content (rig), i), ==,
                     WINDOW_RIG_SLICES - 1 - i);
}

/* Tiles that are sorted and filtered by Dice stay where they are, and return to what they showed.
 */
static void
test_order (WindowRig *rig, gconstpointer data)
{
  window_rig_train (rig, 2);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  window_rig_activate (rig, "montage-tile-size(384)");
  window_rig_activate (rig, "view::montage");
  predict_all (rig);
  window_rig_activate (rig, "montage-sort::dice");
  window_rig_activate (rig, "montage-filter::dice-below");
  assert_worst_first (rig);

  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (are_previewed (rig), 30);
  assert_worst_first (rig);
  g_assert_cmpint (count_live (rig), <, WINDOW_RIG_SLICES);
  for (int i = 0; i < WINDOW_RIG_SLICES; i++) /* no Dice of another model beside these */
    if (get_preview (rig, i) == NULL)
      g_assert_true (isnan (dice_of (rig, i)));

  window_rig_activate (rig, "epoch-shown(0)");
  window_rig_wait (count_live (rig) == 0, 20);
  assert_worst_first (rig);
  for (int i = 0; i < WINDOW_RIG_SLICES; i++)
    g_assert_cmpfloat (dice_of (rig, i), ==, 0.5 - 0.01 * i);
}

/* The same of the slices of a volume. */
static void
test_order_of_slices (WindowRig *rig, gconstpointer data)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  PlMontageContent *content;
  int n;

  window_rig_train (rig, 2);
  n = window_rig_show_volume (rig);
  window_rig_wait (window_rig_is_enabled (rig, "predict"), 20);
  window_rig_activate (rig, "view::montage");
  window_rig_activate (rig, "montage-sort::dice");
  window_rig_activate (rig, "predict");
  content = get_content (rig);
  window_rig_wait (pl_montage_content_knows_dice (content), 30);
  for (int i = 0; i < n; i++)
    {
      int subject = pl_montage_content_get_subject (content, i);

      g_array_append_val (order, subject);
    }
  window_rig_activate (rig, "epoch-shown(1)");
  window_rig_wait (g_hash_table_size (pl_view_state_get_previews (rig->window->state)) > 1, 30);
  for (int i = 0; i < n; i++)
    g_assert_cmpint (pl_montage_content_get_subject (content, i), ==,
                     g_array_index (order, int, i));
  window_rig_activate (rig, "epoch-shown(0)");
  window_rig_wait (g_hash_table_size (pl_view_state_get_previews (rig->window->state)) == 0, 20);
  for (int i = 0; i < n; i++)
    {
      g_assert_cmpint (pl_montage_content_get_subject (content, i), ==,
                       g_array_index (order, int, i));
      g_assert_false (isnan (dice_of (rig, i)));
    }
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-live/while-training", test_while_training);
  WINDOW_RIG_ADD ("/app/window-live/current-case", test_current_case);
  WINDOW_RIG_ADD ("/app/window-live/sight", test_sight);
  WINDOW_RIG_ADD ("/app/window-live/epochs", test_epochs);
  WINDOW_RIG_ADD ("/app/window-live/back-and-forth", test_back_and_forth);
  WINDOW_RIG_ADD ("/app/window-live/order", test_order);
  WINDOW_RIG_ADD ("/app/window-live/order-of-slices", test_order_of_slices);
  return window_rig_run ();
}
