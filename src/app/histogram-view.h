/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/histogram.h"

#include <gtk/gtk.h>

/* A histogram as bars over an axis of values. For those who do not see it, its description says
 * where the values lie. */
#define PL_TYPE_HISTOGRAM_VIEW (pl_histogram_view_get_type ())
G_DECLARE_FINAL_TYPE (PlHistogramView, pl_histogram_view, PL, HISTOGRAM_VIEW, GtkWidget)

/* @unit: (nullable): behind the axis, such as "HU". @text: the description. */
void pl_histogram_view_set (PlHistogramView *self,
                            const PlHistogram *histogram,
                            const char *unit,
                            const char *text);
