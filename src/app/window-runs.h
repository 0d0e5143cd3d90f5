/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/window.h"

/* Whether a run is being replayed: no other training begins meanwhile, for the processor and the
 * number of threads are one. Main thread. */
void pl_app_window_set_replaying (PlAppWindow *self, gboolean is_replaying);

/* What went wrong in the window of runs, for the list of problems. */
void pl_app_window_note_of_runs (PlAppWindow *self, const char *summary, const char *message);

/* What the window of runs says, for a user who looks at the main window, or at none of the program:
 * a toast or a notification, which leads there. */
void pl_app_window_tell_of_runs (PlAppWindow *self, const char *text);
