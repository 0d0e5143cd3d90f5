/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whoever does not see the window hears it: each control of each page, panel and dialog has a name,
 * and the plots tell what they show. Dialogs for files are GTK's.
 */
#include "ui/window-rig.h"

#include "app/runs-window-private.h"
#include "app/split-editor-likes.h"
#include "app/split-editor-private.h"

#include "train/near-duplicates.h"

static gboolean
has_property (GtkWidget *widget, GtkAccessibleProperty property)
{
  return gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), property);
}

/* One that is empty is none. */
static gboolean
has_label (GtkWidget *widget)
{
  g_autofree char *found = NULL;

  if (!has_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL))
    return FALSE;
  found = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget),
                                              GTK_ACCESSIBLE_PROPERTY_LABEL, "");
  return found != NULL;
}

static gboolean
is_label_with_any_text (GtkWidget *widget, gpointer data)
{
  return GTK_IS_LABEL (widget) && gtk_label_get_text (GTK_LABEL (widget))[0] != '\0';
}

static gboolean
has_name (GtkWidget *widget)
{
  const char *tooltip = gtk_widget_get_tooltip_text (widget);

  if (GTK_IS_MENU_BUTTON (widget) && gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)) != NULL)
    return gtk_menu_button_get_label (GTK_MENU_BUTTON (widget))[0] != '\0';
  if (ADW_IS_PREFERENCES_ROW (widget))
    return adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget))[0] != '\0';
  return has_label (widget) ||
         gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget),
                                           GTK_ACCESSIBLE_RELATION_LABELLED_BY) ||
         (tooltip != NULL && tooltip[0] != '\0') ||
         (GTK_IS_BUTTON (widget) && window_rig_find (widget, is_label_with_any_text, NULL) != NULL);
}

static gboolean
is_control (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_SCALE (widget) ||
         GTK_IS_SPIN_BUTTON (widget) || GTK_IS_SWITCH (widget) || GTK_IS_DROP_DOWN (widget) ||
         GTK_IS_ENTRY (widget) || GTK_IS_SEARCH_ENTRY (widget) || GTK_IS_CHECK_BUTTON (widget) ||
         GTK_IS_LIST_VIEW (widget) || GTK_IS_GRID_VIEW (widget) || ADW_IS_COMBO_ROW (widget) ||
         GTK_IS_COLUMN_VIEW (widget) || ADW_IS_SPLIT_BUTTON (widget) ||
         (gtk_widget_get_focusable (widget) &&
          g_str_has_prefix (G_OBJECT_TYPE_NAME (widget), "Pl"));
}

/* GTK and libadwaita name what is inside of these, or the whole stands for it. */
static gboolean
is_whole (GtkWidget *widget)
{
  return GTK_IS_MENU_BUTTON (widget) || GTK_IS_SPIN_BUTTON (widget) || GTK_IS_ENTRY (widget) ||
         GTK_IS_SEARCH_ENTRY (widget) || GTK_IS_DROP_DOWN (widget) ||
         ADW_IS_SPLIT_BUTTON (widget) || GTK_IS_WINDOW_CONTROLS (widget) ||
         ADW_IS_COMBO_ROW (widget);
}

/* The rows of a column view, which has the name, and the switch that an expander row of libadwaita
 * has and does not show. */
static gboolean
is_unused (GtkWidget *widget)
{
  if (GTK_IS_LIST_VIEW (widget) && GTK_IS_COLUMN_VIEW (gtk_widget_get_parent (widget)))
    return TRUE;
  return GTK_IS_SWITCH (widget) && !gtk_widget_get_visible (widget) &&
         g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), "enable_switch") == 0;
}

/* The first control below @widget without a name; NULL if all have one. @n counts those that do. */
static GtkWidget *
find_nameless (GtkWidget *widget, guint *n)
{
  if (is_control (widget) && !is_unused (widget))
    {
      if (!has_name (widget))
        return widget;
      (*n)++;
    }
  if (GTK_IS_MENU_BUTTON (widget))
    {
      GtkPopover *popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (widget));

      if (popover != NULL)
        return find_nameless (GTK_WIDGET (popover), n);
    }
  if (is_whole (widget))
    return NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_nameless (child, n);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Returns: how many controls there are. */
static guint
check_names (gpointer root)
{
  guint n = 0;
  GtkWidget *nameless = find_nameless (root, &n);

  if (nameless != NULL)
    g_error ("a %s (%s) in a %s has no name", G_OBJECT_TYPE_NAME (nameless),
             gtk_buildable_get_buildable_id (GTK_BUILDABLE (nameless)),
             G_OBJECT_TYPE_NAME (gtk_widget_get_parent (nameless)));
  return n;
}

static void
test_check_can_fail (WindowRig *rig, gconstpointer data)
{
  GtkWidget *box = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  GtkWidget *nameless = gtk_switch_new ();
  guint n = 0;

  gtk_box_append (GTK_BOX (box), gtk_button_new_with_label ("named"));
  g_assert_null (find_nameless (box, &n));
  g_assert_cmpuint (n, ==, 1);
  gtk_box_append (GTK_BOX (box), nameless);
  g_assert_true (find_nameless (box, &n) == nameless);
  g_object_unref (box);
}

static void
test_window (WindowRig *rig, gconstpointer data)
{
  guint n_empty = check_names (rig->window);
  guint n;

  window_rig_open_data (rig);
  window_rig_activate (rig, "show-training");
  window_rig_settle (rig);
  n = check_names (rig->window);
  g_test_message ("%u controls have names, %u before data is open", n, n_empty);
  g_assert_cmpuint (n, >=, 25);
}

/* GTK_IS_LABEL, can be seen, and has the mnemonic of another in @data. */
static gboolean
has_taken_mnemonic (GtkWidget *widget, gpointer data)
{
  guint key = GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
                  ? gtk_label_get_mnemonic_keyval (GTK_LABEL (widget))
                  : GDK_KEY_VoidSymbol;

  return key != GDK_KEY_VoidSymbol && !g_hash_table_add (data, GUINT_TO_POINTER (key));
}

/* What can be seen below @root; at least @least have one. */
static void
check_mnemonics (GtkWidget *root, guint least)
{
  g_autoptr (GHashTable) keys = g_hash_table_new (NULL, NULL);
  GtkWidget *second = window_rig_find (root, has_taken_mnemonic, keys);

  if (second != NULL)
    g_error ("“%s” shares its letter", gtk_label_get_label (GTK_LABEL (second)));
  g_assert_cmpuint (g_hash_table_size (keys), >=, least);
}

/* Alt and a letter means one control, with every panel open. */
static void
test_mnemonics (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "show-training");
  adw_expander_row_set_expanded (
      window_rig_child (pl_train_panel_get_setup (rig->window->train_panel), "advanced_row"), TRUE);
  window_rig_settle (rig);
  check_mnemonics (GTK_WIDGET (rig->window), 12);
}

static void
test_each_view (WindowRig *rig, gconstpointer data)
{
  static const char *const views[] = { "view::slice", "view::montage", "view::compare",
                                       "view::planes" };

  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    {
      window_rig_activate (rig, views[i]);
      window_rig_settle (rig);
      check_names (rig->window);
    }
  g_assert_true (has_property (rig->window->slice_view, GTK_ACCESSIBLE_PROPERTY_LABEL));
}

static void
assert_label (gpointer widget, const char *label)
{
  gtk_test_accessible_assert_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL, label);
}

/* In English; translations differ. */
static void
test_slider (WindowRig *rig, gconstpointer data)
{
  GtkWidget *slider;
  g_autofree char *text = NULL;
  int n;

  window_rig_open_data (rig);
  n = window_rig_show_volume (rig);
  slider = window_rig_child (rig->window->view_bar, "slider");
  assert_label (slider, "Slice");
  window_rig_activate (rig, "slice(3)");
  text = g_strdup_printf ("Slice 4 / %d", n);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (slider), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       text);
}

static void
test_plots (WindowRig *rig, gconstpointer data)
{
  static const struct
  {
    const char *id;
    const char *title;
  } plots[] = {
    { "loss_plot", "Loss (at network size)" },
    { "dice_plot", "Dice (at network size)" },
    { "accuracy_plot", "Accuracy (at network size)" },
    { "rate_plot", "Learning rate" },
  };

  window_rig_train (rig, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (plots); i++)
    {
      GtkAccessible *plot = window_rig_child (rig->window->train_panel, plots[i].id);

      gtk_test_accessible_assert_role (plot, GTK_ACCESSIBLE_ROLE_IMG);
      assert_label (plot, plots[i].title);
      g_assert_true (has_property (GTK_WIDGET (plot), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
    }
}

/* Of a message its heading. */
static gboolean
has_title (GtkWindow *window)
{
  const char *title = ADW_IS_MESSAGE_DIALOG (window)
                          ? adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (window))
                          : gtk_window_get_title (window);

  return title != NULL && title[0] != '\0';
}

/* (transfer none): waits for a window of this type, which has a title, to be shown. */
static GtkWindow *
wait_for_window (const char *type_name)
{
  GtkWindow *window;

  g_test_message ("%s", type_name);
  window_rig_wait ((window = window_rig_find_toplevel (type_name)) != NULL, 60);
  window_rig_wait (gtk_widget_get_mapped (GTK_WIDGET (window)), 20);
  if (!has_title (window))
    g_error ("a %s has no title", type_name);
  return window;
}

/* Each control has a name. The window goes. */
static void
check_window (const char *type_name, guint least)
{
  GtkWindow *window = wait_for_window (type_name);

  g_assert_cmpuint (check_names (window), >=, least);
  gtk_window_destroy (window);
}

static void
activate_app (const char *action)
{
  g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), action, NULL);
}

static gboolean
is_preferences_page (GtkWidget *widget, gpointer data)
{
  return ADW_IS_PREFERENCES_PAGE (widget);
}

/* Windows round what is ours are those of GTK and libadwaita. */
static void
test_application (WindowRig *rig, gconstpointer data)
{
  GtkWindow *preferences;

  activate_app ("preferences");
  preferences = wait_for_window ("PlPreferences");
  g_assert_cmpuint (
      check_names (window_rig_find (GTK_WIDGET (preferences), is_preferences_page, NULL)), >=, 3);
  activate_app ("shortcuts");
  wait_for_window ("GtkShortcutsWindow");
  activate_app ("about");
  wait_for_window ("AdwAboutWindow");
}

static void
test_data_set (WindowRig *rig, gconstpointer data)
{
  window_rig_activate (rig, "open-recent::/nowhere");
  window_rig_wait (window_rig_is_enabled (rig, "show-problems"), 10);
  window_rig_activate (rig, "show-problems");
  check_window ("PlProblemsWindow", 1);
  window_rig_open_data (rig);
  window_rig_activate (rig, "check-data-set");
  check_window ("PlCheckWindow", 4);
}

static void
test_split (WindowRig *rig, gconstpointer data)
{
  const PlNearDuplicate pair = { .first = 0, .second = 1 };
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof pair);
  GtkWindow *editor;

  window_rig_open_data (rig);
  window_rig_activate (rig, "split-editor");
  editor = wait_for_window ("PlSplitEditor");
  g_assert_cmpuint (check_names (editor), >=, 5);
  g_array_append_val (pairs, pair);
  gtk_window_present (pl_split_likes_new (editor, rig->window->dataset, pairs));
  check_window ("PlSplitLikes", 2);
  gtk_selection_model_select_all (PL_SPLIT_EDITOR (editor)->selection);
  gtk_widget_activate_action (GTK_WIDGET (editor), "split.move", "s", "test");
  gtk_window_close (editor);
  check_window ("AdwMessageDialog", 3);
  gtk_window_destroy (editor);
}

static void
test_training (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, 1);
  window_rig_activate (rig, "show-samples");
  check_window ("PlSamplesWindow", 1);
  window_rig_activate (rig, "plan-cross-validation");
  check_window ("PlExperimentDialog", 3);
  window_rig_activate (rig, "plan-learning-curve");
  check_window ("PlExperimentDialog", 3);
  window_rig_activate (rig, "cross-validate(2)");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  window_rig_activate (rig, "show-experiment::"); /* the newest */
  check_window ("PlExperimentWindow", 1);
}

static void
test_runs (WindowRig *rig, gconstpointer data)
{
  GtkWindow *runs;
  GtkWidget *menu;

  window_rig_train (rig, 1);
  gtk_widget_activate_action (window_rig_child (rig->window->train_panel, "loss_plot"),
                              "plot.table", NULL);
  check_window ("AdwWindow", 1);
  window_rig_activate (rig, "runs");
  runs = wait_for_window ("PlRunsWindow");
  window_rig_wait (g_action_group_get_action_enabled (G_ACTION_GROUP (runs), "rename-run"), 20);
  g_assert_cmpuint (check_names (runs), >=, 5);
  menu = PL_RUNS_WINDOW (runs)->menu;
  gtk_popover_popup (GTK_POPOVER (menu));
  window_rig_wait (gtk_widget_get_mapped (menu), 10);
  check_mnemonics (menu, 11);
  gtk_popover_popdown (GTK_POPOVER (menu));
  g_action_group_activate_action (G_ACTION_GROUP (runs), "rename-run", NULL);
  check_window ("AdwMessageDialog", 3);
  gtk_window_destroy (runs);
}

/* In a popover of the bar. */
static void
test_level_entry (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  g_assert_cmpuint (check_names (window_rig_child (rig->window->view_bar, "preset_button")), >=, 3);
}

/* Of a volume, with a figure for every mask. */
static void
test_properties (WindowRig *rig, gconstpointer data)
{
  GtkWindow *properties;

  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "case-properties");
  properties = wait_for_window ("PlPropertiesWindow");
  window_rig_wait (window_rig_shows (properties, " ml"), 20);
  g_assert_cmpuint (check_names (properties), >=, 1);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-access/check-can-fail", test_check_can_fail);
  WINDOW_RIG_ADD ("/app/window-access/window", test_window);
  WINDOW_RIG_ADD ("/app/window-access/mnemonics", test_mnemonics);
  WINDOW_RIG_ADD ("/app/window-access/each-view", test_each_view);
  WINDOW_RIG_ADD ("/app/window-access/slider", test_slider);
  WINDOW_RIG_ADD ("/app/window-access/plots", test_plots);
  WINDOW_RIG_ADD ("/app/window-access/application", test_application);
  WINDOW_RIG_ADD ("/app/window-access/data-set", test_data_set);
  WINDOW_RIG_ADD ("/app/window-access/split", test_split);
  WINDOW_RIG_ADD ("/app/window-access/training", test_training);
  WINDOW_RIG_ADD ("/app/window-access/runs", test_runs);
  WINDOW_RIG_ADD ("/app/window-access/level-entry", test_level_entry);
  WINDOW_RIG_ADD ("/app/window-access/properties", test_properties);
  return window_rig_run ();
}
