/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Colours of masks, as 0xrrggbb: blue for truth, orange for a prediction, violet for what a second
 * model predicts. Where masks have several labels these are the colours of label 1. They name the
 * three families, whatever colours the user gives to their labels. */
#define PL_TRUTH_RGB 0x3584e4u
#define PL_PREDICTION_RGB 0xff7800u
#define PL_SECOND_RGB 0xb18cffu

/* That many labels have a colour of their own; those above begin again. The user may choose each:
 * at first they take turns with fewer. */
#define PL_LABEL_COLOURS 8
#define PL_LABEL_DEFAULT_COLOURS 4

/* Which of them @label has: 1 … PL_LABEL_COLOURS, or 0 for the background. */
int pl_label_colour (int label);

/* The colour of @label (1 or more) in the family @of, one of the three above: as it was chosen, or
 * by default cool for truth, warm for a prediction, told apart by colour-blind eyes. Any thread. */
guint32 pl_label_rgb (guint32 of, int label);
guint32 pl_label_default_rgb (guint32 of, int label);

/* Chooses the colour of a label, 1 … PL_LABEL_COLOURS, for the whole process. What was painted in
 * another is not painted anew by this. */
void pl_label_set_rgb (guint32 of, int label, guint32 rgb);

/* The labels above 0 that @labels have, ascending, into @found; returns how many. */
int pl_label_find (const guint8 *labels, gsize n, guint8 found[255]);
