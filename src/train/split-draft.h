/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/* A split being edited: a data set's groups and patients, with undo. Unless cases are apart, the
 * cases of a patient that take part are always in one group. Cases are named by their indices. One
 * thread at a time. */
typedef struct _PlSplitDraft PlSplitDraft;

/* Begins with what @dataset has, which is copied. */
PlSplitDraft *pl_split_draft_new (const PlDataset *dataset);
void pl_split_draft_free (PlSplitDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlSplitDraft, pl_split_draft_free)

/* As it is now: to be looked at, copied, saved. */
const PlDataset *pl_split_draft_get_dataset (const PlSplitDraft *draft);

/* Whether a case can be in training, validation or test: it has a mask. */
gboolean pl_split_draft_can_take_part (const PlSplitDraft *draft, guint index);

/* Each of these is one step of undo; FALSE when nothing had to change. */

/* The cases that can go there do, and with them the rest of their patients but for what is left
 * out; to PL_GROUP_IGNORE they go alone. */
gboolean
pl_split_draft_move (PlSplitDraft *draft, const guint *cases, guint n_cases, PlGroup group);

/* The cases become of the patient @name (not empty), whose cases then go where most of them are. */
gboolean pl_split_draft_set_patient (PlSplitDraft *draft,
                                     const guint *cases,
                                     guint n_cases,
                                     const char *name);

/* Whether the cases of a patient may be in several groups; when no more, each patient goes where
 * most of its cases are. */
gboolean pl_split_draft_set_apart (PlSplitDraft *draft, gboolean are_apart);

/* As pl_split_assign(), pl_split_assign_fold() and pl_split_read(): FALSE with @error set when that
 * fails. Cases that are apart are dealt one by one. */
gboolean
pl_split_draft_deal (PlSplitDraft *draft, const double fractions[3], guint64 seed, GError **error);
gboolean pl_split_draft_deal_fold (
    PlSplitDraft *draft, int n_folds, int fold, double validation, guint64 seed, GError **error);
gboolean pl_split_draft_read (PlSplitDraft *draft, const char *path, GError **error);

gboolean pl_split_draft_can_undo (const PlSplitDraft *draft);
gboolean pl_split_draft_can_redo (const PlSplitDraft *draft);
void pl_split_draft_undo (PlSplitDraft *draft);
void pl_split_draft_redo (PlSplitDraft *draft);

/* Whether it differs from what it was at first, or when pl_split_draft_set_saved() was called. */
gboolean pl_split_draft_is_changed (const PlSplitDraft *draft);
void pl_split_draft_set_saved (PlSplitDraft *draft);

/* What a group has. */
typedef struct
{
  int patients;
  int cases;
  int slices;
} PlSplitCounts;

PlSplitCounts pl_split_draft_count (const PlSplitDraft *draft, PlGroup group);
