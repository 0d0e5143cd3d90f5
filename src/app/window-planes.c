/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the Planes view, which the window has as its own so that they can be called from
 * outside. They follow what the view's controls and the mouse do.
 */
#include "app/window-private.h"

#include "app/planes-view.h"

#include <math.h>

/* In the order of PlProjection. */
static const char *const projections[] = { "none", "maximum", "minimum", "mean" };

static PlPlanesState *
get_planes (PlAppWindow *self)
{
  return pl_planes_view_get_planes (PL_PLANES_VIEW (self->planes_view));
}

static void
change_crosshair_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  int voxel[3];

  g_variant_get (state, "(iii)", &voxel[0], &voxel[1], &voxel[2]);
  pl_planes_state_set_voxel (get_planes (data), voxel);
}

static void
change_projection_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (projections); i++)
    if (g_str_equal (projections[i], g_variant_get_string (state, NULL)))
      pl_planes_state_set_projection (get_planes (data), (PlProjection) i);
}

static void
change_thickness_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_planes_state_set_thickness_mm (get_planes (data), g_variant_get_double (state));
}

static void
change_surface_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  const char *surface = g_variant_get_string (state, NULL);
  gboolean is_prediction = g_str_equal (surface, "prediction");

  if (is_prediction || g_str_equal (surface, "truth"))
    pl_planes_state_set_surface_is_prediction (get_planes (data), is_prediction);
}

static PlSurfaceView *
get_surface (PlAppWindow *self)
{
  return pl_planes_view_get_surface (PL_PLANES_VIEW (self->planes_view));
}

/* Yaw, pitch and zoom. What is no pose is passed over. */
static void
change_pose_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlSurfacePose pose;

  g_variant_get (state, "(ddd)", &pose.yaw_deg, &pose.pitch_deg, &pose.zoom);
  if (isfinite (pose.yaw_deg) && isfinite (pose.pitch_deg) && isfinite (pose.zoom))
    pl_surface_view_set_pose (get_surface (data), &pose);
}

/* And how far the volume is moved along slices, rows and columns. What is no zoom is passed over.
 */
static void
change_zoom_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  double zoom;
  double pan[3];

  g_variant_get (state, "(dddd)", &zoom, &pan[0], &pan[1], &pan[2]);
  if (zoom >= PL_VIEW_MIN_ZOOM && zoom <= PL_VIEW_MAX_ZOOM && isfinite (pan[0]) &&
      isfinite (pan[1]) && isfinite (pan[2]))
    pl_planes_state_set_zoom (get_planes (data), zoom, pan);
}

static const GActionEntry entries[] = {
  { "crosshair", NULL, "(iii)", "(0, 0, 0)", change_crosshair_cb },
  { "zoom", NULL, "(dddd)", "(1.0, 0.0, 0.0, 0.0)", change_zoom_cb },
  { "projection", NULL, "s", "'none'", change_projection_cb },
  { "slab-thickness", NULL, "d", "0.0", change_thickness_cb },
  { "surface", NULL, "s", "'truth'", change_surface_cb },
  { "surface-pose", NULL, "(ddd)", "(0.0, 0.0, 1.0)", change_pose_cb },
};

static void
show_zoom (PlAppWindow *self)
{
  double pan[3];

  pl_planes_state_get_pan (get_planes (self), pan);
  pl_app_window_set_action_state (
      self, "zoom",
      g_variant_new ("(dddd)", pl_view_state_get_zoom (self->state), pan[0], pan[1], pan[2]));
}

static void
moved_cb (PlAppWindow *self)
{
  int voxel[3];

  pl_planes_state_get_voxel (get_planes (self), voxel);
  pl_app_window_set_action_state (self, "crosshair",
                                  g_variant_new ("(iii)", voxel[0], voxel[1], voxel[2]));
}

static void
changed_cb (PlAppWindow *self)
{
  PlPlanesState *planes = get_planes (self);
  const char *surface = pl_planes_state_get_surface_is_prediction (planes) ? "prediction" : "truth";

  pl_app_window_set_action_state (
      self, "projection",
      g_variant_new_string (projections[pl_planes_state_get_projection (planes)]));
  pl_app_window_set_action_state (self, "slab-thickness",
                                  g_variant_new_double (pl_planes_state_get_thickness_mm (planes)));
  pl_app_window_set_action_state (self, "surface", g_variant_new_string (surface));
  show_zoom (self);
}

static void
turned_cb (PlAppWindow *self)
{
  PlSurfacePose pose;

  pl_surface_view_get_pose (get_surface (self), &pose);
  pl_app_window_set_action_state (self, "surface-pose",
                                  g_variant_new ("(ddd)", pose.yaw_deg, pose.pitch_deg, pose.zoom));
}

void
pl_app_window_add_planes (PlAppWindow *self)
{
  g_autoptr (GPropertyAction) enlarged =
      g_property_action_new ("planes-enlarged", self->planes_view, "enlarged");

  pl_planes_view_set_state (PL_PLANES_VIEW (self->planes_view), self->state);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (enlarged));
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (get_planes (self), "moved", G_CALLBACK (moved_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (get_planes (self), "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (get_surface (self), "turned", G_CALLBACK (turned_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "notify::zoom", G_CALLBACK (show_zoom), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "notify::volume", G_CALLBACK (show_zoom), self,
                           G_CONNECT_SWAPPED);
  moved_cb (self);
  changed_cb (self);
}
