/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How far the surfaces of two masks are apart; what a surface is says metrics.h. */
typedef struct
{
  double hd95_mm; /* the larger of the two directed 95th percentiles */
  double assd_mm; /* mean of all distances of both directions */
} PlSurfaceDistances;

/**
 * pl_surface_compare:
 * @a: labels of n[0] × n[1] × n[2] voxels, slice by slice
 * @b: likewise
 * @label: 0 for all labels above 0 together, else that label
 * @spacing_mm: of slices, rows and columns; each above 0
 *
 * Blocks; takes 4 bytes for each voxel of the box around both masks.
 *
 * Returns: FALSE when either mask is empty
 */
gboolean pl_surface_compare (const guint8 *a,
                             const guint8 *b,
                             const int n[3],
                             int label,
                             const double spacing_mm[3],
                             PlSurfaceDistances *distances);
