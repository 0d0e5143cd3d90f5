/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/colour-map.h"
#include "image/montage.h"
#include "image/window-level.h"

#include <gtk/gtk.h>

/* What the views draw of a slice, as textures. All functions: any thread; the caller owns the
 * texture. Overlays are transparent where there is nothing to show; "inside" is any label above 0.
 * A 512×512 slice takes about a millisecond. */

/* Where two masks agree in the difference; they differ in PL_PREDICTION_RGB (only predicted) and
 * PL_TRUTH_RGB (only in the truth), or PL_SECOND_RGB (only predicted by a second model): safe for
 * colour-blind eyes. */
#define PL_AGREEMENT_RGB 0x86ad80u
#define PL_SECOND_RGB 0xb18cffu

/* @rgb (0xrrggbb) to be laid over something, as 0xaarrggbb. */
guint32 pl_slice_paint_word (guint32 rgb, double opacity);

/* What is laid over an image: masks of its size, and words by [in the first][in the second]; 0 is
 * nothing, as is the word for what is in neither. */
typedef struct
{
  const guint8 *first;  /* (nullable) */
  const guint8 *second; /* (nullable) */
  guint32 words[2][2];
} PlSliceTint;

/* A slice through window and colour map: columns × rows, opaque. What is not in @part, which must
 * be ready, is black. @tint: (nullable) */
GdkTexture *pl_slice_paint_image (const PlVolume *volume,
                                  int slice,
                                  const PlSlicePart *part,
                                  PlWindow window,
                                  const PlColourMap *map,
                                  const PlSliceTint *tint);

/* The image alone, of @hu, rows × columns. */
GdkTexture *
pl_slice_paint_hu (const float *hu, int rows, int columns, PlWindow window, const PlColourMap *map);

/* @labels (rows × columns): inside in @rgb (0xrrggbb). columns × rows. */
GdkTexture *
pl_slice_paint_fill (const guint8 *labels, int rows, int columns, guint32 rgb, double opacity);

/* @heat: probabilities as 0…255 (rows × columns), in the colours of pl_colour_map_probability();
 * below 0.01 transparent. columns × rows. */
GdkTexture *pl_slice_paint_heat (const guint8 *heat, int rows, int columns, double opacity);

/* Where an image's pixels lie on a picture: column c covers x_px + c × column_px to
 * x_px + (c + 1) × column_px, rows likewise; in the picture's pixels. */
typedef struct
{
  double x_px;
  double y_px;
  double column_px;
  double row_px;
} PlSlicePlace;

/**
 * pl_slice_paint_outline:
 * @labels: rows × columns
 * @rgb: 0xrrggbb
 * @place: where the image lies on a picture of @width × @height
 * @area: out: the part of the picture that the texture is of
 *
 * The edges between pixels of different labels, 2 pixels wide however much the image is magnified.
 *
 * Returns: (nullable) (transfer full): a texture of the area's size; NULL when nothing is in sight
 */
GdkTexture *pl_slice_paint_outline (const guint8 *labels,
                                    int rows,
                                    int columns,
                                    guint32 rgb,
                                    PlSlicePlace place,
                                    int width,
                                    int height,
                                    cairo_rectangle_int_t *area);
