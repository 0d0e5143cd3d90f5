/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/tiff-file.h"
#include "image/volume.h"

/* How the samples of a page become values. */
typedef enum
{
  PL_TIFF_GRAY,    /* as they are; MinIsWhite of up to 16 bits inverted */
  PL_TIFF_PALETTE, /* through a table, to 8-bit luminance */
  PL_TIFF_RGB,     /* 8 or 16-bit luminance */
  PL_TIFF_RENDERED /* YCbCr, CMYK, L*a*b*, old JPEG …: by libtiff to RGBA, then 8-bit luminance */
} PlTiffKind;

/* What one TIFF directory says, checked. */
typedef struct
{
  int number; /* of the directory, from 1, for messages */
  PlTiffKind kind;
  PlDType stored; /* type of the samples */
  PlDType type;   /* type of the values */
  int width;      /* as stored */
  int height;
  int bits;
  int n_samples;
  gboolean is_separate; /* each sample in a plane of its own */
  gboolean is_inverted;
  int orientation; /* 1 to 8, as the tag */
  int compression;
  gboolean is_tiled;
  int block_width; /* of a strip or tile */
  int block_height;
  gboolean has_spacing;
  gboolean has_page_spacing;
  double spacing_mm[3]; /* of page, row and column as stored; 1 where not known */
} PlTiffPage;

/* TRUE if the current directory is a thumbnail or a transparency mask, not a page. */
gboolean pl_tiff_page_is_extra (const PlTiffFile *file);

/* Describes the current directory. @number is for messages. The size is below what the file can
 * hold with its compression scheme. */
gboolean pl_tiff_page_read (PlTiffFile *file, int number, PlTiffPage *page, GError **error);

/* Bytes of the file that a page needs at least, however well it is compressed. */
guint64 pl_tiff_page_least_bytes (const PlTiffPage *page);

/* Rows and columns once the orientation is applied. */
int pl_tiff_page_rows (const PlTiffPage *page);
int pl_tiff_page_columns (const PlTiffPage *page);
