/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plot as a widget: what its pointer, keys, menu and links do, what it draws and says. */
#include "app/plot-private.h"

#include "ui/view-rig.h"

#include <math.h>

#define RED 0xe01010
#define GREEN 0x10a010

typedef struct
{
  PlPlot *plot;
  PlPlot *other;     /* linked */
  GtkWidget *window; /* that a click can give the focus in */
  int line;
  int dots;
  double moved_to;
  int n_moved;
  int n_dropped;
} Rig;

static PlPlot *
make_plot (void)
{
  PlPlot *plot = g_object_ref_sink (g_object_new (PL_TYPE_PLOT, NULL));

  pl_plot_set_title (plot, "Dice");
  view_rig_resize (GTK_WIDGET (plot), 400, 240);
  return plot;
}

/* Ten steps an epoch, three seconds each; draws once, for input goes by what was drawn. */
static void
set_up (Rig *rig, gconstpointer data)
{
  rig->plot = make_plot ();
  rig->other = make_plot ();
  rig->window = g_object_ref_sink (gtk_window_new ());
  gtk_window_set_child (GTK_WINDOW (rig->window), GTK_WIDGET (rig->plot));
  pl_plot_link (rig->plot, rig->other);
  rig->line = pl_plot_add_curve (rig->plot, "step", RED, PL_CURVE_LINE);
  rig->dots = pl_plot_add_curve (rig->plot, "training", GREEN, PL_CURVE_DOTS);
  for (int i = 1; i <= 40; i++)
    {
      const PlPlotAt at = { i, i / 10.0, 3 * i };

      pl_plot_append (rig->plot, rig->line, at, 0.5);
      if (i % 10 == 0)
        pl_plot_append (rig->plot, rig->dots, at, 0.2 * i / 10);
    }
  cairo_surface_destroy (view_rig_draw (GTK_WIDGET (rig->plot)));
}

static void
tear_down (Rig *rig, gconstpointer data)
{
  gtk_window_set_child (GTK_WINDOW (rig->window), NULL);
  gtk_window_destroy (GTK_WINDOW (rig->window));
  g_assert_finalize_object (rig->window);
  g_assert_finalize_object (rig->plot);
  g_assert_finalize_object (rig->other);
}

static gpointer
find_controller (PlPlot *plot, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (plot));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }
  g_assert_not_reached ();
}

/* Of the first button. */
static void
click (PlPlot *plot, int n_press, double x, double y)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (plot));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_CLICK (controller) &&
          gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (controller)) == GDK_BUTTON_PRIMARY)
        g_signal_emit_by_name (controller, "pressed", n_press, x, y);
    }
}

static void
press_key (PlPlot *plot, guint key)
{
  gboolean is_handled = FALSE;

  g_signal_emit_by_name (find_controller (plot, GTK_TYPE_EVENT_CONTROLLER_KEY), "key-pressed", key,
                         0, 0, &is_handled);
  g_assert_true (is_handled);
}

static void
drag (PlPlot *plot, double x, double y, double dx)
{
  GtkGesture *gesture = find_controller (plot, GTK_TYPE_GESTURE_DRAG);

  g_signal_emit_by_name (gesture, "drag-begin", x, y);
  g_signal_emit_by_name (gesture, "drag-update", dx / 2, 0.0);
  g_signal_emit_by_name (gesture, "drag-update", dx, 0.0);
  g_signal_emit_by_name (gesture, "drag-end", dx, 0.0);
}

/* Whether something of a red or green curve is drawn below the legend. */
static gboolean
has_colour (PlPlot *plot, guint32 rgb)
{
  int shift = rgb == RED ? 16 : 8;
  cairo_surface_t *picture = view_rig_draw (GTK_WIDGET (plot));
  int n = 0;

  for (int y = (int) plot->frame.top; y < 240; y++)
    for (int x = 0; x < 400; x++)
      {
        guint32 pixel = view_rig_pixel (picture, x, y);

        n += (pixel >> shift & 0xff) > (pixel & 0xff) + 80 &&
             (pixel >> shift & 0xff) > (pixel >> (24 - shift) & 0xff) + 80;
      }
  cairo_surface_destroy (picture);
  return n > 0;
}

static void
change_state (PlPlot *plot, const char *action, GVariant *state)
{
  g_action_group_change_action_state (G_ACTION_GROUP (plot->actions), action, state);
}

static double
x_of (PlPlot *plot, double x)
{
  return pl_plot_frame_from_x (&plot->frame, x);
}

static void
test_description (Rig *rig, gconstpointer data)
{
  pl_plot_set_mark (rig->plot, 3);
  pl_plot_describe (rig->plot);
  gtk_test_accessible_assert_role (rig->plot, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (rig->plot, GTK_ACCESSIBLE_PROPERTY_LABEL, "Dice");
  gtk_test_accessible_assert_property (
      rig->plot, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      "step 0.5000, training 0.8000. Best epoch 3: step 0.5000, training 0.6000");
  pl_plot_describe (rig->other);
  gtk_test_accessible_assert_property (rig->other, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "no values yet");
}

/* Appending tells of itself after a while. */
static void
test_late_description (Rig *rig, gconstpointer data)
{
  gint64 end_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  pl_plot_append (rig->plot, rig->dots, (PlPlotAt){ 50, 5, 150 }, 0.95);
  while (gtk_test_accessible_check_property (GTK_ACCESSIBLE (rig->plot),
                                             GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                             "step 0.5000, training 0.9500") != NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
test_curves (Rig *rig, gconstpointer data)
{
  const PlPlotEntry entry = g_array_index (rig->plot->frame.entries, PlPlotEntry, 0);

  g_assert_true (has_colour (rig->plot, RED) && has_colour (rig->plot, GREEN));
  click (rig->plot, 1, entry.x + 3, entry.y + 3);
  g_assert_false (has_colour (rig->plot, RED));
  g_assert_true (has_colour (rig->plot, GREEN));
  press_key (rig->plot, GDK_KEY_1);
  g_assert_true (has_colour (rig->plot, RED));
  change_state (rig->plot, "curve-1", g_variant_new_boolean (FALSE));
  g_assert_false (has_colour (rig->plot, GREEN));
  pl_plot_remove_curve (rig->plot, rig->line);
  g_assert_false (has_colour (rig->plot, RED));
  g_assert_false (g_action_group_has_action (G_ACTION_GROUP (rig->plot->actions), "curve-0"));
}

static void
test_earlier_runs (Rig *rig, gconstpointer data)
{
  int earlier = pl_plot_add_curve (rig->plot, "earlier", 0x3030ff, PL_CURVE_EARLIER);

  pl_plot_append (rig->plot, earlier, (PlPlotAt){ 1, 1, 1 }, 0.5);
  pl_plot_describe (rig->plot);
  gtk_test_accessible_assert_property (rig->plot, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "step 0.5000, training 0.8000");
  pl_plot_clear (rig->plot);
  g_assert_cmpuint (pl_plot_n_points (rig->plot, rig->line), ==, 0);
  g_assert_cmpuint (pl_plot_n_points (rig->plot, earlier), ==, 1);
}

/* One axis for all that are linked. */
static void
test_axis (Rig *rig, gconstpointer data)
{
  change_state (rig->other, "by", g_variant_new_string ("time"));
  g_assert_cmpint (rig->plot->scene.by, ==, PL_PLOT_BY_TIME);
  g_assert_cmpfloat (pl_plot_scene_find_end (&rig->plot->scene), ==, 120);
  pl_plot_set_by (rig->plot, PL_PLOT_BY_STEP);
  g_assert_cmpint (rig->other->scene.by, ==, PL_PLOT_BY_STEP);
  g_assert_cmpfloat (pl_plot_scene_find_end (&rig->plot->scene), ==, 40);
}

static void
test_zoom (Rig *rig, gconstpointer data)
{
  GObject *motion = find_controller (rig->plot, GTK_TYPE_EVENT_CONTROLLER_MOTION);
  double x = x_of (rig->plot, 3);
  double low;
  double high;

  g_signal_emit_by_name (motion, "motion", x, 120.0);
  press_key (rig->plot, GDK_KEY_plus);
  pl_plot_scene_get_view (&rig->plot->scene, &low, &high);
  g_assert_cmpfloat_with_epsilon (high - low, 4 / 1.5, 1e-9);
  cairo_surface_destroy (view_rig_draw (GTK_WIDGET (rig->plot)));
  g_assert_cmpfloat_with_epsilon (x_of (rig->plot, 3), x, 1e-6); /* stays below the pointer */
  g_assert_cmpfloat (rig->other->scene.view_low, ==, low);

  drag (rig->plot, x, 120, 50);
  g_assert_cmpfloat_with_epsilon (rig->plot->scene.view_low,
                                  low - 50 / rig->plot->frame.width * (high - low), 1e-9);
  drag (rig->plot, x, 120, 5000); /* not beyond the beginning */
  g_assert_cmpfloat (rig->plot->scene.view_low, ==, 0);
  press_key (rig->plot, GDK_KEY_Home);
  g_assert_true (isnan (rig->plot->scene.view_low));

  pl_plot_zoom (rig->plot, 4, x);
  click (rig->plot, 2, x, 120.0);
  g_assert_true (isnan (rig->plot->scene.view_low));
  pl_plot_zoom (rig->plot, 4, x);
  pl_plot_zoom (rig->plot, 0.01, x);
  g_assert_true (isnan (rig->plot->scene.view_low));
}

/* What is at the end stays there while values come. */
static void
test_following (Rig *rig, gconstpointer data)
{
  double low;
  double high;

  pl_plot_set_view (rig->plot, 3, 4);
  pl_plot_append (rig->plot, rig->line, (PlPlotAt){ 60, 6, 180 }, 0.5);
  pl_plot_scene_get_view (&rig->plot->scene, &low, &high);
  g_assert_cmpfloat (low, ==, 5);
  g_assert_cmpfloat (high, ==, 6);
  pl_plot_set_view (rig->plot, 3, 4);
  pl_plot_append (rig->plot, rig->line, (PlPlotAt){ 80, 8, 240 }, 0.5);
  pl_plot_scene_get_view (&rig->plot->scene, &low, &high);
  g_assert_cmpfloat (low, ==, 3);
  g_assert_cmpfloat (high, ==, 4);
}

static gboolean
scroll (PlPlot *plot, double dx, double dy)
{
  gboolean is_handled = FALSE;

  g_signal_emit_by_name (find_controller (plot, GTK_TYPE_EVENT_CONTROLLER_SCROLL), "scroll", dx, dy,
                         &is_handled);
  return is_handled;
}

/* The wheel is left to the panel, unless the plot was clicked before. */
static void
test_wheel (Rig *rig, gconstpointer data)
{
  g_assert_false (scroll (rig->plot, 0, -1));
  g_assert_false (scroll (rig->plot, 1, 0)); /* there is nothing to move */
  g_assert_true (isnan (rig->plot->scene.view_low));
  click (rig->plot, 1, x_of (rig->plot, 2), 120);
  g_assert_true (scroll (rig->plot, 0, -1));
  g_assert_false (isnan (rig->plot->scene.view_low));
  pl_plot_set_view (rig->plot, 1, 2);
  g_assert_true (scroll (rig->plot, 1, 0));
  g_assert_cmpfloat_with_epsilon (rig->plot->scene.view_low, 1.1, 1e-9);
}

static void
test_pointer (Rig *rig, gconstpointer data)
{
  GObject *motion = find_controller (rig->plot, GTK_TYPE_EVENT_CONTROLLER_MOTION);

  g_signal_emit_by_name (motion, "motion", x_of (rig->plot, 2), 120.0);
  g_assert_cmpfloat_with_epsilon (rig->plot->scene.read_x, 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (rig->other->scene.read_x, 2, 1e-9);
  g_signal_emit_by_name (motion, "motion", 1.0, 1.0);
  g_assert_true (isnan (rig->other->scene.read_x));
}

static void
test_keys (Rig *rig, gconstpointer data)
{
  press_key (rig->plot, GDK_KEY_Left);
  g_assert_cmpfloat (rig->plot->scene.read_x, ==, 4);
  press_key (rig->plot, GDK_KEY_Left);
  g_assert_cmpfloat (rig->plot->scene.read_x, ==, 3);
  gtk_test_accessible_assert_property (
      rig->plot, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      "epoch 3 · step 30 · 1:30: step 0.5000, training 0.6000. step 0.5000, training 0.8000");
  press_key (rig->plot, GDK_KEY_Right);
  press_key (rig->plot, GDK_KEY_Right);
  g_assert_cmpfloat (rig->plot->scene.read_x, ==, 4);
  pl_plot_set_view (rig->plot, 0, 1); /* reading leads the view */
  press_key (rig->plot, GDK_KEY_Left);
  g_assert_cmpfloat (rig->plot->scene.view_high, >, 3);
  press_key (rig->plot, GDK_KEY_l);
  g_assert_true (rig->plot->scene.is_log);
  g_assert_false (rig->other->scene.is_log);
}

static void
moved_cb (Rig *rig, double epoch)
{
  rig->moved_to = epoch;
  rig->n_moved++;
}

static void
dropped_cb (Rig *rig)
{
  rig->n_dropped++;
}

static void
test_cursor (Rig *rig, gconstpointer data)
{
  double y = rig->plot->frame.top + 10;

  drag (rig->plot, x_of (rig->plot, 1), y, 60);
  g_assert_true (isnan (rig->plot->scene.cursor)); /* nobody listens */
  g_signal_connect_swapped (rig->plot, "cursor-moved", G_CALLBACK (moved_cb), rig);
  g_signal_connect_swapped (rig->plot, "cursor-dropped", G_CALLBACK (dropped_cb), rig);
  drag (rig->plot, x_of (rig->plot, 1), y, x_of (rig->plot, 2.5) - x_of (rig->plot, 1));
  g_assert_cmpint (rig->n_moved, ==, 2);
  g_assert_cmpint (rig->n_dropped, ==, 1);
  g_assert_cmpfloat_with_epsilon (rig->moved_to, 2.5, 1e-9);
  g_assert_cmpfloat (rig->other->scene.cursor, ==, rig->moved_to);

  drag (rig->plot, x_of (rig->plot, 1), y, 2); /* a hand that shakes does not drag */
  g_assert_cmpint (rig->n_moved, ==, 2);
  drag (rig->plot, x_of (rig->plot, 1), y, 9999);
  g_assert_cmpfloat_with_epsilon (rig->moved_to, 4, 1e-9);

  pl_plot_set_by (rig->plot, PL_PLOT_BY_TIME);
  cairo_surface_destroy (view_rig_draw (GTK_WIDGET (rig->plot)));
  drag (rig->plot, x_of (rig->plot, 10), y, x_of (rig->plot, 60) - x_of (rig->plot, 10));
  g_assert_cmpfloat_with_epsilon (rig->moved_to, 2, 1e-9);

  press_key (rig->plot, GDK_KEY_Left);
  press_key (rig->plot, GDK_KEY_Return);
  g_assert_cmpfloat_with_epsilon (rig->moved_to, 4, 1e-9);
  g_assert_cmpint (rig->n_dropped, ==, 4);
}

/* While zoomed the cursor is dragged where it is, and the view elsewhere. */
static void
test_cursor_zoomed (Rig *rig, gconstpointer data)
{
  double y = rig->plot->frame.top + 10;

  g_signal_connect_swapped (rig->plot, "cursor-moved", G_CALLBACK (moved_cb), rig);
  pl_plot_set_cursor (rig->plot, 2);
  pl_plot_set_view (rig->plot, 1, 3);
  cairo_surface_destroy (view_rig_draw (GTK_WIDGET (rig->plot)));
  drag (rig->plot, x_of (rig->plot, 2.5), y, -20);
  g_assert_cmpint (rig->n_moved, ==, 0);
  g_assert_cmpfloat (rig->plot->scene.view_low, >, 1);
  cairo_surface_destroy (view_rig_draw (GTK_WIDGET (rig->plot)));
  drag (rig->plot, x_of (rig->plot, 2), y, 20);
  g_assert_cmpint (rig->n_moved, ==, 2);
  g_assert_cmpfloat (rig->moved_to, >, 2);
}

static void
test_levels (Rig *rig, gconstpointer data)
{
  guint8 *with;
  guint8 *without;
  cairo_surface_t *pictures[2];
  gsize size;

  pl_plot_add_level (rig->plot, "tutorial", 0.9);
  change_state (rig->plot, "levels", g_variant_new_boolean (TRUE));
  pictures[0] = view_rig_draw (GTK_WIDGET (rig->plot));
  change_state (rig->plot, "levels", g_variant_new_boolean (FALSE));
  pictures[1] = view_rig_draw (GTK_WIDGET (rig->plot));
  with = cairo_image_surface_get_data (pictures[0]);
  without = cairo_image_surface_get_data (pictures[1]);
  size = (gsize) cairo_image_surface_get_stride (pictures[0]) * 240;
  g_assert_cmpint (memcmp (with, without, size), !=, 0);
  cairo_surface_destroy (pictures[0]);
  cairo_surface_destroy (pictures[1]);
  change_state (rig->plot, "levels", g_variant_new_boolean (TRUE));
}

/* What drawing a million points looks at. */
static void
test_cost (Rig *rig, gconstpointer data)
{
  PlCurve *curve = pl_plot_scene_get_curve (&rig->plot->scene, rig->line)->data;
  guint64 before;

  change_state (rig->plot, "smoothing", g_variant_new_double (0.9));
  change_state (rig->plot, "ignore-outliers", g_variant_new_boolean (TRUE));
  for (int i = 41; i <= 1000000; i++)
    {
      const PlCurvePoint point = { { i, i / 10.0, 3 * i }, sin (i * 0.001), NAN, NAN };

      pl_curve_append (curve, &point);
    }
  before = pl_curve_get_n_visits (curve);
  cairo_surface_destroy (view_rig_draw (GTK_WIDGET (rig->plot)));
  g_assert_cmpuint (pl_curve_get_n_visits (curve) - before, <, 400 * 400);
  change_state (rig->plot, "ignore-outliers", g_variant_new_boolean (FALSE));
}

static void
test_table (Rig *rig, gconstpointer data)
{
  guint n = g_list_model_get_n_items (gtk_window_get_toplevels ());
  g_autoptr (GtkWindow) window = NULL;

  g_action_group_activate_action (G_ACTION_GROUP (rig->plot->actions), "table", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_window_get_toplevels ()), ==, n + 1);
  window = g_list_model_get_item (gtk_window_get_toplevels (), n);
  g_assert_cmpstr (gtk_window_get_title (window), ==, "Dice");
  gtk_window_destroy (window);
}

#define ADD(name, test) g_test_add ("/app/plot/" name, Rig, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  view_rig_init (&argc, &argv);
  ADD ("description", test_description);
  ADD ("late-description", test_late_description);
  ADD ("curves", test_curves);
  ADD ("earlier-runs", test_earlier_runs);
  ADD ("axis", test_axis);
  ADD ("zoom", test_zoom);
  ADD ("following", test_following);
  ADD ("wheel", test_wheel);
  ADD ("pointer", test_pointer);
  ADD ("keys", test_keys);
  ADD ("cursor", test_cursor);
  ADD ("cursor-zoomed", test_cursor_zoomed);
  ADD ("levels", test_levels);
  ADD ("cost", test_cost);
  ADD ("table", test_table);
  return g_test_run ();
}
