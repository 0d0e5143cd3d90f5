/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

#include <glib-object.h>

/* A case as a row of the split editor's table. Main thread.
 *
 * Properties, read only: "key" (what a search looks at), "patient", "group-label". */
#define PL_TYPE_SPLIT_ROW (pl_split_row_get_type ())
G_DECLARE_FINAL_TYPE (PlSplitRow, pl_split_row, PL, SPLIT_ROW, GObject)

/* @index: of the case in its data set */
PlSplitRow *pl_split_row_new (const PlCase *source, guint index);

guint pl_split_row_get_index (PlSplitRow *self);
const char *pl_split_row_get_name (PlSplitRow *self);
const char *pl_split_row_get_patient (PlSplitRow *self);
int pl_split_row_get_slices (PlSplitRow *self);
gboolean pl_split_row_has_mask (PlSplitRow *self);
PlGroup pl_split_row_get_group (PlSplitRow *self);

/* Takes group and patient of @source, the same case. TRUE when the patient is another one. */
gboolean pl_split_row_update (PlSplitRow *self, const PlCase *source);

/* For sorting: by patient, numbers as numbers. */
int pl_split_row_compare_patients (PlSplitRow *a, PlSplitRow *b);

/* What the parts are called in the editor. */
const char *pl_split_group_label (PlGroup group);
