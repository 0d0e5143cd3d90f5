/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window-rig.h"

/* Real keys and a real pointer, by xdotool and the X server. Tests that use it run alone, since all
 * windows of a display share the focus. */

/* FALSE, and the test is skipped, when there is no xdotool or no X server. */
gboolean key_rig_is_possible (void);

/* Gives the window the focus, which nobody does without a window manager; waits until it has it. */
void key_rig_focus (gpointer window);

/* @key: as xdotool names it: "Return", "ctrl+z" */
void key_rig_press (const char *key);
void key_rig_type (const char *text);

/* A command of xdotool with one argument: "keydown", "click" … */
void key_rig_do (const char *command, const char *argument);

/* Puts the pointer there in the widget. */
void key_rig_point (GtkWidget *widget, double x, double y);
