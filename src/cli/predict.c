/* SPDX-License-Identifier: GPL-3.0-or-later */
/* predict: masks for files, folders and data sets. A bad input is named and the rest is done; no
 * input is ever written over. */
#include "cli/cli.h"

#include "base/file.h"
#include "train/predictor.h"
#include "train/split.h"

#include <glib/gi18n.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  char *out;
  char *split_file;
  char *group;
  gboolean probability;
  gboolean figure;
  int largest; /* −1: as the kind of image asks for */
  int volume;
  int slice_axis; /* −1: by rule */
} Options;

/* One call of the command. */
typedef struct
{
  const Options *options;
  PlGroup group;
  PlModel *model;      /* owned */
  GPtrArray *datasets; /* owned (element-type PlDataset): one an input */
  GHashTable *sources; /* owned: which files the inputs are, as dup_identity() has it */
  GHashTable *written; /* owned: path of an output to the image that it was written for */
  JsonArray *rows;     /* owned: what was written, for --json */
} Job;

static void
job_clear (Job *job)
{
  g_clear_pointer (&job->model, pl_model_unref);
  g_ptr_array_unref (job->datasets);
  g_hash_table_unref (job->sources);
  g_hash_table_unref (job->written);
  json_array_unref (job->rows);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/* (nullable): the same for each name of one file; NULL when there is none. */
static char *
dup_identity (const char *path)
{
  struct stat info;

  if (stat (path, &info) != 0)
    return NULL;
  return g_strdup_printf ("%ju %ju", (uintmax_t) info.st_dev, (uintmax_t) info.st_ino);
}

/* FALSE when writing @path would destroy an input or what was written for another one. */
static gboolean
claim_output (Job *job, const char *path, const char *image_path, GError **error)
{
  g_autofree char *identity = dup_identity (path);
  const char *other = g_hash_table_lookup (job->written, path);

  if (other != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                 _ ("%s: its prediction would replace that of %s; choose another --out for one of "
                    "them"),
                 image_path, other);
  else if (identity != NULL && g_hash_table_contains (job->sources, identity))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                 _ ("%s: the prediction for %s would replace it; choose another --out"), path,
                 image_path);
  else
    g_hash_table_insert (job->written, g_strdup (path), g_strdup (image_path));
  return *error == NULL;
}

/* "STEM" and @ending in the folder of the predictions. */
static char *
dup_output_path (const Job *job, const char *image_path, const char *ending)
{
  g_autofree char *stem = pl_image_dup_stem (image_path);
  g_autofree char *name = g_strconcat (stem, ending, NULL);

  return g_build_filename (job->options->out, name, NULL);
}

static gboolean
claim_outputs (Job *job, const char *image_path, const char *figure_path, GError **error)
{
  g_autofree char *mask_name = pl_prediction_name (image_path);
  g_autofree char *mask_stem = pl_image_dup_stem (mask_name);
  g_autofree char *mask_path = g_build_filename (job->options->out, mask_name, NULL);
  g_autofree char *probability_ending =
      g_strconcat ("_probability", mask_name + strlen (mask_stem), NULL);
  g_autofree char *probability_path = dup_output_path (job, image_path, probability_ending);

  return claim_output (job, mask_path, image_path, error) &&
         (!job->options->probability || claim_output (job, probability_path, image_path, error)) &&
         (!job->options->figure || claim_output (job, figure_path, image_path, error));
}

static void
note_row (Job *job, const PlCase *a_case, const char *mask_path)
{
  JsonObject *row = json_object_new ();

  json_object_set_string_member (row, "image", a_case->image_path);
  json_object_set_string_member (row, "mask", mask_path);
  json_array_add_object_element (job->rows, row);
}

static gboolean
write_figure (const PlCase *a_case,
              const PlVolume *volume,
              const PlPrediction *prediction,
              const char *path,
              GError **error)
{
  g_autoptr (PlMask) truth = NULL;

  if (a_case->mask_path != NULL)
    {
      truth = pl_case_load_mask (a_case, pl_cli_cancellable (), error);
      if (truth == NULL)
        return FALSE;
    }
  return pl_cli_write_figure (path, volume, truth, prediction->mask, error);
}

static PlCliStatus
predict_case (Job *job, const PlCase *a_case)
{
  const Options *options = job->options;
  g_autoptr (GError) error = NULL;
  g_autofree char *figure_path = dup_output_path (job, a_case->image_path, ".png");
  g_autofree char *mask_path = NULL;
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlPrediction) prediction = NULL;
  PlPredictOptions predict;

  if (!claim_outputs (job, a_case->image_path, figure_path, &error))
    return pl_cli_fail (error);
  volume = pl_case_load_image (a_case, pl_cli_cancellable (), &error);
  if (volume == NULL)
    return pl_cli_fail (error);
  predict = pl_predict_options_default (job->model, volume);
  predict.want_probability = options->probability;
  predict.progress = pl_cli_progress_cb;
  if (options->largest >= 0)
    predict.keep_largest = options->largest;
  pl_cli_progress_begin (a_case->name);
  prediction = pl_predict_volume (job->model, volume, &predict, pl_cli_cancellable (), &error);
  pl_cli_progress_end ();
  if (prediction == NULL ||
      !pl_prediction_write (prediction, volume, job->model->n_classes, options->out, &mask_path,
                            pl_cli_cancellable (), &error) ||
      (options->figure && !write_figure (a_case, volume, prediction, figure_path, &error)))
    return pl_cli_fail (error);
  if (prediction->notice != NULL && !pl_cli_is_quiet ())
    pl_cli_complain (_ ("%s: note: %s"), a_case->image_path, prediction->notice);
  note_row (job, a_case, mask_path);
  return PL_CLI_DONE;
}

static void
add_source (Job *job, const char *path)
{
  char *identity = path != NULL ? dup_identity (path) : NULL;

  if (identity != NULL)
    g_hash_table_add (job->sources, identity);
}

/* A folder is a data set; a file is one of a single case. */
static PlCliStatus
open_input (Job *job, const char *path)
{
  const Options *options = job->options;
  g_autoptr (GError) error = NULL;
  char *paths[] = { (char *) path, NULL };
  g_autoptr (PlDataset) dataset =
      g_file_test (path, G_FILE_TEST_IS_DIR)
          ? pl_dataset_open (path, pl_cli_cancellable (), &error)
          : pl_dataset_open_files (paths, pl_cli_cancellable (), &error);
  PlCliStatus status = PL_CLI_DONE;

  if (dataset == NULL ||
      (options->split_file != NULL && !pl_split_read (dataset, options->split_file, &error)))
    return pl_cli_fail (error);
  for (guint i = 0; i < dataset->problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (dataset->problems, i);

      pl_cli_complain ("%s: %s", problem->path, problem->reason);
      add_source (job, problem->path);
      status = PL_CLI_FAILED;
    }
  if (dataset->cases->len == 0 && dataset->problems->len == 0)
    {
      pl_cli_complain (_ ("%s: there are no images in this folder"), path);
      status = PL_CLI_FAILED;
    }
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *a_case = g_ptr_array_index (dataset->cases, i);

      pl_case_read_as (a_case, options->volume, options->slice_axis);
      add_source (job, a_case->image_path);
      add_source (job, a_case->mask_path);
    }
  g_ptr_array_add (job->datasets, g_steal_pointer (&dataset));
  return status;
}

/* Cases of the group are done; interruption ends the work. */
static PlCliStatus
predict_dataset (Job *job, const PlDataset *dataset)
{
  PlCliStatus status = PL_CLI_DONE;

  for (guint i = 0; i < dataset->cases->len && status != PL_CLI_INTERRUPTED; i++)
    {
      const PlCase *a_case = g_ptr_array_index (dataset->cases, i);

      if (job->options->split_file == NULL || a_case->group == job->group)
        status = pl_cli_worse (status, predict_case (job, a_case));
    }
  return status;
}

/* All inputs are looked at before the first output is written, so that none is written over. */
static PlCliStatus
predict_inputs (Job *job, char **inputs)
{
  PlCliStatus status = PL_CLI_DONE;

  for (int i = 0; inputs[i] != NULL && status != PL_CLI_INTERRUPTED; i++)
    status = pl_cli_worse (status, open_input (job, inputs[i]));
  for (guint i = 0; i < job->datasets->len && status != PL_CLI_INTERRUPTED; i++)
    status = pl_cli_worse (status, predict_dataset (job, g_ptr_array_index (job->datasets, i)));
  if (pl_cli_wants_json () && status != PL_CLI_INTERRUPTED)
    {
      JsonObject *object = json_object_new ();

      json_object_set_array_member (object, "cases", json_array_ref (job->rows));
      pl_cli_print_json (object);
    }
  return status;
}

static PlCliStatus
predict (char **arguments, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (Job) job = {
    .options = options,
    .group = PL_GROUP_TEST,
    .datasets = g_ptr_array_new_with_free_func ((GDestroyNotify) pl_dataset_free),
    .sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .written = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
    .rows = json_array_new (),
  };

  if (options->out == NULL)
    return pl_cli_misuse (_ ("predict: --out DIR is missing"));
  if (options->largest < -1)
    return pl_cli_misuse (_ ("predict: --largest is %d, not 0 or more"), options->largest);
  if (pl_cli_check_reading ("predict", options->volume, options->slice_axis) != PL_CLI_DONE)
    return PL_CLI_USAGE;
  if (options->group != NULL && !pl_group_from_name (options->group, &job.group))
    return pl_cli_misuse (_ ("predict: --group is “%s”, not train, validation or test"),
                          options->group);
  if (options->group != NULL && options->split_file == NULL)
    return pl_cli_misuse (_ ("predict: --group needs --split-file"));
  job.model = pl_model_read (arguments[0], NULL, NULL, &error);
  if (job.model == NULL || !pl_file_make_folder (options->out, &error))
    return pl_cli_fail (error);
  return predict_inputs (&job, arguments + 1);
}

PlCliStatus
pl_cli_predict (int argc, char **argv)
{
  Options o = { .largest = -1, .slice_axis = -1 };
  const GOptionEntry entries[] = {
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, N_ ("Folder that the masks are written to"),
      N_ ("DIR") },
    { "probability", 0, 0, G_OPTION_ARG_NONE, &o.probability,
      N_ ("Also write STEM_probability as float32"), NULL },
    { "largest", 0, 0, G_OPTION_ARG_INT, &o.largest,
      N_ ("Components to keep; 0: all (2 for volumes, 0 for slices)"), "N" },
    { "split-file", 0, 0, G_OPTION_ARG_FILENAME, &o.split_file, N_ ("The split.csv of a run"),
      N_ ("FILE") },
    { "group", 0, 0, G_OPTION_ARG_STRING, &o.group,
      N_ ("Only cases of this group of the split file (test)"), N_ ("NAME") },
    { "figure", 0, 0, G_OPTION_ARG_NONE, &o.figure,
      N_ ("Also write STEM.png: image, truth where known, prediction"), NULL },
    pl_cli_volume_entry (&o.volume),
    pl_cli_slice_axis_entry (&o.slice_axis),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments =
      pl_cli_parse (argc, argv, _ ("MODEL INPUT… --out DIR"),
                    _ ("Writes masks in the geometry and format of the inputs, which are files, "
                       "folders or data sets."),
                    entries, 2, -1);
  PlCliStatus status = predict (arguments, &o);

  g_free (o.out);
  g_free (o.split_file);
  g_free (o.group);
  return status;
}
