/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How an image lies on the screen: mirrored left to right first, if so, then turned clockwise by
 * quarters. Any of the eight ways that a rectangle fits on itself. Plain values; any thread. */
typedef struct
{
  int quarters; /* 0…3 */
  gboolean is_mirrored;
} PlSliceTurn;

/* @turn, and then clockwise by @quarters, which may be negative. */
PlSliceTurn pl_slice_turn_rotate (PlSliceTurn turn, int quarters);

/* @turn, and then left and right of the screen changed, or top and bottom. */
PlSliceTurn pl_slice_turn_flip_across (PlSliceTurn turn);
PlSliceTurn pl_slice_turn_flip_down (PlSliceTurn turn);

/* @first, and then @second. */
PlSliceTurn pl_slice_turn_join (PlSliceTurn first, PlSliceTurn second);

/* A direction (x to the right, y down) of the image on the screen, and back. */
void pl_slice_turn_to_screen (PlSliceTurn turn, double *x, double *y);
void pl_slice_turn_to_image (PlSliceTurn turn, double *x, double *y);

/**
 * pl_slice_turn_upright:
 * @orientation: towards which slices, rows and columns grow, as "SPL"; "" where not known
 * @is_neurological: the patient's left is on the left; else, as radiologists look, the right
 *
 * What puts a slice upright: the front on top of an axial slice, the head on top of the others; a
 * sagittal one looks to the left. Without an orientation it is left as it is.
 */
PlSliceTurn pl_slice_turn_upright (const char *orientation, gboolean is_neurological);

/* The patient's direction ("RLAPSI") to which the direction x, y of the screen points, one of the
 * two being ±1, the other 0; '\0' where @orientation is "". */
char pl_slice_turn_letter (PlSliceTurn turn, const char *orientation, int x, int y);
