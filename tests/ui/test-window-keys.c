/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real keys, sent by xdotool through the X server to the window that has the focus: what a person's
 * keyboard does. Run alone, since all windows of a display share the focus.
 */
#include "app/plane-pane-private.h"
#include "app/slice-view-private.h"

#include "ui/key-rig.h"

#include <math.h>

/* A volume is in view and hears the keys. */
static gboolean
prepare (WindowRig *rig)
{
  if (!key_rig_is_possible ())
    return FALSE;
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  key_rig_focus (rig->window);
  pl_app_window_focus_view (rig->window);
  window_rig_activate (rig, "slice(5)");
  return TRUE;
}

/* Presses the key, and waits for the state. */
static void
press_for (WindowRig *rig, const char *key, const char *action, const char *state)
{
  key_rig_press (key);
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
  key_rig_press ("d");
  window_rig_wait (pl_view_state_get_opacity (rig->window->state) > opacity, 10);
  key_rig_press ("a");
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
  key_rig_press ("alt+Right");
  window_rig_wait (get_pan (rig, FALSE) < 0, 10);
  g_assert_cmpfloat (get_pan (rig, TRUE), ==, 0);
  key_rig_press ("alt+Left");
  window_rig_wait (get_pan (rig, FALSE) == 0, 10);
  key_rig_press ("alt+Up");
  window_rig_wait (get_pan (rig, TRUE) > 0, 10);
  key_rig_press ("alt+Down");
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
  key_rig_press ("p");
  window_rig_wait (rig->window->current != volume, 10);
  key_rig_press ("n");
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
  key_rig_press ("ctrl+f");
  window_rig_wait (gtk_widget_get_state_flags (GTK_WIDGET (search)) & GTK_STATE_FLAG_FOCUS_WITHIN,
                   10);
  key_rig_press ("2");
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
  key_rig_press ("ctrl+f");
  window_rig_wait (gtk_widget_get_state_flags (GTK_WIDGET (search)) & GTK_STATE_FLAG_FOCUS_WITHIN,
                   10);
  key_rig_type ("IMG");
  key_rig_press ("Return");
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
  key_rig_press ("ctrl+w");
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
      key_rig_press ("Tab");
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
  key_rig_focus (find_chooser ());
  window_rig_settle (rig); /* its folder is listed, and its entry has the focus */
  key_rig_press ("ctrl+a");
  key_rig_type (path);
  key_rig_press ("Return");
}

static void
open_and_train (WindowRig *rig)
{
  key_rig_focus (rig->window);
  key_rig_press ("ctrl+shift+o");
  type_path (rig, window_rig_data ());
  window_rig_wait (rig->window->volume_is_current && window_rig_is (rig, "loading", "false"), 20);
  key_rig_focus (rig->window);
  press_for (rig, "F8", "show-training", "true");
  window_rig_fill_setup (rig, 3);
  tab_to (rig, "win.train");
  key_rig_press ("space");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  press_for (rig, "F8", "show-training", "false");
}

static void
find_and_browse (WindowRig *rig)
{
  key_rig_press ("ctrl+f");
  key_rig_type ("IMG");
  key_rig_press ("Return");
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
  key_rig_press ("ctrl+p");
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
  key_rig_press ("Return");
  window_rig_wait (length_is (rig, "0.0 mm"), 10);
  key_rig_press ("ctrl+Left");
  window_rig_wait (probe_is (rig, 32, 31), 10);
  key_rig_press ("ctrl+shift+Left");
  window_rig_wait (probe_is (rig, 32, 21), 10);
  key_rig_press ("Return");
  key_rig_press ("ctrl+Up");
  window_rig_wait (probe_is (rig, 31, 21), 10);
  g_assert_true (length_is (rig, expected));
}

/* Gray levels of a region around the probe. */
static void
choose_region (WindowRig *rig)
{
  press_for (rig, "w", "region", "true");
  key_rig_press ("Return");
  key_rig_press ("ctrl+shift+Down");
  window_rig_wait (probe_is (rig, 41, 21), 10);
  key_rig_press ("ctrl+shift+Right");
  window_rig_wait (probe_is (rig, 41, 31), 10);
  press_for (rig, "Return", "window-preset", "'custom'");
  window_rig_assert_is (rig, "region", "false");
}

/* From nothing to the comparison, and out as a file, without a pointer. */
static void
test_whole_way (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = g_build_filename (window_rig_scratch (), "by-keys.nii.gz", NULL);

  if (!key_rig_is_possible ())
    return;
  open_and_train (rig);
  find_and_browse (rig);
  compare (rig);
  measure (rig);
  choose_region (rig);
  press_for (rig, "alt+1", "view", "'slice'");

  window_rig_wait (window_rig_is_enabled (rig, "export-mask"), 20);
  key_rig_press ("ctrl+s");
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
  key_rig_point (GTK_WIDGET (pane), middle_x - 40, middle_y - 30);
  window_rig_wait (fabs (pane->pointer_x - middle_x + 40) <= 1, 10);
  g_assert_false (crosshair_is_under_pointer (pane));
  key_rig_do ("keydown", "shift");
  key_rig_point (GTK_WIDGET (pane), middle_x + 40, middle_y - 30);
  window_rig_wait (crosshair_is_under_pointer (pane), 10);
  key_rig_do ("keyup", "shift");
  key_rig_point (GTK_WIDGET (pane), middle_x + 40, middle_y + 30);
  window_rig_wait (fabs (pane->pointer_y - middle_y - 30) <= 1, 10);
  g_assert_false (crosshair_is_under_pointer (pane));
}

/* On the planes, with the ruler: from a quarter to half of the pane across. */
static void
test_measure_by_hand (WindowRig *rig, gconstpointer data)
{
  g_autofree char *length = NULL;
  PlPlanePane *pane;
  PlReslice reslice;
  PlSlicePlace place;
  PlWindow window;
  double width;
  double height;

  if (!prepare (rig))
    return;
  press_for (rig, "alt+4", "view", "'planes'");
  window_rig_settle (rig);
  press_for (rig, "m", "ruler", "true");
  window = pl_view_state_get_window (rig->window->state);
  pane = PL_PLANE_PANE (gtk_window_get_focus (GTK_WINDOW (rig->window)));
  g_assert_true (pl_plane_pane_find_place (pane, &reslice, &place));
  width = 20 * place.column_px;
  height = gtk_widget_get_height (GTK_WIDGET (pane)) / 3.0;
  key_rig_point (GTK_WIDGET (pane), place.x_px + width, height);
  key_rig_do ("mousedown", "1");
  key_rig_point (GTK_WIDGET (pane), place.x_px + 1.5 * width, height);
  key_rig_point (GTK_WIDGET (pane), place.x_px + 2 * width, height);
  window_rig_wait (pane->tools.line.column1 - pane->tools.line.column0 > 19, 10);
  g_assert_cmpint (pane->tools.at_work, ==, PL_TOOL_RULER);
  key_rig_do ("mouseup", "1");
  window_rig_wait (pane->tools.at_work == PL_TOOL_NONE, 10);
  length = pl_plane_pane_dup_length (pane);
  g_assert_nonnull (length);
  g_assert_cmpfloat (pl_view_state_get_window (rig->window->state).width_hu, ==, window.width_hu);
}

/* Held it blinks, though the pane that heard it is gone meanwhile; Caps Lock does not matter. */
static void
test_blink (WindowRig *rig, gconstpointer data)
{
  static const char *const locks[] = { NULL, "Caps_Lock" };

  if (!prepare (rig))
    return;
  press_for (rig, "alt+3", "view", "'compare'");
  for (gsize i = 0; i < G_N_ELEMENTS (locks); i++)
    {
      GtkWidget *before = gtk_window_get_focus (GTK_WINDOW (rig->window));

      g_assert_true (PL_IS_SLICE_VIEW (before));
      if (locks[i] != NULL)
        key_rig_press (locks[i]);
      key_rig_do ("keydown", "b");
      window_rig_wait (window_rig_is (rig, "compare-blink", "true"), 10);
      window_rig_pause (0.3);
      window_rig_assert_is (rig, "compare-blink", "true");
      key_rig_do ("keyup", "b");
      window_rig_wait (window_rig_is (rig, "compare-blink", "false"), 10);
      if (locks[i] != NULL)
        key_rig_press (locks[i]);
      g_assert_true (gtk_window_get_focus (GTK_WINDOW (rig->window)) == before);
    }
}

/* Whatever has the place of the panes has their keys. */
static void
test_swipe_and_enlarge (WindowRig *rig, gconstpointer data)
{
  GtkWidget *image;

  if (!prepare (rig))
    return;
  press_for (rig, "alt+3", "view", "'compare'");
  image = gtk_window_get_focus (GTK_WINDOW (rig->window));
  window_rig_activate (rig, "compare-swipe");
  g_assert_true (PL_IS_SLICE_VIEW (gtk_window_get_focus (GTK_WINDOW (rig->window))));
  g_assert_false (gtk_window_get_focus (GTK_WINDOW (rig->window)) == image);
  press_for (rig, "alt+1", "view", "'slice'");
  press_for (rig, "alt+3", "view", "'compare'");
  g_assert_true (PL_IS_SLICE_VIEW (gtk_window_get_focus (GTK_WINDOW (rig->window))));
  window_rig_activate (rig, "compare-swipe");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (rig->window)) == image);
  press_for (rig, "e", "compare-enlarged", "'image'");
  press_for (rig, "m", "ruler", "true");
  press_for (rig, "Escape", "ruler", "false");
  window_rig_assert_is (rig, "compare-enlarged", "'image'");
  press_for (rig, "Escape", "compare-enlarged", "'all'");
  for (int i = 0; i < 3; i++)
    window_rig_activate (rig, i == 0   ? "compare-truth"
                              : i == 1 ? "compare-prediction"
                                       : "compare-difference");
  key_rig_press ("e"); /* there is nothing to enlarge it over */
  press_for (rig, "s", "show-truth", "false");
  window_rig_assert_is (rig, "compare-enlarged", "'all'");
}

/* E enlarges the plane that hears it; Escape leaves a tool first. */
static void
test_enlarge_plane (WindowRig *rig, gconstpointer data)
{
  if (!prepare (rig))
    return;
  press_for (rig, "alt+4", "view", "'planes'");
  window_rig_settle (rig);
  press_for (rig, "e", "planes-enlarged", "'axial'");
  press_for (rig, "m", "ruler", "true");
  press_for (rig, "Escape", "ruler", "false");
  window_rig_assert_is (rig, "planes-enlarged", "'axial'");
  press_for (rig, "Escape", "planes-enlarged", "'all'");
  window_rig_settle (rig);
  key_rig_press ("Tab"); /* its button */
  key_rig_press ("Tab");
  press_for (rig, "e", "planes-enlarged", "'coronal'");
  press_for (rig, "e", "planes-enlarged", "'all'");
}

/* Wherever nobody types. */
static void
test_letters_beside_view (WindowRig *rig, gconstpointer data)
{
  if (!prepare (rig))
    return;
  press_for (rig, "alt+3", "view", "'compare'");
  key_rig_press ("ctrl+f");
  window_rig_settle (rig);
  key_rig_press ("Tab"); /* from the search to the button beside it */
  window_rig_wait (GTK_IS_TOGGLE_BUTTON (gtk_window_get_focus (GTK_WINDOW (rig->window))), 10);
  key_rig_do ("keydown", "b");
  window_rig_wait (window_rig_is (rig, "compare-blink", "true"), 10);
  key_rig_do ("keyup", "b");
  window_rig_wait (window_rig_is (rig, "compare-blink", "false"), 10);
  press_for (rig, "e", "compare-enlarged", "'image'");
  press_for (rig, "e", "compare-enlarged", "'all'");
  press_for (rig, "alt+2", "view", "'montage'");
  key_rig_press ("b");
  g_assert_false (window_rig_is_enabled (rig, "toggle-enlarged"));
  press_for (rig, "s", "show-truth", "false");
  window_rig_assert_is (rig, "compare-blink", "false");
}

/* A number is typed, and then the keys are the view's again; those of the slider are the same. */
static void
test_slider (WindowRig *rig, gconstpointer data)
{
  if (!prepare (rig))
    return;
  key_rig_press ("ctrl+g");
  window_rig_settle (rig);
  key_rig_type ("12");
  press_for (rig, "Return", "slice", "11");
  press_for (rig, "Down", "slice", "12");
  gtk_widget_grab_focus (window_rig_child (rig->window->view_bar, "slider"));
  press_for (rig, "Down", "slice", "13");
  press_for (rig, "Page_Down", "slice", "23");
  press_for (rig, "Up", "slice", "22");
  press_for (rig, "Right", "slice", "23");
  press_for (rig, "Home", "slice", "0");
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
  key_rig_press ("F6");
  window_rig_wait (focus_is_in (rig, rig->window->view_bar), 10);
  key_rig_press ("F6");
  window_rig_wait (focus_is_in (rig, rig->window->case_list), 10);
  key_rig_press ("F6");
  window_rig_wait (focus_is_in (rig, rig->window->views), 10);
  key_rig_press ("shift+F6");
  window_rig_wait (focus_is_in (rig, rig->window->case_list), 10);
  window_rig_activate (rig, "show-training");
  window_rig_wait (gtk_widget_get_mapped (GTK_WIDGET (rig->window->train_panel)), 10);
  key_rig_press ("shift+F6");
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
  key_rig_focus (window);
  row = GTK_EDITABLE (window_rig_find (window, is_class_row, NULL));
  gtk_widget_grab_focus (GTK_WIDGET (row));
  key_rig_press ("ctrl+a");
  key_rig_type ("ab");
  window_rig_wait (g_str_equal (gtk_editable_get_text (row), "ab"), 10);
  key_rig_press ("Return");
  window_rig_wait (g_str_equal (rig->window->dataset->class_names[0], "ab"), 10);
  key_rig_type ("c");
  window_rig_wait (!g_str_equal (gtk_editable_get_text (row), "ab"), 10);
  key_rig_press ("ctrl+z");
  window_rig_wait (g_str_equal (gtk_editable_get_text (row), "ab"), 10);
  g_assert_cmpstr (rig->window->dataset->class_names[0], ==, "ab");
  key_rig_press ("ctrl+z");
  window_rig_wait (g_str_equal (rig->window->dataset->class_names[0], "lung"), 10);
  key_rig_press ("ctrl+shift+z");
  window_rig_wait (g_str_equal (rig->window->dataset->class_names[0], "ab"), 10);
  key_rig_press ("Escape");
  window_rig_wait (window_rig_find_toplevel ("PlClassesWindow") == NULL, 10);
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
  WINDOW_RIG_ADD ("/app/window-keys/measure-by-hand", test_measure_by_hand);
  WINDOW_RIG_ADD ("/app/window-keys/blink", test_blink);
  WINDOW_RIG_ADD ("/app/window-keys/swipe-and-enlarge", test_swipe_and_enlarge);
  WINDOW_RIG_ADD ("/app/window-keys/enlarge-plane", test_enlarge_plane);
  WINDOW_RIG_ADD ("/app/window-keys/letters-beside-view", test_letters_beside_view);
  WINDOW_RIG_ADD ("/app/window-keys/slider", test_slider);
  WINDOW_RIG_ADD ("/app/window-keys/panes", test_panes);
  WINDOW_RIG_ADD ("/app/window-keys/escape", test_escape);
  WINDOW_RIG_ADD ("/app/window-keys/undo-class", test_undo_class);
  return window_rig_run ();
}
