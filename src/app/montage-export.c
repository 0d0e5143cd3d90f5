/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both formats are drawn by the same cairo commands, so that they look the same; the file is made
 * in memory and put in place at once.
 */
#include "app/montage-export.h"

#include "app/mask-path.h"
#include "app/montage-layout.h"
#include "app/montage-order.h"
#include "base/file.h"
#include "image/montage.h"

#include <cairo-pdf.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <math.h>
#include <pango/pangocairo.h>

#define MAX_SIDE_PX 32767 /* cairo's limit */
#define PAGE_WIDTH_PT 595.0
#define PAGE_HEIGHT_PT 842.0
#define MARGIN_PT 28.0
#define HEADING_PT 20.0
#define GAP_PT 4.0

PlMontageExport *
pl_montage_export_new (PlTileLook *look, const char *heading, int columns)
{
  PlMontageExport *self = g_new0 (PlMontageExport, 1);

  self->look = pl_tile_look_ref (look);
  self->heading = g_strdup (heading);
  self->columns = MAX (columns, 1);
  self->subjects = g_array_new (FALSE, FALSE, sizeof (int));
  self->labels = g_ptr_array_new_with_free_func (g_free);
  self->dice = g_array_new (FALSE, FALSE, sizeof (double));
  return self;
}

void
pl_montage_export_free (PlMontageExport *self)
{
  if (self == NULL)
    return;
  pl_tile_look_unref (self->look);
  g_free (self->heading);
  g_array_unref (self->subjects);
  g_ptr_array_unref (self->labels);
  g_array_unref (self->dice);
  g_free (self);
}

void
pl_montage_export_add (PlMontageExport *self, int subject, const char *label, double dice)
{
  g_array_append_val (self->subjects, subject);
  g_ptr_array_add (self->labels, g_strdup (label));
  g_array_append_val (self->dice, dice);
}

/* One at work. Lengths are in units of the surface. */
typedef struct
{
  const PlMontageExport *montage;
  cairo_t *cr;
  double tile_width;
  double tile_height;
  double font; /* height of the letters */
  PlMontageExportProgress progress;
  gpointer progress_data;
  GCancellable *cancellable;
} Drawing;

static void
set_colour (cairo_t *cr, guint32 rgb, double opacity)
{
  cairo_set_source_rgba (cr, (rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0,
                         (rgb & 0xff) / 255.0, opacity);
}

/* @at_end: in the lower right corner of an area that begins at 0, 0; else in the upper left. */
static void
draw_text (const Drawing *drawing, const char *text, double width, double height, gboolean at_end)
{
  cairo_t *cr = drawing->cr;
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Sans");
  int text_width;
  int text_height;

  pango_font_description_set_absolute_size (font, drawing->font * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_START);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  cairo_save (cr);
  if (at_end)
    cairo_translate (cr, width - text_width, height - text_height);
  cairo_rectangle (cr, 0, 0, text_width, text_height);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_fill (cr);
  cairo_move_to (cr, 0, 0);
  cairo_set_source_rgb (cr, 1, 1, 1);
  pango_cairo_show_layout (cr, layout);
  cairo_restore (cr);
}

/* In units of the slice's pixels. @line: width of an outline. */
static void
draw_mask (const Drawing *drawing,
           const PlTileSubject *subject,
           const guint8 *labels,
           guint32 of,
           gboolean is_filled,
           double line)
{
  cairo_t *cr = drawing->cr;
  gsize n_labels = (gsize) subject->rows * (gsize) subject->columns;
  guint8 found[255];
  int n = labels == NULL ? 0 : pl_label_find (labels, n_labels, found);

  cairo_set_line_width (cr, line);
  for (int i = 0; i < n; i++)
    {
      pl_mask_path_append (cr, labels, subject->rows, subject->columns, found[i]);
      set_colour (cr, pl_label_rgb (of, found[i]), is_filled ? drawing->montage->look->opacity : 1);
      if (is_filled)
        cairo_fill (cr);
      else
        cairo_stroke (cr);
    }
}

static void
draw_subject (const Drawing *drawing, const PlTileSubject *subject)
{
  const PlTileLook *look = drawing->montage->look;
  cairo_t *cr = drawing->cr;
  double scale = MIN (drawing->tile_width / subject->width, drawing->tile_height / subject->height);
  double column = (double) subject->width / subject->columns;
  double row = (double) subject->height / subject->rows;
  g_autofree guint32 *pixels = pl_tile_paint_image (look, subject);
  cairo_surface_t *image =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, subject->width, subject->height);
  guint8 *data = cairo_image_surface_get_data (image);
  gsize stride = (gsize) cairo_image_surface_get_stride (image);

  for (int y = 0; y < subject->height; y++)
    memcpy (data + (gsize) y * stride, pixels + (gsize) y * (gsize) subject->width,
            sizeof *pixels * (gsize) subject->width);
  cairo_surface_mark_dirty (image);
  cairo_save (cr);
  cairo_translate (cr, (drawing->tile_width - subject->width * scale) / 2,
                   (drawing->tile_height - subject->height * scale) / 2);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_paint (cr);
  cairo_scale (cr, column, row);
  draw_mask (drawing, subject, subject->prediction_labels, PL_PREDICTION_RGB,
             look->prediction_style != PL_PREDICTION_OUTLINE, 1.2 / scale / MAX (column, row));
  draw_mask (drawing, subject, subject->truth_labels, PL_TRUTH_RGB, look->truth_is_filled,
             1.2 / scale / MAX (column, row));
  cairo_restore (cr);
  cairo_surface_destroy (image);
}

/* At the origin. */
static gboolean
draw_tile (const Drawing *drawing, guint tile, GError **error)
{
  const PlMontageExport *montage = drawing->montage;
  double dice = g_array_index (montage->dice, double, tile);
  g_auto (PlTileSubject) subject = { 0 };
  char number[16];

  if (g_cancellable_set_error_if_cancelled (drawing->cancellable, error) ||
      !pl_tile_subject_init (&subject, montage->look, g_array_index (montage->subjects, int, tile),
                             drawing->cancellable, error))
    return FALSE;
  draw_subject (drawing, &subject);
  draw_text (drawing, g_ptr_array_index (montage->labels, tile), drawing->tile_width,
             drawing->tile_height, FALSE);
  if (!isnan (dice))
    {
      double line = drawing->font / 5;

      g_snprintf (number, sizeof number, "%.3f", dice);
      draw_text (drawing, number, drawing->tile_width, drawing->tile_height, TRUE);
      cairo_rectangle (drawing->cr, -line / 2, -line / 2, drawing->tile_width + line,
                       drawing->tile_height + line);
      set_colour (drawing->cr, pl_dice_rgb (dice), 1);
      cairo_set_line_width (drawing->cr, line);
      cairo_stroke (drawing->cr);
    }
  if (drawing->progress != NULL)
    drawing->progress ((double) (tile + 1) / montage->subjects->len, drawing->progress_data);
  return TRUE;
}

static gboolean
draw_tile_at (const Drawing *drawing, guint tile, double x, double y, GError **error)
{
  gboolean done;

  cairo_save (drawing->cr);
  cairo_translate (drawing->cr, x, y);
  done = draw_tile (drawing, tile, error);
  cairo_restore (drawing->cr);
  return done;
}

static cairo_status_t
append_cb (void *data, const unsigned char *bytes, unsigned int n)
{
  g_byte_array_append (data, bytes, n);
  return CAIRO_STATUS_SUCCESS;
}

/* Cairo draws on after a failure, for instance without memory for the surface. */
static gboolean
check_status (cairo_status_t status, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("The picture cannot be drawn: %s. Choose smaller tiles, a part of them, or PDF."),
               cairo_status_to_string (status));
  return FALSE;
}

/* As it is on the screen. */
static gboolean
draw_picture (Drawing *drawing, GByteArray *bytes, GError **error)
{
  const PlMontageExport *montage = drawing->montage;
  const PlTileLook *look = montage->look;
  int n = (int) montage->subjects->len;
  int columns = MIN (montage->columns, n);
  int width = PL_MONTAGE_GAP + columns * (look->width + PL_MONTAGE_GAP);
  gint64 height =
      PL_MONTAGE_GAP + (gint64) ((n + columns - 1) / columns) * (look->height + PL_MONTAGE_GAP);
  cairo_surface_t *surface;
  gboolean done;

  if (width > MAX_SIDE_PX || height > MAX_SIDE_PX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("The picture would be %d × %lld pixels, of at most %d a side. Choose smaller "
                      "tiles, a part of them, or PDF."),
                   width, (long long) height, MAX_SIDE_PX);
      return FALSE;
    }
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, (int) height);
  done = check_status (cairo_surface_status (surface), error);
  drawing->cr = cairo_create (surface);
  drawing->tile_width = look->width;
  drawing->tile_height = look->height;
  drawing->font = CLAMP (look->width / 14.0, 10, 20);
  for (int i = 0; i < n && done; i++)
    done = draw_tile_at (drawing, (guint) i,
                         PL_MONTAGE_GAP + i % columns * (look->width + PL_MONTAGE_GAP),
                         PL_MONTAGE_GAP + i / columns * (look->height + PL_MONTAGE_GAP), error);
  done = done && check_status (cairo_status (drawing->cr), error);
  cairo_destroy (drawing->cr);
  done =
      done && check_status (cairo_surface_write_to_png_stream (surface, append_cb, bytes), error);
  cairo_surface_destroy (surface);
  return done;
}

static void
begin_page (const Drawing *drawing, int page, int n_pages)
{
  cairo_t *cr = drawing->cr;
  Drawing heading = *drawing;
  /* Translators: over a page: what is shown, number of the page, number of pages. */
  g_autofree char *text =
      g_strdup_printf (_ ("%s – page %d of %d"), drawing->montage->heading, page + 1, n_pages);

  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_paint (cr);
  cairo_save (cr);
  cairo_translate (cr, MARGIN_PT, MARGIN_PT);
  heading.font = 10;
  draw_text (&heading, text, PAGE_WIDTH_PT - 2 * MARGIN_PT, HEADING_PT, FALSE);
  cairo_restore (cr);
}

static gboolean
draw_pages (Drawing *drawing, GByteArray *bytes, GError **error)
{
  const PlMontageExport *montage = drawing->montage;
  const PlTileLook *look = montage->look;
  double top = MARGIN_PT + HEADING_PT;
  int n = (int) montage->subjects->len;
  int columns = MIN (montage->columns, 12);
  int per_page;
  cairo_surface_t *surface =
      cairo_pdf_surface_create_for_stream (append_cb, bytes, PAGE_WIDTH_PT, PAGE_HEIGHT_PT);
  gboolean done = TRUE;

  drawing->cr = cairo_create (surface);
  drawing->tile_width = (PAGE_WIDTH_PT - 2 * MARGIN_PT - (columns - 1) * GAP_PT) / columns;
  drawing->tile_height = drawing->tile_width * look->height / look->width;
  drawing->font = CLAMP (drawing->tile_width / 14, 5, 10);
  per_page =
      MAX ((int) ((PAGE_HEIGHT_PT - MARGIN_PT - top + GAP_PT) / (drawing->tile_height + GAP_PT)),
           1) *
      columns;
  for (int i = 0; i < n && done; i++)
    {
      if (i % per_page == 0)
        begin_page (drawing, i / per_page, (n + per_page - 1) / per_page);
      done = draw_tile_at (drawing, (guint) i,
                           MARGIN_PT + i % columns * (drawing->tile_width + GAP_PT),
                           top + i % per_page / columns * (drawing->tile_height + GAP_PT), error);
      if (i % per_page == per_page - 1 || i == n - 1)
        cairo_show_page (drawing->cr);
    }
  done = done && check_status (cairo_status (drawing->cr), error);
  cairo_destroy (drawing->cr);
  cairo_surface_finish (surface);
  done = done && check_status (cairo_surface_status (surface), error);
  cairo_surface_destroy (surface);
  return done;
}

static gboolean
has_ending (const char *path, const char *ending)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  return g_str_has_suffix (lower, ending);
}

gboolean
pl_montage_export_write (const PlMontageExport *self,
                         const char *path,
                         PlMontageExportProgress progress,
                         gpointer progress_data,
                         GCancellable *cancellable,
                         GError **error)
{
  Drawing drawing = {
    .montage = self,
    .progress = progress,
    .progress_data = progress_data,
    .cancellable = cancellable,
  };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gboolean done;

  if (has_ending (path, ".png"))
    done = draw_picture (&drawing, bytes, error);
  else if (has_ending (path, ".pdf"))
    done = draw_pages (&drawing, bytes, error);
  else
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("%s: a montage is saved as .png or .pdf."), path);
      return FALSE;
    }
  return done && pl_file_replace (path, bytes->data, bytes->len, error);
}
