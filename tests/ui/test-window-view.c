/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at a data set: slices, views, gray levels and masks, by the controls a person uses, and
 * what is drawn.
 */
#include "ui/window-rig.h"

#include "app/settings.h"

static PlViewState *
state_of (WindowRig *rig)
{
  return rig->window->state;
}

static const char *
slice_text (WindowRig *rig)
{
  return window_rig_label (rig->window->view_bar, "slice_label");
}

static void
assert_slice (WindowRig *rig, int slice, int n)
{
  g_autofree char *text = g_strdup_printf ("Slice %d / %d", slice + 1, n);
  g_autofree char *number = g_strdup_printf ("%d", slice);
  GtkRange *slider = window_rig_child (rig->window->view_bar, "slider");

  g_assert_cmpstr (slice_text (rig), ==, text);
  g_assert_cmpfloat (gtk_range_get_value (slider), ==, slice);
  window_rig_assert_is (rig, "slice", number);
  g_assert_cmpint (pl_view_state_get_slice (state_of (rig)), ==, slice);
}

static void
test_slider (WindowRig *rig, gconstpointer data)
{
  GtkRange *slider;
  guint before;
  int n;

  window_rig_open_data (rig);
  slider = window_rig_child (rig->window->view_bar, "slider");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (slider))); /* a single slice */
  n = window_rig_show_volume (rig);
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (slider)));
  assert_slice (rig, n / 2, n);
  window_rig_settle (rig);
  before = window_rig_picture (rig->window->slice_view);

  gtk_range_set_value (slider, 7);
  assert_slice (rig, 7, n);
  window_rig_wait (window_rig_picture (rig->window->slice_view) != before, 10);
  gtk_range_set_value (slider, n + 100);
  assert_slice (rig, n - 1, n);
  gtk_range_set_value (slider, 0);
  assert_slice (rig, 0, n);
}

static void
test_slice_action (WindowRig *rig, gconstpointer data)
{
  int n;

  window_rig_open_data (rig);
  n = window_rig_show_volume (rig);
  window_rig_activate (rig, "slice(4)");
  assert_slice (rig, 4, n);
  window_rig_activate (rig, "step-slice(10)");
  assert_slice (rig, 14, n);
  window_rig_activate (rig, "step-slice(-100000)");
  assert_slice (rig, 0, n);
  window_rig_activate (rig, "step-slice(100000)");
  assert_slice (rig, n - 1, n);
}

/* A slice of another case of the same size stays where it is, a slice of one is the first. */
static void
test_slice_of_next_case (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_show_case (rig, 0);
  assert_slice (rig, 0, 1);
}

static void
assert_view (WindowRig *rig, const char *name, GtkWidget *view)
{
  g_autofree char *text = g_strdup_printf ("'%s'", name);
  g_autofree char *setting = NULL;

  window_rig_assert_is (rig, "view", text);
  window_rig_wait (gtk_widget_get_mapped (view), 10);
  window_rig_wait (gtk_widget_get_width (view) > 100 && gtk_widget_get_height (view) > 100, 10);
  setting = g_settings_get_string (pl_settings_get (), "view");
  g_assert_cmpstr (setting, ==, name);
}

static void
test_views (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  assert_view (rig, "slice", rig->window->slice_view);
  window_rig_activate (rig, "view::montage");
  assert_view (rig, "montage", rig->window->montage_view);
  window_rig_activate (rig, "view::compare");
  assert_view (rig, "compare", rig->window->compare_view);
  window_rig_wait (window_rig_shows (rig->window->compare_view, "Ground truth"), 10);
  window_rig_wait (window_rig_shows (rig->window->compare_view, "Difference"), 10);
  window_rig_activate (rig, "view::slice");
  assert_view (rig, "slice", rig->window->slice_view);
}

/* The slider belongs to every view: each draws the new slice. */
static void
test_slice_in_each_view (WindowRig *rig, gconstpointer data)
{
  const struct
  {
    const char *action;
    GtkWidget *view;
  } views[] = {
    { "view::slice", rig->window->slice_view },
    { "view::montage", rig->window->montage_view },
    { "view::compare", rig->window->compare_view },
    { "view::planes", rig->window->planes_view },
  };
  int n;

  window_rig_open_data (rig);
  n = window_rig_show_volume (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    {
      guint before;

      window_rig_activate (rig, views[i].action);
      window_rig_activate (rig, "slice(2)");
      window_rig_settle (rig);
      g_assert_true (gtk_widget_get_mapped (window_rig_child (rig->window->view_bar, "slider")));
      before = window_rig_picture (views[i].view);
      window_rig_activate (rig, "slice(25)");
      assert_slice (rig, 25, n);
      window_rig_wait (window_rig_picture (views[i].view) != before, 10);
    }
}

static void
test_presets (WindowRig *rig, gconstpointer data)
{
  static const struct
  {
    const char *id;
    const char *label; /* on the button, with width and centre */
  } presets[] = {
    { "mediastinum", "Mediastinum" },
    { "soft-tissue", "Soft tissue" },
    { "bone", "Bone" },
    { "auto", "Auto" },
    { "lung", "Lung" },
  };

  window_rig_open_data (rig);
  window_rig_settle (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (presets); i++)
    {
      g_autofree char *action = g_strconcat ("window-preset::", presets[i].id, NULL);
      guint before = window_rig_picture (rig->window->slice_view);
      PlWindow old = pl_view_state_get_window (state_of (rig));
      PlWindow new;

      window_rig_activate (rig, action);
      new = pl_view_state_get_window (state_of (rig));
      g_assert_true (old.centre_hu != new.centre_hu || old.width_hu != new.width_hu);
      g_assert_true (g_str_has_prefix (window_rig_label (rig->window->view_bar, "preset_label"),
                                       presets[i].label));
      window_rig_wait (window_rig_picture (rig->window->slice_view) != before, 10);
    }
}

/* A window of one's own is none of the presets. */
static void
test_custom_window (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  pl_view_state_set_window (state_of (rig), (PlWindow){ 12, 345 });
  window_rig_assert_is (rig, "window-preset", "'custom'");
  g_assert_cmpstr (window_rig_label (rig->window->view_bar, "preset_label"), ==,
                   "Custom (345 / 12)");
  window_rig_activate (rig, "window-preset::lung");
  window_rig_assert_is (rig, "window-preset", "'lung'");
}

/* Panels fold by the width that the bar needs: they would come and go with the numbers. */
static void
test_bar_width (WindowRig *rig, gconstpointer data)
{
  int narrow;
  int wide;

  window_rig_open_data (rig);
  gtk_widget_measure (GTK_WIDGET (rig->window->view_bar), GTK_ORIENTATION_HORIZONTAL, -1, &narrow,
                      NULL, NULL, NULL);
  pl_view_state_set_window (state_of (rig), (PlWindow){ -12345678, 12345678 });
  gtk_widget_measure (GTK_WIDGET (rig->window->view_bar), GTK_ORIENTATION_HORIZONTAL, -1, &wide,
                      NULL, NULL, NULL);
  g_assert_cmpint (wide, ==, narrow);
}

/* The toggle, the action and the picture say the same. */
static void
test_truth (WindowRig *rig, gconstpointer data)
{
  GtkToggleButton *toggle;
  guint shown;
  guint hidden;

  window_rig_open_data (rig);
  window_rig_activate (rig, "slice(20)");
  toggle = window_rig_child (rig->window->view_bar, "truth_toggle");
  window_rig_settle (rig);
  shown = window_rig_picture (rig->window->slice_view);

  window_rig_activate (rig, "show-truth(false)");
  g_assert_false (gtk_toggle_button_get_active (toggle));
  window_rig_wait (window_rig_picture (rig->window->slice_view) != shown, 10);
  hidden = window_rig_picture (rig->window->slice_view);
  gtk_toggle_button_set_active (toggle, TRUE);
  window_rig_assert_is (rig, "show-truth", "true");
  window_rig_wait (window_rig_picture (rig->window->slice_view) == shown, 10);
  window_rig_activate (rig, "toggle-masks");
  window_rig_assert_is (rig, "show-truth", "false");
  window_rig_assert_is (rig, "show-prediction", "false");
  window_rig_wait (window_rig_picture (rig->window->slice_view) == hidden, 10);
}

static PlMask *
make_prediction (PlVolume *volume)
{
  gsize n = (gsize) volume->n[0] * (gsize) volume->n[1] * (gsize) volume->n[2];
  guint8 *labels = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    labels[i] = i / 8 % 2;
  return pl_mask_new_take (volume->n, labels);
}

static void
test_prediction_and_opacity (WindowRig *rig, gconstpointer data)
{
  GtkAdjustment *opacity;
  g_autoptr (PlMask) prediction = NULL;
  guint without;
  guint with;

  window_rig_open_data (rig);
  opacity = window_rig_child (rig->window->view_bar, "opacity_adjustment");
  window_rig_settle (rig);
  without = window_rig_picture (rig->window->slice_view);
  prediction = make_prediction (pl_view_state_get_volume (state_of (rig)));
  pl_view_state_set_prediction (state_of (rig), prediction);
  window_rig_wait (window_rig_picture (rig->window->slice_view) != without, 10);
  with = window_rig_picture (rig->window->slice_view);

  gtk_adjustment_set_value (opacity, 0.9);
  g_assert_cmpfloat_with_epsilon (pl_view_state_get_opacity (state_of (rig)), 0.9, 1e-9);
  window_rig_wait (window_rig_picture (rig->window->slice_view) != with, 10);
  window_rig_activate (rig, "show-prediction(false)");
  window_rig_wait (window_rig_picture (rig->window->slice_view) == without, 10);
}

static void
test_probe (WindowRig *rig, gconstpointer data)
{
  PlVolume *volume;
  g_autofree char *expected = NULL;

  window_rig_open_data (rig);
  volume = pl_view_state_get_volume (state_of (rig));
  expected = g_strdup_printf ("Column 20, row 30: %.0f HU", pl_volume_value (volume, 0, 30, 20));
  pl_view_state_set_probe (state_of (rig), 30, 20);
  g_assert_nonnull (strstr (window_rig_label (rig->window->view_bar, "probe_label"), expected));
  g_assert_nonnull (strstr (window_rig_label (rig->window->view_bar, "probe_label"), "Truth: "));
  pl_view_state_set_probe (state_of (rig), -1, -1);
  g_assert_cmpstr (window_rig_label (rig->window->view_bar, "probe_label"), ==, "");
}

/* With two classes the pixel and the legend tell them by number and name; with one there is none.
 */
static void
test_classes (WindowRig *rig, gconstpointer data)
{
  char *names[] = { (char *) "left lung", (char *) "right lung", NULL };
  PlViewBar *bar = rig->window->view_bar;
  g_autoptr (PlMask) mask = NULL;
  GtkWidget *legend;
  PlVolume *volume;
  gsize n;
  guint8 *labels;

  window_rig_open_data (rig);
  volume = pl_view_state_get_volume (state_of (rig));
  legend = window_rig_child (bar, "legend_label");
  g_assert_false (gtk_widget_get_visible (legend));
  n = (gsize) volume->n[0] * (gsize) volume->n[1] * (gsize) volume->n[2];
  labels = g_malloc (n);
  memset (labels, 2, n);
  mask = pl_mask_new_take (volume->n, labels);
  pl_view_state_set_names (state_of (rig), NULL, names);
  pl_view_state_set_truth (state_of (rig), NULL);
  pl_view_state_set_prediction (state_of (rig), mask);
  pl_view_state_set_probe (state_of (rig), 0, 0);
  g_assert_nonnull (strstr (window_rig_label (bar, "probe_label"), "Prediction: 2 · right lung"));
  pl_view_state_set_second (state_of (rig), mask);
  pl_view_state_set_second_name (state_of (rig), "other");
  g_assert_nonnull (
      strstr (window_rig_label (bar, "probe_label"), "   A: 2 · right lung   B: 2 · right lung"));
  pl_view_state_set_second_name (state_of (rig), NULL);
  pl_view_state_set_second (state_of (rig), NULL);
  g_assert_true (gtk_widget_get_visible (legend));
  g_assert_nonnull (strstr (window_rig_label (bar, "legend_label"), "1 · left lung"));
  g_assert_nonnull (strstr (window_rig_label (bar, "legend_label"), "2 · right lung"));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (legend), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "1 left lung, 2 right lung");
  pl_view_state_set_prediction (state_of (rig), NULL);
  g_assert_false (gtk_widget_get_visible (legend));
}

static void
test_zoom (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "zoom-in");
  g_assert_cmpfloat (pl_view_state_get_zoom (state_of (rig)), >, 1);
  for (int i = 0; i < 100; i++)
    window_rig_activate (rig, "zoom-in");
  g_assert_cmpfloat (pl_view_state_get_zoom (state_of (rig)), ==, 64);
  window_rig_activate (rig, "zoom-fit");
  g_assert_cmpfloat (pl_view_state_get_zoom (state_of (rig)), ==, 1);
}

static void
test_colour_map (WindowRig *rig, gconstpointer data)
{
  guint gray;

  window_rig_open_data (rig);
  window_rig_settle (rig);
  gray = window_rig_picture (rig->window->slice_view);
  window_rig_activate (rig, "colour-map::bone");
  window_rig_assert_is (rig, "colour-map", "'bone'");
  window_rig_wait (window_rig_picture (rig->window->slice_view) != gray, 10);
}

/* The search leaves what fits, and moves among it. */
static void
test_search (WindowRig *rig, gconstpointer data)
{
  GtkEditable *search;
  GListModel *shown;

  window_rig_open_data (rig);
  window_rig_activate (rig, "search");
  search = window_rig_child (rig->window->case_list, "search");
  shown =
      G_LIST_MODEL (gtk_list_view_get_model (window_rig_child (rig->window->case_list, "list")));
  g_assert_cmpuint (g_list_model_get_n_items (shown), ==, WINDOW_RIG_CASES);
  gtk_editable_set_text (search, "IMG_");
  window_rig_wait (g_list_model_get_n_items (shown) == WINDOW_RIG_CASES - WINDOW_RIG_SLICES, 10);
  gtk_editable_set_text (search, "no such case");
  window_rig_wait (g_list_model_get_n_items (shown) == 0, 10);
  window_rig_wait (window_rig_shows (rig->window->case_list, "No matching cases"), 10);
  window_rig_activate (rig, "next-case");
  gtk_editable_set_text (search, "");
  window_rig_wait (g_list_model_get_n_items (shown) == WINDOW_RIG_CASES, 10);
  window_rig_wait (!window_rig_shows (rig->window->case_list, "No matching cases"), 10);
}

static void
count_cb (int *n)
{
  (*n)++;
}

/* The case that was in view is in sight again when the search is over. */
static void
test_search_cleared (WindowRig *rig, gconstpointer data)
{
  GtkEditable *search;
  GtkAdjustment *scrolled;
  int n_searches = 0;

  window_rig_open_data (rig);
  search = window_rig_child (rig->window->case_list, "search");
  scrolled =
      gtk_scrolled_window_get_vadjustment (window_rig_child (rig->window->case_list, "scroller"));
  window_rig_wait (
      gtk_adjustment_get_upper (scrolled) > gtk_adjustment_get_page_size (scrolled) + 1, 10);
  window_rig_show_case (rig, WINDOW_RIG_CASES - 1);
  window_rig_wait (gtk_adjustment_get_value (scrolled) > 0, 10);
  g_signal_connect_swapped (search, "search-changed", G_CALLBACK (count_cb), &n_searches);
  gtk_editable_set_text (search, "0"); /* which every name has */
  window_rig_wait (n_searches > 0, 10);
  window_rig_settle (rig);
  gtk_adjustment_set_value (scrolled, 0);
  window_rig_settle (rig);
  gtk_editable_set_text (search, "");
  window_rig_wait (gtk_adjustment_get_value (scrolled) > 0, 10);
  g_signal_handlers_disconnect_by_func (search, count_cb, &n_searches);
}

static void
test_case_name (WindowRig *rig, gconstpointer data)
{
  GtkWidget *label = window_rig_child (rig->window->view_bar, "case_label");

  window_rig_open_data (rig);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *title = NULL;
      g_autofree char *whole = NULL;

      window_rig_show_case (rig, i);
      g_object_get (rig->window->current, "title", &title, NULL);
      whole = g_strconcat (title, " – phantom", NULL);
      g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, title);
      g_assert_cmpstr (gtk_widget_get_tooltip_text (label), ==,
                       pl_case_item_get_name (rig->window->current));
      g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (rig->window)), ==, whole);
    }
}

static void
assert_panels (WindowRig *rig, gboolean cases, gboolean training)
{
  window_rig_settle (rig);
  window_rig_assert_is (rig, "show-cases", cases ? "true" : "false");
  window_rig_assert_is (rig, "show-training", training ? "true" : "false");
}

/* The size of a window that is shown is its user's: this is another one. */
static void
open_narrow_window (WindowRig *rig)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());

  window_rig_tear_down (rig, NULL);
  g_settings_set_int (pl_settings_get (), "window-width", 1024);
  rig->window = pl_app_window_new (application);
  g_object_add_weak_pointer (G_OBJECT (rig->window), (gpointer *) &rig->window);
  gtk_window_present (GTK_WINDOW (rig->window));
  window_rig_open_data (rig);
}

/* There is room for one panel: the one that is opened is shown, and leaves what was there. */
static void
test_narrow_window (WindowRig *rig, gconstpointer data)
{
  open_narrow_window (rig);
  assert_panels (rig, TRUE, FALSE);
  window_rig_activate (rig, "show-training");
  assert_panels (rig, FALSE, TRUE);
  window_rig_activate (rig, "show-training");
  assert_panels (rig, TRUE, FALSE);

  window_rig_activate (rig, "show-training");
  assert_panels (rig, FALSE, TRUE);
  window_rig_activate (rig, "show-cases");
  assert_panels (rig, TRUE, FALSE);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-view/slider", test_slider);
  WINDOW_RIG_ADD ("/app/window-view/slice-action", test_slice_action);
  WINDOW_RIG_ADD ("/app/window-view/slice-of-next-case", test_slice_of_next_case);
  WINDOW_RIG_ADD ("/app/window-view/views", test_views);
  WINDOW_RIG_ADD ("/app/window-view/slice-in-each-view", test_slice_in_each_view);
  WINDOW_RIG_ADD ("/app/window-view/presets", test_presets);
  WINDOW_RIG_ADD ("/app/window-view/custom-window", test_custom_window);
  WINDOW_RIG_ADD ("/app/window-view/bar-width", test_bar_width);
  WINDOW_RIG_ADD ("/app/window-view/truth", test_truth);
  WINDOW_RIG_ADD ("/app/window-view/prediction-and-opacity", test_prediction_and_opacity);
  WINDOW_RIG_ADD ("/app/window-view/probe", test_probe);
  WINDOW_RIG_ADD ("/app/window-view/classes", test_classes);
  WINDOW_RIG_ADD ("/app/window-view/zoom", test_zoom);
  WINDOW_RIG_ADD ("/app/window-view/colour-map", test_colour_map);
  WINDOW_RIG_ADD ("/app/window-view/search", test_search);
  WINDOW_RIG_ADD ("/app/window-view/search-cleared", test_search_cleared);
  WINDOW_RIG_ADD ("/app/window-view/case-name", test_case_name);
  WINDOW_RIG_ADD ("/app/window-view/narrow-window", test_narrow_window);
  return window_rig_run ();
}
