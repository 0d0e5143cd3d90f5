/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/window.h"

/* Every run that is kept: a list, what came of the selected ones, several compared, and what can be
 * done with them. Its commands and states are the actions of its GActionMap, exported on D-Bus as
 * those of the main window. */
#define PL_TYPE_RUNS_WINDOW (pl_runs_window_get_type ())
G_DECLARE_FINAL_TYPE (PlRunsWindow, pl_runs_window, PL, RUNS_WINDOW, AdwApplicationWindow)

/* @owner: where models are used and training goes on; it outlives this one */
PlRunsWindow *pl_runs_window_new (PlAppWindow *owner);
