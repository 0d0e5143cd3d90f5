/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A first round finds range and mean, a second one counts. Most files hold integers: a bin that is
 * no whole number wide would take now more, now fewer of them, which looks like a comb.
 */
#include "image/histogram.h"

#include <math.h>

/* From this range on, bins are a whole number wide. */
#define WIDE 64

static void
find_range (const float *values, gsize n, PlHistogram *histogram, double *sum)
{
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      {
        double value = (double) values[i];

        histogram->n++;
        histogram->min = fmin (histogram->min, value);
        histogram->max = fmax (histogram->max, value);
        *sum += value;
      }
}

static void
choose_bins (PlHistogram *histogram)
{
  double range = histogram->max - histogram->min;

  histogram->low = histogram->min;
  histogram->width = range / PL_HISTOGRAM_BINS;
  if (range >= WIDE)
    {
      histogram->low = floor (histogram->min);
      histogram->width = ceil ((histogram->max - histogram->low + 1) / PL_HISTOGRAM_BINS);
    }
  else if (!(range > 0))
    histogram->width = 1;
}

static void
count (const float *values, gsize n, PlHistogram *histogram, double *squares)
{
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      {
        double value = (double) values[i];
        int bin = (int) ((value - histogram->low) / histogram->width);

        histogram->counts[CLAMP (bin, 0, PL_HISTOGRAM_BINS - 1)]++;
        *squares += (value - histogram->mean) * (value - histogram->mean);
      }
}

gboolean
pl_histogram_measure (const PlVolume *volume,
                      PlHistogram *histogram,
                      GCancellable *cancellable,
                      GError **error)
{
  gsize n = (gsize) volume->n[1] * (gsize) volume->n[2];
  g_autofree float *values = g_new (float, n);
  PlHistogram found = { .min = INFINITY, .max = -INFINITY, .mean = NAN, .sd = NAN };
  double sum = 0;
  double squares = 0;

  for (int round = 0; round < 2; round++)
    {
      for (int s = 0; s < volume->n[0]; s++)
        {
          if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
          pl_volume_slice (volume, s, values);
          if (round == 0)
            find_range (values, n, &found, &sum);
          else
            count (values, n, &found, &squares);
        }
      if (found.n == 0)
        found.min = found.max = NAN;
      if (round > 0 || found.n == 0)
        break;
      found.mean = sum / (double) found.n;
      choose_bins (&found);
    }
  if (found.n > 0)
    found.sd = sqrt (squares / (double) found.n);
  *histogram = found;
  return TRUE;
}
