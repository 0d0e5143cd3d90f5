/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window of runs by real keys. Run alone, since all windows of a display share the focus.
 */
#include "app/runs-window-private.h"

#include "ui/key-rig.h"

/* The window of runs, with the focus, over @n of them. */
static PlRunsWindow *
open_runs (WindowRig *rig, guint n)
{
  PlRunsWindow *runs;

  key_rig_press ("ctrl+h");
  window_rig_wait ((runs = (PlRunsWindow *) window_rig_find_toplevel ("PlRunsWindow")) != NULL, 10);
  key_rig_focus (runs);
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
  key_rig_focus (rig->window);
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

  if (!key_rig_is_possible ())
    return;
  runs = prepare_runs (rig);
  key_rig_press ("Down");
  window_rig_wait (selected (runs) == 1, 10);

  key_rig_press ("F2");
  window_rig_wait ((dialog = window_rig_find_toplevel ("AdwMessageDialog")) != NULL, 10);
  key_rig_focus (dialog);
  key_rig_type ("abc");
  key_rig_press ("Return");
  window_rig_wait (window_rig_find_toplevel ("AdwMessageDialog") == NULL, 10);
  key_rig_focus (runs);
  window_rig_wait (runs->loading == NULL && window_rig_shows (runs, "abc"), 20);
  g_assert_cmpint (selected (runs), ==, 1);
  key_rig_press ("Down");
  window_rig_wait (selected (runs) == 2, 10);
  key_rig_press ("Up");
  window_rig_wait (selected (runs) == 1, 10);

  key_rig_press ("Delete");
  window_rig_wait (runs->deleted->len == 1, 10);
  g_assert_cmpint (selected (runs), ==, 1);
  key_rig_press ("Up");
  window_rig_wait (selected (runs) == 0, 10);
  key_rig_press ("ctrl+z");
  window_rig_wait (runs->deleted->len == 0, 10);
  window_rig_wait (selected (runs) == 1, 10);
  key_rig_press ("shift+Down");
  window_rig_wait (window_rig_shows (runs, "2 runs compared"), 10);
  key_rig_press ("Up");
  window_rig_wait (selected (runs) == 1, 10);

  key_rig_press ("Return");
  window_rig_wait (window_rig_shows (rig->window, "Looking back at"), 10);
  key_rig_focus (runs);
  key_rig_press ("Escape");
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

  key_rig_point (label, 5, 5);
  key_rig_do ("click", "3");
}

/* By the key of menus, and by the other button, on a run that is not selected. */
static void
test_runs_menu (WindowRig *rig, gconstpointer data)
{
  PlRunsWindow *runs;

  if (!key_rig_is_possible ())
    return;
  runs = prepare_runs (rig);
  key_rig_press ("Down");
  window_rig_wait (selected (runs) == 1, 10);
  key_rig_press ("Menu");
  window_rig_wait (menu_is_shown (runs), 10);
  key_rig_press ("Escape");
  window_rig_wait (!menu_is_shown (runs), 10);
  key_rig_press ("Down");
  window_rig_wait (selected (runs) == 2, 10);
  key_rig_press ("shift+F10");
  window_rig_wait (menu_is_shown (runs), 10);
  key_rig_press ("Escape");
  window_rig_wait (!menu_is_shown (runs), 10);
  window_rig_settle (rig); /* all is in its place */
  click_right (runs, 0);
  window_rig_wait (menu_is_shown (runs) && selected (runs) == 0, 10);
  key_rig_press ("p"); /* Replay */
  window_rig_wait (g_list_model_get_n_items (G_LIST_MODEL (runs->selection)) == 4, 60);
  key_rig_press ("Down");
  window_rig_wait (selected (runs) == 1, 10);
  key_rig_press ("F10");
  window_rig_wait (window_rig_find (GTK_WIDGET (runs), is_open_button, NULL) != NULL, 10);
  key_rig_press ("Escape");
  window_rig_wait (window_rig_find (GTK_WIDGET (runs), is_open_button, NULL) == NULL, 10);
}

/* Who has gone on in the main window meanwhile is told there. */
static void
test_replay_behind (WindowRig *rig, gconstpointer data)
{
  PlRunsWindow *runs;

  if (!key_rig_is_possible ())
    return;
  runs = prepare_runs (rig);
  key_rig_focus (rig->window);
  g_action_group_activate_action (G_ACTION_GROUP (runs), "replay-run", NULL);
  window_rig_wait (window_rig_shows (rig->window, "the weights are identical, bit by bit"), 60);
}

/* Keys of the search are its own; Enter leads to what is found, Escape back to all. */
static void
test_search_runs (WindowRig *rig, gconstpointer data)
{
  PlRunsWindow *runs;
  GListModel *listed;

  if (!key_rig_is_possible ())
    return;
  runs = prepare_runs (rig);
  listed = G_LIST_MODEL (runs->selection);
  g_action_group_activate_action (G_ACTION_GROUP (runs), "set-run-title",
                                  g_variant_new_string ("xyz"));
  window_rig_wait (runs->loading == NULL, 20);
  key_rig_press ("ctrl+f");
  key_rig_type ("xyz");
  window_rig_wait (g_list_model_get_n_items (listed) == 1, 10);
  key_rig_press ("Home");
  key_rig_press ("Delete");
  window_rig_wait (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (runs->search_entry)), "yz"),
                   10);
  g_assert_cmpuint (runs->deleted->len, ==, 0);
  key_rig_press ("Return");
  key_rig_press ("Delete");
  window_rig_wait (runs->deleted->len == 1, 10);
  key_rig_press ("ctrl+f");
  key_rig_press ("Escape");
  window_rig_wait (g_list_model_get_n_items (listed) == 2, 10);
  key_rig_press ("Down");
  window_rig_wait (selected (runs) == 1, 10);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-runs-keys/list", test_runs);
  WINDOW_RIG_ADD ("/app/window-runs-keys/menu", test_runs_menu);
  WINDOW_RIG_ADD ("/app/window-runs-keys/search", test_search_runs);
  WINDOW_RIG_ADD ("/app/window-runs-keys/replay-behind", test_replay_behind);
  return window_rig_run ();
}
