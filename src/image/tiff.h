/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume-load.h"

/* TIFF 6.0 and BigTIFF through libtiff: 1/8/16/32/64-bit integers, float32/64, strips, tiles,
 * every compression that libtiff decodes, MinIsWhite, palette, RGB, both planar configurations, all
 * eight orientations. Pages of equal shape and type are the slices of a stack; a file whose pages
 * differ is PL_IMAGE_ERROR_UNSUPPORTED. Resolution tags, when they have a unit, are the in-plane
 * spacing. libtiff's messages become errors, never stderr. Called through volume-load.h. */

gboolean pl_tiff_is (const guint8 *bytes, gsize n);

gboolean pl_tiff_read_header (const char *path, PlImageHeader *header, GError **error);

PlVolume *pl_tiff_load (const char *path,
                        const PlLoadOptions *options,
                        GCancellable *cancellable,
                        GError **error);
