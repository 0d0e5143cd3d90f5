/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a run that are not weights. All but the log are replaced whole, so that a power cut
 * leaves the previous ones; the log is appended to, and losing its last line does no harm. */
#include "train/run-folder.h"

#include "base/file.h"
#include "base/json.h"
#include "base/parallel.h"
#include "train/manifest.h"
#include "train/run-folder-private.h"
#include "train/run-notes.h"
#include "train/train.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <unistd.h>

/* The settings that are whole numbers, with the widest bounds that their type has: what is in
 * bounds is for pl_train_settings_check() to say. */
typedef struct
{
  const char *name;
  gsize offset;
} IntSetting;

static const IntSetting int_settings[] = {
  { "epochs", G_STRUCT_OFFSET (PlTrainSettings, epochs) },
  { "batch", G_STRUCT_OFFSET (PlTrainSettings, batch) },
  { "size", G_STRUCT_OFFSET (PlTrainSettings, size_px) },
  { "base", G_STRUCT_OFFSET (PlTrainSettings, base) },
  { "depth", G_STRUCT_OFFSET (PlTrainSettings, depth) },
  { "patience", G_STRUCT_OFFSET (PlTrainSettings, patience) },
  { "slices_per_volume", G_STRUCT_OFFSET (PlTrainSettings, slices_per_volume) },
  { "threads", G_STRUCT_OFFSET (PlTrainSettings, threads) },
};

typedef struct
{
  const char *name;
  gsize offset;
} DoubleSetting;

static const DoubleSetting double_settings[] = {
  { "lr", G_STRUCT_OFFSET (PlTrainSettings, rate) },
  { "decay", G_STRUCT_OFFSET (PlTrainSettings, decay) },
  { "split_train", G_STRUCT_OFFSET (PlTrainSettings, split[0]) },
  { "split_validation", G_STRUCT_OFFSET (PlTrainSettings, split[1]) },
  { "split_test", G_STRUCT_OFFSET (PlTrainSettings, split[2]) },
  { "time_limit_s", G_STRUCT_OFFSET (PlTrainSettings, time_limit_s) },
};

/* Those that are a choice. */
typedef struct
{
  const char *name;
  gsize offset;
  gboolean (*from_name) (const char *name, int *value);
  const char *(*get_name) (int value);
} NamedSetting;

static const NamedSetting named_settings[] = {
  { "loss", G_STRUCT_OFFSET (PlTrainSettings, loss), pl_train_loss_from_name, pl_train_loss_name },
  { "schedule", G_STRUCT_OFFSET (PlTrainSettings, schedule), pl_train_schedule_from_name,
    pl_train_schedule_name },
};

JsonObject *
pl_train_settings_to_json (const PlTrainSettings *settings)
{
  JsonObject *object = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (int_settings); i++)
    json_object_set_int_member (object, int_settings[i].name,
                                G_STRUCT_MEMBER (int, settings, int_settings[i].offset));
  for (gsize i = 0; i < G_N_ELEMENTS (double_settings); i++)
    pl_json_set_double (object, double_settings[i].name,
                        G_STRUCT_MEMBER (double, settings, double_settings[i].offset));
  for (gsize i = 0; i < G_N_ELEMENTS (named_settings); i++)
    json_object_set_string_member (
        object, named_settings[i].name,
        named_settings[i].get_name (G_STRUCT_MEMBER (int, settings, named_settings[i].offset)));
  json_object_set_boolean_member (object, "augment", settings->augment);
  json_object_set_boolean_member (object, "sides", settings->sides);
  json_object_set_int_member (object, "seed", (gint64) settings->seed);
  json_object_set_string_member (object, "precision",
                                 pl_train_precision_name (settings->precision));
  return object;
}

/* A run that has begun has no auto; runs of before there was a choice are float32. */
static gboolean
precision_from_json (JsonObject *object, int *precision, GError **error)
{
  const char *name;

  *precision = PL_TRAIN_PRECISION_F32;
  if (!json_object_has_member (object, "precision"))
    return TRUE;
  name = pl_json_get_string (object, "precision", error);
  if (name == NULL)
    return FALSE;
  if (pl_train_precision_from_name (name, precision) && *precision != PL_TRAIN_PRECISION_AUTO)
    return TRUE;
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
               _ ("the precision is “%s”, which is not known"), name);
  return FALSE;
}

/* The member's type; none when it is missing or no plain value. */
static GType
get_type (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
                                                      : G_TYPE_NONE;
}

static gboolean
int_from_json (JsonObject *object, const char *name, int *value, GError **error)
{
  gint64 whole;

  if (!pl_json_get_int (object, name, G_MININT, G_MAXINT, &whole, error))
    return FALSE;
  *value = (int) whole;
  return TRUE;
}

/* Earlier versions wrote the number. */
static gboolean
choice_from_json (JsonObject *object, const NamedSetting *setting, int *value, GError **error)
{
  const char *name;

  if (get_type (object, setting->name) == G_TYPE_INT64)
    return int_from_json (object, setting->name, value, error);
  name = pl_json_get_string (object, setting->name, error);
  if (name == NULL)
    return FALSE;
  if (setting->from_name (name, value))
    return TRUE;
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
               _ ("the setting “%s” is “%s”, which is not known"), setting->name, name);
  return FALSE;
}

/* Likewise. */
static gboolean
augment_from_json (JsonObject *object, gboolean *augment, GError **error)
{
  if (get_type (object, "augment") != G_TYPE_BOOLEAN)
    return int_from_json (object, "augment", augment, error);
  *augment = json_object_get_boolean_member (object, "augment");
  return TRUE;
}

gboolean
pl_train_settings_from_json (JsonObject *object, PlTrainSettings *settings, GError **error)
{
  gint64 whole;

  for (gsize i = 0; i < G_N_ELEMENTS (int_settings); i++)
    if (!int_from_json (object, int_settings[i].name,
                        &G_STRUCT_MEMBER (int, settings, int_settings[i].offset), error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (named_settings); i++)
    if (!choice_from_json (object, &named_settings[i],
                           &G_STRUCT_MEMBER (int, settings, named_settings[i].offset), error))
      return FALSE;
  if (!augment_from_json (object, &settings->augment, error))
    return FALSE;
  settings->sides = get_type (object, "sides") == G_TYPE_BOOLEAN &&
                    json_object_get_boolean_member (object, "sides");
  for (gsize i = 0; i < G_N_ELEMENTS (double_settings); i++)
    if (!pl_json_get_double (object, double_settings[i].name, -G_MAXDOUBLE, G_MAXDOUBLE,
                             &G_STRUCT_MEMBER (double, settings, double_settings[i].offset), error))
      return FALSE;
  if (!pl_json_get_int (object, "seed", 0, G_MAXINT64, &whole, error))
    return FALSE;
  settings->seed = (guint64) whole;
  if (!precision_from_json (object, &settings->precision, error))
    return FALSE;
  return pl_train_settings_check (settings, error);
}

/* As Linux names it, else the architecture is not worth a line. */
static char *
dup_processor_name (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL))
    return g_strdup ("");
  lines = g_strsplit (text, "\n", -1);
  for (int i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "model name") && strchr (lines[i], ':') != NULL)
      return g_strstrip (g_strdup (strchr (lines[i], ':') + 1));
  return g_strdup ("");
}

static char *
dup_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_format_iso8601 (now);
}

void
pl_run_origin_clear (PlRunOrigin *origin)
{
  g_clear_pointer (&origin->dataset_folder, g_free);
  g_clear_pointer (&origin->dataset_hash, g_free);
  g_clear_pointer (&origin->init, g_free);
  g_clear_pointer (&origin->split_file, g_free);
}

/* @path: (nullable) */
static void
set_path (JsonObject *object, const char *name, const char *path)
{
  g_autofree char *absolute = NULL;
  g_autofree char *text = NULL;

  if (path == NULL)
    {
      json_object_set_null_member (object, name);
      return;
    }
  absolute = g_canonicalize_filename (path, NULL);
  text = g_utf8_make_valid (absolute, -1);
  json_object_set_string_member (object, name, text);
}

gboolean
pl_run_folder_write_settings (const char *path,
                              const PlTrainSettings *settings,
                              const PlDataset *dataset,
                              const PlRunOrigin *origin,
                              GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *file = g_build_filename (path, "run.json", NULL);
  g_autofree char *hash = pl_dataset_hash (dataset);
  g_autofree char *processor = dup_processor_name ();
  g_autofree char *now = dup_now ();
  g_autofree char *text = NULL;

  json_object_set_string_member (object, "program", "pleura " PLEURA_VERSION);
  json_object_set_string_member (object, "started", now);
  json_object_set_string_member (object, "processor", processor);
  json_object_set_string_member (object, "isa", pl_train_isa ());
  json_object_set_int_member (object, "threads_used", pl_parallel_threads ());
  json_object_set_string_member (object, "dataset", dataset->folder != NULL ? dataset->folder : "");
  json_object_set_string_member (object, "dataset_sha256", hash);
  set_path (object, "init", origin->init);
  set_path (object, "split_file", origin->split_file);
  json_object_set_object_member (object, "settings", pl_train_settings_to_json (settings));
  pl_run_keep_notes (path, object);
  text = pl_json_to_text (object);
  return pl_file_replace (file, text, strlen (text), error);
}

/* (nullable): earlier versions did not write it. */
static char *
dup_path (JsonObject *object, const char *name)
{
  return g_strdup (json_object_get_string_member_with_default (object, name, NULL));
}

static gboolean
read_run (JsonObject *object, PlTrainSettings *settings, PlRunOrigin *origin, GError **error)
{
  const char *folder = pl_json_get_string (object, "dataset", error);
  const char *hash = folder != NULL ? pl_json_get_string (object, "dataset_sha256", error) : NULL;
  JsonNode *node;

  if (hash == NULL)
    return FALSE;
  node = json_object_get_member (object, "settings");
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                           _ ("the member “settings” is missing"));
      return FALSE;
    }
  if (!pl_train_settings_from_json (json_node_get_object (node), settings, error))
    return FALSE;
  *origin = (PlRunOrigin){
    .dataset_folder = g_strdup (folder),
    .dataset_hash = g_strdup (hash),
    .init = dup_path (object, "init"),
    .split_file = dup_path (object, "split_file"),
  };
  return TRUE;
}

gboolean
pl_run_folder_read_settings (const char *path,
                             PlTrainSettings *settings,
                             PlRunOrigin *origin,
                             GError **error)
{
  g_autofree char *file = g_build_filename (path, "run.json", NULL);
  g_autoptr (JsonObject) object = pl_json_read_object (file, error);
  PlTrainSettings read = pl_train_settings_default;

  if (object == NULL)
    return FALSE;
  if (!read_run (object, &read, origin, error))
    {
      g_prefix_error (error, "%s: ", file);
      return FALSE;
    }
  *settings = read;
  return TRUE;
}

gboolean
pl_run_folder_write_history (const char *path, const GArray *history, GError **error)
{
  g_autofree char *file = g_build_filename (path, "history.csv", NULL);
  g_autofree char *text = pl_history_to_csv (history);

  return pl_file_replace (file, text, strlen (text), error);
}

GArray *
pl_run_folder_read_history (const char *path, GError **error)
{
  g_autofree char *file = g_build_filename (path, "history.csv", NULL);
  g_autofree char *text = NULL;
  GArray *history;

  if (!pl_file_read (file, &text, NULL, error))
    return NULL;
  history = pl_history_from_csv (text, error);
  if (history == NULL)
    g_prefix_error (error, "%s: ", file);
  return history;
}

/* Quoted when it has to be (RFC 4180). */
static void
append_text (GString *line, const char *text)
{
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (line, text);
      return;
    }
  g_string_append_c (line, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *c);
    }
  g_string_append_c (line, '"');
}

static void
append_metrics (GString *line, const PlMetrics *metrics)
{
  gsize n_fields;
  const PlMetricsField *fields = pl_metrics_fields (&n_fields);
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize i = 0; i < n_fields; i++)
    {
      double value = G_STRUCT_MEMBER (double, metrics, fields[i].offset);

      g_string_append_c (line, ',');
      if (!isnan (value))
        g_string_append (line, g_ascii_formatd (buffer, sizeof buffer, "%.9g", value));
    }
}

/* The first line of a table. */
static GString *
begin_metrics (const char *columns)
{
  GString *text = g_string_new (columns);
  gsize n_fields;
  const PlMetricsField *fields = pl_metrics_fields (&n_fields);

  for (gsize i = 0; i < n_fields; i++)
    g_string_append_printf (text, ",%s", fields[i].name);
  g_string_append_c (text, '\n');
  return text;
}

gboolean
pl_run_folder_write_test (const char *path, GPtrArray *names, const GArray *metrics, GError **error)
{
  g_autofree char *file = g_build_filename (path, "test.csv", NULL);
  g_autoptr (GString) text = begin_metrics ("name");

  g_assert (names->len == metrics->len);
  for (guint i = 0; i < names->len; i++)
    {
      append_text (text, g_ptr_array_index (names, i));
      append_metrics (text, &g_array_index (metrics, PlMetrics, i));
      g_string_append_c (text, '\n');
    }
  return pl_file_replace (file, text->str, text->len, error);
}

gboolean
pl_run_folder_write_classes (
    const char *path, GPtrArray *names, GStrv class_names, const GArray *metrics, GError **error)
{
  g_autofree char *file = g_build_filename (path, "test-classes.csv", NULL);
  g_autoptr (GString) text = begin_metrics ("name,class");
  guint n_classes = g_strv_length (class_names);

  g_assert (names->len * n_classes == metrics->len);
  for (guint i = 0; i < metrics->len; i++)
    {
      append_text (text, g_ptr_array_index (names, i / n_classes));
      g_string_append_c (text, ',');
      append_text (text, class_names[i % n_classes]);
      append_metrics (text, &g_array_index (metrics, PlMetrics, i));
      g_string_append_c (text, '\n');
    }
  return pl_file_replace (file, text->str, text->len, error);
}

void
pl_run_folder_log (const char *path, const char *event, const char *message)
{
  g_autofree char *file = g_build_filename (path, "events.jsonl", NULL);
  g_autoptr (JsonNode) node = json_node_alloc ();
  JsonObject *object = json_object_new ();
  g_autofree char *now = dup_now ();
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  int fd;

  json_object_set_string_member (object, "time", now);
  json_object_set_string_member (object, "event", event);
  json_object_set_string_member (object, "message", message);
  json_node_init_object (node, object);
  json_object_unref (object);
  text = json_to_string (node, FALSE);
  line = g_strconcat (text, "\n", NULL);
  fd = open (file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0)
    return;
  if (write (fd, line, strlen (line)) < 0)
    g_debug ("%s: %s", file, g_strerror (errno));
  close (fd);
}
