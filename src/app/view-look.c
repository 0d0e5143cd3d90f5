/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the views show the volume in view: what all of them share besides the volume itself.
 */
#include "app/view-state-private.h"

PlWindow
pl_view_state_get_window (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), ((PlWindow){ -600, 1500 }));

  return self->window;
}

void
pl_view_state_set_window (PlViewState *self, PlWindow window)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));
  g_return_if_fail (window.width_hu > 0);

  if (self->window.centre_hu == window.centre_hu && self->window.width_hu == window.width_hu)
    return;
  self->window = window;
  pl_view_state_notify (self, PL_VIEW_PROP_WINDOW);
}

const PlColourMap *
pl_view_state_get_colour_map (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  return self->colour_map;
}

void
pl_view_state_set_colour_map (PlViewState *self, const PlColourMap *map)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));
  g_return_if_fail (map != NULL);

  if (self->colour_map == map)
    return;
  self->colour_map = map;
  pl_view_state_notify (self, PL_VIEW_PROP_COLOUR_MAP);
}

static void
set_flag (PlViewState *self, gboolean *flag, gboolean value, PlViewProperty property)
{
  value = value != FALSE;
  if (*flag == value)
    return;
  *flag = value;
  pl_view_state_notify (self, property);
}

gboolean
pl_view_state_get_show_truth (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), FALSE);

  return self->show_truth;
}

void
pl_view_state_set_show_truth (PlViewState *self, gboolean show)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  set_flag (self, &self->show_truth, show, PL_VIEW_PROP_SHOW_TRUTH);
}

gboolean
pl_view_state_get_show_prediction (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), FALSE);

  return self->show_prediction;
}

void
pl_view_state_set_show_prediction (PlViewState *self, gboolean show)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  set_flag (self, &self->show_prediction, show, PL_VIEW_PROP_SHOW_PREDICTION);
}

G_DEFINE_ENUM_TYPE (PlPredictionStyle,
                    pl_prediction_style,
                    G_DEFINE_ENUM_VALUE (PL_PREDICTION_FILL, "fill"),
                    G_DEFINE_ENUM_VALUE (PL_PREDICTION_OUTLINE, "outline"),
                    G_DEFINE_ENUM_VALUE (PL_PREDICTION_HEAT, "heat"))

PlPredictionStyle
pl_view_state_get_prediction_style (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), PL_PREDICTION_FILL);

  return self->prediction_style;
}

void
pl_view_state_set_prediction_style (PlViewState *self, PlPredictionStyle style)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  if (self->prediction_style == style)
    return;
  self->prediction_style = style;
  pl_view_state_notify (self, PL_VIEW_PROP_PREDICTION_STYLE);
}

double
pl_view_state_get_opacity (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), 0);

  return self->opacity;
}

void
pl_view_state_set_opacity (PlViewState *self, double opacity)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  opacity = CLAMP (opacity, 0, 1);
  if (self->opacity == opacity)
    return;
  self->opacity = opacity;
  pl_view_state_notify (self, PL_VIEW_PROP_OPACITY);
}

gboolean
pl_view_state_get_peek (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), FALSE);

  return self->peek;
}

void
pl_view_state_set_peek (PlViewState *self, gboolean peek)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  set_flag (self, &self->peek, peek, PL_VIEW_PROP_PEEK);
}

double
pl_view_state_get_zoom (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), 1);

  return self->zoom;
}

void
pl_view_state_get_pan (PlViewState *self, double *x_px, double *y_px)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  *x_px = self->pan_x_px;
  *y_px = self->pan_y_px;
}

void
pl_view_state_set_zoom (PlViewState *self, double zoom, double pan_x_px, double pan_y_px)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));
  g_return_if_fail (zoom > 0);

  if (self->zoom == zoom && self->pan_x_px == pan_x_px && self->pan_y_px == pan_y_px)
    return;
  self->zoom = zoom;
  self->pan_x_px = pan_x_px;
  self->pan_y_px = pan_y_px;
  pl_view_state_notify (self, PL_VIEW_PROP_ZOOM);
}

PlSliceTurn
pl_view_state_get_turn (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), ((PlSliceTurn){ 0, FALSE }));

  return self->turn;
}

void
pl_view_state_set_turn (PlViewState *self, PlSliceTurn turn)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  if (self->turn.quarters == turn.quarters && self->turn.is_mirrored == turn.is_mirrored)
    return;
  self->turn = turn;
  pl_view_state_notify (self, PL_VIEW_PROP_TURN);
}

PlSliceTurn
pl_view_state_find_turn (PlViewState *self)
{
  PlVolume *volume = pl_view_state_get_volume (self);

  if (volume == NULL)
    return (PlSliceTurn){ 0, FALSE };
  return pl_slice_turn_join (pl_slice_turn_upright (volume->orientation, self->is_neurological),
                             self->turn);
}

gboolean
pl_view_state_get_neurological (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), FALSE);

  return self->is_neurological;
}

void
pl_view_state_set_neurological (PlViewState *self, gboolean is_neurological)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  set_flag (self, &self->is_neurological, is_neurological, PL_VIEW_PROP_NEUROLOGICAL);
}

gboolean
pl_view_state_get_smooth (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), TRUE);

  return self->is_smooth;
}

void
pl_view_state_set_smooth (PlViewState *self, gboolean is_smooth)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  set_flag (self, &self->is_smooth, is_smooth, PL_VIEW_PROP_SMOOTH);
}

G_DEFINE_ENUM_TYPE (PlTool,
                    pl_tool,
                    G_DEFINE_ENUM_VALUE (PL_TOOL_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (PL_TOOL_RULER, "ruler"),
                    G_DEFINE_ENUM_VALUE (PL_TOOL_REGION, "region"))

PlTool
pl_view_state_get_tool (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), PL_TOOL_NONE);

  return self->tool;
}

void
pl_view_state_set_tool (PlViewState *self, PlTool tool)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  if (tool == self->tool)
    return;
  self->tool = tool;
  pl_view_state_notify (self, PL_VIEW_PROP_TOOL);
}

PlReslice
pl_view_state_find_reslice (PlViewState *self, PlPlaneKind kind)
{
  PlReslice reslice = pl_reslice_find (self->volume, kind);

  if (self->is_neurological && (reslice.left == 'R' || reslice.left == 'L'))
    pl_reslice_mirror (&reslice);
  return reslice;
}
