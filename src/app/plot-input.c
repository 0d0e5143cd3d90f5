/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pointer, touch and keys. The wheel scrolls the panel that the plot lies in, and zooms once the
 * plot has the focus or while Ctrl is held. Dragging moves what is zoomed; it moves the cursor when
 * it begins at the cursor or below the curves, or when all is in view and somebody listens.
 */
#include "app/plot-private.h"

#include <math.h>

#define ZOOM_PER_NOTCH 1.25
#define SCROLL_PX_PER_NOTCH 30.0
#define PAN_PER_NOTCH 0.1
#define GRIP_PX 6.0
#define DRAG_THRESHOLD_PX 4.0

static gboolean
is_zoomed (PlPlot *self)
{
  return !isnan (self->scene.view_low);
}

static gboolean
is_in_frame (PlPlot *self, double x, double y)
{
  const PlPlotFrame *f = &self->frame;

  return f->entries != NULL && x >= f->left && x <= f->left + f->width && y >= f->top &&
         y <= f->top + f->height;
}

static void
motion_cb (PlPlot *self, double x, double y)
{
  gboolean is_on_entry =
      self->frame.entries != NULL && pl_plot_frame_find_entry (&self->frame, x, y) >= 0;

  self->pointer_x = x;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), is_on_entry ? "pointer" : NULL);
  if (is_in_frame (self, x, y))
    pl_plot_set_read_x (self, pl_plot_frame_to_x (&self->frame, x));
  else
    pl_plot_set_read_x (self, NAN);
}

static void
leave_cb (PlPlot *self)
{
  pl_plot_set_read_x (self, NAN);
}

static void
pan (PlPlot *self, double share)
{
  double low;
  double high;

  pl_plot_scene_get_view (&self->scene, &low, &high);
  pl_plot_set_view (self, low + share * (high - low), high + share * (high - low));
}

static gboolean
scroll_cb (PlPlot *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  GtkEventController *base = GTK_EVENT_CONTROLLER (controller);
  gboolean is_meant = gtk_event_controller_get_current_event_state (base) & GDK_CONTROL_MASK ||
                      gtk_widget_has_focus (GTK_WIDGET (self));

  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    {
      dx /= SCROLL_PX_PER_NOTCH;
      dy /= SCROLL_PX_PER_NOTCH;
    }
  if (dx != 0 && is_zoomed (self))
    pan (self, dx * PAN_PER_NOTCH);
  else if (dy != 0 && is_meant)
    pl_plot_zoom (self, pow (ZOOM_PER_NOTCH, -dy), self->pointer_x);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
pressed_cb (PlPlot *self, int n_press, double x, double y, GtkGesture *gesture)
{
  int curve = self->frame.entries == NULL ? -1 : pl_plot_frame_find_entry (&self->frame, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (curve >= 0)
    {
      pl_plot_show_curve (self, curve, pl_plot_scene_get_curve (&self->scene, curve)->is_hidden);
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
    }
  else if (n_press == 2 && is_in_frame (self, x, y))
    pl_plot_set_view (self, NAN, NAN);
}

static void
popup_menu (PlPlot *self, double x, double y)
{
  g_autoptr (GMenuModel) model = pl_plot_make_menu (self);

  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), model);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
menu_pressed_cb (PlPlot *self, int n_press, double x, double y, GtkGesture *gesture)
{
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  popup_menu (self, x, y);
}

static gboolean
is_at_cursor (PlPlot *self, double x)
{
  double cursor = pl_plot_scene_epoch_to_x (&self->scene, self->scene.cursor);

  return fabs (pl_plot_frame_from_x (&self->frame, cursor) - x) <= GRIP_PX;
}

static gboolean
is_listened_to (PlPlot *self)
{
  guint id = g_signal_lookup ("cursor-moved", PL_TYPE_PLOT);

  return g_signal_has_handler_pending (self, id, 0, FALSE);
}

static PlPlotDrag
choose_drag (PlPlot *self, double x, double y)
{
  const PlPlotFrame *f = &self->frame;

  if (f->entries == NULL || x < f->left || x > f->left + f->width || y < f->top)
    return PL_PLOT_DRAG_NONE;
  if (is_listened_to (self) &&
      (is_at_cursor (self, x) || y > f->top + f->height || !is_zoomed (self)))
    return PL_PLOT_DRAG_CURSOR;
  return is_zoomed (self) ? PL_PLOT_DRAG_VIEW : PL_PLOT_DRAG_NONE;
}

static void
drag_begin_cb (PlPlot *self, double x, double y, GtkGesture *gesture)
{
  self->drag = choose_drag (self, x, y);
  self->drag_is_on = FALSE;
  self->drag_x = x;
  pl_plot_scene_get_view (&self->scene, &self->drag_low, &self->drag_high);
  if (self->drag == PL_PLOT_DRAG_NONE)
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
}

/* A finger that moves up or down scrolls the panel. */
static gboolean
begin_drag (PlPlot *self, double dx, double dy, GtkGesture *gesture)
{
  gboolean is_touch =
      gtk_gesture_single_get_current_sequence (GTK_GESTURE_SINGLE (gesture)) != NULL;

  if (hypot (dx, dy) < DRAG_THRESHOLD_PX)
    return FALSE;
  if (is_touch && fabs (dy) > fabs (dx))
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return FALSE;
    }
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  self->drag_is_on = TRUE;
  return TRUE;
}

static void
drag_update_cb (PlPlot *self, double dx, double dy, GtkGesture *gesture)
{
  if (self->frame.entries == NULL || (!self->drag_is_on && !begin_drag (self, dx, dy, gesture)))
    return;
  if (self->drag == PL_PLOT_DRAG_CURSOR)
    pl_plot_move_cursor (self, pl_plot_frame_to_x (&self->frame, self->drag_x + dx));
  else if (self->drag == PL_PLOT_DRAG_VIEW)
    {
      double moved = dx / self->frame.width * (self->drag_high - self->drag_low);

      pl_plot_set_view (self, self->drag_low - moved, self->drag_high - moved);
    }
}

static void
drag_end_cb (PlPlot *self)
{
  if (self->drag == PL_PLOT_DRAG_CURSOR && self->drag_is_on)
    g_signal_emit_by_name (self, "cursor-dropped");
  self->drag = PL_PLOT_DRAG_NONE;
}

static void
pinch_begin_cb (PlPlot *self)
{
  pl_plot_scene_get_view (&self->scene, &self->drag_low, &self->drag_high);
}

static void
pinch_cb (PlPlot *self, double scale)
{
  double middle = (self->drag_low + self->drag_high) / 2;
  double half = (self->drag_high - self->drag_low) / 2 / fmax (scale, 0.01);

  pl_plot_set_view (self, middle - half, middle + half);
}

static void
keep_in_view (PlPlot *self, double x)
{
  double low;
  double high;

  pl_plot_scene_get_view (&self->scene, &low, &high);
  if (x < low || x > high)
    pl_plot_set_view (self, x - (high - low) / 2, x + (high - low) / 2);
}

/* The place of reading goes @n points on. */
static void
step_reading (PlPlot *self, int n)
{
  const PlPlotCurve *curve = pl_plot_scene_get_main (&self->scene);
  double x = self->scene.read_x;
  int last;
  int point;

  if (curve == NULL)
    return;
  last = (int) pl_curve_get_n_points (curve->data) - 1;
  if (isnan (x))
    point = last;
  else
    point = (int) pl_curve_find_nearest (curve->data, self->scene.by, x) + n;
  point = CLAMP (point, 0, last);
  x = pl_plot_at_get (&pl_curve_get_point (curve->data, (guint) point)->at, self->scene.by);
  keep_in_view (self, x);
  pl_plot_set_read_x (self, x);
  pl_plot_describe (self);
}

static void
drop_cursor (PlPlot *self)
{
  if (isnan (self->scene.read_x) || !is_listened_to (self))
    return;
  pl_plot_move_cursor (self, self->scene.read_x);
  g_signal_emit_by_name (self, "cursor-dropped");
}

/* The @n-th entry of the legend, from 0. */
static void
toggle_entry (PlPlot *self, guint n)
{
  int curve;

  if (self->frame.entries == NULL || n >= self->frame.entries->len)
    return;
  curve = g_array_index (self->frame.entries, PlPlotEntry, n).curve;
  pl_plot_show_curve (self, curve, pl_plot_scene_get_curve (&self->scene, curve)->is_hidden);
}

static void
activate (PlPlot *self, const char *action)
{
  g_action_group_activate_action (G_ACTION_GROUP (self->actions), action, NULL);
}

static gboolean
key_cb (PlPlot *self, guint key, guint code, GdkModifierType state)
{
  const PlPlotFrame *f = &self->frame;
  int step = state & GDK_SHIFT_MASK ? 10 : 1;

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  if (key >= GDK_KEY_1 && key <= GDK_KEY_9)
    {
      toggle_entry (self, key - GDK_KEY_1);
      return GDK_EVENT_STOP;
    }
  switch (key)
    {
    case GDK_KEY_Left:
      step_reading (self, -step);
      break;
    case GDK_KEY_Right:
      step_reading (self, step);
      break;
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      activate (self, "zoom-in");
      break;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      activate (self, "zoom-out");
      break;
    case GDK_KEY_Home:
      activate (self, "reset");
      break;
    case GDK_KEY_l:
      activate (self, "log");
      break;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      drop_cursor (self);
      break;
    case GDK_KEY_Menu:
      popup_menu (self, f->left + f->width / 2, f->top + f->height / 2);
      break;
    case GDK_KEY_F10:
      if (!(state & GDK_SHIFT_MASK))
        return GDK_EVENT_PROPAGATE;
      popup_menu (self, f->left + f->width / 2, f->top + f->height / 2);
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  return GDK_EVENT_STOP;
}

static void
add_gesture (PlPlot *self, GtkGesture *gesture)
{
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (gesture));
}

void
pl_plot_add_input (PlPlot *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *menu_click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (menu_click), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (menu_click, "pressed", G_CALLBACK (menu_pressed_cb), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  add_gesture (self, click);
  add_gesture (self, menu_click);
  add_gesture (self, drag);
  add_gesture (self, pinch);
}
