/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/packed-mask.h"
#include "image/histogram.h"
#include "image/label-colour.h"
#include "image/mask-stats.h"
#include "train/manifest.h"

/* What a class measures. */
typedef struct
{
  int label;
  gboolean is_true; /* the ground truth has labels, and what they measure is known */
  gboolean is_predicted;
  PlMaskStats truth;
  PlMaskStats prediction;
} PlClassFacts;

/* That many have facts of their own. */
#define PL_CASE_FACTS_CLASSES PL_LABEL_COLOURS

/* What can be said of a case once it is read: for its properties. */
typedef struct
{
  char orientation[4]; /* of slices, rows and columns, as PlVolume.orientation */
  int n[3];            /* slices, rows, columns */
  gboolean is_hu;      /* as far as the values tell */
  PlHistogram histogram;
  PlMaskStats *truth;      /* (nullable): no mask, or none that can be read */
  PlMaskStats *prediction; /* (nullable) */
  GArray *classes;         /* (element-type PlClassFacts): empty unless a mask has several */
  char *truth_problem;     /* (nullable): why the mask cannot be read */
  GPtrArray *fields;       /* (element-type PlHeaderField) */
} PlCaseFacts;

/**
 * pl_case_facts_async:
 * @a_case: copied
 * @volume: (nullable): its image, if it is there already, whole
 * @prediction: (nullable)
 * @progress: (nullable): called in a worker
 *
 * Reads image and mask of a case and measures them in a GTask thread: a second for a volume of some
 * hundred slices that is there, and the time to load it otherwise.
 */
void pl_case_facts_async (const PlCase *a_case,
                          PlVolume *volume,
                          PlPackedMask *prediction,
                          PlProgress progress,
                          gpointer progress_data,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data);

/* (transfer full): or NULL with @error set when the image cannot be read. */
PlCaseFacts *pl_case_facts_finish (GAsyncResult *result, GError **error);

void pl_case_facts_free (PlCaseFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlCaseFacts, pl_case_facts_free)
