/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume-load.h"

/* Which part of the data a case is in. */
typedef enum
{
  PL_GROUP_NONE, /* not yet split, or without a mask */
  PL_GROUP_TRAIN,
  PL_GROUP_VALIDATION,
  PL_GROUP_TEST,
  PL_GROUP_IGNORE,
} PlGroup;

/* "train", "validation", "test", "ignore", "none": as in split.csv. */
const char *pl_group_name (PlGroup group);
gboolean pl_group_from_name (const char *name, PlGroup *group);

/* An image with, perhaps, its mask. */
typedef struct
{
  char *name;       /* path of the image relative to the data set's folder: its identity */
  char *image_path; /* absolute */
  char *mask_path;  /* (nullable): absolute */
  char *patient;    /* cases of one patient are never in two parts of a split */
  PlImageHeader header;
  PlGroup group;
  gboolean parts_lungs; /* its mask is of both lungs, and read as left and right */
} PlCase;

/* A slice file is a case whose header has one slice. */
gboolean pl_case_is_volume (const PlCase *self);

/* Whether more than one axis could count its slices: it is not a single slice. */
gboolean pl_case_has_axes (const PlCase *self);

/**
 * pl_case_read_as:
 * @volume: which one of a 4D file, from 0; loading fails when there is no such
 * @slice_axis: 0, 1 or 2; −1: by rule. Of no consequence for a slice
 *
 * How image and mask are read from now on, at first (0, −1).
 */
void pl_case_read_as (PlCase *self, int volume, int slice_axis);

/* For pl_volume_load() and pl_volume_load_async(): as the case is read. */
PlLoadOptions pl_case_load_options (const PlCase *self);

/* What is wrong with a file. */
typedef enum
{
  PL_PROBLEM_NONE,
  PL_PROBLEM_OTHER,
  PL_PROBLEM_UNREADABLE, /* or of a format that is not read */
  PL_PROBLEM_MISMATCH,   /* a mask that is not of its image's size */
  PL_PROBLEM_ORPHAN,     /* a mask without an image */
  PL_PROBLEM_CHANGED,    /* it is not what the manifest lists */
  /* Notices: such a file is used all the same */
  PL_PROBLEM_VALUES, /* they do not look like HU */
  PL_PROBLEM_ALIKE,  /* it looks like an image of another patient */
  PL_PROBLEM_LEAK,   /* and that one is in another part of the split */
  PL_N_PROBLEM_KINDS,
} PlProblemKind;

/* A file that is left out, or needs a look, and why. */
typedef struct
{
  char *path;    /* absolute */
  char *reason;  /* what is wrong, translated: goes behind "FILE: " */
  char *partner; /* (nullable): image or mask that it was to go with; absolute */
  PlProblemKind kind;
} PlProblem;

typedef enum
{
  PL_LAYOUT_KAGGLE, /* 2d_images/ + 2d_masks/, 3d_images/IMG_* + MASK_* */
  PL_LAYOUT_NNUNET, /* imagesTr/ + labelsTr/, dataset.json; also the Medical Segmentation Decathlon
                     */
  PL_LAYOUT_PAIRS,  /* images/ + masks/ or labels/ */
  PL_LAYOUT_PLAIN,  /* images alone */
} PlLayout;

/* Cases of a folder in a fixed order (by name), with what had to be left out. Plain data; one
 * thread at a time. */
typedef struct
{
  char *folder; /* absolute; the train/ subfolder, if the data set was there */
  PlLayout layout;
  GPtrArray *cases;     /* (element-type PlCase) */
  GPtrArray *problems;  /* (element-type PlProblem) */
  GPtrArray *notices;   /* (element-type PlProblem): of files that are used all the same */
  int n_classes;        /* classes but background: from dataset.json, else 1 until masks say more */
  GStrv class_names;    /* n_classes of them: "lung" by default */
  GStrv found_names;    /* the same without those that were given */
  GStrv given_names;    /* (nullable): saved with the data set: class-names.h. There may be more or
                           fewer than classes */
  GStrv given_sides;    /* (nullable): the same for left and right lung */
  gboolean parts_lungs; /* by pl_dataset_part_lungs() */
  gboolean has_classes; /* whether dataset.json named them */
  char *split_file;     /* (nullable): that the split was read from */
  char *split_problem;  /* (nullable): why the split saved with the data set is of no use */
  gboolean has_split;   /* the groups are those saved with the data set: saved-split.h */
  gboolean cases_apart; /* a patient may be in several parts: somebody wanted it so */
  gboolean is_partial;  /* of files that were named, not of a folder */
} PlDataset;

/**
 * pl_dataset_open:
 * @folder: a folder of one of the layouts above, or one whose train/ is
 * @cancellable: (nullable)
 *
 * Lists a folder and reads the headers of its images and masks: pairs are matched by the layout's
 * rule; a mask without an image, a mask of another size, a file whose header cannot be read, become
 * problems. An image without a mask is a case. Symbolic links are followed; hidden files are passed
 * over. A split that is saved with the data set is read. Any thread; blocks.
 *
 * Returns: (transfer full): the data set, perhaps without cases, or NULL with @error set when the
 *   folder cannot be read
 */
PlDataset *pl_dataset_open (const char *folder, GCancellable *cancellable, GError **error);

/* A data set of just these files, all without masks unless a mask lies where its layout has it.
 * @paths are image files; NULL-terminated. */
PlDataset *pl_dataset_open_files (char **paths, GCancellable *cancellable, GError **error);

void pl_dataset_free (PlDataset *dataset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlDataset, pl_dataset_free)

/* A deep copy, for a worker. */
PlDataset *pl_dataset_copy (const PlDataset *dataset);

/* (nullable) (transfer none): by PlCase.name. */
PlCase *pl_dataset_find (const PlDataset *dataset, const char *name);

/* How many cases there are, and with masks. */
typedef struct
{
  int slices;
  int volumes;
  int with_mask; /* of both */
} PlDatasetCounts;

PlDatasetCounts pl_dataset_count (const PlDataset *dataset);

/* Takes a case out of the data set, and puts it back where it was; the caller owns it meanwhile, to
 * be freed with pl_case_free(), a GDestroyNotify. */
PlCase *pl_dataset_take_case (PlDataset *dataset, guint index);
void pl_dataset_put_case (PlDataset *dataset, guint index, PlCase *taken);
void pl_case_free (gpointer self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlCase, pl_case_free)
/* For a worker, to load what belongs to it. */
PlCase *pl_case_copy (const PlCase *self);

/* What they are called by default, in files too. */
#define PL_LUNG_LEFT_NAME "left lung"
#define PL_LUNG_RIGHT_NAME "right lung"

/**
 * pl_dataset_part_lungs:
 *
 * Masks are read as left (1) and right lung (2) from now on: see pl_lung_sides_new(). Two classes
 * with names. A mask that has several labels all the same keeps them.
 *
 * Returns: FALSE with PL_TRAIN_ERROR_DATASET when there are several classes already
 */
gboolean pl_dataset_part_lungs (PlDataset *dataset, GError **error);

/* Whether a class is of one side, by what it was called before or after somebody named it; an image
 * that is mirrored would have the other one. */
gboolean pl_dataset_has_sides (const PlDataset *dataset);

/* Image and mask of a case, whole. The mask is checked against the image's size. */
PlVolume *pl_case_load_image (const PlCase *self, GCancellable *cancellable, GError **error);
PlMask *pl_case_load_mask (const PlCase *self, GCancellable *cancellable, GError **error);

/* Both. FALSE with @error set if one cannot be read, or if they are no longer of one size: files
 * may change after the data set was opened. */
gboolean pl_case_load_pair (
    const PlCase *self, GCancellable *cancellable, PlVolume **image, PlMask **mask, GError **error);

/* What stands for the patient in a file's stem: the first number in it ("ID_0002_Z_0162" and
 * "IMG_0002" give "2"), else the whole stem. */
char *pl_patient_from_stem (const char *stem);

/* A file's stem without what layouts put around it: "IMG_x" and "MASK_x" give "x", "x_0000" gives
 * "x", "x_masks", "x_mask" and "x_probability" give "x". For pairing predictions with truth. */
char *pl_case_key (const char *path);

/* The file name of a predicted mask for an image: "IMG_x.nii.gz" gives "MASK_x.nii.gz",
 * "x_0000.nii.gz" gives "x.nii.gz", else the image's own name; .hdr/.img give .nii.gz. */
char *pl_prediction_name (const char *image_path);

/* The same for one that may be saved beside image and truth, which it must not replace, and be
 * taken for a mask, but not for the truth, when the folder is read: "IMG_x.nii.gz" gives
 * "IMG_x-prediction_mask.nii.gz". */
char *pl_prediction_save_name (const char *image_path);
