/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What the viewer is measured with: a phantom of 465 slices of 512 × 512, int16, compressed.
 * Made once, which takes a minute or two, and kept. */

#define CT_SLICES 465
#define CT_SIDE 512
#define CT_BYTES ((gsize) CT_SLICES * CT_SIDE * CT_SIDE * sizeof (gint16))

/* Absolute paths. */
typedef struct
{
  char *last;   /* the slice axis is the file's last, and rows run as most converters write them */
  char *first;  /* it is the file's first, as in Kaggle's volumes */
  char *masked; /* a folder with that volume, @last, and its mask */
} CtFiles;

/* Ends the program when they cannot be written. */
void ct_files_make (CtFiles *files, const char *folder);
void ct_files_clear (CtFiles *files);
