/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "app/montage-layout.h"

#define GAP PL_MONTAGE_GAP

static void
test_columns (void)
{
  static const struct
  {
    int n;
    int width;
    int columns;
  } cases[] = {
    { 100, 0, 1 },
    { 100, GAP + 108, 1 },
    { 100, GAP + 2 * 108 - 1, 1 },
    { 100, GAP + 2 * 108, 2 },
    { 100, GAP + 9 * 108 + 50, 9 },
    { 3, GAP + 9 * 108, 3 },
    { 0, 1000, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PlMontageLayout layout;

      pl_montage_layout_init (&layout, cases[i].n, 100, 80, cases[i].width);
      g_assert_cmpint (layout.columns, ==, cases[i].columns);
    }
}

/* What is left of the width is the same on both sides. */
static void
test_positions (void)
{
  PlMontageLayout layout;
  int x;
  int y;

  pl_montage_layout_init (&layout, 10, 100, 80, 4 * 108 + GAP + 40);
  g_assert_cmpint (layout.columns, ==, 4);
  g_assert_cmpint (layout.height, ==, GAP + 3 * 88);
  pl_montage_layout_position (&layout, 0, &x, &y);
  g_assert_cmpint (x, ==, GAP + 20);
  g_assert_cmpint (y, ==, GAP);
  pl_montage_layout_position (&layout, 9, &x, &y);
  g_assert_cmpint (x, ==, GAP + 20 + 108);
  g_assert_cmpint (y, ==, GAP + 2 * 88);
}

/* Every pixel: it belongs to the tile whose rectangle it is in, or to none. */
static void
test_hit (void)
{
  PlMontageLayout layout;

  pl_montage_layout_init (&layout, 5, 20, 10, 3 * 28 + GAP + 5);
  for (int y = -5; y < layout.height + 5; y++)
    for (int x = -5; x < 110; x++)
      {
        int expected = -1;

        for (int i = 0; i < layout.n; i++)
          {
            int left;
            int top;

            pl_montage_layout_position (&layout, i, &left, &top);
            if (x >= left && x < left + 20 && y >= top && y < top + 10)
              expected = i;
          }
        g_assert_cmpint (pl_montage_layout_hit (&layout, x, y), ==, expected);
      }
}

/* Wherever the view is: a tile is among the visible ones if and only if its row is in sight. */
static void
test_visible (void)
{
  PlMontageLayout layout;

  pl_montage_layout_init (&layout, 11, 20, 10, 3 * 28 + GAP);
  for (int top = -20; top < layout.height + 20; top++)
    for (int height = 0; height < 60; height += 7)
      {
        int first;
        int end;

        pl_montage_layout_visible (&layout, top, height, &first, &end);
        g_assert_cmpint (first, <=, end);
        for (int i = 0; i < layout.n && height > 0; i++)
          {
            int x;
            int y;

            pl_montage_layout_position (&layout, i, &x, &y);
            if (y + 10 > top && y < top + height)
              g_assert_true (i >= first && i < end);
            else if (y >= top + height || y + 10 + GAP <= top)
              g_assert_false (i >= first && i < end);
          }
      }
}

static void
test_visible_nothing (void)
{
  PlMontageLayout layout;
  int first;
  int end;

  pl_montage_layout_init (&layout, 0, 20, 10, 100);
  pl_montage_layout_visible (&layout, 0, 1000, &first, &end);
  g_assert_cmpint (first, ==, 0);
  g_assert_cmpint (end, ==, 0);
}

static void
test_reveal (void)
{
  PlMontageLayout layout;

  /* One column: tile i from GAP + i × 18 to 10 further. */
  pl_montage_layout_init (&layout, 100, 10, 10, 20);
  g_assert_cmpfloat (pl_montage_layout_reveal (&layout, 5, 60, 100), ==, 60);
  g_assert_cmpfloat (pl_montage_layout_reveal (&layout, 0, 60, 100), ==, 0);
  g_assert_cmpfloat (pl_montage_layout_reveal (&layout, 2, 60, 100), ==, 36);
  g_assert_cmpfloat (pl_montage_layout_reveal (&layout, 10, 60, 100), ==,
                     GAP + 180 + 10 + GAP - 100);
  /* A view lower than the tile. */
  g_assert_cmpfloat (pl_montage_layout_reveal (&layout, 10, 60, 5), ==, 180);
}

static void
test_page (void)
{
  PlMontageLayout layout;

  pl_montage_layout_init (&layout, 100, 10, 10, 20);
  g_assert_cmpint (pl_montage_layout_page_rows (&layout, 0), ==, 1);
  g_assert_cmpint (pl_montage_layout_page_rows (&layout, GAP + 3 * 18 - 1), ==, 2);
  g_assert_cmpint (pl_montage_layout_page_rows (&layout, GAP + 3 * 18), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/montage-layout/columns", test_columns);
  g_test_add_func ("/app/montage-layout/positions", test_positions);
  g_test_add_func ("/app/montage-layout/hit", test_hit);
  g_test_add_func ("/app/montage-layout/visible", test_visible);
  g_test_add_func ("/app/montage-layout/visible-nothing", test_visible_nothing);
  g_test_add_func ("/app/montage-layout/reveal", test_reveal);
  g_test_add_func ("/app/montage-layout/page", test_page);
  return g_test_run ();
}
