/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

#define PL_HISTOGRAM_BINS 256

/* How often values occur in a volume, after scaling. Those that are not finite are left out. */
typedef struct
{
  guint64 n;  /* values */
  double min; /* of them; NaN without any, as are mean and sd */
  double max;
  double mean;
  double sd;
  double low;   /* where the first bin begins */
  double width; /* of a bin: a whole number where the range is wide */
  guint64 counts[PL_HISTOGRAM_BINS];
} PlHistogram;

/**
 * pl_histogram_measure:
 * @volume: all of whose slices are ready
 * @cancellable: (nullable): looked at between slices
 *
 * Goes through the volume twice: 0.5 s for 465 slices of 512 × 512. Any thread; blocks.
 *
 * Returns: FALSE with @error set when cancelled
 */
gboolean pl_histogram_measure (const PlVolume *volume,
                               PlHistogram *histogram,
                               GCancellable *cancellable,
                               GError **error);
