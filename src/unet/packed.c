/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The weights as the kernels want them, twice: for the forward pass, and flipped and transposed for
 * the data gradient. Packed anew after each step. */
#include "unet/packed.h"

#include <string.h>

#include "base/aligned.h"

/* Hands out pieces of the block; without a block it only counts. */
typedef struct
{
  float *block;
  gsize used;
} Pieces;

static float *
take (Pieces *pieces, gsize n)
{
  float *piece = pieces->block == NULL ? NULL : pieces->block + pieces->used;

  pieces->used += pl_pad_channels (n); /* 64 bytes */
  return piece;
}

static PlChannels
find_inputs (const PlUNetShape *shape, const PlUnitShape *unit)
{
  PlChannels channels;

  if (unit->skip > 0)
    return pl_channels (unit->skip, unit->rest);
  channels = pl_channels (unit->rest, 0);
  if (unit->first_parameter == 0) /* the image is not padded */
    channels.padded = (gsize) shape->in_channels;
  return channels;
}

PlWeightMap
pl_unit_map (const PlUNetShape *shape, const PlUnitShape *unit)
{
  PlChannels in = find_inputs (shape, unit);
  PlChannels out = pl_channels (unit->out, 0);

  return pl_conv_map (&in, &out);
}

PlWeightMap
pl_up_map (const PlUpShape *up)
{
  PlChannels in = pl_channels (up->in, 0);
  PlChannels out = pl_channels (up->out, 0);

  return pl_upconv_transposed_map (&in, &out);
}

static void
lay_out_unit (PlUnit *unit, const PlUNetShape *shape, const PlUnitShape *of, Pieces *pieces)
{
  gsize out;

  unit->map = pl_unit_map (shape, of);
  unit->transposed_map = pl_conv_transposed_map (&unit->map.in, &unit->map.out);
  out = unit->map.out.padded;
  unit->conv = (PlConv){
    .side = 3,
    .ci = unit->map.in.padded,
    .co = out,
    .w = take (pieces, pl_weight_map_floats (&unit->map)),
  };
  if (of->first_parameter > 0)
    unit->data_gradient = (PlConv){
      .side = 3,
      .ci = out,
      .co = unit->map.in.padded,
      .w = take (pieces, pl_weight_map_floats (&unit->transposed_map)),
    };
  unit->norm = (PlNorm){ .gamma = take (pieces, out), .beta = take (pieces, out) };
}

static void
lay_out_upconv (PlUpconv *up, const PlUpShape *of, Pieces *pieces)
{
  PlWeightMap map = pl_up_map (of);
  gsize n = pl_weight_map_floats (&map);

  *up = (PlUpconv){
    .ci = map.out.padded,
    .co = map.in.padded,
    .w = take (pieces, n),
    .wt = take (pieces, n),
    .b = take (pieces, map.in.padded),
  };
}

static void
lay_out (PlUNetPacked *packed, const PlUNetShape *shape, Pieces *pieces)
{
  for (int level = 0; level <= shape->depth; level++)
    for (int which = 0; which < 2; which++)
      {
        PlUnitShape unit = pl_shape_down (shape, level, which);

        lay_out_unit (&packed->down[level][which], shape, &unit, pieces);
      }
  for (int level = 0; level < shape->depth; level++)
    {
      PlUpShape up = pl_shape_upconv (shape, level);

      lay_out_upconv (&packed->upconv[level], &up, pieces);
      for (int which = 0; which < 2; which++)
        {
          PlUnitShape unit = pl_shape_up (shape, level, which);

          lay_out_unit (&packed->up[level][which], shape, &unit, pieces);
        }
    }
  packed->head = (PlHead){
    .classes = shape->classes,
    .w = take (pieces, (gsize) shape->classes * pl_pad_channels ((gsize) shape->base)),
    .b = take (pieces, (gsize) shape->classes),
  };
}

PlUNetPacked *
pl_packed_new (const PlUNetShape *shape)
{
  PlUNetPacked *packed = g_new0 (PlUNetPacked, 1);
  Pieces pieces = { 0 };

  lay_out (packed, shape, &pieces);
  packed->block = pl_aligned_new0 (pieces.used * sizeof (float));
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
  const float *weights = net->weights + net->parameters[first].offset;

  pl_weight_map_pack (&unit->map, weights, (float *) unit->conv.w);
  if (unit->data_gradient.w != NULL)
    pl_weight_map_pack (&unit->transposed_map, weights, (float *) unit->data_gradient.w);
  copy_parameter (net, first + 1, unit->norm.gamma);
  copy_parameter (net, first + 2, unit->norm.beta);
}

static void
update_upconv (const PlUpconv *up, const PlUNet *net, const PlUpShape *shape)
{
  const float *weights = net->weights + net->parameters[shape->first_parameter].offset;
  PlWeightMap transposed = pl_up_map (shape);

  for (int tap = 0; tap < 4; tap++)
    {
      PlWeightMap map = pl_upconv_map (&transposed.out, &transposed.in, tap);

      pl_weight_map_pack (&map, weights, (float *) up->w + (gsize) tap * up->ci * up->co);
    }
  pl_weight_map_pack (&transposed, weights, (float *) up->wt);
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
