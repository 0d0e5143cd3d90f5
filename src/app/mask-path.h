/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

/* Appends the outline of what of @labels (rows × columns) is @label to the path: closed lines along
 * the edges of the pixels, straight as far as they go, in units of pixels. Holes are turned the
 * other way. */
void pl_mask_path_append (cairo_t *cr, const guint8 *labels, int rows, int columns, int label);
