/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/tile-paint.h"

/* A montage to be written: constant once handed over. Any thread. */
typedef struct
{
  /* Owned */
  PlTileLook *look;
  GArray *subjects;  /* (element-type int): in the order of the tiles; all ready */
  GPtrArray *labels; /* (element-type char*): one a tile */
  GArray *dice;      /* (element-type double): one a tile; NaN for none */
  char *heading;     /* stands over each page of a PDF */
  int columns;
} PlMontageExport;

PlMontageExport *pl_montage_export_new (PlTileLook *look, const char *heading, int columns);
void pl_montage_export_free (PlMontageExport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlMontageExport, pl_montage_export_free)

void pl_montage_export_add (PlMontageExport *self, int subject, const char *label, double dice);

typedef void (*PlMontageExportProgress) (double fraction, gpointer data);

/**
 * pl_montage_export_write:
 * @path: ends in .png or .pdf
 * @progress: (nullable): told after each tile
 *
 * PNG: one picture of all tiles. PDF: A4 pages, the images as pictures, outlines and fills as paths
 * along the pixels of the masks. The file is there whole or not at all. Blocks.
 *
 * Returns: FALSE with @error set when it cannot be written, would be a picture of over 32,767
 * pixels a side, a case cannot be read, or it was cancelled
 */
gboolean pl_montage_export_write (const PlMontageExport *self,
                                  const char *path,
                                  PlMontageExportProgress progress,
                                  gpointer progress_data,
                                  GCancellable *cancellable,
                                  GError **error);
