/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/tensor.h"

/* Where a matrix of weights (taps, in, out) lies in the flat block, unpadded and in PyTorch's
 * order, and how channels are padded for the kernels. */
typedef struct
{
  int parts[2]; /* channels; the second part is what a concatenation adds, else 0 */
  gsize padded; /* each part rounded up, but for the input image */
} PlChannels;

typedef struct
{
  int n_taps;
  PlChannels in;
  PlChannels out;
  /* Element (t, i, o) is at first + t·tap_stride + i·in_stride + o·out_stride. */
  gssize first;
  gssize tap_stride;
  gssize in_stride;
  gssize out_stride;
} PlWeightMap;

PlChannels pl_channels (int first_part, int second_part);

/* Floats of the packed matrix. */
gsize pl_weight_map_floats (const PlWeightMap *map);

/* flat → packed, see pl_packed_index(); what belongs to padding is left as it was (zero). */
void pl_weight_map_pack (const PlWeightMap *map, const float *flat, float *packed);

/* The gradient of such a matrix. It is kept in blocks of input and output channels and, where there
 * are few blocks, summed in several lanes, each over its own strips, which are added in order: a
 * fixed plan, whatever the number of threads. */
typedef struct
{
  PlWeightMap map;
  gsize in_block;
  gsize out_block;
  int n_in_blocks;
  int n_out_blocks;
  int n_lanes;
  float *total; /* pl_weight_gradient_floats(); accumulates */
} PlWeightGradient;

void pl_weight_gradient_init (PlWeightGradient *gradient, const PlWeightMap *map);
gsize pl_weight_gradient_floats (const PlWeightGradient *gradient);
/* Scratch for pl_weight_gradient_add(). */
gsize pl_weight_gradient_lane_floats (const PlWeightGradient *gradient);

/**
 * PlWeightGradientRow: called for each strip of rows
 * @dw: [taps][n_in][n_out]: to be added to
 */
typedef void (*PlWeightGradientBody) (void *data,
                                      int image,
                                      int first_row,
                                      int end_row,
                                      gsize first_in,
                                      gsize n_in,
                                      gsize first_out,
                                      gsize n_out,
                                      float *dw);

/* total += what @body adds for all strips of @n images of @rows; @lanes is scratch. */
void pl_weight_gradient_add (const PlWeightGradient *gradient,
                             int n,
                             const PlTensor *rows,
                             PlWeightGradientBody body,
                             void *data,
                             float *lanes);

/* total → flat. */
void pl_weight_gradient_unpack (const PlWeightGradient *gradient, float *flat);
