/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A press on the crosshair's lines takes hold of it; elsewhere it becomes a window/level drag once
 * it moves, and puts the crosshair there if it does not. With Ctrl or a tool a drag marks.
 */
#include "app/plane-pane-private.h"

#include <math.h>
#include <string.h>

#define GRAB_PX 5.0

#define ANY_BUTTON (GDK_BUTTON1_MASK | GDK_BUTTON2_MASK | GDK_BUTTON3_MASK)

#define FAST_STEP 5
#define FAST_PLANES 10
#define ALL_PLANES 100000

static PlViewState *
get_view (PlPlanePane *self)
{
  return pl_planes_state_get_view (self->planes);
}

void
pl_plane_pane_find_crosshair (
    PlPlanePane *self, const PlReslice *reslice, const PlSlicePlace *place, double *x, double *y)
{
  int voxel[3];
  int row;
  int column;

  pl_planes_state_get_voxel (self->planes, voxel);
  pl_reslice_pixel (reslice, pl_view_state_get_volume (get_view (self))->n, voxel, &row, &column);
  *x = place->x_px + (column + 0.5) * place->column_px;
  *y = place->y_px + (row + 0.5) * place->row_px;
}

static void
move_crosshair_to (PlPlanePane *self, double x, double y)
{
  PlReslice reslice;
  PlSlicePlace place;
  int voxel[3];

  if (!pl_plane_pane_find_place (self, &reslice, &place))
    return;
  pl_planes_state_get_voxel (self->planes, voxel);
  pl_reslice_voxel (&reslice, pl_view_state_get_volume (get_view (self))->n,
                    (int) floor ((y - place.y_px) / place.row_px),
                    (int) floor ((x - place.x_px) / place.column_px), voxel);
  pl_planes_state_set_voxel (self->planes, voxel);
}

/* By pixels of the picture, and through the planes. */
static void
step_crosshair (PlPlanePane *self, int right, int down, int planes)
{
  PlReslice reslice;
  int voxel[3];

  if (pl_view_state_get_volume (get_view (self)) == NULL)
    return;
  reslice = pl_planes_state_find_reslice (self->planes, self->kind);
  pl_planes_state_get_voxel (self->planes, voxel);
  voxel[reslice.across] += reslice.flip_across ? -right : right;
  voxel[reslice.down] += reslice.flip_down ? -down : down;
  voxel[reslice.held] += planes;
  pl_planes_state_set_voxel (self->planes, voxel);
}

/* What is at @x, @y stays there. */
static void
zoom_at (PlPlanePane *self, double zoom, double x, double y)
{
  double from_middle_x = x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0;
  double from_middle_y = y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;
  double pan[3];
  double smaller;
  PlReslice reslice;
  PlSlicePlace place;

  if (!pl_plane_pane_find_place (self, &reslice, &place))
    return;
  zoom = CLAMP (zoom, PL_VIEW_MIN_ZOOM, PL_VIEW_MAX_ZOOM);
  smaller = 1 - pl_view_state_get_zoom (get_view (self)) / zoom;
  pl_planes_state_get_pan (self->planes, pan);
  pan[reslice.across] +=
      (reslice.flip_across ? -smaller : smaller) * from_middle_x / place.column_px;
  pan[reslice.down] += (reslice.flip_down ? -smaller : smaller) * from_middle_y / place.row_px;
  pl_planes_state_set_zoom (self->planes, zoom, pan);
}

static gboolean
is_on_crosshair (PlPlanePane *self, double x, double y)
{
  PlReslice reslice;
  PlSlicePlace place;
  double crosshair_x;
  double crosshair_y;

  if (!pl_plane_pane_find_place (self, &reslice, &place))
    return FALSE;
  pl_plane_pane_find_crosshair (self, &reslice, &place, &crosshair_x, &crosshair_y);
  return fabs (x - crosshair_x) <= GRAB_PX || fabs (y - crosshair_y) <= GRAB_PX;
}

/* With Shift the crosshair goes along. */
static void
motion_cb (PlPlanePane *self, double x, double y, GtkEventController *controller)
{
  GdkModifierType keys = gtk_event_controller_get_current_event_state (controller);
  gboolean has_tool = pl_view_state_get_tool (get_view (self)) != PL_TOOL_NONE;
  gboolean has_moved = x != self->pointer_x || y != self->pointer_y; /* not what is below it */

  self->pointer_x = x;
  self->pointer_y = y;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), has_tool                       ? "crosshair"
                                                      : is_on_crosshair (self, x, y) ? "move"
                                                                                     : NULL);
  if (has_moved && (keys & GDK_SHIFT_MASK) != 0 && (keys & ANY_BUTTON) == 0)
    move_crosshair_to (self, x, y);
}

static gboolean
scroll_cb (PlPlanePane *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  GtkEventController *base = GTK_EVENT_CONTROLLER (controller);
  int notches;

  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    dy /= PL_SCROLL_PX_PER_NOTCH;
  if (gtk_event_controller_get_current_event_state (base) & GDK_CONTROL_MASK)
    {
      zoom_at (self, pl_view_state_get_zoom (get_view (self)) * pow (PL_ZOOM_PER_NOTCH, -dy),
               self->pointer_x, self->pointer_y);
      return GDK_EVENT_STOP;
    }
  self->scrolled += dy;
  notches = (int) self->scrolled;
  self->scrolled -= notches;
  step_crosshair (self, 0, 0, notches);
  return GDK_EVENT_STOP;
}

static void
pressed_cb (PlPlanePane *self, int n_press)
{
  double pan[3] = { 0, 0, 0 };

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (n_press == 2)
    pl_planes_state_set_zoom (self->planes, 1, pan);
}

static void
drag_begin_cb (PlPlanePane *self, double x, double y, GtkGesture *gesture)
{
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  GdkModifierType keys =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  self->drag_tool =
      keys & GDK_CONTROL_MASK ? PL_TOOL_REGION : pl_view_state_get_tool (get_view (self));
  if (button == GDK_BUTTON_SECONDARY)
    self->drag = PL_PLANE_DRAG_ZOOM;
  else if (button == GDK_BUTTON_MIDDLE || keys & GDK_SHIFT_MASK)
    self->drag = PL_PLANE_DRAG_PAN;
  else if (self->drag_tool != PL_TOOL_NONE)
    self->drag = PL_PLANE_DRAG_TOOL;
  else if (is_on_crosshair (self, x, y))
    self->drag = PL_PLANE_DRAG_CROSSHAIR;
  else
    self->drag = PL_PLANE_DRAG_WINDOW;
  self->drag_is_on = FALSE;
  self->drag_window = pl_view_state_get_window (get_view (self));
  self->drag_zoom = pl_view_state_get_zoom (get_view (self));
  pl_planes_state_get_pan (self->planes, self->drag_pan);
}

static void
drag_pan (PlPlanePane *self, double dx, double dy)
{
  double pan[3];
  PlReslice reslice;
  PlSlicePlace place;

  if (!pl_plane_pane_find_place (self, &reslice, &place))
    return;
  memcpy (pan, self->drag_pan, sizeof pan);
  pan[reslice.across] += (reslice.flip_across ? dx : -dx) / place.column_px;
  pan[reslice.down] += (reslice.flip_down ? dy : -dy) / place.row_px;
  pl_planes_state_set_zoom (self->planes, pl_view_state_get_zoom (get_view (self)), pan);
}

static void
drag_update_cb (PlPlanePane *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x;
  double y;

  if (!self->drag_is_on && hypot (dx, dy) < PL_DRAG_THRESHOLD_PX)
    return;
  if (!gtk_gesture_drag_get_start_point (gesture, &x, &y))
    return;
  if (!self->drag_is_on && self->drag == PL_PLANE_DRAG_TOOL)
    pl_plane_pane_begin_tool (self, x, y);
  self->drag_is_on = TRUE;
  if (self->drag == PL_PLANE_DRAG_WINDOW)
    pl_view_state_set_window (get_view (self),
                              pl_view_tools_drag_window (self->drag_window, dx, dy));
  else if (self->drag == PL_PLANE_DRAG_PAN)
    drag_pan (self, dx, dy);
  else if (self->drag == PL_PLANE_DRAG_ZOOM)
    zoom_at (self, self->drag_zoom * exp (-dy / PL_ZOOM_DRAG_PX), x, y);
  else if (self->drag == PL_PLANE_DRAG_TOOL)
    pl_plane_pane_drag_tool (self, x + dx, y + dy);
  else
    move_crosshair_to (self, x + dx, y + dy);
}

static void
drag_end_cb (PlPlanePane *self)
{
  if (self->drag_is_on && self->drag == PL_PLANE_DRAG_TOOL)
    pl_plane_pane_end_tool (self);
}

/* A click: the press of a second one has fitted the view. */
static void
released_cb (PlPlanePane *self, int n_press, double x, double y)
{
  if (!self->drag_is_on && n_press == 1)
    move_crosshair_to (self, x, y);
}

static gboolean
key_pressed_cb (PlPlanePane *self, guint key, guint code, GdkModifierType modifiers)
{
  gboolean is_fast = (modifiers & GDK_SHIFT_MASK) != 0;
  int step = is_fast ? FAST_STEP : 1;
  int planes = is_fast ? FAST_PLANES : 1;
  const struct
  {
    guint key;
    guint keypad;
    int right;
    int down;
    int planes;
  } moves[] = {
    { GDK_KEY_Left, GDK_KEY_KP_Left, -step, 0, 0 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, step, 0, 0 },
    { GDK_KEY_Up, GDK_KEY_KP_Up, 0, -step, 0 },
    { GDK_KEY_Down, GDK_KEY_KP_Down, 0, step, 0 },
    { GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, 0, 0, -planes },
    { GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 0, 0, planes },
    { GDK_KEY_Home, GDK_KEY_KP_Home, 0, 0, -ALL_PLANES },
    { GDK_KEY_End, GDK_KEY_KP_End, 0, 0, ALL_PLANES },
  };

  if ((modifiers & gtk_accelerator_get_default_mod_mask () & ~GDK_SHIFT_MASK) != 0)
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter)
    return pl_plane_pane_mark (self);
  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    if (key == moves[i].key || key == moves[i].keypad)
      {
        step_crosshair (self, moves[i].right, moves[i].down, moves[i].planes);
        return GDK_EVENT_STOP;
      }
  return GDK_EVENT_PROPAGATE;
}

static void
add (PlPlanePane *self, gpointer controller, const char *signal, GCallback handler)
{
  g_signal_connect_swapped (controller, signal, handler, self);
  if (gtk_event_controller_get_widget (controller) == NULL)
    gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

void
pl_plane_pane_add_controllers (PlPlanePane *self)
{
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  add (self, gtk_event_controller_motion_new (), "motion", G_CALLBACK (motion_cb));
  add (self, scroll, "scroll", G_CALLBACK (scroll_cb));
  add (self, click, "pressed", G_CALLBACK (pressed_cb));
  add (self, click, "released", G_CALLBACK (released_cb));
  add (self, drag, "drag-begin", G_CALLBACK (drag_begin_cb));
  add (self, drag, "drag-update", G_CALLBACK (drag_update_cb));
  add (self, drag, "drag-end", G_CALLBACK (drag_end_cb));
  add (self, gtk_event_controller_key_new (), "key-pressed", G_CALLBACK (key_pressed_cb));
}
