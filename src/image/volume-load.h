/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* Loading of any supported image file: the format is told by content, not by name (except that
 * .hdr and .img name a pair). */

/* Called in the loading thread, from time to time. @volume is the volume under way, in which
 * pl_volume_ready_slices() are ready; the callee may keep a reference. @fraction is 0…1. */
typedef void (*PlLoadProgress) (PlVolume *volume, double fraction, gpointer data);

typedef struct
{
  int page;                  /* which volume of a 4D file, from 0; without @like */
  int slice_axis;            /* −1: by rule; else the file axis */
  const PlImageHeader *like; /* (nullable): a mask takes axes and flips from its image's header, and
                                of a 4D mask the same volume; another shape is
                                PL_IMAGE_ERROR_MISMATCH */
  PlLoadProgress progress;   /* (nullable) */
  gpointer progress_data;
} PlLoadOptions;

#define PL_LOAD_OPTIONS_DEFAULT ((PlLoadOptions){ .slice_axis = -1 })

/**
 * pl_image_read_header:
 * @path: a .nii, .nii.gz, .hdr or .img of a pair, or TIFF file
 * @slice_axis: −1: by rule
 *
 * Reads the header alone: cheap, also for large files. Any thread; blocks.
 *
 * Returns: FALSE with @error set to PL_IMAGE_ERROR or G_IO_ERROR / G_FILE_ERROR
 */
gboolean
pl_image_read_header (const char *path, int slice_axis, PlImageHeader *header, GError **error);

/**
 * pl_volume_load:
 * @options: (nullable): NULL for the defaults
 * @cancellable: (nullable): looked at at least every few milliseconds
 *
 * Reads a volume. The header is checked before voxels are allocated. Any thread; blocks.
 *
 * Returns: (transfer full): the volume, or NULL with @error set
 */
PlVolume *pl_volume_load (const char *path,
                          const PlLoadOptions *options,
                          GCancellable *cancellable,
                          GError **error);

/* A mask file, in the memory order of the image that @like belongs to: pl_volume_load() and
 * pl_mask_new_from_volume(). */
PlMask *pl_mask_load (const char *path,
                      const PlImageHeader *like,
                      GCancellable *cancellable,
                      GError **error);

/**
 * pl_volume_load_async:
 * @options: (nullable): copied; progress is called in the loading thread
 *
 * pl_volume_load() in a GTask thread. @callback comes in the caller's main context.
 */
void pl_volume_load_async (const char *path,
                           const PlLoadOptions *options,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data);
PlVolume *pl_volume_load_finish (GAsyncResult *result, GError **error);

/* TRUE if a file of this name is an image by its ending: .nii, .nii.gz, .hdr (with .img beside
 * it), .tif, .tiff; any case. */
gboolean pl_image_name_is_supported (const char *path);

/* The base name without its image ending: "a/IMG_1.nii.gz" gives "IMG_1". */
char *pl_image_dup_stem (const char *path);
