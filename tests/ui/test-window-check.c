/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a data set consists of is said before it is trained on: in numbers at once, case by case in
 * a window, and of what is in the files as soon as they are read, which keeps nobody waiting.
 */
#include "ui/window-rig.h"

#include "app/check-item.h"
#include "app/check-window.h"
#include "train/data-folder.h"

#include <glib/gstdio.h>
#include <string.h>

enum
{
  SIDE = 32,
};

static const int slice[3] = { 1, SIDE, SIDE };

/* A folder of its own for each test. */
static char *
make_folder (const char *name)
{
  return g_build_filename (window_rig_scratch (), "checked", name, NULL);
}

/* Of air and body, each @stem another picture. */
static void
add_image (const char *folder, const char *stem)
{
  g_autofree char *name = g_strdup_printf ("images/%s.tif", stem);
  g_autoptr (GRand) random = g_rand_new_with_seed (g_str_hash (stem));
  gint16 values[SIDE * SIDE];

  for (int i = 0; i < SIDE * SIDE; i++)
    values[i] = (gint16) (i % SIDE < SIDE / 2 ? -850 : g_rand_int_range (random, -100, 300));
  data_folder_add_image (folder, name, slice, PL_DTYPE_INT16, values);
}

static void
add_mask (const char *folder, const char *stem, int rows)
{
  const int n[3] = { 1, rows, SIDE };
  g_autofree char *name = g_strdup_printf ("masks/%s.tif", stem);

  data_folder_add_mask (folder, name, n);
}

static void
add_pair (const char *folder, const char *stem)
{
  add_image (folder, stem);
  add_mask (folder, stem, SIDE);
}

/* Three pairs, and one of each that is none. */
static char *
make_mixed_folder (const char *name)
{
  char *folder = make_folder (name);

  add_pair (folder, "p1");
  add_pair (folder, "p2");
  add_pair (folder, "p3");
  add_image (folder, "p4-small");
  add_mask (folder, "p4-small", SIDE / 2);
  add_image (folder, "p5-bare");
  add_mask (folder, "p6-lost", SIDE);
  add_mask (folder, "p7-torn", SIDE);
  data_folder_add_text (folder, "images/p7-torn.tif", "no picture");
  return folder;
}

#define MIXED "3 pairs · 1 without a mask · 1 mask without an image · 1 mismatch · 1 unreadable"

static void
open_folder (WindowRig *rig, const char *folder)
{
  window_rig_open (rig, folder);
  window_rig_wait (rig->window->opening.cancellable == NULL && rig->window->volume_is_current &&
                       window_rig_is (rig, "loading", "false"),
                   20);
}

static gpointer
setup_child (WindowRig *rig, const char *id)
{
  return window_rig_child (pl_train_panel_get_setup (rig->window->train_panel), id);
}

static const char *
row_text (WindowRig *rig)
{
  return adw_action_row_get_subtitle (setup_child (rig, "check_row"));
}

static gboolean
row_warns (WindowRig *rig)
{
  return gtk_widget_get_visible (setup_child (rig, "check_warning"));
}

/* Files are read in the background. */
static gboolean
is_reading (WindowRig *rig)
{
  return window_rig_is_enabled (rig, "stop-data-check");
}

static GtkWindow *
show_check (WindowRig *rig)
{
  window_rig_activate (rig, "show-data-check");
  return window_rig_find_toplevel ("PlCheckWindow");
}

static GListModel *
get_list (GtkWindow *window)
{
  return G_LIST_MODEL (gtk_column_view_get_model (window_rig_child (window, "table")));
}

static void
assert_row (GtkWindow *window,
            guint i,
            const char *image,
            const char *mask,
            const char *size,
            const char *result)
{
  g_autoptr (PlCheckItem) item = g_list_model_get_item (get_list (window), i);
  g_autofree char *its_image = pl_check_item_dup_image (item);
  g_autofree char *its_mask = pl_check_item_dup_mask (item);
  g_autofree char *its_size = pl_check_item_dup_size (item);
  g_autofree char *its_result = pl_check_item_dup_result (item);

  g_assert_cmpstr (its_image, ==, image);
  g_assert_cmpstr (its_mask, ==, mask);
  g_assert_cmpstr (its_size, ==, size);
  g_assert_nonnull (strstr (its_result, result));
}

/* Names and headers are enough for the numbers; nothing else is read for a page that is hidden. */
static void
test_numbers (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_mixed_folder ("numbers");

  g_assert_false (window_rig_is_enabled (rig, "show-data-check"));
  g_assert_false (gtk_widget_get_visible (setup_child (rig, "check_row")));
  open_folder (rig, folder);
  g_assert_true (gtk_widget_get_visible (setup_child (rig, "check_row")));
  g_assert_cmpstr (row_text (rig), ==, MIXED);
  g_assert_true (row_warns (rig));
  g_assert_false (is_reading (rig));
}

/* As soon as the page is shown, the files are read. */
static void
test_read_when_shown (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_folder ("shown");
  const guint8 gray[SIDE * SIDE] = { 7, 200, 7, 200 };

  add_pair (folder, "p1");
  add_pair (folder, "p2");
  data_folder_add_image (folder, "images/p2.tif", slice, PL_DTYPE_UINT8, gray);
  open_folder (rig, folder);
  window_rig_settle (rig);
  g_assert_cmpstr (row_text (rig), ==, "2 pairs");
  g_assert_false (row_warns (rig));
  window_rig_activate (rig, "show-training");
  window_rig_wait (g_str_equal (row_text (rig), "2 pairs · 1 not like HU"), 20);
  g_assert_true (row_warns (rig));
  g_assert_false (gtk_widget_get_visible (setup_child (rig, "check_stop")));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rig->window->problems)), ==, 0);
}

/* What is wrong first, with its reason; a row leads to its case. */
static void
test_table (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_mixed_folder ("table");
  GtkWindow *window;
  GtkColumnView *table;

  open_folder (rig, folder);
  window = show_check (rig);
  g_assert_false (gtk_window_get_modal (window));
  g_assert_cmpuint (g_list_model_get_n_items (get_list (window)), ==, 7);
  assert_row (window, 0, "images/p4-small.tif", "masks/p4-small.tif", "32 × 32",
              "Use the mask that was made for this image.");
  assert_row (window, 1, "images/p7-torn.tif", "masks/p7-torn.tif", "", "Save it again");
  assert_row (window, 2, "no image", "masks/p6-lost.tif", "", "give it the name of its image");
  assert_row (window, 3, "images/p5-bare.tif", "no mask", "32 × 32", "put a mask of its name");
  assert_row (window, 4, "images/p1.tif", "masks/p1.tif", "32 × 32", "Image and mask fit");
  window_rig_wait (!is_reading (rig), 20);
  assert_row (window, 4, "images/p1.tif", "masks/p1.tif", "32 × 32", "Image and mask fit");
  window_rig_wait (window_rig_shows (window, MIXED), 10);
  window_rig_wait (window_rig_shows (window, "No manifest lists the files"), 10);
  window_rig_wait (window_rig_shows (window, "masks/p6-lost.tif"), 10);

  table = window_rig_child (window, "table");
  g_signal_emit_by_name (table, "activate", 5);
  window_rig_wait (window_rig_is (rig, "case", "'images/p2.tif'"), 20);
  g_signal_emit_by_name (table, "activate", 2); /* no case: nothing to show */
  window_rig_assert_is (rig, "case", "'images/p2.tif'");
}

static gboolean
is_copy_button (GtkWidget *widget, gpointer data)
{
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), "edit-copy-symbolic") == 0;
}

static void
text_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  char **text = data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

/* What is listed is copied; good pairs can be left away. */
static void
test_filter_and_copy (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_mixed_folder ("filter");
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GtkWindow *window;

  open_folder (rig, folder);
  window = show_check (rig);
  gtk_check_button_set_active (window_rig_child (window, "filter_button"), TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (get_list (window)), ==, 4);
  assert_row (window, 3, "images/p5-bare.tif", "no mask", "32 × 32", "");
  window_rig_wait (!is_reading (rig), 20);
  g_assert_cmpuint (g_list_model_get_n_items (get_list (window)), ==, 4);

  g_signal_emit_by_name (window_rig_find (GTK_WIDGET (window), is_copy_button, NULL), "clicked");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (window)), NULL, text_read_cb,
                                 &text);
  window_rig_wait (text != NULL, 10);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 6); /* a head, four rows, and nothing after them */
  g_assert_cmpstr (lines[0], ==, "Image\tMask\tSize\tResult");
  g_assert_true (g_str_has_prefix (lines[3], "no image\tmasks/p6-lost.tif\t\tno image belongs"));
}

/* Nobody has to wait for it: a training reads the files by itself. */
static void
test_gives_way (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  show_check (rig);
  g_assert_true (is_reading (rig));
  window_rig_activate (rig, "train");
  g_assert_false (is_reading (rig));
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_STEP) > 0, 60);
  g_assert_false (is_reading (rig));
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  window_rig_wait (is_reading (rig), 20); /* now it has time */
  window_rig_wait (!is_reading (rig), 60);
}

static void
test_stop (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_mixed_folder ("stopped");
  GtkWindow *window;

  open_folder (rig, folder);
  window = show_check (rig);
  g_assert_nonnull (strstr (row_text (rig), "Reading every file: 0 %"));
  g_assert_true (gtk_widget_get_visible (setup_child (rig, "check_stop")));
  window_rig_activate (rig, "stop-data-check");
  g_assert_false (is_reading (rig));
  g_assert_nonnull (strstr (row_text (rig), "The files were not read to their end."));
  window_rig_activate (rig, "next-case"); /* it does not begin again */
  window_rig_settle (rig);
  g_assert_false (is_reading (rig));

  window_rig_activate (rig, "check-data-set");
  g_assert_false (window_rig_is_enabled (rig, "check-data-set"));
  window_rig_wait (window_rig_is_enabled (rig, "check-data-set"), 20);
  g_assert_null (strstr (row_text (rig), "The files were not read"));
  assert_row (window, 4, "images/p1.tif", "masks/p1.tif", "32 × 32", "Image and mask fit");
}

/* What was found in one data set is not said of the next. */
static void
test_another_data_set (WindowRig *rig, gconstpointer data)
{
  g_autofree char *mixed = make_mixed_folder ("first");
  g_autofree char *folder = make_folder ("second");
  GtkWindow *window;

  add_pair (folder, "p8");
  open_folder (rig, mixed);
  window = show_check (rig);
  g_assert_true (is_reading (rig));
  window_rig_open (rig, folder);
  g_assert_false (is_reading (rig));
  window_rig_wait (g_str_equal (row_text (rig), "1 pair"), 20);
  g_assert_false (row_warns (rig));
  g_assert_cmpuint (g_list_model_get_n_items (get_list (window)), ==, 1);
  window_rig_settle (rig);
  assert_row (window, 0, "images/p8.tif", "masks/p8.tif", "32 × 32", "Image and mask fit");
}

/* Its files were read once; what is taken from the list and put back needs no more. */
static void
test_removed (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_mixed_folder ("removed");
  GtkWindow *window;

  open_folder (rig, folder);
  window = show_check (rig);
  window_rig_wait (!is_reading (rig), 20);
  window_rig_activate (rig, "case::images/p4-small.tif");
  window_rig_activate (rig, "remove-case");
  g_assert_true (g_str_has_prefix (
      row_text (rig), "3 pairs · 1 without a mask · 1 mask without an image · 1 unreadable"));
  g_assert_cmpuint (g_list_model_get_n_items (get_list (window)), ==, 6);
  window_rig_activate (rig, "restore-case");
  g_assert_cmpstr (row_text (rig), ==, MIXED);
  g_assert_false (is_reading (rig));
  window_rig_settle (rig);
}

/* A mask that comes later makes a pair, which has to be read. */
static void
test_mask_added (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_mixed_folder ("added");
  g_autofree char *other = make_folder ("elsewhere");
  g_autofree char *mask = g_build_filename (other, "masks", "p5-bare.tif", NULL);

  add_mask (other, "p5-bare", SIDE);
  open_folder (rig, folder);
  show_check (rig);
  window_rig_wait (!is_reading (rig), 20);
  window_rig_open (rig, mask);
  window_rig_wait (is_reading (rig), 20);
  window_rig_wait (!is_reading (rig), 20);
  g_assert_cmpstr (row_text (rig), ==,
                   "4 pairs · 1 mask without an image · 1 mismatch · 1 unreadable");
}

/* Nothing wrong at first; then with a manifest, and a file that has changed since. */
static void
test_manifest (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_folder ("manifest");
  g_autofree char *manifest = g_build_filename (folder, "pleura-manifest.json", NULL);
  GtkWindow *window;

  add_pair (folder, "p1");
  add_pair (folder, "p2");
  open_folder (rig, folder);
  window_rig_activate (rig, "check-data-set");
  g_assert_false (window_rig_is_enabled (rig, "check-data-set"));
  window_rig_wait (window_rig_find_toplevel ("PlCheckWindow") != NULL, 20);
  window = window_rig_find_toplevel ("PlCheckWindow");
  window_rig_wait (window_rig_shows (window, "2 pairs"), 20);
  window_rig_wait (window_rig_shows (window, "No manifest lists the files"), 20);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.write-manifest", NULL);
  window_rig_wait (window_rig_shows (rig->window, "The manifest was written"), 20);
  g_assert_true (g_file_test (manifest, G_FILE_TEST_EXISTS));
  window_rig_wait (window_rig_shows (window, "4 files were compared with the manifest."), 20);

  add_image (folder, "p2");
  data_folder_add_mask (folder, "images/p2.tif", slice);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.check-data-set", NULL);
  window_rig_wait (window_rig_shows (window, "1 pair · 1 unlike the manifest"), 20);
  assert_row (window, 0, "images/p2.tif", "masks/p2.tif", "32 × 32", "it has changed");
}

/* A manifest that cannot be read is said, once, and hides nothing else. */
static void
test_bad_manifest (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_folder ("bad-manifest");

  add_pair (folder, "p1");
  open_folder (rig, folder);
  data_folder_add_text (folder, "pleura-manifest.json", "{\"version\": 1, \"files\": 7}");
  show_check (rig);
  window_rig_wait (!is_reading (rig), 20);
  g_assert_true (g_str_has_prefix (row_text (rig), "1 pair\nThe data set could not be checked: "));
  g_assert_true (row_warns (rig));
  window_rig_settle (rig);
  g_assert_false (is_reading (rig));
}

static void
test_cancel (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "check-data-set");
  window_rig_activate (rig, "cancel");
  window_rig_wait (window_rig_is_enabled (rig, "check-data-set"), 20);
  g_assert_null (window_rig_find_toplevel ("PlCheckWindow"));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rig->window->problems)), ==, 0);
}

static void
test_close_while_reading (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  show_check (rig);
  g_assert_true (is_reading (rig));
  window_rig_activate (rig, "close");
  window_rig_wait (rig->window == NULL, 20);
}

/* There is nothing to train on. */
static void
test_without_masks (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_folder ("bare");

  add_image (folder, "p1");
  open_folder (rig, folder);
  show_check (rig);
  window_rig_settle (rig);
  g_assert_false (is_reading (rig));
  g_assert_cmpstr (row_text (rig), ==, "0 pairs · 1 without a mask");
  g_assert_false (row_warns (rig));
}

static int
count_widgets (GtkWidget *root)
{
  int n = 1;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_widgets (child);
  return n;
}

static PlReport *
make_large_report (int n)
{
  PlReport *report = g_new0 (PlReport, 1);

  report->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pl_report_row_free);
  for (int i = 0; i < n; i++)
    {
      PlReportRow *row = g_new0 (PlReportRow, 1);

      row->image = g_strdup_printf ("images/%d.tif", i);
      row->mask = g_strdup_printf ("masks/%d.tif", i);
      row->is_case = TRUE;
      row->kind = i % 3 == 0 ? PL_PROBLEM_VALUES : PL_PROBLEM_NONE;
      row->text = row->kind != PL_PROBLEM_NONE ? g_strdup ("something is wrong with it") : NULL;
      g_ptr_array_add (report->rows, row);
    }
  return report;
}

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, guint *n_changed)
{
  *n_changed += removed + added;
}

/* A case less, of five thousand. */
static void
assert_change_is_small (GtkWindow *window)
{
  PlReport *report = make_large_report (5000);
  GListModel *list = get_list (window);
  guint n_changed = 0;
  gulong handler =
      g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &n_changed);

  g_ptr_array_remove_index (report->rows, 1234);
  pl_check_window_take_report (PL_CHECK_WINDOW (window), report);
  g_signal_handler_disconnect (list, handler);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 4999);
  assert_row (window, 1234, "images/1235.tif", "masks/1235.tif", "0 × 0 × 0", "");
}

/* There are widgets for what is in sight, not for every case. */
static void
test_many (WindowRig *rig, gconstpointer data)
{
  GtkWindow *window = pl_check_window_new (GTK_WINDOW (rig->window));
  GtkWidget *table = window_rig_child (window, "table");
  gint64 start_us = g_get_monotonic_time ();
  int n_widgets;

  pl_check_window_take_report (PL_CHECK_WINDOW (window), make_large_report (5000));
  g_test_message ("taken after %.1f ms", (double) (g_get_monotonic_time () - start_us) / 1e3);
  gtk_window_present (window);
  window_rig_wait (window_rig_shows (window, "images/0.tif"), 20);
  window_rig_settle (rig);
  n_widgets = count_widgets (table);
  g_assert_cmpint (n_widgets, <, 5000);
  start_us = g_get_monotonic_time ();
  gtk_check_button_set_active (window_rig_child (window, "filter_button"), TRUE);
  g_test_message ("filtered after %.1f ms", (double) (g_get_monotonic_time () - start_us) / 1e3);
  g_assert_cmpuint (g_list_model_get_n_items (get_list (window)), ==, 1667);
  window_rig_settle (rig);
  g_assert_cmpint (count_widgets (table), <=, n_widgets + 100);
  gtk_check_button_set_active (window_rig_child (window, "filter_button"), FALSE);
  assert_change_is_small (window);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (window);
  window_rig_wait (window == NULL, 20);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-check/numbers", test_numbers);
  WINDOW_RIG_ADD ("/app/window-check/read-when-shown", test_read_when_shown);
  WINDOW_RIG_ADD ("/app/window-check/table", test_table);
  WINDOW_RIG_ADD ("/app/window-check/filter-and-copy", test_filter_and_copy);
  WINDOW_RIG_ADD ("/app/window-check/gives-way", test_gives_way);
  WINDOW_RIG_ADD ("/app/window-check/stop", test_stop);
  WINDOW_RIG_ADD ("/app/window-check/another-data-set", test_another_data_set);
  WINDOW_RIG_ADD ("/app/window-check/removed", test_removed);
  WINDOW_RIG_ADD ("/app/window-check/mask-added", test_mask_added);
  WINDOW_RIG_ADD ("/app/window-check/manifest", test_manifest);
  WINDOW_RIG_ADD ("/app/window-check/bad-manifest", test_bad_manifest);
  WINDOW_RIG_ADD ("/app/window-check/cancel", test_cancel);
  WINDOW_RIG_ADD ("/app/window-check/close-while-reading", test_close_while_reading);
  WINDOW_RIG_ADD ("/app/window-check/without-masks", test_without_masks);
  WINDOW_RIG_ADD ("/app/window-check/many", test_many);
  return window_rig_run ();
}
