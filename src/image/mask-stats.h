/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* Statistics of the pixels inside a mask: the columns of Kaggle's lung_stats.csv, whose
 * lung_area_mm2 is px × side; ours is a real area, px × row spacing × column spacing. Percentiles
 * are linear between ranks, as NumPy's default. Without pixels the HU figures are NaN. */
typedef struct
{
  gint64 area_px; /* of all slices asked for */
  double area_mm2;
  double volume_fraction; /* area over all pixels of those slices */
  double mean_hu;
  double pd95_hu;
  double pd05_hu;
  double volume_ml;
  double laa950;  /* share of the HU figures below −950: low attenuation area */
  double pd15_hu; /* 15th percentile */
} PlMaskStats;

/* Of slices @first up to but not including @end; @label: 0 for all labels above 0 together. Blocks.
 */
void pl_mask_stats (
    const PlVolume *volume, const PlMask *mask, int label, int first, int end, PlMaskStats *stats);
