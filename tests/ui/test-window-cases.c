/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of cases: what it shows and in which order, and what is taken from it and put back. */
#include "ui/window-rig.h"

#include "app/settings.h"

#include <glib/gstdio.h>
#include <math.h>

static guint
count_cases (WindowRig *rig)
{
  return g_list_model_get_n_items (G_LIST_MODEL (rig->window->cases));
}

/* In place of what is open. */
static void
open_another (WindowRig *rig, const char *path)
{
  window_rig_open (rig, path);
  window_rig_wait (rig->window->opening.cancellable == NULL, 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
}

/* (transfer none): the case at this place of the list, as it is shown. */
static PlCaseItem *
shown_case (WindowRig *rig, int place)
{
  PlCaseItem *first = pl_case_list_neighbour (rig->window->case_list, NULL, 0);

  return first == NULL || place == 0
             ? first
             : pl_case_list_neighbour (rig->window->case_list, first, place);
}

static gboolean
are_measured (WindowRig *rig)
{
  for (guint i = 0; i < WINDOW_RIG_CASES; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (rig->window->cases), i);

      if (isnan (pl_case_item_get_lung_size (item)))
        return FALSE;
    }
  return rig->window->measuring == NULL;
}

/* Volumes before slices, each from large to small; what was counted is counted once. */
static void
test_sort_by_size (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "pleura", "areas", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  double last = INFINITY;

  window_rig_open_data (rig);
  g_assert_true (isnan (pl_case_item_get_lung_size (shown_case (rig, 0))));
  window_rig_activate (rig, "case-sort::area");
  window_rig_wait (are_measured (rig), 20);
  window_rig_wait (pl_case_is_volume (pl_case_item_get_case (shown_case (rig, 0))), 5);
  window_rig_settle (rig);
  for (int i = 0; i < WINDOW_RIG_CASES; i++)
    {
      PlCaseItem *item = shown_case (rig, i);
      double size = pl_case_item_get_lung_size (item);

      if (i == WINDOW_RIG_CASES - WINDOW_RIG_SLICES)
        last = INFINITY;
      g_assert_true (pl_case_is_volume (pl_case_item_get_case (item)) ==
                     (i < WINDOW_RIG_CASES - WINDOW_RIG_SLICES));
      g_assert_cmpfloat (size, <=, last);
      g_assert_cmpfloat (size, >=, 0);
      last = size;
    }
  window_rig_wait (window_rig_shows (rig->window->case_list, " ml"), 20);
  g_assert_true (g_file_get_contents (path, &first, NULL, NULL));
  open_another (rig, window_rig_data ());
  window_rig_wait (are_measured (rig), 20);
  g_assert_true (g_file_get_contents (path, &second, NULL, NULL));
  g_assert_cmpstr (second, ==, first);
}

/* A case that was in view is there at once, the same volume as before, while memory allows. */
static void
test_keep_volumes (WindowRig *rig, gconstpointer data)
{
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlVolume) anew = NULL;
  PlCaseItem *item;

  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  item = rig->window->current;
  volume = pl_volume_ref (pl_view_state_get_volume (rig->window->state));
  window_rig_show_case (rig, 0);
  pl_app_window_show_case (rig->window, item);
  window_rig_assert_is (rig, "loading", "false");
  g_assert_true (pl_view_state_get_volume (rig->window->state) == volume);
  g_assert_nonnull (pl_view_state_get_truth (rig->window->state));

  pl_app_window_show_case (rig->window, shown_case (rig, 1));
  window_rig_assert_is (rig, "loading", "true");
  pl_app_window_show_case (rig->window, item); /* before that one has come */
  window_rig_assert_is (rig, "loading", "false");
  g_assert_true (rig->window->volume_is_current);
  g_assert_nonnull (pl_view_state_get_truth (rig->window->state));

  g_settings_set_double (pl_settings_get (), "volume-memory", 0);
  window_rig_show_case (rig, 0);
  window_rig_wait (volume->ref_count == 1, 20);
  pl_app_window_show_case (rig->window, item);
  window_rig_assert_is (rig, "loading", "true");
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  anew = pl_volume_ref (pl_view_state_get_volume (rig->window->state));
  g_assert_true (anew != volume);
}

/* Nothing of one data set stays when another is opened. */
static void
test_forget_volumes (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  g_assert_cmpuint (pl_volume_cache_get_bytes (rig->window->volumes), >, 64 * 64 * 20);
  open_another (rig, window_rig_data ());
  g_assert_cmpuint (pl_volume_cache_get_bytes (rig->window->volumes), <=, 64 * 64 * 9);
}

/* A copy of a phantom's file, so that a test can add to it. */
static void
copy_file (const char *from, const char *folder, const char *name)
{
  g_autoptr (GFile) source = g_file_new_build_filename (window_rig_data (), from, NULL);
  g_autoptr (GFile) target = g_file_new_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_sort (WindowRig *rig, gconstpointer data)
{
  PlCaseItem *second;

  window_rig_open_data (rig);
  second = shown_case (rig, 1);
  g_assert_false (pl_case_is_volume (pl_case_item_get_case (shown_case (rig, 0))));
  window_rig_activate (rig, "case-sort::slices");
  window_rig_assert_is (rig, "case-sort", "'slices'");
  g_assert_true (pl_case_is_volume (pl_case_item_get_case (shown_case (rig, 0))));

  window_rig_activate (rig, "case-sort::dice");
  pl_case_item_set_dice (second, 0.25);
  pl_case_list_update (rig->window->case_list);
  window_rig_wait (shown_case (rig, 0) == second, 10);

  window_rig_activate (rig, "case-sort::name");
  g_assert_true (shown_case (rig, 1) == second);
  window_rig_activate (rig, "case-sort::colour");
  window_rig_assert_is (rig, "case-sort", "'name'");
}

/* The next case is the next one shown; the case in view stays when it is left out. */
static void
test_filter (WindowRig *rig, gconstpointer data)
{
  PlCaseItem *in_view;
  PlCaseItem *tested;

  window_rig_open_data (rig);
  in_view = rig->window->current;
  tested = shown_case (rig, 3);
  pl_case_item_set_group (tested, PL_GROUP_TEST);
  g_assert_false (window_rig_shows (rig->window->case_list, "1 of 14 cases"));
  window_rig_activate (rig, "case-filter::test");
  window_rig_wait (window_rig_shows (rig->window->case_list, "1 of 14 cases"), 20);
  g_assert_true (rig->window->current == in_view);
  window_rig_activate (rig, "next-case");
  g_assert_true (rig->window->current == tested);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);

  window_rig_activate (rig, "case-filter::without-mask");
  g_assert_null (shown_case (rig, 0));
  window_rig_wait (window_rig_shows (rig->window->case_list, "No matching cases"), 20);
  open_another (rig, window_rig_data ()); /* what is opened is seen */
  window_rig_assert_is (rig, "case-filter", "'all'");
  g_assert_nonnull (shown_case (rig, WINDOW_RIG_CASES - 1));
}

static void
test_remove (WindowRig *rig, gconstpointer data)
{
  PlCaseItem *first;
  PlCaseItem *second;
  PlCaseItem *third;

  window_rig_open_data (rig);
  first = shown_case (rig, 0);
  second = shown_case (rig, 1);
  third = shown_case (rig, 2);
  g_assert_false (window_rig_is_enabled (rig, "restore-case"));
  window_rig_activate (rig, "remove-case");
  g_assert_true (rig->window->current == second);
  window_rig_activate (rig, "remove-case");
  g_assert_true (rig->window->current == third);
  g_assert_cmpuint (count_cases (rig), ==, WINDOW_RIG_CASES - 2);
  g_assert_cmpuint (rig->window->dataset->cases->len, ==, WINDOW_RIG_CASES - 2);
  window_rig_wait (window_rig_shows (rig->window, "was removed from the list"), 10);
  g_assert_true (g_str_has_prefix (window_rig_label (rig->window->train_panel, "status_label"),
                                   "12 cases have masks"));

  window_rig_activate (rig, "restore-case");
  g_assert_true (rig->window->current == second);
  window_rig_activate (rig, "restore-case");
  g_assert_true (rig->window->current == first);
  g_assert_false (window_rig_is_enabled (rig, "restore-case"));
  g_assert_true (shown_case (rig, 0) == first);
  g_assert_true (shown_case (rig, 1) == second);
  for (guint i = 0; i < WINDOW_RIG_CASES; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (rig->window->cases), i);
      const PlCase *source = g_ptr_array_index (rig->window->dataset->cases, i);

      g_assert_cmpstr (pl_case_item_get_name (item), ==, source->name);
    }
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  g_assert_nonnull (pl_view_state_get_volume (rig->window->state));
}

/* Nothing is left to be seen, and the way back is there. */
static void
test_remove_the_only_one (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (window_rig_scratch (), "one", NULL);
  g_autofree char *path = g_build_filename (folder, "one.tif", NULL);
  g_autoptr (PlCaseItem) any = NULL;

  window_rig_open_data (rig);
  any = g_object_ref (rig->window->current);
  copy_file (pl_case_item_get_name (any), folder, "one.tif");
  open_another (rig, path);
  window_rig_activate (rig, "remove-case");
  g_assert_null (rig->window->current);
  g_assert_null (pl_view_state_get_volume (rig->window->state));
  g_assert_false (window_rig_is_enabled (rig, "remove-case"));
  g_assert_false (window_rig_is_enabled (rig, "train"));
  window_rig_activate (rig, "restore-case");
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  window_rig_assert_is (rig, "case", "'one.tif'");
  g_assert_nonnull (pl_view_state_get_volume (rig->window->state));
}

/* Another data set has nothing to put back. */
static void
test_remove_then_open (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "remove-case");
  open_another (rig, window_rig_data ());
  g_assert_cmpuint (count_cases (rig), ==, WINDOW_RIG_CASES);
  g_assert_false (window_rig_is_enabled (rig, "restore-case"));
}

/* A row's picture is on disk, and comes from there. */
static void
test_thumbnails (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder =
      g_build_filename (window_rig_scratch (), "cache", "pleura", "thumbnails", NULL);
  g_autoptr (GDir) dir = NULL;
  const char *name;
  guint n = 0;

  window_rig_open_data (rig);
  window_rig_wait (pl_case_item_get_thumbnail (rig->window->current) != NULL, 20);
  dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      n++;
      g_assert_true (g_file_set_contents (path, "broken", -1, NULL));
    }
  g_assert_cmpuint (n, >, 0);
  open_another (rig, window_rig_data ());
  window_rig_wait (pl_case_item_get_thumbnail (rig->window->current) != NULL, 20);
  g_assert_true (GDK_IS_TEXTURE (pl_case_item_get_thumbnail (rig->window->current)));
}

static GtkWindow *
find_properties (void)
{
  return window_rig_find_toplevel ("PlPropertiesWindow");
}

/* Of a slice in view: what its header says, and what is measured in its mask. */
static void
test_properties (WindowRig *rig, gconstpointer data)
{
  const PlCase *source;

  window_rig_open_data (rig);
  source = pl_case_item_get_case (rig->window->current);
  window_rig_activate (rig, "case-properties");
  window_rig_wait (window_rig_shows (find_properties (), source->image_path), 10);
  window_rig_wait (window_rig_shows (find_properties (), source->mask_path), 20);
  window_rig_wait (window_rig_shows (find_properties (), "TIFF"), 20);
  window_rig_wait (window_rig_shows (find_properties (), "1 × 64 × 64"), 20);
  window_rig_wait (window_rig_shows (find_properties (), "int16"), 20);
  window_rig_wait (window_rig_shows (find_properties (), "15th percentile (PD15)"), 20);
  window_rig_wait (window_rig_shows (find_properties (), "Ground Truth"), 20);
  window_rig_wait (window_rig_shows (find_properties (), "Range"), 20);
  window_rig_wait (window_rig_shows (find_properties (), " HU"), 20);
  g_assert_false (window_rig_shows (find_properties (), "do not look like"));
  gtk_window_close (find_properties ());
  window_rig_wait (find_properties () == NULL, 10);
}

/* Of a volume that is not loaded yet. */
static void
test_properties_of_volume (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "case-sort::slices");
  pl_app_window_show_case (rig->window, shown_case (rig, 0));
  window_rig_assert_is (rig, "loading", "true");
  window_rig_activate (rig, "case-properties");
  window_rig_wait (window_rig_shows (find_properties (), "Slices, rows, columns"), 20);
  window_rig_wait (window_rig_shows (find_properties (), "NIfTI-1"), 20);
  window_rig_wait (window_rig_shows (find_properties (), " ml"), 20);
  window_rig_wait (window_rig_shows (find_properties (), "Fields of the header"), 20);
  gtk_window_close (find_properties ());
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
}

/* Before it is read, and with the window it belongs to. */
static void
test_close_properties (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "case-properties");
  gtk_window_close (find_properties ());
  window_rig_wait (find_properties () == NULL, 10);
  window_rig_activate (rig, "case-properties");
  window_rig_activate (rig, "close");
  window_rig_wait (rig->window == NULL, 10);
  window_rig_wait (find_properties () == NULL, 10);
}

/* What cannot be read is said. */
static void
test_properties_of_broken (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (window_rig_scratch (), "gone", NULL);
  g_autofree char *path = g_build_filename (folder, "gone.tif", NULL);

  window_rig_open_data (rig);
  copy_file (pl_case_item_get_name (rig->window->current), folder, "gone.tif");
  open_another (rig, path);
  g_assert_true (g_file_set_contents (path, "II*", 3, NULL));
  rig->window->volume_is_current = FALSE;
  window_rig_activate (rig, "case-properties");
  window_rig_wait (window_rig_shows (find_properties (), "gone.tif: "), 10);
  gtk_window_close (find_properties ());
}

/* A volume into slices and back: the same voxels. */
static void
test_bundle (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (window_rig_scratch (), "apart", NULL);
  g_autofree char *path = g_build_filename (window_rig_scratch (), "joined.nii.gz", NULL);
  g_autoptr (PlVolume) joined = NULL;
  PlVolume *volume;

  window_rig_open_data (rig);
  g_assert_false (window_rig_is_enabled (rig, "unbundle-volume"));
  window_rig_show_volume (rig);
  g_assert_true (window_rig_is_enabled (rig, "unbundle-volume"));
  pl_app_window_unbundle (rig->window, folder);
  g_assert_false (window_rig_is_enabled (rig, "bundle-slices"));
  window_rig_wait (window_rig_shows (rig->window, "slices were written to “apart”"), 20);
  pl_app_window_bundle (rig->window, folder, path, 2.5);
  window_rig_wait (window_rig_shows (rig->window, "slices were written to “joined.nii.gz”"), 20);
  joined = pl_volume_load (path, NULL, NULL, NULL);
  g_assert_nonnull (joined);
  volume = pl_view_state_get_volume (rig->window->state);
  g_assert_cmpint (joined->n[0], ==, volume->n[0]);
  g_assert_cmpfloat_with_epsilon (joined->spacing_mm[0], 2.5, 1e-6);
  g_assert_cmpstr (joined->orientation, ==, "");
  for (int s = 0; s < volume->n[0]; s += 7)
    g_assert_cmpfloat (pl_volume_value (joined, s, 20, 30), ==,
                       pl_volume_value (volume, s, 20, 30));
}

/* The slices of a data set do not tell how far they are from each other. */
static void
test_bundle_assumes (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = g_build_filename (window_rig_scratch (), "assumed.nii.gz", NULL);

  window_rig_open_data (rig);
  folder = g_path_get_dirname (pl_case_item_get_case (rig->window->current)->image_path);
  pl_app_window_bundle (rig->window, folder, path, 0);
  window_rig_wait (window_rig_shows (rig->window, "not known: 1 mm is assumed"), 20);
}

/* What does not work is said. */
static void
test_bundle_nothing (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  pl_app_window_bundle (rig->window, "/nowhere/at/all", "/nowhere/volume.nii.gz", 1);
  window_rig_wait (window_rig_has_problem (rig, "The slices could not be joined", "/nowhere"), 20);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-cases/sort", test_sort);
  WINDOW_RIG_ADD ("/app/window-cases/sort-by-size", test_sort_by_size);
  WINDOW_RIG_ADD ("/app/window-cases/filter", test_filter);
  WINDOW_RIG_ADD ("/app/window-cases/keep-volumes", test_keep_volumes);
  WINDOW_RIG_ADD ("/app/window-cases/forget-volumes", test_forget_volumes);
  WINDOW_RIG_ADD ("/app/window-cases/remove", test_remove);
  WINDOW_RIG_ADD ("/app/window-cases/remove-the-only-one", test_remove_the_only_one);
  WINDOW_RIG_ADD ("/app/window-cases/remove-then-open", test_remove_then_open);
  WINDOW_RIG_ADD ("/app/window-cases/thumbnails", test_thumbnails);
  WINDOW_RIG_ADD ("/app/window-cases/properties", test_properties);
  WINDOW_RIG_ADD ("/app/window-cases/properties-of-volume", test_properties_of_volume);
  WINDOW_RIG_ADD ("/app/window-cases/close-properties", test_close_properties);
  WINDOW_RIG_ADD ("/app/window-cases/properties-of-broken", test_properties_of_broken);
  WINDOW_RIG_ADD ("/app/window-cases/bundle", test_bundle);
  WINDOW_RIG_ADD ("/app/window-cases/bundle-assumes", test_bundle_assumes);
  WINDOW_RIG_ADD ("/app/window-cases/bundle-nothing", test_bundle_nothing);
  return window_rig_run ();
}
