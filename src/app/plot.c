/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plot of curves that grow. Points come in order of x, a few hundred a second at most, and a run
 * has some ten thousand; drawing goes through each curve once and joins the smallest and the
 * largest value of a pixel column, so its cost is bounded by the width. */
#include "app/plot.h"

#include "app/plot-axis.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  double x;
  double y;
} Point;

typedef struct
{
  char *name;
  guint32 rgb;
  gboolean has_dots;
  GArray *points; /* (element-type Point) */
} Curve;

struct _PlPlot
{
  GtkWidget parent;

  /* Owned */
  char *title;
  GPtrArray *curves; /* (element-type Curve) */

  double low; /* the y axis shows at least this range */
  double high;
  double mark;
};

G_DEFINE_FINAL_TYPE (PlPlot, pl_plot, GTK_TYPE_WIDGET)

/* Where the curves are drawn, inside the labels. */
typedef struct
{
  double left, top, width, height;
  PlPlotAxis x;
  PlPlotAxis y;
} Frame;

static void
free_curve (gpointer data)
{
  Curve *curve = data;

  g_free (curve->name);
  g_array_unref (curve->points);
  g_free (curve);
}

static Curve *
get_curve (PlPlot *self, int index)
{
  return g_ptr_array_index (self->curves, index);
}

static const Point *
last_point (const Curve *curve)
{
  return curve->points->len > 0 ? &g_array_index (curve->points, Point, curve->points->len - 1)
                                : NULL;
}

/* The values of the moment in words, for those who do not see the plot. */
static void
describe (PlPlot *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->curves->len; i++)
    {
      const Curve *curve = get_curve (self, (int) i);
      const Point *last = last_point (curve);

      if (last == NULL || !isfinite (last->y))
        continue;
      if (text->len > 0)
        g_string_append (text, ", ");
      g_string_append_printf (text, "%s %.4f", curve->name, last->y);
    }
  if (text->len == 0)
    g_string_append (text, _ ("no values yet"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

/* The range of all finite points, at least what the owner asked for. */
static void
find_range (PlPlot *self, double *x_high, double *low, double *high)
{
  *x_high = 1;
  *low = self->low;
  *high = self->high;
  for (guint i = 0; i < self->curves->len; i++)
    {
      const GArray *points = get_curve (self, (int) i)->points;

      for (guint p = 0; p < points->len; p++)
        {
          const Point *point = &g_array_index (points, Point, p);

          *x_high = fmax (*x_high, point->x);
          if (isfinite (point->y))
            {
              *low = fmin (*low, point->y);
              *high = fmax (*high, point->y);
            }
        }
    }
}

static void
set_colour (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                         (rgb & 255) / 255.0, alpha);
}

static void
get_text_colour (PlPlot *self, GdkRGBA *colour)
{
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), colour);
}

double
pl_plot_draw_text (
    GtkWidget *widget, cairo_t *cr, const char *text, double x, double y, double align)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  PangoAttrList *attributes = pango_attr_list_new ();
  int width, height;

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, round (x - align * width), round (y - height / 2.0));
  pango_cairo_show_layout (cr, layout);
  return width;
}

static void
draw_grid (PlPlot *self, cairo_t *cr, const Frame *f)
{
  GdkRGBA colour;

  get_text_colour (self, &colour);
  cairo_set_line_width (cr, 1);
  for (double v = pl_plot_axis_first_tick (&f->y); v <= f->y.high + f->y.step * 1e-6;
       v += f->y.step)
    {
      double y = round (f->top + f->height * (1 - pl_plot_axis_position (&f->y, v))) + 0.5;
      g_autofree char *label = g_strdup_printf ("%.*f", f->y.decimals, v);

      cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, 0.15);
      cairo_move_to (cr, f->left, y);
      cairo_rel_line_to (cr, f->width, 0);
      cairo_stroke (cr);
      cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, 0.8);
      pl_plot_draw_text (GTK_WIDGET (self), cr, label, f->left - 6, y, 1);
    }
  for (double v = pl_plot_axis_first_tick (&f->x); v <= f->x.high + f->x.step * 1e-6;
       v += f->x.step)
    {
      g_autofree char *label = g_strdup_printf ("%.*f", f->x.decimals, v);

      pl_plot_draw_text (GTK_WIDGET (self), cr, label,
                         f->left + f->width * pl_plot_axis_position (&f->x, v),
                         f->top + f->height + 10, 0.5);
    }
}

/* The title, and below it the curves' names with a dash of their colour. */
static void
draw_legend (PlPlot *self, cairo_t *cr, const Frame *f)
{
  double x = f->left;
  double y = f->top - 14;
  GdkRGBA colour;

  get_text_colour (self, &colour);
  gdk_cairo_set_source_rgba (cr, &colour);
  if (self->title != NULL)
    pl_plot_draw_text (GTK_WIDGET (self), cr, self->title, x, 10, 0);
  for (guint i = 0; i < self->curves->len; i++)
    {
      const Curve *curve = get_curve (self, (int) i);

      set_colour (cr, curve->rgb, 1);
      cairo_set_line_width (cr, 3);
      cairo_move_to (cr, x, y);
      cairo_rel_line_to (cr, 14, 0);
      cairo_stroke (cr);
      gdk_cairo_set_source_rgba (cr, &colour);
      x += 18 + pl_plot_draw_text (GTK_WIDGET (self), cr, curve->name, x + 18, y, 0) + 12;
    }
}

static double
map_x (const Frame *f, double x)
{
  return f->left + f->width * pl_plot_axis_position (&f->x, x);
}

static double
map_y (const Frame *f, double y)
{
  return f->top + f->height * (1 - pl_plot_axis_position (&f->y, y));
}

/* What a pixel column holds: a vertical stroke from the lowest to the highest value, entered at the
 * first and left at the last. */
typedef struct
{
  double first, last, lowest, highest;
} Column;

static void
draw_column (cairo_t *cr, double x, const Column *column, gboolean is_start)
{
  if (is_start)
    cairo_move_to (cr, x, column->first);
  else
    cairo_line_to (cr, x, column->first);
  if (column->highest > column->lowest)
    {
      cairo_line_to (cr, x, column->lowest);
      cairo_line_to (cr, x, column->highest);
    }
  cairo_line_to (cr, x, column->last);
}

static void
draw_line (cairo_t *cr, const Frame *f, const GArray *points)
{
  Column column = { 0 };
  double column_x = NAN;
  gboolean is_start = TRUE;

  for (guint i = 0; i < points->len; i++)
    {
      const Point *point = &g_array_index (points, Point, i);
      double x = floor (map_x (f, point->x)) + 0.5;
      double y = map_y (f, point->y);

      if (!isnan (column_x) && (x != column_x || !isfinite (y)))
        {
          draw_column (cr, column_x, &column, is_start);
          is_start = !isfinite (y);
          column_x = NAN;
        }
      if (!isfinite (y))
        continue;
      if (isnan (column_x))
        {
          column = (Column){ y, y, y, y };
          column_x = x;
        }
      column.last = y;
      column.lowest = fmin (column.lowest, y);
      column.highest = fmax (column.highest, y);
    }
  if (!isnan (column_x))
    draw_column (cr, column_x, &column, is_start);
  cairo_stroke (cr);
}

static void
draw_curve (cairo_t *cr, const Frame *f, const Curve *curve)
{
  set_colour (cr, curve->rgb, 1);
  cairo_set_line_width (cr, curve->has_dots ? 2 : 1);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  draw_line (cr, f, curve->points);
  if (!curve->has_dots)
    return;
  for (guint i = 0; i < curve->points->len; i++)
    {
      const Point *point = &g_array_index (curve->points, Point, i);

      if (!isfinite (point->y))
        continue;
      cairo_arc (cr, map_x (f, point->x), map_y (f, point->y), 3, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

static void
draw_mark (PlPlot *self, cairo_t *cr, const Frame *f)
{
  const double dashes[] = { 4, 3 };
  double x = round (map_x (f, self->mark)) + 0.5;
  GdkRGBA colour;

  get_text_colour (self, &colour);
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, 0.6);
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, dashes, 2, 0);
  cairo_move_to (cr, x, f->top);
  cairo_line_to (cr, x, f->top + f->height);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

static void
pl_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PlPlot *self = PL_PLOT (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  Frame f = { .left = 44, .top = 42, .width = width - 44 - 10, .height = height - 42 - 20 };
  double x_high, low, high;
  cairo_t *cr;

  if (f.width < 20 || f.height < 20)
    return;
  find_range (self, &x_high, &low, &high);
  pl_plot_axis_init (&f.x, 0, x_high, MAX (2, (int) (f.width / 50)));
  pl_plot_axis_init (&f.y, low, high, MAX (2, (int) (f.height / 28)));
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  draw_grid (self, cr, &f);
  draw_legend (self, cr, &f);
  cairo_rectangle (cr, f.left, f.top - 4, f.width + 4, f.height + 8);
  cairo_clip (cr);
  for (guint i = 0; i < self->curves->len; i++)
    draw_curve (cr, &f, get_curve (self, (int) i));
  if (isfinite (self->mark))
    draw_mark (self, cr, &f);
  cairo_destroy (cr);
}

static void
pl_plot_measure (GtkWidget *widget,
                 GtkOrientation orientation,
                 int for_size,
                 int *minimum,
                 int *natural,
                 int *minimum_baseline,
                 int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 180 : 120;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 180;
}

static void
pl_plot_finalize (GObject *object)
{
  PlPlot *self = PL_PLOT (object);

  g_free (self->title);
  g_ptr_array_unref (self->curves);
  G_OBJECT_CLASS (pl_plot_parent_class)->finalize (object);
}

static void
pl_plot_class_init (PlPlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pl_plot_finalize;
  widget_class->snapshot = pl_plot_snapshot;
  widget_class->measure = pl_plot_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "plot");
}

static void
pl_plot_init (PlPlot *self)
{
  self->curves = g_ptr_array_new_with_free_func (free_curve);
  self->high = 1;
  self->mark = NAN;
  describe (self);
}

void
pl_plot_set_title (PlPlot *self, const char *title)
{
  g_return_if_fail (PL_IS_PLOT (self));

  g_free (self->title);
  self->title = g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plot_set_range (PlPlot *self, double low, double high)
{
  g_return_if_fail (PL_IS_PLOT (self) && low <= high);

  self->low = low;
  self->high = high;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

int
pl_plot_add_curve (PlPlot *self, const char *name, guint32 rgb, gboolean points)
{
  Curve *curve;

  g_return_val_if_fail (PL_IS_PLOT (self), -1);

  curve = g_new0 (Curve, 1);
  curve->name = g_strdup (name);
  curve->rgb = rgb;
  curve->has_dots = points;
  curve->points = g_array_new (FALSE, FALSE, sizeof (Point));
  g_ptr_array_add (self->curves, curve);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return (int) self->curves->len - 1;
}

void
pl_plot_append (PlPlot *self, int curve, double x, double y)
{
  const Point point = { x, y };

  g_return_if_fail (PL_IS_PLOT (self) && curve >= 0 && curve < (int) self->curves->len);

  g_array_append_val (get_curve (self, curve)->points, point);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
pl_plot_n_points (PlPlot *self, int curve)
{
  g_return_val_if_fail (PL_IS_PLOT (self) && curve >= 0 && curve < (int) self->curves->len, 0);

  return get_curve (self, curve)->points->len;
}

void
pl_plot_clear (PlPlot *self)
{
  g_return_if_fail (PL_IS_PLOT (self));

  for (guint i = 0; i < self->curves->len; i++)
    g_array_set_size (get_curve (self, (int) i)->points, 0);
  self->mark = NAN;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plot_set_mark (PlPlot *self, double x)
{
  g_return_if_fail (PL_IS_PLOT (self));

  self->mark = x;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
