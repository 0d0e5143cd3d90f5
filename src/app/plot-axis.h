/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A linear axis with ticks at round numbers: 1, 2 or 5 times a power of ten apart. */
typedef struct
{
  double low; /* of what is shown; low < high */
  double high;
  double step;  /* between ticks */
  int decimals; /* that tick labels need */
} PlPlotAxis;

/* An axis that shows @low…@high with at most @most_ticks ticks (≥ 2); equal ends are spread. */
void pl_plot_axis_init (PlPlotAxis *axis, double low, double high, int most_ticks);

/* The first tick at or above the low end. */
double pl_plot_axis_first_tick (const PlPlotAxis *axis);

/* Where @value lies: 0 at the low end, 1 at the high end. */
double pl_plot_axis_position (const PlPlotAxis *axis, double value);
