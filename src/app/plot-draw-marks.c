/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies over the curves: the names of levels at the left, where curves have yet to come near
 * them, those of upright lines beside them, and what is read on the side with more room.
 */
#include "app/plot-draw-private.h"

#include <glib/gi18n.h>
#include <math.h>

/* Text over curves, on the background. */
static void
draw_label (const PlPlotDrawing *d, const char *text, double x, double y, double align)
{
  const double *c = d->look->background;
  double width = pl_plot_draw_text (d->look->context, NULL, text, 0, 0, 0);

  cairo_rectangle (d->cr, x - align * width - 2, y - d->frame->line / 2, width + 4, d->frame->line);
  cairo_set_source_rgba (d->cr, c[0], c[1], c[2], 0.8);
  cairo_fill (d->cr);
  pl_plot_set_text_colour (d, 1);
  pl_plot_draw_text (d->look->context, d->cr, text, x, y, align);
}

/* In the middle of its name; NaN when it is out of view. */
static double
find_level_name (const PlPlotDrawing *d, const PlPlotLevel *level)
{
  const PlPlotFrame *f = d->frame;
  double y = round (pl_plot_map_y (d, level->y)) + 0.5;

  if (!(y >= f->top && y <= f->top + f->height))
    return NAN;
  return y - f->line < f->top ? y + f->line / 2 + 1 : y - f->line / 2 - 1;
}

/* Their names are at the left, where curves have yet to come near them. */
void
pl_plot_draw_levels (const PlPlotDrawing *d)
{
  const PlPlotFrame *f = d->frame;
  const double dashes[] = { 1, 3 };

  for (guint i = 0; d->scene->shows_levels && i < d->scene->levels->len; i++)
    {
      const PlPlotLevel *level = &g_array_index (d->scene->levels, PlPlotLevel, i);
      double y = round (pl_plot_map_y (d, level->y)) + 0.5;
      double name_y = find_level_name (d, level);

      if (isnan (name_y))
        continue;
      pl_plot_set_text_colour (d, 0.8);
      cairo_set_line_width (d->cr, 1);
      cairo_set_dash (d->cr, dashes, 2, 0);
      cairo_move_to (d->cr, f->left, y);
      cairo_rel_line_to (d->cr, f->width, 0);
      cairo_stroke (d->cr);
      cairo_set_dash (d->cr, NULL, 0, 0);
      draw_label (d, level->name, f->left + 4, name_y, 0);
    }
}

/* A vertical line at a place of the x axis. FALSE when that is out of view. */
static gboolean
draw_upright (const PlPlotDrawing *d, double x, double line_px)
{
  const PlPlotFrame *f = d->frame;
  double x_px = round (pl_plot_map_x (d, x)) + 0.5;

  if (!(x >= f->x.low && x <= f->x.high))
    return FALSE;
  cairo_set_line_width (d->cr, line_px);
  cairo_move_to (d->cr, x_px, f->top);
  cairo_rel_line_to (d->cr, 0, f->height);
  cairo_stroke (d->cr);
  return TRUE;
}

/* At the bottom, or above the name of a level that is there. */
static double
find_mark_name (const PlPlotDrawing *d)
{
  const PlPlotFrame *f = d->frame;
  double y = f->top + f->height - f->line / 2;

  for (guint i = 0; d->scene->shows_levels && i < d->scene->levels->len; i++)
    {
      double name_y = find_level_name (d, &g_array_index (d->scene->levels, PlPlotLevel, i));

      if (fabs (name_y - y) < f->line)
        y = name_y - f->line;
    }
  return y;
}

void
pl_plot_draw_mark (const PlPlotDrawing *d)
{
  const double dashes[] = { 4, 3 };
  const PlPlotFrame *f = d->frame;
  double x = pl_plot_scene_epoch_to_x (d->scene, d->scene->mark);
  g_autofree char *text = g_strdup_printf (_ ("best: %.4g"), d->scene->mark);

  pl_plot_set_text_colour (d, 0.7);
  cairo_set_dash (d->cr, dashes, 2, 0);
  if (draw_upright (d, x, 1))
    {
      double x_px = pl_plot_map_x (d, x);

      draw_label (d, text, x_px > f->left + f->width / 2 ? x_px - 5 : x_px + 5, find_mark_name (d),
                  x_px > f->left + f->width / 2 ? 1 : 0);
    }
  cairo_set_dash (d->cr, NULL, 0, 0);
}

/* A line with a grip on the axis. */
void
pl_plot_draw_cursor (const PlPlotDrawing *d)
{
  const PlPlotFrame *f = d->frame;
  double x = pl_plot_scene_epoch_to_x (d->scene, d->scene->cursor);
  g_autofree char *text = g_strdup_printf ("%.4g", d->scene->cursor);
  double x_px = round (pl_plot_map_x (d, x)) + 0.5;

  pl_plot_set_text_colour (d, 1);
  if (!draw_upright (d, x, 2))
    return;
  cairo_move_to (d->cr, x_px, f->top + f->height - 6);
  cairo_rel_line_to (d->cr, 6, 6);
  cairo_rel_line_to (d->cr, -12, 0);
  cairo_close_path (d->cr);
  cairo_fill (d->cr);
  draw_label (d, text, x_px, f->top + f->height + 4 + f->line / 2, 0.5);
}

/* What a box of values says. */
typedef struct
{
  GPtrArray *lines; /* (element-type char *): the place, if it is to be named, then the values */
  GArray *colours;  /* (element-type guint32): of the values */
  double middle_px; /* of the values, on the y axis */
} Readings;

static char *
dup_reading (const PlPlotDrawing *d, const PlPlotCurve *curve, guint point)
{
  g_autofree char *value = pl_plot_scene_dup_value (curve, point);
  g_autofree char *number = NULL;
  g_autofree char *smoothed = NULL;

  if (curve->kind != PL_CURVE_LINE || d->scene->smoothing == 0)
    return g_steal_pointer (&value);
  number = pl_plot_dup_number (pl_curve_get_smoothed (curve->data, point));
  smoothed = g_strdup_printf (_ ("(smoothed %s)"), number);
  return g_strjoin (" ", value, smoothed, NULL);
}

/* A ring around each point that is read. */
static void
mark_reading (const PlPlotDrawing *d, const PlPlotCurve *curve, guint point, double y)
{
  double x = pl_plot_at_get (&pl_curve_get_point (curve->data, point)->at, d->scene->by);

  if (y < d->frame->top - PL_PLOT_DOT_PX || y > d->frame->top + d->frame->height + PL_PLOT_DOT_PX)
    return;
  pl_plot_set_rgb (d->cr, curve->rgb, 1);
  cairo_set_line_width (d->cr, 2);
  cairo_arc (d->cr, pl_plot_map_x (d, x), y, PL_PLOT_DOT_PX + 2, 0, 2 * G_PI);
  cairo_stroke (d->cr);
}

static void
collect_readings (const PlPlotDrawing *d, Readings *readings)
{
  double sum_px = 0;

  readings->lines = g_ptr_array_new_with_free_func (g_free);
  readings->colours = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (d->scene->names_place)
    g_ptr_array_add (readings->lines, pl_plot_scene_dup_place (d->scene, d->scene->read_x));
  for (int i = 0; i < (int) d->scene->curves->len; i++)
    {
      const PlPlotCurve *curve = pl_plot_scene_get_curve (d->scene, i);
      guint point;
      double y;

      if (curve == NULL || curve->is_hidden ||
          !pl_plot_scene_read (d->scene, curve, d->scene->read_x, &point) ||
          !isfinite (pl_curve_get_point (curve->data, point)->y))
        continue;
      y = pl_plot_map_y (d, pl_curve_get_point (curve->data, point)->y);
      g_ptr_array_add (readings->lines, dup_reading (d, curve, point));
      g_array_append_val (readings->colours, curve->rgb);
      sum_px += y;
      mark_reading (d, curve, point, y);
    }
  readings->middle_px = sum_px / readings->colours->len;
}

static void
draw_readings_at (const PlPlotDrawing *d, const Readings *readings, double x, double y)
{
  guint n_places = readings->lines->len - readings->colours->len;

  for (guint i = 0; i < readings->lines->len; i++)
    {
      double middle = y + (i + 0.5) * d->frame->line;

      if (i >= n_places)
        {
          pl_plot_set_rgb (d->cr, g_array_index (readings->colours, guint32, i - n_places), 1);
          cairo_rectangle (d->cr, x, middle - 4, 8, 8);
          cairo_fill (d->cr);
        }
      pl_plot_set_text_colour (d, 1);
      pl_plot_draw_text (d->look->context, d->cr, readings->lines->pdata[i],
                         x + (i >= n_places ? 12 : 0), middle, 0);
    }
}

/* In a box beside the line, on the side with more room, and away from the values. */
static void
draw_readings (const PlPlotDrawing *d)
{
  const PlPlotFrame *f = d->frame;
  const double *c = d->look->background;
  Readings readings;
  double width = 0;
  double height;
  double x = pl_plot_map_x (d, d->scene->read_x);
  double y;

  collect_readings (d, &readings);
  for (guint i = 0; i < readings.lines->len; i++)
    width =
        fmax (width, pl_plot_draw_text (d->look->context, NULL, readings.lines->pdata[i], 0, 0, 0));
  width += 20;
  height = readings.lines->len * f->line + 4;
  x = x > f->left + f->width / 2 ? x - 8 - width : x + 8;
  x = round (CLAMP (x, 2, fmax (2, f->left + f->width + 8 - width)));
  y = readings.middle_px > f->top + f->height / 2 ? f->top : f->top + f->height - height;
  y = round (fmax (y, f->top));
  if (readings.colours->len > 0)
    {
      cairo_rectangle (d->cr, x + 0.5, y + 0.5, width, height);
      cairo_set_source_rgba (d->cr, c[0], c[1], c[2], 0.85);
      cairo_fill_preserve (d->cr);
      pl_plot_set_text_colour (d, 0.4);
      cairo_set_line_width (d->cr, 1);
      cairo_stroke (d->cr);
      draw_readings_at (d, &readings, x + 5, y + 2);
    }
  g_ptr_array_unref (readings.lines);
  g_array_unref (readings.colours);
}

/* The line there, and the values. */
void
pl_plot_draw_reading (const PlPlotDrawing *d)
{
  pl_plot_set_text_colour (d, 0.6);
  if (draw_upright (d, d->scene->read_x, 1))
    draw_readings (d);
}
