/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/* What the splits of this layer share. */

/* One patient and where it goes. */
typedef struct
{
  GPtrArray *cases; /* (element-type PlCase): borrowed ones of the data set */
  int part;
} PlSplitPatient;

/* Returns: (transfer full) (element-type PlSplitPatient): the patients of the cases that have masks
 * and are not PL_GROUP_IGNORE, in the order of their first cases; owns them */
GPtrArray *pl_split_list_patients (const PlDataset *dataset);

/* Returns: (transfer container): the same in a new order: shuffled, then by falling number of
 * cases, so that what is dealt last can even out */
GPtrArray *pl_split_order_patients (const GPtrArray *patients, guint64 seed);
