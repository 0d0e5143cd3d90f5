/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything it shows is bound to the item in ui/case-row.ui. */
#include "app/case-row.h"

struct _PlCaseRow
{
  GtkBox parent_instance;

  /* Owned */
  PlCaseItem *item;
};

G_DEFINE_FINAL_TYPE (PlCaseRow, pl_case_row, GTK_TYPE_BOX)

enum
{
  PROP_0,
  PROP_ITEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

GtkWidget *
pl_case_row_new (void)
{
  return g_object_new (PL_TYPE_CASE_ROW, NULL);
}

PlCaseItem *
pl_case_row_get_item (PlCaseRow *self)
{
  g_return_val_if_fail (PL_IS_CASE_ROW (self), NULL);

  return self->item;
}

void
pl_case_row_set_item (PlCaseRow *self, PlCaseItem *item)
{
  g_return_if_fail (PL_IS_CASE_ROW (self));

  if (g_set_object (&self->item, item))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

static gboolean
is_not_empty (PlCaseRow *self, const char *text)
{
  return text != NULL && text[0] != '\0';
}

static void
pl_case_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlCaseRow *self = PL_CASE_ROW (object);

  switch (id)
    {
    case PROP_ITEM:
      g_value_set_object (value, self->item);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_case_row_dispose (GObject *object)
{
  PlCaseRow *self = PL_CASE_ROW (object);

  g_clear_object (&self->item);

  G_OBJECT_CLASS (pl_case_row_parent_class)->dispose (object);
}

static void
pl_case_row_class_init (PlCaseRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pl_case_row_get_property;
  object_class->dispose = pl_case_row_dispose;

  properties[PROP_ITEM] =
      g_param_spec_object ("item", NULL, NULL, PL_TYPE_CASE_ITEM,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/pleura/Pleura/ui/case-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, is_not_empty);
}

static void
pl_case_row_init (PlCaseRow *self)
{
  g_type_ensure (PL_TYPE_CASE_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
}
