/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splits by patient. Patients are shuffled, those with most cases dealt first, each to the part
 * that lacks most of what its fraction promises: with one case a patient this rounds each part to
 * the nearest whole number. */
#include "train/split.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "train/csv.h"
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

/* What a split file says about one case. */
typedef struct
{
  PlGroup group;
  char *patient; /* (nullable) */
} Entry;

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_free (entry->patient);
  g_free (entry);
}

static gboolean G_GNUC_PRINTF (3, 4)
    refuse (GError **error, const char *path, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET, "%s: %s", path, message);
  return FALSE;
}

/* Rows to a table from name to Entry. */
static gboolean
read_rows (const GPtrArray *rows, const char *path, GHashTable *entries, GError **error)
{
  char **header = rows->len > 0 ? g_ptr_array_index (rows, 0) : NULL;
  int path_column = header != NULL ? pl_csv_find (header, "path") : -1;
  int group_column = header != NULL ? pl_csv_find (header, "group") : -1;
  int patient_column = header != NULL ? pl_csv_find (header, "patient") : -1;

  if (path_column < 0 || group_column < 0)
    return refuse (error, path, _ ("its first line does not name the columns “path” and “group”"));
  for (guint i = 1; i < rows->len; i++)
    {
      char **row = g_ptr_array_index (rows, i);
      int n = (int) g_strv_length (row);
      Entry *entry;
      PlGroup group;

      if (n <= path_column || n <= group_column)
        return refuse (error, path, _ ("row %u has too few fields"), i + 1);
      if (!pl_group_from_name (row[group_column], &group))
        return refuse (error, path,
                       _ ("the group of %s is “%s”, not train, validation, test, ignore or none"),
                       row[path_column], row[group_column]);
      if (g_hash_table_contains (entries, row[path_column]))
        return refuse (error, path, _ ("%s is listed twice"), row[path_column]);
      entry = g_new0 (Entry, 1);
      entry->group = group;
      if (patient_column >= 0 && patient_column < n && row[patient_column][0] != '\0')
        entry->patient = g_strdup (row[patient_column]);
      g_hash_table_insert (entries, g_strdup (row[path_column]), entry);
    }
  return TRUE;
}

static gboolean
find_unknown (const PlDataset *dataset, GHashTable *entries, const char **unknown)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) listed = g_list_sort (g_hash_table_get_keys (entries), (GCompareFunc) strcmp);

  for (guint i = 0; i < dataset->cases->len; i++)
    g_hash_table_add (names, ((PlCase *) g_ptr_array_index (dataset->cases, i))->name);
  for (GList *l = listed; l != NULL; l = l->next)
    if (!g_hash_table_contains (names, l->data))
      {
        *unknown = l->data;
        return TRUE;
      }
  return FALSE;
}

/* No patient may be in two of train, validation and test. */
static gboolean
check_patients (const PlDataset *dataset, GHashTable *entries, const char *path, GError **error)
{
  g_autoptr (GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *self = g_ptr_array_index (dataset->cases, i);
      Entry *entry = g_hash_table_lookup (entries, self->name);
      char *patient = entry != NULL && entry->patient != NULL ? entry->patient : self->patient;
      PlGroup other;

      if (entry == NULL || entry->group == PL_GROUP_NONE || entry->group == PL_GROUP_IGNORE)
        continue;
      other = (PlGroup) GPOINTER_TO_INT (g_hash_table_lookup (groups, patient));
      if (other != PL_GROUP_NONE && other != entry->group)
        return refuse (error, path, _ ("the patient “%s” is in both %s and %s"), patient,
                       pl_group_name (other), pl_group_name (entry->group));
      g_hash_table_insert (groups, patient, GINT_TO_POINTER (entry->group));
    }
  return TRUE;
}

gboolean
pl_split_read (PlDataset *dataset, const char *path, GError **error)
{
  g_autoptr (GHashTable) entries =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_entry);
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  const char *unknown;

  if (!pl_file_read (path, &text, NULL, error))
    return FALSE;
  rows = pl_csv_parse (text);
  if (rows == NULL)
    return refuse (error, path, _ ("a quote is not closed"));
  if (!read_rows (rows, path, entries, error))
    return FALSE;
  if (find_unknown (dataset, entries, &unknown))
    return refuse (error, path, _ ("the data set has no “%s”"), unknown);
  if (!check_patients (dataset, entries, path, error))
    return FALSE;
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *self = g_ptr_array_index (dataset->cases, i);
      Entry *entry = g_hash_table_lookup (entries, self->name);

      self->group = entry != NULL ? entry->group : PL_GROUP_IGNORE;
      if (entry != NULL && entry->patient != NULL)
        {
          g_free (self->patient);
          self->patient = g_steal_pointer (&entry->patient);
        }
    }
  g_free (dataset->split_file);
  dataset->split_file = g_strdup (path);
  return TRUE;
}

gboolean
pl_split_write (const PlDataset *dataset, const char *path, GError **error)
{
  g_autoptr (GString) text = g_string_new ("path,patient,group\n");

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);

      pl_csv_append (text, self->name);
      g_string_append_c (text, ',');
      pl_csv_append (text, self->patient);
      g_string_append_printf (text, ",%s\n", pl_group_name (self->group));
    }
  return pl_file_replace (path, text->str, text->len, error);
}

int
pl_split_count (const PlDataset *dataset, PlGroup group)
{
  int n = 0;

  for (guint i = 0; i < dataset->cases->len; i++)
    n += ((const PlCase *) g_ptr_array_index (dataset->cases, i))->group == group;
  return n;
}
