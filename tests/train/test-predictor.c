/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network is one whose output is known: its weights copy the image through the finest level.
 * Instance normalisation makes that (x − mean) / sd, and biases of 10 keep it where leaky ReLU does
 * nothing, so that the head sees the sign of x − mean. */
#include "train/predictor.h"

#include "base/aligned.h"
#include "image/components.h"
#include "image/nifti-write.h"
#include "image/tiff-write.h"
#include "rig.h"
#include "train/train.h"

#include <math.h>
#include <string.h>

#define LIFT 10.0f
#define STEEP 20.0f

static float *
find_parameter (PlUNet *net, const char *name)
{
  for (int i = 0; i < net->n_parameters; i++)
    if (strcmp (net->parameters[i].name, name) == 0)
      return net->weights + net->parameters[i].offset;
  g_error ("no parameter %s", name);
}

/* (Co,Ci,3,3) of zeros but for the middle of the first input to the first output. */
static void
copy_first_channel (PlUNet *net, const char *conv, const char *bias)
{
  find_parameter (net, conv)[4] = 1;
  find_parameter (net, bias)[0] = LIFT;
}

/* One class: foreground above the mean. Two: the first above the mean, the second below. */
static PlModel *
make_model (int size_px, int n_classes)
{
  static const char *const lung[] = { "lung", NULL };
  static const char *const two[] = { "bright", "dark", NULL };
  const PlRecipe whole = { .is_hu = TRUE, .low = -1024, .high = 600 };
  const PlUNetShape shape = {
    .in_channels = 1, .classes = pl_model_outputs (n_classes), .base = 2, .depth = 1
  };
  PlUNet *net = pl_unet_new (&shape, 1, NULL);
  static const char *const convs[][2] = {
    { "enc.0.conv.0.weight", "enc.0.norm.0.bias" },
    { "enc.0.conv.1.weight", "enc.0.norm.1.bias" },
    { "dec.0.conv.0.weight", "dec.0.norm.0.bias" },
    { "dec.0.conv.1.weight", "dec.0.norm.1.bias" },
  };
  float *head, *bias;

  for (int i = 0; i < net->n_parameters; i++)
    if (strstr (net->parameters[i].name, "conv") != NULL)
      memset (net->weights + net->parameters[i].offset, 0,
              net->parameters[i].count * sizeof (float));
  for (gsize i = 0; i < G_N_ELEMENTS (convs); i++)
    copy_first_channel (net, convs[i][0], convs[i][1]);
  head = find_parameter (net, "head.weight"); /* (K, base) */
  bias = find_parameter (net, "head.bias");
  memset (head, 0, (gsize) shape.classes * 2 * sizeof (float));
  for (int k = n_classes == 1 ? 0 : 1; k < shape.classes; k++)
    {
      head[k * 2] = k == 2 ? -STEEP : STEEP;
      bias[k] = -head[k * 2] * LIFT;
    }
  if (n_classes == 2)
    bias[0] = -STEEP;
  pl_unet_weights_changed (net);
  return pl_model_new_take (net, &whole, size_px, n_classes, n_classes == 1 ? lung : two, NULL);
}

/* A disk of each slice is tissue, the rest air; a small one only in the first. */
static gboolean
is_bright (int slice, int row, int column, int rows, int columns)
{
  double r = (row + 0.5) / rows - 0.5, c = (column + 0.5) / columns - 0.4;

  if (slice == 0 && row < rows / 8 && column > columns - columns / 8)
    return TRUE;
  return r * r + c * c < 0.09;
}

static PlVolume *
make_volume (int slices, int rows, int columns, PlFormat format)
{
  PlImageHeader header = {
    .format = format,
    .shape = { slices, rows, columns },
    .stored = PL_DTYPE_FLOAT32,
    .n_samples = 1,
    .pages = 1,
    .spacing_mm = { 1, 1, 1 },
    .slope = 1,
  };
  g_autoptr (GError) error = NULL;
  PlVolume *volume;
  float *voxels;

  pl_header_choose_axes (&header, 0);
  volume = pl_volume_new (&header, PL_DTYPE_FLOAT32, "IMG_7.nii.gz", &error);
  g_assert_no_error (error);
  voxels = volume->voxels;
  for (int s = 0; s < slices; s++)
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < columns; c++)
        *voxels++ = is_bright (s, r, c, rows, columns) ? 100 : -900;
  pl_volume_set_ready_slices (volume, slices);
  return volume;
}

/* The share of pixels where the mask is not what it should be. */
static double
measure_wrong (const PlMask *mask, int slice)
{
  const guint8 *labels = pl_mask_slice (mask, slice);
  int n_wrong = 0;

  for (int r = 0; r < mask->n[1]; r++)
    for (int c = 0; c < mask->n[2]; c++)
      n_wrong += (*labels++ != 0) != is_bright (slice, r, c, mask->n[1], mask->n[2]);
  return (double) n_wrong / (mask->n[1] * mask->n[2]);
}

static void
test_same_size (void)
{
  g_autoptr (PlModel) model = make_model (32, 1);
  g_autoptr (PlVolume) volume = make_volume (11, 32, 32, PL_FORMAT_NIFTI1);
  const PlPredictOptions options = { .want_probability = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (PlPrediction) prediction = pl_predict_volume (model, volume, &options, NULL, &error);

  g_assert_no_error (error);
  for (int s = 0; s < 11; s++)
    g_assert_cmpfloat (measure_wrong (prediction->mask, s), ==, 0);
  for (gsize i = 0; i < 11 * 32 * 32; i++)
    g_assert_true ((prediction->probability[i] >= 0.5f) == (prediction->mask->labels[i] == 1));
}

/* Of one class and of two; with the probabilities beside it, and alone. */
static void
test_heat (void)
{
  const PlPredictOptions both = { .want_probability = TRUE, .want_heat = TRUE };
  const PlPredictOptions alone = { .want_heat = TRUE, .first_slice = 9, .end_slice = 11 };
  g_autoptr (PlVolume) volume = make_volume (11, 40, 33, PL_FORMAT_NIFTI1);
  gsize n_slice = 40 * 33;

  for (int classes = 1; classes <= 2; classes++)
    {
      g_autoptr (PlModel) model = make_model (32, classes);
      g_autoptr (PlPrediction) one = pl_predict_volume (model, volume, &both, NULL, NULL);
      g_autoptr (PlPrediction) other = pl_predict_volume (model, volume, &alone, NULL, NULL);

      g_assert_null (other->probability);
      for (gsize i = 0; i < 11 * n_slice; i++)
        {
          g_assert_cmpfloat (fabs (one->heat->labels[i] / 255.0 - one->probability[i]), <=,
                             0.502 / 255);
          g_assert_cmpint (other->heat->labels[i], ==, i < 9 * n_slice ? 0 : one->heat->labels[i]);
        }
      g_assert_cmpint (other->heat->max_label, >, 127);
    }
}

static void
test_native_size (void)
{
  static const int sizes[][2] = { { 64, 64 }, { 33, 47 }, { 16, 100 } };
  g_autoptr (PlModel) model = make_model (32, 1);
  const PlPredictOptions options = { .keep_largest = 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (PlVolume) volume = make_volume (3, sizes[i][0], sizes[i][1], PL_FORMAT_NIFTI1);
      g_autoptr (GError) error = NULL;
      g_autoptr (PlPrediction) prediction =
          pl_predict_volume (model, volume, &options, NULL, &error);

      g_assert_no_error (error);
      g_assert_null (prediction->probability);
      g_assert_null (prediction->heat);
      g_assert_cmpint (prediction->mask->n[1], ==, sizes[i][0]);
      g_assert_cmpint (prediction->mask->n[2], ==, sizes[i][1]);
      for (int s = 0; s < 3; s++)
        g_assert_cmpfloat (measure_wrong (prediction->mask, s), <, 0.06);
    }
}

static void
test_keep_largest (void)
{
  g_autoptr (PlModel) model = make_model (32, 1);
  g_autoptr (PlVolume) volume = make_volume (4, 32, 32, PL_FORMAT_NIFTI1);
  PlPredictOptions options = { .keep_largest = 0 };
  g_autoptr (PlPrediction) all = pl_predict_volume (model, volume, &options, NULL, NULL);
  g_autoptr (PlPrediction) largest = NULL;

  options.keep_largest = 1;
  largest = pl_predict_volume (model, volume, &options, NULL, NULL);
  g_assert_cmpint (pl_components_count (all->mask->labels, all->mask->n), ==, 2);
  g_assert_cmpint (pl_components_count (largest->mask->labels, all->mask->n), ==, 1);
  g_assert_cmpfloat (measure_wrong (largest->mask, 1), ==, 0);
}

static void
test_options (void)
{
  g_autoptr (PlModel) lungs = make_model (32, 1);
  g_autoptr (PlModel) others = make_model (32, 2);
  g_autoptr (PlVolume) volume = make_volume (4, 32, 32, PL_FORMAT_NIFTI1);
  g_autoptr (PlVolume) slice = make_volume (1, 32, 32, PL_FORMAT_TIFF);

  g_assert_cmpint (pl_predict_options_default (lungs, volume).keep_largest, ==, 2);
  g_assert_true (pl_predict_options_default (lungs, volume).fill_holes);
  g_assert_cmpint (pl_predict_options_default (lungs, slice).keep_largest, ==, 0);
  g_assert_true (pl_predict_options_default (lungs, slice).fill_holes);
  g_assert_cmpint (pl_predict_options_default (others, volume).keep_largest, ==, 0);
}

static void
test_range (void)
{
  g_autoptr (PlModel) model = make_model (32, 1);
  g_autoptr (PlVolume) volume = make_volume (6, 32, 32, PL_FORMAT_NIFTI1);
  PlPredictOptions options = { .first_slice = 2, .end_slice = 4 };
  g_autoptr (PlPrediction) prediction = pl_predict_volume (model, volume, &options, NULL, NULL);
  g_autoptr (GError) error = NULL;

  for (int s = 0; s < 6; s++)
    {
      const int n[3] = { 1, 32, 32 };
      int count = pl_components_count (prediction->mask->labels + (gsize) s * 32 * 32, n);

      g_assert_cmpint (count, ==, s == 2 || s == 3 ? 1 : 0);
    }
  options.first_slice = 6;
  options.end_slice = 0;
  g_assert_null (pl_predict_volume (model, volume, &options, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  pl_volume_set_ready_slices (volume, 3);
  options.first_slice = 0;
  g_assert_null (pl_predict_volume (model, volume, &options, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

/* Counts of a detector, all of them above what a model of HU is clipped to. */
static void
shift_values (PlVolume *volume)
{
  float *voxels = volume->voxels;

  for (gsize i = 0; i < (gsize) volume->n[0] * (gsize) volume->n[1] * (gsize) volume->n[2]; i++)
    voxels[i] += 20000;
}

static void
test_not_hu (void)
{
  g_autoptr (PlModel) model = make_model (32, 1);
  g_autoptr (PlModel) of_percentiles = make_model (32, 1);
  g_autoptr (PlVolume) volume = make_volume (40, 32, 32, PL_FORMAT_NIFTI1);
  const PlPredictOptions options = { .keep_largest = 0 };
  g_autoptr (PlPrediction) in_hu = pl_predict_volume (model, volume, &options, NULL, NULL);
  g_autoptr (PlPrediction) shifted = NULL;
  g_autoptr (PlPrediction) as_trained = NULL;

  g_assert_null (in_hu->notice);
  shift_values (volume);
  shifted = pl_predict_volume (model, volume, &options, NULL, NULL);
  g_assert_nonnull (shifted->notice);
  for (int s = 0; s < 40; s++)
    g_assert_cmpfloat (measure_wrong (shifted->mask, s), ==, 0);

  of_percentiles->recipe = PL_RECIPE_PERCENTILES;
  as_trained = pl_predict_volume (of_percentiles, volume, &options, NULL, NULL);
  g_assert_null (as_trained->notice);
}

/* Nothing that is a number: the mask is empty or full, but there. */
static void
test_not_a_number (void)
{
  g_autoptr (PlModel) model = make_model (32, 1);
  g_autoptr (PlVolume) volume = make_volume (2, 32, 32, PL_FORMAT_NIFTI1);
  const PlPredictOptions options = { .keep_largest = 0 };
  g_autoptr (PlPrediction) prediction = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < (gsize) 2 * 32 * 32; i++)
    ((float *) volume->voxels)[i] = NAN;
  prediction = pl_predict_volume (model, volume, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (prediction->notice);
}

static void
test_classes (void)
{
  g_autoptr (PlModel) model = make_model (32, 2);
  g_autoptr (PlVolume) volume = make_volume (3, 64, 64, PL_FORMAT_NIFTI1);
  const PlPredictOptions options = { .want_probability = TRUE };
  g_autoptr (PlPrediction) prediction = pl_predict_volume (model, volume, &options, NULL, NULL);
  const guint8 *labels = pl_mask_slice (prediction->mask, 1);

  g_assert_cmpint (prediction->mask->max_label, ==, 2);
  g_assert_cmpint (labels[32 * 64 + 25], ==, 1); /* in the disk */
  g_assert_cmpint (labels[2 * 64 + 2], ==, 2);
  g_assert_cmpfloat (prediction->probability[64 * 64 + 32 * 64 + 25], >, 0.99f);
}

typedef struct
{
  GCancellable *cancellable;
  int n_calls;
} Canceller;

static void
cancel_after_first (double fraction, gpointer data)
{
  Canceller *canceller = data;

  canceller->n_calls++;
  g_assert_cmpfloat (fraction, >, 0);
  g_cancellable_cancel (canceller->cancellable);
}

static void
test_cancel (void)
{
  g_autoptr (PlModel) model = make_model (32, 1);
  g_autoptr (PlVolume) volume = make_volume (20, 32, 32, PL_FORMAT_NIFTI1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Canceller canceller = { .cancellable = cancellable };
  const PlPredictOptions options = { .progress = cancel_after_first, .progress_data = &canceller };
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_predict_volume (model, volume, &options, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (canceller.n_calls, ==, 1);
  g_clear_error (&error);
  g_assert_null (pl_predict_volume (model, volume, &options, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (canceller.n_calls, ==, 1);
}

typedef struct
{
  GMainLoop *loop;
  PlPrediction *prediction;
  GError *error;
} Answer;

static void
predicted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->prediction = pl_predict_volume_finish (result, &answer->error);
  g_main_loop_quit (answer->loop);
}

static void
test_async (void)
{
  g_autoptr (PlModel) model = make_model (32, 1);
  g_autoptr (PlVolume) volume = make_volume (3, 32, 32, PL_FORMAT_NIFTI1);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const PlPredictOptions options = { .keep_largest = 1 };
  Answer answer = { .loop = loop };

  pl_predict_volume_async (model, volume, &options, NULL, predicted_cb, &answer);
  g_main_loop_run (loop);
  g_assert_no_error (answer.error);
  g_assert_cmpfloat (measure_wrong (answer.prediction->mask, 2), ==, 0);
  pl_prediction_free (answer.prediction);

  g_cancellable_cancel (cancellable);
  pl_predict_volume_async (model, volume, &options, cancellable, predicted_cb, &answer);
  g_main_loop_run (loop);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (answer.prediction);
  g_clear_error (&answer.error);
}

/* A volume from a file that was written, with a geometry of its own. */
static PlVolume *
write_and_load (PlFormat format, int slice_axis)
{
  g_autoptr (PlVolume) volume = make_volume (5, 32, 40, format);
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *path =
      g_build_filename (folder, format == PL_FORMAT_TIFF ? "IMG_7.tif" : "IMG_7.nii.gz", NULL);
  const double spacing_mm[3] = { 1, 0.7, 0.7 };
  const PlLoadOptions options = { .slice_axis = slice_axis };
  g_autoptr (GError) error = NULL;
  PlVolume *loaded;

  if (format == PL_FORMAT_TIFF)
    pl_tiff_write (path, volume->n, PL_DTYPE_FLOAT32, volume->voxels, spacing_mm, NULL, &error);
  else
    pl_nifti_write (path, &volume->header, PL_DTYPE_FLOAT32, volume->voxels, 1, 0, NULL, &error);
  g_assert_no_error (error);
  loaded = pl_volume_load (path, &options, NULL, &error);
  g_assert_no_error (error);
  return loaded;
}

static void
assert_written (PlFormat format, int slice_axis, int n_classes, const char *name)
{
  g_autoptr (PlVolume) volume = write_and_load (format, slice_axis);
  g_autoptr (PlModel) model = make_model (32, n_classes);
  const PlPredictOptions options = { .want_probability = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (PlPrediction) prediction = pl_predict_volume (model, volume, &options, NULL, &error);
  g_autofree char *top = rig_make_folder ();
  g_autofree char *folder = g_build_filename (top, "out", NULL);
  g_autofree char *path = NULL;
  g_autofree char *base_name = NULL;
  g_autofree char *probability_path = NULL;
  g_autoptr (PlMask) mask = NULL;
  g_autoptr (PlVolume) probability = NULL;
  const PlLoadOptions like = { .slice_axis = -1, .like = &volume->header };
  gsize n = (gsize) volume->n[0] * (gsize) volume->n[1] * (gsize) volume->n[2];

  g_assert_true (pl_prediction_write (prediction, volume, n_classes, folder, &path, NULL, &error));
  g_assert_no_error (error);
  base_name = g_path_get_basename (path);
  g_assert_cmpstr (base_name, ==, name);
  mask = pl_mask_load (path, &volume->header, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (mask->labels, n, prediction->mask->labels, n);

  probability_path = g_strconcat (folder, "/IMG_7_probability", strchr (name, '.'), NULL);
  probability = pl_volume_load (probability_path, &like, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (probability->type, ==, PL_DTYPE_FLOAT32);
  g_assert_cmpmem (probability->voxels, n * sizeof (float), prediction->probability,
                   n * sizeof (float));
}

static void
test_write_nifti (void)
{
  assert_written (PL_FORMAT_NIFTI1, -1, 1, "MASK_7.nii.gz");
  assert_written (PL_FORMAT_NIFTI1, 1, 1, "MASK_7.nii.gz");
  assert_written (PL_FORMAT_NIFTI1, -1, 2, "MASK_7.nii.gz");
}

static void
test_write_tiff (void)
{
  assert_written (PL_FORMAT_TIFF, -1, 1, "MASK_7.tif");
  assert_written (PL_FORMAT_TIFF, 2, 1, "MASK_7.tif");
}

static void
test_write_fails (void)
{
  g_autoptr (PlVolume) volume = write_and_load (PL_FORMAT_NIFTI1, -1);
  g_autoptr (PlModel) model = make_model (32, 1);
  const PlPredictOptions options = { .keep_largest = 0 };
  g_autoptr (PlPrediction) prediction = pl_predict_volume (model, volume, &options, NULL, NULL);
  g_autoptr (GError) error = NULL;
  char *path = NULL;

  g_assert_false (
      pl_prediction_write (prediction, volume, 1, "/proc/nowhere", &path, NULL, &error));
  g_assert_nonnull (error);
  g_assert_null (path);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/predictor/same-size", test_same_size);
  g_test_add_func ("/train/predictor/heat", test_heat);
  g_test_add_func ("/train/predictor/native-size", test_native_size);
  g_test_add_func ("/train/predictor/keep-largest", test_keep_largest);
  g_test_add_func ("/train/predictor/options", test_options);
  g_test_add_func ("/train/predictor/range", test_range);
  g_test_add_func ("/train/predictor/not-hu", test_not_hu);
  g_test_add_func ("/train/predictor/not-a-number", test_not_a_number);
  g_test_add_func ("/train/predictor/classes", test_classes);
  g_test_add_func ("/train/predictor/cancel", test_cancel);
  g_test_add_func ("/train/predictor/async", test_async);
  g_test_add_func ("/train/predictor/write-nifti", test_write_nifti);
  g_test_add_func ("/train/predictor/write-tiff", test_write_tiff);
  g_test_add_func ("/train/predictor/write-fails", test_write_fails);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
