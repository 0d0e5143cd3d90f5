/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/montage-grid.h"

/* The bar over the montage: how its tiles are sorted and filtered, how large they are, which part
 * of them is shown, and what their colours mean. */
#define PL_TYPE_MONTAGE_BAR (pl_montage_bar_get_type ())
G_DECLARE_FINAL_TYPE (PlMontageBar, pl_montage_bar, PL, MONTAGE_BAR, GtkBox)

/* Once. */
void
pl_montage_bar_set_content (PlMontageBar *self, PlMontageContent *content, PlMontageGrid *grid);
