/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run-list.h"

#include <adwaita.h>

/* The window: cases on the left, a view of one in the middle, training on the right. Its commands
 * and states are the actions of its GActionMap. ("PlWindow" is a range of Hounsfield units.) */
#define PL_TYPE_APP_WINDOW (pl_app_window_get_type ())
G_DECLARE_FINAL_TYPE (PlAppWindow, pl_app_window, PL, APP_WINDOW, AdwApplicationWindow)

PlAppWindow *pl_app_window_new (GtkApplication *application);

/* Opens what a person gave: the first folder as a data set, else image files as one; a model file
 * becomes the model. @files: (element-type GFile). Returns at once. */
void pl_app_window_open (PlAppWindow *self, GFile **files, int n_files);

/* Whether closing it waits until a training has saved itself. */
gboolean pl_app_window_is_training (PlAppWindow *self);

/* Draws the validation part of another run over the curves of training; @history: (element-type
 * PlEpoch). */
void pl_app_window_show_run (PlAppWindow *self, const char *title, const GArray *history);
void pl_app_window_clear_runs (PlAppWindow *self);

/* The curves and epochs of a run that has ended, its best epoch first. FALSE, and nothing happens,
 * while a training runs or where there are no images. */
gboolean pl_app_window_look_back (PlAppWindow *self, const PlRunInfo *run);

/* What follows is predicted with it, once it is read. Only a file of this computer can be. */
void pl_app_window_open_model (PlAppWindow *self, GFile *file);
