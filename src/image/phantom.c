/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the made-up patients of phantom-thorax.c as a data set. Slices are drawn and written in
 * parallel, a batch at a time, so that progress and cancelling stay with the caller's thread. */
#include "image/phantom.h"

#include "base/file.h"
#include "base/parallel.h"
#include "base/random.h"
#include "image/mask.h"
#include "image/mask-stats.h"
#include "image/nifti-write.h"
#include "image/phantom-draw.h"
#include "image/tiff-write.h"

#include <string.h>

enum
{
  BATCH = 16,
  SLICE_STREAM = 1 << 24, /* of random numbers, past those of the patients */
};

/* Of the slices' height: where there is lung in every patient. */
#define LOWEST 0.26
#define HIGHEST 0.87

static double
find_height (const PlThorax *thorax, int n_slices, int slice)
{
  return (slice + 0.5) / n_slices * thorax->height_mm;
}

void
pl_phantom_draw (
    guint64 seed, int patient, int size_px, int n_slices, int slice, gint16 *hu, guint8 *mask)
{
  g_autoptr (PlThorax) thorax = pl_thorax_new (seed, patient);

  pl_thorax_draw (thorax, find_height (thorax, n_slices, slice), size_px, hu, mask);
}

static void
stretch_to_255 (guint8 *labels, gsize n)
{
  for (gsize i = 0; i < n; i++)
    labels[i] = labels[i] != 0 ? 255 : 0;
}

/* What is written for one patient of whom there is one slice. */
typedef struct
{
  const char *folder;
  const PlPhantomOptions *options;
  GCancellable *cancellable;
  int first; /* patient of item 0 */

  /* Owned; one an item */
  char *rows[BATCH]; /* of lung_stats.csv */
  GError *errors[BATCH];
} SliceBatch;

/* The statistics' numbers as text that reads back as the same number, in every locale. */
static char *
make_csv_row (const char *name, const PlMaskStats *stats)
{
  const double values[] = { stats->area_mm2, stats->volume_fraction, stats->mean_hu, stats->pd95_hu,
                            stats->pd05_hu };
  GString *row = g_string_new (name);

  g_string_append_printf (row, ",%" G_GINT64_FORMAT, stats->area_px);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];
      g_string_append_printf (row, ",%s", g_ascii_dtostr (text, sizeof text, values[i]));
    }
  g_string_append_c (row, '\n');
  return g_string_free (row, FALSE);
}

/* Takes @labels. */
static char *
measure_slice (
    const char *name, int size, double pixel_mm, const gint16 *hu, guint8 *labels, GError **error)
{
  PlImageHeader header = {
    .format = PL_FORMAT_TIFF,
    .shape = { 1, size, size },
    .stored = PL_DTYPE_INT16,
    .n_samples = 1,
    .pages = 1,
    .has_spacing = TRUE,
    .spacing_mm = { 1, pixel_mm, pixel_mm },
    .slope = 1,
  };
  const int n[3] = { 1, size, size };
  g_autoptr (PlMask) mask = pl_mask_new_take (n, labels);
  g_autoptr (PlVolume) volume = NULL;
  PlMaskStats stats;

  pl_header_choose_axes (&header, 0);
  volume = pl_volume_new (&header, PL_DTYPE_INT16, NULL, error);
  if (volume == NULL)
    return NULL;
  memcpy (volume->voxels, hu, (gsize) size * (gsize) size * sizeof *hu);
  pl_volume_set_ready_slices (volume, 1);
  pl_mask_stats (volume, mask, 0, 0, 1, &stats);
  return make_csv_row (name, &stats);
}

static void
write_slice (void *data, size_t index, int worker)
{
  SliceBatch *batch = data;
  int size = batch->options->size_px;
  int patient = batch->first + (int) index;
  const int n[3] = { 1, size, size };
  gsize n_pixels = (gsize) size * (gsize) size;
  GError **error = &batch->errors[index];
  g_autofree gint16 *hu = g_new (gint16, n_pixels);
  g_autofree guint8 *labels = g_new (guint8, n_pixels);
  g_autoptr (PlThorax) thorax = pl_thorax_new (batch->options->seed, patient);
  const double spacing_mm[3] = { 0, thorax->fov_mm / size, thorax->fov_mm / size };
  g_autofree char *name = NULL;
  g_autofree char *image = NULL;
  g_autofree char *mask = NULL;
  PlRandom random;
  int n_slices, slice;

  pl_random_init (&random, batch->options->seed, SLICE_STREAM + (guint64) patient);
  n_slices = 120 + (int) pl_random_below (&random, 200);
  slice = (int) (pl_random_between (&random, LOWEST, HIGHEST) * n_slices);
  name = g_strdup_printf ("ID_%04d_Z_%04d.tif", patient, slice);
  image = g_build_filename (batch->folder, "2d_images", name, NULL);
  mask = g_build_filename (batch->folder, "2d_masks", name, NULL);
  pl_thorax_draw (thorax, find_height (thorax, n_slices, slice), size, hu, labels);
  batch->rows[index] =
      measure_slice (name, size, spacing_mm[1], hu, g_memdup2 (labels, n_pixels), error);
  if (batch->rows[index] == NULL)
    return;
  stretch_to_255 (labels, n_pixels);
  if (pl_tiff_write (image, n, PL_DTYPE_INT16, hu, spacing_mm, batch->cancellable, error))
    pl_tiff_write (mask, n, PL_DTYPE_UINT8, labels, spacing_mm, batch->cancellable, error);
}

/* Adds the batch's rows to @csv, or hands on its first error. */
static gboolean
collect_batch (SliceBatch *batch, GString *csv, GError **error)
{
  gboolean ok = TRUE;

  for (int i = 0; i < BATCH; i++)
    {
      if (batch->errors[i] != NULL && ok)
        {
          g_propagate_error (error, g_steal_pointer (&batch->errors[i]));
          ok = FALSE;
        }
      g_clear_error (&batch->errors[i]);
      if (batch->rows[i] != NULL)
        g_string_append (csv, batch->rows[i]);
      g_clear_pointer (&batch->rows[i], g_free);
    }
  return ok;
}

/* The data set under way: slices count one, volumes as many as they have. */
typedef struct
{
  const char *folder;
  const PlPhantomOptions *options;
  void (*progress) (double fraction, gpointer data);
  gpointer data;
  GCancellable *cancellable;
  int n_done;
  int n_all;
} Writing;

static gboolean
advance (Writing *writing, int n, GError **error)
{
  writing->n_done += n;
  if (writing->progress != NULL)
    writing->progress ((double) writing->n_done / writing->n_all, writing->data);
  return !g_cancellable_set_error_if_cancelled (writing->cancellable, error);
}

static gboolean
write_slices (Writing *writing, GError **error)
{
  const PlPhantomOptions *options = writing->options;
  g_autoptr (GString) csv = g_string_new ("img_id,lung_area_px,lung_area_mm2,lung_volume_fraction,"
                                          "lung_mean_hu,lung_pd95_hu,lung_pd05_hu\n");
  g_autofree char *path = g_build_filename (writing->folder, "lung_stats.csv", NULL);

  for (int first = 0; first < options->n_slices; first += BATCH)
    {
      int n = MIN (BATCH, options->n_slices - first);
      SliceBatch batch = {
        .folder = writing->folder,
        .options = options,
        .cancellable = writing->cancellable,
        .first = first,
      };

      pl_parallel_for ((size_t) n, write_slice, &batch);
      if (!collect_batch (&batch, csv, error) || !advance (writing, n, error))
        return FALSE;
    }
  return pl_file_replace (path, csv->str, csv->len, error);
}

typedef struct
{
  const PlThorax *thorax;
  int size;
  int n_slices;
  int first; /* slice of item 0 */
  gint16 *hu;
  guint8 *labels;
} VolumeDrawing;

static void
draw_volume_slice (void *data, size_t index, int worker)
{
  const VolumeDrawing *drawing = data;
  int slice = drawing->first + (int) index;
  gsize start = (gsize) slice * (gsize) drawing->size * (gsize) drawing->size;

  pl_thorax_draw (drawing->thorax, find_height (drawing->thorax, drawing->n_slices, slice),
                  drawing->size, drawing->hu + start, drawing->labels + start);
}

/* As Kaggle's: the slices are the file's first axis, and the affine, a bare diagonal, does not say
 * that they run from the feet to the head. */
static PlImageHeader
make_volume_header (const PlThorax *thorax, int n_slices, int size)
{
  double pixel_mm = thorax->fov_mm / size;
  PlImageHeader header = {
    .format = PL_FORMAT_NIFTI1,
    .shape = { n_slices, size, size },
    .stored = PL_DTYPE_INT16,
    .n_samples = 1,
    .pages = 1,
    .has_spacing = TRUE,
    .spacing_mm = { thorax->height_mm / n_slices, pixel_mm, pixel_mm },
    .has_affine = TRUE,
    .slope = 1,
  };

  for (int i = 0; i < 3; i++)
    header.affine[i][i] = header.spacing_mm[i];
  pl_header_choose_axes (&header, -1);
  return header;
}

static gboolean
write_volume_files (const Writing *writing,
                    int patient,
                    const VolumeDrawing *drawing,
                    GError **error)
{
  PlImageHeader header = make_volume_header (drawing->thorax, drawing->n_slices, drawing->size);
  g_autofree char *image_name = g_strdup_printf ("IMG_%04d.nii.gz", patient);
  g_autofree char *mask_name = g_strdup_printf ("MASK_%04d.nii.gz", patient);
  g_autofree char *image = g_build_filename (writing->folder, "3d_images", image_name, NULL);
  g_autofree char *mask = g_build_filename (writing->folder, "3d_images", mask_name, NULL);

  return pl_nifti_write (image, &header, PL_DTYPE_INT16, drawing->hu, 1, 0, writing->cancellable,
                         error) &&
         pl_nifti_write (mask, &header, PL_DTYPE_UINT8, drawing->labels, 1, 0, writing->cancellable,
                         error);
}

/* Between 40 and 64 slices, but not as many as a slice has rows: the slice axis could not be told.
 */
static int
choose_volume_slices (const PlPhantomOptions *options, int patient)
{
  PlRandom random;
  int n;

  pl_random_init (&random, options->seed, SLICE_STREAM + (guint64) patient);
  n = 40 + (int) pl_random_below (&random, 24);
  return n == options->size_px ? n + 1 : n;
}

static gboolean
write_volume (Writing *writing, int patient, GError **error)
{
  const PlPhantomOptions *options = writing->options;
  g_autoptr (PlThorax) thorax = pl_thorax_new (options->seed, patient);
  int n_slices = choose_volume_slices (options, patient);
  gsize n_voxels = (gsize) n_slices * (gsize) options->size_px * (gsize) options->size_px;
  g_autofree gint16 *hu = g_new (gint16, n_voxels);
  g_autofree guint8 *labels = g_new (guint8, n_voxels);
  VolumeDrawing drawing = { thorax, options->size_px, n_slices, 0, hu, labels };

  for (; drawing.first < n_slices; drawing.first += BATCH)
    {
      int n = MIN (BATCH, n_slices - drawing.first);

      pl_parallel_for ((size_t) n, draw_volume_slice, &drawing);
      if (!advance (writing, n, error))
        return FALSE;
    }
  stretch_to_255 (labels, n_voxels);
  return write_volume_files (writing, patient, &drawing, error);
}

static gboolean
make_folders (const char *folder, const PlPhantomOptions *options, GError **error)
{
  g_autofree char *images = g_build_filename (folder, "2d_images", NULL);
  g_autofree char *masks = g_build_filename (folder, "2d_masks", NULL);
  g_autofree char *volumes = g_build_filename (folder, "3d_images", NULL);

  return pl_file_make_folder (images, error) && pl_file_make_folder (masks, error) &&
         (options->n_volumes == 0 || pl_file_make_folder (volumes, error));
}

gboolean
pl_phantom_write (const char *folder,
                  const PlPhantomOptions *options,
                  void (*progress) (double fraction, gpointer data),
                  gpointer data,
                  GCancellable *cancellable,
                  GError **error)
{
  Writing writing = { folder, options, progress, data, cancellable };

  g_assert (options->size_px >= 32 && options->n_slices >= 0 && options->n_volumes >= 0);
  writing.n_all = options->n_slices;
  for (int i = 0; i < options->n_volumes; i++)
    writing.n_all += choose_volume_slices (options, options->n_slices + i);
  if (!make_folders (folder, options, error) || !write_slices (&writing, error))
    return FALSE;
  for (int i = 0; i < options->n_volumes; i++)
    if (!write_volume (&writing, options->n_slices + i, error))
      return FALSE;
  return TRUE;
}
