/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is behind comes first: grid, bands, levels, other runs, raw values, smoothed ones, dots,
 * marks. Curves of dots differ in the shape of the dots too, for those who cannot tell colours.
 */
#include "app/plot-draw.h"

#include <glib/gi18n.h>
#include <math.h>

#define DOT_PX 3.0
#define DOT_ROOM_PX 7.0 /* a dot needs, or there are too many */
#define EARLIER_OPACITY 0.6

typedef struct
{
  const PlPlotScene *scene;
  const PlPlotFrame *frame;
  const PlPlotLook *look;
  cairo_t *cr;
} Drawing;

static void
set_rgb (cairo_t *cr, guint32 rgb, double opacity)
{
  cairo_set_source_rgba (cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                         (rgb & 255) / 255.0, opacity);
}

static void
set_text_colour (const Drawing *d, double opacity)
{
  const double *c = d->look->text;

  cairo_set_source_rgba (d->cr, c[0], c[1], c[2], opacity);
}

static double
map_x (const Drawing *d, double x)
{
  return pl_plot_frame_from_x (d->frame, x);
}

static double
map_y (const Drawing *d, double y)
{
  const PlPlotFrame *f = d->frame;

  return f->top + f->height * (1 - pl_plot_axis_position (&f->y, y));
}

static double
draw_text (const Drawing *d, const char *text, double x, double y, double align)
{
  return pl_plot_draw_text (d->look->context, d->cr, text, x, y, align);
}

static void
draw_y_axis (const Drawing *d)
{
  const PlPlotFrame *f = d->frame;
  g_autoptr (GArray) ticks = pl_plot_axis_get_ticks (&f->y);

  cairo_set_line_width (d->cr, 1);
  for (guint i = 0; i < ticks->len; i++)
    {
      double tick = g_array_index (ticks, double, i);
      double y = round (map_y (d, tick)) + 0.5;
      g_autofree char *label = pl_plot_axis_dup_label (&f->y, tick);

      set_text_colour (d, d->look->grid);
      cairo_move_to (d->cr, f->left, y);
      cairo_rel_line_to (d->cr, f->width, 0);
      cairo_stroke (d->cr);
      set_text_colour (d, 0.8);
      draw_text (d, label, f->left - 6, y, 1);
    }
}

/* The axis' name has the right end of the labels to itself. */
static void
draw_x_axis (const Drawing *d)
{
  const PlPlotFrame *f = d->frame;
  g_autoptr (GArray) ticks = pl_plot_axis_get_ticks (&f->x);
  double y = f->top + f->height + 4 + f->line / 2;
  double end = f->left + f->width;

  set_text_colour (d, 0.8);
  end -= draw_text (d, pl_plot_scene_get_x_name (d->scene), end + 6, y, 1);
  for (guint i = 0; i < ticks->len; i++)
    {
      double tick = g_array_index (ticks, double, i);
      g_autofree char *label = pl_plot_axis_dup_label (&f->x, tick);
      double half = pl_plot_draw_text (d->look->context, NULL, label, 0, 0, 0) / 2;

      if (map_x (d, tick) + half < end - 4)
        draw_text (d, label, map_x (d, tick), y, 0.5);
    }
}

static void
draw_dot (cairo_t *cr, int shape, double x, double y)
{
  switch (shape % 3)
    {
    case 0:
      cairo_arc (cr, x, y, DOT_PX, 0, 2 * G_PI);
      break;
    case 1:
      cairo_rectangle (cr, x - DOT_PX, y - DOT_PX, 2 * DOT_PX, 2 * DOT_PX);
      break;
    default:
      cairo_move_to (cr, x, y - DOT_PX - 1);
      cairo_line_to (cr, x + DOT_PX + 1, y + DOT_PX);
      cairo_line_to (cr, x - DOT_PX - 1, y + DOT_PX);
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

  set_rgb (cr, curve->rgb, is_earlier ? EARLIER_OPACITY : 1);
  cairo_set_dash (cr, dashes, is_earlier ? 2 : 0, 0);
  cairo_set_line_width (cr, is_earlier ? 1.5 : 2);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
}

/* What is switched off is pale and struck out. */
static void
draw_legend (const Drawing *d)
{
  const PlPlotFrame *f = d->frame;

  for (guint i = 0; i < f->entries->len; i++)
    {
      const PlPlotEntry *entry = &g_array_index (f->entries, PlPlotEntry, i);
      const PlPlotCurve *curve = pl_plot_scene_get_curve (d->scene, entry->curve);
      double y = entry->y + f->line / 2;
      double opacity = curve->is_hidden ? 0.5 : 1;

      set_stroke (d->cr, curve);
      set_rgb (d->cr, curve->rgb, opacity);
      cairo_move_to (d->cr, entry->x, y);
      cairo_rel_line_to (d->cr, 14, 0);
      cairo_stroke (d->cr);
      cairo_set_dash (d->cr, NULL, 0, 0);
      if (curve->kind == PL_CURVE_DOTS)
        draw_dot (d->cr, find_shape (d->scene, entry->curve), entry->x + 7, y);
      set_text_colour (d, opacity);
      draw_text (d, curve->name, entry->x + 18, y, 0);
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
get_columns (const Drawing *d, const PlPlotCurve *curve, PlCurveOf of)
{
  const PlPlotFrame *f = d->frame;

  return pl_curve_get_columns (curve->data, of, d->scene->by, f->x.low, f->x.high,
                               (int) ceil (f->width));
}

static void
draw_line (const Drawing *d, const PlPlotCurve *curve, PlCurveOf of)
{
  g_autoptr (GArray) columns = get_columns (d, curve, of);
  gboolean is_begun = FALSE;

  for (guint i = 0; i < columns->len; i++)
    {
      const PlCurveColumn *column = &g_array_index (columns, PlCurveColumn, i);
      double x = map_x (d, column->x);

      if (!column->is_gap)
        {
          if (is_begun)
            cairo_line_to (d->cr, x, map_y (d, column->first));
          else
            cairo_move_to (d->cr, x, map_y (d, column->first));
          if (column->high > column->low)
            {
              cairo_line_to (d->cr, x, map_y (d, column->low));
              cairo_line_to (d->cr, x, map_y (d, column->high));
              cairo_line_to (d->cr, x, map_y (d, column->last));
            }
        }
      is_begun = !column->is_gap;
    }
  cairo_stroke (d->cr);
}

static void
draw_band (const Drawing *d, const PlPlotCurve *curve)
{
  g_autoptr (GArray) columns = get_columns (d, curve, PL_CURVE_BAND);

  for (guint i = 0; i < columns->len; i++)
    {
      const PlCurveColumn *column = &g_array_index (columns, PlCurveColumn, i);

      if (!column->is_gap)
        cairo_line_to (d->cr, map_x (d, column->x), map_y (d, column->high));
    }
  for (guint i = columns->len; i-- > 0;)
    {
      const PlCurveColumn *column = &g_array_index (columns, PlCurveColumn, i);

      if (!column->is_gap)
        cairo_line_to (d->cr, map_x (d, column->x), map_y (d, column->low));
    }
  set_rgb (d->cr, curve->rgb, 0.2);
  cairo_fill (d->cr);
}

static void
draw_dots (const Drawing *d, const PlPlotCurve *curve, int shape)
{
  g_autoptr (GArray) columns = get_columns (d, curve, PL_CURVE_RAW);

  if (columns->len * DOT_ROOM_PX > d->frame->width)
    return;
  for (guint i = 0; i < columns->len; i++)
    {
      const PlCurveColumn *column = &g_array_index (columns, PlCurveColumn, i);

      if (!column->is_gap)
        draw_dot (d->cr, shape, map_x (d, column->x), map_y (d, column->first));
    }
}

static void
draw_curve (const Drawing *d, const PlPlotCurve *curve, int shape)
{
  gboolean is_smoothed = curve->kind == PL_CURVE_LINE && d->scene->smoothing > 0;

  if (is_smoothed)
    {
      set_rgb (d->cr, curve->rgb, d->look->pale);
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
draw_curves (const Drawing *d)
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

/* Text over curves, on the background. */
static void
draw_label (const Drawing *d, const char *text, double x, double y, double align)
{
  const double *c = d->look->background;
  double width = pl_plot_draw_text (d->look->context, NULL, text, 0, 0, 0);

  cairo_rectangle (d->cr, x - align * width - 2, y - d->frame->line / 2, width + 4, d->frame->line);
  cairo_set_source_rgba (d->cr, c[0], c[1], c[2], 0.8);
  cairo_fill (d->cr);
  set_text_colour (d, 1);
  draw_text (d, text, x, y, align);
}

/* In the middle of its name; NaN when it is out of view. */
static double
find_level_name (const Drawing *d, const PlPlotLevel *level)
{
  const PlPlotFrame *f = d->frame;
  double y = round (map_y (d, level->y)) + 0.5;

  if (!(y >= f->top && y <= f->top + f->height))
    return NAN;
  return y - f->line < f->top ? y + f->line / 2 + 1 : y - f->line / 2 - 1;
}

/* Their names are at the left, where curves have yet to come near them. */
static void
draw_levels (const Drawing *d)
{
  const PlPlotFrame *f = d->frame;
  const double dashes[] = { 1, 3 };

  for (guint i = 0; d->scene->shows_levels && i < d->scene->levels->len; i++)
    {
      const PlPlotLevel *level = &g_array_index (d->scene->levels, PlPlotLevel, i);
      double y = round (map_y (d, level->y)) + 0.5;
      double name_y = find_level_name (d, level);

      if (isnan (name_y))
        continue;
      set_text_colour (d, 0.8);
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
draw_upright (const Drawing *d, double x, double line_px)
{
  const PlPlotFrame *f = d->frame;
  double x_px = round (map_x (d, x)) + 0.5;

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
find_mark_name (const Drawing *d)
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

static void
draw_mark (const Drawing *d)
{
  const double dashes[] = { 4, 3 };
  const PlPlotFrame *f = d->frame;
  double x = pl_plot_scene_epoch_to_x (d->scene, d->scene->mark);
  g_autofree char *text = g_strdup_printf (_ ("best: %.4g"), d->scene->mark);

  set_text_colour (d, 0.7);
  cairo_set_dash (d->cr, dashes, 2, 0);
  if (draw_upright (d, x, 1))
    {
      double x_px = map_x (d, x);

      draw_label (d, text, x_px > f->left + f->width / 2 ? x_px - 5 : x_px + 5, find_mark_name (d),
                  x_px > f->left + f->width / 2 ? 1 : 0);
    }
  cairo_set_dash (d->cr, NULL, 0, 0);
}

/* A line with a grip on the axis. */
static void
draw_cursor (const Drawing *d)
{
  const PlPlotFrame *f = d->frame;
  double x = pl_plot_scene_epoch_to_x (d->scene, d->scene->cursor);
  g_autofree char *text = g_strdup_printf ("%.4g", d->scene->cursor);
  double x_px = round (map_x (d, x)) + 0.5;

  set_text_colour (d, 1);
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
dup_reading (const Drawing *d, const PlPlotCurve *curve, guint point)
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
mark_reading (const Drawing *d, const PlPlotCurve *curve, guint point, double y)
{
  double x = pl_plot_at_get (&pl_curve_get_point (curve->data, point)->at, d->scene->by);

  if (y < d->frame->top - DOT_PX || y > d->frame->top + d->frame->height + DOT_PX)
    return;
  set_rgb (d->cr, curve->rgb, 1);
  cairo_set_line_width (d->cr, 2);
  cairo_arc (d->cr, map_x (d, x), y, DOT_PX + 2, 0, 2 * G_PI);
  cairo_stroke (d->cr);
}

static void
collect_readings (const Drawing *d, Readings *readings)
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
      y = map_y (d, pl_curve_get_point (curve->data, point)->y);
      g_ptr_array_add (readings->lines, dup_reading (d, curve, point));
      g_array_append_val (readings->colours, curve->rgb);
      sum_px += y;
      mark_reading (d, curve, point, y);
    }
  readings->middle_px = sum_px / readings->colours->len;
}

static void
draw_readings_at (const Drawing *d, const Readings *readings, double x, double y)
{
  guint n_places = readings->lines->len - readings->colours->len;

  for (guint i = 0; i < readings->lines->len; i++)
    {
      double middle = y + (i + 0.5) * d->frame->line;

      if (i >= n_places)
        {
          set_rgb (d->cr, g_array_index (readings->colours, guint32, i - n_places), 1);
          cairo_rectangle (d->cr, x, middle - 4, 8, 8);
          cairo_fill (d->cr);
        }
      set_text_colour (d, 1);
      draw_text (d, readings->lines->pdata[i], x + (i >= n_places ? 12 : 0), middle, 0);
    }
}

/* In a box beside the line, on the side with more room, and away from the values. */
static void
draw_readings (const Drawing *d)
{
  const PlPlotFrame *f = d->frame;
  const double *c = d->look->background;
  Readings readings;
  double width = 0;
  double height;
  double x = map_x (d, d->scene->read_x);
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
      set_text_colour (d, 0.4);
      cairo_set_line_width (d->cr, 1);
      cairo_stroke (d->cr);
      draw_readings_at (d, &readings, x + 5, y + 2);
    }
  g_ptr_array_unref (readings.lines);
  g_array_unref (readings.colours);
}

void
pl_plot_draw (const PlPlotScene *scene,
              const PlPlotFrame *frame,
              const PlPlotLook *look,
              cairo_t *cr)
{
  const Drawing d = { scene, frame, look, cr };

  set_text_colour (&d, 1);
  if (scene->title != NULL)
    draw_text (&d, scene->title, 6, 4 + frame->line / 2, 0);
  draw_legend (&d);
  draw_y_axis (&d);
  draw_x_axis (&d);
  cairo_save (cr);
  cairo_rectangle (cr, frame->left, frame->top - 4, frame->width + 4, frame->height + 8);
  cairo_clip (cr);
  draw_curves (&d);
  draw_levels (&d);
  draw_mark (&d);
  cairo_restore (cr);
  draw_cursor (&d);
  set_text_colour (&d, 0.6);
  if (draw_upright (&d, scene->read_x, 1))
    draw_readings (&d);
}
