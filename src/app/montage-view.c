/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The montage's frame: scrolling, mouse and keys. PlMontageGrid draws. */
#include "app/montage-view.h"

#include "app/montage-bar.h"

#include <math.h>

#define ZOOM_STEP 1.1

struct _PlMontageView
{
  GtkWidget parent_instance;

  /* Owned */
  PlMontageContent *content;

  /* Template children */
  GtkWidget *bar;
  GtkStack *stack;
  PlMontageGrid *grid;
  GtkWidget *menu;

  int pressed; /* the subject; −1: no tile */
  double pointer_x;
  double pointer_y;
};

G_DEFINE_FINAL_TYPE (PlMontageView, pl_montage_view, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_OPEN_TILE,
  SIGNAL_CASE_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
case_chosen_cb (PlMontageView *self, PlCaseItem *item)
{
  g_signal_emit (self, signals[SIGNAL_CASE_CHOSEN], 0, item);
}

/* A filter that nothing passes is said to be so. */
static void
tiles_changed_cb (PlMontageView *self)
{
  gboolean is_filtered = pl_montage_content_get_n_subjects (self->content) > 0 &&
                         pl_montage_content_get_n_tiles (self->content) == 0;

  gtk_stack_set_visible_child_name (self->stack, is_filtered ? "nothing" : "tiles");
}

void
pl_montage_view_set_state (PlMontageView *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_MONTAGE_VIEW (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->content == NULL);

  self->content = pl_montage_content_new (state);
  g_signal_connect_object (self->content, "case-chosen", G_CALLBACK (case_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->content, "tiles-changed", G_CALLBACK (tiles_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->content, "subjects-changed", G_CALLBACK (tiles_changed_cb), self,
                           G_CONNECT_SWAPPED);
  pl_montage_grid_set_state (self->grid, state, self->content);
  pl_montage_bar_set_content (PL_MONTAGE_BAR (self->bar), self->content, self->grid);
}

PlMontageContent *
pl_montage_view_get_content (PlMontageView *self)
{
  g_return_val_if_fail (PL_IS_MONTAGE_VIEW (self), NULL);

  return self->content;
}

PlMontageGrid *
pl_montage_view_get_grid (PlMontageView *self)
{
  g_return_val_if_fail (PL_IS_MONTAGE_VIEW (self), NULL);

  return self->grid;
}

void
pl_montage_view_open (PlMontageView *self)
{
  g_return_if_fail (PL_IS_MONTAGE_VIEW (self));

  if (pl_montage_content_get_selected (self->content) >= 0)
    g_signal_emit (self, signals[SIGNAL_OPEN_TILE], 0);
}

/* A second press opens what the first chose: the first may have scrolled it away from the pointer.
 */
static void
pressed_cb (PlMontageView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->grid));
  if (n_press == 1)
    {
      self->pressed = pl_montage_grid_subject_at (self->grid, x, y);
      if (self->pressed >= 0)
        pl_montage_content_select (self->content, self->pressed);
    }
  else if (n_press == 2 && self->pressed >= 0)
    pl_montage_view_open (self);
}

static void
show_menu (PlMontageView *self, double x, double y)
{
  GdkRectangle point = { (int) x, (int) y, 1, 1 };

  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &point);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* The menu is of the tile under the pointer. */
static void
menu_pressed_cb (PlMontageView *self, int n_press, double x, double y)
{
  int subject = pl_montage_grid_subject_at (self->grid, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self->grid));
  if (subject >= 0)
    pl_montage_content_select (self->content, subject);
  show_menu (self, x, y);
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
  int subject = pl_montage_grid_subject_at (self->grid, self->pointer_x, self->pointer_y);

  if ((modifiers & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  pl_montage_grid_set_tile_px (self->grid, tile_px * pow (ZOOM_STEP, -dy), subject);
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
      return -pl_montage_content_get_n_tiles (self->content);
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      return pl_montage_content_get_n_tiles (self->content);
    default:
      return 0;
    }
}

/* From tile to tile, in the order in which they are shown. */
static void
step (PlMontageView *self, int n_tiles)
{
  int n = pl_montage_content_get_n_tiles (self->content);
  int selected = pl_montage_content_get_selected (self->content);
  int place = pl_montage_content_find_place (self->content, selected);

  if (n == 0)
    return;
  place = CLAMP (place < 0 ? 0 : place + n_tiles, 0, n - 1);
  pl_montage_content_select (self->content, pl_montage_content_get_subject (self->content, place));
}

static gboolean
show_menu_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  PlMontageView *self = PL_MONTAGE_VIEW (widget);
  double x = 0;
  double y = 0;

  pl_montage_grid_find_selected (self->grid, &x, &y);
  show_menu (self, x, y);
  return TRUE;
}

static gboolean
key_pressed_cb (PlMontageView *self, guint key, guint code, GdkModifierType modifiers)
{
  int n_tiles = find_step (self, key);

  if ((modifiers & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter)
    pl_montage_view_open (self);
  else if (n_tiles != 0)
    step (self, n_tiles);
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
  GtkWidget *child;

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->content);
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

  g_type_ensure (PL_TYPE_MONTAGE_BAR);
  g_type_ensure (PL_TYPE_MONTAGE_GRID);
  G_OBJECT_CLASS (klass)->dispose = pl_montage_view_dispose;
  widget_class->grab_focus = pl_montage_view_grab_focus;
  signals[SIGNAL_OPEN_TILE] = g_signal_new ("open-tile", PL_TYPE_MONTAGE_VIEW, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CASE_CHOSEN] =
      g_signal_new ("case-chosen", PL_TYPE_MONTAGE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, PL_TYPE_CASE_ITEM);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, show_menu_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, show_menu_cb, NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/montage-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PlMontageView, bar);
  gtk_widget_class_bind_template_child (widget_class, PlMontageView, stack);
  gtk_widget_class_bind_template_child (widget_class, PlMontageView, grid);
  gtk_widget_class_bind_template_child (widget_class, PlMontageView, menu);
}

static void
pl_montage_view_init (PlMontageView *self)
{
  GtkGesture *secondary = gtk_gesture_click_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (
      GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self->grid));

  add_controller (self, GTK_EVENT_CONTROLLER (gtk_gesture_click_new ()), "pressed",
                  G_CALLBACK (pressed_cb));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  add_controller (self, GTK_EVENT_CONTROLLER (secondary), "pressed", G_CALLBACK (menu_pressed_cb));
  add_controller (self, gtk_event_controller_motion_new (), "motion", G_CALLBACK (motion_cb));
  add_controller (self, gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL),
                  "scroll", G_CALLBACK (scroll_cb));
  add_controller (self, gtk_event_controller_key_new (), "key-pressed",
                  G_CALLBACK (key_pressed_cb));
}
