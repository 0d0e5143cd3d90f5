/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slider goes by places, not by epochs: each arrow key is one epoch that was kept, however many
 * were thinned out between. */
#include "app/epoch-bar.h"

#include <glib/gi18n.h>
#include <math.h>

struct _PlEpochBar
{
  GtkWidget parent_instance;

  /* Owned */
  GArray *epochs; /* (element-type int) */

  int shown; /* 0: the newest */

  /* Template children */
  GtkWidget *box;
  GtkLabel *label;
  GtkScale *slider;
  GtkAdjustment *adjustment;
  GtkWidget *newest_button;
  GtkWidget *use_button;
};

G_DEFINE_FINAL_TYPE (PlEpochBar, pl_epoch_bar, GTK_TYPE_WIDGET)

static guint
find_place (PlEpochBar *self, int epoch)
{
  for (guint i = 0; i < self->epochs->len; i++)
    if (g_array_index (self->epochs, int, i) == epoch)
      return i;
  return self->epochs->len;
}

static int
get_epoch (PlEpochBar *self, guint place)
{
  return place < self->epochs->len ? g_array_index (self->epochs, int, place) : 0;
}

/* In one go: a value that a new limit had clamped would be taken for the user's. */
static void
update_slider (PlEpochBar *self)
{
  gboolean is_newest = self->shown == 0;
  g_autofree char *text = is_newest ? g_strdup (_ ("Newest"))
                                    /* Translators: a round of training. */
                                    : g_strdup_printf (_ ("Epoch %d"), self->shown);

  gtk_adjustment_configure (self->adjustment, find_place (self, self->shown), 0, self->epochs->len,
                            1, 5, 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->slider), self->epochs->len > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->slider), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  text, -1);
  gtk_widget_set_visible (self->newest_button, !is_newest);
  gtk_widget_set_visible (self->use_button, !is_newest);
}

static void
slider_moved_cb (PlEpochBar *self)
{
  int epoch = get_epoch (self, (guint) lround (gtk_adjustment_get_value (self->adjustment)));

  if (epoch != self->shown)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.epoch-shown", "i", epoch);
}

void
pl_epoch_bar_set_epochs (PlEpochBar *self, const GArray *epochs)
{
  g_return_if_fail (PL_IS_EPOCH_BAR (self));

  g_array_set_size (self->epochs, 0);
  g_array_append_vals (self->epochs, epochs->data, epochs->len);
  update_slider (self);
}

void
pl_epoch_bar_show (PlEpochBar *self, int epoch, const char *text)
{
  g_return_if_fail (PL_IS_EPOCH_BAR (self));

  gtk_label_set_text (self->label, text);
  if (epoch == self->shown)
    return;
  self->shown = epoch;
  update_slider (self);
}

static void
pl_epoch_bar_dispose (GObject *object)
{
  g_clear_pointer (&PL_EPOCH_BAR (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (pl_epoch_bar_parent_class)->dispose (object);
}

static void
pl_epoch_bar_finalize (GObject *object)
{
  g_array_unref (PL_EPOCH_BAR (object)->epochs);
  G_OBJECT_CLASS (pl_epoch_bar_parent_class)->finalize (object);
}

static void
pl_epoch_bar_class_init (PlEpochBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_epoch_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = pl_epoch_bar_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/pleura/Pleura/ui/epoch-bar.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, PlEpochBar, box);
  gtk_widget_class_bind_template_child (widget_class, PlEpochBar, label);
  gtk_widget_class_bind_template_child (widget_class, PlEpochBar, slider);
  gtk_widget_class_bind_template_child (widget_class, PlEpochBar, adjustment);
  gtk_widget_class_bind_template_child (widget_class, PlEpochBar, newest_button);
  gtk_widget_class_bind_template_child (widget_class, PlEpochBar, use_button);
  gtk_widget_class_bind_template_callback (widget_class, slider_moved_cb);
}

static void
pl_epoch_bar_init (PlEpochBar *self)
{
  self->epochs = g_array_new (FALSE, FALSE, sizeof (int));
  gtk_widget_init_template (GTK_WIDGET (self));
  update_slider (self);
}
