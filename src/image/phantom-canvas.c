/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapes with soft edges: an edge pixel gets the share of it that the shape covers, as in a
 * scanner. Each shape is painted over what is there, in the pixels around it alone. */
#include "image/phantom-canvas.h"

#include "base/random.h"

#include <math.h>

double
pl_ellipse_depth (const PlEllipse *e, double x, double y)
{
  double dx = x - e->x, dy = y - e->y;
  double u, v, r, slope;

  if (e->a <= 0 || e->b <= 0)
    return -1e3;
  u = (dx * e->cos + dy * e->sin) / e->a;
  v = (dy * e->cos - dx * e->sin) / e->b;
  r = sqrt (u * u + v * v);
  if (r < 1e-3)
    return MIN (e->a, e->b);
  slope = sqrt (u * u / (e->a * e->a) + v * v / (e->b * e->b));
  if (e->square > 0)
    {
      double boxy = sqrt (sqrt (u * u * u * u + v * v * v * v));
      return (1 - r - e->square * (boxy - r)) * r / slope;
    }
  return (1 - r) * r / slope;
}

PlEllipse
pl_ellipse_at_height (const PlEllipse *whole, double c, double dz)
{
  PlEllipse cut = *whole;
  double rest = 1 - dz * dz / (c * c);
  double k = rest > 0 ? sqrt (rest) : 0;

  cut.a *= k;
  cut.b *= k;
  return cut;
}

/* In −1…1, from the finalizer of MurmurHash3. */
static double
hash_corner (guint32 seed, gint32 x, gint32 y, gint32 z)
{
  guint32 h =
      seed ^ (guint32) x * 0x9e3779b1u ^ (guint32) y * 0x85ebca77u ^ (guint32) z * 0xc2b2ae3du;

  h = (h ^ (h >> 16)) * 0x85ebca6bu;
  h = (h ^ (h >> 13)) * 0xc2b2ae35u;
  h ^= h >> 16;
  return (double) h * 0x1p-31 - 1;
}

static double
mix (double a, double b, double t)
{
  return a + (b - a) * t;
}

static double
ease (double t)
{
  return t * t * (3 - 2 * t);
}

/* floor() is a call into libm where the processor is not known to have it. */
static gint32
round_down (double x)
{
  gint32 i = (gint32) x;

  return i - (x < i);
}

double
pl_lattice_noise (guint32 seed, double x, double y, double z)
{
  /* Turned, so that the lattice does not show in axial slices. */
  double ux = 0.36 * x + 0.48 * y - 0.8 * z;
  double uy = 0.6 * y - 0.8 * x;
  double uz = 0.48 * x + 0.64 * y + 0.6 * z;
  gint32 ix = round_down (ux), iy = round_down (uy), iz = round_down (uz);
  double tx = ease (ux - ix), ty = ease (uy - iy), tz = ease (uz - iz);
  double plane[2];

  for (int k = 0; k < 2; k++)
    plane[k] =
        mix (mix (hash_corner (seed, ix, iy, iz + k), hash_corner (seed, ix + 1, iy, iz + k), tx),
             mix (hash_corner (seed, ix, iy + 1, iz + k),
                  hash_corner (seed, ix + 1, iy + 1, iz + k), tx),
             ty);
  return mix (plane[0], plane[1], tz);
}

void
pl_canvas_position (const PlCanvas *canvas, int column, int row, double *x, double *y)
{
  double dx = (column + 0.5 - canvas->size / 2.0) * canvas->pixel_mm - canvas->x;
  double dy = (row + 0.5 - canvas->size / 2.0) * canvas->pixel_mm - canvas->y;

  *x = dx * canvas->cos + dy * canvas->sin;
  *y = dy * canvas->cos - dx * canvas->sin;
}

double
pl_canvas_blend (const PlCanvas *canvas, double under, double hu, double depth)
{
  return mix (under, hu, CLAMP (0.5 + depth / canvas->pixel_mm, 0, 1));
}

typedef struct
{
  int left, right, top, bottom; /* right and bottom are past the last */
} Box;

/* The pixels within @reach mm of (x, y). */
static Box
find_box (const PlCanvas *canvas, double x, double y, double reach)
{
  double mm = canvas->pixel_mm;
  double column = (x * canvas->cos - y * canvas->sin + canvas->x) / mm + canvas->size / 2.0;
  double row = (x * canvas->sin + y * canvas->cos + canvas->y) / mm + canvas->size / 2.0;
  double n = reach / mm + 1;

  return (Box){
    .left = (int) CLAMP (floor (column - n), 0, canvas->size),
    .right = (int) CLAMP (floor (column + n + 1), 0, canvas->size),
    .top = (int) CLAMP (floor (row - n), 0, canvas->size),
    .bottom = (int) CLAMP (floor (row + n + 1), 0, canvas->size),
  };
}

void
pl_canvas_paint_ellipse_above (PlCanvas *canvas, const PlEllipse *ellipse, double level, double hu)
{
  Box box = find_box (canvas, ellipse->x, ellipse->y, MAX (ellipse->a, ellipse->b) * 1.2);

  for (int r = box.top; r < box.bottom; r++)
    for (int c = box.left; c < box.right; c++)
      {
        float *pixel = &canvas->hu[r * canvas->size + c];
        double x, y, depth;

        pl_canvas_position (canvas, c, r, &x, &y);
        depth = MIN (pl_ellipse_depth (ellipse, x, y), level - y);
        *pixel = (float) pl_canvas_blend (canvas, *pixel, hu, depth);
      }
}

void
pl_canvas_paint_ellipse (PlCanvas *canvas, const PlEllipse *ellipse, double hu)
{
  pl_canvas_paint_ellipse_above (canvas, ellipse, G_MAXDOUBLE, hu);
}

static double
measure_tube_depth (const PlTube *tube, const double at[3])
{
  double along = 0, length = 0, distance = 0;

  for (int i = 0; i < 3; i++)
    {
      double side = tube->to[i] - tube->from[i];
      along += (at[i] - tube->from[i]) * side;
      length += side * side;
    }
  along = length > 0 ? CLAMP (along / length, 0, 1) : 0;
  for (int i = 0; i < 3; i++)
    {
      double d = at[i] - mix (tube->from[i], tube->to[i], along);
      distance += d * d;
    }
  return mix (tube->from_radius, tube->to_radius, along) - sqrt (distance);
}

/* What of the tube lies within @reach of the plane, as the range of positions along it. */
static gboolean
find_cut (const PlTube *tube, double z, double reach, double *low, double *high)
{
  double rise = tube->to[2] - tube->from[2];
  double a, b;

  *low = 0;
  *high = 1;
  if (fabs (rise) < 1e-6)
    return fabs (z - tube->from[2]) < reach;
  a = (z - reach - tube->from[2]) / rise;
  b = (z + reach - tube->from[2]) / rise;
  *low = MAX (MIN (a, b), 0);
  *high = MIN (MAX (a, b), 1);
  return *low < *high;
}

void
pl_canvas_paint_tube (PlCanvas *canvas, double z, const PlTube *tube, gboolean erases)
{
  double reach = MAX (tube->from_radius, tube->to_radius) + canvas->pixel_mm;
  double low, high, length[2], middle[2];
  Box box;

  if (!find_cut (tube, z, reach, &low, &high))
    return;
  for (int i = 0; i < 2; i++)
    {
      double side = tube->to[i] - tube->from[i];
      middle[i] = tube->from[i] + side * (low + high) / 2;
      length[i] = fabs (side) * (high - low) / 2;
    }
  box = find_box (canvas, middle[0], middle[1], length[0] + length[1] + reach);
  for (int r = box.top; r < box.bottom; r++)
    for (int c = box.left; c < box.right; c++)
      {
        int i = r * canvas->size + c;
        double at[3] = { 0, 0, z };
        double depth;

        pl_canvas_position (canvas, c, r, &at[0], &at[1]);
        depth = measure_tube_depth (tube, at);
        canvas->hu[i] = (float) pl_canvas_blend (canvas, canvas->hu[i], tube->hu, depth);
        if (erases && depth > 0)
          canvas->mask[i] = 0;
      }
}

void
pl_canvas_paint_band (
    PlCanvas *canvas, double y, double bend, double half_width, double thick_mm, double hu)
{
  for (int c = 0; c < canvas->size; c++)
    {
      double x = (c + 0.5 - canvas->size / 2.0) * canvas->pixel_mm;
      double middle = y + bend * x * x;
      double first = (middle - thick_mm) / canvas->pixel_mm + canvas->size / 2.0 - 1;
      double last = (middle + thick_mm) / canvas->pixel_mm + canvas->size / 2.0 + 1;

      for (int r = (int) CLAMP (first, 0, canvas->size); r < (int) CLAMP (last, 0, canvas->size);
           r++)
        {
          float *pixel = &canvas->hu[r * canvas->size + c];
          double dy = (r + 0.5 - canvas->size / 2.0) * canvas->pixel_mm - middle;
          double depth = MIN (thick_mm / 2 - fabs (dy), half_width - fabs (x));

          *pixel = (float) pl_canvas_blend (canvas, *pixel, hu, depth);
        }
    }
}

/* Nearly normal, standard deviation 1: the sum of four 16-bit uniform numbers. */
static void
fill_with_noise (float *noise, int n, guint64 seed)
{
  PlRandom random;

  pl_random_init (&random, seed, 0);
  for (int i = 0; i < n; i++)
    {
      guint64 bits = pl_random_bits (&random);
      int sum = (int) (bits & 0xffff) + (int) (bits >> 16 & 0xffff) + (int) (bits >> 32 & 0xffff) +
                (int) (bits >> 48);

      noise[i] = (float) ((sum - 131070) * (1.7320508 / 65536));
    }
}

/* 1 2 1 down the columns, then along the rows, so that the standard deviation stays 1. */
static void
smooth_noise (float *noise, int size)
{
  const float gain = 1 / 6.0f; /* √(1² + 2² + 1²) each way */
  float *line = g_new (float, size + 2);

  for (int c = 0; c < size; c++)
    {
      for (int r = 0; r < size; r++)
        line[r + 1] = noise[r * size + c];
      line[0] = line[1];
      line[size + 1] = line[size];
      for (int r = 0; r < size; r++)
        noise[r * size + c] = line[r] + 2 * line[r + 1] + line[r + 2];
    }
  for (int r = 0; r < size; r++)
    {
      for (int c = 0; c < size; c++)
        line[c + 1] = noise[r * size + c];
      line[0] = line[1];
      line[size + 1] = line[size];
      for (int c = 0; c < size; c++)
        noise[r * size + c] = gain * (line[c] + 2 * line[c + 1] + line[c + 2]);
    }
  g_free (line);
}

void
pl_canvas_add_noise (PlCanvas *canvas, guint64 seed, double sd_hu, double streaks)
{
  int size = canvas->size;
  g_autofree float *noise = g_new (float, size *size);

  fill_with_noise (noise, size * size, seed);
  smooth_noise (noise, size);
  for (int r = 0; r < size; r++)
    {
      float streak = 0;

      for (int c = 0; c < size; c++)
        {
          int i = r * size + c;
          streak = 0.94f * streak + 0.34f * noise[i];
          canvas->hu[i] += (float) sd_hu * (noise[i] + (float) streaks * streak);
        }
    }
}
