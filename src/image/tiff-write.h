/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/**
 * pl_tiff_write:
 * @n: pages, rows, columns
 * @type: type of @voxels
 * @voxels: page after page, row-major
 * @spacing_mm: (nullable): of page, row and column, 0 where not known; row and column become
 *   resolution tags, that of the pages is in the description as ImageJ writes it
 *
 * Writes a TIFF file with deflate compression and a predictor, a page a slice, whole or not at
 * all; BigTIFF when it would pass 4 GiB. Any thread; blocks.
 */
gboolean pl_tiff_write (const char *path,
                        const int n[3],
                        PlDType type,
                        const void *voxels,
                        const double spacing_mm[3],
                        GCancellable *cancellable,
                        GError **error);

/* The spacing of @volume in memory order as its file tells it: 0 for what is only taken as 1. */
void pl_tiff_get_told_spacing (const PlVolume *volume, double spacing_mm[3]);
