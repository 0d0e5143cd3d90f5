/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "image/tiff-page.h"

/**
 * pl_tiff_decode:
 * @page: the current directory of @file
 * @plane: width × height values of @page's type, rows as stored: the orientation is not applied
 *
 * Decodes a page. Strips and tiles that lie beyond the end of the file are
 * PL_IMAGE_ERROR_TRUNCATED, those that libtiff cannot decode PL_IMAGE_ERROR_FORMAT.
 */
gboolean pl_tiff_decode (PlTiffFile *file,
                         const PlTiffPage *page,
                         void *plane,
                         GCancellable *cancellable,
                         GError **error);
