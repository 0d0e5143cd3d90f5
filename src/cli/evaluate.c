/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate: predictions against ground truth, per case first and then in all. */
#include "cli/cli.h"
#include "cli/evaluate-classes.h"

#include "base/file.h"
#include "base/json.h"
#include "train/csv.h"
#include "train/split.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  char *csv;
  char *split_file;
  char *group;
} Options;

/* What comes out. */
typedef struct
{
  GArray *metrics;  /* of each case */
  GArray *classes;  /* (element-type PlClassDice): of each case */
  GArray *labels;   /* (element-type int): those that figures are shown of; may be none */
  PlClassDice mean; /* of the labels */
  PlMetricsSummary summary;
} Result;

/* A prediction and the truth that belongs to it. */
typedef struct
{
  char *name;
  char *prediction_path;
  char *truth_path;
} Pair;

static Result
make_result (void)
{
  return (Result){
    .metrics = g_array_new (FALSE, TRUE, sizeof (PlMetrics)),
    .classes = g_array_new (FALSE, TRUE, sizeof (PlClassDice)),
  };
}

static void
clear_result (Result *result)
{
  g_array_unref (result->metrics);
  g_array_unref (result->classes);
  g_clear_pointer (&result->labels, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, clear_result)

static void
summarise (Result *result)
{
  result->labels = pl_class_dice_list (result->classes);
  result->mean = pl_class_dice_mean (result->classes);
  pl_metrics_summarise ((const PlMetrics *) (void *) result->metrics->data,
                        (int) result->metrics->len, &result->summary);
}

static void
free_pair (gpointer data)
{
  Pair *pair = data;

  g_free (pair->name);
  g_free (pair->prediction_path);
  g_free (pair->truth_path);
  g_free (pair);
}

static Pair *
make_pair (const char *prediction_path, const char *truth_path)
{
  Pair *pair = g_new0 (Pair, 1);

  pair->name = pl_case_key (prediction_path);
  pair->prediction_path = g_strdup (prediction_path);
  pair->truth_path = g_strdup (truth_path);
  return pair;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

/* Images lie beside their masks in some layouts: IMG_x beside MASK_x, x beside x_mask. */
static gboolean
is_mask_name (const char *stem)
{
  return g_str_has_prefix (stem, "MASK_") || g_str_has_suffix (stem, "_mask") ||
         g_str_has_suffix (stem, "_masks");
}

/* Adds a mask under its key; of two, one that is named a mask is taken before an image. Two that
 * are the same by name are complained of. */
static void
add_mask (GHashTable *masks, const char *folder, const char *name, PlCliStatus *status)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *stem = pl_image_dup_stem (name);
  char *key = pl_case_key (name);
  const char *other = g_hash_table_lookup (masks, key);
  g_autofree char *other_stem = other != NULL ? pl_image_dup_stem (other) : NULL;

  if (other != NULL && is_mask_name (stem) == is_mask_name (other_stem))
    {
      pl_cli_complain (_ ("%s: it belongs to the same case as %s"), path, other);
      *status = PL_CLI_FAILED;
    }
  if (other == NULL || is_mask_name (stem))
    g_hash_table_replace (masks, key, g_steal_pointer (&path));
  else
    g_free (key);
}

/* Masks of a folder by their key; probabilities are no masks. */
static GHashTable *
list_masks (const char *folder, PlCliStatus *status, GError **error)
{
  g_autoptr (GHashTable) masks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = pl_file_open_folder (folder, error);
  const char *name;

  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *stem = pl_image_dup_stem (name);

      if (name[0] != '.' && pl_image_name_is_supported (path) &&
          !g_str_has_suffix (stem, "_probability"))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_dir_close (dir);
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    add_mask (masks, folder, g_ptr_array_index (names, i), status);
  return g_steal_pointer (&masks);
}

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(Pair *const *) a)->name, (*(Pair *const *) b)->name);
}

/* Masks by their key of those cases of a data set that are in @group; predictions of others are
 * taken out of @ours, for nobody asks for them. */
static GHashTable *
list_truths (const char *folder,
             const char *split_file,
             PlGroup group,
             GHashTable *ours,
             PlCliStatus *status,
             GError **error)
{
  g_autoptr (PlDataset) dataset = pl_dataset_open (folder, pl_cli_cancellable (), error);
  GHashTable *truths;

  if (dataset == NULL || !pl_split_read (dataset, split_file, error))
    return NULL;
  for (guint i = 0; i < dataset->problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (dataset->problems, i);

      pl_cli_complain ("%s: %s", problem->path, problem->reason);
      *status = PL_CLI_FAILED;
    }
  truths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *a_case = g_ptr_array_index (dataset->cases, i);
      g_autofree char *key = pl_case_key (a_case->image_path);

      if (a_case->group != group)
        g_hash_table_remove (ours, key);
      else if (a_case->mask_path != NULL)
        g_hash_table_replace (truths, g_steal_pointer (&key), g_strdup (a_case->mask_path));
    }
  return truths;
}

/* Pairs of predictions and truths by name; what has no partner is complained of. */
static GPtrArray *
pair_masks (GHashTable *ours,
            GHashTable *theirs,
            const char *predictions,
            const char *truths,
            PlCliStatus *status)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (free_pair);
  GHashTableIter iter;
  gpointer key, path;

  g_hash_table_iter_init (&iter, ours);
  while (g_hash_table_iter_next (&iter, &key, &path))
    {
      const char *truth = g_hash_table_lookup (theirs, key);

      if (truth != NULL)
        g_ptr_array_add (pairs, make_pair (path, truth));
      else
        {
          pl_cli_complain (_ ("%s: there is no truth for it in %s"), (char *) path, truths);
          *status = PL_CLI_FAILED;
        }
    }
  g_hash_table_iter_init (&iter, theirs);
  while (g_hash_table_iter_next (&iter, &key, &path))
    if (!g_hash_table_contains (ours, key))
      {
        pl_cli_complain (_ ("%s: there is no prediction for it in %s"), (char *) path, predictions);
        *status = PL_CLI_FAILED;
      }
  g_ptr_array_sort (pairs, compare_pairs);
  return g_steal_pointer (&pairs);
}

/* Of two folders, or of a folder and a group of a data set. */
static GPtrArray *
pair_folders (const char *predictions,
              const char *truths,
              const char *split_file,
              PlGroup group,
              PlCliStatus *status,
              GError **error)
{
  g_autoptr (GHashTable) ours = list_masks (predictions, status, error);
  g_autoptr (GHashTable) theirs = NULL;

  if (ours != NULL && split_file != NULL)
    theirs = list_truths (truths, split_file, group, ours, status, error);
  else if (ours != NULL)
    theirs = list_masks (truths, status, error);
  return theirs != NULL ? pair_masks (ours, theirs, predictions, truths, status) : NULL;
}

static double
compare_affines (const PlImageHeader *ours, const PlImageHeader *theirs)
{
  double largest = 0;

  for (int w = 0; w < 3; w++)
    for (int a = 0; a < 4; a++)
      largest = fmax (largest, fabs (ours->affine[w][a] - theirs->affine[w][a]));
  return largest;
}

/* In each file's own order. */
static double
compare_spacings (const PlImageHeader *ours, const PlImageHeader *theirs)
{
  double largest = 0;

  for (int a = 0; a < 3; a++)
    largest = fmax (largest, fabs (ours->spacing_mm[a] - theirs->spacing_mm[a]));
  return largest;
}

/* Masks are compared voxel by voxel; if their files place the voxels differently, one should know.
 */
static void
compare_places (const char *path, const PlVolume *truth)
{
  const PlImageHeader *theirs = &truth->header;
  PlImageHeader ours;

  if (pl_cli_is_quiet () || !pl_image_read_header (path, -1, &ours, NULL) ||
      ours.format == PL_FORMAT_TIFF || theirs->format == PL_FORMAT_TIFF)
    return;
  if (ours.has_affine && theirs->has_affine)
    {
      if (compare_affines (&ours, theirs) > 0.01)
        pl_cli_complain (_ ("%s: note: its affine is not that of the truth, whose spacing counts"),
                         path);
    }
  else if (ours.has_spacing && theirs->has_spacing && compare_spacings (&ours, theirs) > 0.01)
    pl_cli_complain (_ ("%s: note: its spacing is not that of the truth, which counts"), path);
}

static gboolean
evaluate_pair (const Pair *pair, Result *result, GError **error)
{
  g_autoptr (PlVolume) volume =
      pl_volume_load (pair->truth_path, NULL, pl_cli_cancellable (), error);
  g_autoptr (PlMask) truth = volume != NULL ? pl_mask_new_from_volume (volume, error) : NULL;
  g_autoptr (PlMask) prediction = NULL;
  PlMetrics metrics;
  PlClassDice classes;

  if (truth != NULL)
    prediction =
        pl_mask_load (pair->prediction_path, &volume->header, pl_cli_cancellable (), error);
  if (prediction == NULL)
    return FALSE;
  compare_places (pair->prediction_path, volume);
  pl_metrics_compute (prediction, truth, NULL, volume->spacing_mm, 0, &metrics);
  pl_class_dice_compute (prediction, truth, &classes);
  g_array_append_val (result->metrics, metrics);
  g_array_append_val (result->classes, classes);
  return TRUE;
}

/* The case's name, then all fields but bce, then those of the labels. @metrics: (nullable): with
 * @classes: the heading. */
static void
append_csv_row (GString *csv,
                const char *name,
                const PlMetrics *metrics,
                const PlClassDice *classes,
                const GArray *labels)
{
  gsize n_fields;
  const PlMetricsField *fields = pl_metrics_fields (&n_fields);

  pl_csv_append (csv, name);
  for (gsize i = 0; i < n_fields; i++)
    if (!g_str_equal (fields[i].name, "bce"))
      {
        char number[G_ASCII_DTOSTR_BUF_SIZE] = "";
        double value;

        if (metrics == NULL)
          {
            g_string_append_printf (csv, ",%s", fields[i].name);
            continue;
          }
        value = G_STRUCT_MEMBER (double, metrics, fields[i].offset);
        if (isfinite (value))
          g_ascii_dtostr (number, sizeof number, value);
        g_string_append_printf (csv, ",%s", number);
      }
  for (guint i = 0; i < labels->len; i++)
    {
      int label = g_array_index (labels, int, i);
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      if (classes == NULL)
        g_string_append_printf (csv, ",dice_%d", label);
      else
        g_string_append_printf (csv, ",%s",
                                g_ascii_dtostr (number, sizeof number, classes->dice[label]));
    }
  g_string_append_c (csv, '\n');
}

static gboolean
write_csv (const char *path, const GPtrArray *pairs, const Result *result, GError **error)
{
  g_autoptr (GString) csv = g_string_new (NULL);

  append_csv_row (csv, "name", NULL, NULL, result->labels);
  for (guint i = 0; i < pairs->len; i++)
    append_csv_row (csv, ((Pair *) g_ptr_array_index (pairs, i))->name,
                    &g_array_index (result->metrics, PlMetrics, i),
                    &g_array_index (result->classes, PlClassDice, i), result->labels);
  return pl_file_replace (path, csv->str, csv->len, error);
}

static void
print_json (const GPtrArray *pairs, const Result *result)
{
  const PlMetricsSummary *summary = &result->summary;
  JsonObject *object = json_object_new ();
  JsonObject *mean = pl_cli_metrics_to_json (&summary->mean);
  JsonArray *cases = json_array_new ();

  for (guint i = 0; i < pairs->len; i++)
    {
      JsonObject *row = pl_cli_metrics_to_json (&g_array_index (result->metrics, PlMetrics, i));

      json_object_set_string_member (row, "name", ((Pair *) g_ptr_array_index (pairs, i))->name);
      if (result->labels->len > 0)
        json_object_set_object_member (
            row, "classes",
            pl_class_dice_to_json (&g_array_index (result->classes, PlClassDice, i),
                                   result->labels));
      json_array_add_object_element (cases, row);
    }
  json_object_set_array_member (object, "cases", cases);
  json_object_set_object_member (object, "mean", mean);
  if (result->labels->len > 0)
    json_object_set_object_member (mean, "classes",
                                   pl_class_dice_to_json (&result->mean, result->labels));
  json_object_set_object_member (object, "sd", pl_cli_metrics_to_json (&summary->sd));
  json_object_set_object_member (object, "median", pl_cli_metrics_to_json (&summary->median));
  json_object_set_int_member (object, "n", summary->n);
  json_object_set_int_member (object, "n_both_empty", summary->n_both_empty);
  pl_cli_print_json (object);
}

static void
print_row (const char *name, const PlMetrics *m, const PlClassDice *classes, const GArray *labels)
{
  pl_cli_print_padded (name, -24);
  g_print (" %8.4f %8.4f %8.4f %9.4f %8.4f %8.2f %8.2f %10.1f", m->accuracy, m->dice, m->iou,
           m->precision, m->recall, m->hd95_mm, m->assd_mm, m->volume_difference_ml);
  for (guint i = 0; classes != NULL && i < labels->len; i++)
    g_print (" %8.4f", classes->dice[g_array_index (labels, int, i)]);
  g_print ("\n");
}

static void
print_table (const GPtrArray *pairs, const Result *result)
{
  const PlMetricsSummary *summary = &result->summary;

  pl_cli_print_padded (_ ("case"), -24);
  pl_cli_print_padded (_ ("accuracy"), 9);
  pl_cli_print_padded (_ ("Dice"), 9);
  pl_cli_print_padded (_ ("IoU"), 9);
  pl_cli_print_padded (_ ("precision"), 10);
  pl_cli_print_padded (_ ("recall"), 9);
  pl_cli_print_padded (_ ("HD95 mm"), 9);
  pl_cli_print_padded (_ ("ASSD mm"), 9);
  pl_cli_print_padded (_ ("volume ml"), 11);
  for (guint i = 0; i < result->labels->len; i++)
    {
      /* Translators: a column: the Dice of the label with that number. */
      g_autofree char *title =
          g_strdup_printf (_ ("Dice %d"), g_array_index (result->labels, int, i));

      pl_cli_print_padded (title, 9);
    }
  g_print ("\n");
  for (guint i = 0; i < pairs->len; i++)
    print_row (((Pair *) g_ptr_array_index (pairs, i))->name,
               &g_array_index (result->metrics, PlMetrics, i),
               &g_array_index (result->classes, PlClassDice, i), result->labels);
  if (summary->n == 0)
    return;
  print_row (_ ("mean"), &summary->mean, &result->mean, result->labels);
  print_row (_ ("standard deviation"), &summary->sd, NULL, NULL);
  print_row (_ ("median"), &summary->median, NULL, NULL);
  g_print (ngettext ("%d case at native size, empty in both (Dice 1): %d\n",
                     "%d cases at native size, empty in both (Dice 1): %d\n", (gulong) summary->n),
           summary->n, summary->n_both_empty);
}

static PlCliStatus
evaluate (const char *prediction, const char *truth, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pairs = NULL;
  g_auto (Result) result = make_result ();
  PlCliStatus status = PL_CLI_DONE;
  PlGroup group = PL_GROUP_TEST;

  if (options->group != NULL && !pl_group_from_name (options->group, &group))
    return pl_cli_misuse (_ ("evaluate: --group is “%s”, not train, validation or test"),
                          options->group);
  if (options->group != NULL && options->split_file == NULL)
    return pl_cli_misuse (_ ("evaluate: --group needs --split-file"));
  if (g_file_test (prediction, G_FILE_TEST_EXISTS) && g_file_test (truth, G_FILE_TEST_EXISTS) &&
      g_file_test (prediction, G_FILE_TEST_IS_DIR) != g_file_test (truth, G_FILE_TEST_IS_DIR))
    return pl_cli_misuse (_ ("evaluate: give two files or two folders"));
  if (options->split_file != NULL || g_file_test (prediction, G_FILE_TEST_IS_DIR) ||
      g_file_test (truth, G_FILE_TEST_IS_DIR))
    pairs = pair_folders (prediction, truth, options->split_file, group, &status, &error);
  else
    {
      pairs = g_ptr_array_new_with_free_func (free_pair);
      g_ptr_array_add (pairs, make_pair (prediction, truth));
    }
  if (pairs == NULL)
    return pl_cli_fail (error);
  if (pairs->len == 0)
    {
      pl_cli_complain (_ ("%s: there is no mask to compare with one in %s"), prediction, truth);
      status = PL_CLI_FAILED;
    }
  pl_cli_progress_begin (_ ("Comparing"));
  for (guint i = 0; i < pairs->len;)
    {
      if (evaluate_pair (g_ptr_array_index (pairs, i), &result, &error))
        i++;
      else
        {
          status = pl_cli_fail (error);
          if (status == PL_CLI_INTERRUPTED)
            return status;
          g_clear_error (&error);
          g_ptr_array_remove_index (pairs, i);
        }
      pl_cli_progress_cb ((double) i / MAX (pairs->len, 1), NULL);
    }
  pl_cli_progress_end ();

  summarise (&result);
  if (options->csv != NULL && !write_csv (options->csv, pairs, &result, &error))
    return pl_cli_fail (error);
  if (pl_cli_wants_json ())
    print_json (pairs, &result);
  else
    print_table (pairs, &result);
  return status;
}

PlCliStatus
pl_cli_evaluate (int argc, char **argv)
{
  Options o = { NULL };
  const GOptionEntry entries[] = {
    { "split-file", 0, 0, G_OPTION_ARG_FILENAME, &o.split_file,
      N_ ("The split.csv of a run; TRUTH is its data set"), N_ ("FILE") },
    { "group", 0, 0, G_OPTION_ARG_STRING, &o.group,
      N_ ("Only cases of this group of the split file (test)"), N_ ("NAME") },
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &o.csv, N_ ("Also write the cases as a table"),
      N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = pl_cli_parse (
      argc, argv, _ ("PRED TRUTH"),
      _ ("Compares two masks, or two folders of masks paired by name: accuracy, Dice, "
         "IoU, precision, recall, HD95 and ASSD in mm, difference of volume in ml "
         "(prediction − truth)."),
      entries, 2, 2);
  PlCliStatus status = evaluate (arguments[0], arguments[1], &o);

  g_free (o.csv);
  g_free (o.split_file);
  g_free (o.group);
  return status;
}
