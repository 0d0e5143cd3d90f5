/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/comparison.h"
#include "image/volume.h"

#include <gtk/gtk.h>

/* The figures of comparisons as the tables of the Compare view write them. @comparison: (nullable):
 * not known, which is a dash, as is what has no value. Texts are (transfer full). */

char *pl_figure_dup_unknown (void);
char *pl_figure_dup_dice (const PlComparison *comparison);
char *pl_figure_dup_iou (const PlComparison *comparison);

/* In millimetres, or in pixels where their size is not known. */
char *pl_figure_dup_hd95 (const PlComparison *comparison, const PlVolume *volume);

/* Pixels of a slice, voxels of a case that has several. */
char *pl_figure_dup_count (gsize n, const PlVolume *volume, gboolean is_of_slice);

/* What @n voxels come to: a slice's as an area, a case's as a volume; or their count. */
char *pl_figure_dup_size (gsize n, const PlVolume *volume, gboolean is_of_slice);

/* A cell: row 0 has the headings and column 0 the names of the rows. (transfer none) */
GtkLabel *pl_figure_add_label (GtkGrid *grid, int row, int column, const char *markup);
