/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view-tools.h"

#include "app/overlay-draw.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARGIN_PX 12.0
#define LINE_PX 2.0
#define TICK_PX 5.0
#define LONGEST_BAR_PX 120.0
#define LONGEST_BAR_SHARE 0.2 /* of the width, so that it does not reach the letter below */

/* A drag this far makes the window 2.7 times as wide, or moves it by its width. */
#define WINDOW_DRAG_PX 400.0
#define MIN_WIDTH_HU 1e-3
#define MAX_WIDTH_HU 1e6

static const GdkRGBA tool_colour = { 1, 0.9f, 0.35f, 1 };

void
pl_view_tools_begin (PlViewTools *self, PlTool tool, int plane, double column, double row)
{
  const PlToolLine point = { column, row, column, row };

  self->at_work = tool;
  self->plane = plane;
  self->has_line = tool == PL_TOOL_RULER;
  if (tool == PL_TOOL_RULER)
    self->line = point;
  else
    self->region = point;
}

void
pl_view_tools_move (PlViewTools *self, double column, double row)
{
  PlToolLine *line = self->at_work == PL_TOOL_RULER ? &self->line : &self->region;

  line->column1 = column;
  line->row1 = row;
}

PlTool
pl_view_tools_end (PlViewTools *self)
{
  PlTool tool = self->at_work;

  self->at_work = PL_TOOL_NONE;
  return tool;
}

void
pl_view_tools_leave (PlViewTools *self, int plane)
{
  if (plane != self->plane && pl_view_tools_end (self) == PL_TOOL_RULER)
    self->has_line = FALSE;
}

char *
pl_view_tools_dup_length (
    const PlViewTools *self, int plane, gboolean has_spacing, double column_mm, double row_mm)
{
  double columns = self->line.column1 - self->line.column0;
  double rows = self->line.row1 - self->line.row0;

  if (!self->has_line || self->plane != plane)
    return NULL;
  if (has_spacing)
    /* Translators: a length that was measured on the image. */
    return g_strdup_printf (_ ("%.1f mm"), hypot (columns * column_mm, rows * row_mm));
  /* Translators: a length in pixels, where their size is not known. */
  return g_strdup_printf (_ ("%.1f px"), hypot (columns, rows));
}

PlToolPart
pl_view_tools_find_part (const PlViewTools *self, int rows, int columns)
{
  const PlToolLine *region = &self->region;
  PlToolPart part = { .row0 = (int) floor (MIN (region->row0, region->row1)),
                      .row1 = (int) ceil (MAX (region->row0, region->row1)),
                      .column0 = (int) floor (MIN (region->column0, region->column1)),
                      .column1 = (int) ceil (MAX (region->column0, region->column1)) };

  part.row0 = CLAMP (part.row0, 0, rows);
  part.row1 = CLAMP (part.row1, part.row0, rows);
  part.column0 = CLAMP (part.column0, 0, columns);
  part.column1 = CLAMP (part.column1, part.column0, columns);
  return part;
}

PlWindow
pl_view_tools_drag_window (PlWindow window, double dx_px, double dy_px)
{
  double width_hu = window.width_hu * exp (dx_px / WINDOW_DRAG_PX);

  window.centre_hu += dy_px / WINDOW_DRAG_PX * window.width_hu;
  window.width_hu = CLAMP (width_hu, MIN_WIDTH_HU, MAX_WIDTH_HU);
  return window;
}

static void
draw_box (
    GtkSnapshot *snapshot, const GdkRGBA *colour, double x, double y, double width, double height)
{
  gtk_snapshot_append_color (
      snapshot, colour, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height));
}

static void
draw_line (GtkWidget *widget,
           GtkSnapshot *snapshot,
           double x0,
           double y0,
           double x1,
           double y1,
           const char *length)
{
  double px = hypot (x1 - x0, y1 - y0);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x0, (float) y0));
  gtk_snapshot_rotate (snapshot, (float) (atan2 (y1 - y0, x1 - x0) * 180 / G_PI));
  draw_box (snapshot, &PL_OVERLAY_BACK, -LINE_PX, -LINE_PX, px + 2 * LINE_PX, 2 * LINE_PX);
  draw_box (snapshot, &tool_colour, 0, -LINE_PX / 2, px, LINE_PX);
  draw_box (snapshot, &tool_colour, -LINE_PX / 2, -TICK_PX, LINE_PX, 2 * TICK_PX);
  draw_box (snapshot, &tool_colour, px - LINE_PX / 2, -TICK_PX, LINE_PX, 2 * TICK_PX);
  gtk_snapshot_restore (snapshot);
  pl_overlay_draw_text (widget, snapshot, length, x1, y1 + (y1 < y0 ? -1.5 : 1.5) * MARGIN_PX, 0.5,
                        0.5, &tool_colour);
}

static void
draw_region (GtkSnapshot *snapshot, double x0, double y0, double x1, double y1)
{
  double left = MIN (x0, x1);
  double top = MIN (y0, y1);
  double width = fabs (x1 - x0);
  double height = fabs (y1 - y0);

  draw_box (snapshot, &tool_colour, left, top, width, LINE_PX);
  draw_box (snapshot, &tool_colour, left, top + height - LINE_PX, width, LINE_PX);
  draw_box (snapshot, &tool_colour, left, top, LINE_PX, height);
  draw_box (snapshot, &tool_colour, left + width - LINE_PX, top, LINE_PX, height);
}

void
pl_view_tools_draw (const PlViewTools *self,
                    GtkWidget *widget,
                    GtkSnapshot *snapshot,
                    const char *length,
                    PlToolMap map,
                    gpointer data)
{
  double x0;
  double y0;
  double x1;
  double y1;

  if (length != NULL)
    {
      map (widget, self->line.column0, self->line.row0, data, &x0, &y0);
      map (widget, self->line.column1, self->line.row1, data, &x1, &y1);
      draw_line (widget, snapshot, x0, y0, x1, y1, length);
    }
  if (self->at_work == PL_TOOL_REGION)
    {
      map (widget, self->region.column0, self->region.row0, data, &x0, &y0);
      map (widget, self->region.column1, self->region.row1, data, &x1, &y1);
      draw_region (snapshot, x0, y0, x1, y1);
    }
}

static double
choose_bar_mm (double px_per_mm, double width)
{
  double longest_mm = MIN (LONGEST_BAR_PX, LONGEST_BAR_SHARE * width) / px_per_mm;
  double power = pow (10, floor (log10 (longest_mm)));

  return power * (longest_mm >= 5 * power ? 5 : longest_mm >= 2 * power ? 2 : 1);
}

void
pl_view_tools_draw_scale_bar (GtkWidget *widget, GtkSnapshot *snapshot, double px_per_mm)
{
  double width = gtk_widget_get_width (widget);
  double mm = choose_bar_mm (px_per_mm, width);
  double px = round (mm * px_per_mm);
  double y = gtk_widget_get_height (widget) - MARGIN_PX;
  g_autofree char *text = NULL;

  if (width < PL_OVERLAY_NARROW_PX)
    return;
  /* Translators: the length of the scale bar. */
  text = mm < 10 ? g_strdup_printf (_ ("%g mm"), mm) : g_strdup_printf (_ ("%g cm"), mm / 10);
  draw_box (snapshot, &PL_OVERLAY_BACK, MARGIN_PX - 2, y - TICK_PX - 1, px + 4, 2 * TICK_PX + 2);
  draw_box (snapshot, &PL_OVERLAY_TEXT, MARGIN_PX, y - LINE_PX / 2, px, LINE_PX);
  draw_box (snapshot, &PL_OVERLAY_TEXT, MARGIN_PX, y - TICK_PX, LINE_PX, 2 * TICK_PX);
  draw_box (snapshot, &PL_OVERLAY_TEXT, MARGIN_PX + px - LINE_PX, y - TICK_PX, LINE_PX,
            2 * TICK_PX);
  pl_overlay_draw_text (widget, snapshot, text, MARGIN_PX + px + 2 * TICK_PX, y, 0, 0.5,
                        &PL_OVERLAY_TEXT);
}
