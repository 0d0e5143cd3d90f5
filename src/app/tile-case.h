/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/case-item.h"

/* A case of one slice as a tile of the montage needs it: a copy of where its files are, or what
 * they hold while it is live, and what is predicted of it. Constant once made; reference counted;
 * any thread but for _new(). */
typedef struct _PlTileCase PlTileCase;

/* Main thread: as the item is now. */
PlTileCase *pl_tile_case_new (PlCaseItem *item);
PlTileCase *pl_tile_case_ref (PlTileCase *self);
void pl_tile_case_unref (PlTileCase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlTileCase, pl_tile_case_unref)

/* These block unless it is live. (transfer full): NULL with @error set. */
PlVolume *
pl_tile_case_load_image (const PlTileCase *self, GCancellable *cancellable, GError **error);
/* NULL without @error when the case has no mask. */
PlMask *pl_tile_case_load_truth (const PlTileCase *self, GCancellable *cancellable, GError **error);

/* (nullable) (transfer full) */
PlMask *pl_tile_case_dup_prediction (const PlTileCase *self);
/* (nullable): the probability that it was made of, as 0…255. */
const PlMask *pl_tile_case_get_heat (const PlTileCase *self);
/* (nullable) (transfer full): what it is to show instead. */
PlMask *pl_tile_case_ref_preview (const PlTileCase *self);

/* By the header; 1 where it says nothing. */
double pl_tile_case_pixel_mm2 (const PlTileCase *self);
