/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handlers drop the textures that have become old; the next snapshot paints what is missing, so
 * that a slider that moves ten times a frame costs one slice, and an unseen view nothing. The
 * image, 1–2 ms at 512 × 512, is painted once for all views of a state.
 */
#include "app/slice-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define LETTER_MARGIN_PX 6.0f
#define SMALLEST_PX 48
#define NATURAL_PX 256

static const GdkRGBA background = { 0.05f, 0.05f, 0.06f, 1 };
static const GdkRGBA text_colour = { 0.85f, 0.85f, 0.85f, 1 };
static const GdkRGBA text_back = { 0, 0, 0, 0.55f };

G_DEFINE_ENUM_TYPE (PlPane,
                    pl_pane,
                    G_DEFINE_ENUM_VALUE (PL_PANE_ALL, "all"),
                    G_DEFINE_ENUM_VALUE (PL_PANE_IMAGE, "image"),
                    G_DEFINE_ENUM_VALUE (PL_PANE_TRUTH, "truth"),
                    G_DEFINE_ENUM_VALUE (PL_PANE_PREDICTION, "prediction"),
                    G_DEFINE_ENUM_VALUE (PL_PANE_DIFFERENCE, "difference"))

G_DEFINE_QUARK (pl_slice_view_image, pl_slice_view_image)
G_DEFINE_FINAL_TYPE (PlSliceView, pl_slice_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_PANE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

GtkWidget *
pl_slice_view_new (PlViewState *state, PlPane pane)
{
  return g_object_new (PL_TYPE_SLICE_VIEW, "pane", pane, "state", state, NULL);
}

gboolean
pl_slice_view_find_place (PlSliceView *self, PlSlicePlace *place)
{
  PlVolume *volume = self->state == NULL ? NULL : pl_view_state_get_volume (self->state);
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double pan_x_px;
  double pan_y_px;
  double px_per_mm;

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

static GdkTexture *
paint_fill (PlSliceView *self, const PlVolume *volume)
{
  int slice = pl_view_state_get_slice (self->state);
  double opacity = pl_view_state_get_opacity (self->state);
  PlMask *mask = pl_view_state_get_truth (self->state);
  const guint8 *truth = mask == NULL ? NULL : pl_mask_slice (mask, slice);
  const guint8 *prediction = pl_view_state_prediction_slice (self->state, slice);
  int rows = volume->n[1];
  int columns = volume->n[2];

  if (self->pane == PL_PANE_TRUTH && truth != NULL)
    return pl_slice_paint_fill (truth, rows, columns, PL_TRUTH_RGB, opacity);
  if (self->pane == PL_PANE_DIFFERENCE && truth != NULL && prediction != NULL)
    return pl_slice_paint_difference (truth, prediction, rows, columns, opacity);
  if (prediction != NULL &&
      (self->pane == PL_PANE_PREDICTION ||
       (self->pane == PL_PANE_ALL && pl_view_state_get_show_prediction (self->state))))
    return pl_slice_paint_fill (prediction, rows, columns, PL_PREDICTION_RGB, opacity);
  return NULL;
}

static gboolean
same_place (const PlSlicePlace *a, const PlSlicePlace *b)
{
  return a->x_px == b->x_px && a->y_px == b->y_px && a->column_px == b->column_px &&
         a->row_px == b->row_px;
}

/* One texel is one pixel of the screen. Another size of the view is another place in it. */
static void
update_outline (PlSliceView *self, const PlVolume *volume, const PlSlicePlace *place)
{
  PlMask *truth = pl_view_state_get_truth (self->state);
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  PlSlicePlace device = {
    scale * place->x_px,
    scale * place->y_px,
    scale * place->column_px,
    scale * place->row_px,
  };

  if (self->outline != NULL && same_place (&device, &self->outline_place))
    return;
  g_clear_object (&self->outline);
  if (self->pane != PL_PANE_ALL || truth == NULL || !pl_view_state_get_show_truth (self->state))
    return;
  self->outline_place = device;
  self->outline = pl_slice_paint_outline (
      pl_mask_slice (truth, pl_view_state_get_slice (self->state)), volume->n[1], volume->n[2],
      PL_TRUTH_RGB, device, scale * gtk_widget_get_width (GTK_WIDGET (self)),
      scale * gtk_widget_get_height (GTK_WIDGET (self)), &self->outline_area);
}

static void
draw_outline (PlSliceView *self, GtkSnapshot *snapshot)
{
  float scale = (float) gtk_widget_get_scale_factor (GTK_WIDGET (self));
  const cairo_rectangle_int_t *area = &self->outline_area;

  if (self->outline != NULL)
    gtk_snapshot_append_texture (
        snapshot, self->outline,
        &GRAPHENE_RECT_INIT ((float) area->x / scale, (float) area->y / scale,
                             (float) area->width / scale, (float) area->height / scale));
}

/* (transfer none) */
static GdkTexture *
get_image (PlSliceView *self, const PlVolume *volume)
{
  GObject *state = G_OBJECT (self->state);
  GdkTexture *image = g_object_get_qdata (state, pl_slice_view_image_quark ());

  if (image == NULL)
    {
      image = pl_slice_paint_image (volume, pl_view_state_get_slice (self->state),
                                    pl_view_state_get_window (self->state),
                                    pl_view_state_get_colour_map (self->state));
      g_object_set_qdata_full (state, pl_slice_view_image_quark (), image, g_object_unref);
    }
  return image;
}

static void
draw_image (PlSliceView *self, GtkSnapshot *snapshot, PlVolume *volume, const PlSlicePlace *place)
{
  graphene_rect_t bounds;

  graphene_rect_init (&bounds, (float) place->x_px, (float) place->y_px,
                      (float) (volume->n[2] * place->column_px),
                      (float) (volume->n[1] * place->row_px));
  gtk_snapshot_append_texture (snapshot, get_image (self, volume), &bounds);
  if (pl_view_state_get_peek (self->state))
    return;

  if (self->fill == NULL)
    self->fill = paint_fill (self, volume);
  if (self->fill != NULL)
    gtk_snapshot_append_texture (snapshot, self->fill, &bounds);
  update_outline (self, volume, place);
  draw_outline (self, snapshot);
}

/* Text on a dark box, its middle at @x, @y, but inside of the widget. */
static void
draw_text (PlSliceView *self, GtkSnapshot *snapshot, const char *text, double x, double y)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width;
  int height;
  graphene_rect_t box;

  pango_layout_get_pixel_size (layout, &width, &height);
  graphene_rect_init (&box, floorf ((float) (x - width / 2.0)) - 3,
                      floorf ((float) (y - height / 2.0)), (float) width + 6, (float) height);
  gtk_snapshot_append_color (snapshot, &text_back, &box);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (box.origin.x + 3, box.origin.y));
  gtk_snapshot_append_layout (snapshot, layout, &text_colour);
  gtk_snapshot_restore (snapshot);
}

/* "" for what is no direction. */
static const char *
name_direction (char direction, gboolean backwards)
{
  static const char *const names[] = { "R", "L", "A", "P", "S", "I" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i][0] == direction)
      return names[backwards ? i ^ 1 : i];
  return "";
}

/* At the middles of the edges of what is seen of the image. */
static void
draw_letters (PlSliceView *self,
              GtkSnapshot *snapshot,
              const PlVolume *volume,
              const PlSlicePlace *place)
{
  double margin = 2 * LETTER_MARGIN_PX;
  double left = MAX (place->x_px, 0) + margin;
  double top = MAX (place->y_px, 0) + margin;
  double right = MIN (place->x_px + volume->n[2] * place->column_px,
                      gtk_widget_get_width (GTK_WIDGET (self))) -
                 margin;
  double bottom =
      MIN (place->y_px + volume->n[1] * place->row_px, gtk_widget_get_height (GTK_WIDGET (self))) -
      margin;
  const char *orientation = volume->orientation;

  if (orientation[0] == '\0' || right - left < 4 * margin || bottom - top < 4 * margin)
    return;
  draw_text (self, snapshot, name_direction (orientation[1], TRUE), (left + right) / 2, top);
  draw_text (self, snapshot, name_direction (orientation[1], FALSE), (left + right) / 2, bottom);
  draw_text (self, snapshot, name_direction (orientation[2], TRUE), left, (top + bottom) / 2);
  draw_text (self, snapshot, name_direction (orientation[2], FALSE), right, (top + bottom) / 2);
}

static void
pl_slice_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PlSliceView *self = PL_SLICE_VIEW (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  PlSlicePlace place;
  PlVolume *volume;

  gtk_snapshot_append_color (snapshot, &background, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (!pl_slice_view_find_place (self, &place))
    return;
  volume = pl_view_state_get_volume (self->state);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (pl_view_state_get_slice (self->state) < pl_volume_ready_slices (volume))
    {
      draw_image (self, snapshot, volume, &place);
      draw_letters (self, snapshot, volume, &place);
    }
  else
    draw_text (self, snapshot, _ ("Loading…"), width / 2, height / 2);
  gtk_snapshot_pop (snapshot);
}

static void
image_changed_cb (PlSliceView *self)
{
  g_object_set_qdata (G_OBJECT (self->state), pl_slice_view_image_quark (), NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
overlay_changed_cb (PlSliceView *self)
{
  g_clear_object (&self->fill);
  g_clear_object (&self->outline);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
slices_arrived_cb (PlSliceView *self)
{
  if (g_object_get_qdata (G_OBJECT (self->state), pl_slice_view_image_quark ()) == NULL)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
zoom_changed_cb (PlSliceView *self)
{
  pl_slice_view_update_probe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
slice_changed_cb (PlSliceView *self)
{
  int n = pl_view_state_get_n_slices (self->state);
  g_autofree char *text = NULL;

  if (n > 0)
    /* Translators: said by screen readers of the image in view. */
    text = g_strdup_printf (_ ("slice %d of %d"), pl_view_state_get_slice (self->state) + 1, n);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text == NULL ? "" : text, -1);
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
  watch (self, "notify::volume", slice_changed_cb);
  watch (self, "notify::slice", slice_changed_cb);
  watch (self, "notify::ready-slices", slices_arrived_cb);
  watch (self, "notify::window", image_changed_cb);
  watch (self, "notify::colour-map", image_changed_cb);
  watch (self, "notify::truth", overlay_changed_cb);
  watch (self, "notify::prediction", overlay_changed_cb);
  watch (self, "notify::preview", overlay_changed_cb);
  watch (self, "notify::opacity", overlay_changed_cb);
  watch (self, "notify::show-truth", overlay_changed_cb);
  watch (self, "notify::show-prediction", overlay_changed_cb);
  watch (self, "notify::peek", overlay_changed_cb);
  watch (self, "notify::zoom", zoom_changed_cb);
  slice_changed_cb (self);
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
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_slice_view_dispose (GObject *object)
{
  PlSliceView *self = PL_SLICE_VIEW (object);

  g_clear_object (&self->fill);
  g_clear_object (&self->outline);
  g_clear_object (&self->state);

  G_OBJECT_CLASS (pl_slice_view_parent_class)->dispose (object);
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

  properties[PROP_STATE] = g_param_spec_object ("state", NULL, NULL, PL_TYPE_VIEW_STATE, flags);
  properties[PROP_PANE] = g_param_spec_enum ("pane", NULL, NULL, PL_TYPE_PANE, PL_PANE_ALL,
                                             flags | G_PARAM_CONSTRUCT_ONLY);
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
