/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

#include <adwaita.h>

/* Which cases are for training, validation and test, and which patient each is of: a table with
 * undo. What is saved goes into the data set's manifest. Modal.
 *
 * Signals:
 *   "chosen": the split is to be used now; pl_split_editor_get_dataset() has it */
#define PL_TYPE_SPLIT_EDITOR (pl_split_editor_get_type ())
G_DECLARE_FINAL_TYPE (PlSplitEditor, pl_split_editor, PL, SPLIT_EDITOR, AdwWindow)

/* @dataset: copied. @shares and @seed: as a training would deal, to begin with. */
GtkWindow *pl_split_editor_new (GtkWindow *parent,
                                const PlDataset *dataset,
                                const double shares[3],
                                guint64 seed);

/* Borrowed: groups, patients and cases_apart as they are in the editor. */
const PlDataset *pl_split_editor_get_dataset (PlSplitEditor *self);
