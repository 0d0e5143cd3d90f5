/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where the tiles of the montage lie: rows of as many tiles as fit the width, in reading order,
 * with the gap between and around them; what is left of the width is shared by both sides. Pixels
 * of the application, y from the top of all rows. */
typedef struct
{
  int n; /* tiles */
  int tile_width;
  int tile_height;
  int columns; /* ≥ 1 */
  int left;    /* of the first column */
  int height;  /* of all rows */
} PlMontageLayout;

#define PL_MONTAGE_GAP 8

/* @n tiles in a view of @width; there is a column even where it does not fit. */
void
pl_montage_layout_init (PlMontageLayout *layout, int n, int tile_width, int tile_height, int width);

/* The upper left corner of tile @index. */
void pl_montage_layout_position (const PlMontageLayout *layout, int index, int *x, int *y);

/* The tile at a point, or −1 where there is none. */
int pl_montage_layout_hit (const PlMontageLayout *layout, double x, double y);

/* Tiles *first up to but not including *end are those of which something is in sight from @top to
 * @top + @height; *first is *end when there are none. */
void pl_montage_layout_visible (
    const PlMontageLayout *layout, double top, double height, int *first, int *end);

/* How many whole rows fit @height, at least 1. */
int pl_montage_layout_page_rows (const PlMontageLayout *layout, int height);

/* The top of a view of @height, now at @top, after the least scrolling that shows tile @index with
 * the gap around it; its upper edge where the view is lower than a tile. */
double
pl_montage_layout_reveal (const PlMontageLayout *layout, int index, double top, double height);
