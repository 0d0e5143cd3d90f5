/* SPDX-License-Identifier: GPL-3.0-or-later */
/* While the planes are seen, the crosshair is what the other views' pointer is: the pixel that the
 * window tells about.
 */
#include "app/planes-view.h"

#include "app/plane-pane.h"
#include "app/surface-view.h"
#include "app/wrap-layout.h"

#include <glib/gi18n.h>

struct _PlPlanesView
{
  GtkWidget parent_instance;

  /* Owned */
  PlPlanesState *planes;

  /* Template children */
  GtkWidget *box;
  GtkGrid *grid;
  GtkMenuButton *projection_button;
  GtkWidget *thickness_box;
  GtkAdjustment *thickness_adjustment;
  GtkMenuButton *surface_button;
};

G_DEFINE_FINAL_TYPE (PlPlanesView, pl_planes_view, GTK_TYPE_WIDGET)

static const char *
name_projection (PlProjection projection)
{
  switch (projection)
    {
    case PL_PROJECTION_MAXIMUM:
      return _ ("Maximum");
    case PL_PROJECTION_MINIMUM:
      return _ ("Minimum");
    case PL_PROJECTION_MEAN:
      return _ ("Mean");
    case PL_PROJECTION_NONE:
    default:
      return _ ("No projection");
    }
}

static void
show_controls (PlPlanesView *self)
{
  PlProjection projection = pl_planes_state_get_projection (self->planes);

  gtk_menu_button_set_label (self->projection_button, name_projection (projection));
  gtk_widget_set_sensitive (self->thickness_box, projection != PL_PROJECTION_NONE);
  gtk_menu_button_set_label (self->surface_button,
                             pl_planes_state_get_surface_is_prediction (self->planes)
                                 ? _ ("Surface of the prediction")
                                 : _ ("Surface of the ground truth"));
}

static void
show_probe (PlPlanesView *self)
{
  PlViewState *view = pl_planes_state_get_view (self->planes);
  int voxel[3];

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  pl_planes_state_get_voxel (self->planes, voxel);
  pl_view_state_set_probe (view, voxel[1], voxel[2]);
}

void
pl_planes_view_set_state (PlPlanesView *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_PLANES_VIEW (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->planes == NULL);

  self->planes = pl_planes_state_new (state);
  for (int kind = 0; kind < PL_N_PLANES; kind++)
    gtk_grid_attach (self->grid, pl_plane_pane_new (self->planes, (PlPlaneKind) kind), kind % 2,
                     kind / 2, 1, 1);
  gtk_grid_attach (self->grid, pl_surface_view_new (self->planes), 1, 1, 1, 1);
  g_object_bind_property (self->planes, "thickness-mm", self->thickness_adjustment, "value",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect_object (self->planes, "changed", G_CALLBACK (show_controls), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->planes, "moved", G_CALLBACK (show_probe), self, G_CONNECT_SWAPPED);
  show_controls (self);
}

PlPlanesState *
pl_planes_view_get_planes (PlPlanesView *self)
{
  g_return_val_if_fail (PL_IS_PLANES_VIEW (self), NULL);

  return self->planes;
}

static void
pl_planes_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pl_planes_view_parent_class)->map (widget);
  show_probe (PL_PLANES_VIEW (widget));
}

static void
pl_planes_view_unmap (GtkWidget *widget)
{
  pl_view_state_set_probe (pl_planes_state_get_view (PL_PLANES_VIEW (widget)->planes), -1, -1);
  GTK_WIDGET_CLASS (pl_planes_view_parent_class)->unmap (widget);
}

/* The axial pane. */
static gboolean
pl_planes_view_grab_focus (GtkWidget *widget)
{
  GtkWidget *pane = gtk_grid_get_child_at (PL_PLANES_VIEW (widget)->grid, 0, 0);

  return pane != NULL && gtk_widget_grab_focus (pane);
}

static void
pl_planes_view_dispose (GObject *object)
{
  PlPlanesView *self = PL_PLANES_VIEW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PL_TYPE_PLANES_VIEW);
  g_clear_object (&self->planes);

  G_OBJECT_CLASS (pl_planes_view_parent_class)->dispose (object);
}

static void
pl_planes_view_class_init (PlPlanesViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_planes_view_dispose;
  widget_class->map = pl_planes_view_map;
  widget_class->unmap = pl_planes_view_unmap;
  widget_class->grab_focus = pl_planes_view_grab_focus;
  g_type_ensure (PL_TYPE_WRAP_LAYOUT);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/planes-view.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "planes");
  gtk_widget_class_bind_template_child (widget_class, PlPlanesView, box);
  gtk_widget_class_bind_template_child (widget_class, PlPlanesView, grid);
  gtk_widget_class_bind_template_child (widget_class, PlPlanesView, projection_button);
  gtk_widget_class_bind_template_child (widget_class, PlPlanesView, thickness_box);
  gtk_widget_class_bind_template_child (widget_class, PlPlanesView, thickness_adjustment);
  gtk_widget_class_bind_template_child (widget_class, PlPlanesView, surface_button);
}

static void
pl_planes_view_init (PlPlanesView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
