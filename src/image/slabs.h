/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* Puts a file's voxels in their place in memory, a slab of planes at a time, in a thread of its own
 * while the next slab is read. Planes are across the file's last axis, and come in its order. Used
 * by one thread. */
typedef struct _PlSlabs PlSlabs;

/**
 * pl_slabs_new:
 * @volume: borrowed until pl_slabs_free()
 * @voxel_bytes: of the file, at least those of the volume's type
 * @cancellable: (nullable): once it is cancelled nothing more is placed
 *
 * Returns: (nullable): NULL when there is no memory, for pl_slabs_planes() planes
 */
PlSlabs *pl_slabs_new (PlVolume *volume, gsize voxel_bytes, GCancellable *cancellable);

/* Planes that a slab has room for. */
int pl_slabs_planes (const PlSlabs *slabs);

/* The slab to be filled next. Helps with what is not yet placed until it is free. */
guint8 *pl_slabs_next (PlSlabs *slabs);

/* Hands that slab over: voxels of the volume's type, @planes planes from plane @z on. The volume's
 * ready slices or lines grow when they are in place. */
void pl_slabs_place (PlSlabs *slabs, int z, int planes);

/* Helps until all are in place; the memory goes a little later. NULL is let pass. */
void pl_slabs_free (PlSlabs *slabs);
