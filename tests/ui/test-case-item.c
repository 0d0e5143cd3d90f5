/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/case-order.h"
#include "app/packed-mask.h"

#include <math.h>

static PlMask *
make_random_mask (GRand *rand, const int n[3], double density)
{
  gsize n_voxels = (gsize) n[0] * (gsize) n[1] * (gsize) n[2];
  guint8 *labels = g_malloc (n_voxels);

  for (gsize i = 0; i < n_voxels; i++)
    labels[i] = g_rand_double (rand) < density ? (guint8) g_rand_int_range (rand, 1, 4) : 0;
  return pl_mask_new_take (n, labels);
}

static void
test_packed_mask (void)
{
  static const int sizes[][3] = { { 1, 1, 1 }, { 1, 7, 5 }, { 3, 16, 9 }, { 40, 30, 1 } };
  static const double densities[] = { 0, 0.02, 0.5, 1 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (densities); j++)
      {
        const int *n = sizes[i];
        g_autoptr (PlMask) mask = make_random_mask (rand, n, densities[j]);
        g_autoptr (PlPackedMask) packed = pl_packed_mask_new (mask);
        g_autoptr (PlMask) unpacked = pl_packed_mask_unpack (packed);
        gsize n_voxels = (gsize) n[0] * (gsize) n[1] * (gsize) n[2];

        g_assert_cmpmem (unpacked->n, sizeof unpacked->n, n, sizeof sizes[0]);
        g_assert_cmpmem (unpacked->labels, n_voxels, mask->labels, n_voxels);
        g_assert_cmpint (unpacked->max_label, ==, mask->max_label);
      }
}

static PlCaseItem *
make_item (void)
{
  PlCase source = {
    .name = (char *) "3d_images/IMG_0001.nii.gz",
    .image_path = (char *) "/data/3d_images/IMG_0001.nii.gz",
    .mask_path = (char *) "/data/3d_images/MASK_0001.nii.gz",
    .patient = (char *) "1",
  };

  return pl_case_item_new (&source);
}

static char *
dup_text (PlCaseItem *item, const char *property)
{
  char *text;

  g_object_get (item, property, &text, NULL);
  return text;
}

static void
count_cb (int *count)
{
  (*count)++;
}

/* Names are told to all cases, thousands of them. */
static void
test_class_names (void)
{
  static const char *const names[] = { "left", "right", NULL };
  const PlCaseScore score = { .dice = 0.9, .n_labels = 2, .label_dice = { 0.8, 0.7 } };
  PlCaseItem *item = make_item ();
  g_autofree char *detail = NULL;
  int n_told = 0;

  g_signal_connect_swapped (item, "notify", G_CALLBACK (count_cb), &n_told);
  pl_case_item_name_classes (item, (GStrv) names);
  g_assert_cmpint (n_told, ==, 0);
  pl_case_item_set_score (item, &score, NULL);
  n_told = 0;
  pl_case_item_name_classes (item, (GStrv) names);
  pl_case_item_name_classes (item, (GStrv) names);
  g_assert_cmpint (n_told, ==, 1);
  detail = dup_text (item, "dice-detail");
  g_assert_nonnull (strstr (detail, "right: Dice 0.700"));
  g_assert_finalize_object (item);
}

static void
test_labels (void)
{
  PlCaseItem *item = make_item ();
  g_autofree char *title = dup_text (item, "title");
  g_autofree char *before = dup_text (item, "dice-label");
  g_autofree char *no_group = dup_text (item, "group-label");
  g_autofree char *after = NULL;
  g_autofree char *group = NULL;

  g_assert_cmpstr (title, ==, "IMG_0001");
  g_assert_cmpstr (before, ==, "");
  g_assert_cmpstr (no_group, ==, "");
  g_assert_true (isnan (pl_case_item_get_dice (item)));
  pl_case_item_set_dice (item, 0.98765);
  pl_case_item_set_group (item, PL_GROUP_VALIDATION);
  after = dup_text (item, "dice-label");
  group = dup_text (item, "group-label");
  g_assert_cmpstr (after, ==, "Dice 0.988");
  g_assert_cmpstr (group, ==, "Validation");
  g_assert_finalize_object (item);
}

/* Each class by name, in lines, as long as the Dice is known. */
static void
test_dice_detail (void)
{
  PlCaseItem *item = make_item ();
  char *names[] = { (char *) "left", NULL };
  const PlCaseScore score = { 0.75, 2, { 0.5, 0.25 } };
  g_autofree char *detail = NULL;
  g_autofree char *unnamed = NULL;
  g_autofree char *gone = NULL;

  pl_case_item_set_score (item, &score, names);
  detail = dup_text (item, "dice-detail");
  g_assert_cmpstr (detail, ==,
                   "All classes together: Dice 0.750\nleft: Dice 0.500\nlabel 2: Dice 0.250");
  pl_case_item_name_classes (item, NULL);
  unnamed = dup_text (item, "dice-detail");
  g_assert_nonnull (strstr (unnamed, "\nlabel 1: Dice 0.500"));
  pl_case_item_set_dice (item, 0.5);
  gone = dup_text (item, "dice-detail");
  g_assert_null (gone);
  g_assert_finalize_object (item);
}

static void
test_prediction (void)
{
  static const int n[] = { 2, 5, 5 };
  PlCaseItem *item = make_item ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_autoptr (PlMask) mask = make_random_mask (rand, n, 0.3);
  g_autoptr (PlMask) kept = NULL;

  g_assert_false (pl_case_item_has_prediction (item));
  g_assert_null (pl_case_item_dup_prediction (item));
  pl_case_item_set_dice (item, 0.5);
  pl_case_item_set_prediction (item, mask);
  g_assert_true (isnan (pl_case_item_get_dice (item))); /* it was not of this mask */
  g_assert_true (pl_case_item_has_prediction (item));
  kept = pl_case_item_dup_prediction (item);
  g_assert_cmpmem (kept->labels, 50, mask->labels, 50);
  pl_case_item_set_dice (item, 0.75);
  pl_case_item_set_prediction (item, NULL);
  g_assert_true (isnan (pl_case_item_get_dice (item)));
  g_assert_false (pl_case_item_has_prediction (item));
  g_assert_finalize_object (item);
}

/* What was predicted is there as long as the case is read as it was. */
static void
test_read_as (void)
{
  static const int n[] = { 2, 5, 5 };
  PlCaseItem *item = make_item ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (PlMask) mask = make_random_mask (rand, n, 0.3);
  PlImageHeader first;
  g_autofree char *hidden = NULL;
  g_autofree char *shown = NULL;

  g_assert_cmpint (pl_case_item_get_slice_axis (item), ==, -1);
  pl_case_item_read_as (item, 0, -1);
  first = pl_case_item_get_case (item)->header;
  pl_case_item_set_prediction (item, mask);
  pl_case_item_set_dice (item, 0.75);
  pl_case_item_read_as (item, 1, 2);
  g_assert_cmpint (pl_case_item_get_slice_axis (item), ==, 2);
  g_assert_false (pl_case_item_is_read_as (item, &first));
  g_assert_false (pl_case_item_has_prediction (item));
  g_assert_null (pl_case_item_dup_prediction (item));
  hidden = dup_text (item, "dice-label");
  g_assert_cmpstr (hidden, ==, "");
  pl_case_item_read_as (item, 0, -1);
  g_assert_true (pl_case_item_is_read_as (item, &first));
  g_assert_true (pl_case_item_has_prediction (item));
  shown = dup_text (item, "dice-label");
  g_assert_cmpstr (shown, ==, "Dice 0.750");
  g_assert_finalize_object (item);
}

static PlCaseItem *
make_other (const char *name, const char *mask_path, int n_slices, double dice)
{
  PlCase source = {
    .name = (char *) name,
    .image_path = (char *) name,
    .mask_path = (char *) mask_path,
    .patient = (char *) "1",
    .header = { .shape = { n_slices, 8, 8 } },
  };
  PlCaseItem *item = pl_case_item_new (&source);

  pl_case_item_set_dice (item, dice);
  return item;
}

static int
sign (int number)
{
  return (number > 0) - (number < 0);
}

static void
test_sort (void)
{
  g_autoptr (PlCaseItem) bad = make_other ("bad", NULL, 1, 0.5);
  g_autoptr (PlCaseItem) good = make_other ("good", NULL, 30, 0.9);
  g_autoptr (PlCaseItem) unknown = make_other ("unknown", NULL, 200, NAN);
  const struct
  {
    PlCaseSort sort;
    PlCaseItem *a, *b;
    int expected;
  } pairs[] = {
    { PL_CASE_SORT_NAME, good, bad, 0 },          { PL_CASE_SORT_DICE, bad, good, -1 },
    { PL_CASE_SORT_DICE, good, unknown, -1 },     { PL_CASE_SORT_DICE, unknown, unknown, 0 },
    { PL_CASE_SORT_SLICES, unknown, good, -1 },   { PL_CASE_SORT_SLICES, good, bad, -1 },
    { PL_CASE_SORT_SLICES, unknown, unknown, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_assert_cmpint (sign (pl_case_sort_compare (pairs[i].sort, pairs[i].a, pairs[i].b)), ==,
                       pairs[i].expected);
      g_assert_cmpint (sign (pl_case_sort_compare (pairs[i].sort, pairs[i].b, pairs[i].a)), ==,
                       -pairs[i].expected);
    }
}

static void
test_filter (void)
{
  static const int n[] = { 1, 8, 8 };
  g_autoptr (PlCaseItem) with = make_other ("with", "mask", 1, NAN);
  g_autoptr (PlCaseItem) without = make_other ("without", NULL, 1, NAN);
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autoptr (PlMask) mask = make_random_mask (rand, n, 0.3);
  PlCaseFilter filter;
  static const struct
  {
    const char *name;
    gboolean with, without;
  } filters[] = {
    { "all", TRUE, TRUE },        { "with-mask", TRUE, FALSE }, { "without-mask", FALSE, TRUE },
    { "predicted", FALSE, TRUE }, { "test", TRUE, FALSE },
  };

  pl_case_item_set_prediction (without, mask);
  pl_case_item_set_group (with, PL_GROUP_TEST);
  pl_case_item_set_group (without, PL_GROUP_TRAIN);
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_assert_true (pl_case_filter_from_name (filters[i].name, &filter));
      g_assert_cmpint (pl_case_filter_fits (filter, with), ==, filters[i].with);
      g_assert_cmpint (pl_case_filter_fits (filter, without), ==, filters[i].without);
    }
  g_assert_false (pl_case_filter_from_name ("some", &filter));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/case-item/packed-mask", test_packed_mask);
  g_test_add_func ("/app/case-item/labels", test_labels);
  g_test_add_func ("/app/case-item/class-names", test_class_names);
  g_test_add_func ("/app/case-item/dice-detail", test_dice_detail);
  g_test_add_func ("/app/case-item/prediction", test_prediction);
  g_test_add_func ("/app/case-item/read-as", test_read_as);
  g_test_add_func ("/app/case-item/sort", test_sort);
  g_test_add_func ("/app/case-item/filter", test_filter);
  return g_test_run ();
}
