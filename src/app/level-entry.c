/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries, not spin buttons: files that are not in Hounsfield units may go from 0 to 1 or to 65535,
 * and a number of digits would suit one of them. A decimal comma is read where it is the custom.
 */
#include "app/level-entry.h"

#include <math.h>

struct _PlLevelEntry
{
  GtkGrid parent_instance;

  /* Owned */
  PlViewState *state;

  /* Template children */
  GtkEditable *centre;
  GtkEditable *width;
};

G_DEFINE_FINAL_TYPE (PlLevelEntry, pl_level_entry, GTK_TYPE_GRID)

GtkWidget *
pl_level_entry_new (void)
{
  return g_object_new (PL_TYPE_LEVEL_ENTRY, NULL);
}

static void
show_number (GtkEditable *editable, double number)
{
  g_autofree char *text = g_strdup_printf ("%.6g", number);

  gtk_editable_set_text (editable, text);
}

static void
map_cb (PlLevelEntry *self)
{
  PlWindow window = pl_view_state_get_window (self->state);

  show_number (self->centre, window.centre_hu);
  show_number (self->width, window.width_hu);
}

/* FALSE, and said so, when it is no number above @lowest. */
static gboolean
read_number (GtkEditable *editable, double lowest, double *number)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (editable)));
  char *end;
  gboolean is_good;

  *number = g_strtod (text, &end);
  is_good = end != text && *end == '\0' && isfinite (*number) && *number > lowest;
  if (is_good)
    gtk_widget_remove_css_class (GTK_WIDGET (editable), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (editable), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (editable), GTK_ACCESSIBLE_STATE_INVALID,
                               is_good ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE,
                               -1);
  return is_good;
}

static gboolean
read_window (PlLevelEntry *self, PlWindow *window)
{
  gboolean has_centre = read_number (self->centre, -INFINITY, &window->centre_hu);
  gboolean has_width = read_number (self->width, 0, &window->width_hu);

  return has_centre && has_width;
}

static void
changed_cb (PlLevelEntry *self)
{
  PlWindow window;

  read_window (self, &window);
}

static void
entered_cb (PlLevelEntry *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);
  PlWindow window;

  if (!read_window (self, &window))
    return;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.window-level", "(dd)", window.centre_hu,
                              window.width_hu);
  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

void
pl_level_entry_set_state (PlLevelEntry *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_LEVEL_ENTRY (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
}

static gboolean
pl_level_entry_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (PL_LEVEL_ENTRY (widget)->centre));
}

static void
pl_level_entry_dispose (GObject *object)
{
  PlLevelEntry *self = PL_LEVEL_ENTRY (object);

  g_clear_object (&self->state);

  G_OBJECT_CLASS (pl_level_entry_parent_class)->dispose (object);
}

static void
pl_level_entry_class_init (PlLevelEntryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_level_entry_dispose;
  widget_class->grab_focus = pl_level_entry_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/level-entry.ui");
  gtk_widget_class_bind_template_child (widget_class, PlLevelEntry, centre);
  gtk_widget_class_bind_template_child (widget_class, PlLevelEntry, width);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entered_cb);
}

static void
pl_level_entry_init (PlLevelEntry *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
