/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body is found on a grid of at most 128 × 128 cells: 4 mm at the usual field of view, in whose
 * means a table's surface of 2 mm disappears. Takes some 0.5 ms for 512 × 512. */
#include "image/body.h"

#include "image/components.h"
#include "image/resample.h"

#include <math.h>
#include <string.h>

enum
{
  GRID = 128,
  MOST_CUT = 8, /* body cells at the edge of what was scanned that are no sign of a cut */
};

#define DENSE_HU (-500)
#define PADDING_HU (-1150)
#define AIR_CONTRAST 75     /* HU: air outside is so much thinner than lung */
#define SMALLEST_SHARE 0.02 /* of the slice */

typedef struct
{
  int rows;
  int columns;
  float *hu;
  guint8 *body;
  guint8 *scratch;
} Grid;

static gboolean
is_set (const Grid *grid, const guint8 *cells, int row, int column)
{
  return row >= 0 && row < grid->rows && column >= 0 && column < grid->columns &&
         cells[row * grid->columns + column] != 0;
}

/* A cell with its four neighbours: how many of the five are set. */
static int
count_near (const Grid *grid, const guint8 *cells, int row, int column)
{
  return is_set (grid, cells, row, column) + is_set (grid, cells, row - 1, column) +
         is_set (grid, cells, row + 1, column) + is_set (grid, cells, row, column - 1) +
         is_set (grid, cells, row, column + 1);
}

/* Keeps the cells of @cells with at least @least of five set, or sets those that have. */
static void
filter (Grid *grid, guint8 *cells, int least)
{
  memcpy (grid->scratch, cells, (gsize) grid->rows * (gsize) grid->columns);
  for (int r = 0; r < grid->rows; r++)
    for (int c = 0; c < grid->columns; c++)
      cells[r * grid->columns + c] = count_near (grid, grid->scratch, r, c) >= least;
}

static void
erode (Grid *grid, guint8 *cells)
{
  filter (grid, cells, 5);
}

static void
dilate (Grid *grid, guint8 *cells)
{
  filter (grid, cells, 1);
}

static int
count_cells (const Grid *grid)
{
  int n = 0;

  for (int i = 0; i < grid->rows * grid->columns; i++)
    n += grid->body[i] != 0;
  return n;
}

static gboolean
is_padding (const Grid *grid, int row, int column)
{
  return row < 0 || row >= grid->rows || column < 0 || column >= grid->columns ||
         grid->hu[row * grid->columns + column] < PADDING_HU;
}

/* Whether the body goes on where the scan does not. */
static gboolean
is_cut (const Grid *grid)
{
  int n = 0;

  for (int r = 0; r < grid->rows; r++)
    for (int c = 0; c < grid->columns; c++)
      if (is_set (grid, grid->body, r, c))
        n += is_padding (grid, r - 1, c) || is_padding (grid, r + 1, c) ||
             is_padding (grid, r, c - 1) || is_padding (grid, r, c + 1);
  return n > MOST_CUT;
}

/* Fills what the body encloses. Returns: how thin, in HU, a cell must be not to be lung, going by
 * what was filled. */
static double
fill_holes (Grid *grid)
{
  const int shape[3] = { 1, grid->rows, grid->columns };
  int n = 0;
  double sum = 0;

  memcpy (grid->scratch, grid->body, (gsize) grid->rows * (gsize) grid->columns);
  pl_components_fill_holes (grid->body, shape);
  for (int i = 0; i < grid->rows * grid->columns; i++)
    if (grid->body[i] && !grid->scratch[i])
      {
        sum += grid->hu[i];
        n++;
      }
  return n < SMALLEST_SHARE * grid->rows * grid->columns ? -INFINITY : sum / n - AIR_CONTRAST;
}

/* Sets what lies between the first and the last set cell of a line and is denser than @air_hu. */
static void
close_line (const float *hu, double air_hu, const guint8 *from, guint8 *to, int n, int step)
{
  int first = 0, last = n - 1;

  while (first < n && !from[first * step])
    first++;
  while (last > first && !from[last * step])
    last--;
  for (int i = first; i <= last && i < n; i++)
    to[i * step] |= hu[i * step] > air_hu;
}

static void
close_spans (Grid *grid, double air_hu)
{
  memcpy (grid->scratch, grid->body, (gsize) grid->rows * (gsize) grid->columns);
  for (int r = 0; r < grid->rows; r++)
    {
      int start = r * grid->columns;

      close_line (grid->hu + start, air_hu, grid->scratch + start, grid->body + start,
                  grid->columns, 1);
    }
  for (int c = 0; c < grid->columns; c++)
    close_line (grid->hu + c, air_hu, grid->scratch + c, grid->body + c, grid->rows, grid->columns);
}

/* FALSE where there is none. */
static gboolean
find_on_grid (Grid *grid)
{
  const int n[3] = { 1, grid->rows, grid->columns };
  gboolean cut;
  double air_hu;

  for (int i = 0; i < grid->rows * grid->columns; i++)
    grid->body[i] = grid->hu[i] > DENSE_HU;
  erode (grid, grid->body);
  pl_components_keep_largest (grid->body, n, 1);
  dilate (grid, grid->body);
  if (count_cells (grid) < SMALLEST_SHARE * grid->rows * grid->columns)
    return FALSE;
  cut = is_cut (grid);
  air_hu = fill_holes (grid);
  if (cut)
    {
      close_spans (grid, air_hu);
      fill_holes (grid);
    }
  else
    erode (grid, grid->body);
  return TRUE;
}

/* Each pixel takes the cell that its centre lies in. */
static void
enlarge (const Grid *grid, guint8 *inside, int rows, int columns, PlBodyBox *box)
{
  int first_row = rows, last_row = -1, first_column = columns, last_column = -1;

  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++)
      {
        int cell = (int) ((gint64) r * grid->rows / rows) * grid->columns +
                   (int) ((gint64) c * grid->columns / columns);

        inside[(gsize) r * (gsize) columns + (gsize) c] = grid->body[cell];
        if (grid->body[cell])
          {
            first_row = MIN (first_row, r);
            last_row = MAX (last_row, r);
            first_column = MIN (first_column, c);
            last_column = MAX (last_column, c);
          }
      }
  *box = (PlBodyBox){
    .row = first_row,
    .column = first_column,
    .rows = last_row - first_row + 1,
    .columns = last_column - first_column + 1,
  };
}

gboolean
pl_body_find (const float *hu, int rows, int columns, guint8 *inside, PlBodyBox *box)
{
  float cell_hu[GRID * GRID];
  guint8 body[GRID * GRID];
  guint8 scratch[GRID * GRID];
  Grid grid = {
    .rows = MIN (rows, GRID),
    .columns = MIN (columns, GRID),
    .hu = cell_hu,
    .body = body,
    .scratch = scratch,
  };

  pl_resample_image (hu, rows, columns, cell_hu, grid.rows, grid.columns);
  if (!find_on_grid (&grid))
    return FALSE;
  enlarge (&grid, inside, rows, columns, box);
  return TRUE;
}
