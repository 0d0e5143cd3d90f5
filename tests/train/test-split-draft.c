/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/split-draft.h"

#include "data-folder.h"
#include "train/dataset-private.h"
#include "train/split.h"
#include "train/train.h"

#include <string.h>

enum
{
  N_CASES = 6,
};

static const double shares[3] = { 0.5, 0.25, 0.25 };

/* Cases 0 and 1 of patient 1, then one each of patients 2, 3, 4; the last has no mask. */
static PlDataset *
make_dataset (void)
{
  static const char *const names[N_CASES] = { "p1_a.tif", "p1_b.tif", "p2.tif",
                                              "p3.tif",   "p4.tif",   "p5.tif" };
  PlDataset *dataset = pl_dataset_new_take (g_strdup ("/data"));

  for (int i = 0; i < N_CASES; i++)
    {
      PlCase *self = g_new0 (PlCase, 1);
      g_autofree char *stem = pl_image_dup_stem (names[i]);

      self->name = g_strdup (names[i]);
      self->patient = pl_patient_from_stem (stem);
      self->mask_path = i < N_CASES - 1 ? g_strdup ("/mask") : NULL;
      self->header.shape[0] = i + 1;
      g_ptr_array_add (dataset->cases, self);
    }
  return dataset;
}

static PlSplitDraft *
make_draft (void)
{
  g_autoptr (PlDataset) dataset = make_dataset ();

  return pl_split_draft_new (dataset);
}

static const PlCase *
get_case (const PlSplitDraft *draft, guint i)
{
  return g_ptr_array_index (pl_split_draft_get_dataset (draft)->cases, i);
}

/* One letter a case: t, v, e (test), i, or - for none. */
static char *
dup_groups (const PlSplitDraft *draft)
{
  char *text = g_new0 (char, N_CASES + 1);

  for (guint i = 0; i < N_CASES; i++)
    text[i] = "-tvei"[get_case (draft, i)->group];
  return text;
}

#define assert_groups(draft, expected)                                                             \
  do                                                                                               \
    {                                                                                              \
      g_autofree char *groups = dup_groups (draft);                                                \
                                                                                                   \
      g_assert_cmpstr (groups, ==, expected);                                                      \
    }                                                                                              \
  while (0)

static gboolean
move_one (PlSplitDraft *draft, guint index, PlGroup group)
{
  return pl_split_draft_move (draft, &index, 1, group);
}

static void
test_move (void)
{
  g_autoptr (PlSplitDraft) draft = make_draft ();
  const guint all[N_CASES] = { 0, 1, 2, 3, 4, 5 };

  assert_groups (draft, "------");
  g_assert_true (pl_split_draft_move (draft, all, N_CASES, PL_GROUP_TRAIN));
  assert_groups (draft, "ttttt-"); /* without a mask there is nothing to learn from */
  g_assert_true (move_one (draft, 1, PL_GROUP_TEST));
  assert_groups (draft, "eettt-"); /* with its patient */
  g_assert_true (move_one (draft, 0, PL_GROUP_IGNORE));
  assert_groups (draft, "iettt-"); /* alone */
  g_assert_true (move_one (draft, 1, PL_GROUP_VALIDATION));
  assert_groups (draft, "ivttt-"); /* what is left out stays so */
  g_assert_true (move_one (draft, 0, PL_GROUP_TRAIN));
  assert_groups (draft, "ttttt-");
  g_assert_false (move_one (draft, 0, PL_GROUP_TRAIN));
  g_assert_false (move_one (draft, 5, PL_GROUP_TEST));
  g_assert_true (move_one (draft, 5, PL_GROUP_IGNORE));
  assert_groups (draft, "ttttti");
}

static void
test_apart (void)
{
  g_autoptr (PlSplitDraft) draft = make_draft ();
  const guint all[N_CASES] = { 0, 1, 2, 3, 4, 5 };

  pl_split_draft_move (draft, all, N_CASES, PL_GROUP_TEST);
  g_assert_true (pl_split_draft_set_apart (draft, TRUE));
  g_assert_false (pl_split_draft_set_apart (draft, TRUE));
  g_assert_true (move_one (draft, 1, PL_GROUP_TRAIN));
  assert_groups (draft, "eteee-");
  g_assert_true (pl_split_draft_get_dataset (draft)->cases_apart);
  g_assert_true (pl_split_draft_set_apart (draft, FALSE));
  assert_groups (draft, "tteee-"); /* of equals the first part */
  pl_split_draft_undo (draft);
  assert_groups (draft, "eteee-");
  g_assert_true (pl_split_draft_get_dataset (draft)->cases_apart);
}

static void
test_patients (void)
{
  g_autoptr (PlSplitDraft) draft = make_draft ();
  const guint all[N_CASES] = { 0, 1, 2, 3, 4, 5 };
  const guint two[2] = { 2, 3 };

  pl_split_draft_move (draft, all, N_CASES, PL_GROUP_TRAIN);
  move_one (draft, 3, PL_GROUP_TEST);
  g_assert_true (pl_split_draft_set_patient (draft, two, 2, "1"));
  g_assert_cmpstr (get_case (draft, 3)->patient, ==, "1");
  assert_groups (draft, "ttttt-"); /* where most of them are */
  g_assert_false (pl_split_draft_set_patient (draft, two, 2, "1"));
  pl_split_draft_undo (draft);
  g_assert_cmpstr (get_case (draft, 3)->patient, ==, "3");
  assert_groups (draft, "tttet-");
  pl_split_draft_redo (draft);
  g_assert_cmpstr (get_case (draft, 3)->patient, ==, "1");
}

static void
test_undo (void)
{
  g_autoptr (PlSplitDraft) draft = make_draft ();

  g_assert_false (pl_split_draft_can_undo (draft));
  g_assert_false (pl_split_draft_can_redo (draft));
  g_assert_false (pl_split_draft_is_changed (draft));
  move_one (draft, 2, PL_GROUP_TRAIN);
  move_one (draft, 2, PL_GROUP_TEST);
  g_assert_true (pl_split_draft_is_changed (draft));
  pl_split_draft_undo (draft);
  assert_groups (draft, "--t---");
  g_assert_true (pl_split_draft_can_redo (draft));
  pl_split_draft_set_saved (draft);
  g_assert_false (pl_split_draft_is_changed (draft));
  pl_split_draft_undo (draft);
  assert_groups (draft, "------");
  g_assert_false (pl_split_draft_can_undo (draft));
  g_assert_true (pl_split_draft_is_changed (draft));
  pl_split_draft_redo (draft);
  g_assert_false (pl_split_draft_is_changed (draft));
  pl_split_draft_redo (draft);
  assert_groups (draft, "--e---");
  pl_split_draft_undo (draft);
  move_one (draft, 3, PL_GROUP_TRAIN); /* another way on */
  g_assert_false (pl_split_draft_can_redo (draft));
  for (int i = 0; i < 500; i++)
    move_one (draft, 3, i % 2 == 0 ? PL_GROUP_TEST : PL_GROUP_TRAIN);
  while (pl_split_draft_can_undo (draft))
    pl_split_draft_undo (draft);
  assert_groups (draft, "--tt--"); /* 200 steps back, no further */
}

static void
test_deal (void)
{
  g_autoptr (PlSplitDraft) draft = make_draft ();
  g_autoptr (PlDataset) dealt = make_dataset ();
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_split_draft_deal (draft, shares, 3, &error));
  g_assert_true (pl_split_assign (dealt, shares, 3, &error));
  for (guint i = 0; i < N_CASES; i++)
    g_assert_cmpint (get_case (draft, i)->group, ==,
                     ((PlCase *) g_ptr_array_index (dealt->cases, i))->group);
  g_assert_false (pl_split_draft_deal (draft, (double[]){ 0, 0, 0 }, 3, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_clear_error (&error);
  pl_split_draft_undo (draft);
  assert_groups (draft, "------");

  /* Apart, the two cases of a patient part for some seed, and keep their patient. */
  pl_split_draft_set_apart (draft, TRUE);
  for (guint64 seed = 0; seed < 50; seed++)
    {
      g_assert_true (pl_split_draft_deal (draft, shares, seed, &error));
      g_assert_true (pl_split_draft_get_dataset (draft)->cases_apart);
      g_assert_cmpstr (get_case (draft, 1)->patient, ==, "1");
      if (get_case (draft, 0)->group != get_case (draft, 1)->group)
        return;
    }
  g_assert_not_reached ();
}

static void
test_folds (void)
{
  g_autoptr (PlSplitDraft) draft = make_draft ();
  g_autoptr (GError) error = NULL;
  int n_tested[N_CASES] = { 0 };

  for (int fold = 0; fold < 4; fold++)
    {
      g_assert_true (pl_split_draft_deal_fold (draft, 4, fold, 0.3, 1, &error));
      g_assert_cmpint (get_case (draft, 0)->group, ==, get_case (draft, 1)->group);
      for (guint i = 0; i < N_CASES; i++)
        n_tested[i] += get_case (draft, i)->group == PL_GROUP_TEST;
    }
  for (guint i = 0; i < N_CASES; i++)
    g_assert_cmpint (n_tested[i], ==, i < N_CASES - 1);
  g_assert_false (pl_split_draft_deal_fold (draft, 5, 0, 0.3, 1, &error)); /* four patients */
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_clear_error (&error);
  pl_split_draft_set_apart (draft, TRUE);
  g_assert_true (pl_split_draft_deal_fold (draft, 5, 0, 0.3, 1, &error)); /* five cases */
  g_assert_true (pl_split_draft_get_dataset (draft)->cases_apart);
}

static void
test_read (void)
{
  g_autoptr (PlSplitDraft) draft = make_draft ();
  char *folder = data_folder_new ();
  g_autofree char *path = g_build_filename (folder, "split.csv", NULL);
  g_autoptr (GError) error = NULL;

  data_folder_add_text (folder, "split.csv", "path,group\np2.tif,test\nnone.tif,train\n");
  g_assert_false (pl_split_draft_read (draft, path, &error));
  g_assert_nonnull (strstr (error->message, "none.tif"));
  g_clear_error (&error);
  g_assert_false (pl_split_draft_can_undo (draft));
  data_folder_add_text (folder, "split.csv", "path,patient,group\np2.tif,x,test\np3.tif,x,test\n");
  g_assert_true (pl_split_draft_read (draft, path, &error));
  g_assert_no_error (error);
  assert_groups (draft, "iieeii");
  g_assert_cmpstr (get_case (draft, 2)->patient, ==, "x");
  pl_split_draft_undo (draft);
  assert_groups (draft, "------");
  g_assert_cmpstr (get_case (draft, 2)->patient, ==, "2");
  data_folder_remove (folder);
}

static void
test_counts (void)
{
  g_autoptr (PlSplitDraft) draft = make_draft ();
  PlSplitCounts counts;

  move_one (draft, 0, PL_GROUP_TRAIN);
  move_one (draft, 3, PL_GROUP_TRAIN);
  counts = pl_split_draft_count (draft, PL_GROUP_TRAIN);
  g_assert_cmpint (counts.patients, ==, 2);
  g_assert_cmpint (counts.cases, ==, 3);
  g_assert_cmpint (counts.slices, ==, 1 + 2 + 4);
  counts = pl_split_draft_count (draft, PL_GROUP_TEST);
  g_assert_cmpint (counts.patients + counts.cases + counts.slices, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/split-draft/move", test_move);
  g_test_add_func ("/train/split-draft/apart", test_apart);
  g_test_add_func ("/train/split-draft/patients", test_patients);
  g_test_add_func ("/train/split-draft/undo", test_undo);
  g_test_add_func ("/train/split-draft/deal", test_deal);
  g_test_add_func ("/train/split-draft/folds", test_folds);
  g_test_add_func ("/train/split-draft/read", test_read);
  g_test_add_func ("/train/split-draft/counts", test_counts);
  return g_test_run ();
}
