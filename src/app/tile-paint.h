/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/colour-map.h"
#include "image/window-level.h"

#include <gdk/gdk.h>

/* How tiles are to look: constant once made, so that workers can share it. Reference counted; any
 * thread. */
typedef struct
{
  /* Owned */
  PlVolume *volume;
  PlMask *truth;      /* (nullable): drawn as outline */
  PlMask *prediction; /* (nullable): drawn as fill */
  PlMask *preview;    /* (nullable): of one slice, instead of the prediction there */

  int preview_slice;
  PlWindow window;
  const PlColourMap *map;
  double opacity; /* of the fill */
  int width;      /* of a tile, device pixels */
  int height;
  guint serial; /* from 1; a newer look has a higher one */
} PlTileLook;

/* All fields are zero, to be filled in by the caller. */
PlTileLook *pl_tile_look_new (void);
PlTileLook *pl_tile_look_ref (PlTileLook *look);
void pl_tile_look_unref (PlTileLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlTileLook, pl_tile_look_unref)

/* Slice @slice, which must be ready, antialiased. A few milliseconds for 512 × 512 pixels. */
GdkTexture *pl_tile_paint (const PlTileLook *look, int slice);
