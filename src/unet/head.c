/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head has few outputs, so its rows are too thin for the kernels: plain loops over floats, in
 * blocks of channels that the compiler turns into vectors. Pixels become floats, and back, a block
 * of some at a time. */
#include "unet/head.h"

#include <string.h>

enum
{
  BLOCK_PIXELS = 32,
};

typedef float Block[BLOCK_PIXELS][PL_CHANNEL_BLOCK];

gsize
pl_head_sums (const PlTensor *x, int classes, int batch)
{
  return (gsize) batch * (gsize) pl_tensor_strips (x).count * (gsize) classes * (x->channels + 1);
}

/* Σ a·b */
static float
multiply_channels (const float *a, const float *b)
{
  float sum = 0;

  for (gsize k = 0; k < PL_CHANNEL_BLOCK; k++)
    sum += a[k] * b[k];
  return sum;
}

/* y += a·x */
static void
add_channels (float *restrict y, const float *restrict x, float a)
{
  for (gsize k = 0; k < PL_CHANNEL_BLOCK; k++)
    y[k] += a * x[k];
}

/* Channels @first… of the pixels from @column on. Returns: how many pixels, BLOCK_PIXELS at most */
static int
load_block (const PlTensor *x, int image, int row, int column, gsize first, Block out)
{
  int n = MIN (BLOCK_PIXELS, x->columns - column);

  x->kernels->row_to_float ((gsize) n, pl_tensor_channel (x, image, row, column, first), x->step,
                            PL_CHANNEL_BLOCK, out[0]);
  return n;
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
  gsize classes = (gsize) head->classes;
  float *logits = pass->logits + find_logit (pass, image, row);
  Block pixels;

  for (gsize i = 0; i < (gsize) x->columns * classes; i++)
    logits[i] = head->b[i % classes];
  for (int column = 0; column < x->columns; column += BLOCK_PIXELS)
    for (gsize c = 0; c < x->channels; c += PL_CHANNEL_BLOCK)
      {
        int n_pixels = load_block (x, image, row, column, c, pixels);

        for (int p = 0; p < n_pixels; p++)
          for (gsize k = 0; k < classes; k++)
            logits[(gsize) (column + p) * classes + k] +=
                multiply_channels (pixels[p], head->w + k * x->channels + c);
      }
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
  gsize classes = (gsize) head->classes;
  const float *d_logits = pass->d_logits + find_logit (pass, image, row);
  Block pixels;

  for (int column = 0; column < dx->columns; column += BLOCK_PIXELS)
    for (gsize c = 0; c < dx->channels; c += PL_CHANNEL_BLOCK)
      {
        int n_pixels = MIN (BLOCK_PIXELS, dx->columns - column);

        memset (pixels, 0, sizeof pixels);
        for (int p = 0; p < n_pixels; p++)
          for (gsize k = 0; k < classes; k++)
            add_channels (pixels[p], head->w + k * dx->channels + c,
                          d_logits[(gsize) (column + p) * classes + k]);
        dx->kernels->row_from_float ((gsize) n_pixels, pixels[0], PL_CHANNEL_BLOCK,
                                     pl_tensor_channel (dx, image, row, column, c), dx->step);
      }
}

/* One class and one block of channels: sums in float over a row, in double over rows. */
static void
add_weight_row (const PlHeadPass *pass, int image, int row, int class, gsize first, double *sums)
{
  const PlTensor *x = &pass->x;
  const float *d_logit = pass->d_logits + find_logit (pass, image, row) + class;
  float dw[PL_CHANNEL_BLOCK] = { 0 };
  Block pixels;

  for (int column = 0; column < x->columns; column += BLOCK_PIXELS)
    {
      int n_pixels = load_block (x, image, row, column, first, pixels);

      for (int p = 0; p < n_pixels; p++)
        add_channels (dw, pixels[p], d_logit[(gsize) (column + p) * (gsize) pass->head->classes]);
    }
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
