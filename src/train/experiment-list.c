/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Experiments as they stand in a list of runs: what they have in common with one. */
#include "train/experiment-list.h"

#include "base/file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>

static char *
dup_title (const PlExperimentRecord *record)
{
  int n = record->plan.n_runs;

  if (record->plan.kind == PL_EXPERIMENT_CROSS_VALIDATION)
    return g_strdup_printf (
        ngettext ("Cross-validation, %d fold", "Cross-validation, %d folds", (gulong) n), n);
  return g_strdup_printf (
      ngettext ("Learning curve, %d share", "Learning curve, %d shares", (gulong) n), n);
}

/* Its split is written once, at the beginning. */
static GDateTime *
find_start (const char *folder)
{
  g_autofree char *split = g_build_filename (folder, "split.csv", NULL);
  GStatBuf status;

  return g_stat (split, &status) == 0 ? g_date_time_new_from_unix_local (status.st_mtime) : NULL;
}

/* The best validation Dice: the mean over folds, of shares that of the largest. */
static void
take_figures (PlRunInfo *info)
{
  double sum = 0;
  int n = 0;

  for (guint i = 0; i < info->record->runs->len; i++)
    {
      const PlExperimentRun *run = g_ptr_array_index (info->record->runs, i);

      if (run->state != PL_EXPERIMENT_RUN_DONE)
        continue;
      info->time_s += run->time_s;
      sum += run->validation_dice;
      n++;
      info->best_dice = run->validation_dice;
    }
  if (info->record->plan.kind == PL_EXPERIMENT_CROSS_VALIDATION && n > 0)
    info->best_dice = sum / n;
}

static PlRunInfo *
read_experiment (const char *folder)
{
  PlRunInfo *info = pl_run_info_new (folder);
  g_autoptr (GError) error = NULL;

  info->started = find_start (folder);
  info->record = pl_experiment_record_read (folder, &error);
  if (info->record == NULL)
    {
      info->problem = g_strdup (error->message);
      return info;
    }
  g_free (info->title);
  info->title = dup_title (info->record);
  info->settings = info->record->settings;
  info->origin.dataset_folder = g_strdup (info->record->dataset_folder);
  info->origin.dataset_hash = g_strdup (info->record->dataset_hash);
  info->origin.init = g_strdup (info->record->init);
  info->outcome = pl_experiment_record_is_complete (info->record) ? PL_TRAIN_COMPLETED : -1;
  take_figures (info);
  return info;
}

GPtrArray *
pl_experiment_list (const char *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) pl_run_info_free);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (folder, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&found);
  dir = pl_file_open_folder (folder, error);
  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *file = g_build_filename (path, "experiment.json", NULL);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (*name != '.' && g_file_test (file, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (found, read_experiment (path));
    }
  return g_steal_pointer (&found);
}
