/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Where the body is in an axial slice: everything else (table, clothes, air around it, padding)
 * only says how the scan was made. */
typedef struct
{
  int row; /* first of the body */
  int column;
  int rows; /* that it spans */
  int columns;
} PlBodyBox;

/**
 * pl_body_find:
 * @hu: rows × columns, HU
 * @inside: rows × columns, set to 1 in the body and 0 outside, lungs being inside
 * @box: what encloses it
 *
 * The body is the largest thing denser than −500 HU, thin things (the table's surface) left out,
 * with all that it encloses, less the outermost 4 mm, where skin and air mix. Where the field of
 * view cuts it, so that a lung may lie open at the edge, what has body on both sides of it, or
 * above and below, is enclosed unless it is clearly thinner than the lung that lies closed.
 *
 * Returns: FALSE, with nothing set, where there is no body to speak of
 */
gboolean pl_body_find (const float *hu, int rows, int columns, guint8 *inside, PlBodyBox *box);
