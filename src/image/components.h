/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Clean-up of masks, in memory order (slices, rows, columns). Label 1…K is foreground alike. */

/* Keeps the @keep largest 3D components (faces touch: 6-connected; 4-connected in one slice); the
 * rest becomes 0. Of equal sizes the one met first stays. */
void pl_components_keep_largest (guint8 *labels, const int n[3], int keep);

/* Background that does not reach the edge of its slice (4-connected, in each slice) takes the label
 * that surrounds it. */
void pl_components_fill_holes (guint8 *labels, const int n[3]);

/* How many 6-connected foreground components there are. */
int pl_components_count (const guint8 *labels, const int n[3]);

enum
{
  PL_SIDE_BEFORE = 1,
  PL_SIDE_BEYOND,
  PL_SIDE_BOTH,
};

/* Gives each 6-connected component the side of @cut, a position along memory axis @axis, where at
 * least @share (above 0.5) of it lies, or PL_SIDE_BOTH. */
void pl_components_take_sides (guint8 *labels, const int n[3], int axis, int cut, double share);
