/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Normalisation reads a tensor twice, for its sums and to apply them. The sums are taken row by row
 * as an epilogue of whoever writes the tensor, one pair a strip and channel, and added in order. */
#include "unet/norm.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"

#define EPSILON 1e-5

gsize
pl_norm_sums (const PlTensor *x, int batch)
{
  return (gsize) batch * (gsize) pl_tensor_strips (x).count * 2 * x->channels;
}

/* The two sums of a strip, C doubles each. */
static double *
find_sums (const PlNormPass *pass, int image, int strip)
{
  gsize strips = (gsize) pl_tensor_strips (&pass->x).count;

  return pass->sums + ((gsize) image * strips + (gsize) strip) * 2 * pass->x.channels;
}

/* Those of the strip of @row, zeroed if it is the first one. */
static double *
start_row (const PlNormPass *pass, int image, int row, gsize first, gsize count)
{
  int strip_rows = pl_tensor_strips (&pass->x).rows;
  double *sums = find_sums (pass, image, row / strip_rows) + first;

  if (row % strip_rows == 0)
    {
      memset (sums, 0, count * sizeof (double));
      memset (sums + pass->x.channels, 0, count * sizeof (double));
    }
  return sums;
}

static void
sum_row_cb (void *data, int image, int row, gsize first, gsize count)
{
  const PlNormPass *pass = data;
  const PlTensor *x = &pass->x;
  double *sums = start_row (pass, image, row, first, count);

  x->kernels->row_sums ((gsize) x->columns, pl_tensor_channel (x, image, row, 0, first), x->step,
                        count, sums, sums + x->channels);
}

PlEpilogue
pl_norm_forward_epilogue (PlNormPass *pass)
{
  return (PlEpilogue){ .row = sum_row_cb, .data = pass };
}

static void
sum_gradient_row_cb (void *data, int image, int row, gsize first, gsize count)
{
  const PlNormPass *pass = data;
  const PlTensor *x = &pass->x;
  double *sums = start_row (pass, image, row, first, count);
  gsize channel = (gsize) image * x->channels + first;

  x->kernels->row_norm_act_sums ((gsize) x->columns, pl_tensor_channel (x, image, row, 0, first),
                                 x->step, pl_tensor_channel (&pass->d, image, row, 0, first),
                                 pass->d.step, count, pass->scale + channel, pass->shift + channel,
                                 sums, sums + x->channels);
}

PlEpilogue
pl_norm_backward_epilogue (PlNormPass *pass)
{
  return (PlEpilogue){ .row = sum_gradient_row_cb, .data = pass };
}

/* Both sums of channel @c over the strips of @image. */
static void
add_strips (const PlNormPass *pass, int image, gsize c, double *first, double *second)
{
  int n_strips = pl_tensor_strips (&pass->x).count;

  *first = *second = 0;
  for (int strip = 0; strip < n_strips; strip++)
    {
      const double *sums = find_sums (pass, image, strip);

      *first += sums[c];
      *second += sums[pass->x.channels + c];
    }
}

static double
count_pixels (const PlTensor *x)
{
  return (double) x->rows * x->columns;
}

static void
find_statistics (const PlNorm *norm, PlNormPass *pass, int image)
{
  gsize channels = pass->x.channels;

  for (gsize c = 0; c < channels; c++)
    {
      gsize k = (gsize) image * channels + c;
      double sum, squares, mean, variance, inverse;

      add_strips (pass, image, c, &sum, &squares);
      mean = sum / count_pixels (&pass->x);
      variance = squares / count_pixels (&pass->x) - mean * mean;
      inverse = 1 / sqrt (MAX (variance, 0) + EPSILON);
      pass->mean[k] = mean;
      pass->inverse_deviation[k] = inverse;
      pass->scale[k] = (float) (norm->gamma[c] * inverse);
      pass->shift[k] = (float) (norm->beta[c] - norm->gamma[c] * inverse * mean);
    }
}

typedef struct
{
  const PlNormPass *pass;
  const PlEpilogue *epilogue;
} NormJob;

static void
apply_strip_cb (void *data, int image, int first_row, int end_row)
{
  const NormJob *job = data;
  const PlNormPass *pass = job->pass;
  const PlTensor *x = &pass->x;
  gsize k = (gsize) image * x->channels;

  for (int row = first_row; row < end_row; row++)
    {
      x->kernels->row_norm_act ((gsize) x->columns, pl_tensor_pixel (x, image, row, 0), x->step,
                                x->channels, pass->scale + k, pass->shift + k,
                                pl_tensor_pixel (&pass->y, image, row, 0), pass->y.step);
      pl_tensor_clear_edges (&pass->y, image, row);
      pl_epilogue_run (job->epilogue, image, row, 0, x->channels);
    }
}

void
pl_norm_forward (const PlNorm *norm, PlNormPass *pass, int n, const PlEpilogue *epilogue)
{
  NormJob job = { .pass = pass, .epilogue = epilogue };

  for (int image = 0; image < n; image++)
    find_statistics (norm, pass, image);
  pl_tensor_for_strips (&pass->x, n, apply_strip_cb, &job);
}

/* With x̂ = (x − mean) · inverse and means over pixels,
 * dx = scale · (g − mean (g) − x̂ · mean (g·x̂)). */
static void
find_coefficients (PlNormPass *pass, int image)
{
  gsize channels = pass->x.channels;
  double pixels = count_pixels (&pass->x);

  for (gsize c = 0; c < channels; c++)
    {
      gsize k = (gsize) image * channels + c;
      double mean = pass->mean[k];
      double inverse = pass->inverse_deviation[k];
      double sum_g, sum_gx, sum_gn;

      add_strips (pass, image, c, &sum_g, &sum_gx);
      sum_gn = (sum_gx - mean * sum_g) * inverse;
      pass->dgamma[c] += sum_gn;
      pass->dbeta[c] += sum_g;
      pass->slope[k] = (float) (-pass->scale[k] * inverse * sum_gn / pixels);
      pass->offset[k] = (float) (pass->scale[k] * (mean * inverse * sum_gn - sum_g) / pixels);
    }
}

static void
apply_backward_strip_cb (void *data, int image, int first_row, int end_row)
{
  const PlNormPass *pass = data;
  const PlTensor *x = &pass->x;
  gsize k = (gsize) image * x->channels;

  for (int row = first_row; row < end_row; row++)
    {
      void *d = pl_tensor_pixel (&pass->d, image, row, 0);

      x->kernels->row_norm_act_backward ((gsize) x->columns, pl_tensor_pixel (x, image, row, 0),
                                         x->step, d, pass->d.step, x->channels, pass->scale + k,
                                         pass->shift + k, pass->slope + k, pass->offset + k, d,
                                         pass->d.step);
      pl_tensor_clear_edges (&pass->d, image, row);
    }
}

void
pl_norm_backward (PlNormPass *pass, int n)
{
  for (int image = 0; image < n; image++)
    find_coefficients (pass, image);
  pl_tensor_for_strips (&pass->x, n, apply_backward_strip_cb, pass);
}
