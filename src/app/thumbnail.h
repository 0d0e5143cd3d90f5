/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

#include <gdk/gdk.h>

/**
 * pl_thumbnail_make_async:
 * @path: an image file
 * @volume: (nullable): what is in it, when it has been read whole
 *
 * Draws the middle slice of an image in the lung window, small, in a GTask thread; a volume is read
 * no further than that. The picture is kept in $XDG_CACHE_HOME/pleura/thumbnails and comes from
 * there the next time. @callback comes in the caller's main context.
 */
void pl_thumbnail_make_async (const char *path,
                              PlVolume *volume,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data);

/* (transfer full): or NULL with @error set. */
GdkTexture *pl_thumbnail_make_finish (GAsyncResult *result, GError **error);
