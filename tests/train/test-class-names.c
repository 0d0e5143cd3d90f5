/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/class-names.h"

#include "data-folder.h"
#include "train/manifest.h"
#include "train/saved-split.h"
#include "train/train.h"

#include <glib/gstdio.h>
#include <string.h>

static const int slice[3] = { 1, 8, 8 };

typedef struct
{
  char *folder;
  char *manifest;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = data_folder_new ();
  f->manifest = g_build_filename (f->folder, "pleura-manifest.json", NULL);
  data_folder_add_image (f->folder, "images/a.tif", slice, PL_DTYPE_INT16, NULL);
  data_folder_add_mask (f->folder, "masks/a.tif", slice);
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
  g_assert_cmpuint (dataset->cases->len, ==, 1);
  return dataset;
}

static void
give (PlDataset *dataset, const char *names, const char *sides)
{
  g_auto (GStrv) list = names == NULL ? NULL : g_strsplit (names, ",", -1);
  g_auto (GStrv) list_of_sides = sides == NULL ? NULL : g_strsplit (sides, ",", -1);
  g_autoptr (GError) error = NULL;

  pl_class_names_use (dataset, list, list_of_sides);
  g_assert_true (pl_class_names_write (dataset, &error));
  g_assert_no_error (error);
}

static void
assert_names (const PlDataset *dataset, const char *expected)
{
  g_autofree char *names = g_strjoinv (",", dataset->class_names);

  g_assert_cmpstr (names, ==, expected);
  g_assert_cmpint (dataset->n_classes, ==, (int) g_strv_length (dataset->class_names));
}

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (PlDataset) back = NULL;
  g_autoptr (PlDataset) copy = NULL;
  g_autoptr (GError) error = NULL;

  assert_names (dataset, "lung");
  g_assert_null (dataset->given_names);
  give (dataset, "양쪽 “폐”", "왼쪽,오른쪽");
  assert_names (dataset, "양쪽 “폐”");
  back = open_folder (f);
  g_assert_cmpuint (back->problems->len + back->notices->len, ==, 0);
  assert_names (back, "양쪽 “폐”");
  g_assert_cmpstr (back->found_names[0], ==, "lung");
  copy = pl_dataset_copy (back);
  g_assert_true (pl_dataset_part_lungs (copy, &error));
  g_assert_no_error (error);
  assert_names (copy, "왼쪽,오른쪽");
  g_assert_cmpstr (copy->found_names[0], ==, PL_LUNG_LEFT_NAME);
  assert_names (back, "양쪽 “폐”");
}

/* Names of another number of labels than there are: those that are there are used. */
static void
test_other_number (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  guint8 labels[64] = { 1, 2, 3 };
  g_autoptr (PlDataset) back = NULL;
  g_autoptr (GError) error = NULL;

  give (dataset, "airway,tumour", NULL);
  assert_names (dataset, "airway");
  data_folder_add_image (f->folder, "masks/a.tif", slice, PL_DTYPE_UINT8, labels);
  back = open_folder (f);
  g_assert_true (pl_dataset_check (back, NULL, NULL, NULL, &error));
  assert_names (back, "airway,tumour,class 3");
  g_assert_false (pl_dataset_has_sides (back));
}

/* They go before those of dataset.json, which are back when they are taken away. */
static void
test_dataset_json (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlDataset) back = NULL;

  data_folder_add_image (f->folder, "imagesTr/x_0000.tif", slice, PL_DTYPE_INT16, NULL);
  data_folder_add_mask (f->folder, "labelsTr/x.tif", slice);
  data_folder_add_text (f->folder, "dataset.json",
                        "{\"labels\": {\"background\": 0, \"left\": 1, \"right\": 2}}");
  dataset = open_folder (f);
  assert_names (dataset, "left,right");
  give (dataset, "A,B", NULL);
  back = open_folder (f);
  assert_names (back, "A,B");
  g_assert_true (pl_dataset_has_sides (back)); /* what they are does not change with the name */
  give (back, NULL, NULL);
  assert_names (back, "left,right");
}

/* Split, files and names do not touch each other. */
static void
test_with_others (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (PlDataset) back = NULL;
  g_autoptr (PlDataset) last = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  int n_files = -1;

  give (dataset, "A", NULL);
  g_assert_true (pl_manifest_verify (dataset, &n_files, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n_files, ==, 0); /* no files are listed, and none is missed */
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  ((PlCase *) g_ptr_array_index (dataset->cases, 0))->group = PL_GROUP_TEST;
  g_assert_true (pl_saved_split_write (dataset, &error));
  g_assert_true (pl_manifest_write (dataset, NULL, NULL, NULL, &error));
  back = open_folder (f);
  assert_names (back, "A");
  g_assert_true (back->has_split);
  give (back, NULL, NULL);
  last = open_folder (f);
  assert_names (last, "lung");
  g_assert_true (last->has_split);
  g_assert_true (pl_manifest_verify (last, &n_files, NULL, NULL, NULL, &error));
  g_assert_cmpint (n_files, ==, 2);
  g_assert_true (g_file_get_contents (f->manifest, &text, NULL, NULL));
  g_assert_null (strstr (text, "classes"));
}

/* A manifest that had nothing but names and lost them is as good as none. */
static void
test_taken_back (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GError) error = NULL;
  int n_files = -1;

  give (dataset, "A", NULL);
  give (dataset, NULL, NULL);
  changes = pl_manifest_list_changes (dataset, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, 0);
  g_assert_true (pl_manifest_verify (dataset, &n_files, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n_files, ==, 0);
}

/* No names, no file: it is written only when somebody names something. */
static void
test_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);

  give (dataset, NULL, NULL);
  g_assert_false (g_file_test (f->manifest, G_FILE_TEST_EXISTS));
}

static char *
make_long_name (void)
{
  return g_strnfill (10240, 'x');
}

static char *
make_many_names (void)
{
  GString *text = g_string_new ("\"0\"");

  for (int i = 1; i <= 255; i++)
    g_string_append_printf (text, ", \"%d\"", i);
  return g_string_free (text, FALSE);
}

static void
test_malformed (Fixture *f, gconstpointer data)
{
  g_autofree char *long_name = make_long_name ();
  g_autofree char *long_list = g_strdup_printf ("{\"names\": [\"%s\"]}", long_name);
  g_autofree char *many = make_many_names ();
  g_autofree char *many_list = g_strdup_printf ("{\"names\": [%s]}", many);
  const struct
  {
    const char *classes;
    const char *reason;
  } cases[] = {
    { "[]", "not an object" },
    { "null", "not an object" },
    { "{\"names\": \"lung\"}", "no list" },
    { "{\"names\": []}", "no list" },
    { "{\"names\": {\"1\": \"lung\"}}", "no list" },
    { "{\"names\": [1]}", "name 1 is not a text" },
    { "{\"names\": [\"a\", null]}", "name 2 is not a text" },
    { "{\"names\": [\"a\", [\"b\"]]}", "name 2 is not a text" },
    { "{\"names\": [\"\"]}", "name 1 is empty" },
    { "{\"names\": [\"a\", \"  \"]}", "name 2 is empty" },
    { "{\"names\": [\"a\\nb\"]}", "not plain text" },
    { "{\"names\": [\"a\", \"b\", \"a\"]}", "the names 1 and 3 are the same" },
    { "{\"names\": [\"a\"], \"sides\": [\"a\"]}", "1 names instead of two" },
    { "{\"sides\": [\"a\", \"a\"]}", "the names 1 and 2 are the same" },
    { long_list, "longer than 64" },
    { many_list, "more than 255" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("{\"version\": 1, \"classes\": %s}", cases[i].classes);
      g_autoptr (PlDataset) dataset = NULL;
      g_autoptr (PlDataset) back = NULL;
      const PlProblem *problem;

      data_folder_add_text (f->folder, "pleura-manifest.json", text);
      dataset = open_folder (f);
      g_test_message ("%.80s", text);
      assert_names (dataset, "lung");
      g_assert_cmpuint (dataset->problems->len, ==, 1);
      problem = g_ptr_array_index (dataset->problems, 0);
      g_assert_cmpstr (problem->path, ==, f->manifest);
      g_assert_nonnull (strstr (problem->reason, cases[i].reason));
      g_assert_cmpuint (strlen (problem->reason), <, 200);
      give (dataset, "good", NULL); /* and whoever names them anew mends it */
      back = open_folder (f);
      assert_names (back, "good");
      g_assert_cmpuint (back->problems->len, ==, 0);
    }
}

/* What is not understood is not overwritten. */
static void
test_unreadable (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  data_folder_add_text (f->folder, "pleura-manifest.json", "{\"version\": 1, \"classes\"");
  dataset = open_folder (f);
  g_assert_cmpuint (dataset->problems->len, ==, 1); /* said once */
  g_assert_false (pl_class_names_write (dataset, &error));
  g_assert_nonnull (error);
  g_assert_true (g_file_get_contents (f->manifest, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "{\"version\": 1, \"classes\"");
}

static void
test_no_place (Fixture *f, gconstpointer data)
{
  g_autofree char *image = g_build_filename (f->folder, "images", "a.tif", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlDataset) files = pl_dataset_open_files ((char *[]){ image, NULL }, NULL, &error);

  g_assert_no_error (error);
  g_assert_false (pl_class_names_write (files, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_assert_false (g_file_test (f->manifest, G_FILE_TEST_EXISTS));
}

static void
test_words (void)
{
  g_assert_true (pl_class_name_is_lung ("Left Lung"));
  g_assert_true (pl_class_name_is_lung ("왼쪽 폐"));
  g_assert_false (pl_class_name_is_lung ("airway"));
  g_assert_true (pl_class_name_is_side ("Left Lung"));
  g_assert_true (pl_class_name_is_side ("오른쪽 폐"));
  g_assert_true (pl_class_name_is_side ("좌폐"));
  g_assert_false (pl_class_name_is_side ("폐"));
  g_assert_false (pl_class_name_is_side ("lungs"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test)                                                                            \
  g_test_add ("/train/class-names/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("round-trip", test_round_trip);
  ADD ("other-number", test_other_number);
  ADD ("dataset-json", test_dataset_json);
  ADD ("with-others", test_with_others);
  ADD ("taken-back", test_taken_back);
  ADD ("nothing", test_nothing);
  ADD ("malformed", test_malformed);
  ADD ("unreadable", test_unreadable);
  ADD ("no-place", test_no_place);
  g_test_add_func ("/train/class-names/words", test_words);
  return g_test_run ();
}
