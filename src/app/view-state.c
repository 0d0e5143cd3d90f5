/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the views share. Volumes and masks are plain counted structs, so their properties only
 * announce changes; the simple values are real properties, which settings and toggles bind to.
 */
#include "app/view-state-private.h"

#include <math.h>

G_DEFINE_FINAL_TYPE (PlViewState, pl_view_state, G_TYPE_OBJECT)

static GParamSpec *properties[N_PL_VIEW_PROPS];

PlViewState *
pl_view_state_new (void)
{
  return g_object_new (PL_TYPE_VIEW_STATE, NULL);
}

void
pl_view_state_notify (PlViewState *self, PlViewProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

PlVolume *
pl_view_state_get_volume (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  return self->volume;
}

/* Whether slices become ready one by one, from the first on. */
static gboolean
arrives_by_slices (const PlVolume *volume)
{
  return volume->header.format == PL_FORMAT_TIFF || volume->header.axis[0] == 2;
}

/* Of a volume that is still loading the newest slice is shown, up to the wanted one. Returns: TRUE
 * when that is another than before. */
static gboolean
follow_slices (PlViewState *self)
{
  int slice = CLAMP (pl_volume_ready_slices (self->volume) - 1, 0, self->coming_slice);
  gboolean is_other = slice != self->slice;

  self->slice = slice;
  if (slice == self->coming_slice)
    self->coming_slice = -1;
  return is_other;
}

/* Another image size makes the zoom and pan of the last one meaningless. */
static void
keep_or_reset_position (PlViewState *self, const PlVolume *old, const PlVolume *volume)
{
  if (volume == NULL)
    self->slice = 0;
  else if (old == NULL || old->n[0] != volume->n[0])
    self->slice = volume->n[0] / 2;
  self->coming_slice = -1;
  if (volume != NULL && arrives_by_slices (volume))
    {
      self->coming_slice = self->slice;
      follow_slices (self);
    }
  if (old != NULL && volume != NULL && (old->n[1] != volume->n[1] || old->n[2] != volume->n[2]))
    {
      self->zoom = 1;
      self->pan_x_px = 0;
      self->pan_y_px = 0;
    }
  self->probe_row = -1;
  self->probe_column = -1;
  self->probe_is_held = FALSE;
}

void
pl_view_state_set_volume (PlViewState *self, PlVolume *volume)
{
  PlVolume *old;

  g_return_if_fail (PL_IS_VIEW_STATE (self));

  if (self->volume == volume)
    return;
  old = self->volume;
  self->volume = volume == NULL ? NULL : pl_volume_ref (volume);

  g_object_freeze_notify (G_OBJECT (self));
  pl_view_state_keep_previews (self, NULL, 0);
  pl_view_state_set_truth (self, NULL);
  pl_view_state_set_prediction (self, NULL);
  pl_view_state_set_second (self, NULL);
  keep_or_reset_position (self, old, volume);
  pl_view_state_notify (self, PL_VIEW_PROP_VOLUME);
  pl_view_state_notify (self, PL_VIEW_PROP_N_SLICES);
  pl_view_state_notify (self, PL_VIEW_PROP_READY_SLICES);
  pl_view_state_notify (self, PL_VIEW_PROP_SLICE);
  pl_view_state_notify (self, PL_VIEW_PROP_ZOOM);
  pl_view_state_notify (self, PL_VIEW_PROP_PROBE);
  pl_view_state_notify (self, PL_VIEW_PROP_PROBE_IS_HELD);
  g_object_thaw_notify (G_OBJECT (self));
  g_clear_pointer (&old, pl_volume_unref);
}

void
pl_view_state_slices_arrived (PlViewState *self)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  if (self->coming_slice >= 0 && follow_slices (self))
    pl_view_state_notify (self, PL_VIEW_PROP_SLICE);
  pl_view_state_notify (self, PL_VIEW_PROP_READY_SLICES);
}

int
pl_view_state_get_slice (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), 0);

  return self->slice;
}

void
pl_view_state_set_slice (PlViewState *self, int slice)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  slice = CLAMP (slice, 0, MAX (pl_view_state_get_n_slices (self) - 1, 0));
  if (self->slice == slice)
    return;
  self->slice = slice;
  self->coming_slice = -1;
  pl_view_state_notify (self, PL_VIEW_PROP_SLICE);
}

int
pl_view_state_get_n_slices (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), 0);

  return self->volume == NULL ? 0 : self->volume->n[0];
}

void
pl_view_state_get_probe (PlViewState *self, int *row, int *column)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  *row = self->probe_row;
  *column = self->probe_column;
}

static void
set_probe (PlViewState *self, int row, int column, gboolean is_held)
{
  gboolean has_moved = self->probe_row != row || self->probe_column != column;
  gboolean was_held = self->probe_is_held;

  self->probe_row = row;
  self->probe_column = column;
  self->probe_is_held = is_held;
  if (has_moved)
    pl_view_state_notify (self, PL_VIEW_PROP_PROBE);
  if (is_held != was_held)
    pl_view_state_notify (self, PL_VIEW_PROP_PROBE_IS_HELD);
}

void
pl_view_state_set_probe (PlViewState *self, int row, int column)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  set_probe (self, row, column, FALSE);
}

void
pl_view_state_move_probe (PlViewState *self, int right, int down)
{
  double x = right;
  double y = down;
  int row;
  int column;

  g_return_if_fail (PL_IS_VIEW_STATE (self));

  if (self->volume == NULL)
    return;
  row = self->probe_row;
  column = self->probe_column;
  if (row < 0)
    {
      row = (int) floor (self->volume->n[1] / 2.0 + self->pan_y_px);
      column = (int) floor (self->volume->n[2] / 2.0 + self->pan_x_px);
    }
  pl_slice_turn_to_image (pl_view_state_find_turn (self), &x, &y);
  set_probe (self, CLAMP (row + (int) y, 0, self->volume->n[1] - 1),
             CLAMP (column + (int) x, 0, self->volume->n[2] - 1), TRUE);
}

gboolean
pl_view_state_probe_is_held (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), FALSE);

  return self->probe_is_held;
}

static void
pl_view_state_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlViewState *self = PL_VIEW_STATE (object);

  switch (id)
    {
    case PL_VIEW_PROP_VOLUME:
      g_value_set_pointer (value, self->volume);
      break;
    case PL_VIEW_PROP_READY_SLICES:
      g_value_set_int (value, self->volume == NULL ? 0 : pl_volume_ready_slices (self->volume));
      break;
    case PL_VIEW_PROP_TRUTH:
      g_value_set_pointer (value, self->truth);
      break;
    case PL_VIEW_PROP_PREDICTION:
      g_value_set_pointer (value, self->prediction);
      break;
    case PL_VIEW_PROP_HEAT:
      g_value_set_pointer (value, self->heat);
      break;
    case PL_VIEW_PROP_SECOND:
      g_value_set_pointer (value, self->second);
      break;
    case PL_VIEW_PROP_PREVIEW:
      g_value_set_pointer (value, self->previews);
      break;
    case PL_VIEW_PROP_SECOND_NAME:
      g_value_set_string (value, self->second_name);
      break;
    case PL_VIEW_PROP_MODEL_NAME:
      g_value_set_string (value, self->model_name);
      break;
    case PL_VIEW_PROP_NAMES:
      g_value_set_pointer (value, self->data_names);
      break;
    case PL_VIEW_PROP_LABEL_COLOURS: /* they are not the state's */
      g_value_set_pointer (value, NULL);
      break;
    case PL_VIEW_PROP_SLICE:
      g_value_set_int (value, self->slice);
      break;
    case PL_VIEW_PROP_N_SLICES:
      g_value_set_int (value, pl_view_state_get_n_slices (self));
      break;
    case PL_VIEW_PROP_WINDOW:
      g_value_set_pointer (value, &self->window);
      break;
    case PL_VIEW_PROP_COLOUR_MAP:
      g_value_set_pointer (value, (gpointer) self->colour_map);
      break;
    case PL_VIEW_PROP_SHOW_TRUTH:
      g_value_set_boolean (value, self->show_truth);
      break;
    case PL_VIEW_PROP_SHOW_PREDICTION:
      g_value_set_boolean (value, self->show_prediction);
      break;
    case PL_VIEW_PROP_PREDICTION_STYLE:
      g_value_set_enum (value, self->prediction_style);
      break;
    case PL_VIEW_PROP_OPACITY:
      g_value_set_double (value, self->opacity);
      break;
    case PL_VIEW_PROP_PEEK:
      g_value_set_boolean (value, self->peek);
      break;
    case PL_VIEW_PROP_ZOOM:
      g_value_set_double (value, self->zoom);
      break;
    case PL_VIEW_PROP_TURN:
      g_value_set_pointer (value, &self->turn);
      break;
    case PL_VIEW_PROP_NEUROLOGICAL:
      g_value_set_boolean (value, self->is_neurological);
      break;
    case PL_VIEW_PROP_SMOOTH:
      g_value_set_boolean (value, self->is_smooth);
      break;
    case PL_VIEW_PROP_TOOL:
      g_value_set_enum (value, self->tool);
      break;
    case PL_VIEW_PROP_PROBE:
      g_value_set_int (value, self->probe_row);
      break;
    case PL_VIEW_PROP_PROBE_IS_HELD:
      g_value_set_boolean (value, self->probe_is_held);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_view_state_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PlViewState *self = PL_VIEW_STATE (object);

  switch (id)
    {
    case PL_VIEW_PROP_SLICE:
      pl_view_state_set_slice (self, g_value_get_int (value));
      break;
    case PL_VIEW_PROP_SHOW_TRUTH:
      pl_view_state_set_show_truth (self, g_value_get_boolean (value));
      break;
    case PL_VIEW_PROP_SHOW_PREDICTION:
      pl_view_state_set_show_prediction (self, g_value_get_boolean (value));
      break;
    case PL_VIEW_PROP_PREDICTION_STYLE:
      pl_view_state_set_prediction_style (self, (PlPredictionStyle) g_value_get_enum (value));
      break;
    case PL_VIEW_PROP_OPACITY:
      pl_view_state_set_opacity (self, g_value_get_double (value));
      break;
    case PL_VIEW_PROP_PEEK:
      pl_view_state_set_peek (self, g_value_get_boolean (value));
      break;
    case PL_VIEW_PROP_NEUROLOGICAL:
      pl_view_state_set_neurological (self, g_value_get_boolean (value));
      break;
    case PL_VIEW_PROP_SMOOTH:
      pl_view_state_set_smooth (self, g_value_get_boolean (value));
      break;
    case PL_VIEW_PROP_TOOL:
      pl_view_state_set_tool (self, (PlTool) g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_view_state_finalize (GObject *object)
{
  PlViewState *self = PL_VIEW_STATE (object);

  g_free (self->model_name);
  g_free (self->second_name);
  g_strfreev (self->data_names);
  g_strfreev (self->model_names);
  g_hash_table_unref (self->previews);
  g_clear_pointer (&self->second, pl_mask_unref);
  g_clear_pointer (&self->heat, pl_mask_unref);
  g_clear_pointer (&self->prediction, pl_mask_unref);
  g_clear_pointer (&self->truth, pl_mask_unref);
  g_clear_pointer (&self->volume, pl_volume_unref);

  G_OBJECT_CLASS (pl_view_state_parent_class)->finalize (object);
}

static void
pl_view_state_class_init (PlViewStateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags told = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GParamFlags held = told | G_PARAM_WRITABLE;

  object_class->get_property = pl_view_state_get_property;
  object_class->set_property = pl_view_state_set_property;
  object_class->finalize = pl_view_state_finalize;

  properties[PL_VIEW_PROP_VOLUME] = g_param_spec_pointer ("volume", NULL, NULL, told);
  properties[PL_VIEW_PROP_READY_SLICES] =
      g_param_spec_int ("ready-slices", NULL, NULL, 0, G_MAXINT, 0, told);
  properties[PL_VIEW_PROP_TRUTH] = g_param_spec_pointer ("truth", NULL, NULL, told);
  properties[PL_VIEW_PROP_PREDICTION] = g_param_spec_pointer ("prediction", NULL, NULL, told);
  properties[PL_VIEW_PROP_HEAT] = g_param_spec_pointer ("heat", NULL, NULL, told);
  properties[PL_VIEW_PROP_SECOND] = g_param_spec_pointer ("second", NULL, NULL, told);
  properties[PL_VIEW_PROP_PREVIEW] = g_param_spec_pointer ("preview", NULL, NULL, told);
  properties[PL_VIEW_PROP_MODEL_NAME] = g_param_spec_string ("model-name", NULL, NULL, NULL, told);
  properties[PL_VIEW_PROP_SECOND_NAME] =
      g_param_spec_string ("second-name", NULL, NULL, NULL, told);
  properties[PL_VIEW_PROP_NAMES] = g_param_spec_pointer ("names", NULL, NULL, told);
  properties[PL_VIEW_PROP_LABEL_COLOURS] = g_param_spec_pointer ("label-colours", NULL, NULL, told);
  properties[PL_VIEW_PROP_SLICE] = g_param_spec_int ("slice", NULL, NULL, 0, G_MAXINT, 0, held);
  properties[PL_VIEW_PROP_N_SLICES] =
      g_param_spec_int ("n-slices", NULL, NULL, 0, G_MAXINT, 0, told);
  properties[PL_VIEW_PROP_WINDOW] = g_param_spec_pointer ("window", NULL, NULL, told);
  properties[PL_VIEW_PROP_COLOUR_MAP] = g_param_spec_pointer ("colour-map", NULL, NULL, told);
  properties[PL_VIEW_PROP_SHOW_TRUTH] = g_param_spec_boolean ("show-truth", NULL, NULL, TRUE, held);
  properties[PL_VIEW_PROP_SHOW_PREDICTION] =
      g_param_spec_boolean ("show-prediction", NULL, NULL, TRUE, held);
  properties[PL_VIEW_PROP_PREDICTION_STYLE] = g_param_spec_enum (
      "prediction-style", NULL, NULL, PL_TYPE_PREDICTION_STYLE, PL_PREDICTION_FILL, held);
  properties[PL_VIEW_PROP_OPACITY] = g_param_spec_double ("opacity", NULL, NULL, 0, 1, 0.35, held);
  properties[PL_VIEW_PROP_PEEK] = g_param_spec_boolean ("peek", NULL, NULL, FALSE, held);
  properties[PL_VIEW_PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, 0, G_MAXDOUBLE, 1, told);
  properties[PL_VIEW_PROP_TURN] = g_param_spec_pointer ("turn", NULL, NULL, told);
  properties[PL_VIEW_PROP_NEUROLOGICAL] =
      g_param_spec_boolean ("neurological", NULL, NULL, FALSE, held);
  properties[PL_VIEW_PROP_SMOOTH] = g_param_spec_boolean ("smooth", NULL, NULL, TRUE, held);
  properties[PL_VIEW_PROP_TOOL] =
      g_param_spec_enum ("tool", NULL, NULL, PL_TYPE_TOOL, PL_TOOL_NONE, held);
  properties[PL_VIEW_PROP_PROBE] = g_param_spec_int ("probe", NULL, NULL, -1, G_MAXINT, -1, told);
  properties[PL_VIEW_PROP_PROBE_IS_HELD] =
      g_param_spec_boolean ("probe-is-held", NULL, NULL, FALSE, told);
  g_object_class_install_properties (object_class, N_PL_VIEW_PROPS, properties);
}

static void
pl_view_state_init (PlViewState *self)
{
  gsize n_presets;
  gsize n_maps;

  self->previews = pl_view_state_new_previews ();
  self->window = pl_window_presets (&n_presets)[0].window;
  self->colour_map = pl_colour_maps (&n_maps)[0];
  self->show_truth = TRUE;
  self->show_prediction = TRUE;
  self->is_smooth = TRUE;
  self->opacity = 0.35;
  self->zoom = 1;
  self->coming_slice = -1;
  self->probe_row = -1;
  self->probe_column = -1;
}
