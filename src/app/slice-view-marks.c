/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written over the image, upright however the image is turned: the patient's directions at
 * the edges, which convention holds, a scale bar, what the colours of probabilities mean, the ruler
 * and the region under way. Sides that the file does not tell are not written.
 */
#include "app/slice-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARGIN_PX 12.0
#define LINE_PX 2.0
#define LONGEST_BAR_PX 120.0
#define TICK_PX 5.0

static const GdkRGBA tool_colour = { 1, 0.9f, 0.35f, 1 };

/* Its middle is at @y. */
static void
draw_text (PlSliceView *self,
           GtkSnapshot *snapshot,
           const char *text,
           double x,
           double y,
           double align,
           const GdkRGBA *colour)
{
  pl_overlay_draw_text (GTK_WIDGET (self), snapshot, text, x, y, align, 0.5, colour);
}

void
pl_slice_view_draw_text (
    PlSliceView *self, GtkSnapshot *snapshot, const char *text, double x, double y)
{
  draw_text (self, snapshot, text, x, y, 0.5, &PL_OVERLAY_TEXT);
}

/* What is seen of the image, in the widget. */
static void
find_sight (PlSliceView *self, const PlSlicePlace *place, graphene_rect_t *sight)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  double x0 = place->x_px;
  double y0 = place->y_px;
  double x1 = x0 + volume->n[2] * place->column_px;
  double y1 = y0 + volume->n[1] * place->row_px;
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double left;
  double top;

  pl_slice_view_from_frame (self, &x0, &y0);
  pl_slice_view_from_frame (self, &x1, &y1);
  left = MAX (MIN (x0, x1), 0);
  top = MAX (MIN (y0, y1), 0);
  graphene_rect_init (sight, (float) left, (float) top, (float) (MIN (MAX (x0, x1), width) - left),
                      (float) (MIN (MAX (y0, y1), height) - top));
}

static void
draw_letter (PlSliceView *self, GtkSnapshot *snapshot, int dx, int dy, double x, double y)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  char letter[2] = {
    pl_slice_turn_letter (pl_view_state_find_turn (self->state), volume->orientation, dx, dy), '\0'
  };

  pl_slice_view_draw_text (self, snapshot, letter, x, y);
}

/* At the middles of the edges of what is seen of the image. */
static void
draw_letters (PlSliceView *self, GtkSnapshot *snapshot, const graphene_rect_t *sight)
{
  double left = sight->origin.x + MARGIN_PX;
  double top = sight->origin.y + MARGIN_PX;
  double right = sight->origin.x + sight->size.width - MARGIN_PX;
  double bottom = sight->origin.y + sight->size.height - MARGIN_PX;

  if (pl_view_state_get_volume (self->state)->orientation[0] == '\0' ||
      right - left < 4 * MARGIN_PX || bottom - top < 4 * MARGIN_PX)
    return;
  draw_letter (self, snapshot, 0, -1, (left + right) / 2, top);
  draw_letter (self, snapshot, 0, 1, (left + right) / 2, bottom);
  draw_letter (self, snapshot, -1, 0, left, (top + bottom) / 2);
  draw_letter (self, snapshot, 1, 0, right, (top + bottom) / 2);
}

/* Which of the two conventions holds; a slice that the user has turned is neither. */
static void
draw_convention (PlSliceView *self, GtkSnapshot *snapshot)
{
  PlSliceTurn turn = pl_view_state_get_turn (self->state);
  gboolean is_neurological = pl_view_state_get_neurological (self->state);

  if (pl_view_state_get_volume (self->state)->orientation[0] == '\0' || turn.quarters != 0 ||
      turn.is_mirrored)
    return;
  draw_text (self, snapshot, is_neurological ? _ ("Neurological") : _ ("Radiological"),
             gtk_widget_get_width (GTK_WIDGET (self)) - MARGIN_PX,
             gtk_widget_get_height (GTK_WIDGET (self)) - MARGIN_PX, 1, &PL_OVERLAY_TEXT);
}

/* The longest of 1, 2 and 5 times a power of ten that fits. */
static double
choose_bar_mm (double px_per_mm)
{
  double longest_mm = LONGEST_BAR_PX / px_per_mm;
  double power = pow (10, floor (log10 (longest_mm)));

  return power * (longest_mm >= 5 * power ? 5 : longest_mm >= 2 * power ? 2 : 1);
}

static void
draw_box (
    GtkSnapshot *snapshot, const GdkRGBA *colour, double x, double y, double width, double height)
{
  gtk_snapshot_append_color (
      snapshot, colour, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height));
}

static void
draw_scale_bar (PlSliceView *self, GtkSnapshot *snapshot, const PlSlicePlace *place)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  double px_per_mm = place->column_px / volume->spacing_mm[2];
  double mm = choose_bar_mm (px_per_mm);
  double px = round (mm * px_per_mm);
  double y = gtk_widget_get_height (GTK_WIDGET (self)) - MARGIN_PX;
  g_autofree char *text = NULL;

  if (!volume->header.has_spacing || gtk_widget_get_width (GTK_WIDGET (self)) < 3 * px)
    return;
  /* Translators: the length of the scale bar. */
  text = mm < 10 ? g_strdup_printf (_ ("%g mm"), mm) : g_strdup_printf (_ ("%g cm"), mm / 10);
  draw_box (snapshot, &PL_OVERLAY_BACK, MARGIN_PX - 2, y - TICK_PX - 1, px + 4, 2 * TICK_PX + 2);
  draw_box (snapshot, &PL_OVERLAY_TEXT, MARGIN_PX, y - LINE_PX / 2, px, LINE_PX);
  draw_box (snapshot, &PL_OVERLAY_TEXT, MARGIN_PX, y - TICK_PX, LINE_PX, 2 * TICK_PX);
  draw_box (snapshot, &PL_OVERLAY_TEXT, MARGIN_PX + px - LINE_PX, y - TICK_PX, LINE_PX,
            2 * TICK_PX);
  draw_text (self, snapshot, text, MARGIN_PX + px + 2 * TICK_PX, y, 0, &PL_OVERLAY_TEXT);
}

/* A point of the image in the widget. */
static void
find_point (
    PlSliceView *self, const PlSlicePlace *place, double column, double row, double *x, double *y)
{
  *x = place->x_px + column * place->column_px;
  *y = place->y_px + row * place->row_px;
  pl_slice_view_from_frame (self, x, y);
}

static void
draw_line (PlSliceView *self, GtkSnapshot *snapshot, const PlSlicePlace *place)
{
  g_autofree char *text = pl_slice_view_dup_length (self);
  double x0;
  double y0;
  double x1;
  double y1;
  double px;

  if (text == NULL)
    return;
  find_point (self, place, self->line.column0, self->line.row0, &x0, &y0);
  find_point (self, place, self->line.column1, self->line.row1, &x1, &y1);
  px = hypot (x1 - x0, y1 - y0);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x0, (float) y0));
  gtk_snapshot_rotate (snapshot, (float) (atan2 (y1 - y0, x1 - x0) * 180 / G_PI));
  draw_box (snapshot, &PL_OVERLAY_BACK, -LINE_PX, -LINE_PX, px + 2 * LINE_PX, 2 * LINE_PX);
  draw_box (snapshot, &tool_colour, 0, -LINE_PX / 2, px, LINE_PX);
  draw_box (snapshot, &tool_colour, -LINE_PX / 2, -TICK_PX, LINE_PX, 2 * TICK_PX);
  draw_box (snapshot, &tool_colour, px - LINE_PX / 2, -TICK_PX, LINE_PX, 2 * TICK_PX);
  gtk_snapshot_restore (snapshot);
  draw_text (self, snapshot, text, x1, y1 + (y1 < y0 ? -1.5 : 1.5) * MARGIN_PX, 0.5, &tool_colour);
}

static void
draw_region (PlSliceView *self, GtkSnapshot *snapshot, const PlSlicePlace *place)
{
  double x0;
  double y0;
  double x1;
  double y1;
  double width;
  double height;

  if (!self->has_region)
    return;
  find_point (self, place, self->region.column0, self->region.row0, &x0, &y0);
  find_point (self, place, self->region.column1, self->region.row1, &x1, &y1);
  width = fabs (x1 - x0);
  height = fabs (y1 - y0);
  x0 = MIN (x0, x1);
  y0 = MIN (y0, y1);
  draw_box (snapshot, &tool_colour, x0, y0, width, LINE_PX);
  draw_box (snapshot, &tool_colour, x0, y0 + height - LINE_PX, width, LINE_PX);
  draw_box (snapshot, &tool_colour, x0, y0, LINE_PX, height);
  draw_box (snapshot, &tool_colour, x0 + width - LINE_PX, y0, LINE_PX, height);
}

void
pl_slice_view_draw_marks (PlSliceView *self, GtkSnapshot *snapshot, const PlSlicePlace *place)
{
  graphene_rect_t sight;

  find_sight (self, place, &sight);
  draw_letters (self, snapshot, &sight);
  if (self->pane == PL_PANE_ALL)
    {
      draw_convention (self, snapshot);
      draw_scale_bar (self, snapshot, place);
    }
  if (pl_slice_view_find_heat (self) != NULL)
    pl_overlay_draw_heat_bar (GTK_WIDGET (self), snapshot, 2 * MARGIN_PX, 2 * MARGIN_PX);
  draw_line (self, snapshot, place);
  draw_region (self, snapshot, place);
}
