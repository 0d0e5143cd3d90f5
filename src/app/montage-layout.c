/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain arithmetic, apart from the widget so that it can be tested without one. */
#include "app/montage-layout.h"

#include <glib.h>
#include <math.h>

static int
row_pitch (const PlMontageLayout *layout)
{
  return layout->tile_height + PL_MONTAGE_GAP;
}

void
pl_montage_layout_init (PlMontageLayout *layout, int n, int tile_width, int tile_height, int width)
{
  int pitch = tile_width + PL_MONTAGE_GAP;
  int fitting = MAX ((width - PL_MONTAGE_GAP) / pitch, 1);
  int rows;

  layout->n = n;
  layout->tile_width = tile_width;
  layout->tile_height = tile_height;
  layout->columns = CLAMP (n, 1, fitting);
  layout->left = MAX ((width - layout->columns * pitch + PL_MONTAGE_GAP) / 2, 0);
  rows = (n + layout->columns - 1) / layout->columns;
  layout->height = PL_MONTAGE_GAP + rows * row_pitch (layout);
}

void
pl_montage_layout_position (const PlMontageLayout *layout, int index, int *x, int *y)
{
  *x = layout->left + index % layout->columns * (layout->tile_width + PL_MONTAGE_GAP);
  *y = PL_MONTAGE_GAP + index / layout->columns * row_pitch (layout);
}

int
pl_montage_layout_hit (const PlMontageLayout *layout, double x, double y)
{
  double column = floor ((x - layout->left) / (layout->tile_width + PL_MONTAGE_GAP));
  double row = floor ((y - PL_MONTAGE_GAP) / row_pitch (layout));
  double index = row * layout->columns + column;
  int tile_x;
  int tile_y;

  if (column < 0 || column >= layout->columns || row < 0 || index >= layout->n)
    return -1;
  pl_montage_layout_position (layout, (int) index, &tile_x, &tile_y);
  if (x >= tile_x + layout->tile_width || y >= tile_y + layout->tile_height)
    return -1;
  return (int) index;
}

void
pl_montage_layout_visible (
    const PlMontageLayout *layout, double top, double height, int *first, int *end)
{
  double pitch = row_pitch (layout);
  int n_rows = (layout->n + layout->columns - 1) / layout->columns;
  /* Row r ends at (r + 1) × pitch and begins at r × pitch + gap. */
  double first_row = floor (top / pitch);
  double end_row = ceil ((top + height - PL_MONTAGE_GAP) / pitch);

  *first = (int) CLAMP (first_row, 0, n_rows) * layout->columns;
  *end = (int) CLAMP (end_row, 0, n_rows) * layout->columns;
  *end = MIN (*end, layout->n);
  *first = MIN (*first, *end);
}

int
pl_montage_layout_page_rows (const PlMontageLayout *layout, int height)
{
  return MAX ((height - PL_MONTAGE_GAP) / row_pitch (layout), 1);
}

double
pl_montage_layout_reveal (const PlMontageLayout *layout, int index, double top, double height)
{
  int x;
  int y;
  double highest;
  double lowest;

  pl_montage_layout_position (layout, index, &x, &y);
  lowest = y - PL_MONTAGE_GAP;
  highest = y + layout->tile_height + PL_MONTAGE_GAP - height;
  return MIN (MAX (top, highest), lowest);
}
