/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adam goes through four blocks of n floats, so memory decides its time: one pass in fixed chunks,
 * each with the decay of its tensor. Clipping scales the gradients chunk by chunk in a small buffer
 * that stays in the first-level cache. */
#include "unet/optimizer.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/aligned.h"
#include "base/parallel.h"
#include "unet/kernels/kernels.h"
#include "unet/parameters.h"

enum
{
  CHUNK = 1 << 15,
  PIECE = 1 << 10,
  NORM_PARTS = 64, /* the gradients' norm is summed in so many parts, which are added in order */
};

PlOptimizer *
pl_optimizer_new (const PlUNet *net, double decay, GError **error)
{
  g_autoptr (PlOptimizer) optimizer = g_new0 (PlOptimizer, 1);

  optimizer->n = net->n_weights;
  optimizer->m = pl_aligned_new0 (net->n_weights * sizeof (float));
  optimizer->v = pl_aligned_new0 (net->n_weights * sizeof (float));
  optimizer->beta1 = 0.9f;
  optimizer->beta2 = 0.999f;
  optimizer->epsilon = 1e-8f;
  optimizer->decay = (float) decay;
  if (optimizer->m == NULL || optimizer->v == NULL)
    {
      g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_MEMORY,
                   _ ("There is not enough memory: the optimiser has %zu weights"), net->n_weights);
      return NULL;
    }
  return g_steal_pointer (&optimizer);
}

void
pl_optimizer_free (PlOptimizer *optimizer)
{
  if (optimizer == NULL)
    return;
  pl_aligned_free (optimizer->m);
  pl_aligned_free (optimizer->v);
  g_free (optimizer);
}

typedef struct
{
  const float *gradients;
  gsize n;
  double parts[NORM_PARTS];
} NormJob;

static void
sum_part_cb (void *data, size_t index, int worker)
{
  NormJob *job = data;
  double partial[8] = { 0 };
  gsize end = (index + 1) * job->n / NORM_PARTS;
  gsize i = index * job->n / NORM_PARTS;

  for (; i + 8 <= end; i += 8)
    for (int k = 0; k < 8; k++)
      partial[k] += (double) job->gradients[i + (gsize) k] * job->gradients[i + (gsize) k];
  for (; i < end; i++)
    partial[0] += (double) job->gradients[i] * job->gradients[i];
  for (int k = 0; k < 8; k++)
    job->parts[index] += partial[k];
}

/* By what gradients are multiplied, so that their norm is at most @clip_norm. */
static float
find_clip_scale (const float *gradients, gsize n, double clip_norm)
{
  NormJob job = { .gradients = gradients, .n = n };
  double squares = 0;

  if (clip_norm <= 0)
    return 1;
  pl_parallel_for (NORM_PARTS, sum_part_cb, &job);
  for (int i = 0; i < NORM_PARTS; i++)
    squares += job.parts[i];
  return sqrt (squares) > clip_norm ? (float) (clip_norm / sqrt (squares)) : 1;
}

typedef struct
{
  PlOptimizer *optimizer;
  float *weights;
  const float *gradients;
  PlAdamStep step; /* of this tensor */
  gsize first;
  gsize count;
  float scale;
} StepJob;

static void
step_piece (const StepJob *job, gsize first, gsize count)
{
  const PlOptimizer *optimizer = job->optimizer;
  const float *gradients = job->gradients + first;
  float scaled[PIECE];

  if (job->scale < 1)
    {
      for (gsize i = 0; i < count; i++)
        scaled[i] = job->scale * gradients[i];
      gradients = scaled;
    }
  pl_kernels (PL_F32)->adam (count, &job->step, job->weights + first, optimizer->m + first,
                             optimizer->v + first, gradients);
}

static void
step_chunk_cb (void *data, size_t index, int worker)
{
  const StepJob *job = data;
  gsize end = MIN ((index + 1) * CHUNK, job->count);

  for (gsize i = index * CHUNK; i < end; i += PIECE)
    step_piece (job, job->first + i, MIN ((gsize) PIECE, end - i));
}

void
pl_optimizer_step (
    PlOptimizer *optimizer, PlUNet *net, const float *gradients, double rate, double clip_norm)
{
  StepJob job = { .optimizer = optimizer, .weights = net->weights, .gradients = gradients };

  g_assert (optimizer->n == net->n_weights);

  optimizer->step++;
  job.scale = find_clip_scale (gradients, net->n_weights, clip_norm);
  job.step = (PlAdamStep){
    .rate = (float) rate,
    .beta1 = optimizer->beta1,
    .beta2 = optimizer->beta2,
    .m_correction = (float) (1 / (1 - pow (optimizer->beta1, (double) optimizer->step))),
    .v_correction = (float) (1 / (1 - pow (optimizer->beta2, (double) optimizer->step))),
    .epsilon = optimizer->epsilon,
  };
  for (int i = 0; i < net->n_parameters; i++)
    {
      const PlParameter *parameter = &net->parameters[i];

      job.first = parameter->offset;
      job.count = parameter->count;
      job.step.decay = pl_parameter_decays (parameter) ? optimizer->decay : 0;
      pl_parallel_for ((job.count + CHUNK - 1) / CHUNK, step_chunk_cb, &job);
    }
  pl_unet_weights_changed (net);
}
