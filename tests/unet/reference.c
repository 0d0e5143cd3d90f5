/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference.h"

#include <math.h>

#include "unet/tensor.h"
#include "unet/unet.h"

RefImage *
ref_image_new (int n, int channels, int rows, int columns)
{
  RefImage *image = g_new0 (RefImage, 1);

  *image = (RefImage){ .n = n, .channels = channels, .rows = rows, .columns = columns };
  image->values = g_new0 (double, ref_image_count (image));
  return image;
}

void
ref_image_free (RefImage *image)
{
  if (image != NULL)
    g_free (image->values);
  g_free (image);
}

gsize
ref_image_count (const RefImage *image)
{
  return (gsize) image->n * (gsize) image->channels * (gsize) image->rows * (gsize) image->columns;
}

double *
ref_image_at (const RefImage *image, int n, int c, int row, int column)
{
  return image->values +
         ((gsize) (n * image->channels + c) * (gsize) image->rows + (gsize) row) *
             (gsize) image->columns +
         column;
}

double *
ref_random_values (PlRandom *random, gsize n)
{
  double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (float) pl_random_normal (random); /* just what the float side gets */
  return values;
}

float *
ref_to_float (const double *values, gsize n)
{
  float *copy = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    copy[i] = (float) values[i];
  return copy;
}

RefImage *
ref_image_random (PlRandom *random, int n, int channels, int rows, int columns)
{
  RefImage *image = ref_image_new (n, channels, rows, columns);

  for (gsize i = 0; i < ref_image_count (image); i++)
    image->values[i] = (float) pl_random_normal (random);
  return image;
}

float *
ref_image_interleave (const RefImage *image)
{
  gsize pixels = (gsize) image->rows * (gsize) image->columns;
  gsize channels = (gsize) image->channels;
  float *values = g_new (float, ref_image_count (image));

  for (gsize n = 0; n < (gsize) image->n; n++)
    for (gsize c = 0; c < channels; c++)
      for (gsize p = 0; p < pixels; p++)
        values[(n * pixels + p) * channels + c] =
            (float) image->values[(n * channels + c) * pixels + p];
  return values;
}

/* y += the plane of x moved by (dy, dx), times w; what comes from outside is zero. */
static void
add_moved_plane (double *y, const double *x, int rows, int columns, int dy, int dx, double w)
{
  for (int r = MAX (0, -dy); r < MIN (rows, rows - dy); r++)
    for (int c = MAX (0, -dx); c < MIN (columns, columns - dx); c++)
      y[r * columns + c] += w * x[(r + dy) * columns + c + dx];
}

RefImage *
ref_conv (const RefImage *x, const double *w, int co)
{
  RefImage *y = ref_image_new (x->n, co, x->rows, x->columns);

  for (int n = 0; n < x->n; n++)
    for (int o = 0; o < co; o++)
      for (int i = 0; i < x->channels; i++)
        for (int t = 0; t < 9; t++)
          add_moved_plane (ref_image_at (y, n, o, 0, 0), ref_image_at (x, n, i, 0, 0), x->rows,
                           x->columns, t / 3 - 1, t % 3 - 1, w[(o * x->channels + i) * 9 + t]);
  return y;
}

RefImage *
ref_gather (const RefImage *x)
{
  RefImage *y = ref_image_new (x->n, 9 * x->channels, x->rows, x->columns);

  for (int n = 0; n < x->n; n++)
    for (int c = 0; c < x->channels; c++)
      for (int t = 0; t < 9; t++)
        add_moved_plane (ref_image_at (y, n, 9 * c + t, 0, 0), ref_image_at (x, n, c, 0, 0),
                         x->rows, x->columns, t / 3 - 1, t % 3 - 1, 1);
  return y;
}

RefImage *
ref_norm_act (const RefImage *x, const double *gamma, const double *beta)
{
  RefImage *y = ref_image_new (x->n, x->channels, x->rows, x->columns);
  int pixels = x->rows * x->columns;

  for (int n = 0; n < x->n; n++)
    for (int c = 0; c < x->channels; c++)
      {
        const double *from = ref_image_at (x, n, c, 0, 0);
        double *to = ref_image_at (y, n, c, 0, 0);
        double mean = 0, variance = 0;

        for (int p = 0; p < pixels; p++)
          mean += from[p] / pixels;
        for (int p = 0; p < pixels; p++)
          variance += (from[p] - mean) * (from[p] - mean) / pixels;
        for (int p = 0; p < pixels; p++)
          {
            double z = gamma[c] * (from[p] - mean) / sqrt (variance + 1e-5) + beta[c];

            to[p] = z > 0 ? z : (double) PL_LEAKY_SLOPE * z;
          }
      }
  return y;
}

RefImage *
ref_pool (const RefImage *x)
{
  RefImage *y = ref_image_new (x->n, x->channels, x->rows / 2, x->columns / 2);

  for (int n = 0; n < x->n; n++)
    for (int c = 0; c < x->channels; c++)
      for (int row = 0; row < y->rows; row++)
        for (int column = 0; column < y->columns; column++)
          {
            const double *up = ref_image_at (x, n, c, 2 * row, 2 * column);
            const double *down = ref_image_at (x, n, c, 2 * row + 1, 2 * column);

            *ref_image_at (y, n, c, row, column) =
                fmax (fmax (up[0], up[1]), fmax (down[0], down[1]));
          }
  return y;
}

RefImage *
ref_upconv (const RefImage *x, const double *w, const double *b, int co)
{
  RefImage *y = ref_image_new (x->n, co, 2 * x->rows, 2 * x->columns);

  for (int n = 0; n < x->n; n++)
    for (int o = 0; o < co; o++)
      for (int row = 0; row < y->rows; row++)
        for (int column = 0; column < y->columns; column++)
          {
            int tap = row % 2 * 2 + column % 2;
            double sum = b[o];

            for (int i = 0; i < x->channels; i++)
              sum += *ref_image_at (x, n, i, row / 2, column / 2) * w[(i * co + o) * 4 + tap];
            *ref_image_at (y, n, o, row, column) = sum;
          }
  return y;
}

RefImage *
ref_concat (const RefImage *a, const RefImage *b)
{
  RefImage *y = ref_image_new (a->n, a->channels + b->channels, a->rows, a->columns);
  gsize pixels = (gsize) a->rows * (gsize) a->columns;

  for (int n = 0; n < a->n; n++)
    {
      memcpy (ref_image_at (y, n, 0, 0, 0), ref_image_at (a, n, 0, 0, 0),
              (gsize) a->channels * pixels * sizeof (double));
      memcpy (ref_image_at (y, n, a->channels, 0, 0), ref_image_at (b, n, 0, 0, 0),
              (gsize) b->channels * pixels * sizeof (double));
    }
  return y;
}

RefImage *
ref_head (const RefImage *x, const double *w, const double *b, int classes)
{
  RefImage *y = ref_image_new (x->n, classes, x->rows, x->columns);

  for (int n = 0; n < x->n; n++)
    for (int k = 0; k < classes; k++)
      for (int p = 0; p < x->rows * x->columns; p++)
        {
          double sum = b[k];

          for (int i = 0; i < x->channels; i++)
            sum += ref_image_at (x, n, i, 0, 0)[p] * w[k * x->channels + i];
          ref_image_at (y, n, k, 0, 0)[p] = sum;
        }
  return y;
}

/* Convolution, normalisation and activation with the three tensors from @first on. */
static RefImage *
run_unit (const PlUNet *net, const double *weights, int first, const RefImage *x)
{
  const PlParameter *p = &net->parameters[first];
  g_autoptr (RefImage) z = ref_conv (x, weights + p[0].offset, p[0].dims[0]);

  return ref_norm_act (z, weights + p[1].offset, weights + p[2].offset);
}

/* @x is taken. */
static RefImage *
run_two_units (const PlUNet *net, const double *weights, int first, RefImage *x)
{
  g_autoptr (RefImage) input = x;
  g_autoptr (RefImage) middle = run_unit (net, weights, first, input);

  return run_unit (net, weights, first + 3, middle);
}

static const PlParameter *
find_parameter (const PlUNet *net, const char *name)
{
  for (int i = 0; i < net->n_parameters; i++)
    if (g_str_equal (net->parameters[i].name, name))
      return &net->parameters[i];
  g_assert_not_reached ();
}

static int
find_index (const PlUNet *net, const char *part, int level, const char *rest)
{
  g_autofree char *name = g_strdup_printf ("%s.%d.%s", part, level, rest);

  return (int) (find_parameter (net, name) - net->parameters);
}

/* The level, all below it, and back up to it. @x is taken. */
static RefImage *
run_level (const PlUNet *net, const double *weights, int level, RefImage *x)
{
  RefImage *down = run_two_units (net, weights, find_index (net, "enc", level, "conv.0.weight"), x);
  g_autoptr (RefImage) skip = down;
  g_autoptr (RefImage) below = NULL;
  g_autoptr (RefImage) risen = NULL;
  const PlParameter *up;

  if (level == net->shape.depth)
    return g_steal_pointer (&skip);
  below = run_level (net, weights, level + 1, ref_pool (down));
  up = &net->parameters[find_index (net, "up", level, "weight")];
  risen = ref_upconv (below, weights + up[0].offset, weights + up[1].offset, up[0].dims[1]);
  return run_two_units (net, weights, find_index (net, "dec", level, "conv.0.weight"),
                        ref_concat (skip, risen));
}

RefImage *
ref_unet (const PlUNet *net, const double *weights, const RefImage *x)
{
  RefImage *copy = ref_image_new (x->n, x->channels, x->rows, x->columns);
  g_autoptr (RefImage) top = NULL;

  memcpy (copy->values, x->values, ref_image_count (x) * sizeof (double));
  top = run_level (net, weights, 0, copy);
  return ref_head (top, weights + find_parameter (net, "head.weight")->offset,
                   weights + find_parameter (net, "head.bias")->offset, net->shape.classes);
}

double
ref_dot (const RefImage *a, const RefImage *b)
{
  double sum = 0;

  g_assert_cmpuint (ref_image_count (a), ==, ref_image_count (b));
  for (gsize i = 0; i < ref_image_count (a); i++)
    sum += a->values[i] * b->values[i];
  return sum;
}

/* Probabilities of one pixel: for one class, of background and foreground. */
static void
find_probabilities (const RefImage *logits, int n, int pixel, double *q)
{
  double sum = 0;

  if (logits->channels == 1)
    {
      q[1] = 1 / (1 + exp (-ref_image_at (logits, n, 0, 0, 0)[pixel]));
      q[0] = 1 / (1 + exp (ref_image_at (logits, n, 0, 0, 0)[pixel]));
      return;
    }
  for (int k = 0; k < logits->channels; k++)
    sum += q[k] = exp (ref_image_at (logits, n, k, 0, 0)[pixel]);
  for (int k = 0; k < logits->channels; k++)
    q[k] /= sum;
}

double
ref_loss (const RefImage *logits, const guint8 *labels, PlLossKind kind)
{
  int classes = MAX (logits->channels, 2);
  int pixels = logits->rows * logits->columns;
  double loss = 0;

  for (int n = 0; n < logits->n; n++)
    {
      double sum_q[8] = { 0 }, sum_y[8] = { 0 }, sum_qy[8] = { 0 }, q[8];
      double cross_entropy = 0, dice = 0;

      for (int p = 0; p < pixels; p++)
        {
          int label = labels[n * pixels + p];

          find_probabilities (logits, n, p, q);
          cross_entropy -= log (q[label]) / pixels;
          for (int k = 0; k < classes; k++)
            {
              sum_q[k] += q[k];
              sum_y[k] += k == label;
              sum_qy[k] += k == label ? q[k] : 0;
            }
        }
      for (int k = 1; k < classes; k++)
        dice += (sum_y[k] > 0 ? (2 * sum_qy[k] + 1e-5) / (sum_q[k] + sum_y[k] + 1e-5) : 1) /
                (classes - 1);
      if (kind & PL_LOSS_CROSS_ENTROPY)
        loss += cross_entropy;
      if (kind & PL_LOSS_DICE)
        loss += 1 - dice;
    }
  return loss;
}

static double
find_largest (const double *values, gsize n)
{
  double largest = 0;

  for (gsize i = 0; i < n; i++)
    largest = fmax (largest, fabs (values[i]));
  return largest;
}

static void
assert_within (TestTolerance tolerance, double found, double expected, double largest)
{
  g_assert_cmpfloat_with_epsilon (
      found, expected, tolerance.of_largest * largest + tolerance.of_value * fabs (expected));
}

void
test_assert_gradient (double *values,
                      gsize n,
                      const double *found,
                      TestFunction function,
                      gpointer data,
                      gsize n_samples,
                      TestTolerance tolerance)
{
  double largest = find_largest (found, n);
  gsize last_sample = MIN (n, n_samples) - 1;
  const double h = 1e-5;

  g_assert_cmpfloat (largest, >, 0);
  for (gsize k = 0; k <= last_sample; k++)
    {
      gsize i = k * (n - 1) / MAX (last_sample, 1);
      double value = values[i];
      double up, down;

      values[i] = value + h;
      up = function (data);
      values[i] = value - h;
      down = function (data);
      values[i] = value;
      assert_within (tolerance, found[i], (up - down) / (2 * h), largest);
    }
}

void
test_assert_near (const double *found, const double *expected, gsize n, TestTolerance tolerance)
{
  double largest = find_largest (expected, n);

  for (gsize i = 0; i < n; i++)
    assert_within (tolerance, found[i], expected[i], largest);
}
