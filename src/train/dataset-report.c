/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Problems and notices know paths, cases know files: they are joined by path. A folder of copies
 * has hundreds of notices an image, of which a row names some. */
#include "train/dataset-report.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum
{
  MOST_LINES = 3, /* of a row */
};

typedef struct
{
  const PlDataset *found;
  GHashTable *listed;  /* (nullable): set of names: other cases are left away */
  GPtrArray *rows;     /* (element-type PlReportRow) */
  GPtrArray *taken;    /* (element-type PlReportRow): those of cases that are not listed */
  GHashTable *by_path; /* the row of an image, a mask, or any other file */
} Join;

static char *
dup_name (const PlDataset *dataset, const char *path)
{
  gsize length = strlen (dataset->folder);

  if (!g_str_has_prefix (path, dataset->folder) || path[length] != '/')
    return g_strdup (path);
  return g_strdup (path + length + 1);
}

static void
add_case (Join *join, const PlCase *self)
{
  PlReportRow *row = g_new0 (PlReportRow, 1);
  gboolean is_listed = join->listed == NULL || g_hash_table_contains (join->listed, self->name);

  row->image = g_strdup (self->name);
  row->is_case = TRUE;
  for (int i = 0; i < 3; i++)
    row->n[i] = self->header.shape[self->header.axis[i]];
  g_ptr_array_add (is_listed ? join->rows : join->taken, row);
  g_hash_table_insert (join->by_path, self->image_path, row);
  if (self->mask_path == NULL)
    return;
  row->mask = dup_name (join->found, self->mask_path);
  g_hash_table_insert (join->by_path, self->mask_path, row);
}

static PlReportRow *
add_file (Join *join, const PlProblem *problem)
{
  PlReportRow *row = g_new0 (PlReportRow, 1);
  char *name = dup_name (join->found, problem->path);

  if (problem->kind == PL_PROBLEM_ORPHAN)
    row->mask = name;
  else
    row->image = name;
  if (problem->partner != NULL)
    row->mask = dup_name (join->found, problem->partner);
  g_ptr_array_add (join->rows, row);
  g_hash_table_insert (join->by_path, problem->path, row);
  return row;
}

static PlReportRow *
find_row (Join *join, const PlProblem *problem)
{
  PlReportRow *row = g_hash_table_lookup (join->by_path, problem->path);

  if (row == NULL && problem->partner != NULL)
    row = g_hash_table_lookup (join->by_path, problem->partner);
  if (row == NULL)
    return add_file (join, problem);
  if (problem->partner != NULL && row->mask == NULL)
    row->mask = dup_name (join->found, problem->path);
  return row;
}

static void
add_line (PlReportRow *row, const char *line)
{
  char *text = row->text == NULL ? g_strdup (line) : g_strconcat (row->text, "\n", line, NULL);

  g_free (row->text);
  row->text = text;
}

static void
add_found (Join *join, const GPtrArray *problems, gboolean is_wrong)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (problems, i);
      PlReportRow *row = find_row (join, problem);

      if (row->n_found == 0)
        {
          row->kind = problem->kind;
          row->is_wrong = is_wrong || !row->is_case;
        }
      if (row->n_found++ < MOST_LINES)
        add_line (row, problem->reason);
    }
}

void
pl_report_row_free (PlReportRow *row)
{
  if (row == NULL)
    return;
  g_free (row->image);
  g_free (row->mask);
  g_free (row->text);
  g_free (row);
}

gboolean
pl_report_row_equal (const PlReportRow *a, const PlReportRow *b)
{
  return g_strcmp0 (a->image, b->image) == 0 && g_strcmp0 (a->mask, b->mask) == 0 &&
         g_strcmp0 (a->text, b->text) == 0 && memcmp (a->n, b->n, sizeof a->n) == 0 &&
         a->is_case == b->is_case && a->is_wrong == b->is_wrong && a->kind == b->kind;
}

PlReportRank
pl_report_row_rank (const PlReportRow *row)
{
  if (row->kind != PL_PROBLEM_NONE)
    return row->is_wrong ? PL_RANK_WRONG : PL_RANK_NOTICED;
  return row->mask == NULL ? PL_RANK_BARE : PL_RANK_PAIR;
}

static int
compare_rows_cb (gconstpointer a, gconstpointer b)
{
  return (int) pl_report_row_rank (*(const PlReportRow *const *) a) -
         (int) pl_report_row_rank (*(const PlReportRow *const *) b);
}

static void
count_row (PlReport *report, const PlReportRow *row)
{
  if (row->is_wrong)
    report->n_wrong[row->kind]++;
  else
    {
      *(row->mask != NULL ? &report->n_pairs : &report->n_without_mask) += 1;
      report->n_noticed[row->kind]++;
    }
}

static void
finish_row (PlReport *report, PlReportRow *row)
{
  int n_more = row->n_found - MOST_LINES;
  g_autofree char *more = NULL;

  count_row (report, row);
  if (n_more <= 0)
    return;
  more = g_strdup_printf (ngettext ("and %d more", "and %d more", (gulong) n_more), n_more);
  add_line (row, more);
}

static GHashTable *
index_names (const PlDataset *dataset)
{
  GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < dataset->cases->len; i++)
    g_hash_table_add (names, ((PlCase *) dataset->cases->pdata[i])->name);
  return names;
}

PlReport *
pl_report_new (const PlDataset *found, const PlDataset *listed)
{
  PlReport *report = g_new0 (PlReport, 1);
  g_autoptr (GPtrArray) taken =
      g_ptr_array_new_with_free_func ((GDestroyNotify) pl_report_row_free);
  g_autoptr (GHashTable) names = listed != NULL ? index_names (listed) : NULL;
  g_autoptr (GHashTable) by_path = g_hash_table_new (g_str_hash, g_str_equal);
  Join join = { found, names, NULL, taken, by_path };

  report->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pl_report_row_free);
  join.rows = report->rows;
  for (guint i = 0; i < found->cases->len; i++)
    add_case (&join, g_ptr_array_index (found->cases, i));
  add_found (&join, found->problems, TRUE);
  add_found (&join, found->notices, FALSE);
  for (guint i = 0; i < report->rows->len; i++)
    finish_row (report, g_ptr_array_index (report->rows, i));
  g_ptr_array_sort (report->rows, compare_rows_cb); /* keeps the order of equals */
  return report;
}

void
pl_report_free (PlReport *report)
{
  if (report == NULL)
    return;
  g_ptr_array_unref (report->rows);
  g_free (report);
}

gboolean
pl_report_needs_look (const PlReport *report)
{
  const PlReportRow *first = report->rows->len > 0 ? report->rows->pdata[0] : NULL;

  return first != NULL && first->kind != PL_PROBLEM_NONE;
}

/* Takes @part. */
static void
append_part (GString *text, int n, char *part)
{
  if (n > 0)
    g_string_append_printf (text, text->len > 0 ? " · %s" : "%s", part);
  g_free (part);
}

static void
append_wrong (GString *text, const int *n)
{
  int n_orphans = n[PL_PROBLEM_ORPHAN];
  int n_mismatches = n[PL_PROBLEM_MISMATCH];

  append_part (text, n_orphans,
               g_strdup_printf (ngettext ("%d mask without an image", "%d masks without an image",
                                          (gulong) n_orphans),
                                n_orphans));
  append_part (text, n_mismatches,
               /* Translators: of the sizes of image and mask. */
               g_strdup_printf (ngettext ("%d mismatch", "%d mismatches", (gulong) n_mismatches),
                                n_mismatches));
  append_part (text, n[PL_PROBLEM_UNREADABLE],
               g_strdup_printf (_ ("%d unreadable"), n[PL_PROBLEM_UNREADABLE]));
  append_part (text, n[PL_PROBLEM_CHANGED],
               g_strdup_printf (_ ("%d unlike the manifest"), n[PL_PROBLEM_CHANGED]));
}

static void
append_noticed (GString *text, const int *n)
{
  append_part (text, n[PL_PROBLEM_VALUES],
               g_strdup_printf (_ ("%d not like HU"), n[PL_PROBLEM_VALUES]));
  append_part (text, n[PL_PROBLEM_ALIKE],
               g_strdup_printf (_ ("%d like another patient"), n[PL_PROBLEM_ALIKE]));
  append_part (text, n[PL_PROBLEM_LEAK],
               g_strdup_printf (_ ("%d like another part of the split"), n[PL_PROBLEM_LEAK]));
}

char *
pl_report_dup_summary (const PlReport *report)
{
  int n_other = report->n_wrong[PL_PROBLEM_OTHER] + report->n_noticed[PL_PROBLEM_OTHER];
  GString *text = g_string_new (NULL);

  /* Translators: of image and mask. */
  g_string_append_printf (text, ngettext ("%d pair", "%d pairs", (gulong) report->n_pairs),
                          report->n_pairs);
  append_part (text, report->n_without_mask,
               /* Translators: images. */
               g_strdup_printf (_ ("%d without a mask"), report->n_without_mask));
  append_wrong (text, report->n_wrong);
  append_part (text, n_other,
               g_strdup_printf (
                   ngettext ("%d other problem", "%d other problems", (gulong) n_other), n_other));
  append_noticed (text, report->n_noticed);
  return g_string_free (text, FALSE);
}
