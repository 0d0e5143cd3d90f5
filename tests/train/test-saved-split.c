/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/saved-split.h"

#include "data-folder.h"
#include "base/file.h"
#include "train/manifest.h"
#include "train/split.h"
#include "train/train.h"

#include <glib/gstdio.h>
#include <string.h>

static const int slice[3] = { 1, 8, 8 };
static const double shares[3] = { 0.8, 0.1, 0.1 };

typedef struct
{
  char *folder;
  char *manifest;
} Fixture;

/* Four slices of three patients. */
static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "p1_a.tif", "p1_b.tif", "p2_a.tif", "p3_a.tif" };

  f->folder = data_folder_new ();
  f->manifest = g_build_filename (f->folder, "pleura-manifest.json", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *image = g_strconcat ("images/", names[i], NULL);
      g_autofree char *mask = g_strconcat ("masks/", names[i], NULL);

      data_folder_add_image (f->folder, image, slice, PL_DTYPE_INT16, NULL);
      data_folder_add_mask (f->folder, mask, slice);
    }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  data_folder_remove (f->folder);
  g_free (f->manifest);
}

static PlDataset *
open_folder (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  PlDataset *dataset = pl_dataset_open (f->folder, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (dataset->cases->len, ==, 4);
  return dataset;
}

static PlCase *
get_case (const PlDataset *dataset, guint i)
{
  return g_ptr_array_index (dataset->cases, i);
}

static void
set_groups (PlDataset *dataset, const PlGroup groups[4])
{
  for (guint i = 0; i < 4; i++)
    get_case (dataset, i)->group = groups[i];
}

static void
assert_groups (const PlDataset *dataset, const PlGroup groups[4])
{
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint (get_case (dataset, i)->group, ==, groups[i]);
}

static void
save (const PlDataset *dataset)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_saved_split_write (dataset, &error));
  g_assert_no_error (error);
}

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  const PlGroup groups[4] = { PL_GROUP_TEST, PL_GROUP_TEST, PL_GROUP_IGNORE, PL_GROUP_TRAIN };
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (PlDataset) back = NULL;
  g_autoptr (PlDataset) copy = NULL;

  g_assert_false (dataset->has_split);
  set_groups (dataset, groups);
  g_free (get_case (dataset, 2)->patient);
  get_case (dataset, 2)->patient = g_strdup ("김 “세”");
  save (dataset);
  back = open_folder (f);
  g_assert_true (back->has_split);
  g_assert_false (back->cases_apart);
  g_assert_cmpstr (back->split_file, ==, f->manifest);
  g_assert_cmpuint (back->problems->len + back->notices->len, ==, 0);
  assert_groups (back, groups);
  g_assert_cmpstr (get_case (back, 0)->patient, ==, "1");
  g_assert_cmpstr (get_case (back, 2)->patient, ==, "김 “세”");
  copy = pl_dataset_copy (back);
  g_assert_true (copy->has_split);
}

/* What a training does with it. */
static void
test_settle (Fixture *f, gconstpointer data)
{
  const PlGroup groups[4] = { PL_GROUP_TEST, PL_GROUP_TEST, PL_GROUP_TEST, PL_GROUP_TEST };
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (PlDataset) back = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_split_settle (dataset, shares, 1, &error));
  g_assert_cmpint (pl_split_count (dataset, PL_GROUP_NONE), ==, 0);
  g_assert_cmpint (pl_split_count (dataset, PL_GROUP_TRAIN), >, 0);
  set_groups (dataset, groups);
  save (dataset);
  back = open_folder (f);
  g_assert_true (pl_split_settle (back, shares, 1, &error));
  assert_groups (back, groups);
  g_assert_true (pl_split_assign (back, shares, 1, &error)); /* when it is asked for */
  g_assert_no_error (error);
  g_assert_false (back->has_split);
  g_assert_null (back->split_file);
  g_assert_cmpint (pl_split_count (back, PL_GROUP_TRAIN), >, 0);
}

/* Files' sums and split do not touch each other, whichever is written first. */
static void
test_with_files (Fixture *f, gconstpointer data)
{
  const PlGroup groups[4] = { PL_GROUP_TRAIN, PL_GROUP_TRAIN, PL_GROUP_TEST, PL_GROUP_TRAIN };
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (PlDataset) back = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GError) error = NULL;
  int n_files = -1;

  set_groups (dataset, groups);
  save (dataset);
  g_assert_true (pl_manifest_verify (dataset, &n_files, NULL, NULL, NULL, &error));
  g_assert_cmpint (n_files, ==, 0);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  changes = pl_manifest_list_changes (dataset, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, 0);

  g_assert_true (pl_manifest_write (dataset, NULL, NULL, NULL, &error));
  back = open_folder (f);
  assert_groups (back, groups);
  save (back);
  g_assert_true (pl_manifest_verify (back, &n_files, NULL, NULL, NULL, &error));
  g_assert_cmpint (n_files, ==, 8);
  g_assert_cmpuint (back->problems->len, ==, 0);
}

/* What a later version may keep in the manifest stays in it. */
static void
test_other_members (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autofree char *text = NULL;

  data_folder_add_text (f->folder, "pleura-manifest.json",
                        "{\"version\": 1, \"files\": {}, \"note\": {\"by\": [1, \"me\"]}}");
  dataset = open_folder (f);
  g_assert_false (dataset->has_split);
  save (dataset);
  g_assert_true (g_file_get_contents (f->manifest, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"me\""));
  g_assert_nonnull (strstr (text, "\"files\""));
}

/* A case that came later is in no part; one that is gone is named. */
static void
test_other_cases (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autofree char *text = NULL;

  data_folder_add_text (f->folder, "pleura-manifest.json",
                        "{\"version\": 1, \"split\": {\"cases\": {"
                        "\"images/p1_a.tif\": {\"group\": \"train\"}, "
                        "\"images/p2_a.tif\": {\"group\": \"test\", \"patient\": \"\"}, "
                        "\"images/p3_a.tif\": {\"group\": \"ignore\"}, "
                        "\"images/gone.tif\": {\"group\": \"test\"}}}}");
  dataset = open_folder (f);
  g_assert_true (dataset->has_split);
  assert_groups (dataset,
                 (PlGroup[]){ PL_GROUP_TRAIN, PL_GROUP_NONE, PL_GROUP_TEST, PL_GROUP_IGNORE });
  g_assert_cmpstr (get_case (dataset, 2)->patient, ==, "2");
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  g_assert_cmpuint (dataset->notices->len, ==, 2);
  save (dataset);
  g_assert_true (g_file_get_contents (f->manifest, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "gone.tif")); /* it may come back */
}

/* Only when it is said that the cases are to be dealt apart. */
static void
test_cases_apart (Fixture *f, gconstpointer data)
{
  const PlGroup groups[4] = { PL_GROUP_TRAIN, PL_GROUP_TEST, PL_GROUP_TRAIN, PL_GROUP_TRAIN };
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (PlDataset) refused = NULL;
  g_autoptr (PlDataset) back = NULL;
  g_autoptr (PlDataset) csv = open_folder (f);
  g_autofree char *path = g_build_filename (f->folder, "split.csv", NULL);
  g_autoptr (GError) error = NULL;

  set_groups (dataset, groups);
  save (dataset);
  refused = open_folder (f);
  g_assert_false (refused->has_split);
  g_assert_nonnull (strstr (refused->split_problem, "“1”"));
  g_assert_true (pl_split_write (dataset, path, &error));
  g_assert_false (pl_split_read (csv, path, &error));
  g_clear_error (&error);

  dataset->cases_apart = TRUE;
  save (dataset);
  back = open_folder (f);
  g_assert_true (back->has_split);
  g_assert_true (back->cases_apart);
  assert_groups (back, groups);
  g_assert_true (pl_split_write (dataset, path, &error));
  g_assert_true (pl_split_read (csv, path, &error));
  g_assert_no_error (error);
  g_assert_true (csv->cases_apart);
  assert_groups (csv, groups);
}

/* The folder opens; what is wrong is a problem, and a training is refused until somebody decides.
 */
static void
test_bad_splits (Fixture *f, gconstpointer data)
{
  static const char *const texts[][2] = {
    { "", "" },
    { "{\"version\": 1, \"split\": ", "" },
    { "{\"version\": 7, \"split\": {\"cases\": {}}}", "version" },
    { "{\"version\": 1, \"split\": 3}", "split" },
    { "{\"version\": 1, \"split\": []}", "split" },
    { "{\"version\": 1, \"split\": null}", "split" },
    { "{\"version\": 1, \"split\": {}}", "cases" },
    { "{\"version\": 1, \"split\": {\"cases\": []}}", "cases" },
    { "{\"version\": 1, \"split\": {\"cases_apart\": 1, \"cases\": {}}}", "cases_apart" },
    { "{\"version\": 1, \"split\": {\"cases_apart\": {}, \"cases\": {}}}", "cases_apart" },
    { "{\"version\": 1, \"split\": {\"cases\": {\"images/p1_a.tif\": \"train\"}}}", "p1_a" },
    { "{\"version\": 1, \"split\": {\"cases\": {\"images/p1_a.tif\": {}}}}", "p1_a" },
    { "{\"version\": 1, \"split\": {\"cases\": {\"images/p1_a.tif\": {\"group\": 1}}}}", "p1_a" },
    { "{\"version\": 1, \"split\": {\"cases\": {\"images/p1_a.tif\": {\"group\": \"Train\"}}}}",
      "Train" },
    { "{\"version\": 1, \"split\": {\"cases\": {\"images/p1_a.tif\": {\"group\": \"train\", "
      "\"patient\": 2}}}}",
      "patient" },
    { "{\"version\": 1, \"split\": {\"cases\": {\"images/p1_a.tif\": {\"group\": \"train\"}, "
      "\"images/p1_b.tif\": {\"group\": \"test\"}}}}",
      "“1”" },
    { "{\"version\": 1, \"split\": {\"cases\": {"
      "\"images/p2_a.tif\": {\"group\": \"train\", \"patient\": \"x\"}, "
      "\"images/p3_a.tif\": {\"group\": \"validation\", \"patient\": \"x\"}}}}",
      "“x”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PlDataset) dataset = NULL;
      g_autoptr (GError) error = NULL;

      data_folder_add_text (f->folder, "pleura-manifest.json", texts[i][0]);
      dataset = open_folder (f);
      g_assert_false (dataset->has_split);
      g_assert_null (dataset->split_file);
      g_assert_cmpint (pl_split_count (dataset, PL_GROUP_NONE), ==, 4);
      g_assert_cmpstr (get_case (dataset, 2)->patient, ==, "2");
      g_assert_cmpuint (dataset->problems->len, ==, 1);
      g_assert_false (pl_split_settle (dataset, shares, 1, &error));
      g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
      g_assert_true (g_str_has_prefix (error->message, f->manifest));
      g_assert_nonnull (strstr (error->message, texts[i][1]));
      g_clear_error (&error);
      g_assert_true (pl_split_assign (dataset, shares, 1, &error));
      g_assert_true (pl_split_settle (dataset, shares, 1, &error));
      g_assert_no_error (error);
    }
}

/* Nothing is written where it would be lost, or in place of what cannot be read. */
static void
test_cannot_write (Fixture *f, gconstpointer data)
{
  const char *broken = "{\"version\": 1, \"split\"";
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (PlDataset) files = NULL;
  g_autofree char *image = g_build_filename (f->folder, "images", "p1_a.tif", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  data_folder_add_text (f->folder, "pleura-manifest.json", broken);
  g_assert_false (pl_saved_split_write (dataset, &error));
  g_assert_true (g_str_has_prefix (error->message, f->manifest));
  g_clear_error (&error);
  g_assert_false (pl_manifest_write (dataset, NULL, NULL, NULL, &error));
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (f->manifest, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, broken);
  g_assert_cmpint (g_unlink (f->manifest), ==, 0);

  files = pl_dataset_open_files ((char *[]){ image, NULL }, NULL, NULL);
  g_assert_false (pl_saved_split_write (files, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_clear_error (&error);
  g_free (dataset->folder);
  dataset->folder = g_strdup ("/no/such/folder");
  g_assert_false (pl_saved_split_write (dataset, &error));
  g_assert_error (error, PL_WRITE_ERROR, G_FILE_ERROR_NOENT);
}

static void
add_test (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/train/saved-split/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("round-trip", test_round_trip);
  add_test ("settle", test_settle);
  add_test ("with-files", test_with_files);
  add_test ("other-members", test_other_members);
  add_test ("other-cases", test_other_cases);
  add_test ("cases-apart", test_cases_apart);
  add_test ("bad-splits", test_bad_splits);
  add_test ("cannot-write", test_cannot_write);
  return g_test_run ();
}
