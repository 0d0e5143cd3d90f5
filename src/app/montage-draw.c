/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing but nodes: a texture, two labels and two borders a tile. */
#include "app/montage-draw.h"

#include "app/montage-order.h"

#include <math.h>

#define FRAME_PX 3
#define BORDER_PX 3
#define TEXT_MARGIN_PX 4

/* In the upper left corner, or the lower right one. */
static void
draw_text (GtkSnapshot *snapshot,
           PangoLayout *text,
           const graphene_rect_t *area,
           const char *words,
           gboolean at_end)
{
  double x = area->origin.x;
  double y = area->origin.y;
  int width;
  int height;

  pango_layout_set_width (text, (int) (area->size.width - 2 * TEXT_MARGIN_PX) * PANGO_SCALE);
  pango_layout_set_text (text, words, -1);
  pango_layout_get_pixel_size (text, &width, &height);
  if (at_end)
    {
      x += area->size.width - width - 2 * TEXT_MARGIN_PX;
      y += area->size.height - height;
    }
  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 0, 0, 0, 0.6f },
                             &GRAPHENE_RECT_INIT ((float) x, (float) y,
                                                  (float) (width + 2 * TEXT_MARGIN_PX),
                                                  (float) height));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x + TEXT_MARGIN_PX, (float) y));
  gtk_snapshot_append_layout (snapshot, text, &(GdkRGBA){ 1, 1, 1, 1 });
  gtk_snapshot_restore (snapshot);
}

static void
draw_border (GtkSnapshot *snapshot, const graphene_rect_t *area, float width, GdkRGBA colour)
{
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, area, 0);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ width, width, width, width },
                              (GdkRGBA[4]){ colour, colour, colour, colour });
}

static GdkRGBA
make_colour (guint32 rgb)
{
  return (GdkRGBA){ (float) (rgb >> 16 & 0xff) / 255, (float) (rgb >> 8 & 0xff) / 255,
                    (float) (rgb & 0xff) / 255, 1 };
}

/* The largest area of the texture's shape in the middle of the tile. */
static graphene_rect_t
fit (const graphene_rect_t *area, GdkTexture *texture)
{
  float width = (float) gdk_texture_get_width (texture);
  float height = (float) gdk_texture_get_height (texture);
  float scale = MIN (area->size.width / width, area->size.height / height);

  return GRAPHENE_RECT_INIT (area->origin.x + floorf ((area->size.width - width * scale) / 2),
                             area->origin.y + floorf ((area->size.height - height * scale) / 2),
                             width * scale, height * scale);
}

void
pl_montage_draw_tile (GtkSnapshot *snapshot,
                      PangoLayout *text,
                      graphene_rect_t area,
                      GdkTexture *texture,
                      const char *label,
                      double dice)
{
  char number[16];

  if (texture != NULL)
    {
      graphene_rect_t fitted = fit (&area, texture);

      gtk_snapshot_append_texture (snapshot, texture, &fitted);
    }
  else
    gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 0.12f, 0.12f, 0.12f, 1 }, &area);
  draw_text (snapshot, text, &area, label, FALSE);
  if (isnan (dice))
    return;
  g_snprintf (number, sizeof number, "%.3f", dice);
  draw_text (snapshot, text, &area, number, TRUE);
  graphene_rect_inset (&area, -BORDER_PX, -BORDER_PX);
  draw_border (snapshot, &area, BORDER_PX, make_colour (pl_dice_rgb (dice)));
}

/* White, for blue is the truth and orange the prediction; with black to tell it from bright tiles.
 */
void
pl_montage_draw_selection (GtkSnapshot *snapshot, graphene_rect_t area, double dice)
{
  if (!isnan (dice))
    graphene_rect_inset (&area, -BORDER_PX, -BORDER_PX);
  else
    draw_border (snapshot, &area, 2, (GdkRGBA){ 0, 0, 0, 1 });
  graphene_rect_inset (&area, -FRAME_PX, -FRAME_PX);
  draw_border (snapshot, &area, FRAME_PX, (GdkRGBA){ 1, 1, 1, 1 });
}
