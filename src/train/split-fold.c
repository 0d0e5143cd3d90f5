/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splits for several trainings on one data set. For folds the patients, those with most cases
 * first, go each to the fold that has the fewest cases yet. A share is the first part of one
 * shuffled order, so that shares nest. */
#include "train/split-fold.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/random.h"
#include "train/split.h"
#include "train/split-patients.h"
#include "train/train.h"

static void
set_group (const PlSplitPatient *patient, PlGroup group)
{
  for (guint i = 0; i < patient->cases->len; i++)
    ((PlCase *) g_ptr_array_index (patient->cases, i))->group = group;
}

static void
deal_to_folds (const GPtrArray *ordered, int n_folds)
{
  g_autofree guint *n_cases = g_new0 (guint, n_folds);

  for (guint i = 0; i < ordered->len; i++)
    {
      PlSplitPatient *patient = g_ptr_array_index (ordered, i);
      int least = 0;

      for (int fold = 1; fold < n_folds; fold++)
        if (n_cases[fold] < n_cases[least])
          least = fold;
      patient->part = least;
      n_cases[least] += patient->cases->len;
    }
}

gboolean
pl_split_assign_fold (
    PlDataset *dataset, int n_folds, int fold, double validation, guint64 seed, GError **error)
{
  const double fractions[3] = { 1 - validation, validation, 0 };
  g_autoptr (GPtrArray) patients = pl_split_list_patients (dataset);
  g_autoptr (GPtrArray) ordered = pl_split_order_patients (patients, seed);

  g_return_val_if_fail (fold >= 0 && fold < n_folds, FALSE);
  g_return_val_if_fail (validation >= 0 && validation < 1, FALSE);
  if (n_folds < 2 || (guint) n_folds > patients->len)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   ngettext ("%s: %d folds cannot be made of %u patient with masks; there must be "
                             "2 or more, and a patient for each",
                             "%s: %d folds cannot be made of %u patients with masks; there must "
                             "be 2 or more, and a patient for each",
                             patients->len),
                   dataset->folder, n_folds, patients->len);
      return FALSE;
    }
  deal_to_folds (ordered, n_folds);
  for (guint i = 0; i < ordered->len; i++)
    {
      const PlSplitPatient *patient = g_ptr_array_index (ordered, i);

      /* out of the way of what deals the others */
      set_group (patient, patient->part == fold ? PL_GROUP_IGNORE : PL_GROUP_NONE);
    }
  pl_split_assign (dataset, fractions, seed, NULL);
  for (guint i = 0; i < ordered->len; i++)
    {
      const PlSplitPatient *patient = g_ptr_array_index (ordered, i);

      if (patient->part == fold)
        set_group (patient, PL_GROUP_TEST);
    }
  return TRUE;
}

/* (element-type PlSplitPatient) (transfer container): those of the training part. */
static GPtrArray *
list_training_patients (const GPtrArray *patients)
{
  GPtrArray *training = g_ptr_array_new ();

  for (guint i = 0; i < patients->len; i++)
    {
      PlSplitPatient *patient = g_ptr_array_index (patients, i);
      const PlCase *first = g_ptr_array_index (patient->cases, 0);

      if (first->group == PL_GROUP_TRAIN)
        g_ptr_array_add (training, patient);
    }
  return training;
}

gboolean
pl_split_keep_share (PlDataset *dataset, double share, guint64 seed, GError **error)
{
  g_autoptr (GPtrArray) patients = pl_split_list_patients (dataset);
  g_autoptr (GPtrArray) training = list_training_patients (patients);
  g_autofree guint32 *order = g_new (guint32, training->len + 1);
  guint n_kept = (guint) MAX (1, lround (share * training->len));
  PlRandom random;

  g_return_val_if_fail (share > 0 && share <= 1, FALSE);
  if (training->len == 0)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("%s: the training part is empty"), dataset->folder);
      return FALSE;
    }
  for (guint i = 0; i < training->len; i++)
    order[i] = i;
  pl_random_init (&random, seed, 0);
  pl_random_shuffle (&random, order, training->len);
  for (guint i = n_kept; i < training->len; i++)
    set_group (g_ptr_array_index (training, order[i]), PL_GROUP_IGNORE);
  return TRUE;
}
