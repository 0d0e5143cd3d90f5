/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* A case of one slice whose tile is in sight while a training, or one of its epochs, is looked at:
 * what its files hold, read once, and what is predicted of it at the moment. Constant once made;
 * reference counted; any thread. */
typedef struct
{
  /* Owned */
  PlVolume *volume;
  PlMask *truth;   /* (nullable) */
  PlMask *preview; /* (nullable) */

  double dice; /* of the preview; NaN when it is not known */
} PlLiveCase;

/* All are referenced. Dice is counted: 0.5 ms at 512 × 512. */
PlLiveCase *pl_live_case_new (PlVolume *volume, PlMask *truth, PlMask *preview);
PlLiveCase *pl_live_case_ref (PlLiveCase *self);
/* Takes NULL. */
void pl_live_case_unref (PlLiveCase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlLiveCase, pl_live_case_unref)

/* Of voxels and labels. */
gsize pl_live_case_get_bytes (const PlLiveCase *self);
