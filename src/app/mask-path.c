/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each line is followed with the inside at its right hand, from a pixel whose upper edge is on it;
 * that every line has such a pixel, and that upper edges are marked when passed, makes each line be
 * drawn once.
 */
#include "app/mask-path.h"

typedef struct
{
  const guint8 *labels;
  int label; /* which of them is inside */
  int rows;
  int columns;
  guint8 *passed; /* upper edges, one a pixel */
} Mask;

/* Right, down, left, up. */
static const int step_x[4] = { 1, 0, -1, 0 };
static const int step_y[4] = { 0, 1, 0, -1 };

static gboolean
is_inside (const Mask *mask, int x, int y)
{
  return x >= 0 && y >= 0 && x < mask->columns && y < mask->rows &&
         mask->labels[(gsize) y * (gsize) mask->columns + (gsize) x] == mask->label;
}

/* Whether the pixel ahead of corner (x, y), at the left or the right hand, is inside. */
static gboolean
is_inside_ahead (const Mask *mask, int x, int y, int direction, gboolean at_right)
{
  static const int right_x[4] = { 0, -1, -1, 0 };
  static const int right_y[4] = { 0, 0, -1, -1 };
  static const int left_x[4] = { 0, 0, -1, -1 };
  static const int left_y[4] = { -1, 0, 0, -1 };

  return at_right ? is_inside (mask, x + right_x[direction], y + right_y[direction])
                  : is_inside (mask, x + left_x[direction], y + left_y[direction]);
}

/* Pixels that only touch at a corner are two lines: it turns right there. */
static int
turn (const Mask *mask, int x, int y, int direction)
{
  if (!is_inside_ahead (mask, x, y, direction, TRUE))
    return (direction + 1) % 4;
  if (is_inside_ahead (mask, x, y, direction, FALSE))
    return (direction + 3) % 4;
  return direction;
}

static void
follow (cairo_t *cr, Mask *mask, int start_x, int start_y)
{
  int x = start_x;
  int y = start_y;
  int direction = 0;

  cairo_move_to (cr, x, y);
  do
    {
      int next;

      if (direction == 0)
        mask->passed[(gsize) y * (gsize) mask->columns + (gsize) x] = 1;
      x += step_x[direction];
      y += step_y[direction];
      next = turn (mask, x, y, direction);
      if (next != direction)
        cairo_line_to (cr, x, y);
      direction = next;
    }
  while (x != start_x || y != start_y || direction != 0);
  cairo_close_path (cr);
}

void
pl_mask_path_append (cairo_t *cr, const guint8 *labels, int rows, int columns, int label)
{
  g_autofree guint8 *passed = g_malloc0 ((gsize) rows * (gsize) columns);
  Mask mask = { labels, label, rows, columns, passed };

  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++)
      if (is_inside (&mask, x, y) && !is_inside (&mask, x, y - 1) &&
          !passed[(gsize) y * (gsize) columns + (gsize) x])
        follow (cr, &mask, x, y);
}
