/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/**
 * pl_case_area_async:
 * @source: copied; it has a mask
 *
 * Counts the voxels of a case's mask that belong to the lungs, in a GTask thread. The number is
 * kept in $XDG_CACHE_HOME/pleura/areas and comes from there the next time.
 */
void pl_case_area_async (const PlCase *source,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data);

/* −1 with @error set when the mask cannot be read. */
gint64 pl_case_area_finish (GAsyncResult *result, GError **error);
