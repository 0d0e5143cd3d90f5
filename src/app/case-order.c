/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of the case list. The number of slices is known from the header; the area of the lungs
 * is not without reading every mask, so the montage has that.
 */
#include "app/case-order.h"

#include <math.h>

static const char *const sort_names[] = { "name", "dice", "slices" };
static const char *const filter_names[] = { "all", "with-mask", "without-mask", "predicted",
                                            "test" };

static int
compare_dice (double a, double b)
{
  if (isnan (a) || isnan (b))
    return isnan (a) - isnan (b);
  return (a > b) - (a < b);
}

static int
count_slices (PlCaseItem *item)
{
  const PlImageHeader *header = &pl_case_item_get_case (item)->header;

  return header->shape[header->slice_axis];
}

int
pl_case_sort_compare (PlCaseSort sort, PlCaseItem *a, PlCaseItem *b)
{
  switch (sort)
    {
    case PL_CASE_SORT_DICE:
      return compare_dice (pl_case_item_get_dice (a), pl_case_item_get_dice (b));
    case PL_CASE_SORT_SLICES:
      return count_slices (b) - count_slices (a);
    case PL_CASE_SORT_NAME:
    default:
      return 0;
    }
}

gboolean
pl_case_filter_fits (PlCaseFilter filter, PlCaseItem *item)
{
  const PlCase *source = pl_case_item_get_case (item);

  switch (filter)
    {
    case PL_CASE_FILTER_WITH_MASK:
      return source->mask_path != NULL;
    case PL_CASE_FILTER_WITHOUT_MASK:
      return source->mask_path == NULL;
    case PL_CASE_FILTER_PREDICTED:
      return pl_case_item_has_prediction (item);
    case PL_CASE_FILTER_TEST:
      return source->group == PL_GROUP_TEST;
    case PL_CASE_FILTER_ALL:
    default:
      return TRUE;
    }
}

/* −1 if it is not among them. */
static int
find_name (const char *const *names, gsize n, const char *name)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (names[i], name))
      return (int) i;
  return -1;
}

gboolean
pl_case_sort_from_name (const char *name, PlCaseSort *sort)
{
  int found = find_name (sort_names, G_N_ELEMENTS (sort_names), name);

  if (found >= 0)
    *sort = (PlCaseSort) found;
  return found >= 0;
}

gboolean
pl_case_filter_from_name (const char *name, PlCaseFilter *filter)
{
  int found = find_name (filter_names, G_N_ELEMENTS (filter_names), name);

  if (found >= 0)
    *filter = (PlCaseFilter) found;
  return found >= 0;
}
