/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/case-item.h"
#include "app/view-state.h"

#include <adwaita.h>

/* What a case is: its file, its header, its values and what its masks measure. The header is there
 * at once, the rest comes when it is read; closing the window cancels that. */
#define PL_TYPE_PROPERTIES_WINDOW (pl_properties_window_get_type ())
G_DECLARE_FINAL_TYPE (PlPropertiesWindow, pl_properties_window, PL, PROPERTIES_WINDOW, AdwWindow)

/* @volume: (nullable): the case's image, if it is there already, whole. @state: knows what classes
 * are called */
GtkWindow *pl_properties_window_new (GtkWindow *parent,
                                     PlCaseItem *item,
                                     PlVolume *volume,
                                     PlViewState *state);
