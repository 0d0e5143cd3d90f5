/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slice as a picture. The window comes before the resizing: else one pixel of metal or of padding
 * (−2000 HU) would colour its whole neighbourhood when a slice shrinks to a tile. */
#include "image/montage.h"

#include <math.h>

#include "image/resample.h"
#include "image/reslice.h"

#define PREDICTION_OPACITY 0.35f

void
pl_picture_free (PlPicture *picture)
{
  if (picture == NULL)
    return;
  g_free (picture->rgb);
  g_free (picture);
}

void
pl_picture_size (const PlVolume *volume, int tile_px, int *width, int *height)
{
  PlReslice reslice = pl_reslice_plain ();

  pl_reslice_picture_size (&reslice, volume, tile_px, width, height);
}

static guint8
blend (guint8 under, guint32 over, float opacity)
{
  return (guint8) lroundf ((float) under + opacity * ((float) over - (float) under));
}

static void
blend_pixel (guint8 *rgb, guint32 colour, float opacity)
{
  rgb[0] = blend (rgb[0], colour >> 16 & 0xff, opacity);
  rgb[1] = blend (rgb[1], colour >> 8 & 0xff, opacity);
  rgb[2] = blend (rgb[2], colour & 0xff, opacity);
}

/* How much of each pixel of the picture a label of a mask's slice covers, 0 to 1. */
static float *
cover (const PlMask *mask, int slice, int label, const PlPicture *picture)
{
  const guint8 *labels = pl_mask_slice (mask, slice);
  gsize n = (gsize) mask->n[1] * (gsize) mask->n[2];
  g_autofree float *inside = g_new (float, n);
  float *coverage = g_new (float, (gsize) picture->width *(gsize) picture->height);

  for (gsize i = 0; i < n; i++)
    inside[i] = labels[i] == label ? 1.0f : 0.0f;
  pl_resample_image (inside, mask->n[1], mask->n[2], coverage, picture->height, picture->width);
  return coverage;
}

static void
draw_fill (PlPicture *picture, const float *coverage, guint32 colour)
{
  gsize n = (gsize) picture->width * (gsize) picture->height;

  for (gsize i = 0; i < n; i++)
    if (coverage[i] > 0.0f)
      blend_pixel (picture->rgb + 3 * i, colour, PREDICTION_OPACITY * coverage[i]);
}

/* TRUE for a pixel that is inside with one of its four neighbours outside; what is beyond the
 * picture is neither. */
static gboolean
is_edge (const float *coverage, int width, int height, int x, int y)
{
  const float *here = coverage + (gsize) y * (gsize) width + x;

  return *here >= 0.5f &&
         ((x > 0 && here[-1] < 0.5f) || (x < width - 1 && here[1] < 0.5f) ||
          (y > 0 && here[-width] < 0.5f) || (y < height - 1 && here[width] < 0.5f));
}

static void
draw_outline (PlPicture *picture, const float *coverage, guint32 colour)
{
  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++)
      if (is_edge (coverage, picture->width, picture->height, x, y))
        blend_pixel (picture->rgb + 3 * ((gsize) y * (gsize) picture->width + (gsize) x), colour,
                     1.0f);
}

static void
draw_mask (PlPicture *picture, const PlMask *mask, int slice, guint32 of, gboolean is_filled)
{
  guint8 found[255];
  int n =
      pl_label_find (pl_mask_slice (mask, slice), (gsize) mask->n[1] * (gsize) mask->n[2], found);

  for (int i = 0; i < n; i++)
    {
      g_autofree float *coverage = cover (mask, slice, found[i], picture);
      guint32 rgb = pl_label_rgb (of, found[i]);

      if (is_filled)
        draw_fill (picture, coverage, rgb);
      else
        draw_outline (picture, coverage, rgb);
    }
}

/* The slice in gray, at the size of the picture, 0 to 255. */
static float *
draw_gray (const PlVolume *volume, int slice, PlWindow window, const PlPicture *picture)
{
  gsize n = (gsize) volume->n[1] * (gsize) volume->n[2];
  g_autofree float *values = g_new (float, n);
  g_autofree guint8 *gray = g_malloc (n);
  float *resized = g_new (float, (gsize) picture->width *(gsize) picture->height);

  pl_volume_slice (volume, slice, values);
  pl_window_apply (&window, values, n, gray);
  for (gsize i = 0; i < n; i++)
    values[i] = gray[i];
  pl_resample_image (values, volume->n[1], volume->n[2], resized, picture->height, picture->width);
  return resized;
}

static gboolean
fits (const PlMask *mask, const PlVolume *volume)
{
  return mask == NULL ||
         (mask->n[0] == volume->n[0] && mask->n[1] == volume->n[1] && mask->n[2] == volume->n[2]);
}

PlPicture *
pl_picture_slice (const PlVolume *volume,
                  int slice,
                  const PlMask *truth,
                  const PlMask *prediction,
                  PlWindow window,
                  const PlColourMap *map,
                  int tile_px)
{
  PlPicture *picture = g_new0 (PlPicture, 1);
  g_autofree float *gray = NULL;
  gsize n;

  g_assert (fits (truth, volume) && fits (prediction, volume));
  pl_picture_size (volume, tile_px, &picture->width, &picture->height);
  n = (gsize) picture->width * (gsize) picture->height;
  picture->rgb = g_malloc (3 * n);
  gray = draw_gray (volume, slice, window, picture);
  for (gsize i = 0; i < n; i++)
    {
      const guint8 *rgb = map->rgb[CLAMP ((int) (gray[i] + 0.5f), 0, 255)];

      for (int k = 0; k < 3; k++)
        picture->rgb[3 * i + (gsize) k] = rgb[k];
    }
  if (prediction != NULL)
    draw_mask (picture, prediction, slice, PL_PREDICTION_RGB, TRUE);
  if (truth != NULL)
    draw_mask (picture, truth, slice, PL_TRUTH_RGB, FALSE);
  return picture;
}
