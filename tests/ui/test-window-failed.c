/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A case that is in view without an image says why, and can be loaded again: by the button, by its
 * row, and by the keys that step through cases.
 */
#include "ui/window-rig.h"

#define CANCELLED "Loading was cancelled"
#define FAILED "The image could not be loaded"

static char *
volume_path (void)
{
  g_autofree char *folder = g_build_filename (window_rig_data (), "3d_images", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "IMG_"))
      return g_build_filename (folder, name, NULL);
  g_assert_not_reached ();
}

/* The first @share of a volume, whose header is whole. */
static void
write_part (const char *path, double share)
{
  g_autofree char *from = volume_path ();
  g_autofree char *bytes = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (from, &bytes, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents (path, bytes, (gssize) (share * (double) length), &error);
  g_assert_no_error (error);
}

/* Opens half a volume, alone, and waits until that has failed. Returns: its path. */
static char *
open_half (WindowRig *rig)
{
  char *path = g_build_filename (window_rig_scratch (), "half.nii.gz", NULL);

  write_part (path, 0.5);
  window_rig_open (rig, path);
  window_rig_wait (window_rig_shows (rig->window, FAILED), 20);
  window_rig_assert_is (rig, "loading", "false");
  return path;
}

/* Opens the phantom, and cancels its first case. */
static void
cancel_first (WindowRig *rig)
{
  window_rig_open (rig, window_rig_data ());
  window_rig_wait (window_rig_is (rig, "loading", "true"), 20);
  window_rig_activate (rig, "cancel");
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
}

static void
wait_until_loaded (WindowRig *rig)
{
  window_rig_wait (rig->window->volume_is_current && window_rig_is (rig, "loading", "false"), 20);
  g_assert_nonnull (pl_view_state_get_volume (rig->window->state));
  g_assert_false (window_rig_shows (rig->window, FAILED));
  g_assert_false (window_rig_shows (rig->window, CANCELLED));
  g_assert_false (window_rig_is_enabled (rig, "reload-case"));
}

static gboolean
has_focus (GtkWidget *widget)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (gtk_widget_get_root (widget)));

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

static void
activate_row (WindowRig *rig, guint position)
{
  g_signal_emit_by_name (window_rig_child (rig->window->case_list, "list"), "activate", position);
}

/* The button has the focus of the view that it stands for, and gives it back. */
static void
test_cancel (WindowRig *rig, gconstpointer data)
{
  cancel_first (rig);
  window_rig_wait (window_rig_shows (rig->window, CANCELLED), 10);
  g_assert_true (
      window_rig_shows (rig->window->view_pages, pl_case_item_get_name (rig->window->current)));
  g_assert_false (window_rig_shows (rig->window->case_list, "Failed"));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (rig->window->views)));
  g_assert_true (window_rig_is_enabled (rig, "reload-case"));
  g_assert_true (has_focus (rig->window->reload_button));

  g_assert_true (gtk_widget_activate (rig->window->reload_button));
  window_rig_wait (window_rig_is (rig, "loading", "true"), 20);
  g_assert_false (window_rig_is_enabled (rig, "reload-case"));
  wait_until_loaded (rig);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (rig->window->views)));
  g_assert_true (has_focus (GTK_WIDGET (rig->window->views)));
}

/* The row of the case in view loads what is not there, and leaves alone what is. */
static void
test_row (WindowRig *rig, gconstpointer data)
{
  cancel_first (rig);
  activate_row (rig, 0);
  window_rig_assert_is (rig, "loading", "true");
  wait_until_loaded (rig);
  activate_row (rig, 0);
  window_rig_assert_is (rig, "loading", "false");
}

/* A row's second click or Enter while its case loads does not begin anew. */
static void
test_row_while_loading (WindowRig *rig, gconstpointer data)
{
  GCancellable *loading;

  window_rig_open_data (rig);
  activate_row (rig, 1);
  loading = rig->window->loading.cancellable;
  g_assert_nonnull (loading);
  activate_row (rig, 1);
  g_assert_true (rig->window->loading.cancellable == loading);
  g_assert_false (g_cancellable_is_cancelled (loading));
  wait_until_loaded (rig);
}

/* Another case takes the place of one that was cancelled, which loads when it comes back. */
static void
test_next (WindowRig *rig, gconstpointer data)
{
  cancel_first (rig);
  g_assert_true (has_focus (rig->window->reload_button));
  window_rig_activate (rig, "next-case");
  g_assert_true (has_focus (GTK_WIDGET (rig->window->views)));
  wait_until_loaded (rig);
  g_assert_true (has_focus (GTK_WIDGET (rig->window->views)));
  window_rig_activate (rig, "previous-case");
  wait_until_loaded (rig);
}

/* The page says why, so does the row, and both until the file is whole. */
static void
test_truncated (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = open_half (rig);

  g_assert_true (has_focus (rig->window->reload_button));
  window_rig_wait (window_rig_shows (rig->window->view_pages, path), 10);
  g_assert_true (window_rig_shows (rig->window->view_pages, "copy it again"));
  g_assert_nonnull (strstr (pl_case_item_get_problem (rig->window->current), path));
  window_rig_wait (window_rig_shows (rig->window->case_list, "Failed"), 10);
  window_rig_activate (rig, "reload-case"); /* it is as it was */
  g_assert_true (window_rig_shows (rig->window->case_list, "Failed"));
  window_rig_wait (window_rig_shows (rig->window, FAILED), 20);

  write_part (path, 1);
  window_rig_activate (rig, "reload-case");
  wait_until_loaded (rig);
  g_assert_null (pl_case_item_get_problem (rig->window->current));
  window_rig_wait (!window_rig_shows (rig->window->case_list, "Failed"), 10);
  window_rig_wait (GDK_IS_TEXTURE (pl_case_item_get_thumbnail (rig->window->current)), 20);
}

static gboolean
is_badge (GtkWidget *widget, gpointer data)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), "Failed");
}

/* Who hears the row hears the reason. */
static void
test_badge (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = open_half (rig);
  GtkWidget *list = GTK_WIDGET (rig->window->case_list);
  GtkWidget *badge;

  window_rig_wait (window_rig_find (list, is_badge, NULL) != NULL, 10);
  badge = window_rig_find (list, is_badge, NULL);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (badge), ==,
                   pl_case_item_get_problem (rig->window->current));
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (badge),
                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
}

/* Where there is no other case to go to. */
static void
test_only_case (WindowRig *rig, gconstpointer data)
{
  static const char *const steps[] = { "next-case", "previous-case" };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *path = open_half (rig);

      write_part (path, 1);
      window_rig_activate (rig, steps[i]);
      window_rig_assert_is (rig, "loading", "true");
      wait_until_loaded (rig);
      window_rig_activate (rig, steps[i]);
      window_rig_assert_is (rig, "loading", "false");
    }
}

/* The page is of what happened last; the row of whether the file could be read. */
static void
test_cancel_after_failure (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = open_half (rig);

  window_rig_activate (rig, "reload-case");
  window_rig_activate (rig, "cancel");
  window_rig_wait (window_rig_shows (rig->window, CANCELLED), 20);
  window_rig_wait (window_rig_shows (rig->window->case_list, "Failed"), 10);
}

/* A montage of other cases is there all the same. */
static void
test_montage (WindowRig *rig, gconstpointer data)
{
  window_rig_activate (rig, "view::montage");
  cancel_first (rig);
  window_rig_wait (gtk_widget_get_mapped (rig->window->montage_view), 10);
  g_assert_false (window_rig_shows (rig->window, CANCELLED));
  g_assert_true (window_rig_is_enabled (rig, "reload-case"));
  window_rig_activate (rig, "view::planes");
  window_rig_wait (window_rig_shows (rig->window, CANCELLED), 10);
  g_assert_true (has_focus (rig->window->reload_button));
  window_rig_activate (rig, "view::montage");
  window_rig_wait (gtk_widget_get_mapped (rig->window->montage_view), 10);
}

/* The page is the pane that the view was. */
static void
test_panes (WindowRig *rig, gconstpointer data)
{
  cancel_first (rig);
  window_rig_activate (rig, "step-pane(-1)");
  g_assert_true (has_focus (GTK_WIDGET (rig->window->case_list)));
  window_rig_activate (rig, "step-pane(1)");
  g_assert_true (has_focus (rig->window->reload_button));
}

/* What is opened next begins without it. */
static void
test_other_data (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = open_half (rig);

  window_rig_open_data (rig);
  wait_until_loaded (rig);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-failed/cancel", test_cancel);
  WINDOW_RIG_ADD ("/app/window-failed/row", test_row);
  WINDOW_RIG_ADD ("/app/window-failed/row-while-loading", test_row_while_loading);
  WINDOW_RIG_ADD ("/app/window-failed/next", test_next);
  WINDOW_RIG_ADD ("/app/window-failed/truncated", test_truncated);
  WINDOW_RIG_ADD ("/app/window-failed/badge", test_badge);
  WINDOW_RIG_ADD ("/app/window-failed/only-case", test_only_case);
  WINDOW_RIG_ADD ("/app/window-failed/cancel-after-failure", test_cancel_after_failure);
  WINDOW_RIG_ADD ("/app/window-failed/montage", test_montage);
  WINDOW_RIG_ADD ("/app/window-failed/panes", test_panes);
  WINDOW_RIG_ADD ("/app/window-failed/other-data", test_other_data);
  return window_rig_run ();
}
