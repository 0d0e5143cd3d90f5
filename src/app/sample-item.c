/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flow box makes it focusable and moves the focus by the arrow keys. */
#include "app/sample-item.h"

#include <glib/gi18n.h>

struct _PlSampleItem
{
  GtkFlowBoxChild parent_instance;

  /* Owned */
  char *name;

  /* Template children */
  GtkPicture *original;
  GtkPicture *varied;
  GtkWidget *varied_box;
  GtkLabel *name_label;
};

G_DEFINE_FINAL_TYPE (PlSampleItem, pl_sample_item, GTK_TYPE_FLOW_BOX_CHILD)

PlSampleItem *
pl_sample_item_new (const char *name, int size_px)
{
  PlSampleItem *self = g_object_new (PL_TYPE_SAMPLE_ITEM, NULL);

  self->name = g_strdup (name);
  gtk_label_set_text (self->name_label, name);
  gtk_widget_set_size_request (GTK_WIDGET (self->original), size_px, size_px);
  gtk_widget_set_size_request (GTK_WIDGET (self->varied), size_px, size_px);
  return self;
}

void
pl_sample_item_show (PlSampleItem *self, GdkTexture *original, GdkTexture *varied, int variation)
{
  g_autofree char *text = NULL;

  g_return_if_fail (PL_IS_SAMPLE_ITEM (self));

  gtk_picture_set_paintable (self->original, GDK_PAINTABLE (original));
  gtk_picture_set_paintable (self->varied, GDK_PAINTABLE (varied));
  gtk_widget_set_visible (self->varied_box, varied != NULL);
  if (varied != NULL)
    /* Translators: of a training image: its case and slice, and which of its variations is shown.
     */
    text = g_strdup_printf (_ ("%s: as it is, and variation %d; its mask is outlined"), self->name,
                            variation);
  else
    text = g_strdup_printf (_ ("%s: as it is; its mask is outlined"), self->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
pl_sample_item_finalize (GObject *object)
{
  g_free (PL_SAMPLE_ITEM (object)->name);

  G_OBJECT_CLASS (pl_sample_item_parent_class)->finalize (object);
}

static void
pl_sample_item_class_init (PlSampleItemClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pl_sample_item_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/sample-item.ui");
  gtk_widget_class_bind_template_child (widget_class, PlSampleItem, original);
  gtk_widget_class_bind_template_child (widget_class, PlSampleItem, varied);
  gtk_widget_class_bind_template_child (widget_class, PlSampleItem, varied_box);
  gtk_widget_class_bind_template_child (widget_class, PlSampleItem, name_label);
}

static void
pl_sample_item_init (PlSampleItem *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
