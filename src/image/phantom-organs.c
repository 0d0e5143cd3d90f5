/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body around the lungs. Places are in mm from the middle of the chest, of an average adult;
 * what must move with the patient's size hangs on the cage or on the spine. */
#include "image/phantom-organs.h"

#include <math.h>

#define FAT_HU (-105)
#define MUSCLE_HU 55
#define GAS_HU (-985)

/* Ribs run down from the spine to the sternum by this much, and follow each other at this
 * distance. */
#define RIB_DROP_MM 80
#define RIB_DISTANCE_MM 31

static void
paint_round (PlCanvas *canvas, double x, double y, double a, double b, double hu)
{
  PlEllipse ellipse = { .x = x, .y = y, .a = a, .b = b, .cos = 1 };

  pl_canvas_paint_ellipse (canvas, &ellipse, hu);
}

/* In the plane of the slice. */
static void
paint_bar (
    PlCanvas *canvas, double z, const double from[2], const double to[2], double radius, double hu)
{
  PlTube bar = {
    .from = { from[0], from[1], z },
    .to = { to[0], to[1], z },
    .from_radius = radius,
    .to_radius = radius,
    .hu = hu,
  };

  pl_canvas_paint_tube (canvas, z, &bar, FALSE);
}

/* The table is where the back is pressed flat. */
static double
find_table (const PlThorax *thorax)
{
  return 5 + 103 * thorax->depth + 0.65 * thorax->fat_mm;
}

static void
paint_table (PlCanvas *canvas, const PlThorax *thorax)
{
  double y = find_table (thorax) + canvas->y + 4;

  pl_canvas_paint_band (canvas, y, -0.0004, 210, 2.5, 120);
  pl_canvas_paint_band (canvas, y + 14, -0.0009, 205, 24, -900);
  pl_canvas_paint_band (canvas, y + 27, -0.0013, 200, 2.5, 180);
}

static void
paint_arms (PlCanvas *canvas, const PlThorax *thorax, const PlSection *s)
{
  for (int side = -1; side <= 1; side += 2)
    {
      double x = side * (s->body.a + 40), y = 20 + side * 6;
      double fat = 0.4 * thorax->fat_mm;

      paint_round (canvas, x, y, 32 + fat, 36 + fat, FAT_HU);
      paint_round (canvas, x, y, 30, 34, MUSCLE_HU);
      paint_round (canvas, x, y, 12, 12, 1150);
      paint_round (canvas, x, y, 7.5, 7.5, 40);
    }
}

/* How far inside the skin; breasts are part of the body. */
static double
find_skin_depth (const PlThorax *thorax, const PlSection *s, double x, double y)
{
  double depth = pl_ellipse_depth (&s->body, x, y);
  PlEllipse breast = {
    .x = x > 0 ? 78 : -78,
    .y = s->y + 5 - 0.86 * s->body.b,
    .a = 58,
    .b = thorax->breast_mm,
    .cos = 1,
  };

  if (thorax->breast_mm > 0)
    {
      breast = pl_ellipse_at_height (&breast, 70, s->z - 0.48 * thorax->height_mm);
      depth = MAX (depth, pl_ellipse_depth (&breast, x, y));
    }
  return MIN (depth, find_table (thorax) - y);
}

/* A rib where a helix-like band round the cage meets the slice; cartilage in front. */
static double
add_rib (const PlCanvas *canvas, const PlSection *s, double hu, double y, double outside)
{
  double around = 0.5 - 0.5 * (y - s->y) / s->depth; /* 0 at the back, 1 in front */
  double turn = (s->z + RIB_DROP_MM * around) / RIB_DISTANCE_MM;
  double off_middle = fabs (turn - floor (turn) - 0.5) * RIB_DISTANCE_MM;
  double depth = MIN (3.3 - fabs (outside - 6.5), 2 * (7 - off_middle));

  if (s->u > 0.93 || depth < -canvas->pixel_mm)
    return hu;
  if (around > 0.9)
    return pl_canvas_blend (canvas, hu, 140, depth);
  hu = pl_canvas_blend (canvas, hu, 820, depth);
  return pl_canvas_blend (canvas, hu, 220, depth - 1.5);
}

static double
find_wall_hu (const PlCanvas *canvas,
              const PlThorax *thorax,
              const PlSection *s,
              double x,
              double y,
              double skin,
              double outside)
{
  double n = pl_lattice_noise (thorax->noise_seed + 53, x / 16, y / 16, s->z / 24);
  double fat = thorax->fat_mm * (0.9 + 0.25 * n);
  double hu = MUSCLE_HU + 8 * n;

  if (outside > 13)
    hu += CLAMP (3 * n - 0.9, 0, 1) * (FAT_HU - hu);
  hu = add_rib (canvas, s, hu, y, outside);
  hu = pl_canvas_blend (canvas, hu, FAT_HU + 10 * n, fat - skin);
  return pl_canvas_blend (canvas, hu, 20, 1.8 - skin);
}

/* Inside the cage: fat and strands in the mediastinum, liver on the right of the abdomen, fat on
 * the left. */
static double
find_inner_hu (
    const PlCanvas *canvas, const PlThorax *thorax, const PlSection *s, double x, double y)
{
  double n = pl_lattice_noise (thorax->noise_seed + 59, x / 9, y / 9, s->z / 15);
  double hu = -70 + 70 * CLAMP (2 * n, -0.4, 1.4);
  double liver = 62 + 0.25 * (thorax->blood_hu - 40);
  double abdomen;

  if (s->z > thorax->dome_z[PL_RIGHT] && s->z > thorax->dome_z[PL_LEFT])
    return hu;
  abdomen = pl_canvas_blend (canvas, liver, FAT_HU + 25 * n, x - 30 - 12 * n);
  return pl_canvas_blend (canvas, hu, abdomen,
                          0.7 * (pl_section_diaphragm (thorax, s, x, y) - s->z));
}

static void
paint_body (PlCanvas *canvas, const PlThorax *thorax, const PlSection *s)
{
  for (int r = 0; r < canvas->size; r++)
    for (int c = 0; c < canvas->size; c++)
      {
        float *pixel = &canvas->hu[r * canvas->size + c];
        double x, y, skin, inner, hu;

        pl_canvas_position (canvas, c, r, &x, &y);
        skin = find_skin_depth (thorax, s, x, y);
        if (skin < -canvas->pixel_mm)
          continue;
        inner = pl_ellipse_depth (&s->cage, x, y);
        hu = inner > 1 ? 0 : find_wall_hu (canvas, thorax, s, x, y, skin, -inner);
        if (inner > -1)
          hu = pl_canvas_blend (canvas, hu, find_inner_hu (canvas, thorax, s, x, y), inner);
        *pixel = (float) pl_canvas_blend (canvas, *pixel, hu, skin);
      }
}

/* Spleen, stomach and colon under the left dome; gas in stomach and colon. */
static void
paint_abdomen (PlCanvas *canvas, const PlThorax *thorax, const PlSection *s)
{
  double below = thorax->dome_z[PL_LEFT] - s->z;
  double gas = thorax->stomach_gas_mm;
  double x = 0.42 * s->width, y = s->y - 0.2 * s->depth;
  PlEllipse spleen = {
    .x = 0.62 * s->width, .y = s->y + 0.42 * s->depth, .a = 24, .b = 38, .cos = 0.9, .sin = 0.43
  };
  PlEllipse stomach = { .x = x, .y = y, .a = gas + 14, .b = gas + 6, .cos = 0.96, .sin = 0.28 };

  spleen = pl_ellipse_at_height (&spleen, 55, below - 66);
  pl_canvas_paint_ellipse (canvas, &spleen, 55 + 0.3 * (thorax->blood_hu - 40));
  if (gas <= 0)
    return;
  stomach = pl_ellipse_at_height (&stomach, 58, below - 63);
  pl_canvas_paint_ellipse (canvas, &stomach, 45);
  stomach.a -= 4;
  stomach.b -= 4;
  pl_canvas_paint_ellipse (canvas, &stomach, 18);
  pl_canvas_paint_ellipse_above (canvas, &stomach, y + 0.2 * gas, GAS_HU);
  if (below > 55)
    for (int i = 0; i < 3; i++)
      {
        double wave = pl_lattice_noise (thorax->noise_seed + 61, i * 3.7, s->z / 30, 0);
        PlEllipse colon = { .x = x - 62 + 48 * i,
                            .y = s->y - 0.74 * s->depth + 6 * wave,
                            .a = 16 + 9 * wave,
                            .b = 13 + 6 * wave,
                            .cos = 1 };

        pl_canvas_paint_ellipse (canvas, &colon, 40);
        colon.a -= 2.5;
        colon.b -= 2.5;
        pl_canvas_paint_ellipse_above (canvas, &colon, colon.y + 5, GAS_HU);
      }
}

/* Muscle with two chambers of blood in a thin coat of fat. */
static void
paint_heart (PlCanvas *canvas, const PlThorax *thorax, const PlSection *s)
{
  double muscle = 50 + 0.3 * (thorax->blood_hu - 40);
  PlEllipse heart = s->cuts[0];
  double along = 0.32 * heart.a, across = 0.3 * heart.b;

  if (heart.a < 8 || heart.b < 8)
    return;
  pl_canvas_paint_ellipse (canvas, &heart, FAT_HU + 15);
  heart.a -= 3;
  heart.b -= 3;
  pl_canvas_paint_ellipse (canvas, &heart, muscle);
  for (int i = -1; i <= 1; i += 2)
    {
      PlEllipse chamber = heart;

      chamber.x += i * (along * heart.cos - across * heart.sin * 0.6);
      chamber.y += i * (along * heart.sin + across * heart.cos * 0.6);
      chamber.a *= 0.5;
      chamber.b *= 0.56;
      pl_canvas_paint_ellipse (canvas, &chamber, thorax->blood_hu);
    }
}

static void
paint_great_vessels (PlCanvas *canvas, const PlThorax *thorax, const PlSection *s)
{
  double blood = thorax->blood_hu;
  double arch_z = thorax->carina_z + 22;
  const PlTube arch = {
    .from = { -8, s->spine_y - 62, arch_z - 4 },
    .to = { 18, s->spine_y - 24, arch_z },
    .from_radius = 14,
    .to_radius = 12,
    .hu = blood,
  };

  pl_canvas_paint_tube (canvas, s->z, &arch, FALSE);
  if (s->z < arch_z)
    paint_round (canvas, 19, s->spine_y - 19, 12.5, 12.5, blood);
  if (s->z < arch_z && s->z > thorax->heart_z + 15)
    paint_round (canvas, -12, s->spine_y - 68, 16, 16, blood);
  if (s->z > thorax->heart_z + 25)
    paint_round (canvas, -26, s->spine_y - 52, 8, 9, blood + 20);
  if (s->z > arch_z)
    for (int i = 0; i < 3; i++)
      paint_round (canvas, -16 + 16 * i, s->spine_y - 52 + 6 * i, 5.5, 5.5, blood);
}

static void
paint_trachea (PlCanvas *canvas, const PlThorax *thorax, const PlSection *s)
{
  double y = s->spine_y - 33;

  paint_round (canvas, 7, s->spine_y - 20, 7, 5, 38);
  if (thorax->stomach_gas_mm > 30)
    paint_round (canvas, 7, s->spine_y - 21, 2.5, 1.5, GAS_HU);
  if (s->z > thorax->carina_z)
    {
      paint_round (canvas, 2, y, 10.5, 10, 35);
      paint_round (canvas, 2, y, 8.8, 8.2, -990);
    }
}

static void
paint_spine (PlCanvas *canvas, const PlThorax *thorax, const PlSection *s)
{
  double y = s->spine_y;
  double at = s->z / 25 - floor (s->z / 25);
  gboolean is_disc = at < 0.18;

  for (int side = -1; side <= 1; side += 2)
    paint_round (canvas, side * 26, y + 33, 24, 14, MUSCLE_HU);
  paint_round (canvas, 0, y, 20, 16, 20);
  paint_round (canvas, 0, y, 18, 14, is_disc ? 95 : 430);
  paint_round (canvas, 0, y, 16, 12, is_disc ? 85 : 190);
  if (!is_disc)
    {
      for (int side = -1; side <= 1; side += 2)
        paint_bar (canvas, s->z, (double[]){ side * 11, y + 16 }, (double[]){ side * 33, y + 28 },
                   3.6, 420);
      paint_bar (canvas, s->z, (double[]){ 0, y + 32 }, (double[]){ 0, y + 43 }, 3, 450);
      paint_round (canvas, 0, y + 21, 14, 13, 480);
    }
  paint_round (canvas, 0, y + 21, 9.5, 8.5, 28);
}

/* Sternum, collar bones, shoulder blades and heads of the upper arms. */
static void
paint_front_and_shoulders (PlCanvas *canvas, const PlThorax *thorax, const PlSection *s)
{
  double front = s->y - s->depth;
  double back = s->y + s->depth;

  if (s->u > 0.32 && s->u < 0.84)
    {
      paint_round (canvas, 0, front - 8, 18, 6.5, 480);
      paint_round (canvas, 0, front - 8, 16, 4.6, 140);
    }
  for (int side = -1; side <= 1; side += 2)
    {
      PlTube collar = {
        .from = { side * 16, front - 4, 0.83 * thorax->height_mm },
        .to = { side * 130, front + 22, 0.95 * thorax->height_mm },
        .from_radius = 7,
        .to_radius = 5.5,
        .hu = 520,
      };

      pl_canvas_paint_tube (canvas, s->z, &collar, FALSE);
      if (s->u > 0.58)
        paint_bar (canvas, s->z, (double[]){ side * (0.7 * s->width), back + 8 },
                   (double[]){ side * (s->width + 14), s->y + 0.5 * s->depth }, 2.3, 560);
      if (s->u > 0.86)
        {
          paint_round (canvas, side * 158, s->y + 4, 23, 23, 520);
          paint_round (canvas, side * 158, s->y + 4, 21, 21, 210);
        }
    }
}

void
pl_organs_paint (PlCanvas *canvas, const PlThorax *thorax, const PlSection *s)
{
  paint_table (canvas, thorax);
  if (thorax->has_arms)
    paint_arms (canvas, thorax, s);
  paint_body (canvas, thorax, s);
  paint_abdomen (canvas, thorax, s);
  paint_heart (canvas, thorax, s);
  paint_great_vessels (canvas, thorax, s);
  paint_spine (canvas, thorax, s);
  paint_trachea (canvas, thorax, s);
  paint_front_and_shoulders (canvas, thorax, s);
}
