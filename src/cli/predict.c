/* SPDX-License-Identifier: GPL-3.0-or-later */
/* predict: masks for files, folders and data sets. A bad input is named and the rest is done. */
#include "cli/cli.h"

#include "base/file.h"
#include "train/predictor.h"
#include "train/split.h"

#include <glib/gi18n.h>

typedef struct
{
  char *out;
  char *split_file;
  char *group;
  gboolean probability;
  gboolean figure;
  int largest; /* −1: as the kind of image asks for */
} Options;

static PlCliStatus
predict_case (const PlModel *model, const PlCase *a_case, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlVolume) volume = pl_case_load_image (a_case, pl_cli_cancellable (), &error);
  g_autoptr (PlPrediction) prediction = NULL;
  PlPredictOptions predict;

  if (volume == NULL)
    return pl_cli_fail (error);
  predict = pl_predict_options_default (model, volume);
  predict.want_probability = options->probability;
  predict.progress = pl_cli_progress_cb;
  if (options->largest >= 0)
    predict.keep_largest = options->largest;
  pl_cli_progress_begin (a_case->name);
  prediction = pl_predict_volume (model, volume, &predict, pl_cli_cancellable (), &error);
  pl_cli_progress_end ();
  if (prediction == NULL ||
      !pl_prediction_write (prediction, volume, model->n_classes, options->out, NULL,
                            pl_cli_cancellable (), &error))
    return pl_cli_fail (error);
  if (options->figure)
    {
      g_autofree char *stem = pl_image_dup_stem (a_case->image_path);
      g_autofree char *name = g_strconcat (stem, ".png", NULL);
      g_autofree char *path = g_build_filename (options->out, name, NULL);
      g_autoptr (PlMask) truth = NULL;

      if (a_case->mask_path != NULL &&
          (truth = pl_case_load_mask (a_case, pl_cli_cancellable (), &error)) == NULL)
        return pl_cli_fail (error);
      if (!pl_cli_write_figure (path, volume, truth, prediction->mask, &error))
        return pl_cli_fail (error);
    }
  return PL_CLI_DONE;
}

/* A folder is a data set; a file is one of a single case. */
static PlDataset *
open_input (const char *path, GError **error)
{
  char *paths[] = { (char *) path, NULL };

  return g_file_test (path, G_FILE_TEST_IS_DIR)
             ? pl_dataset_open (path, pl_cli_cancellable (), error)
             : pl_dataset_open_files (paths, pl_cli_cancellable (), error);
}

/* Cases of the group are done; interruption ends the work. */
static PlCliStatus
predict_input (const PlModel *model, const char *path, const Options *options, PlGroup group)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlDataset) dataset = open_input (path, &error);
  PlCliStatus status = PL_CLI_DONE;

  if (dataset == NULL ||
      (options->split_file != NULL && !pl_split_read (dataset, options->split_file, &error)))
    return pl_cli_fail (error);
  for (guint i = 0; i < dataset->problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (dataset->problems, i);

      pl_cli_complain ("%s: %s", problem->path, problem->reason);
      status = PL_CLI_FAILED;
    }
  if (dataset->cases->len == 0 && dataset->problems->len == 0)
    {
      pl_cli_complain (_ ("%s: there are no images in this folder"), path);
      status = PL_CLI_FAILED;
    }
  for (guint i = 0; i < dataset->cases->len && status != PL_CLI_INTERRUPTED; i++)
    {
      const PlCase *a_case = g_ptr_array_index (dataset->cases, i);

      if (options->split_file == NULL || a_case->group == group)
        status = MAX (status, predict_case (model, a_case, options));
    }
  return status;
}

static PlCliStatus
predict (char **arguments, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlModel) model = NULL;
  PlGroup group = PL_GROUP_TEST;
  PlCliStatus status = PL_CLI_DONE;

  if (options->out == NULL)
    return pl_cli_misuse (_ ("predict: --out DIR is missing"));
  if (options->group != NULL && !pl_group_from_name (options->group, &group))
    return pl_cli_misuse (_ ("predict: --group is “%s”, not train, validation or test"),
                          options->group);
  if (options->group != NULL && options->split_file == NULL)
    return pl_cli_misuse (_ ("predict: --group needs --split-file"));
  model = pl_model_read (arguments[0], NULL, NULL, &error);
  if (model == NULL || !pl_file_make_folder (options->out, &error))
    return pl_cli_fail (error);
  for (int i = 1; arguments[i] != NULL && status != PL_CLI_INTERRUPTED; i++)
    status = MAX (status, predict_input (model, arguments[i], options, group));
  return status;
}

PlCliStatus
pl_cli_predict (int argc, char **argv)
{
  Options o = { .largest = -1 };
  const GOptionEntry entries[] = {
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, N_ ("Folder that the masks are written to"),
      "DIR" },
    { "probability", 0, 0, G_OPTION_ARG_NONE, &o.probability,
      N_ ("Also write STEM_probability as float32"), NULL },
    { "largest", 0, 0, G_OPTION_ARG_INT, &o.largest,
      N_ ("Components to keep; 0: all (2 for volumes, 0 for slices)"), "N" },
    { "split-file", 0, 0, G_OPTION_ARG_FILENAME, &o.split_file, N_ ("The split.csv of a run"),
      "F" },
    { "group", 0, 0, G_OPTION_ARG_STRING, &o.group,
      N_ ("Only cases of this group of the split file (test)"), "NAME" },
    { "figure", 0, 0, G_OPTION_ARG_NONE, &o.figure,
      N_ ("Also write STEM.png: image, truth where known, prediction"), NULL },
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
