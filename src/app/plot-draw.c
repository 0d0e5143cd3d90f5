/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is behind comes first: grid, bands, levels, other runs, raw values, smoothed ones, dots,
 * marks. Curves of dots differ in the shape of the dots too, for those who cannot tell colours.
 */
#include "app/plot-draw-private.h"

#include <math.h>

#define DOT_ROOM_PX 7.0 /* a dot needs, or there are too many */
#define EARLIER_OPACITY 0.6

void
pl_plot_set_rgb (cairo_t *cr, guint32 rgb, double opacity)
{
  cairo_set_source_rgba (cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                         (rgb & 255) / 255.0, opacity);
}

void
pl_plot_set_text_colour (const PlPlotDrawing *d, double opacity)
{
  const double *c = d->look->text;

  cairo_set_source_rgba (d->cr, c[0], c[1], c[2], opacity);
}

double
pl_plot_map_x (const PlPlotDrawing *d, double x)
{
  return pl_plot_frame_from_x (d->frame, x);
}

double
pl_plot_map_y (const PlPlotDrawing *d, double y)
{
  const PlPlotFrame *f = d->frame;

  return f->top + f->height * (1 - pl_plot_axis_position (&f->y, y));
}

static void
draw_y_axis (const PlPlotDrawing *d)
{
  const PlPlotFrame *f = d->frame;
  g_autoptr (GArray) ticks = pl_plot_axis_get_ticks (&f->y);

  cairo_set_line_width (d->cr, 1);
  for (guint i = 0; i < ticks->len; i++)
    {
      double tick = g_array_index (ticks, double, i);
      double y = round (pl_plot_map_y (d, tick)) + 0.5;
      g_autofree char *label = pl_plot_axis_dup_label (&f->y, tick);

      pl_plot_set_text_colour (d, d->look->grid);
      cairo_move_to (d->cr, f->left, y);
      cairo_rel_line_to (d->cr, f->width, 0);
      cairo_stroke (d->cr);
      pl_plot_set_text_colour (d, 0.8);
      pl_plot_draw_text (d->look->context, d->cr, label, f->left - 6, y, 1);
    }
}

/* The axis' name has the right end of the labels to itself. */
static void
draw_x_axis (const PlPlotDrawing *d)
{
  const PlPlotFrame *f = d->frame;
  g_autoptr (GArray) ticks = pl_plot_axis_get_ticks (&f->x);
  double y = f->top + f->height + 4 + f->line / 2;
  double end = f->left + f->width;

  pl_plot_set_text_colour (d, 0.8);
  end -= pl_plot_draw_text (d->look->context, d->cr, pl_plot_scene_get_x_name (d->scene), end + 6,
                            y, 1);
  for (guint i = 0; i < ticks->len; i++)
    {
      double tick = g_array_index (ticks, double, i);
      g_autofree char *label = pl_plot_axis_dup_label (&f->x, tick);
      double half = pl_plot_draw_text (d->look->context, NULL, label, 0, 0, 0) / 2;

      if (pl_plot_map_x (d, tick) + half < end - 4)
        pl_plot_draw_text (d->look->context, d->cr, label, pl_plot_map_x (d, tick), y, 0.5);
    }
}

static void
draw_dot (cairo_t *cr, int shape, double x, double y)
{
  switch (shape % 3)
    {
    case 0:
      cairo_arc (cr, x, y, PL_PLOT_DOT_PX, 0, 2 * G_PI);
      break;
    case 1:
      cairo_rectangle (cr, x - PL_PLOT_DOT_PX, y - PL_PLOT_DOT_PX, 2 * PL_PLOT_DOT_PX,
                       2 * PL_PLOT_DOT_PX);
      break;
    default:
      cairo_move_to (cr, x, y - PL_PLOT_DOT_PX - 1);
      cairo_line_to (cr, x + PL_PLOT_DOT_PX + 1, y + PL_PLOT_DOT_PX);
      cairo_line_to (cr, x - PL_PLOT_DOT_PX - 1, y + PL_PLOT_DOT_PX);
      cairo_close_path (cr);
      break;
    }
  cairo_fill (cr);
}

/* How many curves of dots come before it. */
static int
find_shape (const PlPlotScene *scene, int index)
{
  int shape = 0;

  for (int i = 0; i < index; i++)
    {
      const PlPlotCurve *curve = pl_plot_scene_get_curve (scene, i);

      shape += curve != NULL && curve->kind == PL_CURVE_DOTS;
    }
  return shape;
}

static void
set_stroke (cairo_t *cr, const PlPlotCurve *curve)
{
  const double dashes[] = { 6, 3 };
  gboolean is_earlier = curve->kind == PL_CURVE_EARLIER;

  pl_plot_set_rgb (cr, curve->rgb, is_earlier ? EARLIER_OPACITY : 1);
  cairo_set_dash (cr, dashes, is_earlier ? 2 : 0, 0);
  cairo_set_line_width (cr, is_earlier ? 1.5 : 2);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
}

/* What is switched off is pale and struck out. */
static void
draw_legend (const PlPlotDrawing *d)
{
  const PlPlotFrame *f = d->frame;

  for (guint i = 0; i < f->entries->len; i++)
    {
      const PlPlotEntry *entry = &g_array_index (f->entries, PlPlotEntry, i);
      const PlPlotCurve *curve = pl_plot_scene_get_curve (d->scene, entry->curve);
      double y = entry->y + f->line / 2;
      double opacity = curve->is_hidden ? 0.5 : 1;

      set_stroke (d->cr, curve);
      pl_plot_set_rgb (d->cr, curve->rgb, opacity);
      cairo_move_to (d->cr, entry->x, y);
      cairo_rel_line_to (d->cr, 14, 0);
      cairo_stroke (d->cr);
      cairo_set_dash (d->cr, NULL, 0, 0);
      if (curve->kind == PL_CURVE_DOTS)
        draw_dot (d->cr, find_shape (d->scene, entry->curve), entry->x + 7, y);
      pl_plot_set_text_colour (d, opacity);
      pl_plot_draw_text (d->look->context, d->cr, curve->name, entry->x + 18, y, 0);
      if (curve->is_hidden)
        {
          cairo_set_line_width (d->cr, 1);
          cairo_move_to (d->cr, entry->x + 18, floor (y) + 0.5);
          cairo_line_to (d->cr, entry->x + entry->width, floor (y) + 0.5);
          cairo_stroke (d->cr);
        }
    }
}

static GArray *
get_columns (const PlPlotDrawing *d, const PlPlotCurve *curve, PlCurveOf of)
{
  const PlPlotFrame *f = d->frame;

  return pl_curve_get_columns (curve->data, of, d->scene->by, f->x.low, f->x.high,
                               (int) ceil (f->width));
}

static void
draw_line (const PlPlotDrawing *d, const PlPlotCurve *curve, PlCurveOf of)
{
  g_autoptr (GArray) columns = get_columns (d, curve, of);
  gboolean is_begun = FALSE;

  for (guint i = 0; i < columns->len; i++)
    {
      const PlCurveColumn *column = &g_array_index (columns, PlCurveColumn, i);
      double x = pl_plot_map_x (d, column->x);

      if (!column->is_gap)
        {
          if (is_begun)
            cairo_line_to (d->cr, x, pl_plot_map_y (d, column->first));
          else
            cairo_move_to (d->cr, x, pl_plot_map_y (d, column->first));
          if (column->high > column->low)
            {
              cairo_line_to (d->cr, x, pl_plot_map_y (d, column->low));
              cairo_line_to (d->cr, x, pl_plot_map_y (d, column->high));
              cairo_line_to (d->cr, x, pl_plot_map_y (d, column->last));
            }
        }
      is_begun = !column->is_gap;
    }
  cairo_stroke (d->cr);
}

static void
draw_band (const PlPlotDrawing *d, const PlPlotCurve *curve)
{
  g_autoptr (GArray) columns = get_columns (d, curve, PL_CURVE_BAND);

  for (guint i = 0; i < columns->len; i++)
    {
      const PlCurveColumn *column = &g_array_index (columns, PlCurveColumn, i);

      if (!column->is_gap)
        cairo_line_to (d->cr, pl_plot_map_x (d, column->x), pl_plot_map_y (d, column->high));
    }
  for (guint i = columns->len; i-- > 0;)
    {
      const PlCurveColumn *column = &g_array_index (columns, PlCurveColumn, i);

      if (!column->is_gap)
        cairo_line_to (d->cr, pl_plot_map_x (d, column->x), pl_plot_map_y (d, column->low));
    }
  pl_plot_set_rgb (d->cr, curve->rgb, 0.2);
  cairo_fill (d->cr);
}

static void
draw_dots (const PlPlotDrawing *d, const PlPlotCurve *curve, int shape)
{
  g_autoptr (GArray) columns = get_columns (d, curve, PL_CURVE_RAW);

  if (columns->len * DOT_ROOM_PX > d->frame->width)
    return;
  for (guint i = 0; i < columns->len; i++)
    {
      const PlCurveColumn *column = &g_array_index (columns, PlCurveColumn, i);

      if (!column->is_gap)
        draw_dot (d->cr, shape, pl_plot_map_x (d, column->x), pl_plot_map_y (d, column->first));
    }
}

static void
draw_curve (const PlPlotDrawing *d, const PlPlotCurve *curve, int shape)
{
  gboolean is_smoothed = curve->kind == PL_CURVE_LINE && d->scene->smoothing > 0;

  if (is_smoothed)
    {
      pl_plot_set_rgb (d->cr, curve->rgb, d->look->pale);
      cairo_set_line_width (d->cr, 1);
      draw_line (d, curve, PL_CURVE_RAW);
    }
  set_stroke (d->cr, curve);
  if (curve->kind == PL_CURVE_LINE)
    cairo_set_line_width (d->cr, is_smoothed ? 1.5 : 1);
  draw_line (d, curve, is_smoothed ? PL_CURVE_SMOOTH : PL_CURVE_RAW);
  cairo_set_dash (d->cr, NULL, 0, 0);
  if (curve->kind == PL_CURVE_DOTS)
    draw_dots (d, curve, shape);
}

static void
draw_curves (const PlPlotDrawing *d)
{
  static const PlCurveKind order[] = { PL_CURVE_EARLIER, PL_CURVE_LINE, PL_CURVE_DOTS };

  for (int i = 0; i < (int) d->scene->curves->len; i++)
    {
      const PlPlotCurve *curve = pl_plot_scene_get_curve (d->scene, i);

      if (curve != NULL && !curve->is_hidden)
        draw_band (d, curve);
    }
  for (gsize kind = 0; kind < G_N_ELEMENTS (order); kind++)
    for (int i = 0; i < (int) d->scene->curves->len; i++)
      {
        const PlPlotCurve *curve = pl_plot_scene_get_curve (d->scene, i);

        if (curve != NULL && !curve->is_hidden && curve->kind == order[kind])
          draw_curve (d, curve, find_shape (d->scene, i));
      }
}

void
pl_plot_draw (const PlPlotScene *scene,
              const PlPlotFrame *frame,
              const PlPlotLook *look,
              cairo_t *cr)
{
  const PlPlotDrawing d = { scene, frame, look, cr };

  pl_plot_set_text_colour (&d, 1);
  if (scene->title != NULL)
    pl_plot_draw_text (look->context, cr, scene->title, 6, 4 + frame->line / 2, 0);
  draw_legend (&d);
  draw_y_axis (&d);
  draw_x_axis (&d);
  cairo_save (cr);
  cairo_rectangle (cr, frame->left, frame->top - 4, frame->width + 4, frame->height + 8);
  cairo_clip (cr);
  draw_curves (&d);
  pl_plot_draw_levels (&d);
  pl_plot_draw_mark (&d);
  cairo_restore (cr);
  pl_plot_draw_cursor (&d);
  pl_plot_draw_reading (&d);
}
