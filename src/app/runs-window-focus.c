/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which run the keys are at, and its menu. GTK 4.8 can neither give a row of a table the focus nor
 * say which row is where, so rows are found among the table's widgets. */
#include "app/runs-window-private.h"

/* The rows' parent. */
static GtkWidget *
find_rows (PlRunsWindow *self)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  while (child != NULL && !GTK_IS_LIST_VIEW (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static gboolean
is_selected (GtkWidget *row)
{
  return (gtk_widget_get_state_flags (row) & GTK_STATE_FLAG_SELECTED) != 0;
}

/* (nullable): the first that is selected, brought into view. */
static GtkWidget *
find_selected_row (PlRunsWindow *self)
{
  g_autoptr (GtkBitset) selected =
      gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GtkWidget *rows = find_rows (self);

  if (rows == NULL || gtk_bitset_is_empty (selected))
    return NULL;
  gtk_widget_activate_action (rows, "list.scroll-to-item", "u", gtk_bitset_get_minimum (selected));
  for (GtkWidget *row = gtk_widget_get_first_child (rows); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (is_selected (row))
      return row;
  return NULL;
}

gboolean
pl_runs_window_list_has_focus (PlRunsWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus == NULL || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list));
}

void
pl_runs_window_focus_list (PlRunsWindow *self)
{
  GtkWidget *row = find_selected_row (self);

  if (row != NULL && self->selected->len == 1) /* from which the selection is extended */
    gtk_widget_activate_action (row, "listitem.select", "(bb)", FALSE, FALSE);
  gtk_widget_grab_focus (row != NULL ? row : GTK_WIDGET (self->list));
}

/* The menu */

static void
show_menu (PlRunsWindow *self, GtkWidget *widget, double x, double y)
{
  graphene_point_t point;

  if (!gtk_widget_compute_point (widget, gtk_widget_get_parent (self->menu),
                                 &GRAPHENE_POINT_INIT ((float) x, (float) y), &point))
    return;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int) point.x, (int) point.y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* The menu is for what is selected: a row that is not becomes so, alone. */
static void
pressed_cb (PlRunsWindow *self, int n_press, double x, double y)
{
  GtkWidget *rows = find_rows (self);
  GtkWidget *row = gtk_widget_pick (GTK_WIDGET (self->list), x, y, GTK_PICK_DEFAULT);

  while (row != NULL && gtk_widget_get_parent (row) != rows)
    row = gtk_widget_get_parent (row);
  if (row == NULL)
    return;
  if (!is_selected (row))
    gtk_widget_activate_action (row, "listitem.select", "(bb)", FALSE, FALSE);
  gtk_widget_grab_focus (row);
  show_menu (self, GTK_WIDGET (self->list), x, y);
}

static gboolean
show_menu_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  PlRunsWindow *self = PL_RUNS_WINDOW (widget);
  GtkWidget *row = find_selected_row (self);

  if (row == NULL || !pl_runs_window_list_has_focus (self))
    return GDK_EVENT_PROPAGATE;
  show_menu (self, row, gtk_widget_get_width (row) / 4.0, gtk_widget_get_height (row) / 2.0);
  return GDK_EVENT_STOP;
}

void
pl_runs_window_bind_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType modifiers;
    const char *action;
  } keys[] = {
    { GDK_KEY_Escape, 0, "window.close" },    { GDK_KEY_F2, 0, "win.rename-run" },
    { GDK_KEY_Delete, 0, "win.delete-runs" }, { GDK_KEY_KP_Delete, 0, "win.delete-runs" },
    { GDK_KEY_F5, 0, "win.refresh" },         { GDK_KEY_z, GDK_CONTROL_MASK, "win.undo-delete" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers,
                                         keys[i].action, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, show_menu_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, show_menu_cb, NULL);
}

void
pl_runs_window_add_menu (PlRunsWindow *self)
{
  GtkGesture *secondary = gtk_gesture_click_new ();

  self->menu = gtk_popover_menu_new_from_model (self->run_menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  g_signal_connect_object (self->menu, "closed", G_CALLBACK (pl_runs_window_focus_list), self,
                           G_CONNECT_SWAPPED);
  /* A box places its popovers, a table does not. */
  gtk_widget_set_parent (self->menu, gtk_widget_get_parent (GTK_WIDGET (self->toasts)));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (secondary, "pressed", G_CALLBACK (pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (secondary));
}
