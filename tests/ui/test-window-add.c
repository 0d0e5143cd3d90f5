/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is opened together or one after another: masks find their images, nothing is left out
 * without a word, and files are remembered as folders are.
 */
#include "ui/window-rig.h"

#include "app/settings.h"
#include "train/data-folder.h"

#include <glib/gstdio.h>
#include <string.h>

enum
{
  SIDE = 32,
};

static char *
make_path (const char *name)
{
  char *path = g_build_filename (window_rig_scratch (), "added", name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  return path;
}

static void
write_slice (const char *name, int rows, gboolean is_mask)
{
  const int n[3] = { 1, rows, SIDE };
  g_autofree char *folder = make_path ("");

  if (is_mask)
    data_folder_add_mask (folder, name, n);
  else
    data_folder_add_image (folder, name, n, PL_DTYPE_INT16, NULL);
}

/* @names: below the scratch folder; NULL-terminated */
static void
open_names (WindowRig *rig, const char *const *names)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  for (; *names != NULL; names++)
    {
      g_autofree char *path = make_path (*names);

      g_ptr_array_add (files, g_file_new_for_path (path));
    }
  pl_app_window_open (rig->window, (GFile **) files->pdata, (int) files->len);
}

static guint
count_cases (WindowRig *rig)
{
  return g_list_model_get_n_items (G_LIST_MODEL (rig->window->cases));
}

static gboolean
has_loaded (WindowRig *rig, const char *name)
{
  return rig->window->opening.cancellable == NULL && rig->window->current != NULL &&
         g_str_equal (pl_case_item_get_name (rig->window->current), name) &&
         rig->window->volume_is_current && window_rig_is (rig, "loading", "false");
}

/* Mask and image that lie apart are one case. */
static void
test_together (WindowRig *rig, gconstpointer data)
{
  const char *const names[] = { "here/x.tif", "there/x_mask.tif", NULL };

  write_slice ("here/x.tif", SIDE, FALSE);
  write_slice ("there/x_mask.tif", SIDE, TRUE);
  open_names (rig, names);
  window_rig_wait (has_loaded (rig, "here/x.tif"), 20);
  g_assert_cmpuint (count_cases (rig), ==, 1);
  g_assert_nonnull (pl_view_state_get_truth (rig->window->state));
}

/* The mask comes when its image is in view already. */
static void
test_later (WindowRig *rig, gconstpointer data)
{
  const char *const image[] = { "here/x.tif", NULL };
  const char *const mask[] = { "there/x_mask.tif", NULL };
  g_autofree char *path = make_path ("there/x_mask.tif");
  gboolean has_mask = FALSE;

  write_slice ("here/x.tif", SIDE, FALSE);
  write_slice ("there/x_mask.tif", SIDE, TRUE);
  open_names (rig, image);
  window_rig_wait (has_loaded (rig, "x.tif"), 20);
  g_assert_null (pl_view_state_get_truth (rig->window->state));
  open_names (rig, mask);
  window_rig_wait (window_rig_shows (rig->window, "“x_mask.tif” is the mask of “x.tif” now"), 20);
  window_rig_wait (pl_view_state_get_truth (rig->window->state) != NULL, 20);
  g_assert_cmpuint (count_cases (rig), ==, 1);
  g_object_get (rig->window->current, "has-mask", &has_mask, NULL);
  g_assert_true (has_mask);
  g_assert_cmpstr (((PlCase *) rig->window->dataset->cases->pdata[0])->mask_path, ==, path);
  window_rig_wait (window_rig_shows (rig->window->case_list, "Mask"), 10);

  open_names (rig, mask);
  window_rig_wait (window_rig_shows (rig->window, "“x_mask.tif” is open already"), 20);
}

/* Of a case that is not in view; it is there when it comes into view. */
static void
test_later_elsewhere (WindowRig *rig, gconstpointer data)
{
  const char *const images[] = { "here/x.tif", "here/y.tif", NULL };
  const char *const masks[] = { "there/y_mask.tif", NULL };

  write_slice ("here/x.tif", SIDE, FALSE);
  write_slice ("here/y.tif", SIDE, FALSE);
  write_slice ("there/y_mask.tif", SIDE, TRUE);
  open_names (rig, images);
  window_rig_wait (has_loaded (rig, "x.tif"), 20);
  window_rig_show_case (rig, 1); /* it is kept without a mask */
  window_rig_show_case (rig, 0);
  open_names (rig, masks);
  window_rig_wait (window_rig_shows (rig->window, "is the mask of “y.tif” now"), 20);
  g_assert_null (pl_view_state_get_truth (rig->window->state));
  window_rig_show_case (rig, 1);
  window_rig_wait (pl_view_state_get_truth (rig->window->state) != NULL, 20);
}

static gboolean
stays_out (WindowRig *rig, const char *name, const char *reason)
{
  g_autofree char *path = make_path (name);
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *toast = g_strdup_printf ("“%s” was left out: ", base);

  return window_rig_shows (rig->window, toast) && window_rig_has_problem (rig, path, reason);
}

/* What is open stays; the mask can be opened all the same. */
static void
test_refused (WindowRig *rig, gconstpointer data)
{
  const char *const image[] = { "here/x.tif", NULL };
  const char *const stranger[] = { "there/z_mask.tif", NULL };
  const char *const other[] = { "other/x_mask.tif", NULL };

  write_slice ("here/x.tif", SIDE, FALSE);
  write_slice ("there/z_mask.tif", SIDE, TRUE);
  write_slice ("other/x_mask.tif", SIDE + 1, TRUE);
  open_names (rig, image);
  window_rig_wait (has_loaded (rig, "x.tif"), 20);
  open_names (rig, other);
  window_rig_wait (stays_out (rig, other[0], "its shape is"), 20);
  g_assert_true (window_rig_has_problem (rig, "x_mask.tif", "Use the mask that was made for"));
  open_names (rig, stranger);
  window_rig_wait (stays_out (rig, stranger[0], "no image has its name"), 20);
  g_assert_null (pl_view_state_get_truth (rig->window->state));
  g_assert_true (has_loaded (rig, "x.tif"));
  window_rig_activate (rig, "open-left-out");
  window_rig_wait (has_loaded (rig, "z_mask.tif"), 20);
  g_assert_cmpuint (count_cases (rig), ==, 1);
}

/* A mask alone is an image where there is none that it could belong to. */
static void
test_mask_alone (WindowRig *rig, gconstpointer data)
{
  const char *const mask[] = { "there/x_mask.tif", NULL };

  write_slice ("there/x_mask.tif", SIDE, TRUE);
  open_names (rig, mask);
  window_rig_wait (has_loaded (rig, "x_mask.tif"), 20);
}

/* A folder with what came with it: a mask from elsewhere, a file of its own, and a stranger. */
static void
test_folder_and_files (WindowRig *rig, gconstpointer data)
{
  const char *const names[] = { "set/x.tif", "set", "there/x_mask.tif", "there/w.tif", NULL };

  write_slice ("set/x.tif", SIDE, FALSE);
  write_slice ("set/y.tif", SIDE, FALSE);
  write_slice ("there/x_mask.tif", SIDE, TRUE);
  write_slice ("there/w.tif", SIDE, FALSE);
  open_names (rig, names);
  window_rig_wait (has_loaded (rig, "x.tif"), 20);
  window_rig_wait (stays_out (rig, "there/w.tif", "not in the folder"), 20);
  g_assert_cmpuint (count_cases (rig), ==, 2);
  window_rig_wait (pl_view_state_get_truth (rig->window->state) != NULL, 20);
  g_assert_false (window_rig_has_problem (rig, "set/x.tif", ""));
  window_rig_activate (rig, "open-left-out");
  window_rig_wait (has_loaded (rig, "w.tif"), 20);
}

/* A file of the folder that it had to leave out: why is said again. */
static void
test_folder_and_bad_file (WindowRig *rig, gconstpointer data)
{
  const char *const names[] = { "bad-set", "bad-set/torn.tif", NULL };
  g_autofree char *folder = make_path ("bad-set/");

  write_slice ("bad-set/x.tif", SIDE, FALSE);
  data_folder_add_text (folder, "torn.tif", "no picture");
  open_names (rig, names);
  window_rig_wait (has_loaded (rig, "x.tif"), 20);
  window_rig_wait (stays_out (rig, names[1], "Save it again"), 20);
  g_assert_true (window_rig_shows (rig->window, "Save it again"));
}

/* Where the folder holds nothing, that is said, and the files are opened. */
static void
test_empty_folder_and_file (WindowRig *rig, gconstpointer data)
{
  const char *const names[] = { "nothing", "here/x.tif", NULL };
  g_autofree char *inside = make_path ("nothing/in-it");

  write_slice ("here/x.tif", SIDE, FALSE);
  open_names (rig, names);
  window_rig_wait (has_loaded (rig, "x.tif"), 20);
  g_assert_true (window_rig_has_problem (rig, "There are no images here", "nothing"));
}

/* What was opened before, newest first. */
static GMenuModel *
get_recent_section (WindowRig *rig)
{
  GMenuModel *menu = adw_split_button_get_menu_model (rig->window->open_button);

  return g_menu_model_get_item_link (menu, 1, G_MENU_LINK_SECTION);
}

static void
assert_recent (WindowRig *rig, int i, const char *label)
{
  g_autoptr (GMenuModel) section = get_recent_section (rig);
  g_autofree char *text = NULL;

  g_assert_cmpint (i, <, g_menu_model_get_n_items (section));
  g_assert_true (g_menu_model_get_item_attribute (section, i, G_MENU_ATTRIBUTE_LABEL, "s", &text));
  g_assert_cmpstr (text, ==, label);
}

static void
activate_recent (WindowRig *rig, int i)
{
  g_autoptr (GMenuModel) section = get_recent_section (rig);
  g_autoptr (GVariant) target =
      g_menu_model_get_item_attribute_value (section, i, G_MENU_ATTRIBUTE_TARGET, NULL);
  g_autofree char *action = NULL;

  g_assert_true (
      g_menu_model_get_item_attribute (section, i, G_MENU_ATTRIBUTE_ACTION, "s", &action));
  g_assert_true (g_str_has_prefix (action, "win."));
  g_action_group_activate_action (G_ACTION_GROUP (rig->window), action + strlen ("win."), target);
}

/* Files that were opened together are opened together again. */
static void
test_recent (WindowRig *rig, gconstpointer data)
{
  const char *const one[] = { "here/x_1.tif", NULL };
  const char *const two[] = { "here/x_1.tif", "here/y.tif", NULL };

  write_slice ("here/x_1.tif", SIDE, FALSE);
  write_slice ("here/y.tif", SIDE, FALSE);
  open_names (rig, one);
  window_rig_wait (has_loaded (rig, "x_1.tif"), 20);
  assert_recent (rig, 0, "x__1.tif");
  open_names (rig, two);
  window_rig_wait (count_cases (rig) == 2, 20);
  window_rig_open_data (rig);
  window_rig_wait (count_cases (rig) == WINDOW_RIG_CASES, 20);
  assert_recent (rig, 0, "phantom");
  assert_recent (rig, 1, "x__1.tif and 1 more");
  assert_recent (rig, 2, "x__1.tif");

  activate_recent (rig, 1);
  window_rig_wait (count_cases (rig) == 2, 20);
  window_rig_wait (has_loaded (rig, "x_1.tif"), 20);
  assert_recent (rig, 0, "x__1.tif and 1 more"); /* it moved to the front */
  assert_recent (rig, 1, "phantom");
  activate_recent (rig, 2);
  window_rig_wait (count_cases (rig) == 1, 20);
  window_rig_wait (has_loaded (rig, "x_1.tif"), 20);
}

/* The next start knows them; a file that is gone by then is missed as a file. */
static void
test_recent_kept (WindowRig *rig, gconstpointer data)
{
  const char *const one[] = { "gone/x.tif", NULL };
  g_autofree char *path = make_path (one[0]);
  g_autoptr (GMenuModel) section = NULL;

  write_slice (one[0], SIDE, FALSE);
  for (int i = 0; i < 8; i++) /* six are kept */
    {
      g_autofree char *name = g_strdup_printf ("here/n%d.tif", i);
      const char *const names[] = { name, NULL };
      g_autofree char *base = g_path_get_basename (name);

      write_slice (name, SIDE, FALSE);
      open_names (rig, names);
      window_rig_wait (has_loaded (rig, base), 20);
    }
  open_names (rig, one);
  window_rig_wait (has_loaded (rig, "x.tif"), 20);
  window_rig_settle (rig);
  window_rig_activate (rig, "close");
  window_rig_wait (rig->window == NULL, 20);
  g_assert_cmpint (g_unlink (path), ==, 0);

  window_rig_open_window (rig);
  section = get_recent_section (rig);
  g_assert_cmpint (g_menu_model_get_n_items (section), ==, 6);
  assert_recent (rig, 0, "x.tif");
  assert_recent (rig, 5, "n3.tif");
  activate_recent (rig, 0);
  window_rig_wait (window_rig_shows (rig->window, "“x.tif” could not be opened"), 20);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-add/together", test_together);
  WINDOW_RIG_ADD ("/app/window-add/later", test_later);
  WINDOW_RIG_ADD ("/app/window-add/later-elsewhere", test_later_elsewhere);
  WINDOW_RIG_ADD ("/app/window-add/refused", test_refused);
  WINDOW_RIG_ADD ("/app/window-add/mask-alone", test_mask_alone);
  WINDOW_RIG_ADD ("/app/window-add/folder-and-files", test_folder_and_files);
  WINDOW_RIG_ADD ("/app/window-add/folder-and-bad-file", test_folder_and_bad_file);
  WINDOW_RIG_ADD ("/app/window-add/empty-folder-and-file", test_empty_folder_and_file);
  WINDOW_RIG_ADD ("/app/window-add/recent", test_recent);
  WINDOW_RIG_ADD ("/app/window-add/recent-kept", test_recent_kept);
  return window_rig_run ();
}
