/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/montage-order.h"

/* Eight subjects: 0 and 7 without a lung; of 3 the Dice is not known. */
static const PlMontageFact facts[] = {
  { 1.0, 0, FALSE, FALSE },  { 0.5, 20, TRUE, FALSE },  { 0.9, 40, TRUE, TRUE },
  { NAN, NAN, TRUE, FALSE }, { 0.95, 80, TRUE, FALSE }, { 0.5, 90, TRUE, TRUE },
  { 0.85, 40, TRUE, FALSE }, { 0.0, 0, FALSE, FALSE },
};

/* @expected: digits, a subject each. */
static void
check (PlMontageOrder order, const char *expected)
{
  g_autoptr (GArray) tiles = pl_montage_order_apply (&order, facts, G_N_ELEMENTS (facts));
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < tiles->len; i++)
    g_string_append_printf (found, "%d", g_array_index (tiles, int, i));
  g_assert_cmpstr (found->str, ==, expected);
}

static PlMontageOrder
order_by (PlMontageSort sort)
{
  PlMontageOrder order = PL_MONTAGE_ORDER_DEFAULT;

  order.sort = sort;
  return order;
}

static void
test_sort (void)
{
  check (order_by (PL_MONTAGE_SORT_SLICE), "01234567");
  check (order_by (PL_MONTAGE_SORT_DICE), "71562403");
  check (order_by (PL_MONTAGE_SORT_AREA), "54261073");
}

static void
test_filter (void)
{
  PlMontageOrder order = PL_MONTAGE_ORDER_DEFAULT;

  order.filter = PL_MONTAGE_FILTER_WITH_MASK;
  check (order, "123456");
  order.filter = PL_MONTAGE_FILTER_WITHOUT_MASK;
  check (order, "07");
  order.filter = PL_MONTAGE_FILTER_TEST;
  check (order, "25");
  order.filter = PL_MONTAGE_FILTER_BELOW;
  check (order, "1567");
  order.below = 0.5;
  check (order, "7");
  order.below = 0;
  check (order, "");
}

static void
test_range (void)
{
  PlMontageOrder order = PL_MONTAGE_ORDER_DEFAULT;

  order.step = 3;
  check (order, "036");
  order.first = 1;
  check (order, "147");
  order.last = 6;
  check (order, "14");
  order.last = 100;
  check (order, "147");
  order.step = 1000;
  check (order, "1");
  order.step = 1;
  order.first = 5;
  order.last = 4;
  check (order, "");
  order.sort = PL_MONTAGE_SORT_DICE;
  order.first = 0;
  order.last = 4;
  order.step = 2;
  check (order, "240");
}

static void
test_none (void)
{
  PlMontageOrder order = PL_MONTAGE_ORDER_DEFAULT;
  g_autoptr (GArray) tiles = pl_montage_order_apply (&order, NULL, 0);

  g_assert_cmpuint (tiles->len, ==, 0);
}

static void
test_names (void)
{
  PlMontageSort sort = PL_MONTAGE_SORT_DICE;
  PlMontageFilter filter = PL_MONTAGE_FILTER_TEST;

  g_assert_false (pl_montage_sort_from_name ("colour", &sort));
  g_assert_cmpint (sort, ==, PL_MONTAGE_SORT_DICE);
  g_assert_false (pl_montage_filter_from_name ("", &filter));
  g_assert_cmpint (filter, ==, PL_MONTAGE_FILTER_TEST);
  for (int i = 0; i <= PL_MONTAGE_SORT_AREA; i++)
    {
      g_assert_true (pl_montage_sort_from_name (pl_montage_sort_name (i), &sort));
      g_assert_cmpint (sort, ==, i);
    }
  for (int i = 0; i <= PL_MONTAGE_FILTER_BELOW; i++)
    {
      g_assert_true (pl_montage_filter_from_name (pl_montage_filter_name (i), &filter));
      g_assert_cmpint (filter, ==, i);
    }
}

/* Luma of Rec. 709, without gamma: only the order counts. */
static double
brightness (guint32 rgb)
{
  return 0.2126 * (rgb >> 16 & 0xff) + 0.7152 * (rgb >> 8 & 0xff) + 0.0722 * (rgb & 0xff);
}

/* Who sees no hue sees the classes by their brightness. */
static void
test_colours (void)
{
  static const double dice[PL_DICE_CLASSES] = { 0.79, 0.8, 0.9, 0.95 };

  for (int i = 0; i < PL_DICE_CLASSES; i++)
    {
      g_assert_cmpint (pl_dice_class (dice[i]), ==, i);
      if (i > 0)
        g_assert_cmpfloat (brightness (pl_dice_rgb (dice[i])) + 30, <,
                           brightness (pl_dice_rgb (dice[i - 1])));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/montage-order/sort", test_sort);
  g_test_add_func ("/app/montage-order/filter", test_filter);
  g_test_add_func ("/app/montage-order/range", test_range);
  g_test_add_func ("/app/montage-order/none", test_none);
  g_test_add_func ("/app/montage-order/names", test_names);
  g_test_add_func ("/app/montage-order/colours", test_colours);
  return g_test_run ();
}
