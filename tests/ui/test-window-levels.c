/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gray levels by numbers, and that each data set is looked at again as it was last. */
#include "ui/window-rig.h"

#include "app/level-entry.h"
#include "app/settings.h"

#include "image/phantom.h"

#include <math.h>

static PlViewState *
state_of (WindowRig *rig)
{
  return rig->window->state;
}

static void
assert_window (WindowRig *rig, double centre_hu, double width_hu)
{
  PlWindow window = pl_view_state_get_window (state_of (rig));

  g_assert_cmpfloat (window.centre_hu, ==, centre_hu);
  g_assert_cmpfloat (window.width_hu, ==, width_hu);
}

static gboolean
is_level_entry (GtkWidget *widget, gpointer data)
{
  return PL_IS_LEVEL_ENTRY (widget);
}

static gpointer
level_entry (WindowRig *rig)
{
  return window_rig_find (GTK_WIDGET (rig->window->view_bar), is_level_entry, NULL);
}

static GtkEditable *
editable (WindowRig *rig, const char *id)
{
  return window_rig_child (level_entry (rig), id);
}

static void
enter (WindowRig *rig, const char *centre, const char *width)
{
  gtk_editable_set_text (editable (rig, "centre"), centre);
  gtk_editable_set_text (editable (rig, "width"), width);
  g_signal_emit_by_name (editable (rig, "width"), "activate");
}

static gboolean
is_shown (WindowRig *rig)
{
  return gtk_widget_get_mapped (level_entry (rig));
}

static gboolean
is_wrong (WindowRig *rig, const char *id)
{
  return gtk_widget_has_css_class (GTK_WIDGET (editable (rig, id)), "error");
}

static void
test_entry (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "window-preset::mediastinum");
  window_rig_activate (rig, "enter-window-level");
  window_rig_wait (is_shown (rig), 10);
  g_assert_cmpstr (gtk_editable_get_text (editable (rig, "centre")), ==, "50");
  g_assert_cmpstr (gtk_editable_get_text (editable (rig, "width")), ==, "350");
  enter (rig, " -12.5", "1e3");
  assert_window (rig, -12.5, 1000);
  window_rig_assert_is (rig, "window-preset", "'custom'");
  window_rig_wait (!is_shown (rig), 10);
}

/* It is said which one is wrong, and nothing changes. */
static void
test_wrong_numbers (WindowRig *rig, gconstpointer data)
{
  static const char *const widths[] = { "", "0", "-5", "12 HU", "inf", "nan" };

  window_rig_open_data (rig);
  window_rig_activate (rig, "enter-window-level");
  window_rig_wait (is_shown (rig), 10);
  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      enter (rig, "40", widths[i]);
      assert_window (rig, -600, 1500);
      g_assert_true (is_wrong (rig, "width"));
      g_assert_false (is_wrong (rig, "centre"));
    }
  enter (rig, "forty", "400");
  assert_window (rig, -600, 1500);
  g_assert_true (is_wrong (rig, "centre"));
  g_assert_true (is_shown (rig));
  enter (rig, "40", "400");
  assert_window (rig, 40, 400);
}

static void
test_action (WindowRig *rig, gconstpointer data)
{
  GActionGroup *group = G_ACTION_GROUP (rig->window);

  window_rig_assert_is (rig, "window-level", "(-600.0, 1500.0)");
  g_action_group_activate_action (group, "window-level", g_variant_new ("(dd)", 40.0, 80.0));
  assert_window (rig, 40, 80);
  g_action_group_change_action_state (group, "window-level", g_variant_new ("(dd)", 1.0, 0.0));
  g_action_group_change_action_state (group, "window-level", g_variant_new ("(dd)", NAN, 1.0));
  window_rig_assert_is (rig, "window-level", "(40.0, 80.0)");
}

/* A second data set, of which nothing is known. */
static char *
make_other_data (void)
{
  PlPhantomOptions options = { .n_slices = 2, .n_volumes = 0, .size_px = 64, .seed = 2 };
  char *folder = g_build_filename (window_rig_scratch (), "other", NULL);
  g_autoptr (GError) error = NULL;

  pl_phantom_write (folder, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return folder;
}

static void
open_and_wait (WindowRig *rig, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  window_rig_open (rig, path);
  window_rig_wait (g_str_has_suffix (rig->window->levels_path, name), 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
}

/* Of a folder, and of a file in it by itself. */
static void
test_each_data_set (WindowRig *rig, gconstpointer data)
{
  g_autofree char *other = make_other_data ();
  g_autofree char *file = NULL;

  window_rig_open_data (rig);
  file = g_strdup (pl_case_item_get_case (rig->window->current)->image_path);
  pl_view_state_set_window (state_of (rig), (PlWindow){ 12, 345 });
  open_and_wait (rig, other);
  window_rig_assert_is (rig, "window-preset", "'lung'");
  assert_window (rig, -600, 1500);
  window_rig_activate (rig, "window-preset::bone");
  open_and_wait (rig, window_rig_data ());
  window_rig_assert_is (rig, "window-preset", "'custom'");
  assert_window (rig, 12, 345);
  open_and_wait (rig, file);
  pl_view_state_set_window (state_of (rig), (PlWindow){ 1, 2 });
  open_and_wait (rig, other);
  window_rig_assert_is (rig, "window-preset", "'bone'");
  open_and_wait (rig, file);
  assert_window (rig, 1, 2);
}

/* What opens a window again finds it: soon after the last change, and when the window closes. */
static void
test_kept (WindowRig *rig, gconstpointer data)
{
  g_autoptr (GVariant) kept = NULL;
  g_autoptr (GVariant) later = NULL;
  const char *preset;
  double centre;
  double width;

  window_rig_open_data (rig);
  pl_view_state_set_window (state_of (rig), (PlWindow){ 12, 345 });
  window_rig_wait (rig->window->levels_source == 0, 10);
  kept = g_settings_get_value (pl_settings_get (), "data-windows");
  g_assert_cmpuint (g_variant_n_children (kept), ==, 1);
  g_variant_get_child (kept, 0, "(&s&sdd)", NULL, &preset, &centre, &width);
  g_assert_cmpstr (preset, ==, "custom");
  g_assert_cmpfloat (centre, ==, 12);
  g_assert_cmpfloat (width, ==, 345);

  window_rig_activate (rig, "window-preset::auto");
  gtk_window_close (GTK_WINDOW (rig->window));
  later = g_settings_get_value (pl_settings_get (), "data-windows");
  g_variant_get_child (later, 0, "(&s&sdd)", NULL, &preset, NULL, NULL);
  g_assert_cmpstr (preset, ==, "auto");
}

/* A hundred data sets are remembered; what cannot be a window is not taken. */
static void
test_bounds (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = g_canonicalize_filename (window_rig_data (), NULL);
  g_autoptr (GVariant) kept = NULL;
  GVariantBuilder all;
  const char *first;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("a(ssdd)"));
  for (int i = 0; i < 120; i++)
    g_variant_builder_add (&all, "(ssdd)", i == 110 ? folder : "/elsewhere", "custom", 0.0, -1.0);
  g_settings_set_value (pl_settings_get (), "data-windows", g_variant_builder_end (&all));
  window_rig_open_data (rig);
  assert_window (rig, -600, 1500);
  pl_app_window_keep_levels (rig->window);
  kept = g_settings_get_value (pl_settings_get (), "data-windows");
  g_assert_cmpuint (g_variant_n_children (kept), ==, 100);
  g_variant_get_child (kept, 0, "(&s&sdd)", &first, NULL, NULL, NULL);
  g_assert_cmpstr (first, ==, folder);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-levels/entry", test_entry);
  WINDOW_RIG_ADD ("/app/window-levels/wrong-numbers", test_wrong_numbers);
  WINDOW_RIG_ADD ("/app/window-levels/action", test_action);
  WINDOW_RIG_ADD ("/app/window-levels/each-data-set", test_each_data_set);
  WINDOW_RIG_ADD ("/app/window-levels/kept", test_kept);
  WINDOW_RIG_ADD ("/app/window-levels/bounds", test_bounds);
  return window_rig_run ();
}
