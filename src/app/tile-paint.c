/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiles are drawn at their own size: an outline that is scaled with the image would vanish. The
 * window comes before the resizing, as in image/picture.c. Pixels are in cairo's format, which both
 * of GTK's renderers take as they are.
 */
#include "app/tile-paint.h"

#include "image/montage.h"
#include "image/resample.h"

#include <math.h>

PlTileLook *
pl_tile_look_new (void)
{
  return g_atomic_rc_box_new0 (PlTileLook);
}

PlTileLook *
pl_tile_look_ref (PlTileLook *look)
{
  return g_atomic_rc_box_acquire (look);
}

static void
clear_look (gpointer data)
{
  PlTileLook *look = data;

  g_clear_pointer (&look->volume, pl_volume_unref);
  g_clear_pointer (&look->truth, pl_mask_unref);
  g_clear_pointer (&look->prediction, pl_mask_unref);
  g_clear_pointer (&look->preview, pl_mask_unref);
}

void
pl_tile_look_unref (PlTileLook *look)
{
  g_atomic_rc_box_release_full (look, clear_look);
}

/* A plane of the volume's rows and columns at the size of a tile. */
static float *
resize (const PlTileLook *look, const float *plane)
{
  float *resized = g_new (float, (gsize) look->width *(gsize) look->height);

  pl_resample_image (plane, look->volume->n[1], look->volume->n[2], resized, look->height,
                     look->width);
  return resized;
}

static void
draw_image (const PlTileLook *look, int slice, guint32 *pixels)
{
  gsize n = (gsize) look->volume->n[1] * (gsize) look->volume->n[2];
  gsize n_pixels = (gsize) look->width * (gsize) look->height;
  g_autofree float *values = g_new (float, n);
  g_autofree guint8 *gray = g_malloc (n);
  g_autofree float *resized = NULL;

  pl_volume_slice (look->volume, slice, values);
  pl_window_apply (&look->window, values, n, gray);
  for (gsize i = 0; i < n; i++)
    values[i] = gray[i];
  resized = resize (look, values);
  for (gsize i = 0; i < n_pixels; i++)
    {
      const guint8 *rgb = look->map->rgb[CLAMP ((int) (resized[i] + 0.5f), 0, 255)];

      pixels[i] = 0xff000000u | (guint32) (rgb[0] << 16 | rgb[1] << 8 | rgb[2]);
    }
}

static guint32
blend_channel (guint32 under, guint32 over, float opacity, int shift)
{
  float u = (float) (under >> shift & 0xff);
  float o = (float) (over >> shift & 0xff);

  return (guint32) lroundf (u + opacity * (o - u)) << shift;
}

static guint32
blend (guint32 under, guint32 over, float opacity)
{
  return 0xff000000u | blend_channel (under, over, opacity, 16) |
         blend_channel (under, over, opacity, 8) | blend_channel (under, over, opacity, 0);
}

/* How much of each pixel of the tile is inside the mask, 0 to 1; NULL when nothing is. */
static float *
cover (const PlTileLook *look, const guint8 *labels)
{
  gsize n = (gsize) look->volume->n[1] * (gsize) look->volume->n[2];
  g_autofree float *inside = g_new (float, n);
  gboolean any = FALSE;

  for (gsize i = 0; i < n; i++)
    {
      inside[i] = labels[i] != 0 ? 1.0f : 0.0f;
      any |= labels[i] != 0;
    }
  return any ? resize (look, inside) : NULL;
}

static void
draw_fill (const PlTileLook *look, const guint8 *labels, guint32 *pixels)
{
  gsize n_pixels = (gsize) look->width * (gsize) look->height;
  g_autofree float *coverage = cover (look, labels);

  if (coverage == NULL)
    return;
  for (gsize i = 0; i < n_pixels; i++)
    if (coverage[i] > 0.0f)
      pixels[i] = blend (pixels[i], PL_PREDICTION_RGB, (float) look->opacity * coverage[i]);
}

/* TRUE for a pixel that is inside with one of its four neighbours outside. */
static gboolean
is_edge (const float *coverage, int width, int height, int x, int y)
{
  const float *here = coverage + (gsize) y * (gsize) width + x;

  return *here >= 0.5f &&
         ((x > 0 && here[-1] < 0.5f) || (x < width - 1 && here[1] < 0.5f) ||
          (y > 0 && here[-width] < 0.5f) || (y < height - 1 && here[width] < 0.5f));
}

static void
draw_outline (const PlTileLook *look, const guint8 *labels, guint32 *pixels)
{
  g_autofree float *coverage = cover (look, labels);

  if (coverage == NULL)
    return;
  for (int y = 0; y < look->height; y++)
    for (int x = 0; x < look->width; x++)
      if (is_edge (coverage, look->width, look->height, x, y))
        pixels[(gsize) y * (gsize) look->width + (gsize) x] = 0xff000000u | PL_TRUTH_RGB;
}

/* (nullable) */
static const guint8 *
prediction_labels (const PlTileLook *look, int slice)
{
  if (look->preview != NULL && look->preview_slice == slice)
    return pl_mask_slice (look->preview, 0);
  return look->prediction == NULL ? NULL : pl_mask_slice (look->prediction, slice);
}

GdkTexture *
pl_tile_paint (const PlTileLook *look, int slice)
{
  const guint8 *predicted = prediction_labels (look, slice);
  gsize stride = 4 * (gsize) look->width;
  gsize n_bytes = stride * (gsize) look->height;
  guint32 *pixels = g_malloc (n_bytes);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, n_bytes);

  draw_image (look, slice, pixels);
  if (predicted != NULL)
    draw_fill (look, predicted, pixels);
  if (look->truth != NULL)
    draw_outline (look, pl_mask_slice (look->truth, slice), pixels);
  return gdk_memory_texture_new (look->width, look->height, GDK_MEMORY_DEFAULT, bytes, stride);
}
