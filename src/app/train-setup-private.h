/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/train-estimator.h"
#include "app/train-setup.h"

/* The page by aspect: train-setup.c is the controls and presets, train-setup-keep.c keeps what they
 * say, train-setup-estimate.c says what it would take. Main thread. */

struct _PlTrainSetup
{
  GtkWidget parent;

  /* Template children */
  GtkWidget *group;
  AdwComboRow *preset_row;
  AdwActionRow *estimate_row;
  GtkWidget *estimate_warning;
  AdwActionRow *check_row;
  GtkWidget *check_warning;
  GtkWidget *check_stop;
  AdwActionRow *start_row;
  GtkWidget *advanced_row;
  AdwActionRow *classes_row;
  GtkWidget *size_row;
  GtkWidget *base_row;
  GtkWidget *depth_row;
  GtkSpinButton *epochs_spin;
  GtkSpinButton *size_spin;
  GtkSwitch *augment_switch;
  GtkSwitch *sides_switch;
  GtkSpinButton *base_spin;
  GtkSpinButton *depth_spin;
  GtkSpinButton *batch_spin;
  GtkSpinButton *rate_spin;
  AdwComboRow *schedule_row;
  AdwComboRow *loss_row;
  GtkSpinButton *decay_spin;
  GtkSpinButton *patience_spin;
  GtkSpinButton *time_spin;
  AdwComboRow *precision_row;
  GtkSpinButton *threads_spin;
  GtkSpinButton *seed_spin;
  GtkSpinButton *validation_spin;
  GtkSpinButton *test_spin;
  GtkSpinButton *slices_spin;

  /* Owned */
  PlDataset *dataset; /* (nullable) */
  PlModel *init;      /* (nullable): to start from */
  PlTrainEstimator *estimator;

  gboolean is_setting; /* several controls, or the preset's row */
  gboolean is_busy;    /* something trains */
};

/* The first loss is 1. */
#define PL_TRAIN_SETUP_FIRST_LOSS PL_LOSS_CROSS_ENTROPY

/* train-setup-keep.c: the controls show what the last run used. */
void pl_train_setup_bind_settings (PlTrainSetup *self);

/* train-setup-estimate.c */
void pl_train_setup_init_estimate (PlTrainSetup *self);
/* After anything that it depends on has changed. */
void pl_train_setup_update_estimate (PlTrainSetup *self);
