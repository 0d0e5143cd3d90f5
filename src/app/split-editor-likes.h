/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

#include <adwaita.h>

/* Pairs of images that look alike: a list, and both slices of the chosen pair side by side.
 *
 * Signals:
 *   "united" (guint first, guint second): the two cases, by index, are of one patient */
#define PL_TYPE_SPLIT_LIKES (pl_split_likes_get_type ())
G_DECLARE_FINAL_TYPE (PlSplitLikes, pl_split_likes, PL, SPLIT_LIKES, AdwWindow)

/* @pairs: (element-type PlNearDuplicate): copied, as is @dataset. */
GtkWindow *pl_split_likes_new (GtkWindow *parent, const PlDataset *dataset, const GArray *pairs);
