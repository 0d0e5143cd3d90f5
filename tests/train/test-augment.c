/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/augment.h"

#include <math.h>
#include <string.h>

enum
{
  ROWS = 48,
  COLUMNS = 40,
  N = ROWS * COLUMNS,
};

typedef struct
{
  float image[N];
  guint8 labels[N];
} Sample;

/* A smooth picture; the label is 1 where it is above 0, and 2 in a corner. */
static void
fill_sample (Sample *sample)
{
  for (int i = 0; i < N; i++)
    {
      int r = i / COLUMNS, c = i % COLUMNS;

      sample->image[i] = (float) (0.8 * sin (r * 0.2) * cos (c * 0.15 + 0.4));
      sample->labels[i] = r < 6 && c < 6 ? 2 : sample->image[i] > 0;
    }
}

static void
apply (const PlAugment *augment, guint64 seed, Sample *sample)
{
  g_autofree float *scratch_image = g_new (float, N);
  g_autofree guint8 *scratch_labels = g_new (guint8, N);
  PlRandom random;

  pl_random_init (&random, seed, 0);
  pl_augment_apply (augment, &random, sample->image, sample->labels, ROWS, COLUMNS, scratch_image,
                    scratch_labels);
}

static void
test_nothing (void)
{
  const PlAugment none = { 0 };
  Sample before, after;

  fill_sample (&before);
  fill_sample (&after);
  apply (&none, 1, &after);
  g_assert_cmpmem (&before, sizeof before, &after, sizeof after);
}

/* Wholly in some, on one side of a line in others; what is gone is as bright as the tissue. */
static void
test_erase (void)
{
  const PlAugment erase = { .p_erase = 1 };
  int n_whole = 0, n_partial = 0;

  for (guint64 seed = 0; seed < 40; seed++)
    {
      Sample before, after;
      int n_left = 0, n_gone = 0;

      fill_sample (&before);
      for (int i = 0; i < N; i++)
        {
          before.labels[i] = before.image[i] < -0.3f;
          before.image[i] = before.labels[i] ? -0.5f : i % COLUMNS == 0 ? -1 : 0.3f;
        }
      after = before;
      apply (&erase, seed, &after);
      for (int i = 0; i < N; i++)
        if (before.labels[i] && !after.labels[i])
          {
            n_gone++;
            g_assert_cmpfloat_with_epsilon (after.image[i], 0.3, 0.05);
          }
        else
          {
            n_left += after.labels[i];
            g_assert_cmpfloat (after.image[i], ==, before.image[i]);
          }
      g_assert_cmpint (n_gone + n_left, >, 0);
      n_whole += n_left == 0;
      n_partial += n_left > 0 && n_gone > 0;
    }
  g_assert_cmpint (n_whole, >, 5);
  g_assert_cmpint (n_partial, >, 5);
}

static void
test_flip (void)
{
  const PlAugment flip = { .p_flip = 1 };
  Sample before, after;

  fill_sample (&before);
  fill_sample (&after);
  apply (&flip, 1, &after);
  for (int i = 0; i < N; i++)
    {
      int mirrored = i / COLUMNS * COLUMNS + COLUMNS - 1 - i % COLUMNS;

      g_assert_cmpfloat (after.image[i], ==, before.image[mirrored]);
      g_assert_cmpint (after.labels[i], ==, before.labels[mirrored]);
    }
}

/* Where the middle of a blob, which is also the label's, has gone. */
static void
find_middle (const Sample *sample, double *row, double *column, double *weight)
{
  double r = 0, c = 0, label_r = 0, label_c = 0;
  int n = 0;

  *weight = 0;
  for (int i = 0; i < N; i++)
    {
      double w = sample->image[i] + 1.0;

      r += w * (i / COLUMNS);
      c += w * (i % COLUMNS);
      *weight += w;
      if (sample->labels[i] != 0)
        {
          label_r += i / COLUMNS;
          label_c += i % COLUMNS;
          n++;
        }
    }
  *row = r / *weight;
  *column = c / *weight;
  g_assert_cmpint (n, >, 0);
  g_assert_cmpfloat_with_epsilon (label_r / n, *row, 0.5);
  g_assert_cmpfloat_with_epsilon (label_c / n, *column, 0.5);
}

static void
fill_blob (Sample *sample, double row, double column)
{
  for (int i = 0; i < N; i++)
    {
      double square = pow (i / COLUMNS - row, 2) + pow (i % COLUMNS - column, 2);

      sample->image[i] = (float) (2 * exp (-square / 8) - 1);
      sample->labels[i] = square < 9;
    }
}

static void
test_shift (void)
{
  const PlAugment shift = { .p_shift = 1, .shift = 0.1 };
  double least = 0, most = 0;

  for (guint64 seed = 0; seed < 50; seed++)
    {
      Sample sample;
      double row, column, weight;

      fill_blob (&sample, 20, 20);
      apply (&shift, seed, &sample);
      find_middle (&sample, &row, &column, &weight);
      g_assert_cmpfloat (fabs (row - 20), <=, 4.81);
      g_assert_cmpfloat (fabs (column - 20), <=, 4.01);
      least = MIN (least, row - 20);
      most = MAX (most, row - 20);
    }
  g_assert_cmpfloat (least, <, -3);
  g_assert_cmpfloat (most, >, 3);
}

/* Rotation keeps the distance from the centre and turns by at most the angle; rows and columns are
 * of one length, so it does not shear. */
static void
test_rotate (void)
{
  const PlAugment rotate = { .p_rotate = 1, .rotate_degrees = 30 };
  const double centre[2] = { (ROWS - 1) / 2.0, (COLUMNS - 1) / 2.0 };
  double least = 0, most = 0;

  for (guint64 seed = 0; seed < 50; seed++)
    {
      Sample sample;
      double row, column, weight, degrees;

      fill_blob (&sample, centre[0] - 12, centre[1]);
      apply (&rotate, seed, &sample);
      find_middle (&sample, &row, &column, &weight);
      g_assert_cmpfloat_with_epsilon (hypot (row - centre[0], column - centre[1]), 12, 0.1);
      degrees = atan2 (column - centre[1], centre[0] - row) * 180 / G_PI;
      g_assert_cmpfloat (fabs (degrees), <=, 30.5);
      least = MIN (least, degrees);
      most = MAX (most, degrees);
    }
  g_assert_cmpfloat (least, <, -20);
  g_assert_cmpfloat (most, >, 20);
}

static void
test_scale (void)
{
  const PlAugment scale = { .p_scale = 1, .scale = 0.3 };
  const double centre[2] = { (ROWS - 1) / 2.0, (COLUMNS - 1) / 2.0 };
  double least = 1, most = 1;

  for (guint64 seed = 0; seed < 50; seed++)
    {
      Sample sample;
      double row, column, weight, factor;

      fill_blob (&sample, centre[0], centre[1] + 10);
      apply (&scale, seed, &sample);
      find_middle (&sample, &row, &column, &weight);
      factor = (column - centre[1]) / 10;
      g_assert_cmpfloat (factor, >=, 1 / 1.31);
      g_assert_cmpfloat (factor, <=, 1.31);
      /* Areas go with the square of it. */
      g_assert_cmpfloat_with_epsilon (weight / (2 * G_PI * 8), factor * factor, 0.3);
      least = MIN (least, factor);
      most = MAX (most, factor);
    }
  g_assert_cmpfloat (least, <, 0.85);
  g_assert_cmpfloat (most, >, 1.2);
}

/* The image goes on as its edges are: of rows that are alike, each has the value and label of the
 * first or last one where it was moved in. */
static void
test_outside (void)
{
  const PlAugment shift = { .p_shift = 1, .shift = 0.4 };
  gboolean has_come = FALSE;

  for (guint64 seed = 0; seed < 10; seed++)
    {
      Sample sample;

      for (int i = 0; i < N; i++)
        {
          sample.image[i] = i % COLUMNS < COLUMNS / 2 ? -0.5f : 0.25f;
          sample.labels[i] = i % COLUMNS < COLUMNS / 2 ? 3 : 0;
        }
      apply (&shift, seed, &sample);
      for (int i = 0; i < N; i += COLUMNS)
        {
          g_assert_cmpfloat_with_epsilon (sample.image[i], -0.5f, 1e-6);
          g_assert_cmpint (sample.labels[i], ==, 3);
          g_assert_cmpfloat_with_epsilon (sample.image[i + COLUMNS - 1], 0.25f, 1e-6);
          g_assert_cmpint (sample.labels[i + COLUMNS - 1], ==, 0);
          has_come |=
              sample.labels[i + COLUMNS / 2 - 2] == 0 || sample.labels[i + COLUMNS / 2 + 2] == 3;
        }
    }
  g_assert_true (has_come);
}

static double
find_mean (const Sample *sample)
{
  double sum = 0;

  for (int i = 0; i < N; i++)
    sum += sample->image[i];
  return sum / N;
}

static void
test_intensities (void)
{
  const PlAugment changes[] = { { .p_brightness = 1, .brightness = 0.15 },
                                { .p_contrast = 1, .contrast = 0.2 },
                                { .p_gamma = 1, .gamma = 0.3 } };

  for (guint k = 0; k < G_N_ELEMENTS (changes); k++)
    for (guint64 seed = 0; seed < 10; seed++)
      {
        Sample before, after;
        float added, factor;

        fill_sample (&before);
        fill_sample (&after);
        apply (&changes[k], seed, &after);
        g_assert_cmpmem (before.labels, N, after.labels, N);
        added = after.image[0] - before.image[0];
        factor = (float) ((after.image[9] - find_mean (&after)) /
                          (before.image[9] - find_mean (&before)));
        g_assert_cmpfloat (fabs (find_mean (&after) - find_mean (&before)), <, 0.2);
        for (int i = 0; i < N; i++)
          if (k == 0)
            g_assert_cmpfloat_with_epsilon (after.image[i], before.image[i] + added, 1e-6);
          else if (k == 1)
            g_assert_cmpfloat_with_epsilon (
                after.image[i],
                find_mean (&before) + factor * (before.image[i] - find_mean (&before)), 1e-4);
          else if (i > 0 && before.image[i] > before.image[i - 1]) /* the order stays */
            g_assert_cmpfloat (after.image[i], >=, after.image[i - 1]);
      }
}

static void
test_gamma_ends (void)
{
  const PlAugment gamma = { .p_gamma = 1, .gamma = 1 };

  for (guint64 seed = 0; seed < 20; seed++)
    {
      Sample sample;

      fill_sample (&sample);
      sample.image[0] = -1;
      sample.image[1] = 1;
      apply (&gamma, seed, &sample);
      g_assert_cmpfloat (sample.image[0], ==, -1);
      g_assert_cmpfloat (sample.image[1], ==, 1);
    }
}

/* Mean 0, the deviation asked for at most, and tails that a uniform number would not have. */
static void
test_noise (void)
{
  const PlAugment noise = { .p_noise = 1, .noise = 0.1 };
  double largest = 0;

  for (guint64 seed = 0; seed < 20; seed++)
    {
      Sample sample;
      double sum = 0, squares = 0, extreme = 0, deviation;

      memset (&sample, 0, sizeof sample);
      apply (&noise, seed, &sample);
      for (int i = 0; i < N; i++)
        {
          sum += sample.image[i];
          squares += (double) sample.image[i] * sample.image[i];
          extreme = MAX (extreme, fabs (sample.image[i]));
        }
      deviation = sqrt (squares / N);
      g_assert_cmpfloat (deviation, <=, 0.1 * 1.1);
      g_assert_cmpfloat (fabs (sum / N), <=, 5 * deviation / sqrt (N));
      g_assert_cmpfloat (extreme, >, 2.5 * deviation);
      largest = MAX (largest, deviation);
    }
  g_assert_cmpfloat (largest, >, 0.07);
}

static void
test_repeatable (void)
{
  Sample a, b, c;
  guint different = 0;

  for (guint64 seed = 0; seed < 20; seed++)
    {
      fill_sample (&a);
      fill_sample (&b);
      fill_sample (&c);
      apply (&pl_augment_default, seed, &a);
      apply (&pl_augment_default, seed, &b);
      apply (&pl_augment_default, seed + 100, &c);
      g_assert_cmpmem (&a, sizeof a, &b, sizeof b);
      different += memcmp (&a, &c, sizeof a) != 0;
      for (int i = 0; i < N; i++)
        {
          g_assert_cmpfloat (fabs (a.image[i]), <=, 1);
          g_assert_cmpint (a.labels[i], <=, 2);
        }
    }
  g_assert_cmpuint (different, >=, 18);
}

static void
test_speed (void)
{
  enum
  {
    SIDE = 256
  };
  g_autofree float *image = g_new0 (float, SIDE *SIDE);
  g_autofree guint8 *labels = g_new0 (guint8, SIDE * SIDE);
  g_autofree float *scratch_image = g_new (float, SIDE *SIDE);
  g_autofree guint8 *scratch_labels = g_new (guint8, SIDE * SIDE);
  PlAugment all = pl_augment_default;
  PlRandom random;
  double ms;

  if (!g_test_perf ())
    {
      g_test_skip ("only with -m perf");
      return;
    }
  all.p_flip = all.p_rotate = all.p_scale = all.p_shift = 1;
  all.p_brightness = all.p_contrast = all.p_gamma = all.p_noise = 1;
  pl_random_init (&random, 1, 0);
  g_test_timer_start ();
  for (int i = 0; i < 100; i++)
    pl_augment_apply (&all, &random, image, labels, SIDE, SIDE, scratch_image, scratch_labels);
  ms = g_test_timer_elapsed () * 10;
  g_test_minimized_result (ms, "everything, 256x256: %.3f ms", ms);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/augment/nothing", test_nothing);
  g_test_add_func ("/train/augment/erase", test_erase);
  g_test_add_func ("/train/augment/flip", test_flip);
  g_test_add_func ("/train/augment/shift", test_shift);
  g_test_add_func ("/train/augment/rotate", test_rotate);
  g_test_add_func ("/train/augment/scale", test_scale);
  g_test_add_func ("/train/augment/outside", test_outside);
  g_test_add_func ("/train/augment/intensities", test_intensities);
  g_test_add_func ("/train/augment/gamma-ends", test_gamma_ends);
  g_test_add_func ("/train/augment/noise", test_noise);
  g_test_add_func ("/train/augment/repeatable", test_repeatable);
  g_test_add_func ("/train/augment/speed", test_speed);
  return g_test_run ();
}
