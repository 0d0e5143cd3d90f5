/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

#include <glib.h>
#include <math.h>

/* Of a mean of n numbers of standard deviation sd, five times its own standard deviation, and the
 * rounding of the sum. */
static double
five_sigma (double sd, int n)
{
  return 5 * sd / sqrt (n) + 1e-9;
}

/* The first outputs of the published generator (https://prng.di.unimi.it/xoshiro256starstar.c) from
 * the state 1, 2, 3, 4. */
static void
test_published_outputs (void)
{
  const uint64_t expected[] = { 11520, 0, 1509978240, 1215971899390074240 };
  PlRandom random = { { 1, 2, 3, 4 } };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (pl_random_bits (&random), ==, expected[i]);
}

static void
test_repeats (void)
{
  PlRandom a, b, copy;

  pl_random_init (&a, 42, 7);
  pl_random_init (&b, 42, 7);
  for (int i = 0; i < 100; i++)
    g_assert_cmpuint (pl_random_bits (&a), ==, pl_random_bits (&b));
  copy = a;
  for (int i = 0; i < 100; i++)
    g_assert_cmpfloat (pl_random_normal (&a), ==, pl_random_normal (&copy));
}

/* Files hold what was drawn from these seeds: they must not change. */
static void
test_seeding_is_fixed (void)
{
  PlRandom random;

  pl_random_init (&random, 1, 0);
  g_assert_cmpuint (pl_random_bits (&random), ==, 17254933023648552173u);
  pl_random_init (&random, 1, 1);
  g_assert_cmpuint (pl_random_bits (&random), ==, 3501290240102054732u);
}

static void
test_streams_differ (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (uint64_t seed = 0; seed < 50; seed++)
    for (uint64_t stream = 0; stream < 50; stream++)
      {
        PlRandom random;
        gint64 *bits = g_new (gint64, 1);

        pl_random_init (&random, seed, stream);
        *bits = (gint64) pl_random_bits (&random);
        g_assert_true (g_hash_table_add (seen, bits));
      }
}

static void
test_uniform (void)
{
  const int n = 200000;
  double sum = 0, squares = 0;
  int bins[10] = { 0 };
  PlRandom random;

  pl_random_init (&random, 3, 0);
  for (int i = 0; i < n; i++)
    {
      double x = pl_random_uniform (&random);

      g_assert_cmpfloat (x, >=, 0);
      g_assert_cmpfloat (x, <, 1);
      sum += x;
      squares += x * x;
      bins[(int) (x * 10)]++;
    }
  g_assert_cmpfloat_with_epsilon (sum / n, 0.5, five_sigma (sqrt (1 / 12.0), n));
  g_assert_cmpfloat_with_epsilon (squares / n, 1 / 3.0, five_sigma (sqrt (4 / 45.0), n));
  for (int i = 0; i < 10; i++)
    g_assert_cmpfloat_with_epsilon ((double) bins[i] / n, 0.1, five_sigma (0.3, n));
}

static void
test_between (void)
{
  double low = G_MAXDOUBLE, high = -G_MAXDOUBLE;
  PlRandom random;

  pl_random_init (&random, 4, 0);
  for (int i = 0; i < 10000; i++)
    {
      double x = pl_random_between (&random, -3, 5);

      low = MIN (low, x);
      high = MAX (high, x);
    }
  g_assert_cmpfloat (low, >=, -3);
  g_assert_cmpfloat (low, <, -2.98);
  g_assert_cmpfloat (high, <, 5);
  g_assert_cmpfloat (high, >, 4.98);
}

static void
test_below (void)
{
  const uint32_t limits[] = { 1, 2, 3, 7, 10 };
  const int n = 100000;
  PlRandom random;

  pl_random_init (&random, 5, 0);
  for (guint k = 0; k < G_N_ELEMENTS (limits); k++)
    {
      int counts[10] = { 0 };
      double share = 1.0 / limits[k];

      for (int i = 0; i < n; i++)
        {
          uint32_t x = pl_random_below (&random, limits[k]);

          g_assert_cmpuint (x, <, limits[k]);
          counts[x]++;
        }
      for (uint32_t i = 0; i < limits[k]; i++)
        g_assert_cmpfloat_with_epsilon ((double) counts[i] / n, share,
                                        five_sigma (sqrt (share * (1 - share)), n));
    }
}

/* With 3 · 2³⁰ a plain remainder would give the lowest third twice as often. */
static void
test_below_is_unbiased (void)
{
  const uint32_t limit = 3u << 30;
  const int n = 50000;
  int low = 0;
  PlRandom random;

  pl_random_init (&random, 6, 0);
  for (int i = 0; i < n; i++)
    low += pl_random_below (&random, limit) < 1u << 30;
  g_assert_cmpfloat_with_epsilon ((double) low / n, 1 / 3.0, five_sigma (sqrt (2 / 9.0), n));
}

static void
test_normal (void)
{
  const int n = 200000;
  double moments[5] = { 0 };
  PlRandom random;

  pl_random_init (&random, 7, 0);
  for (int i = 0; i < n; i++)
    {
      double x = pl_random_normal (&random);

      for (int k = 1; k < 5; k++)
        moments[k] += pow (x, k) / n;
    }
  /* The variance of x^k is E x^2k − (E x^k)²: 1, 2, 15, 96. */
  g_assert_cmpfloat_with_epsilon (moments[1], 0, five_sigma (1, n));
  g_assert_cmpfloat_with_epsilon (moments[2], 1, five_sigma (sqrt (2), n));
  g_assert_cmpfloat_with_epsilon (moments[3], 0, five_sigma (sqrt (15), n));
  g_assert_cmpfloat_with_epsilon (moments[4], 3, five_sigma (sqrt (96), n));
}

static void
test_shuffle (void)
{
  const int n = 60000;
  int counts[5][5] = { { 0 } }; /* item, place */
  PlRandom random;

  pl_random_init (&random, 8, 0);
  for (int i = 0; i < n; i++)
    {
      uint32_t items[5] = { 0, 1, 2, 3, 4 };
      guint seen = 0;

      pl_random_shuffle (&random, items, 5);
      for (int place = 0; place < 5; place++)
        {
          seen |= 1u << items[place];
          counts[items[place]][place]++;
        }
      g_assert_cmpuint (seen, ==, 31);
    }
  for (int item = 0; item < 5; item++)
    for (int place = 0; place < 5; place++)
      g_assert_cmpfloat_with_epsilon ((double) counts[item][place] / n, 0.2, five_sigma (0.4, n));
  pl_random_shuffle (&random, NULL, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/random/published-outputs", test_published_outputs);
  g_test_add_func ("/base/random/repeats", test_repeats);
  g_test_add_func ("/base/random/seeding-is-fixed", test_seeding_is_fixed);
  g_test_add_func ("/base/random/streams-differ", test_streams_differ);
  g_test_add_func ("/base/random/uniform", test_uniform);
  g_test_add_func ("/base/random/between", test_between);
  g_test_add_func ("/base/random/below", test_below);
  g_test_add_func ("/base/random/below-is-unbiased", test_below_is_unbiased);
  g_test_add_func ("/base/random/normal", test_normal);
  g_test_add_func ("/base/random/shuffle", test_shuffle);
  return g_test_run ();
}
