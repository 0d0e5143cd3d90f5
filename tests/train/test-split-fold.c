/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/split-fold.h"

#include "train/dataset-private.h"
#include "train/split.h"
#include "train/train.h"

#include <string.h>

/* Patient i has 1 + i % @most cases. */
static PlDataset *
make_dataset (int n_patients, int most)
{
  PlDataset *dataset = pl_dataset_new_take (g_strdup ("/data"));

  for (int i = 0; i < n_patients; i++)
    for (int k = 0; k <= i % most; k++)
      {
        PlCase *self = g_new0 (PlCase, 1);

        self->name = g_strdup_printf ("p%d_%d.tif", i, k);
        self->mask_path = g_strdup ("/mask");
        self->patient = g_strdup_printf ("%d", i);
        g_ptr_array_add (dataset->cases, self);
      }
  return dataset;
}

static PlCase *
get_case (const PlDataset *dataset, guint i)
{
  return g_ptr_array_index (dataset->cases, i);
}

static void
assign_fold (PlDataset *dataset, int n_folds, int fold, guint64 seed)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_split_assign_fold (dataset, n_folds, fold, 0.2, seed, &error));
  g_assert_no_error (error);
}

static void
assert_patients_whole (const PlDataset *dataset)
{
  g_autoptr (GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *self = get_case (dataset, i);
      gpointer group = GINT_TO_POINTER (self->group);

      if (g_hash_table_contains (groups, self->patient))
        g_assert_true (g_hash_table_lookup (groups, self->patient) == group);
      g_hash_table_insert (groups, self->patient, group);
    }
}

/* Each case is tested once; no fold is more than one patient larger than another. */
static void
test_each_is_tested_once (void)
{
  for (int n_folds = 2; n_folds <= 7; n_folds++)
    for (guint64 seed = 0; seed < 5; seed++)
      {
        g_autoptr (PlDataset) dataset = make_dataset (23, 4);
        g_autofree int *n_tested = g_new0 (int, dataset->cases->len);
        int least = G_MAXINT;
        int most = 0;

        for (int fold = 0; fold < n_folds; fold++)
          {
            int n;

            assign_fold (dataset, n_folds, fold, seed);
            assert_patients_whole (dataset);
            n = pl_split_count (dataset, PL_GROUP_TEST);
            least = MIN (least, n);
            most = MAX (most, n);
            g_assert_cmpint (pl_split_count (dataset, PL_GROUP_NONE), ==, 0);
            g_assert_cmpint (pl_split_count (dataset, PL_GROUP_TRAIN), >, 0);
            g_assert_cmpfloat_with_epsilon (pl_split_count (dataset, PL_GROUP_VALIDATION),
                                            0.2 * (dataset->cases->len - n), 2);
            for (guint i = 0; i < dataset->cases->len; i++)
              n_tested[i] += get_case (dataset, i)->group == PL_GROUP_TEST;
          }
        for (guint i = 0; i < dataset->cases->len; i++)
          g_assert_cmpint (n_tested[i], ==, 1);
        g_assert_cmpint (most - least, <=, 4);
      }
}

static void
test_balanced (void)
{
  g_autoptr (PlDataset) dataset = make_dataset (53, 1);

  for (int fold = 0; fold < 5; fold++)
    {
      assign_fold (dataset, 5, fold, 1);
      g_assert_cmpint (pl_split_count (dataset, PL_GROUP_TEST), ==, fold < 3 ? 11 : 10);
    }
}

static void
test_seed (void)
{
  g_autoptr (PlDataset) a = make_dataset (40, 3);
  g_autoptr (PlDataset) b = make_dataset (40, 3);
  guint n_same = 0;

  assign_fold (a, 5, 2, 7);
  assign_fold (b, 5, 4, 8); /* what was there before does not matter */
  assign_fold (b, 5, 2, 7);
  for (guint i = 0; i < a->cases->len; i++)
    g_assert_cmpint (get_case (a, i)->group, ==, get_case (b, i)->group);
  assign_fold (b, 5, 2, 8);
  for (guint i = 0; i < a->cases->len; i++)
    n_same += get_case (a, i)->group == get_case (b, i)->group;
  g_assert_cmpuint (n_same, <, a->cases->len);
}

static void
test_who_takes_no_part (void)
{
  g_autoptr (PlDataset) dataset = make_dataset (6, 1);

  get_case (dataset, 1)->group = PL_GROUP_IGNORE;
  g_clear_pointer (&get_case (dataset, 4)->mask_path, g_free);
  get_case (dataset, 4)->group = PL_GROUP_TEST;
  for (int fold = 0; fold < 4; fold++)
    {
      assign_fold (dataset, 4, fold, 1);
      g_assert_cmpint (get_case (dataset, 1)->group, ==, PL_GROUP_IGNORE);
      g_assert_cmpint (get_case (dataset, 4)->group, ==, PL_GROUP_NONE);
      g_assert_cmpint (pl_split_count (dataset, PL_GROUP_TEST), ==, 1);
    }
}

static void
test_bad_folds (void)
{
  const int bad[] = { 1, 5 };
  g_autoptr (PlDataset) dataset = make_dataset (4, 3);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (pl_split_assign_fold (dataset, bad[i], 0, 0.2, 1, &error));
      g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
      g_assert_nonnull (strstr (error->message, "4 patients"));
      g_assert_cmpint (pl_split_count (dataset, PL_GROUP_NONE), ==, (int) dataset->cases->len);
    }
}

/* The patients of the training part that are left, and no other part is touched. */
static int
keep_share (PlDataset *dataset, double share)
{
  g_autoptr (PlDataset) whole = pl_dataset_copy (dataset);
  g_autoptr (GHashTable) kept = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_split_keep_share (dataset, share, 3, &error));
  g_assert_no_error (error);
  assert_patients_whole (dataset);
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *self = get_case (dataset, i);

      if (self->group == PL_GROUP_TRAIN)
        g_hash_table_add (kept, self->patient);
      if (get_case (whole, i)->group != PL_GROUP_TRAIN)
        g_assert_cmpint (self->group, ==, get_case (whole, i)->group);
      else
        g_assert_true (self->group == PL_GROUP_TRAIN || self->group == PL_GROUP_IGNORE);
    }
  return (int) g_hash_table_size (kept);
}

static void
test_shares_nest (void)
{
  const struct
  {
    double share;
    int n_patients; /* of 24 */
  } steps[] = { { 0.01, 1 }, { 0.1, 2 }, { 0.25, 6 }, { 0.5, 12 }, { 1, 24 } };
  g_autoptr (PlDataset) whole = make_dataset (30, 3);
  g_autoptr (PlDataset) smaller = NULL;

  g_assert_true (pl_split_assign_fold (whole, 5, 0, 0, 1, NULL));
  g_assert_cmpint (pl_split_count (whole, PL_GROUP_TRAIN), ==, 48);
  for (guint k = 0; k < G_N_ELEMENTS (steps); k++)
    {
      g_autoptr (PlDataset) dataset = pl_dataset_copy (whole);

      g_assert_cmpint (keep_share (dataset, steps[k].share), ==, steps[k].n_patients);
      for (guint i = 0; smaller != NULL && i < dataset->cases->len; i++)
        if (get_case (smaller, i)->group == PL_GROUP_TRAIN)
          g_assert_cmpint (get_case (dataset, i)->group, ==, PL_GROUP_TRAIN);
      g_clear_pointer (&smaller, pl_dataset_free);
      smaller = g_steal_pointer (&dataset);
    }
}

static void
test_share_of_nothing (void)
{
  g_autoptr (PlDataset) dataset = make_dataset (3, 1);
  g_autoptr (GError) error = NULL;

  g_assert_false (pl_split_keep_share (dataset, 0.5, 1, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/split-fold/each-is-tested-once", test_each_is_tested_once);
  g_test_add_func ("/train/split-fold/balanced", test_balanced);
  g_test_add_func ("/train/split-fold/seed", test_seed);
  g_test_add_func ("/train/split-fold/who-takes-no-part", test_who_takes_no_part);
  g_test_add_func ("/train/split-fold/bad-folds", test_bad_folds);
  g_test_add_func ("/train/split-fold/shares-nest", test_shares_nest);
  g_test_add_func ("/train/split-fold/share-of-nothing", test_share_of_nothing);
  return g_test_run ();
}
