/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of the case list. Millilitres of a volume and square millimetres of a slice do not
 * compare, so volumes come before slices when it is by the size of the lungs.
 */
#include "app/case-order.h"

#include <math.h>

static const char *const sort_names[] = { "name", "dice", "slices", "area" };
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

static int
compare_areas (PlCaseItem *a, PlCaseItem *b)
{
  double first = pl_case_item_get_lung_size (a);
  double second = pl_case_item_get_lung_size (b);
  int kind =
      pl_case_is_volume (pl_case_item_get_case (b)) - pl_case_is_volume (pl_case_item_get_case (a));

  if (isnan (first) || isnan (second))
    return isnan (first) - isnan (second);
  return kind != 0 ? kind : (second > first) - (second < first);
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
    case PL_CASE_SORT_AREA:
      return compare_areas (a, b);
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
