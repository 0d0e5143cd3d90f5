/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Predictions as files in the image's own format and geometry. */
#include "train/predictor.h"

#include "base/file.h"
#include "image/nifti-write.h"
#include "image/reorder.h"
#include "image/tiff-write.h"

#include <glib/gi18n-lib.h>

/* From memory order to the order of the TIFF file's pages, rows and columns, which differ only when
 * another slice axis was chosen. */
static void *
reorder_to_file (const PlVolume *volume, gsize element, const void *voxels)
{
  const PlImageHeader *header = &volume->header;
  const gssize from_stride[3] = { (gssize) volume->n[1] * volume->n[2], volume->n[2], 1 };
  const gssize file_stride[3] = { (gssize) header->shape[1] * header->shape[2], header->shape[2],
                                  1 };
  gsize n = (gsize) volume->n[0] * (gsize) volume->n[1] * (gsize) volume->n[2];
  gssize to_stride[3];
  guint8 *out = g_malloc_n (n, element);
  guint8 *start = out;

  for (int i = 0; i < 3; i++)
    {
      gssize stride = file_stride[header->axis[i]];

      to_stride[i] = header->flip[i] ? -stride : stride;
      if (header->flip[i])
        start += (gsize) (stride * (volume->n[i] - 1)) * element;
    }
  pl_reorder (element, volume->n, voxels, from_stride, start, to_stride);
  return out;
}

static gboolean
write_tiff (const char *path,
            const PlVolume *volume,
            PlDType type,
            const void *voxels,
            GCancellable *cancellable,
            GError **error)
{
  const PlImageHeader *header = &volume->header;
  const double spacing_mm[3] = { header->has_page_spacing ? header->spacing_mm[0] : 0,
                                 header->spacing_mm[1], header->spacing_mm[2] };
  g_autofree void *ordered = reorder_to_file (volume, pl_dtype_size (type), voxels);

  return pl_tiff_write (path, header->shape, type, ordered, header->has_spacing ? spacing_mm : NULL,
                        cancellable, error);
}

static gboolean
write_voxels (const char *path,
              const PlVolume *volume,
              PlDType type,
              const void *voxels,
              GCancellable *cancellable,
              GError **error)
{
  if (volume->header.format == PL_FORMAT_TIFF)
    return write_tiff (path, volume, type, voxels, cancellable, error);
  return pl_nifti_write (path, &volume->header, type, voxels, 1, 0, cancellable, error);
}

static gboolean
write_mask (const PlPrediction *prediction,
            const PlVolume *volume,
            int n_classes,
            const char *path,
            GCancellable *cancellable,
            GError **error)
{
  const PlMask *mask = prediction->mask;
  gsize n = (gsize) mask->n[0] * (gsize) mask->n[1] * (gsize) mask->n[2];
  g_autofree guint8 *shown = NULL;

  if (n_classes > 1)
    return write_voxels (path, volume, PL_DTYPE_UINT8, mask->labels, cancellable, error);
  shown = g_malloc (n);
  for (gsize i = 0; i < n; i++)
    shown[i] = mask->labels[i] != 0 ? 255 : 0;
  return write_voxels (path, volume, PL_DTYPE_UINT8, shown, cancellable, error);
}

static char *
dup_probability_path (const PlVolume *volume, const char *folder, const char *mask_name)
{
  g_autofree char *mask_stem = pl_image_dup_stem (mask_name);
  g_autofree char *stem = pl_image_dup_stem (volume->path);
  g_autofree char *name = g_strconcat (stem, "_probability", mask_name + strlen (mask_stem), NULL);

  return g_build_filename (folder, name, NULL);
}

gboolean
pl_prediction_write (const PlPrediction *prediction,
                     const PlVolume *volume,
                     int n_classes,
                     const char *folder,
                     char **written,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autofree char *name = pl_prediction_name (volume->path);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  if (!pl_file_make_folder (folder, error) ||
      !write_mask (prediction, volume, n_classes, path, cancellable, error))
    return FALSE;
  if (prediction->probability != NULL)
    {
      g_autofree char *probability_path = dup_probability_path (volume, folder, name);

      if (!write_voxels (probability_path, volume, PL_DTYPE_FLOAT32, prediction->probability,
                         cancellable, error))
        return FALSE;
    }
  if (written != NULL)
    *written = g_steal_pointer (&path);
  return TRUE;
}
