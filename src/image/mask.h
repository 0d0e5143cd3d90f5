/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* A label a voxel, in the memory order of the volume it belongs to. Constant once made; reference
 * counted. */
typedef struct
{
  int n[3];
  guint8 *labels; /* 0 background, 1…K; owned */
  int max_label;  /* largest label in it; 0 when empty */
  gint ref_count;
} PlMask;

/* Takes @labels (g_malloc()ed, n[0]·n[1]·n[2] of them) and finds max_label. */
PlMask *pl_mask_new_take (const int n[3], guint8 *labels);

/* Labels of a volume that was read from a mask file: the integers 0…K; if its only values are 0
 * and one other of 255, 1 or 65535, that one is 1. Anything else is PL_IMAGE_ERROR_FORMAT. */
PlMask *pl_mask_new_from_volume (const PlVolume *volume, GError **error);

PlMask *pl_mask_ref (PlMask *mask);
void pl_mask_unref (PlMask *mask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlMask, pl_mask_unref)

/* The rows × columns labels of slice @slice; valid as long as the mask. */
const guint8 *pl_mask_slice (const PlMask *mask, int slice);
