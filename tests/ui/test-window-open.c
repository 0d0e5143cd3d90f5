/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening data: what is there is listed, what is wrong is said and stays readable, and what comes
 * too late is dropped.
 */
#include "ui/window-rig.h"

#include "app/settings.h"

#include <glib/gstdio.h>

static guint
count_cases (WindowRig *rig)
{
  return g_list_model_get_n_items (G_LIST_MODEL (rig->window->cases));
}

static gboolean
is_on_page (WindowRig *rig, const char *page)
{
  return g_str_equal (gtk_stack_get_visible_child_name (rig->window->pages), page);
}

static char *
make_folder (const char *name)
{
  char *folder = g_build_filename (window_rig_scratch (), name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  return folder;
}

static char *
phantom_file (const char *kind, const char *name)
{
  return g_build_filename (window_rig_data (), kind, name, NULL);
}

/* The name of some file in a folder of the phantom. */
static char *
any_name (const char *kind, const char *prefix)
{
  g_autofree char *folder = g_build_filename (window_rig_data (), kind, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      return g_strdup (name);
  g_assert_not_reached ();
}

static void
write_file (const char *folder, const char *name, const char *bytes, gssize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, bytes, length, &error);
  g_assert_no_error (error);
}

/* The first @share of a file. */
static void
copy_part (const char *from, const char *folder, const char *name, double share)
{
  g_autofree char *bytes = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (from, &bytes, &length, &error);
  g_assert_no_error (error);
  write_file (folder, name, bytes, (gssize) (share * (double) length));
}

static void
test_empty (WindowRig *rig, gconstpointer data)
{
  g_assert_true (is_on_page (rig, "empty"));
  window_rig_wait (window_rig_shows (rig->window, "Open Folder…"), 20);
  window_rig_wait (window_rig_shows (rig->window, "Sample Data"), 20);
  window_rig_wait (window_rig_shows (rig->window, "Look at Chest CT"), 20);
}

static void
test_folder (WindowRig *rig, gconstpointer data)
{
  g_autoptr (GVariant) recent = NULL;
  g_autofree const char **newest = NULL;

  window_rig_open (rig, window_rig_data ());
  g_assert_true (is_on_page (rig, "opening"));
  g_assert_true (window_rig_is_enabled (rig, "cancel"));
  window_rig_wait (is_on_page (rig, "content"), 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);

  g_assert_cmpuint (count_cases (rig), ==, WINDOW_RIG_CASES);
  g_assert_true (g_str_has_suffix (gtk_window_get_title (GTK_WINDOW (rig->window)), " – phantom"));
  g_assert_nonnull (pl_view_state_get_volume (rig->window->state));
  g_assert_nonnull (pl_view_state_get_truth (rig->window->state));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rig->window->problems)), ==, 0);
  recent = g_settings_get_value (pl_settings_get (), "recent");
  g_variant_get_child (recent, 0, "^a&s", &newest);
  g_assert_cmpstr (newest[0], ==, window_rig_data ());
}

/* The list has a row for the case in view, with its name, and then its picture. */
static void
test_rows (WindowRig *rig, gconstpointer data)
{
  g_autofree char *title = NULL;

  window_rig_open_data (rig);
  g_object_get (rig->window->current, "title", &title, NULL);
  window_rig_wait (window_rig_shows (rig->window->case_list, title), 10);
  window_rig_wait (window_rig_shows (rig->window->case_list, "Mask"), 20);
  window_rig_wait (pl_case_item_get_thumbnail (rig->window->current) != NULL, 20);
}

/* Its thumbnail is of the volume that was loaded: the file is not read again. */
static void
test_thumbnail_of_loaded (WindowRig *rig, gconstpointer data)
{
  g_autofree char *name = any_name ("3d_images", "IMG_");
  g_autofree char *from = phantom_file ("3d_images", name);
  g_autofree char *folder = make_folder ("seen");
  g_autofree char *path = g_build_filename (folder, "seen.nii.gz", NULL);

  copy_part (from, folder, "seen.nii.gz", 1);
  window_rig_open (rig, path);
  window_rig_wait (window_rig_is (rig, "loading", "true"), 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  g_assert_cmpint (g_unlink (path), ==, 0);
  window_rig_wait (pl_case_item_get_thumbnail (rig->window->current) != NULL, 20);
  g_assert_true (GDK_IS_TEXTURE (pl_case_item_get_thumbnail (rig->window->current)));
}

/* What is cancelled half-way leaves nothing to look at, and can be loaded again. */
static void
test_cancel_load (WindowRig *rig, gconstpointer data)
{
  window_rig_open (rig, window_rig_data ());
  window_rig_wait (window_rig_is (rig, "loading", "true"), 20);
  g_assert_true (window_rig_is_enabled (rig, "cancel"));
  window_rig_activate (rig, "cancel");
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  g_assert_null (pl_view_state_get_volume (rig->window->state));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rig->window->problems)), ==, 0);
  window_rig_activate (rig, "reload-case");
  window_rig_wait (rig->window->volume_is_current && window_rig_is (rig, "loading", "false"), 20);
  g_assert_nonnull (pl_view_state_get_volume (rig->window->state));
}

static void
test_cases (WindowRig *rig, gconstpointer data)
{
  g_autofree char *first = NULL;

  window_rig_open_data (rig);
  first = g_strdup (pl_case_item_get_name (rig->window->current));
  window_rig_activate (rig, "next-case");
  window_rig_assert_is (rig, "loading", "true");
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  g_assert_cmpstr (pl_case_item_get_name (rig->window->current), !=, first);
  window_rig_activate (rig, "previous-case");
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  g_assert_cmpstr (pl_case_item_get_name (rig->window->current), ==, first);
  window_rig_activate (rig, "previous-case");
  g_assert_cmpstr (pl_case_item_get_name (rig->window->current), ==, first);
}

/* Faster than they load: the last one wins. */
static void
test_hurry (WindowRig *rig, gconstpointer data)
{
  PlCaseItem *last;

  window_rig_open_data (rig);
  for (int i = 0; i < WINDOW_RIG_CASES + 3; i++)
    window_rig_activate (rig, "next-case");
  last = rig->window->current;
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  window_rig_settle (rig);
  g_assert_true (rig->window->current == last);
  g_assert_true (pl_case_is_volume (pl_case_item_get_case (last)));
  g_assert_cmpint (pl_view_state_get_n_slices (rig->window->state), >, 1);
}

static void
test_file (WindowRig *rig, gconstpointer data)
{
  g_autofree char *name = any_name ("3d_images", "IMG_");
  g_autofree char *path = phantom_file ("3d_images", name);

  window_rig_open (rig, path);
  window_rig_wait (is_on_page (rig, "content"), 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  g_assert_cmpuint (count_cases (rig), ==, 1);
  g_assert_cmpint (pl_view_state_get_n_slices (rig->window->state), >=, 40);
}

/* A toast says that it failed, the list of problems says why, and both can be reached. */
static void
assert_problem_is_shown (WindowRig *rig, const char *summary, const char *reason)
{
  GtkWindow *problems;

  window_rig_wait (window_rig_shows (rig->window, summary), 10);
  g_assert_true (window_rig_has_problem (rig, summary, reason));
  g_assert_true (window_rig_is_enabled (rig, "show-problems"));
  window_rig_activate (rig, "show-problems");
  window_rig_wait (window_rig_find_toplevel ("PlProblemsWindow") != NULL, 10);
  problems = window_rig_find_toplevel ("PlProblemsWindow");
  window_rig_wait (window_rig_shows (problems, summary), 10);
  window_rig_wait (window_rig_shows (problems, reason), 10);
  g_assert_false (gtk_window_get_modal (problems)); /* and nobody has to close it first */
  window_rig_activate (rig, "show-problems");
  g_assert_true (rig->window->problems_window == problems);
}

static void
test_missing_folder (WindowRig *rig, gconstpointer data)
{
  window_rig_activate (rig, "open-recent::/nowhere/at/all");
  window_rig_wait (is_on_page (rig, "empty"), 20);
  assert_problem_is_shown (rig, "The images could not be opened", "/nowhere/at/all");
  g_assert_true (window_rig_has_problem (rig, "could not be opened", "moved or renamed"));
}

static gboolean
is_notice (GtkWidget *widget, gpointer text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         g_str_has_suffix (gtk_label_get_text (GTK_LABEL (widget)), text);
}

/* All of it, in more lines than one; not so before it has been given its place. */
static gboolean
is_wrapped (GtkWidget *label)
{
  PangoLayout *layout = gtk_label_get_layout (GTK_LABEL (label));

  return !pango_layout_is_ellipsized (layout) && pango_layout_get_line_count (layout) > 1;
}

/* A long notice has room for its end, and beside it for its button. */
static void
test_long_notice (WindowRig *rig, gconstpointer data)
{
  const char *text = "and because of that it goes on to the very end";
  g_autofree char *notice = g_strdup_printf (
      "This is more than fits in one line, however wide the window is made; it says more, %s",
      text);
  GtkWidget *label;
  double x;

  window_rig_open_data (rig);
  window_rig_settle (rig);
  pl_app_window_offer (rig->window, notice, "_Details", "win.show-problems");
  window_rig_wait (window_rig_find (GTK_WIDGET (rig->window), is_notice, (gpointer) text) != NULL,
                   10);
  label = window_rig_find (GTK_WIDGET (rig->window), is_notice, (gpointer) text);
  window_rig_wait (is_wrapped (label), 10);
  gtk_widget_translate_coordinates (label, GTK_WIDGET (rig->window->view_toasts),
                                    gtk_widget_get_width (label), 0, &x, NULL);
  g_assert_cmpfloat (x, <, gtk_widget_get_width (GTK_WIDGET (rig->window->view_toasts)));
}

/* The file is named, and nothing is said of its folder. */
static void
test_missing_file (WindowRig *rig, gconstpointer data)
{
  window_rig_open (rig, "/nowhere/image.nii.gz");
  window_rig_wait (is_on_page (rig, "empty"), 20);
  assert_problem_is_shown (rig, "“image.nii.gz” could not be opened", "/nowhere/image.nii.gz");
  g_assert_false (window_rig_has_problem (rig, "There are no images here", ""));
}

static void
test_bad_file (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_folder ("one-bad");
  g_autofree char *path = g_build_filename (folder, "wrong.nii.gz", NULL);

  write_file (folder, "wrong.nii.gz", "not a volume", -1);
  window_rig_open_data (rig);
  window_rig_open (rig, path);
  assert_problem_is_shown (rig, "“wrong.nii.gz” could not be opened", path);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rig->window->problems)), ==, 1);
  g_assert_cmpuint (count_cases (rig), ==, WINDOW_RIG_CASES);
}

static void
test_bad_files (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_folder ("two-bad");
  g_autoptr (GFile) text = g_file_new_build_filename (folder, "text.tif", NULL);
  g_autoptr (GFile) missing = g_file_new_build_filename (folder, "missing.nii", NULL);
  GFile *files[] = { text, missing };

  write_file (folder, "text.tif", "not a picture at all", -1);
  pl_app_window_open (rig->window, files, 2);
  window_rig_wait (window_rig_shows (rig->window, "2 files could not be opened"), 20);
  g_assert_true (is_on_page (rig, "empty"));
  g_assert_true (window_rig_has_problem (rig, "“text.tif” could not be opened", "text.tif"));
  g_assert_true (window_rig_has_problem (rig, "“missing.nii” could not be opened", "missing.nii"));
}

static void
test_remote_model (WindowRig *rig, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_uri ("http://nowhere.invalid/lungs.safetensors");

  pl_app_window_open_model (rig->window, file);
  window_rig_wait (window_rig_shows (rig->window, "Only files on this computer can be opened"), 10);
}

static GtkEventController *
find_drop_target (WindowRig *rig)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (rig->window));
  guint n = g_list_model_get_n_items (controllers);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return controller; /* the window keeps it */
    }
  g_assert_not_reached ();
}

/* What a file manager drops is opened. */
static void
test_drop (WindowRig *rig, gconstpointer data)
{
  g_autofree char *name = any_name ("3d_images", "IMG_");
  g_autoptr (GFile) file = g_file_new_build_filename (window_rig_data (), "3d_images", name, NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (window_rig_data ());
  GFile *both[] = { file, folder };

  for (gsize i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;
      gboolean is_taken = FALSE;

      g_value_init (&value, GDK_TYPE_FILE_LIST);
      g_value_take_boxed (&value, gdk_file_list_new_from_array (&both[i], 1));
      g_signal_emit_by_name (find_drop_target (rig), "drop", &value, 10.0, 10.0, &is_taken);
      g_assert_true (is_taken);
      window_rig_wait (is_on_page (rig, "content"), 20);
      window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
      g_assert_cmpuint (count_cases (rig), ==, i == 0 ? 1 : WINDOW_RIG_CASES);
    }
}

static void
test_empty_folder (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_folder ("nothing-in-it");

  window_rig_open (rig, folder);
  window_rig_wait (is_on_page (rig, "empty"), 20);
  assert_problem_is_shown (rig, "There are no images here", "nothing-in-it");
}

/* A bad choice leaves what was open. */
static void
test_missing_after_data (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "open-recent::/nowhere/at/all");
  window_rig_wait (is_on_page (rig, "content"), 20);
  assert_problem_is_shown (rig, "The images could not be opened", "/nowhere/at/all");
  g_assert_true (window_rig_has_problem (rig, "could not be opened", "moved or renamed"));
  g_assert_cmpuint (count_cases (rig), ==, WINDOW_RIG_CASES);
  window_rig_show_case (rig, 2);
}

/* Text as TIFF, no gzip, and half a volume, whose header is whole. */
static char *
make_broken_folder (void)
{
  char *folder = make_folder ("broken");
  g_autofree char *slice = any_name ("2d_images", "ID_");
  g_autofree char *volume = any_name ("3d_images", "IMG_");
  g_autofree char *slice_path = phantom_file ("2d_images", slice);
  g_autofree char *volume_path = phantom_file ("3d_images", volume);

  copy_part (slice_path, folder, "good.tif", 1);
  copy_part (volume_path, folder, "half.nii.gz", 0.5);
  copy_part (slice_path, folder, "short.tif", 0.01);
  write_file (folder, "text.tif", "not a picture at all", -1);
  write_file (folder, "noise.nii.gz", "\x1f\x8b\x08 and then nothing", -1);
  write_file (folder, "nothing.nii", "", 0);
  return folder;
}

static void
test_broken_files (WindowRig *rig, gconstpointer data)
{
  static const char *const left_out[] = { "text.tif", "noise.nii.gz", "nothing.nii" };
  g_autofree char *folder = make_broken_folder ();

  window_rig_open (rig, folder);
  window_rig_wait (is_on_page (rig, "content"), 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  for (gsize i = 0; i < G_N_ELEMENTS (left_out); i++)
    {
      g_autofree char *path = g_build_filename (folder, left_out[i], NULL);

      g_assert_true (window_rig_has_problem (rig, path, ""));
    }
  window_rig_wait (window_rig_shows (rig->window->case_list, "left out"), 10);
  g_assert_nonnull (pl_app_window_find_case (rig->window, "good.tif"));
}

/* What turns out to be broken only when it is looked at. */
static void
test_half_a_volume (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_broken_folder ();

  window_rig_open (rig, folder);
  window_rig_wait (is_on_page (rig, "content"), 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  g_assert_nonnull (pl_app_window_find_case (rig->window, "half.nii.gz"));
  window_rig_activate (rig, "case::half.nii.gz");
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  assert_problem_is_shown (rig, "“half.nii.gz” could not be opened", "copy it again");
  g_assert_null (pl_view_state_get_volume (rig->window->state));
  g_assert_false (window_rig_is_enabled (rig, "predict"));

  window_rig_activate (rig, "case::good.tif");
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  g_assert_nonnull (pl_view_state_get_volume (rig->window->state));
}

/* The first folder's answer comes after the second was chosen. */
static void
test_second_while_first (WindowRig *rig, gconstpointer data)
{
  g_autofree char *name = any_name ("2d_images", "ID_");
  g_autofree char *path = phantom_file ("2d_images", name);
  g_autofree char *folder = make_folder ("single");

  copy_part (path, folder, "single.tif", 1);
  window_rig_open (rig, window_rig_data ());
  window_rig_open (rig, folder);
  window_rig_wait (is_on_page (rig, "content"), 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  window_rig_settle (rig);
  g_assert_cmpuint (count_cases (rig), ==, 1);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (rig->window)), ==, "single – single");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rig->window->problems)), ==, 0);
}

/* The cases of one data set are gone while one of them loads. */
static void
test_second_while_case_loads (WindowRig *rig, gconstpointer data)
{
  g_autofree char *name = any_name ("2d_images", "ID_");
  g_autofree char *path = phantom_file ("2d_images", name);
  g_autofree char *folder = make_folder ("single");

  copy_part (path, folder, "single.tif", 1);
  window_rig_open (rig, window_rig_data ());
  window_rig_wait (window_rig_is (rig, "loading", "true"), 20);
  window_rig_open (rig, folder);
  window_rig_wait (count_cases (rig) == 1, 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  window_rig_assert_is (rig, "case", "'single.tif'");
  g_assert_cmpint (pl_view_state_get_n_slices (rig->window->state), ==, 1);
}

static void
test_cancel (WindowRig *rig, gconstpointer data)
{
  window_rig_open (rig, window_rig_data ());
  window_rig_activate (rig, "cancel");
  window_rig_wait (is_on_page (rig, "empty"), 20);
  g_assert_cmpuint (count_cases (rig), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rig->window->problems)), ==, 0);
  g_assert_false (window_rig_is_enabled (rig, "cancel"));
}

/* Nothing half made is left under its name. */
static void
test_cancel_sample_data (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder =
      g_build_filename (window_rig_scratch (), "cache", "pleura", "phantom", NULL);

  window_rig_activate (rig, "sample-data");
  window_rig_wait (window_rig_shows (rig->window, "Making sample data…"), 10);
  window_rig_wait (rig->window->opening.fraction > 0, 30);
  window_rig_activate (rig, "cancel");
  window_rig_wait (is_on_page (rig, "empty"), 30);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
}

static void
test_bad_model (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = make_folder ("models");
  g_autofree char *path = g_build_filename (folder, "bad.safetensors", NULL);

  write_file (folder, "bad.safetensors", "\xff\xff\xff\xff\xff\xff\xff\x7f{}", -1);
  window_rig_open (rig, path);
  window_rig_wait (g_list_model_get_n_items (G_LIST_MODEL (rig->window->problems)) > 0, 20);
  g_assert_true (window_rig_has_problem (rig, "", "bad.safetensors"));
  g_assert_true (
      window_rig_has_problem (rig, path, "Copy the file again, or choose another model."));
  g_assert_null (rig->window->model);
  g_assert_true (is_on_page (rig, "empty"));
}

static void
test_close_while_opening (WindowRig *rig, gconstpointer data)
{
  window_rig_open (rig, window_rig_data ());
  window_rig_activate (rig, "close");
  window_rig_wait (rig->window == NULL, 20);
}

static void
test_close_while_loading (WindowRig *rig, gconstpointer data)
{
  window_rig_open (rig, window_rig_data ());
  window_rig_wait (window_rig_is (rig, "loading", "true"), 20);
  window_rig_activate (rig, "close");
  window_rig_wait (rig->window == NULL, 20);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-open/empty", test_empty);
  WINDOW_RIG_ADD ("/app/window-open/folder", test_folder);
  WINDOW_RIG_ADD ("/app/window-open/rows", test_rows);
  WINDOW_RIG_ADD ("/app/window-open/cases", test_cases);
  WINDOW_RIG_ADD ("/app/window-open/hurry", test_hurry);
  WINDOW_RIG_ADD ("/app/window-open/file", test_file);
  WINDOW_RIG_ADD ("/app/window-open/missing-folder", test_missing_folder);
  WINDOW_RIG_ADD ("/app/window-open/long-notice", test_long_notice);
  WINDOW_RIG_ADD ("/app/window-open/missing-file", test_missing_file);
  WINDOW_RIG_ADD ("/app/window-open/bad-file", test_bad_file);
  WINDOW_RIG_ADD ("/app/window-open/bad-files", test_bad_files);
  WINDOW_RIG_ADD ("/app/window-open/remote-model", test_remote_model);
  WINDOW_RIG_ADD ("/app/window-open/drop", test_drop);
  WINDOW_RIG_ADD ("/app/window-open/empty-folder", test_empty_folder);
  WINDOW_RIG_ADD ("/app/window-open/missing-after-data", test_missing_after_data);
  WINDOW_RIG_ADD ("/app/window-open/broken-files", test_broken_files);
  WINDOW_RIG_ADD ("/app/window-open/half-a-volume", test_half_a_volume);
  WINDOW_RIG_ADD ("/app/window-open/second-while-first", test_second_while_first);
  WINDOW_RIG_ADD ("/app/window-open/second-while-case-loads", test_second_while_case_loads);
  WINDOW_RIG_ADD ("/app/window-open/thumbnail-of-loaded", test_thumbnail_of_loaded);
  WINDOW_RIG_ADD ("/app/window-open/cancel", test_cancel);
  WINDOW_RIG_ADD ("/app/window-open/cancel-load", test_cancel_load);
  WINDOW_RIG_ADD ("/app/window-open/cancel-sample-data", test_cancel_sample_data);
  WINDOW_RIG_ADD ("/app/window-open/bad-model", test_bad_model);
  WINDOW_RIG_ADD ("/app/window-open/close-while-opening", test_close_while_opening);
  WINDOW_RIG_ADD ("/app/window-open/close-while-loading", test_close_while_loading);
  return window_rig_run ();
}
