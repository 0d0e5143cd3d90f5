/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.json is written by the trainer when it begins and when it goes on; what was noted in between
 * must outlive that. */
#include "train/run-notes.h"

#include "base/file.h"
#include "base/json.h"

#include <string.h>

static char *
dup_file (const char *run)
{
  return g_build_filename (run, "run.json", NULL);
}

/* Takes @value; NULL removes the member. */
static gboolean
set_member (const char *run, const char *name, JsonNode *value, GError **error)
{
  g_autofree char *file = dup_file (run);
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *text = NULL;

  object = g_file_test (file, G_FILE_TEST_EXISTS) ? pl_json_read_object (file, error)
                                                  : json_object_new ();
  if (object == NULL)
    {
      g_clear_pointer (&value, json_node_unref);
      return FALSE;
    }
  if (value != NULL)
    json_object_set_member (object, name, value);
  else if (json_object_has_member (object, name))
    json_object_remove_member (object, name);
  text = pl_json_to_text (object);
  return pl_file_replace (file, text, strlen (text), error);
}

static JsonNode *
make_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return json_node_init_string (json_node_alloc (), valid);
}

gboolean
pl_run_set_title (const char *run, const char *title, GError **error)
{
  gboolean has_title = title != NULL && *title != '\0';

  return set_member (run, "title", has_title ? make_text (title) : NULL, error);
}

gboolean
pl_run_set_replay_of (const char *run, const char *original, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (original, NULL);

  return set_member (run, "replay_of", make_text (absolute), error);
}

gboolean
pl_run_set_replay_verdict (const char *run, const PlReplayVerdict *verdict, GError **error)
{
  g_autoptr (JsonObject) object = pl_replay_verdict_to_json (verdict);

  return set_member (run, "replay_verdict", json_node_init_object (json_node_alloc (), object),
                     error);
}

void
pl_run_keep_notes (const char *run, JsonObject *object)
{
  static const char *const names[] = { "started", "title", "replay_of" };
  g_autofree char *file = dup_file (run);
  g_autoptr (JsonObject) before = pl_json_read_object (file, NULL);

  if (before == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (before, names[i]))
      json_object_set_member (object, names[i], json_object_dup_member (before, names[i]));
}
