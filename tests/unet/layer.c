/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layer.h"

#include "base/aligned.h"
#include "unet/unet.h"

#define HALF_PLACE 0x1p-8 /* the relative error of rounding to bfloat16 */

enum
{
  SPOILED = 0x7f, /* each byte of a large number */
};

void
test_add_for_each_precision (const char *path, GTestDataFunc test)
{
  for (int precision = 0; precision < PL_N_PRECISIONS; precision++)
    {
      g_autofree char *full = g_strdup_printf ("%s/%s", path, pl_unet_precision_name (precision));

      g_test_add_data_func (full, GINT_TO_POINTER (precision), test);
    }
}

gboolean
test_rig_init (TestRig *rig, gconstpointer precision)
{
  g_autoptr (GError) error = NULL;

  if (!pl_unet_check_precision (GPOINTER_TO_INT (precision), &error))
    {
      g_test_skip (error->message);
      return FALSE;
    }
  rig->kernels = pl_kernels (GPOINTER_TO_INT (precision));
  pl_random_init (&rig->random, 1, 0);
  return TRUE;
}

static double
round_value (const PlKernels *kernels, double value)
{
  return kernels->precision == PL_F32 ? (float) value
                                      : pl_bf16_to_float (pl_bf16_from_float ((float) value));
}

RefImage *
test_rig_pixels (TestRig *rig, int n, int channels, int rows, int columns)
{
  RefImage *image = ref_image_random (&rig->random, n, channels, rows, columns);

  for (gsize i = 0; i < ref_image_count (image); i++)
    image->values[i] = round_value (rig->kernels, image->values[i]);
  return image;
}

double *
test_rig_weights (TestRig *rig, gsize n)
{
  double *values = ref_random_values (&rig->random, n);

  for (gsize i = 0; i < n; i++)
    values[i] = round_value (rig->kernels, values[i]);
  return values;
}

void
test_layer_clear (TestLayer *layer)
{
  ref_image_free (layer->x);
  ref_image_free (layer->r);
  g_free (layer->w);
  g_free (layer->b);
}

static double
read_channel (const PlTensor *view, int image, int row, int column, gsize channel)
{
  const void *at = pl_tensor_channel (view, image, row, column, channel);

  return view->kernels->precision == PL_F32 ? *(const float *) at
                                            : pl_bf16_to_float (*(const guint16 *) at);
}

static void
write_channel (const PlTensor *view, int image, int row, int column, gsize channel, double value)
{
  void *at = pl_tensor_channel (view, image, row, column, channel);

  g_assert_cmpfloat (value, ==, round_value (view->kernels, value));
  if (view->kernels->precision == PL_F32)
    *(float *) at = (float) value;
  else
    *(guint16 *) at = pl_bf16_from_float ((float) value);
}

TestTensor *
test_tensor_new (TestRig *rig, int n, int rows, int columns, gsize channels)
{
  TestTensor *tensor = g_new0 (TestTensor, 1);

  tensor->view = pl_tensor_shape (rig->kernels, rows, columns, channels);
  tensor->memory = pl_aligned_new0 (pl_tensor_bytes (&tensor->view, n));
  tensor->view.data = tensor->memory + pl_tensor_lead (&tensor->view);
  return tensor;
}

TestTensor *
test_tensor_from (TestRig *rig, const RefImage *image)
{
  TestTensor *tensor = test_tensor_new (rig, image->n, image->rows, image->columns,
                                        pl_pad_channels ((gsize) image->channels));

  for (int n = 0; n < image->n; n++)
    for (int row = 0; row < image->rows; row++)
      for (int column = 0; column < image->columns; column++)
        for (int c = 0; c < image->channels; c++)
          write_channel (&tensor->view, n, row, column, (gsize) c,
                         *ref_image_at (image, n, c, row, column));
  return tensor;
}

void
test_tensor_free (TestTensor *tensor)
{
  if (tensor != NULL)
    pl_aligned_free (tensor->memory);
  g_free (tensor);
}

void
test_tensor_spoil (TestTensor *tensor, int n)
{
  memset (tensor->memory, SPOILED, pl_tensor_bytes (&tensor->view, n));
}

static gboolean
is_border (const PlTensor *view, int row, int column)
{
  return row < 0 || row == view->rows || column < 0 || column == view->columns;
}

void
test_tensor_spoil_border (TestTensor *tensor, int n)
{
  const PlTensor *view = &tensor->view;

  for (int i = 0; i < n; i++)
    for (int row = -1; row <= view->rows; row++)
      for (int column = -1; column <= view->columns; column++)
        if (is_border (view, row, column))
          memset (pl_tensor_pixel (view, i, row, column), SPOILED,
                  view->channels * view->kernels->element_bytes);
}

/* The first @channels of @view; the others are zero. */
static RefImage *
read_tensor (const PlTensor *view, int n, int channels)
{
  RefImage *image = ref_image_new (n, channels, view->rows, view->columns);

  for (int i = 0; i < n; i++)
    for (int row = 0; row < image->rows; row++)
      for (int column = 0; column < image->columns; column++)
        {
          for (int c = 0; c < channels; c++)
            *ref_image_at (image, i, c, row, column) =
                read_channel (view, i, row, column, (gsize) c);
          for (gsize c = (gsize) channels; c < view->channels; c++)
            g_assert_cmpfloat (read_channel (view, i, row, column, c), ==, 0);
        }
  return image;
}

static TestTolerance
find_tolerance (const PlTensor *view, double of_largest)
{
  return (TestTolerance){
    .of_largest = of_largest,
    .of_value = view->kernels->precision == PL_BF16 ? HALF_PLACE : 0,
  };
}

void
test_assert_tensor_is (const PlTensor *view, const RefImage *expected, double of_largest)
{
  g_autoptr (RefImage) found = read_tensor (view, expected->n, expected->channels);

  test_assert_near (found->values, expected->values, ref_image_count (expected),
                    find_tolerance (view, of_largest));
}

void
test_assert_tensor_is_gradient (
    const PlTensor *view, RefImage *image, TestFunction function, gpointer data, double of_largest)
{
  g_autoptr (RefImage) found = read_tensor (view, image->n, image->channels);

  test_assert_gradient (image->values, ref_image_count (image), found->values, function, data,
                        N_SAMPLES, find_tolerance (view, of_largest));
}

static void
assert_border_bytes (const PlTensor *view, int n, guint8 expected)
{
  gsize n_bytes = view->channels * view->kernels->element_bytes;
  g_autofree guint8 *pixel = g_malloc (n_bytes);

  memset (pixel, expected, n_bytes);
  for (int i = 0; i < n; i++)
    for (int row = -1; row <= view->rows; row++)
      for (int column = -1; column <= view->columns; column++)
        if (is_border (view, row, column))
          g_assert_cmpmem (pl_tensor_pixel (view, i, row, column), n_bytes, pixel, n_bytes);
}

void
test_assert_border_is_zero (const PlTensor *view, int n)
{
  assert_border_bytes (view, n, 0);
}

void
test_assert_border_is_spoiled (const PlTensor *view, int n)
{
  assert_border_bytes (view, n, SPOILED);
}

void
test_assert_floats_are (const float *found, const float *expected, gsize n)
{
  g_autofree double *a = g_new (double, n);
  g_autofree double *b = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    {
      a[i] = found[i];
      b[i] = expected[i];
    }
  test_assert_near (a, b, n, (TestTolerance){ .of_largest = FORWARD_TOLERANCE });
}

void
test_assert_are_gradient (const double *found,
                          double *values,
                          gsize n,
                          TestFunction function,
                          gpointer data,
                          double of_largest)
{
  test_assert_gradient (values, n, found, function, data, N_SAMPLES,
                        (TestTolerance){ .of_largest = of_largest });
}
