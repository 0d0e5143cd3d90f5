/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/comparison.h"
#include "train/dataset.h"

/* How well a prediction fits: Dice of all labels together, and of each where both masks have
 * several. */
typedef struct
{
  double dice;
  int n_labels;
  double label_dice[PL_COMPARISON_LABELS]; /* of label 1 first */
} PlCaseScore;

/**
 * pl_case_score_async:
 * @source: a case that has a mask; may go before the answer comes
 * @prediction: of it
 * @truth: (nullable): the mask, if it is there already; else it is loaded
 *
 * The Dice of a prediction, in a GTask thread.
 */
void pl_case_score_async (const PlCase *source,
                          PlMask *prediction,
                          PlMask *truth,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data);
gboolean pl_case_score_finish (GAsyncResult *result, PlCaseScore *score, GError **error);
