/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/* What the files of dataset-*.c share. */

/* An empty data set of one class, "lung". Takes @folder. */
PlDataset *pl_dataset_new_take (char *folder);

/* As many classes as there are names, called as they are given, else by @found. */
void pl_dataset_set_classes (PlDataset *dataset, GStrv found);

/* Lists @path with a reason that is taken; a path at the reason's start is left away. */
void pl_dataset_add_problem_take (PlDataset *dataset,
                                  const char *path,
                                  PlProblemKind kind,
                                  char *reason);
/* With what can be done about it, as PL_PROBLEM_MISMATCH or PL_PROBLEM_UNREADABLE. @partner:
 * (nullable): the image or mask that loses it */
void pl_dataset_add_problem_error (PlDataset *dataset,
                                   const char *path,
                                   const char *partner,
                                   const GError *error);
void
pl_dataset_add_notice_take (PlDataset *dataset, const char *path, PlProblemKind kind, char *reason);

/**
 * pl_dataset_add_folder:
 * @image_folder: absolute, inside the data set; its images become cases, in no order yet and
 *   without headers
 * @mask_folder: (nullable): absolute; NULL if masks lie beside their images as MASK_x or x_mask
 * @has_channels: whether x_0001 beside x_0000 is another channel of the same image
 *
 * Masks that belong to no image, and files that are not read, become problems.
 *
 * Returns: FALSE with @error set when a folder cannot be listed
 */
gboolean pl_dataset_add_folder (PlDataset *dataset,
                                const char *image_folder,
                                const char *mask_folder,
                                gboolean has_channels,
                                GError **error);

/* Likewise for these @names (element-type utf8) of @image_folder alone. */
void pl_dataset_add_files (PlDataset *dataset,
                           const char *image_folder,
                           const char *mask_folder,
                           const GPtrArray *names);

/* By a name that stands beside its image's: "MASK_x", "x_mask", "x_masks". */
gboolean pl_name_is_mask (const char *name);

/* What of a name image and mask have in common: ever less, so that more belongs together. */
typedef enum
{
  PL_BY_NAME,
  PL_BY_STEM,
  PL_BY_KEY,
  PL_N_WAYS,
} PlNameWay;
char *pl_name_by (PlNameWay way, const char *name);

/* Whether images and masks have folders of their own, and this is the name of one for masks. */
gboolean pl_folder_name_is_of_masks (const char *name);

/* Cases without a mask get those cases for masks that are none of their own, by where they are and
 * what they are called: files that the user named together. */
void pl_dataset_pair_files (PlDataset *dataset);

/* Whether the mask is of the image's size. */
gboolean pl_case_check_mask (const PlCase *self, const char *mask_path, GError **error);

/* Adds the cases' headers and sorts the cases; what cannot be used becomes a problem. */
gboolean pl_dataset_read_headers (PlDataset *dataset, GCancellable *cancellable, GError **error);

/* Classes and missing files from dataset.json, if there is one. */
void pl_dataset_read_json (PlDataset *dataset);
