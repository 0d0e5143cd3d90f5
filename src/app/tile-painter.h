/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/tile-paint.h"

/* Draws tiles in a few worker threads. Only the latest request counts: what an earlier one asked
 * for and nobody has begun is dropped. Main thread. */
typedef struct _PlTilePainter PlTilePainter;

/* Main thread. @serial: of the look that it was drawn with, which need not be the latest. */
typedef void (*PlTileDone) (gpointer data, int slice, guint serial, GdkTexture *texture);

PlTilePainter *pl_tile_painter_new (PlTileDone done, gpointer data);

/* Returns at once, whatever the workers are doing; nothing is delivered any more. Takes NULL. */
void pl_tile_painter_free (PlTilePainter *painter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlTilePainter, pl_tile_painter_free)

/**
 * pl_tile_painter_request:
 * @look: (nullable): referenced; NULL only drops what waits
 * @slices: in the order they are wanted; ready
 *
 * Tiles that are being drawn with this look are not drawn twice.
 */
void pl_tile_painter_request (PlTilePainter *painter,
                              PlTileLook *look,
                              const int *slices,
                              gsize n_slices);
