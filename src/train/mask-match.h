/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/* Masks that come by themselves, and the images of a data set that they belong to. */

/* Whether a file is a mask as far as its name says ("MASK_x", "x_mask", "x_masks"), or that of its
 * folder ("masks", "labels", "2d_masks", "labelsTr"). */
gboolean pl_path_is_mask (const char *path);

typedef struct
{
  char *path;    /* of the mask */
  guint index;   /* of its case */
  GError *error; /* (nullable): why it belongs to none */
} PlMaskMatch;

/**
 * pl_mask_match_list:
 * @paths: masks; NULL-terminated
 *
 * Finds the image of each mask among cases that have none, by the rule by which masks are found in
 * folders: the same name, else the same without its ending, else without what marks image and
 * mask; in the folder of the image before others. Its size must be that of the image. A mask whose
 * image has one already, or could be several, belongs to none. Any thread; blocks while headers are
 * read.
 *
 * Returns: (transfer full) (element-type PlMaskMatch): one for each path, in their order
 */
GPtrArray *pl_mask_match_list (const PlDataset *dataset, char **paths);
