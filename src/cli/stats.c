/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats: the columns of Kaggle's lung_stats.csv, the volume in ml, and what COPD is measured by, a
 * row an image. */
#include "cli/cli.h"

#include "base/file.h"
#include "base/json.h"
#include "image/mask-stats.h"
#include "train/csv.h"

#include <glib/gi18n.h>
#include <math.h>

/* The table so far, as CSV and as JSON rows. */
typedef struct
{
  GString *csv;
  JsonArray *rows;
} Table;

static void
append_number (GString *csv, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE] = "";

  if (isfinite (value))
    g_ascii_formatd (number, sizeof number, "%.10g", value);
  g_string_append_printf (csv, ",%s", number);
}

static void
append_row (Table *table, const char *name, const PlMaskStats *stats)
{
  const struct
  {
    const char *column;
    double value;
  } fields[] = {
    { "lung_area_mm2", stats->area_mm2 }, { "lung_volume_fraction", stats->volume_fraction },
    { "lung_mean_hu", stats->mean_hu },   { "lung_pd95_hu", stats->pd95_hu },
    { "lung_pd05_hu", stats->pd05_hu },   { "volume_ml", stats->volume_ml },
    { "lung_laa950", stats->laa950 },     { "lung_pd15_hu", stats->pd15_hu },
  };
  JsonObject *row = json_object_new ();

  json_object_set_string_member (row, "img_id", name);
  json_object_set_int_member (row, "lung_area_px", stats->area_px);
  pl_csv_append (table->csv, name);
  g_string_append_printf (table->csv, ",%" G_GINT64_FORMAT, stats->area_px);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      append_number (table->csv, fields[i].value);
      pl_json_set_double (row, fields[i].column, fields[i].value);
    }
  g_string_append_c (table->csv, '\n');
  json_array_add_object_element (table->rows, row);
}

/* @mask_path: (nullable): instead of the case's own. */
static gboolean
measure_case (Table *table, const PlCase *a_case, const char *mask_path, GError **error)
{
  g_autoptr (PlVolume) volume = pl_case_load_image (a_case, pl_cli_cancellable (), error);
  g_autoptr (PlMask) mask = NULL;
  g_autofree char *name = g_path_get_basename (a_case->image_path);
  PlMaskStats stats;

  if (volume == NULL)
    return FALSE;
  mask = mask_path != NULL ? pl_mask_load (mask_path, &volume->header, pl_cli_cancellable (), error)
                           : pl_case_load_mask (a_case, pl_cli_cancellable (), error);
  if (mask == NULL)
    return FALSE;
  pl_mask_stats (volume, mask, 0, 0, volume->n[0], &stats);
  append_row (table, name, &stats);
  return TRUE;
}

static PlCliStatus
measure_dataset (Table *table, const PlDataset *dataset, const char *mask_path)
{
  PlCliStatus status = dataset->problems->len > 0 ? PL_CLI_FAILED : PL_CLI_DONE;
  int n_measured = 0;

  for (guint i = 0; i < dataset->problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (dataset->problems, i);

      pl_cli_complain ("%s: %s", problem->path, problem->reason);
    }
  pl_cli_progress_begin (_ ("Measuring"));
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *a_case = g_ptr_array_index (dataset->cases, i);
      g_autoptr (GError) error = NULL;

      if (mask_path == NULL && a_case->mask_path == NULL)
        continue;
      if (measure_case (table, a_case, mask_path, &error))
        n_measured++;
      else if ((status = pl_cli_fail (error)) == PL_CLI_INTERRUPTED)
        return status;
      pl_cli_progress_cb ((double) i / dataset->cases->len, NULL);
    }
  pl_cli_progress_end ();
  if (n_measured == 0 && status == PL_CLI_DONE)
    {
      pl_cli_complain (_ ("%s: there is no image with a mask; --mask names one"), dataset->folder);
      status = PL_CLI_FAILED;
    }
  return status;
}

/* Of a single image; says so. */
static gboolean
lacks_mask (const PlDataset *dataset, const char *mask_path)
{
  const PlCase *a_case = dataset->cases->len > 0 ? g_ptr_array_index (dataset->cases, 0) : NULL;

  if (mask_path != NULL || a_case == NULL || a_case->mask_path != NULL)
    return FALSE;
  pl_cli_complain (_ ("%s: it has no mask beside it; name one with --mask"), a_case->image_path);
  return TRUE;
}

static PlCliStatus
stats (char *input, const char *mask_path, const char *csv_path, int volume, int slice_axis)
{
  g_autoptr (GError) error = NULL;
  char *paths[] = { input, NULL };
  gboolean is_folder = g_file_test (input, G_FILE_TEST_IS_DIR);
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GString) csv = g_string_new (
      "img_id,lung_area_px,lung_area_mm2,lung_volume_fraction,lung_mean_hu,lung_pd95_hu,"
      "lung_pd05_hu,volume_ml,lung_laa950,lung_pd15_hu\n");
  g_autoptr (JsonArray) rows = json_array_new ();
  Table table = { .csv = csv, .rows = rows };
  PlCliStatus status;

  if (is_folder && mask_path != NULL)
    return pl_cli_misuse (_ ("stats: --mask goes with one image, not with a folder"));
  dataset = is_folder ? pl_dataset_open (input, pl_cli_cancellable (), &error)
                      : pl_dataset_open_files (paths, pl_cli_cancellable (), &error);
  if (dataset == NULL)
    return pl_cli_fail (error);
  for (guint i = 0; i < dataset->cases->len; i++)
    pl_case_read_as (g_ptr_array_index (dataset->cases, i), volume, slice_axis);
  if (!is_folder && lacks_mask (dataset, mask_path))
    return PL_CLI_FAILED;
  status = measure_dataset (&table, dataset, mask_path);
  if (status == PL_CLI_INTERRUPTED)
    return status;
  if (csv_path != NULL && !pl_file_replace (csv_path, csv->str, csv->len, &error))
    return pl_cli_fail (error);
  if (pl_cli_wants_json ())
    {
      JsonObject *object = json_object_new ();

      json_object_set_array_member (object, "cases", json_array_ref (rows));
      pl_cli_print_json (object);
    }
  else if (csv_path == NULL && json_array_get_length (rows) > 0)
    g_print ("%s", csv->str);
  return status;
}

PlCliStatus
pl_cli_stats (int argc, char **argv)
{
  g_autofree char *mask_path = NULL;
  g_autofree char *csv_path = NULL;
  int volume = 0;
  int slice_axis = -1;
  const GOptionEntry entries[] = {
    { "mask", 0, 0, G_OPTION_ARG_FILENAME, &mask_path, N_ ("The mask of the image"), N_ ("FILE") },
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &csv_path, N_ ("Write the table to a file"),
      N_ ("FILE") },
    pl_cli_volume_entry (&volume),
    pl_cli_slice_axis_entry (&slice_axis),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments =
      pl_cli_parse (argc, argv, _ ("IMAGE_OR_DATASET"),
                    _ ("Measures what lies inside masks, with the columns of lung_stats.csv. The "
                       "area is a real one, in mm² (the published column is px × side)."),
                    entries, 1, 1);

  if (pl_cli_check_reading ("stats", volume, slice_axis) != PL_CLI_DONE)
    return PL_CLI_USAGE;
  return stats (arguments[0], mask_path, csv_path, volume, slice_axis);
}
