/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases that are live: read one after another, let go again, and what their tiles show of them. */
#include "app/live-cases.h"

#include "app/montage-content.h"
#include "app/tile-paint.h"
#include "image/label-colour.h"
#include "image/phantom.h"
#include "montage-rig.h"
#include "support/scratch.h"

#include <math.h>

enum
{
  N_CASES = 5,
  SIDE = 64,
  CASE_BYTES = SIDE * SIDE * 3, /* int16 and a mask */
};

typedef struct
{
  char *folder;
  GPtrArray *items; /* (element-type PlCaseItem) */
  PlLiveCases *cases;
  int n_loaded;
} Rig;

static void
loaded_cb (Rig *rig)
{
  rig->n_loaded++;
}

static void
rig_init (Rig *rig, gsize max_bytes)
{
  const PlPhantomOptions options = {
    .n_slices = N_CASES, .n_volumes = 1, .size_px = SIDE, .seed = 1
  };
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;

  *rig = (Rig){ .folder = pl_scratch_new () };
  pl_phantom_write (rig->folder, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  dataset = pl_dataset_open (rig->folder, NULL, &error);
  g_assert_no_error (error);
  rig->items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < dataset->cases->len; i++)
    if (!pl_case_is_volume (g_ptr_array_index (dataset->cases, i)))
      g_ptr_array_add (rig->items, pl_case_item_new (g_ptr_array_index (dataset->cases, i)));
  g_assert_cmpuint (rig->items->len, ==, N_CASES);
  rig->cases = pl_live_cases_new (max_bytes);
  g_signal_connect_swapped (rig->cases, "loaded", G_CALLBACK (loaded_cb), rig);
}

static gboolean
is_ours_alone (gpointer object)
{
  return g_atomic_int_get (&G_OBJECT (object)->ref_count) == 1;
}

static void
rig_clear (Rig *rig)
{
  pl_rig_wait (is_ours_alone, rig->cases);
  g_assert_finalize_object (rig->cases);
  g_ptr_array_unref (rig->items);
  pl_scratch_remove (rig->folder);
  g_free (rig->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rig, rig_clear)

static PlCaseItem *
get_item (Rig *rig, int i)
{
  return g_ptr_array_index (rig->items, i);
}

static gboolean
is_live (Rig *rig, int i)
{
  return pl_case_item_get_live (get_item (rig, i)) != NULL;
}

static void
want (Rig *rig, int first, int end)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = first; i < end; i++)
    g_ptr_array_add (items, g_object_ref (get_item (rig, i)));
  pl_live_cases_want (rig->cases, items);
}

/* Nothing is being read. */
static void
settle (Rig *rig)
{
  pl_rig_wait (is_ours_alone, rig->cases);
}

static void
test_want (void)
{
  g_auto (Rig) rig = { 0 };

  rig_init (&rig, 100 * CASE_BYTES);
  want (&rig, 0, 3);
  settle (&rig);
  g_assert_cmpint (rig.n_loaded, ==, 3);
  for (int i = 0; i < N_CASES; i++)
    g_assert_true (is_live (&rig, i) == (i < 3));
  g_assert_nonnull (pl_case_item_get_live (get_item (&rig, 0))->truth);
  g_assert_null (pl_case_item_get_live (get_item (&rig, 0))->preview);

  want (&rig, 2, 4);
  g_assert_false (is_live (&rig, 0));
  g_assert_true (is_live (&rig, 2));
  settle (&rig);
  g_assert_cmpint (rig.n_loaded, ==, 4);
  want (&rig, 0, 2); /* while it reads, another wish */
  want (&rig, 4, 5);
  settle (&rig);
  for (int i = 0; i < N_CASES; i++)
    g_assert_true (is_live (&rig, i) == (i == 4));
  want (&rig, 0, 0);
}

/* The most wanted have the memory. */
static void
test_bound (void)
{
  g_auto (Rig) rig = { 0 };

  rig_init (&rig, 2 * CASE_BYTES);
  want (&rig, 0, N_CASES);
  settle (&rig);
  g_assert_true (is_live (&rig, 0) && is_live (&rig, 1));
  g_assert_cmpint (rig.n_loaded, ==, 2);
  want (&rig, 1, N_CASES);
  settle (&rig);
  g_assert_false (is_live (&rig, 0));
  g_assert_cmpint (rig.n_loaded, ==, 3);
  want (&rig, 0, 0);
}

/* Without an image there is nothing to show, without a mask no Dice. */
static void
test_broken (void)
{
  g_auto (Rig) rig = { 0 };
  g_autoptr (PlMask) mask = NULL;

  rig_init (&rig, 100 * CASE_BYTES);
  g_unlink (pl_case_item_get_case (get_item (&rig, 1))->image_path);
  g_unlink (pl_case_item_get_case (get_item (&rig, 2))->mask_path);
  want (&rig, 0, 3);
  settle (&rig);
  g_assert_true (is_live (&rig, 0));
  g_assert_false (is_live (&rig, 1));
  g_assert_true (is_live (&rig, 2));
  mask = pl_mask_new_take ((const int[3]){ 1, SIDE, SIDE }, g_malloc0 (SIDE * SIDE));
  for (int i = 0; i < 3; i++)
    pl_live_cases_show (rig.cases, get_item (&rig, i), mask);
  g_assert_false (isnan (pl_case_item_get_live (get_item (&rig, 0))->dice));
  g_assert_true (isnan (pl_case_item_get_live (get_item (&rig, 2))->dice));
  want (&rig, 0, 0);
}

/* A mask of both lungs becomes left and right, also while it is being read, and whole again. */
static void
test_parted (void)
{
  g_auto (Rig) rig = { 0 };
  PlCaseItem *item;

  rig_init (&rig, 100 * CASE_BYTES);
  item = get_item (&rig, 2);
  want (&rig, 2, 3);
  pl_case_item_set_parts_lungs (item, TRUE);
  settle (&rig);
  g_assert_cmpint (pl_case_item_get_live (item)->truth->max_label, ==, 2);
  pl_case_item_set_parts_lungs (item, FALSE);
  g_assert_null (pl_case_item_get_live (item));
  want (&rig, 2, 3);
  settle (&rig);
  g_assert_cmpint (pl_case_item_get_live (item)->truth->max_label, ==, 1);
  want (&rig, 0, 0);
}

static PlTileLook *
make_look (PlMontageContent *content)
{
  PlTileLook *look = pl_tile_look_new ();

  look->cases = pl_montage_content_dup_cases (content);
  look->reslice = pl_reslice_plain ();
  look->show_prediction = TRUE;
  look->only_previews = pl_montage_content_hides_predictions (content);
  look->window = BLACK_TO_WHITE;
  look->map = pl_colour_map_find ("gray");
  look->opacity = 1;
  look->width = SIDE;
  look->height = SIDE;
  return look;
}

/* Whether the middle of the tile belongs to the prediction. */
static gboolean
shows_prediction (PlMontageContent *content, int subject)
{
  g_autoptr (PlTileLook) look = make_look (content);
  g_autoptr (GdkTexture) texture = pl_tile_paint (look, subject);
  guint32 pixels[SIDE * SIDE];

  gdk_texture_download (texture, (guchar *) pixels, 4 * SIDE);
  return (pixels[SIDE / 2 * SIDE + SIDE / 2] & 0xffffff) == PL_PREDICTION_RGB;
}

static void
note_changed_cb (PlMontageContent *content, int subject, int *changed)
{
  changed[subject]++;
}

/* A preview comes in place of the prediction, with its Dice, and changes no other tile. */
static void
test_tiles (void)
{
  g_auto (Rig) rig = { 0 };
  g_autoptr (GListStore) store = g_list_store_new (PL_TYPE_CASE_ITEM);
  PlViewState *state = pl_view_state_new ();
  PlMontageContent *content = pl_montage_content_new (state);
  g_autoptr (PlMask) inside = NULL;
  g_autoptr (PlMask) empty = NULL;
  g_autofree char *text = NULL;
  int changed[N_CASES] = { 0 };

  rig_init (&rig, 100 * CASE_BYTES);
  for (int i = 0; i < N_CASES; i++)
    g_list_store_append (store, get_item (&rig, i));
  pl_montage_content_set_cases (content, G_LIST_MODEL (store), get_item (&rig, 0));
  empty = pl_mask_new_take ((const int[3]){ 1, SIDE, SIDE }, g_malloc0 (SIDE * SIDE));
  pl_case_item_set_prediction (get_item (&rig, 1), empty);
  pl_case_item_set_dice (get_item (&rig, 1), 0.5);
  want (&rig, 0, 2);
  settle (&rig);
  g_assert_cmpfloat (pl_montage_content_get_fact (content, 1).dice, ==, 0.5);

  inside = pl_rig_mask (pl_case_item_get_live (get_item (&rig, 0))->volume, 1);
  g_signal_connect (content, "subject-changed", G_CALLBACK (note_changed_cb), changed);
  pl_live_cases_show (rig.cases, get_item (&rig, 1), inside);
  for (int i = 0; i < N_CASES; i++)
    g_assert_cmpint (changed[i], ==, i == 1);
  pl_case_item_set_parts_lungs (get_item (&rig, 3), TRUE);
  pl_case_item_set_parts_lungs (get_item (&rig, 3), TRUE);
  g_assert_cmpint (changed[3], ==, 1);
  g_assert_true (shows_prediction (content, 1));
  g_assert_false (shows_prediction (content, 0));
  g_assert_cmpfloat (pl_montage_content_get_fact (content, 1).dice, ==,
                     pl_case_item_get_live (get_item (&rig, 1))->dice);
  g_assert_cmpfloat (pl_case_item_get_dice (get_item (&rig, 1)), ==, 0.5);
  text = pl_montage_content_dup_description (content, 1);
  g_assert_null (strstr (text, "0.500"));
  g_assert_nonnull (strstr (text, ", Dice 0."));

  pl_live_cases_forget_previews (rig.cases);
  g_assert_cmpint (changed[1], ==, 2);
  g_assert_false (shows_prediction (content, 1));
  g_assert_cmpfloat (pl_montage_content_get_fact (content, 1).dice, ==, 0.5);

  /* Predictions may be hidden; previews are not. */
  pl_case_item_set_prediction (get_item (&rig, 1), inside);
  pl_case_item_set_dice (get_item (&rig, 1), 0.75);
  g_assert_true (shows_prediction (content, 1));
  pl_montage_content_hide_predictions (content, TRUE);
  g_assert_false (shows_prediction (content, 1));
  g_assert_true (isnan (pl_montage_content_get_fact (content, 1).dice));
  pl_live_cases_show (rig.cases, get_item (&rig, 0), inside);
  g_assert_true (shows_prediction (content, 0));
  pl_montage_content_hide_predictions (content, FALSE);
  g_assert_true (shows_prediction (content, 1));
  g_assert_cmpfloat (pl_montage_content_get_fact (content, 1).dice, ==, 0.75);

  want (&rig, 0, 0);
  g_assert_false (shows_prediction (content, 0));
  pl_rig_wait (is_ours_alone, content);
  g_assert_finalize_object (content);
  g_assert_finalize_object (state);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/live-cases/want", test_want);
  g_test_add_func ("/app/live-cases/bound", test_bound);
  g_test_add_func ("/app/live-cases/broken", test_broken);
  g_test_add_func ("/app/live-cases/parted", test_parted);
  g_test_add_func ("/app/live-cases/tiles", test_tiles);
  return g_test_run ();
}
