/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colour maps, computed once. "Dusk" is for reading small differences: its CIE lightness L* grows
 * evenly from black to white while the hue goes from violet over red to yellow; its chroma was
 * chosen so that no colour leaves sRGB. Over a gray image black and white would be lost, so that
 * probabilities have the same hues in full colour from end to end. */
#include "image/colour-map.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Red, green and blue, each 0 to 1, of a level @x, 0 to 1. */
typedef void (*Mapping) (double x, double rgb[3]);

static void
map_gray (double x, double rgb[3])
{
  rgb[0] = rgb[1] = rgb[2] = x;
}

/* Black, red, yellow, white. */
static void
map_hot (double x, double rgb[3])
{
  rgb[0] = CLAMP (x / 0.375, 0.0, 1.0);
  rgb[1] = CLAMP ((x - 0.375) / 0.375, 0.0, 1.0);
  rgb[2] = CLAMP ((x - 0.75) / 0.25, 0.0, 1.0);
}

/* Gray with an eighth of hot, red and blue exchanged. */
static void
map_bone (double x, double rgb[3])
{
  double hot[3];

  map_hot (x, hot);
  for (int k = 0; k < 3; k++)
    rgb[k] = (7.0 * x + hot[2 - k]) / 8.0;
}

static double
invert_lab (double t)
{
  return t > 6.0 / 29.0 ? t * t * t : 3.0 * (6.0 / 29.0) * (6.0 / 29.0) * (t - 4.0 / 29.0);
}

static double
encode_srgb (double linear)
{
  double v = CLAMP (linear, 0.0, 1.0);

  return v <= 0.0031308 ? 12.92 * v : 1.055 * pow (v, 1.0 / 2.4) - 0.055;
}

/* CIE L*C*h (D65) to sRGB, IEC 61966-2-1. */
static void
convert_lch (double lightness, double chroma, double hue_degrees, double rgb[3])
{
  double hue = hue_degrees * G_PI / 180.0;
  double y = (lightness + 16.0) / 116.0;
  double cie_x = 0.95047 * invert_lab (y + chroma * cos (hue) / 500.0);
  double cie_y = invert_lab (y);
  double cie_z = 1.08883 * invert_lab (y - chroma * sin (hue) / 200.0);

  rgb[0] = encode_srgb (3.2404542 * cie_x - 1.5371385 * cie_y - 0.4985314 * cie_z);
  rgb[1] = encode_srgb (-0.9692660 * cie_x + 1.8760108 * cie_y + 0.0415560 * cie_z);
  rgb[2] = encode_srgb (0.0556434 * cie_x - 0.2040259 * cie_y + 1.0572252 * cie_z);
}

static void
map_dusk (double x, double rgb[3])
{
  convert_lch (100.0 * x, 60.0 * sin (G_PI * x), 300.0 + 150.0 * x, rgb);
}

static void
map_probability (double x, double rgb[3])
{
  convert_lch (25.0 + 60.0 * x, 55.0, 300.0 + 150.0 * x, rgb);
}

static const struct
{
  const char *id;
  const char *name;
  Mapping map;
} mappings[] = {
  { "gray", N_ ("Gray"), map_gray },
  { "bone", N_ ("Bone"), map_bone },
  { "hot", N_ ("Hot"), map_hot },
  { "dusk", N_ ("Dusk"), map_dusk },
};

static PlColourMap maps[G_N_ELEMENTS (mappings)];
static const PlColourMap *map_pointers[G_N_ELEMENTS (mappings)];

static void
fill_map (PlColourMap *map, Mapping mapping)
{
  for (int i = 0; i < 256; i++)
    {
      double rgb[3];

      mapping (i / 255.0, rgb);
      for (int k = 0; k < 3; k++)
        map->rgb[i][k] = (guint8) lround (255.0 * rgb[k]);
    }
}

static void
fill_maps (void)
{
  for (gsize m = 0; m < G_N_ELEMENTS (mappings); m++)
    {
      maps[m].id = mappings[m].id;
      maps[m].name = mappings[m].name;
      map_pointers[m] = &maps[m];
      fill_map (&maps[m], mappings[m].map);
    }
}

const PlColourMap *const *
pl_colour_maps (gsize *n_maps)
{
  static gsize is_filled;

  if (g_once_init_enter (&is_filled))
    {
      fill_maps ();
      g_once_init_leave (&is_filled, 1);
    }
  *n_maps = G_N_ELEMENTS (maps);
  return map_pointers;
}

const PlColourMap *
pl_colour_map_find (const char *id)
{
  gsize n_maps;
  const PlColourMap *const *all = pl_colour_maps (&n_maps);

  for (gsize m = 0; m < n_maps; m++)
    if (strcmp (all[m]->id, id) == 0)
      return all[m];
  return NULL;
}

const PlColourMap *
pl_colour_map_probability (void)
{
  static PlColourMap map = { .id = "probability" };
  static gsize is_filled;

  if (g_once_init_enter (&is_filled))
    {
      fill_map (&map, map_probability);
      g_once_init_leave (&is_filled, 1);
    }
  return &map;
}
