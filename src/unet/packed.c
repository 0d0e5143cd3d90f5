/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The weights as the kernels want them, twice: for the forward pass, and flipped and transposed for
 * the data gradient. Packed anew after each step. */
#include "unet/packed.h"

#include <string.h>

#include "base/aligned.h"

/* Hands out pieces of the block; without a block it only counts. */
typedef struct
{
  char *block;
  gsize used; /* bytes */
} Pieces;

enum
{
  ALIGNMENT = 64,
};

static void *
take (Pieces *pieces, gsize n_bytes)
{
  void *piece = pieces->block == NULL ? NULL : pieces->block + pieces->used;

  pieces->used += (n_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  return piece;
}

static float *
take_floats (Pieces *pieces, gsize n)
{
  return take (pieces, n * sizeof (float));
}

static gboolean
is_first (const PlUnitShape *unit)
{
  return unit->first_parameter == 0;
}

int
pl_unit_side (const PlUnitShape *unit)
{
  return is_first (unit) ? 1 : 3;
}

PlWeightMap
pl_unit_map (const PlUNetShape *shape, const PlUnitShape *unit)
{
  PlChannels in =
      unit->skip > 0 ? pl_channels (unit->skip, unit->rest) : pl_channels (unit->rest, 0);
  PlChannels out = pl_channels (unit->out, 0);

  return is_first (unit) ? pl_conv_gathered_map (shape->in_channels, &out)
                         : pl_conv_map (&in, &out);
}

PlWeightMap
pl_up_map (const PlUpShape *up)
{
  PlChannels in = pl_channels (up->in, 0);
  PlChannels out = pl_channels (up->out, 0);

  return pl_upconv_transposed_map (&in, &out);
}

static void
lay_out_unit (PlUnit *unit,
              const PlUNetPacked *packed,
              const PlUNetShape *shape,
              const PlUnitShape *of,
              Pieces *pieces)
{
  gsize element = packed->kernels->element_bytes;
  gsize out;

  unit->map = pl_unit_map (shape, of);
  out = unit->map.out.padded;
  unit->conv = (PlConv){
    .side = pl_unit_side (of),
    .ci = unit->map.in.padded,
    .co = out,
    .w = take (pieces, pl_weight_map_size (&unit->map) * element),
  };
  unit->norm = (PlNorm){ .gamma = take_floats (pieces, out), .beta = take_floats (pieces, out) };
  if (is_first (of))
    return;
  unit->transposed_map = pl_conv_transposed_map (&unit->map.in, &unit->map.out);
  unit->data_gradient = (PlConv){
    .side = 3,
    .ci = out,
    .co = unit->map.in.padded,
    .w = take (pieces, pl_weight_map_size (&unit->transposed_map) * element),
  };
}

static void
lay_out_upconv (PlUpconv *up, gsize element, const PlUpShape *of, Pieces *pieces)
{
  PlWeightMap map = pl_up_map (of);
  gsize n = pl_weight_map_size (&map) * element;

  *up = (PlUpconv){
    .ci = map.out.padded,
    .co = map.in.padded,
    .w = take (pieces, n),
    .wt = take (pieces, n),
    .b = take_floats (pieces, map.in.padded),
  };
}

static void
lay_out (PlUNetPacked *packed, const PlUNetShape *shape, Pieces *pieces)
{
  for (int level = 0; level <= shape->depth; level++)
    for (int which = 0; which < 2; which++)
      {
        PlUnitShape unit = pl_shape_down (shape, level, which);

        lay_out_unit (&packed->down[level][which], packed, shape, &unit, pieces);
      }
  for (int level = 0; level < shape->depth; level++)
    {
      PlUpShape up = pl_shape_upconv (shape, level);

      lay_out_upconv (&packed->upconv[level], packed->kernels->element_bytes, &up, pieces);
      for (int which = 0; which < 2; which++)
        {
          PlUnitShape unit = pl_shape_up (shape, level, which);

          lay_out_unit (&packed->up[level][which], packed, shape, &unit, pieces);
        }
    }
  packed->head = (PlHead){
    .classes = shape->classes,
    .w = take_floats (pieces, (gsize) shape->classes * pl_pad_channels ((gsize) shape->base)),
    .b = take_floats (pieces, (gsize) shape->classes),
  };
}

PlUNetPacked *
pl_packed_new (const PlUNetShape *shape, const PlKernels *kernels)
{
  PlUNetPacked *packed = g_new0 (PlUNetPacked, 1);
  Pieces pieces = { 0 };

  packed->kernels = kernels;
  lay_out (packed, shape, &pieces);
  packed->block = pl_aligned_new0 (pieces.used);
  if (packed->block == NULL)
    {
      g_free (packed);
      return NULL;
    }
  pieces = (Pieces){ .block = packed->block };
  lay_out (packed, shape, &pieces);
  return packed;
}

void
pl_packed_free (PlUNetPacked *packed)
{
  if (packed == NULL)
    return;
  pl_aligned_free (packed->block);
  g_free (packed);
}

/* Into the block that @to is a piece of. */
static void
copy_parameter (const PlUNet *net, int parameter, const float *to)
{
  const PlParameter *p = &net->parameters[parameter];

  memcpy ((float *) to, net->weights + p->offset, p->count * sizeof (float));
}

static void
update_unit (const PlUnit *unit, const PlUNet *net, int first)
{
  const PlKernels *kernels = net->packed->kernels;
  const float *weights = net->weights + net->parameters[first].offset;

  pl_weight_map_pack (kernels, &unit->map, weights, (void *) unit->conv.w);
  if (unit->data_gradient.w != NULL)
    pl_weight_map_pack (kernels, &unit->transposed_map, weights, (void *) unit->data_gradient.w);
  copy_parameter (net, first + 1, unit->norm.gamma);
  copy_parameter (net, first + 2, unit->norm.beta);
}

static void
update_upconv (const PlUpconv *up, const PlUNet *net, const PlUpShape *shape)
{
  const float *weights = net->weights + net->parameters[shape->first_parameter].offset;
  const PlKernels *kernels = net->packed->kernels;
  gsize tap_bytes = up->ci * up->co * kernels->element_bytes;
  PlWeightMap transposed = pl_up_map (shape);

  for (int tap = 0; tap < 4; tap++)
    {
      PlWeightMap map = pl_upconv_map (&transposed.out, &transposed.in, tap);

      pl_weight_map_pack (kernels, &map, weights, (char *) up->w + (gsize) tap * tap_bytes);
    }
  pl_weight_map_pack (kernels, &transposed, weights, (void *) up->wt);
  copy_parameter (net, shape->first_parameter + 1, up->b);
}

/* Its rows are padded. */
static void
update_head (const PlHead *head, const PlUNet *net)
{
  const PlParameter *p = &net->parameters[pl_shape_head_parameter (&net->shape)];
  gsize channels = (gsize) net->shape.base;

  for (int k = 0; k < head->classes; k++)
    memcpy ((float *) head->w + (gsize) k * pl_pad_channels (channels),
            net->weights + p->offset + (gsize) k * channels, channels * sizeof (float));
  copy_parameter (net, pl_shape_head_parameter (&net->shape) + 1, head->b);
}

void
pl_packed_update (PlUNetPacked *packed, const PlUNet *net)
{
  const PlUNetShape *shape = &net->shape;

  for (int level = 0; level <= shape->depth; level++)
    for (int which = 0; which < 2; which++)
      update_unit (&packed->down[level][which], net,
                   pl_shape_down (shape, level, which).first_parameter);
  for (int level = 0; level < shape->depth; level++)
    {
      PlUpShape up = pl_shape_upconv (shape, level);

      update_upconv (&packed->upconv[level], net, &up);
      for (int which = 0; which < 2; which++)
        update_unit (&packed->up[level][which], net,
                     pl_shape_up (shape, level, which).first_parameter);
    }
  update_head (&packed->head, net);
}
