/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* Pictures of a volume along its three axes, as radiologists hang them. */

typedef enum
{
  PL_PLANE_AXIAL,
  PL_PLANE_CORONAL,
  PL_PLANE_SAGITTAL,
} PlPlaneKind;

#define PL_N_PLANES 3

/* How a plane lies in the volume. Its pixel (0, 0) is at the top left. */
typedef struct
{
  int held;             /* the memory axis it is across: 0 slices, 1 rows, 2 columns */
  int down;             /* the memory axis that the picture's rows follow */
  int across;           /* … and its columns */
  gboolean flip_down;   /* the rows follow it backwards */
  gboolean flip_across; /* … the columns */
  char left;            /* what lies at the edges: R, L, A, P, S or I; 0 where not known */
  char right;
  char top;
  char bottom;
} PlReslice;

/**
 * pl_reslice_find:
 *
 * Axial and coronal planes have the patient's right on the left; axial ones the front, coronal and
 * sagittal ones the head at the top; sagittal ones the front on the left. Where the volume's
 * orientation is not known the planes hold slices, rows and columns in turn, the slices run
 * upwards, and nothing else is flipped.
 */
PlReslice pl_reslice_find (const PlVolume *volume, PlPlaneKind kind);

/* The volume's slices as they lie in memory. */
PlReslice pl_reslice_plain (void);

/* Left for right, with the letters: axial and coronal planes as neurologists hang them. */
void pl_reslice_mirror (PlReslice *reslice);

/* The picture's pixel of a voxel (slice, row, column) of a volume of size @n, and back: of @voxel
 * the held axis stays as it is. Neither is clamped. */
void pl_reslice_pixel (
    const PlReslice *reslice, const int n[3], const int voxel[3], int *row, int *column);
void pl_reslice_voxel (const PlReslice *reslice, const int n[3], int row, int column, int voxel[3]);

/* What becomes of the voxels behind each other in a slab. */
typedef enum
{
  PL_PROJECTION_NONE, /* only the plane in the middle */
  PL_PROJECTION_MAXIMUM,
  PL_PROJECTION_MINIMUM,
  PL_PROJECTION_MEAN,
} PlProjection;

/**
 * pl_reslice_slab:
 * @index: position on the held axis
 * @first: out: the first plane of a slab of @thickness_mm about it
 *
 * Returns: how many planes the slab has, at least one; what is outside the volume is left out
 */
int pl_reslice_slab (
    const PlReslice *reslice, const PlVolume *volume, int index, double thickness_mm, int *first);

/**
 * pl_reslice_hu:
 * @index: position on the held axis
 * @thickness_mm: of the slab, for projections
 * @cancellable: (nullable): looked at between slices
 * @hu: n[down] × n[across] floats
 *
 * Any thread. 512 × 512 × 500 voxels of int16: 1 to 10 ms for a plane, for a slab as many
 * milliseconds as it has planes. Slices that are not ready, and pixels without a finite value, are
 * NaN.
 *
 * Returns: FALSE when it was cancelled
 */
gboolean pl_reslice_hu (const PlReslice *reslice,
                        const PlVolume *volume,
                        int index,
                        PlProjection projection,
                        double thickness_mm,
                        GCancellable *cancellable,
                        float *hu);

/* Width and height of the planes as pictures: @tile_px for the longer side in mm, at least 1. */
void pl_reslice_picture_size (
    const PlReslice *reslice, const PlVolume *volume, int tile_px, int *width, int *height);

/* The labels of one plane: n[down] × n[across] of them. */
void pl_reslice_labels (const PlReslice *reslice, const PlMask *mask, int index, guint8 *labels);
