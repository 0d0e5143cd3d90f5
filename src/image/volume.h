/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/image-error.h"

/* Voxel types that a volume keeps in memory. Colour comes in as PL_DTYPE_UINT8 or UINT16
 * luminance, one-bit as UINT8. */
typedef enum
{
  PL_DTYPE_UINT8,
  PL_DTYPE_INT8,
  PL_DTYPE_UINT16,
  PL_DTYPE_INT16,
  PL_DTYPE_UINT32,
  PL_DTYPE_INT32,
  PL_DTYPE_UINT64,
  PL_DTYPE_INT64,
  PL_DTYPE_FLOAT32,
  PL_DTYPE_FLOAT64,
} PlDType;

gsize pl_dtype_size (PlDType type);
const char *pl_dtype_name (PlDType type); /* "int16", as NumPy writes it */

typedef enum
{
  PL_FORMAT_NIFTI1,
  PL_FORMAT_NIFTI2,
  PL_FORMAT_TIFF,
} PlFormat;

const char *pl_format_name (PlFormat format); /* "NIfTI-1", "NIfTI-2", "TIFF" */

/* What a file's header says, before any voxel is read. Everything is in the file's own order:
 * NIfTI x, y, z; TIFF pages, height, width. */
typedef struct
{
  PlFormat format;
  int shape[3];
  PlDType stored;       /* type of the samples in the file; colour is said by @n_samples */
  int n_samples;        /* 1 gray, 3 RGB, 4 RGBA */
  int pages;            /* TIFF directories; volumes of a 4D NIfTI file, else 1 */
  int page;             /* which volume of a 4D file is meant, from 0; else 0 */
  gboolean has_spacing; /* else @spacing_mm is 1, 1, 1 */
  double spacing_mm[3];
  gboolean has_page_spacing; /* TIFF: spacing_mm[0] is told too, not taken as 1 */
  gboolean has_affine;       /* else @affine is only the spacing on the diagonal; never for TIFF */
  double affine[3][4];       /* voxel (x, y, z, 1) to mm; RAS+, as NIfTI defines it */
  double slope;              /* value = slope × stored + intercept */
  double intercept;
  int slice_axis;          /* index into @shape; the rule is pl_header_choose_axes() */
  gboolean axis_by_affine; /* in-plane axes and flips follow the affine; else it is not trusted */
  /* How memory order is made from the file's: memory axis i (0 slice, 1 row, 2 column) runs along
   * file axis axis[i], backwards when flip[i]. The slice axis is never flipped. */
  int axis[3];
  gboolean flip[3];
} PlImageHeader;

/**
 * pl_header_choose_axes:
 * @header: format, shape, has_affine and affine are read; slice_axis, axis_by_affine, axis and
 *   flip are set
 * @slice_axis: 0, 1 or 2 to override the rule, −1 to follow it
 *
 * A TIFF file's pages are its slices. Else, where two dimensions are equal and the third differs,
 * the third is the slice axis; else the only axis of length 1 (a 2D image); else the affine decides
 * (the axis nearest to feet–head); else the last. Kaggle's volumes have it first, with an
 * affine that does not say so.
 * When by the affine slices follow each other along feet–head, rows run towards the back and
 * columns towards the patient's left, so that a slice shown as it lies in memory is radiological;
 * when it is along back–front (coronal slices), rows run towards the feet. When it is along
 * left–right, which is what Kaggle's say, it is not trusted. Where that is the rule's axis, it is
 * trusted only if the axis that it calls feet–head is chosen: a volume whose left–right differs
 * from two equal dimensions looks like Kaggle's, and whoever chooses that axis says that the affine
 * is right. Without trust the rows take of the two other axes the lower (the slice axis being
 * first) or the higher (otherwise), and nothing is flipped.
 * Choosing the axis of the rule is the same as following it.
 */
void pl_header_choose_axes (PlImageHeader *header, int slice_axis);

/* PlVolume.orientation, once axes are chosen; all zero where it is not known. */
void pl_header_name_orientation (const PlImageHeader *header, char orientation[4]);

/**
 * pl_header_take_axes:
 * @header: slice_axis, axis_by_affine, axis and flip become those of @like
 * @path: the file of @header, for the message
 *
 * Returns: FALSE with @error set to PL_IMAGE_ERROR_MISMATCH when the shapes differ; a NIfTI file
 *   (x, y, z) may belong to a TIFF file (z, y, x), and the other way round
 */
gboolean pl_header_take_axes (PlImageHeader *header,
                              const PlImageHeader *like,
                              const char *path,
                              GError **error);

/* A volume: voxels in the file's type, in memory order (slice, row, column), the column fastest;
 * voxel (s, r, c) is at (s × n[1] + r) × n[2] + c. A 2D image is a volume of one slice. Does not
 * change once loaded. While it loads, slices below pl_volume_ready_slices() are final. Reference
 * counted; any thread. */
typedef struct
{
  int n[3];             /* slices, rows, columns; each ≥ 1 */
  double spacing_mm[3]; /* in memory order; 1 where the file says nothing */
  double affine[3][4];  /* (s, r, c, 1) to mm, RAS+; see header.has_affine */
  char orientation[4];  /* towards which s, r and c grow, e.g. "SPL"; "" where not known */
  PlDType type;
  double slope;
  double intercept;
  PlImageHeader header; /* the file's own geometry, for writing masks that belong to it */
  char *path;           /* (nullable): where it came from */

  /* Owned */
  void *voxels;

  /* Shared with readers while loading */
  gint ready_slices;
  gint ready_lines;
  gint ref_count;
} PlVolume;

/* What to write at an edge of a picture of @volume: @letter, towards which of its orientation's or
 * their opposites the edge is, and a second where the axis leans more than 6° to another: "LP".
 * Empty for '\0'. */
void pl_volume_name_edge (const PlVolume *volume, char letter, char name[3]);

/**
 * pl_volume_new:
 * @header: geometry with axes chosen; copied
 * @type: type of the voxels in memory
 * @path: (nullable): copied
 *
 * Allocates zeroed voxels; no slice is ready.
 *
 * Returns: (transfer full): a volume, or NULL with @error set to PL_IMAGE_ERROR_TOO_LARGE when the
 *   voxels would need over 80 % of memory
 */
PlVolume *
pl_volume_new (const PlImageHeader *header, PlDType type, const char *path, GError **error);

PlVolume *pl_volume_ref (PlVolume *volume);
void pl_volume_unref (PlVolume *volume);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlVolume, pl_volume_unref)

/* How many slices, from 0 on, can be read. */
int pl_volume_ready_slices (const PlVolume *volume);
void pl_volume_set_ready_slices (PlVolume *volume, int n);

/* A part of a slice; ends are excluded. */
typedef struct
{
  int row0;
  int row1;
  int column0;
  int column1;
} PlSlicePart;

/* What can be read of a slice: all of it when it is ready. Where the slices' axis is not the file's
 * last, no slice is whole before the last byte, but rows or columns of all slices come one by one.
 * FALSE when there is nothing. */
gboolean pl_volume_ready_part (const PlVolume *volume, int slice, PlSlicePart *part);
/* @n: of the rows or columns, as they come; only for such a file. */
void pl_volume_set_ready_lines (PlVolume *volume, int n);

/* Volume of a voxel in mm³: |det| of the affine, or the product of the spacing. */
double pl_volume_voxel_mm3 (const PlVolume *volume);

/* One voxel as HU (value after slope and intercept); the position must be inside and ready. */
double pl_volume_value (const PlVolume *volume, int slice, int row, int column);

/* @n voxels of a row as float HU, from @column on; inside of the volume. */
void pl_volume_run (const PlVolume *volume, int slice, int row, int column, int n, float *hu);

/* A slice across the slice axis as float HU, rows × columns, into @hu. */
void pl_volume_slice (const PlVolume *volume, int slice, float *hu);

/**
 * pl_volume_plane:
 * @axis: memory axis that is held: 0 gives slices, 1 rows (out: slices × columns), 2 columns
 *   (out: slices × rows)
 * @index: position on that axis
 * @hu: as many floats as the plane has pixels
 */
void pl_volume_plane (const PlVolume *volume, int axis, int index, float *hu);

#include "image/mask.h"
