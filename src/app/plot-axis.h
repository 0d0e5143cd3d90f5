/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

typedef enum
{
  PL_PLOT_LINEAR,
  PL_PLOT_LOG,
  PL_PLOT_TIME, /* seconds, shown as m:ss or h:mm */
} PlPlotScale;

/* An axis with ticks at round numbers: 1, 2 or 5 times a power of ten, or what clocks know. */
typedef struct
{
  PlPlotScale scale;
  double low; /* of what is shown; low < high, above 0 if logarithmic */
  double high;
  double step;  /* between ticks; unused where logarithmic */
  int decimals; /* that tick labels need */
  int most_ticks;
} PlPlotAxis;

/* An axis that shows @low…@high with at most @most_ticks ticks (≥ 2); equal ends are spread. */
void pl_plot_axis_init (PlPlotAxis *axis, double low, double high, int most_ticks);

/* The same with another scale. @low > 0 for PL_PLOT_LOG. */
void pl_plot_axis_init_scale (
    PlPlotAxis *axis, PlPlotScale scale, double low, double high, int most_ticks);

/* The first tick at or above the low end of a linear axis. */
double pl_plot_axis_first_tick (const PlPlotAxis *axis);

/* Returns: (transfer full) (element-type double): all ticks, ascending */
GArray *pl_plot_axis_get_ticks (const PlPlotAxis *axis);

/* In the user's language. */
char *pl_plot_axis_dup_label (const PlPlotAxis *axis, double tick);

/* Where @value lies: 0 at the low end, 1 at the high end; a logarithmic axis puts what it cannot
 * show below its low end. */
double pl_plot_axis_position (const PlPlotAxis *axis, double value);
double pl_plot_axis_value (const PlPlotAxis *axis, double position);

/* "2:05", "1:10:00". */
char *pl_plot_dup_time (double seconds);
