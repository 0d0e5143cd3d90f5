/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/unet.h"

enum
{
  PL_MOST_DEPTH = 6,
  PL_MOST_LEVELS = PL_MOST_DEPTH + 1,
};

/* A convolution with its normalisation: of level @level, first or second, on the way down or up.
 * Its tensors are weight, norm weight and norm bias, one after the other. */
typedef struct
{
  int skip; /* input channels that come through the skip connection: first */
  int rest; /* the other input channels */
  int out;
  int first_parameter;
} PlUnitShape;

typedef struct
{
  int in;
  int out;
  int first_parameter; /* weight, bias */
} PlUpShape;

PlUnitShape pl_shape_down (const PlUNetShape *shape, int level, int which);
PlUnitShape pl_shape_up (const PlUNetShape *shape, int level, int which);
PlUpShape pl_shape_upconv (const PlUNetShape *shape, int level);
int pl_shape_head_parameter (const PlUNetShape *shape);

/* FALSE with PL_UNET_ERROR_SHAPE and what is wrong. */
gboolean pl_shape_check (const PlUNetShape *shape, GError **error);

/* All parameters, in the order in which they lie; g_free(). @shape has been checked. */
PlParameter *pl_parameters_new (const PlUNetShape *shape, int *n_parameters, gsize *n_weights);

/* Convolution weights decay, norms and biases do not. */
gboolean pl_parameter_decays (const PlParameter *parameter);
