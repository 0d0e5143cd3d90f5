/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/scratch.h"
#include "unet/tensor.h"

/* Where a matrix of weights (taps, in, out) lies in the flat block, unpadded and in PyTorch's
 * order, and how channels are padded for the kernels. */
typedef struct
{
  int parts[2]; /* channels; the second part is what a concatenation adds, else 0 */
  gsize padded; /* each part rounded up */
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

/* Elements of the packed matrix. */
gsize pl_weight_map_size (const PlWeightMap *map);

/* flat → packed, see pl_packed_index(); what belongs to padding is left as it was (zero). */
void pl_weight_map_pack (const PlKernels *kernels,
                         const PlWeightMap *map,
                         const float *flat,
                         void *packed);

/* The gradient of such a matrix. It is kept in blocks of input and output channels and, where there
 * are few blocks, summed in several lanes, each over its own strips, which are added in order: a
 * fixed plan, whatever the number of threads. */
typedef struct
{
  PlWeightMap map;
  gboolean co_first; /* blocks are [taps][out][in], else [taps][in][out] */
  gsize in_block;
  gsize out_block;
  int n_in_blocks;
  int n_out_blocks;
  int n_lanes;
  float *total; /* pl_weight_gradient_floats(); accumulates */
} PlWeightGradient;

/* A block of the gradient: its channels, and its place in a whole one. */
typedef struct
{
  gsize first_in;
  gsize n_in;
  gsize first_out;
  gsize n_out;
  gsize offset;
  gsize count;
} PlWeightBlock;

void pl_weight_gradient_init (PlWeightGradient *gradient,
                              const PlKernels *kernels,
                              const PlWeightMap *map);
gsize pl_weight_gradient_floats (const PlWeightGradient *gradient);
gsize pl_weight_gradient_lane_bytes (const PlWeightGradient *gradient);

/**
 * PlWeightGradientBody: called for some strips of the batch
 * @dw: the block's part of the gradient: to be added to
 * @scratch: the worker's
 */
typedef void (*PlWeightGradientBody) (void *data,
                                      gsize first_strip,
                                      gsize end_strip,
                                      const PlWeightBlock *block,
                                      float *dw,
                                      void *scratch);

/* total += what @body adds for all strips of @n images of @rows. The shared scratch holds the
 * lanes, pl_weight_gradient_lane_bytes(). */
void pl_weight_gradient_add (const PlWeightGradient *gradient,
                             int n,
                             const PlTensor *rows,
                             PlWeightGradientBody body,
                             void *data,
                             const PlScratch *scratch);

/* total → flat. */
void pl_weight_gradient_unpack (const PlWeightGradient *gradient, float *flat);
