/* SPDX-License-Identifier: GPL-3.0-or-later */
/* While the planes are seen, the crosshair is what the other views' pointer is: the pixel that the
 * window tells about.
 */
#include "app/planes-view.h"

#include "app/enlarge-button.h"
#include "app/plane-pane-private.h"
#include "app/wrap-layout.h"

#include <glib/gi18n.h>

#define N_CELLS 4

/* A pane below a button. */
typedef struct
{
  GtkWidget *overlay;
  GtkWidget *pane;
  GtkToggleButton *button;
} Cell;

struct _PlPlanesView
{
  GtkWidget parent_instance;

  /* Owned */
  PlPlanesState *planes;

  PlPlanesPane enlarged;
  Cell cells[N_CELLS]; /* of the grid */

  /* Template children */
  GtkWidget *box;
  GtkGrid *grid;
  GtkMenuButton *projection_button;
  GtkWidget *thickness_box;
  GtkAdjustment *thickness_adjustment;
  GtkMenuButton *surface_button;
};

G_DEFINE_FINAL_TYPE (PlPlanesView, pl_planes_view, GTK_TYPE_WIDGET)

G_DEFINE_ENUM_TYPE (PlPlanesPane,
                    pl_planes_pane,
                    G_DEFINE_ENUM_VALUE (PL_PLANES_ALL, "all"),
                    G_DEFINE_ENUM_VALUE (PL_PLANES_AXIAL, "axial"),
                    G_DEFINE_ENUM_VALUE (PL_PLANES_CORONAL, "coronal"),
                    G_DEFINE_ENUM_VALUE (PL_PLANES_SAGITTAL, "sagittal"),
                    G_DEFINE_ENUM_VALUE (PL_PLANES_SURFACE, "surface"))

enum
{
  PROP_0,
  PROP_ENLARGED,
};

static void
show_controls (PlPlanesView *self)
{
  PlProjection projection = pl_planes_state_get_projection (self->planes);

  gtk_menu_button_set_label (self->projection_button, pl_projection_name (projection));
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

/* Without the others the grid has one place. */
static void
enlarge (PlPlanesView *self, PlPlanesPane pane)
{
  if (pane == self->enlarged)
    return;
  self->enlarged = pane;
  gtk_grid_set_row_homogeneous (self->grid, pane == PL_PLANES_ALL);
  gtk_grid_set_column_homogeneous (self->grid, pane == PL_PLANES_ALL);
  for (int i = 0; i < N_CELLS; i++)
    {
      gboolean is_enlarged = (int) pane == PL_PLANES_AXIAL + i;
      GtkToggleButton *button = self->cells[i].button;

      gtk_widget_set_visible (self->cells[i].overlay, is_enlarged || pane == PL_PLANES_ALL);
      gtk_toggle_button_set_active (button, is_enlarged);
      pl_enlarge_button_update (button);
    }
  for (int i = 0; i < PL_N_PLANES; i++)
    pl_plane_pane_set_annotated (PL_PLANE_PANE (self->cells[i].pane),
                                 MAX ((int) pane, PL_PLANES_AXIAL) == PL_PLANES_AXIAL + i);
  g_object_notify (G_OBJECT (self), "enlarged");
}

static int
find_cell (PlPlanesView *self, gpointer button)
{
  int i = 0;

  while (i < N_CELLS - 1 && (gpointer) self->cells[i].button != button)
    i++;
  return i;
}

static void
button_toggled_cb (PlPlanesView *self, GtkToggleButton *button)
{
  int i = find_cell (self, button);

  if (gtk_toggle_button_get_active (button))
    enlarge (self, PL_PLANES_AXIAL + i);
  else if ((int) self->enlarged == PL_PLANES_AXIAL + i)
    enlarge (self, PL_PLANES_ALL);
}

void
pl_planes_view_toggle_enlarged (PlPlanesView *self)
{
  GtkWidget *focus;
  int chosen = 0;

  g_return_if_fail (PL_IS_PLANES_VIEW (self));

  focus = gtk_widget_get_focus_child (GTK_WIDGET (self->grid));

  for (int i = 0; i < N_CELLS; i++)
    if (self->cells[i].overlay == focus)
      chosen = i;
  enlarge (self, self->enlarged == PL_PLANES_ALL ? PL_PLANES_AXIAL + chosen : PL_PLANES_ALL);
}

static void
add_cell (PlPlanesView *self, int i, GtkWidget *pane)
{
  Cell *cell = &self->cells[i];

  cell->pane = pane;
  cell->overlay = gtk_overlay_new ();
  cell->button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
  pl_enlarge_button_update (cell->button);
  gtk_widget_add_css_class (GTK_WIDGET (cell->button), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (cell->button), "enlarge");
  gtk_widget_set_halign (GTK_WIDGET (cell->button), GTK_ALIGN_END);
  gtk_widget_set_valign (GTK_WIDGET (cell->button), GTK_ALIGN_START);
  gtk_overlay_set_child (GTK_OVERLAY (cell->overlay), pane);
  gtk_overlay_add_overlay (GTK_OVERLAY (cell->overlay), GTK_WIDGET (cell->button));
  gtk_grid_attach (self->grid, cell->overlay, i % 2, i / 2, 1, 1);
  g_signal_connect_object (cell->button, "toggled", G_CALLBACK (button_toggled_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Planes are called otherwise where the orientation is not known. */
static void
name_buttons (PlPlanesView *self)
{
  for (int i = 0; i < N_CELLS; i++)
    {
      const char *name = i < PL_N_PLANES ? pl_plane_pane_name (PL_PLANE_PANE (self->cells[i].pane))
                                         : _ ("Surface");

      pl_enlarge_button_name (self->cells[i].button, name);
    }
}

void
pl_planes_view_set_state (PlPlanesView *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_PLANES_VIEW (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->planes == NULL);

  self->planes = pl_planes_state_new (state);
  for (int kind = 0; kind < PL_N_PLANES; kind++)
    add_cell (self, kind, pl_plane_pane_new (self->planes, (PlPlaneKind) kind));
  add_cell (self, PL_N_PLANES, pl_surface_view_new (self->planes));
  g_signal_connect_object (state, "notify::volume", G_CALLBACK (name_buttons), self,
                           G_CONNECT_SWAPPED);
  name_buttons (self);
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

PlSurfaceView *
pl_planes_view_get_surface (PlPlanesView *self)
{
  g_return_val_if_fail (PL_IS_PLANES_VIEW (self), NULL);

  return PL_SURFACE_VIEW (self->cells[PL_N_PLANES].pane);
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

/* The axial pane, or the enlarged one. */
static gboolean
pl_planes_view_grab_focus (GtkWidget *widget)
{
  PlPlanesView *self = PL_PLANES_VIEW (widget);
  int i = self->enlarged == PL_PLANES_ALL ? 0 : (int) (self->enlarged - PL_PLANES_AXIAL);

  return self->cells[i].pane != NULL && gtk_widget_grab_focus (self->cells[i].pane);
}

static void
pl_planes_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_enum (value, PL_PLANES_VIEW (object)->enlarged);
}

static void
pl_planes_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  enlarge (PL_PLANES_VIEW (object), (PlPlanesPane) g_value_get_enum (value));
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
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pl_planes_view_get_property;
  object_class->set_property = pl_planes_view_set_property;
  object_class->dispose = pl_planes_view_dispose;
  g_object_class_install_property (
      object_class, PROP_ENLARGED,
      g_param_spec_enum ("enlarged", NULL, NULL, PL_TYPE_PLANES_PANE, PL_PLANES_ALL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
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
