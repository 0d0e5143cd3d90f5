/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures are recorded where the plot is drawn and played back into the file's format in a thread;
 * values are shared with the thread, not copied. Numbers in files have a point in every language.
 */
#include "app/plot-export.h"

#include "app/plot-draw.h"

#include "base/file.h"
#include "train/csv.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>

/* In points: as wide as a column and a half of a paper. */
#define WIDTH_PT 480.0
#define HEIGHT_PT 300.0
#define PX_PER_PT 3 /* of a PNG picture: 216 a inch */

typedef struct
{
  char *name;
  PlCurve *data;
} Values;

struct _PlPlotExport
{
  char *path;
  cairo_surface_t *recording; /* of a picture */
  GArray *values;             /* (element-type Values) of a table */
};

static cairo_surface_t *
record (const PlPlotScene *shown)
{
  static const PlPlotLook paper = {
    .text = { 0, 0, 0 },
    .background = { 1, 1, 1 },
    .grid = 0.2,
    .pale = 0.35,
  };
  const cairo_rectangle_t page = { 0, 0, WIDTH_PT, HEIGHT_PT };
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, &page);
  cairo_t *cr = cairo_create (surface);
  PangoContext *context = pango_cairo_create_context (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Sans 10");
  PlPlotScene scene = *shown;
  PlPlotLook look = paper;
  PlPlotFrame frame;

  scene.read_x = NAN;
  scene.cursor = NAN;
  pango_cairo_context_set_resolution (context, 72);
  pango_context_set_font_description (context, font);
  look.context = context;
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  if (pl_plot_frame_init (&frame, &scene, &look, WIDTH_PT, HEIGHT_PT))
    {
      pl_plot_draw (&scene, &frame, &look, cr);
      pl_plot_frame_clear (&frame);
    }
  g_object_unref (context);
  cairo_destroy (cr);
  return surface;
}

static void
clear_values (gpointer data)
{
  Values *values = data;

  g_free (values->name);
  pl_curve_free (values->data);
}

static GArray *
collect_values (const PlPlotScene *scene)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Values));

  g_array_set_clear_func (all, clear_values);
  for (guint i = 0; i < scene->curves->len; i++)
    {
      const PlPlotCurve *curve = pl_plot_scene_get_curve (scene, (int) i);

      if (curve != NULL)
        {
          Values values = { g_strdup (curve->name), pl_curve_copy (curve->data) };

          g_array_append_val (all, values);
        }
    }
  return all;
}

PlPlotExport *
pl_plot_export_new (const PlPlotScene *scene, const char *path, GError **error)
{
  PlPlotExport *self;
  gboolean is_table = g_str_has_suffix (path, ".csv");

  if (!is_table && !g_str_has_suffix (path, ".png") && !g_str_has_suffix (path, ".svg") &&
      !g_str_has_suffix (path, ".pdf"))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                   _ ("%s: the name of an exported plot ends in .png, .svg, .pdf or .csv"), path);
      return NULL;
    }
  self = g_new0 (PlPlotExport, 1);
  self->path = g_strdup (path);
  if (is_table)
    self->values = collect_values (scene);
  else
    self->recording = record (scene);
  return self;
}

void
pl_plot_export_free (PlPlotExport *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  if (self->recording != NULL)
    cairo_surface_finish (self->recording); /* cairo 1.16 keeps the shell of what was painted */
  g_clear_pointer (&self->recording, cairo_surface_destroy);
  g_clear_pointer (&self->values, g_array_unref);
  g_free (self);
}

/* An empty field for what is not finite. */
static void
append_number (GString *text, const char *format, double number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE] = "";

  if (isfinite (number))
    g_ascii_formatd (digits, sizeof digits, format, number);
  g_string_append_c (text, ',');
  g_string_append (text, digits);
}

static void
append_values (GString *text, const Values *values)
{
  for (guint i = 0; i < pl_curve_get_n_points (values->data); i++)
    {
      const PlCurvePoint *point = pl_curve_get_point (values->data, i);

      pl_csv_append (text, values->name);
      append_number (text, "%.9g", point->at.step);
      append_number (text, "%.9g", point->at.epoch);
      append_number (text, "%.9g", point->at.time_s);
      append_number (text, "%.9g", point->y);
      append_number (text, "%.6g", point->low);
      append_number (text, "%.6g", point->high);
      g_string_append_c (text, '\n');
    }
}

static gboolean
write_table (PlPlotExport *self, GError **error)
{
  g_autoptr (GString) text = g_string_new ("curve,step,epoch,time_s,value,low,high\n");

  for (guint i = 0; i < self->values->len; i++)
    append_values (text, &g_array_index (self->values, Values, i));
  return pl_file_replace (self->path, text->str, text->len, error);
}

static cairo_status_t
append_cb (void *data, const unsigned char *bytes, unsigned int n)
{
  g_byte_array_append (data, bytes, n);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
create_surface (PlPlotExport *self, GByteArray *bytes)
{
  cairo_surface_t *surface;

  if (g_str_has_suffix (self->path, ".pdf"))
    return cairo_pdf_surface_create_for_stream (append_cb, bytes, WIDTH_PT, HEIGHT_PT);
  if (g_str_has_suffix (self->path, ".svg"))
    return cairo_svg_surface_create_for_stream (append_cb, bytes, WIDTH_PT, HEIGHT_PT);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) WIDTH_PT * PX_PER_PT,
                                        (int) HEIGHT_PT * PX_PER_PT);
  cairo_surface_set_device_scale (surface, PX_PER_PT, PX_PER_PT);
  return surface;
}

static gboolean
write_picture (PlPlotExport *self, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface = create_surface (self, bytes);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_set_source_surface (cr, self->recording, 0, 0);
  cairo_paint (cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS && g_str_has_suffix (self->path, ".png"))
    status = cairo_surface_write_to_png_stream (surface, append_cb, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", self->path,
                   cairo_status_to_string (status));
      return FALSE;
    }
  return pl_file_replace (self->path, bytes->data, bytes->len, error);
}

gboolean
pl_plot_export_write (PlPlotExport *self, GError **error)
{
  return self->values != NULL ? write_table (self, error) : write_picture (self, error);
}
