/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slice files into one volume and back, voxel for voxel. One file cannot lose a slice on the way,
 * as a folder of 300 can. */
#include "image/bundle.h"

#include <glib/gi18n-lib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "image/nifti-write.h"
#include "image/tiff-write.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

/* Paths of the images of a folder, by name. */
static GPtrArray *
list_images (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = pl_file_open_folder (folder, error);
  const char *name;

  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.' && pl_image_name_is_supported (name))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_dir_close (dir);
  g_ptr_array_sort (paths, compare_names);
  return g_steal_pointer (&paths);
}

/* A slice in a file of its own seldom tells where the next one is: NIfTI has a third length that
 * means nothing there. */
static gboolean
tells_step (const PlVolume *slices)
{
  const PlImageHeader *header = &slices->header;

  return header->format == PL_FORMAT_TIFF ? header->has_page_spacing
                                          : header->has_spacing && slices->n[0] > 1;
}

static void
find_spacing (const PlVolume *first, double step_mm, PlBundle *bundle)
{
  bundle->knows_pixels = first->header.has_spacing;
  bundle->knows_step = step_mm > 0 || tells_step (first);
  bundle->step_mm = step_mm > 0 ? step_mm : bundle->knows_step ? first->spacing_mm[0] : 1;
}

/* Columns, rows, slices. Names do not tell whether slices follow each other towards the head or
 * the feet, nor do TIFF files tell left from right: so there is no affine. */
static PlImageHeader
make_stack_header (const PlVolume *slice, const PlBundle *bundle)
{
  return (PlImageHeader){
    .format = PL_FORMAT_NIFTI1,
    .shape = { slice->n[2], slice->n[1], bundle->n_slices },
    .stored = slice->type,
    .n_samples = 1,
    .pages = 1,
    .has_spacing = bundle->knows_pixels && bundle->knows_step,
    .spacing_mm = { slice->spacing_mm[2], slice->spacing_mm[1], bundle->step_mm },
    .slope = 1,
    .slice_axis = 2,
    .axis = { 2, 1, 0 },
  };
}

/* Appends the slices of @path to @voxels; the first file decides size and type. */
static gboolean
append_slices (const char *path,
               PlVolume **first,
               GByteArray *voxels,
               int *n_slices,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (PlVolume) volume = pl_volume_load (path, NULL, cancellable, error);
  gsize n_bytes;

  if (volume == NULL)
    return FALSE;
  if (*first != NULL && (volume->n[1] != (*first)->n[1] || volume->n[2] != (*first)->n[2] ||
                         volume->type != (*first)->type || volume->slope != (*first)->slope ||
                         volume->intercept != (*first)->intercept))
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_MISMATCH,
                   _ ("%s: %d × %d pixels of %s do not fit the first slice, %d × %d of %s"), path,
                   volume->n[1], volume->n[2], pl_dtype_name (volume->type), (*first)->n[1],
                   (*first)->n[2], pl_dtype_name ((*first)->type));
      return FALSE;
    }
  n_bytes = (gsize) volume->n[0] * (gsize) volume->n[1] * (gsize) volume->n[2] *
            pl_dtype_size (volume->type);
  if (voxels->len + n_bytes > G_MAXUINT)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE,
                   _ ("%s: the volume would pass 4 GiB"), path);
      return FALSE;
    }
  g_byte_array_append (voxels, volume->voxels, (guint) n_bytes);
  *n_slices += volume->n[0];
  if (*first == NULL)
    *first = g_steal_pointer (&volume);
  return TRUE;
}

static gboolean
is_same_file (const char *a, const char *b)
{
  struct stat info_a, info_b;

  return stat (a, &info_a) == 0 && stat (b, &info_b) == 0 && info_a.st_dev == info_b.st_dev &&
         info_a.st_ino == info_b.st_ino;
}

static gboolean
check_output (const char *folder, const GPtrArray *paths, const char *out_path, GError **error)
{
  if (paths->len == 0)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT,
                   _ ("%s: there are no images in this folder"), folder);
      return FALSE;
    }
  for (guint i = 0; i < paths->len; i++)
    if (is_same_file (g_ptr_array_index (paths, i), out_path))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("%s is one of the slices"),
                     out_path);
        return FALSE;
      }
  return TRUE;
}

gboolean
pl_bundle_slices (const char *folder,
                  const char *out_path,
                  double step_mm,
                  PlBundle *bundle,
                  PlBundleProgress progress,
                  gpointer data,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GPtrArray) paths = list_images (folder, error);
  g_autoptr (GByteArray) voxels = g_byte_array_new ();
  g_autoptr (PlVolume) first = NULL;
  PlBundle joined = { .n_slices = 0 };
  PlImageHeader header;

  if (paths == NULL || !check_output (folder, paths, out_path, error))
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    {
      if (!append_slices (g_ptr_array_index (paths, i), &first, voxels, &joined.n_slices,
                          cancellable, error))
        return FALSE;
      if (progress != NULL)
        progress ((double) (i + 1) / (paths->len + 1), data);
    }
  find_spacing (first, step_mm, &joined);
  header = make_stack_header (first, &joined);
  if (!pl_nifti_write (out_path, &header, first->type, voxels->data, first->slope, first->intercept,
                       cancellable, error))
    return FALSE;
  *bundle = joined;
  return TRUE;
}

const char *
pl_bundle_get_warning (const PlBundle *bundle)
{
  if (!bundle->knows_step && !bundle->knows_pixels)
    return _ ("Distance of slices and size of pixels are not known: 1 mm is assumed");
  if (!bundle->knows_step)
    return _ ("The distance of slices is not known: 1 mm is assumed");
  if (!bundle->knows_pixels)
    return _ ("The size of pixels is not known: 1 mm is assumed");
  return NULL;
}

/* Slice @slice in the volume's own type; TIFF has no slope, so a scaled volume goes out as values.
 */
static gboolean
write_slice (
    const PlVolume *volume, int slice, const char *path, GCancellable *cancellable, GError **error)
{
  const int n[3] = { 1, volume->n[1], volume->n[2] };
  gsize n_pixels = (gsize) n[1] * (gsize) n[2];
  g_autofree double *values = NULL;
  double spacing_mm[3];

  pl_tiff_get_told_spacing (volume, spacing_mm);
  if (volume->slope == 1 && volume->intercept == 0)
    {
      const guint8 *voxels = volume->voxels;

      return pl_tiff_write (path, n, volume->type,
                            voxels + (gsize) slice * n_pixels * pl_dtype_size (volume->type),
                            spacing_mm, cancellable, error);
    }
  values = g_new (double, n_pixels);
  for (int r = 0; r < n[1]; r++)
    for (int c = 0; c < n[2]; c++)
      values[(gsize) r * (gsize) n[2] + (gsize) c] = pl_volume_value (volume, slice, r, c);
  return pl_tiff_write (path, n, PL_DTYPE_FLOAT64, values, spacing_mm, cancellable, error);
}

int
pl_unbundle_volume (const char *path,
                    const PlLoadOptions *options,
                    const char *folder,
                    PlBundleProgress progress,
                    gpointer data,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (PlVolume) volume = pl_volume_load (path, options, cancellable, error);
  g_autofree char *stem = pl_image_dup_stem (path);
  int n_digits;

  if (volume == NULL || !pl_file_make_folder (folder, error))
    return 0;
  n_digits = volume->n[0] > 10000 ? 6 : 4; /* names sort as slices do */
  for (int s = 0; s < volume->n[0]; s++)
    {
      g_autofree char *name = g_strdup_printf ("%s_Z_%0*d.tif", stem, n_digits, s);
      g_autofree char *slice_path = g_build_filename (folder, name, NULL);

      if (!write_slice (volume, s, slice_path, cancellable, error))
        return 0;
      if (progress != NULL)
        progress ((double) (s + 1) / volume->n[0], data);
    }
  return volume->n[0];
}
