/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/case-score.h"
#include "app/live-case.h"
#include "app/packed-mask.h"
#include "train/dataset.h"

#include <gdk/gdk.h>

/* A case as the list and the montage show it: what it is, what is known about it, and its
 * prediction. A copy of what it needs of the PlCase, so it may outlive the data set. Main thread.
 *
 * Properties, read only: "title", "group-label", "has-mask" (told when it is read another way),
 * "problem" (nullable: why it could not be loaded), "has-prediction", "has-preview" (told of each
 * new one), "dice-label" and "lung-label" ("" when not known), "dice-detail" (nullable: Dice of
 * each class, a line each), "thumbnail" (GdkPaintable, nullable). */
#define PL_TYPE_CASE_ITEM (pl_case_item_get_type ())
G_DECLARE_FINAL_TYPE (PlCaseItem, pl_case_item, PL, CASE_ITEM, GObject)

PlCaseItem *pl_case_item_new (const PlCase *source);

/* Borrowed, constant but for its group, its patient and how it is read. */
const PlCase *pl_case_item_get_case (PlCaseItem *self);
const char *pl_case_item_get_name (PlCaseItem *self);

void pl_case_item_set_group (PlCaseItem *self, PlGroup group);
void pl_case_item_set_patient (PlCaseItem *self, const char *patient);

/* As pl_case_read_as(); the choice of the axis is kept, −1 by rule. A prediction and its Dice
 * belong to the volume and axis of the moment when it was set, and are hidden while others are
 * chosen. */
void pl_case_item_read_as (PlCaseItem *self, int volume, int slice_axis);
int pl_case_item_get_slice_axis (PlCaseItem *self);
/* TRUE if @header is that of the volume and axis that are chosen now. */
gboolean pl_case_item_is_read_as (PlCaseItem *self, const PlImageHeader *header);

/* A mask of both lungs is read as left and right. What was read another way is live no longer. */
void pl_case_item_set_parts_lungs (PlCaseItem *self, gboolean parts_lungs);

/* A case without a mask has one now. */
void pl_case_item_set_mask (PlCaseItem *self, const char *mask_path);

/* Dice of what the window's model predicts; NaN when it is not known. Setting it forgets those of
 * classes. */
double pl_case_item_get_dice (PlCaseItem *self);
void pl_case_item_set_dice (PlCaseItem *self, double dice);
/* With those of the classes, called @names (nullable), which may change later. */
void pl_case_item_set_score (PlCaseItem *self, const PlCaseScore *score, GStrv names);
void pl_case_item_name_classes (PlCaseItem *self, GStrv names);

/* How many voxels of the truth belong to the lungs, of the volume that is chosen now; −1 when that
 * cannot be told. TRUE while a case with a mask still wants to know. */
void pl_case_item_set_truth_voxels (PlCaseItem *self, gint64 n_voxels);
gboolean pl_case_item_wants_area (PlCaseItem *self);
/* The size of the lungs, of the truth, else of the prediction: of a volume in ml, of a slice in
 * mm². NaN when it is not known. */
double pl_case_item_get_lung_size (PlCaseItem *self);

/* Kept packed. dup_ gives a new mask, or NULL when there is none; of a new one Dice is not known.
 */
gboolean pl_case_item_has_prediction (PlCaseItem *self);
PlMask *pl_case_item_dup_prediction (PlCaseItem *self);
/* (nullable) (transfer full): the packed mask itself. */
PlPackedMask *pl_case_item_ref_packed_prediction (PlCaseItem *self);
void pl_case_item_set_prediction (PlCaseItem *self, const PlMask *prediction); /* (nullable) */

/* (nullable) (transfer none): the probability that the prediction was made of, as 0…255; a new
 * prediction drops it. */
PlMask *pl_case_item_get_heat (PlCaseItem *self);
void pl_case_item_set_heat (PlCaseItem *self, PlMask *heat); /* (nullable) */

/* (nullable) (transfer none): while its tile shows what is being learned; the list has no part in
 * it. */
PlLiveCase *pl_case_item_get_live (PlCaseItem *self);
void pl_case_item_set_live (PlCaseItem *self, PlLiveCase *live); /* (nullable): referenced */

/* When the case was in view last, in g_get_monotonic_time(); 0 if never. */
void pl_case_item_set_shown (PlCaseItem *self);
gint64 pl_case_item_get_shown_us (PlCaseItem *self);

/* As the prediction, of a second model, which has no part in what the list says. */
gboolean pl_case_item_has_second (PlCaseItem *self);
PlMask *pl_case_item_dup_second (PlCaseItem *self);
void pl_case_item_set_second (PlCaseItem *self, const PlMask *second); /* (nullable) */

/* (nullable): why its image could not be loaded the last time. */
const char *pl_case_item_get_problem (PlCaseItem *self);
void pl_case_item_set_problem (PlCaseItem *self, const char *problem);

/* NULL until set; a case whose picture cannot be made is given an icon. */
GdkPaintable *pl_case_item_get_thumbnail (PlCaseItem *self);
void pl_case_item_set_thumbnail (PlCaseItem *self, GdkPaintable *thumbnail);
