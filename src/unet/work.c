/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All memory of a pass, placed by the ticks at which each block is written first and read last. A
 * layer's forward step at tick t has its backward step at tick mirror (t). While predicting,
 * normalisation is done in place and nothing is kept; while training, a value lives until the
 * backward step of the layer that reads it, which is where its gradient begins to live. */
#include "unet/work.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/aligned.h"
#include "base/parallel.h"
#include "unet/plan.h"

enum
{
  LARGEST_SIDE = 32768,
  LARGEST_BATCH = 1024,
  TICK_IMAGE = 0,
};

static int
find_tick_down (int level, int which)
{
  return TICK_IMAGE + 1 + 2 * level + which;
}

static int
find_tick_upconv (const PlUNetWork *work, int level)
{
  int depth = work->shape.depth;

  return find_tick_down (depth, 1) + 1 + 3 * (depth - 1 - level);
}

static int
find_tick_up (const PlUNetWork *work, int level, int which)
{
  return find_tick_upconv (work, level) + 1 + which;
}

static int
find_tick_head (const PlUNetWork *work)
{
  return find_tick_up (work, 0, 1) + 1;
}

static int
find_tick_loss (const PlUNetWork *work)
{
  return find_tick_head (work) + 1;
}

static int
mirror (const PlUNetWork *work, int tick)
{
  return 2 * find_tick_loss (work) - tick;
}

static int
find_tick_end (const PlUNetWork *work)
{
  return mirror (work, TICK_IMAGE);
}

static void
add_tensor (PlPlan *plan, const PlUNetWork *work, PlTensor *tensor, int first, int last)
{
  pl_plan_add (plan, pl_tensor_bytes (tensor, work->batch), pl_tensor_lead (tensor), first, last,
               &tensor->data);
}

/* A value written at @writer and read by a layer at @reader, and its gradient. */
static void
add_value (PlPlan *plan,
           const PlUNetWork *work,
           PlTensor *value,
           PlTensor *gradient,
           int writer,
           int reader)
{
  if (!work->training)
    add_tensor (plan, work, value, writer, reader);
  else
    {
      add_tensor (plan, work, value, writer, mirror (work, reader));
      *gradient = *value;
      add_tensor (plan, work, gradient, mirror (work, reader), mirror (work, writer));
    }
}

static void
add_forever (PlPlan *plan, const PlUNetWork *work, gsize n_bytes, gpointer slot)
{
  if (n_bytes > 0)
    pl_plan_add (plan, n_bytes, 0, TICK_IMAGE, find_tick_end (work), slot);
}

static PlTensor
shape_level (const PlUNetWork *work, int level, gsize channels)
{
  return pl_tensor_shape (work->kernels, work->rows >> level, work->columns >> level, channels);
}

/* The convolution's output, apart from the activation only for the backward pass, and statistics.
 */
static void
plan_norm (PlPlan *plan, PlUNetWork *work, PlNormPass *norm, int level, gsize channels, int tick)
{
  int last = work->training ? mirror (work, tick) : tick;
  gsize n = (gsize) work->batch * channels;

  norm->x = shape_level (work, level, channels);
  norm->y = norm->x;
  if (work->training)
    add_tensor (plan, work, &norm->x, tick, last);
  pl_plan_add (plan, n * sizeof (float), 0, tick, last, &norm->scale);
  pl_plan_add (plan, n * sizeof (float), 0, tick, last, &norm->shift);
  pl_plan_add (plan, n * sizeof (double), 0, tick, last, &norm->mean);
  pl_plan_add (plan, n * sizeof (double), 0, tick, last, &norm->inverse_deviation);
}

static void
plan_gradient (PlUNetWork *work, PlWeightGradient *gradient, const PlWeightMap *map, gsize n_small)
{
  pl_weight_gradient_init (gradient, work->kernels, map);
  work->n_weight_gradients += pl_weight_gradient_floats (gradient);
  work->n_small_gradients += n_small;
}

static void
plan_unit (
    PlPlan *plan, PlUNetWork *work, PlUnitPass *pass, const PlUnitShape *unit, int level, int tick)
{
  PlWeightMap map = pl_unit_map (&work->shape, unit);

  plan_norm (plan, work, &pass->norm, level, map.out.padded, tick);
  plan_gradient (work, &pass->dw, &map, 2 * map.out.padded);
}

static void
plan_down (PlPlan *plan, PlUNetWork *work, int level)
{
  for (int which = 0; which < 2; which++)
    {
      PlUnitShape unit = pl_shape_down (&work->shape, level, which);
      PlUnitPass *pass = &work->down[level][which];
      int tick = find_tick_down (level, which);

      plan_unit (plan, work, pass, &unit, level, tick);
      if (which == 0)
        add_value (plan, work, &pass->norm.y, &pass->norm.d, tick, tick + 1);
      else if (level == work->shape.depth)
        add_value (plan, work, &pass->norm.y, &pass->norm.d, tick,
                   find_tick_upconv (work, level - 1));
    }
}

static void
plan_pool (PlPlan *plan, PlUNetWork *work, int level)
{
  gsize channels = work->down[level][1].norm.x.channels;
  int tick = find_tick_down (level, 1);
  PlPool *pool = &work->pool[level];

  pool->y = shape_level (work, level + 1, channels);
  add_value (plan, work, &pool->y, &pool->dy, tick, find_tick_down (level + 1, 0));
  if (work->training)
    pl_plan_add (plan, pl_pool_which_bytes (&pool->y, work->batch), 0, tick, mirror (work, tick),
                 &pool->which);
  work->concat[level] = shape_level (work, level, 2 * channels);
  add_value (plan, work, &work->concat[level], &work->d_concat[level], tick,
             find_tick_up (work, level, 0));
}

static void
plan_up (PlPlan *plan, PlUNetWork *work, int level)
{
  PlUpShape up = pl_shape_upconv (&work->shape, level);
  PlWeightMap map = pl_up_map (&up);

  plan_gradient (work, &work->d_upconv[level], &map, map.in.padded);
  for (int which = 0; which < 2; which++)
    {
      PlUnitShape unit = pl_shape_up (&work->shape, level, which);
      PlUnitPass *pass = &work->up[level][which];
      int tick = find_tick_up (work, level, which);

      plan_unit (plan, work, pass, &unit, level, tick);
      add_value (plan, work, &pass->norm.y, &pass->norm.d, tick, tick + 1);
    }
}

static gsize
count_logits (const PlUNetWork *work)
{
  return (gsize) work->batch * (gsize) work->rows * (gsize) work->columns *
         (gsize) work->shape.classes;
}

static void
plan_head (PlPlan *plan, PlUNetWork *work)
{
  gsize n_bytes = count_logits (work) * sizeof (float);

  add_forever (plan, work, n_bytes, &work->head.logits);
  work->n_small_gradients +=
      (gsize) work->shape.classes * (pl_pad_channels ((gsize) work->shape.base) + 1);
  if (work->training)
    pl_plan_add (plan, n_bytes, 0, find_tick_loss (work), mirror (work, find_tick_head (work)),
                 &work->head.d_logits);
}

typedef void (*UnitBody) (PlUNetWork *work, PlUnitPass *pass, gpointer data);

static void
for_each_unit (PlUNetWork *work, UnitBody body, gpointer data)
{
  for (int level = 0; level <= work->shape.depth; level++)
    for (int which = 0; which < 2; which++)
      {
        body (work, &work->down[level][which], data);
        if (level < work->shape.depth)
          body (work, &work->up[level][which], data);
      }
}

typedef struct
{
  gsize sums;
  gsize coefficients;
  PlScratchNeed convolutions;
} Scratch;

static void
add_need (Scratch *scratch, PlScratchNeed need)
{
  scratch->convolutions = pl_scratch_need_max (scratch->convolutions, need);
}

static void
measure_unit_cb (PlUNetWork *work, PlUnitPass *pass, gpointer data)
{
  Scratch *scratch = data;
  const PlWeightMap *map = &pass->dw.map;
  const PlTensor *y = &pass->norm.x;
  PlTensor x = *y;
  PlConv conv = { .side = map->n_taps == 1 ? 1 : 3, .ci = map->in.padded };
  PlConv data_gradient = { .side = conv.side, .ci = map->out.padded };

  x.channels = map->in.padded;
  scratch->sums = MAX (scratch->sums, pl_norm_sums (y, work->batch));
  scratch->coefficients = MAX (scratch->coefficients, (gsize) work->batch * y->channels);
  add_need (scratch, pl_conv_forward_need (&conv, work->batch, y));
  if (!work->training)
    return;
  add_need (scratch, pl_conv_forward_need (&data_gradient, work->batch, &x));
  add_need (scratch, pl_conv_backward_need (conv.side, y, &pass->dw));
}

static void
plan_convolutions (PlPlan *plan, PlUNetWork *work, const PlScratchNeed *need)
{
  PlScratch *scratch = &work->scratch;

  scratch->worker_bytes = (need->worker_bytes + 63) / 64 * 64;
  scratch->n_workers = pl_parallel_threads ();
  add_forever (plan, work, need->shared_bytes, &scratch->shared);
  add_forever (plan, work, scratch->worker_bytes * (gsize) scratch->n_workers, &scratch->workers);
}

/* Loss and head use the same sums as the normalisations, at other times. */
static void
plan_scratch (PlPlan *plan, PlUNetWork *work)
{
  gsize n_pixels = (gsize) work->rows * (gsize) work->columns;
  Scratch scratch = { .sums = pl_loss_sums (work->shape.classes, n_pixels, work->batch) };

  for_each_unit (work, measure_unit_cb, &scratch);
  for (int level = 0; level < work->shape.depth && work->training; level++)
    add_need (&scratch, pl_conv_backward_need (2, &pl_work_below (work, level)->norm.x,
                                               &work->d_upconv[level]));
  add_forever (plan, work, scratch.sums * sizeof (double), &work->sums);
  plan_convolutions (plan, work, &scratch.convolutions);
  if (!work->training)
    return;
  pl_plan_add (
      plan,
      pl_head_sums (&work->up[0][1].norm.x, work->shape.classes, work->batch) * sizeof (double), 0,
      mirror (work, find_tick_head (work)), mirror (work, find_tick_head (work)), &work->head.sums);
  add_forever (plan, work, scratch.coefficients * sizeof (float), &work->slope);
  add_forever (plan, work, scratch.coefficients * sizeof (float), &work->offset);
  add_forever (plan, work, work->n_weight_gradients * sizeof (float), &work->weight_gradients);
  add_forever (plan, work, work->n_small_gradients * sizeof (double), &work->small_gradients);
  add_forever (plan, work, work->n_gradients * sizeof (float), &work->gradients);
}

/* Shapes and places of everything in @work, which is zero but for its sizes. */
static void
make_plan (PlPlan *plan, PlUNetWork *work)
{
  int depth = work->shape.depth;
  int n_parameters;

  work->parameters = pl_parameters_new (&work->shape, &n_parameters, &work->n_gradients);
  work->image = shape_level (work, 0, pl_pad_channels (9 * (gsize) work->shape.in_channels));
  add_tensor (plan, work, &work->image, TICK_IMAGE,
              work->training ? find_tick_end (work) : find_tick_down (0, 0));
  for (int level = 0; level <= depth; level++)
    plan_down (plan, work, level);
  for (int level = 0; level < depth; level++)
    {
      plan_pool (plan, work, level);
      plan_up (plan, work, level);
    }
  plan_head (plan, work);
  plan_scratch (plan, work);
  pl_plan_place (plan);
}

/* Hands out the accumulators. */
typedef struct
{
  float *weights;
  double *small;
} Accumulators;

static void
take_gradient (PlWeightGradient *gradient, Accumulators *accumulators)
{
  gradient->total = accumulators->weights;
  accumulators->weights += pl_weight_gradient_floats (gradient);
}

static double *
take_small (Accumulators *accumulators, gsize n)
{
  double *piece = accumulators->small;

  accumulators->small += n;
  return piece;
}

static void
connect_unit_cb (PlUNetWork *work, PlUnitPass *pass, gpointer data)
{
  pass->norm.sums = work->sums;
  if (!work->training)
    {
      pass->norm.x = pass->norm.y;
      return;
    }
  pass->norm.slope = work->slope;
  pass->norm.offset = work->offset;
  take_gradient (&pass->dw, data);
  pass->norm.dgamma = take_small (data, pass->norm.x.channels);
  pass->norm.dbeta = take_small (data, pass->norm.x.channels);
}

/* The two halves of a concatenation, and the pool that reads the first. */
static void
connect_level (PlUNetWork *work, int level)
{
  PlNormPass *down = &work->down[level][1].norm;
  PlPool *pool = &work->pool[level];
  gsize half = work->concat[level].channels / 2;

  down->y = pl_tensor_channels (&work->concat[level], 0, half);
  work->risen[level] = pl_tensor_channels (&work->concat[level], half, half);
  pool->x = down->y;
  if (work->training)
    {
      down->d = pl_tensor_channels (&work->d_concat[level], 0, half);
      work->d_risen[level] = pl_tensor_channels (&work->d_concat[level], half, half);
      pool->dx = down->d;
    }
}

static void
connect (PlUNetWork *work)
{
  Accumulators accumulators = { .weights = work->weight_gradients, .small = work->small_gradients };
  gsize channels = work->up[0][1].norm.x.channels;

  for (int level = 0; level < work->shape.depth; level++)
    connect_level (work, level);
  for_each_unit (work, connect_unit_cb, &accumulators);
  work->head.x = work->up[0][1].norm.y;
  if (!work->training)
    return;
  work->head.dx = work->up[0][1].norm.d;
  work->head.dw = take_small (&accumulators, (gsize) work->shape.classes * channels);
  work->head.db = take_small (&accumulators, (gsize) work->shape.classes);
  for (int level = 0; level < work->shape.depth; level++)
    {
      take_gradient (&work->d_upconv[level], &accumulators);
      work->d_upconv_bias[level] = take_small (&accumulators, work->d_upconv[level].map.in.padded);
    }
}

static PlUNetWork *
new_without_memory (const PlUNetShape *shape,
                    const PlKernels *kernels,
                    int batch,
                    int rows,
                    int columns,
                    gboolean training)
{
  PlUNetWork *work = g_new0 (PlUNetWork, 1);

  work->shape = *shape;
  work->kernels = kernels;
  work->batch = batch;
  work->rows = rows;
  work->columns = columns;
  work->training = training;
  return work;
}

static gboolean
check_side (const PlUNetShape *shape, int side)
{
  return side <= LARGEST_SIDE && side == pl_unet_fit_side (shape, side);
}

static gboolean
check_sizes (const PlUNetShape *shape, int batch, int rows, int columns, GError **error)
{
  if (!pl_shape_check (shape, error))
    return FALSE;
  if (batch < 1 || batch > LARGEST_BATCH)
    g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_SHAPE,
                 _ ("A batch cannot have %d images; it must have from 1 to %d"), batch,
                 LARGEST_BATCH);
  else if (!check_side (shape, rows) || !check_side (shape, columns))
    g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_SHAPE,
                 _ ("A network of depth %d cannot take images of %d × %d pixels; sides must be "
                    "multiples of %d from %d to %d"),
                 shape->depth, columns, rows, 1 << shape->depth, 2 << shape->depth, LARGEST_SIDE);
  else
    return TRUE;
  return FALSE;
}

int
pl_unet_fit_side (const PlUNetShape *shape, int side)
{
  int unit = 1 << shape->depth;

  return MAX ((MIN (side, LARGEST_SIDE) + unit - 1) / unit, 2) * unit;
}

gsize
pl_unet_work_bytes (const PlUNetShape *shape,
                    PlPrecision precision,
                    int batch,
                    int rows,
                    int columns,
                    gboolean training)
{
  g_autoptr (PlUNetWork) work = NULL;
  PlPlan plan;

  if (!check_sizes (shape, batch, rows, columns, NULL))
    return 0;
  work = new_without_memory (shape, pl_kernels (precision), batch, rows, columns, training);
  pl_plan_init (&plan);
  make_plan (&plan, work);
  pl_plan_clear (&plan);
  return plan.n_bytes;
}

static void *
allocate_arena (gsize n_bytes, GError **error)
{
  void *arena = n_bytes <= pl_memory_total () ? pl_aligned_new0 (n_bytes) : NULL;

  if (arena == NULL)
    g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_MEMORY,
                 _ ("There is not enough memory: the network needs %zu MiB for a pass"),
                 n_bytes >> 20);
  return arena;
}

PlUNetWork *
pl_unet_work_new (
    const PlUNet *net, int batch, int rows, int columns, gboolean training, GError **error)
{
  g_autoptr (PlUNetWork) work = NULL;
  PlPlan plan;

  if (!check_sizes (&net->shape, batch, rows, columns, error))
    return NULL;
  work = new_without_memory (&net->shape, net->packed->kernels, batch, rows, columns, training);
  pl_plan_init (&plan);
  make_plan (&plan, work);
  work->arena = allocate_arena (plan.n_bytes, error);
  work->arena_bytes = plan.n_bytes;
  if (work->arena != NULL)
    {
      pl_plan_assign (&plan, work->arena);
      connect (work);
    }
  pl_plan_clear (&plan);
  return work->arena == NULL ? NULL : g_steal_pointer (&work);
}

void
pl_unet_work_free (PlUNetWork *work)
{
  if (work == NULL)
    return;
  pl_aligned_free (work->arena);
  g_free (work->parameters);
  g_free (work);
}
