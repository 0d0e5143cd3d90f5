/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

/* A list of what was left out of a data set and what went wrong, each with its reason. */
#define PL_TYPE_PROBLEMS_WINDOW (pl_problems_window_get_type ())
G_DECLARE_FINAL_TYPE (PlProblemsWindow, pl_problems_window, PL, PROBLEMS_WINDOW, AdwWindow)

/* @problems: of GtkStringObject: "path or what was tried\nthe reason". It may grow. */
GtkWindow *pl_problems_window_new (GtkWindow *parent, GListModel *problems);
