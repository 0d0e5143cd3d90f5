/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

enum
{
  PL_LUNG_LEFT = 1, /* the patient's */
  PL_LUNG_RIGHT,
};

/**
 * pl_lung_sides_new:
 * @mask: of both lungs; any label above 0
 * @orientation: as PlVolume has it; "" where it is not known: then columns go from the patient's
 *   right to the left, as CT is shown by convention
 *
 * Left and right lung by position. They part where the fewest of the mask lies, in the middle third
 * of its width; where there is no gap there is one lung, on the side of the image that it lies on.
 * What hangs together and lies nearly all on one side belongs there, so that a lung
 * may reach across; lungs that touch are taken apart slice by slice, and where they touch in a
 * slice, at that place.
 *
 * Returns: (transfer full)
 */
PlMask *pl_lung_sides_new (const PlMask *mask, const char *orientation);
