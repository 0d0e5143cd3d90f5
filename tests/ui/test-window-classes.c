/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and colours of classes as the window edits and uses them, and left and right lung in every
 * place that shows masks. */
#include "ui/window-rig.h"

#include "app/classes-window.h"
#include "app/settings.h"
#include "image/label-colour.h"
#include "train/class-names.h"

#include <adwaita.h>
#include <glib/gstdio.h>

static GtkWindow *
find_window (void)
{
  return window_rig_find_toplevel ("PlClassesWindow");
}

static gboolean
is_row (GtkWidget *widget, gpointer data)
{
  return ADW_IS_ENTRY_ROW (widget) &&
         g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), data);
}

static GtkWidget *
find_row (const char *title)
{
  GtkWidget *row = window_rig_find (GTK_WIDGET (find_window ()), is_row, (gpointer) title);

  g_assert_nonnull (row);
  return row;
}

static void
enter (const char *title, const char *name)
{
  GtkWidget *row = find_row (title);

  gtk_editable_set_text (GTK_EDITABLE (row), name);
  g_signal_emit_by_name (row, "apply");
}

static void
open_classes (WindowRig *rig)
{
  window_rig_activate (rig, "classes");
  window_rig_wait (find_window () != NULL, 10);
}

static void
close_classes (void)
{
  gtk_window_close (find_window ());
  window_rig_wait (find_window () == NULL, 10);
}

static char *
dup_manifest_path (void)
{
  return g_build_filename (window_rig_data (), "pleura-manifest.json", NULL);
}

static gboolean
manifest_has (const char *text)
{
  g_autofree char *path = dup_manifest_path ();
  g_autofree char *found = NULL;

  return g_file_get_contents (path, &found, NULL, NULL) && strstr (found, text) != NULL;
}

static void
tear_down (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = dup_manifest_path ();

  window_rig_tear_down (rig, data);
  g_unlink (path);
}

/* A name is used at once, and lies with the data set. */
static void
test_names (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = dup_manifest_path ();
  g_autoptr (PlDataset) again = NULL;

  g_assert_false (window_rig_is_enabled (rig, "classes"));
  window_rig_open_data (rig);
  open_classes (rig);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_row ("Class 1"))), ==, "lung");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS)); /* nothing was asked for yet */
  enter ("Class 1", "  폐 & <co> ");
  g_assert_cmpstr (rig->window->dataset->class_names[0], ==, "폐 & <co>");
  g_assert_cmpstr (adw_action_row_get_subtitle (window_rig_child (
                       pl_train_panel_get_setup (rig->window->train_panel), "classes_row")),
                   ==, "폐 & <co>");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_row ("Class 1"))), ==, "폐 & <co>");
  enter ("Right lung", "R");
  window_rig_wait (manifest_has ("폐 & <co>") && manifest_has ("\"R\""), 10);
  pl_view_state_set_probe (rig->window->state, 30, 20);
  again = pl_dataset_open (window_rig_data (), NULL, NULL);
  g_assert_cmpstr (again->class_names[0], ==, "폐 & <co>");
  g_assert_cmpstr (again->given_sides[1], ==, "R");
  enter ("Right lung", ""); /* as it was */
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_row ("Right lung"))), ==,
                   "right lung");
  window_rig_wait (!manifest_has ("sides"), 10);
  close_classes ();
}

/* What is no name is not taken, and the reason is said. */
static void
test_refused (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = dup_manifest_path ();
  g_autofree char *long_name = g_strnfill (10240, 'x');

  window_rig_open_data (rig);
  open_classes (rig);
  enter ("Class 1", long_name);
  window_rig_wait (window_rig_shows (find_window (), "longer than 64 characters"), 20);
  enter ("Left lung", "right lung");
  window_rig_wait (window_rig_shows (find_window (), "the names 1 and 2 are the same"), 20);
  g_assert_true (gtk_widget_has_css_class (find_row ("Left lung"), "error"));
  g_assert_cmpstr (rig->window->dataset->class_names[0], ==, "lung");
  g_assert_null (rig->window->dataset->given_sides);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  enter ("Left lung", "L");
  g_assert_false (gtk_widget_has_css_class (find_row ("Left lung"), "error"));
  window_rig_wait (manifest_has ("\"L\""), 10);
  close_classes ();
}

/* A manifest that nobody understands is left alone, and the window uses the names all the same. */
static void
test_not_saved (WindowRig *rig, gconstpointer data)
{
  g_autofree char *path = dup_manifest_path ();

  window_rig_open_data (rig);
  g_assert_true (g_file_set_contents (path, "{", 1, NULL));
  open_classes (rig);
  enter ("Class 1", "A");
  window_rig_wait (window_rig_shows (find_window (), "could not be saved with the data set"), 10);
  g_assert_cmpstr (rig->window->dataset->class_names[0], ==, "A");
  g_assert_false (manifest_has ("A"));
  close_classes ();
}

static gboolean
is_colour_button (GtkWidget *widget, gpointer data)
{
  return GTK_IS_COLOR_BUTTON (widget) &&
         g_strcmp0 (gtk_widget_get_tooltip_text (widget), data) == 0;
}

static GtkWidget *
find_button (const char *tooltip)
{
  GtkWidget *button =
      window_rig_find (GTK_WIDGET (find_window ()), is_colour_button, (gpointer) tooltip);

  g_assert_nonnull (button);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       tooltip);
  return button;
}

static void
choose_colour (const char *tooltip, const char *colour)
{
  GtkWidget *button = find_button (tooltip);
  GdkRGBA rgba;

  g_assert_true (gdk_rgba_parse (&rgba, colour));
  gtk_color_chooser_set_rgba (GTK_COLOR_CHOOSER (button), &rgba);
  g_signal_emit_by_name (button, "color-set");
}

static void
count_cb (int *n)
{
  ++*n;
}

/* What buttons and badges are marked in. */
static void
assert_style_colour (WindowRig *rig, const char *name, const char *colour)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (rig->window));
  GdkRGBA expected;
  GdkRGBA found;

  g_assert_true (gdk_rgba_parse (&expected, colour));
  g_assert_true (gtk_style_context_lookup_color (style, name, &found));
  g_assert_true (gdk_rgba_equal (&found, &expected));
}

/* Another colour is painted with at once, the views hear of it, and Reset takes it back, with the
 * names. */
static void
test_colours (WindowRig *rig, gconstpointer data)
{
  g_auto (GStrv) kept = NULL;
  int n_told = 0;

  window_rig_open_data (rig);
  g_signal_connect_swapped (rig->window->state, "notify::label-colours", G_CALLBACK (count_cb),
                            &n_told);
  open_classes (rig);
  choose_colour ("Colour of class 1 in the ground truth", "#00ff00");
  choose_colour ("Colour of class 2 in predictions", "#010203");
  assert_style_colour (rig, "truth_color", "#00ff00");
  assert_style_colour (rig, "prediction_color", "#ff7800");
  g_assert_cmpint (n_told, ==, 2);
  g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, 1), ==, 0x00ff00);
  g_assert_cmphex (pl_label_rgb (PL_PREDICTION_RGB, 2), ==, 0x010203);
  kept = g_settings_get_strv (pl_settings_get (), "prediction-colours");
  g_assert_cmpstr (kept[0], ==, "");
  g_assert_cmpstr (kept[1], ==, "#010203");
  enter ("Class 1", "A");
  window_rig_wait (manifest_has ("\"A\""), 10);
  gtk_widget_activate_action (GTK_WIDGET (find_window ()), "classes.reset", NULL);
  g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, 1), ==, PL_TRUTH_RGB);
  g_assert_cmphex (pl_label_rgb (PL_PREDICTION_RGB, 2), ==,
                   pl_label_default_rgb (PL_PREDICTION_RGB, 2));
  g_assert_cmpstr (rig->window->dataset->class_names[0], ==, "lung");
  window_rig_wait (!manifest_has ("classes"), 10);
  close_classes ();
}

static void
activate (const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (find_window ()), action, NULL);
}

static gboolean
is_toast_button (GtkWidget *widget, gpointer data)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
         g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), "classes.undo") == 0;
}

/* (nullable): of the message that offers to undo. */
static GtkWidget *
find_toast_button (void)
{
  return window_rig_find (GTK_WIDGET (find_window ()), is_toast_button, NULL);
}

static void
assert_state (WindowRig *rig, const char *name, guint32 rgb)
{
  g_assert_cmpstr (rig->window->dataset->class_names[0], ==, name);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_row ("Class 1"))), ==, name);
  g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, 1), ==, rgb);
}

static gboolean
is_apply_button (GtkWidget *widget, gpointer data)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
         g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), "adw-entry-apply-symbolic") ==
             0;
}

static gboolean
asks_to_apply (void)
{
  return window_rig_find (GTK_WIDGET (find_window ()), is_apply_button, NULL) != NULL;
}

/* What is gone back to need not be applied as what is typed does. */
static void
test_apply (WindowRig *rig, gconstpointer data)
{
  GtkEditable *row;

  window_rig_open_data (rig);
  open_classes (rig);
  enter ("Class 1", "A");
  row = GTK_EDITABLE (find_row ("Class 1"));
  gtk_widget_grab_focus (GTK_WIDGET (row));
  gtk_editable_insert_text (row, "B", -1, &(int){ 1 });
  window_rig_wait (asks_to_apply (), 10);
  activate ("classes.undo");
  window_rig_settle (rig);
  g_assert_false (asks_to_apply ());
  assert_state (rig, "lung", PL_TRUTH_RGB);
  close_classes ();
}

/* Reset, and each change before it. */
static void
test_undo (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  open_classes (rig);
  choose_colour ("Colour of class 1 in the ground truth", "#00ff00");
  enter ("Class 1", "A");
  enter ("Right lung", "R");
  activate ("classes.reset");
  assert_state (rig, "lung", PL_TRUTH_RGB);
  window_rig_wait (find_toast_button () != NULL, 10);
  g_assert_true (window_rig_shows (find_window (), "Names and colours were reset"));
  g_signal_emit_by_name (find_toast_button (), "clicked");
  assert_state (rig, "A", 0x00ff00);
  g_assert_cmpstr (rig->window->dataset->given_sides[1], ==, "R");
  window_rig_wait (find_toast_button () == NULL, 10);
  window_rig_wait (manifest_has ("\"A\"") && manifest_has ("\"R\""), 10);
  activate ("classes.undo");
  g_assert_null (rig->window->dataset->given_sides);
  activate ("classes.undo");
  assert_state (rig, "lung", 0x00ff00);
  activate ("classes.undo");
  assert_state (rig, "lung", PL_TRUTH_RGB);
  activate ("classes.undo"); /* there is nothing left */
  for (int i = 0; i < 3; i++)
    activate ("classes.redo");
  assert_state (rig, "A", 0x00ff00);
  g_assert_cmpstr (rig->window->dataset->given_sides[1], ==, "R");
  activate ("classes.redo");
  assert_state (rig, "lung", PL_TRUTH_RGB);
  window_rig_wait (!manifest_has ("classes"), 10);
  close_classes ();
}

/* It is of the last change alone: another one takes its place, and nothing is no change. */
static void
test_offer (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  open_classes (rig);
  activate ("classes.reset");
  enter ("Class 1", "lung");
  activate ("classes.undo");
  assert_state (rig, "lung", PL_TRUTH_RGB);
  window_rig_settle (rig);
  g_assert_null (find_toast_button ());
  enter ("Class 1", "A");
  activate ("classes.reset");
  window_rig_wait (find_toast_button () != NULL, 10);
  enter ("Class 1", "B");
  window_rig_wait (find_toast_button () == NULL, 10);
  activate ("classes.undo");
  assert_state (rig, "lung", PL_TRUTH_RGB);
  enter ("Class 1", "C");
  activate ("classes.redo"); /* B is gone */
  assert_state (rig, "C", PL_TRUTH_RGB);
  activate ("classes.undo");
  activate ("classes.undo");
  assert_state (rig, "A", PL_TRUTH_RGB);
  close_classes ();
}

/* What is no colour stands for the default. */
static void
test_odd_settings (WindowRig *rig, gconstpointer data)
{
  const char *const odd[] = { "x123456", "#12345g", "#1234567", "#abcdef", NULL };
  GStrvBuilder *many = g_strv_builder_new ();
  g_auto (GStrv) too_many = NULL;

  g_settings_set_strv (pl_settings_get (), "truth-colours", odd);
  for (int label = 1; label <= 3; label++)
    g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, label), ==,
                     pl_label_default_rgb (PL_TRUTH_RGB, label));
  g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, 4), ==, 0xabcdef);
  for (int i = 0; i < 300; i++)
    g_strv_builder_add (many, "#000001");
  too_many = g_strv_builder_end (many);
  g_strv_builder_unref (many);
  g_settings_set_strv (pl_settings_get (), "truth-colours", (const char *const *) too_many);
  g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, PL_LABEL_COLOURS), ==, 0x000001);
  g_settings_reset (pl_settings_get (), "truth-colours");
  g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, 1), ==, PL_TRUTH_RGB);
}

static int
count_truth (WindowRig *rig)
{
  return pl_view_state_count_labels (rig->window->state, PL_MASK_TRUTH);
}

static char *
dup_detail (WindowRig *rig)
{
  char *detail;

  g_object_get (rig->window->current, "dice-detail", &detail, NULL);
  return detail;
}

static gboolean
has_detail (WindowRig *rig)
{
  g_autofree char *detail = dup_detail (rig);

  return detail != NULL;
}

static gboolean
is_previewed_in_two (WindowRig *rig)
{
  return pl_view_state_get_preview (rig->window->state,
                                    pl_view_state_get_slice (rig->window->state)) != NULL &&
         pl_view_state_count_labels (rig->window->state, PL_MASK_PREDICTION) == 2;
}

static gboolean
legend_has (WindowRig *rig, const char *text)
{
  return strstr (window_rig_label (rig->window->view_bar, "legend_label"), text) != NULL;
}

/* While left and right are learned: the mask that came with the image is taken apart, the preview
 * has both, and so has an epoch that is looked at. */
static void
test_while_training (WindowRig *rig, gconstpointer data)
{
  g_settings_set_boolean (pl_settings_get (), "train-sides", TRUE);
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_show_volume (rig);
  g_assert_cmpint (count_truth (rig), ==, 1);
  window_rig_activate (rig, "train");
  window_rig_wait (count_truth (rig) == 2, 20);
  g_assert_true (legend_has (rig, "1 · left lung"));
  window_rig_wait (is_previewed_in_two (rig), 60);
  window_rig_wait (rig->window->kept_epochs->len >= 2, 60);
  window_rig_activate (rig, "epoch-shown(2)");
  window_rig_wait (is_previewed_in_two (rig), 60);
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
}

static GtkWindow *
find_properties (void)
{
  return window_rig_find_toplevel ("PlPropertiesWindow");
}

static void
look_at_properties (WindowRig *rig)
{
  window_rig_activate (rig, "case-properties");
  window_rig_wait (window_rig_shows (find_properties (), "1 · left lung"), 20);
  window_rig_wait (window_rig_shows (find_properties (), "2 · R"), 20);
  window_rig_wait (window_rig_shows (find_properties (), "Truth and Prediction"), 20);
  gtk_window_close (find_properties ());
  window_rig_wait (find_properties () == NULL, 10);
}

static gboolean
is_dice_label (GtkWidget *widget, gpointer data)
{
  return GTK_IS_LABEL (widget) && g_strcmp0 (gtk_widget_get_tooltip_text (widget), data) == 0;
}

/* After it: every figure has both, and a name that is given now is used for what the model says. */
static void
test_after_training (WindowRig *rig, gconstpointer data)
{
  g_autofree char *detail = NULL;
  g_autofree char *renamed = NULL;
  GtkWidget *label;

  g_settings_set_boolean (pl_settings_get (), "train-sides", TRUE);
  window_rig_train (rig, 12);
  window_rig_show_volume (rig);
  window_rig_wait (window_rig_is_enabled (rig, "predict"), 20);
  window_rig_activate (rig, "predict");
  window_rig_wait (has_detail (rig), 20);
  g_assert_cmpint (count_truth (rig), ==, 2);
  detail = dup_detail (rig);
  g_assert_true (g_str_has_prefix (detail, "All classes together: Dice 0."));
  g_assert_nonnull (strstr (detail, "\nleft lung: Dice 0."));
  g_assert_nonnull (strstr (detail, "\nright lung: Dice 0."));
  open_classes (rig);
  enter ("Right lung", "R");
  close_classes ();
  renamed = dup_detail (rig);
  g_assert_nonnull (strstr (renamed, "\nR: Dice 0."));
  g_assert_true (legend_has (rig, "2 · R"));
  label = window_rig_find (GTK_WIDGET (rig->window->case_list), is_dice_label, renamed);
  g_assert_nonnull (label);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       renamed);
  look_at_properties (rig);
  window_rig_activate (rig, "view::compare");
  window_rig_wait (window_rig_shows (rig->window->compare_view, "2 · R: Dice 0."), 20);
  window_rig_wait (manifest_has ("\"R\""), 10);
}

/* Another case comes with its halves, from the cache too; with a model of one class it is whole
 * again. */
static void
test_other_model (WindowRig *rig, gconstpointer data)
{
  g_autoptr (PlModel) sides = NULL;
  g_autoptr (PlModel) whole = NULL;

  window_rig_train (rig, 1);
  whole = pl_model_ref (rig->window->model);
  window_rig_show_volume (rig);
  g_assert_cmpint (count_truth (rig), ==, 1);
  g_settings_set_boolean (pl_settings_get (), "train-sides", TRUE);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  sides = pl_model_ref (rig->window->model);
  window_rig_wait (count_truth (rig) == 2, 20);
  window_rig_show_case (rig, 0);
  window_rig_wait (count_truth (rig) == 2, 20);
  window_rig_show_volume (rig);
  window_rig_wait (count_truth (rig) == 2, 20);
  pl_app_window_set_model (rig->window, whole, "whole");
  window_rig_wait (count_truth (rig) == 1, 20);
  window_rig_show_case (rig, 0); /* it was kept in halves */
  window_rig_wait (count_truth (rig) == 1, 20);
  window_rig_show_volume (rig);
  window_rig_wait (count_truth (rig) == 1, 20);
  pl_app_window_set_model (rig->window, sides, "sides");
  window_rig_wait (count_truth (rig) == 2, 20);
}

#define ADD(name, test)                                                                            \
  g_test_add ("/app/window-classes/" name, WindowRig, NULL, window_rig_set_up, test, tear_down)

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  ADD ("names", test_names);
  ADD ("refused", test_refused);
  ADD ("not-saved", test_not_saved);
  ADD ("colours", test_colours);
  ADD ("undo", test_undo);
  ADD ("offer", test_offer);
  ADD ("apply", test_apply);
  ADD ("odd-settings", test_odd_settings);
  ADD ("while-training", test_while_training);
  ADD ("after-training", test_after_training);
  ADD ("other-model", test_other_model);
  return window_rig_run ();
}
