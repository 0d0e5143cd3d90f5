/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/montage-content.h"
#include "app/tile-paint.h"

#include <gdk/gdk.h>

/* The tiles of a montage, kept up to date with state and content: those in sight are drawn by
 * workers, the rest is kept as long as there is room. A tile that no longer shows what the state
 * says stays until its successor is there. Main thread. */
typedef struct _PlMontageTiles PlMontageTiles;

typedef void (*PlMontageTilesChanged) (gpointer data);

/* @changed: a tile has come. */
PlMontageTiles *pl_montage_tiles_new (PlViewState *state,
                                      PlMontageContent *content,
                                      PlMontageTilesChanged changed,
                                      gpointer data);

/* Returns at once, whatever is being drawn. Takes NULL. */
void pl_montage_tiles_free (PlMontageTiles *tiles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlMontageTiles, pl_montage_tiles_free)

/* Of each tile, in device pixels; 1 × 1 until then. */
void pl_montage_tiles_set_size (PlMontageTiles *tiles, int width, int height);

/* Places @first up to but not including @end are in sight; @margin more on both sides are drawn
 * when those are done. */
void pl_montage_tiles_set_visible (PlMontageTiles *tiles, int first, int end, int margin);

/* (nullable) (transfer none): the latest that there is. */
GdkTexture *pl_montage_tiles_get (PlMontageTiles *tiles, int subject);

/* (transfer full): how tiles are to look now, for a worker; NULL when there is nothing. */
PlTileLook *pl_montage_tiles_make_look (PlMontageTiles *tiles);

/* TRUE when each tile in sight whose subject is ready shows what the state says. */
gboolean pl_montage_tiles_is_complete (PlMontageTiles *tiles);
