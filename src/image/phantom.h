/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* A synthetic thorax, patient by patient: body, lungs of varied shape and inflation, heart, spine,
 * ribs, trachea, vessels, diaphragm, gas in stomach and bowel, table, noise; in most the circular
 * field of view outside of which the value is −2000; in some arms, effusions, consolidations,
 * ground glass, emphysema, fibrosis. The mask is the lung with its vessels and all that is diseased
 * in it; trachea, main bronchi, hila and the fluid of effusions are left out. Air inside the body
 * (below −320 HU), its two largest components, scores a Dice of about 0.93, with holes filled 0.95.
 *
 * The same seed, size and patient give the same voxels on every machine. Any thread. */

typedef struct
{
  int n_slices;  /* single slices, a patient each */
  int n_volumes; /* volumes, of further patients */
  int size_px;   /* rows and columns, ≥ 32 */
  guint64 seed;
} PlPhantomOptions;

#define PL_PHANTOM_DEFAULT                                                                         \
  ((PlPhantomOptions){ .n_slices = 96, .n_volumes = 3, .size_px = 256, .seed = 1 })

/**
 * pl_phantom_draw:
 * @size_px: rows and columns
 * @n_slices: slices that the volume would have
 * @slice: which of them, from the feet
 * @hu: size_px² values
 * @mask: size_px² labels, 0 or 1
 */
void pl_phantom_draw (
    guint64 seed, int patient, int size_px, int n_slices, int slice, gint16 *hu, guint8 *mask);

/**
 * pl_phantom_write:
 * @folder: made if need be; files of the same names are replaced
 * @progress: (nullable): called with 0…1
 *
 * Writes a data set in Kaggle's layout: 2d_images/ID_0000_Z_0142.tif with 2d_masks/ of equal names,
 * 3d_images/IMG_….nii.gz with MASK_….nii.gz, whose slice axis is the first, and lung_stats.csv of
 * the slices. Volumes have 40 to 64 slices, never as many as rows. Blocks; @progress is called in
 * this thread.
 */
gboolean pl_phantom_write (const char *folder,
                           const PlPhantomOptions *options,
                           void (*progress) (double fraction, gpointer data),
                           gpointer data,
                           GCancellable *cancellable,
                           GError **error);
