/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splits by patient. Patients are shuffled, those with most cases dealt first, each to the part
 * that lacks most of what its fraction promises: with one case a patient this rounds each part to
 * the nearest whole number. */
#include "train/split.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "train/split-patients.h"
#include "train/train.h"

enum
{
  N_PARTS = 3,
};

static const PlGroup parts[N_PARTS] = { PL_GROUP_TRAIN, PL_GROUP_VALIDATION, PL_GROUP_TEST };

/* What the parts have and should have, in cases. */
typedef struct
{
  double lacking[N_PARTS];
  guint n_patients[N_PARTS];
} Deal;

static void
give (Deal *deal, PlSplitPatient *patient, int part)
{
  patient->part = part;
  deal->lacking[part] -= patient->cases->len;
  deal->n_patients[part]++;
}

static void
take_back (Deal *deal, const PlSplitPatient *patient)
{
  deal->lacking[patient->part] += patient->cases->len;
  deal->n_patients[patient->part]--;
}

/* Gives @part the smallest patient of the part that can best spare one; a part keeps its last. */
static void
fill_empty_part (Deal *deal, const GPtrArray *patients, int part)
{
  PlSplitPatient *spare = NULL;

  for (guint i = 0; i < patients->len; i++)
    {
      PlSplitPatient *patient = g_ptr_array_index (patients, i);

      if (deal->n_patients[patient->part] < 2)
        continue;
      if (spare == NULL || patient->cases->len < spare->cases->len ||
          (patient->cases->len == spare->cases->len &&
           deal->lacking[patient->part] < deal->lacking[spare->part]))
        spare = patient;
    }
  if (spare == NULL)
    return;
  take_back (deal, spare);
  give (deal, spare, part);
}

static void
deal_patients (const GPtrArray *patients,
               const double fractions[N_PARTS],
               double sum,
               guint n_cases)
{
  Deal deal = { { 0 } };

  for (int part = 0; part < N_PARTS; part++)
    deal.lacking[part] = fractions[part] > 0 ? fractions[part] / sum * n_cases : -INFINITY;
  for (guint i = 0; i < patients->len; i++)
    {
      int best = 0;

      for (int part = 1; part < N_PARTS; part++)
        if (deal.lacking[part] > deal.lacking[best])
          best = part;
      give (&deal, g_ptr_array_index (patients, i), best);
    }
  for (int part = 0; part < N_PARTS; part++)
    if (fractions[part] > 0 && deal.n_patients[part] == 0)
      fill_empty_part (&deal, patients, part);
}

gboolean
pl_split_assign (PlDataset *dataset, const double fractions[3], guint64 seed, GError **error)
{
  g_autoptr (GPtrArray) patients = pl_split_list_patients (dataset);
  g_autoptr (GPtrArray) ordered = pl_split_order_patients (patients, seed);
  double sum = fractions[0] + fractions[1] + fractions[2];
  guint n_cases = 0;

  if (!(fractions[0] >= 0 && fractions[1] >= 0 && fractions[2] >= 0 && sum > 0 && isfinite (sum)))
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("the shares of the split are %g, %g and %g; they must be 0 or more, and not "
                      "all 0"),
                   fractions[0], fractions[1], fractions[2]);
      return FALSE;
    }
  for (guint i = 0; i < ordered->len; i++)
    n_cases += ((PlSplitPatient *) g_ptr_array_index (ordered, i))->cases->len;
  if (n_cases == 0)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("%s: no image has a mask to learn from"), dataset->folder);
      return FALSE;
    }
  deal_patients (ordered, fractions, sum, n_cases);
  g_clear_pointer (&dataset->split_file, g_free);
  g_clear_pointer (&dataset->split_problem, g_free);
  dataset->has_split = FALSE;
  dataset->cases_apart = FALSE;
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *self = g_ptr_array_index (dataset->cases, i);

      if (self->mask_path == NULL && self->group != PL_GROUP_IGNORE)
        self->group = PL_GROUP_NONE;
    }
  for (guint i = 0; i < ordered->len; i++)
    {
      const PlSplitPatient *patient = g_ptr_array_index (ordered, i);

      for (guint k = 0; k < patient->cases->len; k++)
        ((PlCase *) g_ptr_array_index (patient->cases, k))->group = parts[patient->part];
    }
  return TRUE;
}

gboolean
pl_split_settle (PlDataset *dataset, const double fractions[3], guint64 seed, GError **error)
{
  if (dataset->has_split)
    return TRUE;
  if (dataset->split_problem == NULL)
    return pl_split_assign (dataset, fractions, seed, error);
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
               _ ("%s; correct it, or have the cases dealt anew"), dataset->split_problem);
  return FALSE;
}

int
pl_split_count (const PlDataset *dataset, PlGroup group)
{
  int n = 0;

  for (guint i = 0; i < dataset->cases->len; i++)
    n += ((const PlCase *) g_ptr_array_index (dataset->cases, i))->group == group;
  return n;
}
