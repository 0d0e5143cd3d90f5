/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The patients that splits deal: cases that have masks, grouped by whom they show. */
#include "train/split-patients.h"

#include "base/random.h"

static void
free_patient (gpointer data)
{
  PlSplitPatient *patient = data;

  g_ptr_array_unref (patient->cases);
  g_free (patient);
}

static gboolean
takes_part (const PlCase *self)
{
  return self->mask_path != NULL && self->group != PL_GROUP_IGNORE;
}

GPtrArray *
pl_split_list_patients (const PlDataset *dataset)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *patients = g_ptr_array_new_with_free_func (free_patient);

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *self = g_ptr_array_index (dataset->cases, i);
      PlSplitPatient *patient = g_hash_table_lookup (by_name, self->patient);

      if (!takes_part (self))
        continue;
      if (patient == NULL)
        {
          patient = g_new0 (PlSplitPatient, 1);
          patient->cases = g_ptr_array_new ();
          g_hash_table_insert (by_name, self->patient, patient);
          g_ptr_array_add (patients, patient);
        }
      g_ptr_array_add (patient->cases, self);
    }
  return patients;
}

GPtrArray *
pl_split_order_patients (const GPtrArray *patients, guint64 seed)
{
  GPtrArray *ordered = g_ptr_array_new ();
  g_autofree guint32 *order = g_new (guint32, patients->len + 1);
  guint most = 0;
  PlRandom random;

  for (guint i = 0; i < patients->len; i++)
    {
      const PlSplitPatient *patient = g_ptr_array_index (patients, i);

      order[i] = i;
      most = MAX (most, patient->cases->len);
    }
  pl_random_init (&random, seed, 0);
  pl_random_shuffle (&random, order, patients->len);
  for (guint size = most; size > 0; size--)
    for (guint i = 0; i < patients->len; i++)
      {
        PlSplitPatient *patient = g_ptr_array_index (patients, order[i]);

        if (patient->cases->len == size)
          g_ptr_array_add (ordered, patient);
      }
  return ordered;
}
