/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/components.h"

#include "base/random.h"

#include <string.h>

/* One character a pixel: '.' is 0, a digit its label. */
static guint8 *
parse (const char *picture)
{
  guint8 *labels = g_new (guint8, strlen (picture));

  for (gsize i = 0; picture[i] != '\0'; i++)
    labels[i] = (guint8) (picture[i] == '.' ? 0 : picture[i] - '0');
  return labels;
}

static void
assert_picture (const guint8 *labels, const char *picture)
{
  g_autofree guint8 *expected = parse (picture);

  g_assert_cmpmem (labels, strlen (picture), expected, strlen (picture));
}

static void
test_count (void)
{
  const int n[3] = { 2, 3, 4 };
  g_autofree guint8 *labels = parse ("1..2"
                                     ".1.2"
                                     "1..."
                                     /* next slice */
                                     "1..."
                                     "...."
                                     ".3.1");

  g_assert_cmpint (pl_components_count (labels, n), ==, 6);
}

static void
test_keep_largest (void)
{
  const int n[3] = { 2, 3, 4 };
  g_autofree guint8 *labels = parse ("1..1"
                                     ".2.1"
                                     "...."
                                     "1..."
                                     ".2.."
                                     ".2.1");

  pl_components_keep_largest (labels, n, 1);
  assert_picture (labels, "...."
                          ".2.."
                          "...."
                          "...."
                          ".2.."
                          ".2..");
}

static void
test_equal_sizes_first_stays (void)
{
  const int n[3] = { 1, 1, 8 };
  g_autofree guint8 *labels = parse ("11.22.33");

  pl_components_keep_largest (labels, n, 2);
  assert_picture (labels, "11.22...");
}

static void
test_keep_more_than_there_are (void)
{
  const int n[3] = { 1, 2, 4 };
  g_autofree guint8 *labels = parse ("1.2..3.1");

  pl_components_keep_largest (labels, n, 10);
  assert_picture (labels, "1.2..3.1");
  pl_components_keep_largest (labels, n, 0);
  assert_picture (labels, "........");
  g_assert_cmpint (pl_components_count (labels, n), ==, 0);
}

/* A spiral and a comb make every union that two rows can need. */
static void
test_winding_shapes (void)
{
  const int n[3] = { 1, 7, 9 };
  g_autofree guint8 *labels = parse ("111111111"
                                     "1.......1"
                                     "1.11111.1"
                                     "1.1...1.1"
                                     "1.1.111.1"
                                     "1.1.....1"
                                     "1.1111111");
  const int comb_n[3] = { 1, 2, 9 };
  g_autofree guint8 *comb = parse ("1.1.1.1.1"
                                   "111111111");

  g_assert_cmpint (pl_components_count (labels, n), ==, 1);
  g_assert_cmpint (pl_components_count (comb, comb_n), ==, 1);
}

static void
test_fill_holes (void)
{
  const int n[3] = { 2, 5, 7 };
  g_autofree guint8 *labels = parse (".11111."
                                     ".1...1."
                                     ".1.1.1."
                                     ".11111."
                                     "...1..."
                                     /* open to the edge at the top; diagonals do not close it */
                                     ".11.11."
                                     ".1...1."
                                     ".1.1.1."
                                     ".11111."
                                     "..1.1..");

  pl_components_fill_holes (labels, n);
  assert_picture (labels, ".11111."
                          ".11111."
                          ".11111."
                          ".11111."
                          "...1..."
                          ".11.11."
                          ".1...1."
                          ".1.1.1."
                          ".11111."
                          "..1.1..");
}

static void
test_holes_take_what_surrounds_them (void)
{
  const int n[3] = { 1, 5, 9 };
  g_autofree guint8 *labels = parse ("33332.222"
                                     "3..32..2."
                                     "3..31222."
                                     "3.13.2.2."
                                     "33332222.");

  pl_components_fill_holes (labels, n);
  assert_picture (labels, "33332.222"
                          "33332..2."
                          "33331222."
                          "33132222."
                          "33332222.");
}

/* The definition by flood fill; gives each pixel the number of its component from 1 on. */
static int
flood (const guint8 *labels, const int n[3], int *component)
{
  const int n_voxels = n[0] * n[1] * n[2];
  g_autofree int *stack = g_new (int, n_voxels);
  int count = 0;

  memset (component, 0, (gsize) n_voxels * sizeof *component);
  for (int start = 0; start < n_voxels; start++)
    {
      int depth = 0;

      if (labels[start] == 0 || component[start] != 0)
        continue;
      component[start] = ++count;
      stack[depth++] = start;
      while (depth > 0)
        {
          int i = stack[--depth];
          int at[3] = { i / (n[1] * n[2]), i / n[2] % n[1], i % n[2] };
          const int step[3] = { n[1] * n[2], n[2], 1 };

          for (int k = 0; k < 6; k++)
            {
              int to = at[k / 2] + (k % 2 == 0 ? -1 : 1);
              int j = i + (k % 2 == 0 ? -step[k / 2] : step[k / 2]);

              if (to >= 0 && to < n[k / 2] && labels[j] != 0 && component[j] == 0)
                {
                  component[j] = count;
                  stack[depth++] = j;
                }
            }
        }
    }
  return count;
}

static void
test_matches_flood_fill (void)
{
  for (guint64 seed = 0; seed < 60; seed++)
    {
      PlRandom random;
      pl_random_init (&random, seed, 0);
      const int n[3] = { 1 + (int) pl_random_below (&random, 7),
                         1 + (int) pl_random_below (&random, 20),
                         1 + (int) pl_random_below (&random, 40) };
      const int n_voxels = n[0] * n[1] * n[2];
      g_autofree guint8 *labels = g_new (guint8, n_voxels);
      g_autofree int *component = g_new (int, n_voxels);
      g_autofree int *sizes = g_new0 (int, n_voxels + 1);
      double share = pl_random_between (&random, 0.1, 0.7);
      int count, largest = 0;

      for (int i = 0; i < n_voxels; i++)
        labels[i] = pl_random_uniform (&random) < share ? (guint8) (1 + i % 3) : 0;
      count = flood (labels, n, component);
      g_assert_cmpint (pl_components_count (labels, n), ==, count);
      for (int i = 0; i < n_voxels; i++)
        sizes[component[i]]++;
      for (int i = 1; i <= count; i++)
        if (largest == 0 || sizes[i] > sizes[largest])
          largest = i;
      pl_components_keep_largest (labels, n, 1);
      for (int i = 0; i < n_voxels; i++)
        g_assert_cmpint (labels[i], ==, component[i] == largest && largest > 0 ? 1 + i % 3 : 0);
    }
}

static void
test_fill_matches_flood_fill (void)
{
  for (guint64 seed = 0; seed < 40; seed++)
    {
      const int n[3] = { 1, 24, 30 };
      guint8 labels[24 * 30], background[24 * 30];
      int component[24 * 30];
      gboolean is_open[24 * 30 + 1] = { FALSE };
      PlRandom random;

      pl_random_init (&random, seed, 1);
      for (int i = 0; i < 24 * 30; i++)
        {
          labels[i] = pl_random_uniform (&random) < 0.6;
          background[i] = !labels[i];
        }
      flood (background, n, component);
      for (int i = 0; i < 24 * 30; i++)
        if (i / 30 == 0 || i / 30 == 23 || i % 30 == 0 || i % 30 == 29)
          is_open[component[i]] = TRUE;
      pl_components_fill_holes (labels, n);
      for (int i = 0; i < 24 * 30; i++)
        g_assert_cmpint (labels[i], ==, component[i] == 0 || !is_open[component[i]]);
    }
}

/* Half of a large volume, with holes: the size that predictions come in. */
static void
test_speed (void)
{
  const int n[3] = { 300, 512, 512 };
  g_autofree guint8 *labels = NULL;
  double seconds;

  if (!g_test_perf ())
    {
      g_test_skip ("only with -m perf");
      return;
    }
  labels = g_malloc0 ((gsize) n[0] * (gsize) n[1] * (gsize) n[2]);
  for (gsize i = 0; i < (gsize) n[0] * (gsize) n[1] * (gsize) n[2]; i++)
    labels[i] = i % 512 / 128 % 2 == 1 && i % 97 != 0;
  g_test_timer_start ();
  pl_components_keep_largest (labels, n, 2);
  seconds = g_test_timer_elapsed ();
  g_test_minimized_result (seconds, "keep largest: %.2f s", seconds);
  g_test_timer_start ();
  pl_components_fill_holes (labels, n);
  seconds = g_test_timer_elapsed ();
  g_test_minimized_result (seconds, "fill holes: %.2f s", seconds);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/components/count", test_count);
  g_test_add_func ("/image/components/keep-largest", test_keep_largest);
  g_test_add_func ("/image/components/equal-sizes-first-stays", test_equal_sizes_first_stays);
  g_test_add_func ("/image/components/keep-more-than-there-are", test_keep_more_than_there_are);
  g_test_add_func ("/image/components/winding-shapes", test_winding_shapes);
  g_test_add_func ("/image/components/fill-holes", test_fill_holes);
  g_test_add_func ("/image/components/holes-take-what-surrounds-them",
                   test_holes_take_what_surrounds_them);
  g_test_add_func ("/image/components/matches-flood-fill", test_matches_flood_fill);
  g_test_add_func ("/image/components/fill-matches-flood-fill", test_fill_matches_flood_fill);
  g_test_add_func ("/image/components/speed", test_speed);
  return g_test_run ();
}
