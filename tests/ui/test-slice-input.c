/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pointer, wheel, tools and keys on a slice. */
#include "ui/slice-rig.h"

/* Each pixel's middle and corners lead back to it, with zoom, pan and unequal spacing. */
static void
test_probe (SliceRig *rig, gconstpointer data)
{
  PlSlicePlace place;

  rig->volume->spacing_mm[1] = 0.7;
  pl_view_state_set_zoom (rig->state, 1.7, 1.25, -2);
  g_assert_true (pl_slice_view_find_place (PL_SLICE_VIEW (rig->view), &place));
  for (int row = 0; row < 10; row++)
    for (int column = 0; column < 10; column++)
      for (double part = 0.01; part < 1; part += 0.49)
        {
          slice_rig_move_pointer (rig, place.x_px + (column + part) * place.column_px,
                                  place.y_px + (row + part) * place.row_px);
          slice_rig_assert_probe (rig, row, column);
        }
  slice_rig_move_pointer (rig, place.x_px - 1, place.y_px + 5);
  slice_rig_assert_probe (rig, -1, -1);
  slice_rig_move_pointer (rig, place.x_px + 5, place.y_px + 5);
  slice_rig_assert_probe (rig, 0, 0);
  g_signal_emit_by_name (slice_rig_find_controller (rig, GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "leave");
  slice_rig_assert_probe (rig, -1, -1);
}

/* The probe follows a zoom under a pointer that rests. */
static void
test_probe_follows_zoom (SliceRig *rig, gconstpointer data)
{
  slice_rig_move_pointer (rig, 10, 10);
  slice_rig_assert_probe (rig, 0, 0);
  pl_view_state_set_zoom (rig->state, 5, 0, 0);
  slice_rig_assert_probe (rig, 4, 4);
}

static void
test_zoom_keeps_pixel (SliceRig *rig, gconstpointer data)
{
  static const double scales[] = { 1.5, 3, 0.8 };

  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      PlSlicePlace before;
      PlSlicePlace after;

      slice_rig_move_pointer (rig, 130, 70);
      g_assert_true (pl_slice_view_find_place (PL_SLICE_VIEW (rig->view), &before));
      slice_rig_pinch (rig, scales[i]);
      g_assert_true (pl_slice_view_find_place (PL_SLICE_VIEW (rig->view), &after));
      g_assert_cmpfloat_with_epsilon (after.column_px, before.column_px * scales[i], 1e-9);
      g_assert_cmpfloat_with_epsilon ((130 - before.x_px) / before.column_px,
                                      (130 - after.x_px) / after.column_px, 1e-9);
      g_assert_cmpfloat_with_epsilon ((70 - before.y_px) / before.row_px,
                                      (70 - after.y_px) / after.row_px, 1e-9);
    }
  slice_rig_pinch (rig, 1e9);
  g_assert_cmpfloat (pl_view_state_get_zoom (rig->state), ==, 64);
  slice_rig_pinch (rig, 1e-9);
  g_assert_cmpfloat (pl_view_state_get_zoom (rig->state), ==, 0.25);
}

/* Under the pointer stays what was there, in a turned image too. */
static void
test_turned_zoom_keeps_pixel (SliceRig *rig, gconstpointer data)
{
  view_rig_resize (rig->view, 300, 200);
  pl_view_state_set_turn (rig->state, (PlSliceTurn){ 1, TRUE });
  slice_rig_move_pointer (rig, 205, 65);
  for (int i = 0; i < 4; i++)
    {
      int row;
      int column;
      int row_then;
      int column_then;

      pl_view_state_get_probe (rig->state, &row, &column);
      g_assert_cmpint (row, >=, 0);
      slice_rig_pinch (rig, 1.4);
      pl_view_state_get_probe (rig->state, &row_then, &column_then);
      g_assert_cmpint (row_then, ==, row);
      g_assert_cmpint (column_then, ==, column);
    }
}

static void
test_actual_size (SliceRig *rig, gconstpointer data)
{
  PlSlicePlace place;

  pl_slice_view_zoom_actual (PL_SLICE_VIEW (rig->view)); /* 20 times less: as far as it goes */
  g_assert_cmpfloat (pl_view_state_get_zoom (rig->state), ==, 0.25);
  view_rig_resize (rig->view, 30, 30);
  pl_slice_view_zoom_actual (PL_SLICE_VIEW (rig->view));
  g_assert_true (pl_slice_view_find_place (PL_SLICE_VIEW (rig->view), &place));
  g_assert_cmpfloat_with_epsilon (place.column_px, 1, 1e-9);
}

static void
measure (SliceRig *rig, double x0, double y0, double x1, double y1)
{
  PlSliceView *view = PL_SLICE_VIEW (rig->view);

  pl_slice_view_begin_tool (view, PL_TOOL_RULER, x0, y0);
  pl_slice_view_drag_tool (view, x1, y1);
  pl_slice_view_end_tool (view);
}

static void
assert_length (SliceRig *rig, const char *expected)
{
  g_autofree char *found = pl_slice_view_dup_length (PL_SLICE_VIEW (rig->view));

  g_assert_cmpstr (found, ==, expected);
}

/* 3 columns and 4 rows, whose size is known or not; the line belongs to its slice, and leaves with
 * the tool. */
static void
test_ruler (SliceRig *rig, gconstpointer data)
{
  pl_view_state_set_tool (rig->state, PL_TOOL_RULER);
  assert_length (rig, NULL);
  measure (rig, 20, 20, 80, 100);
  assert_length (rig, "5.0 px");
  rig->volume->header.has_spacing = TRUE;
  assert_length (rig, "5.0 mm");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (rig->view),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "slice 2 of 3, 5.0 px");
  slice_rig_assert_pixel (rig, 50, 60, 0xffe659);
  pl_view_state_set_slice (rig->state, 0);
  assert_length (rig, NULL);
  pl_view_state_set_slice (rig->state, 1);
  assert_length (rig, "5.0 mm");
  pl_view_state_set_turn (rig->state, (PlSliceTurn){ 1, TRUE });
  assert_length (rig, "5.0 mm");
  pl_view_state_set_tool (rig->state, PL_TOOL_NONE);
  assert_length (rig, NULL);
}

static void
test_ruler_drag (SliceRig *rig, gconstpointer data)
{
  PlWindow before = pl_view_state_get_window (rig->state);

  pl_view_state_set_tool (rig->state, PL_TOOL_RULER);
  slice_rig_drag (rig, 80, 40);
  g_assert_true (PL_SLICE_VIEW (rig->view)->tools.has_line);
  g_assert_cmpfloat (pl_view_state_get_window (rig->state).width_hu, ==, before.width_hu);
}

/* The window of a region spans its gray levels and no others. */
static void
test_region (SliceRig *rig, gconstpointer data)
{
  PlSliceView *view = PL_SLICE_VIEW (rig->view);
  PlWindow window;

  slice_rig_set_patch (rig, 2, 2, 100);
  *view_rig_voxel (rig->volume, 1, 2, 2) = 300;
  slice_rig_set_patch (rig, 7, 7, 3000);
  pl_slice_view_begin_tool (view, PL_TOOL_REGION, 75, 75);
  pl_slice_view_drag_tool (view, 25, 25);
  pl_slice_view_end_tool (view);
  window = pl_view_state_get_window (rig->state);
  g_assert_cmpfloat (window.centre_hu - window.width_hu / 2, ==, 100);
  g_assert_cmpfloat_with_epsilon (window.centre_hu + window.width_hu / 2, 300, 20);
  g_assert_cmpint (view->tools.at_work, ==, PL_TOOL_NONE);
}

/* As the image lies on the screen, from the middle if there is none; the pointer takes it over when
 * it moves, but not by being where it is. */
static void
test_move_probe (SliceRig *rig, gconstpointer data)
{
  g_assert_false (pl_view_state_probe_is_held (rig->state));
  slice_rig_move_pointer (rig, 30, 50);
  slice_rig_assert_probe (rig, 2, 1);
  pl_view_state_move_probe (rig->state, 3, 1);
  slice_rig_assert_probe (rig, 3, 4);
  slice_rig_assert_pixel (rig, 90, 60, 0xffff66);
  g_assert_true (pl_view_state_probe_is_held (rig->state));
  slice_rig_move_pointer (rig, 30, 50);
  pl_view_state_set_zoom (rig->state, 2, 0, 0);
  slice_rig_assert_probe (rig, 3, 4);
  g_signal_emit_by_name (slice_rig_find_controller (rig, GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "leave");
  slice_rig_assert_probe (rig, 3, 4);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (rig->view),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "slice 2 of 3, Column 4, row 3: -1350 HU");
  pl_view_state_move_probe (rig->state, 100, -100);
  slice_rig_assert_probe (rig, 0, 9);

  pl_view_state_set_zoom (rig->state, 1, 0, 0);
  slice_rig_move_pointer (rig, 10, 50);
  slice_rig_assert_probe (rig, 2, 0);
  g_assert_false (pl_view_state_probe_is_held (rig->state));
  g_signal_emit_by_name (slice_rig_find_controller (rig, GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "leave");
  pl_view_state_set_zoom (rig->state, 3, 2, -3);
  pl_view_state_set_turn (rig->state, (PlSliceTurn){ 1, FALSE }); /* a row down goes left */
  pl_view_state_move_probe (rig->state, -1, 0);
  slice_rig_assert_probe (rig, 3, 7);
}

static void
mark (SliceRig *rig)
{
  g_assert_true (pl_slice_view_mark (PL_SLICE_VIEW (rig->view)));
}

/* Both ends are middles of pixels. */
static void
test_ruler_by_keys (SliceRig *rig, gconstpointer data)
{
  g_assert_false (pl_slice_view_mark (PL_SLICE_VIEW (rig->view)));
  pl_view_state_set_tool (rig->state, PL_TOOL_RULER);
  mark (rig);
  slice_rig_assert_probe (rig, 5, 5);
  pl_view_state_move_probe (rig->state, -3, 0);
  assert_length (rig, "3.0 px");
  pl_view_state_move_probe (rig->state, 0, -4);
  assert_length (rig, "5.0 px");
  mark (rig);
  pl_view_state_move_probe (rig->state, 5, 0);
  assert_length (rig, "5.0 px");
  slice_rig_assert_pixel (rig, 80, 70, 0xffe659);
  mark (rig);
  assert_length (rig, "0.0 px");
  pl_view_state_set_slice (rig->state, 0); /* given up */
  pl_view_state_set_slice (rig->state, 1);
  assert_length (rig, NULL);
}

/* A pointer that moves meanwhile says where the end is. */
static void
test_ruler_by_both (SliceRig *rig, gconstpointer data)
{
  pl_view_state_set_tool (rig->state, PL_TOOL_RULER);
  mark (rig);
  slice_rig_move_pointer (rig, 150, 110);
  mark (rig);
  assert_length (rig, "2.0 px");
}

/* While its pixels are not there a region takes nothing, and can be chosen again. */
static void
test_region_not_loaded (SliceRig *rig, gconstpointer data)
{
  PlWindow before = pl_view_state_get_window (rig->state);

  pl_volume_set_ready_slices (rig->volume, 1);
  pl_view_state_set_tool (rig->state, PL_TOOL_REGION);
  mark (rig);
  mark (rig);
  g_assert_cmpfloat (pl_view_state_get_window (rig->state).width_hu, ==, before.width_hu);
  g_assert_cmpint (pl_view_state_get_tool (rig->state), ==, PL_TOOL_REGION);
}

/* With the pixels of both corners; then drags change the window again. */
static void
test_region_by_keys (SliceRig *rig, gconstpointer data)
{
  PlWindow window;

  slice_rig_set_patch (rig, 5, 5, 100);
  *view_rig_voxel (rig->volume, 1, 6, 6) = 300;
  slice_rig_set_patch (rig, 2, 2, 3000);
  pl_view_state_set_tool (rig->state, PL_TOOL_REGION);
  pl_view_state_move_probe (rig->state, -1, -1);
  mark (rig);
  pl_view_state_move_probe (rig->state, 2, 2);
  slice_rig_assert_pixel (rig, 90, 110, 0xffe659);
  mark (rig);
  window = pl_view_state_get_window (rig->state);
  g_assert_cmpfloat (window.centre_hu - window.width_hu / 2, ==, 100);
  g_assert_cmpfloat_with_epsilon (window.centre_hu + window.width_hu / 2, 300, 20);
  g_assert_cmpint (pl_view_state_get_tool (rig->state), ==, PL_TOOL_NONE);
}

/* Chosen as a tool it needs no Ctrl. */
static void
test_region_drag (SliceRig *rig, gconstpointer data)
{
  slice_rig_set_patch (rig, 1, 1, 700); /* the drag begins at the corner here */
  pl_view_state_set_tool (rig->state, PL_TOOL_REGION);
  slice_rig_drag (rig, 60, 60);
  g_assert_cmpfloat_with_epsilon (pl_view_state_get_window (rig->state).centre_hu, 700, 1);
  g_assert_cmpint (pl_view_state_get_tool (rig->state), ==, PL_TOOL_NONE);
}

static void
test_double_click_fits (SliceRig *rig, gconstpointer data)
{
  gpointer click = slice_rig_find_controller (rig, GTK_TYPE_GESTURE_CLICK);
  double x;
  double y;

  pl_view_state_set_zoom (rig->state, 3, 1, 2);
  g_signal_emit_by_name (click, "pressed", 1, 50.0, 50.0);
  g_assert_cmpfloat (pl_view_state_get_zoom (rig->state), ==, 3);
  g_signal_emit_by_name (click, "pressed", 2, 50.0, 50.0);
  pl_view_state_get_pan (rig->state, &x, &y);
  g_assert_cmpfloat (pl_view_state_get_zoom (rig->state), ==, 1);
  g_assert_cmpfloat (x, ==, 0);
  g_assert_cmpfloat (y, ==, 0);
}

static void
test_window_drag (SliceRig *rig, gconstpointer data)
{
  PlWindow before = pl_view_state_get_window (rig->state);
  PlWindow after;

  slice_rig_drag (rig, 2, 1);
  after = pl_view_state_get_window (rig->state);
  g_assert_cmpfloat (after.width_hu, ==, before.width_hu);
  g_assert_cmpfloat (after.centre_hu, ==, before.centre_hu);

  slice_rig_drag (rig, 80, 0);
  after = pl_view_state_get_window (rig->state);
  g_assert_cmpfloat (after.width_hu, >, before.width_hu);
  g_assert_cmpfloat (after.centre_hu, ==, before.centre_hu);
  slice_rig_drag (rig, -80, 0);
  g_assert_cmpfloat_with_epsilon (pl_view_state_get_window (rig->state).width_hu, before.width_hu,
                                  1e-6);
  slice_rig_drag (rig, 0, 40);
  g_assert_cmpfloat_with_epsilon (pl_view_state_get_window (rig->state).centre_hu,
                                  before.centre_hu + before.width_hu / 10, 1e-6);
}

static gboolean
scroll (SliceRig *rig, double dy)
{
  gboolean handled;

  g_signal_emit_by_name (slice_rig_find_controller (rig, GTK_TYPE_EVENT_CONTROLLER_SCROLL),
                         "scroll", 0.0, dy, &handled);
  return handled;
}

/* Parts of a notch add up; at the ends nothing is saved up. */
static void
test_scroll (SliceRig *rig, gconstpointer data)
{
  g_assert_true (scroll (rig, 1));
  g_assert_cmpint (pl_view_state_get_slice (rig->state), ==, 2);
  scroll (rig, 1);
  g_assert_cmpint (pl_view_state_get_slice (rig->state), ==, 2);
  scroll (rig, -0.5);
  g_assert_cmpint (pl_view_state_get_slice (rig->state), ==, 2);
  scroll (rig, -0.5);
  g_assert_cmpint (pl_view_state_get_slice (rig->state), ==, 1);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (rig->view),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "slice 2 of 3");
  pl_view_state_set_volume (rig->state, NULL);
  g_assert_false (scroll (rig, 1));
}

#define ADD(name, test)                                                                            \
  g_test_add ("/app/slice-input/" name, SliceRig, NULL, slice_rig_set_up, test, slice_rig_tear_down)

int
main (int argc, char **argv)
{
  view_rig_init (&argc, &argv);
  ADD ("probe", test_probe);
  ADD ("probe-follows-zoom", test_probe_follows_zoom);
  ADD ("zoom-keeps-pixel", test_zoom_keeps_pixel);
  ADD ("turned-zoom-keeps-pixel", test_turned_zoom_keeps_pixel);
  ADD ("actual-size", test_actual_size);
  ADD ("ruler", test_ruler);
  ADD ("ruler-drag", test_ruler_drag);
  ADD ("region", test_region);
  ADD ("move-probe", test_move_probe);
  ADD ("ruler-by-keys", test_ruler_by_keys);
  ADD ("ruler-by-both", test_ruler_by_both);
  ADD ("region-not-loaded", test_region_not_loaded);
  ADD ("region-by-keys", test_region_by_keys);
  ADD ("region-drag", test_region_drag);
  ADD ("double-click-fits", test_double_click_fits);
  ADD ("window-drag", test_window_drag);
  ADD ("scroll", test_scroll);
  return g_test_run ();
}
