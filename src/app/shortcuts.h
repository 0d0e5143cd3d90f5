/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Every key of the program comes from one table: accelerators, the keys of the views, and the
 * window that lists them. */

/* Sets the accelerators that work anywhere in a window. */
void pl_shortcuts_set_accels (GtkApplication *application);

/* Adds the single keys that work while the focus is in @widget: not in an entry, which takes them
 * first. @with_moves: arrows, Page and Home keys too, which lists want for themselves. */
void pl_shortcuts_add_keys (GtkWidget *widget, gboolean with_moves);

/* A new window that lists them all. */
GtkWindow *pl_shortcuts_window_new (void);
