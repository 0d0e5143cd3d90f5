/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panes paint in workers while they are on the screen, so the view is in a window here. It has no
 * OpenGL in tests. */
#include "app/plane-pane-private.h"
#include "app/planes-view.h"
#include "app/surface-view.h"

#include "ui/view-rig.h"

#define TIMEOUT_US (60 * G_USEC_PER_SEC)

#define BLACK_HU (-1350)
#define WHITE_HU 150

typedef struct
{
  PlVolume *volume;
  PlViewState *state;
  PlPlanesState *planes;
  GtkWidget *view;
  GtkWidget *window;
} Rig;

/* 40 slices of 40 × 40 voxels of 1 mm, black but for slices 29 to 31, white: scaling blends
 * neighbours. */
static void
set_up (Rig *rig, gconstpointer data)
{
  rig->volume = view_rig_volume (40, 40, 40, BLACK_HU);
  for (int i = 0; i < 3 * 40 * 40; i++)
    *view_rig_voxel (rig->volume, 29, 0, i) = WHITE_HU;
  rig->state = pl_view_state_new ();
  pl_view_state_set_volume (rig->state, rig->volume);
  rig->view = g_object_ref_sink (g_object_new (PL_TYPE_PLANES_VIEW, NULL));
  pl_planes_view_set_state (PL_PLANES_VIEW (rig->view), rig->state);
  rig->planes = pl_planes_view_get_planes (PL_PLANES_VIEW (rig->view));
  rig->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (rig->window), 700, 600);
  gtk_window_set_child (GTK_WINDOW (rig->window), rig->view);
  gtk_widget_show (rig->window);
  while (!gtk_widget_get_mapped (rig->view) || gtk_widget_get_height (rig->view) == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* The answer of a worker holds its pane until the main loop has delivered it. */
static void
tear_down (Rig *rig, gconstpointer data)
{
  gint64 deadline_us = g_get_monotonic_time () + TIMEOUT_US;

  gtk_window_destroy (GTK_WINDOW (rig->window));
  g_assert_finalize_object (rig->view);
  while (G_OBJECT (rig->state)->ref_count > 1 && g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (rig->state);
  pl_volume_unref (rig->volume);
}

static PlPlanePane *
get_pane (Rig *rig, PlPlaneKind kind)
{
  GtkGrid *grid = GTK_GRID (gtk_widget_get_template_child (rig->view, PL_TYPE_PLANES_VIEW, "grid"));

  return PL_PLANE_PANE (
      gtk_overlay_get_child (GTK_OVERLAY (gtk_grid_get_child_at (grid, kind % 2, kind / 2))));
}

/* (transfer none): the first controller of this kind. */
static gpointer
find_controller (gpointer widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }
  g_assert_not_reached ();
}

/* At the picture's pixel. */
static void
click (PlPlanePane *pane, int row, int column)
{
  PlReslice reslice;
  PlSlicePlace place;
  double x;
  double y;

  g_assert_true (pl_plane_pane_find_place (pane, &reslice, &place));
  x = place.x_px + (column + 0.5) * place.column_px;
  y = place.y_px + (row + 0.5) * place.row_px;
  g_signal_emit_by_name (find_controller (pane, GTK_TYPE_GESTURE_DRAG), "drag-begin", x, y);
  g_signal_emit_by_name (find_controller (pane, GTK_TYPE_GESTURE_CLICK), "released", 1, x, y);
}

static void
press (PlPlanePane *pane, guint key, GdkModifierType modifiers)
{
  gboolean is_handled = FALSE;

  g_signal_emit_by_name (find_controller (pane, GTK_TYPE_EVENT_CONTROLLER_KEY), "key-pressed", key,
                         0, modifiers, &is_handled);
  g_assert_true (is_handled);
}

static void
check_voxel (const char *where, Rig *rig, int slice, int row, int column)
{
  int voxel[3];

  pl_planes_state_get_voxel (rig->planes, voxel);
  if (voxel[0] != slice || voxel[1] != row || voxel[2] != column)
    g_error ("%s: the crosshair is at %d, %d, %d", where, voxel[0], voxel[1], voxel[2]);
}

#define assert_voxel(rig, slice, row, column) check_voxel (G_STRLOC, rig, slice, row, column)

/* Until nothing is being painted. */
static void
wait_for_paint (PlPlanePane *pane)
{
  gint64 deadline_us = g_get_monotonic_time () + TIMEOUT_US;

  while ((pane->shown == NULL || pane->painting.cancellable != NULL) &&
         g_get_monotonic_time () < deadline_us)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_nonnull (pane->shown);
  g_assert_null (pane->painting.cancellable);
}

/* In the middle of a pixel of the picture. */
static void
check_pixel (const char *where, PlPlanePane *pane, int row, int column, guint32 rgb)
{
  PlReslice reslice;
  PlSlicePlace place;
  cairo_surface_t *picture;

  wait_for_paint (pane);
  g_assert_true (pl_plane_pane_find_place (pane, &reslice, &place));
  picture = view_rig_draw (GTK_WIDGET (pane));
  view_rig_check_pixel (where, picture, (int) (place.x_px + (column + 0.5) * place.column_px),
                        (int) (place.y_px + (row + 0.5) * place.row_px), rgb);
  cairo_surface_destroy (picture);
}

#define assert_pixel(pane, row, column, rgb) check_pixel (G_STRLOC, pane, row, column, rgb)

/* A click in one pane moves all three; slices run upwards. */
static void
test_click (Rig *rig, gconstpointer data)
{
  int row;
  int column;

  assert_voxel (rig, 20, 20, 20);
  click (get_pane (rig, PL_PLANE_AXIAL), 11, 12);
  assert_voxel (rig, 20, 11, 12);
  pl_view_state_get_probe (rig->state, &row, &column);
  g_assert_cmpint (row, ==, 11);
  g_assert_cmpint (column, ==, 12);
  click (get_pane (rig, PL_PLANE_CORONAL), 9, 33);
  assert_voxel (rig, 30, 11, 33);
  g_assert_cmpint (pl_view_state_get_slice (rig->state), ==, 30);
  click (get_pane (rig, PL_PLANE_SAGITTAL), 39, 5);
  assert_voxel (rig, 0, 5, 33);
}

/* The slider moves it, and what is outside is the nearest inside. */
static void
test_slice (Rig *rig, gconstpointer data)
{
  pl_view_state_set_slice (rig->state, 7);
  assert_voxel (rig, 7, 20, 20);
  pl_planes_state_set_voxel (rig->planes, (const int[]){ 99, -5, 99 });
  assert_voxel (rig, 39, 0, 39);
}

static void
test_keys (Rig *rig, gconstpointer data)
{
  PlPlanePane *coronal = get_pane (rig, PL_PLANE_CORONAL);

  press (coronal, GDK_KEY_Left, 0);
  press (coronal, GDK_KEY_Up, 0);
  assert_voxel (rig, 21, 20, 19);
  press (coronal, GDK_KEY_Right, GDK_SHIFT_MASK);
  press (coronal, GDK_KEY_Down, GDK_SHIFT_MASK);
  assert_voxel (rig, 16, 20, 24);
  press (coronal, GDK_KEY_Page_Down, 0);
  assert_voxel (rig, 16, 21, 24);
  press (coronal, GDK_KEY_Page_Up, GDK_SHIFT_MASK);
  assert_voxel (rig, 16, 11, 24);
  press (coronal, GDK_KEY_End, 0);
  assert_voxel (rig, 16, 39, 24);
  press (coronal, GDK_KEY_Home, 0);
  assert_voxel (rig, 16, 0, 24);
}

static void
assert_length (PlPlanePane *pane, const char *expected)
{
  g_autofree char *found = pl_plane_pane_dup_length (pane);

  g_assert_cmpstr (found, ==, expected);
}

/* Slices are 2 mm apart, and run upwards. A line belongs to its plane. */
static void
test_ruler (Rig *rig, gconstpointer data)
{
  g_autoptr (PlVolume) other = view_rig_volume (40, 40, 40, BLACK_HU);
  PlPlanePane *coronal = get_pane (rig, PL_PLANE_CORONAL);

  rig->volume->header.has_spacing = TRUE;
  rig->volume->spacing_mm[0] = 2;
  pl_view_state_set_tool (rig->state, PL_TOOL_RULER);
  press (coronal, GDK_KEY_Return, 0);
  for (int i = 0; i < 3; i++)
    press (coronal, GDK_KEY_Left, 0);
  assert_length (coronal, "3.0 mm");
  assert_pixel (coronal, 19, 18, 0xffe659);
  press (coronal, GDK_KEY_Up, 0);
  press (coronal, GDK_KEY_Up, 0);
  press (coronal, GDK_KEY_Return, 0);
  assert_length (coronal, "5.0 mm");
  press (coronal, GDK_KEY_Left, 0);
  assert_length (coronal, "5.0 mm");
  assert_length (get_pane (rig, PL_PLANE_AXIAL), NULL);
  press (coronal, GDK_KEY_Page_Down, 0);
  assert_length (coronal, NULL);
  press (coronal, GDK_KEY_Page_Up, 0);
  assert_length (coronal, "5.0 mm");
  pl_view_state_set_neurological (rig->state, TRUE);
  assert_length (coronal, NULL);

  press (coronal, GDK_KEY_Return, 0);
  assert_length (coronal, "0.0 mm");
  pl_view_state_set_volume (rig->state, other);
  assert_length (coronal, NULL);
}

/* With a tool the lines of the crosshair are not taken hold of. */
static void
test_ruler_drag (Rig *rig, gconstpointer data)
{
  PlPlanePane *axial = get_pane (rig, PL_PLANE_AXIAL);
  gpointer gesture = find_controller (axial, GTK_TYPE_GESTURE_DRAG);
  PlReslice reslice;
  PlSlicePlace place;
  double x;
  double y;

  g_assert_true (pl_plane_pane_find_place (axial, &reslice, &place));
  pl_plane_pane_find_crosshair (axial, &reslice, &place, &x, &y);
  pl_view_state_set_tool (rig->state, PL_TOOL_RULER);
  g_signal_emit_by_name (gesture, "drag-begin", x, y);
  g_assert_cmpint (axial->drag, ==, PL_PLANE_DRAG_TOOL);
  pl_plane_pane_begin_tool (axial, x, y);
  pl_plane_pane_drag_tool (axial, x + 6 * place.column_px, y + 8 * place.row_px);
  pl_plane_pane_end_tool (axial);
  assert_length (axial, "10.0 px");
  assert_voxel (rig, 20, 20, 20);

  /* Keys take over where the hand has let go. */
  press (axial, GDK_KEY_Return, 0);
  axial->drag_is_on = TRUE; /* panned, say */
  press (axial, GDK_KEY_Left, 0);
  press (axial, GDK_KEY_Left, 0);
  assert_length (axial, "2.0 px");
}

/* Of what is seen: the white slices are in the slab alone. */
static void
test_region (Rig *rig, gconstpointer data)
{
  PlPlanePane *axial = get_pane (rig, PL_PLANE_AXIAL);

  pl_view_state_set_slice (rig->state, 25);
  pl_planes_state_set_thickness_mm (rig->planes, 11);
  pl_planes_state_set_projection (rig->planes, PL_PROJECTION_MAXIMUM);
  wait_for_paint (axial);
  pl_view_state_set_tool (rig->state, PL_TOOL_REGION);
  press (axial, GDK_KEY_Return, 0);
  press (axial, GDK_KEY_Left, GDK_SHIFT_MASK);
  press (axial, GDK_KEY_Up, 0);
  press (axial, GDK_KEY_Return, 0);
  g_assert_cmpfloat_with_epsilon (pl_view_state_get_window (rig->state).centre_hu, WHITE_HU, 1);
  g_assert_cmpint (pl_view_state_get_tool (rig->state), ==, PL_TOOL_NONE);
}

static void
settle (Rig *rig, PlPlanePane *pane, int least_width)
{
  gint64 deadline_us = g_get_monotonic_time () + TIMEOUT_US;

  while (gtk_widget_get_width (GTK_WIDGET (pane)) < least_width &&
         g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (pane)), >=, least_width);
}

/* One pane has the place of all, by its button or the property, until it is asked for all. */
static void
test_enlarged (Rig *rig, gconstpointer data)
{
  PlPlanePane *coronal = get_pane (rig, PL_PLANE_CORONAL);
  GtkWidget *axial = GTK_WIDGET (get_pane (rig, PL_PLANE_AXIAL));
  GtkWidget *button = gtk_widget_get_next_sibling (GTK_WIDGET (coronal));
  int width = gtk_widget_get_width (rig->view);
  PlPlanesPane enlarged;

  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (coronal)), <, width * 6 / 10);
  g_object_set (rig->view, "enlarged", PL_PLANES_CORONAL, NULL);
  settle (rig, coronal, width - 2);
  g_assert_true (coronal->is_annotated);
  g_assert_false (gtk_widget_get_mapped (axial));
  g_object_set (rig->view, "enlarged", PL_PLANES_ALL, NULL);
  g_assert_true (gtk_widget_get_mapped (axial));
  g_assert_false (coronal->is_annotated);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  g_object_get (rig->view, "enlarged", &enlarged, NULL);
  g_assert_cmpint (enlarged, ==, PL_PLANES_CORONAL);
  g_object_set (rig->view, "enlarged", PL_PLANES_SURFACE, NULL);
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (coronal)));
  g_object_set (rig->view, "enlarged", PL_PLANES_ALL, NULL);
  g_assert_true (gtk_widget_get_mapped (axial) && gtk_widget_get_mapped (GTK_WIDGET (coronal)));
}

/* Without blending each pixel is a square of its own colour. */
static void
test_squares (Rig *rig, gconstpointer data)
{
  PlPlanePane *axial = get_pane (rig, PL_PLANE_AXIAL);

  *view_rig_voxel (rig->volume, 21, 10, 10) = WHITE_HU;
  pl_view_state_set_slice (rig->state, 21);
  pl_view_state_set_smooth (rig->state, FALSE);
  assert_pixel (axial, 10, 10, 0xffffff);
  assert_pixel (axial, 10, 11, 0);
  pl_view_state_set_zoom (rig->state, 1.7, 0, 0);
  assert_pixel (axial, 10, 10, 0xffffff);
  assert_pixel (axial, 11, 10, 0);
}

/* At the lower left of the axial pane alone, when there is a scale. */
static void
test_scale_bar (Rig *rig, gconstpointer data)
{
  GtkWidget *axial = GTK_WIDGET (get_pane (rig, PL_PLANE_AXIAL));
  GtkWidget *coronal = GTK_WIDGET (get_pane (rig, PL_PLANE_CORONAL));
  int bottom = gtk_widget_get_height (axial) - 12;
  cairo_surface_t *picture = view_rig_draw (axial);

  g_assert_cmphex (view_rig_pixel (picture, 30, bottom), !=, 0xd9d9d9);
  cairo_surface_destroy (picture);
  rig->volume->header.has_spacing = TRUE;
  picture = view_rig_draw (axial);
  view_rig_assert_pixel (picture, 30, bottom, 0xd9d9d9);
  cairo_surface_destroy (picture);
  picture = view_rig_draw (coronal);
  g_assert_cmphex (view_rig_pixel (picture, 30, bottom), !=, 0xd9d9d9);
  cairo_surface_destroy (picture);
}

/* Away from the crosshair a drag changes the window, on its lines it moves it. */
static void
test_drags (Rig *rig, gconstpointer data)
{
  PlPlanePane *axial = get_pane (rig, PL_PLANE_AXIAL);
  gpointer gesture = find_controller (axial, GTK_TYPE_GESTURE_DRAG);
  PlReslice reslice;
  PlSlicePlace place;
  double x;
  double y;

  g_assert_true (pl_plane_pane_find_place (axial, &reslice, &place));
  pl_plane_pane_find_crosshair (axial, &reslice, &place, &x, &y);
  g_signal_emit_by_name (gesture, "drag-begin", x, y - 50);
  g_assert_cmpint (axial->drag, ==, PL_PLANE_DRAG_CROSSHAIR);
  g_signal_emit_by_name (gesture, "drag-begin", x + 40, y - 50);
  g_assert_cmpint (axial->drag, ==, PL_PLANE_DRAG_WINDOW);
}

static void
test_pictures (Rig *rig, gconstpointer data)
{
  PlPlanePane *axial = get_pane (rig, PL_PLANE_AXIAL);
  PlPlanePane *coronal = get_pane (rig, PL_PLANE_CORONAL);

  assert_pixel (coronal, 9, 5, 0xffffff);
  assert_pixel (coronal, 30, 5, 0);
  assert_pixel (axial, 30, 5, 0);
  pl_view_state_set_slice (rig->state, 30);
  assert_pixel (axial, 30, 5, 0xffffff);
}

/* Slice 29 is in a slab of 11 mm about slice 25, but not in one of 5. */
static void
test_projection (Rig *rig, gconstpointer data)
{
  PlPlanePane *axial = get_pane (rig, PL_PLANE_AXIAL);

  pl_view_state_set_slice (rig->state, 25);
  pl_planes_state_set_thickness_mm (rig->planes, 11);
  assert_pixel (axial, 30, 5, 0);
  pl_planes_state_set_projection (rig->planes, PL_PROJECTION_MAXIMUM);
  assert_pixel (axial, 30, 5, 0xffffff);
  gtk_test_accessible_assert_property (
      GTK_ACCESSIBLE (axial), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      "plane 26 of 40; crosshair at slice 26, row 20, column 20, Maximum of 11 mm");
  pl_planes_state_set_projection (rig->planes, PL_PROJECTION_MEAN);
  assert_pixel (axial, 30, 5, 0x2e2e2e);
  pl_planes_state_set_projection (rig->planes, PL_PROJECTION_MAXIMUM);
  pl_planes_state_set_thickness_mm (rig->planes, 5);
  assert_pixel (axial, 30, 5, 0);
}

/* Rows 25 to 34, columns 0 to 9 of each slice. */
static void
test_masks (Rig *rig, gconstpointer data)
{
  g_autoptr (PlMask) mask = view_rig_mask (rig->volume, 25, 35, 0, 10);
  PlPlanePane *sagittal = get_pane (rig, PL_PLANE_SAGITTAL);
  guint32 orange = view_rig_blend (0, PL_PREDICTION_RGB, 0.35);

  pl_view_state_set_prediction (rig->state, mask);
  pl_planes_state_set_voxel (rig->planes, (const int[]){ 20, 20, 5 });
  assert_pixel (sagittal, 30, 30, orange);
  assert_pixel (sagittal, 30, 10, 0);
  pl_label_set_rgb (PL_PREDICTION_RGB, 1, 0x0000ff);
  pl_view_state_colours_changed (rig->state);
  assert_pixel (sagittal, 30, 30, view_rig_blend (0, 0x0000ff, 0.35));
  pl_label_set_rgb (PL_PREDICTION_RGB, 1, PL_PREDICTION_RGB);
  pl_view_state_colours_changed (rig->state);
  pl_view_state_set_peek (rig->state, TRUE);
  assert_pixel (sagittal, 30, 30, 0);
  pl_view_state_set_peek (rig->state, FALSE);
  pl_view_state_set_show_prediction (rig->state, FALSE);
  assert_pixel (sagittal, 30, 30, 0);
  pl_view_state_set_truth (rig->state, mask);
  wait_for_paint (sagittal);
  g_assert_nonnull (sagittal->shown->truth_labels);
  g_assert_cmpint (sagittal->shown->truth_labels[30], ==, 1);
  g_assert_cmpint (sagittal->shown->truth_labels[10], ==, 0);
}

/* As a fill, an outline or its probability, in a plane that is no slice. */
static void
test_prediction_style (Rig *rig, gconstpointer data)
{
  const int n[3] = { 40, 40, 40 };
  g_autoptr (PlMask) mask = view_rig_mask (rig->volume, 25, 35, 0, 10);
  g_autoptr (PlMask) heat = NULL;
  guint8 *probabilities = g_malloc (40 * 40 * 40);
  PlPlanePane *sagittal = get_pane (rig, PL_PLANE_SAGITTAL);
  guint32 words[256];

  memset (probabilities, 200, 40 * 40 * 40);
  heat = pl_mask_new_take (n, probabilities);
  pl_slice_paint_heat_words (1, words);
  pl_planes_state_set_voxel (rig->planes, (const int[]){ 20, 20, 5 });
  pl_view_state_set_prediction (rig->state, mask);
  pl_view_state_set_prediction_style (rig->state, PL_PREDICTION_HEAT);
  assert_pixel (sagittal, 30, 30, view_rig_blend (0, PL_PREDICTION_RGB, 0.35));
  pl_view_state_set_heat (rig->state, heat);
  assert_pixel (sagittal, 30, 10, view_rig_blend (0, words[200] & 0xffffff, 0.35));
  pl_view_state_set_prediction_style (rig->state, PL_PREDICTION_OUTLINE);
  assert_pixel (sagittal, 30, 30, 0);
  g_assert_nonnull (sagittal->shown->prediction_labels);
  g_assert_cmpint (sagittal->shown->prediction_labels[30], ==, 1);
}

/* Many wishes while one picture is painted make one more: of the last. */
static void
test_latest_wins (Rig *rig, gconstpointer data)
{
  PlPlanePane *axial = get_pane (rig, PL_PLANE_AXIAL);

  for (int i = 0; i < 40; i++)
    pl_view_state_set_slice (rig->state, i);
  wait_for_paint (axial);
  g_assert_cmpint (axial->shown->index, ==, 39);
}

static void
assert_name (Rig *rig, PlPlaneKind kind, const char *name)
{
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (get_pane (rig, kind)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, name);
}

/* Named for the body where the orientation is known. */
static void
test_names (Rig *rig, gconstpointer data)
{
  g_autoptr (PlVolume) oriented = view_rig_volume (40, 40, 40, BLACK_HU);

  assert_name (rig, PL_PLANE_AXIAL, "Slices");
  assert_name (rig, PL_PLANE_CORONAL, "Rows");
  assert_name (rig, PL_PLANE_SAGITTAL, "Columns");
  strcpy (oriented->orientation, "SPL");
  pl_view_state_set_volume (rig->state, oriented);
  assert_name (rig, PL_PLANE_AXIAL, "Axial");
  assert_name (rig, PL_PLANE_CORONAL, "Coronal");
  assert_name (rig, PL_PLANE_SAGITTAL, "Sagittal");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (get_pane (rig, PL_PLANE_SAGITTAL)),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "plane 21 of 40; crosshair at slice 21, row 20, column 20");
}

/* What is level in one pane is level in its neighbour, zoomed and moved too. */
static void
test_zoom_is_linked (Rig *rig, gconstpointer data)
{
  PlSlicePlace axial;
  PlSlicePlace sagittal;
  PlSlicePlace coronal;
  PlReslice reslice;

  pl_planes_state_set_zoom (rig->planes, 2, (const double[]){ 3, 4, 5 });
  g_assert_true (pl_plane_pane_find_place (get_pane (rig, PL_PLANE_AXIAL), &reslice, &axial));
  g_assert_true (pl_plane_pane_find_place (get_pane (rig, PL_PLANE_CORONAL), &reslice, &coronal));
  g_assert_true (pl_plane_pane_find_place (get_pane (rig, PL_PLANE_SAGITTAL), &reslice, &sagittal));
  g_assert_cmpfloat (axial.column_px, ==, coronal.column_px);
  g_assert_cmpfloat (axial.x_px, ==, coronal.x_px);
  g_assert_cmpfloat (coronal.y_px, ==, sagittal.y_px);
  pl_view_state_set_zoom (rig->state, 1, 0, 0);
  g_assert_true (pl_plane_pane_find_place (get_pane (rig, PL_PLANE_CORONAL), &reslice, &coronal));
  g_assert_cmpfloat_with_epsilon (
      2 * coronal.y_px + 40 * coronal.row_px,
      gtk_widget_get_height (GTK_WIDGET (get_pane (rig, PL_PLANE_CORONAL))), 1e-6);
}

/* Without OpenGL the surface's pane says so. */
static void
test_no_gl (Rig *rig, gconstpointer data)
{
  GtkGrid *grid = GTK_GRID (gtk_widget_get_template_child (rig->view, PL_TYPE_PLANES_VIEW, "grid"));
  GtkWidget *surface = gtk_overlay_get_child (GTK_OVERLAY (gtk_grid_get_child_at (grid, 1, 1)));

  g_assert_true (PL_IS_SURFACE_VIEW (surface));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (surface),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "No 3D view: this display has no OpenGL");
}

/* The panes may hear of the masks that go before they hear of the volume that comes. */
static void
test_smaller_volume (Rig *rig, gconstpointer data)
{
  g_autoptr (PlVolume) smaller = view_rig_volume (5, 6, 7, BLACK_HU);
  g_autoptr (PlMask) mask = view_rig_mask (rig->volume, 25, 35, 0, 10);

  pl_view_state_set_truth (rig->state, mask);
  pl_planes_state_set_voxel (rig->planes, (const int[]){ 39, 39, 39 });
  wait_for_paint (get_pane (rig, PL_PLANE_SAGITTAL));
  pl_view_state_set_volume (rig->state, smaller);
  assert_voxel (rig, 2, 3, 3);
  wait_for_paint (get_pane (rig, PL_PLANE_SAGITTAL));
}

static void
test_no_volume (Rig *rig, gconstpointer data)
{
  PlPlanePane *axial = get_pane (rig, PL_PLANE_AXIAL);

  wait_for_paint (axial);
  pl_view_state_set_volume (rig->state, NULL);
  g_assert_null (axial->shown);
  press (axial, GDK_KEY_Left, 0);
  assert_voxel (rig, 0, 0, 0);
}

#define ADD(name, test) g_test_add ("/app/planes-view/" name, Rig, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  view_rig_init (&argc, &argv);
  ADD ("click", test_click);
  ADD ("slice", test_slice);
  ADD ("keys", test_keys);
  ADD ("ruler", test_ruler);
  ADD ("ruler-drag", test_ruler_drag);
  ADD ("region", test_region);
  ADD ("enlarged", test_enlarged);
  ADD ("squares", test_squares);
  ADD ("scale-bar", test_scale_bar);
  ADD ("drags", test_drags);
  ADD ("pictures", test_pictures);
  ADD ("projection", test_projection);
  ADD ("masks", test_masks);
  ADD ("prediction-style", test_prediction_style);
  ADD ("latest-wins", test_latest_wins);
  ADD ("names", test_names);
  ADD ("zoom-is-linked", test_zoom_is_linked);
  ADD ("no-gl", test_no_gl);
  ADD ("smaller-volume", test_smaller_volume);
  ADD ("no-volume", test_no_volume);
  return g_test_run ();
}
