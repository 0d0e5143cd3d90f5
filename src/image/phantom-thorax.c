/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A patient's numbers, and the plane through the chest at a height. Widths and depths of cage and
 * body are tables over the height, from below the diaphragm to the neck, of an average adult. */
#include "image/phantom-thorax.h"

#include "base/random.h"
#include "image/phantom-tree.h"

#include <math.h>

enum
{
  N_KNOTS = 11,
};

/* In mm, at u = 0, 0.1 … 1. */
static const double cage_width[N_KNOTS] = { 121, 127, 131, 133, 132, 129, 123, 112, 95, 72, 52 };
static const double cage_depth[N_KNOTS] = { 82, 88, 92, 93, 92, 89, 83, 74, 62, 49, 40 };
static const double cage_y[N_KNOTS] = { 0, 0, 0, 0, 0, 1, 3, 6, 10, 14, 17 };
static const double body_width[N_KNOTS] = { 146, 149, 150, 151, 153, 158, 166, 176, 186, 188, 160 };
static const double body_depth[N_KNOTS] = { 103, 106, 108, 109, 109, 107, 104, 99, 92, 84, 76 };
static const double mediastinum_width[N_KNOTS] = { 14, 15, 16, 18, 21, 26, 32, 34, 32, 32, 34 };
static const double mediastinum_depth[N_KNOTS] = { 70, 70, 70, 70, 68, 64, 58, 52, 46, 40, 36 };

static double
look_up (const double table[N_KNOTS], double u)
{
  double at = CLAMP (u, 0, 1) * (N_KNOTS - 1);
  int i = MIN ((int) at, N_KNOTS - 2);

  return table[i] + (table[i + 1] - table[i]) * (at - i);
}

static gboolean
happens (PlRandom *random, double probability)
{
  return pl_random_uniform (random) < probability;
}

/* Cosine and sine of an angle of about @angle (at most 1) radian, without trigonometry. */
static void
set_turn (double angle, double *cosine, double *sine)
{
  double t = angle / 2;

  *cosine = (1 - t * t) / (1 + t * t);
  *sine = 2 * t / (1 + t * t);
}

static void
make_scanner (PlThorax *thorax, PlRandom *random)
{
  double body = 2 * (151 * thorax->width + thorax->fat_mm);

  thorax->fov_mm = body * pl_random_between (random, 0.98, 1.3);
  thorax->height_mm = 310 * thorax->depth;
  set_turn (pl_random_between (random, -0.13, 0.13), &thorax->cos, &thorax->sin);
  thorax->x = pl_random_between (random, -12, 12);
  thorax->y = pl_random_between (random, -16, 10);
  thorax->noise_hu = pl_random_between (random, 12, 50);
  thorax->has_circle = happens (random, 0.75);
}

static void
make_body (PlThorax *thorax, PlRandom *random)
{
  double size = pl_random_between (random, 0.86, 1.1);

  thorax->width = size * pl_random_between (random, 0.94, 1.06);
  thorax->depth = size * pl_random_between (random, 0.9, 1.1);
  thorax->fat_mm = pl_random_between (random, 4, 18) + pl_random_between (random, 0, 16);
  thorax->breast_mm = happens (random, 0.4) ? pl_random_between (random, 25, 55) : 0;
  thorax->has_arms = happens (random, 0.2);
  thorax->blood_hu = happens (random, 0.5) ? pl_random_between (random, 130, 280)
                                           : pl_random_between (random, 35, 50);
}

static void
make_heart (PlThorax *thorax, PlRandom *random)
{
  thorax->heart = (PlEllipse){
    .x = pl_random_between (random, 10, 24),
    .y = pl_random_between (random, -36, -22),
    .a = pl_random_between (random, 54, 70) * thorax->width,
    .b = pl_random_between (random, 42, 52) * thorax->depth,
    .square = 0.15,
  };
  set_turn (pl_random_between (random, -0.75, -0.35), &thorax->heart.cos, &thorax->heart.sin);
  thorax->heart_c = pl_random_between (random, 54, 64);
  thorax->heart_z = thorax->dome_z[PL_LEFT] + pl_random_between (random, 22, 36);
}

static void
make_chest (PlThorax *thorax, PlRandom *random)
{
  double inflation = pl_random_uniform (random);

  thorax->midline_mm = pl_random_between (random, 1.5, 9);
  thorax->dome_z[PL_RIGHT] =
      thorax->height_mm * (0.45 - 0.15 * inflation + pl_random_between (random, -0.03, 0.03));
  thorax->dome_z[PL_LEFT] = thorax->dome_z[PL_RIGHT] + pl_random_between (random, -24, 6);
  thorax->dome_drop = pl_random_between (random, 65, 105);
  thorax->apex_z = thorax->height_mm * pl_random_between (random, 0.91, 0.96);
  thorax->carina_z = thorax->height_mm * pl_random_between (random, 0.59, 0.64);
  thorax->lung_hu = -730 - 130 * inflation + pl_random_between (random, -25, 25);
  thorax->stomach_gas_mm = happens (random, 0.75) ? pl_random_between (random, 18, 42) : 0;
  make_heart (thorax, random);
}

/* A place in a lung, towards the back and the base, where disease likes to sit. */
static gboolean
find_place (const PlThorax *thorax, PlRandom *random, double deepest, double at[3])
{
  for (int i = 0; i < 200; i++)
    {
      PlSection section;
      double cavity;

      at[0] = pl_random_between (random, -120, 120);
      at[1] = pl_random_between (random, -50, 90);
      at[2] = thorax->height_mm * pl_random_between (random, 0.2, 0.85);
      section = pl_thorax_cut (thorax, at[2]);
      cavity = pl_section_cavity (thorax, &section, at[0], at[1]);
      if (cavity > 1 && cavity < deepest)
        return TRUE;
    }
  return FALSE;
}

static void
add_lesions (PlThorax *thorax, PlRandom *random, PlLesionKind kind, int n, double low, double high)
{
  for (int i = 0; i < n && thorax->n_lesions < PL_MOST_LESIONS; i++)
    {
      PlLesion *lesion = &thorax->lesions[thorax->n_lesions];
      double at[3];

      if (!find_place (thorax, random, kind == PL_LESION_NODULE ? 60 : 18, at))
        continue;
      *lesion = (PlLesion){
        .kind = kind,
        .shape = { .x = at[0],
                   .y = at[1],
                   .a = pl_random_between (random, low, high),
                   .b = pl_random_between (random, low, high) },
        .z = at[2],
        .c = pl_random_between (random, low, high),
      };
      set_turn (pl_random_between (random, -0.8, 0.8), &lesion->shape.cos, &lesion->shape.sin);
      thorax->n_lesions++;
    }
}

/* Every second patient has something; some have several things. */
static void
make_disease (PlThorax *thorax, PlRandom *random)
{
  if (happens (random, 0.4))
    add_lesions (thorax, random, PL_LESION_CONSOLIDATION, 1 + (int) pl_random_below (random, 3), 18,
                 48);
  if (happens (random, 0.2))
    add_lesions (thorax, random, PL_LESION_GROUND_GLASS, 1 + (int) pl_random_below (random, 3), 20,
                 55);
  if (happens (random, 0.15))
    add_lesions (thorax, random, PL_LESION_BULLA, 1 + (int) pl_random_below (random, 3), 8, 25);
  if (happens (random, 0.3))
    add_lesions (thorax, random, PL_LESION_NODULE, 1 + (int) pl_random_below (random, 2), 3, 12);
  thorax->emphysema = happens (random, 0.25) ? pl_random_between (random, 0.3, 1) : 0;
  thorax->fibrosis = happens (random, 0.15) ? pl_random_between (random, 0.4, 1) : 0;
  for (int side = 0; side < PL_N_SIDES; side++)
    thorax->effusion_mm[side] = happens (random, 0.14) ? pl_random_between (random, 20, 65) : 0;
}

PlThorax *
pl_thorax_new (guint64 seed, int patient)
{
  PlThorax *thorax = g_new0 (PlThorax, 1);
  PlRandom random;

  pl_random_init (&random, seed, (guint64) patient);
  thorax->seed = pl_random_bits (&random);
  thorax->noise_seed = (guint32) (pl_random_bits (&random) >> 32);
  make_body (thorax, &random);
  make_scanner (thorax, &random);
  make_chest (thorax, &random);
  make_disease (thorax, &random);
  pl_thorax_grow_trees (thorax, &random);
  return thorax;
}

void
pl_thorax_free (PlThorax *thorax)
{
  if (thorax == NULL)
    return;
  g_array_unref (thorax->vessels);
  g_array_unref (thorax->airways);
  g_array_unref (thorax->roots);
  g_free (thorax);
}

static PlEllipse
make_upright (double x, double y, double a, double b, double square)
{
  return (PlEllipse){ .x = x, .y = y, .a = a, .b = b, .cos = 1, .sin = 0, .square = square };
}

static void
cut_lungs (const PlThorax *thorax, PlSection *s)
{
  double from = 0.68 * thorax->height_mm;
  double top = (s->z - from) / (thorax->apex_z - from);
  double k = top <= 0 ? 1 : top >= 1 ? 0 : sqrt (1 - top * top);

  for (int side = 0; side < PL_N_SIDES; side++)
    {
      double sign = side == PL_LEFT ? 1 : -1;
      /* No two lungs are alike: slow waves in width and depth over the height. */
      double wave = pl_lattice_noise (thorax->noise_seed + 11 + (guint32) side, s->u * 4, 0, 0);
      double other = pl_lattice_noise (thorax->noise_seed + 13 + (guint32) side, s->u * 3, 0, 0);

      s->lung[side] =
          make_upright (sign * 0.5 * s->width, s->y + 2 * other, s->width * (0.5 + 0.02 * wave) * k,
                        s->depth * (1 + 0.03 * other) * k, 0.45);
      s->dome[side] = make_upright (sign * 0.5 * s->width, s->y - 0.2 * s->depth, s->width * 0.53,
                                    s->depth * 1.05, 0);
    }
}

/* Heart, mediastinum, vertebra and what lies behind it, hila, descending aorta. */
static void
cut_mediastinum (const PlThorax *thorax, PlSection *s)
{
  double lift = s->z - thorax->heart_z;
  PlEllipse heart = pl_ellipse_at_height (&thorax->heart, thorax->heart_c, lift);
  double hilum = s->z - (thorax->carina_z - 26);

  heart.x -= 0.15 * lift;
  s->cuts[s->n_cuts++] = heart;
  s->cuts[s->n_cuts++] =
      make_upright (1, s->spine_y - 0.9 * look_up (mediastinum_depth, s->u) * thorax->depth,
                    look_up (mediastinum_width, s->u) * thorax->width,
                    look_up (mediastinum_depth, s->u) * thorax->depth, 0.2);
  s->cuts[s->n_cuts++] = make_upright (0, s->spine_y, 23, 19, 0.1);
  s->cuts[s->n_cuts++] = make_upright (0, s->spine_y + 32, 27, 30, 0.2);
  if (s->u < 0.7)
    s->cuts[s->n_cuts++] = make_upright (19, s->spine_y - 19, 15, 15, 0);
  for (int side = 0; side < PL_N_SIDES; side++)
    {
      PlEllipse whole = make_upright (side == PL_LEFT ? 30 : -28, s->spine_y - 38, 17, 17, 0);
      s->cuts[s->n_cuts++] = pl_ellipse_at_height (&whole, 30, hilum);
    }
}

PlSection
pl_thorax_cut (const PlThorax *thorax, double z)
{
  PlSection s = { .z = z, .u = z / thorax->height_mm };
  double wall = thorax->fat_mm;

  s.width = look_up (cage_width, s.u) * thorax->width;
  s.depth = look_up (cage_depth, s.u) * thorax->depth;
  s.y = look_up (cage_y, s.u) * thorax->depth;
  s.spine_y = s.y + s.depth - 27;
  s.cage = make_upright (0, s.y, s.width + 1, s.depth + 1, 0.3);
  s.body = make_upright (0, s.y + 5, look_up (body_width, s.u) * thorax->width + wall,
                         look_up (body_depth, s.u) * thorax->depth + 0.7 * wall, 0.35);
  cut_lungs (thorax, &s);
  cut_mediastinum (thorax, &s);
  return s;
}

static int
find_side (double x)
{
  return x > 0 ? PL_LEFT : PL_RIGHT;
}

double
pl_section_diaphragm (const PlThorax *thorax, const PlSection *s, double x, double y)
{
  int side = find_side (x);
  const PlEllipse *dome = &s->dome[side];
  double u = (x - dome->x) / dome->a;
  double v = (y - dome->y) / dome->b;
  double wave = pl_lattice_noise (thorax->noise_seed + 17, x / 45, y / 45, side);

  return thorax->dome_z[side] - thorax->dome_drop * (u * u + v * v) + 5 * wave;
}

/* FALSE if (x, y) is surely more than @reach away: most places are, and depths are costly. */
static gboolean
is_near (const PlEllipse *ellipse, double x, double y, double reach)
{
  double dx = x - ellipse->x, dy = y - ellipse->y;
  double far = MAX (ellipse->a, ellipse->b) * 1.2 + MAX (reach, 0);

  return dx * dx + dy * dy < far * far;
}

double
pl_section_cavity (const PlThorax *thorax, const PlSection *s, double x, double y)
{
  double depth = pl_ellipse_depth (&s->lung[find_side (x)], x, y);

  if (depth < -4)
    return depth;
  depth = MIN (depth, pl_ellipse_depth (&s->cage, x, y));
  depth = MIN (depth, fabs (x) - thorax->midline_mm / 2);
  for (int i = 0; i < s->n_cuts && depth > -4; i++)
    if (is_near (&s->cuts[i], x, y, depth))
      depth = MIN (depth, -pl_ellipse_depth (&s->cuts[i], x, y));
  if (s->z < thorax->dome_z[PL_RIGHT] + 5 || s->z < thorax->dome_z[PL_LEFT] + 5)
    depth = MIN (depth, 0.7 * (s->z - pl_section_diaphragm (thorax, s, x, y)));
  return depth;
}

/* Fluid lies at the back of a patient on the back, deepest at the base; its edge climbs the wall.
 */
double
pl_section_before_fluid (const PlThorax *thorax, const PlSection *s, double x, double y)
{
  int side = find_side (x);
  double most = thorax->effusion_mm[side];
  double bulge = (x - s->lung[side].x) / (0.5 * s->width);
  double level;

  if (most <= 0)
    return G_MAXDOUBLE;
  level = most * (1 - 0.7 * s->z / thorax->carina_z) * (0.75 + 0.35 * bulge * bulge);
  return 0.9 * (s->y + s->depth - level - y);
}
