/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/experiment-record.h"

#include <adwaita.h>

/* What an experiment has found so far: a plot, a table with a row for each training, and the
 * sentence that sums it up. */
#define PL_TYPE_EXPERIMENT_WINDOW (pl_experiment_window_get_type ())
G_DECLARE_FINAL_TYPE (PlExperimentWindow, pl_experiment_window, PL, EXPERIMENT_WINDOW, AdwWindow)

/* Of the experiment in @folder, which pl_experiment_window_show() is told the rest of. */
GtkWindow *pl_experiment_window_new (GtkWindow *parent, const char *folder);

const char *pl_experiment_window_get_folder (PlExperimentWindow *self);

/* Also while it runs: after each training. @epochs: as pl_experiment_read_epochs() gives it.
 * @can_resume: it was interrupted; a button for win.resume-training is shown then */
void pl_experiment_window_show (PlExperimentWindow *self,
                                const PlExperimentRecord *record,
                                const GArray *epochs,
                                gboolean can_resume);
