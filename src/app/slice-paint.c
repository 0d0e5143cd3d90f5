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
pl_slice_paint_hu (const float *hu, int rows, int columns, PlWindow window, const PlColourMap *map)
{
  gsize n = (gsize) rows * (gsize) columns;
  g_autofree guint8 *gray = g_malloc (n);
  guint32 *words = g_new (guint32, n);
  guint32 colours[256];

  for (int i = 0; i < 256; i++)
    colours[i] =
        OPAQUE | (guint32) map->rgb[i][0] << 16 | (guint32) map->rgb[i][1] << 8 | map->rgb[i][2];
  pl_window_apply (&window, hu, n, gray);
  for (gsize i = 0; i < n; i++)
    words[i] = colours[gray[i]];
  return take_texture (words, columns, rows);
}

GdkTexture *
pl_slice_paint_image (const PlVolume *volume, int slice, PlWindow window, const PlColourMap *map)
{
  g_autofree float *hu = g_new (float, (gsize) volume->n[1] * (gsize) volume->n[2]);

  pl_volume_slice (volume, slice, hu);
  return pl_slice_paint_hu (hu, volume->n[1], volume->n[2], window, map);
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
pl_slice_paint_difference (const guint8 *first,
                           guint32 first_rgb,
                           const guint8 *second,
                           guint32 second_rgb,
                           int rows,
                           int columns,
                           double opacity)
{
  gsize n = (gsize) rows * (gsize) columns;
  double errors_opacity = (1.0 + opacity) / 2.0;
  guint32 *words = g_new (guint32, n);
  const guint32 of[2][2] = {
    { 0, premultiply (second_rgb, errors_opacity) },
    { premultiply (first_rgb, errors_opacity), premultiply (PL_AGREEMENT_RGB, opacity) },
  };

  for (gsize i = 0; i < n; i++)
    words[i] = of[first[i] != 0][second[i] != 0];
  return take_texture (words, columns, rows);
}

/* A box of pixels, ends excluded. */
typedef struct
{
  int row0;
  int row1;
  int column0;
  int column1;
} Box;

/* The smallest box around what is inside; FALSE when there is nothing. */
static gboolean
find_box (const guint8 *labels, int rows, int columns, Box *box)
{
  *box = (Box){ rows, 0, columns, 0 };
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++)
      if (labels[(gsize) r * (gsize) columns + (gsize) c] != 0)
        {
          box->row0 = MIN (box->row0, r);
          box->row1 = r + 1;
          box->column0 = MIN (box->column0, c);
          box->column1 = MAX (box->column1, c + 1);
        }
  return box->row1 > 0;
}

/* An outline under way: where the lines between the image's pixels lie on the picture, and the area
 * of the picture that is drawn on. */
typedef struct
{
  const guint8 *labels;
  int rows;
  int columns;
  int *x; /* columns + 1, each at most a line's width outside of the picture */
  int *y; /* rows + 1 */
  cairo_rectangle_int_t area;
  guint32 *words; /* of the area */
  guint32 word;
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

/* FALSE when nothing of @box is on the picture. */
static gboolean
find_area (Outline *o, const Box *box, int width, int height)
{
  int x0 = MAX (o->x[box->column0] - HALF_LINE_PX, 0);
  int y0 = MAX (o->y[box->row0] - HALF_LINE_PX, 0);
  int x1 = MIN (o->x[box->column1] + HALF_LINE_PX, width);
  int y1 = MIN (o->y[box->row1] + HALF_LINE_PX, height);

  o->area = (cairo_rectangle_int_t){ x0, y0, x1 - x0, y1 - y0 };
  return x1 > x0 && y1 > y0;
}

/* From one corner of the image's grid to another, in a straight line. */
static void
draw_line (Outline *o, int row0, int row1, int column0, int column1)
{
  int x0 = MAX (o->x[column0] - HALF_LINE_PX - o->area.x, 0);
  int y0 = MAX (o->y[row0] - HALF_LINE_PX - o->area.y, 0);
  int x1 = MIN (o->x[column1] + HALF_LINE_PX - o->area.x, o->area.width);
  int y1 = MIN (o->y[row1] + HALF_LINE_PX - o->area.y, o->area.height);

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      o->words[(gsize) y * (gsize) o->area.width + (gsize) x] = o->word;
}

/* Beyond the image is background. */
static int
label_at (const Outline *o, int row, int column)
{
  if (row < 0 || row >= o->rows || column < 0 || column >= o->columns)
    return 0;
  return o->labels[(gsize) row * (gsize) o->columns + (gsize) column];
}

/* The edges above and to the left of a pixel. */
static void
draw_edges (Outline *o, int row, int column)
{
  int label = label_at (o, row, column);

  if (label != label_at (o, row - 1, column))
    draw_line (o, row, row, column, column + 1);
  if (label != label_at (o, row, column - 1))
    draw_line (o, row, row + 1, column, column);
}

GdkTexture *
pl_slice_paint_outline (const guint8 *labels,
                        int rows,
                        int columns,
                        guint32 rgb,
                        PlSlicePlace place,
                        int width,
                        int height,
                        cairo_rectangle_int_t *area)
{
  g_autofree int *x = find_edges (place.x_px, place.column_px, columns, width);
  g_autofree int *y = find_edges (place.y_px, place.row_px, rows, height);
  Outline outline = { labels, rows, columns, x, y, .word = OPAQUE | rgb };
  Box box;

  if (!find_box (labels, rows, columns, &box) || !find_area (&outline, &box, width, height))
    return NULL;
  *area = outline.area;
  outline.words = g_new0 (guint32, (gsize) area->width * (gsize) area->height);
  for (int r = box.row0; r <= box.row1; r++)
    for (int c = box.column0; c <= box.column1; c++)
      draw_edges (&outline, r, c);
  return take_texture (outline.words, area->width, area->height);
}
