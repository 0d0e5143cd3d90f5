/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real keys, sent by xdotool through the X server to the window that has the focus: what a person's
 * keyboard does. Run alone, since all windows of a display share the focus.
 */
#include "app/plane-pane-private.h"
#include "app/runs-window-private.h"
#include "app/slice-view-private.h"

#include "ui/window-rig.h"

#include <gdk/x11/gdkx.h>
#include <math.h>

static void
run (const char *const *arguments)
{
  g_autoptr (GSubprocess) xdotool = NULL;
  g_autoptr (GError) error = NULL;

  xdotool = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (xdotool, NULL, &error);
  g_assert_no_error (error);
}

static void
run_xdotool (const char *command, const char *argument)
{
  g_test_message ("%s %s", command, argument);
  run ((const char *const[]){ "xdotool", command, argument, NULL });
}

static void
press (const char *key)
{
  run_xdotool ("key", key);
}

/* Puts the pointer there in the widget. */
static void
point (GtkWidget *widget, double x, double y)
{
  GtkNative *native = gtk_widget_get_native (widget);
  g_autofree char *xid =
      g_strdup_printf ("%lu", gdk_x11_surface_get_xid (gtk_native_get_surface (native)));
  g_autofree char *x_text = NULL;
  g_autofree char *y_text = NULL;
  double left;
  double top;

  gtk_native_get_surface_transform (native, &left, &top);
  gtk_widget_translate_coordinates (widget, GTK_WIDGET (native), x, y, &x, &y);
  x_text = g_strdup_printf ("%d", (int) (x + left));
  y_text = g_strdup_printf ("%d", (int) (y + top));
  run ((const char *const[]){ "xdotool", "mousemove", "--window", xid, x_text, y_text, NULL });
}

static gboolean
is_possible (void)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  if (xdotool != NULL && GDK_IS_X11_DISPLAY (gdk_display_get_default ()))
    return TRUE;
  g_test_skip ("needs xdotool and an X server");
  return FALSE;
}

/* Without a window manager nobody gives a window the focus. */
static void
focus (gpointer window)
{
  g_autofree char *xid = NULL;

  window_rig_wait (gtk_widget_get_mapped (window), 10);
  gdk_display_sync (gtk_widget_get_display (window)); /* there, too */
  xid = g_strdup_printf ("%lu",
                         gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (window))));
  run_xdotool ("windowfocus", xid);
  window_rig_wait (gtk_window_is_active (GTK_WINDOW (window)), 10);
}

/* A volume is in view and hears the keys. */
static gboolean
prepare (WindowRig *rig)
{
  if (!is_possible ())
    return FALSE;
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  focus (rig->window);
  pl_app_window_focus_view (rig->window);
  window_rig_activate (rig, "slice(5)");
  return TRUE;
}

/* Presses the key, and waits for the state. */
static void
press_for (WindowRig *rig, const char *key, const char *action, const char *state)
{
  press (key);
  window_rig_wait (window_rig_is (rig, action, state), 10);
}

static void
test_slices (WindowRig *rig, gconstpointer data)
{
  g_autofree char *last = NULL;

  if (!prepare (rig))
    return;
  last = g_strdup_printf ("%d", pl_view_state_get_n_slices (rig->window->state) - 1);
  press_for (rig, "Down", "slice", "6");
  press_for (rig, "Up", "slice", "5");
  press_for (rig, "Page_Down", "slice", "15");
  press_for (rig, "Page_Up", "slice", "5");
  press_for (rig, "Home", "slice", "0");
  press_for (rig, "End", "slice", last);
}

static void
test_presets (WindowRig *rig, gconstpointer data)
{
  if (!prepare (rig))
    return;
  press_for (rig, "2", "window-preset", "'mediastinum'");
  press_for (rig, "3", "window-preset", "'soft-tissue'");
  press_for (rig, "4", "window-preset", "'bone'");
  press_for (rig, "5", "window-preset", "'auto'");
  press_for (rig, "1", "window-preset", "'lung'");
}

static void
test_masks (WindowRig *rig, gconstpointer data)
{
  double opacity;

  if (!prepare (rig))
    return;
  press_for (rig, "s", "show-truth", "false");
  press_for (rig, "s", "show-truth", "true");
  opacity = pl_view_state_get_opacity (rig->window->state);
  press ("d");
  window_rig_wait (pl_view_state_get_opacity (rig->window->state) > opacity, 10);
  press ("a");
  window_rig_wait (pl_view_state_get_opacity (rig->window->state) < opacity + 0.01, 10);
}

static double
get_pan (WindowRig *rig, gboolean down)
{
  double x;
  double y;

  pl_view_state_get_pan (rig->window->state, &x, &y);
  return down ? y : x;
}

/* The image goes where the arrow points: what is in the middle was on the other side. */
static void
test_move_image (WindowRig *rig, gconstpointer data)
{
  if (!prepare (rig))
    return;
  pl_view_state_set_zoom (rig->window->state, 2, 0, 0);
  press ("alt+Right");
  window_rig_wait (get_pan (rig, FALSE) < 0, 10);
  g_assert_cmpfloat (get_pan (rig, TRUE), ==, 0);
  press ("alt+Left");
  window_rig_wait (get_pan (rig, FALSE) == 0, 10);
  press ("alt+Up");
  window_rig_wait (get_pan (rig, TRUE) > 0, 10);
  press ("alt+Down");
  window_rig_wait (get_pan (rig, TRUE) == 0, 10);
  g_assert_cmpfloat (pl_view_state_get_zoom (rig->window->state), ==, 2);
}

static void
test_views (WindowRig *rig, gconstpointer data)
{
  if (!prepare (rig))
    return;
  press_for (rig, "alt+2", "view", "'montage'");
  press_for (rig, "alt+3", "view", "'compare'");
  press_for (rig, "Down", "slice", "6");
  press_for (rig, "alt+4", "view", "'planes'");
  press_for (rig, "Page_Down", "slice", "7");
  press_for (rig, "alt+1", "view", "'slice'");
}

static void
test_cases (WindowRig *rig, gconstpointer data)
{
  PlCaseItem *volume;

  if (!prepare (rig))
    return;
  volume = rig->window->current;
  press ("p");
  window_rig_wait (rig->window->current != volume, 10);
  press ("n");
  window_rig_wait (rig->window->current == volume, 10);
}

/* Letters typed in the search are letters. */
static void
test_search (WindowRig *rig, gconstpointer data)
{
  GtkEditable *search;

  if (!prepare (rig))
    return;
  search = window_rig_child (rig->window->case_list, "search");
  press ("ctrl+f");
  window_rig_wait (gtk_widget_get_state_flags (GTK_WIDGET (search)) & GTK_STATE_FLAG_FOCUS_WITHIN,
                   10);
  press ("2");
  window_rig_wait (g_str_equal (gtk_editable_get_text (search), "2"), 10);
  window_rig_assert_is (rig, "window-preset", "'lung'");
}

/* Enter takes the first that fits, and what is pressed next is for the view. */
static void
test_search_and_enter (WindowRig *rig, gconstpointer data)
{
  GtkEditable *search;

  if (!prepare (rig))
    return;
  window_rig_show_case (rig, 0);
  search = window_rig_child (rig->window->case_list, "search");
  press ("ctrl+f");
  window_rig_wait (gtk_widget_get_state_flags (GTK_WIDGET (search)) & GTK_STATE_FLAG_FOCUS_WITHIN,
                   10);
  run_xdotool ("type", "IMG");
  press ("Return");
  window_rig_wait (rig->window->current != NULL &&
                       pl_case_is_volume (pl_case_item_get_case (rig->window->current)),
                   10);
  press_for (rig, "2", "window-preset", "'mediastinum'");
  g_assert_cmpstr (gtk_editable_get_text (search), ==, "IMG");
}

static void
test_panel_and_close (WindowRig *rig, gconstpointer data)
{
  if (!prepare (rig))
    return;
  press_for (rig, "F8", "show-training", "true");
  press_for (rig, "F9", "show-cases", "false");
  press ("ctrl+w");
  window_rig_wait (rig->window == NULL, 10);
}

static gboolean
has_action (GtkWidget *widget, gpointer action)
{
  return GTK_IS_ACTIONABLE (widget) && gtk_widget_get_mapped (widget) &&
         g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0;
}

/* Goes with Tab from control to control until the one that does @action has the focus. */
static void
tab_to (WindowRig *rig, const char *action)
{
  for (int i = 0; i < 120; i++)
    {
      GtkWidget *before = gtk_window_get_focus (GTK_WINDOW (rig->window));

      if (before != NULL && has_action (before, (gpointer) action))
        return;
      press ("Tab");
      window_rig_wait (gtk_window_get_focus (GTK_WINDOW (rig->window)) != before, 10);
    }
  g_error ("Tab does not come to %s", action);
}

/* (nullable): a dialog that can be seen. */
static GtkWindow *
find_chooser (void)
{
  return window_rig_find_toplevel ("GtkFileChooserDialog");
}

/* In a dialog for files that has just been asked for. */
static void
type_path (WindowRig *rig, const char *path)
{
  window_rig_wait (find_chooser () != NULL, 10);
  focus (find_chooser ());
  window_rig_settle (rig); /* its folder is listed, and its entry has the focus */
  press ("ctrl+a");
  run_xdotool ("type", path);
  press ("Return");
}

static void
open_and_train (WindowRig *rig)
{
  focus (rig->window);
  press ("ctrl+shift+o");
  type_path (rig, window_rig_data ());
  window_rig_wait (rig->window->volume_is_current && window_rig_is (rig, "loading", "false"), 20);
  focus (rig->window);
  press_for (rig, "F8", "show-training", "true");
  window_rig_fill_setup (rig, 3);
  tab_to (rig, "win.train");
  press ("space");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  press_for (rig, "F8", "show-training", "false");
}

static void
find_and_browse (WindowRig *rig)
{
  press ("ctrl+f");
  run_xdotool ("type", "IMG");
  press ("Return");
  window_rig_wait (pl_view_state_get_n_slices (rig->window->state) > 20, 10);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  press_for (rig, "Home", "slice", "0");
  press_for (rig, "Page_Down", "slice", "10");
  press_for (rig, "2", "window-preset", "'mediastinum'");
}

static void
compare (WindowRig *rig)
{
  window_rig_wait (window_rig_is_enabled (rig, "predict"), 20);
  press ("ctrl+p");
  window_rig_wait (pl_view_state_get_prediction (rig->window->state) != NULL, 60);
  press_for (rig, "alt+3", "view", "'compare'");
  tab_to (rig, "win.compare-truth");
  press_for (rig, "space", "compare-truth", "false");
  tab_to (rig, "win.compare-outline");
  press_for (rig, "space", "compare-outline", "true");
  press_for (rig, "ctrl+z", "compare-outline", "false");
  press_for (rig, "ctrl+z", "compare-truth", "true");
}

/* (nullable) (transfer full): what was measured in the view that hears the keys. */
static char *
dup_length (WindowRig *rig)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (rig->window));

  return PL_IS_SLICE_VIEW (focus) ? pl_slice_view_dup_length (PL_SLICE_VIEW (focus)) : NULL;
}

static gboolean
length_is (WindowRig *rig, const char *expected)
{
  g_autofree char *length = dup_length (rig);

  return g_strcmp0 (length, expected) == 0;
}

static gboolean
probe_is (WindowRig *rig, int row, int column)
{
  int found_row;
  int found_column;

  pl_view_state_get_probe (rig->window->state, &found_row, &found_column);
  return found_row == row && found_column == column;
}

/* From the phantom's middle, 11 pixels to the left. */
static void
measure (WindowRig *rig)
{
  PlVolume *volume = pl_view_state_get_volume (rig->window->state);
  g_autofree char *expected = g_strdup_printf ("%.1f mm", 11 * volume->spacing_mm[2]);

  pl_app_window_focus_view (rig->window);
  press_for (rig, "m", "ruler", "true");
  press ("Return");
  window_rig_wait (length_is (rig, "0.0 mm"), 10);
  press ("ctrl+Left");
  window_rig_wait (probe_is (rig, 32, 31), 10);
  press ("ctrl+shift+Left");
  window_rig_wait (probe_is (rig, 32, 21), 10);
  press ("Return");
  press ("ctrl+Up");
  window_rig_wait (probe_is (rig, 31, 21), 10);
  g_assert_true (length_is (rig, expected));
}

/* Gray levels of a region around the probe. */
static void
choose_region (WindowRig *rig)
{
  press_for (rig, "w", "region", "true");
  press ("Return");
  press ("ctrl+shift+Down");
  window_rig_wait (probe_is (rig, 41, 21), 10);
  press ("ctrl+shift+Right");
  window_rig_wait (probe_is (rig, 41, 31), 10);
  press_for (rig, "Return", "window-preset", "'custom'");
  window_rig_assert_is (rig, "region", "false");
}

/* From nothing to the comparison, and out as a file, without a pointer. */
static void
test_whole_way (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = g_build_filename (window_rig_scratch (), "by-keys.nii.gz", NULL);

  if (!is_possible ())
    return;
  open_and_train (rig);
  find_and_browse (rig);
  compare (rig);
  measure (rig);
  choose_region (rig);
  press_for (rig, "alt+1", "view", "'slice'");

  window_rig_wait (window_rig_is_enabled (rig, "export-mask"), 20);
  press ("ctrl+s");
  type_path (rig, path);
  window_rig_wait (g_file_test (path, G_FILE_TEST_EXISTS), 20);
}

static gboolean
crosshair_is_under_pointer (PlPlanePane *pane)
{
  PlReslice reslice;
  PlSlicePlace place;
  double x;
  double y;

  if (!pl_plane_pane_find_place (pane, &reslice, &place))
    return FALSE;
  pl_plane_pane_find_crosshair (pane, &reslice, &place, &x, &y);
  return fabs (x - pane->pointer_x) <= place.column_px &&
         fabs (y - pane->pointer_y) <= place.row_px;
}

/* The crosshair follows the pointer while Shift is held, and only then. */
static void
test_shift_moves_crosshair (WindowRig *rig, gconstpointer data)
{
  PlPlanePane *pane;
  double middle_x;
  double middle_y;

  if (!prepare (rig))
    return;
  press_for (rig, "alt+4", "view", "'planes'");
  window_rig_settle (rig);
  pane = PL_PLANE_PANE (gtk_window_get_focus (GTK_WINDOW (rig->window)));
  middle_x = gtk_widget_get_width (GTK_WIDGET (pane)) / 2.0;
  middle_y = gtk_widget_get_height (GTK_WIDGET (pane)) / 2.0;
  point (GTK_WIDGET (pane), middle_x - 40, middle_y - 30);
  window_rig_wait (fabs (pane->pointer_x - middle_x + 40) <= 1, 10);
  g_assert_false (crosshair_is_under_pointer (pane));
  run_xdotool ("keydown", "shift");
  point (GTK_WIDGET (pane), middle_x + 40, middle_y - 30);
  window_rig_wait (crosshair_is_under_pointer (pane), 10);
  run_xdotool ("keyup", "shift");
  point (GTK_WIDGET (pane), middle_x + 40, middle_y + 30);
  window_rig_wait (fabs (pane->pointer_y - middle_y - 30) <= 1, 10);
  g_assert_false (crosshair_is_under_pointer (pane));
}

static gboolean
focus_is_in (WindowRig *rig, gpointer pane)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (rig->window));

  return focus != NULL && (focus == pane || gtk_widget_is_ancestor (focus, pane));
}

/* From pane to pane, and round; one that is not shown is left out. */
static void
test_panes (WindowRig *rig, gconstpointer data)
{
  if (!prepare (rig))
    return;
  press ("F6");
  window_rig_wait (focus_is_in (rig, rig->window->view_bar), 10);
  press ("F6");
  window_rig_wait (focus_is_in (rig, rig->window->case_list), 10);
  press ("F6");
  window_rig_wait (focus_is_in (rig, rig->window->views), 10);
  press ("shift+F6");
  window_rig_wait (focus_is_in (rig, rig->window->case_list), 10);
  window_rig_activate (rig, "show-training");
  window_rig_wait (gtk_widget_get_mapped (GTK_WIDGET (rig->window->train_panel)), 10);
  press ("shift+F6");
  window_rig_wait (focus_is_in (rig, rig->window->train_panel), 10);
}

static void
test_escape (WindowRig *rig, gconstpointer data)
{
  if (!prepare (rig))
    return;
  press_for (rig, "k", "play", "true");
  press_for (rig, "m", "ruler", "true");
  press_for (rig, "Escape", "ruler", "false");
  window_rig_assert_is (rig, "play", "true");
  press_for (rig, "Escape", "play", "false");
  g_assert_false (window_rig_is_enabled (rig, "cancel"));
}

static gboolean
is_class_row (GtkWidget *widget, gpointer data)
{
  return ADW_IS_ENTRY_ROW (widget);
}

/* A name that was given is taken back; while one is being typed, its letters are. */
static void
test_undo_class (WindowRig *rig, gconstpointer data)
{
  GtkWidget *window;
  GtkEditable *row;

  if (!prepare (rig))
    return;
  window_rig_activate (rig, "classes");
  window = GTK_WIDGET (window_rig_find_toplevel ("PlClassesWindow"));
  focus (window);
  row = GTK_EDITABLE (window_rig_find (window, is_class_row, NULL));
  gtk_widget_grab_focus (GTK_WIDGET (row));
  press ("ctrl+a");
  run_xdotool ("type", "ab");
  window_rig_wait (g_str_equal (gtk_editable_get_text (row), "ab"), 10);
  press ("Return");
  window_rig_wait (g_str_equal (rig->window->dataset->class_names[0], "ab"), 10);
  run_xdotool ("type", "c");
  window_rig_wait (!g_str_equal (gtk_editable_get_text (row), "ab"), 10);
  press ("ctrl+z");
  window_rig_wait (g_str_equal (gtk_editable_get_text (row), "ab"), 10);
  g_assert_cmpstr (rig->window->dataset->class_names[0], ==, "ab");
  press ("ctrl+z");
  window_rig_wait (g_str_equal (rig->window->dataset->class_names[0], "lung"), 10);
  press ("ctrl+shift+z");
  window_rig_wait (g_str_equal (rig->window->dataset->class_names[0], "ab"), 10);
  press ("Escape");
  window_rig_wait (window_rig_find_toplevel ("PlClassesWindow") == NULL, 10);
}

/* The window of runs, with the focus, over @n of them. */
static PlRunsWindow *
open_runs (WindowRig *rig, guint n)
{
  PlRunsWindow *runs;

  press ("ctrl+h");
  window_rig_wait ((runs = (PlRunsWindow *) window_rig_find_toplevel ("PlRunsWindow")) != NULL, 10);
  focus (runs);
  window_rig_wait (runs->loading == NULL, 20);
  window_rig_wait (g_list_model_get_n_items (G_LIST_MODEL (runs->selection)) == n, 10);
  return runs;
}

/* Three runs of two epochs; the oldest is of the data set in view. */
static PlRunsWindow *
prepare_runs (WindowRig *rig)
{
  g_autofree char *folder = pl_run_default_folder ();

  pl_scratch_remove (folder);
  window_rig_train (rig, 2);
  for (int i = 0; i < 2; i++)
    {
      window_rig_wait (window_rig_is_enabled (rig, "train"), 20);
      window_rig_activate (rig, "train");
      window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
    }
  focus (rig->window);
  return open_runs (rig, 3);
}

/* Which of the list is the only one that is selected; −1: none is, or several are. */
static int
selected (PlRunsWindow *runs)
{
  g_autoptr (GtkBitset) all =
      gtk_selection_model_get_selection (GTK_SELECTION_MODEL (runs->selection));

  return gtk_bitset_get_size (all) == 1 ? (int) gtk_bitset_get_minimum (all) : -1;
}

static void
test_runs (WindowRig *rig, gconstpointer data)
{
  PlRunsWindow *runs;
  GtkWindow *dialog;

  if (!is_possible ())
    return;
  runs = prepare_runs (rig);
  press ("Down");
  window_rig_wait (selected (runs) == 1, 10);

  press ("F2");
  window_rig_wait ((dialog = window_rig_find_toplevel ("AdwMessageDialog")) != NULL, 10);
  focus (dialog);
  run_xdotool ("type", "abc");
  press ("Return");
  window_rig_wait (window_rig_find_toplevel ("AdwMessageDialog") == NULL, 10);
  focus (runs);
  window_rig_wait (runs->loading == NULL && window_rig_shows (runs, "abc"), 20);
  g_assert_cmpint (selected (runs), ==, 1);
  press ("Down");
  window_rig_wait (selected (runs) == 2, 10);
  press ("Up");
  window_rig_wait (selected (runs) == 1, 10);

  press ("Delete");
  window_rig_wait (runs->deleted->len == 1, 10);
  g_assert_cmpint (selected (runs), ==, 1);
  press ("Up");
  window_rig_wait (selected (runs) == 0, 10);
  press ("ctrl+z");
  window_rig_wait (runs->deleted->len == 0, 10);
  window_rig_wait (selected (runs) == 1, 10);
  press ("shift+Down");
  window_rig_wait (window_rig_shows (runs, "2 runs compared"), 10);
  press ("Up");
  window_rig_wait (selected (runs) == 1, 10);

  press ("Return");
  window_rig_wait (window_rig_shows (rig->window, "Looking back at"), 10);
  focus (runs);
  press ("Escape");
  window_rig_wait (window_rig_find_toplevel ("PlRunsWindow") == NULL, 10);
}

static gboolean
menu_is_shown (PlRunsWindow *runs)
{
  return gtk_widget_get_mapped (runs->menu);
}

static gboolean
is_open_button (GtkWidget *widget, gpointer data)
{
  GtkPopover *popover =
      GTK_IS_MENU_BUTTON (widget) ? gtk_menu_button_get_popover (GTK_MENU_BUTTON (widget)) : NULL;

  return popover != NULL && gtk_widget_get_mapped (GTK_WIDGET (popover));
}

static gboolean
is_label (GtkWidget *widget, gpointer text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text);
}

/* On the row of the run at this place of the list. */
static void
click_right (PlRunsWindow *runs, guint position)
{
  g_autoptr (PlRunItem) item = g_list_model_get_item (G_LIST_MODEL (runs->selection), position);
  const char *title = pl_run_item_get_info (item)->title;
  GtkWidget *label = window_rig_find (GTK_WIDGET (runs->list), is_label, (gpointer) title);

  point (label, 5, 5);
  run_xdotool ("click", "3");
}

/* By the key of menus, and by the other button, on a run that is not selected. */
static void
test_runs_menu (WindowRig *rig, gconstpointer data)
{
  PlRunsWindow *runs;

  if (!is_possible ())
    return;
  runs = prepare_runs (rig);
  press ("Down");
  window_rig_wait (selected (runs) == 1, 10);
  press ("Menu");
  window_rig_wait (menu_is_shown (runs), 10);
  press ("Escape");
  window_rig_wait (!menu_is_shown (runs), 10);
  press ("Down");
  window_rig_wait (selected (runs) == 2, 10);
  press ("shift+F10");
  window_rig_wait (menu_is_shown (runs), 10);
  press ("Escape");
  window_rig_wait (!menu_is_shown (runs), 10);
  window_rig_settle (rig); /* all is in its place */
  click_right (runs, 0);
  window_rig_wait (menu_is_shown (runs) && selected (runs) == 0, 10);
  press ("p"); /* Replay */
  window_rig_wait (g_list_model_get_n_items (G_LIST_MODEL (runs->selection)) == 4, 60);
  press ("Down");
  window_rig_wait (selected (runs) == 1, 10);
  press ("F10");
  window_rig_wait (window_rig_find (GTK_WIDGET (runs), is_open_button, NULL) != NULL, 10);
  press ("Escape");
  window_rig_wait (window_rig_find (GTK_WIDGET (runs), is_open_button, NULL) == NULL, 10);
}

/* Who has gone on in the main window meanwhile is told there. */
static void
test_replay_behind (WindowRig *rig, gconstpointer data)
{
  PlRunsWindow *runs;

  if (!is_possible ())
    return;
  runs = prepare_runs (rig);
  focus (rig->window);
  g_action_group_activate_action (G_ACTION_GROUP (runs), "replay-run", NULL);
  window_rig_wait (window_rig_shows (rig->window, "the weights are identical, bit by bit"), 60);
}

/* Keys of the search are its own; Enter leads to what is found, Escape back to all. */
static void
test_search_runs (WindowRig *rig, gconstpointer data)
{
  PlRunsWindow *runs;
  GListModel *listed;

  if (!is_possible ())
    return;
  runs = prepare_runs (rig);
  listed = G_LIST_MODEL (runs->selection);
  g_action_group_activate_action (G_ACTION_GROUP (runs), "set-run-title",
                                  g_variant_new_string ("xyz"));
  window_rig_wait (runs->loading == NULL, 20);
  press ("ctrl+f");
  run_xdotool ("type", "xyz");
  window_rig_wait (g_list_model_get_n_items (listed) == 1, 10);
  press ("Home");
  press ("Delete");
  window_rig_wait (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (runs->search_entry)), "yz"),
                   10);
  g_assert_cmpuint (runs->deleted->len, ==, 0);
  press ("Return");
  press ("Delete");
  window_rig_wait (runs->deleted->len == 1, 10);
  press ("ctrl+f");
  press ("Escape");
  window_rig_wait (g_list_model_get_n_items (listed) == 2, 10);
  press ("Down");
  window_rig_wait (selected (runs) == 1, 10);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-keys/slices", test_slices);
  WINDOW_RIG_ADD ("/app/window-keys/presets", test_presets);
  WINDOW_RIG_ADD ("/app/window-keys/masks", test_masks);
  WINDOW_RIG_ADD ("/app/window-keys/move-image", test_move_image);
  WINDOW_RIG_ADD ("/app/window-keys/views", test_views);
  WINDOW_RIG_ADD ("/app/window-keys/cases", test_cases);
  WINDOW_RIG_ADD ("/app/window-keys/search", test_search);
  WINDOW_RIG_ADD ("/app/window-keys/search-and-enter", test_search_and_enter);
  WINDOW_RIG_ADD ("/app/window-keys/panel-and-close", test_panel_and_close);
  WINDOW_RIG_ADD ("/app/window-keys/whole-way", test_whole_way);
  WINDOW_RIG_ADD ("/app/window-keys/shift-moves-crosshair", test_shift_moves_crosshair);
  WINDOW_RIG_ADD ("/app/window-keys/panes", test_panes);
  WINDOW_RIG_ADD ("/app/window-keys/escape", test_escape);
  WINDOW_RIG_ADD ("/app/window-keys/undo-class", test_undo_class);
  WINDOW_RIG_ADD ("/app/window-keys/runs", test_runs);
  WINDOW_RIG_ADD ("/app/window-keys/runs-menu", test_runs_menu);
  WINDOW_RIG_ADD ("/app/window-keys/search-runs", test_search_runs);
  WINDOW_RIG_ADD ("/app/window-keys/replay-behind", test_replay_behind);
  return window_rig_run ();
}
