/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/resample.h"

#include "base/random.h"

#include <math.h>

static const int sizes[][2] = {
  { 1, 1 },  { 1, 7 },   { 7, 1 },  { 8, 4 },   { 4, 8 },    { 64, 33 },   { 33, 64 },
  { 3, 64 }, { 100, 1 }, { 64, 3 }, { 49, 48 }, { 300, 97 }, { 512, 256 },
};

static float *
make_noise (int rows, int columns, guint64 seed)
{
  float *plane = g_new (float, rows *columns);
  PlRandom random;

  pl_random_init (&random, seed, 0);
  for (int i = 0; i < rows * columns; i++)
    plane[i] = (float) pl_random_between (&random, -1000, 1000);
  return plane;
}

/* The definition, in double: sum of w(i)·x(i) over sum of w(i), w a triangle around the centre. */
static double
weigh (int in, int out, int n_in, int n_out)
{
  double scale = (double) n_in / n_out;
  double support = MAX (scale, 1);

  return MAX (0, 1 - fabs (in + 0.5 - (out + 0.5) * scale) / support);
}

static double
filter_directly (const float *in, int n_in, int m_in, int r, int c, int n_out, int m_out)
{
  double sum = 0, weights = 0;

  for (int i = 0; i < n_in; i++)
    {
      double w = weigh (i, r, n_in, n_out);

      for (int j = 0; w > 0 && j < m_in; j++)
        {
          sum += w * weigh (j, c, m_in, m_out) * (double) in[i * m_in + j];
          weights += w * weigh (j, c, m_in, m_out);
        }
    }
  return sum / weights;
}

static void
test_image_definition (void)
{
  PlRandom random;

  pl_random_init (&random, 7, 0);
  for (guint a = 0; a < G_N_ELEMENTS (sizes); a++)
    for (guint b = 0; b < G_N_ELEMENTS (sizes); b++)
      {
        int n_in = sizes[a][0], n_out = sizes[a][1], m_in = sizes[b][0], m_out = sizes[b][1];
        g_autofree float *in = make_noise (n_in, m_in, a * 100 + b);
        g_autofree float *out = g_new (float, n_out *m_out);

        pl_resample_image (in, n_in, m_in, out, n_out, m_out);
        for (int k = 0; k < 20; k++)
          {
            int r = (int) pl_random_below (&random, (guint32) n_out);
            int c = (int) pl_random_below (&random, (guint32) m_out);
            double expected = filter_directly (in, n_in, m_in, r, c, n_out, m_out);

            /* Weights add up to 1, values are below 1000, and there are at most 201 + 201 of them
             * in a row after another: 402 roundings of 2⁻²⁴. */
            g_assert_cmpfloat_with_epsilon (out[r * m_out + c], expected, 402 * 0x1p-24 * 1000);
          }
      }
}

static void
test_image_identity (void)
{
  g_autofree float *in = make_noise (37, 53, 1);
  g_autofree float *out = g_new (float, 37 * 53);

  in[5] = NAN;
  pl_resample_image (in, 37, 53, out, 37, 53);
  g_assert_cmpmem (in, 37 * 53 * sizeof *in, out, 37 * 53 * sizeof *out);
}

/* Stripes finer than the output's pixels become gray, not other stripes. */
static void
test_image_antialiased (void)
{
  g_autofree float *in = g_new (float, 256 * 256);
  g_autofree float *out = g_new (float, 60 * 60);

  for (int i = 0; i < 256 * 256; i++)
    in[i] = i % 2 == 0 ? 0 : 100;
  pl_resample_image (in, 256, 256, out, 60, 60);
  for (int r = 0; r < 60; r++)
    for (int c = 1; c < 59; c++)
      g_assert_cmpfloat_with_epsilon (out[r * 60 + c], 50, 3);
}

/* A ramp stays the same ramp: centres are at half positions. */
static void
test_image_ramp (void)
{
  const int outs[] = { 25, 50, 100, 200, 173 };

  for (guint k = 0; k < G_N_ELEMENTS (outs); k++)
    {
      int n = outs[k];
      g_autofree float *in = g_new (float, 100);
      g_autofree float *out = g_new (float, n);

      for (int i = 0; i < 100; i++)
        in[i] = (float) i + 0.5f;
      pl_resample_image (in, 1, 100, out, 1, n);
      for (int i = n / 20 + 1; i < n - n / 20 - 1; i++)
        g_assert_cmpfloat_with_epsilon (out[i], (i + 0.5) * 100 / n, 0.2);
    }
}

/* By cutting each input and output pixel into small squares and counting. */
static guint8
vote_directly (const guint8 *in, int n_in, int m_in, int r, int c, int n_out, int m_out)
{
  int votes[256] = { 0 };
  int best = 0;

  for (int y = r * n_in; y < (r + 1) * n_in; y++)
    for (int x = c * m_in; x < (c + 1) * m_in; x++)
      votes[in[y / n_out * m_in + x / m_out]]++;
  for (int label = 0; label < 256; label++)
    if (votes[label] > votes[best])
      best = label;
  return (guint8) best;
}

static void
test_mask_definition (void)
{
  for (int n_in = 1; n_in < 14; n_in += 2)
    for (int n_out = 1; n_out < 12; n_out++)
      {
        int m_in = 15 - n_in, m_out = 13 - n_out;
        g_autofree guint8 *in = g_new (guint8, n_in * m_in);
        g_autofree guint8 *out = g_new (guint8, n_out * m_out);
        PlRandom random;

        pl_random_init (&random, (guint64) n_in, (guint64) n_out);
        for (int i = 0; i < n_in * m_in; i++)
          in[i] = (guint8) (pl_random_below (&random, 4) * 85);
        pl_resample_mask (in, n_in, m_in, out, n_out, m_out);
        for (int i = 0; i < n_out * m_out; i++)
          g_assert_cmpint (out[i], ==,
                           vote_directly (in, n_in, m_in, i / m_out, i % m_out, n_out, m_out));
      }
}

static void
test_mask_tie_takes_lower (void)
{
  const guint8 in[4] = { 3, 2, 2, 3 };
  guint8 out = 0;

  pl_resample_mask (in, 2, 2, &out, 1, 1);
  g_assert_cmpint (out, ==, 2);
}

static void
test_mask_there_and_back (void)
{
  g_autofree guint8 *in = g_new (guint8, 31 * 17);
  g_autofree guint8 *large = g_new (guint8, 93 * 85);
  g_autofree guint8 *back = g_new (guint8, 31 * 17);

  for (int i = 0; i < 31 * 17; i++)
    in[i] = (guint8) (i * 7 % 3);
  pl_resample_mask (in, 31, 17, large, 93, 85);
  pl_resample_mask (large, 93, 85, back, 31, 17);
  g_assert_cmpmem (in, 31 * 17, back, 31 * 17);
}

static void
test_speed (void)
{
  g_autofree float *in = make_noise (512, 512, 1);
  g_autofree float *out = g_new (float, 256 * 256);
  double best_ms = G_MAXDOUBLE;

  if (!g_test_perf ())
    {
      g_test_skip ("only with -m perf");
      return;
    }
  for (int i = 0; i < 20; i++)
    {
      g_test_timer_start ();
      pl_resample_image (in, 512, 512, out, 256, 256);
      best_ms = MIN (best_ms, g_test_timer_elapsed () * 1e3);
    }
  g_test_minimized_result (best_ms, "512x512 to 256x256: %.3f ms", best_ms);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/resample/image/definition", test_image_definition);
  g_test_add_func ("/image/resample/image/identity", test_image_identity);
  g_test_add_func ("/image/resample/image/antialiased", test_image_antialiased);
  g_test_add_func ("/image/resample/image/ramp", test_image_ramp);
  g_test_add_func ("/image/resample/mask/definition", test_mask_definition);
  g_test_add_func ("/image/resample/mask/tie-takes-lower", test_mask_tie_takes_lower);
  g_test_add_func ("/image/resample/mask/there-and-back", test_mask_there_and_back);
  g_test_add_func ("/image/resample/speed", test_speed);
  return g_test_run ();
}
