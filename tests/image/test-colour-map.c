/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>

#include "image/colour-map.h"

static void
test_all (void)
{
  gsize n;
  const PlColourMap *const *maps = pl_colour_maps (&n);

  g_assert_cmpuint (n, >=, 4);
  g_assert_cmpstr (maps[0]->id, ==, "gray");
  for (gsize m = 0; m < n; m++)
    {
      g_assert_true (pl_colour_map_find (maps[m]->id) == maps[m]);
      for (int k = 0; k < 3; k++)
        {
          g_assert_cmpint (maps[m]->rgb[0][k], ==, 0);
          g_assert_cmpint (maps[m]->rgb[255][k], ==, 255);
        }
    }
  g_assert_null (pl_colour_map_find ("no such map"));
}

static void
test_gray (void)
{
  const PlColourMap *map = pl_colour_map_find ("gray");

  for (int i = 0; i < 256; i++)
    for (int k = 0; k < 3; k++)
      g_assert_cmpint (map->rgb[i][k], ==, i);
}

/* Of 3/8 hot is pure red, of 3/4 pure yellow. */
static void
test_hot (void)
{
  const PlColourMap *map = pl_colour_map_find ("hot");

  for (int i = 0; i < 96; i++)
    {
      g_assert_cmpint (map->rgb[i][1], ==, 0);
      g_assert_cmpfloat_with_epsilon (map->rgb[i][0], MIN (i * 8.0 / 3.0, 255.0), 0.51);
    }
  for (int i = 96; i < 192; i++)
    {
      g_assert_cmpint (map->rgb[i][0], ==, 255);
      g_assert_cmpint (map->rgb[i][2], ==, 0);
    }
}

/* Bone's corners: at 3/8 blue has gained an eighth, at 3/4 green has too. */
static void
test_bone (void)
{
  const PlColourMap *map = pl_colour_map_find ("bone");

  for (int i = 0; i < 256; i++)
    {
      double x = i / 255.0;
      double blue = x <= 0.375 ? 7.0 / 8.0 * x + x / 3.0 : 7.0 / 8.0 * x + 0.125;
      double red = x <= 0.75 ? 7.0 / 8.0 * x : 7.0 / 8.0 * x + (x - 0.75) / 2.0;

      g_assert_cmpfloat_with_epsilon (map->rgb[i][2], 255.0 * blue, 0.51);
      g_assert_cmpfloat_with_epsilon (map->rgb[i][0], 255.0 * red, 0.51);
    }
}

static double
decode_srgb (int value)
{
  double v = value / 255.0;

  return v <= 0.04045 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
}

/* CIE lightness from the relative luminance of sRGB. */
static double
find_lightness (const guint8 rgb[3])
{
  double y =
      0.2126 * decode_srgb (rgb[0]) + 0.7152 * decode_srgb (rgb[1]) + 0.0722 * decode_srgb (rgb[2]);

  return y > 0.008856 ? 116.0 * cbrt (y) - 16.0 : 903.3 * y;
}

/* A level more is as much lighter everywhere, up to the rounding to 8 bits. */
static void
test_dusk_is_even (void)
{
  const PlColourMap *map = pl_colour_map_find ("dusk");

  for (int i = 0; i < 256; i++)
    g_assert_cmpfloat_with_epsilon (find_lightness (map->rgb[i]), i / 2.55, 0.35);
}

/* The same from 25 to 85, and never gray. */
static void
test_probability_is_even (void)
{
  const PlColourMap *map = pl_colour_map_probability ();

  for (int i = 0; i < 256; i++)
    {
      const guint8 *rgb = map->rgb[i];

      g_assert_cmpfloat_with_epsilon (find_lightness (rgb), 25 + 60 * i / 255.0, 0.35);
      g_assert_cmpint (MAX (rgb[0], rgb[2]) - rgb[1], >, 30);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/colour-map/all", test_all);
  g_test_add_func ("/image/colour-map/gray", test_gray);
  g_test_add_func ("/image/colour-map/hot", test_hot);
  g_test_add_func ("/image/colour-map/bone", test_bone);
  g_test_add_func ("/image/colour-map/dusk-is-even", test_dusk_is_even);
  g_test_add_func ("/image/colour-map/probability-is-even", test_probability_is_even);
  return g_test_run ();
}
