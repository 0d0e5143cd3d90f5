/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/phantom-thorax.h"

/* One slice of a thorax: size_px² values and labels; z in mm from the lowest slice. */
void pl_thorax_draw (const PlThorax *thorax, double z, int size_px, gint16 *hu, guint8 *mask);
