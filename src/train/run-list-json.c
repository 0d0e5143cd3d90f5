/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/run-list.h"

#include "base/json.h"
#include "train/run-folder-private.h"

/* @text: (nullable): null then */
static void
set_text (JsonObject *object, const char *name, const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  if (valid != NULL)
    json_object_set_string_member (object, name, valid);
  else
    json_object_set_null_member (object, name);
}

static void
set_replay (JsonObject *object, const PlRunInfo *info)
{
  set_text (object, "replay_of", info->replay_of);
  if (info->replay_verdict == NULL)
    json_object_set_null_member (object, "replay_identical");
  else
    json_object_set_boolean_member (object, "replay_identical", info->replay_verdict->is_identical);
}

JsonObject *
pl_run_info_to_json (const PlRunInfo *info)
{
  JsonObject *object = json_object_new ();
  g_autofree char *started =
      info->started != NULL ? g_date_time_format_iso8601 (info->started) : NULL;

  set_text (object, "folder", info->folder);
  set_text (object, "title", info->title);
  set_text (object, "experiment", info->experiment);
  set_text (object, "started", started);
  set_text (object, "outcome", pl_run_info_outcome_name (info));
  set_text (object, "problem", info->problem);
  set_text (object, "dataset", info->origin.dataset_folder);
  set_text (object, "program", info->program);
  set_text (object, "isa", info->isa);
  json_object_set_int_member (object, "epochs", info->history->len);
  json_object_set_int_member (object, "best_epoch", info->best_epoch);
  pl_json_set_double (object, "best_dice", info->best_dice);
  pl_json_set_double (object, "test_dice", info->test_dice);
  json_object_set_int_member (object, "test_cases", info->test->len);
  pl_json_set_double (object, "time_s", info->time_s);
  set_replay (object, info);
  json_object_set_object_member (object, "settings", pl_train_settings_to_json (&info->settings));
  return object;
}
