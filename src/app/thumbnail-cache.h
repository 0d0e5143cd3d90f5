/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

/* Small pictures on disk, a PNG file each, in one folder. Nothing here can fail: a picture that
 * cannot be read is not there, and one that cannot be written is not kept. Any thread; blocks. */

/* Of files that may be larger than this none is read or kept, so that a folder of others' files
 * does no harm. */
#define PL_THUMBNAIL_CACHE_MAX_FILE (64 * 1024)

/* The name of an image's picture, made of its path, size and modification time: another one when
 * the image is written anew. Returns: (transfer full) (nullable): NULL if it cannot be looked at */
char *pl_thumbnail_cache_dup_name (const char *image_path);

/* (transfer full) (nullable): the picture of this name, which then counts as the newest. */
GdkTexture *pl_thumbnail_cache_find (const char *folder, const char *name);

/* The folder is made when it is not there, for its owner alone. */
void pl_thumbnail_cache_keep (const char *folder, const char *name, GdkTexture *picture);

/* Removes the pictures that were not used for the longest time until the others have no more than
 * @max_bytes. */
void pl_thumbnail_cache_trim (const char *folder, gsize max_bytes);
