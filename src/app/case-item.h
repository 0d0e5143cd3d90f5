/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

#include <gdk/gdk.h>

/* A case as the list shows it: what it is, what is known about it, and its prediction. A copy of
 * what it needs of the PlCase, so it may outlive the data set. Main thread.
 *
 * Properties, read only: "title", "group-label", "has-mask", "has-prediction", "dice-label" (""
 * when not known), "thumbnail" (GdkPaintable, nullable). */
#define PL_TYPE_CASE_ITEM (pl_case_item_get_type ())
G_DECLARE_FINAL_TYPE (PlCaseItem, pl_case_item, PL, CASE_ITEM, GObject)

PlCaseItem *pl_case_item_new (const PlCase *source);

/* Borrowed, constant but for its group. */
const PlCase *pl_case_item_get_case (PlCaseItem *self);
const char *pl_case_item_get_name (PlCaseItem *self);

void pl_case_item_set_group (PlCaseItem *self, PlGroup group);

/* Dice of the prediction; NaN when it is not known. */
double pl_case_item_get_dice (PlCaseItem *self);
void pl_case_item_set_dice (PlCaseItem *self, double dice);

/* Kept packed. dup_ gives a new mask, or NULL when there is none. */
gboolean pl_case_item_has_prediction (PlCaseItem *self);
PlMask *pl_case_item_dup_prediction (PlCaseItem *self);
void pl_case_item_set_prediction (PlCaseItem *self, const PlMask *prediction); /* (nullable) */

/* NULL until set; a case whose picture cannot be made is given an icon. */
GdkPaintable *pl_case_item_get_thumbnail (PlCaseItem *self);
void pl_case_item_set_thumbnail (PlCaseItem *self, GdkPaintable *thumbnail);
