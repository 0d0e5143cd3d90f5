/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zoom and the pan across slices are the view state's, so that the other views and the window's
 * commands share them; only the pan along the slices is kept here.
 */
#include "app/planes-state.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_THICKNESS_MM 500
#define DEFAULT_THICKNESS_MM 20

struct _PlPlanesState
{
  GObject parent_instance;

  /* Owned */
  PlViewState *view;

  int n[3]; /* of the volume that row and column belong to; 0 without one */
  int row;
  int column;
  double thickness_mm;
  double pan_slices;
  PlProjection projection;
  gboolean surface_is_prediction;
};

G_DEFINE_FINAL_TYPE (PlPlanesState, pl_planes_state, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_THICKNESS_MM,
  N_PROPS
};

enum
{
  SIGNAL_MOVED,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
moved (PlPlanesState *self)
{
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
}

static void
changed (PlPlanesState *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Cases of equal size keep the place, so that they can be compared. */
static void
volume_changed_cb (PlPlanesState *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->view);
  const int none[3] = { 0, 0, 0 };
  const int *n = volume == NULL ? none : volume->n;

  if (n[1] != self->n[1] || n[2] != self->n[2])
    {
      self->row = n[1] / 2;
      self->column = n[2] / 2;
    }
  if (memcmp (n, self->n, sizeof self->n) != 0)
    self->pan_slices = 0;
  memcpy (self->n, n, sizeof self->n);
  moved (self);
}

PlPlanesState *
pl_planes_state_new (PlViewState *view)
{
  PlPlanesState *self = g_object_new (PL_TYPE_PLANES_STATE, NULL);

  self->view = g_object_ref (view);
  g_signal_connect_object (view, "notify::volume", G_CALLBACK (volume_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "notify::slice", G_CALLBACK (moved), self, G_CONNECT_SWAPPED);
  volume_changed_cb (self);
  return self;
}

PlViewState *
pl_planes_state_get_view (PlPlanesState *self)
{
  g_return_val_if_fail (PL_IS_PLANES_STATE (self), NULL);

  return self->view;
}

void
pl_planes_state_get_voxel (PlPlanesState *self, int voxel[3])
{
  PlVolume *volume;

  g_return_if_fail (PL_IS_PLANES_STATE (self));

  voxel[0] = pl_view_state_get_slice (self->view);
  voxel[1] = self->row;
  voxel[2] = self->column;
  /* Others may be told of a smaller volume first. */
  volume = pl_view_state_get_volume (self->view);
  for (int a = 0; volume != NULL && a < 3; a++)
    voxel[a] = MIN (voxel[a], volume->n[a] - 1);
}

void
pl_planes_state_set_voxel (PlPlanesState *self, const int voxel[3])
{
  int row;
  int column;

  g_return_if_fail (PL_IS_PLANES_STATE (self));

  row = CLAMP (voxel[1], 0, MAX (self->n[1] - 1, 0));
  column = CLAMP (voxel[2], 0, MAX (self->n[2] - 1, 0));
  if (row != self->row || column != self->column)
    {
      self->row = row;
      self->column = column;
      moved (self);
    }
  pl_view_state_set_slice (self->view, voxel[0]);
}

double
pl_planes_state_get_thickness_mm (PlPlanesState *self)
{
  g_return_val_if_fail (PL_IS_PLANES_STATE (self), 0);

  return self->thickness_mm;
}

void
pl_planes_state_set_thickness_mm (PlPlanesState *self, double thickness_mm)
{
  g_return_if_fail (PL_IS_PLANES_STATE (self));

  /* What is not a number becomes the least. */
  thickness_mm = fmin (fmax (thickness_mm, 1), MAX_THICKNESS_MM);
  if (thickness_mm == self->thickness_mm)
    return;
  self->thickness_mm = thickness_mm;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THICKNESS_MM]);
  changed (self);
}

PlProjection
pl_planes_state_get_projection (PlPlanesState *self)
{
  g_return_val_if_fail (PL_IS_PLANES_STATE (self), PL_PROJECTION_NONE);

  return self->projection;
}

void
pl_planes_state_set_projection (PlPlanesState *self, PlProjection projection)
{
  g_return_if_fail (PL_IS_PLANES_STATE (self));

  if (projection == self->projection)
    return;
  self->projection = projection;
  changed (self);
}

gboolean
pl_planes_state_get_surface_is_prediction (PlPlanesState *self)
{
  g_return_val_if_fail (PL_IS_PLANES_STATE (self), FALSE);

  return self->surface_is_prediction;
}

void
pl_planes_state_set_surface_is_prediction (PlPlanesState *self, gboolean is_prediction)
{
  g_return_if_fail (PL_IS_PLANES_STATE (self));

  if (is_prediction == self->surface_is_prediction)
    return;
  self->surface_is_prediction = is_prediction;
  changed (self);
}

void
pl_planes_state_get_pan (PlPlanesState *self, double pan[3])
{
  g_return_if_fail (PL_IS_PLANES_STATE (self));

  pan[0] = self->pan_slices;
  pl_view_state_get_pan (self->view, &pan[2], &pan[1]);
  /* Fitting the view, by whatever command, fits the planes. */
  if (pl_view_state_get_zoom (self->view) == 1 && pan[1] == 0 && pan[2] == 0)
    pan[0] = 0;
}

/* The middle of a pane stays on the volume, so that it cannot be lost. */
void
pl_planes_state_set_zoom (PlPlanesState *self, double zoom, const double pan[3])
{
  double kept[3];

  g_return_if_fail (PL_IS_PLANES_STATE (self));

  for (int a = 0; a < 3; a++)
    kept[a] = CLAMP (pan[a], -self->n[a] / 2.0, self->n[a] / 2.0);
  self->pan_slices = kept[0];
  pl_view_state_set_zoom (self->view, zoom, kept[2], kept[1]);
  changed (self);
}

const char *
pl_projection_name (PlProjection projection)
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

PlReslice
pl_planes_state_find_reslice (PlPlanesState *self, PlPlaneKind kind)
{
  return pl_view_state_find_reslice (self->view, kind);
}

static void
pl_planes_state_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_double (value, PL_PLANES_STATE (object)->thickness_mm);
}

static void
pl_planes_state_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  pl_planes_state_set_thickness_mm (PL_PLANES_STATE (object), g_value_get_double (value));
}

static void
pl_planes_state_dispose (GObject *object)
{
  g_clear_object (&PL_PLANES_STATE (object)->view);

  G_OBJECT_CLASS (pl_planes_state_parent_class)->dispose (object);
}

static void
pl_planes_state_class_init (PlPlanesStateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pl_planes_state_get_property;
  object_class->set_property = pl_planes_state_set_property;
  object_class->dispose = pl_planes_state_dispose;
  properties[PROP_THICKNESS_MM] =
      g_param_spec_double ("thickness-mm", NULL, NULL, 1, MAX_THICKNESS_MM, DEFAULT_THICKNESS_MM,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_MOVED] = g_signal_new ("moved", PL_TYPE_PLANES_STATE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", PL_TYPE_PLANES_STATE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pl_planes_state_init (PlPlanesState *self)
{
  self->thickness_mm = DEFAULT_THICKNESS_MM;
}
