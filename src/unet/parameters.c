/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names, shapes and order of a network's tensors: down level by level, then up from the
 * coarsest, then the head. */
#include "unet/parameters.h"

#include <glib/gi18n-lib.h>

enum
{
  UNIT_PARAMETERS = 3,
  DOWN_PARAMETERS = 2 * UNIT_PARAMETERS,
  UP_PARAMETERS = 2 + 2 * UNIT_PARAMETERS,
  MOST_CHANNELS = 1024, /* in, of the finest level */
  MOST_CLASSES = 256,   /* labels are bytes */
};

static int
count_channels (const PlUNetShape *shape, int level)
{
  return shape->base << level;
}

/* The first parameter of the way up at @level. */
static int
find_up (const PlUNetShape *shape, int level)
{
  return (shape->depth + 1) * DOWN_PARAMETERS + (shape->depth - 1 - level) * UP_PARAMETERS;
}

PlUnitShape
pl_shape_down (const PlUNetShape *shape, int level, int which)
{
  int before = level == 0 ? shape->in_channels : count_channels (shape, level - 1);

  return (PlUnitShape){
    .rest = which == 0 ? before : count_channels (shape, level),
    .out = count_channels (shape, level),
    .first_parameter = level * DOWN_PARAMETERS + which * UNIT_PARAMETERS,
  };
}

PlUnitShape
pl_shape_up (const PlUNetShape *shape, int level, int which)
{
  int channels = count_channels (shape, level);

  return (PlUnitShape){
    .skip = which == 0 ? channels : 0,
    .rest = channels,
    .out = channels,
    .first_parameter = find_up (shape, level) + 2 + which * UNIT_PARAMETERS,
  };
}

PlUpShape
pl_shape_upconv (const PlUNetShape *shape, int level)
{
  return (PlUpShape){
    .in = count_channels (shape, level + 1),
    .out = count_channels (shape, level),
    .first_parameter = find_up (shape, level),
  };
}

int
pl_shape_head_parameter (const PlUNetShape *shape)
{
  return find_up (shape, -1);
}

static gboolean
check_range (const char *what, int value, int low, int high, GError **error)
{
  if (value >= low && value <= high)
    return TRUE;
  g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_SHAPE,
               _ ("A network cannot have %s = %d; it must be from %d to %d"), what, value, low,
               high);
  return FALSE;
}

gboolean
pl_shape_check (const PlUNetShape *shape, GError **error)
{
  return check_range ("in_channels", shape->in_channels, 1, MOST_CHANNELS, error) &&
         check_range ("classes", shape->classes, 1, MOST_CLASSES, error) &&
         check_range ("base", shape->base, 1, MOST_CHANNELS, error) &&
         check_range ("depth", shape->depth, 1, PL_MOST_DEPTH, error);
}

typedef struct
{
  PlParameter *next;
  gsize offset;
} Builder;

static void
add (Builder *builder, const char *name, int d0, int d1, int side)
{
  PlParameter *parameter = builder->next++;

  g_strlcpy (parameter->name, name, sizeof parameter->name);
  parameter->n_dims = d1 > 0 ? 4 : 1;
  parameter->dims[0] = d0;
  parameter->dims[1] = d1;
  parameter->dims[2] = parameter->dims[3] = side;
  parameter->offset = builder->offset;
  parameter->count = (gsize) d0;
  for (int d = 1; d < parameter->n_dims; d++)
    parameter->count *= (gsize) parameter->dims[d];
  builder->offset += parameter->count;
}

static void
add_named (
    Builder *builder, const char *part, int level, const char *rest, int d0, int d1, int side)
{
  char name[48];

  g_snprintf (name, sizeof name, "%s.%d.%s", part, level, rest);
  add (builder, name, d0, d1, side);
}

static void
add_unit (Builder *builder, const char *part, int level, int which, const PlUnitShape *unit)
{
  char rest[32];

  g_snprintf (rest, sizeof rest, "conv.%d.weight", which);
  add_named (builder, part, level, rest, unit->out, unit->skip + unit->rest, 3);
  g_snprintf (rest, sizeof rest, "norm.%d.weight", which);
  add_named (builder, part, level, rest, unit->out, 0, 0);
  g_snprintf (rest, sizeof rest, "norm.%d.bias", which);
  add_named (builder, part, level, rest, unit->out, 0, 0);
}

PlParameter *
pl_parameters_new (const PlUNetShape *shape, int *n_parameters, gsize *n_weights)
{
  int n = pl_shape_head_parameter (shape) + 2;
  PlParameter *parameters = g_new0 (PlParameter, n);
  Builder builder = { .next = parameters };

  for (int level = 0; level <= shape->depth; level++)
    for (int which = 0; which < 2; which++)
      {
        PlUnitShape unit = pl_shape_down (shape, level, which);

        add_unit (&builder, "enc", level, which, &unit);
      }
  for (int level = shape->depth - 1; level >= 0; level--)
    {
      PlUpShape up = pl_shape_upconv (shape, level);

      add_named (&builder, "up", level, "weight", up.in, up.out, 2);
      add_named (&builder, "up", level, "bias", up.out, 0, 0);
      for (int which = 0; which < 2; which++)
        {
          PlUnitShape unit = pl_shape_up (shape, level, which);

          add_unit (&builder, "dec", level, which, &unit);
        }
    }
  add (&builder, "head.weight", shape->classes, shape->base, 1);
  add (&builder, "head.bias", shape->classes, 0, 0);
  g_assert (builder.next == parameters + n);
  *n_parameters = n;
  *n_weights = builder.offset;
  return parameters;
}

gboolean
pl_parameter_decays (const PlParameter *parameter)
{
  return parameter->n_dims > 1;
}
