/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vessels and airways as trees of tubes: from each hilum a few stems run into the lung, and each
 * tube forks into two thinner, shorter ones until it leaves the lung or is finer than a pixel. */
#include "image/phantom-tree.h"

#include <math.h>

typedef struct
{
  double at[3];
  double direction[3]; /* length 1 */
  double length;
  double radius;
} Bud;

typedef struct
{
  const PlThorax *thorax;
  PlRandom *random;
  GArray *tubes;
  double finest;
  double hu;
} Growth;

static void
normalize (double v[3])
{
  double length = sqrt (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);

  for (int i = 0; i < 3; i++)
    v[i] = length > 0 ? v[i] / length : i == 2;
}

static gboolean
is_in_lung (const PlThorax *thorax, const double at[3])
{
  PlSection section = pl_thorax_cut (thorax, at[2]);

  return pl_section_cavity (thorax, &section, at[0], at[1]) > 2 &&
         pl_section_before_fluid (thorax, &section, at[0], at[1]) > 2;
}

/* Turns @bud aside by up to about @spread (the tangent of an angle). */
static Bud
turn_aside (const Growth *growth, const Bud *bud, double spread)
{
  Bud turned = *bud;

  for (int i = 0; i < 3; i++)
    turned.direction[i] += pl_random_between (growth->random, -spread, spread);
  normalize (turned.direction);
  return turned;
}

static void
find_end (const Bud *bud, double end[3])
{
  for (int i = 0; i < 3; i++)
    end[i] = bud->at[i] + bud->direction[i] * bud->length;
}

static void
grow (const Growth *growth, const Bud *bud, int level)
{
  PlTube tube = { .from_radius = bud->radius, .to_radius = bud->radius * 0.85, .hu = growth->hu };

  for (int i = 0; i < 3; i++)
    tube.from[i] = bud->at[i];
  find_end (bud, tube.to);
  g_array_append_val (growth->tubes, tube);
  for (int fork = 0; fork < 2; fork++)
    {
      double shrink = pl_random_between (growth->random, 0.66, 0.84);

      for (int attempt = 0; attempt < 3; attempt++)
        {
          Bud next = turn_aside (growth, bud, 0.55 + 0.15 * attempt);
          double end[3];

          find_end (bud, next.at);
          next.radius = bud->radius * shrink;
          next.length = MAX (bud->length * pl_random_between (growth->random, 0.75, 1), 6);
          find_end (&next, end);
          if (level > 0 && next.radius > growth->finest && is_in_lung (growth->thorax, end))
            {
              grow (growth, &next, level - 1);
              break;
            }
        }
    }
}

/* The fine vessels between the branches, which lead away from the hilum like them. */
static void
scatter_twigs (const Growth *growth, const double hilum[3], double outwards, int n)
{
  double height = growth->thorax->height_mm;

  for (int i = 0; i < n; i++)
    {
      Bud bud = { .length = pl_random_between (growth->random, 8, 20) };
      double distance = 0;

      bud.at[0] = outwards * pl_random_between (growth->random, 5, 130);
      bud.at[1] = pl_random_between (growth->random, -90, 100);
      bud.at[2] = height * pl_random_between (growth->random, 0.02, 0.95);
      for (int k = 0; k < 3; k++)
        {
          bud.direction[k] = bud.at[k] - hilum[k];
          distance += bud.direction[k] * bud.direction[k];
        }
      normalize (bud.direction);
      bud = turn_aside (growth, &bud, 0.5);
      bud.radius =
          CLAMP (3.2 - sqrt (distance) / 45, 0.7, 2.4) * pl_random_between (growth->random, 0.6, 1);
      if (is_in_lung (growth->thorax, bud.at))
        grow (growth, &bud, 2);
    }
}

/* Stems fan out from @hilum: up, down and between, to the front and to the back. */
static void
grow_stems (const Growth *growth, const double hilum[3], double outwards, int n, double radius)
{
  for (int i = 0; i < n; i++)
    {
      Bud bud = { .radius = radius * pl_random_between (growth->random, 0.75, 1.1), .length = 26 };

      bud.at[0] = hilum[0];
      bud.at[1] = hilum[1] + pl_random_between (growth->random, -5, 5);
      bud.at[2] = hilum[2] + (2.0 * i / (n - 1) - 1) * 16;
      bud.direction[0] = outwards * pl_random_between (growth->random, 0.3, 1.1);
      bud.direction[1] = pl_random_between (growth->random, -0.8, 0.9);
      bud.direction[2] = (2.0 * i / (n - 1) - 1) * 1.3;
      normalize (bud.direction);
      grow (growth, &bud, 7);
    }
}

static void
add_root (PlThorax *thorax, const double from[3], const double to[3], double radius, double hu)
{
  PlTube tube = { .from_radius = radius, .to_radius = radius * 0.85, .hu = hu };

  for (int i = 0; i < 3; i++)
    {
      tube.from[i] = from[i];
      tube.to[i] = to[i];
    }
  g_array_append_val (thorax->roots, tube);
}

/* Main bronchus and pulmonary artery of a side, up to @hilum. */
static void
add_roots (PlThorax *thorax, const double hilum[3], double spine_y)
{
  const double carina[3] = { 2, spine_y - 33, thorax->carina_z };
  const double trunk[3] = { 6, spine_y - 52, thorax->carina_z - 12 };
  const double bronchus[3] = { hilum[0] * 0.95, hilum[1] + 5, hilum[2] };
  const double artery[3] = { hilum[0], hilum[1] - 8, hilum[2] + 6 };

  add_root (thorax, trunk, artery, 10, thorax->blood_hu);
  add_root (thorax, carina, bronchus, 8.5, 30);
  add_root (thorax, carina, bronchus, 6.8, -985);
}

void
pl_thorax_grow_trees (PlThorax *thorax, PlRandom *random)
{
  PlSection section = pl_thorax_cut (thorax, thorax->carina_z - 25);

  thorax->vessels = g_array_new (FALSE, FALSE, sizeof (PlTube));
  thorax->airways = g_array_new (FALSE, FALSE, sizeof (PlTube));
  thorax->roots = g_array_new (FALSE, FALSE, sizeof (PlTube));
  for (int side = 0; side < PL_N_SIDES; side++)
    {
      double outwards = side == PL_LEFT ? 1 : -1;
      const double hilum[3] = { outwards * 36, section.spine_y - 38,
                                thorax->carina_z - (side == PL_LEFT ? 28 : 20) };
      Growth vessels = { thorax, random, thorax->vessels, 0.45, MIN (thorax->blood_hu, 180) };
      Growth airways = { thorax, random, thorax->airways, 1.2, -985 };

      add_roots (thorax, hilum, section.spine_y);
      grow_stems (&vessels, hilum, outwards, 8, 4);
      scatter_twigs (&vessels, hilum, outwards, 1500);
      grow_stems (&airways, hilum, outwards, 3, 3.6);
    }
}
