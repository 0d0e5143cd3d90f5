/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/* What a file says of the split, before it is the data set's: a table from case name to group and,
 * perhaps, patient. One thread at a time. */
typedef struct _PlSplitTable PlSplitTable;

PlSplitTable *pl_split_table_new (void);
void pl_split_table_free (PlSplitTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlSplitTable, pl_split_table_free)

/**
 * pl_split_table_add:
 * @patient: (nullable): NULL or "": as the data set has it
 *
 * Returns: FALSE when @name is in the table already
 */
gboolean
pl_split_table_add (PlSplitTable *table, const char *name, PlGroup group, const char *patient);

/* The patients of this split may be in several parts: somebody wanted the cases dealt apart. */
void pl_split_table_set_apart (PlSplitTable *table);

/* How many of the table's names the data set lacks. @first: (out) (transfer none): the first of
 * them by name, NULL when there is none. */
int
pl_split_table_count_unknown (PlSplitTable *table, const PlDataset *dataset, const char **first);

/* FALSE with @error set when a patient is in two of train, validation and test. */
gboolean pl_split_table_check (PlSplitTable *table, const PlDataset *dataset, GError **error);

/**
 * pl_split_table_apply:
 * @unnamed: the group of cases that the table does not name
 *
 * Sets groups, patients and dataset->cases_apart.
 *
 * Returns: how many cases the table does not name
 */
int pl_split_table_apply (PlSplitTable *table, PlDataset *dataset, PlGroup unnamed);
