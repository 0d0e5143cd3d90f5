/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the image lies, and what makes it be drawn anew: handlers drop the textures that have
 * become old, and the next snapshot (slice-view-draw.c) paints what is missing.
 */
#include "app/slice-view-private.h"

#include "app/probe-text.h"

#include <glib/gi18n.h>

#define SMALLEST_PX 48
#define NATURAL_PX 256

G_DEFINE_ENUM_TYPE (PlPane,
                    pl_pane,
                    G_DEFINE_ENUM_VALUE (PL_PANE_ALL, "all"),
                    G_DEFINE_ENUM_VALUE (PL_PANE_IMAGE, "image"),
                    G_DEFINE_ENUM_VALUE (PL_PANE_TRUTH, "truth"),
                    G_DEFINE_ENUM_VALUE (PL_PANE_PREDICTION, "prediction"),
                    G_DEFINE_ENUM_VALUE (PL_PANE_DIFFERENCE, "difference"),
                    G_DEFINE_ENUM_VALUE (PL_PANE_SECOND, "second"),
                    G_DEFINE_ENUM_VALUE (PL_PANE_MODELS, "models"))

G_DEFINE_FINAL_TYPE (PlSliceView, pl_slice_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_PANE,
  PROP_OUTLINE,
  PROP_ANNOTATED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

GtkWidget *
pl_slice_view_new (PlViewState *state, PlPane pane)
{
  return g_object_new (PL_TYPE_SLICE_VIEW, "pane", pane, "state", state, NULL);
}

static PlSliceTurn
find_turn (PlSliceView *self)
{
  return self->state == NULL ? (PlSliceTurn){ 0, FALSE } : pl_view_state_find_turn (self->state);
}

void
pl_slice_view_get_frame (PlSliceView *self, double *width, double *height)
{
  double widget_width = gtk_widget_get_width (GTK_WIDGET (self));
  double widget_height = gtk_widget_get_height (GTK_WIDGET (self));
  gboolean lies = find_turn (self).quarters % 2 == 1;

  *width = lies ? widget_height : widget_width;
  *height = lies ? widget_width : widget_height;
}

void
pl_slice_view_to_frame (PlSliceView *self, double *x, double *y)
{
  double width;
  double height;

  pl_slice_view_get_frame (self, &width, &height);
  *x -= gtk_widget_get_width (GTK_WIDGET (self)) / 2.0;
  *y -= gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;
  pl_slice_turn_to_image (find_turn (self), x, y);
  *x += width / 2;
  *y += height / 2;
}

void
pl_slice_view_from_frame (PlSliceView *self, double *x, double *y)
{
  double width;
  double height;

  pl_slice_view_get_frame (self, &width, &height);
  *x -= width / 2;
  *y -= height / 2;
  pl_slice_turn_to_screen (find_turn (self), x, y);
  *x += gtk_widget_get_width (GTK_WIDGET (self)) / 2.0;
  *y += gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;
}

gboolean
pl_slice_view_find_place (PlSliceView *self, PlSlicePlace *place)
{
  PlVolume *volume = self->state == NULL ? NULL : pl_view_state_get_volume (self->state);
  double width;
  double height;
  double pan_x_px;
  double pan_y_px;
  double px_per_mm;

  pl_slice_view_get_frame (self, &width, &height);
  if (volume == NULL || width < 1 || height < 1)
    return FALSE;
  px_per_mm =
      pl_view_state_get_zoom (self->state) * MIN (width / (volume->n[2] * volume->spacing_mm[2]),
                                                  height / (volume->n[1] * volume->spacing_mm[1]));
  pl_view_state_get_pan (self->state, &pan_x_px, &pan_y_px);
  place->column_px = px_per_mm * volume->spacing_mm[2];
  place->row_px = px_per_mm * volume->spacing_mm[1];
  place->x_px = width / 2 - (volume->n[2] / 2.0 + pan_x_px) * place->column_px;
  place->y_px = height / 2 - (volume->n[1] / 2.0 + pan_y_px) * place->row_px;
  return TRUE;
}

static void
image_changed_cb (PlSliceView *self)
{
  g_object_set_qdata (G_OBJECT (self->state), pl_slice_view_image_quark (), NULL);
  g_clear_object (&self->tinted);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
overlay_changed_cb (PlSliceView *self)
{
  g_clear_object (&self->tinted);
  g_clear_object (&self->heat);
  for (gsize i = 0; i < G_N_ELEMENTS (self->outlines); i++)
    pl_overlay_outline_clear (&self->outlines[i]);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
slices_arrived_cb (PlSliceView *self)
{
  if (self->tinted == NULL &&
      g_object_get_qdata (G_OBJECT (self->state), pl_slice_view_image_quark ()) == NULL)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
zoom_changed_cb (PlSliceView *self)
{
  pl_slice_view_update_probe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
probe_changed_cb (PlSliceView *self)
{
  if (pl_view_state_probe_is_held (self->state))
    {
      pl_slice_view_follow_probe (self);
      pl_slice_view_describe (self);
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
  else if (self->pane != PL_PANE_ALL)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
probe_is_held_cb (PlSliceView *self)
{
  pl_slice_view_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The frame may be another one now. */
static void
turn_changed_cb (PlSliceView *self)
{
  pl_slice_view_update_probe (self);
  overlay_changed_cb (self);
}

void
pl_slice_view_describe (PlSliceView *self)
{
  int n = pl_view_state_get_n_slices (self->state);
  g_autofree char *slice = NULL;
  g_autofree char *length = pl_slice_view_dup_length (self);
  g_autofree char *probe =
      pl_view_state_probe_is_held (self->state) ? pl_probe_text (self->state) : NULL;
  g_autofree char *text = NULL;

  if (n > 0)
    /* Translators: said by screen readers of the image in view. */
    slice = g_strdup_printf (_ ("slice %d of %d"), pl_view_state_get_slice (self->state) + 1, n);
  text = g_strjoin (", ", slice == NULL ? "" : slice, length == NULL ? probe : length,
                    length == NULL ? NULL : probe, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
volume_changed_cb (PlSliceView *self)
{
  pl_slice_view_forget_tools (self);
}

static void
tool_changed_cb (PlSliceView *self)
{
  gboolean is_on = pl_view_state_get_tool (self->state) != PL_TOOL_NONE;

  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), is_on ? "crosshair" : NULL);
  pl_slice_view_forget_tools (self);
}

static void
slice_changed_cb (PlSliceView *self)
{
  pl_view_tools_leave (&self->tools, pl_view_state_get_slice (self->state));
  pl_slice_view_describe (self);
  image_changed_cb (self);
  overlay_changed_cb (self);
}

static const char *
name_pane (PlPane pane)
{
  switch (pane)
    {
    case PL_PANE_TRUTH:
      return _ ("Ground truth");
    case PL_PANE_PREDICTION:
      return _ ("Prediction");
    case PL_PANE_DIFFERENCE:
      return _ ("Difference");
    case PL_PANE_SECOND:
      return _ ("Prediction of the second model");
    case PL_PANE_MODELS:
      return _ ("Difference of the models");
    case PL_PANE_ALL:
    case PL_PANE_IMAGE:
    default:
      return _ ("Image");
    }
}

static void
watch (PlSliceView *self, const char *signal, void (*handler) (PlSliceView *self))
{
  g_signal_connect_object (self->state, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

void
pl_slice_view_set_state (PlSliceView *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_SLICE_VIEW (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  watch (self, "notify::volume", volume_changed_cb);
  watch (self, "notify::volume", slice_changed_cb);
  watch (self, "notify::slice", slice_changed_cb);
  watch (self, "notify::ready-slices", slices_arrived_cb);
  watch (self, "notify::window", image_changed_cb);
  watch (self, "notify::colour-map", image_changed_cb);
  watch (self, "notify::truth", overlay_changed_cb);
  watch (self, "notify::prediction", overlay_changed_cb);
  watch (self, "notify::second", overlay_changed_cb);
  watch (self, "notify::preview", overlay_changed_cb);
  watch (self, "notify::heat", overlay_changed_cb);
  watch (self, "notify::prediction-style", overlay_changed_cb);
  watch (self, "notify::opacity", overlay_changed_cb);
  watch (self, "notify::show-truth", overlay_changed_cb);
  watch (self, "notify::show-prediction", overlay_changed_cb);
  watch (self, "notify::peek", overlay_changed_cb);
  watch (self, "notify::zoom", zoom_changed_cb);
  watch (self, "notify::turn", turn_changed_cb);
  watch (self, "notify::neurological", turn_changed_cb);
  watch (self, "notify::label-colours", overlay_changed_cb);
  watch (self, "notify::smooth", overlay_changed_cb);
  watch (self, "notify::tool", tool_changed_cb);
  watch (self, "notify::probe", probe_changed_cb);
  watch (self, "notify::probe-is-held", probe_is_held_cb);
  slice_changed_cb (self);
}

void
pl_slice_view_set_marks_apart (PlSliceView *self, gboolean are_apart)
{
  g_return_if_fail (PL_IS_SLICE_VIEW (self));

  self->marks_are_apart = are_apart;
}

static void
pl_slice_view_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  *minimum = SMALLEST_PX;
  *natural = NATURAL_PX;
}

static void
pl_slice_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlSliceView *self = PL_SLICE_VIEW (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_object (value, self->state);
      break;
    case PROP_PANE:
      g_value_set_enum (value, self->pane);
      break;
    case PROP_OUTLINE:
      g_value_set_boolean (value, self->is_outlined);
      break;
    case PROP_ANNOTATED:
      g_value_set_boolean (value, self->is_annotated);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_slice_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PlSliceView *self = PL_SLICE_VIEW (object);

  switch (id)
    {
    case PROP_STATE:
      if (g_value_get_object (value) != NULL)
        pl_slice_view_set_state (self, g_value_get_object (value));
      break;
    case PROP_PANE:
      self->pane = (PlPane) g_value_get_enum (value);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      name_pane (self->pane), -1);
      overlay_changed_cb (self);
      break;
    case PROP_OUTLINE:
      self->is_outlined = g_value_get_boolean (value);
      overlay_changed_cb (self);
      break;
    case PROP_ANNOTATED:
      self->is_annotated = g_value_get_boolean (value);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_slice_view_dispose (GObject *object)
{
  PlSliceView *self = PL_SLICE_VIEW (object);

  g_clear_object (&self->tinted);
  g_clear_object (&self->heat);
  for (gsize i = 0; i < G_N_ELEMENTS (self->outlines); i++)
    pl_overlay_outline_clear (&self->outlines[i]);
  g_clear_object (&self->state);

  G_OBJECT_CLASS (pl_slice_view_parent_class)->dispose (object);
}

static gboolean
mark_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  return pl_slice_view_mark (PL_SLICE_VIEW (widget));
}

static void
add_marking_keys (GtkWidgetClass *widget_class)
{
  static const guint keys[] = { GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i], 0, mark_cb, NULL);
}

static void
pl_slice_view_class_init (PlSliceViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = pl_slice_view_get_property;
  object_class->set_property = pl_slice_view_set_property;
  object_class->dispose = pl_slice_view_dispose;
  widget_class->measure = pl_slice_view_measure;
  widget_class->snapshot = pl_slice_view_snapshot;
  add_marking_keys (widget_class);

  properties[PROP_STATE] = g_param_spec_object ("state", NULL, NULL, PL_TYPE_VIEW_STATE, flags);
  properties[PROP_PANE] =
      g_param_spec_enum ("pane", NULL, NULL, PL_TYPE_PANE, PL_PANE_ALL, flags | G_PARAM_CONSTRUCT);
  properties[PROP_OUTLINE] = g_param_spec_boolean ("outline", NULL, NULL, FALSE, flags);
  properties[PROP_ANNOTATED] = g_param_spec_boolean ("annotated", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "slice");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pl_slice_view_init (PlSliceView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  pl_slice_view_add_controllers (self);
}
