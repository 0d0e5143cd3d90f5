/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

/* What the labels of the masks in view are called. Names: (nullable), label 1 first. Texts are
 * (transfer full). */

/* "background" for 0, and "label 3" where there is no name. */
char *pl_label_dup_name (GStrv names, int label);

/* The colours of @label, of the truth and of the prediction. */
void pl_legend_append_swatches (GString *markup, int label, gboolean truth, gboolean predicted);

/**
 * pl_legend_dup_markup:
 * @words: out: the same without colours, to be read aloud
 *
 * The classes with their colours, when the truth or the prediction in view has several; the first
 * eight of them.
 *
 * Returns: (nullable): NULL with one class
 */
char *pl_legend_dup_markup (PlViewState *state, char **words);
