/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/conv.h"
#include "unet/head.h"
#include "unet/norm.h"
#include "unet/parameters.h"
#include "unet/upconv.h"

/* Convolution, normalisation and activation, as the layers take them. */
typedef struct
{
  PlWeightMap map;
  PlWeightMap transposed_map;
  PlConv conv;
  PlConv data_gradient; /* no weights for the first layer, whose input needs no gradient */
  PlNorm norm;
} PlUnit;

typedef struct _PlUNetPacked PlUNetPacked;

/* A network's weights in the kernels' order, padded; what is padding stays zero. */
struct _PlUNetPacked
{
  const PlKernels *kernels;
  PlUnit down[PL_MOST_LEVELS][2];
  PlUnit up[PL_MOST_DEPTH][2];
  PlUpconv upconv[PL_MOST_DEPTH];
  PlHead head;

  /* Owned */
  char *block;
};

/* Of the side of a unit's convolution, too: 1 for the first, to which the image comes gathered. */
PlWeightMap pl_unit_map (const PlUNetShape *shape, const PlUnitShape *unit);
int pl_unit_side (const PlUnitShape *unit);
PlWeightMap pl_up_map (const PlUpShape *up);

/* NULL without memory. */
PlUNetPacked *pl_packed_new (const PlUNetShape *shape, const PlKernels *kernels);
void pl_packed_free (PlUNetPacked *packed);

void pl_packed_update (PlUNetPacked *packed, const PlUNet *net);
