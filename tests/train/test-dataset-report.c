/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/dataset-report.h"

#include <glib/gstdio.h>
#include <string.h>

#include "data-folder.h"
#include "train/manifest.h"

static const int slice[3] = { 1, 64, 48 };

/* An image in HU with its mask. */
static void
add_pair (DataFolder *f, const char *stem)
{
  g_autofree char *image = g_strconcat ("images/", stem, ".tif", NULL);
  g_autofree char *mask = g_strconcat ("masks/", stem, ".tif", NULL);
  g_autofree gint16 *values = g_new (gint16, 64 * 48);
  g_autoptr (GRand) random = g_rand_new_with_seed (g_str_hash (stem));

  for (int i = 0; i < 64 * 48; i++)
    values[i] = (gint16) g_rand_int_range (random, i % 48 < 24 ? -1000 : 0, 200);
  data_folder_add_image (f->folder, image, slice, PL_DTYPE_INT16, values);
  data_folder_add_mask (f->folder, mask, slice);
}

static void
remove_file (DataFolder *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static PlDataset *
open_folder (DataFolder *f)
{
  g_autoptr (GError) error = NULL;
  PlDataset *dataset = pl_dataset_open (f->folder, NULL, &error);

  g_assert_no_error (error);
  return dataset;
}

static PlDataset *
check_folder (DataFolder *f)
{
  PlDataset *dataset = open_folder (f);
  g_autoptr (GError) error = NULL;

  pl_dataset_check (dataset, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return dataset;
}

static const PlReportRow *
get_row (const PlReport *report, guint i)
{
  g_assert_cmpuint (i, <, report->rows->len);
  return g_ptr_array_index (report->rows, i);
}

static const PlReportRow *
find_row (const PlReport *report, const char *image, const char *mask)
{
  for (guint i = 0; i < report->rows->len; i++)
    if (g_strcmp0 (get_row (report, i)->image, image) == 0 &&
        g_strcmp0 (get_row (report, i)->mask, mask) == 0)
      return get_row (report, i);
  g_error ("no row of %s and %s", image, mask);
}

static void
assert_row (const PlReport *report,
            const char *image,
            const char *mask,
            PlProblemKind kind,
            const char *text)
{
  const PlReportRow *row = find_row (report, image, mask);

  g_assert_cmpint (row->kind, ==, kind);
  if (text == NULL)
    g_assert_cmpstr (row->text, ==, NULL);
  else
    g_assert_nonnull (strstr (row->text, text));
}

/* One of each: all is known from names and headers. */
static void
add_one_of_each (DataFolder *f)
{
  const int other[3] = { 1, 32, 48 };

  add_pair (f, "p2");
  add_pair (f, "p10");
  add_pair (f, "p3_small");
  data_folder_add_mask (f->folder, "masks/p3_small.tif", other);
  add_pair (f, "p4_text");
  data_folder_add_text (f->folder, "images/p4_text.tif", "no picture");
  add_pair (f, "p5_torn");
  data_folder_add_text (f->folder, "masks/p5_torn.tif", "no picture");
  data_folder_add_mask (f->folder, "masks/p6_lost.tif", slice);
  add_pair (f, "p7_bare");
  remove_file (f, "masks/p7_bare.tif");
  data_folder_add_text (f->folder, "images/p8.dcm", "DICM");
}

static void
test_opened (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlReport) report = NULL;
  g_autofree char *summary = NULL;

  add_one_of_each (f);
  dataset = open_folder (f);
  report = pl_report_new (dataset, NULL);
  summary = pl_report_dup_summary (report);
  g_assert_cmpstr (summary, ==,
                   "2 pairs · 1 without a mask · 1 mask without an image · 1 mismatch · "
                   "3 unreadable");
  g_assert_true (pl_report_needs_look (report));
  g_assert_cmpuint (report->rows->len, ==, 8);
  assert_row (report, "images/p3_small.tif", "masks/p3_small.tif", PL_PROBLEM_MISMATCH,
              "Use the mask that was made for this image.");
  assert_row (report, "images/p5_torn.tif", "masks/p5_torn.tif", PL_PROBLEM_UNREADABLE, "Save it");
  assert_row (report, "images/p4_text.tif", "masks/p4_text.tif", PL_PROBLEM_UNREADABLE, "Save it");
  assert_row (report, NULL, "masks/p6_lost.tif", PL_PROBLEM_ORPHAN, "give it the name");
  assert_row (report, "images/p8.dcm", NULL, PL_PROBLEM_UNREADABLE, "convert it");
  assert_row (report, "images/p7_bare.tif", NULL, PL_PROBLEM_NONE, NULL);
}

/* What is wrong comes first, then what is strange, then what lacks its mask, then pairs, by name.
 */
static void
test_order (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlReport) report = NULL;
  const PlReportRow *last;

  add_one_of_each (f);
  add_pair (f, "p1_gray");
  data_folder_add_image (f->folder, "images/p1_gray.tif", slice, PL_DTYPE_UINT8, NULL);
  dataset = check_folder (f);
  report = pl_report_new (dataset, NULL);
  for (guint i = 0; i < 5; i++)
    g_assert_true (get_row (report, i)->is_wrong);
  g_assert_cmpstr (get_row (report, 5)->image, ==, "images/p1_gray.tif");
  g_assert_cmpstr (get_row (report, 6)->image, ==, "images/p7_bare.tif");
  g_assert_cmpstr (get_row (report, 7)->image, ==, "images/p2.tif");
  last = get_row (report, 8);
  g_assert_cmpstr (last->image, ==, "images/p10.tif");
  g_assert_cmpint (last->n[0], ==, 1);
  g_assert_cmpint (last->n[1], ==, 64);
  g_assert_cmpint (last->n[2], ==, 48);
}

/* Values that are none of CT, and an image that is there twice; both stay pairs. */
static void
test_checked (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlReport) report = NULL;
  g_autofree char *summary = NULL;
  g_autofree guint8 *gray = g_new (guint8, 64 * 48);

  for (int i = 0; i < 64 * 48; i++)
    gray[i] = (guint8) (i * 7 % 251);
  add_pair (f, "p1");
  add_pair (f, "p2");
  data_folder_add_image (f->folder, "images/p2.tif", slice, PL_DTYPE_UINT8, gray);
  dataset = check_folder (f);
  report = pl_report_new (dataset, NULL);
  summary = pl_report_dup_summary (report);
  g_assert_cmpstr (summary, ==, "2 pairs · 1 not like HU");
  assert_row (report, "images/p2.tif", "masks/p2.tif", PL_PROBLEM_VALUES, "export it again");
  g_assert_false (get_row (report, 0)->is_wrong);
  g_assert_cmpint (get_row (report, 1)->kind, ==, PL_PROBLEM_NONE);
}

/* Of an image that is there six times a row names some of the others. */
static void
test_copies (DataFolder *f, gconstpointer data)
{
  g_autofree gint16 *values = g_new (gint16, 64 * 48);
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlReport) report = NULL;
  const PlReportRow *row;

  for (int i = 0; i < 64 * 48; i++)
    values[i] = (gint16) (i % 48 < 24 ? -900 : i % 100);
  for (int i = 1; i <= 6; i++)
    {
      g_autofree char *name = g_strdup_printf ("p%d.tif", i);

      data_folder_add_image (f->folder, name, slice, PL_DTYPE_INT16, values);
    }
  dataset = check_folder (f);
  report = pl_report_new (dataset, NULL);
  row = find_row (report, "p1.tif", NULL);
  g_assert_cmpint (row->kind, ==, PL_PROBLEM_ALIKE);
  g_assert_cmpint (row->n_found, ==, 5);
  g_assert_true (g_str_has_suffix (row->text, "\nand 2 more"));
  g_assert_cmpint (report->n_without_mask, ==, 6);
  g_assert_cmpint (report->n_noticed[PL_PROBLEM_ALIKE], ==, 5); /* the last one is named by all */
}

/* A file that the manifest does not have as it is, and one that it lists but that is gone. */
static void
test_manifest (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) before = NULL;
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlReport) report = NULL;
  g_autofree char *summary = NULL;
  int n;

  add_pair (f, "p1");
  add_pair (f, "p2");
  add_pair (f, "p3");
  before = open_folder (f);
  g_assert_true (pl_manifest_write (before, NULL, NULL, NULL, NULL));
  data_folder_add_mask (f->folder, "images/p1.tif", slice);
  remove_file (f, "images/p3.tif");
  dataset = open_folder (f);
  g_assert_true (pl_manifest_verify (dataset, &n, NULL, NULL, NULL, NULL));
  report = pl_report_new (dataset, NULL);
  summary = pl_report_dup_summary (report);
  g_assert_cmpstr (summary, ==, "1 pair · 1 mask without an image · 2 unlike the manifest");
  assert_row (report, "images/p1.tif", "masks/p1.tif", PL_PROBLEM_CHANGED, "it has changed");
  assert_row (report, "images/p3.tif", NULL, PL_PROBLEM_CHANGED, "it is not there");
}

/* Nothing is said of a case that was taken from the list, also not of what is wrong with it. */
static void
test_listed (DataFolder *f, gconstpointer data)
{
  const int other[3] = { 1, 32, 48 };
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlDataset) fewer = NULL;
  g_autoptr (PlCase) taken = NULL;
  g_autoptr (PlReport) report = NULL;

  add_pair (f, "p1");
  add_pair (f, "p2");
  data_folder_add_mask (f->folder, "masks/p1.tif", other);
  dataset = open_folder (f);
  fewer = pl_dataset_copy (dataset);
  taken = pl_dataset_take_case (fewer, 0);
  report = pl_report_new (dataset, fewer);
  g_assert_cmpuint (report->rows->len, ==, 1);
  g_assert_cmpint (report->n_pairs, ==, 1);
  g_assert_false (pl_report_needs_look (report));
}

static void
test_empty (DataFolder *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (PlReport) report = pl_report_new (dataset, NULL);
  g_autofree char *summary = pl_report_dup_summary (report);

  g_assert_cmpstr (summary, ==, "0 pairs");
  g_assert_false (pl_report_needs_look (report));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/train/dataset-report/opened", DataFolder, NULL, data_folder_set_up, test_opened,
              data_folder_tear_down);
  g_test_add ("/train/dataset-report/order", DataFolder, NULL, data_folder_set_up, test_order,
              data_folder_tear_down);
  g_test_add ("/train/dataset-report/checked", DataFolder, NULL, data_folder_set_up, test_checked,
              data_folder_tear_down);
  g_test_add ("/train/dataset-report/copies", DataFolder, NULL, data_folder_set_up, test_copies,
              data_folder_tear_down);
  g_test_add ("/train/dataset-report/manifest", DataFolder, NULL, data_folder_set_up, test_manifest,
              data_folder_tear_down);
  g_test_add ("/train/dataset-report/listed", DataFolder, NULL, data_folder_set_up, test_listed,
              data_folder_tear_down);
  g_test_add ("/train/dataset-report/empty", DataFolder, NULL, data_folder_set_up, test_empty,
              data_folder_tear_down);
  return g_test_run ();
}
