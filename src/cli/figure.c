/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of pleura-cli: PNG through cairo, and the figure of a case. */
#include "cli/cli.h"

#include "base/file.h"
#include "image/montage.h"

#include <cairo.h>
#include <glib/gi18n.h>
#include <string.h>

/* Where a picture goes, and what went wrong there. */
typedef struct
{
  PlFileWriter *file;
  GError **error;
} Sink;

static cairo_status_t
write_cb (void *data, const unsigned char *bytes, unsigned int n)
{
  Sink *sink = data;

  return pl_file_writer_write (sink->file, bytes, n, sink->error) ? CAIRO_STATUS_SUCCESS
                                                                  : CAIRO_STATUS_WRITE_ERROR;
}

gboolean
pl_cli_write_png (const char *path, const guint8 *rgb, int width, int height, GError **error)
{
  g_autoptr (PlFileWriter) file = pl_file_writer_open (path, error);
  Sink sink = { file, error };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  guint8 *pixels = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  cairo_status_t status;

  if (file == NULL)
    {
      cairo_surface_destroy (surface);
      return FALSE;
    }
  for (int y = 0; pixels != NULL && y < height; y++)
    {
      guint32 *row = (guint32 *) (void *) (pixels + (gsize) y * (gsize) stride);

      for (int x = 0; x < width; x++, rgb += 3)
        row[x] = (guint32) rgb[0] << 16 | (guint32) rgb[1] << 8 | rgb[2];
    }
  cairo_surface_mark_dirty (surface);
  status = cairo_surface_write_to_png_stream (surface, write_cb, &sink);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return pl_file_writer_commit (file, error);
  if (status == CAIRO_STATUS_WRITE_ERROR)
    return FALSE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("%s: the picture cannot be written: %s"),
               path, cairo_status_to_string (status));
  return FALSE;
}

static gsize
count_labels (const PlMask *mask, int slice)
{
  const guint8 *labels = mask != NULL ? pl_mask_slice (mask, slice) : NULL;
  gsize n = mask != NULL ? (gsize) mask->n[1] * (gsize) mask->n[2] : 0;
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    count += labels[i] > 0;
  return count;
}

static int
find_fullest_slice (const PlVolume *volume, const PlMask *truth, const PlMask *prediction)
{
  int fullest = volume->n[0] / 2;
  gsize most = 0;

  for (int s = 0; s < volume->n[0]; s++)
    {
      gsize count = count_labels (truth, s) + count_labels (prediction, s);

      if (count > most)
        {
          most = count;
          fullest = s;
        }
    }
  return fullest;
}

gboolean
pl_cli_write_figure (const char *path,
                     const PlVolume *volume,
                     const PlMask *truth,
                     const PlMask *prediction,
                     GError **error)
{
  const PlMask *truths[3] = { NULL, truth, NULL };
  const PlMask *predictions[3] = { NULL, NULL, prediction };
  int slice = find_fullest_slice (volume, truth, prediction);
  const int gap_px = 4;
  g_autofree guint8 *rgb = NULL;
  int width = 0, height = 0, x = 0;

  for (int pane = 0; pane < 3; pane++)
    {
      g_autoptr (PlPicture) picture = NULL;

      if (pane == 1 && truth == NULL)
        continue;
      picture = pl_picture_slice (volume, slice, truths[pane], predictions[pane],
                                  pl_window_preset_find ("lung")->window,
                                  pl_colour_map_find ("gray"), 384);
      if (rgb == NULL)
        {
          int panes = truth != NULL ? 3 : 2;

          width = panes * picture->width + (panes - 1) * gap_px;
          height = picture->height;
          rgb = g_malloc0 (3 * (gsize) width * (gsize) height);
        }
      for (int y = 0; y < height; y++)
        memcpy (rgb + 3 * ((gsize) y * (gsize) width + (gsize) x),
                picture->rgb + 3 * (gsize) y * (gsize) picture->width, 3 * (gsize) picture->width);
      x += picture->width + gap_px;
    }
  return pl_cli_write_png (path, rgb, width, height, error);
}
