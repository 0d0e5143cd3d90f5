/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the owner of a plot puts into its scene. */
#include "app/plot-private.h"

#include <math.h>

void
pl_plot_set_title (PlPlot *self, const char *title)
{
  g_return_if_fail (PL_IS_PLOT (self));

  g_free (self->scene.title);
  self->scene.title = g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plot_set_range (PlPlot *self, double low, double high)
{
  g_return_if_fail (PL_IS_PLOT (self) && low <= high);

  self->scene.low = low;
  self->scene.high = high;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plot_set_x_name (PlPlot *self, const char *name)
{
  g_return_if_fail (PL_IS_PLOT (self));

  g_free (self->scene.x_name);
  self->scene.x_name = g_strdup (name);
  pl_plot_set_by (self, name == NULL ? PL_PLOT_BY_EPOCH : PL_PLOT_BY_STEP);
}

int
pl_plot_add_curve (PlPlot *self, const char *name, guint32 rgb, PlCurveKind kind)
{
  int curve;

  g_return_val_if_fail (PL_IS_PLOT (self), -1);

  curve = pl_plot_scene_add_curve (&self->scene, name, rgb, kind);
  pl_plot_update_curve_action (self, curve);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return curve;
}

void
pl_plot_remove_curve (PlPlot *self, int curve)
{
  g_return_if_fail (PL_IS_PLOT (self) && pl_plot_scene_get_curve (&self->scene, curve) != NULL);

  pl_plot_scene_remove_curve (&self->scene, curve);
  pl_plot_update_curve_action (self, curve);
  pl_plot_changed (self);
}

void
pl_plot_show_curve (PlPlot *self, int curve, gboolean shown)
{
  g_return_if_fail (PL_IS_PLOT (self) && pl_plot_scene_get_curve (&self->scene, curve) != NULL);

  pl_plot_scene_get_curve (&self->scene, curve)->is_hidden = !shown;
  pl_plot_update_curve_action (self, curve);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plot_append_band (PlPlot *self, int curve, PlPlotAt at, double low, double y, double high)
{
  const PlCurvePoint point = { at, y, (float) low, (float) high };

  g_return_if_fail (PL_IS_PLOT (self) && pl_plot_scene_get_curve (&self->scene, curve) != NULL);

  pl_curve_append (pl_plot_scene_get_curve (&self->scene, curve)->data, &point);
  pl_plot_changed (self);
}

void
pl_plot_append (PlPlot *self, int curve, PlPlotAt at, double y)
{
  pl_plot_append_band (self, curve, at, NAN, y, NAN);
}

guint
pl_plot_n_points (PlPlot *self, int curve)
{
  g_return_val_if_fail (PL_IS_PLOT (self) && pl_plot_scene_get_curve (&self->scene, curve) != NULL,
                        0);

  return pl_curve_get_n_points (pl_plot_scene_get_curve (&self->scene, curve)->data);
}

void
pl_plot_clear (PlPlot *self)
{
  g_return_if_fail (PL_IS_PLOT (self));

  for (guint i = 0; i < self->scene.curves->len; i++)
    {
      PlPlotCurve *curve = pl_plot_scene_get_curve (&self->scene, (int) i);

      if (curve != NULL && curve->kind != PL_CURVE_EARLIER)
        pl_curve_clear (curve->data);
    }
  self->scene.mark = NAN;
  pl_plot_set_cursor (self, NAN);
  pl_plot_set_view (self, NAN, NAN);
  pl_plot_set_read_x (self, NAN);
  pl_plot_changed (self);
}

void
pl_plot_set_mark (PlPlot *self, double epoch)
{
  g_return_if_fail (PL_IS_PLOT (self));

  self->scene.mark = epoch;
  pl_plot_changed (self);
}

void
pl_plot_add_level (PlPlot *self, const char *name, double y)
{
  const PlPlotLevel level = { g_strdup (name), y };

  g_return_if_fail (PL_IS_PLOT (self));

  g_array_append_val (self->scene.levels, level);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
