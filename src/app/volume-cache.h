/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/* Volumes that were looked at, with the truth that belongs to them, so that going back to a case
 * needs no reading: those seen last, as many as a bound of memory allows. Main thread. */
typedef struct _PlVolumeCache PlVolumeCache;

PlVolumeCache *pl_volume_cache_new (void); /* of 0 bytes */
/* Takes NULL. */
void pl_volume_cache_free (PlVolumeCache *self);

/* Bytes of all that is kept, the volume kept or found last included; that one stays even if it is
 * larger than all. What is too much goes at once. */
void pl_volume_cache_set_max_bytes (PlVolumeCache *self, gsize max_bytes);

/* What the files of a case are now, and how they are read: take it before reading them. NULL for
 * what is not kept: a file that cannot be looked at, or one of a pair (.hdr with .img). */
char *pl_volume_cache_dup_key (const PlCase *source);

/* Makes room for the volume and the mask of a case that are going to be read. */
void pl_volume_cache_make_room (PlVolumeCache *self, const PlCase *source);

/* @volume: whole. @truth: (nullable). Takes the place of what the same file was before. */
void pl_volume_cache_keep (PlVolumeCache *self, const char *key, PlVolume *volume, PlMask *truth);

/* (nullable) (transfer full): the volume that was kept under this key.
 * @truth: (out) (nullable) (transfer full): its mask, set with it */
PlVolume *pl_volume_cache_find (PlVolumeCache *self, const char *key, PlMask **truth);

void pl_volume_cache_clear (PlVolumeCache *self);

/* Bytes of voxels and labels. */
gsize pl_volume_cache_get_bytes (const PlVolumeCache *self);
