/* SPDX-License-Identifier: GPL-3.0-or-later */
/* split.csv, as a run has it and as people write it with a spreadsheet. */
#include "train/split.h"

#include <glib/gi18n-lib.h>

#include "base/file.h"
#include "train/csv.h"
#include "train/split-table.h"
#include "train/train.h"

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

/* (nullable): what a row has in a column that may be absent (−1). */
static const char *
get_field (char **row, int column)
{
  return column >= 0 && column < (int) g_strv_length (row) ? row[column] : NULL;
}

static gboolean
read_rows (const GPtrArray *rows, const char *path, PlSplitTable *table, GError **error)
{
  char **header = rows->len > 0 ? g_ptr_array_index (rows, 0) : NULL;
  int path_column = header != NULL ? pl_csv_find (header, "path") : -1;
  int group_column = header != NULL ? pl_csv_find (header, "group") : -1;
  int patient_column = header != NULL ? pl_csv_find (header, "patient") : -1;
  int apart_column = header != NULL ? pl_csv_find (header, "apart") : -1;

  if (path_column < 0 || group_column < 0)
    return refuse (error, path, _ ("its first line does not name the columns “path” and “group”"));
  for (guint i = 1; i < rows->len; i++)
    {
      char **row = g_ptr_array_index (rows, i);
      const char *name = get_field (row, path_column);
      const char *group_name = get_field (row, group_column);
      PlGroup group;

      if (name == NULL || group_name == NULL)
        return refuse (error, path, _ ("row %u has too few fields"), i + 1);
      if (!pl_group_from_name (group_name, &group))
        return refuse (error, path,
                       _ ("the group of %s is “%s”, not train, validation, test, ignore or none"),
                       name, group_name);
      if (!pl_split_table_add (table, name, group, get_field (row, patient_column)))
        return refuse (error, path, _ ("%s is listed twice"), name);
      if (g_strcmp0 (get_field (row, apart_column), "yes") == 0)
        pl_split_table_set_apart (table);
    }
  return TRUE;
}

gboolean
pl_split_read (PlDataset *dataset, const char *path, GError **error)
{
  g_autoptr (PlSplitTable) table = pl_split_table_new ();
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  const char *unknown;

  if (!pl_file_read (path, &text, NULL, error))
    return FALSE;
  rows = pl_csv_parse (text);
  if (rows == NULL)
    return refuse (error, path, _ ("a quote is not closed"));
  if (!read_rows (rows, path, table, error))
    return FALSE;
  if (pl_split_table_count_unknown (table, dataset, &unknown) > 0)
    return refuse (error, path, _ ("the data set has no “%s”"), unknown);
  if (!pl_split_table_check (table, dataset, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  pl_split_table_apply (table, dataset, PL_GROUP_IGNORE);
  g_free (dataset->split_file);
  dataset->split_file = g_strdup (path);
  g_clear_pointer (&dataset->split_problem, g_free);
  dataset->has_split = FALSE;
  return TRUE;
}

gboolean
pl_split_write (const PlDataset *dataset, const char *path, GError **error)
{
  g_autoptr (GString) text = g_string_new ("path,patient,group");
  const char *end = dataset->cases_apart ? ",yes\n" : "\n";

  g_string_append (text, dataset->cases_apart ? ",apart\n" : "\n");
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);

      pl_csv_append (text, self->name);
      g_string_append_c (text, ',');
      pl_csv_append (text, self->patient);
      g_string_append_printf (text, ",%s%s", pl_group_name (self->group), end);
    }
  return pl_file_replace (path, text->str, text->len, error);
}
