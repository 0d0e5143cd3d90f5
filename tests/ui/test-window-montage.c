/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The montage as the workbench: what is shown, in which order, and where a choice leads. */
#include "ui/window-rig.h"

#include "app/montage-view.h"

#include <string.h>

static PlMontageContent *
content_of (WindowRig *rig)
{
  return pl_montage_view_get_content (PL_MONTAGE_VIEW (rig->window->montage_view));
}

static GtkWidget *
grid_of (WindowRig *rig)
{
  return GTK_WIDGET (pl_montage_view_get_grid (PL_MONTAGE_VIEW (rig->window->montage_view)));
}

static void
press (WindowRig *rig, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (grid_of (rig));
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &handled);
    }
  g_assert_true (handled);
}

/* The truth, of which slice s lacks all but its first s pixels of lung: the higher, the better. */
static PlMask *
spoil (const PlMask *truth)
{
  gsize n = (gsize) truth->n[1] * (gsize) truth->n[2];
  guint8 *labels = g_memdup2 (truth->labels, n * (gsize) truth->n[0]);

  for (int s = 0; s < truth->n[0]; s++)
    {
      int left = s;

      for (gsize i = 0; i < n; i++)
        if (labels[(gsize) s * n + i] != 0 && left-- <= 0)
          labels[(gsize) s * n + i] = 0;
    }
  return pl_mask_new_take (truth->n, labels);
}

static void
show_spoilt_volume (WindowRig *rig)
{
  g_autoptr (PlMask) prediction = NULL;

  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "view::montage");
  prediction = spoil (pl_view_state_get_truth (rig->window->state));
  pl_view_state_set_prediction (rig->window->state, prediction);
  window_rig_wait (pl_montage_content_knows_dice (content_of (rig)), 10);
}

/* The worst comes first, and the keys go on to the better ones. */
static void
test_sort_by_dice (WindowRig *rig, gconstpointer data)
{
  g_autofree char *first = NULL;
  double last = -1;

  show_spoilt_volume (rig);
  window_rig_activate (rig, "montage-sort::dice");
  window_rig_assert_is (rig, "montage-sort", "'dice'");
  for (int i = 0; i < pl_montage_content_get_n_tiles (content_of (rig)); i++)
    {
      int subject = pl_montage_content_get_subject (content_of (rig), i);
      double dice = pl_montage_content_get_fact (content_of (rig), subject).dice;

      g_assert_cmpfloat (dice, >=, last);
      last = dice;
    }
  press (rig, GDK_KEY_Home);
  g_assert_cmpint (pl_view_state_get_slice (rig->window->state), ==,
                   pl_montage_content_get_subject (content_of (rig), 0));
  first = pl_montage_content_dup_description (content_of (rig),
                                              pl_montage_content_get_subject (content_of (rig), 0));
  g_assert_nonnull (strstr (first, ", Dice 0.0"));
  gtk_test_accessible_assert_property (grid_of (rig), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, first);
  press (rig, GDK_KEY_Right);
  g_assert_cmpint (pl_view_state_get_slice (rig->window->state), ==,
                   pl_montage_content_get_subject (content_of (rig), 1));
  g_assert_true (window_rig_shows (rig->window->montage_view, "≥ 0.95")); /* the legend */
}

static void
test_sort_by_area (WindowRig *rig, gconstpointer data)
{
  double last = G_MAXDOUBLE;

  show_spoilt_volume (rig);
  window_rig_activate (rig, "montage-sort::area");
  for (int i = 0; i < pl_montage_content_get_n_tiles (content_of (rig)); i++)
    {
      int subject = pl_montage_content_get_subject (content_of (rig), i);
      double area_mm2 = pl_montage_content_get_fact (content_of (rig), subject).area_mm2;

      g_assert_cmpfloat (area_mm2, <=, last);
      last = area_mm2;
    }
  g_assert_cmpfloat (last, <, G_MAXDOUBLE);
}

static void
test_range_and_filter (WindowRig *rig, gconstpointer data)
{
  g_autofree char *all = NULL;
  int n;

  show_spoilt_volume (rig);
  n = pl_view_state_get_n_slices (rig->window->state);
  all = g_strdup_printf ("%d", n);
  window_rig_assert_is (rig, "montage-tiles", all);
  window_rig_activate (rig, "montage-first(2)");
  window_rig_activate (rig, "montage-last(10)");
  window_rig_activate (rig, "montage-step(4)");
  window_rig_assert_is (rig, "montage-tiles", "3");
  window_rig_activate (rig, "montage-filter::dice-below");
  window_rig_activate (rig, "montage-dice-below(0.0)");
  window_rig_assert_is (rig, "montage-tiles", "0");
  window_rig_wait (window_rig_shows (rig->window->montage_view, "Nothing to Show"), 20);
  window_rig_activate (rig, "montage-show-all");
  window_rig_assert_is (rig, "montage-tiles", all);
  window_rig_assert_is (rig, "montage-filter", "'all'");
  g_assert_false (window_rig_shows (rig->window->montage_view, "Nothing to Show"));
}

/* A range is of one volume: another case is shown whole. */
static void
test_range_is_forgotten (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "montage-first(3)");
  window_rig_assert_is (rig, "montage-first", "3");
  window_rig_show_case (rig, 0);
  window_rig_assert_is (rig, "montage-first", "0");
}

/* Planes are another axis of the volume, selected by the crosshair and opened where that is. */
static void
test_axis (WindowRig *rig, gconstpointer data)
{
  int n_slices;

  window_rig_open_data (rig);
  n_slices = window_rig_show_volume (rig);
  window_rig_activate (rig, "view::montage");
  g_assert_cmpint (pl_montage_content_get_n_tiles (content_of (rig)), ==, n_slices);
  window_rig_activate (rig, "montage-axis::sagittal");
  window_rig_assert_is (rig, "montage-axis", "'sagittal'");
  window_rig_assert_is (rig, "montage-tiles", "64");
  g_assert_cmpint (pl_montage_content_get_selected (content_of (rig)), ==, 32);
  press (rig, GDK_KEY_Right);
  g_assert_cmpint (pl_montage_content_get_selected (content_of (rig)), ==, 33);
  window_rig_activate (rig, "montage-open");
  window_rig_assert_is (rig, "view", "'planes'");
  window_rig_activate (rig, "montage-axis::oblique");
  window_rig_assert_is (rig, "montage-axis", "'sagittal'");
  window_rig_show_case (rig, 0);
  window_rig_assert_is (rig, "montage-source", "'cases'");
  g_assert_false (pl_montage_content_shows_planes (content_of (rig)));
}

/* Another window begins with what was chosen in the last, but for the range. */
static void
test_remembered (WindowRig *rig, gconstpointer data)
{
  static const char *const choices[] = {
    "montage-axis::coronal",  "montage-sort::dice",      "montage-filter::dice-below",
    "montage-step(3)",        "montage-dice-below(0.5)", "montage-truth::fill",
    "montage-tile-size(128)", "montage-first(2)",        "montage-prediction::outline",
  };
  WindowRig other = { NULL };

  window_rig_open_data (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    window_rig_activate (rig, choices[i]);
  window_rig_assert_is (rig, "montage-first", "2");
  other.window = pl_app_window_new (gtk_window_get_application (GTK_WINDOW (rig->window)));
  window_rig_assert_is (&other, "montage-axis", "'coronal'");
  window_rig_assert_is (&other, "montage-sort", "'dice'");
  window_rig_assert_is (&other, "montage-filter", "'dice-below'");
  window_rig_assert_is (&other, "montage-step", "3");
  window_rig_assert_is (&other, "montage-dice-below", "0.5");
  window_rig_assert_is (&other, "montage-truth", "'fill'");
  window_rig_assert_is (&other, "montage-prediction", "'outline'");
  window_rig_assert_is (&other, "montage-tile-size", "128");
  window_rig_assert_is (&other, "montage-first", "0");
  gtk_window_destroy (GTK_WINDOW (other.window));
}

static void
test_nonsense (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "montage-sort::colour");
  window_rig_assert_is (rig, "montage-sort", "'slice'");
  window_rig_activate (rig, "montage-filter::none");
  window_rig_assert_is (rig, "montage-filter", "'all'");
  window_rig_activate (rig, "montage-step(-3)");
  window_rig_assert_is (rig, "montage-step", "1");
  window_rig_activate (rig, "montage-first(2147483647)");
  window_rig_assert_is (rig, "montage-first", "11");
  window_rig_activate (rig, "montage-last(-7)");
  window_rig_assert_is (rig, "montage-last", "-1");
  window_rig_activate (rig, "montage-dice-below(7.0)");
  window_rig_assert_is (rig, "montage-dice-below", "1.0");
  window_rig_activate (rig, "montage-truth::dots");
  window_rig_assert_is (rig, "montage-truth", "'outline'");
  window_rig_activate (rig, "montage-tile-size(100000)");
  window_rig_assert_is (rig, "montage-tile-size", "384");
}

static gboolean
is_complete (WindowRig *rig)
{
  return pl_montage_grid_is_complete (PL_MONTAGE_GRID (grid_of (rig)));
}

/* Every case of one slice is a tile with its name; choosing one is choosing the case. */
static void
test_cases (WindowRig *rig, gconstpointer data)
{
  g_autofree char *label = NULL;
  g_autofree char *title = NULL;
  guint before;

  window_rig_open_data (rig);
  window_rig_activate (rig, "view::montage");
  window_rig_assert_is (rig, "montage-source", "'cases'");
  window_rig_assert_is (rig, "montage-tiles", G_STRINGIFY (WINDOW_RIG_SLICES));
  window_rig_wait (is_complete (rig), 20);
  press (rig, GDK_KEY_End);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  g_assert_cmpint (pl_montage_content_get_selected (content_of (rig)), ==, WINDOW_RIG_SLICES - 1);
  label = pl_montage_content_dup_label (content_of (rig), WINDOW_RIG_SLICES - 1);
  g_object_get (rig->window->current, "title", &title, NULL);
  g_assert_cmpstr (label, ==, title);
  gtk_test_accessible_assert_property (grid_of (rig), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title);

  window_rig_settle (rig);
  before = window_rig_picture (grid_of (rig));
  window_rig_activate (rig, "montage-truth::fill");
  window_rig_wait (is_complete (rig), 20);
  window_rig_wait (window_rig_picture (grid_of (rig)) != before, 10);

  window_rig_show_volume (rig);
  window_rig_assert_is (rig, "montage-source", "'slices'");
}

/* The areas of cases are read when they are asked for. */
static void
test_cases_by_area (WindowRig *rig, gconstpointer data)
{
  PlMontageContent *content;
  double last = G_MAXDOUBLE;

  window_rig_open_data (rig);
  content = content_of (rig);
  g_assert_true (isnan (pl_montage_content_get_fact (content, 0).area_mm2));
  window_rig_activate (rig, "montage-sort::area");
  window_rig_wait (!isnan (pl_montage_content_get_fact (content, 0).area_mm2), 20);
  for (int i = 0; i < WINDOW_RIG_SLICES; i++)
    {
      int subject = pl_montage_content_get_subject (content, i);

      g_assert_cmpfloat (pl_montage_content_get_fact (content, subject).area_mm2, <=, last);
      last = pl_montage_content_get_fact (content, subject).area_mm2;
    }
}

/* What is known of a case changes its tile's place. */
static void
test_cases_by_dice (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "montage-sort::dice");
  for (guint i = 0; i < WINDOW_RIG_SLICES; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (rig->window->cases), i);

      pl_case_item_set_dice (item, i == 7 ? 0.25 : 0.5);
    }
  g_assert_cmpint (pl_montage_content_get_subject (content_of (rig), 0), ==, 7);
  window_rig_activate (rig, "montage-filter::dice-below");
  window_rig_activate (rig, "montage-dice-below(0.3)");
  window_rig_assert_is (rig, "montage-tiles", "1");
}

static void
test_open (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "view::montage");
  window_rig_activate (rig, "slice(5)");
  window_rig_activate (rig, "montage-open");
  window_rig_assert_is (rig, "view", "'slice'");
  window_rig_assert_is (rig, "slice", "5");
}

/* What the window has written, once it is there. */
static char *export(WindowRig *rig, const char *name, gsize *n_bytes)
{
  g_autofree char *path = g_build_filename (window_rig_scratch (), name, NULL);
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;

  window_rig_wait (window_rig_is_enabled (rig, "montage-export"), 10);
  pl_app_window_export_montage (rig->window, path);
  window_rig_wait (rig->window->exporting.cancellable == NULL, 30);
  g_file_get_contents (path, &bytes, n_bytes, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
test_export_png (WindowRig *rig, gconstpointer data)
{
  PlMontageGrid *grid;
  g_autofree char *bytes = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  gsize n_bytes;

  show_spoilt_volume (rig);
  window_rig_activate (rig, "montage-tile-size(96)");
  grid = PL_MONTAGE_GRID (grid_of (rig));
  window_rig_wait (pl_montage_grid_get_columns (grid) > 1, 10);
  bytes = export(rig, "montage.png", &n_bytes);
  file = g_bytes_new (bytes, n_bytes);
  texture = gdk_texture_new_from_bytes (file, NULL);
  g_assert_nonnull (texture);
  g_assert_cmpint (gdk_texture_get_width (texture), ==,
                   8 + pl_montage_grid_get_columns (grid) * (96 + 8));
}

/* How many words of the PDF's pages are @word, as a line of a path is "l". */
static int
count_words (const char *bytes, gsize n_bytes, const char *word)
{
  g_autoptr (GZlibDecompressor) inflater = NULL;
  int n = 0;

  for (const char *at = bytes; (at = g_strstr_len (at, bytes + n_bytes - at, "stream\n")) != NULL;)
    {
      g_autoptr (GInputStream) packed = NULL;
      g_autoptr (GInputStream) stream = NULL;
      g_autofree char *text = g_malloc0 (1 << 22);
      g_auto (GStrv) words = NULL;
      gsize n_read = 0;

      at += strlen ("stream\n");
      packed = g_memory_input_stream_new_from_data (at, bytes + n_bytes - at, NULL);
      g_clear_object (&inflater);
      inflater = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
      stream = g_converter_input_stream_new (packed, G_CONVERTER (inflater));
      g_input_stream_read_all (stream, text, (1 << 22) - 1, &n_read, NULL, NULL);
      words = g_strsplit_set (text, " \n", -1);
      for (char **w = words; *w != NULL; w++)
        n += g_str_equal (*w, word);
    }
  return n;
}

/* Outlines are lines, and gone when masks are hidden. */
static void
test_export_pdf (WindowRig *rig, gconstpointer data)
{
  g_autofree char *with = NULL;
  g_autofree char *without = NULL;
  gsize n_with;
  gsize n_without;

  show_spoilt_volume (rig);
  with = export(rig, "with.pdf", &n_with);
  g_assert_true (g_str_has_prefix (with, "%PDF-"));
  window_rig_activate (rig, "toggle-masks");
  without = export(rig, "without.pdf", &n_without);
  g_assert_cmpint (count_words (with, n_with, "l"), >, count_words (without, n_without, "l") + 200);
}

/* A name that says no format, and a folder that is not there, are said to be so. */
static void
test_export_refused (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_wait (window_rig_is_enabled (rig, "montage-export"), 10);
  pl_app_window_export_montage (rig->window, "/nowhere/montage.jpeg");
  window_rig_wait (window_rig_has_problem (rig, "montage.jpeg", ".png or .pdf"), 10);
  pl_app_window_export_montage (rig->window, "/nowhere/montage.png");
  window_rig_wait (window_rig_has_problem (rig, "montage.png", "could not be saved"), 20);
  g_assert_true (window_rig_has_problem (rig, "/nowhere/montage.png: its folder is not there",
                                         "Choose another folder."));
  g_assert_false (window_rig_has_problem (rig, "montage.png.", ""));
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-montage/sort-by-dice", test_sort_by_dice);
  WINDOW_RIG_ADD ("/app/window-montage/sort-by-area", test_sort_by_area);
  WINDOW_RIG_ADD ("/app/window-montage/range-and-filter", test_range_and_filter);
  WINDOW_RIG_ADD ("/app/window-montage/range-is-forgotten", test_range_is_forgotten);
  WINDOW_RIG_ADD ("/app/window-montage/axis", test_axis);
  WINDOW_RIG_ADD ("/app/window-montage/remembered", test_remembered);
  WINDOW_RIG_ADD ("/app/window-montage/nonsense", test_nonsense);
  WINDOW_RIG_ADD ("/app/window-montage/cases", test_cases);
  WINDOW_RIG_ADD ("/app/window-montage/cases-by-area", test_cases_by_area);
  WINDOW_RIG_ADD ("/app/window-montage/cases-by-dice", test_cases_by_dice);
  WINDOW_RIG_ADD ("/app/window-montage/open", test_open);
  WINDOW_RIG_ADD ("/app/window-montage/export-png", test_export_png);
  WINDOW_RIG_ADD ("/app/window-montage/export-pdf", test_export_pdf);
  WINDOW_RIG_ADD ("/app/window-montage/export-refused", test_export_refused);
  return window_rig_run ();
}
