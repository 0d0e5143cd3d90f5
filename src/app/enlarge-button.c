/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/enlarge-button.h"

#include <glib/gi18n.h>

void
pl_enlarge_button_update (GtkToggleButton *button)
{
  gboolean is_enlarged = gtk_toggle_button_get_active (button);

  gtk_button_set_icon_name (GTK_BUTTON (button),
                            is_enlarged ? "view-restore-symbolic" : "view-fullscreen-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), is_enlarged ? _ ("Show all panes again (E)")
                                                                : _ ("Show this pane alone (E)"));
}

void
pl_enlarge_button_name (GtkToggleButton *button, const char *pane)
{
  /* Translators: a button that shows only one pane of several, and which. */
  g_autofree char *label = g_strdup_printf (_ ("Enlarge: %s"), pane);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}
