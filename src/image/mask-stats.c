/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slice by slice, so that a volume's lung (30 million values) is never held as floats; percentiles
 * need a second round over the slices that have labels. */
#include "image/mask-stats.h"

#include <math.h>

#include "image/percentile.h"

/* What lies below it is taken for emphysema. */
#define LOW_ATTENUATION_HU (-950)

static gboolean
is_inside (guint8 found, int label)
{
  return label == 0 ? found != 0 : found == label;
}

/* The values of slice @slice inside the mask, to @inside; @hu is room for a slice. */
static gsize
take_inside (
    const PlVolume *volume, const PlMask *mask, int label, int slice, float *hu, float *inside)
{
  const guint8 *labels = pl_mask_slice (mask, slice);
  gsize n = (gsize) volume->n[1] * (gsize) volume->n[2];
  gsize n_inside = 0;

  for (gsize i = 0; i < n; i++)
    n_inside += is_inside (labels[i], label);
  if (n_inside == 0)
    return 0;
  pl_volume_slice (volume, slice, hu);
  for (gsize i = 0, k = 0; i < n; i++)
    if (is_inside (labels[i], label))
      inside[k++] = hu[i];
  return n_inside;
}

static double
sum_finite (const float *values, gsize n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      sum += (double) values[i];
  return sum;
}

static gsize
count_low (const float *values, gsize n)
{
  gsize n_low = 0;

  for (gsize i = 0; i < n; i++)
    n_low += values[i] < LOW_ATTENUATION_HU && isfinite (values[i]);
  return n_low;
}

void
pl_mask_stats (
    const PlVolume *volume, const PlMask *mask, int label, int first, int end, PlMaskStats *stats)
{
  const double percents[] = { 5.0, 15.0, 95.0 };
  gsize n = (gsize) volume->n[1] * (gsize) volume->n[2];
  g_autoptr (PlPercentiles) percentiles = pl_percentiles_new (percents, 3, -INFINITY);
  g_autofree float *hu = g_new (float, n);
  g_autofree float *inside = g_new (float, n);
  guint64 area = 0;
  guint64 n_low = 0;
  guint64 n_finite;
  double sum = 0.0;

  for (int i = 0; i < 3; i++)
    g_assert (mask->n[i] == volume->n[i]);
  g_assert (first >= 0 && first < end && end <= pl_volume_ready_slices (volume));
  for (int s = first; s < end; s++)
    {
      gsize n_inside = take_inside (volume, mask, label, s, hu, inside);

      area += n_inside;
      sum += sum_finite (inside, n_inside);
      n_low += count_low (inside, n_inside);
      pl_percentiles_add (percentiles, inside, n_inside);
    }
  n_finite = pl_percentiles_turn (percentiles);
  *stats = (PlMaskStats){
    .area_px = (gint64) area,
    .area_mm2 = (double) area * volume->spacing_mm[1] * volume->spacing_mm[2],
    .volume_fraction = (double) area / ((double) n * (end - first)),
    .mean_hu = sum / (double) n_finite,
    .volume_ml = (double) area * pl_volume_voxel_mm3 (volume) / 1000.0,
    .laa950 = (double) n_low / (double) n_finite,
  };
  for (int s = first; s < end; s++)
    pl_percentiles_add (percentiles, inside, take_inside (volume, mask, label, s, hu, inside));
  stats->pd05_hu = pl_percentiles_get (percentiles, 0);
  stats->pd15_hu = pl_percentiles_get (percentiles, 1);
  stats->pd95_hu = pl_percentiles_get (percentiles, 2);
}
