/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window's commands are its interface to menus, keys, D-Bus and these tests: names, types, and
 * what is refused.
 */
#include "ui/window-rig.h"

typedef enum
{
  COMMAND, /* no state */
  SETTABLE,
  STATE_ONLY,
} Kind;

typedef struct
{
  const char *name;
  Kind kind;
  const char *type;  /* of parameter and state */
  const char *state; /* at first, as GVariant's text */
} Action;

static const Action table[] = {
  { "case", SETTABLE, "s", "''" },
  { "next-case", COMMAND },
  { "previous-case", COMMAND },
  { "reload-case", COMMAND },
  { "view", SETTABLE, "s", "'slice'" },
  { "slice", SETTABLE, "i", "0" },
  { "volume", SETTABLE, "i", "0" },
  { "slice-axis", SETTABLE, "s", "'auto'" },
  { "window-preset", SETTABLE, "s", "'lung'" },
  { "window-level", SETTABLE, "(dd)", "(-600.0, 1500.0)" },
  { "enter-window-level", COMMAND },
  { "copy-picture", COMMAND },
  { "prediction-style", SETTABLE, "s", "'fill'" },
  { "show-truth", SETTABLE, "b", "true" },
  { "show-prediction", SETTABLE, "b", "true" },
  { "train", COMMAND },
  { "pause-training", SETTABLE, "b", "false" },
  { "stop-training", COMMAND },
  { "training-state", STATE_ONLY, "s", "'idle'" },
  { "training-epoch", STATE_ONLY, "i", "0" },
  { "loading", STATE_ONLY, "b", "false" },
  { "prediction-state", STATE_ONLY, "s", "'idle'" },
  { "predict", COMMAND },
  { "predict-all", COMMAND },
  { "cancel", COMMAND },
  { "open", COMMAND },
  { "open-folder", COMMAND },
  { "close", COMMAND },
};

static void
assert_type (const GVariantType *type, const char *expected)
{
  if (expected == NULL)
    g_assert_null (type);
  else
    {
      g_assert_nonnull (type);
      g_assert_true (g_variant_type_equal (type, G_VARIANT_TYPE (expected)));
    }
}

static void
test_table (WindowRig *rig, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const Action *expected = &table[i];
      const GVariantType *parameter_type;
      const GVariantType *state_type;

      g_test_message ("win.%s", expected->name);
      g_assert_true (g_action_group_query_action (G_ACTION_GROUP (rig->window), expected->name,
                                                  NULL, &parameter_type, &state_type, NULL, NULL));
      assert_type (parameter_type, expected->kind == SETTABLE ? expected->type : NULL);
      assert_type (state_type, expected->type);
      if (expected->state != NULL)
        window_rig_assert_is (rig, expected->name, expected->state);
    }
}

static void
test_application (WindowRig *rig, gconstpointer data)
{
  static const char *const names[] = { "preferences", "shortcuts", "about", "quit" };
  GActionGroup *group = G_ACTION_GROUP (g_application_get_default ());

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (g_action_group_has_action (group, names[i]));
      g_assert_null (g_action_group_get_action_parameter_type (group, names[i]));
      g_assert_null (g_action_group_get_action_state_type (group, names[i]));
    }
}

/* Keys and what the mouse does, each in its section. */
static void
test_shortcuts (WindowRig *rig, gconstpointer data)
{
  static const char *const expected[][2] = {
    { "Viewing", "Show or hide the masks" },
    { "Mouse", "Drag: width across, level up and down" },
    { "Working", "Save the model" },
    { "Cases", "Predict all cases" },
  };
  GtkWindow *shortcuts;

  g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), "shortcuts", NULL);
  shortcuts = window_rig_find_toplevel ("GtkShortcutsWindow");
  g_assert_nonnull (shortcuts);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_object_set (shortcuts, "section-name", expected[i][0], NULL);
      window_rig_wait (window_rig_shows (shortcuts, expected[i][1]), 10);
    }
}

static void
test_state_only (WindowRig *rig, gconstpointer data)
{
  GActionGroup *group = G_ACTION_GROUP (rig->window);

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const Action *action = &table[i];
      GVariant *other;

      if (action->kind != STATE_ONLY)
        continue;
      other = action->type[0] == 's'   ? g_variant_new_string ("running")
              : action->type[0] == 'i' ? g_variant_new_int32 (7)
                                       : g_variant_new_boolean (TRUE);
      g_action_group_change_action_state (group, action->name, other);
      window_rig_assert_is (rig, action->name, action->state);
      g_action_group_activate_action (group, action->name, NULL);
      window_rig_assert_is (rig, action->name, action->state);
    }
}

/* Activate with @first, then SetState with @second. */
static void
check_settable (WindowRig *rig, const char *action, GVariant *first, GVariant *second)
{
  g_autoptr (GVariant) one = g_variant_ref_sink (first);
  g_autoptr (GVariant) two = g_variant_ref_sink (second);
  g_autofree char *text_one = g_variant_print (one, FALSE);
  g_autofree char *text_two = g_variant_print (two, FALSE);

  g_action_group_activate_action (G_ACTION_GROUP (rig->window), action, one);
  window_rig_assert_is (rig, action, text_one);
  g_action_group_change_action_state (G_ACTION_GROUP (rig->window), action, two);
  window_rig_assert_is (rig, action, text_two);
}

static GVariant *
case_name (WindowRig *rig, guint position)
{
  g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (rig->window->cases), position);

  return g_variant_new_string (pl_case_item_get_name (item));
}

static void
test_settable (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  check_settable (rig, "case", case_name (rig, 3), case_name (rig, 1));
  check_settable (rig, "view", g_variant_new_string ("montage"), g_variant_new_string ("compare"));
  check_settable (rig, "show-truth", g_variant_new_boolean (FALSE), g_variant_new_boolean (TRUE));
  check_settable (rig, "show-prediction", g_variant_new_boolean (FALSE),
                  g_variant_new_boolean (TRUE));
  check_settable (rig, "window-preset", g_variant_new_string ("mediastinum"),
                  g_variant_new_string ("bone"));
  check_settable (rig, "window-preset", g_variant_new_string ("soft-tissue"),
                  g_variant_new_string ("auto"));
  window_rig_show_volume (rig);
  check_settable (rig, "slice", g_variant_new_int32 (5), g_variant_new_int32 (9));
}

/* What is not there is not shown, and said to be. */
static void
test_nonsense (WindowRig *rig, gconstpointer data)
{
  g_autofree char *last = NULL;
  int n;

  window_rig_open_data (rig);
  n = window_rig_show_volume (rig);
  last = g_strdup_printf ("%d", n - 1);
  window_rig_activate (rig, "view::nowhere");
  window_rig_assert_is (rig, "view", "'slice'");
  window_rig_activate (rig, "window-preset::nothing");
  window_rig_assert_is (rig, "window-preset", "'lung'");
  window_rig_activate (rig, "case::../../etc/passwd");
  g_assert_cmpint (pl_view_state_get_n_slices (rig->window->state), ==, n);
  window_rig_activate (rig, "slice(-5)");
  window_rig_assert_is (rig, "slice", "0");
  window_rig_activate (rig, "slice(2147483647)");
  window_rig_assert_is (rig, "slice", last);
}

/* Before anything is open. */
static void
test_enabled (WindowRig *rig, gconstpointer data)
{
  static const char *const idle[] = { "train",        "predict",       "predict-all",
                                      "next-case",    "stop-training", "pause-training",
                                      "cancel",       "save-model",    "export-mask",
                                      "show-problems" };
  static const char *const useful[] = { "train", "predict", "predict-all", "next-case" };

  for (gsize i = 0; i < G_N_ELEMENTS (idle); i++)
    g_assert_false (window_rig_is_enabled (rig, idle[i]));
  window_rig_activate (rig, "slice(3)");
  window_rig_assert_is (rig, "slice", "0");

  window_rig_open_data (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (useful); i++)
    g_assert_true (window_rig_is_enabled (rig, useful[i]));
  g_assert_false (window_rig_is_enabled (rig, "stop-training"));
  g_assert_false (window_rig_is_enabled (rig, "cancel"));
}

/* Dialogs of the application: each opens over the window, and closes. */
static void
test_dialogs (WindowRig *rig, gconstpointer data)
{
  static const struct
  {
    const char *action;
    const char *type;
  } dialogs[] = {
    { "preferences", "PlPreferences" },
    { "shortcuts", "GtkShortcutsWindow" },
    { "about", "AdwAboutWindow" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (dialogs); i++)
    {
      GtkWindow *dialog;

      g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()),
                                      dialogs[i].action, NULL);
      window_rig_wait (window_rig_find_toplevel (dialogs[i].type) != NULL, 10);
      dialog = window_rig_find_toplevel (dialogs[i].type);
      window_rig_wait (gtk_widget_get_mapped (GTK_WIDGET (dialog)), 10);
      g_assert_true (gtk_window_get_transient_for (dialog) == GTK_WINDOW (rig->window));
      gtk_window_close (dialog);
      window_rig_wait (window_rig_find_toplevel (dialogs[i].type) == NULL, 10);
    }
}

static void
test_panels (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_assert_is (rig, "show-training", "false");
  window_rig_activate (rig, "show-training");
  window_rig_assert_is (rig, "show-training", "true");
  window_rig_wait (gtk_widget_get_mapped (GTK_WIDGET (rig->window->train_panel)), 10);
  window_rig_activate (rig, "show-cases");
  window_rig_wait (!gtk_widget_get_mapped (GTK_WIDGET (rig->window->case_list)), 10);
}

static void
test_quit (WindowRig *rig, gconstpointer data)
{
  g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), "quit", NULL);
  window_rig_wait (rig->window == NULL, 10);
}

/* The window in front takes another along. */
static void
test_quit_both (WindowRig *rig, gconstpointer data)
{
  GtkApplication *app = GTK_APPLICATION (g_application_get_default ());

  window_rig_activate (rig, "runs");
  window_rig_wait (window_rig_find_toplevel ("PlRunsWindow") != NULL, 10);
  window_rig_settle (rig);
  gtk_application_remove_window (app, GTK_WINDOW (rig->window)); /* to the front of the list */
  gtk_application_add_window (app, GTK_WINDOW (rig->window));
  test_quit (rig, NULL);
  g_assert_null (window_rig_find_toplevel ("PlRunsWindow"));
}

static void
test_close (WindowRig *rig, gconstpointer data)
{
  window_rig_activate (rig, "close");
  window_rig_wait (rig->window == NULL, 10);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-actions/table", test_table);
  WINDOW_RIG_ADD ("/app/window-actions/application", test_application);
  WINDOW_RIG_ADD ("/app/window-actions/shortcuts", test_shortcuts);
  WINDOW_RIG_ADD ("/app/window-actions/state-only", test_state_only);
  WINDOW_RIG_ADD ("/app/window-actions/settable", test_settable);
  WINDOW_RIG_ADD ("/app/window-actions/nonsense", test_nonsense);
  WINDOW_RIG_ADD ("/app/window-actions/enabled", test_enabled);
  WINDOW_RIG_ADD ("/app/window-actions/dialogs", test_dialogs);
  WINDOW_RIG_ADD ("/app/window-actions/panels", test_panels);
  WINDOW_RIG_ADD ("/app/window-actions/quit", test_quit);
  WINDOW_RIG_ADD ("/app/window-actions/quit-both", test_quit_both);
  WINDOW_RIG_ADD ("/app/window-actions/close", test_close);
  return window_rig_run ();
}
