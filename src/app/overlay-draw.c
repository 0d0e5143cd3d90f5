/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/overlay-draw.h"

#include <glib/gi18n.h>
#include <math.h>

#define PADDING_PX 3.0f
#define MARGIN_PX 12.0
#define HEAT_WIDTH_PX 12.0f
#define HEAT_HEIGHT_PX 120.0f
#define HEAT_GAP_PX 12.0f
#define HEAT_STOPS 17

void
pl_overlay_draw_text (GtkWidget *widget,
                      GtkSnapshot *snapshot,
                      const char *text,
                      double x,
                      double y,
                      double align,
                      double align_y,
                      const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int width;
  int height;
  graphene_rect_t box;

  pango_layout_get_pixel_size (layout, &width, &height);
  graphene_rect_init (&box, floorf ((float) (x - align * width)) - PADDING_PX,
                      floorf ((float) (y - align_y * height)), (float) width + 2 * PADDING_PX,
                      (float) height);
  gtk_snapshot_append_color (snapshot, &PL_OVERLAY_BACK, &box);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (box.origin.x + PADDING_PX, box.origin.y));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

void
pl_overlay_draw_convention (GtkWidget *widget, GtkSnapshot *snapshot, gboolean is_neurological)
{
  int width = gtk_widget_get_width (widget);
  double up_px = width < PL_OVERLAY_NARROW_PX ? 3 * MARGIN_PX : MARGIN_PX;

  pl_overlay_draw_text (widget, snapshot, is_neurological ? _ ("Neurological") : _ ("Radiological"),
                        width - MARGIN_PX, gtk_widget_get_height (widget) - up_px, 1, 0.5,
                        &PL_OVERLAY_TEXT);
}

/* Opaque, from 0 at the bottom to 1. */
void
pl_overlay_draw_heat_bar (GtkWidget *widget, GtkSnapshot *snapshot, float x, float y)
{
  const PlColourMap *map = pl_colour_map_probability ();
  float bottom = y + HEAT_HEIGHT_PX;
  GskColorStop stops[HEAT_STOPS];

  if (gtk_widget_get_height (widget) < 2 * HEAT_HEIGHT_PX)
    return;
  for (int i = 0; i < HEAT_STOPS; i++)
    {
      const guint8 *rgb = map->rgb[i * 255 / (HEAT_STOPS - 1)];

      stops[i].offset = (float) i / (HEAT_STOPS - 1);
      stops[i].color = (GdkRGBA){ rgb[0] / 255.0f, rgb[1] / 255.0f, rgb[2] / 255.0f, 1 };
    }
  gtk_snapshot_append_color (
      snapshot, &PL_OVERLAY_TEXT,
      &GRAPHENE_RECT_INIT (x - 1, y - 1, HEAT_WIDTH_PX + 2, HEAT_HEIGHT_PX + 2));
  gtk_snapshot_append_linear_gradient (
      snapshot, &GRAPHENE_RECT_INIT (x, y, HEAT_WIDTH_PX, HEAT_HEIGHT_PX),
      &GRAPHENE_POINT_INIT (x, bottom), &GRAPHENE_POINT_INIT (x, y), stops, HEAT_STOPS);
  for (int i = 0; i <= 2; i++)
    {
      g_autofree char *text = g_strdup_printf (i == 1 ? "%.1f" : "%.0f", i / 2.0);

      pl_overlay_draw_text (widget, snapshot, text, x + HEAT_WIDTH_PX + HEAT_GAP_PX,
                            bottom - i * HEAT_HEIGHT_PX / 2, 0, 0.5, &PL_OVERLAY_TEXT);
    }
}

static gboolean
same_place (const PlSlicePlace *a, const PlSlicePlace *b)
{
  return a->x_px == b->x_px && a->y_px == b->y_px && a->column_px == b->column_px &&
         a->row_px == b->row_px;
}

/* One texel is one pixel of the screen. Another size of the view is another place in it. */
void
pl_overlay_outline_draw (PlOverlayOutline *outline,
                         GtkWidget *widget,
                         GtkSnapshot *snapshot,
                         const guint8 *labels,
                         int rows,
                         int columns,
                         guint32 of,
                         const PlSlicePlace *place,
                         int width,
                         int height)
{
  int scale = gtk_widget_get_scale_factor (widget);
  const PlSlicePlace device = { scale * place->x_px, scale * place->y_px, scale * place->column_px,
                                scale * place->row_px };
  const cairo_rectangle_int_t *area = &outline->area;

  if (outline->texture == NULL || !same_place (&device, &outline->place))
    {
      pl_overlay_outline_clear (outline);
      outline->place = device;
      if (labels != NULL)
        outline->texture = pl_slice_paint_outline (labels, rows, columns, of, device, scale * width,
                                                   scale * height, &outline->area);
    }
  if (outline->texture != NULL)
    gtk_snapshot_append_texture (snapshot, outline->texture,
                                 &GRAPHENE_RECT_INIT ((float) area->x / (float) scale,
                                                      (float) area->y / (float) scale,
                                                      (float) area->width / (float) scale,
                                                      (float) area->height / (float) scale));
}

void
pl_overlay_outline_clear (PlOverlayOutline *outline)
{
  g_clear_object (&outline->texture);
}
