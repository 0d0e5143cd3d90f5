/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head has few outputs, so its rows are too thin for the kernels: plain loops, over blocks of
 * channels that the compiler turns into vectors. */
#include "unet/head.h"

#include <string.h>

gsize
pl_head_sums (const PlTensor *x, int classes, int batch)
{
  return (gsize) batch * (gsize) pl_tensor_strips (x).count * (gsize) classes * (x->channels + 1);
}

/* Σ a·b with sixteen partial sums. */
static float
multiply_channels (const float *a, const float *b, gsize channels)
{
  float partial[PL_CHANNEL_BLOCK] = { 0 };
  float sum = 0;

  for (gsize c = 0; c < channels; c += PL_CHANNEL_BLOCK)
    for (gsize k = 0; k < PL_CHANNEL_BLOCK; k++)
      partial[k] += a[c + k] * b[c + k];
  for (gsize k = 0; k < PL_CHANNEL_BLOCK; k++)
    sum += partial[k];
  return sum;
}

/* y += a·x, whole blocks. */
static void
add_channels (float *restrict y, const float *restrict x, float a, gsize channels)
{
  for (gsize c = 0; c < channels; c += PL_CHANNEL_BLOCK)
    for (gsize k = 0; k < PL_CHANNEL_BLOCK; k++)
      y[c + k] += a * x[c + k];
}

static gsize
find_logit (const PlHeadPass *pass, int image, int row)
{
  const PlTensor *x = &pass->x;

  return ((gsize) image * (gsize) x->rows + (gsize) row) * (gsize) x->columns *
         (gsize) pass->head->classes;
}

static void
compute_row_cb (void *data, int image, int row, gsize first, gsize count)
{
  const PlHeadPass *pass = data;
  const PlHead *head = pass->head;
  const PlTensor *x = &pass->x;
  const float *pixel = pl_tensor_pixel (x, image, row, 0);
  float *logit = pass->logits + find_logit (pass, image, row);

  for (int column = 0; column < x->columns; column++, pixel += x->step)
    for (int k = 0; k < head->classes; k++)
      *logit++ =
          head->b[k] + multiply_channels (pixel, head->w + (gsize) k * x->channels, x->channels);
}

PlEpilogue
pl_head_forward_epilogue (PlHeadPass *pass)
{
  return (PlEpilogue){ .row = compute_row_cb, .data = pass };
}

static void
compute_data_row (const PlHeadPass *pass, int image, int row)
{
  const PlHead *head = pass->head;
  const PlTensor *dx = &pass->dx;
  const float *d_logit = pass->d_logits + find_logit (pass, image, row);
  float *pixel = pl_tensor_pixel (dx, image, row, 0);

  for (int column = 0; column < dx->columns; column++, pixel += dx->step)
    {
      memset (pixel, 0, dx->channels * sizeof (float));
      for (int k = 0; k < head->classes; k++)
        add_channels (pixel, head->w + (gsize) k * dx->channels, *d_logit++, dx->channels);
    }
}

/* One class and one block of channels: sums in float over a row, in double over rows. */
static void
add_weight_row (const PlHeadPass *pass, int image, int row, int class, gsize first, double *sums)
{
  const PlTensor *x = &pass->x;
  const float *d_logit = pass->d_logits + find_logit (pass, image, row) + class;
  const float *pixel = pl_tensor_pixel (x, image, row, 0) + first;
  float dw[PL_CHANNEL_BLOCK] = { 0 };

  for (int column = 0; column < x->columns; column++, pixel += x->step)
    add_channels (dw, pixel, d_logit[(gsize) column * (gsize) pass->head->classes],
                  PL_CHANNEL_BLOCK);
  for (gsize c = 0; c < PL_CHANNEL_BLOCK; c++)
    sums[first + c] += dw[c];
}

static double
add_bias_row (const PlHeadPass *pass, int image, int row, int class)
{
  const float *d_logit = pass->d_logits + find_logit (pass, image, row) + class;
  double sum = 0;

  for (int column = 0; column < pass->x.columns; column++)
    sum += d_logit[(gsize) column * (gsize) pass->head->classes];
  return sum;
}

/* A strip's (K,C+1) sums: of the weights, and of the bias last. */
static double *
find_sums (const PlHeadPass *pass, int image, int strip, int class)
{
  gsize strips = (gsize) pl_tensor_strips (&pass->x).count;
  gsize index = (gsize) image * strips + (gsize) strip;

  return pass->sums +
         (index * (gsize) pass->head->classes + (gsize) class) * (pass->x.channels + 1);
}

typedef struct
{
  const PlHeadPass *pass;
  const PlEpilogue *epilogue;
} HeadJob;

static void
backward_strip_cb (void *data, int image, int first_row, int end_row)
{
  const HeadJob *job = data;
  const PlHeadPass *pass = job->pass;
  gsize channels = pass->x.channels;
  int strip = first_row / pl_tensor_strips (&pass->x).rows;

  for (int k = 0; k < pass->head->classes; k++)
    {
      double *sums = find_sums (pass, image, strip, k);

      memset (sums, 0, (channels + 1) * sizeof (double));
      for (int row = first_row; row < end_row; row++)
        {
          for (gsize c = 0; c < channels; c += PL_CHANNEL_BLOCK)
            add_weight_row (pass, image, row, k, c, sums);
          sums[channels] += add_bias_row (pass, image, row, k);
        }
    }
  for (int row = first_row; row < end_row; row++)
    {
      compute_data_row (pass, image, row);
      pl_epilogue_run (job->epilogue, image, row, 0, channels);
    }
}

void
pl_head_backward (PlHeadPass *pass, int n, const PlEpilogue *epilogue)
{
  HeadJob job = { .pass = pass, .epilogue = epilogue };
  gsize channels = pass->x.channels;

  pl_tensor_for_strips (&pass->x, n, backward_strip_cb, &job);
  for (int image = 0; image < n; image++)
    for (int strip = 0; strip < pl_tensor_strips (&pass->x).count; strip++)
      for (int k = 0; k < pass->head->classes; k++)
        {
          const double *sums = find_sums (pass, image, strip, k);

          for (gsize c = 0; c < channels; c++)
            pass->dw[(gsize) k * channels + c] += sums[c];
          pass->db[k] += sums[channels];
        }
}
