/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture is put together from the textures that the slice view draws, with cairo, since this
 * works in a thread. */
#include "app/slice-picture.h"

#include "app/slice-paint.h"
#include "app/view-picture.h"

#include <math.h>

/* Beyond this a picture would be refused by cairo. */
#define MAX_SIDE_PX 16384.0

struct _PlSlicePicture
{
  /* Owned */
  PlVolume *volume;
  guint8 *truth;      /* (nullable): labels of the slice */
  guint8 *prediction; /* (nullable) */
  guint8 *heat;       /* (nullable): its probability, if that is shown of it */

  const PlColourMap *map;
  PlWindow window;
  PlSliceTurn turn;
  PlPredictionStyle style;
  double opacity;
  int slice;
};

PlSlicePicture *
pl_slice_picture_new (PlViewState *state, gboolean with_masks)
{
  PlSlicePicture *self = g_new0 (PlSlicePicture, 1);
  PlVolume *volume = pl_view_state_get_volume (state);
  PlMask *truth = pl_view_state_get_truth (state);
  int slice = pl_view_state_get_slice (state);
  gsize n = (gsize) volume->n[1] * (gsize) volume->n[2];

  self->volume = pl_volume_ref (volume);
  if (with_masks && truth != NULL)
    self->truth = g_memdup2 (pl_mask_slice (truth, slice), n);
  if (with_masks)
    self->prediction = g_memdup2 (pl_view_state_prediction_slice (state, slice), n);
  self->style = pl_view_state_get_prediction_style (state);
  if (with_masks && self->style == PL_PREDICTION_HEAT)
    self->heat = g_memdup2 (pl_view_state_heat_slice (state, slice), n);
  self->map = pl_view_state_get_colour_map (state);
  self->window = pl_view_state_get_window (state);
  self->turn = pl_view_state_find_turn (state);
  self->opacity = pl_view_state_get_opacity (state);
  self->slice = slice;
  return self;
}

void
pl_slice_picture_free (PlSlicePicture *self)
{
  if (self == NULL)
    return;
  pl_volume_unref (self->volume);
  g_free (self->truth);
  g_free (self->prediction);
  g_free (self->heat);
  g_free (self);
}

static void
find_size (const PlSlicePicture *self, int *width, int *height)
{
  const PlVolume *volume = self->volume;
  double width_mm = volume->n[2] * volume->spacing_mm[2];
  double height_mm = volume->n[1] * volume->spacing_mm[1];
  double px_mm = MAX (MIN (volume->spacing_mm[1], volume->spacing_mm[2]),
                      MAX (width_mm, height_mm) / MAX_SIDE_PX);

  *width = MAX ((int) lround (width_mm / px_mm), 1);
  *height = MAX ((int) lround (height_mm / px_mm), 1);
}

/* What is drawn after this lies as the image does in memory. */
static void
enter_frame (cairo_t *cr, PlSliceTurn turn, int width, int height)
{
  gboolean lies = turn.quarters % 2 == 1;

  cairo_translate (cr, (lies ? height : width) / 2.0, (lies ? width : height) / 2.0);
  cairo_rotate (cr, turn.quarters * G_PI / 2);
  cairo_scale (cr, turn.is_mirrored ? -1 : 1, 1);
  cairo_translate (cr, -width / 2.0, -height / 2.0);
}

/* Takes @texture; NULL draws nothing. */
static void
draw_texture (cairo_t *cr, GdkTexture *texture, double x, double y, double column_px, double row_px)
{
  cairo_surface_t *surface;

  if (texture == NULL)
    return;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, gdk_texture_get_width (texture),
                                        gdk_texture_get_height (texture));
  gdk_texture_download (texture, cairo_image_surface_get_data (surface),
                        (gsize) cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, column_px, row_px);
  cairo_set_source_surface (cr, surface, 0, 0);
  if (column_px == 1 && row_px == 1)
    cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
  g_object_unref (texture);
}

static void
draw_outline (
    const PlSlicePicture *self, cairo_t *cr, const guint8 *labels, guint32 rgb, PlSlicePlace place)
{
  int rows = self->volume->n[1];
  int columns = self->volume->n[2];
  cairo_rectangle_int_t area = { 0 };
  GdkTexture *outline = pl_slice_paint_outline (labels, rows, columns, rgb, place,
                                                (int) lround (columns * place.column_px),
                                                (int) lround (rows * place.row_px), &area);

  draw_texture (cr, outline, area.x, area.y, 1, 1);
}

/* The image, and the prediction as it is shown. */
static void
draw_image (const PlSlicePicture *self, cairo_t *cr, PlSlicePlace place)
{
  int rows = self->volume->n[1];
  int columns = self->volume->n[2];
  const PlSlicePart whole = { 0, rows, 0, columns };
  gboolean is_outlined = self->style == PL_PREDICTION_OUTLINE;
  PlSliceTint tint =
      pl_slice_tint_mask (self->heat == NULL && !is_outlined ? self->prediction : NULL,
                          PL_PREDICTION_RGB, self->opacity);

  draw_texture (
      cr, pl_slice_paint_image (self->volume, self->slice, &whole, self->window, self->map, &tint),
      0, 0, place.column_px, place.row_px);
  if (self->heat != NULL)
    draw_texture (cr, pl_slice_paint_heat (self->heat, rows, columns, self->opacity), 0, 0,
                  place.column_px, place.row_px);
  if (self->prediction != NULL && is_outlined)
    draw_outline (self, cr, self->prediction, PL_PREDICTION_RGB, place);
}

GdkTexture *
pl_slice_picture_paint (const PlSlicePicture *self)
{
  int rows = self->volume->n[1];
  int columns = self->volume->n[2];
  cairo_surface_t *surface;
  cairo_t *cr;
  PlSlicePlace place = { 0 };
  gboolean lies = self->turn.quarters % 2 == 1;
  int width;
  int height;

  find_size (self, &width, &height);
  place.column_px = (double) width / columns;
  place.row_px = (double) height / rows;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, lies ? height : width,
                                        lies ? width : height);
  cr = cairo_create (surface);
  enter_frame (cr, self->turn, width, height);
  draw_image (self, cr, place);
  if (self->truth != NULL)
    draw_outline (self, cr, self->truth, PL_TRUTH_RGB, place);
  cairo_destroy (cr);
  return pl_view_picture_from_surface (surface);
}
