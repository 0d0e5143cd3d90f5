/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The image, with what is filled, is a texture of its own size, which the renderer scales. Filled
 * areas are part of it, as each further texture costs a software renderer some 2 ms. The outline is
 * drawn at the size of the screen instead, since scaled it would be as coarse as the image; that
 * costs the same however ragged the mask is, unlike a path.
 */
#include "app/slice-paint.h"

#include "app/texture.h"

#include <math.h>
#include <string.h>

/* 0.1 of 255: what is less probable fades, so that the image is not veiled where there is hardly
 * anything. */
#define FULL_HEAT 26

/* On each side of an edge. */
#define HALF_LINE_PX 1

guint32
pl_slice_paint_word (guint32 rgb, double opacity)
{
  return (guint32) lround (opacity * 255.0) << 24 | rgb;
}

/* 0…255 of @over on @under. */
static guint8
blend (guint8 under, guint8 over, int opacity)
{
  return (guint8) ((under * (255 - opacity) + over * opacity + 127) / 255);
}

/* What each gray level becomes: alone, or under a word of the tint. */
static void
tint_colours (const PlColourMap *map, guint32 word, guint8 colours[256][3])
{
  for (int i = 0; i < 256; i++)
    for (int c = 0; c < 3; c++)
      colours[i][c] = blend (map->rgb[i][c], (guint8) (word >> (16 - 8 * c)), (int) (word >> 24));
}

PlSliceTint
pl_slice_tint_mask (const guint8 *labels, guint32 of, double opacity)
{
  PlSliceTint tint = { .first = labels };

  for (int i = 1; i <= PL_LABEL_COLOURS; i++)
    tint.words[i][0] = pl_slice_paint_word (pl_label_rgb (of, i), opacity);
  return tint;
}

PlSliceTint
pl_slice_tint_difference (const guint8 *first,
                          guint32 first_rgb,
                          const guint8 *second,
                          guint32 second_rgb,
                          gboolean by_label,
                          double opacity)
{
  double alone = (1 + opacity) / 2;
  PlSliceTint tint = { first, second, { { 0 } } };

  for (int i = 1; i <= PL_LABEL_COLOURS; i++)
    {
      tint.words[i][0] = pl_slice_paint_word (first_rgb, alone);
      tint.words[0][i] = pl_slice_paint_word (second_rgb, alone);
      for (int j = 1; j <= PL_LABEL_COLOURS; j++)
        tint.words[i][j] = i == j || !by_label ? pl_slice_paint_word (PL_AGREEMENT_RGB, opacity)
                                               : pl_slice_paint_word (PL_OTHER_LABEL_RGB, alone);
    }
  return tint;
}

#define N_KINDS (1 + PL_LABEL_COLOURS)

/* A painting under way. */
typedef struct
{
  PlWindow window;
  guint8 colours[N_KINDS * N_KINDS][256][3]; /* of gray levels */
  guint8 kinds[256];                         /* pl_label_colour() of each label */
  guint8 which[N_KINDS][N_KINDS];            /* of the colours, as PlSliceTint's words */
  guint8 *gray;                              /* scratch for a row */
  guint8 *none;                              /* a row of zeros */
} Painting;

/* Words that are the same share their colours, for these take longer than the words. */
static void
mix_colours (Painting *painting, const PlColourMap *map, const PlSliceTint *tint)
{
  guint32 mixed[N_KINDS * N_KINDS];
  guint8 n = 0;

  for (int i = 0; i < 256; i++)
    painting->kinds[i] = (guint8) pl_label_colour (i);
  for (int i = 0; i < N_KINDS * N_KINDS; i++)
    {
      guint32 word = tint->words[i / N_KINDS][i % N_KINDS];
      guint8 k = 0;

      while (k < n && mixed[k] != word)
        k++;
      if (k == n)
        {
          mixed[n++] = word;
          tint_colours (map, word, painting->colours[k]);
        }
      painting->which[i / N_KINDS][i % N_KINDS] = k;
    }
}

static void
begin_painting (Painting *painting,
                int columns,
                PlWindow window,
                const PlColourMap *map,
                const PlSliceTint *tint)
{
  painting->window = window;
  mix_colours (painting, map, tint);
  painting->gray = g_malloc ((gsize) columns);
  painting->none = g_malloc0 ((gsize) columns);
}

static void
end_painting (Painting *painting)
{
  g_free (painting->gray);
  g_free (painting->none);
}

/* @first and @second: (nullable): labels of the @n pixels */
static void
paint_run (const Painting *painting,
           const float *hu,
           int n,
           const guint8 *first,
           const guint8 *second,
           guint8 *rgb)
{
  const guint8 *a = first != NULL ? first : painting->none;
  const guint8 *b = second != NULL ? second : painting->none;

  pl_window_apply (&painting->window, hu, (gsize) n, painting->gray);
  for (int i = 0; i < n; i++)
    {
      guint8 which = painting->which[painting->kinds[a[i]]][painting->kinds[b[i]]];

      memcpy (rgb + 3 * i, painting->colours[which][painting->gray[i]], 3);
    }
}

GdkTexture *
pl_slice_paint_hu (const float *hu, int rows, int columns, PlWindow window, const PlColourMap *map)
{
  const PlSliceTint plain = { 0 };
  gsize line = (gsize) columns;
  guint8 *rgb = g_malloc (3 * line * (gsize) rows);
  Painting painting;

  begin_painting (&painting, columns, window, map, &plain);
  for (gsize r = 0; r < (gsize) rows; r++)
    paint_run (&painting, hu + r * line, columns, NULL, NULL, rgb + 3 * r * line);
  end_painting (&painting);
  return pl_texture_new_rgb (rgb, columns, rows);
}

GdkTexture *
pl_slice_paint_image (const PlVolume *volume,
                      int slice,
                      const PlSlicePart *part,
                      PlWindow window,
                      const PlColourMap *map,
                      const PlSliceTint *tint)
{
  const PlSliceTint plain = { 0 };
  gsize columns = (gsize) volume->n[2];
  int n = part->column1 - part->column0;
  g_autofree float *hu = g_new (float, n);
  guint8 *rgb = g_malloc0 (3 * columns * (gsize) volume->n[1]);
  Painting painting;

  tint = tint != NULL ? tint : &plain;
  begin_painting (&painting, n, window, map, tint);
  for (int r = part->row0; r < part->row1; r++)
    {
      gsize start = (gsize) r * columns + (gsize) part->column0;

      pl_volume_run (volume, slice, r, part->column0, n, hu);
      paint_run (&painting, hu, n, tint->first == NULL ? NULL : tint->first + start,
                 tint->second == NULL ? NULL : tint->second + start, rgb + 3 * start);
    }
  end_painting (&painting);
  return pl_texture_new_rgb (rgb, volume->n[2], volume->n[1]);
}

/* Of each label; 0 of none. */
static void
find_words (guint32 of, double opacity, guint32 words[256])
{
  words[0] = 0;
  for (int label = 1; label < 256; label++)
    words[label] = pl_slice_paint_word (pl_label_rgb (of, label), opacity);
}

GdkTexture *
pl_slice_paint_fill (const guint8 *labels, int rows, int columns, guint32 of, double opacity)
{
  gsize n = (gsize) rows * (gsize) columns;
  guint32 *words = g_new (guint32, n);
  guint32 colours[256];

  find_words (of, opacity, colours);
  for (gsize i = 0; i < n; i++)
    words[i] = colours[labels[i]];
  return pl_texture_new (words, columns, rows);
}

void
pl_slice_paint_heat_words (double opacity, guint32 words[256])
{
  const PlColourMap *map = pl_colour_map_probability ();

  for (int i = 0; i < 256; i++)
    {
      const guint8 *rgb = map->rgb[i];
      guint32 colour = (guint32) rgb[0] << 16 | (guint32) rgb[1] << 8 | rgb[2];

      words[i] = pl_slice_paint_word (colour, opacity * MIN (i, FULL_HEAT) / FULL_HEAT);
    }
}

GdkTexture *
pl_slice_paint_heat (const guint8 *heat, int rows, int columns, double opacity)
{
  gsize n = (gsize) rows * (gsize) columns;
  guint32 *words = g_new (guint32, n);
  guint32 colours[256];

  pl_slice_paint_heat_words (opacity, colours);
  for (gsize i = 0; i < n; i++)
    words[i] = colours[heat[i]];
  return pl_texture_new (words, columns, rows);
}

/* The smallest box around what is inside; FALSE when there is nothing. */
static gboolean
find_box (const guint8 *labels, int rows, int columns, PlSlicePart *box)
{
  *box = (PlSlicePart){ rows, 0, columns, 0 };
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
  guint32 colours[256];
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
find_area (Outline *o, const PlSlicePart *box, int width, int height)
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
draw_line (Outline *o, guint32 word, int row0, int row1, int column0, int column1)
{
  int x0 = MAX (o->x[column0] - HALF_LINE_PX - o->area.x, 0);
  int y0 = MAX (o->y[row0] - HALF_LINE_PX - o->area.y, 0);
  int x1 = MIN (o->x[column1] + HALF_LINE_PX - o->area.x, o->area.width);
  int y1 = MIN (o->y[row1] + HALF_LINE_PX - o->area.y, o->area.height);

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      o->words[(gsize) y * (gsize) o->area.width + (gsize) x] = word;
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
  int above = label_at (o, row - 1, column);
  int left = label_at (o, row, column - 1);

  if (label != above)
    draw_line (o, o->colours[label != 0 ? label : above], row, row, column, column + 1);
  if (label != left)
    draw_line (o, o->colours[label != 0 ? label : left], row, row + 1, column, column);
}

GdkTexture *
pl_slice_paint_outline (const guint8 *labels,
                        int rows,
                        int columns,
                        guint32 of,
                        PlSlicePlace place,
                        int width,
                        int height,
                        cairo_rectangle_int_t *area)
{
  g_autofree int *x = find_edges (place.x_px, place.column_px, columns, width);
  g_autofree int *y = find_edges (place.y_px, place.row_px, rows, height);
  Outline outline = { labels, rows, columns, x, y };
  PlSlicePart box;

  if (!find_box (labels, rows, columns, &box) || !find_area (&outline, &box, width, height))
    return NULL;
  *area = outline.area;
  find_words (of, 1, outline.colours);
  outline.words = g_new0 (guint32, (gsize) area->width * (gsize) area->height);
  for (int r = box.row0; r <= box.row1; r++)
    for (int c = box.column0; c <= box.column1; c++)
      draw_edges (&outline, r, c);
  return pl_texture_new (outline.words, area->width, area->height);
}
