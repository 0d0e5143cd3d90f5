/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The colours of labels that the user has chosen, as the settings keep them: "truth-colours" and
 * "prediction-colours", lists of "#rrggbb" of label 1 first, where "" and what is no colour stand
 * for the default. @of: PL_TRUTH_RGB or PL_PREDICTION_RGB, of image/label-colour.h. Main thread. */

/* What the settings say is what is painted with from now on. */
void pl_label_palette_load (void);

/* Into the settings; @label: 1 … PL_LABEL_COLOURS. */
void pl_label_palette_keep (guint32 of, int label, guint32 rgb);
void pl_label_palette_reset (void);

/* What the settings have now, floating, and that again. */
GVariant *pl_label_palette_save (void);
void pl_label_palette_restore (GVariant *palette);
