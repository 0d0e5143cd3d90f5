/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The @percent-th percentile of @n ≥ 1 values, none of them NaN, linear between ranks as NumPy's
 * default. Reorders @values; takes time proportional to @n. */
double pl_select_percentile (double *values, gsize n, double percent);
