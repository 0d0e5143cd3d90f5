/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The properties of the grid: but for the size of the tiles, those of GtkScrollable. */
#include "app/montage-grid-private.h"

#include <math.h>

enum
{
  PROP_0,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
  PROP_TILE_PX,
};

void
pl_montage_grid_configure (PlMontageGrid *self,
                           GtkOrientation orientation,
                           double value,
                           double upper)
{
  gboolean vertical = orientation == GTK_ORIENTATION_VERTICAL;
  double page = vertical ? gtk_widget_get_height (GTK_WIDGET (self))
                         : gtk_widget_get_width (GTK_WIDGET (self));

  upper = MAX (upper, page);
  gtk_adjustment_configure (self->adjustments[orientation], CLAMP (value, 0, upper - page), 0,
                            upper, self->layout.tile_height / 2.0, page * 0.9, page);
}

void
pl_montage_grid_clear_adjustment (PlMontageGrid *self, GtkOrientation orientation)
{
  GtkAdjustment *old = self->adjustments[orientation];

  if (old == NULL)
    return;
  g_signal_handlers_disconnect_by_func (old, pl_montage_grid_show_visible, self);
  g_clear_object (&self->adjustments[orientation]);
}

void
pl_montage_grid_set_adjustment (PlMontageGrid *self,
                                GtkOrientation orientation,
                                GtkAdjustment *adjustment)
{
  if (adjustment != NULL && adjustment == self->adjustments[orientation])
    return;
  if (adjustment == NULL)
    adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);
  pl_montage_grid_clear_adjustment (self, orientation);
  self->adjustments[orientation] = g_object_ref_sink (adjustment);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (pl_montage_grid_show_visible),
                            self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
pl_montage_grid_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlMontageGrid *self = PL_MONTAGE_GRID (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_TILE_PX:
      g_value_set_int (value, (int) lround (self->tile_px));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_montage_grid_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PlMontageGrid *self = PL_MONTAGE_GRID (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      pl_montage_grid_set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      pl_montage_grid_set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_HORIZONTAL] = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_VERTICAL] = g_value_get_enum (value);
      break;
    case PROP_TILE_PX:
      pl_montage_grid_set_tile_px (self, g_value_get_int (value), -1);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

void
pl_montage_grid_install_properties (GObjectClass *object_class)
{
  object_class->get_property = pl_montage_grid_get_property;
  object_class->set_property = pl_montage_grid_set_property;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  g_object_class_install_property (
      object_class, PROP_TILE_PX,
      g_param_spec_int ("tile-px", NULL, NULL, G_MININT, G_MAXINT, PL_TILE_DEFAULT_PX,
                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));
}
