/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/recipe.h"

/* The part of a slice that the network sees: for HU the square around the body, what is outside of
 * the body blanked with fat, so that neither the field of view nor the table matters; else the
 * whole slice. May reach over the slice's edges. */
typedef struct
{
  int row; /* of the slice, where the frame begins; may be negative */
  int column;
  int rows;
  int columns;
  guint8 *inside; /* (nullable): rows × columns of the slice, 1 in the body; NULL: all is. Owned */
} PlSliceFrame;

void pl_slice_frame_clear (PlSliceFrame *frame);

/**
 * pl_slice_frame_find:
 * @frame: (out caller-allocates): to be cleared
 * @recipe: (nullable): NULL while it is not known whether the images are HU
 * @values: rows × columns of the slice; what is outside of the body becomes −100
 *
 * A slice whose values do not look like HU is taken whole.
 */
void pl_slice_frame_find (
    const PlRecipe *recipe, float *values, int rows, int columns, PlSliceFrame *frame);

/* The frame's part of a slice, resized to @size_px². Labels outside of the body become 0. */
void pl_slice_frame_take_image (
    const PlSliceFrame *frame, const float *values, int rows, int columns, float *out, int size_px);
void pl_slice_frame_take_labels (const PlSliceFrame *frame,
                                 const guint8 *labels,
                                 int rows,
                                 int columns,
                                 guint8 *out,
                                 int size_px);

/* Back: @in of @size_px² goes to where the frame is in @out; what is outside of the body, or of the
 * frame, becomes @outside. */
void pl_slice_frame_put (const PlSliceFrame *frame,
                         const float *in,
                         int size_px,
                         float *out,
                         int rows,
                         int columns,
                         float outside);
