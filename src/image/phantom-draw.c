/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paints a slice from the outside in: air and table, body wall, abdomen, mediastinum, bones, lungs,
 * what runs through them, and last the noise and the circle of the scanner. */
#include "image/phantom-draw.h"

#include "image/phantom-organs.h"

#include <math.h>

/* What is outside of the circle of the scanner. */
#define PADDING_HU (-2000)

/* Consolidations and ground glass fade out with ragged edges; nothing gets less dense by them. */
static double
blend_lesion (const PlThorax *thorax, const PlLesion *lesion, double hu, double p[3])
{
  static const double values[] = {
    [PL_LESION_CONSOLIDATION] = 42,
    [PL_LESION_GROUND_GLASS] = -560,
    [PL_LESION_BULLA] = -985,
    [PL_LESION_NODULE] = 35,
  };
  double lift = p[2] - lesion->z;
  gboolean is_sharp = lesion->kind == PL_LESION_NODULE || lesion->kind == PL_LESION_BULLA;
  PlEllipse cut = pl_ellipse_at_height (&lesion->shape, lesion->c, lift);
  double depth = pl_ellipse_depth (&cut, p[0], p[1]);
  double target = values[lesion->kind];
  double share;

  if (depth < -14)
    return hu;
  if (!is_sharp)
    depth += 9 * pl_lattice_noise (thorax->noise_seed + 31, p[0] / 13, p[1] / 13, p[2] / 13);
  share = CLAMP (0.5 + depth / (is_sharp ? 1.5 : 7), 0, 1);
  if (lesion->kind != PL_LESION_BULLA)
    target = MAX (target, hu);
  return hu + share * (target - hu);
}

/* Emphysema eats holes; fibrosis is a net of strands under the pleura, at the back and the base. */
static double
add_diffuse_disease (
    const PlThorax *thorax, const PlSection *s, double hu, double p[3], double depth)
{
  if (thorax->emphysema > 0)
    {
      double n = pl_lattice_noise (thorax->noise_seed + 37, p[0] / 8, p[1] / 8, p[2] / 8);
      double share = CLAMP ((n + 0.6 * thorax->emphysema - 0.35) * 3, 0, 1);
      hu += share * (-975 - hu);
    }
  if (thorax->fibrosis > 0 && depth < 30)
    {
      double low = CLAMP (1.2 - 1.4 * s->u + 0.4 * (p[1] - s->y) / s->depth, 0, 1);
      double n = pl_lattice_noise (thorax->noise_seed + 41, p[0] / 3.2, p[1] / 3.2, p[2] / 3.2);
      double share = thorax->fibrosis * low * (1 - depth / 30);
      hu += share * (330 + 650 * n);
    }
  return hu;
}

/* Parenchyma at a point @depth inside the lung. */
static double
find_lung_hu (const PlThorax *thorax, const PlSection *s, double x, double y, double depth)
{
  double p[3] = { x, y, s->z };
  double coarse = pl_lattice_noise (thorax->noise_seed + 43, x / 22, y / 22, s->z / 22);
  double fissure = fabs (0.55 * (y - s->y) - (s->z - 0.52 * thorax->height_mm) + 4 * coarse) / 1.14;
  double hu = thorax->lung_hu + 50 * (y - s->y) / s->depth + 28 * coarse;

  hu = add_diffuse_disease (thorax, s, hu, p, depth);
  if (fissure < 1.5)
    hu += 130 * (1 - fissure / 1.5);
  for (int i = 0; i < thorax->n_lesions; i++)
    if (fabs (s->z - thorax->lesions[i].z) < thorax->lesions[i].c)
      hu = blend_lesion (thorax, &thorax->lesions[i], hu, p);
  return hu;
}

/* Lung that fluid has squeezed out, a few mm thick, is as dense as flesh. */
static double
add_atelectasis (
    const PlThorax *thorax, const PlCanvas *canvas, double hu, double p[3], double to_fluid)
{
  double thick = 6 + 5 * pl_lattice_noise (thorax->noise_seed + 47, p[0] / 25, 0, p[2] / 25);

  return pl_canvas_blend (canvas, hu, 75, (thick - to_fluid) / 2);
}

static void
paint_lungs (PlCanvas *canvas, const PlThorax *thorax, const PlSection *s)
{
  for (int r = 0; r < canvas->size; r++)
    for (int c = 0; c < canvas->size; c++)
      {
        int i = r * canvas->size + c;
        double p[3] = { 0, 0, s->z };
        double cavity, before, depth, hu;

        pl_canvas_position (canvas, c, r, &p[0], &p[1]);
        if (fabs (p[0]) > s->width + 5 || fabs (p[1] - s->y) > s->depth * 1.1)
          continue;
        cavity = pl_section_cavity (thorax, s, p[0], p[1]);
        if (cavity < -canvas->pixel_mm)
          continue;
        before = pl_section_before_fluid (thorax, s, p[0], p[1]);
        depth = MIN (cavity, before);
        if (before < canvas->pixel_mm)
          canvas->hu[i] = (float) pl_canvas_blend (canvas, canvas->hu[i], 12, cavity);
        if (depth < -canvas->pixel_mm)
          continue;
        hu = find_lung_hu (thorax, s, p[0], p[1], depth);
        if (before < 14)
          hu = add_atelectasis (thorax, canvas, hu, p, before);
        canvas->hu[i] = (float) pl_canvas_blend (canvas, canvas->hu[i], hu, depth);
        canvas->mask[i] = depth > 0;
      }
}

static void
paint_tubes (PlCanvas *canvas, double z, const GArray *tubes, gboolean erase)
{
  for (guint i = 0; i < tubes->len; i++)
    pl_canvas_paint_tube (canvas, z, &g_array_index (tubes, PlTube, i), erase);
}

/* Each with a wall as thick as a third of its radius. */
static void
paint_airways (PlCanvas *canvas, double z, const GArray *tubes)
{
  for (guint i = 0; i < tubes->len; i++)
    {
      const PlTube *lumen = &g_array_index (tubes, PlTube, i);
      PlTube wall = *lumen;

      wall.from_radius *= 1.35;
      wall.to_radius *= 1.35;
      wall.hu = -150;
      pl_canvas_paint_tube (canvas, z, &wall, FALSE);
    }
  paint_tubes (canvas, z, tubes, FALSE);
}

static void
finish (const PlCanvas *canvas, const PlThorax *thorax, gint16 *hu)
{
  double radius = canvas->size / 2.0;

  for (int r = 0; r < canvas->size; r++)
    for (int c = 0; c < canvas->size; c++)
      {
        int i = r * canvas->size + c;
        double dx = c + 0.5 - radius, dy = r + 0.5 - radius;
        double value = CLAMP ((double) canvas->hu[i], -1024, 3071);

        if (thorax->has_circle && dx * dx + dy * dy > radius * radius)
          {
            value = PADDING_HU;
            canvas->mask[i] = 0;
          }
        hu[i] = (gint16) floor (value + 0.5);
      }
}

void
pl_thorax_draw (const PlThorax *thorax, double z, int size_px, gint16 *hu, guint8 *mask)
{
  gsize n = (gsize) size_px * (gsize) size_px;
  g_autofree float *values = g_new (float, n);
  PlSection s = pl_thorax_cut (thorax, z);
  PlCanvas canvas = {
    .size = size_px,
    .pixel_mm = thorax->fov_mm / size_px,
    .cos = thorax->cos,
    .sin = thorax->sin,
    .x = thorax->x,
    .y = thorax->y,
    .hu = values,
    .mask = mask,
  };

  for (gsize i = 0; i < n; i++)
    {
      values[i] = -1000;
      mask[i] = 0;
    }
  pl_organs_paint (&canvas, thorax, &s);
  paint_lungs (&canvas, thorax, &s);
  paint_tubes (&canvas, z, thorax->vessels, FALSE);
  paint_airways (&canvas, z, thorax->airways);
  paint_tubes (&canvas, z, thorax->roots, TRUE);
  pl_canvas_add_noise (&canvas, thorax->seed ^ (guint64) (z * 1024), thorax->noise_hu,
                       CLAMP (3 * (s.u - 0.78), 0, 0.6));
  finish (&canvas, thorax, hu);
}
