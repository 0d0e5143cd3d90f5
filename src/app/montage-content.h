/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/case-item.h"
#include "app/montage-order.h"
#include "app/planes-state.h"
#include "app/view-state.h"

/* What the montage shows: the slices of the volume in view, or its planes along another axis, or,
 * when the case in view is a single slice, every case of one slice; what is known of each; and
 * which of them are tiles in which order. A subject is counted from 0 in its own order, a place in
 * that of the tiles. Main thread; facts are worked out in workers.
 *
 * Signals:
 * "subjects-changed": other subjects
 * "tiles-changed" (boolean): other tiles or another order; TRUE: because the user chose so
 * "subject-changed" (int): it looks different
 * "facts-changed": something is known that was not
 * "options-changed"
 * "selection-changed"
 * "case-chosen" (PlCaseItem): the user chose a tile that is a case */
#define PL_TYPE_MONTAGE_CONTENT (pl_montage_content_get_type ())
G_DECLARE_FINAL_TYPE (PlMontageContent, pl_montage_content, PL, MONTAGE_CONTENT, GObject)

PlMontageContent *pl_montage_content_new (PlViewState *state);

/* Once: whose crosshair selects planes; until then there are only slices. */
void pl_montage_content_set_planes (PlMontageContent *self, PlPlanesState *planes);

/* @cases: (nullable): of PlCaseItem. @current: (nullable): the case in view. */
void pl_montage_content_set_cases (PlMontageContent *self, GListModel *cases, PlCaseItem *current);

/* TRUE: the subjects are cases. */
gboolean pl_montage_content_has_cases (PlMontageContent *self);
int pl_montage_content_get_n_subjects (PlMontageContent *self);

/* TRUE: the subjects are planes of a chosen axis. */
gboolean pl_montage_content_shows_planes (PlMontageContent *self);
/* How slices or planes, whichever are shown, lie in the volume. */
PlReslice pl_montage_content_find_reslice (PlMontageContent *self);

/* TRUE: on which side the patient's left is can be told, and is the state's choice. */
gboolean pl_montage_content_has_sides (PlMontageContent *self);

int pl_montage_content_get_n_tiles (PlMontageContent *self);
int pl_montage_content_get_subject (PlMontageContent *self, int place);
/* −1: it has no tile. */
int pl_montage_content_find_place (PlMontageContent *self, int subject);

/* The slice, plane or case in view; −1 for none. Selecting tells whoever shows it. */
int pl_montage_content_get_selected (PlMontageContent *self);
void pl_montage_content_select (PlMontageContent *self, int subject);

/* (transfer full): what stands on the tile: a slice's number, a case's title. */
char *pl_montage_content_dup_label (PlMontageContent *self, int subject);
/* (transfer full): "Slice 3 of 96, Dice 0.931". */
char *pl_montage_content_dup_description (PlMontageContent *self, int subject);
/* With the Dice of a preview where there is one; tiles are not sorted by that, or they would move
 * several times a second. */
PlMontageFact pl_montage_content_get_fact (PlMontageContent *self, int subject);
gboolean pl_montage_content_knows_dice (PlMontageContent *self); /* of any */

/* (nullable) (transfer none): of a subject that is a case. */
PlCaseItem *pl_montage_content_get_case (PlMontageContent *self, int subject);
/* TRUE while predictions of cases are of another model than what is looked at: of them only
 * previews are shown. Tiles keep the order that they had. */
gboolean pl_montage_content_hides_predictions (PlMontageContent *self);
void pl_montage_content_hide_predictions (PlMontageContent *self, gboolean hide);

/* (transfer full) (element-type PlTileCase): as they are now; NULL when the subjects are slices. */
GPtrArray *pl_montage_content_dup_cases (PlMontageContent *self);

typedef struct
{
  PlMontageOrder order;
  PlMontageAxis axis;
  gboolean truth_is_filled;
  PlPredictionStyle prediction_style;
} PlMontageOptions;

const PlMontageOptions *pl_montage_content_get_options (PlMontageContent *self);
/* Numbers are clamped. */
void pl_montage_content_set_options (PlMontageContent *self, const PlMontageOptions *options);
