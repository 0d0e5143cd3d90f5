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
  PlPlotAt at;
  double low, y, high; /* low and high are NaN without a band */
} Point;

typedef struct
{
  char *name;
  double y;
} Level;

typedef struct
{
  char *name;
  guint32 rgb;
  PlCurveKind kind;
  GArray *points; /* (element-type Point) */
} Curve;

struct _PlPlot
{
  GtkWidget parent;

  /* Owned */
  char *title;
  GPtrArray *curves; /* (element-type Curve): NULL where one was removed */
  GArray *levels;    /* (element-type Level) */

  PlPlotBy by;
  double low; /* the y axis shows at least this range */
  double high;
  double mark; /* an epoch, as the cursor */
  double cursor;
};

enum
{
  SIGNAL_CURSOR_MOVED,
  SIGNAL_CURSOR_DROPPED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

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

  if (curve == NULL)
    return;
  g_free (curve->name);
  g_array_unref (curve->points);
  g_free (curve);
}

static Curve *
get_curve (PlPlot *self, int index)
{
  return g_ptr_array_index (self->curves, index);
}

static double
get_x (const PlPlotAt *at, PlPlotBy by)
{
  return by == PL_PLOT_BY_STEP ? at->step : by == PL_PLOT_BY_EPOCH ? at->epoch : at->time_s;
}

/* On the x axis, by what the longest curve has around it; it may lie beyond. */
static double
epoch_to_x (PlPlot *self, double epoch)
{
  const GArray *points = NULL;
  guint i = 0;
  double share = 0;
  const Point *before;
  const Point *after;

  for (guint c = 0; c < self->curves->len; c++)
    {
      const Curve *curve = get_curve (self, (int) c);

      if (curve != NULL && (points == NULL || curve->points->len > points->len))
        points = curve->points;
    }
  if (self->by == PL_PLOT_BY_EPOCH || points == NULL || points->len < 2)
    return self->by == PL_PLOT_BY_EPOCH ? epoch : NAN;
  while (i < points->len - 2 && g_array_index (points, Point, i + 1).at.epoch < epoch)
    i++;
  before = &g_array_index (points, Point, i);
  after = &g_array_index (points, Point, i + 1);
  if (after->at.epoch > before->at.epoch)
    share = (epoch - before->at.epoch) / (after->at.epoch - before->at.epoch);
  return (1 - share) * get_x (&before->at, self->by) + share * get_x (&after->at, self->by);
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
      const Point *last = curve == NULL ? NULL : last_point (curve);

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
      const Curve *curve = get_curve (self, (int) i);

      for (guint p = 0; curve != NULL && p < curve->points->len; p++)
        {
          const Point *point = &g_array_index (curve->points, Point, p);

          *x_high = fmax (*x_high, get_x (&point->at, self->by));
          if (isfinite (point->y))
            {
              *low = fmin (*low, fmin (point->y, point->low));
              *high = fmax (*high, fmax (point->y, point->high));
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

      if (curve == NULL)
        continue;
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
draw_line (cairo_t *cr, const Frame *f, const GArray *points, PlPlotBy by)
{
  Column column = { 0 };
  double column_x = NAN;
  gboolean is_start = TRUE;

  for (guint i = 0; i < points->len; i++)
    {
      const Point *point = &g_array_index (points, Point, i);
      double x = floor (map_x (f, get_x (&point->at, by))) + 0.5;
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
draw_band (cairo_t *cr, const Frame *f, const Curve *curve, PlPlotBy by)
{
  const GArray *points = curve->points;

  for (guint i = 0; i < points->len; i++)
    {
      const Point *p = &g_array_index (points, Point, i);

      if (isfinite (p->low))
        cairo_line_to (cr, map_x (f, get_x (&p->at, by)), map_y (f, p->low));
    }
  for (guint i = points->len; i-- > 0;)
    {
      const Point *p = &g_array_index (points, Point, i);

      if (isfinite (p->high))
        cairo_line_to (cr, map_x (f, get_x (&p->at, by)), map_y (f, p->high));
    }
  set_colour (cr, curve->rgb, 0.2);
  cairo_fill (cr);
}

static void
draw_curve (cairo_t *cr, const Frame *f, const Curve *curve, PlPlotBy by)
{
  draw_band (cr, f, curve, by);
  set_colour (cr, curve->rgb, 1);
  cairo_set_line_width (cr, curve->kind == PL_CURVE_DOTS ? 2 : 1);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  draw_line (cr, f, curve->points, by);
  if (curve->kind != PL_CURVE_DOTS)
    return;
  for (guint i = 0; i < curve->points->len; i++)
    {
      const Point *point = &g_array_index (curve->points, Point, i);

      if (!isfinite (point->y))
        continue;
      cairo_arc (cr, map_x (f, get_x (&point->at, by)), map_y (f, point->y), 3, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

static void
draw_mark (PlPlot *self, cairo_t *cr, const Frame *f, double epoch)
{
  const double dashes[] = { 4, 3 };
  double x = round (map_x (f, epoch_to_x (self, epoch))) + 0.5;
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
draw_levels (PlPlot *self, cairo_t *cr, const Frame *f)
{
  GdkRGBA colour;

  get_text_colour (self, &colour);
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, 0.6);
  cairo_set_line_width (cr, 1);
  for (guint i = 0; i < self->levels->len; i++)
    {
      const Level *level = &g_array_index (self->levels, Level, i);
      double y = round (map_y (f, level->y)) + 0.5;

      cairo_move_to (cr, f->left, y);
      cairo_rel_line_to (cr, f->width, 0);
      cairo_stroke (cr);
      pl_plot_draw_text (GTK_WIDGET (self), cr, level->name, f->left + f->width, y - 8, 1);
    }
}

/* FALSE when there is no room. */
static gboolean
find_frame (PlPlot *self, Frame *f)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  double x_high, low, high;

  *f = (Frame){ .left = 44, .top = 42, .width = width - 44 - 10, .height = height - 42 - 20 };
  if (f->width < 20 || f->height < 20)
    return FALSE;
  find_range (self, &x_high, &low, &high);
  pl_plot_axis_init (&f->x, 0, x_high, MAX (2, (int) (f->width / 50)));
  pl_plot_axis_init (&f->y, low, high, MAX (2, (int) (f->height / 28)));
  return TRUE;
}

static void
pl_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PlPlot *self = PL_PLOT (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  Frame f;
  cairo_t *cr;

  if (!find_frame (self, &f))
    return;
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  draw_grid (self, cr, &f);
  draw_legend (self, cr, &f);
  cairo_rectangle (cr, f.left, f.top - 4, f.width + 4, f.height + 8);
  cairo_clip (cr);
  for (guint i = 0; i < self->curves->len; i++)
    if (get_curve (self, (int) i) != NULL)
      draw_curve (cr, &f, get_curve (self, (int) i), self->by);
  draw_levels (self, cr, &f);
  if (isfinite (epoch_to_x (self, self->mark)))
    draw_mark (self, cr, &f, self->mark);
  if (isfinite (epoch_to_x (self, self->cursor)))
    draw_mark (self, cr, &f, self->cursor);
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
  g_array_unref (self->levels);
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
  signals[SIGNAL_CURSOR_MOVED] =
      g_signal_new ("cursor-moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  signals[SIGNAL_CURSOR_DROPPED] =
      g_signal_new ("cursor-dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
}

/* The epoch at a place of the x axis: the value of the longest curve before it. */
static double
x_to_epoch (PlPlot *self, double x)
{
  double epoch = 0;
  double nearest = -INFINITY;

  if (self->by == PL_PLOT_BY_EPOCH)
    return x;
  for (guint c = 0; c < self->curves->len; c++)
    {
      const Curve *curve = get_curve (self, (int) c);

      for (guint i = 0; curve != NULL && i < curve->points->len; i++)
        {
          const Point *p = &g_array_index (curve->points, Point, i);
          double at = get_x (&p->at, self->by);

          if (at <= x && at > nearest)
            {
              nearest = at;
              epoch = p->at.epoch;
            }
        }
    }
  return epoch;
}

static void
drag_to (PlPlot *self, double x)
{
  Frame f;

  if (!find_frame (self, &f))
    return;
  x = f.x.low + (f.x.high - f.x.low) * CLAMP ((x - f.left) / f.width, 0, 1);
  pl_plot_set_cursor (self, x_to_epoch (self, x));
  g_signal_emit (self, signals[SIGNAL_CURSOR_MOVED], 0, self->cursor);
}

static void
drag_begin_cb (PlPlot *self, double x, double y)
{
  drag_to (self, x);
}

static void
drag_update_cb (PlPlot *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x;
  double y;

  if (gtk_gesture_drag_get_start_point (gesture, &x, &y))
    drag_to (self, x + dx);
}

static void
drag_end_cb (PlPlot *self)
{
  g_signal_emit (self, signals[SIGNAL_CURSOR_DROPPED], 0);
}

static void
clear_level (gpointer data)
{
  g_free (((Level *) data)->name);
}

static void
pl_plot_init (PlPlot *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->curves = g_ptr_array_new_with_free_func (free_curve);
  self->levels = g_array_new (FALSE, FALSE, sizeof (Level));
  g_array_set_clear_func (self->levels, clear_level);
  self->by = PL_PLOT_BY_EPOCH;
  self->high = 1;
  self->mark = NAN;
  self->cursor = NAN;
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
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

void
pl_plot_set_by (PlPlot *self, PlPlotBy by)
{
  g_return_if_fail (PL_IS_PLOT (self));

  self->by = by;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
has_curve (PlPlot *self, int index)
{
  return index >= 0 && index < (int) self->curves->len && get_curve (self, index) != NULL;
}

int
pl_plot_add_curve (PlPlot *self, const char *name, guint32 rgb, PlCurveKind kind)
{
  Curve *curve;
  int index = 0;

  g_return_val_if_fail (PL_IS_PLOT (self), -1);

  curve = g_new0 (Curve, 1);
  curve->name = g_strdup (name);
  curve->rgb = rgb;
  curve->kind = kind;
  curve->points = g_array_new (FALSE, FALSE, sizeof (Point));
  while (has_curve (self, index))
    index++;
  if (index == (int) self->curves->len)
    g_ptr_array_add (self->curves, NULL);
  self->curves->pdata[index] = curve;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return index;
}

void
pl_plot_remove_curve (PlPlot *self, int curve)
{
  g_return_if_fail (PL_IS_PLOT (self) && has_curve (self, curve));

  free_curve (get_curve (self, curve));
  self->curves->pdata[curve] = NULL;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plot_append_band (PlPlot *self, int curve, PlPlotAt at, double low, double y, double high)
{
  const Point point = { at, low, y, high };

  g_return_if_fail (PL_IS_PLOT (self) && has_curve (self, curve));

  g_array_append_val (get_curve (self, curve)->points, point);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plot_append (PlPlot *self, int curve, PlPlotAt at, double y)
{
  pl_plot_append_band (self, curve, at, NAN, y, NAN);
}

guint
pl_plot_n_points (PlPlot *self, int curve)
{
  g_return_val_if_fail (PL_IS_PLOT (self) && has_curve (self, curve), 0);

  return get_curve (self, curve)->points->len;
}

void
pl_plot_clear (PlPlot *self)
{
  g_return_if_fail (PL_IS_PLOT (self));

  for (guint i = 0; i < self->curves->len; i++)
    if (get_curve (self, (int) i) != NULL)
      g_array_set_size (get_curve (self, (int) i)->points, 0);
  self->mark = NAN;
  self->cursor = NAN;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plot_set_mark (PlPlot *self, double epoch)
{
  g_return_if_fail (PL_IS_PLOT (self));

  self->mark = epoch;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plot_set_cursor (PlPlot *self, double epoch)
{
  g_return_if_fail (PL_IS_PLOT (self));

  self->cursor = epoch;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plot_add_level (PlPlot *self, const char *name, double y)
{
  const Level level = { g_strdup (name), y };

  g_return_if_fail (PL_IS_PLOT (self));

  g_array_append_val (self->levels, level);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
