/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handlers drop the textures that have become old; the next snapshot paints what is missing, so
 * that a slider that moves ten times a frame costs one slice, and an unseen view nothing. The
 * image, 1–2 ms at 512 × 512, is painted once for all views of a state.
 */
#include "app/slice-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARK_START_PX 4.0f
#define MARK_END_PX 12.0f
#define SMALLEST_PX 48
#define NATURAL_PX 256

static const GdkRGBA background = { 0.05f, 0.05f, 0.06f, 1 };

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
  PROP_OUTLINE,
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

  if (self->is_outlined)
    return NULL;
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

/* (nullable): what is shown as its edge, and its colour. */
static const guint8 *
find_outlined (PlSliceView *self, guint32 *rgb)
{
  int slice = pl_view_state_get_slice (self->state);
  PlMask *truth = pl_view_state_get_truth (self->state);
  gboolean has_truth = (self->pane == PL_PANE_ALL && pl_view_state_get_show_truth (self->state)) ||
                       (self->pane == PL_PANE_TRUTH && self->is_outlined);

  *rgb = PL_TRUTH_RGB;
  if (has_truth && truth != NULL)
    return pl_mask_slice (truth, slice);
  *rgb = PL_PREDICTION_RGB;
  if (self->pane == PL_PANE_PREDICTION && self->is_outlined)
    return pl_view_state_prediction_slice (self->state, slice);
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
  guint32 rgb;
  const guint8 *labels = find_outlined (self, &rgb);
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  double width;
  double height;
  PlSlicePlace device = {
    scale * place->x_px,
    scale * place->y_px,
    scale * place->column_px,
    scale * place->row_px,
  };

  if (self->outline != NULL && same_place (&device, &self->outline_place))
    return;
  g_clear_object (&self->outline);
  if (labels == NULL)
    return;
  self->outline_place = device;
  pl_slice_view_get_frame (self, &width, &height);
  self->outline =
      pl_slice_paint_outline (labels, volume->n[1], volume->n[2], rgb, device, scale * (int) width,
                              scale * (int) height, &self->outline_area);
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

/* Nearest neighbours: the part in sight alone, since a magnified image may be huge. */
static void
draw_squares (PlSliceView *self,
              GtkSnapshot *snapshot,
              GdkTexture *texture,
              const graphene_rect_t *bounds)
{
  int width = gdk_texture_get_width (texture);
  int height = gdk_texture_get_height (texture);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  graphene_rect_t sight;
  double frame_width;
  double frame_height;
  cairo_t *cr;

  pl_slice_view_get_frame (self, &frame_width, &frame_height);
  sight = GRAPHENE_RECT_INIT (0, 0, (float) frame_width, (float) frame_height);
  if (graphene_rect_intersection (&sight, bounds, &sight))
    {
      gdk_texture_download (texture, cairo_image_surface_get_data (surface),
                            (gsize) cairo_image_surface_get_stride (surface));
      cairo_surface_mark_dirty (surface);
      cr = gtk_snapshot_append_cairo (snapshot, &sight);
      cairo_translate (cr, bounds->origin.x, bounds->origin.y);
      cairo_scale (cr, bounds->size.width / width, bounds->size.height / height);
      cairo_set_source_surface (cr, surface, 0, 0);
      cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
      cairo_paint (cr);
      cairo_destroy (cr);
    }
  cairo_surface_destroy (surface);
}

static void
draw_texture (PlSliceView *self,
              GtkSnapshot *snapshot,
              GdkTexture *texture,
              const graphene_rect_t *bounds)
{
  if (pl_view_state_get_smooth (self->state))
    gtk_snapshot_append_texture (snapshot, texture, bounds);
  else
    draw_squares (self, snapshot, texture, bounds);
}

/* What is drawn after this is in the frame of places. */
static void
enter_frame (PlSliceView *self, GtkSnapshot *snapshot)
{
  PlSliceTurn turn = find_turn (self);
  double width;
  double height;

  pl_slice_view_get_frame (self, &width, &height);
  if (turn.quarters == 0 && !turn.is_mirrored)
    return;
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((float) gtk_widget_get_width (GTK_WIDGET (self)) / 2,
                                      (float) gtk_widget_get_height (GTK_WIDGET (self)) / 2));
  gtk_snapshot_rotate (snapshot, 90.0f * (float) turn.quarters);
  gtk_snapshot_scale (snapshot, turn.is_mirrored ? -1 : 1, 1);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) -width / 2, (float) -height / 2));
}

static void
draw_image (PlSliceView *self, GtkSnapshot *snapshot, PlVolume *volume, const PlSlicePlace *place)
{
  graphene_rect_t bounds;

  graphene_rect_init (&bounds, (float) place->x_px, (float) place->y_px,
                      (float) (volume->n[2] * place->column_px),
                      (float) (volume->n[1] * place->row_px));
  draw_texture (self, snapshot, get_image (self, volume), &bounds);
  if (pl_view_state_get_peek (self->state))
    return;

  if (self->fill == NULL)
    self->fill = paint_fill (self, volume);
  if (self->fill != NULL)
    draw_texture (self, snapshot, self->fill, &bounds);
  update_outline (self, volume, place);
  draw_outline (self, snapshot);
}

/* Where the pointer is in another pane: a cross around that pixel. A view that lets the pointer
 * through shares it with the view below. */
static void
draw_mark (PlSliceView *self, GtkSnapshot *snapshot, const PlSlicePlace *place)
{
  static const GdkRGBA colours[] = { { 0, 0, 0, 0.7f }, { 1, 1, 0.4f, 1 } };
  int row;
  int column;
  float x;
  float y;

  pl_view_state_get_probe (self->state, &row, &column);
  if (self->pane == PL_PANE_ALL || self->pointer_is_inside || row < 0 ||
      !gtk_widget_get_can_target (GTK_WIDGET (self)))
    return;
  x = floorf ((float) (place->x_px + (column + 0.5) * place->column_px));
  y = floorf ((float) (place->y_px + (row + 0.5) * place->row_px));
  for (int i = 0; i < 2; i++)
    for (int side = -1; side <= 1; side += 2)
      {
        float edge = i == 0 ? 1 : 0;
        float start = side < 0 ? -MARK_END_PX : MARK_START_PX;
        float length = MARK_END_PX - MARK_START_PX + 2 * edge;

        gtk_snapshot_append_color (
            snapshot, &colours[i],
            &GRAPHENE_RECT_INIT (x + start - edge, y - edge, length, 1 + 2 * edge));
        gtk_snapshot_append_color (
            snapshot, &colours[i],
            &GRAPHENE_RECT_INIT (x - edge, y + start - edge, 1 + 2 * edge, length));
      }
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
      gtk_snapshot_save (snapshot);
      enter_frame (self, snapshot);
      draw_image (self, snapshot, volume, &place);
      draw_mark (self, snapshot, &place);
      gtk_snapshot_restore (snapshot);
      pl_slice_view_draw_marks (self, snapshot, &place);
    }
  else
    pl_slice_view_draw_text (self, snapshot, _ ("Loading…"), width / 2, height / 2);
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
probe_changed_cb (PlSliceView *self)
{
  if (self->pane != PL_PANE_ALL)
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
  g_autofree char *text = NULL;

  if (n > 0)
    /* Translators: said by screen readers of the image in view. */
    slice = g_strdup_printf (_ ("slice %d of %d"), pl_view_state_get_slice (self->state) + 1, n);
  text = g_strjoin (", ", slice == NULL ? "" : slice, length, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
volume_changed_cb (PlSliceView *self)
{
  pl_slice_view_forget_line (self);
}

static void
ruler_changed_cb (PlSliceView *self)
{
  gboolean is_on = pl_view_state_get_ruler (self->state);

  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), is_on ? "crosshair" : NULL);
  pl_slice_view_forget_line (self);
}

static void
slice_changed_cb (PlSliceView *self)
{
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
  watch (self, "notify::preview", overlay_changed_cb);
  watch (self, "notify::opacity", overlay_changed_cb);
  watch (self, "notify::show-truth", overlay_changed_cb);
  watch (self, "notify::show-prediction", overlay_changed_cb);
  watch (self, "notify::peek", overlay_changed_cb);
  watch (self, "notify::zoom", zoom_changed_cb);
  watch (self, "notify::turn", turn_changed_cb);
  watch (self, "notify::neurological", turn_changed_cb);
  watch (self, "notify::smooth", overlay_changed_cb);
  watch (self, "notify::ruler", ruler_changed_cb);
  watch (self, "notify::probe", probe_changed_cb);
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
    case PROP_OUTLINE:
      g_value_set_boolean (value, self->is_outlined);
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
    case PROP_OUTLINE:
      self->is_outlined = g_value_get_boolean (value);
      overlay_changed_cb (self);
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
  properties[PROP_OUTLINE] = g_param_spec_boolean ("outline", NULL, NULL, FALSE, flags);
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
