/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the command line to what a training needs. */
#include "cli/train-options.h"

#include "train/presets.h"
#include "train/run-folder.h"
#include "train/split.h"
#include "train/train.h"

#include <glib/gi18n.h>
#include <math.h>

/* Settings that no option names: what is given replaces what the preset says, wherever on the
 * command line they stand. */
#define NOT_GIVEN G_MININT

void
pl_cli_train_options_init (PlCliTrainOptions *options)
{
  *options = (PlCliTrainOptions){
    .settings = pl_train_settings_default,
    .seed = (gint64) pl_train_settings_default.seed,
    .epochs = NOT_GIVEN,
    .batch = NOT_GIVEN,
    .size_px = NOT_GIVEN,
    .base = NOT_GIVEN,
    .depth = NOT_GIVEN,
    .patience = NOT_GIVEN,
    .rate = NAN,
  };
}

void
pl_cli_train_options_clear (PlCliTrainOptions *options)
{
  g_free (options->out);
  g_free (options->preset);
  g_free (options->loss);
  g_free (options->schedule);
  g_free (options->split);
  g_free (options->split_file);
  g_free (options->precision);
  g_free (options->augment);
  g_free (options->init);
}

GOptionEntry *
pl_cli_train_options_dup_entries (PlCliTrainOptions *o, const GOptionEntry *own)
{
  PlTrainSettings *s = &o->settings;
  const GOptionEntry common[] = {
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o->out, N_ ("Folder of the run, new or empty"),
      N_ ("RUN") },
    { "preset", 0, 0, G_OPTION_ARG_STRING, &o->preset,
      N_ ("Settings to start from: quick, standard, thorough or tutorial"), N_ ("NAME") },
    { "epochs", 0, 0, G_OPTION_ARG_INT, &o->epochs, N_ ("Rounds through the training part"), "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &o->batch, N_ ("Slices in a step"), "N" },
    { "size", 0, 0, G_OPTION_ARG_INT, &o->size_px,
      N_ ("Side that slices are resized to, in pixels"), "PX" },
    { "base", 0, 0, G_OPTION_ARG_INT, &o->base, N_ ("Channels of the finest level"), "N" },
    { "depth", 0, 0, G_OPTION_ARG_INT, &o->depth, N_ ("Times the network halves its input"), "N" },
    { "lr", 0, 0, G_OPTION_ARG_DOUBLE, &o->rate, N_ ("Highest learning rate"), N_ ("RATE") },
    { "loss", 0, 0, G_OPTION_ARG_STRING, &o->loss, N_ ("Loss: cross-entropy, dice or both"),
      N_ ("NAME") },
    { "schedule", 0, 0, G_OPTION_ARG_STRING, &o->schedule,
      N_ ("Learning rate over the run: cosine, plateau or constant"), N_ ("NAME") },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o->seed,
      N_ ("Seed of the split, the weights and the augmentation"), "S" },
    { "split", 0, 0, G_OPTION_ARG_STRING, &o->split,
      N_ ("Deal training, validation and test by these shares (0.8,0.1,0.1)"), "A,B,C" },
    { "split-file", 0, 0, G_OPTION_ARG_FILENAME, &o->split_file,
      N_ ("CSV with path,patient,group instead of dealing"), N_ ("FILE") },
    { "precision", 0, 0, G_OPTION_ARG_STRING, &o->precision, N_ ("Precision: auto, f32 or bf16"),
      N_ ("NAME") },
    { "threads", 0, 0, G_OPTION_ARG_INT, &s->threads, N_ ("Threads; 0: one for each processor"),
      "N" },
    { "augment", 0, 0, G_OPTION_ARG_STRING, &o->augment, N_ ("Vary the slices: yes or no"),
      "yes|no" },
    { "sides", 0, 0, G_OPTION_ARG_NONE, &s->sides,
      N_ ("Tell left and right lung apart, from masks of both"), NULL },
    { "patience", 0, 0, G_OPTION_ARG_INT, &o->patience,
      N_ ("Stop after N epochs without a better validation Dice; 0: never"), "N" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &o->resume, N_ ("Go on with the interrupted run in --out"),
      NULL },
    { "time-limit", 0, 0, G_OPTION_ARG_DOUBLE, &s->time_limit_s,
      N_ ("Stop after S seconds; 0: never"), "S" },
    { "slices-per-volume", 0, 0, G_OPTION_ARG_INT, &s->slices_per_volume,
      N_ ("Slices taken of each volume, evenly spread; 0: none, -1: all"), "N" },
    { "init", 0, 0, G_OPTION_ARG_FILENAME, &o->init, N_ ("A model to start from"), N_ ("MODEL") },
    G_OPTION_ENTRY_NULL,
  };
  gsize n_own = 0;
  GOptionEntry *entries;

  while (own != NULL && own[n_own].long_name != NULL)
    n_own++;
  entries = g_new (GOptionEntry, n_own + G_N_ELEMENTS (common));
  if (n_own > 0)
    memcpy (entries, own, n_own * sizeof *own);
  memcpy (entries + n_own, common, sizeof common);
  return entries;
}

static void
take_number (int *setting, int given)
{
  if (given != NOT_GIVEN)
    *setting = given;
}

static void
take_numbers (PlCliTrainOptions *options)
{
  PlTrainSettings *settings = &options->settings;

  take_number (&settings->epochs, options->epochs);
  take_number (&settings->batch, options->batch);
  take_number (&settings->size_px, options->size_px);
  take_number (&settings->base, options->base);
  take_number (&settings->depth, options->depth);
  take_number (&settings->patience, options->patience);
  if (!isnan (options->rate))
    settings->rate = options->rate;
  settings->seed = (guint64) options->seed;
}

/* FALSE after a complaint. */
static gboolean
apply_preset (PlCliTrainOptions *options, const char *command)
{
  PlPreset preset;

  if (options->preset == NULL)
    return TRUE;
  if (!pl_preset_from_name (options->preset, &preset))
    {
      pl_cli_misuse (_ ("%s: --preset is “%s”, not quick, standard, thorough or tutorial"), command,
                     options->preset);
      return FALSE;
    }
  pl_preset_apply (preset, &options->settings);
  return TRUE;
}

/* The preset, what replaces it, and a look at the options that are text. */
gboolean
pl_cli_train_options_apply (PlCliTrainOptions *options, const char *command)
{
  PlTrainSettings *settings = &options->settings;
  g_autoptr (GError) error = NULL;

  if (!apply_preset (options, command))
    return FALSE;
  take_numbers (options);
  if (options->loss != NULL && !pl_train_loss_from_name (options->loss, &settings->loss))
    pl_cli_misuse (_ ("%s: --loss is “%s”, not cross-entropy, dice or both"), command,
                   options->loss);
  else if (options->schedule != NULL &&
           !pl_train_schedule_from_name (options->schedule, &settings->schedule))
    pl_cli_misuse (_ ("%s: --schedule is “%s”, not cosine, plateau or constant"), command,
                   options->schedule);
  else if (options->split != NULL && !pl_cli_parse_numbers (options->split, 3, settings->split))
    pl_cli_misuse (_ ("%s: --split is “%s”, not three numbers as in 0.8,0.1,0.1"), command,
                   options->split);
  else if (options->precision != NULL &&
           !pl_train_precision_from_name (options->precision, &settings->precision))
    pl_cli_misuse (_ ("%s: --precision is “%s”, not auto, f32 or bf16"), command,
                   options->precision);
  else if (options->augment != NULL && !g_str_equal (options->augment, "yes") &&
           !g_str_equal (options->augment, "no"))
    pl_cli_misuse (_ ("%s: --augment is “%s”, not yes or no"), command, options->augment);
  else if (options->out == NULL)
    pl_cli_misuse (_ ("%s: --out RUN is missing"), command);
  else if (!pl_train_settings_check (settings, &error))
    pl_cli_misuse ("%s: %s", command, error->message);
  else
    {
      if (options->augment != NULL)
        settings->augment = g_str_equal (options->augment, "yes");
      if (options->resume && options->epochs == NOT_GIVEN)
        settings->epochs = 0; /* it keeps its own */
      return TRUE;
    }
  return FALSE;
}

/* A resumed run keeps the split it began with. */
static gboolean
split_dataset (const PlCliTrainOptions *options, PlDataset *dataset, GError **error)
{
  const PlTrainSettings *settings = &options->settings;
  g_autofree char *kept = g_build_filename (options->out, "split.csv", NULL);

  if (options->resume)
    return pl_split_read (dataset, kept, error);
  if (options->split_file != NULL)
    return pl_split_read (dataset, options->split_file, error);
  if (options->split != NULL)
    return pl_split_assign (dataset, settings->split, settings->seed, error);
  return pl_split_settle (dataset, settings->split, settings->seed, error);
}

void
pl_cli_tell_of_saved_split (const PlDataset *dataset)
{
  if (dataset->has_split && !pl_cli_is_quiet ())
    g_printerr (_ ("the split is the one saved with the data set: %d cases for training, %d for "
                   "validation, %d for testing; --split deals another\n"),
                pl_split_count (dataset, PL_GROUP_TRAIN),
                pl_split_count (dataset, PL_GROUP_VALIDATION),
                pl_split_count (dataset, PL_GROUP_TEST));
}

PlCliStatus
pl_cli_train_options_begin (const PlCliTrainOptions *options,
                            const char *folder,
                            PlDataset **dataset,
                            PlModel **init)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlDataset) opened = pl_dataset_open (folder, pl_cli_cancellable (), &error);
  g_autoptr (PlModel) model = NULL;

  if (opened == NULL)
    return pl_cli_fail (error);
  for (guint i = 0; i < opened->problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (opened->problems, i);

      pl_cli_complain (_ ("%s: left out: %s"), problem->path, problem->reason);
    }
  if (!split_dataset (options, opened, &error))
    return pl_cli_fail (error);
  if (options->init != NULL && (model = pl_model_read (options->init, NULL, NULL, &error)) == NULL)
    return pl_cli_fail (error);
  if (!options->resume && !pl_run_folder_create (options->out, &error))
    {
      PlCliStatus status = pl_cli_fail (error);

      return g_error_matches (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN) ? PL_CLI_USAGE : status;
    }
  *dataset = g_steal_pointer (&opened);
  *init = g_steal_pointer (&model);
  return PL_CLI_DONE;
}
