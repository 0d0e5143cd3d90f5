/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

/* What is known of the pixel under the pointer, in words: place, HU, the labels of truth and
 * prediction, its probability, and where in the patient it lies. "" when nothing is there. */
char *pl_probe_text (PlViewState *state);

/* The middle of a voxel in mm towards the patient's sides, as "R 17.6 P 35.3 S 12.1"; NULL where
 * the file does not tell them. */
char *pl_probe_position (const PlVolume *volume, int slice, int row, int column);
