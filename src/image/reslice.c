/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every plane and every slab is a box of voxels, read in memory order a run of columns at a time,
 * each voxel going where its steps lead in the picture: the held axis steps nowhere, so that voxels
 * behind each other meet. A column of voxels is 1 KiB away from the next row's, so a sagittal slab
 * of many planes costs hardly more memory traffic than one plane.
 */
#include "image/reslice.h"

#include <math.h>
#include <string.h>

/* Towards which the held axis, the picture's rows and its columns run, either way for the first. */
static const char wanted[PL_N_PLANES][4] = {
  [PL_PLANE_AXIAL] = "SPL",
  [PL_PLANE_CORONAL] = "AIL",
  [PL_PLANE_SAGITTAL] = "RIP",
};

/* Where the orientation is not known: most files begin at the feet. */
static const int plain_axes[PL_N_PLANES][3] = { { 0, 1, 2 }, { 1, 0, 2 }, { 2, 0, 1 } };

static char
opposite (char direction)
{
  static const char pairs[] = "RLAPSI";
  const char *found = strchr (pairs, direction);

  return pairs[(found - pairs) ^ 1];
}

/* The memory axis that runs towards @direction, or away from it. */
static int
find_axis (const PlVolume *volume, char direction, gboolean *is_backwards)
{
  int axis = 0;

  while (volume->orientation[axis] != direction &&
         volume->orientation[axis] != opposite (direction))
    axis++;
  g_assert (axis < 3);
  *is_backwards = volume->orientation[axis] != direction;
  return axis;
}

PlReslice
pl_reslice_find (const PlVolume *volume, PlPlaneKind kind)
{
  PlReslice reslice = { plain_axes[kind][0], plain_axes[kind][1], plain_axes[kind][2],
                        .flip_down = plain_axes[kind][1] == 0 };
  gboolean ignored;

  if (volume->orientation[0] == '\0')
    return reslice;
  reslice.held = find_axis (volume, wanted[kind][0], &ignored);
  reslice.down = find_axis (volume, wanted[kind][1], &reslice.flip_down);
  reslice.across = find_axis (volume, wanted[kind][2], &reslice.flip_across);
  reslice.bottom = wanted[kind][1];
  reslice.top = opposite (reslice.bottom);
  reslice.right = wanted[kind][2];
  reslice.left = opposite (reslice.right);
  return reslice;
}

PlReslice
pl_reslice_plain (void)
{
  return (PlReslice){ .held = 0, .down = 1, .across = 2 };
}

void
pl_reslice_mirror (PlReslice *reslice)
{
  char left = reslice->left;

  reslice->left = reslice->right;
  reslice->right = left;
  reslice->flip_across = !reslice->flip_across;
}

void
pl_reslice_pixel (
    const PlReslice *reslice, const int n[3], const int voxel[3], int *row, int *column)
{
  *row = voxel[reslice->down];
  *column = voxel[reslice->across];
  if (reslice->flip_down)
    *row = n[reslice->down] - 1 - *row;
  if (reslice->flip_across)
    *column = n[reslice->across] - 1 - *column;
}

void
pl_reslice_voxel (const PlReslice *reslice, const int n[3], int row, int column, int voxel[3])
{
  voxel[reslice->down] = reslice->flip_down ? n[reslice->down] - 1 - row : row;
  voxel[reslice->across] = reslice->flip_across ? n[reslice->across] - 1 - column : column;
}

int
pl_reslice_slab (
    const PlReslice *reslice, const PlVolume *volume, int index, double thickness_mm, int *first)
{
  int n = volume->n[reslice->held];
  double planes = thickness_mm / volume->spacing_mm[reslice->held];
  int wished = (int) lround (CLAMP (planes, 1.0, 2.0 * n));
  int start = index - wished / 2;
  int end = MIN (start + wished, n);

  *first = MAX (start, 0);
  return end - *first;
}

/* How far a step along each memory axis leads in the picture, and where voxel (0, 0, 0) is. */
typedef struct
{
  gssize step[3];
  gssize origin;
} Walk;

static Walk
plan_walk (const PlReslice *reslice, const int n[3])
{
  gssize columns = n[reslice->across];
  Walk walk = { .step = { 0, 0, 0 } };

  walk.step[reslice->down] = reslice->flip_down ? -columns : columns;
  walk.step[reslice->across] = reslice->flip_across ? -1 : 1;
  if (reslice->flip_down)
    walk.origin += (n[reslice->down] - 1) * columns;
  if (reslice->flip_across)
    walk.origin += columns - 1;
  return walk;
}

static gssize
find_place (const Walk *walk, int slice, int row, int column)
{
  return walk->origin + slice * walk->step[0] + row * walk->step[1] + column * walk->step[2];
}

/* Adds @n voxels to the picture, from @at on, @step apart. What is not a number is no extreme. */
static void
combine (PlProjection projection, const float *run, gssize n, float *at, gssize step)
{
  switch (projection)
    {
    case PL_PROJECTION_MAXIMUM:
      for (gssize i = 0; i < n; i++)
        at[i * step] = fmaxf (at[i * step], run[i]);
      break;
    case PL_PROJECTION_MINIMUM:
      for (gssize i = 0; i < n; i++)
        at[i * step] = fminf (at[i * step], run[i]);
      break;
    case PL_PROJECTION_MEAN:
      for (gssize i = 0; i < n; i++)
        at[i * step] += run[i];
      break;
    case PL_PROJECTION_NONE:
    default:
      for (gssize i = 0; i < n; i++)
        at[i * step] = run[i];
      break;
    }
}

/* What is not there yet is not a number, which makes a mean unknown. */
static void
read_run (const PlVolume *volume, int slice, int row, int column, int n, float *run)
{
  if (slice < pl_volume_ready_slices (volume))
    pl_volume_run (volume, slice, row, column, n, run);
  else
    for (int i = 0; i < n; i++)
      run[i] = NAN;
}

gboolean
pl_reslice_hu (const PlReslice *reslice,
               const PlVolume *volume,
               int index,
               PlProjection projection,
               double thickness_mm,
               GCancellable *cancellable,
               float *hu)
{
  const int *n = volume->n;
  gsize n_pixels = (gsize) n[reslice->down] * (gsize) n[reslice->across];
  gboolean is_mean = projection == PL_PROJECTION_MEAN;
  Walk walk = plan_walk (reslice, n);
  int begin[3] = { 0, 0, 0 };
  int end[3] = { n[0], n[1], n[2] };
  int n_planes = 1;
  g_autofree float *run = g_new (float, (gsize) n[2]);

  g_assert (index >= 0 && index < n[reslice->held]);
  begin[reslice->held] = index;
  if (projection != PL_PROJECTION_NONE)
    n_planes = pl_reslice_slab (reslice, volume, index, thickness_mm, &begin[reslice->held]);
  end[reslice->held] = begin[reslice->held] + n_planes;

  for (gsize i = 0; i < n_pixels; i++)
    hu[i] = is_mean ? 0.0f : NAN;
  for (int s = begin[0]; s < end[0]; s++)
    {
      if (g_cancellable_is_cancelled (cancellable))
        return FALSE;
      for (int r = begin[1]; r < end[1]; r++)
        {
          read_run (volume, s, r, begin[2], end[2] - begin[2], run);
          combine (projection, run, end[2] - begin[2], hu + find_place (&walk, s, r, begin[2]),
                   walk.step[2]);
        }
    }
  for (gsize i = 0; is_mean && i < n_pixels; i++)
    hu[i] /= (float) n_planes;
  return TRUE;
}

void
pl_reslice_picture_size (
    const PlReslice *reslice, const PlVolume *volume, int tile_px, int *width, int *height)
{
  double width_mm = volume->n[reslice->across] * volume->spacing_mm[reslice->across];
  double height_mm = volume->n[reslice->down] * volume->spacing_mm[reslice->down];
  double px_per_mm = tile_px / MAX (width_mm, height_mm);

  g_assert (tile_px >= 1);
  *width = CLAMP ((int) lround (width_mm * px_per_mm), 1, tile_px);
  *height = CLAMP ((int) lround (height_mm * px_per_mm), 1, tile_px);
}

void
pl_reslice_labels (const PlReslice *reslice, const PlMask *mask, int index, guint8 *labels)
{
  Walk walk = plan_walk (reslice, mask->n);
  int begin[3] = { 0, 0, 0 };
  int end[3] = { mask->n[0], mask->n[1], mask->n[2] };

  g_assert (index >= 0 && index < mask->n[reslice->held]);
  begin[reslice->held] = index;
  end[reslice->held] = index + 1;
  for (int s = begin[0]; s < end[0]; s++)
    for (int r = begin[1]; r < end[1]; r++)
      {
        const guint8 *run = pl_mask_slice (mask, s) + (gsize) r * (gsize) mask->n[2];
        guint8 *at = labels + find_place (&walk, s, r, 0);

        for (gssize c = begin[2]; c < end[2]; c++)
          at[c * walk.step[2]] = run[c];
      }
}
