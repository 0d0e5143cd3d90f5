/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/label-colour.h"

#include <math.h>

/* What light eyes see: all of it, or without one kind of cone (Machado, Oliveira, Fernandes 2009,
 * severity 1), on linear RGB. */
static const double eyes[4][3][3] = {
  { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
  { { 0.152286, 1.052583, -0.204868 },
    { 0.114503, 0.786281, 0.099216 },
    { -0.003882, -0.048116, 1.051998 } },
  { { 0.367322, 0.860646, -0.227968 },
    { 0.280085, 0.672501, 0.047413 },
    { -0.011820, 0.042940, 0.968881 } },
  { { 1.255528, -0.076749, -0.178779 },
    { -0.078411, 0.930809, 0.147602 },
    { 0.004733, 0.691367, 0.303900 } },
};

static void
multiply (const double m[3][3], const double in[3], double out[3])
{
  for (int i = 0; i < 3; i++)
    out[i] = m[i][0] * in[0] + m[i][1] * in[1] + m[i][2] * in[2];
}

/* CIE Lab under D65. */
static void
see (guint32 rgb, const double eye[3][3], double lab[3])
{
  static const double to_xyz[3][3] = {
    { 0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505 },
    { 0.2126, 0.7152, 0.0722 },
    { 0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089 },
  };
  double linear[3];
  double seen[3];
  double xyz[3];

  for (int i = 0; i < 3; i++)
    {
      double v = (rgb >> (16 - 8 * i) & 0xff) / 255.0;

      linear[i] = v <= 0.04045 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
    }
  multiply (eye, linear, seen);
  for (int i = 0; i < 3; i++)
    seen[i] = CLAMP (seen[i], 0, 1);
  multiply (to_xyz, seen, xyz);
  for (int i = 0; i < 3; i++)
    xyz[i] = xyz[i] > 0.008856 ? cbrt (xyz[i]) : 7.787 * xyz[i] + 16.0 / 116;
  lab[0] = 116 * xyz[1] - 16;
  lab[1] = 500 * (xyz[0] - xyz[1]);
  lab[2] = 200 * (xyz[1] - xyz[2]);
}

/* For the eyes that see it least; 2 is just noticeable side by side. */
static double
find_distance (guint32 a, guint32 b)
{
  double least = INFINITY;

  for (gsize i = 0; i < G_N_ELEMENTS (eyes); i++)
    {
      double lab_a[3];
      double lab_b[3];

      see (a, eyes[i], lab_a);
      see (b, eyes[i], lab_b);
      least = fmin (least,
                    hypot (hypot (lab_a[0] - lab_b[0], lab_a[1] - lab_b[1]), lab_a[2] - lab_b[2]));
    }
  return least;
}

static void
test_first (void)
{
  g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, 1), ==, PL_TRUTH_RGB);
  g_assert_cmphex (pl_label_rgb (PL_PREDICTION_RGB, 1), ==, PL_PREDICTION_RGB);
  g_assert_cmphex (pl_label_rgb (PL_SECOND_RGB, 1), ==, PL_SECOND_RGB);
}

/* The background has none, and 255 labels take turns. */
static void
test_turns (void)
{
  g_assert_cmpint (pl_label_colour (0), ==, 0);
  for (int label = 1; label <= 255; label++)
    {
      int colour = pl_label_colour (label);

      g_assert_cmpint (colour, >=, 1);
      g_assert_cmpint (colour, <=, PL_LABEL_COLOURS);
      g_assert_cmpint (colour % PL_LABEL_COLOURS, ==, label % PL_LABEL_COLOURS);
      g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, label), ==, pl_label_rgb (PL_TRUTH_RGB, colour));
    }
}

static void
test_distances (void)
{
  static const guint32 families[] = { PL_TRUTH_RGB, PL_PREDICTION_RGB, PL_SECOND_RGB };

  /* Red and green of the same lightness: what this is to find. */
  g_assert_cmpfloat (find_distance (0xb05030, 0x707820), <, 20);
  for (int a = 1; a <= PL_LABEL_DEFAULT_COLOURS; a++)
    for (int b = 1; b <= PL_LABEL_DEFAULT_COLOURS; b++)
      {
        g_assert_cmpfloat (
            find_distance (pl_label_rgb (PL_TRUTH_RGB, a), pl_label_rgb (PL_PREDICTION_RGB, b)), >,
            22);
        for (gsize f = 0; a < b && f < G_N_ELEMENTS (families); f++)
          g_assert_cmpfloat (
              find_distance (pl_label_rgb (families[f], a), pl_label_rgb (families[f], b)), >, 29);
      }
}

/* Each of its own, and nothing else changes; black is a colour too. */
static void
test_chosen (void)
{
  g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, 5), ==, PL_TRUTH_RGB);
  pl_label_set_rgb (PL_TRUTH_RGB, 5, 0x123456);
  pl_label_set_rgb (PL_PREDICTION_RGB, 1, 0);
  g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, 5), ==, 0x123456);
  g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, 5 + PL_LABEL_COLOURS), ==, 0x123456);
  g_assert_cmphex (pl_label_default_rgb (PL_TRUTH_RGB, 5), ==, PL_TRUTH_RGB);
  g_assert_cmphex (pl_label_rgb (PL_TRUTH_RGB, 1), ==, PL_TRUTH_RGB);
  g_assert_cmphex (pl_label_rgb (PL_PREDICTION_RGB, 1), ==, 0);
  g_assert_cmphex (pl_label_rgb (PL_SECOND_RGB, 1), ==, PL_SECOND_RGB);
  pl_label_set_rgb (PL_TRUTH_RGB, 5, pl_label_default_rgb (PL_TRUTH_RGB, 5));
  pl_label_set_rgb (PL_PREDICTION_RGB, 1, PL_PREDICTION_RGB);
}

static void
test_find (void)
{
  const guint8 labels[] = { 0, 7, 2, 0, 2, 255 };
  guint8 found[255];

  g_assert_cmpint (pl_label_find (labels, 1, found), ==, 0);
  g_assert_cmpint (pl_label_find (labels, G_N_ELEMENTS (labels), found), ==, 3);
  g_assert_cmpmem (found, 3, ((guint8[]){ 2, 7, 255 }), 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/label-colour/first", test_first);
  g_test_add_func ("/image/label-colour/turns", test_turns);
  g_test_add_func ("/image/label-colour/distances", test_distances);
  g_test_add_func ("/image/label-colour/chosen", test_chosen);
  g_test_add_func ("/image/label-colour/find", test_find);
  return g_test_run ();
}
