/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pointer and touch: wheel next slice, Ctrl+wheel, pinch and right drag zoom, left drag window and
 * level, middle or Shift+left drag pan, a left drag with Ctrl or a tool marks, double-click fits.
 * What is under the pointer stays there while zooming. Touchpads scroll in pixels, wheels in
 * notches, smooth ones in parts of them.
 */
#include "app/slice-view-private.h"

#include <math.h>

static void
probe_pointer (PlSliceView *self)
{
  PlSlicePlace place;
  PlVolume *volume;
  double x = self->pointer_x;
  double y = self->pointer_y;
  int row;
  int column;

  if (!self->pointer_is_inside || !pl_slice_view_find_place (self, &place))
    return;
  volume = pl_view_state_get_volume (self->state);
  pl_slice_view_to_frame (self, &x, &y);
  row = (int) floor ((y - place.y_px) / place.row_px);
  column = (int) floor ((x - place.x_px) / place.column_px);
  if (row >= 0 && row < volume->n[1] && column >= 0 && column < volume->n[2])
    pl_view_state_set_probe (self->state, row, column);
  else
    pl_view_state_set_probe (self->state, -1, -1);
}

void
pl_slice_view_update_probe (PlSliceView *self)
{
  if (!pl_view_state_probe_is_held (self->state))
    probe_pointer (self);
}

/* Keeps the middle of the view on the image, so that it cannot be lost. */
static void
set_zoom (PlSliceView *self, double zoom, double pan_x_px, double pan_y_px)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  double half_width = volume->n[2] / 2.0;
  double half_height = volume->n[1] / 2.0;

  pl_view_state_set_zoom (self->state, zoom, CLAMP (pan_x_px, -half_width, half_width),
                          CLAMP (pan_y_px, -half_height, half_height));
}

static void
zoom_at (PlSliceView *self, double zoom, double x, double y)
{
  double width;
  double height;
  double pan_x_px;
  double pan_y_px;
  double smaller;
  PlSlicePlace place;

  if (!pl_slice_view_find_place (self, &place))
    return;
  zoom = CLAMP (zoom, PL_VIEW_MIN_ZOOM, PL_VIEW_MAX_ZOOM);
  smaller = 1 - pl_view_state_get_zoom (self->state) / zoom;
  pl_view_state_get_pan (self->state, &pan_x_px, &pan_y_px);
  pl_slice_view_to_frame (self, &x, &y);
  pl_slice_view_get_frame (self, &width, &height);
  set_zoom (self, zoom, pan_x_px + smaller * (x - width / 2) / place.column_px,
            pan_y_px + smaller * (y - height / 2) / place.row_px);
}

void
pl_slice_view_zoom_actual (PlSliceView *self)
{
  PlSlicePlace place;
  double device_px;

  g_return_if_fail (PL_IS_SLICE_VIEW (self));

  if (!pl_slice_view_find_place (self, &place))
    return;
  device_px = place.column_px * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  zoom_at (self, pl_view_state_get_zoom (self->state) / device_px,
           gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
           gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

/* GTK also tells of pointers that stay where they are while what is below them changes. */
static void
motion_cb (PlSliceView *self, double x, double y)
{
  gboolean has_moved = x != self->pointer_x || y != self->pointer_y;

  self->pointer_is_inside = TRUE;
  self->pointer_x = x;
  self->pointer_y = y;
  if (has_moved)
    probe_pointer (self);
  else
    pl_slice_view_update_probe (self);
}

static void
leave_cb (PlSliceView *self)
{
  self->pointer_is_inside = FALSE;
  self->scrolled = 0;
  if (self->state != NULL && !pl_view_state_probe_is_held (self->state))
    pl_view_state_set_probe (self->state, -1, -1);
}

static gboolean
scroll_cb (PlSliceView *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  GtkEventController *base = GTK_EVENT_CONTROLLER (controller);
  int notches;

  if (self->state == NULL || pl_view_state_get_volume (self->state) == NULL)
    return GDK_EVENT_PROPAGATE;
  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    dy /= PL_SCROLL_PX_PER_NOTCH;
  if (gtk_event_controller_get_current_event_state (base) & GDK_CONTROL_MASK)
    {
      zoom_at (self, pl_view_state_get_zoom (self->state) * pow (PL_ZOOM_PER_NOTCH, -dy),
               self->pointer_x, self->pointer_y);
      return GDK_EVENT_STOP;
    }
  self->scrolled += dy;
  notches = (int) self->scrolled;
  self->scrolled -= notches;
  pl_view_state_set_slice (self->state, pl_view_state_get_slice (self->state) + notches);
  return GDK_EVENT_STOP;
}

static void
remember_start (PlSliceView *self)
{
  self->drag_window = pl_view_state_get_window (self->state);
  self->drag_zoom = pl_view_state_get_zoom (self->state);
  pl_view_state_get_pan (self->state, &self->drag_pan_x, &self->drag_pan_y);
}

static void
pinch_begin_cb (PlSliceView *self)
{
  if (self->state != NULL)
    remember_start (self);
}

static void
pinch_cb (PlSliceView *self, double scale, GtkGesture *gesture)
{
  double x = self->pointer_x;
  double y = self->pointer_y;

  if (self->state == NULL)
    return;
  if (gtk_gesture_is_active (gesture))
    gtk_gesture_get_bounding_box_center (gesture, &x, &y);
  zoom_at (self, self->drag_zoom * scale, x, y);
}

static void
drag_begin_cb (PlSliceView *self, double x, double y, GtkGesture *gesture)
{
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  GdkModifierType keys =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  if (self->state == NULL || pl_view_state_get_volume (self->state) == NULL)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->drag_tool = keys & GDK_CONTROL_MASK ? PL_TOOL_REGION : pl_view_state_get_tool (self->state);
  if (button == GDK_BUTTON_SECONDARY)
    self->drag = DRAG_ZOOM;
  else if (button == GDK_BUTTON_MIDDLE || keys & GDK_SHIFT_MASK)
    self->drag = DRAG_PAN;
  else if (self->drag_tool != PL_TOOL_NONE)
    self->drag = DRAG_TOOL;
  else
    self->drag = DRAG_WINDOW;
  self->drag_is_on = FALSE;
  remember_start (self);
}

static void
drag_pan (PlSliceView *self, double dx, double dy)
{
  PlSlicePlace place;

  if (!pl_slice_view_find_place (self, &place))
    return;
  pl_slice_turn_to_image (pl_view_state_find_turn (self->state), &dx, &dy);
  set_zoom (self, pl_view_state_get_zoom (self->state), self->drag_pan_x - dx / place.column_px,
            self->drag_pan_y - dy / place.row_px);
}

static void
drag_update_cb (PlSliceView *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x;
  double y;

  if (self->state == NULL || pl_view_state_get_volume (self->state) == NULL)
    return;
  if (!self->drag_is_on && hypot (dx, dy) < PL_DRAG_THRESHOLD_PX)
    return;
  if (!gtk_gesture_drag_get_start_point (gesture, &x, &y))
    x = y = 0;
  if (!self->drag_is_on)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      if (self->drag == DRAG_TOOL)
        pl_slice_view_begin_tool (self, self->drag_tool, x, y);
    }
  self->drag_is_on = TRUE;

  if (self->drag == DRAG_WINDOW)
    pl_view_state_set_window (self->state, pl_view_tools_drag_window (self->drag_window, dx, dy));
  else if (self->drag == DRAG_PAN)
    drag_pan (self, dx, dy);
  else if (self->drag == DRAG_ZOOM)
    zoom_at (self, self->drag_zoom * exp (-dy / PL_ZOOM_DRAG_PX), x, y);
  else
    pl_slice_view_drag_tool (self, x + dx, y + dy);
}

static void
drag_end_cb (PlSliceView *self)
{
  if (self->drag_is_on && self->drag == DRAG_TOOL)
    pl_slice_view_end_tool (self);
  self->drag_is_on = FALSE;
}

static void
pressed_cb (PlSliceView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (n_press == 2 && self->state != NULL)
    pl_view_state_set_zoom (self->state, 1, 0, 0);
}

static void
add (PlSliceView *self, gpointer controller, const char *signal, GCallback handler)
{
  g_signal_connect_swapped (controller, signal, handler, self);
  if (gtk_event_controller_get_widget (controller) == NULL)
    gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

void
pl_slice_view_add_controllers (PlSliceView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  add (self, motion, "enter", G_CALLBACK (motion_cb));
  add (self, motion, "motion", G_CALLBACK (motion_cb));
  add (self, motion, "leave", G_CALLBACK (leave_cb));
  add (self, scroll, "scroll", G_CALLBACK (scroll_cb));
  add (self, click, "pressed", G_CALLBACK (pressed_cb));
  add (self, drag, "drag-begin", G_CALLBACK (drag_begin_cb));
  add (self, drag, "drag-update", G_CALLBACK (drag_update_cb));
  add (self, drag, "drag-end", G_CALLBACK (drag_end_cb));
  add (self, pinch, "begin", G_CALLBACK (pinch_begin_cb));
  add (self, pinch, "scale-changed", G_CALLBACK (pinch_cb));
}
