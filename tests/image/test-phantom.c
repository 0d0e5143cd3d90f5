/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/phantom.h"

#include "image/components.h"
#include "image/mask-stats.h"
#include "image/volume-load.h"
#include "support/scratch.h"

#include <string.h>

enum
{
  SIZE = 96,
  N_PIXELS = SIZE * SIZE,
};

typedef struct
{
  gint16 hu[N_PIXELS];
  guint8 mask[N_PIXELS];
} Drawing;

static Drawing *
draw (guint64 seed, int patient, int slice)
{
  Drawing *drawing = g_new (Drawing, 1);

  pl_phantom_draw (seed, patient, SIZE, 100, slice, drawing->hu, drawing->mask);
  return drawing;
}

static void
test_repeats (void)
{
  for (int patient = 0; patient < 4; patient++)
    {
      g_autofree Drawing *first = draw (7, patient, 50);
      g_autofree Drawing *again = draw (7, patient, 50);
      g_autofree Drawing *other_seed = draw (8, patient, 50);
      g_autofree Drawing *other_patient = draw (7, patient + 1, 50);
      g_autofree Drawing *next_slice = draw (7, patient, 51);

      g_assert_cmpmem (first, sizeof *first, again, sizeof *again);
      g_assert_cmpint (memcmp (first, other_seed, sizeof *first), !=, 0);
      g_assert_cmpint (memcmp (first, other_patient, sizeof *first), !=, 0);
      g_assert_cmpint (memcmp (first, next_slice, sizeof *first), !=, 0);
    }
}

/* Without libm and fused multiply-add there is nothing that a machine could do otherwise. Change
 * the sum with the drawing. */
static void
test_same_everywhere (void)
{
  g_autofree Drawing *drawing = draw (1, 2, 50);
  g_autofree char *sum = NULL;

  for (int i = 0; i < N_PIXELS; i++)
    drawing->hu[i] = GINT16_TO_LE (drawing->hu[i]);
  sum = g_compute_checksum_for_data (G_CHECKSUM_MD5, (const guchar *) drawing, sizeof *drawing);
  g_assert_cmpstr (sum, ==, "f3c3976c88126f53aff3aee5aff5bed1");
}

static double
measure_dice (const guint8 *a, const guint8 *b, int n)
{
  int both = 0, either = 0;

  for (int i = 0; i < n; i++)
    {
      both += a[i] != 0 && b[i] != 0;
      either += (a[i] != 0) + (b[i] != 0);
    }
  return either == 0 ? 1 : 2.0 * both / either;
}

/* What one does without a network: air inside the body, its two largest parts. */
static void
segment_by_threshold (const gint16 *hu, const int n[3], guint8 *labels)
{
  const int n_voxels = n[0] * n[1] * n[2];

  for (int i = 0; i < n_voxels; i++)
    labels[i] = hu[i] >= -320;
  pl_components_fill_holes (labels, n);
  for (int i = 0; i < n_voxels; i++)
    labels[i] = labels[i] && hu[i] < -320;
  pl_components_keep_largest (labels, n, 2);
}

static void
test_threshold_is_not_enough (void)
{
  const int n[3] = { 1, SIZE, SIZE };
  const int n_patients = 60;
  double plain = 0, filled = 0;

  for (int patient = 0; patient < n_patients; patient++)
    {
      g_autofree Drawing *drawing = draw (1, patient, 26 + patient);
      guint8 labels[N_PIXELS];

      segment_by_threshold (drawing->hu, n, labels);
      plain += measure_dice (labels, drawing->mask, N_PIXELS) / n_patients;
      pl_components_fill_holes (labels, n);
      filled += measure_dice (labels, drawing->mask, N_PIXELS) / n_patients;
    }
  g_test_message ("slices: %.4f, with holes filled %.4f", plain, filled);
  g_assert_cmpfloat (plain, >, 0.7);
  g_assert_cmpfloat (filled, >, 0.7);
  g_assert_cmpfloat (plain, <, 0.97);
  g_assert_cmpfloat (filled, <, 0.97);
}

static void
test_threshold_in_3d_is_not_enough (void)
{
  const int n[3] = { 32, SIZE, SIZE };
  const int n_patients = 6;
  g_autofree gint16 *hu = g_new (gint16, 32 * N_PIXELS);
  g_autofree guint8 *mask = g_new (guint8, 32 * N_PIXELS);
  g_autofree guint8 *labels = g_new (guint8, 32 * N_PIXELS);
  double mean = 0;

  for (int patient = 0; patient < n_patients; patient++)
    {
      for (int slice = 0; slice < 32; slice++)
        pl_phantom_draw (1, patient, SIZE, 32, slice, hu + slice * N_PIXELS,
                         mask + slice * N_PIXELS);
      segment_by_threshold (hu, n, labels);
      pl_components_fill_holes (labels, n);
      mean += measure_dice (labels, mask, 32 * N_PIXELS) / n_patients;
    }
  g_test_message ("volumes: %.4f", mean);
  g_assert_cmpfloat (mean, >, 0.7);
  g_assert_cmpfloat (mean, <, 0.97);
}

/* Lungs, where they are expected, of a plausible size and density, on both sides. */
static void
test_lungs (void)
{
  for (int patient = 0; patient < 40; patient++)
    {
      g_autofree Drawing *drawing = draw (3, patient, 26 + patient);
      gint64 sum = 0;
      int count = 0, left = 0;

      for (int i = 0; i < N_PIXELS; i++)
        if (drawing->mask[i] != 0)
          {
            g_assert_cmpint (drawing->mask[i], ==, 1);
            g_assert_cmpint (drawing->hu[i], >=, -1024);
            sum += drawing->hu[i];
            count++;
            left += i % SIZE > SIZE / 2;
          }
      g_assert_cmpint (count, >, N_PIXELS / 100);
      g_assert_cmpint (count, <, N_PIXELS / 2);
      g_assert_cmpint (left, >, count / 10);
      g_assert_cmpint (left, <, count * 9 / 10);
      g_assert_cmpint (sum / count, >, -950);
      g_assert_cmpint (sum / count, <, -200);
    }
}

/* Thin slices next to each other are nearly equal but for the noise. */
static void
test_slices_are_coherent (void)
{
  Drawing slices[2];

  for (int k = 0; k < 2; k++)
    pl_phantom_draw (5, 1, SIZE, 400, 200 + k, slices[k].hu, slices[k].mask);
  g_assert_cmpfloat (measure_dice (slices[0].mask, slices[1].mask, N_PIXELS), >, 0.98);
}

/* The lowest slice of a volume is below the lungs and the highest above. */
static void
test_ends_are_empty (void)
{
  for (int patient = 0; patient < 20; patient++)
    {
      g_autofree Drawing *top = draw (2, patient, 99);

      for (int i = 0; i < N_PIXELS; i++)
        g_assert_cmpint (top->mask[i], ==, 0);
    }
}

/* Some have the circle, some not; inside of it there is no padding. */
static void
test_field_of_view (void)
{
  int n_circles = 0;

  for (int patient = 0; patient < 30; patient++)
    {
      g_autofree Drawing *drawing = draw (4, patient, 50);

      n_circles += drawing->hu[0] == -2000;
      for (int i = 0; i < N_PIXELS; i++)
        {
          int dx = 2 * (i % SIZE) + 1 - SIZE, dy = 2 * (i / SIZE) + 1 - SIZE;
          gboolean is_outside = dx * dx + dy * dy > SIZE * SIZE;

          if (!is_outside || drawing->hu[0] != -2000)
            g_assert_cmpint (drawing->hu[i], >=, -1024);
          else
            g_assert_cmpint (drawing->hu[i], ==, -2000);
        }
    }
  g_assert_cmpint (n_circles, >, 10);
  g_assert_cmpint (n_circles, <, 30);
}

static void
count_progress_cb (double fraction, gpointer data)
{
  double *last = data;

  g_assert_cmpfloat (fraction, >, *last);
  g_assert_cmpfloat (fraction, <=, 1);
  *last = fraction;
}

static char **
list_names (const char *folder, const char *sub_folder)
{
  g_autofree char *path = g_build_filename (folder, sub_folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_strv_builder_add (names, name);
  return g_strv_builder_end (names);
}

/* One row of lung_stats.csv against the files it speaks of. */
static void
check_row (const char *folder, const char *row)
{
  g_auto (GStrv) fields = g_strsplit (row, ",", -1);
  g_autofree char *image_path = g_build_filename (folder, "2d_images", fields[0], NULL);
  g_autofree char *mask_path = g_build_filename (folder, "2d_masks", fields[0], NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlVolume) volume = pl_volume_load (image_path, NULL, NULL, &error);
  g_autoptr (PlMask) mask = NULL;
  PlMaskStats stats;

  g_assert_no_error (error);
  mask = pl_mask_load (mask_path, &volume->header, NULL, &error);
  g_assert_no_error (error);
  pl_mask_stats (volume, mask, 0, 0, 1, &stats);
  g_assert_cmpuint (g_strv_length (fields), ==, 7);
  g_assert_cmpint (g_ascii_strtoll (fields[1], NULL, 10), ==, stats.area_px);
  g_assert_cmpint (stats.area_px, >, 0);
  g_assert_cmpfloat_with_epsilon (g_ascii_strtod (fields[2], NULL), stats.area_mm2,
                                  1e-5 * stats.area_mm2);
  g_assert_cmpfloat (g_ascii_strtod (fields[3], NULL), ==, stats.volume_fraction);
  g_assert_cmpfloat (g_ascii_strtod (fields[4], NULL), ==, stats.mean_hu);
  g_assert_cmpfloat (g_ascii_strtod (fields[5], NULL), ==, stats.pd95_hu);
  g_assert_cmpfloat (g_ascii_strtod (fields[6], NULL), ==, stats.pd05_hu);
}

static void
check_volume (const char *folder, int patient)
{
  g_autofree char *image_name = g_strdup_printf ("IMG_%04d.nii.gz", patient);
  g_autofree char *mask_name = g_strdup_printf ("MASK_%04d.nii.gz", patient);
  g_autofree char *image_path = g_build_filename (folder, "3d_images", image_name, NULL);
  g_autofree char *mask_path = g_build_filename (folder, "3d_images", mask_name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlVolume) volume = pl_volume_load (image_path, NULL, NULL, &error);
  g_autoptr (PlMask) mask = NULL;
  g_autofree Drawing *middle = g_new (Drawing, 1);

  g_assert_no_error (error);
  mask = pl_mask_load (mask_path, &volume->header, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (volume->header.slice_axis, ==, 0);
  g_assert_cmpint (volume->n[0], >=, 40);
  g_assert_cmpint (volume->n[0], !=, SIZE);
  g_assert_cmpint (volume->n[1], ==, SIZE);
  g_assert_cmpint (volume->n[2], ==, SIZE);
  pl_phantom_draw (11, patient, SIZE, volume->n[0], volume->n[0] / 2, middle->hu, middle->mask);
  g_assert_cmpmem (middle->mask, N_PIXELS, pl_mask_slice (mask, volume->n[0] / 2), N_PIXELS);
  for (int i = 0; i < N_PIXELS; i++)
    g_assert_cmpfloat (pl_volume_value (volume, volume->n[0] / 2, i / SIZE, i % SIZE), ==,
                       middle->hu[i]);
}

static void
test_data_set (void)
{
  const PlPhantomOptions options = { .n_slices = 18, .n_volumes = 2, .size_px = SIZE, .seed = 11 };
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *csv_path = g_build_filename (folder, "lung_stats.csv", NULL);
  g_autofree char *csv = NULL;
  g_auto (GStrv) rows = NULL;
  g_auto (GStrv) images = NULL;
  g_auto (GStrv) masks = NULL;
  g_auto (GStrv) volumes = NULL;
  g_autoptr (GError) error = NULL;
  double progress = 0;

  g_assert_true (pl_phantom_write (folder, &options, count_progress_cb, &progress, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (progress, ==, 1);
  images = list_names (folder, "2d_images");
  masks = list_names (folder, "2d_masks");
  volumes = list_names (folder, "3d_images");
  g_assert_cmpuint (g_strv_length (images), ==, 18);
  g_assert_cmpuint (g_strv_length (masks), ==, 18);
  g_assert_cmpuint (g_strv_length (volumes), ==, 4);
  g_assert_true (g_file_get_contents (csv_path, &csv, NULL, &error));
  rows = g_strsplit (csv, "\n", -1);
  g_assert_cmpuint (g_strv_length (rows), ==, 1 + 18 + 1);
  g_assert_cmpstr (rows[0], ==,
                   "img_id,lung_area_px,lung_area_mm2,lung_volume_fraction,"
                   "lung_mean_hu,lung_pd95_hu,lung_pd05_hu");
  for (int i = 0; i < 18; i++)
    {
      g_autofree char *start = g_strdup_printf ("ID_%04d_Z_", i);

      g_assert_true (g_str_has_prefix (rows[i + 1], start));
      check_row (folder, rows[i + 1]);
    }
  check_volume (folder, 18);
  check_volume (folder, 19);
  pl_scratch_remove (folder);
}

static void
test_cancel (void)
{
  const PlPhantomOptions options = { .n_slices = 40, .n_volumes = 1, .size_px = 32, .seed = 1 };
  g_autofree char *folder = pl_scratch_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (pl_phantom_write (folder, &options, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pl_scratch_remove (folder);
}

static void
test_unwritable_folder (void)
{
  const PlPhantomOptions options = { .n_slices = 1, .size_px = 32, .seed = 1 };
  g_autoptr (GError) error = NULL;

  g_assert_false (pl_phantom_write ("/proc/no-such-folder/x", &options, NULL, NULL, NULL, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/phantom/repeats", test_repeats);
  g_test_add_func ("/image/phantom/same-everywhere", test_same_everywhere);
  g_test_add_func ("/image/phantom/lungs", test_lungs);
  g_test_add_func ("/image/phantom/slices-are-coherent", test_slices_are_coherent);
  g_test_add_func ("/image/phantom/ends-are-empty", test_ends_are_empty);
  g_test_add_func ("/image/phantom/field-of-view", test_field_of_view);
  g_test_add_func ("/image/phantom/threshold-is-not-enough", test_threshold_is_not_enough);
  g_test_add_func ("/image/phantom/threshold-in-3d-is-not-enough",
                   test_threshold_in_3d_is_not_enough);
  g_test_add_func ("/image/phantom/data-set", test_data_set);
  g_test_add_func ("/image/phantom/cancel", test_cancel);
  g_test_add_func ("/image/phantom/unwritable-folder", test_unwritable_folder);
  return g_test_run ();
}
