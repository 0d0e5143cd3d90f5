/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"
#include "train/manifest.h"

/* Images of different patients that look so alike that they are likely of one: the same scan under
 * two names, a slice beside the volume it was cut from. Across the parts of a split they tell the
 * test what was learned by heart. */

/* Two cases that look alike, and where. */
typedef struct
{
  guint first; /* indices of the cases, first < second */
  guint second;
  int first_slice; /* of each, from 0 */
  int second_slice;
  double likeness; /* correlation of the two slices, up to 1 */
} PlNearDuplicate;

/* What the images look like, one small picture a slice. */
typedef struct _PlNearDuplicates PlNearDuplicates;

/* With room for the cases of @dataset, which is not kept. */
PlNearDuplicates *pl_near_duplicates_new (const PlDataset *dataset);
void pl_near_duplicates_free (PlNearDuplicates *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlNearDuplicates, pl_near_duplicates_free)

/* Looks at a case's image, at all slices as long as there are at most 20,000 in all, else of
 * volumes at fewer, evenly spread. Once a case, which may be left out; any threads at once for
 * different cases. */
void pl_near_duplicates_add (PlNearDuplicates *self, guint index, const PlVolume *image);

/**
 * pl_near_duplicates_list:
 * @self: of all cases of @dataset that were added
 * @cancellable: (nullable): what was found by then is returned
 *
 * Compares all cases of different patients. Some seconds for 20,000 slices.
 *
 * Returns: (transfer full) (element-type PlNearDuplicate): the likest pair of slices of each two
 *   cases that look alike, the likest first, at most 1000
 */
GArray *pl_near_duplicates_list (const PlNearDuplicates *self,
                                 const PlDataset *dataset,
                                 GCancellable *cancellable);

/* All of the above with the images read from their files; those that cannot be read are left out.
 * NULL with @error set only when it is cancelled. Blocks. */
GArray *pl_near_duplicates_find (const PlDataset *dataset,
                                 PlProgress progress,
                                 gpointer data,
                                 GCancellable *cancellable,
                                 GError **error);

/* Adds what was found to dataset->notices. */
void pl_near_duplicates_note (PlDataset *dataset, const GArray *pairs);

/* Whether the two cases are in different ones of training, validation and test. */
gboolean pl_near_duplicate_crosses (const PlNearDuplicate *pair, const PlDataset *dataset);
