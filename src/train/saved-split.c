/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A data set changes after its split was saved: files come and go, or cannot be read for a while.
 * So names that do not match are told of and are no error, while a patient in two parts is one: a
 * test that has seen the training says nothing. */
#include "train/saved-split.h"

#include <glib/gi18n-lib.h>

#include "base/json.h"
#include "train/dataset-private.h"
#include "train/manifest-private.h"
#include "train/split-table.h"
#include "train/train.h"

static gboolean
read_entry (JsonNode *node, const char *name, PlSplitTable *table, GError **error)
{
  JsonObject *entry = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *group_name = entry != NULL ? pl_json_get_string (entry, "group", NULL) : NULL;
  const char *patient = NULL;
  PlGroup group;

  if (group_name == NULL)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("the entry “%s” lacks its group"), name);
      return FALSE;
    }
  if (!pl_group_from_name (group_name, &group))
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("the group of %s is “%s”, not train, validation, test, ignore or none"), name,
                   group_name);
      return FALSE;
    }
  if (json_object_has_member (entry, "patient"))
    {
      patient = pl_json_get_string (entry, "patient", error);
      if (patient == NULL)
        return FALSE;
    }
  pl_split_table_add (table, name, group, patient); /* JSON has each member once */
  return TRUE;
}

/* (nullable): the object in a member, or an error. */
static JsonObject *
get_object (JsonObject *json, const char *member, GError **error)
{
  JsonNode *node = json_object_get_member (json, member);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
               _ ("the member “%s” is missing or not an object"), member);
  return NULL;
}

static gboolean
get_apart (JsonObject *split, gboolean *is_apart, GError **error)
{
  JsonNode *node = json_object_get_member (split, "cases_apart");

  *is_apart = FALSE;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("the member “%s” is neither true nor false"), "cases_apart");
      return FALSE;
    }
  *is_apart = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
fill_table (JsonObject *json, PlSplitTable *table, GError **error)
{
  JsonObject *split = get_object (json, "split", error);
  JsonObject *cases = split != NULL ? get_object (split, "cases", error) : NULL;
  gboolean is_apart;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (cases == NULL || !get_apart (split, &is_apart, error))
    return FALSE;
  if (is_apart)
    pl_split_table_set_apart (table);
  json_object_iter_init (&iter, cases);
  while (json_object_iter_next (&iter, &name, &node))
    if (!read_entry (node, name, table, error))
      return FALSE;
  return TRUE;
}

/* What the split and the data set do not have of each other. */
static void
add_notice (PlDataset *dataset, const char *path, int n_unnamed, int n_unknown)
{
  if (n_unnamed > 0)
    pl_dataset_add_notice_take (
        dataset, path, PL_PROBLEM_OTHER,
        g_strdup_printf (ngettext ("%d case is in no part of the saved split",
                                   "%d cases are in no part of the saved split",
                                   (gulong) n_unnamed),
                         n_unnamed));
  if (n_unknown > 0)
    pl_dataset_add_notice_take (
        dataset, path, PL_PROBLEM_OTHER,
        g_strdup_printf (ngettext ("the saved split names %d case that is not there",
                                   "the saved split names %d cases that are not there",
                                   (gulong) n_unknown),
                         n_unknown));
}

static gboolean
use_split (PlDataset *dataset, JsonObject *json, const char *path, GError **error)
{
  g_autoptr (PlSplitTable) table = pl_split_table_new ();
  const char *unknown;
  int n_unknown;
  int n_unnamed;

  if (!fill_table (json, table, error) || !pl_split_table_check (table, dataset, error))
    {
      g_prefix_error (error, _ ("%s: the saved split is of no use: "), path);
      return FALSE;
    }
  n_unknown = pl_split_table_count_unknown (table, dataset, &unknown);
  n_unnamed = pl_split_table_apply (table, dataset, PL_GROUP_NONE);
  add_notice (dataset, path, n_unnamed, n_unknown);
  g_free (dataset->split_file);
  dataset->split_file = g_strdup (path);
  dataset->has_split = TRUE;
  return TRUE;
}

void
pl_saved_split_read (PlDataset *dataset)
{
  g_autofree char *path = pl_manifest_dup_path (dataset);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) json = pl_manifest_read_json (path, &error);

  if (json == NULL && error == NULL)
    return;
  if (json != NULL &&
      (!json_object_has_member (json, "split") || use_split (dataset, json, path, &error)))
    return;
  pl_dataset_add_problem_take (dataset, path, PL_PROBLEM_OTHER, g_strdup (error->message));
  dataset->split_problem = g_strdup (error->message);
}

/* What was said of cases that are not there now: they may come back. */
static void
keep_others (JsonObject *cases, JsonObject *before)
{
  JsonObject *split = get_object (before, "split", NULL);
  JsonObject *others = split != NULL ? get_object (split, "cases", NULL) : NULL;
  g_autoptr (PlSplitTable) good = pl_split_table_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (others == NULL)
    return;
  json_object_iter_init_ordered (&iter, others);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (!json_object_has_member (cases, name) && read_entry (node, name, good, NULL))
      json_object_set_member (cases, name, json_node_copy (node));
}

/* @before: the manifest as it was */
static JsonObject *
make_split (const PlDataset *dataset, JsonObject *before)
{
  JsonObject *split = json_object_new ();
  JsonObject *cases = json_object_new ();

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);
      g_autofree char *name = g_utf8_make_valid (self->name, -1);
      g_autofree char *patient = g_utf8_make_valid (self->patient, -1);
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "group", pl_group_name (self->group));
      json_object_set_string_member (entry, "patient", patient);
      json_object_set_object_member (cases, name, entry);
    }
  keep_others (cases, before);
  json_object_set_boolean_member (split, "cases_apart", dataset->cases_apart);
  json_object_set_object_member (split, "cases", cases);
  return split;
}

gboolean
pl_saved_split_write (const PlDataset *dataset, GError **error)
{
  g_autofree char *path = pl_manifest_dup_path (dataset);
  g_autoptr (JsonObject) json = NULL;

  if (dataset->is_partial)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("%s: only some of its files are open; open the folder to save a split in it"),
                   dataset->folder);
      return FALSE;
    }
  json = pl_manifest_edit_json (path, error);
  if (json == NULL)
    return FALSE;
  json_object_set_object_member (json, "split", make_split (dataset, json));
  return pl_manifest_replace (path, json, error);
}
