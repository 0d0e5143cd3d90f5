/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/mask.h"

#include <gio/gio.h>

/* That many labels have figures of their own. */
#define PL_COMPARISON_LABELS 8

/* What a prediction and the truth have in common, of a slice or of a whole case. Voxels with any
 * label above 0 count as inside. */
typedef struct
{
  gsize n_both;
  gsize n_only_predicted;
  gsize n_only_true;
  double dice; /* empty against empty is 1, as is the IoU */
  double iou;
  double hd95_mm; /* NaN until it is measured, and when either mask is empty */

  /* Of label 1 first, once measured: none unless both masks have several. */
  int n_labels;
  double label_dice[PL_COMPARISON_LABELS];
} PlComparison;

/* All but the HD95; 0.5 ms at 512 × 512. Any thread. */
PlComparison pl_comparison_count (const guint8 *prediction, const guint8 *truth, gsize n);

/* Of each label into @dice, of label 1 first. Returns how many: none unless both masks have
 * several. Any thread; blocks. */
int pl_comparison_measure_labels (const PlMask *prediction,
                                  const PlMask *truth,
                                  double dice[PL_COMPARISON_LABELS]);

/**
 * pl_comparison_measure_async:
 * @prediction: as large as @truth; both may go before the answer comes
 * @spacing_mm: of slices, rows and columns
 *
 * Everything, in a thread: some 10 ms for a slice, a second for a volume of 512 × 512 × 300, which
 * it does not leave when cancelled; the answer says so then.
 */
void pl_comparison_measure_async (PlMask *prediction,
                                  PlMask *truth,
                                  const double spacing_mm[3],
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
gboolean
pl_comparison_measure_finish (GAsyncResult *result, PlComparison *comparison, GError **error);
