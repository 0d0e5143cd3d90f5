/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <tiffio.h>

#include "image/image-error.h"

/* An open TIFF file. libtiff's errors are kept here, its warnings dropped: nothing reaches stderr.
 * One thread at a time. */
typedef struct
{
  char *path;
  guint64 file_size; /* 0 when writing */
  char *message;     /* (nullable): first error of libtiff since pl_tiff_file_forget() */

  /* Owned */
  TIFF *tif;
} PlTiffFile;

/* Returns: (transfer full): the file at its first directory, or NULL with @error set */
PlTiffFile *pl_tiff_file_open (const char *path, GError **error);

/**
 * pl_tiff_file_create:
 * @path: for messages
 * @fd: a descriptor to write to, open for reading too; not taken over
 * @is_big: whether to write BigTIFF
 */
PlTiffFile *pl_tiff_file_create (const char *path, int fd, gboolean is_big, GError **error);

/* Drops the message kept, before a call whose own is wanted. */
void pl_tiff_file_forget (PlTiffFile *file);

/* What libtiff said, or else @otherwise. */
const char *pl_tiff_file_message (const PlTiffFile *file, const char *otherwise);

/* Takes NULL. */
void pl_tiff_file_free (PlTiffFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlTiffFile, pl_tiff_file_free)
