/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What split.csv and the manifest have in common. */
#include "train/split-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "train/train.h"

typedef struct
{
  PlGroup group;
  char *patient; /* (nullable) */
} Entry;

struct _PlSplitTable
{
  GHashTable *entries; /* name → Entry */
  gboolean is_apart;
};

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_free (entry->patient);
  g_free (entry);
}

PlSplitTable *
pl_split_table_new (void)
{
  PlSplitTable *table = g_new0 (PlSplitTable, 1);

  table->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_entry);
  return table;
}

void
pl_split_table_free (PlSplitTable *table)
{
  if (table == NULL)
    return;
  g_hash_table_unref (table->entries);
  g_free (table);
}

gboolean
pl_split_table_add (PlSplitTable *table, const char *name, PlGroup group, const char *patient)
{
  Entry *entry;

  if (g_hash_table_contains (table->entries, name))
    return FALSE;
  entry = g_new0 (Entry, 1);
  entry->group = group;
  if (patient != NULL && patient[0] != '\0')
    entry->patient = g_strdup (patient);
  g_hash_table_insert (table->entries, g_strdup (name), entry);
  return TRUE;
}

void
pl_split_table_set_apart (PlSplitTable *table)
{
  table->is_apart = TRUE;
}

/* (nullable): JSON has a name that is not UTF-8 as it could be made so. */
static Entry *
find_entry (PlSplitTable *table, const PlCase *self)
{
  Entry *entry = g_hash_table_lookup (table->entries, self->name);
  g_autofree char *valid = NULL;

  if (entry != NULL || g_utf8_validate (self->name, -1, NULL))
    return entry;
  valid = g_utf8_make_valid (self->name, -1);
  return g_hash_table_lookup (table->entries, valid);
}

int
pl_split_table_count_unknown (PlSplitTable *table, const PlDataset *dataset, const char **first)
{
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer name;
  gpointer entry;
  int n = 0;

  *first = NULL;
  for (guint i = 0; i < dataset->cases->len; i++)
    g_hash_table_add (found, find_entry (table, g_ptr_array_index (dataset->cases, i)));
  g_hash_table_iter_init (&iter, table->entries);
  while (g_hash_table_iter_next (&iter, &name, &entry))
    if (!g_hash_table_contains (found, entry))
      {
        n++;
        if (*first == NULL || strcmp (name, *first) < 0)
          *first = name;
      }
  return n;
}

gboolean
pl_split_table_check (PlSplitTable *table, const PlDataset *dataset, GError **error)
{
  g_autoptr (GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < dataset->cases->len && !table->is_apart; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);
      const Entry *entry = find_entry (table, self);
      char *patient = entry != NULL && entry->patient != NULL ? entry->patient : self->patient;
      PlGroup other;

      if (entry == NULL || entry->group == PL_GROUP_NONE || entry->group == PL_GROUP_IGNORE)
        continue;
      other = (PlGroup) GPOINTER_TO_INT (g_hash_table_lookup (groups, patient));
      if (other != PL_GROUP_NONE && other != entry->group)
        {
          g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                       _ ("the patient “%s” is in both %s and %s"), patient, pl_group_name (other),
                       pl_group_name (entry->group));
          return FALSE;
        }
      g_hash_table_insert (groups, patient, GINT_TO_POINTER (entry->group));
    }
  return TRUE;
}

int
pl_split_table_apply (PlSplitTable *table, PlDataset *dataset, PlGroup unnamed)
{
  int n_unnamed = 0;

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *self = g_ptr_array_index (dataset->cases, i);
      const Entry *entry = find_entry (table, self);

      self->group = entry != NULL ? entry->group : unnamed;
      n_unnamed += entry == NULL;
      if (entry != NULL && entry->patient != NULL)
        {
          g_free (self->patient);
          self->patient = g_strdup (entry->patient);
        }
    }
  dataset->cases_apart = table->is_apart;
  return n_unnamed;
}
