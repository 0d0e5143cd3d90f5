/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dataset.json of nnU-Net (version 2: labels by name, {"lung": 1}) and of the Medical Segmentation
 * Decathlon (labels by number, {"1": "lung"}, and a list of training files). What it says is
 * material, not truth: a broken one is a problem, and the files are used without it. */
#include "train/dataset-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/json.h"
#include "train/class-names.h"

enum
{
  MOST_CLASSES = 255,
};

/* The name of each label; NULL where none is given. */
typedef struct
{
  char *names[MOST_CLASSES + 1];
  int n_classes;
} Labels;

static gboolean
parse_number (const char *text, gint64 *number)
{
  return g_ascii_string_to_signed (text, 10, 0, MOST_CLASSES, number, NULL);
}

/* FALSE when @node is no label. */
static gboolean
note_label (Labels *labels, JsonNode *node, const char *name)
{
  gint64 label;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  label = json_node_get_int (node);
  if (label < 0 || label > MOST_CLASSES)
    return FALSE;
  labels->n_classes = MAX (labels->n_classes, (int) label);
  if (name != NULL && labels->names[label] == NULL)
    labels->names[label] = g_strdup (name);
  return TRUE;
}

/* A region of several labels has a name that is none of theirs. */
static gboolean
note_region (Labels *labels, JsonArray *region)
{
  for (guint i = 0; i < json_array_get_length (region); i++)
    if (!note_label (labels, json_array_get_element (region, i), NULL))
      return FALSE;
  return TRUE;
}

static gboolean
note_member (Labels *labels, const char *member, JsonNode *node)
{
  gint64 number;

  if (JSON_NODE_HOLDS_ARRAY (node))
    return note_region (labels, json_node_get_array (node));
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return note_label (labels, node, member);
  if (!parse_number (member, &number))
    return FALSE;
  labels->n_classes = MAX (labels->n_classes, (int) number);
  g_free (labels->names[number]);
  labels->names[number] = g_strdup (json_node_get_string (node));
  return TRUE;
}

static void
take_classes (PlDataset *dataset, const Labels *labels)
{
  g_auto (GStrv) names = g_new0 (char *, labels->n_classes + 1);

  for (int i = 1; i <= labels->n_classes; i++)
    names[i - 1] =
        labels->names[i] != NULL ? g_strdup (labels->names[i]) : pl_class_name_dup_default (i);
  pl_dataset_set_classes (dataset, names);
  dataset->has_classes = TRUE;
}

static void
read_labels (PlDataset *dataset, const char *path, JsonObject *json)
{
  JsonNode *node = json_object_get_member (json, "labels");
  Labels labels = { .n_classes = 0 };
  const char *wrong = NULL;
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      pl_dataset_add_problem_take (
          dataset, path, PL_PROBLEM_OTHER,
          g_strdup (_ ("the member “labels” is missing or not an object")));
      return;
    }
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (wrong == NULL && json_object_iter_next_ordered (&iter, &member, &value))
    if (!note_member (&labels, member, value))
      wrong = member;
  if (wrong != NULL)
    pl_dataset_add_problem_take (
        dataset, path, PL_PROBLEM_OTHER,
        g_strdup_printf (_ ("the label “%s” is not a number from 0 to %d"), wrong, MOST_CLASSES));
  else if (labels.n_classes == 0)
    pl_dataset_add_problem_take (dataset, path, PL_PROBLEM_OTHER,
                                 g_strdup (_ ("it names no label but the background")));
  else
    take_classes (dataset, &labels);
  for (int i = 0; i <= MOST_CLASSES; i++)
    g_free (labels.names[i]);
}

/* nnU-Net lists "x.nii.gz" for the file x_0000.nii.gz. */
static gboolean
is_there (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *stem = pl_image_dup_stem (path);
  g_autofree char *channel = g_strconcat (stem, "_0000", name + strlen (stem), NULL);
  g_autofree char *channel_path = g_build_filename (folder, channel, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (channel_path, G_FILE_TEST_EXISTS);
}

static void
check_listed (PlDataset *dataset, JsonObject *entry, const char *member)
{
  const char *name = pl_json_get_string (entry, member, NULL);
  g_autofree char *path = NULL;

  if (name == NULL)
    return;
  path = g_canonicalize_filename (name, dataset->folder);
  if (!is_there (path))
    pl_dataset_add_problem_take (dataset, path, PL_PROBLEM_OTHER,
                                 g_strdup (_ ("it is listed in dataset.json, but it is not there: "
                                              "put it back, or take it off that list")));
}

static void
check_training (PlDataset *dataset, JsonObject *json)
{
  JsonNode *node = json_object_get_member (json, "training");
  JsonArray *training;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return;
  training = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (training); i++)
    {
      JsonNode *entry = json_array_get_element (training, i);

      if (!JSON_NODE_HOLDS_OBJECT (entry))
        continue;
      check_listed (dataset, json_node_get_object (entry), "image");
      check_listed (dataset, json_node_get_object (entry), "label");
    }
}

void
pl_dataset_read_json (PlDataset *dataset)
{
  g_autofree char *path = g_build_filename (dataset->folder, "dataset.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) json = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return;
  json = pl_json_read_object (path, &error);
  if (json == NULL)
    {
      pl_dataset_add_problem_take (dataset, path, PL_PROBLEM_OTHER, g_strdup (error->message));
      return;
    }
  read_labels (dataset, path, json);
  check_training (dataset, json);
}
