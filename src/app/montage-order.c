/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Apart from widgets, so that it can be tested without one. Sorting is stable: subjects of the same
 * Dice or area, and those of which it is not known, stay in their own order.
 */
#include "app/montage-order.h"

#include <math.h>

typedef struct
{
  int subject;
  double key; /* the smallest comes first */
} Entry;

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *first = a;
  const Entry *second = b;

  if (first->key != second->key)
    return first->key < second->key ? -1 : 1;
  return first->subject - second->subject;
}

static double
sort_key (PlMontageSort sort, const PlMontageFact *fact)
{
  double key = 0;

  if (sort == PL_MONTAGE_SORT_DICE)
    key = fact->dice;
  else if (sort == PL_MONTAGE_SORT_AREA)
    key = -fact->area_mm2;
  return isnan (key) ? INFINITY : key;
}

static gboolean
passes (const PlMontageOrder *order, const PlMontageFact *fact)
{
  switch (order->filter)
    {
    case PL_MONTAGE_FILTER_WITH_MASK:
      return fact->has_mask;
    case PL_MONTAGE_FILTER_WITHOUT_MASK:
      return !fact->has_mask;
    case PL_MONTAGE_FILTER_TEST:
      return fact->is_test;
    case PL_MONTAGE_FILTER_BELOW:
      return fact->dice < order->below;
    case PL_MONTAGE_FILTER_ALL:
    default:
      return TRUE;
    }
}

GArray *
pl_montage_order_apply (const PlMontageOrder *order, const PlMontageFact *facts, int n_subjects)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  GArray *subjects = g_array_new (FALSE, FALSE, sizeof (int));
  int last = order->last < 0 ? n_subjects - 1 : MIN (order->last, n_subjects - 1);

  for (gint64 i = MAX (order->first, 0); i <= last; i += MAX (order->step, 1))
    if (passes (order, &facts[i]))
      g_array_append_vals (entries, &(Entry){ (int) i, sort_key (order->sort, &facts[i]) }, 1);
  g_array_sort (entries, compare_entries);
  for (guint i = 0; i < entries->len; i++)
    g_array_append_val (subjects, g_array_index (entries, Entry, i).subject);
  return subjects;
}

static const char *const sorts[] = { "slice", "dice", "area" };
static const char *const axes[] = { "slices", "axial", "coronal", "sagittal" };
static const char *const filters[] = { "all", "with-mask", "without-mask", "test", "dice-below" };

/* −1 when it is none of them. */
static int
find_name (const char *const *names, int n_names, const char *name)
{
  for (int i = 0; i < n_names; i++)
    if (g_str_equal (names[i], name))
      return i;
  return -1;
}

const char *
pl_montage_sort_name (PlMontageSort sort)
{
  return sorts[sort];
}

gboolean
pl_montage_sort_from_name (const char *name, PlMontageSort *sort)
{
  int found = find_name (sorts, G_N_ELEMENTS (sorts), name);

  if (found >= 0)
    *sort = (PlMontageSort) found;
  return found >= 0;
}

const char *
pl_montage_filter_name (PlMontageFilter filter)
{
  return filters[filter];
}

gboolean
pl_montage_filter_from_name (const char *name, PlMontageFilter *filter)
{
  int found = find_name (filters, G_N_ELEMENTS (filters), name);

  if (found >= 0)
    *filter = (PlMontageFilter) found;
  return found >= 0;
}

const char *
pl_montage_axis_name (PlMontageAxis axis)
{
  return axes[axis];
}

gboolean
pl_montage_axis_from_name (const char *name, PlMontageAxis *axis)
{
  int found = find_name (axes, G_N_ELEMENTS (axes), name);

  if (found >= 0)
    *axis = (PlMontageAxis) found;
  return found >= 0;
}

int
pl_dice_class (double dice)
{
  return dice < 0.8 ? 0 : dice < 0.9 ? 1 : dice < 0.95 ? 2 : 3;
}

/* Four colours of viridis: uniform in brightness, and safe for colour-blind eyes. */
guint32
pl_dice_rgb (double dice)
{
  static const guint32 colours[PL_DICE_CLASSES] = { 0xfde725, 0x5ec962, 0x21918c, 0x46508f };

  return colours[pl_dice_class (dice)];
}
