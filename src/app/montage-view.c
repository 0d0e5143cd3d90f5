/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The montage's frame: scrolling, mouse and keys. PlMontageGrid draws. */
#include "app/montage-view.h"

#include "app/montage-grid.h"

#include <math.h>

#define ZOOM_STEP 1.1

struct _PlMontageView
{
  GtkWidget parent_instance;

  /* Owned */
  PlViewState *state;

  /* Children */
  GtkWidget *scroller;
  PlMontageGrid *grid;

  int pressed_slice; /* −1: no tile */
  double pointer_x;
  double pointer_y;
};

G_DEFINE_FINAL_TYPE (PlMontageView, pl_montage_view, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_OPEN_SLICE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
pl_montage_view_set_state (PlMontageView *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_MONTAGE_VIEW (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  pl_montage_grid_set_state (self->grid, state);
}

static void
open_selected (PlMontageView *self)
{
  if (pl_view_state_get_n_slices (self->state) > 0)
    g_signal_emit (self, signals[SIGNAL_OPEN_SLICE], 0, pl_view_state_get_slice (self->state));
}

/* A second press opens what the first chose: the first may have scrolled it away from the pointer.
 */
static void
pressed_cb (PlMontageView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->grid));
  if (n_press == 1)
    {
      self->pressed_slice = pl_montage_grid_slice_at (self->grid, x, y);
      if (self->pressed_slice >= 0)
        pl_view_state_set_slice (self->state, self->pressed_slice);
    }
  else if (n_press == 2 && self->pressed_slice >= 0)
    open_selected (self);
}

static void
motion_cb (PlMontageView *self, double x, double y)
{
  self->pointer_x = x;
  self->pointer_y = y;
}

static gboolean
scroll_cb (PlMontageView *self, double dx, double dy, GtkEventController *controller)
{
  GdkModifierType modifiers = gtk_event_controller_get_current_event_state (controller);
  double tile_px = pl_montage_grid_get_tile_px (self->grid);
  int slice = pl_montage_grid_slice_at (self->grid, self->pointer_x, self->pointer_y);

  if ((modifiers & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  pl_montage_grid_set_tile_px (self->grid, tile_px * pow (ZOOM_STEP, -dy), slice);
  return GDK_EVENT_STOP;
}

/* How far a key moves the selection; 0 when it is none of those. */
static int
find_step (PlMontageView *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return -1;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return 1;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return -pl_montage_grid_get_columns (self->grid);
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return pl_montage_grid_get_columns (self->grid);
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      return -pl_montage_grid_get_page (self->grid);
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      return pl_montage_grid_get_page (self->grid);
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      return -pl_view_state_get_n_slices (self->state);
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      return pl_view_state_get_n_slices (self->state);
    default:
      return 0;
    }
}

static gboolean
key_pressed_cb (PlMontageView *self, guint key, guint code, GdkModifierType modifiers)
{
  int step = find_step (self, key);

  if ((modifiers & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter)
    open_selected (self);
  else if (step != 0)
    pl_view_state_set_slice (self->state, pl_view_state_get_slice (self->state) + step);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
add_controller (PlMontageView *self,
                GtkEventController *controller,
                const char *signal,
                GCallback handler)
{
  g_signal_connect_object (controller, signal, handler, self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->grid), controller);
}

static void
pl_montage_view_dispose (GObject *object)
{
  PlMontageView *self = PL_MONTAGE_VIEW (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (pl_montage_view_parent_class)->dispose (object);
}

static gboolean
pl_montage_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (PL_MONTAGE_VIEW (widget)->grid));
}

static void
pl_montage_view_class_init (PlMontageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_montage_view_dispose;
  widget_class->grab_focus = pl_montage_view_grab_focus;
  signals[SIGNAL_OPEN_SLICE] = g_signal_new ("open-slice", PL_TYPE_MONTAGE_VIEW, G_SIGNAL_RUN_LAST,
                                             0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
pl_montage_view_init (PlMontageView *self)
{
  self->grid = PL_MONTAGE_GRID (pl_montage_grid_new ());
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->grid));
  gtk_widget_set_hexpand (self->scroller, TRUE);
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));

  add_controller (self, GTK_EVENT_CONTROLLER (gtk_gesture_click_new ()), "pressed",
                  G_CALLBACK (pressed_cb));
  add_controller (self, gtk_event_controller_motion_new (), "motion", G_CALLBACK (motion_cb));
  add_controller (self, gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL),
                  "scroll", G_CALLBACK (scroll_cb));
  add_controller (self, gtk_event_controller_key_new (), "key-pressed",
                  G_CALLBACK (key_pressed_cb));
}
