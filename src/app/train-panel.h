/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/train-setup.h"

#include <adwaita.h>

/* The main settings of a training, its buttons (which are the window's actions), its progress with
 * time left, and its curves. It owns no trainer: the window does, and hands the panel what comes.
 */
#define PL_TYPE_TRAIN_PANEL (pl_train_panel_get_type ())
G_DECLARE_FINAL_TYPE (PlTrainPanel, pl_train_panel, PL, TRAIN_PANEL, GtkWidget)

/* (transfer none): where the settings are. */
PlTrainSetup *pl_train_panel_get_setup (PlTrainPanel *self);

/* How many cases have masks, so that the panel can say what it would train on. */
void pl_train_panel_set_dataset (PlTrainPanel *self, const PlDataset *dataset);

/* Empties curves and notices and shows the run as begun. @history: (nullable) (element-type
 * PlEpoch): of before it was interrupted. */
void
pl_train_panel_begin (PlTrainPanel *self, const PlTrainSettings *settings, const GArray *history);
/* A run that has ended, with its curves. @text: what is said of it */
void pl_train_panel_show_past (PlTrainPanel *self,
                               const PlTrainSettings *settings,
                               const GArray *history,
                               int steps_per_epoch,
                               const char *text);
/* Which one it is of several: "Fold 2 of 5"; NULL when it is alone. */
void pl_train_panel_set_run (PlTrainPanel *self, const char *title);
void pl_train_panel_add_points (PlTrainPanel *self, const GArray *points);
void pl_train_panel_set_status (PlTrainPanel *self, const PlTrainStatus *status);
void pl_train_panel_set_state (PlTrainPanel *self,
                               const char *training_state); /* win.training-state */
/* Something that the user should know: it stays until it is dismissed or another run begins. */
void pl_train_panel_add_notice (PlTrainPanel *self, const char *text);
/* Where in the curves the masks in view are from; 0: the newest. A drag along them is answered by
 * win.epoch-shown. */
void pl_train_panel_set_cursor (PlTrainPanel *self, int epoch);
void pl_train_panel_finish (PlTrainPanel *self, const PlTrainResult *result);
/* The same of several: how they ended, in words. */
void pl_train_panel_finish_all (PlTrainPanel *self, const char *text);

/* The validation part of another run, drawn over this one and the next ones. @history:
 * (element-type PlEpoch). */
void pl_train_panel_show_run (PlTrainPanel *self, const char *title, const GArray *history);
void pl_train_panel_clear_runs (PlTrainPanel *self);
