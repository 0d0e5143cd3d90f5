/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Resizing of planes, rows × columns. Pixel centres are at half positions, so corners stay corners.
 */

/* Images: a triangle filter, widened when shrinking (antialiased); bilinear when growing. */
void pl_resample_image (
    const float *in, int in_rows, int in_columns, float *out, int out_rows, int out_columns);

/* Masks: each output pixel takes the label that covers most of its area (the lower one of equals).
 */
void pl_resample_mask (
    const guint8 *in, int in_rows, int in_columns, guint8 *out, int out_rows, int out_columns);
