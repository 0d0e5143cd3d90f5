/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Padding fills the first bin of many files, and values that were clipped the last one, often with
 * more than all others: those two do not count for the height, and are cut where they pass it.
 */
#include "app/histogram-view.h"

#include "app/plot-draw.h"

#include <math.h>

#define SIDE_PX 24
#define AXIS_PX 22
#define TICK_PX 70 /* at least between two */

struct _PlHistogramView
{
  GtkWidget parent_instance;

  PlHistogram histogram;
  char *unit; /* Owned, nullable */
};

G_DEFINE_FINAL_TYPE (PlHistogramView, pl_histogram_view, GTK_TYPE_WIDGET)

void
pl_histogram_view_set (PlHistogramView *self,
                       const PlHistogram *histogram,
                       const char *unit,
                       const char *text)
{
  g_return_if_fail (PL_IS_HISTOGRAM_VIEW (self));

  self->histogram = *histogram;
  g_free (self->unit);
  self->unit = g_strdup (unit);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static guint64
find_height (const PlHistogram *histogram)
{
  guint64 inner = 0;

  for (int i = 1; i < PL_HISTOGRAM_BINS - 1; i++)
    inner = MAX (inner, histogram->counts[i]);
  return inner > 0 ? inner : MAX (histogram->counts[0], histogram->counts[PL_HISTOGRAM_BINS - 1]);
}

static void
draw_bars (PlHistogramView *self, cairo_t *cr, const PlPlotAxis *axis, double width, double height)
{
  const PlHistogram *h = &self->histogram;
  guint64 highest = find_height (h);

  for (int i = 0; i < PL_HISTOGRAM_BINS; i++)
    {
      double left = pl_plot_axis_position (axis, h->low + i * h->width) * width;
      double right = pl_plot_axis_position (axis, h->low + (i + 1) * h->width) * width;
      double share = fmin (1, (double) h->counts[i] / (double) highest);

      if (h->counts[i] > 0)
        cairo_rectangle (cr, SIDE_PX + left, height * (1 - share), right - left, height * share);
    }
  cairo_fill (cr);
}

static void
draw_axis (PlHistogramView *self, cairo_t *cr, const PlPlotAxis *axis, double width, double height)
{
  double last = SIDE_PX + width;

  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, SIDE_PX, floor (height) + 0.5);
  cairo_rel_line_to (cr, width, 0);
  if (self->unit != NULL)
    last -= pl_plot_draw_text (gtk_widget_get_pango_context (GTK_WIDGET (self)), cr, self->unit,
                               last, height + 13, 1) +
            20;
  for (double v = pl_plot_axis_first_tick (axis); v <= axis->high + axis->step * 1e-6;
       v += axis->step)
    {
      double x = SIDE_PX + width * pl_plot_axis_position (axis, v);
      g_autofree char *label = g_strdup_printf ("%.*f", axis->decimals, v);

      cairo_move_to (cr, floor (x) + 0.5, floor (height) + 0.5);
      cairo_rel_line_to (cr, 0, 4);
      if (x < last)
        pl_plot_draw_text (gtk_widget_get_pango_context (GTK_WIDGET (self)), cr, label, x,
                           height + 13, 0.5);
    }
  cairo_stroke (cr);
}

static void
pl_histogram_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PlHistogramView *self = PL_HISTOGRAM_VIEW (widget);
  const PlHistogram *h = &self->histogram;
  int full_width = gtk_widget_get_width (widget);
  int full_height = gtk_widget_get_height (widget);
  double width = full_width - 2 * SIDE_PX;
  double height = full_height - AXIS_PX;
  PlPlotAxis axis;
  GdkRGBA colour;
  cairo_t *cr;

  if (h->n == 0 || width < 1 || height < 1)
    return;
  pl_plot_axis_init (&axis, h->low, fmax (h->max, h->low + h->width),
                     MAX (2, (int) width / TICK_PX));
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) full_width, (float) full_height));
  cairo_rectangle (cr, 0, 0, full_width, full_height);
  cairo_clip (cr);
  cairo_set_source_rgb (cr, 0x35 / 255.0, 0x84 / 255.0, 0xe4 / 255.0);
  draw_bars (self, cr, &axis, width, height);
  gdk_cairo_set_source_rgba (cr, &colour);
  draw_axis (self, cr, &axis, width, height);
  cairo_destroy (cr);
}

static void
pl_histogram_view_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 180 : 100;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 420 : 150;
}

static void
pl_histogram_view_finalize (GObject *object)
{
  g_free (PL_HISTOGRAM_VIEW (object)->unit);
  G_OBJECT_CLASS (pl_histogram_view_parent_class)->finalize (object);
}

static void
pl_histogram_view_class_init (PlHistogramViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pl_histogram_view_finalize;
  widget_class->snapshot = pl_histogram_view_snapshot;
  widget_class->measure = pl_histogram_view_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "histogram");
}

static void
pl_histogram_view_init (PlHistogramView *self)
{
}
