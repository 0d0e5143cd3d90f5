/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conditions are kept in the words that were said: the run they speak of may be gone later. */
#include "train/replay-verdict.h"

#include "base/json.h"

#include <math.h>

PlReplayVerdict *
pl_replay_verdict_new (void)
{
  PlReplayVerdict *verdict = g_new0 (PlReplayVerdict, 1);

  verdict->conditions = g_ptr_array_new_with_free_func (g_free);
  return verdict;
}

void
pl_replay_verdict_free (PlReplayVerdict *verdict)
{
  if (verdict == NULL)
    return;
  g_ptr_array_unref (verdict->conditions);
  g_free (verdict);
}

JsonObject *
pl_replay_verdict_to_json (const PlReplayVerdict *verdict)
{
  JsonObject *object = json_object_new ();
  JsonArray *conditions = json_array_new ();

  for (guint i = 0; i < verdict->conditions->len; i++)
    json_array_add_string_element (conditions, g_ptr_array_index (verdict->conditions, i));
  json_object_set_boolean_member (object, "identical", verdict->is_identical);
  json_object_set_int_member (object, "tensors", verdict->n_tensors);
  json_object_set_int_member (object, "different", verdict->n_different);
  pl_json_set_double (object, "largest_difference", verdict->largest_difference);
  json_object_set_array_member (object, "conditions", conditions);
  return object;
}

/* FALSE when a condition is no text. */
static gboolean
read_conditions (PlReplayVerdict *verdict, JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "conditions");
  JsonArray *conditions = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  conditions = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (conditions); i++)
    {
      JsonNode *condition = json_array_get_element (conditions, i);

      if (json_node_get_value_type (condition) != G_TYPE_STRING)
        return FALSE;
      g_ptr_array_add (verdict->conditions, json_node_dup_string (condition));
    }
  return TRUE;
}

PlReplayVerdict *
pl_replay_verdict_from_json (JsonObject *object)
{
  g_autoptr (PlReplayVerdict) verdict = pl_replay_verdict_new ();
  JsonNode *identical = json_object_get_member (object, "identical");
  gint64 n_tensors, n_different;

  if (identical == NULL || json_node_get_value_type (identical) != G_TYPE_BOOLEAN ||
      !pl_json_get_int (object, "tensors", 0, G_MAXINT, &n_tensors, NULL) ||
      !pl_json_get_int (object, "different", 0, G_MAXINT, &n_different, NULL) ||
      !read_conditions (verdict, object))
    return NULL;
  verdict->is_identical = json_node_get_boolean (identical);
  verdict->n_tensors = (int) n_tensors;
  verdict->n_different = (int) n_different;
  if (!pl_json_get_double (object, "largest_difference", 0, G_MAXDOUBLE,
                           &verdict->largest_difference, NULL))
    verdict->largest_difference = NAN;
  return g_steal_pointer (&verdict);
}
