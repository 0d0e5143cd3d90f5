/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

/* What the masks in view are called where they stand beside each other: with a second model
 * predictions have a letter, A or B, and the model's name. Main thread. (transfer full) */
char *pl_mask_dup_name (PlViewState *state, PlMaskKind kind);

/* The same after a square in the colour of the mask's label 1. */
char *pl_mask_dup_markup (PlViewState *state, PlMaskKind kind);

/* The colour of its label 1 unless another was chosen: what pl_label_rgb() takes. Any thread. */
guint32 pl_mask_rgb (PlMaskKind kind);
