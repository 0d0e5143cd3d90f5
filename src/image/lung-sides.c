/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/lung-sides.h"

#include <string.h>

#include "image/components.h"

/* Of a component: the rest may lie beyond the middle. */
#define MOST 0.8

/* Of the most at any position: there is less between two lungs. */
#define GAP 0.5

/* Where left and right are. */
typedef struct
{
  int axis; /* in memory */
  gboolean is_towards_left;
} Sides;

static Sides
find_sides (const char *orientation)
{
  for (int axis = 0; axis < 3 && orientation[axis] != '\0'; axis++)
    if (orientation[axis] == 'L' || orientation[axis] == 'R')
      return (Sides){ axis, orientation[axis] == 'L' };
  return (Sides){ 2, TRUE };
}

/* Foreground at each position along @axis. */
static gint64 *
count_along (const PlMask *mask, int axis)
{
  gint64 *counts = g_new0 (gint64, mask->n[axis]);
  const guint8 *at = mask->labels;
  int i[3];

  for (i[0] = 0; i[0] < mask->n[0]; i[0]++)
    for (i[1] = 0; i[1] < mask->n[1]; i[1]++)
      for (i[2] = 0; i[2] < mask->n[2]; i[2]++)
        counts[i[axis]] += *at++ != 0;
  return counts;
}

/* The emptiest position in the middle third of what is there, of equals the one in the middle; the
 * image's middle where that is no gap. */
static int
find_cut (const PlMask *mask, int axis)
{
  g_autofree gint64 *counts = count_along (mask, axis);
  int first = 0;
  int end = mask->n[axis];
  gint64 most = 0;
  int best;

  for (int i = 0; i < end; i++)
    most = MAX (most, counts[i]);
  while (first < end && counts[first] == 0)
    first++;
  while (end > first && counts[end - 1] == 0)
    end--;
  best = (first + end) / 2;
  for (int away = 1; away <= (end - first) / 6; away++)
    for (int sign = -1; sign <= 1; sign += 2)
      {
        int i = (first + end) / 2 + sign * away;

        if (i < end && counts[i] < counts[best])
          best = i;
      }
  return first < end && (double) counts[best] <= GAP * (double) most ? best : mask->n[axis] / 2;
}

/* Parts a slice of what lies on both sides. */
static void
part_slice (guint8 *labels, const int n[3], int slice, const Sides *sides, int cut)
{
  const int n_slice[3] = { 1, n[1], n[2] };
  gsize n_pixels = (gsize) n[1] * (gsize) n[2];
  g_autofree guint8 *both = g_malloc (n_pixels);

  for (gsize i = 0; i < n_pixels; i++)
    both[i] = labels[i] == PL_SIDE_BOTH;
  if (sides->axis != 0)
    pl_components_take_sides (both, n_slice, sides->axis, cut, MOST);
  for (gsize i = 0; i < n_pixels; i++)
    {
      const int place[3] = { slice, (int) (i / (gsize) n[2]), (int) (i % (gsize) n[2]) };

      if (labels[i] != PL_SIDE_BOTH)
        continue;
      if (sides->axis != 0 && both[i] != PL_SIDE_BOTH)
        labels[i] = both[i];
      else
        labels[i] = place[sides->axis] < cut ? PL_SIDE_BEFORE : PL_SIDE_BEYOND;
    }
}

PlMask *
pl_lung_sides_new (const PlMask *mask, const char *orientation)
{
  Sides sides = find_sides (orientation);
  gsize n_pixels = (gsize) mask->n[1] * (gsize) mask->n[2];
  gsize n = (gsize) mask->n[0] * n_pixels;
  guint8 *labels = g_memdup2 (mask->labels, n);
  int cut = find_cut (mask, sides.axis);

  pl_components_take_sides (labels, mask->n, sides.axis, cut, MOST);
  for (int slice = 0; slice < mask->n[0]; slice++)
    part_slice (labels + (gsize) slice * n_pixels, mask->n, slice, &sides, cut);
  for (gsize i = 0; i < n; i++)
    if (labels[i] != 0)
      labels[i] =
          (labels[i] == PL_SIDE_BEYOND) == sides.is_towards_left ? PL_LUNG_LEFT : PL_LUNG_RIGHT;
  return pl_mask_new_take (mask->n, labels);
}
