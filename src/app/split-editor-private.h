/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/relay.h"
#include "app/split-editor-row.h"
#include "app/split-editor.h"
#include "train/split-draft.h"

/* The editor's struct, for its files: split-editor.c (the table and what is shown), -actions.c (the
 * commands), -file.c (saving, import and export, closing), -pairs.c (look-alikes). Main thread. */

enum
{
  PL_SPLIT_N_COUNTS = 5, /* groups that have a box of numbers */
};

struct _PlSplitEditor
{
  AdwWindow parent_instance;

  /* Owned */
  PlSplitDraft *draft;
  GListStore *rows; /* of PlSplitRow, in the order of the cases */
  GtkStringFilter *filter;
  GtkSelectionModel *selection;
  GtkWidget *menu; /* of a row's button */
  GSimpleActionGroup *actions;
  GArray *pairs; /* (nullable) (element-type PlNearDuplicate): as found last */

  GtkFileChooserNative *chooser; /* (nullable): while it is open */

  guint close_source; /* 0 unless it is about to close */

  /* The worker's answer is dropped when its cancellable is not the one here. */
  GCancellable *finding; /* (nullable) */
  gboolean is_saved;     /* what was there at first, or since, lies with the data set */
  gboolean is_saving;
  gboolean closes_when_saved;
  gboolean is_updating; /* of the switch, by the program */

  GtkLabel *counts_labels[PL_SPLIT_N_COUNTS]; /* borrowed from the flow box */
  GtkColumnViewColumn *patients;              /* borrowed from the table */

  /* Template children */
  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkInfoBar *trouble;
  GtkLabel *trouble_label;
  GtkFlowBox *counts;
  GtkColumnView *table;
  GtkEditable *search;
  GtkMenuButton *deal_button;
  GtkMenuButton *patient_button;
  GtkEditable *patient_entry;
  GtkSpinButton *train_share;
  GtkSpinButton *validation_share;
  GtkSpinButton *test_share;
  GtkCheckButton *fold_check;
  GtkSpinButton *fold; /* from 1 */
  GtkSpinButton *n_folds;
  GtkSpinButton *seed;
  GtkSwitch *apart_switch;
  GtkLabel *apart_label;
  GtkProgressBar *pairs_progress;
  GtkWidget *cancel_button;
  GtkLabel *pairs_label;
  GtkWidget *show_pairs_button;
  GMenuModel *move_menu;
};

/* split-editor.c */
/* After the draft has changed, or what can be done has. */
void pl_split_editor_update (PlSplitEditor *self);
/* The selected cases (element-type guint). */
GArray *pl_split_editor_list_selected (PlSplitEditor *self);
/* Says what went wrong, until it is closed. */
void pl_split_editor_complain (PlSplitEditor *self, const char *text);
void pl_split_editor_toast (PlSplitEditor *self, const char *text);
void pl_split_editor_enable (PlSplitEditor *self, const char *action, gboolean enabled);
/* Emits "chosen". */
void pl_split_editor_choose (PlSplitEditor *self);

/* split-editor-actions.c */
void pl_split_editor_add_actions (PlSplitEditor *self);
void pl_split_editor_set_patient (PlSplitEditor *self, const char *name);

/* split-editor-file.c */
void pl_split_editor_add_file_actions (PlSplitEditor *self);
/* FALSE while something is still to be asked or done. */
gboolean pl_split_editor_may_close (PlSplitEditor *self);

/* split-editor-pairs.c */
void pl_split_editor_add_pairs_actions (PlSplitEditor *self);
void pl_split_editor_update_pairs (PlSplitEditor *self);
void pl_split_editor_stop_finding (PlSplitEditor *self);
