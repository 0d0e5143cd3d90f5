/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name decides how an image may be mirrored and what is cleaned up after a prediction, so those
 * of the window's languages are understood. */
#include "train/class-names.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/json.h"
#include "train/dataset-private.h"
#include "train/manifest-private.h"
#include "train/train.h"

enum
{
  MOST_CLASSES = 255, /* labels are bytes */
};

char *
pl_class_name_dup_default (int label)
{
  return g_strdup_printf ("class %d", label);
}

static gboolean
has_word (const char *name, const char *const *words)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);

  for (gsize i = 0; words[i] != NULL; i++)
    if (strstr (folded, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
pl_class_name_is_lung (const char *name)
{
  static const char *const words[] = { "lung", "폐", "허파", NULL };

  return has_word (name, words);
}

gboolean
pl_class_name_is_side (const char *name)
{
  static const char *const words[] = { "left", "right", "왼", "오른", "좌", "우", NULL };

  return has_word (name, words);
}

static gboolean
has_control_characters (const char *name)
{
  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return TRUE;
  return FALSE;
}

/* (nullable) (transfer full): what is wrong with name @i; it is not quoted, for it may be long. */
static char *
find_fault (GStrv names, int i)
{
  g_autofree char *plain = NULL;

  if (!g_utf8_validate (names[i], -1, NULL) || has_control_characters (names[i]))
    return g_strdup_printf (_ ("name %d is not plain text"), i + 1);
  plain = g_strstrip (g_strdup (names[i]));
  if (plain[0] == '\0')
    return g_strdup_printf (_ ("name %d is empty"), i + 1);
  if (g_utf8_strlen (names[i], -1) > PL_CLASS_NAME_LONGEST)
    return g_strdup_printf (_ ("name %d is longer than %d characters"), i + 1,
                            PL_CLASS_NAME_LONGEST);
  for (int k = 0; k < i; k++)
    if (g_str_equal (names[k], names[i]))
      return g_strdup_printf (_ ("the names %d and %d are the same"), k + 1, i + 1);
  return NULL;
}

gboolean
pl_class_names_check (GStrv names, GError **error)
{
  g_autofree char *fault = NULL;

  if (g_strv_length (names) > MOST_CLASSES)
    fault = g_strdup_printf (_ ("there are more than %d names"), MOST_CLASSES);
  for (int i = 0; fault == NULL && names[i] != NULL; i++)
    fault = find_fault (names, i);
  if (fault == NULL)
    return TRUE;
  g_set_error_literal (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET, fault);
  return FALSE;
}

/* A member that is not there leaves *names NULL. */
static gboolean
read_names (JsonObject *classes, const char *member, GStrv *names, GError **error)
{
  JsonNode *node = json_object_get_member (classes, member);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) read = NULL;
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) == 0)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("the member “%s” is no list of names"), member);
      return FALSE;
    }
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *name = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (name) || json_node_get_value_type (name) != G_TYPE_STRING)
        {
          g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET, _ ("name %u is not a text"),
                       i + 1);
          return FALSE;
        }
      g_strv_builder_add (builder, json_node_get_string (name));
    }
  read = g_strv_builder_end (builder);
  if (!pl_class_names_check (read, error))
    return FALSE;
  *names = g_steal_pointer (&read);
  return TRUE;
}

static gboolean
read_both (JsonObject *json, GStrv *names, GStrv *sides, GError **error)
{
  JsonNode *node = json_object_get_member (json, "classes");
  JsonObject *classes = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (classes == NULL)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("the member “%s” is missing or not an object"), "classes");
      return FALSE;
    }
  if (!read_names (classes, "names", names, error) || !read_names (classes, "sides", sides, error))
    return FALSE;
  if (*sides == NULL || g_strv_length (*sides) == 2)
    return TRUE;
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
               _ ("left and right lung have %u names instead of two"), g_strv_length (*sides));
  return FALSE;
}

/* Of a manifest that cannot be read the saved split says so. */
void
pl_class_names_read (PlDataset *dataset)
{
  g_autofree char *path = pl_manifest_dup_path (dataset);
  g_autoptr (JsonObject) json = pl_manifest_read_json (path, NULL);
  g_auto (GStrv) names = NULL;
  g_auto (GStrv) sides = NULL;
  g_autoptr (GError) error = NULL;

  if (json == NULL || !json_object_has_member (json, "classes"))
    return;
  if (read_both (json, &names, &sides, &error))
    pl_class_names_use (dataset, names, sides);
  else
    pl_dataset_add_problem_take (
        dataset, path, PL_PROBLEM_OTHER,
        g_strdup_printf (_ ("the saved class names are of no use: %s"), error->message));
}

void
pl_class_names_use (PlDataset *dataset, GStrv names, GStrv sides)
{
  g_auto (GStrv) found = g_strdupv (dataset->found_names);
  GStrv given = g_strdupv (names); /* they may be the data set's own */
  GStrv given_sides = g_strdupv (sides);

  g_strfreev (dataset->given_names);
  g_strfreev (dataset->given_sides);
  dataset->given_names = given;
  dataset->given_sides = given_sides;
  pl_dataset_set_classes (dataset, found);
}

static void
set_names (JsonObject *classes, const char *member, GStrv names)
{
  JsonArray *array;

  if (names == NULL)
    return;
  array = json_array_new ();
  for (gsize i = 0; names[i] != NULL; i++)
    json_array_add_string_element (array, names[i]);
  json_object_set_array_member (classes, member, array);
}

gboolean
pl_class_names_write (const PlDataset *dataset, GError **error)
{
  g_autofree char *path = pl_manifest_dup_path (dataset);
  g_autoptr (JsonObject) json = NULL;
  JsonObject *classes;

  if (dataset->is_partial)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("%s: only some of its files are open; open the folder to save names in it"),
                   dataset->folder);
      return FALSE;
    }
  json = pl_manifest_edit_json (path, error);
  if (json == NULL)
    return FALSE;
  json_object_remove_member (json, "classes");
  if (dataset->given_names != NULL || dataset->given_sides != NULL)
    {
      classes = json_object_new ();
      set_names (classes, "names", dataset->given_names);
      set_names (classes, "sides", dataset->given_sides);
      json_object_set_object_member (json, "classes", classes);
    }
  else if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  return pl_manifest_replace (path, json, error);
}
