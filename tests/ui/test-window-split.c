/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-rig.h"

#include "app/split-editor-private.h"
#include "base/file.h"
#include "image/phantom.h"
#include "train/near-duplicates.h"
#include "train/split.h"
#include "support/processor.h"

#include <glib/gstdio.h>

enum
{
  N_CASES = 8, /* of the window's data set, a patient each */
  N_MANY = 5000,
};

/* A phantom of the test's own, since a split is written into it. */
static char *
open_copy (WindowRig *rig, const char *name)
{
  const PlPhantomOptions options = { .n_slices = N_CASES, .size_px = 64, .seed = 3 };
  char *folder = g_build_filename (window_rig_scratch (), name, NULL);
  g_autoptr (GError) error = NULL;

  pl_phantom_write (folder, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  window_rig_open (rig, folder);
  window_rig_wait (rig->window->current != NULL && rig->window->opening.cancellable == NULL, 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  return folder;
}

static PlSplitEditor *
find_editor (void)
{
  return (PlSplitEditor *) window_rig_find_toplevel ("PlSplitEditor");
}

static PlSplitEditor *
open_editor (WindowRig *rig)
{
  window_rig_activate (rig, "split-editor");
  window_rig_wait (find_editor () != NULL, 10);
  return find_editor ();
}

static void
act (PlSplitEditor *editor, const char *action, const char *target)
{
  g_action_group_activate_action (G_ACTION_GROUP (editor->actions), action,
                                  target != NULL ? g_variant_new_string (target) : NULL);
}

static gboolean
can (PlSplitEditor *editor, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (editor->actions), action);
}

static PlGroup
get_group (PlSplitEditor *editor, guint index)
{
  const PlDataset *dataset = pl_split_editor_get_dataset (editor);

  return ((const PlCase *) g_ptr_array_index (dataset->cases, index))->group;
}

static PlCase *
window_case (WindowRig *rig, guint index)
{
  return g_ptr_array_index (rig->window->dataset->cases, index);
}

static int
count (PlSplitEditor *editor, PlGroup group)
{
  return pl_split_count (pl_split_editor_get_dataset (editor), group);
}

static void
select_row (PlSplitEditor *editor, guint position)
{
  gtk_selection_model_select_item (editor->selection, position, TRUE);
}

static void
save (PlSplitEditor *editor)
{
  act (editor, "save", NULL);
  window_rig_wait (!editor->is_saving, 10);
}

/* What a training would deal is shown; a move, its undo and redo; the numbers follow. */
static void
test_move (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = NULL;
  PlSplitEditor *editor;

  g_assert_false (window_rig_is_enabled (rig, "split-editor"));
  folder = open_copy (rig, "moved");
  editor = open_editor (rig);
  g_assert_cmpint (count (editor, PL_GROUP_NONE), ==, 0);
  g_assert_false (can (editor, "move"));
  g_assert_false (can (editor, "undo"));
  select_row (editor, 0);
  g_assert_true (can (editor, "move"));
  act (editor, "move", "ignore");
  g_assert_cmpint (get_group (editor, 0), ==, PL_GROUP_IGNORE);
  g_assert_nonnull (strstr (gtk_label_get_text (editor->counts_labels[3]), "1 patient, 1 case"));
  window_rig_wait (window_rig_shows (editor, "Not saved yet"), 20);
  act (editor, "undo", NULL);
  g_assert_cmpint (get_group (editor, 0), !=, PL_GROUP_IGNORE);
  g_assert_false (window_rig_shows (editor, "Not saved yet"));
  act (editor, "redo", NULL);
  g_assert_cmpint (get_group (editor, 0), ==, PL_GROUP_IGNORE);
  gtk_selection_model_select_all (editor->selection);
  act (editor, "move", "test");
  g_assert_cmpint (count (editor, PL_GROUP_TEST), ==, N_CASES);
  g_assert_false (can (editor, "save")); /* nothing to train on */
  act (editor, "undo", NULL);
  g_assert_true (can (editor, "save"));
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* It lies with the data, is the window's, and is what a training uses. */
static void
test_save (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = open_copy (rig, "saved");
  g_autofree char *run = NULL;
  g_autofree char *split = NULL;
  g_autoptr (PlDataset) back = NULL;
  g_autoptr (PlDataset) trained = NULL;
  PlSplitEditor *editor = open_editor (rig);
  PlTrainSettings settings = pl_train_settings_default;

  gtk_selection_model_select_all (editor->selection);
  act (editor, "move", "train");
  select_row (editor, 2);
  pl_split_editor_set_patient (editor, "somebody");
  act (editor, "move", "validation");
  save (editor);
  g_assert_false (can (editor, "save"));
  g_assert_true (rig->window->dataset->has_split);
  g_assert_cmpint (window_case (rig, 2)->group, ==, PL_GROUP_VALIDATION);
  g_assert_cmpstr (window_case (rig, 2)->patient, ==, "somebody");
  window_rig_wait (window_rig_shows (rig->window->case_list, "Validation"), 20);
  gtk_window_close (GTK_WINDOW (editor));
  window_rig_wait (find_editor () == NULL, 10);

  back = pl_dataset_open (folder, NULL, NULL);
  g_assert_true (back->has_split);
  g_assert_cmpint (pl_split_count (back, PL_GROUP_TRAIN), ==, N_CASES - 1);

  settings.epochs = 1;
  settings.base = 4;
  settings.depth = 2;
  settings.size_px = 32;
  pl_train_setup_set_settings (pl_train_panel_get_setup (rig->window->train_panel), &settings);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  run = window_rig_find_run ();
  split = g_build_filename (run, "split.csv", NULL);
  trained = pl_dataset_open (folder, NULL, NULL);
  g_assert_true (pl_split_read (trained, split, NULL));
  g_assert_cmpint (pl_split_count (trained, PL_GROUP_TRAIN), ==, N_CASES - 1);
  g_assert_cmpint (pl_split_count (trained, PL_GROUP_TEST), ==, 0);
}

/* Where nothing can be written the window has the split all the same, and says what to do. */
static void
test_save_fails (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = open_copy (rig, "locked");
  g_autofree char *manifest = g_build_filename (folder, "pleura-manifest.json", NULL);
  g_autofree char *csv = g_build_filename (window_rig_scratch (), "locked.csv", NULL);
  PlSplitEditor *editor = open_editor (rig);

  g_assert_cmpint (g_mkdir (manifest, 0700), ==, 0); /* no file can be put there */
  select_row (editor, 1);
  act (editor, "move", "ignore");
  save (editor);
  g_assert_true (gtk_info_bar_get_revealed (editor->trouble));
  window_rig_wait (window_rig_shows (editor, "pleura-manifest.json"), 20);
  window_rig_wait (window_rig_shows (editor, "--split-file"), 20);
  g_assert_true (can (editor, "save"));
  g_assert_true (rig->window->dataset->has_split);
  g_assert_cmpint (window_case (rig, 1)->group, ==, PL_GROUP_IGNORE);

  act (editor, "export-file", csv);
  act (editor, "undo", NULL);
  act (editor, "import-file", csv);
  g_assert_cmpint (get_group (editor, 1), ==, PL_GROUP_IGNORE);
  g_assert_true (g_file_set_contents (csv, "path,group\nnone.tif,train\n", -1, NULL));
  act (editor, "import-file", csv);
  window_rig_wait (window_rig_shows (editor, "none.tif"), 20);
  g_assert_cmpint (get_group (editor, 1), ==, PL_GROUP_IGNORE);
  gtk_window_destroy (GTK_WINDOW (editor));
}

static AdwMessageDialog *
find_question (void)
{
  return (AdwMessageDialog *) window_rig_find_toplevel ("AdwMessageDialog");
}

/* As a click does. */
static void
answer (const char *response)
{
  AdwMessageDialog *question = find_question ();

  adw_message_dialog_response (question, response);
  gtk_window_destroy (GTK_WINDOW (question));
}

/* What was changed is not lost unasked. */
static void
test_close (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = open_copy (rig, "closed");
  PlSplitEditor *editor = open_editor (rig);

  gtk_window_close (GTK_WINDOW (editor));
  window_rig_wait (find_editor () == NULL, 10);

  editor = open_editor (rig);
  select_row (editor, 0);
  act (editor, "move", "ignore");
  gtk_window_close (GTK_WINDOW (editor));
  window_rig_wait (find_question () != NULL, 10);
  answer ("cancel");
  g_assert_nonnull (find_editor ());
  g_assert_cmpint (get_group (editor, 0), ==, PL_GROUP_IGNORE);

  gtk_window_close (GTK_WINDOW (editor));
  window_rig_wait (find_question () != NULL, 10);
  answer ("save");
  window_rig_wait (find_editor () == NULL, 10);
  g_assert_cmpint (window_case (rig, 0)->group, ==, PL_GROUP_IGNORE);

  editor = open_editor (rig);
  select_row (editor, 1);
  act (editor, "move", "ignore");
  gtk_window_close (GTK_WINDOW (editor));
  window_rig_wait (find_question () != NULL, 10);
  answer ("discard");
  window_rig_wait (find_editor () == NULL, 10);
  g_assert_cmpint (window_case (rig, 1)->group, !=, PL_GROUP_IGNORE);
}

/* Shares and folds, search, and cases apart. */
static void
test_deal (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = open_copy (rig, "dealt");
  PlSplitEditor *editor = open_editor (rig);

  gtk_spin_button_set_value (editor->train_share, 50);
  gtk_spin_button_set_value (editor->validation_share, 25);
  gtk_spin_button_set_value (editor->test_share, 25);
  act (editor, "deal", NULL);
  g_assert_cmpint (count (editor, PL_GROUP_TRAIN), ==, 4);
  g_assert_cmpint (count (editor, PL_GROUP_TEST), ==, 2);
  gtk_check_button_set_active (editor->fold_check, TRUE);
  gtk_spin_button_set_value (editor->n_folds, 8);
  gtk_spin_button_set_value (editor->fold, 8);
  act (editor, "deal", NULL);
  g_assert_cmpint (count (editor, PL_GROUP_TEST), ==, 1);
  gtk_spin_button_set_value (editor->n_folds, 20);
  act (editor, "deal", NULL); /* more than there are patients */
  g_assert_true (gtk_info_bar_get_revealed (editor->trouble));
  g_assert_cmpint (count (editor, PL_GROUP_TEST), ==, 1);

  gtk_editable_set_text (editor->search, "ID_0003");
  window_rig_wait (g_list_model_get_n_items (G_LIST_MODEL (editor->selection)) == 1, 10);
  gtk_editable_set_text (editor->search, "");
  window_rig_wait (g_list_model_get_n_items (G_LIST_MODEL (editor->selection)) == N_CASES, 10);

  gtk_switch_set_active (editor->apart_switch, TRUE);
  g_assert_true (pl_split_editor_get_dataset (editor)->cases_apart);
  window_rig_wait (window_rig_shows (editor, "promises too much"), 20);
  act (editor, "undo", NULL);
  g_assert_false (gtk_switch_get_active (editor->apart_switch));
  gtk_window_destroy (GTK_WINDOW (editor));
}

static void
copy_case (const char *folder, const char *from, const char *to)
{
  static const char *const subfolders[] = { "2d_images", "2d_masks" };

  for (gsize i = 0; i < G_N_ELEMENTS (subfolders); i++)
    {
      g_autoptr (GFile) source = g_file_new_build_filename (folder, subfolders[i], from, NULL);
      g_autoptr (GFile) target = g_file_new_build_filename (folder, subfolders[i], to, NULL);

      g_assert_true (g_file_copy (source, target, 0, NULL, NULL, NULL, NULL));
    }
}

/* One scan under two numbers is found, shown, and becomes one patient. */
static void
test_pairs (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = open_copy (rig, "alike");
  g_autofree char *name = g_path_get_basename (window_case (rig, 3)->name);
  PlSplitEditor *editor;
  GtkWindow *likes;
  GtkPicture *picture;

  copy_case (folder, name, "ID_0900_Z_0001.tif");
  window_rig_open (rig, folder);
  window_rig_wait (rig->window->opening.cancellable == NULL, 20);
  g_assert_cmpuint (rig->window->dataset->cases->len, ==, N_CASES + 1);
  editor = open_editor (rig);
  gtk_selection_model_select_all (editor->selection);
  act (editor, "move", "train");
  gtk_editable_set_text (editor->search, "ID_0900");
  window_rig_wait (g_list_model_get_n_items (G_LIST_MODEL (editor->selection)) == 1, 10);
  select_row (editor, 0);
  act (editor, "move", "test");
  act (editor, "find-pairs", NULL);
  window_rig_wait (editor->finding == NULL, 30);
  window_rig_wait (window_rig_shows (editor, "1 pair of images looks alike across the parts"), 20);
  act (editor, "show-pairs", NULL);
  window_rig_wait (window_rig_find_toplevel ("PlSplitLikes") != NULL, 10);
  likes = window_rig_find_toplevel ("PlSplitLikes");
  picture = window_rig_child (likes, "second_picture");
  window_rig_wait (gtk_picture_get_paintable (picture) != NULL, 10);
  g_signal_emit_by_name (window_rig_child (likes, "unite_button"), "clicked");
  window_rig_wait (window_rig_find_toplevel ("PlSplitLikes") == NULL, 10);
  window_rig_wait (window_rig_shows (editor, "No images of different patients look alike"), 20);
  g_assert_cmpint (get_group (editor, N_CASES), ==, get_group (editor, 3));
  act (editor, "undo", NULL);
  window_rig_wait (window_rig_shows (editor, "1 pair of images looks alike across the parts"), 20);

  act (editor, "find-pairs", NULL);
  act (editor, "cancel", NULL);
  g_assert_null (editor->finding);
  gtk_window_destroy (GTK_WINDOW (editor));
}

/* A step with thousands of cases is no wait. */
static void
test_many (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = open_copy (rig, "many");
  g_autoptr (PlDataset) many = pl_dataset_copy (rig->window->dataset);
  const double shares[3] = { 0.8, 0.1, 0.1 };
  PlSplitEditor *editor;
  double before_ms;
  double step_ms;

  for (int i = N_CASES; i < N_MANY; i++)
    {
      g_autoptr (PlDataset) copy = pl_dataset_copy (rig->window->dataset);
      PlCase *a_case = pl_dataset_take_case (copy, 0);

      g_free (a_case->name);
      g_free (a_case->patient);
      a_case->name = g_strdup_printf ("2d_images/many_%d.tif", i);
      a_case->patient = g_strdup_printf ("p%d", i / 3);
      g_ptr_array_add (many->cases, a_case);
    }
  before_ms = pl_processor_ms ();
  editor = PL_SPLIT_EDITOR (pl_split_editor_new (GTK_WINDOW (rig->window), many, shares, 1));
  gtk_window_present (GTK_WINDOW (editor));
  window_rig_wait (gtk_widget_get_mapped (GTK_WIDGET (editor)), 10);
  window_rig_settle (rig);
  g_test_message ("open: %.0f ms", pl_processor_ms () - before_ms);
  select_row (editor, 4000);
  before_ms = pl_processor_ms ();
  act (editor, "move", "test");
  step_ms = pl_processor_ms () - before_ms;
  g_test_message ("a step: %.1f ms", step_ms);
  g_assert_cmpfloat (step_ms, <, 500);
  gtk_window_destroy (GTK_WINDOW (editor));
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-split/move", test_move);
  WINDOW_RIG_ADD ("/app/window-split/save", test_save);
  WINDOW_RIG_ADD ("/app/window-split/save-fails", test_save_fails);
  WINDOW_RIG_ADD ("/app/window-split/close", test_close);
  WINDOW_RIG_ADD ("/app/window-split/deal", test_deal);
  WINDOW_RIG_ADD ("/app/window-split/pairs", test_pairs);
  WINDOW_RIG_ADD ("/app/window-split/many", test_many);
  return window_rig_run ();
}
