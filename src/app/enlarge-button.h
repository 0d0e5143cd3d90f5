/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* The button of a pane that shows the pane alone while it is active. Main thread. */

/* Icon and tooltip, as the button is now. */
void pl_enlarge_button_update (GtkToggleButton *button);

/* @pane: what the pane is called, for screen readers. */
void pl_enlarge_button_name (GtkToggleButton *button, const char *pane);
