/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the parts of a plot are: title, legend in as many lines as it takes, curves, labels. */
#include "app/plot-draw.h"

#include <math.h>

#define PAD_PX 6.0
#define RIGHT_PX 12.0
#define ENTRY_MARK_PX 18.0
#define ENTRY_GAP_PX 12.0
#define X_TICK_PX 52.0
#define Y_TICK_PX 28.0
#define MIN_SIDE_PX 20.0

double
pl_plot_draw_text (
    PangoContext *context, cairo_t *cr, const char *text, double x, double y, double align)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  PangoAttrList *attributes = pango_attr_list_new ();
  int width, height;

  pango_layout_set_text (layout, text, -1);
  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  if (cr != NULL)
    {
      cairo_move_to (cr, round (x - align * width), round (y - height / 2.0));
      pango_cairo_show_layout (cr, layout);
    }
  return width;
}

static double
find_line_height (PangoContext *context)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  double height = (double) pango_font_metrics_get_height (metrics) / PANGO_SCALE;

  pango_font_metrics_unref (metrics);
  return ceil (height * PANGO_SCALE_SMALL) + 3;
}

/* Returns: the bottom of the legend. */
static double
place_entries (
    PlPlotFrame *frame, const PlPlotScene *scene, const PlPlotLook *look, double top, double width)
{
  double x = PAD_PX;
  double y = top;

  frame->entries = g_array_new (FALSE, FALSE, sizeof (PlPlotEntry));
  for (guint i = 0; i < scene->curves->len; i++)
    {
      const PlPlotCurve *curve = pl_plot_scene_get_curve (scene, (int) i);
      PlPlotEntry entry = { .curve = (int) i };

      if (curve == NULL)
        continue;
      entry.width = ENTRY_MARK_PX + pl_plot_draw_text (look->context, NULL, curve->name, 0, 0, 0);
      if (x > PAD_PX && x + entry.width > width - PAD_PX)
        {
          x = PAD_PX;
          y += frame->line;
        }
      entry.x = x;
      entry.y = y;
      g_array_append_val (frame->entries, entry);
      x += entry.width + ENTRY_GAP_PX;
    }
  return frame->entries->len > 0 ? y + frame->line : y;
}

/* The room that the labels of the y axis take. */
static double
find_label_width (const PlPlotFrame *frame, const PlPlotLook *look)
{
  g_autoptr (GArray) ticks = pl_plot_axis_get_ticks (&frame->y);
  double width = 0;

  for (guint i = 0; i < ticks->len; i++)
    {
      g_autofree char *label = pl_plot_axis_dup_label (&frame->y, g_array_index (ticks, double, i));

      width = fmax (width, pl_plot_draw_text (look->context, NULL, label, 0, 0, 0));
    }
  return width;
}

gboolean
pl_plot_frame_init (PlPlotFrame *frame,
                    const PlPlotScene *scene,
                    const PlPlotLook *look,
                    double width,
                    double height)
{
  PlPlotScale x_scale = scene->by == PL_PLOT_BY_TIME ? PL_PLOT_TIME : PL_PLOT_LINEAR;
  double low;
  double high;

  frame->line = find_line_height (look->context);
  frame->top =
      place_entries (frame, scene, look, scene->title == NULL ? 4 : 8 + frame->line, width) + 6;
  frame->height = height - frame->top - frame->line - 6;
  pl_plot_scene_find_y (scene, &low, &high);
  pl_plot_axis_init_scale (&frame->y, scene->is_log ? PL_PLOT_LOG : PL_PLOT_LINEAR, low, high,
                           MAX (2, (int) (frame->height / Y_TICK_PX)));
  frame->left = fmax (36, find_label_width (frame, look) + 2 * PAD_PX);
  frame->width = width - frame->left - RIGHT_PX;
  if (frame->width < MIN_SIDE_PX || frame->height < MIN_SIDE_PX)
    {
      pl_plot_frame_clear (frame);
      return FALSE;
    }
  pl_plot_scene_get_view (scene, &low, &high);
  pl_plot_axis_init_scale (&frame->x, x_scale, low, high,
                           MAX (2, (int) (frame->width / X_TICK_PX)));
  return TRUE;
}

void
pl_plot_frame_clear (PlPlotFrame *frame)
{
  g_clear_pointer (&frame->entries, g_array_unref);
}

int
pl_plot_frame_find_entry (const PlPlotFrame *frame, double x, double y)
{
  for (guint i = 0; i < frame->entries->len; i++)
    {
      const PlPlotEntry *entry = &g_array_index (frame->entries, PlPlotEntry, i);

      if (x >= entry->x && x < entry->x + entry->width && y >= entry->y &&
          y < entry->y + frame->line)
        return entry->curve;
    }
  return -1;
}

double
pl_plot_frame_to_x (const PlPlotFrame *frame, double x_px)
{
  return pl_plot_axis_value (&frame->x, (x_px - frame->left) / frame->width);
}

double
pl_plot_frame_from_x (const PlPlotFrame *frame, double x)
{
  return frame->left + frame->width * pl_plot_axis_position (&frame->x, x);
}
