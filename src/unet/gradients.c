/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients from where the layers sum them into one block in the order of the weights. */
#include "unet/work.h"

#include <string.h>

#include "base/parallel.h"

enum
{
  CHUNK = 1 << 16,
};

static void
copy_small (PlUNetWork *work, const PlParameter *parameter, const double *from)
{
  for (gsize i = 0; i < parameter->count; i++)
    work->gradients[parameter->offset + i] = (float) from[i];
}

static void
unpack_unit (PlUNetWork *work, const PlUnitPass *pass, const PlParameter *first)
{
  pl_weight_gradient_unpack (&pass->dw, work->gradients + first[0].offset);
  copy_small (work, &first[1], pass->norm.dgamma);
  copy_small (work, &first[2], pass->norm.dbeta);
}

static void
unpack_level (PlUNetWork *work, const PlParameter *parameters, int level)
{
  const PlUNetShape *shape = &work->shape;
  const PlParameter *up;

  for (int which = 0; which < 2; which++)
    unpack_unit (work, &work->down[level][which],
                 parameters + pl_shape_down (shape, level, which).first_parameter);
  if (level == shape->depth)
    return;
  for (int which = 0; which < 2; which++)
    unpack_unit (work, &work->up[level][which],
                 parameters + pl_shape_up (shape, level, which).first_parameter);
  up = parameters + pl_shape_upconv (shape, level).first_parameter;
  pl_weight_gradient_unpack (&work->d_upconv[level], work->gradients + up[0].offset);
  copy_small (work, &up[1], work->d_upconv_bias[level]);
}

static void
unpack_head (PlUNetWork *work, const PlParameter *parameters)
{
  gsize base = (gsize) work->shape.base;

  for (int k = 0; k < work->shape.classes; k++)
    for (gsize c = 0; c < base; c++)
      work->gradients[parameters[0].offset + (gsize) k * base + c] =
          (float) work->head.dw[(gsize) k * work->head.x.channels + c];
  copy_small (work, &parameters[1], work->head.db);
}

const float *
pl_unet_work_gradients (PlUNetWork *work)
{
  g_assert (work->training);

  for (int level = 0; level <= work->shape.depth; level++)
    unpack_level (work, work->parameters, level);
  unpack_head (work, work->parameters + pl_shape_head_parameter (&work->shape));
  return work->gradients;
}

static void
clear_chunk_cb (void *data, size_t index, int worker)
{
  PlUNetWork *work = data;
  gsize first = index * CHUNK;

  memset (work->weight_gradients + first, 0,
          MIN ((gsize) CHUNK, work->n_weight_gradients - first) * sizeof (float));
}

void
pl_unet_work_clear_gradients (PlUNetWork *work)
{
  g_assert (work->training);

  pl_parallel_for ((work->n_weight_gradients + CHUNK - 1) / CHUNK, clear_chunk_cb, work);
  memset (work->small_gradients, 0, work->n_small_gradients * sizeof (double));
}
