/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* A field of a file's header as the format calls it ("pixdim", "ImageDescription"), and what stands
 * there, in text: numbers with a point for the decimals, valid UTF-8 that is cut when long. */
typedef struct
{
  char *name;
  char *value;
} PlHeaderField;

/**
 * pl_image_read_fields:
 * @format: of the file, as its header says
 *
 * What a file says of itself, of a TIFF file on its first page. Fields that are empty are left out.
 * Any thread; blocks.
 *
 * Returns: (transfer full) (element-type PlHeaderField): in the order of the format, or NULL with
 *   @error set when the file cannot be read
 */
GPtrArray *pl_image_read_fields (const char *path, PlFormat format, GError **error);
