/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GtkColorButton has no subclasses: a button knows whose colour it shows by its data. */
#include "app/label-button.h"

#include "app/label-palette.h"

#include "image/label-colour.h"

#include <math.h>

#define OF "pleura-of"
#define LABEL "pleura-label"

static guint32
get_of (GtkWidget *button)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), OF));
}

static int
get_label (GtkWidget *button)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), LABEL));
}

void
pl_label_button_update (GtkWidget *button)
{
  guint32 rgb = pl_label_rgb (get_of (button), get_label (button));

  gtk_color_chooser_set_rgba (GTK_COLOR_CHOOSER (button),
                              &(GdkRGBA){ (float) (rgb >> 16 & 0xff) / 255,
                                          (float) (rgb >> 8 & 0xff) / 255,
                                          (float) (rgb & 0xff) / 255, 1 });
}

static guint32
to_byte (float share)
{
  return (guint32) lroundf (255 * CLAMP (share, 0, 1));
}

static void
colour_chosen_cb (GtkWidget *button)
{
  GdkRGBA rgba;

  gtk_color_chooser_get_rgba (GTK_COLOR_CHOOSER (button), &rgba);
  pl_label_palette_keep (get_of (button), get_label (button),
                         to_byte (rgba.red) << 16 | to_byte (rgba.green) << 8 |
                             to_byte (rgba.blue));
}

GtkWidget *
pl_label_button_new (guint32 of, int label, const char *title)
{
  GtkWidget *button = gtk_color_button_new ();

  g_object_set_data (G_OBJECT (button), OF, GUINT_TO_POINTER (of));
  g_object_set_data (G_OBJECT (button), LABEL, GINT_TO_POINTER (label));
  gtk_color_button_set_title (GTK_COLOR_BUTTON (button), title);
  gtk_widget_set_tooltip_text (button, title);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  g_signal_connect (button, "color-set", G_CALLBACK (colour_chosen_cb), NULL);
  pl_label_button_update (button);
  return button;
}
