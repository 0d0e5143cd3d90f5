/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/colour-map.h"
#include "image/label-colour.h"
#include "image/window-level.h"

#include <gtk/gtk.h>

/* What the views draw of a slice, as textures. All functions: any thread; the caller owns the
 * texture. Overlays are transparent where there is nothing to show; each
 * label above 0 has its colour.
 * A 512×512 slice takes about a millisecond. */

/* Where two masks agree in the difference; they differ in PL_PREDICTION_RGB (only predicted) and
 * PL_TRUTH_RGB (only in the truth), or PL_SECOND_RGB (only predicted by a second model): safe for
 * colour-blind eyes. PL_OTHER_LABEL_RGB is what is in both, but not as the same label. */
#define PL_AGREEMENT_RGB 0x86ad80u
#define PL_OTHER_LABEL_RGB 0xf9f06bu

/* @rgb (0xrrggbb) to be laid over something, as 0xaarrggbb. */
guint32 pl_slice_paint_word (guint32 rgb, double opacity);

/* What is laid over an image: masks of its size, and words by the pl_label_colour() [in the
 * first][in the second]; 0 is nothing, as is the word for what is in neither. */
typedef struct
{
  const guint8 *first;  /* (nullable) */
  const guint8 *second; /* (nullable) */
  guint32 words[1 + PL_LABEL_COLOURS][1 + PL_LABEL_COLOURS];
} PlSliceTint;

/* One mask, its labels in the colours of pl_label_rgb (@of, …). */
PlSliceTint pl_slice_tint_mask (const guint8 *labels, guint32 of, double opacity);

/* Of two masks what is only in the one, only in the other, and in both. @by_label: another label is
 * no agreement. */
PlSliceTint pl_slice_tint_difference (const guint8 *first,
                                      guint32 first_rgb,
                                      const guint8 *second,
                                      guint32 second_rgb,
                                      gboolean by_label,
                                      double opacity);

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

/* @labels (rows × columns) in the colours of pl_label_rgb (@of, …). columns × rows. */
GdkTexture *
pl_slice_paint_fill (const guint8 *labels, int rows, int columns, guint32 of, double opacity);

/* Words of the probabilities 0…255, in the colours of pl_colour_map_probability(), fading below
 * 0.1.
 */
void pl_slice_paint_heat_words (double opacity, guint32 words[256]);

/* @heat: probabilities as 0…255 (rows × columns), in these words. columns × rows. */
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
 * @of: the colour of label 1
 * @place: where the image lies on a picture of @width × @height
 * @area: out: the part of the picture that the texture is of
 *
 * The edges between pixels of different labels, 2 pixels wide however much the image is magnified.
 * Between two labels it has the colour of the one below or to the right.
 *
 * Returns: (nullable) (transfer full): a texture of the area's size; NULL when nothing is in sight
 */
GdkTexture *pl_slice_paint_outline (const guint8 *labels,
                                    int rows,
                                    int columns,
                                    guint32 of,
                                    PlSlicePlace place,
                                    int width,
                                    int height,
                                    cairo_rectangle_int_t *area);
