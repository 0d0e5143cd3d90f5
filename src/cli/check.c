/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check: pairs, problems and the manifest of a data set. */
#include "cli/cli.h"

#include "train/manifest.h"

#include <glib/gi18n.h>

static JsonArray *
list_problems (const GPtrArray *problems)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (problems, i);
      JsonObject *row = json_object_new ();

      json_object_set_string_member (row, "path", problem->path);
      json_object_set_string_member (row, "reason", problem->reason);
      json_array_add_object_element (array, row);
    }
  return array;
}

static void
complain_of (const GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (problems, i);

      pl_cli_complain ("%s: %s", problem->path, problem->reason);
    }
}

static void
print_json (const PlDataset *dataset, const PlDatasetCounts *counts, int n_listed)
{
  JsonObject *object = json_object_new ();
  JsonArray *cases = json_array_new ();
  JsonArray *problems = list_problems (dataset->problems);
  JsonArray *notices = list_problems (dataset->notices);

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *a_case = g_ptr_array_index (dataset->cases, i);
      JsonObject *row = json_object_new ();

      json_object_set_string_member (row, "name", a_case->name);
      json_object_set_string_member (row, "mask", a_case->mask_path);
      json_object_set_string_member (row, "patient", a_case->patient);
      json_array_add_object_element (cases, row);
    }
  json_object_set_string_member (object, "folder", dataset->folder);
  json_object_set_int_member (object, "with_mask", counts->with_mask);
  json_object_set_int_member (object, "in_manifest", n_listed);
  json_object_set_array_member (object, "cases", cases);
  json_object_set_array_member (object, "problems", problems);
  json_object_set_array_member (object, "notices", notices);
  pl_cli_print_json (object);
}

static void
print_text (const PlDataset *dataset, const PlDatasetCounts *counts, int n_listed)
{
  complain_of (dataset->problems);
  complain_of (dataset->notices);
  g_print (_ ("slices: %d, volumes: %d; with a mask: %d, without: %d; left out: %u\n"),
           counts->slices, counts->volumes, counts->with_mask,
           (int) dataset->cases->len - counts->with_mask, dataset->problems->len);
  if (n_listed > 0)
    g_print (ngettext ("%d file compared with the manifest\n",
                       "%d files compared with the manifest\n", (gulong) n_listed),
             n_listed);
}

PlCliStatus
pl_cli_check (int argc, char **argv)
{
  gboolean write_manifest = FALSE;
  const GOptionEntry entries[] = {
    { "write-manifest", 0, 0, G_OPTION_ARG_NONE, &write_manifest,
      N_ ("Write pleura-manifest.json with the size and SHA-256 of each file"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments =
      pl_cli_parse (argc, argv, _ ("DATASET"),
                    _ ("Reads every file of a data set and lists what is wrong."), entries, 1, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlDataset) dataset = pl_dataset_open (arguments[0], pl_cli_cancellable (), &error);
  int n_listed = 0;
  PlDatasetCounts counts;

  if (dataset == NULL)
    return pl_cli_fail (error);
  pl_cli_progress_begin (_ ("Reading"));
  if (!pl_dataset_check (dataset, pl_cli_progress_cb, NULL, pl_cli_cancellable (), &error))
    return pl_cli_fail (error);
  pl_cli_progress_begin (_ ("Hashing"));
  if (write_manifest &&
      !pl_manifest_write (dataset, pl_cli_progress_cb, NULL, pl_cli_cancellable (), &error))
    return pl_cli_fail (error);
  if (!write_manifest && !pl_manifest_verify (dataset, &n_listed, pl_cli_progress_cb, NULL,
                                              pl_cli_cancellable (), &error))
    return pl_cli_fail (error);
  pl_cli_progress_end ();

  counts = pl_dataset_count (dataset);
  if (pl_cli_wants_json ())
    print_json (dataset, &counts, n_listed);
  else
    print_text (dataset, &counts, n_listed);
  if (dataset->cases->len == 0)
    pl_cli_complain (_ ("%s: there are no images in this folder"), dataset->folder);
  return dataset->problems->len > 0 || dataset->cases->len == 0 ? PL_CLI_FAILED : PL_CLI_DONE;
}
