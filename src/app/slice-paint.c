/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Image and fills are textures of the image's own size, which the renderer scales. The outline is
 * drawn at the size of the screen instead, since scaled it would be as coarse as the image; that
 * costs the same however ragged the mask is, unlike a path. Words are GDK_MEMORY_DEFAULT: native
 * 32-bit ARGB, premultiplied.
 */
#include "app/slice-paint.h"

#include <math.h>

#define OPAQUE 0xff000000u

/* On each side of an edge. */
#define HALF_LINE_PX 1

static GdkTexture *
take_texture (guint32 *words, int width, int height)
{
  gsize stride = sizeof *words * (gsize) width;
  g_autoptr (GBytes) bytes = g_bytes_new_take (words, stride * (gsize) height);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

static guint32
premultiply (guint32 rgb, double opacity)
{
  guint32 word = (guint32) lround (opacity * 255.0) << 24;

  for (int shift = 0; shift <= 16; shift += 8)
    word |= (guint32) lround (opacity * (rgb >> shift & 0xff)) << shift;
  return word;
}

GdkTexture *
pl_slice_paint_image (const PlVolume *volume, int slice, PlWindow window, const PlColourMap *map)
{
  gsize n = (gsize) volume->n[1] * (gsize) volume->n[2];
  g_autofree float *hu = g_new (float, n);
  g_autofree guint8 *gray = g_malloc (n);
  guint32 *words = g_new (guint32, n);
  guint32 colours[256];

  for (int i = 0; i < 256; i++)
    colours[i] =
        OPAQUE | (guint32) map->rgb[i][0] << 16 | (guint32) map->rgb[i][1] << 8 | map->rgb[i][2];
  pl_volume_slice (volume, slice, hu);
  pl_window_apply (&window, hu, n, gray);
  for (gsize i = 0; i < n; i++)
    words[i] = colours[gray[i]];
  return take_texture (words, volume->n[2], volume->n[1]);
}

GdkTexture *
pl_slice_paint_fill (const guint8 *labels, int rows, int columns, guint32 rgb, double opacity)
{
  gsize n = (gsize) rows * (gsize) columns;
  guint32 *words = g_new (guint32, n);
  guint32 word = premultiply (rgb, opacity);

  for (gsize i = 0; i < n; i++)
    words[i] = labels[i] != 0 ? word : 0;
  return take_texture (words, columns, rows);
}

GdkTexture *
pl_slice_paint_difference (
    const guint8 *truth, const guint8 *prediction, int rows, int columns, double opacity)
{
  gsize n = (gsize) rows * (gsize) columns;
  double errors_opacity = (1.0 + opacity) / 2.0;
  guint32 *words = g_new (guint32, n);
  const guint32 of[2][2] = {
    { 0, premultiply (PL_PREDICTION_RGB, errors_opacity) },
    { premultiply (PL_TRUTH_RGB, errors_opacity), premultiply (PL_AGREEMENT_RGB, opacity) },
  };

  for (gsize i = 0; i < n; i++)
    words[i] = of[truth[i] != 0][prediction[i] != 0];
  return take_texture (words, columns, rows);
}

/* The picture an outline is drawn on, and where the image's lines of pixels begin on it. */
typedef struct
{
  guint32 *words;
  int width;
  int height;
  guint32 word;
  int *x; /* columns + 1, each at most a line's width outside of the picture */
  int *y; /* rows + 1 */
} Outline;

static int *
find_edges (double start, double step, int n, int length)
{
  int *edges = g_new (int, n + 1);

  for (int i = 0; i <= n; i++)
    edges[i] =
        (int) lround (CLAMP (start + i * step, -2.0 * HALF_LINE_PX, length + 2.0 * HALF_LINE_PX));
  return edges;
}

/* From one corner of the image's grid to another, in a straight line. */
static void
draw_line (Outline *o, int column0, int row0, int column1, int row1)
{
  int x0 = MAX (o->x[column0] - HALF_LINE_PX, 0);
  int y0 = MAX (o->y[row0] - HALF_LINE_PX, 0);
  int x1 = MIN (o->x[column1] + HALF_LINE_PX, o->width);
  int y1 = MIN (o->y[row1] + HALF_LINE_PX, o->height);

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      o->words[(gsize) y * (gsize) o->width + (gsize) x] = o->word;
}

static gboolean
is_in_sight (const int *edges, int i, int length)
{
  return edges[i] >= -HALF_LINE_PX && edges[i] <= length + HALF_LINE_PX;
}

/* Edges between columns, in one row; beyond the image is background. */
static void
draw_row (Outline *o, const guint8 *labels, int row, int columns)
{
  const guint8 *line = labels + (gsize) row * (gsize) columns;

  for (int c = 0; c <= columns; c++)
    {
      int left = c > 0 ? line[c - 1] : 0;
      int right = c < columns ? line[c] : 0;

      if (left != right && is_in_sight (o->x, c, o->width))
        draw_line (o, c, row, c, row + 1);
    }
}

/* Edges between @row and the row above it. */
static void
draw_seam (Outline *o, const guint8 *labels, int row, int rows, int columns)
{
  const guint8 *above = row > 0 ? labels + (gsize) (row - 1) * (gsize) columns : NULL;
  const guint8 *below = row < rows ? labels + (gsize) row * (gsize) columns : NULL;

  for (int c = 0; c < columns; c++)
    if ((above == NULL ? 0 : above[c]) != (below == NULL ? 0 : below[c]))
      draw_line (o, c, row, c + 1, row);
}

GdkTexture *
pl_slice_paint_outline (const guint8 *labels,
                        int rows,
                        int columns,
                        guint32 rgb,
                        PlSlicePlace place,
                        int width,
                        int height)
{
  g_autofree int *x = find_edges (place.x_px, place.column_px, columns, width);
  g_autofree int *y = find_edges (place.y_px, place.row_px, rows, height);
  Outline outline = {
    .words = g_new0 (guint32, (gsize) width * (gsize) height),
    .width = width,
    .height = height,
    .word = OPAQUE | rgb,
    .x = x,
    .y = y,
  };

  for (int r = 0; r <= rows; r++)
    {
      if (is_in_sight (y, r, height))
        draw_seam (&outline, labels, r, rows, columns);
      if (r < rows && y[r] <= height + HALF_LINE_PX && y[r + 1] >= -HALF_LINE_PX)
        draw_row (&outline, labels, r, columns);
    }
  return take_texture (outline.words, width, height);
}
