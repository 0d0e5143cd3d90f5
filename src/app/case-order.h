/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/case-item.h"

/* Which cases the list shows, and in which order. */

typedef enum
{
  PL_CASE_SORT_NAME,   /* as in the data set */
  PL_CASE_SORT_DICE,   /* worst first; unknown last */
  PL_CASE_SORT_SLICES, /* most first */
  PL_CASE_SORT_AREA,   /* largest lungs first: volumes, then slices; unknown last */
} PlCaseSort;

typedef enum
{
  PL_CASE_FILTER_ALL,
  PL_CASE_FILTER_WITH_MASK,
  PL_CASE_FILTER_WITHOUT_MASK,
  PL_CASE_FILTER_PREDICTED,
  PL_CASE_FILTER_TEST, /* in the test part */
} PlCaseFilter;

/* Below 0 if @a comes first; 0 leaves them in the data set's order. */
int pl_case_sort_compare (PlCaseSort sort, PlCaseItem *a, PlCaseItem *b);
gboolean pl_case_filter_fits (PlCaseFilter filter, PlCaseItem *item);

/* "name", "dice", "slices", "area"; "all", "with-mask", "without-mask", "predicted", "test": as
 * actions name them. */
gboolean pl_case_sort_from_name (const char *name, PlCaseSort *sort);
gboolean pl_case_filter_from_name (const char *name, PlCaseFilter *filter);
