/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ticks of a plot. */
#include "app/plot-axis.h"

#include <math.h>

/* Digits beyond these would need more room than labels have. */
#define MAX_DECIMALS 6

static double
find_step (double rough)
{
  static const double factors[] = { 1, 2, 5 };
  double power = pow (10, floor (log10 (rough)));

  for (gsize i = 0; i < G_N_ELEMENTS (factors); i++)
    if (factors[i] * power >= rough * (1 - 1e-9))
      return factors[i] * power;
  return 10 * power;
}

static double
find_time_step (double rough)
{
  static const double steps[] = { 1,   2,   5,    10,   15,   30,    60,    120,  300,
                                  600, 900, 1800, 3600, 7200, 10800, 21600, 43200 };

  if (rough <= 0.5)
    return find_step (rough);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] >= rough * (1 - 1e-9))
      return steps[i];
  return 86400 * ceil (rough / 86400 * (1 - 1e-9));
}

void
pl_plot_axis_init_scale (
    PlPlotAxis *axis, PlPlotScale scale, double low, double high, int most_ticks)
{
  double rough;

  if (!(high > low))
    high = low + (low != 0 ? fabs (low) : 1);
  rough = (high - low) / most_ticks;
  axis->scale = scale;
  axis->low = low;
  axis->high = high;
  axis->most_ticks = most_ticks;
  axis->step = scale == PL_PLOT_TIME ? find_time_step (rough) : find_step (rough);
  axis->decimals = (int) fmax (0, ceil (-log10 (axis->step) - 1e-9));
}

void
pl_plot_axis_init (PlPlotAxis *axis, double low, double high, int most_ticks)
{
  pl_plot_axis_init_scale (axis, PL_PLOT_LINEAR, low, high, most_ticks);
}

double
pl_plot_axis_first_tick (const PlPlotAxis *axis)
{
  return ceil (axis->low / axis->step - 1e-9) * axis->step + 0.0; /* never −0 */
}

static GArray *
get_even_ticks (const PlPlotAxis *axis)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (double));
  double first = pl_plot_axis_first_tick (axis);

  for (int i = 0; first + i * axis->step <= axis->high + axis->step * 1e-6; i++)
    {
      double tick = first + i * axis->step;

      g_array_append_val (ticks, tick);
    }
  return ticks;
}

/* At the @digits times each @every-th power of ten. */
static GArray *
get_power_ticks (const PlPlotAxis *axis, const char *digits, int every)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (double));
  int first = (int) floor (log10 (axis->low) / every - 1e-9) * every;

  for (int power = first; pow (10, power) <= axis->high * (1 + 1e-9); power += every)
    for (const char *digit = digits; *digit != '\0'; digit++)
      {
        double tick = (*digit - '0') * pow (10, power);

        if (tick >= axis->low * (1 - 1e-9) && tick <= axis->high * (1 + 1e-9))
          g_array_append_val (ticks, tick);
      }
  return ticks;
}

/* As many as there is room for; less than a decade has ticks as on a linear axis. */
static GArray *
get_log_ticks (const PlPlotAxis *axis)
{
  static const char *const digits[] = { "123456789", "125", "13", "1" };
  int every = 1;

  for (gsize i = 0; i < G_N_ELEMENTS (digits); i++)
    {
      g_autoptr (GArray) ticks = get_power_ticks (axis, digits[i], 1);

      if (ticks->len < 2)
        return get_even_ticks (axis);
      if ((int) ticks->len <= axis->most_ticks)
        return g_steal_pointer (&ticks);
    }
  while (log10 (axis->high / axis->low) / every > axis->most_ticks - 1)
    every++;
  return get_power_ticks (axis, "1", every);
}

GArray *
pl_plot_axis_get_ticks (const PlPlotAxis *axis)
{
  return axis->scale == PL_PLOT_LOG ? get_log_ticks (axis) : get_even_ticks (axis);
}

char *
pl_plot_dup_time (double seconds)
{
  gint64 s = (gint64) llround (seconds);

  return s < 3600 ? g_strdup_printf ("%d:%02d", (int) (s / 60), (int) (s % 60))
                  : g_strdup_printf ("%d:%02d:%02d", (int) (s / 3600), (int) (s / 60 % 60),
                                     (int) (s % 60));
}

char *
pl_plot_axis_dup_label (const PlPlotAxis *axis, double tick)
{
  if (axis->scale == PL_PLOT_LOG || axis->decimals > MAX_DECIMALS)
    return g_strdup_printf ("%.4g", tick);
  if (axis->scale == PL_PLOT_LINEAR || axis->decimals > 0)
    return g_strdup_printf ("%.*f", axis->decimals, tick);
  if (axis->high >= 3600 && axis->step >= 60)
    return g_strdup_printf ("%d:%02d", (int) (tick / 3600), (int) fmod (tick / 60, 60));
  return pl_plot_dup_time (tick);
}

double
pl_plot_axis_position (const PlPlotAxis *axis, double value)
{
  if (axis->scale == PL_PLOT_LOG)
    return log (fmax (value, axis->low * 1e-3) / axis->low) / log (axis->high / axis->low);
  return (value - axis->low) / (axis->high - axis->low);
}

double
pl_plot_axis_value (const PlPlotAxis *axis, double position)
{
  if (axis->scale == PL_PLOT_LOG)
    return axis->low * pow (axis->high / axis->low, position);
  return axis->low + position * (axis->high - axis->low);
}
