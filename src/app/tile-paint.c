/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiles are drawn at their own size: an outline that is scaled with the image would vanish. The
 * window comes before the resizing, as in image/picture.c.
 */
#include "app/tile-paint.h"

#include "app/slice-paint.h"
#include "app/texture.h"
#include "image/label-colour.h"
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
  g_clear_pointer (&look->heat, pl_mask_unref);
  g_clear_pointer (&look->previews, g_hash_table_unref);
  g_clear_pointer (&look->cases, g_ptr_array_unref);
}

void
pl_tile_look_unref (PlTileLook *look)
{
  g_atomic_rc_box_release_full (look, clear_look);
}

/* (nullable): as @mask, the labels of the subject's plane; one that does not fit is passed over. */
static guint8 *
dup_labels (const PlTileSubject *subject, const PlMask *mask)
{
  const int *n = subject->volume->n;
  guint8 *labels;

  if (mask == NULL || mask->n[0] != n[0] || mask->n[1] != n[1] || mask->n[2] != n[2])
    return NULL;
  labels = g_malloc ((gsize) subject->rows * (gsize) subject->columns);
  pl_reslice_labels (&subject->reslice, mask, subject->index, labels);
  return labels;
}

static void
set_plane (PlTileSubject *subject, const PlTileLook *look, int index)
{
  subject->reslice = look->reslice;
  subject->index = index;
  subject->rows = subject->volume->n[look->reslice.down];
  subject->columns = subject->volume->n[look->reslice.across];
}

/* (nullable): the preview of a training is of a slice, and shown where the tiles are slices. */
static const PlMask *
find_preview (const PlTileLook *look, int index)
{
  if (look->previews == NULL || look->reslice.held != 0)
    return NULL;
  return g_hash_table_lookup (look->previews, GINT_TO_POINTER (index));
}

static void
take_plane (PlTileSubject *subject, const PlTileLook *look, int index)
{
  const PlMask *preview = find_preview (look, index);

  subject->volume = pl_volume_ref (look->volume);
  set_plane (subject, look, index);
  subject->truth_labels = dup_labels (subject, look->truth);
  if (preview != NULL)
    {
      subject->prediction_labels = g_malloc ((gsize) subject->rows * (gsize) subject->columns);
      pl_reslice_labels (&look->reslice, preview, 0, subject->prediction_labels);
    }
  else
    {
      subject->heat = dup_labels (subject, look->heat);
      if (subject->heat == NULL)
        subject->prediction_labels = dup_labels (subject, look->prediction);
    }
  subject->width = look->width;
  subject->height = look->height;
}

/* A preview before what was predicted, and that in the style that is chosen. */
static void
take_prediction (PlTileSubject *subject, const PlTileLook *look, const PlTileCase *tile_case)
{
  g_autoptr (PlMask) prediction = pl_tile_case_ref_preview (tile_case);

  if (prediction == NULL && !look->only_previews)
    {
      if (look->prediction_style == PL_PREDICTION_HEAT)
        subject->heat = dup_labels (subject, pl_tile_case_get_heat (tile_case));
      if (subject->heat == NULL)
        prediction = pl_tile_case_dup_prediction (tile_case);
    }
  subject->prediction_labels = dup_labels (subject, prediction);
}

static gboolean
read_case (PlTileSubject *subject,
           const PlTileLook *look,
           const PlTileCase *tile_case,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (PlMask) truth = NULL;

  subject->volume = pl_tile_case_load_image (tile_case, cancellable, error);
  if (subject->volume == NULL)
    return FALSE;
  set_plane (subject, look, 0);
  if (look->show_truth)
    truth = pl_tile_case_load_truth (tile_case, cancellable, NULL);
  if (look->show_prediction)
    take_prediction (subject, look, tile_case);
  subject->truth_labels = dup_labels (subject, truth);
  pl_reslice_picture_size (&subject->reslice, subject->volume, MIN (look->width, look->height),
                           &subject->width, &subject->height);
  return TRUE;
}

gboolean
pl_tile_subject_init (PlTileSubject *subject,
                      const PlTileLook *look,
                      int index,
                      GCancellable *cancellable,
                      GError **error)
{
  *subject = (PlTileSubject){ 0 };
  if (look->cases != NULL)
    return read_case (subject, look, g_ptr_array_index (look->cases, index), cancellable, error);
  take_plane (subject, look, index);
  return TRUE;
}

void
pl_tile_subject_clear (PlTileSubject *subject)
{
  g_clear_pointer (&subject->volume, pl_volume_unref);
  g_clear_pointer (&subject->truth_labels, g_free);
  g_clear_pointer (&subject->prediction_labels, g_free);
  g_clear_pointer (&subject->heat, g_free);
}

/* The subject's rows and columns at the size of a tile. */
static float *
resize (const PlTileSubject *subject, const float *plane)
{
  float *resized = g_new (float, (gsize) subject->width *(gsize) subject->height);

  pl_resample_image (plane, subject->rows, subject->columns, resized, subject->height,
                     subject->width);
  return resized;
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

static void
draw_heat (const PlTileLook *look, const PlTileSubject *subject, guint32 *pixels)
{
  gsize n = (gsize) subject->rows * (gsize) subject->columns;
  gsize n_pixels = (gsize) subject->width * (gsize) subject->height;
  g_autofree float *values = g_new (float, n);
  g_autofree float *resized = NULL;
  guint32 words[256];

  for (gsize i = 0; i < n; i++)
    values[i] = subject->heat[i];
  resized = resize (subject, values);
  pl_slice_paint_heat_words (look->opacity, words);
  for (gsize i = 0; i < n_pixels; i++)
    {
      guint32 word = words[CLAMP ((int) (resized[i] + 0.5f), 0, 255)];

      if (word != 0)
        pixels[i] = blend (pixels[i], word, (float) (word >> 24) / 255);
    }
}

guint32 *
pl_tile_paint_image (const PlTileLook *look, const PlTileSubject *subject)
{
  gsize n = (gsize) subject->rows * (gsize) subject->columns;
  gsize n_pixels = (gsize) subject->width * (gsize) subject->height;
  guint32 *pixels = g_new (guint32, n_pixels);
  g_autofree float *values = g_new (float, n);
  g_autofree guint8 *gray = g_malloc (n);
  g_autofree float *resized = NULL;

  pl_reslice_hu (&subject->reslice, subject->volume, subject->index, PL_PROJECTION_NONE, 0, NULL,
                 values);
  pl_window_apply (&look->window, values, n, gray);
  for (gsize i = 0; i < n; i++)
    values[i] = gray[i];
  resized = resize (subject, values);
  for (gsize i = 0; i < n_pixels; i++)
    {
      const guint8 *rgb = look->map->rgb[CLAMP ((int) (resized[i] + 0.5f), 0, 255)];

      pixels[i] = 0xff000000u | (guint32) (rgb[0] << 16 | rgb[1] << 8 | rgb[2]);
    }
  if (subject->heat != NULL)
    draw_heat (look, subject, pixels);
  return pixels;
}

/* How much of each pixel of the tile has the label, 0 to 1. */
static float *
cover (const PlTileSubject *subject, const guint8 *labels, int label)
{
  gsize n = (gsize) subject->rows * (gsize) subject->columns;
  g_autofree float *inside = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    inside[i] = labels[i] == label ? 1.0f : 0.0f;
  return resize (subject, inside);
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
draw_outline (const PlTileSubject *subject, const float *coverage, guint32 rgb, guint32 *pixels)
{
  for (int y = 0; y < subject->height; y++)
    for (int x = 0; x < subject->width; x++)
      if (is_edge (coverage, subject->width, subject->height, x, y))
        pixels[(gsize) y * (gsize) subject->width + (gsize) x] = 0xff000000u | rgb;
}

static void
draw_fill (const PlTileSubject *subject,
           const float *coverage,
           guint32 rgb,
           double opacity,
           guint32 *pixels)
{
  gsize n_pixels = (gsize) subject->width * (gsize) subject->height;

  for (gsize i = 0; i < n_pixels; i++)
    if (coverage[i] > 0.0f)
      pixels[i] = blend (pixels[i], rgb, (float) opacity * coverage[i]);
}

/* @labels: (nullable) */
static void
draw_mask (const PlTileLook *look,
           const PlTileSubject *subject,
           const guint8 *labels,
           guint32 of,
           gboolean is_filled,
           guint32 *pixels)
{
  gsize n_labels = (gsize) subject->rows * (gsize) subject->columns;
  guint8 found[255];
  int n = labels == NULL ? 0 : pl_label_find (labels, n_labels, found);

  for (int i = 0; i < n; i++)
    {
      g_autofree float *coverage = cover (subject, labels, found[i]);
      guint32 rgb = pl_label_rgb (of, found[i]);

      if (is_filled)
        draw_fill (subject, coverage, rgb, look->opacity, pixels);
      else
        draw_outline (subject, coverage, rgb, pixels);
    }
}

GdkTexture *
pl_tile_paint (const PlTileLook *look, int index)
{
  g_auto (PlTileSubject) subject = { 0 };
  guint32 *pixels;

  if (!pl_tile_subject_init (&subject, look, index, NULL, NULL))
    return pl_texture_new_opaque (g_new0 (guint32, 1), 1, 1);
  pixels = pl_tile_paint_image (look, &subject);
  draw_mask (look, &subject, subject.prediction_labels, PL_PREDICTION_RGB,
             look->prediction_style != PL_PREDICTION_OUTLINE, pixels);
  draw_mask (look, &subject, subject.truth_labels, PL_TRUTH_RGB, look->truth_is_filled, pixels);
  return pl_texture_new_opaque (pixels, subject.width, subject.height);
}
