/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* A mask as runs of equal labels: the predictions of a whole data set are kept so, in a hundredth
 * of their size. Constant once made; reference counted; any thread. */
typedef struct _PlPackedMask PlPackedMask;

PlPackedMask *pl_packed_mask_new (const PlMask *mask);
PlMask *pl_packed_mask_unpack (const PlPackedMask *packed);

/* Voxels that are not background. */
gint64 pl_packed_mask_count (const PlPackedMask *packed);

PlPackedMask *pl_packed_mask_ref (PlPackedMask *packed);
/* Takes NULL. */
void pl_packed_mask_unref (PlPackedMask *packed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlPackedMask, pl_packed_mask_unref)
