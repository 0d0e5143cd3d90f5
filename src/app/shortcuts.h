/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Every key of the program comes from one table: accelerators, the keys of the views, and the
 * window that lists them. */

/* Sets the accelerators that work anywhere in a window. */
void pl_shortcuts_set_accels (GtkApplication *application);

/* Adds the single keys that work while the focus is in @widget: letters and digits, which an entry
 * in it takes first, or arrows, Page and Home keys, which lists and entries want for themselves. */
void pl_shortcuts_add_letters (GtkWidget *widget);
void pl_shortcuts_add_moves (GtkWidget *widget);
/* The same, before @widget's own keys. */
void pl_shortcuts_add_moves_first (GtkWidget *widget);

/* (transfer none): a new window that lists them all; GTK keeps it until it is closed. */
GtkWindow *pl_shortcuts_window_new (void);
