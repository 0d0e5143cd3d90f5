/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/split.h"

#include "data-folder.h"
#include "base/file.h"
#include "train/dataset-private.h"
#include "train/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double default_split[3] = { 0.8, 0.1, 0.1 };

static void
add_case (PlDataset *dataset, const char *name, gboolean has_mask)
{
  PlCase *self = g_new0 (PlCase, 1);
  g_autofree char *stem = pl_image_dup_stem (name);

  self->name = g_strdup (name);
  self->mask_path = has_mask ? g_strdup ("/mask") : NULL;
  self->patient = pl_patient_from_stem (stem);
  g_ptr_array_add (dataset->cases, self);
}

/* @n patients with a case each. */
static PlDataset *
make_dataset (int n)
{
  PlDataset *dataset = pl_dataset_new_take (g_strdup ("/data"));

  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("2d_images/ID_%04d_Z_0100.tif", i);

      add_case (dataset, name, TRUE);
    }
  return dataset;
}

static void
assign (PlDataset *dataset, const double fractions[3], guint64 seed)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_split_assign (dataset, fractions, seed, &error));
  g_assert_no_error (error);
}

static PlGroup
get_group (const PlDataset *dataset, guint i)
{
  return ((PlCase *) g_ptr_array_index (dataset->cases, i))->group;
}

static void
assert_counts (const PlDataset *dataset, int train, int validation, int test)
{
  g_assert_cmpint (pl_split_count (dataset, PL_GROUP_TRAIN), ==, train);
  g_assert_cmpint (pl_split_count (dataset, PL_GROUP_VALIDATION), ==, validation);
  g_assert_cmpint (pl_split_count (dataset, PL_GROUP_TEST), ==, test);
}

static void
test_sizes (void)
{
  const int sizes[][4] = { { 170, 136, 17, 17 }, { 267, 213, 27, 27 }, { 10, 8, 1, 1 },
                           { 4, 2, 1, 1 },       { 3, 1, 1, 1 },       { 2, 1, 1, 0 },
                           { 1, 1, 0, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint64 seed = 0; seed < 5; seed++)
      {
        g_autoptr (PlDataset) dataset = make_dataset (sizes[i][0]);

        assign (dataset, default_split, seed);
        assert_counts (dataset, sizes[i][1], sizes[i][2], sizes[i][3]);
      }
}

static void
test_fractions (void)
{
  g_autoptr (PlDataset) dataset = make_dataset (20);

  assign (dataset, (double[]){ 2, 1, 1 }, 1);
  assert_counts (dataset, 10, 5, 5);
  assign (dataset, (double[]){ 1, 0, 0 }, 1);
  assert_counts (dataset, 20, 0, 0);
  assign (dataset, (double[]){ 0, 0, 3 }, 1);
  assert_counts (dataset, 0, 0, 20);
  assign (dataset, (double[]){ 100, 0, 1 }, 1);
  assert_counts (dataset, 19, 0, 1);
}

static void
test_seed (void)
{
  g_autoptr (PlDataset) a = make_dataset (50);
  g_autoptr (PlDataset) b = make_dataset (50);
  guint same = 0;

  assign (a, default_split, 7);
  assign (b, default_split, 8);
  assign (b, default_split, 7); /* what was there before does not matter */
  for (guint i = 0; i < 50; i++)
    g_assert_cmpint (get_group (a, i), ==, get_group (b, i));
  assign (b, default_split, 8);
  for (guint i = 0; i < 50; i++)
    same += get_group (a, i) == get_group (b, i);
  g_assert_cmpuint (same, <, 50);
}

/* Patients with 1 to 9 cases stay whole, and the parts are near their sizes. */
static void
test_patients_stay_together (void)
{
  for (guint64 seed = 0; seed < 20; seed++)
    {
      g_autoptr (PlDataset) dataset = make_dataset (0);
      PlGroup groups[40];

      for (int i = 0; i < 40; i++)
        for (int k = 0; k <= i % 9; k++)
          {
            g_autofree char *name = g_strdup_printf ("p%d_%d.tif", i, k);

            add_case (dataset, name, TRUE);
          }
      assign (dataset, default_split, seed);
      memset (groups, 0, sizeof groups);
      for (guint i = 0; i < dataset->cases->len; i++)
        {
          const PlCase *self = g_ptr_array_index (dataset->cases, i);
          int patient = atoi (self->patient);

          g_assert_true (groups[patient] == PL_GROUP_NONE || groups[patient] == self->group);
          groups[patient] = self->group;
        }
      g_assert_cmpfloat_with_epsilon (pl_split_count (dataset, PL_GROUP_TRAIN),
                                      0.8 * dataset->cases->len, 2);
      g_assert_cmpfloat_with_epsilon (pl_split_count (dataset, PL_GROUP_TEST),
                                      0.1 * dataset->cases->len, 2);
    }
}

/* One patient has nearly everything: the others still get their parts. */
static void
test_unequal_patients (void)
{
  g_autoptr (PlDataset) dataset = make_dataset (3);

  for (int k = 0; k < 100; k++)
    {
      g_autofree char *name = g_strdup_printf ("ID_0001_Z_%d.tif", k);

      add_case (dataset, name, TRUE);
    }
  assign (dataset, default_split, 3);
  assert_counts (dataset, 101, 1, 1);
}

static void
test_without_mask (void)
{
  g_autoptr (PlDataset) dataset = make_dataset (10);

  add_case (dataset, "no-mask.tif", FALSE);
  ((PlCase *) g_ptr_array_index (dataset->cases, 4))->group = PL_GROUP_IGNORE;
  ((PlCase *) g_ptr_array_index (dataset->cases, 10))->group = PL_GROUP_TRAIN;
  assign (dataset, default_split, 1);
  g_assert_cmpint (get_group (dataset, 10), ==, PL_GROUP_NONE);
  g_assert_cmpint (get_group (dataset, 4), ==, PL_GROUP_IGNORE);
  assert_counts (dataset, 7, 1, 1);
}

static void
test_bad_fractions (void)
{
  const double bad[][3] = { { 0, 0, 0 }, { -1, 1, 1 }, { NAN, 1, 1 }, { 1, INFINITY, 1 } };
  g_autoptr (PlDataset) dataset = make_dataset (5);
  g_autoptr (PlDataset) empty = make_dataset (0);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (pl_split_assign (dataset, bad[i], 1, &error));
      g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
      g_clear_error (&error);
      g_assert_cmpint (pl_split_count (dataset, PL_GROUP_NONE), ==, 5);
    }
  add_case (empty, "a.tif", FALSE);
  g_assert_false (pl_split_assign (empty, default_split, 1, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
}

static gboolean
read_text (PlDataset *dataset, const char *text, GError **error)
{
  char *folder = data_folder_new ();
  g_autofree char *path = g_build_filename (folder, "split.csv", NULL);
  gboolean is_read;

  data_folder_add_text (folder, "split.csv", text);
  is_read = pl_split_read (dataset, path, error);
  data_folder_remove (folder);
  return is_read;
}

static void
test_read (void)
{
  g_autoptr (PlDataset) dataset = make_dataset (0);
  g_autoptr (GError) error = NULL;

  add_case (dataset, "ID_1.tif", TRUE);
  add_case (dataset, "a, \"b\" 2.tif", TRUE);
  add_case (dataset, "ID_3.tif", FALSE);
  add_case (dataset, "ID_4.tif", TRUE);
  g_assert_true (read_text (dataset,
                            "\xef\xbb\xbfgroup,note,path\r\n"
                            "test,x,ID_1.tif\r\n\r\n"
                            "\"validation\",,\"a, \"\"b\"\" 2.tif\"\r\n"
                            "none,,ID_3.tif",
                            &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_group (dataset, 0), ==, PL_GROUP_TEST);
  g_assert_cmpint (get_group (dataset, 1), ==, PL_GROUP_VALIDATION);
  g_assert_cmpint (get_group (dataset, 2), ==, PL_GROUP_NONE);
  g_assert_cmpint (get_group (dataset, 3), ==, PL_GROUP_IGNORE);
}

static void
test_read_patients (void)
{
  g_autoptr (PlDataset) dataset = make_dataset (2);
  g_autoptr (GError) error = NULL;
  const char *text = "path,patient,group\n"
                     "2d_images/ID_0000_Z_0100.tif,smith,train\n"
                     "2d_images/ID_0001_Z_0100.tif,smith,test\n";

  g_assert_false (read_text (dataset, text, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_assert_nonnull (strstr (error->message, "smith"));
  g_assert_cmpint (get_group (dataset, 0), ==, PL_GROUP_NONE);
  g_clear_error (&error);
  g_assert_true (read_text (dataset,
                            "path,patient,group\n"
                            "2d_images/ID_0000_Z_0100.tif,smith,train\n"
                            "2d_images/ID_0001_Z_0100.tif,smith,ignore\n",
                            &error));
  g_assert_no_error (error);
  g_assert_cmpstr (((PlCase *) g_ptr_array_index (dataset->cases, 0))->patient, ==, "smith");
}

/* A patient of the data set in two parts, though the file names none. */
static void
test_read_leak (void)
{
  g_autoptr (PlDataset) dataset = make_dataset (0);
  g_autoptr (GError) error = NULL;

  add_case (dataset, "ID_0002_Z_1.tif", TRUE);
  add_case (dataset, "IMG_0002.nii.gz", TRUE);
  g_assert_false (
      read_text (dataset, "path,group\nID_0002_Z_1.tif,train\nIMG_0002.nii.gz,test\n", &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_assert_nonnull (strstr (error->message, "“2”"));
}

static void
test_bad_files (void)
{
  const char *const texts[][2] = {
    { "", "first line" },
    { "name,group\na,train\n", "first line" },
    { "path,patient\na,b\n", "first line" },
    { "path,group\n2d_images/ID_0000_Z_0100.tif\n", "row 2" },
    { "path,group\n2d_images/ID_0000_Z_0100.tif,Train\n", "Train" },
    { "path,group\nother.tif,train\n", "other.tif" },
    { "path,group\n2d_images/ID_0000_Z_0100.tif,train\n2d_images/ID_0000_Z_0100.tif,train\n",
      "twice" },
    { "path,group\n\"2d_images/ID_0000_Z_0100.tif,train\n", "quote" },
  };
  g_autoptr (PlDataset) dataset = make_dataset (2);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_false (read_text (dataset, texts[i][0], &error));
      g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
      g_assert_nonnull (strstr (error->message, texts[i][1]));
      g_clear_error (&error);
      g_assert_cmpint (pl_split_count (dataset, PL_GROUP_NONE), ==, 2);
    }
  g_assert_false (pl_split_read (dataset, "/no/such/file.csv", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_round_trip (void)
{
  g_autoptr (PlDataset) a = make_dataset (30);
  g_autoptr (PlDataset) b = make_dataset (30);
  char *folder = data_folder_new ();
  g_autofree char *path = g_build_filename (folder, "split.csv", NULL);
  g_autofree char *bad_path = g_build_filename (folder, "no", "split.csv", NULL);
  g_autoptr (GError) error = NULL;

  add_case (a, "odd, \"name\".tif", FALSE);
  add_case (b, "odd, \"name\".tif", FALSE);
  assign (a, default_split, 4);
  g_assert_true (pl_split_write (a, path, &error));
  g_assert_true (pl_split_read (b, path, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 31; i++)
    g_assert_cmpint (get_group (a, i), ==, get_group (b, i));
  g_assert_false (pl_split_write (a, bad_path, &error));
  g_assert_error (error, PL_WRITE_ERROR, G_FILE_ERROR_NOENT);
  data_folder_remove (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/split/sizes", test_sizes);
  g_test_add_func ("/train/split/fractions", test_fractions);
  g_test_add_func ("/train/split/seed", test_seed);
  g_test_add_func ("/train/split/patients-stay-together", test_patients_stay_together);
  g_test_add_func ("/train/split/unequal-patients", test_unequal_patients);
  g_test_add_func ("/train/split/without-mask", test_without_mask);
  g_test_add_func ("/train/split/bad-fractions", test_bad_fractions);
  g_test_add_func ("/train/split/read", test_read);
  g_test_add_func ("/train/split/read-patients", test_read_patients);
  g_test_add_func ("/train/split/read-leak", test_read_leak);
  g_test_add_func ("/train/split/bad-files", test_bad_files);
  g_test_add_func ("/train/split/round-trip", test_round_trip);
  return g_test_run ();
}
