/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Percentiles of any number of floats, exact, in memory that does not grow with them: all values
 * are given twice. Between ranks it is linear, as NumPy's default. One thread at a time. */
typedef struct _PlPercentiles PlPercentiles;

#define PL_MAX_PERCENTS 4

/**
 * pl_percentiles_new:
 * @percents: what is wanted, each 0 to 100
 * @n_percents: at most PL_MAX_PERCENTS
 * @lowest: values below it are left out, as are those that are not finite
 */
PlPercentiles *pl_percentiles_new (const double *percents, int n_percents, float lowest);

/* First all values, in any number of calls; then pl_percentiles_turn(); then all again. */
void pl_percentiles_add (PlPercentiles *self, const float *values, gsize n);

/* Returns: how many values were taken */
guint64 pl_percentiles_turn (PlPercentiles *self);

/* Of the percent with that index, after the second round; NaN when no value was taken. */
double pl_percentiles_get (PlPercentiles *self, int index);

/* Takes NULL. */
void pl_percentiles_free (PlPercentiles *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlPercentiles, pl_percentiles_free)
