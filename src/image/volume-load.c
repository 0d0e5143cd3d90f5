/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One door to all image formats. Names are not trusted: many .nii files are compressed, and many
 * .nii.gz files are not. */
#include "image/volume-load.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "image/nifti.h"
#include "image/stream.h"
#include "image/tiff.h"

/* Longest first: ".nii.gz" before ".nii". */
static const char *const endings[] = { ".nii.gz", ".hdr.gz", ".img.gz", ".nii",
                                       ".hdr",    ".img",    ".tiff",   ".tif" };

/* One of @endings, or NULL. */
static const char *
find_ending (const char *path)
{
  gsize length = strlen (path);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      gsize n = strlen (endings[i]);

      if (length > n && g_ascii_strcasecmp (path + length - n, endings[i]) == 0)
        return endings[i];
    }
  return NULL;
}

static gboolean
is_voxel_file (const char *path)
{
  const char *ending = find_ending (path);

  return ending != NULL && g_str_has_prefix (ending, ".img");
}

static gboolean
detect_format (const char *path, gboolean *is_nifti, GError **error)
{
  g_autoptr (PlStream) stream = NULL;
  guint8 bytes[16];
  gsize n;

  *is_nifti = is_voxel_file (path);
  if (*is_nifti)
    return TRUE;
  stream = pl_stream_open (path, error);
  if (stream == NULL || !pl_stream_read_some (stream, bytes, sizeof bytes, &n, error))
    return FALSE;
  *is_nifti = pl_nifti_is (bytes, n);
  if (*is_nifti || pl_tiff_is (bytes, n))
    return TRUE;
  g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT,
               n == 0 ? _ ("%s: it is empty") : _ ("%s: it is neither a NIfTI nor a TIFF file"),
               path);
  return FALSE;
}

gboolean
pl_image_read_header (const char *path, int slice_axis, PlImageHeader *header, GError **error)
{
  gboolean is_nifti;

  if (!detect_format (path, &is_nifti, error) ||
      !(is_nifti ? pl_nifti_read_header (path, header, error)
                 : pl_tiff_read_header (path, header, error)))
    return FALSE;
  if (slice_axis >= 0)
    pl_header_choose_axes (header, slice_axis);
  return TRUE;
}

PlVolume *
pl_volume_load (const char *path,
                const PlLoadOptions *options,
                GCancellable *cancellable,
                GError **error)
{
  const PlLoadOptions defaults = PL_LOAD_OPTIONS_DEFAULT;
  gboolean is_nifti;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !detect_format (path, &is_nifti, error))
    return NULL;
  if (options == NULL)
    options = &defaults;
  return is_nifti ? pl_nifti_load (path, options, cancellable, error)
                  : pl_tiff_load (path, options, cancellable, error);
}

PlMask *
pl_mask_load (const char *path,
              const PlImageHeader *like,
              GCancellable *cancellable,
              GError **error)
{
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  g_autoptr (PlVolume) volume = NULL;

  options.like = like;
  volume = pl_volume_load (path, &options, cancellable, error);
  return volume != NULL ? pl_mask_new_from_volume (volume, error) : NULL;
}

/* What a loading thread needs. */
typedef struct
{
  char *path;
  PlLoadOptions options;
  PlImageHeader like; /* what options.like points to, if set */
} LoadJob;

static void
free_load_job (gpointer data)
{
  LoadJob *job = data;

  g_free (job->path);
  g_free (job);
}

static void
load_thread_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const LoadJob *job = data;
  GError *error = NULL;
  PlVolume *volume = pl_volume_load (job->path, &job->options, cancellable, &error);

  if (volume != NULL)
    g_task_return_pointer (task, volume, (GDestroyNotify) pl_volume_unref);
  else
    g_task_return_error (task, error);
}

void
pl_volume_load_async (const char *path,
                      const PlLoadOptions *options,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  LoadJob *job = g_new0 (LoadJob, 1);

  job->path = g_strdup (path);
  job->options = options != NULL ? *options : PL_LOAD_OPTIONS_DEFAULT;
  if (job->options.like != NULL)
    {
      job->like = *job->options.like;
      job->options.like = &job->like;
    }
  g_task_set_source_tag (task, pl_volume_load_async);
  g_task_set_task_data (task, job, free_load_job);
  g_task_run_in_thread (task, load_thread_cb);
}

PlVolume *
pl_volume_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, pl_volume_load_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
pl_image_name_is_supported (const char *path)
{
  const char *ending = find_ending (path);
  g_autofree char *voxel_path = NULL;

  if (ending == NULL || is_voxel_file (path))
    return FALSE;
  if (!g_str_has_prefix (ending, ".hdr"))
    return TRUE;
  voxel_path = pl_nifti_dup_voxel_path (path);
  return voxel_path != NULL;
}

char *
pl_image_dup_stem (const char *path)
{
  char *stem = g_path_get_basename (path);
  const char *ending = find_ending (stem);

  if (ending != NULL)
    stem[strlen (stem) - strlen (ending)] = '\0';
  return stem;
}
