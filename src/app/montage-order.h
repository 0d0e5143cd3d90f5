/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <math.h>

/* Which tiles the montage has, and in which order: plain values. A subject is what a tile shows: a
 * slice of a volume, or a case of one slice; they are counted from 0. */

typedef enum
{
  PL_MONTAGE_SORT_SLICE,
  PL_MONTAGE_SORT_DICE, /* worst first; unknown last */
  PL_MONTAGE_SORT_AREA, /* largest first; unknown last */
} PlMontageSort;

typedef enum
{
  PL_MONTAGE_FILTER_ALL,
  PL_MONTAGE_FILTER_WITH_MASK,
  PL_MONTAGE_FILTER_WITHOUT_MASK,
  PL_MONTAGE_FILTER_TEST,
  PL_MONTAGE_FILTER_BELOW, /* Dice known and below a bound */
} PlMontageFilter;

/* What the tiles of a volume are. */
typedef enum
{
  PL_MONTAGE_AXIS_SLICES, /* its slices, as they lie in the file */
  PL_MONTAGE_AXIS_AXIAL,
  PL_MONTAGE_AXIS_CORONAL,
  PL_MONTAGE_AXIS_SAGITTAL,
} PlMontageAxis;

typedef struct
{
  PlMontageSort sort;
  PlMontageFilter filter;
  double below; /* Dice */
  int first;    /* subject */
  int last;     /* subject; −1: to the end */
  int step;     /* every so many, from the first; ≥ 1 */
} PlMontageOrder;

#define PL_MONTAGE_MAX_STEP 1000

#define PL_MONTAGE_ORDER_DEFAULT ((PlMontageOrder){ .below = 0.9, .last = -1, .step = 1 })

/* What is known about a subject. */
typedef struct
{
  double dice;     /* NaN: not known, as it is without truth or prediction */
  double area_mm2; /* of the lungs in the truth, else in the prediction; NaN: not known */
  gboolean has_mask;
  gboolean is_test; /* in the test set */
} PlMontageFact;

#define PL_MONTAGE_FACT_NONE ((PlMontageFact){ .dice = NAN, .area_mm2 = NAN })

/* (transfer full) (element-type int): the subjects in the order of their tiles. */
GArray *
pl_montage_order_apply (const PlMontageOrder *order, const PlMontageFact *facts, int n_subjects);

/* "slice", "dice", "area"; "all", "with-mask", "without-mask", "test", "dice-below": as actions
 * name them. */
const char *pl_montage_sort_name (PlMontageSort sort);
gboolean pl_montage_sort_from_name (const char *name, PlMontageSort *sort);
const char *pl_montage_filter_name (PlMontageFilter filter);
gboolean pl_montage_filter_from_name (const char *name, PlMontageFilter *filter);
/* "slices", "axial", "coronal", "sagittal". */
const char *pl_montage_axis_name (PlMontageAxis axis);
gboolean pl_montage_axis_from_name (const char *name, PlMontageAxis *axis);

/* The class of a Dice: 0 below 0.8, 1 below 0.9, 2 below 0.95, 3; and its colour (0xrrggbb), from
 * yellow to blue, told apart by their brightness alone. */
#define PL_DICE_CLASSES 4
int pl_dice_class (double dice);
guint32 pl_dice_rgb (double dice);
