/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The U-Net as one would write it on paper: down, up, head, and the same backwards. Layers hand
 * rows on while they are in the cache (PlEpilogue): a convolution's rows are summed for the
 * normalisation, a normalisation's are pooled or go through the head. */
#include "unet/unet.h"

#include <string.h>

#include "unet/work.h"

static const PlEpilogue nothing = { NULL, NULL };

/* Whoever runs a pass, and whether it goes on. */
typedef struct
{
  PlUNetContinue go_on;
  gpointer data;
} Asker;

static double
find_time_s (void)
{
  return 1e-6 * (double) g_get_monotonic_time ();
}

static gboolean
goes_on (const Asker *asker)
{
  return asker->go_on == NULL || asker->go_on (asker->data);
}

enum
{
  GATHERED_PIXELS = 64,
};

typedef struct
{
  const PlTensor *image;
  const float *pixels; /* (N,H,W,C) */
  int n_channels;
} ImageJob;

/* Value @k of the pixels from @first on, PL_CHANNEL_BLOCK apart: tap k % 9 of channel k / 9, zero
 * beyond the image. */
static void
gather_values (const ImageJob *job, int image, int row, int first, int count, int k, float *out)
{
  const PlTensor *to = job->image;
  int from_row = row + k % 9 / 3 - 1;
  int shift = k % 3 - 1;
  gsize rows = (gsize) image * (gsize) to->rows;
  const float *from = job->pixels +
                      (gssize) (rows * (gsize) to->columns * (gsize) job->n_channels) +
                      ((gssize) from_row * to->columns + first + shift) * job->n_channels + k / 9;

  for (int i = 0; i < count; i++)
    {
      int column = first + i + shift;
      gboolean is_there =
          from_row >= 0 && from_row < to->rows && column >= 0 && column < to->columns;

      out[i * PL_CHANNEL_BLOCK] =
          k < 9 * job->n_channels && is_there ? from[(gssize) i * job->n_channels] : 0;
    }
}

/* Each pixel gets its neighbourhood as channels, so that the first convolution is a product. */
static void
gather_strip_cb (void *data, int image, int first_row, int end_row)
{
  const ImageJob *job = data;
  const PlTensor *to = job->image;
  float values[GATHERED_PIXELS * PL_CHANNEL_BLOCK];

  for (int row = first_row; row < end_row; row++)
    for (int column = 0; column < to->columns; column += GATHERED_PIXELS)
      for (gsize first = 0; first < to->channels; first += PL_CHANNEL_BLOCK)
        {
          int count = MIN (GATHERED_PIXELS, to->columns - column);

          for (int k = 0; k < PL_CHANNEL_BLOCK; k++)
            gather_values (job, image, row, column, count, (int) first + k, values + k);
          to->kernels->row_from_float ((gsize) count, values, PL_CHANNEL_BLOCK,
                                       pl_tensor_channel (to, image, row, column, first), to->step);
        }
}

/* x → convolution → normalisation → activation, and @then. */
static void
forward_unit (const PlUnit *unit,
              PlUnitPass *pass,
              PlUNetWork *work,
              const PlTensor *x,
              const PlEpilogue *then)
{
  PlEpilogue sum_rows = pl_norm_forward_epilogue (&pass->norm);

  pl_conv_forward (&unit->conv, work->n, x, &pass->norm.x, &sum_rows, &work->scratch);
  pl_norm_forward (&unit->norm, &pass->norm, work->n, then);
}

static gboolean
forward_down (const PlUNetPacked *net, PlUNetWork *work, const Asker *asker)
{
  const PlTensor *x = &work->image;

  for (int level = 0; level <= work->shape.depth; level++)
    {
      PlUnitPass *pass = work->down[level];
      PlEpilogue pool = nothing;

      if (level < work->shape.depth)
        pool = pl_pool_forward_epilogue (&work->pool[level]);
      if (!goes_on (asker))
        return FALSE;
      forward_unit (&net->down[level][0], &pass[0], work, x, &nothing);
      if (!goes_on (asker))
        return FALSE;
      forward_unit (&net->down[level][1], &pass[1], work, &pass[0].norm.y, &pool);
      x = &work->pool[level].y;
    }
  return TRUE;
}

static gboolean
forward_up (const PlUNetPacked *net, PlUNetWork *work, const Asker *asker)
{
  for (int level = work->shape.depth - 1; level >= 0; level--)
    {
      PlUnitPass *pass = work->up[level];
      PlEpilogue head = level == 0 ? pl_head_forward_epilogue (&work->head) : nothing;

      if (!goes_on (asker))
        return FALSE;
      pl_upconv_forward (&net->upconv[level], work->n, &pl_work_below (work, level)->norm.y,
                         &work->risen[level]);
      forward_unit (&net->up[level][0], &pass[0], work, &work->concat[level], &nothing);
      if (!goes_on (asker))
        return FALSE;
      forward_unit (&net->up[level][1], &pass[1], work, &pass[0].norm.y, &head);
    }
  return TRUE;
}

const float *
pl_unet_forward (const PlUNet *net,
                 PlUNetWork *work,
                 const float *images,
                 int n,
                 PlUNetContinue go_on,
                 gpointer data)
{
  Asker asker = { go_on, data };
  ImageJob job = {
    .image = &work->image,
    .pixels = images,
    .n_channels = work->shape.in_channels,
  };

  double start_s = find_time_s ();
  gboolean is_done;

  g_assert (n >= 1 && n <= work->batch);
  g_assert (memcmp (&net->shape, &work->shape, sizeof net->shape) == 0);
  g_assert (net->packed->kernels == work->kernels);

  work->n = n;
  work->head.head = &net->packed->head;
  pl_tensor_for_strips (&work->image, n, gather_strip_cb, &job);
  is_done = forward_down (net->packed, work, &asker) && forward_up (net->packed, work, &asker);
  work->times.forward += find_time_s () - start_s;
  return is_done ? work->head.logits : NULL;
}

static PlLoss
describe_loss (PlUNetWork *work, const guint8 *labels, PlLossKind kind)
{
  return (PlLoss){
    .classes = work->shape.classes,
    .n_pixels = (gsize) work->rows * (gsize) work->columns,
    .logits = work->head.logits,
    .labels = labels,
    .kind = kind,
    .sums = work->sums,
  };
}

void
pl_unet_loss (PlUNetWork *work, const guint8 *labels, PlLossKind kind, PlLossSums *sums)
{
  PlLoss loss = describe_loss (work, labels, kind);

  pl_loss_forward (&loss, work->n, sums);
}

/* From dy in pass->norm.d to dx, and @then for its rows; the input image has no dx. */
static void
backward_unit (const PlUnit *unit,
               PlUnitPass *pass,
               PlUNetWork *work,
               const PlTensor *x,
               const PlTensor *dx,
               const PlEpilogue *then)
{
  pl_norm_backward (&pass->norm, work->n);
  pl_conv_backward_weights (unit->conv.side, work->n, x, &pass->norm.d, &pass->dw, &work->scratch);
  if (dx != NULL)
    pl_conv_forward (&unit->data_gradient, work->n, &pass->norm.d, dx, then, &work->scratch);
}

static void
backward_upconv (const PlUpconv *up, PlUNetWork *work, int level)
{
  PlNormPass *below = &pl_work_below (work, level)->norm;
  PlEpilogue sum_rows = pl_norm_backward_epilogue (below);
  const PlTensor *dy = &work->d_risen[level];

  pl_upconv_backward_bias (work->n, dy, work->d_upconv_bias[level], work->sums);
  pl_upconv_backward_weights (work->n, &below->y, dy, &work->d_upconv[level], &work->scratch);
  pl_upconv_backward_data (up, work->n, dy, &below->d, &sum_rows);
}

static gboolean
backward_up (const PlUNetPacked *net, PlUNetWork *work, const Asker *asker)
{
  for (int level = 0; level < work->shape.depth; level++)
    {
      PlUnitPass *pass = work->up[level];
      PlEpilogue sum_rows = pl_norm_backward_epilogue (&pass[0].norm);

      if (!goes_on (asker))
        return FALSE;
      backward_unit (&net->up[level][1], &pass[1], work, &pass[0].norm.y, &pass[0].norm.d,
                     &sum_rows);
      if (!goes_on (asker))
        return FALSE;
      backward_unit (&net->up[level][0], &pass[0], work, &work->concat[level],
                     &work->d_concat[level], &nothing);
      backward_upconv (&net->upconv[level], work, level);
    }
  return TRUE;
}

static gboolean
backward_down (const PlUNetPacked *net, PlUNetWork *work, const Asker *asker)
{
  for (int level = work->shape.depth; level >= 0; level--)
    {
      PlUnitPass *pass = work->down[level];
      PlEpilogue sum_first = pl_norm_backward_epilogue (&pass[0].norm);
      PlEpilogue sum_second = pl_norm_backward_epilogue (&pass[1].norm);
      PlPool *above = level == 0 ? NULL : &work->pool[level - 1];

      if (!goes_on (asker))
        return FALSE;
      if (level < work->shape.depth)
        pl_pool_backward (&work->pool[level], work->n, &sum_second);
      backward_unit (&net->down[level][1], &pass[1], work, &pass[0].norm.y, &pass[0].norm.d,
                     &sum_first);
      if (!goes_on (asker))
        return FALSE;
      backward_unit (&net->down[level][0], &pass[0], work, above == NULL ? &work->image : &above->y,
                     above == NULL ? NULL : &above->dy, &nothing);
    }
  return TRUE;
}

gboolean
pl_unet_backward (const PlUNet *net,
                  PlUNetWork *work,
                  const guint8 *labels,
                  PlLossKind kind,
                  int divisor,
                  PlLossSums *sums,
                  PlUNetContinue go_on,
                  gpointer data)
{
  Asker asker = { go_on, data };
  PlLoss loss = describe_loss (work, labels, kind);
  PlEpilogue sum_rows = pl_norm_backward_epilogue (&work->up[0][1].norm);
  double start_s = find_time_s ();
  double loss_s;
  gboolean is_done;

  g_assert (work->training && work->n >= 1);

  pl_loss_forward (&loss, work->n, sums);
  pl_loss_backward (&loss, work->n, divisor, work->head.d_logits);
  loss_s = find_time_s ();
  work->times.loss += loss_s - start_s;
  pl_head_backward (&work->head, work->n, &sum_rows);
  is_done = backward_up (net->packed, work, &asker) && backward_down (net->packed, work, &asker);
  work->times.backward += find_time_s () - loss_s;
  return is_done;
}

PlUNetTimes
pl_unet_work_times (const PlUNetWork *work)
{
  return work->times;
}
