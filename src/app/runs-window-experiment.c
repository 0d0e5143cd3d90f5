/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An experiment in the list of runs: its trainings are listed, too, and go and come back with it.
 */
#include "app/runs-window-private.h"

#include "app/run-facts.h"

#include "train/experiment-result.h"

#include <glib/gi18n.h>

gboolean
pl_run_is_part_of (const PlRunInfo *run, const PlRunInfo *experiment)
{
  return g_strcmp0 (run->experiment, experiment->folder) == 0;
}

char *
pl_run_dup_part_title (const PlRunInfo *experiment, const PlRunInfo *run)
{
  g_autofree char *name = g_path_get_basename (run->folder);

  for (guint i = 0; i < experiment->record->runs->len; i++)
    {
      const PlExperimentRun *part = g_ptr_array_index (experiment->record->runs, i);

      if (g_str_equal (part->name, name))
        return pl_experiment_record_dup_title (experiment->record, (int) i);
    }
  return g_strdup (run->title);
}

const PlRunInfo *
pl_runs_window_find (PlRunsWindow *self, const char *folder)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->runs));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlRunItem) item = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (g_str_equal (pl_run_item_get_info (item)->folder, folder))
        return pl_run_item_get_info (item); /* the list keeps it */
    }
  return NULL;
}

static int
compare_folders_cb (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(PlRunInfo *const *) a)->folder, (*(PlRunInfo *const *) b)->folder);
}

GPtrArray *
pl_runs_window_list_parts (PlRunsWindow *self, const PlRunInfo *experiment)
{
  GPtrArray *parts = g_ptr_array_new ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->runs));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlRunItem) item = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (pl_run_is_part_of (pl_run_item_get_info (item), experiment))
        g_ptr_array_add (parts, (gpointer) pl_run_item_get_info (item));
    }
  g_ptr_array_sort (parts, compare_folders_cb);
  return parts;
}

static char *
dup_part (const PlExperimentRun *run)
{
  PlMeanSd dice = pl_experiment_run_dice (run);
  g_autofree char *figures = pl_mean_sd_dup_text (dice);

  if (run->state != PL_EXPERIMENT_RUN_DONE)
    return g_strdup (run->problem != NULL ? run->problem : _ ("not trained yet"));
  /* Translators: of a training: mean and standard deviation over its test cases. */
  return g_strdup_printf (ngettext ("Dice %s, %d case", "Dice %s, %d cases", (gulong) dice.n),
                          figures, dice.n);
}

int
pl_runs_window_add_findings (PlRunsWindow *self, const PlRunInfo *experiment, int row)
{
  const PlExperimentRecord *record = experiment->record;
  g_autofree char *outcome = pl_run_dup_outcome (experiment);
  g_autofree char *time = pl_run_dup_time (experiment);
  g_autofree char *summary = pl_experiment_dup_summary (record);

  pl_runs_window_add_heading (self, row++, _ ("Results"));
  pl_runs_window_add_fact (self, row++, _ ("How it ended"), outcome);
  pl_runs_window_add_fact (self, row++, _ ("Time"), time);
  pl_runs_window_add_fact (self, row++, _ ("What it says"), summary);
  pl_runs_window_add_heading (self, row++, _ ("Trainings"));
  for (guint i = 0; i < record->runs->len; i++)
    {
      g_autofree char *title = pl_experiment_record_dup_title (record, (int) i);
      g_autofree char *text = dup_part (g_ptr_array_index (record->runs, i));

      pl_runs_window_add_fact (self, row++, title, text);
    }
  return row;
}

const char *
pl_runs_window_get_experiment (PlRunsWindow *self)
{
  const PlRunInfo *run = pl_runs_window_get_run (self);

  if (run == NULL)
    return NULL;
  return run->record != NULL ? run->folder : run->experiment;
}
