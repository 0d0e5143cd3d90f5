/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ticks of a plot. */
#include "app/plot-axis.h"

#include <math.h>

void
pl_plot_axis_init (PlPlotAxis *axis, double low, double high, int most_ticks)
{
  static const double factors[] = { 1, 2, 5, 10 };
  double rough, power;

  if (!(high > low))
    high = low + (low != 0 ? fabs (low) : 1);
  axis->low = low;
  axis->high = high;
  rough = (high - low) / most_ticks;
  power = pow (10, floor (log10 (rough)));
  axis->step = 10 * power;
  for (int i = 0; i < 4; i++)
    if (factors[i] * power >= rough * (1 - 1e-9))
      {
        axis->step = factors[i] * power;
        break;
      }
  axis->decimals = (int) fmax (0, ceil (-log10 (axis->step) - 1e-9));
}

double
pl_plot_axis_first_tick (const PlPlotAxis *axis)
{
  return ceil (axis->low / axis->step - 1e-9) * axis->step + 0.0; /* never −0 */
}

double
pl_plot_axis_position (const PlPlotAxis *axis, double value)
{
  return (value - axis->low) / (axis->high - axis->low);
}
