/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* A button for the colour of a label. What is chosen goes into the settings, by the time that
 * others hear "color-set". Main thread.
 *
 * @of: PL_TRUTH_RGB or PL_PREDICTION_RGB; @title: what it is the colour of */
GtkWidget *pl_label_button_new (guint32 of, int label, const char *title);

/* There may be another colour now. */
void pl_label_button_update (GtkWidget *button);
