/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/colour-map.h"
#include "image/label-colour.h"
#include "image/window-level.h"

/* A picture: 8-bit RGB rows without padding. */
typedef struct
{
  int width;
  int height;
  guint8 *rgb; /* owned */
} PlPicture;

void pl_picture_free (PlPicture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlPicture, pl_picture_free)

/* Width and height of a slice as a picture: @tile_px for the longer side in mm, at least 1. */
void pl_picture_size (const PlVolume *volume, int tile_px, int *width, int *height);

/**
 * pl_picture_slice:
 * @truth: (nullable): drawn as a blue outline; each label has its colour
 * @prediction: (nullable): drawn as an orange fill of 35 %; each label has its colour
 * @tile_px: length of the longer side; the other follows from the spacing; antialiased
 */
PlPicture *pl_picture_slice (const PlVolume *volume,
                             int slice,
                             const PlMask *truth,
                             const PlMask *prediction,
                             PlWindow window,
                             const PlColourMap *map,
                             int tile_px);

/**
 * pl_montage_picture:
 * @mask: (nullable): drawn as an outline
 * @columns: tiles a row, at most one a slice; 0 for the smallest square that holds all slices
 *
 * All slices of a volume as a grid, in reading order; what is left of the last row is black.
 *
 * Returns: (transfer full): the picture, or NULL with @error set if it would pass 32,767 pixels a
 *   side (cairo's limit) or was cancelled
 */
PlPicture *pl_montage_picture (const PlVolume *volume,
                               const PlMask *mask,
                               int columns,
                               int tile_px,
                               PlWindow window,
                               const PlColourMap *map,
                               GCancellable *cancellable,
                               GError **error);
