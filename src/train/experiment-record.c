/* SPDX-License-Identifier: GPL-3.0-or-later */
/* experiment.json. The names of run folders are made from the plan and never read, so that a file
 * from elsewhere cannot point out of its folder. */
#include "train/experiment-record.h"

#include "base/file.h"
#include "base/json.h"
#include "train/run-folder-private.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const char *const kind_names[] = { "cross-validation", "learning-curve" };
static const char *const state_names[] = { "waiting", "done", "failed", "left-out" };

static gboolean
find_name (const char *const *names, gsize n_names, const char *name, guint *index)
{
  for (gsize i = 0; i < n_names; i++)
    if (g_str_equal (names[i], name))
      {
        *index = (guint) i;
        return TRUE;
      }
  return FALSE;
}

const char *
pl_experiment_kind_name (PlExperimentKind kind)
{
  return kind_names[kind];
}

const char *
pl_experiment_run_state_name (PlExperimentRunState state)
{
  return state_names[state];
}

gboolean
pl_experiment_plan_folds (PlExperimentPlan *plan, int n_folds, GError **error)
{
  if (n_folds < 2 || n_folds > PL_EXPERIMENT_MOST_RUNS)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                   _ ("The number of folds is %d; it must be from %d to %d."), n_folds, 2,
                   PL_EXPERIMENT_MOST_RUNS);
      return FALSE;
    }
  *plan = (PlExperimentPlan){ .kind = PL_EXPERIMENT_CROSS_VALIDATION, .n_runs = n_folds };
  for (int i = 0; i < n_folds; i++)
    plan->shares[i] = 1;
  return TRUE;
}

static int
compare_shares (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

gboolean
pl_experiment_plan_shares (PlExperimentPlan *plan, const char *percent, GError **error)
{
  g_auto (GStrv) words = g_strsplit (percent, ",", -1);
  PlExperimentPlan read = { .kind = PL_EXPERIMENT_LEARNING_CURVE,
                            .n_runs = (int) MIN (g_strv_length (words), 1000) };
  gboolean is_good = read.n_runs >= 1 && read.n_runs <= PL_EXPERIMENT_MOST_RUNS;

  for (int i = 0; is_good && i < read.n_runs; i++)
    {
      const char *word = g_strstrip (words[i]);
      char *end;

      read.shares[i] = g_ascii_strtod (word, &end) / 100;
      is_good = end != word && *end == '\0' && read.shares[i] > 0 && read.shares[i] <= 1;
    }
  qsort (read.shares, (gsize) (is_good ? read.n_runs : 0), sizeof read.shares[0], compare_shares);
  for (int i = 1; is_good && i < read.n_runs; i++)
    is_good = read.shares[i] > read.shares[i - 1];
  if (is_good)
    *plan = read;
  else
    g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                 _ ("The shares are “%s”; they must be up to %d different percentages above 0 and "
                    "at most 100, as in 10,25,50,100."),
                 percent, PL_EXPERIMENT_MOST_RUNS);
  return is_good;
}

static void
free_run (gpointer data)
{
  PlExperimentRun *run = data;

  g_free (run->name);
  g_free (run->problem);
  g_ptr_array_unref (run->test_names);
  g_array_unref (run->test_dice);
  g_free (run);
}

static PlExperimentRun *
make_run (const PlExperimentPlan *plan, int index)
{
  PlExperimentRun *run = g_new0 (PlExperimentRun, 1);
  char percent[G_ASCII_DTOSTR_BUF_SIZE];

  run->share = plan->shares[index];
  g_ascii_formatd (percent, sizeof percent, "%.10g", run->share * 100);
  run->name = plan->kind == PL_EXPERIMENT_CROSS_VALIDATION ? g_strdup_printf ("fold-%d", index + 1)
                                                           : g_strdup_printf ("share-%s", percent);
  run->validation_dice = NAN;
  run->test_names = g_ptr_array_new_with_free_func (g_free);
  run->test_dice = g_array_new (FALSE, FALSE, sizeof (double));
  return run;
}

PlExperimentRecord *
pl_experiment_record_new (const PlExperimentPlan *plan, const PlTrainSettings *settings)
{
  PlExperimentRecord *record = g_new0 (PlExperimentRecord, 1);

  record->plan = *plan;
  record->settings = *settings;
  record->runs = g_ptr_array_new_with_free_func (free_run);
  for (int i = 0; i < plan->n_runs; i++)
    g_ptr_array_add (record->runs, make_run (plan, i));
  return record;
}

void
pl_experiment_record_free (PlExperimentRecord *record)
{
  if (record == NULL)
    return;
  g_free (record->dataset_folder);
  g_free (record->dataset_hash);
  g_free (record->init);
  g_ptr_array_unref (record->runs);
  g_free (record);
}

static JsonObject *
run_to_json (const PlExperimentRun *run)
{
  JsonObject *object = json_object_new ();
  JsonArray *test = json_array_new ();

  json_object_set_string_member (object, "folder", run->name);
  pl_json_set_double (object, "share", run->share);
  json_object_set_int_member (object, "patients", run->n_patients);
  json_object_set_int_member (object, "cases", run->n_cases);
  json_object_set_int_member (object, "slices", run->n_slices);
  json_object_set_string_member (object, "state", state_names[run->state]);
  json_object_set_string_member (object, "problem", run->problem);
  json_object_set_int_member (object, "best_epoch", run->best_epoch);
  pl_json_set_double (object, "validation_dice", run->validation_dice);
  pl_json_set_double (object, "time_s", run->time_s);
  for (guint i = 0; i < run->test_names->len; i++)
    {
      JsonObject *tested = json_object_new ();

      json_object_set_string_member (tested, "case", g_ptr_array_index (run->test_names, i));
      pl_json_set_double (tested, "dice", g_array_index (run->test_dice, double, i));
      json_array_add_object_element (test, tested);
    }
  json_object_set_array_member (object, "test", test);
  return object;
}

gboolean
pl_experiment_record_write (const PlExperimentRecord *record, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "experiment.json", NULL);
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *runs = json_array_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (object, "program", "pleura " PLEURA_VERSION);
  json_object_set_string_member (object, "kind", kind_names[record->plan.kind]);
  json_object_set_string_member (object, "dataset", record->dataset_folder);
  json_object_set_string_member (object, "dataset_sha256", record->dataset_hash);
  json_object_set_string_member (object, "init", record->init);
  json_object_set_object_member (object, "settings", pl_train_settings_to_json (&record->settings));
  for (guint i = 0; i < record->runs->len; i++)
    json_array_add_object_element (runs, run_to_json (g_ptr_array_index (record->runs, i)));
  json_object_set_array_member (object, "runs", runs);
  text = pl_json_to_text (object);
  return pl_file_replace (path, text, strlen (text), error);
}

static gboolean
fail_member (GError **error, const char *member)
{
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
               _ ("the member “%s” is missing or not what it should be"), member);
  return FALSE;
}

/* (nullable) (transfer none) */
static JsonArray *
get_array (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* (nullable) (transfer none) */
static JsonObject *
get_element (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
read_count (JsonObject *object, const char *member, int *value, GError **error)
{
  gint64 whole;

  if (!pl_json_get_int (object, member, 0, G_MAXINT, &whole, error))
    return FALSE;
  *value = (int) whole;
  return TRUE;
}

/* What is not a number was written as null. */
static double
read_figure (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : NAN;
}

static gboolean
read_test (PlExperimentRun *run, JsonObject *object, GError **error)
{
  JsonArray *test = get_array (object, "test");

  if (test == NULL)
    return fail_member (error, "test");
  for (guint i = 0; i < json_array_get_length (test); i++)
    {
      JsonObject *tested = get_element (test, i);
      const char *name = tested != NULL ? pl_json_get_string (tested, "case", NULL) : NULL;
      double dice;

      if (name == NULL || !pl_json_get_double (tested, "dice", 0, 1, &dice, NULL))
        return fail_member (error, "test");
      g_ptr_array_add (run->test_names, g_strdup (name));
      g_array_append_val (run->test_dice, dice);
    }
  return TRUE;
}

static gboolean
read_run (PlExperimentRun *run, JsonObject *object, GError **error)
{
  const char *state = pl_json_get_string (object, "state", error);
  guint index;

  if (state == NULL)
    return FALSE;
  if (!find_name (state_names, G_N_ELEMENTS (state_names), state, &index))
    return fail_member (error, "state");
  run->state = (PlExperimentRunState) index;
  run->problem = g_strdup (json_object_get_string_member_with_default (object, "problem", NULL));
  run->validation_dice = read_figure (object, "validation_dice");
  return read_count (object, "patients", &run->n_patients, error) &&
         read_count (object, "cases", &run->n_cases, error) &&
         read_count (object, "slices", &run->n_slices, error) &&
         read_count (object, "best_epoch", &run->best_epoch, error) &&
         pl_json_get_double (object, "time_s", 0, G_MAXDOUBLE, &run->time_s, error) &&
         read_test (run, object, error);
}

/* The plan is what the runs are. */
static gboolean
read_plan (JsonObject *object, PlExperimentPlan *plan, GError **error)
{
  const char *kind = pl_json_get_string (object, "kind", error);
  JsonArray *runs = get_array (object, "runs");
  guint index;

  if (kind == NULL)
    return FALSE;
  if (!find_name (kind_names, G_N_ELEMENTS (kind_names), kind, &index))
    return fail_member (error, "kind");
  if (runs == NULL || json_array_get_length (runs) < 1 ||
      json_array_get_length (runs) > PL_EXPERIMENT_MOST_RUNS)
    return fail_member (error, "runs");
  plan->kind = (PlExperimentKind) index;
  plan->n_runs = (int) json_array_get_length (runs);
  for (int i = 0; i < plan->n_runs; i++)
    {
      JsonObject *run = get_element (runs, (guint) i);

      if (run == NULL)
        return fail_member (error, "runs");
      if (!pl_json_get_double (run, "share", G_MINDOUBLE, 1, &plan->shares[i], error))
        return FALSE;
    }
  return TRUE;
}

static PlExperimentRecord *
read_record (JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "settings");
  const char *folder = pl_json_get_string (object, "dataset", error);
  const char *hash = folder != NULL ? pl_json_get_string (object, "dataset_sha256", error) : NULL;
  PlTrainSettings settings = pl_train_settings_default;
  PlExperimentPlan plan = { 0 };
  g_autoptr (PlExperimentRecord) record = NULL;

  if (hash == NULL || !read_plan (object, &plan, error))
    return NULL;
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      fail_member (error, "settings");
      return NULL;
    }
  if (!pl_train_settings_from_json (json_node_get_object (node), &settings, error))
    return NULL;
  record = pl_experiment_record_new (&plan, &settings);
  record->dataset_folder = g_strdup (folder);
  record->dataset_hash = g_strdup (hash);
  record->init = g_strdup (json_object_get_string_member_with_default (object, "init", NULL));
  for (guint i = 0; i < record->runs->len; i++)
    if (!read_run (g_ptr_array_index (record->runs, i), get_element (get_array (object, "runs"), i),
                   error))
      return NULL;
  return g_steal_pointer (&record);
}

PlExperimentRecord *
pl_experiment_record_read (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "experiment.json", NULL);
  g_autoptr (JsonObject) object = pl_json_read_object (path, error);
  PlExperimentRecord *record;

  if (object == NULL)
    return NULL;
  record = read_record (object, error);
  if (record == NULL)
    g_prefix_error (error, "%s: ", path);
  return record;
}

char *
pl_experiment_record_dup_title (const PlExperimentRecord *record, int index)
{
  const PlExperimentRun *run = g_ptr_array_index (record->runs, (guint) index);

  if (record->plan.kind == PL_EXPERIMENT_CROSS_VALIDATION)
    return g_strdup_printf (_ ("Fold %d of %d"), index + 1, record->plan.n_runs);
  return g_strdup_printf (_ ("%.4g %% of the patients"), run->share * 100);
}

int
pl_experiment_record_count_done (const PlExperimentRecord *record)
{
  int n = 0;

  for (guint i = 0; i < record->runs->len; i++)
    {
      const PlExperimentRun *run = g_ptr_array_index (record->runs, i);

      n += run->state == PL_EXPERIMENT_RUN_DONE || run->state == PL_EXPERIMENT_RUN_LEFT_OUT;
    }
  return n;
}

gboolean
pl_experiment_record_is_complete (const PlExperimentRecord *record)
{
  return pl_experiment_record_count_done (record) == (int) record->runs->len;
}
