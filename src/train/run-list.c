/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything of a run but its weights is read: some ten kilobytes, so that a list of hundreds takes
 * a fraction of a second and what is shown of one needs no more reading. */
#include "train/run-list.h"

#include "base/file.h"
#include "base/json.h"
#include "train/csv.h"
#include "train/train.h"
#include "unet/safetensors.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>

enum
{
  LARGEST_TEXT = 64 << 20, /* bytes of history.csv, test.csv or events.jsonl */
};

void
pl_run_info_free (PlRunInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->folder);
  g_free (info->experiment);
  g_free (info->title);
  g_free (info->problem);
  g_clear_pointer (&info->started, g_date_time_unref);
  g_free (info->program);
  g_free (info->processor);
  g_free (info->isa);
  pl_run_origin_clear (&info->origin);
  g_array_unref (info->history);
  g_ptr_array_unref (info->test_names);
  g_array_unref (info->test);
  g_free (info->failure);
  g_free (info->replay_of);
  pl_replay_verdict_free (info->replay_verdict);
  pl_experiment_record_free (info->record);
  g_free (info);
}

/* The first problem is the one that is told. Takes @error. */
static void
note_problem (PlRunInfo *info, GError *error)
{
  if (info->problem == NULL)
    info->problem = g_strdup (error->message);
  g_error_free (error);
}

/* A text that need not be there: FALSE then, and when it cannot be read, which is a problem. */
static gboolean
read_text (PlRunInfo *info, const char *name, char **text)
{
  g_autofree char *file = g_build_filename (info->folder, name, NULL);
  GError *error = NULL;
  GStatBuf status;

  if (g_stat (file, &status) != 0)
    return FALSE;
  if (status.st_size > LARGEST_TEXT)
    error = g_error_new (PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                         _ ("%s: %lld bytes are more than such a file has"), file,
                         (long long) status.st_size);
  else if (pl_file_read (file, text, NULL, &error))
    return TRUE;
  note_problem (info, error);
  return FALSE;
}

static char *
dup_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? g_strdup (json_node_get_string (node))
                                                      : NULL;
}

/* In older runs no more is noted than whether the weights are identical. */
static PlReplayVerdict *
read_verdict (JsonObject *object)
{
  JsonNode *whole = json_object_get_member (object, "replay_verdict");
  JsonNode *identical = json_object_get_member (object, "replay_identical");
  PlReplayVerdict *verdict;

  if (whole != NULL && JSON_NODE_HOLDS_OBJECT (whole))
    return pl_replay_verdict_from_json (json_node_get_object (whole));
  if (identical == NULL || !JSON_NODE_HOLDS_VALUE (identical))
    return NULL;
  verdict = pl_replay_verdict_new ();
  verdict->is_identical = json_node_get_boolean (identical);
  return verdict;
}

static void
read_facts (PlRunInfo *info)
{
  g_autofree char *file = g_build_filename (info->folder, "run.json", NULL);
  GError *error = NULL;
  g_autoptr (JsonObject) object = pl_json_read_object (file, &error);
  g_autofree char *started = NULL;
  g_autofree char *title = NULL;

  if (object == NULL)
    {
      note_problem (info, error);
      return;
    }
  title = dup_member (object, "title");
  if (title != NULL && *title != '\0')
    {
      g_free (info->title);
      info->title = g_steal_pointer (&title);
    }
  started = dup_member (object, "started");
  if (started != NULL)
    info->started = g_date_time_new_from_iso8601 (started, NULL);
  info->program = dup_member (object, "program");
  info->processor = dup_member (object, "processor");
  info->isa = dup_member (object, "isa");
  info->replay_of = dup_member (object, "replay_of");
  info->replay_verdict = read_verdict (object);
  if (!pl_run_folder_read_settings (info->folder, &info->settings, &info->origin, &error))
    note_problem (info, error);
}

static void
read_history (PlRunInfo *info)
{
  g_autofree char *text = NULL;
  GError *error = NULL;
  GArray *history;

  if (!read_text (info, "history.csv", &text))
    return;
  history = pl_history_from_csv (text, &error);
  if (history == NULL)
    {
      g_prefix_error (&error, "%s/history.csv: ", info->folder);
      note_problem (info, error);
      return;
    }
  g_array_unref (info->history);
  info->history = history;
  for (guint i = 0; i < history->len; i++)
    {
      const PlEpoch *epoch = &g_array_index (history, PlEpoch, i);

      if (i > 0 && !isnan (epoch->val_dice) && epoch->val_dice <= info->best_dice)
        continue;
      info->best_epoch = epoch->epoch;
      info->best_dice = epoch->val_dice;
    }
  if (history->len > 0)
    info->time_s = g_array_index (history, PlEpoch, history->len - 1).time_s;
}

/* FALSE when a field is no number. */
static gboolean
read_row (char **header, char **row, PlMetrics *metrics)
{
  gsize n_fields;
  const PlMetricsField *fields = pl_metrics_fields (&n_fields);
  guint n_columns = g_strv_length (row);

  for (gsize i = 0; i < n_fields; i++)
    {
      double *value = &G_STRUCT_MEMBER (double, metrics, fields[i].offset);
      int column = pl_csv_find (header, fields[i].name);
      char *end = NULL;

      *value = NAN;
      if (column < 0 || (guint) column >= n_columns || *row[column] == '\0')
        continue;
      *value = g_ascii_strtod (row[column], &end);
      if (*end != '\0')
        return FALSE;
    }
  return TRUE;
}

static void
read_test (PlRunInfo *info)
{
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  PlMetricsSummary summary;

  if (!read_text (info, "test.csv", &text))
    return;
  rows = pl_csv_parse (text);
  for (guint i = 1; rows != NULL && i < rows->len; i++)
    {
      char **row = g_ptr_array_index (rows, i);
      PlMetrics metrics = { 0 };

      if (!read_row (g_ptr_array_index (rows, 0), row, &metrics))
        {
          g_clear_pointer (&rows, g_ptr_array_unref);
          break;
        }
      g_ptr_array_add (info->test_names, g_strdup (row[0]));
      g_array_append_val (info->test, metrics);
    }
  if (rows == NULL)
    note_problem (info, g_error_new (PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                                     _ ("%s/test.csv: this is not a table of test figures"),
                                     info->folder));
  if (info->test->len == 0)
    return;
  pl_metrics_summarise ((const PlMetrics *) info->test->data, (int) info->test->len, &summary);
  info->test_dice = summary.mean.dice;
}

/* What ended the last session; lines that cannot be read, as after a power cut, are passed over. */
static void
read_events (PlRunInfo *info)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!read_text (info, "events.jsonl", &text))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (int i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (JsonObject) object = pl_json_parse_object (lines[i], strlen (lines[i]), NULL);
      g_autofree char *event = object != NULL ? dup_member (object, "event") : NULL;

      if (g_strcmp0 (event, "start") == 0 || g_strcmp0 (event, "resume") == 0)
        {
          info->n_resumed += *event == 'r';
          info->outcome = -1;
          g_clear_pointer (&info->failure, g_free);
        }
      else if (pl_train_outcome_from_name (event, &info->outcome) &&
               info->outcome == PL_TRAIN_FAILED)
        info->failure = dup_member (object, "message");
    }
}

/* From the checkpoint, which says how far it is; without one the steps are not known. */
static void
read_steps (PlRunInfo *info)
{
  g_autofree char *file = pl_run_info_file (info, "last.safetensors");
  g_autoptr (PlSafetensors) checkpoint = file != NULL ? pl_safetensors_open (file, NULL) : NULL;
  const char *text =
      checkpoint != NULL ? g_hash_table_lookup (checkpoint->metadata, "pleura.progress") : NULL;
  g_autoptr (JsonObject) progress =
      text != NULL ? pl_json_parse_object (text, strlen (text), NULL) : NULL;
  gint64 steps;

  if (progress != NULL && pl_json_get_int (progress, "n_batches", 1, G_MAXINT, &steps, NULL))
    info->steps_per_epoch = (int) steps;
}

PlRunInfo *
pl_run_info_new (const char *folder)
{
  PlRunInfo *info = g_new0 (PlRunInfo, 1);

  info->folder = g_canonicalize_filename (folder, NULL);
  info->title = g_filename_display_basename (info->folder);
  info->settings = pl_train_settings_default;
  info->history = pl_history_new ();
  info->best_dice = NAN;
  info->test_names = g_ptr_array_new_with_free_func (g_free);
  info->test = g_array_new (FALSE, TRUE, sizeof (PlMetrics));
  info->test_dice = NAN;
  info->outcome = -1;
  return info;
}

PlRunInfo *
pl_run_info_read (const char *folder)
{
  PlRunInfo *info = pl_run_info_new (folder);

  read_facts (info);
  read_history (info);
  read_test (info);
  read_events (info);
  read_steps (info);
  return info;
}

const char *
pl_run_info_outcome_name (const PlRunInfo *info)
{
  if (info->problem != NULL)
    return "broken";
  return info->outcome < 0 ? "unfinished" : pl_train_outcome_name (info->outcome);
}

char *
pl_run_info_file (const PlRunInfo *info, const char *name)
{
  g_autofree char *file = g_build_filename (info->folder, name, NULL);

  return g_file_test (file, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&file) : NULL;
}

char *
pl_run_default_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "pleura", "runs", NULL);
}

static gboolean
has_file (const char *folder, const char *name)
{
  g_autofree char *file = g_build_filename (folder, name, NULL);

  return g_file_test (file, G_FILE_TEST_IS_REGULAR);
}

gboolean
pl_run_is_folder (const char *folder)
{
  return has_file (folder, "run.json") || has_file (folder, "events.jsonl") ||
         has_file (folder, "last.safetensors") || has_file (folder, "history.csv");
}

/* Its name alone, "fold-1", does not tell which one is meant. */
static void
set_experiment (PlRunInfo *info, const char *experiment)
{
  g_autofree char *whole = g_filename_display_basename (experiment);
  g_autofree char *name = g_filename_display_basename (info->folder);

  info->experiment = g_strdup (experiment);
  if (!g_str_equal (info->title, name))
    return;
  g_free (info->title);
  info->title = g_build_filename (whole, name, NULL);
}

/* The runs right below @folder; @experiment: (nullable): what they are part of. */
static gboolean
list_folder (const char *folder,
             const char *experiment,
             GPtrArray *runs,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GDir) dir = pl_file_open_folder (folder, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (*name == '.' || !g_file_test (path, G_FILE_TEST_IS_DIR))
        continue;
      if (pl_run_is_folder (path))
        {
          PlRunInfo *info = pl_run_info_read (path);

          if (experiment != NULL)
            set_experiment (info, experiment);
          g_ptr_array_add (runs, info);
        }
      else if (experiment == NULL && has_file (path, "experiment.json") &&
               !list_folder (path, path, runs, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/* The newest first, those without a time last; then by folder. */
static int
compare_runs_cb (gconstpointer a, gconstpointer b)
{
  const PlRunInfo *x = *(PlRunInfo *const *) a;
  const PlRunInfo *y = *(PlRunInfo *const *) b;
  int order = 0;

  if (x->started != NULL && y->started != NULL)
    order = g_date_time_compare (y->started, x->started);
  else if (x->started != NULL || y->started != NULL)
    order = x->started != NULL ? -1 : 1;
  return order != 0 ? order : strcmp (x->folder, y->folder);
}

GPtrArray *
pl_run_list (const char *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify) pl_run_info_free);
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);

  if (!g_file_test (absolute, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&runs);
  if (pl_run_is_folder (absolute))
    g_ptr_array_add (runs, pl_run_info_read (absolute));
  else if (!list_folder (absolute, has_file (absolute, "experiment.json") ? absolute : NULL, runs,
                         cancellable, error))
    return NULL;
  g_ptr_array_sort (runs, compare_runs_cb);
  return g_steal_pointer (&runs);
}
