/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers timed one by one, in the memory of a real pass. That memory holds whatever other layers
 * left there, so it is first filled with a small number that is the same in both precisions: what
 * is not a number, or too small to be normal, would take another time. */
#include "unet/measure.h"

#include <string.h>

#include "base/parallel.h"
#include "unet/work.h"

enum
{
  FILLING = 0x3c, /* 0x3c3c3c3c is 0.0115, and so is 0x3c3c as bfloat16 */
  LEAST_RUNS = 3,
  PEAK_JOBS = 8, /* for each thread */
  PEAK_ROUNDS = 1 << 16,
};

static const PlEpilogue nothing = { NULL, NULL };

/* What is being timed. */
typedef struct
{
  PlUNet *net;
  PlUNetWork *work;
  double seconds;
  PlUNetContinue go_on;
  gpointer data;
  gboolean is_stopped;
  GArray *times;

  /* The layer at hand */
  const char *name;
  const PlUnit *unit;
  PlUnitPass *pass;
  const PlTensor *x;
  PlTensor *dx; /* NULL for the first */
  int level;    /* of a transposed convolution or a pool */
} Measure;

typedef void (*Step) (Measure *m);

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Runs for about as long as was asked for, after one that warms the caches. */
static double
time_step (Measure *m, Step step)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  gint64 start_us;

  step (m);
  start_us = g_get_monotonic_time ();
  do
    {
      gint64 before_us = g_get_monotonic_time ();
      double took_s;

      step (m);
      took_s = 1e-6 * (double) (g_get_monotonic_time () - before_us);
      g_array_append_val (times, took_s);
    }
  while (times->len < LEAST_RUNS ||
         1e-6 * (double) (g_get_monotonic_time () - start_us) < m->seconds);
  g_array_sort (times, compare_doubles);
  return g_array_index (times, double, times->len / 2);
}

static void
measure (Measure *m, const char *kernel, Step step, double flops, double bytes)
{
  PlLayerTime time = { .kernel = kernel, .flops = flops, .bytes = bytes };

  m->is_stopped = m->is_stopped || (m->go_on != NULL && !m->go_on (m->data));
  if (m->is_stopped)
    return;
  g_strlcpy (time.layer, m->name, sizeof time.layer);
  time.seconds = time_step (m, step);
  g_array_append_val (m->times, time);
}

static double
count_pixels (const Measure *m, const PlTensor *tensor)
{
  return (double) m->work->batch * tensor->rows * tensor->columns;
}

static double
count_bytes (const Measure *m, const PlTensor *tensor)
{
  return count_pixels (m, tensor) * (double) (tensor->channels * tensor->kernels->element_bytes);
}

static void
run_conv (Measure *m)
{
  pl_conv_forward (&m->unit->conv, m->work->batch, m->x, &m->pass->norm.x, &nothing,
                   &m->work->scratch);
}

static void
run_data_gradient (Measure *m)
{
  pl_conv_forward (&m->unit->data_gradient, m->work->batch, &m->pass->norm.d, m->dx, &nothing,
                   &m->work->scratch);
}

static void
run_weight_gradient (Measure *m)
{
  pl_conv_backward_weights (m->unit->conv.side, m->work->batch, m->x, &m->pass->norm.d,
                            &m->pass->dw, &m->work->scratch);
}

static void
run_norm (Measure *m)
{
  pl_norm_forward (&m->unit->norm, &m->pass->norm, m->work->batch, &nothing);
}

static void
run_norm_backward (Measure *m)
{
  pl_norm_backward (&m->pass->norm, m->work->batch);
}

static double
count_weights (const PlWeightMap *map)
{
  return (double) map->n_taps * (map->in.parts[0] + map->in.parts[1]) * map->out.parts[0];
}

static void
measure_unit (Measure *m)
{
  const PlNormPass *norm = &m->pass->norm;
  double flops = 2 * count_weights (&m->unit->map) * count_pixels (m, &norm->x);
  double in = count_bytes (m, m->x), out = count_bytes (m, &norm->x);

  measure (m, "forward", run_conv, flops, in + out);
  measure (m, "weight gradient", run_weight_gradient, flops, in + out);
  if (m->dx != NULL)
    measure (m, "data gradient", run_data_gradient, flops, in + out);
  measure (m, "normalisation", run_norm, 0, 2 * out);
  measure (m, "normalisation backward", run_norm_backward, 0, 3 * out);
}

static void
measure_down (Measure *m, int level, int which)
{
  PlUNetWork *work = m->work;
  g_autofree char *name = g_strdup_printf ("enc.%d.conv.%d", level, which);

  m->name = name;
  m->unit = &m->net->packed->down[level][which];
  m->pass = &work->down[level][which];
  m->x = which == 1   ? &work->down[level][0].norm.y
         : level == 0 ? &work->image
                      : &work->pool[level - 1].y;
  m->dx = which == 1 ? &work->down[level][0].norm.d : level == 0 ? NULL : &work->pool[level - 1].dy;
  measure_unit (m);
}

static void
measure_up (Measure *m, int level, int which)
{
  PlUNetWork *work = m->work;
  g_autofree char *name = g_strdup_printf ("dec.%d.conv.%d", level, which);

  m->name = name;
  m->unit = &m->net->packed->up[level][which];
  m->pass = &work->up[level][which];
  m->x = which == 1 ? &work->up[level][0].norm.y : &work->concat[level];
  m->dx = which == 1 ? &work->up[level][0].norm.d : &work->d_concat[level];
  measure_unit (m);
}

static void
run_pool_backward (Measure *m)
{
  pl_pool_backward (&m->work->pool[m->level], m->work->batch, &nothing);
}

static void
run_upconv (Measure *m)
{
  PlUNetWork *work = m->work;

  pl_upconv_forward (&m->net->packed->upconv[m->level], work->batch,
                     &pl_work_below (work, m->level)->norm.y, &work->risen[m->level]);
}

static void
run_upconv_weights (Measure *m)
{
  PlUNetWork *work = m->work;

  pl_upconv_backward_weights (work->batch, &pl_work_below (work, m->level)->norm.y,
                              &work->d_risen[m->level], &work->d_upconv[m->level], &work->scratch);
}

static void
run_upconv_data (Measure *m)
{
  PlUNetWork *work = m->work;

  pl_upconv_backward_data (&m->net->packed->upconv[m->level], work->batch, &work->d_risen[m->level],
                           &pl_work_below (work, m->level)->norm.d, &nothing);
}

static void
measure_pool (Measure *m, int level)
{
  const PlPool *pool = &m->work->pool[level];
  g_autofree char *name = g_strdup_printf ("pool.%d", level);

  /* It must name one of four pixels, whatever the filling is. */
  memset (pool->which, 0, pl_pool_which_bytes (&pool->y, m->work->batch));
  m->name = name;
  m->level = level;
  measure (m, "pooling backward", run_pool_backward, 0,
           2 * count_bytes (m, &pool->dx) + count_bytes (m, &pool->dy));
}

static void
measure_upconv (Measure *m, int level)
{
  const PlTensor *x = &pl_work_below (m->work, level)->norm.y;
  const PlTensor *y = &m->work->risen[level];
  g_autofree char *name = g_strdup_printf ("up.%d", level);
  double flops = 2 * count_weights (&m->work->d_upconv[level].map) * count_pixels (m, x);
  double bytes = count_bytes (m, x) + count_bytes (m, y);

  m->name = name;
  m->level = level;
  measure (m, "forward", run_upconv, flops, bytes);
  measure (m, "weight gradient", run_upconv_weights, flops, bytes);
  measure (m, "data gradient", run_upconv_data, flops, bytes);
}

GArray *
pl_unet_measure_layers (
    PlUNet *net, PlUNetWork *work, double seconds, PlUNetContinue go_on, gpointer data)
{
  Measure m = { .net = net, .work = work, .seconds = seconds, .go_on = go_on, .data = data };
  int depth = work->shape.depth;

  g_assert (work->training);

  m.times = g_array_new (FALSE, FALSE, sizeof (PlLayerTime));
  memset (work->arena, FILLING, work->arena_bytes);
  for (int level = 0; level <= depth; level++)
    {
      for (int which = 0; which < 2; which++)
        measure_down (&m, level, which);
      if (level < depth)
        measure_pool (&m, level);
    }
  for (int level = depth - 1; level >= 0; level--)
    {
      measure_upconv (&m, level);
      for (int which = 0; which < 2; which++)
        measure_up (&m, level, which);
    }
  memset (work->arena, 0, work->arena_bytes);
  return m.times;
}

typedef struct
{
  const PlKernels *kernels;
  double flops[PEAK_JOBS * 256];
} PeakJob;

static void
run_peak_cb (void *data, size_t index, int worker)
{
  PeakJob *job = data;

  job->flops[index] = job->kernels->peak (PEAK_ROUNDS);
}

double
pl_unet_measure_peak (PlPrecision precision)
{
  PeakJob job = { .kernels = pl_kernels (precision) };
  size_t n = PEAK_JOBS * MIN (pl_parallel_threads (), 256);
  double best = 0;

  for (int run = 0; run < LEAST_RUNS + 1; run++)
    {
      gint64 start_us = g_get_monotonic_time ();
      double sum = 0;

      pl_parallel_for (n, run_peak_cb, &job);
      for (size_t i = 0; i < n; i++)
        sum += job.flops[i];
      best = MAX (best, sum / (1e-6 * (double) (g_get_monotonic_time () - start_us)));
    }
  return best;
}
