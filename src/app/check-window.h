/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset-report.h"

#include <adwaita.h>

/* What a data set consists of, as a table: image, mask, size, and what is wrong with them, which
 * comes first. A row that is activated is shown in the window's view. Main thread. */
#define PL_TYPE_CHECK_WINDOW (pl_check_window_get_type ())
G_DECLARE_FINAL_TYPE (PlCheckWindow, pl_check_window, PL, CHECK_WINDOW, AdwWindow)

/* @parent: whose actions it offers */
GtkWindow *pl_check_window_new (GtkWindow *parent);

/* Takes @report. */
void pl_check_window_take_report (PlCheckWindow *self, PlReport *report);

/* What stands above the table. */
void pl_check_window_set_summary (PlCheckWindow *self, const char *text);
